"""Checklists from their files, for given parameter values and dates."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from core.language.environment import Environment
from core.rulebook.build.context import Lookup, Problems, Site, titles
from core.rulebook.build.expressions import common_fields, compile_condition
from core.rulebook.build.fines import check_value
from core.rulebook.build.periods import Filled
from core.rulebook.build.source import OfProcedure
from core.rulebook.kinds.checklist import ChecklistSpec, CheckSpec
from core.rulebook.model import Award, Check, Checklist, DateRange


@dataclass(frozen=True, slots=True)
class ChecklistSource(OfProcedure[ChecklistSpec]):
    """A checklist as written."""

    def build(self, filled: Filled, valid: DateRange, origin: Mapping[str, str]) -> Checklist | None:
        """The typed checklist; what is wrong with it goes to ``filled.problems``."""
        spec, site, problems = self.spec, self.site, filled.problems
        events = Lookup(problems, "event", titles(self.procedure.events)).all(spec.scored_on, site / "scored_on")
        guide = spec.shown == "guide"
        _mode(spec, guide, site, problems)
        environment = self.environment.with_steps({"e": common_fields(self.procedure, events)} if events else {})
        required = {f"{event.id}/{material.id}": material.title
                    for event in self.procedure.events.values() for material in event.materials}
        materials = Lookup(problems, "material", required).all(spec.materials, site / "materials")
        applies = compile_condition(spec.applies, environment.with_steps({}), site / "applies", filled)
        seen: set[str] = set()
        checks = []
        for index, check in enumerate(spec.checks):
            place = site / "checks" / index
            if check.id in seen:
                problems.add("id-repeated", (place / "id").at, id=check.id)
            seen.add(check.id)
            awards = _awards(check, environment, place, filled, guide=guide)
            for award in awards if not guide else ():
                check_value(award.when, self.procedure, place, problems)
            checks.append(Check(check.id, check.title, check.points or Decimal(0), awards))
        if spec.rigid and spec.applies is not None:
            problems.add("rigid-with-applies", (site / "applies").key, checklist=spec.id)
        return Checklist(spec.id, spec.title, self.procedure.id, events, tuple(checks),
                         tuple(citation.citation() for citation in spec.basis), applies, materials, spec.rigid, valid,
                         guide)


def _mode(spec: ChecklistSpec, guide: bool, site: Site, problems: Problems) -> None:
    """A scored template names its steps and points; review points (guide) have neither."""
    if not guide and not spec.scored_on:
        problems.add("field-missing", site.at, field="scored_on", meaning="记录哪些步骤时评分")
    for index, check in enumerate(spec.checks):
        place = site / "checks" / index
        if not guide and check.points is None:
            problems.add("field-missing", place.at, field="points", meaning="满分")
        if guide and (check.points is not None or check.award):
            problems.add("guide-not-scored", place.at, checklist=spec.id, check=check.id)
    if guide and (spec.scored_on or spec.materials or spec.rigid):
        problems.add("guide-not-scored", site.at, checklist=spec.id, check=spec.id)


def _awards(check: CheckSpec, environment: Environment, site: Site, filled: Filled, *, guide: bool
            ) -> tuple[Award, ...]:
    problems = filled.problems
    if guide:
        whole = compile_condition(check.cel, environment, site / "cel", filled) if check.cel else None
        return (Award(whole, Decimal(0)),) if whole else ()
    if check.points is None:
        return ()
    if (check.cel is None) == (not check.award):
        problems.add("check-cel-or-award", site.at, check=check.id)
        return ()
    if check.points <= 0:
        problems.add("points-not-positive", (site / "points").at, points=check.points)
    if check.cel is not None:
        whole = compile_condition(check.cel, environment, site / "cel", filled)
        return (Award(whole, check.points),) if whole else ()
    awards = []
    for index, award in enumerate(check.award):
        place = site / "award" / index
        if not Decimal(0) <= award.points <= check.points:
            problems.add("award-out-of-range", (place / "points").at, points=award.points, most=check.points)
        condition = compile_condition(award.when, environment, place / "when", filled)
        if condition:
            awards.append(Award(condition, award.points, award.flag))
    return tuple(awards)
