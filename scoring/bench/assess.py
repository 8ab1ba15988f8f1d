"""231 results of 8,300 organs: our scores beside polars written by hand for this one scheme."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction

import numpy as np
import polars as pl

from core.rulebook.build.measures import DEFAULT_SCORES, SHARE
from core.rulebook.model import Leaf, Node, Scheme
from core.rulebook.schemes import Ladder, Linear, Measure, Metric, Rung, View, leaves_of
from core.text import Text
from scoring.assessment.columns import LeafColumns, Points, score_columns
from scoring.bench.timing import Ratio, side_by_side
from scoring.points import HUNDRED, share_out

ORGANS, YEAR, DAY = 8_300, 2026, date(2026, 12, 31)
ASPECTS = ((15, 25), (13, 16), (15, 18), (20, 20), (13, 18), (12, 15), (6, 9), (6, 8))
"""Weight and number of measures of each aspect: 129 measures in all."""
RESULTS = 231
ABSENT = 0.02
"""Share of organs and results where there is nothing to compare, so that weights are shared out anew."""
LADDER = Ladder((Rung(Decimal("0.95"), Decimal(1)), Rung(Decimal("0.8"), Decimal("0.6"))), rising=True)
_SORTS = ((Metric.RATIO, SHARE), (Metric.RATIO, LADDER), (Metric.RATIO, Linear(Decimal("0.5"), Decimal(1))),
          (Metric.RATIO, SHARE), (Metric.EXISTS, DEFAULT_SCORES[Metric.EXISTS]),
          (Metric.ZERO, DEFAULT_SCORES[Metric.ZERO]), (Metric.COUNT, Linear(Decimal(0), Decimal(12))))


def make_scheme() -> Scheme:
    """Eight aspects, 129 measures, 231 results, equal weights inside each."""
    measures = sum(count for _, count in ASPECTS)
    extra = RESULTS - measures
    number = 0
    aspects = []
    for index, (weight, count) in enumerate(ASPECTS):
        children = []
        for place, share in enumerate(share_out(Decimal(weight), [Fraction(1)] * count)):
            several = 2 if number < extra else 1
            leaves = tuple(_leaf(f"{index}-{place}-{each}", part, number + each) for each, part in
                           enumerate(share_out(share, [Fraction(1)] * several)))
            children.append(Node(f"M{index}-{place}", Text("措施"), share, leaves))
            number += 1
        aspects.append(Node(f"A{index}", Text("方面"), Decimal(weight), tuple(children)))
    return Scheme("bench", Text("考核"), "organ", tuple(aspects))


def _leaf(name: str, weight: Decimal, number: int) -> Node:
    metric, score = _SORTS[number % len(_SORTS)]
    measure = Measure(metric, View.EFFECT, score, "zero", procedure="p")
    return Node(f"R{name}", Text("成果"), weight, leaf=Leaf(metric.value, missing="zero", measure=measure))


@dataclass(frozen=True, eq=False)
class Load:
    """A scheme and the tallies of every organ, ready to be scored either way."""

    scheme: Scheme
    columns: dict[str, LeafColumns]
    frame: pl.DataFrame
    kinds: tuple[str, ...]

    def ours(self) -> Points:
        """Exact scores."""
        return score_columns(self.scheme, self.columns, self.kinds, self.kinds, YEAR, DAY)

    def by_hand(self) -> pl.Series:
        """What somebody who knows the scheme would write; weights are shared out as floats."""
        leaves = list(leaves_of(self.scheme.nodes))
        frame = self.frame.select(
            "organ", *(_share(node).alias(node.id) for node in leaves)).with_columns(
                pl.sum_horizontal(_there(leaf.id, leaf.weight) for leaf in measure.children).alias(f"w{measure.id}")
                for aspect in self.scheme.nodes for measure in aspect.children).with_columns(
                    pl.sum_horizontal(pl.when(pl.col(f"w{measure.id}") > 0).then(float(measure.weight)).otherwise(0.0)
                                      for measure in aspect.children).alias(f"w{aspect.id}")
                    for aspect in self.scheme.nodes)
        return frame.select(pl.sum_horizontal(self._points()).alias("score")).to_series()

    def _points(self) -> Iterator[pl.Expr]:
        for aspect in self.scheme.nodes:
            for measure in aspect.children:
                for leaf in measure.children:
                    weight = (float(aspect.weight) * float(measure.weight) * float(leaf.weight)
                              / (pl.col(f"w{aspect.id}") * pl.col(f"w{measure.id}")))
                    points = (weight * pl.col(leaf.id) * 100 + 0.5).floor() / 100
                    yield points.fill_null(0.0)


def _there(name: str, weight: Decimal) -> pl.Expr:
    return pl.when(pl.col(name).is_not_null()).then(float(weight)).otherwise(0.0)


def _share(node: Node) -> pl.Expr:
    assert node.leaf is not None
    assert node.leaf.measure is not None
    top, bottom = pl.col(f"n{node.id}"), pl.col(f"d{node.id}")
    measure, score = node.leaf.measure, node.leaf.measure.score
    if measure.metric is Metric.EXISTS:
        return pl.when(top > 0).then(1.0).otherwise(0.0)
    if measure.metric is Metric.ZERO:
        return pl.when(bottom > 0).then((top == 0).cast(pl.Float64))
    if measure.metric is Metric.COUNT:
        return (top / 12).clip(0.0, 1.0)
    ratio = top / bottom
    if isinstance(score, Ladder):
        shared = pl.when(ratio >= 0.95).then(1.0).when(ratio >= 0.8).then(0.6).otherwise(0.0)
    elif score is SHARE:
        shared = ratio
    else:
        shared = ((ratio - 0.5) * 2).clip(0.0, 1.0)
    return pl.when(bottom > 0).then(shared)


def make_load(organs: int = ORGANS, seed: int = 5) -> Load:
    """Tallies as a year brings them: some tens of cases a result, now and then none."""
    scheme, random_numbers = make_scheme(), np.random.default_rng(seed)
    columns, frame = {}, {"organ": np.arange(organs)}
    for node in leaves_of(scheme.nodes):
        bottom = random_numbers.integers(1, 60, organs) * (random_numbers.random(organs) > ABSENT)
        top = (bottom * np.minimum(1.0, random_numbers.random(organs) + 0.3)).astype(np.int64)
        if node.leaf and node.leaf.measure and node.leaf.measure.metric is Metric.ZERO:
            top = (top > bottom * 0.99).astype(np.int64) * (bottom > 0)
        frame |= {f"n{node.id}": top, f"d{node.id}": bottom}
        cases, numerator = bottom.astype(np.float64), top.astype(np.float64)
        columns[node.id] = LeafColumns(cases, numerator, cases, numerator)
    kinds = tuple(random.Random(seed).choices(("department", "enforcement_body"), k=organs))
    return Load(scheme, columns, pl.DataFrame(frame), kinds)


def measure(seconds: float = 1.5) -> list[Ratio]:
    """Our scores beside polars by hand."""
    load = make_load()
    ours, theirs = load.ours().score / float(HUNDRED), load.by_hand().to_numpy()
    if np.abs(ours - theirs).max() > 0.6:  # shares cut to hundredths against floats: some thousandths a leaf
        raise AssertionError("the two do not give the same scores")
    taken = side_by_side({"ours": load.ours, "by hand": load.by_hand}, seconds)
    return [Ratio(f"{RESULTS} results × {ORGANS:,} organs", "hand-written polars", taken["ours"], taken["by hand"],
                  at_least=0.5, reach=1.0)]
