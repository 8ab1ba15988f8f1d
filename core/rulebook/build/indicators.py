"""Scoring schemes from their files: the tree's sums, its leaves, and what caps and vetoes name."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from types import MappingProxyType
from typing import Any

from core.language.environment import Environment
from core.language.suggest import listing, nearest
from core.rulebook.build.context import Lookup, Problems, Site, titles
from core.rulebook.build.expressions import compile_condition
from core.rulebook.build.periods import Filled
from core.rulebook.kinds.base import dates_of
from core.rulebook.kinds.indicators import IndicatorsDocument, LeafSpec, NodeSpec
from core.rulebook.model import Cap, Deduction, Leaf, Node, Procedure, Scheme, Veto
from core.text import Text

CONDITIONS = ("among", "where")
"""Arguments of leaves that are conditions on a case of ``procedure``."""

_FINES = re.compile(r"罚款|罚没|没收|(?:^|_)fines?(?:_|\b)|confiscat", re.IGNORECASE)

MEASURES = frozenset({"procedure", "of", "among", "where", "target", "score", "view"})
ARGUMENTS: Mapping[str, frozenset[str]] = MappingProxyType({
    "template": frozenset({"procedure", "checklist"}),
    **dict.fromkeys(("exists", "zero", "ratio", "count", "deadline", "frequency", "monitor"), MEASURES),
})
"""What each metric takes beside ``metric`` and ``missing``."""


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What schemes may name: procedures, rules and checklists, by their full ids."""

    procedures: Mapping[str, Procedure]
    rules: Mapping[str, Text]
    checklists: Mapping[str, Text]


def build_scheme(document: IndicatorsDocument, site: Site, around: Surroundings, problems: Problems) -> Scheme:
    """The typed scheme; what is wrong with it goes to ``problems``."""
    builder = _Builder(document, site, around, problems)
    return builder.scheme()


