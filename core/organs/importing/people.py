"""Import of people with their roles. Passwords are never imported: each account is activated by its owner."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import cast

from core.database import database
from core.organs.accounts import deactivate, reactivate
from core.organs.actors import Actor
from core.organs.authority_table import Action
from core.organs.grants import PROCEDURES
from core.organs.importing.columns import PERSON_COLUMNS, match_headings
from core.organs.importing.report import Complaints, ImportReport, refuse
from core.organs.importing.sheets import Row, Sheet, read_sheet
from core.organs.models import Organ, Person, RoleGrant
from core.organs.uscc import normalise
from core.organs.visibility import visible_organs
from core.organs.vocabulary import OrganKind, Role

ACCOUNT = re.compile(r"[a-z0-9][a-z0-9._@-]{1,63}")
SEPARATORS = re.compile(r"[、,，;；/]+")
FIELDS = ("id", "name", "organ", "title", "phone", "certificate", "active")
GRANT_FIELDS = ("person", "role", "organ", "procedures", "valid_from", "valid_to", "granted_by")
CHUNK = 2000

Grant = tuple[str, str, str, str, date | None, date | None]
"""Person, role, organ, procedures, first and last day."""


@dataclass(slots=True)
class Draft:
    """A row on its way to becoming a person."""

    row: Row
    values: tuple[object, ...]
    grants: tuple[Grant, ...]

    @property
    def account(self) -> str:
        """The account name."""
        return str(self.values[0])

    @property
    def organ(self) -> str:
        """The organ that employs the person."""
        return str(self.values[2])


def import_people(data: bytes, name: str, *, by: str, today: date, dry_run: bool = False,
                  scope: Actor | None = None) -> ImportReport:
    """Take people in from a CSV or XLSX file: all rows or none.

    People who are there already are brought up to date. Roles in the file are added to those that a person holds
    in the organ; who changes organ loses the roles held in the former one.

    Args:
        by: the account that answers for the roles granted.
        today: local date on which roles in a former organ end.
        dry_run: find out what would happen and change nothing.
        scope: who imports, where only organs that he manages may be touched; None may touch all (the command line).

    Raises:
        FazhiError: every wrong cell, unless it is a trial run, whose report lists them.
    """
    sheet = read_sheet(data, name)
    with database.atomic():
        stored = Person.select(*(Person._meta.fields[item] for item in FIELDS)).tuples()
        existing = {str(row[0]): row for row in cast("Iterable[tuple[object, ...]]", stored)}
        reader = _PersonReader(sheet, existing, by, scope)
        drafts = reader.read()
        problems = reader.complaints.all()
        if not dry_run:
            refuse(problems)
        held = _held_grants(today)
        new = [draft for draft in drafts if draft.account not in existing]
        changed = [draft for draft in drafts if draft.account in existing and draft.values != existing[draft.account]]
        grants = [grant for draft in drafts for grant in draft.grants if grant not in held]
        touched = {draft.account for draft in changed} | {grant[0] for grant in grants if grant[0] in existing}
        if not dry_run:
            _write(new, grants, by)
            _renew(changed, existing, today)
    return ImportReport(name, len(sheet.rows), len(new), len(touched), len(drafts) - len(new) - len(touched),
                        problems, not dry_run)


def _held_grants(today: date) -> set[Grant]:
    query = RoleGrant.select(RoleGrant.person, RoleGrant.role, RoleGrant.organ, RoleGrant.procedures,
                             RoleGrant.valid_from, RoleGrant.valid_to).where(
        RoleGrant.valid_to.is_null() | (RoleGrant.valid_to >= today))
    return set(cast("Iterable[Grant]", query.tuples()))


class _PersonReader:
    def __init__(self, sheet: Sheet, existing: Mapping[str, tuple[object, ...]], by: str, scope: Actor | None) -> None:
        self.sheet = sheet
        self.headings = match_headings(sheet, PERSON_COLUMNS)
        self.complaints = Complaints(sheet, self.headings)
        self.existing = existing
        self.by = by
        self.kinds: dict[str, str] = {}
        self.by_name: dict[str, list[str]] = defaultdict(list)
        for organ in Organ.select().where(Organ.active):
            self.kinds[organ.id] = organ.kind
            self.by_name[organ.name].append(organ.id)
        self.manageable = None if scope is None else {
            row.id for row in visible_organs(scope, Action.MANAGE_PEOPLE)}
        self.accounts: dict[str, int] = {}
        self.roles_known: dict[str, tuple[str, ...]] = {}
        self.dates_known: dict[str, date | None] = {"": None}

    def read(self) -> list[Draft]:
        """Every row that could be understood."""
        if self.complaints.serious:
            return []
        return [draft for row in self.sheet.rows if (draft := self._draft(row))]

    def _draft(self, row: Row) -> Draft | None:
        cell = self.headings.cell
        before = len(self.complaints.found) + self.complaints.more
        name = cell(row, "name")
        if not name:
            self.complaints.add(row, "name", "cell-empty")
        account = self._account(row)
        organ = self._organ(row, account)
        roles = self._roles(row, account, organ)
        start, end = self._date(row, "valid_from"), self._date(row, "valid_to")
        if start and end and end < start:
            self.complaints.add(row, "valid_to", "grant-dates", start=start, end=end)
        procedures = " ".join(cell(row, "procedures").split()) or "*"
        if procedures != "*" and not all(PROCEDURES.fullmatch(item) for item in procedures.split(" ")):
            self.complaints.add(row, "procedures", "grant-procedures", value=procedures)
        active = self._active(row, account)
        if len(self.complaints.found) + self.complaints.more > before:
            return None
        values = (account, name, organ, *(self._optional(row, account, column)
                                          for column in ("title", "phone", "certificate")), active)
        return Draft(row, values, tuple((account, role, organ, procedures, start, end) for role in roles))

    def _account(self, row: Row) -> str:
        account = self.headings.cell(row, "account").lower()
        if not account:
            self.complaints.add(row, "account", "cell-empty")
        elif not ACCOUNT.fullmatch(account):
            self.complaints.add(row, "account", "account-malformed", value=account)
        elif account in self.accounts:
            self.complaints.add(row, "account", "row-twice", value=account, first=self.accounts[account])
        else:
            self.accounts[account] = row.number
        return account

    def _organ(self, row: Row, account: str) -> str:
        text = self.headings.cell(row, "organ")
        if not text:
            self.complaints.add(row, "organ", "cell-empty")
            return ""
        organ = next((item for item in (text, normalise(text)) if item in self.kinds), "")
        if not organ:
            found = self.by_name.get(text, [])
            if len(found) != 1:
                problem = "organ-name-ambiguous" if found else "organ-reference-unknown"
                self.complaints.add(row, "organ", problem, value=text, count=len(found))
                return ""
            organ = found[0]
        if self.manageable is not None:
            former = self.existing[account][FIELDS.index("organ")] if account in self.existing else organ
            if organ not in self.manageable or former not in self.manageable:
                self.complaints.add(row, "organ", "person-out-of-reach", value=text)
        return organ

    def _roles(self, row: Row, account: str, organ: str) -> tuple[str, ...]:
        text = self.headings.cell(row, "roles")
        if text not in self.roles_known:
            chosen = {self.complaints.choice(row, "roles", item) for item in SEPARATORS.split(text) if item.strip()}
            if "" in chosen:
                return ()
            self.roles_known[text] = tuple(sorted(chosen))
        roles = self.roles_known[text]
        if Role.SUPERVISOR in roles and organ and self.kinds[organ] != OrganKind.JUSTICE:
            self.complaints.add(row, "roles", "supervisor-outside-justice", organ=self.headings.cell(row, "organ"))
        if roles and account == self.by:
            self.complaints.add(row, "roles", "grant-to-oneself", person=account)
        return roles

    def _date(self, row: Row, column: str) -> date | None:
        text = self.headings.cell(row, column)
        if text not in self.dates_known:
            try:
                self.dates_known[text] = date.fromisoformat(text.replace("/", "-").replace(".", "-"))
            except ValueError:
                self.complaints.add(row, column, "cell-date", value=text)
                return None
        return self.dates_known[text]

    def _active(self, row: Row, account: str) -> bool:
        text = self.headings.cell(row, "active")
        if not text:
            # An empty cell lets nobody in again whose account was ended.
            return account not in self.existing or bool(self.existing[account][FIELDS.index("active")])
        return self.complaints.choice(row, "active", text) == "true"

    def _optional(self, row: Row, account: str, column: str) -> object:
        """A cell that may be empty; a column that the sheet does not have leaves what is there."""
        if column not in self.headings.places and account in self.existing:
            return self.existing[account][FIELDS.index(column)]
        return self.headings.cell(row, column)


def _write(new: Sequence[Draft], grants: Sequence[Grant], by: str) -> None:
    fields = [Person._meta.fields[item] for item in FIELDS]
    for start in range(0, len(new), CHUNK):
        Person.insert_many([draft.values for draft in new[start:start + CHUNK]], fields=fields).execute()
    columns = [RoleGrant._meta.fields[item] for item in GRANT_FIELDS]
    for start in range(0, len(grants), CHUNK):
        RoleGrant.insert_many([(*grant, by) for grant in grants[start:start + CHUNK]], fields=columns).execute()


def _renew(changed: Sequence[Draft], existing: Mapping[str, tuple[object, ...]], today: date) -> None:
    fields = [Person._meta.fields[item] for item in FIELDS]
    organ, active = FIELDS.index("organ"), FIELDS.index("active")
    for draft in changed:
        before = existing[draft.account]
        # Name, organ or status may decide what open sessions show: they end.
        Person.update({**dict(zip(fields, draft.values, strict=True)),
                       Person.credentials_version: Person.credentials_version + 1}).where(
            Person.id == draft.account).execute()
        if before[active] and not draft.values[active]:
            deactivate(draft.account)
        if not before[active] and draft.values[active]:
            reactivate(draft.account)
        if before[organ] != draft.organ:
            RoleGrant.update(valid_to=today - timedelta(days=1)).where(
                (RoleGrant.person == draft.account) & (RoleGrant.organ == before[organ])
                & (RoleGrant.valid_to.is_null() | (RoleGrant.valid_to >= today))).execute()
