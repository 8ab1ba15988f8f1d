"""Import of changes: certificates cancelled, suspended, restored or renewed by the list, each with its reason."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import date, datetime

from core.errors import Problem
from core.ledger.recorder import Recorder
from core.organs.actors import Actor
from core.organs.importing.report import ImportReport, refuse
from core.organs.importing.sheets import Row
from plugins.enforcement.officers.changes import NewChange, change_certificates, refusals
from plugins.enforcement.officers.importing.columns import CHANGE_COLUMNS
from plugins.enforcement.officers.importing.reading import Rows
from plugins.enforcement.officers.records import Note
from plugins.enforcement.officers.vocabulary import CHANGE_TITLES, ChangeKind


def import_changes(recorder: Recorder, actor: Actor, data: bytes, name: str, now: datetime, today: date, *,
                   dry_run: bool = False) -> ImportReport:
    """Make the changes of a list: all rows or none.

    Raises:
        FazhiError: every wrong cell, unless it is a trial run, whose report lists them.
    """
    rows = Rows.read(data, name, CHANGE_COLUMNS)
    news = [] if rows.complaints.serious else [new for row in rows.sheet.rows if (new := _change(rows, row, today))]
    for problem in refusals(news, actor, today, rows.sheet.name):
        rows.complaints.found.append(_at_cell(problem, rows))
    problems = rows.complaints.all()
    if not dry_run:
        refuse(problems)
        kinds = Counter(new.kind for new in news)
        title = "、".join(f"{CHANGE_TITLES[kind].zh} {count} 件" for kind, count in sorted(kinds.items()))
        note = Note("certificates", f"执法证件变动：{title}", file=rows.sheet.name, file_hash=rows.file_hash)
        change_certificates(recorder, actor, news, note, now, today)
    return ImportReport(name, len(rows.sheet.rows), 0, len(news), 0, problems, not dry_run)


def _change(rows: Rows, row: Row, today: date) -> NewChange | None:
    before = rows.wrong
    number = rows.text(row, "number", needed=True).upper()
    kind = rows.choice(row, "kind", ChangeKind.CANCELLED.value)
    reason = rows.text(row, "reason", needed=True)
    on, until = rows.day(row, "on"), rows.day(row, "valid_until")
    if rows.wrong > before:
        return None
    return NewChange(number, ChangeKind(kind), on or today, reason, rows.text(row, "document"), until, row.number)


def _at_cell(problem: Problem, rows: Rows) -> Problem:
    column = rows.headings.columns["number"].title.zh
    line = problem.at.line if problem.at else 0
    return replace(problem, at=rows.sheet.at(line, rows.headings.place("number"), column))
