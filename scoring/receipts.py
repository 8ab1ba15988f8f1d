"""The receipt 评分回执: what was evaluated, under which rules, on which records, with which trace.

A receipt is a function of its key: the case up to an intake number, the bundle, and the moment at which clocks
were read. Key and digest are stored; whoever doubts a score computes it again and compares the digests.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, fields
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

from core.instants import instant_text
from core.ledger.canonical import canonical
from core.rulebook.model import Citation
from core.text import Text
from scoring.engine import ENGINE_VERSION
from scoring.judgement import Judgement
from scoring.trace import TraceNode
from scoring.verdict import Verdict
from scoring.verdict_trace import trace_of
from scoring.words import Note

SCORING_VERSION = "1"
"""Names the arithmetic of scores in receipts; raised whenever a score on the same record could change."""
VERSION = f"{ENGINE_VERSION}.{SCORING_VERSION}"


class Kind(StrEnum):
    """What a receipt is about."""

    CASE = "case"
    VERDICT = "verdict"
    UNIT = "unit"


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
        "sequences": dict(sequences), "result": plain(result), "inputs": plain(inputs_of(trace)),
        "trace": [plain(node) for node in trace],
    }
    return Receipt(key, body, trace, digest_of(body))


def digest_of(body: Mapping[str, Any]) -> str:
    """SHA-256 over canonical JSON."""
    return hashlib.sha256(canonical(body).encode()).hexdigest()


def case_receipt(judged: Judgement, before: datetime | None = None) -> Receipt:
    """The receipt of a case's score.

    Raises:
        ValueError: no scheme covers the case.
    """
    scored = judged.scored
    if scored is None:
        raise ValueError(f"case {judged.case.head.id} has no scheme")
    key = ReceiptKey(Kind.CASE, judged.case.head.id, judged.case.last_seq, judged.bundle.hash, judged.at, before)
    result = {"scheme": scored.scheme.id, "title": scored.scheme.title, "score": scored.score,
              "earned": scored.earned, "due": scored.due, "provisional": scored.provisional,
              "at_risk": scored.at_risk, "notes": scored.notes, "at_risk_lines": scored.at_risk_lines}
    return make_receipt(key, result, scored.nodes, {judged.case.head.id: judged.case.last_seq})


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


def inputs_of(trace: Iterable[TraceNode]) -> dict[str, tuple[str, ...]]:
    """Records that a trace rests on, with the names under which their values were read."""
    found: dict[str, set[str]] = {}
    for node in trace:
        for part in node.walk():
            for event in part.events:
                found.setdefault(event, set())
            for fact in part.facts:
                for event in fact.events:
                    found.setdefault(event, set()).add(fact.name)
    return {event: tuple(sorted(names)) for event, names in sorted(found.items())}


def plain(value: Any) -> Any:
    """Plain data of a trace: empty parts left out, decimals and dates as text."""
    match value:
        case None | bool() | int() | str():
            return value
        case Decimal():
            return format(value, "f")
        case datetime():
            return instant_text(value)
        case date():
            return value.isoformat()
        case Text():
            return {"zh": value.zh, **value.others}
        case Note():
            return {"code": value.code, "details": {name: plain(item) for name, item in value.details.items()}}
        case Citation():
            return {name: plain(item) for name, item in asdict(value).items() if item is not None}
        case TraceNode():
            return _parts(value)
        case Mapping():
            return {str(name): plain(item) for name, item in value.items()}
        case tuple() | list():
            return [plain(item) for item in value]
    return _parts(value)


def _parts(value: Any) -> dict[str, Any]:
    parts = {}
    for item in fields(value):
        content = getattr(value, item.name)
        if content is not None and content != () and content != {}:
            parts[item.name] = plain(content)
    return parts
