"""Unit scores kept up to date: organs that changed and the regions around them are computed anew, exactly."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import fields
from typing import Any

from peewee import Case, fn

from core.database import database
from core.ledger.rows import IN_ONE_QUERY, execute_many, insert_rows, mark
from core.organs.codes import ancestors, level_of, territory
from core.organs.models import Organ
from scoring.clock import OVERDUE, PENDING
from scoring.columns import tuples
from scoring.life import Life
from scoring.models import CaseScore, DirtyUnit, FindingRow, UnitScore, VerdictRow
from scoring.units import Counts, Unit, organ_unit, region_unit

ORGAN, REGION = "organ", "region"
_COUNTS = tuple(field.name for field in fields(Counts))
_COLUMNS = ("procedure", "year", "unit", "subject", "region", "level", "kind", "score", "provisional", "organs",
            *_COUNTS)


def refresh() -> int:
    """Renew the unit scores of everything that changed since the last call; returns how many organs that were."""
    with database.atomic():
        dirty = tuples(DirtyUnit.select(DirtyUnit.procedure, DirtyUnit.year, DirtyUnit.organ)
                       .order_by(DirtyUnit.procedure, DirtyUnit.year, DirtyUnit.organ))
        _forget(dirty)
        by_scope: dict[tuple[str, int], list[str]] = defaultdict(list)
        for procedure, year, organ in dirty:
            by_scope[procedure, year].append(organ)
        for (procedure, year), organs in by_scope.items():
            _renew(procedure, year, organs)
    return len(dirty)


def rebuild() -> int:
    """Compute all unit scores from the case scores alone; returns how many units there are."""
    with database.atomic():
        UnitScore.delete().execute()
        DirtyUnit.delete().execute()
        for procedure, year in tuples(CaseScore.select(CaseScore.procedure, CaseScore.year).distinct()):
            organs = {organ for query in (
                CaseScore.select(CaseScore.organ).where(_of_year(procedure, year)),
                *(_answered(model, procedure, year, model.organ) for model in (FindingRow, VerdictRow)))
                for (organ,) in tuples(query.distinct())}
            _renew(procedure, year, sorted(organs))
    return UnitScore.select().count()


def units_of(procedure: str, year: int, organs: Sequence[str]) -> Iterator[Unit]:
    """Organs' units as the case scores stand now; organs without cases, findings and duties in the year give none.

    What an organ answers for on the case of another, such as a late reply, counts for it and not for the other.
    """
    for start in range(0, len(organs), IN_ONE_QUERY):
        part = list(organs[start : start + IN_ONE_QUERY])
        scores, counts, regions = _cases(_of_year(procedure, year) & CaseScore.organ.in_(part))
        for organ, region, found in (*_findings(procedure, year, part), *_duties(procedure, year, part)):
            counts[organ] += found
            regions.setdefault(organ, region)
        places = places_of(procedure, year, regions)
        for organ in sorted(regions):
            yield organ_unit(places[organ], scores[organ], counts[organ])


def places_of(procedure: str, year: int, regions: dict[str, str]) -> dict[str, Unit]:
    """Empty units for organs, with level and kind where the organ is registered.

    Args:
        regions: the region of each organ as its cases state it, for organs that are not registered.
    """
    known = {row[0]: row[1:] for row in tuples(Organ.select(
        Organ.id, Organ.region, Organ.level, Organ.kind).where(Organ.id.in_(list(regions))))}
    found = {}
    for organ, region in regions.items():
        where, level, kind = known.get(organ, (region, level_of(region).value, ""))
        found[organ] = Unit(procedure, year, ORGAN, organ, where, level, kind, None, 0, Counts())
    return found


def region_place(procedure: str, year: int, code: str) -> Unit:
    """An empty unit for a region."""
    return Unit(procedure, year, REGION, code, code, level_of(code).value, "", None, 0, Counts())


def _renew(procedure: str, year: int, organs: Sequence[str]) -> None:
    before = {row[0]: row[1] for row in tuples(UnitScore.select(UnitScore.subject, UnitScore.region).where(
        (UnitScore.procedure == procedure) & (UnitScore.year == year) & (UnitScore.unit == ORGAN)
        & UnitScore.subject.in_(list(organs))))}
    units = list(units_of(procedure, year, organs))
    _replace(procedure, year, ORGAN, organs, units)
    touched = {code for region in [*before.values(), *(unit.region for unit in units)] for code in ancestors(region)}
    regions = [region_unit(region_place(procedure, year, code), _organs_in(procedure, year, code))
               for code in sorted(touched)]
    _replace(procedure, year, REGION, sorted(touched), [unit for unit in regions if unit.counts != Counts()])


def _organs_in(procedure: str, year: int, code: str) -> list[Unit]:
    rows: Any = UnitScore.select().where(
        (UnitScore.procedure == procedure) & (UnitScore.year == year) & (UnitScore.unit == ORGAN)
        & UnitScore.region.between(*territory(code)))
    return [unit_of(row) for row in rows]


def unit_of(row: Any) -> Unit:
    """The unit of a table row."""
    return Unit(row.procedure, row.year, row.unit, row.subject, row.region, row.level, row.kind, row.score,
                row.organs, Counts(*(getattr(row, name) for name in _COUNTS)))


def _replace(procedure: str, year: int, unit: str, subjects: Sequence[str], units: Iterable[Unit]) -> None:
    for start in range(0, len(subjects), IN_ONE_QUERY):
        UnitScore.delete().where(
            (UnitScore.procedure == procedure) & (UnitScore.year == year) & (UnitScore.unit == unit)
            & UnitScore.subject.in_(list(subjects[start : start + IN_ONE_QUERY]))).execute()
    insert_rows(UnitScore, _COLUMNS, [
        (each.procedure, each.year, each.unit, each.subject, each.region, each.level, each.kind,
         None if each.score is None else int(each.score * 100), each.provisional, each.organs,
         *(getattr(each.counts, name) for name in _COUNTS)) for each in units])


def _cases(scope: Any) -> tuple[dict[str, list[Any]], dict[str, Counts], dict[str, str]]:
    scores: dict[str, list[Any]] = defaultdict(list)
    counts: dict[str, Counts] = defaultdict(Counts)
    regions: dict[str, str] = {}
    query = CaseScore.select(CaseScore.organ, CaseScore.region, CaseScore.score, CaseScore.closed,
                             CaseScore.provisional, CaseScore.five_complete, CaseScore.reviewed)
    rows = tuples(query.where(scope).order_by(CaseScore.organ, CaseScore.case))
    for organ, region, score, closed, provisional, five, reviewed in rows:
        regions[organ] = region
        if score is not None:
            scores[organ].append(score)
        counts[organ] += Counts(
            cases=1, closed=int(closed), scored=int(score is not None), unsettled=int(provisional),
            five_known=int(five is not None), five_yes=int(bool(five)),
            reviewed_known=int(reviewed is not None), reviewed_yes=int(bool(reviewed)))
    return scores, counts, regions


def _of_year(procedure: str, year: int) -> Any:
    return (CaseScore.procedure == procedure) & (CaseScore.year == year)


def _answered(model: Any, procedure: str, year: int, *columns: Any) -> Any:
    """Findings or verdicts on the cases of a year."""
    return model.select(*columns).join(CaseScore, on=(CaseScore.case == model.case)).where(
        (model.procedure == procedure) & _of_year(procedure, year))


def _findings(procedure: str, year: int, organs: Sequence[str]) -> Iterator[tuple[str, str, Counts]]:
    open_, stands = [s.value for s in Life if s.open], [s.value for s in Life if s.stands]
    rows = _answered(FindingRow, procedure, year, FindingRow.organ, fn.MIN(FindingRow.region),
                     _sum(FindingRow.status.in_(open_)), _sum(FindingRow.status.in_(stands))).where(
        FindingRow.organ.in_(organs) & FindingRow.status.in_([*open_, *stands])).group_by(FindingRow.organ)
    for organ, region, waiting, done in tuples(rows):
        yield organ, region, Counts(findings_open=int(waiting), findings_confirmed=int(done))


def _duties(procedure: str, year: int, organs: Sequence[str]) -> Iterator[tuple[str, str, Counts]]:
    rows = _answered(VerdictRow, procedure, year, VerdictRow.organ, fn.MIN(VerdictRow.region),
                     _sum(VerdictRow.duty == PENDING), _sum(VerdictRow.duty == OVERDUE)).where(
        VerdictRow.organ.in_(organs) & VerdictRow.duty.in_((PENDING, OVERDUE))).group_by(VerdictRow.organ)
    for organ, region, due, late in tuples(rows):
        yield organ, region, Counts(duties_pending=int(due), duties_overdue=int(late))


def _sum(condition: Any) -> Any:
    return fn.SUM(Case(None, [(condition, 1)], 0))


def _forget(dirty: Sequence[tuple[Any, ...]]) -> None:
    if dirty:
        place = mark()
        execute_many(f'DELETE FROM "dirty_unit" WHERE "procedure" = {place} AND "year" = {place} '
                     f'AND "organ" = {place}', dirty)


