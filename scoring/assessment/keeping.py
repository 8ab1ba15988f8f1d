"""Assessment scores kept up to date: organs that a recording touched, and their governments, are scored anew."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Protocol
from zoneinfo import ZoneInfo

from core.cases.case import Case
from core.database import database
from core.ledger.rows import IN_ONE_QUERY, execute_many, insert_rows, marks
from core.organs.models import Organ
from core.rulebook.model import Level, Scheme
from core.rulebook.schemes import leaves_of
from scoring.adjustments import named_in
from scoring.assessment.entries import assessed_year, dated, entries_of, organ_concerned
from scoring.assessment.models import DirtyOrgan, EntryRow, OrganScoreRow, ReleaseRow, ReliefRow
from scoring.assessment.relief import reliefs, row_of
from scoring.assessment.score import OrganScored, Place, score_organ, sum_of
from scoring.assessment.tally import NOTHING, Tally, month_in, year_before
from scoring.columns import tuples
from scoring.judgement import Judgement
from scoring.life import Finding, Life
from scoring.models import FindingRow

LOCAL = ZoneInfo("Asia/Shanghai")
Row = tuple[Any, ...]
_ENTRY = ("case_id", "scheme", "leaf", "organ", "year", "day", "cases", "numerator", "denominator", "then_numerator")
_RELIEF = ("case_id", "scheme", "year", "leaf", "organ", "kind", "numerator", "denominator", "ground", "approver",
           "day", "event")
_SCORE = ("scheme", "year", "organ", "region", "level", "kind", "score", "earned", "due", "at_risk", "provisional",
          "blocked", "unscored", "parts", "day", "bundle")
_DAY = ("scheme", "year", "organ", "day", "score", "earned", "due")


class AssessingBundle(Protocol):
    """The part of a rule bundle that assessments need."""

    @property
    def hash(self) -> str: ...
    def organ_schemes(self, year: int, region: str, /) -> tuple[Scheme, ...]: ...


class Contributions:
    """Entries and granted appeals of judged cases, gathered case by case and written at once."""

    def __init__(self) -> None:
        self._cases: list[str] = []
        self._entries: list[Row] = []
        self._reliefs: list[Row] = []
        self._touched: set[tuple[str, int]] = set()

    def add(self, item: Judgement) -> None:
        """Take in a judged case."""
        self.add_case(item.case, tuple(item.findings.values()), item.bundle, item.calendar)

    def add_case(self, case: Case, findings: Sequence[Finding], bundle: Any, calendar: Any) -> None:
        """Take in a case with its findings."""
        if not case.steps:
            return
        day = dated(case, ())
        assert day is not None
        year = assessed_year(case, day)
        self._cases.append(case.head.id)
        self._touched.add((organ_concerned(case), year))
        self._touched |= {(finding.organ, year) for finding in findings if finding.organ}
        for entry in entries_of(case, findings, bundle.organ_schemes(year, case.head.region), calendar):
            self._entries.append((case.head.id, entry.scheme, entry.leaf, entry.organ, entry.year,
                                  entry.day.isoformat(), entry.cases, entry.numerator, entry.denominator, entry.then))
            self._touched.add((entry.organ, entry.year))
        relief = row_of(case)
        if relief is not None:
            self._reliefs.append(relief)

    def write(self) -> None:
        """Replace what these cases contribute, and mark the organs whose scores that changes."""
        for part in _parts(self._cases):
            for model in (EntryRow, ReliefRow):
                self._touched |= set(tuples(model.select(model.organ, model.year).where(
                    model.case.in_(part)).distinct()))
                database.execute_sql(
                    f'DELETE FROM "{model._meta.table_name}" WHERE "case_id" IN ({marks(len(part))})', part)
        insert_rows(EntryRow, _ENTRY, self._entries)
        insert_rows(ReliefRow, _RELIEF, self._reliefs)
        touch(self._touched)


def touch(organs: Iterable[tuple[str, int]]) -> None:
    """Note that the scores of these organs and years have to be renewed; a mark that is there is written again."""
    rows = sorted({(organ, later) for organ, year in organs for later in (year, year + 1)})
    if rows:
        execute_many(f'INSERT INTO "assessment_dirty" ("organ", "year") VALUES ({marks(2)}) '
                     'ON CONFLICT ("organ", "year") DO UPDATE SET "organ" = excluded."organ"', rows)


def refresh(bundle: AssessingBundle, now: datetime) -> int:
    """Score anew every organ that changed since the last call, and its government; how many scores were written."""
    today = now.astimezone(LOCAL).date()
    with database.atomic():
        dirty = tuples(DirtyOrgan.select(DirtyOrgan.organ, DirtyOrgan.year).order_by(DirtyOrgan.year, DirtyOrgan.organ))
        by_year: dict[int, set[str]] = defaultdict(set)
        for organ, year in dirty:
            by_year[year].add(organ)
        written = 0
        for year, organs in by_year.items():
            for part in _parts(sorted(organs)):
                database.execute_sql(f'DELETE FROM "assessment_dirty" WHERE "year" = {marks(1)} AND "organ" IN '
                                     f'({marks(len(part))})', [year, *part])
            if year <= today.year:
                written += renew(bundle, year, organs, today)
    return written


def renew(bundle: AssessingBundle, year: int, organs: set[str], today: date) -> int:
    """Score these organs and their governments for a year; how many scores were written."""
    world = World.around(organs)
    wanted = {organ for organ in organs if organ in world.places}
    wanted |= {government for organ in wanted if (government := world.places[organ].government) is not None}
    return store(score_places(bundle, year, [world.places[organ] for organ in sorted(wanted)], today, world),
                 bundle.hash, today)


def score_places(bundle: AssessingBundle, year: int, places: Sequence[Place], today: date, world: World,
                 *, thaw: bool = False) -> list[OrganScored]:
    """The scores of organs under every scheme that is in use for them; ``thaw``: of frozen years too."""
    found = []
    frozen = frozenset() if thaw else frozen_in(year)
    groups: dict[tuple[str, int], tuple[Scheme, list[Place]]] = {}
    for place in places:
        for scheme in bundle.organ_schemes(year, place.region):
            if scheme.id not in frozen:
                groups.setdefault((scheme.id, id(scheme)), (scheme, []))[1].append(place)
    for scheme, members in groups.values():
        table = Tallies(scheme, year, today, world, members)
        granted = reliefs(scheme.id, year, [place.organ for place in members])
        findings = _findings(scheme, year, table.organs)
        for place in members:
            below = world.below(place)
            found.append(score_organ(
                scheme, place, year, today, table.of(place), granted.get(place.organ, {}), findings[place.organ],
                [each for organ in below for each in findings[organ]]))
    return found


@dataclass(frozen=True, slots=True)
class World:
    """The organs, and which of them each government answers for."""

    places: Mapping[str, Place]
    governed: Mapping[str, tuple[str, ...]]

    @classmethod
    def load(cls) -> World:
        """The organs that are active now."""
        return cls._of(tuples(_organs().where(Organ.active)))

    @classmethod
    def around(cls, organs: Iterable[str]) -> World:
        """Some organs, their governments, and everything that any of these governs: all that their scores need."""
        rows: dict[str, Row] = {}
        found = sorted(organs)
        for column in (Organ.id, Organ.id, Organ.government):
            for part in _parts(found):
                rows |= {row[0]: row for row in tuples(_organs().where(Organ.active & column.in_(part)))}
            found = sorted(rows.keys() | {row[5] for row in rows.values() if row[5] is not None})
        return cls._of([rows[organ] for organ in sorted(rows)])

    @classmethod
    def _of(cls, rows: Sequence[Row]) -> World:
        places = {row[0]: Place(*row) for row in rows}
        governed: dict[str, list[str]] = defaultdict(list)
        for place in places.values():
            if place.government is not None:
                governed[place.government].append(place.organ)
        return cls(places, {name: tuple(found) for name, found in governed.items()})

    def below(self, place: Place) -> tuple[str, ...]:
        """The organs whose government this is."""
        return self.governed.get(place.organ, ())


def _organs() -> Any:
    return Organ.select(Organ.id, Organ.name, Organ.region, Organ.level, Organ.kind, Organ.government).order_by(
        Organ.id)


class Tallies:
    """Entries added up by the database for some organs and everything that they govern."""

    def __init__(self, scheme: Scheme, year: int, today: date, world: World, places: Sequence[Place]) -> None:
        self._scheme, self._year, self._world = scheme, year, world
        self.organs = sorted({organ for place in places for organ in (place.organ, *world.below(place))})
        self._found: dict[tuple[str, str], Tally] = {}
        rolling = {node.id for node in leaves_of(scheme.nodes)
                   if node.leaf and node.leaf.measure and node.leaf.measure.rolling}
        self._read(today, rolling, wanted=False)
        if rolling:
            self._read(today, rolling, wanted=True)

    def of(self, place: Place) -> dict[str, Tally]:
        """Tallies by leaf, of the organ or of all that it governs as each leaf's scope says."""
        found = {}
        for node in leaves_of(self._scheme.nodes):
            measure = node.leaf.measure if node.leaf else None
            if measure is None:
                continue
            organs = (place.organ, *self._world.below(place)) if measure.scope == "government" else (place.organ,)
            parts = [self._found[organ, node.id] for organ in organs if (organ, node.id) in self._found]
            found[node.id] = sum_of(parts) if parts else NOTHING
        return found

    def _read(self, today: date, rolling: set[str], *, wanted: bool) -> None:
        parameters: list[object] = [self._scheme.id, today.isoformat()]
        where = f'"day" > {marks(1)}' if wanted else f'"year" = {marks(1)}'
        parameters.append(year_before(today).isoformat() if wanted else self._year)
        for part in _parts(self.organs):
            rows = database.execute_sql(
                'SELECT "organ", "leaf", SUBSTR("day", 1, 7), SUM("cases"), SUM("numerator"), SUM("denominator"), '
                'SUM("then_numerator"), MIN(CASE WHEN "numerator" > 0 THEN "day" END) FROM "assessment_entry" '
                f'WHERE "scheme" = {marks(1)} AND "day" <= {marks(1)} AND {where} AND "organ" IN ({marks(len(part))}) '
                'GROUP BY "organ", "leaf", SUBSTR("day", 1, 7)', [*parameters, *part])
            for organ, leaf, month, *numbers in rows:
                if (leaf in rolling) == wanted:
                    self._add(organ, leaf, month, numbers)

    def _add(self, organ: str, leaf: str, month: str, numbers: Sequence[Any]) -> None:
        cases, top, bottom, then = (int(number) for number in numbers[:4])
        months = [0] * 12
        months[month_in(date.fromisoformat(f"{month}-01"), self._year) - 1] = top
        tally = Tally(cases, top, bottom, then, date.fromisoformat(numbers[4]) if numbers[4] else None, tuple(months))
        self._found[organ, leaf] = self._found.get((organ, leaf), NOTHING) + tally


