"""The receipt 评分回执: what was evaluated, under which rules, on which records, with which trace.

A receipt is a function of its key: the case up to an intake number, the bundle, and the moment at which clocks
were read. Key and digest are stored; whoever doubts a score computes it again and compares the digests.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from core.instants import instant_text
from scoring.engine import ENGINE_VERSION
from scoring.judgement import Judgement
from scoring.plain import canonical, plain
from scoring.trace import TraceNode
from scoring.verdict import Verdict
from scoring.verdict_trace import trace_of

SCORING_VERSION = "1"
"""Names the arithmetic of scores in receipts; raised whenever a score on the same record could change."""
VERSION = f"{ENGINE_VERSION}.{SCORING_VERSION}"


class Kind(StrEnum):
    """What a receipt is about."""

    CASE = "case"
    VERDICT = "verdict"
    UNIT = "unit"
    ORGAN = "organ"


@dataclass(frozen=True, slots=True)
class ReceiptKey:
    """What a receipt is a function of.

    Attributes:
        subject: the case; for verdicts the rule and, if any, the activating record, after ``|``.
        seq: highest intake number of the case that was looked at; 0 for units.
        at: when clocks were read.
        before: only what happened before this moment was looked at; None: everything up to ``seq``.
    """

    kind: Kind
    subject: str
    seq: int
    bundle: str
    at: datetime
    before: datetime | None = None
    version: str = VERSION

    @property
    def id(self) -> str:
        """Twenty-four hexadecimal digits for addresses and tables."""
        parts = (self.kind, self.subject, str(self.seq), self.bundle, instant_text(self.at),
                 instant_text(self.before) if self.before else "", self.version)
        return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:24]


@dataclass(frozen=True, slots=True)
class Receipt:
    """A receipt, whole.

    Attributes:
        body: the receipt as plain data; personal values are masked in it.
        trace: the tree that ``body`` holds as plain data.
        digest: SHA-256 over the canonical JSON of ``body``.
    """

    key: ReceiptKey
    body: Mapping[str, Any]
    trace: tuple[TraceNode, ...]
    digest: str


def make_receipt(key: ReceiptKey, result: Mapping[str, Any], trace: tuple[TraceNode, ...],
                 sequences: Mapping[str, int]) -> Receipt:
    """A receipt with its plain body and digest.

    Args:
        result: the outcome in a few values: score, state, whether provisional.
        sequences: for each case that was looked at, the highest intake number.
    """
    body = {
        "kind": key.kind.value, "subject": key.subject, "bundle": key.bundle, "version": key.version,
        "at": instant_text(key.at), "before": instant_text(key.before) if key.before else None,
        "sequences": dict(sequences), "result": plain(result), "inputs": inputs_of(trace),
        "trace": plain(trace),
    }
    return Receipt(key, body, trace, digest_of(body))


def digest_of(body: Mapping[str, Any]) -> str:
    """SHA-256 over canonical JSON."""
    return hashlib.sha256(canonical(body).encode()).hexdigest()


def case_receipt(judged: Judgement, before: datetime | None = None) -> Receipt:
    """The receipt of a case: every verdict in short, and the score with its whole trace where a scheme covers it."""
    key = ReceiptKey(Kind.CASE, judged.case.head.id, judged.case.last_seq, judged.bundle.hash, judged.at, before)
    scored = judged.scored
    result: dict[str, Any] = {"verdicts": [_short(judged, verdict) for verdict in judged.verdicts]}
    if scored is not None:
        result |= {"scheme": scored.scheme.id, "title": scored.scheme.title, "score": scored.score,
                   "earned": scored.earned, "due": scored.due, "provisional": scored.provisional,
                   "at_risk": scored.at_risk, "notes": scored.notes, "at_risk_lines": scored.at_risk_lines}
    trace = scored.nodes if scored else ()
    return make_receipt(key, result, trace, {judged.case.head.id: judged.case.last_seq})


def _short(judged: Judgement, verdict: Verdict) -> list[Any]:
    return [verdict.rule, judged.root_of(verdict), verdict.state.value, verdict.due, verdict.answered_by,
            verdict.cured_on]


def verdict_receipt(judged: Judgement, verdict: Verdict, before: datetime | None = None) -> Receipt:
    """The receipt of one verdict."""
    root = judged.root_of(verdict)
    subject = f"{judged.case.head.id}|{verdict.rule}|{root or ''}"
    key = ReceiptKey(Kind.VERDICT, subject, judged.case.last_seq, judged.bundle.hash, judged.at, before)
    trace = (trace_of(judged, verdict),)
    result = {"state": verdict.state.value, "due": verdict.due, "due_date": verdict.due_date,
              "cured_on": verdict.cured_on, "days_late": verdict.days_late, "level": verdict.level.value,
              "provisional": verdict.provisional, "order_uncertain": verdict.order_uncertain}
    return make_receipt(key, result, trace, {judged.case.head.id: judged.case.last_seq})


def inputs_of(trace: Iterable[TraceNode]) -> dict[str, list[str]]:
    """Records that a trace rests on, with the names under which their values were read."""
    found: dict[str, set[str]] = {}
    for node in trace:
        for part in node.walk():
            for event in part.events:
                found.setdefault(event, set())
            for fact in part.facts:
                for event in fact.events:
                    found.setdefault(event, set()).add(fact.name)
    return {event: sorted(names) for event, names in sorted(found.items())}

