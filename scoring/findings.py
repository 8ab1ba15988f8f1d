"""What people do about findings: answer, confirm, dismiss, report and verify a cure. Each act is on the ledger."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from core.database import database
from core.errors import fail
from core.judge import PlatformEvent
from core.ledger.event import Value
from core.ledger.reader import events_of, head_of, row_of
from core.ledger.recorder import Recorder
from core.ledger.writing import locked_case
from core.organs.actors import Actor
from core.organs.authority import Action, Target, case_target, demand
from core.text import Text
from scoring.life import Life, findings_of
from scoring.models import FindingRow
from scoring.projection import replace_findings
from scoring.receipts import verdict_receipt
from scoring.replay import Replayer
from scoring.verdict import State

STATUS_TITLES = {
    Life.RAISED: Text("疑似", {"en": "raised"}), Life.ANSWERED: Text("已申辩", {"en": "answered"}),
    Life.CONFIRMED: Text("已确认", {"en": "confirmed"}), Life.DISMISSED: Text("已排除", {"en": "dismissed"}),
    Life.CURED: Text("已整改", {"en": "cured"}), Life.WITHDRAWN: Text("已撤回", {"en": "withdrawn"})}
_UNDETERMINED = (Life.RAISED, Life.ANSWERED)


@dataclass(frozen=True, slots=True)
class Findings:
    """Takes people's acts on findings to the ledger; the recorder then has the case judged again."""

    recorder: Recorder
    replayer: Replayer

    def answer(self, finding_id: str, actor: Actor, text: str) -> Any:
        """申辩: the organ concerned says why it is not so. Returns the finding's row."""
        return self._act(finding_id, actor, Action.ANSWER_FINDING, _UNDETERMINED, "finding.answered", {"text": text})

    def confirm(self, finding_id: str, actor: Actor, reason: str) -> Any:
        """确认: a supervisor determines that it is so. The receipt of the verdict is kept whole from then on."""
        with database.atomic():
            row = self._act(finding_id, actor, Action.DETERMINE_FINDING, _UNDETERMINED, "finding.confirmed",
                            {"reason": reason})
            self._keep_receipt(row)
        return row

    def dismiss(self, finding_id: str, actor: Actor, reason: str) -> Any:
        """排除: a supervisor determines that it is not so."""
        return self._act(finding_id, actor, Action.DETERMINE_FINDING, _UNDETERMINED, "finding.dismissed",
                         {"reason": reason})

    def report_cure(self, finding_id: str, actor: Actor, text: str) -> Any:
        """The organ reports how it put things right; the finding stays confirmed until that is verified."""
        return self._act(finding_id, actor, Action.REPORT_CURE, (Life.CONFIRMED,), "finding.cure_reported",
                         {"text": text})

    def mark_cured(self, finding_id: str, actor: Actor, text: str, on: date) -> Any:
        """整改: a supervisor accepts that a confirmed finding was put right on a day."""
        zone = self.replayer.bundles.current().procedures[row_of_finding(finding_id).procedure].timezone
        if on > self.recorder.now().astimezone(zone).date():
            raise fail("finding-cure-in-future", day=on.isoformat())
        return self._act(finding_id, actor, Action.VERIFY_CURE, (Life.CONFIRMED,), "finding.cured",
                         {"on": on.isoformat(), "text": text})

    def _act(self, finding_id: str, actor: Actor, action: Action, allowed: tuple[Life, ...], event_type: str,
             payload: dict[str, Value]) -> Any:
        """Check and record one act.

        Raises:
            FazhiError: ``finding-unknown``; ``authority-object``; ``finding-own-act``; ``finding-reason-missing``;
                ``finding-wrong-status``.
        """
        words = str(payload.get("reason") or payload.get("text") or "")
        with database.atomic():
            # of two persons who determine at once, the second sees what the first did
            locked_case(row_of_finding(finding_id).case)
            row = row_of_finding(finding_id)
            _demand(actor, action, row)
            if not words.strip():
                raise fail("finding-reason-missing")
            if Life(row.status) not in allowed:
                title = STATUS_TITLES[Life(row.status)]
                raise fail("finding-wrong-status", finding=finding_id, status=title.zh, action=_ACTS[event_type].zh,
                           action_en=_ACTS[event_type].to("en"))
            event = PlatformEvent(event_type, {"finding": finding_id, **payload}, self.recorder.now())
            self.recorder.record_platform(row.case, event, actor.person_id, actor.organ)
            return row_of_finding(finding_id)

    def _keep_receipt(self, row: Any) -> None:
        judged = self.replayer.judgement(row.case, self.recorder.now())
        for verdict in judged.verdicts:
            same = verdict.rule == row.rule and (judged.root_of(verdict) or "") == row.activation
            if same and verdict.state is State.VIOLATED:
                self.replayer.make_whole(verdict_receipt(judged, verdict), "confirmation")


def row_of_finding(finding_id: str) -> Any:
    """The row of a finding.

    Raises:
        FazhiError: ``finding-unknown``.
    """
    row = FindingRow.get_or_none(FindingRow.id == finding_id)
    if row is None:
        raise fail("finding-unknown", finding=finding_id)
    return row


def rebuild(case_ids: list[str]) -> None:
    """Write the finding rows of these cases again from the ledger alone."""
    with database.atomic():
        replace_findings((head_of(row_of(case_id)), findings_of(case_id, events_of(case_id)).values())
                         for case_id in case_ids)


def _demand(actor: Actor, action: Action, row: Any) -> None:
    person = row.person if action in (Action.DETERMINE_FINDING, Action.VERIFY_CURE) else None
    if person is not None and actor.organ == row.acting_organ:
        raise fail("finding-own-act")
    target = case_target(row.case, row.organ, row.procedure)
    demand(actor, action, Target(target.organ, target.procedure, target.participants))
    if person is not None and person == actor.person_id:
        raise fail("finding-own-act")


_ACTS = {
    "finding.answered": Text("申辩", {"en": "answered"}), "finding.confirmed": Text("确认", {"en": "confirmed"}),
    "finding.dismissed": Text("排除", {"en": "dismissed"}), "finding.cured": Text("认定整改", {"en": "cured"}),
    "finding.cure_reported": Text("报告整改", {"en": "reported as cured"})}

