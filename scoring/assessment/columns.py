"""The scores of all organs under a scheme at once: one column a leaf, exact to the hundredth.

Whole numbers are held in floats of 64 bits, which is exact as long as they stay below 2**52; so does the division,
whose quotients are small. Organs whose numbers are larger, and those of which appeals or findings change the score,
are left to the reference (``score_organ``), which says what all of this means.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from fractions import Fraction
from math import lcm

import numpy as np
from numpy.typing import NDArray

from core.rulebook.model import Node, Scheme
from core.rulebook.schemes import VIEW_TITLES, Annual, Frequency, Ladder, Linear, Measure, Metric, leaves_of
from scoring.assessment.entries import SCALE
from scoring.assessment.metrics import month_day, months_ended
from scoring.points import HUNDRED, share_out

Column = NDArray[np.float64]
Mask = NDArray[np.bool_]
Rows = NDArray[np.intp]
LARGEST = float(2**50)
FULL = 10_000
"""Hundredths of the whole."""


@dataclass(slots=True)
class LeafColumns:
    """Tallies of one leaf for all organs, in the order of ``places``.

    Attributes:
        late: days between the day of an annual deadline and the first time it was met; NaN where it was not.
        months: numerators by month, twelve columns; None where the metric needs none.
    """

    cases: Column
    numerator: Column
    denominator: Column
    then: Column
    late: Column | None = None
    months: NDArray[np.float64] | None = None


@dataclass(slots=True)
class Weighed:
    """Weights in hundredths: ``base`` for all rows but ``rows``, which have ``values`` (-1: not applicable)."""

    base: int
    rows: Rows | None = None
    values: Column | None = None

    def column(self, size: int) -> Column:
        """One weight a row."""
        whole = np.full(size, float(self.base))
        if self.rows is not None and self.values is not None:
            whole[self.rows] = self.values
        return whole


@dataclass(slots=True)
class Points:
    """What came of all organs, in hundredths, one row an organ.

    Attributes:
        score: -1 where nothing is scored, or it is blocked.
        weights, earned: by leaf; ``earned`` is -1 where the leaf is not scored.
        inexact: organs that the reference has to score.
    """

    score: Column
    earned_total: Column
    due: Column
    at_risk: Column
    blocked: Mask
    unscored: Column
    inexact: Mask
    weights: dict[str, Weighed] = field(default_factory=dict)
    earned: dict[str, Column] = field(default_factory=dict)


@dataclass(slots=True)
class _Shares:
    """A leaf's share of its marks as ``top / bottom``; masks are None where they would be all false."""

    top: Column
    bottom: Column | float
    off: Mask | None = None
    unscored: Mask | None = None
    waiting: Mask | None = None
    large: Mask | None = None


def score_columns(scheme: Scheme, columns: Mapping[str, LeafColumns], kinds: Sequence[str], levels: Sequence[str],
                  year: int, day: date) -> Points:
    """Score every organ by its tallies.

    Args:
        columns: by leaf; a missing one is all zero.
        kinds, levels: of the organs, in the order of the columns.
    """
    size = len(kinds)
    nil = np.zeros(size)
    empty = LeafColumns(nil, nil, nil, nil, np.full(size, np.nan), np.zeros((12, size)))
    excluded = _Excluded(kinds, levels)
    nodes = [node for node in leaves_of(scheme.nodes) if node.leaf and node.leaf.measure]
    shares: dict[str, _Shares] = {}
    for node in nodes:
        assert node.leaf is not None
        assert node.leaf.measure is not None
        found = shares[node.id] = _shares(node.leaf.measure, columns.get(node.id, empty), year, day)
        found.off = _either(found.off, excluded(node.leaf.measure))
    off = {name: found.off for name, found in shares.items() if found.off is not None and found.off.any()}
    points = _no_points(size)
    _allot(scheme.nodes, Weighed(FULL), off, points.weights)
    risk = np.zeros(size)
    for node in nodes:
        assert node.leaf is not None
        assert node.leaf.measure is not None
        gained = _earn(shares[node.id], points.weights[node.id], points)
        points.earned[node.id] = gained
        if node.leaf.missing == "block" and (lacks := shares[node.id].unscored) is not None:
            points.blocked |= _without(lacks, shares[node.id].off)
        if node.leaf.measure.findings:
            risk += _lost(node.leaf.measure, columns.get(node.id, empty), gained, points.weights[node.id], year, day)
    _totals(points, risk)
    return points


