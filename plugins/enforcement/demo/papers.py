"""A few penalties whose decision the platform writes itself: numbered, stored with its hash, with a page for the party.

The steps before it come as a batch with their own times; the decision is recorded as an official would, one step by
itself, these days, so that nothing is late.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from random import Random

from core.cases.case import CaseHead
from core.documents.models import IssuedDocument
from core.instance import LOCAL_TIME, Instance
from core.ledger.intake import AnyoneMayRecord, NewEvent
from core.materials.store import Stored
from plugins.enforcement.casecode.rating import rate
from plugins.enforcement.demo.pen import Pen
from plugins.enforcement.demo.penalties import ordinary
from plugins.enforcement.demo.teams import Team
from plugins.enforcement.demo.words import raw_words

PROCEDURE, DECIDED, DOCUMENT = "enforcement.penalty", "decision_made", "enforcement.penalty-decision"
PAPERS = 6
SAID = (("5", "执法人员讲得很清楚。（演示数据）"), ("4", ""), ("2", "等候时间长。（演示数据）"))
NEAREST, FURTHEST = 15, 75
"""How many days ago a case may have begun that is decided these days."""


def write_papers(instance: Instance, teams: Sequence[Team], sample: Stored) -> int:
    """Record penalties decided these days with the decision as the platform writes it; how many."""
    recorder = instance.recorder.permitting(AnyoneMayRecord())
    written = 0
    for number, team in enumerate(teams):
        if written == PAPERS:
            break
        pen = _decided_lately(instance, team, sample, number)
        if pen is None:
            continue
        before, after = _around(list(pen.until(instance.now())))
        act = pen.steps[0][1].payload["suspected_act"]
        head = CaseHead(f"demo-paper-{number:03d}", PROCEDURE, team.organ, team.region,
                        f"{pen.steps[0][1].payload['party_name']}{act}案", f"演示文书〔{pen.day.year}〕{number:03d}号")
        recorder.record_many([(head, before)])
        for step in after:
            recorder.record(head.id, replace(step, recorded_at=None))
        written += 1
        _rated(instance, head.id, written)
    return written


def _rated(instance: Instance, case: str, number: int) -> None:
    """What the party said after reading the decision; not every party says something."""
    if number <= len(SAID):
        stars, comment = SAID[number - 1]
        rate(instance, IssuedDocument.get(IssuedDocument.case_id == case), stars, comment)


def a_page() -> str:
    """Where a party reads one of the decisions, and with which code; empty without a page."""
    row = IssuedDocument.select().where((IssuedDocument.document == DOCUMENT)
                                        & IssuedDocument.code.is_null(False)).order_by(IssuedDocument.issued_at).first()
    return f"当事人页面 {row.address}，查询码 {row.secret}" if row is not None else ""


def _decided_lately(instance: Instance, team: Team, sample: Stored, number: int) -> Pen | None:
    """A case of the team that was decided in the last days; the first of the days it may have begun on."""
    bundle = instance.bundles.current()
    today = instance.now().astimezone(LOCAL_TIME).date()
    calendar = bundle.calendar(team.region)
    for back in range(NEAREST, FURTHEST):
        begins = calendar.next_working_day(today - timedelta(days=back))
        pen = Pen(Random(number), bundle.procedures[PROCEDURE], calendar, sample, team, begins)
        ordinary(pen, pen.rng.choice(team.trade.acts))
        decided = [moment.date() for moment, step in pen.steps if step.type == DECIDED]
        if decided and today - timedelta(days=4) <= decided[0] <= today:
            return pen
    return None


def _around(steps: Sequence[NewEvent]) -> tuple[list[NewEvent], list[NewEvent]]:
    """The steps before the decision, and those from it on; the decision is written by the platform."""
    at = next(n for n, step in enumerate(steps) if step.type == DECIDED)
    made = steps[at]
    words = raw_words()["papers"]
    kept = tuple(one for one in made.materials if one.requirement != "decision")
    decision = replace(made, payload={**made.payload, **words}, materials=kept, documents=("decision",))
    return list(steps[:at]), [decision, *steps[at + 1:]]
