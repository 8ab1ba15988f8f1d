"""The words of an article around what was searched for, with the found words marked."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress

from markupsafe import Markup, escape

from plugins.legislation.library.units import placed_units

_BEFORE = 40
_LENGTH = 170


def marked(text: str, words: Sequence[tuple[str, ...]]) -> Markup:
    """The whole text with the words marked."""
    return _painted(text, _places(text, words), 0, len(text))


def snippet(text: str, words: Sequence[tuple[str, ...]]) -> Markup:
    """A stretch of the text around the first found words, with all of them marked."""
    places = _places(text, words)
    first = places[0][0] if places else 0
    start = max(0, first - _BEFORE) if first > _LENGTH - _BEFORE else 0
    end = min(len(text), start + _LENGTH)
    shown = _painted(text, places, start, end)
    return Markup("{}{}{}").format("……" if start else "", shown, "……" if end < len(text) else "")


def _places(text: str, words: Sequence[tuple[str, ...]]) -> list[tuple[int, int]]:
    found = placed_units(text)
    run = [unit for unit, _, _ in found]
    together = tuple(unit for one in words for unit in one)
    places = _standing(run, together) if len(words) > 1 else []
    if not places:
        places = [place for one in words for place in _standing(run, one)]
    spans = sorted((found[start][1], found[end - 1][2]) for start, end in places)
    merged: list[tuple[int, int]] = []
    for low, high in spans:
        if merged and low <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(high, merged[-1][1]))
        else:
            merged.append((low, high))
    return merged


def _standing(run: Sequence[str], wanted: tuple[str, ...]) -> list[tuple[int, int]]:
    size, found = len(wanted), []
    last = len(run) - size + 1
    with suppress(ValueError):  # no more of them
        place = run.index(wanted[0], 0, max(last, 0))
        while True:
            if tuple(run[place : place + size]) == wanted:
                found.append((place, place + size))
            place = run.index(wanted[0], place + 1, last)
    return found


def _painted(text: str, places: Sequence[tuple[int, int]], start: int, end: int) -> Markup:
    out = Markup()
    place = start
    for low, high in places:
        low, high = max(low, start), min(high, end)
        if low >= high:
            continue
        out += escape(text[place:low]) + Markup("<mark>{}</mark>").format(text[low:high])
        place = high
    return out + escape(text[place:end])
