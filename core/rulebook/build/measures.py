"""Leaves of schemes for organs: what each metric needs, and how its value is scored."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from types import MappingProxyType

from core.language import Expression
from core.language.environment import Environment
from core.language.suggest import listing
from core.organs.vocabulary import KIND_TITLES, LEVEL_TITLES
from core.rulebook.build import fines
from core.rulebook.build.context import Lookup, Problems, Site, titles
from core.rulebook.build.expressions import compile_condition
from core.rulebook.build.periods import Filled
from core.rulebook.kinds.base import Placeholder
from core.rulebook.kinds.indicators import LeafSpec, RungSpec
from core.rulebook.model import FieldType, Procedure
from core.rulebook.schemes import (
    REPORT,
    Annual,
    Frequency,
    Ladder,
    Linear,
    Measure,
    Metric,
    Rung,
    View,
    Within,
)
from core.text import Text

_ZERO, _ONE = Decimal(0), Decimal(1)
SHARE = Linear(_ZERO, _ONE)
DEFAULT_SCORES: Mapping[Metric, Ladder | Linear] = MappingProxyType({
    Metric.EXISTS: Ladder((Rung(_ONE, _ONE),), rising=True),
    Metric.ZERO: Ladder((Rung(_ZERO, _ONE),), rising=False),
    Metric.RATIO: SHARE, Metric.FREQUENCY: SHARE, Metric.DEADLINE: SHARE})
LATE = Ladder((Rung(_ZERO, _ONE), Rung(Decimal(10), Decimal("0.5"))), rising=False)
"""A day of the year that was missed: half the marks within ten days."""

COMMON = frozenset({"metric", "missing", "procedure", "view", "for_", "levels", "scope", "among", "dated_by", "window",
                    "score", "due", "supply", "reported_as", "organ"})
OWN: Mapping[Metric, frozenset[str]] = MappingProxyType({
    Metric.EXISTS: frozenset({"where"}),
    Metric.ZERO: frozenset({"where", "numerator", "findings"}),
    Metric.RATIO: frozenset({"where", "numerator", "denominator", "findings"}),
    Metric.COUNT: frozenset({"where", "numerator", "findings"}),
    Metric.DEADLINE: frozenset({"where", "by", "start", "done", "within"}),
    Metric.FREQUENCY: frozenset({"where", "each", "times"}),
    Metric.MONITOR: frozenset({"where", "numerator", "denominator", "findings"}),
})
"""What each metric takes beside what all take."""
_MONTHS = {"month": 1, "quarter": 3, "half_year": 6, "year": 12}
_COUNTING = frozenset({Metric.EXISTS, Metric.COUNT, Metric.FREQUENCY})
REPORTED: Mapping[str, FieldType] = MappingProxyType({
    "scheme": FieldType.STRING, "year": FieldType.INT, "result": FieldType.STRING})
"""What a self-report has to state."""


@dataclass(slots=True)
class MeasureBuilder:
    """Builds the measure of one leaf; what is wrong with it goes to ``filled.problems``."""

    spec: LeafSpec
    site: Site
    node: str
    weight: Decimal
    procedures: Mapping[str, Procedure]
    rules: Mapping[str, Text]
    filled: Filled

    @property
    def problems(self) -> Problems:
        return self.filled.problems

    @property
    def metric(self) -> Metric:
        return Metric(self.spec.metric)

    def measure(self) -> Measure:
        """The typed measure."""
        spec, site = self.spec, self.site
        self._check_arguments()
        findings = self._findings()
        name = self._procedure_name()
        procedure = self.procedures.get(name or "")
        unsupplied = self._unsupplied(name)
        if procedure is not None and procedure.id == REPORT:
            self._check_report(procedure)
        numerator, denominator = self._value("numerator", procedure), self._value("denominator", procedure)
        among, where = self._condition("among", procedure), self._condition("where", procedure)
        self._check_fines(procedure, among, where, numerator, denominator)
        known = titles(procedure.events) if procedure else {}
        return Measure(
            metric=self.metric, view=View(spec.view or "effect"), score=self._score(), missing=spec.missing,
            kinds=self._kinds(), levels=self._levels(), scope=spec.scope,
            procedure=procedure.id if procedure and unsupplied is None else None,
            supply="none" if unsupplied is not None and spec.supply and spec.supply.by == "none" else
                   spec.supply.by if spec.supply else "data",
            unsupplied=unsupplied, among=among, where=where, numerator=numerator, denominator=denominator,
            findings=findings if unsupplied is None else (),
            dated_by=Lookup(self.problems, "event", known).all(spec.dated_by, site / "dated_by") if procedure else (),
            rolling=spec.window == "rolling_year", due=spec.due or (12, 31), deadline=self._deadline(procedure),
            frequency=Frequency(_MONTHS[spec.each], self.filled.count(spec.times, site / "times") or 1)
            if spec.each else None, reported_as=self._reported_as(), organ=self._organ(procedure))

    def _organ(self, procedure: Procedure | None) -> str | None:
        """The attribute that names the organ, without ``c.``."""
        written = self.spec.organ
        if written is None or procedure is None:
            return None
        organs = [f"c.{name}" for name, each in procedure.attributes.items() if each.type is FieldType.ORGAN]
        if written not in organs:
            self.problems.add("leaf-organ", (self.site / "organ").at, name=written, known=listing(organs) or "—")
            return None
        return written.removeprefix("c.")

    def _reported_as(self) -> tuple[str, str] | None:
        if self.spec.reported_as is None:
            return None
        if self.spec.procedure != REPORT:
            self._wrong("leaf-reported-elsewhere", "reported_as", procedure=REPORT)
        scheme, _, result = self.spec.reported_as.partition("/")
        return scheme, result

    def _check_arguments(self) -> None:
        spec, metric = self.spec, self.metric
        allowed = COMMON | OWN[metric]
        for name in sorted(spec.model_fields_set - allowed):
            self._wrong("leaf-argument-unknown", name, known=listing(
                sorted(word.rstrip("_") for word in allowed - {"metric"}), 30))
        if spec.view is None:
            self.problems.add("leaf-needs-view", self.site.at, node=self.node)
        ways = [name for name in ("where", "numerator", "findings") if getattr(spec, name)]
        if len(ways) > 1:
            self.problems.add("leaf-two-ways", (self.site / ways[-1]).key, first=ways[0], second=ways[-1])
        if metric in (Metric.ZERO, Metric.RATIO) and not ways and not self._nothing_supplies():
            self.problems.add("leaf-needs-where", self.site.at, metric=metric.value)
        if spec.denominator and not spec.numerator:
            self._wrong("leaf-needs-numerator", "denominator")
        if metric is Metric.RATIO and spec.numerator and not spec.denominator:
            self._wrong("leaf-needs-denominator", "numerator")
        if metric is Metric.DEADLINE:
            limit = [name for name in ("start", "done", "within") if getattr(spec, name) is not None]
            if not self._nothing_supplies() and (len(limit) not in (0, 3) or bool(limit) == (spec.by is not None)):
                self.problems.add("leaf-deadline-form", self.site.at, node=self.node)
        if metric is Metric.FREQUENCY and (spec.each is None or spec.window != "year"):
            self.problems.add("leaf-needs-each", self.site.at, node=self.node)
        if metric is Metric.COUNT and spec.score is None:
            self.problems.add("leaf-needs-score", self.site.at, node=self.node)
        if metric is Metric.MONITOR and (spec.score is not None or self.weight):
            self.problems.add("leaf-monitor-scored", self.site.at, node=self.node)

    def _nothing_supplies(self) -> bool:
        return self.spec.supply is not None and self.spec.supply.by == "none"

    def _procedure_name(self) -> str | None:
        spec = self.spec
        if spec.procedure or not spec.findings:
            return spec.procedure
        named = {rule.rpartition("/")[0] for rule in spec.findings}
        if len(named) > 1:
            self._wrong("leaf-findings-procedures", "findings", procedures="、".join(sorted(named)))
        return min(named)

    def _unsupplied(self, name: str | None) -> Text | None:
        supply = self.spec.supply
        if supply is not None and supply.by == "none":
            if supply.why is None:
                self.problems.add("supply-needs-why", (self.site / "supply").at, node=self.node)
            return supply.why or Text("暂无数据来源", {"en": "nothing supplies the data"})
        if name is None:
            self.problems.add("leaf-needs-procedure", self.site.at, node=self.node)
            return Text("没有写数据来源", {"en": "no source of data is named"})
        if name in self.procedures:
            return None
        if is_absent(name, self.procedures):
            part = name.partition(".")[0]
            return Text(f"子平台“{part}”没有启用", {"en": f"the sub-platform “{part}” is not loaded"})
        key = "procedure" if self.spec.procedure else "findings"
        Lookup(self.problems, "procedure", titles(self.procedures)).check(name, (self.site / key).at)
        return Text(name)

    def _findings(self) -> tuple[str, ...]:
        lookup, site = Lookup(self.problems, "rule", self.rules), self.site / "findings"
        return tuple(name for index, name in enumerate(self.spec.findings)
                     if is_absent(name, self.procedures) or lookup.check(name, site.item(index)))

    def _check_report(self, procedure: Procedure) -> None:
        for name, kind in REPORTED.items():
            declared = procedure.attributes.get(name)
            if declared is None or declared.type is not kind:
                self.problems.add("report-attribute", self.site.at, procedure=procedure.id, name=name, type=kind.value)

    def _condition(self, name: str, procedure: Procedure | None) -> Expression | None:
        source = getattr(self.spec, name)
        if procedure is None or source is None:
            return None
        return compile_condition(source, Environment.of(procedure), self.site / name, self.filled)

    def _value(self, name: str, procedure: Procedure | None, expect: tuple[str, ...] = ("int", "decimal")
               ) -> Expression | None:
        source = getattr(self.spec, name)
        if procedure is None or source is None:
            return None
        return compile_condition(source, Environment.of(procedure), self.site / name, self.filled, expect)

    def _check_fines(self, procedure: Procedure | None, among: Expression | None, where: Expression | None,
                     *numbers: Expression | None) -> None:
        if procedure is None:
            return
        counting = self.metric in _COUNTING
        if counting:
            fines.check_value(among, procedure, self.site / "among", self.problems, counted=True)
        else:
            fines.check_choice(among, self.site / "among", self.problems)
        fines.check_value(where, procedure, self.site / "where", self.problems, counted=counting)
        for name, number in zip(("numerator", "denominator"), numbers, strict=True):
            fines.check_value(number, procedure, self.site / name, self.problems, counted=True)

    def _deadline(self, procedure: Procedure | None) -> Annual | Within | None:
        spec = self.spec
        if spec.by is not None:
            return Annual(spec.by)
        start, done = self._value("start", procedure, ("date",)), self._value("done", procedure, ("date",))
        period = self.filled.period(spec.within, self.site / "within")
        return Within(start, done, period) if start and done and period else None

    def _kinds(self) -> tuple[str, ...]:
        known = {kind.value: title for kind, title in KIND_TITLES.items()}
        return Lookup(self.problems, "organ-kind", known).all(self.spec.for_, self.site / "for")

    def _levels(self) -> tuple[str, ...]:
        known = {level.value: title for level, title in LEVEL_TITLES.items()}
        return Lookup(self.problems, "region-level", known).all(self.spec.levels, self.site / "levels")

    def _score(self) -> Ladder | Linear | None:
        written, site = self.spec.score, self.site / "score"
        if self.metric is Metric.MONITOR:
            return None
        if written is None:
            return LATE if self.spec.by is not None else DEFAULT_SCORES.get(self.metric, SHARE)
        if sum((bool(written.ladder), written.linear is not None, written.target is not None)) != 1:
            self.problems.add("score-one-way", site.at)
            return SHARE
        if written.target is not None:
            target = filled_amount(written.target, site / "target", self.filled)
            if target <= 0:
                self.problems.add("score-target", (site / "target").at, target=target)
                return SHARE
            return Linear(_ZERO, target)
        if written.linear is not None:
            place = site / "linear"
            line = Linear(filled_amount(written.linear.zero_at, place / "zero_at", self.filled),
                          filled_amount(written.linear.full_at, place / "full_at", self.filled))
            if line.zero_at == line.full_at:
                self.problems.add("score-linear", place.at, value=line.zero_at)
                return SHARE
            return line
        return self._ladder(written.ladder, site / "ladder")

    def _ladder(self, written: tuple[RungSpec, ...], site: Site) -> Ladder:
        rungs: list[Rung] = []
        rising = written[0].at_least is not None
        for index, rung in enumerate(written):
            place, word = site / index, "at_least" if rising else "at_most"
            bound = getattr(rung, word)
            if (rung.at_least is None) == (rung.at_most is None) or bound is None:
                self.problems.add("ladder-one-way", place.at, word=word)
                continue
            step = Rung(filled_amount(bound, place / word, self.filled),
                        filled_amount(rung.earn, place / "earn", self.filled))
            if not 0 <= step.earn <= 1:
                self.problems.add("ladder-earn", (place / "earn").at, earn=step.earn)
            if rungs and (step.bound >= rungs[-1].bound if rising else step.bound <= rungs[-1].bound):
                self.problems.add("ladder-order", (place / word).at, bound=step.bound, before=rungs[-1].bound)
            if rungs and step.earn > rungs[-1].earn:
                self.problems.add("ladder-earn-order", (place / "earn").at, earn=step.earn, before=rungs[-1].earn)
            rungs.append(step)
        return Ladder(tuple(rungs), rising)

    def _wrong(self, code: str, key: str, **details: str) -> None:
        name = key.rstrip("_")
        self.problems.add(code, (self.site / name).key, warning=False, metric=self.metric.value, name=name, **details)


def filled_amount(value: Decimal | Placeholder, site: Site, filled: Filled) -> Decimal:
    """A number, written or taken from a parameter; 0 after reporting one that is missing or no number."""
    if not isinstance(value, Placeholder):
        return value
    found = filled.values.get(value.name)
    if isinstance(found, bool) or not isinstance(found, (int, Decimal)):
        code = "parameter-unknown" if value.name not in filled.values else "parameter-not-number"
        filled.problems.add(code, filled.places.get(value.name, site.at), name="$" + value.name, value=found,
                            known=listing(filled.values) or "—")
        return _ZERO
    return Decimal(found)


def is_absent(name: str, procedures: Mapping[str, Procedure]) -> bool:
    """True where no procedure of the sub-platform that ``name`` belongs to is loaded."""
    prefix = name.partition("/")[0].partition(".")[0]
    return not any(known.partition(".")[0] == prefix for known in procedures)
