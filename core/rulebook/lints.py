"""What is well-formed and still wrong, or probably not meant."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from core.rulebook.build.checklist import ChecklistSource
from core.rulebook.build.context import Lookup, Problems, Site, titles
from core.rulebook.build.discretion import DiscretionSource
from core.rulebook.build.patterns import PatternSource
from core.rulebook.build.supervision import RuleSource
from core.rulebook.bundle import Regional
from core.rulebook.kinds.tests import TestsDocument
from core.rulebook.model import Procedure, Template
from core.rulebook.stretches import overlap
from core.text import Text

CHAINS = frozenset({Template.DIRECTLY_FOLLOWED_BY, Template.DIRECTLY_AFTER})
NEED_AN_END = frozenset({Template.ALSO_REQUIRES, Template.AT_LEAST, Template.EXACTLY, Template.ANSWERED_BEFORE_NEXT})


Source = RuleSource | ChecklistSource | DiscretionSource | PatternSource


def lint_validity(sources: Sequence[Source], problems: Problems) -> None:
    """Two versions of one rule, checklist or table must not count on the same day; each names its basis."""
    seen: dict[tuple[type, str], list[Source]] = defaultdict(list)
    for source in sources:
        others = seen[type(source), source.id]
        clash = next((other for other in others if overlap(other.valid, source.valid)), None)
        if clash:
            problems.add("version-overlap", (source.site / "id").at, id=source.id, other=clash.site.at)
        others.append(source)
        if not source.spec.basis:
            problems.add("basis-missing", source.site.at, id=source.spec.id)


def lint_rules(sources: Sequence[RuleSource], by_region: Mapping[str, Regional], problems: Problems) -> None:
    """Rules that can never be violated, and rules that an unrelated step would break."""
    sites = {source.id: source for source in sources}
    seen: set[int] = set()
    for regional in by_region.values():
        for versions in regional.rules.values():
            for rule in versions:
                source = sites.get(rule.id)
                if source is None or id(rule) in seen:
                    continue
                seen.add(id(rule))
                place = (source.site / rule.template.value).key
                ends = bool(source.procedure.closes_with)
                if rule.template is Template.FOLLOWED_BY and rule.within is None and not ends:
                    problems.add("never-violated", place, rule=source.spec.id)
                if rule.template in NEED_AN_END and rule.within is None and not ends:
                    problems.add("only-violated-at-end", place, warning=True, rule=source.spec.id)
                if rule.template in CHAINS and rule.basis:
                    problems.add("chain-rule", place, warning=True, rule=source.spec.id)


def lint_procedures(procedures: Mapping[str, Procedure], sites: Iterable[tuple[str, Site]], problems: Problems) -> None:
    """Attributes of the case that no step fills in."""
    for name, site in sites:
        procedure = procedures[name]
        filled = {field for event in procedure.events.values() for field in event.fields}
        for attribute, declared in procedure.attributes.items():
            if attribute not in filled:
                problems.add("attribute-never-filled", (site / "attributes" / attribute).key, warning=True,
                             name=attribute, title=declared.title)


def check_tests(document: TestsDocument, site: Site, procedure: Procedure, rules: Mapping[str, Text],
                checklists: Mapping[str, Text], problems: Problems) -> None:
    """Names in a test file: steps, rules, checklists.

    Args:
        rules: titles of all rules by full id; the file names those of its procedure by the last part.
        checklists: likewise.
    """
    events = Lookup(problems, "event", titles(procedure.events))
    expected = Lookup(problems, "rule", _local(rules, procedure.id))
    scored = Lookup(problems, "checklist", {**_local(checklists, procedure.id), "total": Text("总分")})
    for index, case in enumerate(document.cases):
        place = site / "cases" / index
        for number, step in enumerate(case.events):
            spot = place / "events" / number
            if len(step) != 1:
                problems.add("test-one-step", spot.at, found=len(step))
            for name in step:
                events.check(name, (spot / name).key)
        for name in case.expect:
            expected.check(name, (place / "expect" / name).key)
        for name in case.scores:
            scored.check(name, (place / "scores" / name).key)


def _local(names: Mapping[str, Text], procedure: str) -> dict[str, Text]:
    prefix = procedure + "/"
    return {name.removeprefix(prefix): title for name, title in names.items() if name.startswith(prefix)}
