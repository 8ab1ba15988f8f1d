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
_MERGE = 2
"""Equal stretches shorter than this many characters between two changes belong to the change."""


@dataclass(frozen=True, slots=True)
class Change:
    """Words that were replaced; ``before`` empty: added, ``after`` empty: deleted."""

    before: str
    after: str

    def text(self, language: str = "zh") -> str:
        """The change in words."""
        if language == "zh":
            if not self.before:
                return f"增“{self.after}”"
            return f"“{self.before}”改为“{self.after}”" if self.after else f"删“{self.before}”"
        if not self.before:
            return f"added “{self.after}”"
        return f"“{self.before}” became “{self.after}”" if self.after else f"deleted “{self.before}”"


def plain(text: str) -> str:
    """A text without blanks and with punctuation of one width."""
    narrow = unicodedata.normalize("NFKC", text).translate(_PUNCTUATION)
    return "".join(sign for sign in narrow if not sign.isspace() and unicodedata.category(sign) != "Cf")


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


def likeness(one: str, other: str) -> float:
    """How alike two texts are: 1 the same, 0 nothing in common."""
    if one == other:
        return 1.0
    matcher = SequenceMatcher(None, one, other, autojunk=False)
    return 0.0 if matcher.quick_ratio() < _SHORTEST_LIKENESS else matcher.ratio()


def changes(before: str, after: str) -> tuple[Change, ...]:
    """What was replaced, added and deleted between two texts; blanks and width aside."""
    old, new = plain(before), plain(after)
    steps = SequenceMatcher(None, old, new, autojunk=False).get_opcodes()
    return tuple(Change(old[i:j], new[k:m]) for i, j, k, m in _merged(steps))


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
