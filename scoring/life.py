"""The life of a finding: raised 疑似 → answered 申辩 → confirmed 确认 or dismissed 排除 → cured 整改.

A machine raises and withdraws, a person determines. Everything here is a pure function of the platform events
on a case's chain, so that the table of findings can be rebuilt from the ledger at any time.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum

from core.judge import PlatformEvent
from core.ledger.event import Event, Value
from core.rulebook.model import Level

MACHINE = "system:"
"""Prefix of the platform's own actors."""


class Life(StrEnum):
    """Where a finding is in its life."""

    RAISED = "raised"
    ANSWERED = "answered"
    CONFIRMED = "confirmed"
    DISMISSED = "dismissed"
    CURED = "cured"
    WITHDRAWN = "withdrawn"

    @property
    def open(self) -> bool:
        """True while a person has yet to determine it."""
        return self in (Life.RAISED, Life.ANSWERED)

    @property
    def stands(self) -> bool:
        """True where a person confirmed it, whether or not it was put right since."""
        return self in (Life.CONFIRMED, Life.CURED)


@dataclass(frozen=True, slots=True)
class Violation:
    """A violated activation, ready to be raised as a finding.

    Attributes:
        rule: full id, ``procedure/rule``.
        activation: id of the event first recorded at the activating step's place; None for per-case rules.
        step: event type of the activating step.
        actor, acting_organ: who recorded the step that caused it; a person who may not determine it.
        moment: when it came about; not later than now.
        cured_on: local date on which a late answer came.
        provisional: its due date rests on a calendar year that is not published yet.
        organ: the organ that answers for it; empty for the case's own.
    """

    rule: str
    code: str
    level: Level
    activation: str | None
    step: str | None
    actor: str
    acting_organ: str
    moment: datetime
    due: datetime | None = None
    cured_on: date | None = None
    provisional: bool = False
    organ: str = ""

    def finding_id(self, case_id: str) -> str:
        """The finding that this violation is, the same after every renewed evaluation."""
        return finding_id(case_id, self.rule, self.activation)


@dataclass(frozen=True, slots=True)
class Finding:
    """A finding as it stands after the platform events seen so far.

    Attributes:
        raised_at: when it came about (the due moment, or the step that broke the rule).
        organ: the organ that answers for it; empty for the case's own.
        cured_by: the platform where a late step cured it, else the person who accepted the cure.
    """

    id: str
    case: str
    rule: str
    code: str
    level: Level
    activation: str | None
    step: str | None
    actor: str
    acting_organ: str
    raised_at: datetime
    due: datetime | None = None
    status: Life = Life.RAISED
    answer: str | None = None
    answered_by: str | None = None
    answered_at: datetime | None = None
    reason: str | None = None
    determined_by: str | None = None
    determined_at: datetime | None = None
    cured_on: date | None = None
    cured_by: str | None = None
    cure: str | None = None
    organ: str = ""


def finding_id(case_id: str, rule: str, activation: str | None) -> str:
    """Sixteen hexadecimal digits that name the finding of an activation of a rule in a case."""
    return hashlib.sha256(f"{case_id}|{rule}|{activation or ''}".encode()).hexdigest()[:16]


def raised(case_id: str, violation: Violation) -> PlatformEvent:
    """The event that raises ``violation``."""
    elsewhere: dict[str, Value] = {"organ": violation.organ} if violation.organ else {}
    return PlatformEvent("finding.raised", {
        "finding": violation.finding_id(case_id), "rule": violation.rule, "code": violation.code,
        "activation": violation.activation, "step": violation.step, "level": violation.level.value,
        "due": violation.due.isoformat() if violation.due else None,
        "actor": violation.actor, "acting_organ": violation.acting_organ, **elsewhere}, violation.moment)


def withdrawn(finding: str, reason: str, at: datetime) -> PlatformEvent:
    """The event that takes a finding back because its cause is gone."""
    return PlatformEvent("finding.withdrawn", {"finding": finding, "reason": reason}, at)


def cured(finding: str, on: date | None, at: datetime, text: str | None = None) -> PlatformEvent:
    """The event that says a finding was put right on a date; None: the cure no longer holds."""
    payload: dict[str, Value] = {"finding": finding, "on": on.isoformat() if on else None}
    return PlatformEvent("finding.cured", payload | ({"text": text} if text else {}), at)


def findings_of(case_id: str, events: Iterable[Event]) -> dict[str, Finding]:
    """The findings of a case, by id, after all its platform events."""
    found: dict[str, Finding] = {}
    for event in events:
        if event.type.startswith("finding."):
            advance(found, case_id, PlatformEvent(event.type, event.payload, event.occurred_at), event.actor)
    return found


