"""How much people are asked: facts for each kind of organ, facts that come by themselves, facts asked twice."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from peewee import fn

from core.organs.models import Organ
from core.organs.vocabulary import KIND_TITLES, LEVEL_TITLES, OrganKind, RegionLevel
from core.rulebook.schemes import Scheme
from core.text import Text
from plugins.assessment.inventory import Result, asked, asked_twice, results_of


@dataclass(frozen=True, slots=True)
class KindBurden:
    """What one kind of organ on one level is asked in a year.

    Attributes:
        organs: how many such organs there are.
        facts: how many facts each of them reports.
        by_itself: how many of its results come without anybody reporting them.
    """

    kind: Text
    level: Text
    organs: int
    facts: int
    by_itself: int

    @property
    def together(self) -> int:
        """Facts that all these organs report in a year."""
        return self.organs * self.facts


@dataclass(frozen=True, slots=True)
class Burden:
    """The burden report of the schemes in use.

    Attributes:
        sources: number of results by where their data comes from.
        facts: distinct facts that somebody is asked for.
        twice: facts that are asked although they are known; there should be none.
    """

    sources: Counter[str]
    facts: tuple[Result, ...]
    kinds: tuple[KindBurden, ...]
    twice: tuple[tuple[Result, ...], ...]

    @property
    def together(self) -> int:
        """Reports in a year, all organs together."""
        return sum(each.together for each in self.kinds)


def burden_of(schemes: Sequence[Scheme]) -> Burden:
    """The burden that these schemes put on the active organs."""
    every = [result for scheme in schemes for result in results_of(scheme)]
    facts: dict[tuple[str, str], Result] = {}
    for result in every:
        if result.source == "self_report":
            facts.setdefault(result.key, result)
    query: Any = Organ.select(Organ.kind, Organ.level, fn.COUNT(Organ.id)).where(Organ.active).group_by(
        Organ.kind, Organ.level).tuples()
    kinds = [
        KindBurden(KIND_TITLES[OrganKind(kind)], LEVEL_TITLES[RegionLevel(level)], number,
                   len(asked(schemes, kind, level)),
                   sum(result.source == "data" and result.applies(kind, level) for result in every))
        for kind, level, number in sorted(query, key=_place)]
    return Burden(Counter(result.source for result in every), tuple(facts.values()), tuple(kinds),
                  asked_twice(schemes))


def _place(row: tuple[str, str, int]) -> tuple[int, int]:
    return RegionLevel(row[1]).rank, list(OrganKind).index(OrganKind(row[0]))
