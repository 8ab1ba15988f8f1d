"""Counting changes: for all cases, a region, an organ."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from scoring.impact.changes import CaseChange, VerdictChange
from scoring.verdict import State

Turn = tuple[State | None, State | None]


@dataclass(slots=True)
class Tally:
    """Sums over changed cases.

    Attributes:
        cases: changed cases.
        appear, vanish: findings.
        vanish_determined: of those that vanish, how many a person had confirmed.
        moved: due dates that move; ``moved_running``: of duties that are still to be done.
        firmed: due dates that stop being provisional.
        up, down: cases whose score rises or falls; ``scored``: whose score or points at risk change at all.
        turns: verdicts that change, by state before and after (None: the rule does not apply).
    """

    cases: int = 0
    appear: int = 0
    vanish: int = 0
    vanish_determined: int = 0
    moved: int = 0
    moved_running: int = 0
    firmed: int = 0
    scored: int = 0
    up: int = 0
    down: int = 0
    turns: Counter[Turn] = field(default_factory=Counter)

    def add(self, change: CaseChange) -> None:
        """Count one case."""
        self.cases += 1
        for finding in change.findings:
            self.appear += finding.appears
            self.vanish += not finding.appears
            self.vanish_determined += finding.determined
        for verdict in change.verdicts:
            self._verdict(verdict)
        score = change.score
        if score is not None:
            self.scored += 1
            if score.before is not None and score.after is not None:
                self.up += score.after > score.before
                self.down += score.after < score.before

    def _verdict(self, verdict: VerdictChange) -> None:
        self.moved += verdict.moved
        self.moved_running += verdict.moved and verdict.running
        self.firmed += verdict.firmed
        if verdict.turned:
            before, after = verdict.before, verdict.after
            self.turns[before.state if before else None, after.state if after else None] += 1
