"""All organs at once: the scores of a year recomputed in columns, and compared with those that were kept."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import numpy as np

from core.database import database
from core.errors import FazhiError, Problem
from core.ledger.rows import marks
from core.rulebook.model import Scheme
from core.rulebook.schemes import VIEW_TITLES, Annual, leaves_of
from scoring.adjustments import named_in
from scoring.assessment.columns import LeafColumns, Points, score_columns
from scoring.assessment.keeping import (
    LOCAL,
    AssessingBundle,
    Row,
    World,
    frozen_in,
    row_of_score,
    score_places,
    write_rows,
)
from scoring.assessment.metrics import month_day
from scoring.assessment.models import DirtyOrgan, EntryRow, OrganScoreRow, ReliefRow
from scoring.assessment.score import Place
from scoring.assessment.tally import month_in, year_before
from scoring.columns import tuples
from scoring.models import FindingRow

MOST_TOLD = 20


@dataclass(frozen=True, slots=True)
class Difference:
    """An organ whose kept score is not the one recomputed, in hundredths."""

    scheme: str
    year: int
    organ: str
    kept: int | None
    recomputed: int | None


def recompute(bundle: AssessingBundle, year: int, now: datetime) -> int:
    """Score every organ for a year in columns and keep the result; how many scores were written."""
    today = now.astimezone(LOCAL).date()
    written = 0
    with database.atomic():
        DirtyOrgan.delete().where(DirtyOrgan.year == year).execute()
        for scheme, rows in all_rows(bundle, year, today):
            write_rows(scheme, year, rows, today)
            written += len(rows)
    return written


def differences(bundle: AssessingBundle, year: int, today: date) -> list[Difference]:
    """Kept scores of a day that the recomputation does not give; scores kept on an earlier day are not compared."""
    found = []
    waiting = {row[0] for row in tuples(DirtyOrgan.select(DirtyOrgan.organ).where(DirtyOrgan.year == year))}
    for scheme, rows in all_rows(bundle, year, today):
        kept = {row[0]: row[1] for row in tuples(OrganScoreRow.select(OrganScoreRow.organ, OrganScoreRow.score).where(
            (OrganScoreRow.scheme == scheme) & (OrganScoreRow.year == year)
            & (OrganScoreRow.day == today.isoformat())))}
        for row in rows:
            if row[2] in kept and row[2] not in waiting:
                before = None if kept[row[2]] is None else int(kept[row[2]] * 100)
                if before != row[6]:
                    found.append(Difference(scheme, year, row[2], before, row[6]))
    return found


def nightly(bundle: AssessingBundle, now: datetime) -> int:
    """Compare every kept score of the day, then score all organs anew for the day that begins; how many were written.

    Raises:
        FazhiError: ``assess-alarm`` with the first differences; the recomputed scores are kept all the same.
    """
    today = now.astimezone(LOCAL).date()
    years = sorted({row[0] for row in tuples(EntryRow.select(EntryRow.year).distinct())} | {today.year})
    wrong = [each for year in years if year <= today.year for each in differences(bundle, year, today)]
    written = sum(recompute(bundle, year, now) for year in years if year <= today.year)
    if wrong:
        raise FazhiError([Problem("assess-alarm", details={
            "count": len(wrong), "organ": each.organ, "scheme": each.scheme, "kept": each.kept,
            "again": each.recomputed}) for each in wrong[:MOST_TOLD]])
    return written


def all_rows(bundle: AssessingBundle, year: int, today: date) -> Iterator[tuple[str, list[Row]]]:
    """The rows of every organ's score, scheme by scheme."""
    world, frozen = World.load(), frozen_in(year)
    groups: dict[tuple[str, int], tuple[Scheme, list[Place]]] = {}
    for region in sorted({place.region for place in world.places.values()}):
        for scheme in bundle.organ_schemes(year, region):
            if scheme.id not in frozen:
                groups.setdefault((scheme.id, id(scheme)), (scheme, []))
    for scheme, members in groups.values():
        members.extend(place for place in world.places.values()
                       if any(each is scheme for each in bundle.organ_schemes(year, place.region)))
        yield scheme.id, _rows(bundle, scheme, members, year, today, world)


def _rows(bundle: AssessingBundle, scheme: Scheme, members: Sequence[Place], year: int, today: date, world: World
          ) -> list[Row]:
    columns = _Columns(scheme, members, world, year, today).read()
    points = score_columns(scheme, columns, [place.kind for place in members], [place.level for place in members], year,
                           today)
    by_reference = _special(scheme, year, members, world) | {
        place.organ for place, inexact in zip(members, points.inexact, strict=True) if inexact}
    rows = _table_rows(scheme, members, points, year, today, bundle.hash, by_reference)
    special = [place for place in members if place.organ in by_reference]
    for scored in score_places(bundle, year, special, today, world):
        if scored.scheme is scheme:
            rows.append(row_of_score(scored, bundle.hash))
    return sorted(rows, key=lambda row: str(row[2]))


def _special(scheme: Scheme, year: int, members: Sequence[Place], world: World) -> set[str]:
    """Organs whose score appeals, caps, vetoes or deductions may change: the reference scores them."""
    found = {row[0] for row in tuples(ReliefRow.select(ReliefRow.organ).where(
        (ReliefRow.scheme == scheme.id) & (ReliefRow.year == year)))}
    rules = sorted(named_in(scheme))
    if rules:
        against = FindingRow.select(FindingRow.organ).where(FindingRow.rule.in_(rules)).distinct()
        hit = {row[0] for row in tuples(against)}
        found |= hit | {place.organ for place in members if any(organ in hit for organ in world.below(place))}
    return found