def _shares(measure: Measure, column: LeafColumns, year: int, day: date) -> _Shares:
    if measure.unsupplied is not None:
        every = np.ones(len(column.cases), np.bool_)
        return _Shares(column.cases, 1.0, unscored=every)
    if measure.metric is Metric.MONITOR:
        return _Shares(column.cases, 1.0, off=np.ones(len(column.cases), np.bool_))
    if measure.frequency is not None:
        return _frequency(measure, measure.frequency, column, year, day)
    if isinstance(measure.deadline, Annual):
        return _annual(measure, measure.deadline, column, year, day)
    divides = measure.metric is Metric.RATIO or measure.deadline is not None
    if divides:
        none = column.denominator == 0
        found = _scored(measure.score, column.numerator, column.denominator)
        if measure.sums:
            found = _missing(found, measure, column.cases == 0, year, day)
            none &= column.cases > 0
        found.off = none if none.any() else None
        return found
    found = _scored(measure.score, column.numerator, float(SCALE if measure.sums else 1))
    nothing = (column.cases == 0) & (column.numerator == 0)
    if measure.metric is Metric.ZERO and not measure.sums:
        found.off = nothing if nothing.any() else None
        return found
    return _missing(found, measure, nothing, year, day)


def _scored(score: Ladder | Linear | None, top: Column, bottom: Column | float) -> _Shares:
    """Shares of the value ``top / bottom``; where ``bottom`` is 0 the result means nothing."""
    assert score is not None
    if isinstance(score, Linear):
        scale = _scale(score.zero_at, score.full_at)
        low, high = int(score.zero_at * scale), int(score.full_at * scale)
        if (low, high, scale) == (0, 1, 1):
            return _Shares(np.minimum(top, bottom), bottom, large=_large(top, bottom, 1))
        sign = 1 if high > low else -1
        gone, whole = (top * scale - bottom * low) * sign, bottom * float((high - low) * sign)
        return _Shares(np.clip(gone, 0.0, whole), whole, large=_large(top, bottom, scale * max(abs(low), abs(high), 1)))
    scale = _scale(*(rung.bound for rung in score.rungs))
    unit = _scale(*(rung.earn for rung in score.rungs))
    value, earned = top * scale, np.zeros(len(top))
    for rung in reversed(score.rungs):
        bound = bottom * float(int(rung.bound * scale))
        np.copyto(earned, float(int(rung.earn * unit)), where=value >= bound if score.rising else value <= bound)
    return _Shares(earned, float(unit), large=_large(top, bottom, scale * max(
        1, *(abs(int(rung.bound * scale)) for rung in score.rungs))))


def _frequency(measure: Measure, wanted: Frequency, column: LeafColumns, year: int, day: date) -> _Shares:
    assert column.months is not None
    ended, met, periods = months_ended(year, day), np.zeros(len(column.cases)), np.zeros(len(column.cases))
    for start in range(0, 12, wanted.months):
        reached = column.months[start : start + wanted.months].sum(axis=0) >= wanted.times
        met += reached
        periods += 1.0 if start + wanted.months <= ended else reached
    none = periods == 0
    found = _missing(_scored(measure.score, met, periods), measure, column.cases == 0, year, day)
    found.waiting = _either(found.waiting, none & (column.cases > 0))
    return found


def _annual(measure: Measure, deadline: Annual, column: LeafColumns, year: int, day: date) -> _Shares:
    assert column.late is not None
    never = np.isnan(column.late)
    found = _scored(measure.score, np.where(never, 0.0, np.maximum(column.late, 0.0)), 1.0)
    if day < month_day(year, deadline.by):
        found.waiting = never
    else:
        found.top = np.where(never, 0.0, found.top)
    return found


