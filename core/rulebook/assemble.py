"""Putting a bundle together: who may refer to whom, in the order in which it can be checked."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from types import MappingProxyType
from typing import TypeVar

from core.discretion.lists import ListOfActs
from core.discretion.model import Table
from core.documents.template import DocumentTemplate
from core.language.environment import Environment
from core.rulebook.build import calendars
from core.rulebook.build.checklist import ChecklistSource
from core.rulebook.build.context import Lookup, Problems, Site, titles
from core.rulebook.build.discretion import DiscretionSource
from core.rulebook.build.document import DocumentBuilder, extend_procedure, shared_fields
from core.rulebook.build.indicators import SchemeSource, Surroundings
from core.rulebook.build.leading import check_leads
from core.rulebook.build.lists import build_list
from core.rulebook.build.patterns import PatternSource, check_patterns, in_order
from core.rulebook.build.procedure import build_procedure
from core.rulebook.build.supervision import RuleSource
from core.rulebook.bundle import Bundle, Regional
from core.rulebook.canonical import content_hash
from core.rulebook.deadlines import check_deadlines
from core.rulebook.documents import Loaded
from core.rulebook.kinds.base import Document, ValidSpec, dates_of
from core.rulebook.kinds.calendar import CalendarDocument
from core.rulebook.kinds.checklist import ChecklistDocument
from core.rulebook.kinds.deadlines import DeadlinesDocument
from core.rulebook.kinds.discretion import DiscretionDocument
from core.rulebook.kinds.document import DocumentDocument
from core.rulebook.kinds.indicators import IndicatorsDocument
from core.rulebook.kinds.lists import ListDocument
from core.rulebook.kinds.overlay import OverlayDocument
from core.rulebook.kinds.parameters import ParametersDocument
from core.rulebook.kinds.patterns import PatternsDocument
from core.rulebook.kinds.procedure import ProcedureDocument
from core.rulebook.kinds.supervision import RuleSpec, SupervisionDocument
from core.rulebook.kinds.tests import TestsDocument
from core.rulebook.lints import check_tests, lint_procedures, lint_rules, lint_validity
from core.rulebook.model import Checklist, DateRange, Procedure, Rule, Scheme
from core.rulebook.narrowing import Narrower, narrowings
from core.rulebook.overlay import Definition, Parameters
from core.rulebook.patterns import SUPERVISION, CrossPattern
from core.rulebook.resolve import Resolver, chains
from core.rulebook.stretches import overlap
from core.text import Text

D = TypeVar("D", bound=Document)

@dataclass(slots=True)
class Assembly:
    """The files on their way to a bundle.

    Attributes:
        complete: False where some file could not be read at all: then a name that is not found may well be in
            that file, and such follow-up problems are left out.
    """

    files: Sequence[Loaded]
    problems: Problems
    complete: bool = True
    procedures: dict[str, Procedure] = field(default_factory=dict)
    environments: dict[str, Environment] = field(default_factory=dict)
    parameters: Parameters = field(default_factory=Parameters)
    shared: dict[str, dict[str, str]] = field(default_factory=dict)
    rules: list[RuleSource] = field(default_factory=list)
    checklists: list[ChecklistSource] = field(default_factory=list)
    discretion: list[DiscretionSource] = field(default_factory=list)
    patterns: list[PatternSource] = field(default_factory=list)

    def bundle(self, sources: Mapping[str, str]) -> Bundle:
        """Check everything and build the bundle; it is only usable where no errors were found."""
        self._procedures()
        templates = self._document_templates()
        self._parameters()
        self._rules()
        self._checklists()
        self._discretion()
        self._patterns()
        self._scheme_parameters()
        self._overlays()
        lint_validity([*self.rules, *self.checklists, *self.discretion, *self.patterns], self.problems)
        by_region = self._resolve()
        lint_procedures(self.procedures, [(d.id, s) for d, s in self._of(ProcedureDocument)], self.problems)
        lint_rules(self.rules, by_region, self.problems)
        by_region = self._schemes(by_region)
        schemes = by_region[""].schemes
        lists = self._lists()
        self._tests()
        if self.complete:
            check_deadlines(self._of(DeadlinesDocument), {name: by_region[""].rules.get(name, ())
                                                          for name in self.procedures}, self.parameters, self.problems)
        return Bundle(
            hash=self._hash(), procedures=MappingProxyType(self.procedures),
            schemes=MappingProxyType({each.id: each for each in schemes}),
            sources=MappingProxyType(dict(sources)), warnings=self.problems.warnings, all_schemes=schemes,
            by_region=MappingProxyType(by_region), definitions=self.parameters, files=tuple(self.files),
            all_lists=lists,
            document_templates=MappingProxyType(templates),
        )

    def _of(self, model: type[D]) -> list[tuple[D, Site]]:
        return [(loaded.document, Site(loaded.file)) for loaded in self.files if isinstance(loaded.document, model)]

    def _procedures(self) -> None:
        for document, site in self._of(ProcedureDocument):
            if document.id in self.procedures:
                self.problems.add("procedure-twice", (site / "id").at, id=document.id)
                continue
            procedure = build_procedure(document, site, self.problems)
            self.procedures[document.id] = procedure
            self.environments[document.id] = Environment.of(procedure)

    def _document_templates(self) -> dict[str, DocumentTemplate]:
        """The documents; first each extends its procedure, then all are checked against what came of it."""
        found: dict[str, tuple[DocumentDocument, Site]] = {}
        shared = shared_fields(self._of(DocumentDocument))
        for document, site in self._of(DocumentDocument):
            procedure = self._procedure(document.procedure, site / "procedure")
            if document.id in found:
                self.problems.add("document-twice", (site / "id").at, id=document.id)
            elif procedure is not None:
                found[document.id] = (document, site)
                self.procedures[procedure.id] = extend_procedure(document, site, procedure, self.problems,
                                                                 shared)
        for name in {document.procedure for document, _ in found.values()}:
            self.environments[name] = Environment.of(self.procedures[name])
        if self.complete:
            check_leads(self.procedures, self._of(ProcedureDocument), self.problems)
            self._check_material_documents({id_: document.title for id_, (document, _) in found.items()})
        return {id_: DocumentBuilder.of(document, site, self.procedures[document.procedure],
                                        self.environments[document.procedure], self.problems).build()
                for id_, (document, site) in found.items()}

    def _check_material_documents(self, known: Mapping[str, Text]) -> None:
        lookup = Lookup(self.problems, "document", known)
        for procedure, site in self._of(ProcedureDocument):
            for name, event in procedure.events.items():
                for index, material in enumerate(event.materials):
                    if material.document is not None:
                        lookup.check(material.document, (site / "events" / name / "materials" / index / "document").at)

    def _procedure(self, name: str, site: Site) -> Procedure | None:
        if name not in self.procedures and not self.complete:
            return None
        known = Lookup(self.problems, "procedure", titles(self.procedures))
        return self.procedures[name] if known.check(name, site.at) else None

    def _parameters(self) -> None:
        for document, site in self._of(ParametersDocument):
            if self._procedure(document.procedure, site / "procedure") is None:
                continue
            names = self.shared.setdefault(document.procedure, {})
            for name, spec in document.parameters.items():
                key = f"{document.id}.{name}"
                place = site / "parameters" / name
                if name in names:
                    self.problems.add("parameter-twice", place.key, key=name,
                                      other=self.parameters.definitions[names[name]].at)
                    continue
                names[name] = key
                self.parameters.define(Definition(key, spec.title or Text(name), spec, place), self.problems)

    def _rules(self) -> None:
        for document, site in self._of(SupervisionDocument):
            procedure = self._procedure(document.procedure, site / "procedure")
            if procedure is None:
                continue
            for index, spec in enumerate(document.rules):
                place = site / "rules" / index
                self._rule(spec, place, procedure, self._valid(spec.valid, dates_of(document.valid), place))

    def _rule(self, spec: RuleSpec, site: Site, procedure: Procedure, valid: DateRange, region: str = "") -> None:
        source = RuleSource(spec, site, valid, region, procedure=procedure,
                            environment=self.environments[procedure.id])
        self.rules.append(source)
        self._define(source)

    def _define(self, source: RuleSource | ChecklistSource | DiscretionSource | PatternSource | SchemeSource) -> None:
        for name, spec in source.params.items():
            title = spec.title or Text(f"{source.title.zh}：{name}")
            self.parameters.define(Definition(f"{source.id}.{name}", title, spec, source.site / "params" / name,
                                              source.region), self.problems)
            if name not in source.used:
                self.problems.add("parameter-unused", (source.site / "params" / name).key, warning=True, name=name)

    def _checklists(self) -> None:
        for document, site in self._of(ChecklistDocument):
            procedure = self._procedure(document.procedure, site / "procedure")
            if procedure is None:
                continue
            for index, spec in enumerate(document.checklists):
                place = site / "checklists" / index
                source = ChecklistSource(spec, place, self._valid(spec.valid, dates_of(document.valid), place),
                                         procedure=procedure, environment=self.environments[procedure.id])
                self.checklists.append(source)
                self._define(source)

    def _discretion(self) -> None:
        for document, site in self._of(DiscretionDocument):
            source = DiscretionSource(document, site, dates_of(document.valid))
            self.discretion.append(source)
            self._define(source)

    def _patterns(self) -> None:
        for document, site in self._of(PatternsDocument):
            for index, spec in enumerate(document.patterns):
                place = site / "patterns" / index
                source = PatternSource(spec, place, self._valid(spec.valid, dates_of(document.valid), place))
                self.patterns.append(source)
                self._define(source)

    def _lists(self) -> tuple[ListOfActs, ...]:
        found: dict[str, Site] = {}
        built = []
        tables = {source.id: source.title for source in self.discretion}
        for document, site in self._of(ListDocument):
            if document.id in found:
                self.problems.add("list-twice", (site / "id").at, id=document.id, other=found[document.id].at)
            found.setdefault(document.id, site / "id")
            for index, name in enumerate(document.procedures):
                self._procedure(name, site / "procedures" / index)
            if self.complete:
                built.append(build_list(document, site, self.environments, tables, self.problems))
        return tuple(built)

    def _valid(self, own: ValidSpec | None, outer: DateRange, site: Site) -> DateRange:
        both = overlap(dates_of(own), outer)
        if both is None:
            self.problems.add("valid-outside", (site / "valid").at)
        return both or outer

    def _overlays(self) -> None:
        for document, site in self._of(OverlayDocument):
            for index, spec in enumerate(document.add):
                place = site / "add" / index
                if not spec.id.startswith(document.region + "-"):
                    self.problems.add("added-rule-id", (place / "id").at, id=spec.id, region=document.region)
                procedure = self._procedure(spec.procedure, place / "procedure")
                if procedure is not None:
                    valid = self._valid(spec.valid, dates_of(document.valid), place)
                    self._rule(spec, place, procedure, valid, document.region)
        for document, site in self._of(OverlayDocument):
            if self.complete or all(key in self.parameters.definitions for key in document.set):
                self.parameters.add(document, site, self.problems)
        self.parameters.check(self.problems)

    def _resolve(self) -> dict[str, Regional]:
        notices, overlays = self._of(CalendarDocument), self._of(OverlayDocument)
        base = calendars.national(notices, self.problems)
        rules: Resolver[Rule] = Resolver(self.parameters, self.shared, self.problems)
        checklists: Resolver[Checklist] = Resolver(self.parameters, self.shared, self.problems)
        tables: Resolver[Table] = Resolver(self.parameters, self.shared, self.problems)
        known = {source.id for source in self.discretion}
        narrow = Narrower(narrowings(overlays if self.complete else (), known, self.problems), self.problems)
        patterns: Resolver[CrossPattern] = Resolver(self.parameters, self.shared, self.problems)
        if self.complete:
            codes = {rule.spec.code or rule.spec.id.upper() for rule in self.rules}
            codes |= {pattern.spec.code or pattern.spec.id.upper() for pattern in self.patterns}
            check_patterns(self.patterns, titles_of(self.rules), codes, self.procedures, self.problems)
        regions = {document.region for document, _ in overlays} | {d.region for d, _ in notices if d.region}
        regions |= {source.region for source in self.discretion if source.region}
        return {
            region: _with_patterns(Regional(
                _grouped(rules.resolve(self.rules, chain)), _grouped(checklists.resolve(self.checklists, chain)),
                calendars.regional(base, chain, notices, overlays, self.problems),
                narrow.tables(tables.resolve(self.discretion, chain), chain)),
                in_order(patterns.resolve(self.patterns, chain)))
            for region, chain in chains(regions).items()
        }

    def _tests(self) -> None:
        if not self.complete:
            return
        rules, checklists = titles_of([*self.rules, *self.patterns]), titles_of(self.checklists)
        for document, site in self._of(TestsDocument):
            if document.for_ == SUPERVISION and SUPERVISION not in self.procedures:
                continue  # a folder of rules may be looked at without the platform's own procedures
            procedure = self._procedure(document.for_, site / "for")
            if procedure is not None:
                check_tests(document, site, procedure, rules, checklists, self.problems)

    def _scheme_parameters(self) -> None:
        """Parameters of schemes are there before overlays set them; what schemes name is there only later."""
        nothing = Surroundings({}, {}, {})
        for document, site in self._of(IndicatorsDocument):
            self._define(SchemeSource(document, site, dates_of(document.valid), nothing))

    def _schemes(self, by_region: Mapping[str, Regional]) -> dict[str, Regional]:
        """The regions with their schemes, those that begin earlier first."""
        sources = []
        if self.complete:
            versions: dict[str, list[Rule]] = {}
            for rules in by_region[""].rules.values():
                for rule in rules:
                    versions.setdefault(rule.id, []).append(rule)
            around = Surroundings(self.procedures, titles_of([*self.rules, *self.patterns]),
                                  titles_of(self.checklists), versions)
            sources = [SchemeSource(document, site, dates_of(document.valid), around)
                       for document, site in self._of(IndicatorsDocument)]
        schemes: Resolver[Scheme] = Resolver(self.parameters, self.shared, self.problems)
        above = chains(by_region.keys() - {""})
        return {region: replace(regional, schemes=tuple(sorted(
                    schemes.resolve(sources, above[region]), key=lambda each: each.valid.start or date.min)))
                for region, regional in by_region.items()}

    def _hash(self) -> str:
        """Each rule and checklist counts by itself, so that moving one to another file changes nothing."""
        units: list[object] = []
        for loaded in self.files:
            document = loaded.document
            if isinstance(document, (SupervisionDocument, ChecklistDocument)):
                word = "rules" if isinstance(document, SupervisionDocument) else "checklists"
                units += [(loaded.kind.name, document.procedure, document.valid, each)
                          for each in getattr(document, word)]
            elif isinstance(document, PatternsDocument):
                units += [(loaded.kind.name, document.valid, each) for each in document.patterns]
            elif loaded.kind.counts:
                units.append((loaded.kind.name, document))
        return content_hash(units)


def titles_of(sources: Iterable[RuleSource | ChecklistSource | PatternSource]) -> dict[str, Text]:
    """Titles of rules or checklists by full id."""
    return {source.id: source.title for source in sources}


def _with_patterns(regional: Regional, patterns: tuple[CrossPattern, ...]) -> Regional:
    """The patterns, and among the rules of supervision cases those that judge what they count."""
    if not patterns:
        return regional
    judging = (*regional.rules.get(SUPERVISION, ()), *(pattern.rule for pattern in patterns))
    return replace(regional, rules={**regional.rules, SUPERVISION: judging}, patterns=patterns)


V = TypeVar("V", Rule, Checklist)


def _grouped(versions: Iterable[V]) -> dict[str, tuple[V, ...]]:
    groups: dict[str, list[V]] = {}
    for version in versions:
        groups.setdefault(version.procedure, []).append(version)
    return {procedure: tuple(found) for procedure, found in groups.items()}
