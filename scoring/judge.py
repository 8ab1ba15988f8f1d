"""The judge in the recorder's transaction: verdicts, findings and scores of the cases that were just recorded."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from core.cases.case import Case
from core.judge import PlatformEvent
from scoring.judgement import Judgement, ScoringBundle, judge_case
from scoring.projection import replace_findings, replace_scores, replace_verdicts, store_receipts
from scoring.receipts import Receipt, case_receipt, verdict_receipt
from scoring.verdict import Evaluator, State


class Bundles(Protocol):
    """Hands out the bundle in force, and earlier ones by hash."""

    def current(self) -> ScoringBundle: ...
    def get(self, bundle_hash: str, /) -> ScoringBundle: ...


@dataclass(frozen=True, slots=True)
class CaseJudge:
    """Judges cases by the bundle in force and renews what the pages read; implements ``core.judge.Judge``.

    Attributes:
        evaluator: computes verdicts: the reference, or the live engine.
    """

    bundles: Bundles
    evaluator: Evaluator

    def judge(self, cases: Sequence[Case], now: datetime) -> Mapping[str, Sequence[PlatformEvent]]:
        """Evaluate each case, renew verdicts, findings and scores, and return what belongs on the chains.

        Set-based: a handful of statements whatever the number of cases.
        """
        bundle = self.bundles.current()
        judged = [judge_case(case, bundle, self.evaluator, now) for case in cases if case.steps]
        if not judged:
            return {}
        replace_verdicts(judged)
        replace_findings((item.case.head, item.findings.values()) for item in judged)
        receipts = [case_receipt(item) if item.scored else None for item in judged]
        replace_scores(judged, receipts)
        store_receipts([receipt for receipt in receipts if receipt])
        store_receipts([receipt for item in judged for receipt in _raised_now(item)])
        return {item.case.head.id: item.events for item in judged if item.events}


def _raised_now(item: Judgement) -> list[Receipt]:
    """Receipts of the verdicts that are raised as findings by this judgement."""
    raised = {(event.payload["rule"], event.payload["activation"]) for event in item.events
              if event.type == "finding.raised"}
    return [verdict_receipt(item, verdict) for verdict in item.verdicts
            if verdict.state is State.VIOLATED and (verdict.rule, item.root_of(verdict)) in raised]
