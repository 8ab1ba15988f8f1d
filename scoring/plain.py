"""Traces as plain data for canonical JSON: empty parts left out, decimals and dates as text.

Written out type by type: every judged case goes through here, so that its receipt has a digest.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from core.instants import instant_text
from core.rulebook.model import Citation
from core.text import Text
from scoring.trace import FactValue, TraceNode
from scoring.words import Note

canonical = json.JSONEncoder(ensure_ascii=False, allow_nan=False, separators=(",", ":"), sort_keys=True).encode
"""The canonical JSON of ``core.ledger.canonical``, without its search for floats: ``plain`` lets none through."""


def plain(value: Any) -> Any:
    """Plain data of a value.

    Raises:
        TypeError: floats and anything that has no exact text.
    """
    if value is None or isinstance(value, (str, int)):
        return value
    if isinstance(value, (tuple, list)):
        return [plain(item) for item in value]
    if isinstance(value, Mapping):
        return {str(name): plain(item) for name, item in value.items()}
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, datetime):
        return instant_text(value)
    if isinstance(value, date):
        return value.isoformat()
    writer = _WRITERS.get(type(value))
    if writer is None:
        raise TypeError(f"{type(value).__name__} has no plain form")
    return writer(value)


def _text(text: Text) -> dict[str, str]:
    return {"zh": text.zh, **text.others}


def _note(note: Note) -> dict[str, Any]:
    details = {name: _text(item) if isinstance(item, Text) else item for name, item in note.details.items()}
    return {"code": note.code, "details": details} if details else {"code": note.code}


def _fact(fact: FactValue) -> dict[str, Any]:
    found: dict[str, Any] = {"name": fact.name, "title": _text(fact.title), "shown": _text(fact.shown)}
    if fact.value is not None:
        found["value"] = fact.value
    if fact.events:
        found["events"] = list(fact.events)
    return found


def _citation(citation: Citation) -> dict[str, Any]:
    found = {"law": citation.law, "article": citation.article, "confidence": citation.confidence}
    if citation.edition is not None:
        found["edition"] = citation.edition.isoformat()
    if citation.quote is not None:
        found["quote"] = citation.quote
    if citation.note is not None:
        found["note"] = citation.note
    return found


def _node(node: TraceNode) -> dict[str, Any]:
    found: dict[str, Any] = {"id": node.id, "kind": node.kind, "title": _text(node.title), "status": str(node.status)}
    if node.weight is not None:
        found["weight"] = format(node.weight, "f")
    if node.earned is not None:
        found["earned"] = format(node.earned, "f")
    if node.sentence:
        found["sentence"] = dict(node.sentence)
    if node.notes:
        found["notes"] = [_note(note) for note in node.notes]
    if node.facts:
        found["facts"] = [_fact(fact) for fact in node.facts]
    if node.events:
        found["events"] = list(node.events)
    if node.citations:
        found["citations"] = [_citation(citation) for citation in node.citations]
    if node.children:
        found["children"] = [_node(child) for child in node.children]
    return found


_WRITERS: dict[type, Any] = {Text: _text, Note: _note, FactValue: _fact, Citation: _citation, TraceNode: _node}
