"""Where each pair of neighbouring units stands, as sorted whole numbers packed into few bytes; no database here."""

from __future__ import annotations

import itertools
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from enum import Enum

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.int64]

PLACES = 18
"""Bits of a position for the unit within an article; what stands after 262,144 units is not found."""

SLOTS = 16
"""Bits for the article within its segment."""

_CODE = 24
"""Bits for one of the units that a segment holds, while it is built."""

_LOW, _MORE = 0x7F, 0x80
NOTHING: Numbers = np.empty(0, np.int64)


class Column(Enum):
    """What of an article is searched; the value ends its grams."""

    TITLE = " t"
    HEADING = " h"
    BODY = ""


def gram(first: str, second: str, column: Column) -> bytes:
    """Two units, one after the other, in a column. The last unit of a column stands with an empty one."""
    return f"{first} {second}{column.value}".encode()


class Builder:
    """Takes the articles of one segment, slot by slot, and gives the places of every gram."""

    def __init__(self) -> None:
        self._codes: defaultdict[str, int] = defaultdict()
        self._codes.default_factory = self._codes.__len__
        self._end = self._codes[""]
        self._pairs: list[Numbers] = []
        self._places: list[Numbers] = []

    def add(self, slot: int, columns: Mapping[Column, Sequence[str]]) -> None:
        """An article; slots are given in ascending order."""
        for number, column in enumerate(Column):
            run = columns[column][: 1 << PLACES]
            if run:
                codes = np.fromiter(map(self._codes.__getitem__, run), np.int64, len(run))
                self._pairs.append(number << 2 * _CODE | codes << _CODE | np.append(codes[1:], self._end))
                self._places.append(np.arange(len(run), dtype=np.int64) + (slot << PLACES))

    def grams(self) -> Iterator[tuple[bytes, bytes]]:
        """Each gram with its packed places, in the order of the grams. Asked for once, at the end."""
        if not self._pairs:
            return
        pairs, places = np.concatenate(self._pairs), np.concatenate(self._places)
        self._pairs, self._places = [], []
        order = np.argsort(pairs, kind="stable")
        pairs, places = pairs[order], places[order]
        starts = np.flatnonzero(np.diff(pairs, prepend=-1))
        steps = np.diff(places, prepend=0)
        steps[starts] = places[starts]
        del order, places
        packed, ends = pack(steps)
        names, columns = list(self._codes), list(Column)
        bounds = [0, *ends[starts[1:] - 1].tolist(), len(packed)]
        low = (1 << _CODE) - 1
        found = [(gram(names[pair >> _CODE & low], names[pair & low], columns[pair >> 2 * _CODE]), start, end)
                 for pair, (start, end) in zip(pairs[starts].tolist(), itertools.pairwise(bounds), strict=True)]
        for name, start, end in sorted(found):
            yield name, packed[start:end]


def pack(steps: Numbers) -> tuple[bytes, Numbers]:
    """Numbers from 0, seven bits a byte, the highest first and all but the last byte marked; and where each ends."""
    sizes = np.ones(len(steps), np.int64)
    for bits in range(7, 63, 7):
        longer = steps >= 1 << bits
        if not longer.any():
            break
        sizes += longer
    ends = np.cumsum(sizes)
    out = np.empty(int(ends[-1]) if len(ends) else 0, np.uint8)
    out[ends - 1] = steps & _LOW
    for place in range(1, int(sizes.max(initial=1))):
        chosen = sizes > place
        out[ends[chosen] - 1 - place] = steps[chosen] >> 7 * place & _LOW | _MORE
    return out.tobytes(), ends


def unpack(lists: Sequence[tuple[int, bytes]]) -> Numbers:
    """The places of packed lists, list by list, each with what is added to all of its places."""
    if not lists:
        return NOTHING
    packed = np.frombuffer(b"".join(data for _, data in lists), np.uint8)
    lasts = np.flatnonzero(packed < _MORE)
    values = packed[lasts].astype(np.int64)
    sizes = np.diff(lasts, prepend=-1)
    for place in range(1, int(sizes.max(initial=1))):
        chosen = np.flatnonzero(sizes > place)
        values[chosen] |= (packed[lasts[chosen] - place] & _LOW).astype(np.int64) << 7 * place
    places = np.cumsum(values)
    ends = np.searchsorted(lasts, np.cumsum([len(data) for _, data in lists]))
    before = np.concatenate(([0], places[ends[:-1] - 1]))
    added = np.array([base for base, _ in lists], np.int64) - before
    return places + np.repeat(added, np.diff(ends, prepend=0))


def also_in(found: Numbers, numbers: Numbers, distance: int = 0) -> Numbers:
    """Those of the found numbers that the sorted numbers have too, each ``distance`` further on."""
    if not len(numbers):
        return NOTHING
    wanted = found + distance
    near = np.searchsorted(numbers, wanted)
    near[near == len(numbers)] = 0
    return np.asarray(found[numbers[near] == wanted])


def distinct(numbers: Numbers) -> Numbers:
    """Each of the sorted numbers once."""
    return numbers[np.flatnonzero(np.diff(numbers, prepend=-1))]
