"""What the tables say about a step: one function for the page that shows it and the ledger that keeps it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from core.cases.case import Case
from core.discretion.fines import Money
from core.discretion.model import Table
from core.errors import FazhiError
from core.rulebook.bundle import Bundle
from plugins.enforcement.discretion.circumstances import circumstances_of
from plugins.enforcement.discretion.inputs import Given, pairs, read_inputs
from plugins.enforcement.discretion.listing import Matched, matched, weighing
from plugins.enforcement.discretion.vocabulary import INPUTS, LIST_FACTS, OWN, PENALTIES, PLACES, VIOLATION, Place
from scoring.discretion.answer import Answer, State
from scoring.discretion.assess import Assessment, Conclusion, assess
from scoring.discretion.check import ORDERS, Check, Decided, Remark, Result, check_assessment
from scoring.discretion.laws import Law, version_on


@dataclass(frozen=True, slots=True)
class Look:
    """What is found for one step.

    Attributes:
        versions: of the chosen table, for the case's region; empty where none is chosen or the name is unknown.
        given: values of its inputs.
        assessment: None while the day of the act is unknown; then ``unmet`` names what is missing.
        check: of the fine against the assessment; None while no penalty is entered.
        listed: items of the four lists that are about the violation.
    """

    place: Place
    violation: str
    day: date
    versions: tuple[Table, ...] = ()
    given: Given = field(default_factory=Given)
    assessment: Assessment | None = None
    check: Check | None = None
    fine: Decimal | None = None
    unmet: tuple[str, ...] = ()
    problem: FazhiError | None = None
    listed: tuple[Matched, ...] = ()

    @property
    def state(self) -> str:
        """What the evaluation came to, in one word."""
        if self.assessment is None:
            return State.NEEDS_FACT.value
        found = self.assessment
        if found.conclusion is Conclusion.ANSWERED and found.answer is not None:
            return found.answer.state.value
        return found.conclusion.value

    @property
    def answer(self) -> Answer | None:
        """The reading that counts."""
        return self.assessment.answer if self.assessment is not None else None

    @property
    def statute(self) -> Money | None:
        """The statute's range under the law that counts."""
        answer = self.answer
        return answer.provided.fine if answer is not None and answer.provided is not None else None

    @property
    def table(self) -> Table | None:
        """The version of the table that counts, else that of the day of the step."""
        if not self.versions:
            return None
        answer = self.answer
        return version_on(self.versions, answer.day if answer is not None else self.day)

    @property
    def law(self) -> Law | None:
        """Which law counts (从旧兼从轻)."""
        readings = self.assessment.readings if self.assessment is not None else None
        return readings.counts if readings is not None else None

    @property
    def verdict(self) -> str | None:
        """``within``, ``outside_tier``, ``outside_statute``; None where it cannot be told."""
        check = self.check
        if check is None or check.result is Result.NOT_ASSESSABLE:
            return None
        if check.result is Result.WITHIN:
            return "within"
        beyond = {Remark.ABOVE_STATUTE, Remark.BELOW_STATUTE} & check.remarks
        forbidden = self.state in (Conclusion.TIME_BARRED, Conclusion.NOT_PUNISHED, State.LAWFUL)
        return "outside_statute" if beyond or forbidden else "outside_tier"


def look(case: Case, step: str, payload: Mapping[str, Any], day: date, rules: Bundle) -> Look | None:
    """What the tables say about a step with this payload; None where the step uses no discretion.

    What the table needs is taken from the step alone; other facts of the case from its earlier steps too.

    Args:
        case: the case before the step.
        payload: as recorded, or as typed so far: texts and sequences of texts.
    """
    place = PLACES.get((case.procedure.id, step))
    if place is None:
        return None
    known = {name: value for name, value in case.state.items() if name not in OWN}
    merged = {**known, **{name: value for name, value in payload.items() if value not in (None, "", ())}}
    violation = str(merged.get(VIOLATION) or "")
    listed = matched(case, violation, pairs(merged.get(LIST_FACTS)), day, rules)
    versions = rules.discretion_versions(violation, case.head.region) if place.weighs else ()
    if not versions:
        return Look(place, violation, day, listed=listed)
    given = read_inputs(versions, pairs(merged.get(INPUTS)))
    fine = amount(payload.get(place.fine))
    first = case.steps[0].date if case.steps else day
    found = circumstances_of(merged, day, first if place.on_the_spot else None)
    if found is None:
        return Look(place, violation, day, versions, given, fine=fine, unmet=("act_ended_on",), listed=listed)
    try:
        assessment = assess(versions, given.values, replace(found, listed=weighing(listed)))
    except FazhiError as refused:
        return Look(place, violation, day, versions, given, fine=fine, problem=refused, listed=listed)
    check = _checked(case, assessment, place, payload, fine)
    return Look(place, violation, day, versions, given, assessment, check, fine, listed=listed)


def amount(value: object) -> Decimal | None:
    """An amount as it was typed or recorded; None where there is none."""
    if value is None or value == "" or isinstance(value, bool):
        return None
    try:
        number = Decimal(str(value).replace(",", "").replace("，", ""))
    except InvalidOperation:
        return None
    return number if number.is_finite() else None


def _checked(case: Case, assessment: Assessment, place: Place, payload: Mapping[str, Any],
             fine: Decimal | None) -> Check | None:
    """The check of what is decided; an order to correct is no penalty (行政处罚法 28(1)) and has its own rule."""
    named = payload.get(place.kinds)
    kinds = set(map(str, named)) if isinstance(named, (list, tuple, set, frozenset)) else set()
    if fine is None and not kinds:
        return None
    penalties = frozenset(one for kind in kinds for one in PENALTIES.get(kind, ())) | ORDERS
    if assessment.answer is not None and "confiscation" in kinds:
        # The step says "confiscation" for both kinds; the table knows which of them the law provides.
        due = assessment.answer.penalties | assessment.answer.allowed
        penalties -= PENALTIES["confiscation"] - due if due & PENALTIES["confiscation"] else frozenset()
    approved = bool(case.positions.get("deviation_approved"))
    return check_assessment(assessment, Decided(fine, penalties, approved))