def frozen_in(year: int) -> frozenset[str]:
    """Schemes whose result of a year was published."""
    return frozenset(row[0] for row in tuples(ReleaseRow.select(ReleaseRow.scheme).where(ReleaseRow.year == year)))


def store(scores: Sequence[OrganScored], bundle: str, today: date) -> int:
    """Replace the rows of these scores, and note those of the running year for trends."""
    by_scheme: dict[tuple[str, int], list[Row]] = defaultdict(list)
    for each in scores:
        by_scheme[each.scheme.id, each.year].append(row_of_score(each, bundle))
    for (scheme, year), rows in by_scheme.items():
        write_rows(scheme, year, rows, today)
    return len(scores)


def write_rows(scheme: str, year: int, rows: Sequence[Row], today: date) -> None:
    """Replace rows of the score table, and note the scores of the day."""
    for part in _parts([row[2] for row in rows]):
        database.execute_sql(f'DELETE FROM "assessment_score" WHERE "scheme" = {marks(1)} AND "year" = {marks(1)} '
                             f'AND "organ" IN ({marks(len(part))})', [scheme, year, *part])
    insert_rows(OrganScoreRow, _SCORE, rows)
    if year == today.year:
        names = ", ".join(f'"{name}"' for name in _DAY)
        execute_many(f'INSERT INTO "assessment_day" ({names}) VALUES ({marks(7)}) ON CONFLICT ("scheme", "year", '
                     '"organ", "day") DO UPDATE SET "score" = excluded."score", "earned" = excluded."earned", '
                     '"due" = excluded."due"', [(*row[:3], today.isoformat(), *row[6:9]) for row in rows])


