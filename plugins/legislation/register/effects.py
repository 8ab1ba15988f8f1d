"""How documents work out: matters that name them, and how many of these were found wrong afterwards."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from core.instance import LOCAL_TIME
from core.ledger.models import CaseRow, EventRow
from core.ledger.rows import IN_ONE_QUERY
from core.rulebook.bundle import Bundle
from core.text import Text
from plugins.legislation.register.models import Document, Mention
from plugins.legislation.register.standing import Standing, stands
from scoring.models import FindingRow

YEAR = timedelta(days=365)
WRONG: Mapping[str, tuple[str, frozenset[str]]] = {
    "decided": ("outcome", frozenset({"change", "revoke", "illegal", "perform", "void", "agreement", "compensation"})),
    "judgment_received": ("result", frozenset({"revoked", "changed", "illegal", "void", "perform", "agreement",
                                               "compensation"})),
}
"""Steps of reconsideration and litigation whose outcome says that the act was wrong."""

UNLAWFUL = "document_unlawful"
"""What incidental review of a document concludes (行政复议法 57 to 60)."""

TOPICS = (("disputes.question", "asked", "field"), ("disputes.reconsideration", "registered", "domain"))
"""Where people say what their trouble is about: procedure, step, field."""

NATIONAL = frozenset({"other", "criminal", "family", "contract", "traffic", "administrative"})
"""Topics that national law settles; no document of a region is missing there."""

MANY = 5


@dataclass(frozen=True, slots=True)
class Effect:
    """Matters of other sub-platforms that name a document.

    Attributes:
        recent: within twelve months.
        wrong: with a finding that was confirmed, or an act that was changed or annulled.
        unlawful: in which incidental review found provisions of the document unlawful.
    """

    named: int = 0
    recent: int = 0
    wrong: int = 0
    unlawful: int = 0


@dataclass(frozen=True, slots=True)
class Missing:
    """A topic of which people ask and dispute while no document in force speaks of it."""

    title: Text
    counts: Mapping[str, int]

    @property
    def total(self) -> int:
        """Questions and disputes together."""
        return sum(self.counts.values())


def effects(numbers: Sequence[str], today: date) -> Mapping[str, Effect]:
    """The effect of each document that is named at all, by number."""
    rows: list[tuple[str, str, date]] = []
    for part in _parts(list(numbers)):
        query: Any = Mention.select(Mention.number, Mention.case, Mention.on).where(Mention.number.in_(part)).tuples()
        rows += [(number, case, date.fromisoformat(str(on))) for number, case, on in query]
    wrong, unlawful = _judged(sorted({case for _, case, _ in rows}))
    by_number: dict[str, list[tuple[str, date]]] = defaultdict(list)
    for number, case, on in rows:
        by_number[number].append((case, on))
    return {number: Effect(len(cases), sum(on >= today - YEAR for _, on in cases),
                           sum(case in wrong for case, _ in cases), sum(case in unlawful for case, _ in cases))
            for number, cases in by_number.items()}


@dataclass(frozen=True, slots=True)
class Usage:
    """How the documents in force are used and known.

    Attributes:
        used: named by a matter of another sub-platform within twelve months.
        surveyed: with an awareness survey; ``informed`` of ``respondents`` in all of them.
    """

    documents: int
    used: int
    surveyed: int
    informed: int
    respondents: int


def usage(documents: Sequence[Any], today: date) -> Usage:
    """Use rate and awareness rate of documents together."""
    worked = effects([row.number for row in documents if row.number], today)
    return Usage(len(documents), sum(worked.get(row.number, Effect()).recent > 0 for row in documents),
                 sum(row.respondents > 0 for row in documents), sum(row.informed for row in documents),
                 sum(row.respondents for row in documents))


def missing(organs: Any, bundle: Bundle, today: date) -> list[Missing]:
    """Topics of at least ``MANY`` questions and disputes of twelve months that no document in force names.

    Args:
        organs: a select of organ ids that the reader may look at.
    """
    in_force = " ".join(f"{row.title} {row.subject}" for row in Document.select(Document.title, Document.subject).where(
        Document.organ.in_(organs) & stands(Standing.IN_FORCE, today)))
    found: dict[str, dict[str, int]] = defaultdict(dict)
    titles: dict[str, Text] = {}
    for procedure, step, name in TOPICS:
        kind = bundle.procedures.get(procedure)
        if kind is None or step not in kind.events or name not in kind.events[step].fields:
            continue
        values = kind.events[step].fields[name].values
        for topic, count in _counted(procedure, step, name, organs, today).items():
            if topic in values and topic not in NATIONAL and not _names(in_force, values[topic].zh):
                titles.setdefault(values[topic].zh, values[topic])
                found[values[topic].zh][procedure] = count
    listed = [Missing(titles[title], counts) for title, counts in found.items()]
    return sorted((one for one in listed if one.total >= MANY), key=lambda one: (-one.total, one.title.zh))


def _judged(cases: Sequence[str]) -> tuple[set[str], set[str]]:
    wrong: set[str] = set()
    unlawful: set[str] = set()
    for part in _parts(list(cases)):
        confirmed: Any = FindingRow.select(FindingRow.case).where(
            FindingRow.case.in_(part) & FindingRow.status.in_(("confirmed", "cured"))).distinct().tuples()
        wrong |= {case for (case,) in confirmed}
        steps: Any = EventRow.select(EventRow.case, EventRow.type, EventRow.payload).where(
            EventRow.case.in_(part) & ~EventRow.void
            & (EventRow.type.in_(list(WRONG)) | EventRow.payload.contains(UNLAWFUL))).tuples()
        for case, kind, payload in steps:
            fields = json.loads(payload)
            name, values = WRONG.get(kind, ("", frozenset()))
            if fields.get(name) in values:
                wrong.add(case)
            if fields.get(UNLAWFUL) is True:
                unlawful.add(case)
    return wrong, unlawful


def _counted(procedure: str, step: str, name: str, organs: Any, today: date) -> Mapping[str, int]:
    query: Any = EventRow.select(EventRow.payload).join(CaseRow, on=(EventRow.case == CaseRow.id)).where(
        (EventRow.type == step) & (CaseRow.procedure == procedure) & CaseRow.organ.in_(organs) & ~EventRow.void
        & (CaseRow.opened_at >= datetime.combine(today - YEAR, time(), LOCAL_TIME))).tuples()
    found: dict[str, int] = defaultdict(int)
    for (payload,) in query:
        found[str(json.loads(payload).get(name))] += 1
    return found


def _names(words: str, title: str) -> bool:
    """Whether any two signs that stand together in the topic's title stand in the words."""
    parts = title.replace("、", " ").split()
    return any(part[at : at + 2] in words for part in parts for at in range(len(part) - 1))


def _parts(items: list[str]) -> Iterator[list[str]]:
    for start in range(0, len(items), IN_ONE_QUERY):
        yield items[start : start + IN_ONE_QUERY]