class _Columns:
    """Entries added up by the database, spread over columns; governments add up those that they govern."""

    def __init__(self, scheme: Scheme, members: Sequence[Place], world: World, year: int, today: date) -> None:
        self._scheme, self._year, self._today = scheme, year, today
        self._size = len(members)
        self._own = {place.organ: number for number, place in enumerate(members)}
        self._above: dict[str, list[int]] = defaultdict(list)
        for number, place in enumerate(members):
            for organ in world.below(place):
                self._above[organ].append(number)
        self._measures = {node.id: node.leaf.measure for node in leaves_of(scheme.nodes)
                          if node.leaf and node.leaf.measure}
        self._found: dict[str, LeafColumns] = {}

    def read(self) -> dict[str, LeafColumns]:
        """Columns by leaf, of those that have any entry."""
        self._take(rolling=False)
        if any(measure.rolling for measure in self._measures.values()):
            self._take(rolling=True)
        return self._found

    def _take(self, *, rolling: bool) -> None:
        where = f'"day" > {marks(1)}' if rolling else f'"year" = {marks(1)}'
        rows = database.execute_sql(
            'SELECT "organ", "leaf", SUBSTR("day", 1, 7), SUM("cases"), SUM("numerator"), SUM("denominator"), '
            'SUM("then_numerator"), MIN(CASE WHEN "numerator" > 0 THEN "day" END) FROM "assessment_entry" '
            f'WHERE "scheme" = {marks(1)} AND "day" <= {marks(1)} AND {where} '
            'GROUP BY "organ", "leaf", SUBSTR("day", 1, 7)',
            [self._scheme.id, self._today.isoformat(),
             year_before(self._today).isoformat() if rolling else self._year])
        for organ, leaf, month, *numbers in rows:
            measure = self._measures.get(leaf)
            if measure is None or measure.rolling is not rolling:
                continue
            places = [self._own[organ]] if organ in self._own else []
            if measure.scope == "government":
                places = [*places, *self._above.get(organ, ())]
            for place in places:
                self._add(leaf, place, month, numbers)

    def _add(self, leaf: str, place: int, month: str, numbers: Sequence[Any]) -> None:
        column = self._found.get(leaf)
        if column is None:
            zeros = [np.zeros(self._size) for _ in range(4)]
            column = self._found[leaf] = LeafColumns(zeros[0], zeros[1], zeros[2], zeros[3],
                                                     np.full(self._size, np.nan), np.zeros((12, self._size)))
        for each, number in zip((column.cases, column.numerator, column.denominator, column.then), numbers[:4],
                                strict=True):
            each[place] += float(number)
        assert column.late is not None
        assert column.months is not None
        column.months[month_in(date.fromisoformat(f"{month}-01"), self._year) - 1, place] += float(numbers[1])
        measure = self._measures[leaf]
        if numbers[4] and isinstance(measure.deadline, Annual):
            late = (date.fromisoformat(numbers[4]) - month_day(self._year, measure.deadline.by)).days
            column.late[place] = late if np.isnan(column.late[place]) else min(late, column.late[place])


def _table_rows(scheme: Scheme, members: Sequence[Place], points: Points, year: int, today: date, bundle: str,
                left_out: set[str]) -> list[Row]:
    size = len(members)
    parts = [("aspect", node.id, [leaf.id for leaf in leaves_of([node])]) for node in scheme.nodes]
    parts += [("view", view.value, [node.id for node in leaves_of(scheme.nodes)
                                    if node.leaf and node.leaf.measure and node.leaf.measure.view is view])
              for view in VIEW_TITLES]
    weights = {name: weighed.column(size) for name, weighed in points.weights.items()}
    shown = []
    for sort, name, leaves in parts:
        weight = sum((np.maximum(weights[leaf], 0.0) for leaf in leaves), np.zeros(size))
        due = sum((np.where(points.earned[leaf] >= 0, weights[leaf], 0.0) for leaf in leaves), np.zeros(size))
        gained = sum((np.maximum(points.earned[leaf], 0.0) for leaf in leaves), np.zeros(size))
        there = weights[name] >= 0 if sort == "aspect" else np.ones(size, np.bool_)
        shown.append((sort, name, there.tolist(), weight.astype(int).tolist(), due.astype(int).tolist(),
                      gained.astype(int).tolist()))
    score, earned, due_all, risk, blocked, unscored = (
        column.astype(int).tolist() for column in (points.score, points.earned_total, points.due, points.at_risk,
                                                   points.blocked, points.unscored))
    running = today < date(year, 12, 31)
    rows: list[Row] = []
    for number, place in enumerate(members):
        if place.organ in left_out:
            continue
        text = json.dumps([[sort, name, weight[number], due[number], gained[number]]
                           for sort, name, there, weight, due, gained in shown if there[number]], separators=(",", ":"))
        provisional = running or bool(unscored[number] or risk[number] or blocked[number])
        rows.append((scheme.id, year, place.organ, place.region, place.level, place.kind,
                     None if score[number] < 0 else score[number], earned[number], due_all[number], risk[number],
                     provisional, bool(blocked[number]), unscored[number], text, today.isoformat(), bundle))
    return rows