def advance(found: dict[str, Finding], case_id: str, event: PlatformEvent, actor: str) -> Finding:
    """Take one more event into ``found`` and return the finding that it changed."""
    name = str(event.payload["finding"])
    assert event.occurred_at is not None
    after = (_raise(case_id, event) if event.type == "finding.raised"
             else _change(found[name], event, event.occurred_at, actor))
    found[name] = after
    return after


def _raise(case_id: str, event: PlatformEvent) -> Finding:
    payload = event.payload
    due = payload.get("due")
    assert event.occurred_at is not None
    return Finding(id=str(payload["finding"]), case=case_id, rule=str(payload["rule"]), code=str(payload["code"]),
                   level=Level(str(payload["level"])), activation=_text(payload.get("activation")),
                   step=_text(payload.get("step")), actor=str(payload.get("actor") or ""),
                   acting_organ=str(payload.get("acting_organ") or ""), raised_at=event.occurred_at,
                   due=datetime.fromisoformat(str(due)) if due else None, organ=str(payload.get("organ") or ""))


def _change(finding: Finding, event: PlatformEvent, at: datetime, actor: str) -> Finding:
    payload = event.payload
    match event.type:
        case "finding.withdrawn":
            return replace(finding, status=Life.WITHDRAWN, reason=_text(payload.get("reason")))
        case "finding.answered":
            return replace(finding, status=Life.ANSWERED, answer=_text(payload.get("text")), answered_by=actor,
                           answered_at=at)
        case "finding.confirmed":
            status = Life.CURED if finding.cured_on else Life.CONFIRMED
            return replace(finding, status=status, reason=_text(payload.get("reason")), determined_by=actor,
                           determined_at=at)
        case "finding.dismissed":
            return replace(finding, status=Life.DISMISSED, reason=_text(payload.get("reason")), determined_by=actor,
                           determined_at=at)
        case "finding.cure_reported":
            return replace(finding, cure=_text(payload.get("text")))
        case "finding.cured":
            return _cure(finding, payload.get("on"), actor, _text(payload.get("text")))
    return finding


def _cure(finding: Finding, on: Value, actor: str, text: str | None) -> Finding:
    day = date.fromisoformat(str(on)) if on else None
    status = finding.status
    if status.stands:
        status = Life.CURED if day else Life.CONFIRMED
    return replace(finding, status=status, cured_on=day, cured_by=actor if day else None, cure=text)


def _text(value: Value) -> str | None:
    return None if value is None else str(value)


def renewal(case_id: str, violations: Iterable[Violation], found: dict[str, Finding], known_rules: frozenset[str],
            now: datetime, held: frozenset[str] = frozenset()) -> list[PlatformEvent]:
    """What has to be written so that the findings of a case agree with its violations.

    A violation without a finding, or with a withdrawn one, is raised; a finding whose cause is gone is
    withdrawn, whatever a person determined, because the record on which that rested was corrected; one that a
    person dismissed is not raised again. Where the rule itself is gone, what a person determined under it stands.
    A late answer cures.

    Args:
        known_rules: ids of the rules that were evaluated, to tell a corrected cause from a repealed rule.
        held: findings that stay as they are, because what would take them back awaits a second person.
    """
    events: list[PlatformEvent] = []
    violated: set[str] = set()
    for violation in violations:
        name = violation.finding_id(case_id)
        violated.add(name)
        finding = found.get(name)
        if finding is not None and finding.status.open and finding.organ != violation.organ:
            events.append(withdrawn(name, "another-organ-answers", now))
            finding = None
        if finding is None or finding.status is Life.WITHDRAWN:
            events.append(raised(case_id, violation))
            finding = None
        if _cure_changed(finding, violation):
            events.append(cured(name, violation.cured_on, now))
    for name, finding in found.items():
        if name in violated or name in held or finding.status in (Life.WITHDRAWN, Life.DISMISSED):
            continue
        if finding.rule in known_rules:
            events.append(withdrawn(name, "cause-removed", now))
        elif finding.status.open:
            events.append(withdrawn(name, "rule-no-longer-applies", now))
    return events


def _cure_changed(finding: Finding | None, violation: Violation) -> bool:
    if finding is None or finding.cured_on is None:
        return violation.cured_on is not None
    by_platform = (finding.cured_by or "").startswith(MACHINE)
    return by_platform and finding.cured_on != violation.cured_on
