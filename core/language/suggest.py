"""Did you mean …: the names nearest to one that does not exist."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from difflib import get_close_matches

from core.text import Text


def nearest(wrong: str, names: Mapping[str, object] | Iterable[str]) -> str:
    """The likeliest of ``names`` for ``wrong``, by id or, where ``names`` maps to titles, by title; or empty."""
    known = names if isinstance(names, Mapping) else dict.fromkeys(names)
    titles = {name: title for name, title in known.items() if isinstance(title, Text)}
    for name, title in titles.items():
        if wrong and wrong in (title.zh, *title.others.values()):
            return name
    folded = {name.casefold(): name for name in known}
    close = get_close_matches(wrong.casefold(), list(folded), n=1, cutoff=0.6)
    if close:
        return folded[close[0]]
    by_title = {title.zh: name for name, title in titles.items() if title.zh}
    close = get_close_matches(wrong, list(by_title), n=1, cutoff=0.6)
    return by_title[close[0]] if close else ""


def listing(names: Iterable[str], most: int = 12) -> str:
    """The names for a message, cut where there are many."""
    ordered = list(names)
    return "、".join(ordered[:most]) + (" …" if len(ordered) > most else "")
