"""Import of officers with their certificates."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from core.database import database
from core.errors import Problem
from core.ledger.recorder import Recorder
from core.ledger.rows import execute_many, insert_rows, mark
from core.organs.actors import Actor
from core.organs.importing.report import ImportReport, refuse
from core.organs.importing.sheets import Row
from core.organs.models import Person
from plugins.enforcement.officers import records
from plugins.enforcement.officers.changes import NewChange, hashed, new_code, write_changes
from plugins.enforcement.officers.importing.bodies import registered
from plugins.enforcement.officers.importing.columns import CERTIFICATE_COLUMNS
from plugins.enforcement.officers.importing.reading import Organs, Rows
from plugins.enforcement.officers.models import Certificate
from plugins.enforcement.officers.vocabulary import CertificateKind, ChangeKind, State

NUMBER = re.compile(r"[0-9A-Za-z-]{4,32}")
LONGEST_YEARS = 6
"""内蒙古自治区行政执法证件管理办法 15 to 18: renewed every six years. Longer ones are pointed out, not refused."""

FIELDS = ("number", "kind", "name", "organ_id", "account", "issuer", "categories", "issued", "valid_until")


@dataclass(frozen=True, slots=True)
class Draft:
    """A row on its way to becoming a certificate: values in the order of ``FIELDS``."""

    line: int
    values: tuple[Any, ...]

    @property
    def number(self) -> str:
        """The certificate's number."""
        return str(self.values[0])


def import_certificates(recorder: Recorder, actor: Actor, data: bytes, name: str, now: datetime, today: date, *,
                        dry_run: bool = False) -> ImportReport:
    """Issue certificates, or renew and correct those that are registered: all rows or none.

    A later last day renews a certificate; everything else that differs is a correction of the record. The rows are
    read before the database is locked, so that others can go on recording meanwhile.

    Raises:
        FazhiError: every wrong cell, unless it is a trial run, whose report lists them.
    """
    rows = Rows.read(data, name, CERTIFICATE_COLUMNS)
    drafts = [] if rows.complaints.serious else _Reader(rows, actor, today).read()
    if not dry_run:
        refuse(rows.complaints.all())
    with database.atomic():
        existing = _existing()
        new = [draft for draft in drafts if draft.number not in existing]
        changed = [draft for draft in drafts if existing.get(draft.number, draft.values) != draft.values]
        if not dry_run and (new or changed):
            _write(recorder, actor, rows, new, changed, existing, now, today)
    return ImportReport(name, len(rows.sheet.rows), len(new), len(changed), len(drafts) - len(new) - len(changed),
                        rows.complaints.all(), not dry_run)


def _existing() -> dict[str, tuple[Any, ...]]:
    stored: Any = Certificate.select(*(Certificate._meta.columns[name] for name in FIELDS)).tuples()
    return {values[0]: values for values in stored}


