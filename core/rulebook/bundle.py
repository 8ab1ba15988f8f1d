"""The bundle: everything that the rule files say, resolved, typed and immutable."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from core.calendars import Calendar
from core.discretion.lists import ListOfActs
from core.discretion.model import Table
from core.documents.template import DocumentTemplate
from core.errors import Problem
from core.rulebook.documents import Loaded
from core.rulebook.model import Checklist, Procedure, Rule, Scheme
from core.rulebook.overlay import Effective, Parameters
from core.rulebook.patterns import CrossPattern
from core.rulebook.regions import ancestors


@dataclass(frozen=True, slots=True)
class Regional:
    """What counts for one region with an overlay (or, for the empty chain, everywhere else)."""

    rules: Mapping[str, tuple[Rule, ...]]
    checklists: Mapping[str, tuple[Checklist, ...]]
    calendar: Calendar
    discretion: tuple[Table, ...] = ()
    patterns: tuple[CrossPattern, ...] = ()
    schemes: tuple[Scheme, ...] = ()


@dataclass(frozen=True, eq=False)
class Bundle:
    """The rules in force, for every region and date.

    Attributes:
        hash: SHA-256 over the canonical content; comments, order and layout of files do not matter.
        procedures: by id.
        schemes: by id, with the values that count where no region changes any; of several versions the one that
            begins last. ``all_schemes`` has every version.
        sources: file name to SHA-256 of the file, for receipts.
        warnings: lints that did not keep the rules from loading.
        document_templates: documents that the platform can write, by id.
    """

    hash: str
    procedures: Mapping[str, Procedure]
    schemes: Mapping[str, Scheme]
    sources: Mapping[str, str]
    warnings: tuple[Problem, ...] = ()
    all_schemes: tuple[Scheme, ...] = field(default=(), repr=False)
    by_region: Mapping[str, Regional] = field(default_factory=dict, repr=False)
    definitions: Parameters = field(default_factory=Parameters, repr=False)
    files: tuple[Loaded, ...] = field(default=(), repr=False)
    all_lists: tuple[ListOfActs, ...] = field(default=(), repr=False)
    document_templates: Mapping[str, DocumentTemplate] = field(default_factory=dict, repr=False)

    @property
    def regions(self) -> frozenset[str]:
        """Regions that have an overlay of their own."""
        return frozenset(self.by_region) - {""}

    def rules(self, procedure: str, region: str = "") -> tuple[Rule, ...]:
        """Every version of every supervision rule of a procedure for a region; their ``valid`` are disjoint."""
        return self._regional(region).rules.get(procedure, ())

    def checklists(self, procedure: str, region: str = "") -> tuple[Checklist, ...]:
        """Every version of every checklist of a procedure for a region."""
        return self._regional(region).checklists.get(procedure, ())

    def discretion(self, region: str = "") -> tuple[Table, ...]:
        """Every version of every discretion table for a region."""
        return self._regional(region).discretion

    def discretion_versions(self, table_id: str, region: str = "") -> tuple[Table, ...]:
        """The versions of one discretion table for a region, the earliest first."""
        found = (table for table in self.discretion(region) if table.id == table_id)
        return tuple(sorted(found, key=lambda table: table.valid.start or date.min))

    def lists(self, procedure: str, region: str = "") -> tuple[ListOfActs, ...]:
        """The lists of acts that are looked at in a procedure, for a region."""
        chain = ancestors(region)
        return tuple(one for one in self.all_lists
                     if procedure in one.procedures and (not one.region or one.region in chain))

    def patterns(self, region: str = "") -> tuple[CrossPattern, ...]:
        """Every version of every pattern across cases for a region, each after those whose findings it counts."""
        return self._regional(region).patterns

    def calendar(self, region: str = "") -> Calendar:
        """Working days of a region: the country's, and what the region and its parents add."""
        return self._regional(region).calendar

    def scheme_for(self, procedure: str | None, day: date, per: Literal["case", "organ"]) -> Scheme | None:
        """The scheme that scores on a day; the one that began last where several do."""
        found = [scheme for scheme in self.all_schemes
                 if scheme.per == per and scheme.procedure == procedure and day in scheme.valid]
        return max(found, key=lambda scheme: scheme.valid.start or date.min, default=None)

    def organ_schemes(self, year: int, region: str = "") -> tuple[Scheme, ...]:
        """The schemes by which a region's organs are assessed in a year: of each that is in use there the version in
        force on the last day of the year.
        """
        day = date(year, 12, 31)
        found = {scheme.id: scheme for scheme in self._regional(region).schemes
                 if scheme.per == "organ" and day in scheme.valid and scheme.in_use}
        return tuple(found[name] for name in sorted(found))

    def organ_scheme(self, scheme_id: str, year: int, region: str = "") -> Scheme | None:
        """The version of a scheme by which a region's organs are assessed in a year; None where it is not in use."""
        return next((each for each in self.organ_schemes(year, region) if each.id == scheme_id), None)

    def parameters(self, region: str = "", on: date | None = None) -> tuple[Effective, ...]:
        """Every parameter's value for a region on a date (default: today's date where none is given)."""
        day = on or date.today()
        chain = ancestors(region)
        found = (self.definitions.effective(key, day, chain) for key, definition in
                 sorted(self.definitions.definitions.items())
                 if not definition.region or definition.region in chain)
        return tuple(value for value in found if value is not None)

    def documents(self, kind: str) -> tuple[Loaded, ...]:
        """Checked files of a kind, as written."""
        return tuple(loaded for loaded in self.files if loaded.kind.name == kind)

    def rule(self, rule_id: str, day: date, region: str = "") -> Rule | None:
        """The version of a rule that counts for a region on a day."""
        procedure = rule_id.rpartition("/")[0]
        return next((rule for rule in self.rules(procedure, region) if rule.id == rule_id and day in rule.valid), None)

    def _regional(self, region: str) -> Regional:
        for each in reversed(ancestors(region)):
            if each in self.by_region:
                return self.by_region[each]
        return self.by_region[""]
