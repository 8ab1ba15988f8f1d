"""What pages and commands read: duties and findings of organs, a case with its score. Nothing is computed twice."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any, Generic, TypeVar

from peewee import JOIN, fn

from core.cases.case import Case
from core.instants import instant_text
from core.ledger.models import CaseRow
from core.organs.models import Organ
from core.rulebook.model import Citation
from core.text import Text
from scoring.case_score import CaseScored
from scoring.clock import OVERDUE, PENDING
from scoring.findings import row_of_finding
from scoring.late import CODE as LATE_RECORD
from scoring.late import TITLE as LATE_TITLE
from scoring.models import CaseScore, FindingRow, VerdictRow
from scoring.replay import Replayer

Organs = Any
"""Organ ids: a sequence, or a subquery such as ``core.organs.visibility.visible_organs`` gives."""

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """One page of a list, and how many items there are in all."""

    items: tuple[T, ...]
    total: int
    page: int = 1
    size: int = 20

    @property
    def pages(self) -> int:
        """Number of pages, at least one."""
        return max(1, -(-self.total // self.size))


@dataclass(frozen=True, slots=True)
class CaseName:
    """What a list shows of a case."""

    id: str
    title: str
    number: str
    procedure: str
    organ: str
    organ_name: str
    region: str


@dataclass(frozen=True, slots=True)
class RuleWords:
    """What a list shows of a rule."""

    id: str
    code: str
    title: Text
    basis: tuple[Citation, ...] = ()
    remedy: Text | None = None


@dataclass(frozen=True, slots=True)
class Duty:
    """Something that is to be done.

    Attributes:
        state: ``pending`` or ``overdue``.
        warning: level of the early warning that is on.
        due: last moment, None where nothing bounds the time or the clock is suspended.
    """

    case: CaseName
    rule: RuleWords
    state: str
    level: str
    warning: str | None
    due: datetime | None
    due_date: date | None
    activation: str
    provisional: bool


@dataclass(frozen=True, slots=True)
class FindingItem:
    """A finding with what people said about it."""

    id: str
    case: CaseName
    rule: RuleWords
    code: str
    level: str
    status: str
    raised_at: datetime
    due: datetime | None
    person: str
    acting_organ: str
    activation: str
    answer: str | None
    reason: str | None
    determined_by: str | None
    determined_at: datetime | None
    cured_on: date | None
    cure: str | None


@dataclass(frozen=True, slots=True)
class VerdictItem:
    """A verdict as a page shows it."""

    rule: RuleWords
    activation: str
    state: str
    due_date: date | None
    answered_by: str | None
    cured_on: date | None
    days_late: int | None
    level: str
    order_uncertain: bool
    provisional: bool


@dataclass(frozen=True, slots=True)
class ScoreItem:
    """The stored score of a case."""

    score: Decimal | None
    earned: Decimal | None
    due: Decimal | None
    at_risk: Decimal
    provisional: bool
    year: int
    bundle: str
    judged_at: datetime
    receipt: str
    digest: str


@dataclass(frozen=True, slots=True)
class CaseView:
    """Everything that scoring says about a case.

    Attributes:
        tree: recomputed as the stored score was computed, so that it explains exactly that score.
        case: the case as it stood then.
    """

    name: CaseName
    score: ScoreItem | None
    tree: CaseScored | None
    case: Case | None
    verdicts: tuple[VerdictItem, ...]
    duties: tuple[Duty, ...]
    findings: tuple[FindingItem, ...]


@dataclass(frozen=True, slots=True)
class Workbench:
    """What waits for the people of some organs."""

    due_soon: Page[Duty]
    overdue: Page[Duty]
    findings: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Queries:
    """The read models; needs the replayer for rule titles and score trees."""

    replayer: Replayer

    def workbench(self, organs: Organs, now: datetime, within: timedelta = timedelta(days=30), size: int = 20
                  ) -> Workbench:
        """Duties due within a time and overdue, the most urgent first; findings counted by status.

        Duties without a due date come last among those due soon.
        """
        soon = ((VerdictRow.duty == PENDING)
                & (VerdictRow.due.is_null() | (VerdictRow.due <= instant_text(now + within))))
        return Workbench(self.duties(organs, soon, size=size),
                         self.duties(organs, VerdictRow.duty == OVERDUE, size=size), findings_by_status(organs))

    def duties(self, organs: Organs, condition: Any = None, page: int = 1, size: int = 20) -> Page[Duty]:
        """Duties of organs, the earliest due first."""
        chosen = VerdictRow.organ.in_(organs) & (VerdictRow.duty != "" if condition is None else condition)
        query = VerdictRow.select().where(chosen)
        rows = list(query.order_by(VerdictRow.due.is_null(), VerdictRow.due, VerdictRow.id).paginate(page, size))
        names = names_of_cases([row.case for row in rows])
        return Page(tuple(self._duty(row, names) for row in rows), query.count(), page, size)

    def findings(self, organs: Organs, statuses: Sequence[str] = (), rule: str = "", page: int = 1, size: int = 20
                 ) -> Page[FindingItem]:
        """Findings of organs, the latest first.

        Args:
            statuses: of the finding's life; empty: all but withdrawn ones.
        """
        wanted = FindingRow.status.in_(list(statuses)) if statuses else FindingRow.status != "withdrawn"
        query = FindingRow.select().where(FindingRow.organ.in_(organs) & wanted)
        if rule:
            query = query.where(FindingRow.rule == rule)
        rows = list(query.order_by(FindingRow.raised_at.desc(), FindingRow.id).paginate(page, size))
        names = names_of_cases([row.case for row in rows])
        return Page(tuple(self._finding(row, names) for row in rows), query.count(), page, size)

    def finding(self, finding_id: str) -> FindingItem:
        """One finding.

        Raises:
            FazhiError: ``finding-unknown``.
        """
        row = row_of_finding(finding_id)
        return self._finding(row, names_of_cases([row.case]))

    def case_view(self, case_id: str) -> CaseView:
        """A case with its verdicts, duties, findings and score tree."""
        names = names_of_cases([case_id])
        verdicts = list(VerdictRow.select().where(VerdictRow.case == case_id).order_by(VerdictRow.id))
        findings = FindingRow.select().where(FindingRow.case == case_id).order_by(FindingRow.raised_at, FindingRow.id)
        row: Any = CaseScore.get_or_none(CaseScore.case == case_id)
        judged = self.replayer.judgement(case_id, row.judged_at, seq=row.seq, bundle=row.bundle) if row else None
        return CaseView(
            names[case_id], _score(row) if row else None, judged.scored if judged else None,
            judged.case if judged else None, tuple(self._verdict(each) for each in verdicts),
            tuple(self._duty(each, names) for each in verdicts if each.duty),
            tuple(self._finding(each, names) for each in findings))

    def rule_words(self, rule: str, region: str) -> RuleWords:
        """Title, code, basis and remedy of a rule; its id where it is no longer among the rules in force."""
        procedure, _, local = rule.rpartition("/")
        versions = [each for each in self.replayer.bundles.current().rules(procedure, region) if each.id == rule]
        if versions:
            latest = versions[-1]
            return RuleWords(rule, latest.code, latest.title, latest.basis, latest.remedy)
        title = LATE_TITLE if local == LATE_RECORD.lower() else Text(rule)
        return RuleWords(rule, local.upper(), title)

    def _duty(self, row: Any, names: Mapping[str, CaseName]) -> Duty:
        return Duty(names[row.case], self.rule_words(row.rule, row.region), row.duty, row.level, row.warning, row.due,
                    row.due_date, row.activation, row.provisional)

    def _finding(self, row: Any, names: Mapping[str, CaseName]) -> FindingItem:
        return FindingItem(row.id, names[row.case], self.rule_words(row.rule, row.region), row.code, row.level,
                           row.status, row.raised_at, row.due, row.person, row.acting_organ, row.activation,
                           row.answer, row.reason, row.determined_by, row.determined_at, row.cured_on, row.cure)

    def _verdict(self, row: Any) -> VerdictItem:
        return VerdictItem(self.rule_words(row.rule, row.region), row.activation, row.state, row.due_date,
                           row.answered_by, row.cured_on, row.days_late, row.level, row.order_uncertain,
                           row.provisional)


def findings_by_status(organs: Organs) -> dict[str, int]:
    """How many findings organs have in each status."""
    rows: Any = FindingRow.select(FindingRow.status, fn.COUNT(FindingRow.id)).where(
        FindingRow.organ.in_(organs)).group_by(FindingRow.status).tuples()
    return dict(rows)


def names_of_cases(case_ids: Sequence[str]) -> dict[str, CaseName]:
    """Names of cases by id, with the names of their organs."""
    rows: Any = (CaseRow.select(CaseRow.id, CaseRow.title, CaseRow.number, CaseRow.procedure, CaseRow.organ,
                                Organ.name, CaseRow.region)
                 .join(Organ, JOIN.LEFT_OUTER, on=(Organ.id == CaseRow.organ))
                 .where(CaseRow.id.in_(sorted(set(case_ids)))).tuples())
    return {row[0]: CaseName(row[0], row[1], row[2], row[3], row[4], row[5] or row[4], row[6]) for row in rows}


def _score(row: Any) -> ScoreItem:
    return ScoreItem(row.score, row.earned, row.due, row.at_risk, row.provisional, row.year, row.bundle,
                     row.judged_at, row.receipt, row.digest)