def _missing(found: _Shares, measure: Measure, nothing: Mask, year: int, day: date) -> _Shares:
    if not nothing.any():
        return found
    if day < month_day(year, measure.due):
        found.waiting = nothing
    elif measure.missing == "zero":
        found.top = np.where(nothing, 0.0, found.top)
        found.bottom = np.where(nothing, 1.0, found.bottom)
    else:
        found.unscored = nothing
    return found


def _earn(found: _Shares, weight: Weighed, points: Points) -> Column:
    """Points of a leaf, half up; -1 where it is not scored. Totals are added to ``points``."""
    bottom = found.bottom
    if weight.base > 0:
        with np.errstate(divide="ignore", invalid="ignore"):
            gained = np.floor((found.top * (2.0 * weight.base) + bottom) / (bottom * 2.0))
    else:
        gained = np.zeros(len(found.top))
    rows, values = weight.rows, weight.values
    if rows is not None and values is not None and len(rows):
        under = bottom if isinstance(bottom, float) else bottom[rows]
        with np.errstate(divide="ignore", invalid="ignore"):
            gained[rows] = np.where(values < 0, -1.0, np.floor(
                (found.top[rows] * (2.0 * values) + under) / (np.multiply(under, 2.0))))
    counted: Mask | None = None
    for mask in (found.waiting, found.unscored, found.off):
        if mask is not None:
            gained[mask] = -1.0
            counted = mask if counted is None else counted | mask
    if found.unscored is not None:
        points.unscored += _without(found.unscored, found.off)
    if found.large is not None:
        points.inexact |= found.large
    if counted is None and (rows is None or not len(rows)):
        points.earned_total += gained
        points.due += float(weight.base)
        return gained
    points.earned_total += np.maximum(gained, 0.0)
    full = weight.column(len(gained))
    if counted is not None:
        full[counted] = 0.0
    points.due += np.maximum(full, 0.0)
    return gained


def _lost(measure: Measure, column: LeafColumns, gained: Column, weight: Weighed, year: int, day: date) -> Column:
    """Points that a leaf loses if its undetermined findings are confirmed."""
    if np.array_equal(column.then, column.numerator):
        return np.zeros(len(gained))
    changed = LeafColumns(column.cases, column.then, column.denominator, column.then)
    after = _earn(_shares(measure, changed, year, day), weight, _no_points(len(gained)))
    return np.where(gained < 0, 0.0, gained - np.maximum(after, 0.0))


def _totals(points: Points, risk: Column) -> None:
    due = np.where(points.due > 0, points.due, 1.0)
    points.score = np.floor((points.earned_total * (2.0 * FULL) + due) / (2.0 * due))
    then = np.floor(((points.earned_total - risk) * (2.0 * FULL) + due) / (2.0 * due))
    points.at_risk = np.where(points.due > 0, points.score - then, 0.0)
    points.score[(points.due == 0) | points.blocked] = -1.0


def _allot(nodes: Sequence[Node], share: Weighed, off: Mapping[str, Mask], weights: dict[str, Weighed]) -> None:
    """Weights after redistribution: most rows have the same, only the others are worked out by themselves."""
    gone = [_gone(node, off) for node in nodes]
    scale = lcm(*(Fraction(node.weight).denominator for node in nodes)) if nodes else 1
    parts = np.array([int(node.weight * scale) for node in nodes], dtype=np.float64)
    base = [int(points * 100) for points in share_out(
        Decimal(share.base) / HUNDRED, [Fraction(node.weight) for node in nodes])]
    odd = _odd_rows(share, gone)
    found = [Weighed(each) for each in base]
    if odd is not None and len(odd):
        totals = _values_at(share, odd)
        applies = np.stack([np.ones(len(odd), np.bool_) if mask is None else ~mask[odd] for mask in gone], axis=1)
        applies &= (totals >= 0)[:, None]
        shared = _share_out(np.maximum(totals, 0.0), parts, applies)
        for index, each in enumerate(found):
            each.rows, each.values = odd, np.where(applies[:, index], shared[:, index], -1.0)
    for node, weight in zip(nodes, found, strict=True):
        weights[node.id] = weight
        if node.children:
            _allot(node.children, weight, off, weights)


