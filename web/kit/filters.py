"""Filters that every template may use: the vocabularies, dates, points, and the words of stored receipts."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Flask

from core.organs.vocabulary import KIND_TITLES, LEVEL_TITLES, ROLE_TITLES, OrganKind, RegionLevel, Role
from web.kit import citations, words
from web.kit.language import say
from web.kit.ledgerwords import finding_reason, platform_title
from web.kit.scoring import note_words
from web.kit.scoring import words as language_map
from web.kit.traces import lost, total
from web.kit.words import FINDING_STATUSES, LEVELS, STATES, TRACE_STATUSES, title_of, word


def init_filters(app: Flask) -> None:
    """Install the filters in ``app``."""
    app.jinja_env.filters.update({
        "say": say, "words": language_map, "note_words": note_words, "citation_words": citations.citation_words,
        "lost": lost, "total": total,
        "level_title": _title(LEVELS),
        "finding_status_title": _title(FINDING_STATUSES), "finding_status_tone": _tone(FINDING_STATUSES),
        "state_title": _title(STATES), "state_tone": _tone(STATES),
        "trace_title": _title(TRACE_STATUSES), "trace_tone": _tone(TRACE_STATUSES),
        "role_title": lambda value: title_of(ROLE_TITLES, Role, value),
        "organ_kind_title": lambda value: title_of(KIND_TITLES, OrganKind, value),
        "region_level_title": lambda value: title_of(LEVEL_TITLES, RegionLevel, value),
        "platform_title": platform_title, "finding_reason": finding_reason,
        "day": words.day, "minute": words.minute, "points": words.points, "share": words.share,
        "remaining": words.remaining, "remaining_tone": words.remaining_tone, "size": words.size,
        "unit_title": words.unit_title, "citation": citations.citation, "cited": citations.cited,
        "short_hash": lambda value: (value or "")[:12],
    })


def _title(vocabulary: Any) -> Callable[[str], Any]:
    return lambda value: word(vocabulary, value).title


def _tone(vocabulary: Any) -> Callable[[str], str]:
    return lambda value: word(vocabulary, value).tone
