"""Numbers of documents: the same one twice, and those that a series leaves out."""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from core.cases.case import Case
from core.ledger.intake import NewEvent, StepFacts
from core.ledger.models import CaseRow, EventRow
from core.organs.models import Organ
from plugins.legislation.register.models import Document

UNIQUE = "number_unique"
LONGEST_GAP = 50
"""Numbers of one series that are listed as left out; a longer list says that the series is not kept here."""

_SERIES = re.compile(r"(.*〔(\d{4})〕)(?:第)?(\d{1,5})号")


@dataclass(frozen=True, slots=True)
class Series:
    """The numbers of a region with one word and year (云政规〔2026〕) and what is wrong with them.

    Attributes:
        twice: a number to the documents that share it.
        missing: numbers below the highest one that no document has.
    """

    region: str
    prefix: str
    twice: Mapping[str, Sequence[Any]]
    missing: tuple[int, ...]


def number_facts(case: Case, step: NewEvent) -> StepFacts:
    """Whether no other document of the region was registered under the number."""
    kind = case.procedure.events.get(step.type)
    number = str(step.payload.get("document_number") or "").strip()
    if kind is None or UNIQUE not in kind.fields or not number:
        return {}
    query: Any = EventRow.select(EventRow.payload).join(CaseRow, on=(EventRow.case == CaseRow.id)).where(
        (EventRow.type == step.type) & EventRow.payload.contains(number) & (CaseRow.region == case.head.region)
        & (CaseRow.procedure == case.head.procedure) & (EventRow.case != case.head.id) & ~EventRow.void).tuples()
    return {UNIQUE: all(json.loads(payload).get("document_number") != number for (payload,) in query)}


def series_at_fault(year: int, organs: Any) -> list[Series]:
    """Series of a year in which a number stands twice or is left out.

    Args:
        organs: a select of organ ids that the reader may look at.
    """
    found: dict[tuple[str, str], dict[int, list[Any]]] = defaultdict(lambda: defaultdict(list))
    regions: Any = Organ.select(Organ.region).where(Organ.id.in_(organs)).distinct()
    for row in Document.select().where((Document.number != "") & Document.region.in_(regions)):
        match = _SERIES.fullmatch(row.number)
        if match and int(match[2]) == year:
            found[row.region, match[1]][int(match[3])].append(row)
    return [one for (region, prefix), rows in sorted(found.items()) if (one := _series(region, prefix, rows)).twice
            or one.missing]


def _series(region: str, prefix: str, rows: Mapping[int, Sequence[Any]]) -> Series:
    missing = tuple(number for number in range(1, max(rows)) if number not in rows)
    twice = {f"{prefix}{number}号": tuple(same) for number, same in sorted(rows.items()) if len(same) > 1}
    return Series(region, prefix, twice, missing[:LONGEST_GAP] if len(missing) <= LONGEST_GAP else ())
