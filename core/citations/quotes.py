"""Whether a quotation stands in a text, word by word, and what stands there instead.

Blanks and the width of punctuation may differ; an omission is marked with ``……``; nothing else may differ.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

_OMISSION = re.compile(r"…+|\.{3,}")
_CLAUSE = re.compile(r"[^，。；：\n]+[，。；：]?")
_PUNCTUATION = str.maketrans({"“": '"', "”": '"', "„": '"', "‘": "'", "’": "'", "〈": "<", "〉": ">"})
_SHORTEST_LIKENESS = 0.45
_NO_CHANCE = 4
_MERGE = 2
"""Equal stretches shorter than this many characters between two changes belong to the change."""


@dataclass(frozen=True, slots=True)
class Change:
    """Words that were replaced; ``before`` empty: added, ``after`` empty: deleted."""

    before: str
    after: str


def plain(text: str) -> str:
    """A text without blanks and with punctuation of one width."""
    return "".join(sign for sign, _ in _signs(text))


def _signs(text: str) -> list[tuple[str, str]]:
    """Each compared sign with the sign that was written."""
    out: list[tuple[str, str]] = []
    for written in text:
        narrow = unicodedata.normalize("NFKC", written).translate(_PUNCTUATION)
        if not narrow.isspace() and unicodedata.category(written) != "Cf":
            out += [(sign, "" if place else written) for place, sign in enumerate(narrow)]
    return out


def stands(quote: str, text: str) -> bool:
    """Whether every part of the quotation stands in the text, in order."""
    parts = [part for part in (plain(piece) for piece in _OMISSION.split(quote)) if part]
    place, whole = 0, plain(text)
    for part in parts:
        found = whole.find(part, place)
        if found < 0:
            return False
        place = found + len(part)
    return bool(parts)


def nearest_words(quote: str, text: str) -> str:
    """The clauses of a text that are most like the quotation; empty where nothing is."""
    clauses: list[str] = _CLAUSE.findall(text)
    wanted = plain(quote)
    length = max(1, len(_CLAUSE.findall(quote)))
    best, score = "", _SHORTEST_LIKENESS
    matcher = SequenceMatcher(None, "", wanted, autojunk=False)
    for size in range(max(1, length - 1), length + 3):
        for start in range(max(1, len(clauses) - size + 1)):
            candidate = "".join(clauses[start : start + size])
            matcher.set_seq1(plain(candidate))
            if matcher.real_quick_ratio() > score and matcher.quick_ratio() > score and matcher.ratio() > score:
                best, score = candidate, matcher.ratio()
    return best


def kept_share(old: str, new: str) -> float:
    """How much of an old text a new one keeps, in stretches long enough not to be chance: 0 to 1."""
    if old == new:
        return 1.0
    blocks = SequenceMatcher(None, new, old, autojunk=False).get_matching_blocks()
    return min(0.999, sum(block.size for block in blocks if block.size >= _NO_CHANCE) / max(1, len(old)))


def changes(before: str, after: str) -> tuple[Change, ...]:
    """What was replaced, added and deleted between two texts, in their own signs; blanks and width aside."""
    old, new = _signs(before), _signs(after)
    matcher = SequenceMatcher(None, [sign for sign, _ in old], [sign for sign, _ in new], autojunk=False)
    return tuple(Change("".join(sign for _, sign in old[i:j]), "".join(sign for _, sign in new[k:m]))
                 for i, j, k, m in _merged(matcher.get_opcodes()))


def _merged(steps: Sequence[tuple[str, int, int, int, int]]) -> list[tuple[int, int, int, int]]:
    """Changed stretches, with those joined that only a character or so keeps apart."""
    out: list[tuple[int, int, int, int]] = []
    for tag, i, j, k, m in steps:
        if tag == "equal":
            continue
        if out and i - out[-1][1] < _MERGE:
            out[-1] = (out[-1][0], j, out[-1][2], m)
        else:
            out.append((i, j, k, m))
    return out
