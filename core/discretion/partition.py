"""The finite partition of all possible facts: inside one part no condition of the table changes.

Every input's domain is cut into atoms at the bounds of all cells. The product of the atoms would be too large to
walk; parts for which the same conditions hold are walked once, as in a decision diagram.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from core.discretion.cells import Cell
from core.discretion.inputs import Input, InputType, Value
from core.discretion.intervals import Interval, pieces, sample

MOST_WORK = 2_000_000  # atoms looked at: a second or two


class TooManyParts(Exception):
    """The table has more parts than can be walked in reasonable time."""


@dataclass(frozen=True, slots=True)
class Atom:
    """A set of values of one input that no cell tells apart.

    Attributes:
        value: one of them, as round as can be.
        interval: all of them, of a number.
    """

    value: Value
    interval: Interval | None = None


@dataclass(frozen=True, slots=True)
class Part:
    """Facts for which the same conditions hold.

    Attributes:
        alive: bit n is set where condition n holds.
        groups: for each input in the order walked, the positions of its atoms.
    """

    alive: int
    groups: tuple[tuple[int, ...], ...]


def atoms_of(declared: Input, cells: Sequence[Cell]) -> tuple[Atom, ...]:
    """The atoms of one input for the cells that test it."""
    if declared.type is InputType.BOOL:
        return (Atom(False), Atom(True))
    if declared.type is InputType.ENUM:
        return tuple(Atom(value) for value in declared.values)
    cuts = (interval for cell in cells for interval in cell.intervals)
    return tuple(Atom(_number(sample(piece), declared.integer), piece)
                 for piece in pieces((declared.domain,), cuts, integer=declared.integer))


def _number(value: Decimal, integer: bool) -> Value:
    return int(value) if integer else value


class Partition:
    """The partition for some conditions, each a mapping from input to cell."""

    def __init__(self, inputs: Mapping[str, Input], conditions: Sequence[Mapping[str, Cell]]) -> None:
        self.inputs = list(inputs.values())
        self.everything = (1 << len(conditions)) - 1
        self.atoms: list[tuple[Atom, ...]] = []
        self.columns: list[list[int]] = []
        self.work = 0
        for declared in self.inputs:
            tested = [(1 << index, cell) for index, condition in enumerate(conditions)
                      if (cell := condition.get(declared.id)) is not None]
            untouched = self.everything & ~sum(bit for bit, _ in tested)
            atoms = atoms_of(declared, [cell for _, cell in tested])
            self.atoms.append(atoms)
            self.columns.append([untouched | sum(bit for bit, cell in tested if cell.test(atom.value))
                                 for atom in atoms])

    def parts(self, order: Sequence[int], free: int = 0, needed: int = 0,
              known: Mapping[int, int] | None = None) -> Iterator[Part]:
        """Every part once, or every part of a face.

        Args:
            order: positions of inputs as they are walked.
            free: how many of the last inputs are walked for every part: their groups all appear. Before them, parts
                that agree in the conditions are one.
            needed: conditions that must hold; parts without them are left out.
            known: atom positions of inputs that are fixed.

        Raises:
            TooManyParts: more than ``MOST_WORK`` atoms would have to be looked at.
        """
        seen: set[tuple[int, int]] = set()
        merged = len(order) - free
        self.work = 0
        fixed = known or {}

        def walk(level: int, alive: int, groups: tuple[tuple[int, ...], ...]) -> Iterator[Part]:
            if alive & needed != needed:
                return
            if level <= merged:
                if (level, alive) in seen:
                    return
                seen.add((level, alive))
            if level == len(order):
                yield Part(alive, groups)
                return
            position = order[level]
            column = self.columns[position]
            self.work += 1 if position in fixed else len(column)
            if self.work > MOST_WORK:
                raise TooManyParts
            if position in fixed:
                at = fixed[position]
                yield from walk(level + 1, alive & column[at], (*groups, (at,)))
                return
            found: dict[int, list[int]] = {}
            for index, mask in enumerate(column):
                found.setdefault(alive & mask, []).append(index)
            for rest, indexes in found.items():
                yield from walk(level + 1, rest, (*groups, tuple(indexes)))

        yield from walk(0, self.everything, ())

    def runs(self, position: int, group: Sequence[int]) -> Iterator[Interval]:
        """The numbers of a group of atoms as intervals, neighbours joined."""
        start = before = -2
        for at in [*group, -2]:
            if at != before + 1:
                if start >= 0:
                    first, last = self.atoms[position][start].interval, self.atoms[position][before].interval
                    if first is not None and last is not None:
                        yield Interval(first.low, last.high, first.low_closed, last.high_closed)
                start = at
            before = at

    def position(self, name: str) -> int:
        """Position of an input by its id."""
        return next(index for index, declared in enumerate(self.inputs) if declared.id == name)

    def atom_of(self, position: int, value: Value) -> int:
        """The atom that holds a value."""
        for index, atom in enumerate(self.atoms[position]):
            if atom.interval is None:
                if atom.value == value:
                    return index
            elif value in atom.interval:  # type: ignore[operator]
                return index
        raise ValueError(value)

    def values(self, order: Sequence[int], part: Part) -> dict[str, Value]:
        """One concrete case of a part."""
        return {self.inputs[position].id: self.atoms[position][group[0]].value
                for position, group in zip(order, part.groups, strict=True)}

    def wide(self, order: Sequence[int], part: Part) -> frozenset[str]:
        """Inputs whose value makes no difference to the part."""
        return frozenset(self.inputs[position].id for position, group in zip(order, part.groups, strict=True)
                         if len(group) == len(self.atoms[position]))
