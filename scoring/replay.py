"""Replay: a receipt computed again from the ledger and the stored bundle, compared bit for bit."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from core.cases.fold import fold
from core.errors import fail
from core.ledger.reader import events_of, head_of, row_of
from scoring.assessment.receipts import replay_organ
from scoring.judge import Bundles
from scoring.judgement import Judgement, judge_case
from scoring.models import ReceiptRow
from scoring.plain import canonical
from scoring.projection import store_receipt
from scoring.receipts import VERSION, Kind, Receipt, ReceiptKey, case_receipt, verdict_receipt
from scoring.verdict import Evaluator


@dataclass(frozen=True, slots=True)
class Replayed:
    """What a replay found.

    Attributes:
        same: the digest computed now equals the stored one.
        other_version: the receipt was made by another version of the engine; then ``same`` compares meanings
            across versions.
        receipt: as computed now.
    """

    same: bool
    other_version: bool
    stored_digest: str
    receipt: Receipt


@dataclass(frozen=True, slots=True)
class Replayer:
    """Computes judgements and receipts again from the ledger.

    Attributes:
        bundles: by hash, also those that are no longer in force.
    """

    bundles: Bundles
    evaluator: Evaluator

    def judgement(self, case_id: str, at: datetime, *, seq: int | None = None, before: datetime | None = None,
                  bundle: str | None = None) -> Judgement:
        """A case judged as of a moment.

        Args:
            at: when clocks are read.
            seq: only events up to this intake number (what was recorded by then); None: all.
            before: only what happened before this moment.
            bundle: hash; None: the one in force.

        Raises:
            FazhiError: ``case-unknown``; ``case-not-begun`` where nothing had happened yet.
        """
        rules = self.bundles.get(bundle) if bundle else self.bundles.current()
        row = row_of(case_id)
        events = [event for event in events_of(case_id) if seq is None or event.seq <= seq]
        case = fold(head_of(row), rules.procedures[row.procedure], events, before)
        if not case.steps:
            raise fail("case-not-begun", case=case_id)
        return judge_case(case, rules, self.evaluator, at)

    def receipt(self, receipt_id: str) -> Receipt:
        """The receipt of a stored key, computed again.

        Raises:
            FazhiError: ``receipt-unknown``.
        """
        row = _row(receipt_id)
        return self._of_organ(row) if row.kind == Kind.ORGAN.value else self._again(key_of(row))

    def replay(self, receipt_id: str) -> Replayed:
        """Compute a stored receipt again and compare.

        Raises:
            FazhiError: ``receipt-unknown``.
        """
        row = _row(receipt_id)
        receipt = self._of_organ(row) if row.kind == Kind.ORGAN.value else self._again(key_of(row))
        same = receipt.digest == row.digest and (row.body is None or row.body == canonical(receipt.body))
        return Replayed(same, row.version != VERSION, row.digest, receipt)

    def make_whole(self, receipt: Receipt, why: str) -> None:
        """Keep the whole receipt because a person relies on it; what is kept already stays as it is."""
        store_receipt(receipt)
        ReceiptRow.update(body=canonical(receipt.body), made_whole_for=why).where(
            (ReceiptRow.id == receipt.key.id) & ReceiptRow.body.is_null()).execute()

    def _of_organ(self, row: Any) -> Receipt:
        bundle: Any = self.bundles.get(row.bundle)
        return replay_organ(bundle, key_of(row), json.loads(row.body) if row.body else None)

    def _again(self, key: ReceiptKey) -> Receipt:
        case_id = key.subject.partition("|")[0]
        judged = self.judgement(case_id, key.at, seq=key.seq, before=key.before, bundle=key.bundle)
        if key.kind is Kind.CASE:
            return case_receipt(judged, key.before)
        _, rule, root = key.subject.split("|")
        for verdict in judged.verdicts:
            if verdict.rule == rule and (judged.root_of(verdict) or "") == root:
                return verdict_receipt(judged, verdict, key.before)
        raise fail("receipt-without-verdict", rule=rule, case=case_id)


def key_of(row: Any) -> ReceiptKey:
    """The key that a row stores."""
    return ReceiptKey(Kind(row.kind), row.subject, row.seq, row.bundle, row.at, row.before, row.version)


def stored_body(receipt_id: str) -> dict[str, Any] | None:
    """The body that was kept for a receipt, or None where only its digest was.

    Raises:
        FazhiError: ``receipt-unknown``.
    """
    row = _row(receipt_id)
    return None if row.body is None else dict(json.loads(row.body))


def _row(receipt_id: str) -> Any:
    row = ReceiptRow.get_or_none(ReceiptRow.id == receipt_id)
    if row is None:
        raise fail("receipt-unknown", receipt=receipt_id)
    return row
