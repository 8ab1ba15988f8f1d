"""Import of organs."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, cast

from core.database import database
from core.organs.actors import Actor, Directory, OrganFacts
from core.organs.codes import level_of
from core.organs.importing.columns import ORGAN_COLUMNS, match_headings
from core.organs.importing.report import Complaints, ImportReport, refuse
from core.organs.importing.sheets import Row, Sheet, read_sheet
from core.organs.models import Organ, Region, RegionAlias
from core.organs.uscc import is_valid, normalise
from core.organs.vocabulary import OrganKind, RegionLevel

OWN_CODE = re.compile(r"[A-Za-z0-9_-]{2,32}")
GOVERNING = frozenset({OrganKind.GOVERNMENT.value, OrganKind.DISPATCHED_OFFICE.value})
FIELDS = ("id", "name", "short_name", "region", "level", "kind", "government", "upper_department", "active")
CHUNK = 1000


@dataclass(slots=True)
class Draft:
    """A row on its way to becoming an organ; references are still as written."""

    row: Row
    id: str
    name: str
    short_name: str
    region: str
    level: str
    kind: str
    government: str | None
    upper_department: str | None
    active: bool

    def values(self) -> tuple[object, ...]:
        """Column values in the order of ``FIELDS``."""
        return tuple(getattr(self, field) for field in FIELDS)


def import_organs(data: bytes, name: str, *, dry_run: bool = False, scope: Actor | None = None) -> ImportReport:
    """Take organs in from a CSV or XLSX file: all rows or none. An organ that is there already is brought up to date.

    Args:
        data: the file's content.
        name: its name, for messages.
        dry_run: find out what would happen and change nothing.
        scope: who imports, where only organs below his own may be touched; None may touch all (the command line).

    Raises:
        FazhiError: every wrong cell, unless it is a trial run, whose report lists them.
    """
    sheet = read_sheet(data, name)
    with database.atomic():
        stored = Organ.select(*(Organ._meta.fields[item] for item in FIELDS)).tuples()
        existing = {str(row[0]): row for row in cast("Iterable[tuple[Any, ...]]", stored)}
        reader = _OrganReader(sheet, existing, scope)
        drafts = reader.read()
        problems = reader.complaints.all()
        if not dry_run:
            refuse(problems)
        new = [draft for draft in drafts if draft.id not in existing]
        changed = [draft for draft in drafts if draft.id in existing and draft.values() != existing[draft.id]]
        applied = not dry_run
        if applied:
            _write(new, changed)
    return ImportReport(name, len(sheet.rows), len(new), len(changed), len(drafts) - len(new) - len(changed),
                        problems, applied)


class _OrganReader:
    def __init__(self, sheet: Sheet, existing: Mapping[str, tuple[Any, ...]], scope: Actor | None) -> None:
        self.sheet = sheet
        self.headings = match_headings(sheet, ORGAN_COLUMNS)
        self.complaints = Complaints(sheet, self.headings)
        self.scope = scope
        self.existing = {key: Draft(Row(0, ()), *row) for key, row in existing.items()}
        self.regions = {row.code: row.level for row in Region.select()}
        self.aliases = {row.code: row for row in RegionAlias.select()}
        self.ids: dict[str, Row] = {}

    def read(self) -> list[Draft]:
        """Every row that could be understood."""
        if self.complaints.serious:
            return []
        drafts = [draft for row in self.sheet.rows if (draft := self._draft(row))]
        self._check_names(drafts)
        everything = {**self.existing, **{draft.id: draft for draft in drafts}}
        self._resolve(drafts, everything)
        self._check_circles(drafts, everything)
        self._check_governments(drafts, everything)
        if self.scope:
            self._check_scope(drafts, everything, self.scope)
        return drafts

    def _draft(self, row: Row) -> Draft | None:
        name = self.headings.cell(row, "name")
        if not name:
            self.complaints.add(row, "name", "cell-empty")
        organ_id = self._id(row)
        before = self.existing.get(organ_id)
        region, level = self._region(row, before)
        kind = self._choice(row, "kind", "")
        active = self._choice(row, "active", "false" if before and not before.active else "true")
        if not (name and organ_id and region and level and kind and active):
            return None
        return Draft(row, organ_id, name, self._optional(row, "short_name", before) or "", region, level, kind,
                     self._optional(row, "government", before), self._optional(row, "upper_department", before),
                     active == "true")

    def _id(self, row: Row) -> str:
        uscc, code = normalise(self.headings.cell(row, "uscc")), self.headings.cell(row, "code")
        column = "uscc" if uscc else "code"
        organ_id = uscc or code
        if not organ_id:
            self.complaints.add(row, "uscc", "organ-without-code")
            return ""
        if uscc and not is_valid(uscc):
            self.complaints.add(row, "uscc", "uscc-wrong", value=uscc)
            return ""
        if not uscc and not OWN_CODE.fullmatch(code):
            self.complaints.add(row, "code", "organ-code-malformed", value=code)
            return ""
        if organ_id in self.ids:
            self.complaints.add(row, column, "row-twice", value=organ_id, first=self.ids[organ_id].number)
            return ""
        self.ids[organ_id] = row
        return organ_id

    def _region(self, row: Row, before: Draft | None) -> tuple[str, str]:
        region = self.headings.cell(row, "region")
        if region in self.aliases:
            alias = self.aliases[region]
            self.complaints.add(row, "region", "region-alias", value=region, name=alias.name, within=alias.within_id)
            return "", ""
        if region not in self.regions:
            self.complaints.add(row, "region", "cell-empty" if not region else "region-not-loaded", value=region)
            return "", ""
        same_region = before is not None and before.region == region
        level = self._choice(row, "level", before.level if before and same_region else self.regions[region])
        if level and RegionLevel(level).rank < level_of(region).rank:
            self.complaints.add(row, "level", "level-above-region", region=region)
            return "", ""
        return region, level

    def _choice(self, row: Row, column: str, default: str) -> str:
        text = self.headings.cell(row, column)
        if text:
            return self.complaints.choice(row, column, text)
        if not default:
            self.complaints.add(row, column, "cell-empty")
        return default

    def _optional(self, row: Row, column: str, before: Draft | None) -> str | None:
        """A cell that may be empty; a column that the sheet does not have leaves what is there."""
        if column not in self.headings.places and before:
            kept: str | None = getattr(before, column)
            return kept
        return self.headings.cell(row, column) or None

    def _check_names(self, drafts: Iterable[Draft]) -> None:
        seen: dict[tuple[str, str], Draft] = {}
        for draft in drafts:
            other = seen.setdefault((draft.region, draft.name), draft)
            if other is not draft:
                self.complaints.add(draft.row, "name", "organ-name-twice", value=draft.name, first=other.row.number)

    def _resolve(self, drafts: Iterable[Draft], everything: Mapping[str, Draft]) -> None:
        by_name: dict[str, list[str]] = defaultdict(list)
        for organ in everything.values():
            by_name[organ.name].append(organ.id)
        for draft in drafts:
            draft.government = self._reference(draft, "government", everything, by_name)
            draft.upper_department = self._reference(draft, "upper_department", everything, by_name)
            if draft.government and everything[draft.government].kind not in GOVERNING:
                self.complaints.add(draft.row, "government", "organ-not-a-government",
                                    value=everything[draft.government].name)

    def _reference(self, draft: Draft, column: str, everything: Mapping[str, Draft],
                   by_name: Mapping[str, list[str]]) -> str | None:
        text: str | None = getattr(draft, column)
        if text is None:
            return None
        for candidate in (text, normalise(text)):
            if candidate in everything:
                return self._not_itself(draft, column, candidate)
        found = by_name.get(text, [])
        if len(found) == 1:
            return self._not_itself(draft, column, found[0])
        problem = "organ-name-ambiguous" if found else "organ-reference-unknown"
        self.complaints.add(draft.row, column, problem, value=text, count=len(found))
        return None

    def _not_itself(self, draft: Draft, column: str, organ_id: str) -> str | None:
        if organ_id != draft.id:
            return organ_id
        self.complaints.add(draft.row, column, "organ-circle", value=draft.name)
        return None

    def _check_circles(self, drafts: Iterable[Draft], everything: Mapping[str, Draft]) -> None:
        for draft in drafts:
            for column in ("government", "upper_department"):
                seen = {draft.id}
                current = getattr(draft, column)
                while current and current not in seen:
                    seen.add(current)
                    current = getattr(everything[current], column)
                if current == draft.id and len(seen) > 1:
                    self.complaints.add(draft.row, column, "organ-circle", value=draft.name)

    def _check_governments(self, drafts: Iterable[Draft], everything: Mapping[str, Draft]) -> None:
        """Two governments of one region would each look into the other's files."""
        ruling: dict[tuple[str, str], set[str]] = defaultdict(set)
        for organ in everything.values():
            if organ.kind == OrganKind.GOVERNMENT and organ.active and level_of(organ.region) == organ.level:
                ruling[organ.region, organ.kind].add(organ.id)
        for draft in drafts:
            others = ruling[draft.region, draft.kind] - {draft.id}
            if others and draft.id in ruling[draft.region, draft.kind]:
                self.complaints.add(draft.row, "kind", "government-twice", region=draft.region,
                                    other=everything[min(others)].name)

    def _check_scope(self, drafts: Iterable[Draft], everything: Mapping[str, Draft], scope: Actor) -> None:
        directory = Directory(remember=True)
        for draft in drafts:
            before = self.existing.get(draft.id)
            after = _facts(draft)
            reachable = scope.place.covers(after) or (draft.upper_department or draft.government) == scope.organ
            if draft.id == scope.organ or not reachable or (
                    before and not directory.is_over(scope.place, _facts(before))):
                self.complaints.add(draft.row, "region", "organ-out-of-reach", value=draft.name,
                                    organ=scope.place.name)


def _facts(draft: Draft) -> OrganFacts:
    return OrganFacts(draft.id, draft.name, draft.region, draft.level, draft.kind, draft.government,
                      draft.upper_department, draft.active)


def _write(new: list[Draft], changed: list[Draft]) -> None:
    fields = [Organ._meta.fields[item] for item in FIELDS]
    for start in range(0, len(new), CHUNK):
        Organ.insert_many([draft.values() for draft in new[start:start + CHUNK]], fields=fields).execute()
    for draft in changed:
        Organ.update(dict(zip(fields[1:], draft.values()[1:], strict=True))).where(Organ.id == draft.id).execute()
