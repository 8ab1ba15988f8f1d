"""Scoring schemes from their files: the tree's sums, its leaves, and what caps and vetoes name."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from core.language.suggest import listing
from core.rulebook.build import fines
from core.rulebook.build.context import Lookup, Problems, Site, titles
from core.rulebook.build.measures import MeasureBuilder, filled_amount, is_absent
from core.rulebook.build.periods import Filled
from core.rulebook.build.source import parameters_used
from core.rulebook.kinds.base import ParameterSpec, Placeholder
from core.rulebook.kinds.indicators import CapSpec, DeductionSpec, IndicatorsDocument, LeafSpec, NodeSpec, VetoSpec
from core.rulebook.model import Cap, DateRange, Deduction, Leaf, Node, Procedure, Rule, Scheme, Veto
from core.text import Text

TEMPLATE = "template"
PER = {"template": "case"}
"""What a scheme scores where it uses a metric; every other metric measures organs."""


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What schemes may name: procedures, rules and checklists, by their full ids."""

    procedures: Mapping[str, Procedure]
    rules: Mapping[str, Text]
    checklists: Mapping[str, Text]
    versions: Mapping[str, Sequence[Rule]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class SchemeSource:
    """A scheme as written, built for each region's parameter values."""

    spec: IndicatorsDocument
    site: Site
    valid: DateRange
    around: Surroundings
    used: frozenset[str] = field(init=False)
    region: str = ""

    def __post_init__(self) -> None:
        object.__setattr__(self, "used", parameters_used(self.spec))

    @property
    def id(self) -> str:
        return self.spec.id

    @property
    def owner(self) -> str:
        """Schemes have no shared parameters."""
        return ""

    @property
    def title(self) -> Text:
        return self.spec.title

    @property
    def params(self) -> Mapping[str, ParameterSpec]:
        return self.spec.params

    def build(self, filled: Filled, valid: DateRange, origin: Mapping[str, str]) -> Scheme | None:
        """The typed scheme; what is wrong with it goes to ``filled.problems``."""
        base = all(place.startswith(f"{self.site.at.file}:") for name, place in origin.items() if name[:2] == "p.")
        return _Builder(self.spec, self.site, self.around, filled, base).scheme(valid)


@dataclass(slots=True)
class _Builder:
    """Builds one scheme.

    Attributes:
        base: no region has changed a value: then the parts of a whole must add up to it. A weight that a region
            changed is shared out in proportion.
    """

    document: IndicatorsDocument
    site: Site
    around: Surroundings
    filled: Filled
    base: bool

    @property
    def problems(self) -> Problems:
        return self.filled.problems

    def scheme(self, valid: DateRange) -> Scheme:
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
            vetoes=tuple(Veto(self._rules(veto, site / "vetoes" / n), veto.title, veto.scope)
                         for n, veto in enumerate(document.vetoes)),
            deductions=tuple(Deduction(self._rules(each, site / "deductions" / n), each.points, each.title, each.scope)
                             for n, each in enumerate(document.deductions)),
            counts=document.counts, scored_from=self._scored_from(), note=document.note,
            basis=tuple(citation.citation() for citation in document.basis), valid=valid, in_use=self._in_use(),
        )

    def _in_use(self) -> bool:
        written = self.document.in_use
        if not isinstance(written, Placeholder):
            return written
        value = self.filled.values.get(written.name)
        if not isinstance(value, bool):
            self.problems.add("scheme-switch", (self.site / "in_use").at, name=written.name, value=value or "—")
            return False
        return value

    def _scored_from(self) -> tuple[str, ...]:
        procedure = self.around.procedures.get(self.document.procedure or "")
        if procedure is None:
            return ()
        events = Lookup(self.problems, "event", titles(procedure.events))
        return events.all(self.document.scored_from, self.site / "scored_from")

    def _node(self, spec: NodeSpec, site: Site, weights: dict[str, Decimal]) -> Node:
        if spec.id in weights:
            self.problems.add("id-repeated", (site / "id").at, id=spec.id)
        weight = filled_amount(spec.weight, site / "weight", self.filled)
        weights[spec.id] = weight
        if weight < 0:
            self.problems.add("weight-negative", (site / "weight").at, node=spec.id)
        if bool(spec.children) == (spec.leaf is not None):
            self.problems.add("node-children-or-leaf", site.at, node=spec.id)
        children = tuple(self._node(child, site / "children" / n, weights) for n, child in enumerate(spec.children))
        total = sum((child.weight for child in children), Decimal(0))
        if self.base and children and total != weight:
            self.problems.add("weights-do-not-add-up", (site / "weight").at, node=spec.id, weight=weight,
                              sum=total, parts=" + ".join(f"{child.id} {child.weight}" for child in children))
        return Node(spec.id, spec.title, weight, children,
                    self._leaf(spec.leaf, site / "leaf", spec.id, weight) if spec.leaf else None,
                    tuple(citation.citation() for citation in spec.basis), spec.note, spec.derived)

    def _leaf(self, spec: LeafSpec, site: Site, node: str, weight: Decimal) -> Leaf:
        if PER.get(spec.metric, "organ") != self.document.per:
            self.problems.add("leaf-other-subject", (site / "metric").at, metric=spec.metric, per=self.document.per)
            return Leaf(spec.metric, missing=spec.missing)
        if spec.metric != TEMPLATE:
            builder = MeasureBuilder(spec, site, node, weight, self.around.procedures, self.around.rules, self.filled)
            return Leaf(spec.metric, missing=spec.missing, measure=builder.measure())
        for name in sorted(spec.model_fields_set - {"metric", "missing", "procedure", "checklist"}):
            self.problems.add("leaf-argument-unknown", (site / name.rstrip("_")).key, name=name.rstrip("_"),
                              metric=spec.metric, known=listing(["checklist", "missing", "procedure"]))
        return Leaf(spec.metric, self._checklist(spec, site), spec.missing)

    def _checklist(self, spec: LeafSpec, site: Site) -> str:
        procedure = spec.procedure or self.document.procedure
        if spec.checklist is None:
            self.problems.add("leaf-needs-checklist", site.at)
            return ""
        prefix = f"{procedure}/"
        known = {name.removeprefix(prefix): title for name, title in self.around.checklists.items()
                 if name.startswith(prefix)}
        Lookup(self.problems, "checklist", known).check(spec.checklist, (site / "checklist").at)
        return spec.checklist

    def _rules(self, part: CapSpec | VetoSpec | DeductionSpec, place: Site) -> tuple[str, ...]:
        """Full ids of rules that are named by their full id or, in the scheme's procedure, by the rule alone.

        A rule of a sub-platform that is not loaded stays named: nothing is found against it.
        """
        site, prefix = place / "rules", f"{self.document.procedure}/"
        known = dict(self.around.rules) | {name.removeprefix(prefix): title for name, title in
                                           self.around.rules.items() if name.startswith(prefix)}
        lookup = Lookup(self.problems, "rule", known)
        found = []
        for index, name in enumerate(part.rules):
            if "/" in name and is_absent(name, self.around.procedures):
                found.append(name)
            elif lookup.check(name, site.item(index)):
                full = name if "/" in name else prefix + name
                found.append(full)
                for rule in self.around.versions.get(full, ()):
                    fines.check_rule(rule, self.around.procedures.get(rule.procedure), site / index, self.problems)
        return tuple(found)

    def _caps(self, nodes: tuple[Node, ...], weights: Mapping[str, Decimal]) -> tuple[Cap, ...]:
        lookup = Lookup(self.problems, "node", _titles(nodes))
        caps = []
        for index, cap in enumerate(self.document.caps):
            place = self.site / "caps" / index
            if lookup.check(cap.node, (place / "node").at) and not 0 <= cap.most <= weights[cap.node]:
                self.problems.add("cap-out-of-range", (place / "most").at, node=cap.node, most=cap.most,
                                  weight=weights[cap.node])
            caps.append(Cap(cap.node, cap.most, self._rules(cap, place), cap.title, cap.scope))
        return tuple(caps)

    def _check_total(self, nodes: tuple[Node, ...]) -> None:
        total = sum((node.weight for node in nodes), Decimal(0))
        if self.base and self.document.total is not None and total != self.document.total:
            self.problems.add("weights-do-not-add-up", (self.site / "total").at, node=self.document.id,
                              weight=self.document.total, sum=total,
                              parts=" + ".join(f"{node.id} {node.weight}" for node in nodes))


def _titles(nodes: tuple[Node, ...]) -> dict[str, Text]:
    found: dict[str, Text] = {}
    for node in nodes:
        found[node.id] = node.title
        found |= _titles(node.children)
    return found