class _Reader:
    def __init__(self, rows: Rows, actor: Actor, today: date) -> None:
        self.rows = rows
        self.actor = actor
        self.today = today
        self.organs = Organs(actor)
        self.bodies = registered()
        self.first: dict[str, int] = {}
        stored: Any = Certificate.select(Certificate.number, Certificate.organ, Certificate.state,
                                         Certificate.valid_until).tuples()
        self.stored = {number: (organ, state, until) for number, organ, state, until in stored}
        people: Any = Person.select(Person.id).tuples() if rows.has("account") else ()
        self.accounts = {account for (account,) in people}

    def read(self) -> list[Draft]:
        """Every row that could be understood."""
        return [draft for row in self.rows.sheet.rows if (draft := self._draft(row))]

    def _draft(self, row: Row) -> Draft | None:
        rows, before = self.rows, self.rows.wrong
        number = self._number(row)
        name, issuer = rows.text(row, "name", needed=True), rows.text(row, "issuer", needed=True)
        organ = self.organs.find(rows, row, "organ")
        if organ and organ not in self.bodies:
            rows.complaints.add(row, "organ", "body-not-registered", value=rows.text(row, "organ"))
        kind = rows.choice(row, "kind", CertificateKind.ENFORCEMENT.value)
        issued, until = rows.day(row, "issued", needed=True), rows.day(row, "valid_until", needed=True)
        account = rows.text(row, "account").lower() or None
        if account and account not in self.accounts:
            rows.complaints.add(row, "account", "person-unknown", person=account)
        if account and account == self.actor.person_id:
            rows.complaints.add(row, "account", "certificate-own", number=number)
        if issued and until:
            self._check_dates(row, number, issued, until)
        if rows.wrong > before:
            return None
        return Draft(row.number, (number, kind, name, organ, account, issuer, rows.text(row, "categories"), issued,
                                  until))

    def _number(self, row: Row) -> str:
        rows = self.rows
        number = rows.text(row, "number", needed=True).upper()
        if not number:
            return ""
        if not NUMBER.fullmatch(number):
            rows.complaints.add(row, "number", "certificate-number", value=number)
        elif number in self.first:
            rows.complaints.add(row, "number", "row-twice", value=number, first=self.first[number])
        elif number in self.stored:
            organ, state, _ = self.stored[number]
            if organ not in self.organs.manageable:
                rows.complaints.add(row, "number", "certificate-of-others", number=number)
            elif state != State.VALID:
                rows.complaints.add(row, "number", "certificate-not-valid", number=number)
        self.first.setdefault(number, row.number)
        return number

    def _check_dates(self, row: Row, number: str, issued: date, until: date) -> None:
        complain = self.rows.complaints
        if until < issued:
            complain.add(row, "valid_until", "grant-dates", start=issued, end=until)
        elif issued > self.today:
            complain.add(row, "issued", "certificate-issued-in-future", day=issued)
        elif number in self.stored and until < self.stored[number][2]:
            complain.add(row, "valid_until", "certificate-shortened", until=self.stored[number][2])
        elif until > _years_later(issued, LONGEST_YEARS) and number not in self.stored:
            at = self.rows.sheet.at(row.number, self.rows.headings.place("valid_until"), "有效期至")
            complain.found.append(Problem("certificate-too-long", at, {"years": LONGEST_YEARS}, warning=True))


def _years_later(day: date, years: int) -> date:
    try:
        return day.replace(year=day.year + years)
    except ValueError:  # 29 February
        return day.replace(year=day.year + years, day=28)


def _write(recorder: Recorder, actor: Actor, rows: Rows, new: Sequence[Draft], changed: Sequence[Draft],
           existing: dict[str, tuple[Any, ...]], now: datetime, today: date) -> None:
    insert_rows(Certificate, (*FIELDS, "photo", "state", "code"),
                [(*_stored(draft.values), "", State.VALID.value, new_code()) for draft in new])
    place = mark()
    wanted = ", ".join(f'"{name}" = {place}' for name in FIELDS[1:])
    execute_many(f'UPDATE "{Certificate._meta.table_name}" SET {wanted} WHERE "number" = {place}',
                 [_stored((*draft.values[1:], draft.number)) for draft in changed])
    news = [NewChange(draft.number, ChangeKind.ISSUED, draft.values[7], valid_until=draft.values[8]) for draft in new]
    news += [_difference(draft, existing[draft.number], today, rows.sheet.name) for draft in changed]
    note = records.Note("certificates", f"执法证件登记：核发 {len(new)} 件，变更 {len(changed)} 件",
                        file=rows.sheet.name, file_hash=rows.file_hash)
    write_changes(news, actor, note, now)
    records.record(recorder, actor, note, hashed(news), now)


def _difference(draft: Draft, before: tuple[Any, ...], today: date, file: str) -> NewChange:
    """What a changed row means: a later last day is a renewal, anything else a correction that names old and new."""
    until = draft.values[8]
    words = "；".join(f"{name}：{old or '—'} → {fresh or '—'}"
                     for name, old, fresh in zip(FIELDS, before, draft.values, strict=True) if old != fresh)
    renewed = until > before[8]
    return NewChange(draft.number, ChangeKind.RENEWED if renewed else ChangeKind.UPDATED, today, words, file,
                     until if renewed else None)


def _stored(values: tuple[Any, ...]) -> tuple[Any, ...]:
    return tuple(value.isoformat() if isinstance(value, date) else value for value in values)