def _share_out(totals: Column, parts: Column, applies: NDArray[np.bool_]) -> NDArray[np.float64]:
    """``share_out`` for many rows: cut to hundredths, what is left to the largest remainders, earlier ones first."""
    shares = parts * applies
    whole = shares.sum(axis=1, keepdims=True)
    whole[whole == 0] = 1.0
    exact = totals[:, None] * shares
    cents = np.floor(exact / whole)
    rest = exact - cents * whole
    left = np.where(shares.sum(axis=1) > 0, totals - cents.sum(axis=1), 0.0)
    order = np.argsort(-rest, axis=1, kind="stable")
    place = np.empty_like(order)
    np.put_along_axis(place, order, np.broadcast_to(np.arange(len(parts)), order.shape), axis=1)
    return np.asarray(cents + (place < left[:, None]), dtype=np.float64)


def _gone(node: Node, off: Mapping[str, Mask]) -> Mask | None:
    """Rows for which a node does not apply: a leaf by itself, any other where nothing below it applies."""
    if not node.children:
        return off.get(node.id)
    whole: Mask | None = None
    for child in node.children:
        mask = _gone(child, off)
        if mask is None:
            return None
        whole = mask if whole is None else whole & mask
    return whole if whole is not None and whole.any() else None


def _odd_rows(share: Weighed, gone: Sequence[Mask | None]) -> Rows | None:
    masks = [mask for mask in gone if mask is not None]
    if not masks:
        return share.rows
    odd: Mask = np.logical_or.reduce(masks) if len(masks) > 1 else masks[0].copy()
    if share.rows is not None:
        odd[share.rows] = True
    return np.flatnonzero(odd)


def _values_at(share: Weighed, rows: Rows) -> Column:
    if share.rows is None or share.values is None:
        return np.full(len(rows), float(share.base))
    found = np.full(int(max(rows[-1], share.rows[-1] if len(share.rows) else 0)) + 1, float(share.base))
    found[share.rows] = share.values
    return found[rows]


class _Excluded:
    """Rows of organs that a leaf is not for, each combination of kinds and levels worked out once."""

    def __init__(self, kinds: Sequence[str], levels: Sequence[str]) -> None:
        self._kinds, self._levels = np.array(kinds), np.array(levels)
        self._known: dict[tuple[tuple[str, ...], tuple[str, ...]], Mask | None] = {((), ()): None}

    def __call__(self, measure: Measure) -> Mask | None:
        key = (measure.kinds, measure.levels)
        if key not in self._known:
            inside = np.ones(len(self._kinds), np.bool_)
            if measure.kinds:
                inside &= np.isin(self._kinds, measure.kinds)
            if measure.levels:
                inside &= np.isin(self._levels, measure.levels)
            self._known[key] = None if inside.all() else ~inside
        return self._known[key]


def _no_points(size: int) -> Points:
    return Points(np.zeros(size), np.zeros(size), np.zeros(size), np.zeros(size), np.zeros(size, np.bool_),
                  np.zeros(size), np.zeros(size, np.bool_))


def _without(mask: Mask, gone: Mask | None) -> Mask:
    return mask if gone is None else mask & ~gone


def _either(one: Mask | None, two: Mask | None) -> Mask | None:
    return two if one is None else one if two is None else one | two


def _scale(*numbers: Decimal) -> int:
    return lcm(*(Fraction(number).denominator for number in numbers))


def _large(top: Column, bottom: Column | float, factor: int) -> Mask | None:
    """Rows whose numbers would leave the whole numbers that floats hold exactly."""
    limit = LARGEST / (2 * FULL * factor)
    most = max(float(top.max(initial=0.0)), float(np.max(bottom)) if np.size(bottom) else 0.0)
    return None if most < limit else (np.abs(top) >= limit) | (np.abs(bottom) >= limit)


VIEWS = tuple(VIEW_TITLES)