@dataclass(slots=True)
class _Builder:
    document: IndicatorsDocument
    site: Site
    around: Surroundings
    problems: Problems

    def scheme(self) -> Scheme:
        document, site = self.document, self.site
        if document.per == "case" and document.procedure is None:
            self.problems.add("scheme-needs-procedure", site.at, scheme=document.id)
        if document.procedure is not None:
            known = {name: procedure.title for name, procedure in self.around.procedures.items()}
            Lookup(self.problems, "procedure", known).check(document.procedure, (site / "procedure").at)
        weights: dict[str, Decimal] = {}
        nodes = tuple(self._node(node, site / "nodes" / n, weights) for n, node in enumerate(document.nodes))
        self._check_total(nodes)
        return Scheme(
            id=document.id, title=document.title, per=document.per, nodes=nodes, procedure=document.procedure,
            caps=self._caps(nodes, weights),
            vetoes=tuple(Veto(self._rules(veto.rules, site / "vetoes" / n / "rules"), veto.title)
                         for n, veto in enumerate(document.vetoes)),
            deductions=tuple(Deduction(self._rules(each.rules, site / "deductions" / n / "rules"), each.points,
                                       each.title) for n, each in enumerate(document.deductions)),
            counts=document.counts, scored_from=self._scored_from(), note=document.note,
            basis=tuple(citation.citation() for citation in document.basis), valid=dates_of(document.valid),
        )

    def _scored_from(self) -> tuple[str, ...]:
        procedure = self.around.procedures.get(self.document.procedure or "")
        if procedure is None:
            return ()
        events = Lookup(self.problems, "event", titles(procedure.events))
        return events.all(self.document.scored_from, self.site / "scored_from")

    def _node(self, spec: NodeSpec, site: Site, weights: dict[str, Decimal]) -> Node:
        if spec.id in weights:
            self.problems.add("id-repeated", (site / "id").at, id=spec.id)
        weights[spec.id] = spec.weight
        if spec.weight < 0:
            self.problems.add("weight-negative", (site / "weight").at, node=spec.id)
        if bool(spec.children) == (spec.leaf is not None):
            self.problems.add("node-children-or-leaf", site.at, node=spec.id)
        children = tuple(self._node(child, site / "children" / n, weights) for n, child in enumerate(spec.children))
        total = sum((child.weight for child in children), Decimal(0))
        if children and total != spec.weight:
            self.problems.add("weights-do-not-add-up", (site / "weight").at, node=spec.id, weight=spec.weight,
                              sum=total, parts=" + ".join(f"{child.id} {child.weight}" for child in children))
        return Node(spec.id, spec.title, spec.weight, children,
                    self._leaf(spec.leaf, site / "leaf") if spec.leaf else None,
                    tuple(citation.citation() for citation in spec.basis))

    def _leaf(self, spec: LeafSpec, site: Site) -> Leaf:
        arguments: dict[str, Any] = dict(spec.model_extra or {})
        procedure = arguments.get("procedure", self.document.procedure)
        if "procedure" in arguments:
            known = {name: each.title for name, each in self.around.procedures.items()}
            Lookup(self.problems, "procedure", known).check(str(procedure), (site / "procedure").at)
        unknown = sorted(arguments.keys() - ARGUMENTS[spec.metric])
        for name in unknown:
            near = nearest(name, ARGUMENTS[spec.metric])
            self.problems.add(f"leaf-argument-{'misspelt' if near else 'unknown'}", (site / name).key, name=name,
                              metric=spec.metric, suggestion=near, known=listing(sorted(ARGUMENTS[spec.metric])))
        if spec.metric == "template" and not unknown:
            self._check_template(arguments, procedure, site)
        for name in CONDITIONS:
            source, found = arguments.get(name), self.around.procedures.get(str(procedure))
            if isinstance(source, str) and found is not None:
                condition = compile_condition(source, Environment.of(found), site / name,
                                              Filled({}, {}, self.problems))
                arguments[name] = condition
                self._check_fines(condition.reads if condition else frozenset(), found, site / name)
        return Leaf(spec.metric, arguments, spec.missing)

    def _check_fines(self, reads: frozenset[str], procedure: Procedure, site: Site) -> None:
        """行政处罚法 74: fines and confiscations must not count in the assessment of who imposes them."""
        for name in sorted(reads):
            attribute = procedure.attributes.get(name.removeprefix("c."))
            if attribute is not None and _FINES.search(f"{attribute.id} {attribute.title.zh}"):
                self.problems.add("indicator-reads-fines", site.at, field=attribute.id, title=attribute.title)

    def _check_template(self, arguments: Mapping[str, Any], procedure: object, site: Site) -> None:
        checklist = arguments.get("checklist")
        if not isinstance(checklist, str):
            self.problems.add("leaf-needs-checklist", site.at)
            return
        prefix = f"{procedure}/"
        known = {name.removeprefix(prefix): title for name, title in self.around.checklists.items()
                 if name.startswith(prefix)}
        Lookup(self.problems, "checklist", known).check(checklist, (site / "checklist").at)

    def _rules(self, names: tuple[str, ...], site: Site) -> tuple[str, ...]:
        """Full ids of rules that are named by their full id or, in the scheme's procedure, by the rule alone."""
        prefix = f"{self.document.procedure}/"
        known = dict(self.around.rules) | {name.removeprefix(prefix): title for name, title in
                                           self.around.rules.items() if name.startswith(prefix)}
        found = Lookup(self.problems, "rule", known).all(names, site)
        return tuple(name if "/" in name else prefix + name for name in found)

    def _caps(self, nodes: tuple[Node, ...], weights: Mapping[str, Decimal]) -> tuple[Cap, ...]:
        lookup = Lookup(self.problems, "node", _titles(nodes))
        caps = []
        for index, cap in enumerate(self.document.caps):
            place = self.site / "caps" / index
            if lookup.check(cap.node, (place / "node").at) and not 0 <= cap.most <= weights[cap.node]:
                self.problems.add("cap-out-of-range", (place / "most").at, node=cap.node, most=cap.most,
                                  weight=weights[cap.node])
            caps.append(Cap(cap.node, cap.most, self._rules(cap.rules, place / "rules"), cap.title))
        return tuple(caps)

    def _check_total(self, nodes: tuple[Node, ...]) -> None:
        total = sum((node.weight for node in nodes), Decimal(0))
        if self.document.total is not None and total != self.document.total:
            self.problems.add("weights-do-not-add-up", (self.site / "total").at, node=self.document.id,
                              weight=self.document.total, sum=total,
                              parts=" + ".join(f"{node.id} {node.weight}" for node in nodes))


def _titles(nodes: tuple[Node, ...]) -> dict[str, Text]:
    found: dict[str, Text] = {}
    for node in nodes:
        found[node.id] = node.title
        found |= _titles(node.children)
    return found