def row_of_score(scored: OrganScored, bundle: str) -> Row:
    """The table row of a score."""
    parts = [["aspect", p.id, *_cents(p.weight, p.due, p.earned)] for p in scored.aspects()]
    parts += [["view", p.id, *_cents(p.weight, p.due, p.earned)] for p in scored.views()]
    place = scored.place
    unscored = sum(outcome.status == "unscored" for outcome in scored.outcomes.values())
    return (scored.scheme.id, scored.year, place.organ, place.region, place.level, place.kind,
            None if scored.score is None else int(scored.score * 100),
            *_cents(scored.earned, scored.due, scored.at_risk), scored.provisional, scored.blocked, unscored,
            json.dumps(parts, separators=(",", ":")), scored.day.isoformat(), bundle)


def _cents(*points: Any) -> list[int]:
    return [int(each * 100) for each in points]


def _findings(scheme: Scheme, year: int, organs: Sequence[str]) -> dict[str, list[Finding]]:
    """Findings that caps, deductions and vetoes read, by organ: those that came about in the year."""
    found: dict[str, list[Finding]] = defaultdict(list)
    rules = sorted(named_in(scheme))
    if not rules:
        return found
    for part in _parts(organs):
        rows: Any = FindingRow.select().where(FindingRow.organ.in_(part) & FindingRow.rule.in_(rules)).order_by(
            FindingRow.raised_at, FindingRow.id)
        for row in rows:
            if row.raised_at.astimezone(LOCAL).year == year:
                found[row.organ].append(Finding(
                    row.id, row.case, row.rule, row.code, Level(row.level), row.activation or None, None, row.person,
                    row.acting_organ, row.raised_at, status=Life(row.status)))
    return found


def _parts(items: Sequence[Any]) -> list[list[Any]]:
    return [list(items[start : start + IN_ONE_QUERY]) for start in range(0, len(items), IN_ONE_QUERY)]
