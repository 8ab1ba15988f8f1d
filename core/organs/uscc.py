"""Unified social credit codes (GB 32100-2015): 18 characters, the last one a check character."""

from __future__ import annotations

ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
"""Digits and letters without I, O, S, V and Z, which are easily misread."""

LENGTH = 18


def check_character(body: str) -> str:
    """The 18th character for the first 17: weights are powers of 3 modulo 31.

    Raises:
        ValueError: ``body`` is not 17 characters of the alphabet.
    """
    if len(body) != LENGTH - 1:
        raise ValueError(body)
    total = sum(ALPHABET.index(character) * pow(3, place, 31) for place, character in enumerate(body))
    return ALPHABET[-total % 31]


def normalise(code: str) -> str:
    """Upper case, without the blanks and hyphens that people write between groups."""
    return "".join(code.split()).replace("-", "").upper()


def is_valid(code: str) -> bool:
    """True for 18 characters of the alphabet whose last one checks."""
    if len(code) != LENGTH or any(character not in ALPHABET for character in code):
        return False
    return code[-1] == check_character(code[:-1])
