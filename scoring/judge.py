"""The judge in the recorder's transaction: verdicts, findings and scores of the cases that were just recorded."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from core.cases.case import Case
from core.judge import PlatformEvent
from scoring.judgement import ScoringBundle, judge_case
from scoring.projection import Projection
from scoring.verdict import Evaluator


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
        projection = Projection()
        said: dict[str, tuple[PlatformEvent, ...]] = {}
        for case in cases:
            if case.steps:
                judged = judge_case(case, bundle, self.evaluator, now)
                projection.add(judged)
                if judged.events:
                    said[case.head.id] = judged.events
        projection.write()
        return said
