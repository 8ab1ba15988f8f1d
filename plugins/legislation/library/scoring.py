"""Which of the articles that hold the words is meant."""

from __future__ import annotations

from collections.abc import Sequence

from plugins.legislation.library.candidates import Candidate, Reading, Way
from plugins.legislation.library.features import EXACT, rows
from plugins.legislation.library.weights import WEIGHTS

_Key = tuple[bool, bool, int, int, int]


def order(found: Sequence[tuple[Reading, Sequence[Candidate]]]) -> tuple[tuple[int, ...], Reading, frozenset[Way]]:
    """Ids, best first; those that do not hold the words after all are left out.

    What was copied from a text comes before all else; what counts now before what was replaced; then the features of
    each hit decide.

    Args:
        found: candidates for each way to take the words, as they are written first.

    Returns:
        The ids; the reading in which the best was found; the ways in which any was found.
    """
    best: dict[int, tuple[_Key, int]] = {}
    for number, (reading, candidates) in enumerate(found):
        for each, row in rows(reading, candidates):
            points = sum(WEIGHTS.get(name, 0) * value for name, value in row.items())
            key = (not row[EXACT], each.old, -points, each.rank, each.place)
            if each.id not in best or key < best[each.id][0]:
                best[each.id] = (key, number)
    ranked = sorted((key, article, number) for article, (key, number) in best.items())
    reading = found[ranked[0][2] if ranked else 0][0]
    ways = frozenset(found[number][0].way for _, _, number in ranked)
    return tuple(article for _, article, _ in ranked), reading, ways
