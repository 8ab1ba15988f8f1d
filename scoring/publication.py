"""Publishing a score: the receipt is kept whole, and that it was published is on the case's chain."""

from __future__ import annotations

from core.database import database
from core.errors import fail
from core.judge import PlatformEvent
from core.ledger.event import Value
from core.ledger.reader import row_of
from core.ledger.recorder import Recorder
from core.organs.actors import Actor
from core.organs.authority import Action, case_target, demand
from scoring.receipts import Receipt, case_receipt
from scoring.replay import Replayer

PUBLISHED = "score.published"


def publish_case(recorder: Recorder, replayer: Replayer, case_id: str, actor: Actor) -> Receipt:
    """Publish a case's score as it stands now.

    Raises:
        FazhiError: ``case-unknown``; ``authority-object``; ``score-nothing-to-publish``, also where the scheme
            blocks publication for want of data.
    """
    with database.atomic():
        row = row_of(case_id)
        demand(actor, Action.PUBLISH_SCORE, case_target(case_id, row.organ, row.procedure))
        now = recorder.now()
        judged = replayer.judgement(case_id, now)
        if judged.scored is None or judged.scored.score is None:
            raise fail("score-nothing-to-publish", case=case_id)
        receipt = case_receipt(judged)
        replayer.make_whole(receipt, "publication")
        payload: dict[str, Value] = {
            "receipt": receipt.key.id, "digest": receipt.digest, "score": str(judged.scored.score),
            "scheme": judged.scored.scheme.id, "provisional": judged.scored.provisional}
        recorder.record_platform(case_id, PlatformEvent(PUBLISHED, payload, now), actor.person_id, actor.organ)
    return receipt
