"""Words of an impact in the reader's language; the sentences are in ``messages/impact.yaml``."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from core.errors import Problem
from core.organs.models import Organ, Region
from core.rulebook.build.periods import ParameterValue
from core.text import Text
from scoring.impact.changes import VerdictChange, VerdictSide
from scoring.verdict import State

LOCAL_TIME = ZoneInfo("Asia/Shanghai")
NOTHING = "—"


@dataclass(frozen=True, slots=True)
class Wording:
    """Speaks one language and knows the names of regions and organs.

    Attributes:
        regions, organs: names by code and id; what has no name is shown as it is written.
    """

    language: str
    regions: dict[str, str]
    organs: dict[str, str]

    @classmethod
    def of(cls, language: str, regions: Iterable[str] = (), organs: Iterable[str] = ()) -> Wording:
        """A wording with the names that the database has for these codes and ids."""
        return cls(language, _region_names(language, set(regions)), _organ_names(set(organs)))

    @classmethod
    def of_all(cls, language: str) -> Wording:
        """A wording with every name that the database has; for what is written before it is known who is in it."""
        return cls(language, _region_names(language, None), _organ_names(None))

    def say(self, code: str, /, **details: object) -> str:
        """The sentence ``impact-<code>`` with its details filled in."""
        return Problem(f"impact-{code}", details=details).message(self.language)

    def region(self, code: str) -> str:
        """A region with its code; the empty code is everywhere."""
        return f"{code} {self.regions.get(code, '')}".strip() if code else self.say("base")

    def organ(self, organ: str) -> str:
        """An organ by name."""
        return self.organs.get(organ, organ)

    def state(self, state: State | None) -> str:
        """A verdict's state."""
        return self.say("state-" + (state.value.replace("_", "-") if state else "none"))

    def step(self, verdict: VerdictChange) -> str:
        """The activating step with its date; empty for rules that are judged once per case."""
        title = verdict.step.to(self.language) if verdict.step else ""
        return f"{title} {verdict.on or ''}".strip() or NOTHING

    def due(self, side: VerdictSide | None) -> str:
        """A due date, marked where it is provisional."""
        if side is None or side.end is None:
            return NOTHING
        day = self.moment(side.end)
        return self.say("provisional", day=day) if side.provisional else day

    def moment(self, value: date | datetime) -> str:
        """A day, or a moment in local time."""
        if isinstance(value, datetime):
            return value.astimezone(LOCAL_TIME).strftime("%Y-%m-%d %H:%M")
        return value.isoformat()

    def value(self, value: ParameterValue | None) -> str:
        """A parameter's value as rule authors write it."""
        return NOTHING if value is None else str(value).lower() if isinstance(value, bool) else str(value)

    def points(self, value: Decimal | None) -> str:
        """A score."""
        return NOTHING if value is None else str(value)

    def text(self, text: Text) -> str:
        """A title."""
        return text.to(self.language)


IN_ONE_QUERY = 500


def _region_names(language: str, codes: set[str] | None) -> dict[str, str]:
    found: dict[str, str] = {}
    for part in _parts(codes):
        query: Any = Region.select(Region.code, Region.name, Region.english)
        rows = (query if part is None else query.where(Region.code.in_(part))).tuples()
        found |= {code: (english or name) if language != "zh" else name for code, name, english in rows}
    return found


def _organ_names(organs: set[str] | None) -> dict[str, str]:
    found: dict[str, str] = {}
    for part in _parts(organs):
        query: Any = Organ.select(Organ.id, Organ.name)
        found |= dict((query if part is None else query.where(Organ.id.in_(part))).tuples())
    return found


def _parts(names: set[str] | None) -> Iterable[list[str] | None]:
    if names is None:
        return [None]
    ordered = sorted(names)
    return (ordered[start : start + IN_ONE_QUERY] for start in range(0, len(ordered), IN_ONE_QUERY))
