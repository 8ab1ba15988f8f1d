"""Assessments as they stood on any day: entries of every case as of then; nothing stored is read but the ledger."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from core.cases.case import Case
from core.database import database
from core.instants import instant_text, local_midnight
from core.ledger.models import CaseRow
from core.ledger.reader import load_cases
from core.rulebook.bundle import Bundle
from core.rulebook.model import Scheme
from core.rulebook.schemes import APPEAL, REPORT, leaves_of
from scoring.assessment.entries import Entry, assessed_year, dated, entries_of
from scoring.assessment.keeping import LOCAL, Contributions, World, touch
from scoring.assessment.models import EntryRow, ReliefRow
from scoring.assessment.relief import relief_of
from scoring.assessment.score import OrganScored, Place, Relief, score_organ, sum_of
from scoring.assessment.tally import NOTHING, Tally, counts, single
from scoring.columns import tuples
from scoring.life import Finding, findings_of

BATCH = 2_000


@dataclass(slots=True)
class Evidence:
    """What the cases of some organs contribute to one scheme as of a moment.

    Attributes:
        cases: behind each organ's leaf.
        sequences: highest intake number of each case that was looked at.
    """

    entries: dict[tuple[str, str], list[Entry]] = field(default_factory=lambda: defaultdict(list))
    reliefs: dict[str, dict[str, Relief]] = field(default_factory=lambda: defaultdict(dict))
    findings: dict[str, list[Finding]] = field(default_factory=lambda: defaultdict(list))
    cases: dict[tuple[str, str], set[str]] = field(default_factory=lambda: defaultdict(set))
    sequences: dict[str, int] = field(default_factory=dict)


def close_of(day: date) -> datetime:
    """The close of a local day: the following midnight."""
    return local_midnight(day + timedelta(days=1), LOCAL)


def organ_as_of(bundle: Bundle, scheme: str, year: int, place: Place, world: World, day: date,
                recorded: datetime | None = None) -> tuple[OrganScored, Evidence] | None:
    """The score of an organ as it stood at the close of a day, recomputed from the ledger.

    Args:
        recorded: only what was recorded before this moment; None: everything recorded until now.

    Returns:
        the score with the evidence that it rests on; None where the scheme is not in use for the organ.
    """
    version = bundle.organ_scheme(scheme, year, place.region)
    if version is None:
        return None
    organs = (place.organ, *world.below(place))
    evidence = gather(bundle, version, year, organs, close_of(day), recorded)
    return scored_from(version, year, place, world, day, evidence), evidence


def scored_from(scheme: Scheme, year: int, place: Place, world: World, day: date, evidence: Evidence) -> OrganScored:
    """The score that evidence gives."""
    below = world.below(place)
    tallies = {}
    for node in leaves_of(scheme.nodes):
        measure = node.leaf.measure if node.leaf else None
        if measure is None:
            continue
        organs = (place.organ, *below) if measure.scope == "government" else (place.organ,)
        tallies[node.id] = sum_of(_tally(evidence.entries.get((organ, node.id), ()), year, day, measure.rolling)
                                  for organ in organs)
    return score_organ(scheme, place, year, day, tallies, evidence.reliefs.get(place.organ, {}),
                       evidence.findings.get(place.organ, []),
                       [each for organ in below for each in evidence.findings.get(organ, [])])


def gather(bundle: Bundle, scheme: Scheme, year: int, organs: Sequence[str], before: datetime,
           recorded: datetime | None) -> Evidence:
    """What the cases of these organs contribute as of a moment."""
    found, wanted = Evidence(), frozenset(organs)
    procedures = sorted({*scheme.by_procedure, APPEAL} & bundle.procedures.keys())
    for case in load_cases(_cases_of(organs, procedures, before), bundle, before, recorded):
        if not case.steps:
            continue
        found.sequences[case.head.id] = case.last_seq
        stands = tuple(findings_of(case.head.id, case.platform_events).values())
        found.findings[case.head.organ] += [each for each in stands
                                            if each.raised_at.astimezone(LOCAL).year == year]
        for entry in entries_of(case, stands, _schemes(bundle, case), bundle.calendar(case.head.region)):
            if entry.scheme == scheme.id and entry.organ in wanted:
                found.entries[entry.organ, entry.leaf].append(entry)
                found.cases[entry.organ, entry.leaf].add(case.head.id)
        relief = relief_of(case)
        if relief is not None and relief[:2] == (scheme.id, year):
            found.reliefs[relief[2]][relief[3].leaf] = relief[3]
    for name in found.findings:
        found.findings[name].sort(key=lambda each: (each.raised_at, each.id))
    return found


def rebuild_entries(bundle: Bundle, case_ids: Iterable[str] | None = None) -> int:
    """Write what cases contribute again from the ledger alone; how many cases that were.

    Needed where a scheme changed: closed cases are not judged again, but what they contribute may differ.
    """
    wanted = list(case_ids) if case_ids is not None else _all_cases(bundle)
    with database.atomic():
        if case_ids is None:
            touch(set(tuples(EntryRow.select(EntryRow.organ, EntryRow.year).distinct())))
            EntryRow.delete().execute()
            ReliefRow.delete().execute()
        for start in range(0, len(wanted), BATCH):
            batch = Contributions()
            for case in load_cases(wanted[start : start + BATCH], bundle):
                batch.add_case(case, tuple(findings_of(case.head.id, case.platform_events).values()), bundle,
                               bundle.calendar(case.head.region))
            batch.write()
    return len(wanted)


def days_of_months(year: int, today: date) -> Iterator[date]:
    """The last days of the months of a year that are over, and today where the year still runs."""
    for month in range(1, 13):
        last = (date(year + month // 12, month % 12 + 1, 1)) - timedelta(days=1)
        if last >= today:
            break
        yield last
    if today.year == year:
        yield today


def _schemes(bundle: Bundle, case: Case) -> tuple[Scheme, ...]:
    day = dated(case, ())
    assert day is not None
    return bundle.organ_schemes(assessed_year(case, day), case.head.region)


def _tally(entries: Iterable[Entry], year: int, day: date, rolling: bool) -> Tally:
    whole = NOTHING
    for entry in entries:
        if counts(entry.year, entry.day, year, day, rolling=rolling):
            whole += single(entry, year)
    return whole


def _cases_of(organs: Sequence[str], procedures: Sequence[str], before: datetime) -> list[str]:
    """Cases of organs, and every report and appeal: these may name an organ other than their own."""
    found: list[str] = []
    for start in range(0, len(organs), 400):
        rows: Any = CaseRow.select(CaseRow.id).where(
            CaseRow.organ.in_(list(organs[start : start + 400])) & CaseRow.procedure.in_(list(procedures))
            & CaseRow.procedure.not_in([REPORT, APPEAL]) & (CaseRow.opened_at < instant_text(before)))
        found += [row[0] for row in tuples(rows)]
    named = tuples(CaseRow.select(CaseRow.id).where(CaseRow.procedure.in_([REPORT, APPEAL]) & (
        CaseRow.procedure.in_(list(procedures))) & (CaseRow.opened_at < instant_text(before))))
    return sorted({*found, *(row[0] for row in named)})


def _all_cases(bundle: Bundle) -> list[str]:
    rows = tuples(CaseRow.select(CaseRow.id).where(CaseRow.procedure.in_(sorted(bundle.procedures))
                                                   & (CaseRow.last_seq > 0)).order_by(CaseRow.id))
    return [row[0] for row in rows]


__all__ = ["Evidence", "close_of", "days_of_months", "gather", "organ_as_of", "rebuild_entries", "scored_from"]
