"""Judgements into tables: whole cases are replaced, many at a time, so that a table never disagrees with itself."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from peewee import AutoField

from core.cases.case import CaseHead
from core.database import BaseModel, database
from core.instants import instant_text
from core.ledger.rows import IN_ONE_QUERY, execute_many, insert_rows, marks
from scoring.answering import answering_organ
from scoring.assessment.keeping import Contributions
from scoring.case_score import assessment_day
from scoring.checks import finished
from scoring.clock import clock_of
from scoring.columns import tuples
from scoring.judgement import FIVE_PROCEDURES, REVIEWED, Judgement
from scoring.life import Finding
from scoring.models import CaseScore, FindingRow, ReceiptRow, VerdictRow
from scoring.receipts import Receipt, case_receipt, verdict_receipt
from scoring.verdict import State

Row = tuple[Any, ...]
Unit = tuple[str, int, str]
"""Procedure, year, organ."""


class Projection:
    """Rows of judged cases, gathered case by case and written at once.

    A judgement is let go as soon as its rows are made: hundreds of traces held together would keep the garbage
    collector busier than the scoring itself.
    """

    def __init__(self) -> None:
        self._cases: list[str] = []
        self._units: set[Unit] = set()
        self._verdicts: list[Row] = []
        self._findings: list[Row] = []
        self._scores: list[Row] = []
        self._receipts: list[Row] = []
        self._contributions = Contributions()

    def add(self, item: Judgement) -> None:
        """Take in a judged case with its receipts."""
        head, receipt = item.case.head, case_receipt(item)
        self._cases.append(head.id)
        self._units.add((item.case.procedure.id, assessment_day(item.case).year, head.organ))
        verdicts = list(_verdict_rows(item))
        findings = [_finding_row(head, finding) for finding in item.findings.values()]
        year = assessment_day(item.case).year
        self._units |= {(head.procedure, year, organ) for organ in {row[2] for row in verdicts} | {
            row[3] for row in findings}}
        self._verdicts.extend(verdicts)
        self._findings.extend(findings)
        self._scores.append(_score_row(item, receipt))
        self._receipts.extend(map(_receipt_row, (receipt, *_raised_now(item))))
        self._contributions.add(item)

    def write(self) -> None:
        """Replace the rows of all cases taken in, and mark the organs whose means they change."""
        mark_dirty(self._units | _units_before(self._cases))
        for model, rows in ((VerdictRow, self._verdicts), (FindingRow, self._findings), (CaseScore, self._scores)):
            _clear(model, self._cases)
            insert_rows(model, _columns(model), rows)
        _insert_receipts(self._receipts)
        self._contributions.write()


def replace_findings(findings: Iterable[tuple[CaseHead, Iterable[Finding]]]) -> None:
    """Replace the finding rows of these cases."""
    known = [(head, list(found)) for head, found in findings]
    _clear(FindingRow, [head.id for head, _ in known])
    insert_rows(FindingRow, _columns(FindingRow), [_finding_row(head, one) for head, found in known for one in found])


def mark_dirty(units: Iterable[Unit]) -> None:
    """Note that the means of these (procedure, year, organ) have to be renewed.

    A mark that is there already is written again: that locks it, so that who takes it away waits for us and sees
    what we changed.
    """
    rows = sorted(set(units))
    if rows:
        execute_many(f'INSERT INTO "dirty_unit" ("procedure", "year", "organ") VALUES ({marks(3)}) '
                     'ON CONFLICT ("procedure", "year", "organ") DO UPDATE SET "organ" = excluded."organ"', rows)


def store_receipt(receipt: Receipt) -> None:
    """Store key and digest; a key that is there already stays as it is."""
    _insert_receipts([_receipt_row(receipt)])


def _insert_receipts(rows: Sequence[Row]) -> None:
    if rows:
        names = ", ".join(f'"{name}"' for name in _columns(ReceiptRow)[:9])
        execute_many(f'INSERT INTO "receipt" ({names}) VALUES ({marks(9)}) ON CONFLICT DO NOTHING', rows)


def _receipt_row(receipt: Receipt) -> Row:
    key = receipt.key
    return (key.id, key.kind.value, key.subject, key.seq, key.bundle, instant_text(key.at), _instant(key.before),
            key.version, receipt.digest)


def _raised_now(item: Judgement) -> list[Receipt]:
    """Receipts of the verdicts that are raised as findings by this judgement."""
    raised = {(event.payload["rule"], event.payload["activation"]) for event in item.events
              if event.type == "finding.raised"}
    return [verdict_receipt(item, verdict) for verdict in item.verdicts
            if verdict.state is State.VIOLATED and (verdict.rule, item.root_of(verdict)) in raised]


def _units_before(case_ids: Sequence[str]) -> set[Unit]:
    """The units that these cases counted for until now: a case may move to another year, a finding to another organ."""
    found: set[Unit] = set()
    for part in _parts(case_ids):
        of_part = CaseScore.case.in_(part)
        queries = [CaseScore.select(CaseScore.procedure, CaseScore.year, CaseScore.organ).where(of_part)]
        queries += [CaseScore.select(CaseScore.procedure, CaseScore.year, model.organ).join(
            model, on=(model.case == CaseScore.case)).where(of_part & (model.organ != CaseScore.organ)).distinct()
            for model in (FindingRow, VerdictRow)]
        found |= {(row[0], row[1], row[2]) for query in queries for row in tuples(query)}
    return found


def _verdict_rows(item: Judgement) -> Iterator[Row]:
    head, procedure, bundle = item.case.head, item.case.procedure.id, item.bundle.hash
    for verdict in item.verdicts:
        rule = item.rule_of(verdict)
        clock = clock_of(item.case, rule, verdict, item.calendar, item.at)
        yield (head.id, procedure, answering_organ(item.case, rule, verdict), head.region, verdict.rule,
               item.root_of(verdict) or "", verdict.state.value, instant_text(verdict.due) if verdict.due else None,
               _day(verdict.due_date), verdict.answered_by, _day(verdict.cured_on), verdict.days_late,
               verdict.order_uncertain, verdict.provisional, verdict.level.value, clock.duty,
               clock.warning.value if clock.warning else None,
               instant_text(clock.wake_at) if clock.wake_at else None, bundle)


def _finding_row(head: CaseHead, finding: Finding) -> Row:
    return (finding.id, head.id, head.procedure, finding.organ or head.organ, head.region, finding.rule, finding.code,
            finding.level.value, finding.activation or "", finding.step or "", finding.actor, finding.acting_organ,
            finding.status.value, instant_text(finding.raised_at), _instant(finding.due), finding.answer,
            finding.answered_by, _instant(finding.answered_at), finding.reason, finding.determined_by,
            _instant(finding.determined_at), finding.cure, _day(finding.cured_on), finding.cured_by)


def _score_row(item: Judgement, receipt: Receipt) -> Row:
    case, scored, day = item.case, item.scored, assessment_day(item.case)
    points = (None, None, None, 0, True) if scored is None else (
        _cents(scored.score), _cents(scored.earned), _cents(scored.due), _cents(scored.at_risk), scored.provisional)
    return (case.head.id, case.procedure.id, scored.scheme.id if scored else None, case.head.organ, case.head.region,
            day.year, day.isoformat(), finished(case), *points, item.facts.get(FIVE_PROCEDURES),
            item.facts.get(REVIEWED), case.last_seq, item.bundle.hash, instant_text(item.at),
            receipt.key.id, receipt.digest)


def _clear(model: type[BaseModel], case_ids: Sequence[str]) -> None:
    table = model._meta.table_name
    for part in _parts(case_ids):
        database.execute_sql(f'DELETE FROM "{table}" WHERE "case_id" IN ({marks(len(part))})', part)


def _columns(model: type[BaseModel]) -> list[str]:
    fields = model._meta.sorted_fields
    return [field.column_name for field in fields if not isinstance(field, AutoField)]


def _parts(items: Sequence[str]) -> Iterator[list[str]]:
    for start in range(0, len(items), IN_ONE_QUERY):
        yield list(items[start : start + IN_ONE_QUERY])


def _cents(points: Any) -> int | None:
    return None if points is None else int(points * 100)


def _day(day: Any) -> str | None:
    return None if day is None else day.isoformat()


def _instant(moment: Any) -> str | None:
    return None if moment is None else instant_text(moment)


