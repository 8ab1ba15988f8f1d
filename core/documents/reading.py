"""Texts of templates into fixed words and placeholders."""

from __future__ import annotations

import re
from collections.abc import Iterator

from core.documents.template import Part, Words

PLACEHOLDER = re.compile(r"\{([^{}]*)\}")
_INSIDE = re.compile(r"\s*(?:([A-Za-z_]\w*)\.)?([A-Za-z_]\w*)\s*((?:\|[^|]*)*)")


def read_words(text: str) -> Words:
    """The parts of a text; what is no placeholder in braces stays as it was written and is found by the check."""
    parts: list[Part] = []
    end = 0
    for found in PLACEHOLDER.finditer(text):
        if found.start() > end:
            parts.append(Part(text[end : found.start()]))
        parts.append(read_placeholder(found[1]) or Part(found[0]))
        end = found.end()
    if end < len(text):
        parts.append(Part(text[end:]))
    return tuple(parts)


def read_placeholder(inside: str) -> Part | None:
    """``root.name|filter|filter:argument``; None for anything else."""
    match = _INSIDE.fullmatch(inside)
    if match is None:
        return None
    filters = tuple((name.strip(), argument) for name, _, argument in
                    (one.partition(":") for one in match[3].split("|")[1:]))
    return Part(root=match[1] or "", name=match[2], filters=filters)


def placeholders_in(text: str) -> Iterator[tuple[str, Part | None]]:
    """Every pair of braces of a text, as written and as understood."""
    for found in PLACEHOLDER.finditer(text):
        yield found[0], read_placeholder(found[1])
