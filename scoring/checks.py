"""A template (checklist) on one case: does it apply, is it due, what do its checks earn, and why."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from core.calendars import Calendar
from core.cases.case import Case, Step
from core.language.expression import Expression, Scope
from core.rulebook.model import Award, Check, Checklist
from core.text import Text
from scoring.engine.scopes import NOTHING, fields_of
from scoring.points import ZERO
from scoring.trace import FactReader, FactValue, Status, material_title
from scoring.words import Note, joined


@dataclass(frozen=True, slots=True)
class CheckResult:
    """What one check earned of its own points, before weights are redistributed."""

    check: Check
    status: Status
    points: Decimal
    decided_by: Award
    facts: tuple[FactValue, ...] = ()
    notes: tuple[Note, ...] = ()


@dataclass(frozen=True, slots=True)
class ChecklistResult:
    """A template on a case.

    Attributes:
        status: scored, not due, or not applicable.
        points: sum of what its checks earned, of ``checklist.points``.
        steps: the steps that made it due.
    """

    checklist: Checklist
    status: Status
    points: Decimal = ZERO
    checks: tuple[CheckResult, ...] = ()
    notes: tuple[Note, ...] = ()
    facts: tuple[FactValue, ...] = ()
    steps: tuple[Step, ...] = ()


def withdrawn(case: Case) -> bool:
    """True where the matter was given up, so that what was not done yet is no longer owed."""
    return any(event_type in case.positions for event_type in case.procedure.withdraws_with)


def finished(case: Case) -> bool:
    """True for a case that is closed or was given up."""
    return case.closing is not None or withdrawn(case)


class Look:
    """A case as conditions on the whole of it see it; what many templates ask for is worked out once."""

    def __init__(self, case: Case, calendar: Calendar) -> None:
        self.case = case
        self.calendar = calendar
        self.facts = FactReader(case)
        self.history = _History(case)

    def scope(self, step: Step | None) -> Scope:
        """What a condition on the case as it stands sees; ``step`` is its ``e``."""
        return Scope(self.case.state, fields_of(step) if step else NOTHING, NOTHING, self.history,
                     (step or self.case.steps[-1]).date, self.calendar.working_days_between)


class _History:
    """The whole history of a case; its materials are gathered once."""

    def __init__(self, case: Case) -> None:
        whole = case.history()
        self.count, self.first, self.last, self.anew = whole.count, whole.first, whole.last, whole.anew
        self._materials = whole.materials()

    def materials(self) -> frozenset[str]:
        """Material requirements that hold at least one file, as ``event_type/requirement``."""
        return self._materials


def score_checklist(look: Look, checklist: Checklist) -> ChecklistResult:
    """Score ``checklist`` on the case as it stands.

    Conditions see the whole case, so that a check may compare a step with a later one; ``e`` is the latest of
    the steps that the template is scored on. A condition that is unknown for want of data earns nothing, like
    one that is false, and says so.
    """
    case = look.case
    steps = tuple(step for step in case.steps if step.type in checklist.scored_on)
    scope = look.scope(steps[-1] if steps else None)
    why_not = _exempt(look, checklist, scope)
    if why_not is not None:
        return why_not
    if not steps:
        return _unrecorded(case, checklist)
    missing = [item for item in checklist.materials if item not in scope.history.materials()]
    if missing:
        titles = joined([material_title(case.procedure, item) for item in missing])
        lacking = Note("score-materials-missing", {"materials": titles})
        return ChecklistResult(checklist, Status.SCORED, ZERO, notes=(lacking,), steps=steps)
    results = tuple(_check(look, check, scope, steps[-1]) for check in checklist.checks)
    points = sum((result.points for result in results), ZERO)
    return ChecklistResult(checklist, Status.SCORED, points, results, steps=steps)


def _exempt(look: Look, checklist: Checklist, scope: Scope) -> ChecklistResult | None:
    if checklist.rigid or checklist.applies is None or checklist.applies.test(scope) is not False:
        return None
    note = Note("score-not-applicable", {"condition": sentence_text(checklist.applies)})
    facts = look.facts.read(checklist.applies.reads, scope, None)
    return ChecklistResult(checklist, Status.NOT_APPLICABLE, notes=(note,), facts=facts)


def _unrecorded(case: Case, checklist: Checklist) -> ChecklistResult:
    events = case.procedure.events
    titles = joined([events[name].title if name in events else Text(name) for name in checklist.scored_on])
    if withdrawn(case):
        note = Note("score-withdrawn", {"steps": titles})
        return ChecklistResult(checklist, Status.NOT_APPLICABLE, notes=(note,))
    if case.closing is None:
        return ChecklistResult(checklist, Status.NOT_DUE, notes=(Note("score-not-due", {"steps": titles}),))
    return ChecklistResult(checklist, Status.SCORED, notes=(Note("score-never-recorded", {"steps": titles}),))


def _check(look: Look, check: Check, scope: Scope, step: Step) -> CheckResult:
    unknown = False
    for award in check.awards:
        holds = award.when.test(scope)
        if holds:
            return _result(look, check, scope, step, award, _graded(award, check))
        unknown = unknown or holds is None
    return _result(look, check, scope, step, check.awards[0], Status.UNKNOWN if unknown else Status.FAILED)


def _graded(award: Award, check: Check) -> Status:
    if award.points >= check.points:
        return Status.PASSED
    return Status.PARTIAL if award.points > 0 else Status.FAILED


def _result(look: Look, check: Check, scope: Scope, step: Step, award: Award, status: Status) -> CheckResult:
    earned = award.points if status in (Status.PASSED, Status.PARTIAL) else ZERO
    notes = []
    if status is Status.UNKNOWN:
        notes.append(Note("score-unknown"))
    elif award.flag and status is not Status.FAILED:
        notes.append(Note("score-flag", {"flag": award.flag}))
    reads = award.when.reads if status in (Status.PASSED, Status.PARTIAL) else _all_reads(check)
    return CheckResult(check, status, earned, award, look.facts.read(reads, scope, step), tuple(notes))


def _all_reads(check: Check) -> frozenset[str]:
    return frozenset().union(*(award.when.reads for award in check.awards))


def sentence_text(expression: Expression) -> Text:
    """An expression's sentences as a text."""
    return Text(expression.sentences["zh"], {k: v for k, v in expression.sentences.items() if k != "zh"})
