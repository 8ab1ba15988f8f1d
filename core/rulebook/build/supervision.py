"""Supervision rules from their files, for given parameter values and dates."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from core.language.suggest import listing
from core.rulebook.build.context import Lookup, titles
from core.rulebook.build.expressions import common_fields, compile_condition
from core.rulebook.build.periods import Filled
from core.rulebook.build.source import OfProcedure
from core.rulebook.build.vocabulary import FROM_ACTIVATION, template_of
from core.rulebook.kinds.base import UNITS, PeriodSpec
from core.rulebook.kinds.supervision import RuleSpec, TargetSpec
from core.rulebook.model import (
    OWNER,
    RECORDER,
    Clock,
    DateRange,
    Field,
    FieldType,
    Pattern,
    Period,
    Rule,
    Template,
    Unit,
    Warning_,
)
from core.text import Text

BOTH_HAVE = ("actor", "organ")
_NAMED = re.compile(r"[ec]\.[a-z][a-z0-9_]*")


@dataclass(frozen=True, slots=True)
class RuleSource(OfProcedure[RuleSpec]):
    """A rule as written."""

    def build(self, filled: Filled, valid: DateRange, origin: Mapping[str, str]) -> Rule | None:
        """The typed rule; None where something is wrong, which ``filled.problems`` then says."""
        template = template_of(self.spec, self.site, filled.problems)
        return _Builder(self, filled).rule(template, valid, origin) if template else None


@dataclass(slots=True)
class _Builder:
    source: RuleSource
    filled: Filled
    events: Lookup = field(init=False)

    def __post_init__(self) -> None:
        self.events = Lookup(self.filled.problems, "event", titles(self.source.procedure.events))

    def rule(self, template: Template, valid: DateRange, origin: Mapping[str, str]) -> Rule | None:
        spec, site, procedure, filled = self.source.spec, self.source.site, self.source.procedure, self.filled
        on = self._on(template)
        target = self._target(template, on)
        fields = {"e": common_fields(procedure, on.events)}
        return Rule(
            id=self.source.id, title=spec.title, procedure=procedure.id, template=template, on=on, target=target,
            basis=tuple(citation.citation() for citation in spec.basis),
            not_before=filled.period(spec.not_before, site / "not_before"),
            within=self._within(template, fields)
            or filled.period(spec.no_later_than, site / "no_later_than"),
            count=self._count(template),
            same=self._correlation("same", on, target), different=self._correlation("different", on, target),
            condition=compile_condition(spec.must, self.source.environment.with_steps(fields), site / "must", filled),
            released_by=self.events.all(spec.released_by, site / "released_by"),
            level=spec.level, remedy=spec.remedy, code=spec.code or spec.id.upper(), confidence=spec.confidence,
            valid=valid, clock=self._clock(), warn=self._warnings(), origin=origin, answers=self._answers(template),
        )

    def _within(self, template: Template, fields: Mapping[str, Mapping[str, Field]]) -> Period | None:
        """The time allowed: a length, or a date that the case names."""
        spec, place, filled = self.source.spec.within, self.source.site / "within", self.filled
        if spec is None or spec.until is None:
            return filled.period(spec, place)
        if given := spec.given():
            filled.problems.add("period-one-unit", place.at, units=listing(UNITS), found=len(given) + 1)
            return None
        if template not in FROM_ACTIVATION:
            filled.problems.add("until-template", (place / "until").key, template=template.value,
                                allowed=listing(word.value for word in FROM_ACTIVATION))
            return None
        named = compile_condition(spec.until, self.source.environment.with_steps(fields), place / "until", filled, None)
        if named is None:
            return None
        name = spec.until.strip()
        if not _NAMED.fullmatch(name) or named.type != "date" or named.reads != {name}:
            filled.problems.add("until-form", (place / "until").at, found=name)
            return None
        return Period(0, Unit.DAYS, spec.roll if spec.roll is not None else True, name)

    def _on(self, template: Template) -> Pattern:
        spec, site, procedure = self.source.spec, self.source.site, self.source.procedure
        if template is Template.NOT_BOTH:
            names, place = (spec.not_both or ())[:1], site / "not_both"
        elif template is Template.STARTS_WITH:
            names, place = spec.starts_with or (), site / "starts_with"
        else:
            names, place = spec.on, site / "on"
        events = self.events.all(names, place)
        environment = self.source.environment.with_steps({"e": common_fields(procedure, events)})
        return Pattern(events, compile_condition(spec.when, environment, site / "when", self.filled))

    def _target(self, template: Template, on: Pattern) -> Pattern | None:
        spec, site, procedure = self.source.spec, self.source.site, self.source.procedure
        if template is Template.NOT_BOTH and spec.not_both:
            place = (site / "not_both" / 1).at
            return Pattern(spec.not_both[1:] if self.events.check(spec.not_both[1], place) else ())
        written = getattr(spec, template.value)
        if not isinstance(written, TargetSpec):
            return None
        place_ = site / template.value
        short = (place_ / "events").at == place_.at
        events = self.events.all(written.events, place_ if short else place_ / "events")
        fields = {"e": common_fields(procedure, on.events), "t": common_fields(procedure, events)}
        return Pattern(events, compile_condition(written.when, self.source.environment.with_steps(fields),
                                                 place_ / "when", self.filled))

    def _count(self, template: Template) -> int | None:
        if template not in (Template.AT_MOST, Template.AT_LEAST, Template.EXACTLY):
            return None
        return self.filled.count(getattr(self.source.spec, template.value), self.source.site / template.value)

    def _correlation(self, word: str, on: Pattern, target: Pattern | None) -> tuple[str, ...]:
        """Fields that both steps have; actor and organ every step has."""
        procedure = self.source.procedure
        here, there = common_fields(procedure, on.events), common_fields(procedure, target.events if target else ())
        known = {name: here[name].title for name in here.keys() & there.keys()} | {
            name: Text("") for name in BOTH_HAVE}
        lookup = Lookup(self.filled.problems, "correlation", known)
        return lookup.all(getattr(self.source.spec, word), self.source.site / word)

    def _answers(self, template: Template) -> tuple[str, ...]:
        """Who answers, with steps and attributes looked up."""
        written, site = self.source.spec.answers, self.source.site / "answers"
        if not written or written == (OWNER,):
            return ()
        if template.per_case:
            self.filled.problems.add("answers-per-case", site.key, template=template.value)
            return ()
        if written == (RECORDER,):
            return written
        if len(written) == 1 and written[0].startswith("c."):
            organs = [f"c.{name}" for name, each in self.source.procedure.attributes.items()
                      if each.type is FieldType.ORGAN]
            if written[0] in organs:
                return written
            self.filled.problems.add("answers-attribute", site.at, name=written[0], known=listing(organs) or "—")
            return ()
        return self.events.all(written, site)

    def _clock(self) -> Clock | None:
        spec, site = self.source.spec, self.source.site
        if not (spec.suspended_by or spec.resumed_by or spec.extended_by):
            return None
        extended = {}
        for event, written in spec.extended_by.items():
            place = site / "extended_by" / event
            period = self.filled.period(written, place)
            if self.events.check(event, place.key) and period:
                extended[event] = period
        return Clock(self.events.all(spec.suspended_by, site / "suspended_by"),
                     self.events.all(spec.resumed_by, site / "resumed_by"), extended)

    def _warnings(self) -> tuple[Warning_, ...]:
        found = []
        for index, warning in enumerate(self.source.spec.warn):
            written: PeriodSpec = warning.before
            period = self.filled.period(written, self.source.site / "warn" / index / "before")
            if period:
                found.append(Warning_(period, warning.level))
        return tuple(found)
