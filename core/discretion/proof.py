"""Proof of a discretion table over every possible case, with a counter-example for whatever fails.

Checked on every stretch of dates on which the statute's edition does not change: each case has exactly one statutory
range; each has a row, and not several without an order between them; nothing lies outside the statute; a graver
circumstance never gets less. What a published table really has wrong is declared under ``faults`` and must exist.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from itertools import product

from core.discretion.comparing import somewhere_outside
from core.discretion.fines import Fine, Money
from core.discretion.flaws import Flaw
from core.discretion.hits import Choice, Unchosen, choose
from core.discretion.inputs import Value
from core.discretion.intervals import Interval
from core.discretion.model import FaultKind, Row, Statute, Table
from core.discretion.monotony import breaks
from core.discretion.partition import Part, Partition, TooManyParts
from core.discretion.penalties import names
from core.rulebook.stretches import changes_of, cut, overlap, some_day
from core.rulebook.terms import DateRange

MOST_FLAWS = 20
KINDS = {Unchosen.GAP: FaultKind.GAP, Unchosen.OVERLAP: FaultKind.OVERLAP}


def prove(table: Table) -> tuple[Flaw, ...]:
    """Everything that is wrong with a table; empty where it is sound."""
    try:
        return tuple(_Proof(table).flaws())
    except TooManyParts:
        return (Flaw("discretion-too-large"),)


@dataclass(slots=True)
class _Found:
    """Flaws by what they concern; of each the first example is kept and the others counted.

    More than ``MOST_FLAWS`` of one sort help nobody: they are counted with the last one kept.
    """

    flaws: dict[tuple[object, ...], Flaw] = field(default_factory=dict)
    keys: dict[str, list[tuple[object, ...]]] = field(default_factory=dict)

    def add(self, flaw: Flaw) -> None:
        key: tuple[object, ...] = (flaw.code, flaw.rows, flaw.statute, flaw.fault, str(flaw.details.get("input", "")))
        keys = self.keys.setdefault(flaw.code, [])
        if key not in self.flaws and len(keys) >= MOST_FLAWS:
            key = keys[-1]
        elif key not in self.flaws:
            keys.append(key)
        known = self.flaws.get(key)
        self.flaws[key] = flaw if known is None else replace(known, further=known.further + 1)


class _Proof:
    """One table on its way through the proof. Conditions are numbered: rows, statutes, faults, applies."""

    def __init__(self, table: Table) -> None:
        self.table = table
        self.rows_at, self.statutes_at = 0, len(table.rows)
        self.faults_at = self.statutes_at + len(table.statutes)
        self.applies = 1 << (self.faults_at + len(table.faults))
        self.partition = Partition(table.inputs, [
            *(row.cells for row in table.rows), *(each.cells for each in table.statutes),
            *(fault.cells for fault in table.faults), table.applies])
        self.found = _Found()
        self.real: set[int] = set()
        self.chosen: set[int] = set()
        self.integers = frozenset(name for name, each in table.inputs.items() if each.integer)

    def flaws(self) -> Iterator[Flaw]:
        for stretch, in_force in self._stretches():
            day = some_day(stretch)
            statutes = [(index, self.table.statutes[index]) for index, each in enumerate(self.table.statutes)
                        if day in each.valid]
            self._cover(stretch.start, statutes, in_force)
        self._monotony()
        yield from (flaw for flaw in self.found.flaws.values()
                    if flaw.code != "discretion-fault-too-wide" or flaw.fault in self.real)
        for index in range(len(self.table.faults)):
            if index not in self.real:
                yield Flaw("discretion-fault-absent", fault=index)
        for row in self.table.rows:
            if row.number not in self.chosen:
                yield Flaw("discretion-row-unreachable", rows=(row.number,), severe=False)

    def _stretches(self) -> Iterator[tuple[DateRange, bool]]:
        """Dates without a change of edition, and whether the table itself is in force on them."""
        valid = self.table.valid
        changes = changes_of([valid, *(each.valid for each in self.table.statutes)])
        for stretch in cut(DateRange(), changes):
            in_force = overlap(stretch, valid) is not None
            if in_force or any(overlap(stretch, each.valid) for each in self.table.statutes):
                yield stretch, in_force

    def _bases(self) -> list[int]:
        fines = [fine for fine in (*(row.fine for row in self.table.rows), *(each.fine for each in self.table.statutes))
                 if fine is not None]
        names_ = {fine.base for fine in fines if fine.base is not None}
        return [self.partition.position(name) for name in sorted(names_)]

    def _cover(self, day: date | None, statutes: Sequence[tuple[int, Statute]], in_force: bool) -> None:
        bases = self._bases()
        order = [index for index in range(len(self.table.inputs)) if index not in bases] + bases
        for part in self.partition.parts(order, free=len(bases), needed=self.applies):
            self._statute(order, part, day, statutes, in_force)
            if in_force:
                self._part(order, part, day, statutes)

    def _statute(self, order: Sequence[int], part: Part, day: date | None, statutes: Sequence[tuple[int, Statute]],
                 in_force: bool) -> None:
        holding = self._holding(part, statutes)
        if not holding and (in_force or statutes):
            self._note("discretion-statute-gap", order, part, day=day)
        elif len(holding) > 1:
            self._note("discretion-statute-overlap", order, part, day=day, statute=holding[1][0],
                       other=holding[0][0] + 1, one=holding[1][0] + 1)

    def _holding(self, part: Part, statutes: Sequence[tuple[int, Statute]]) -> list[tuple[int, Statute]]:
        return [(index, each) for index, each in statutes if part.alive >> (self.statutes_at + index) & 1]

    def _matching(self, alive: int) -> list[Row]:
        return [row for index, row in enumerate(self.table.rows) if alive >> index & 1]

    def _part(self, order: Sequence[int], part: Part, day: date | None,
              statutes: Sequence[tuple[int, Statute]]) -> None:
        matching = self._matching(part.alive)
        choice = choose(self.table, matching)
        if isinstance(choice, Unchosen):
            self.chosen.update(row.number for row in matching)
            rows = tuple(row.number for row in matching)
            code = "discretion-gap" if choice is Unchosen.GAP else "discretion-overlap"
            self._excusable(Flaw(code, KINDS[choice], self.partition.values(order, part),
                                 self.partition.wide(order, part), rows, day=day), part.alive)
        else:
            self.chosen.update(row.number for row in choice.rows)
            holding = self._holding(part, statutes)
            if len(holding) == 1:
                self._against(order, part, day, choice, *holding[0])
        self._too_wide(order, part, day, choice)

    def _against(self, order: Sequence[int], part: Part, day: date | None, choice: Choice, index: int,
                 statute: Statute) -> None:
        rows = tuple(row.number for row in choice.rows)
        example = self.partition.values(order, part)
        base = Flaw("", FaultKind.OUTSIDE, example, self.partition.wide(order, part), rows, statute=index, day=day)
        extra = choice.penalties - statute.must - statute.may
        if statute.lawful:
            self._excusable(replace(base, code="discretion-lawful-act"), part.alive)
            return
        if extra:
            self._excusable(replace(base, code="discretion-penalty-outside", details={"extra": names(extra)}),
                            part.alive)
        if choice.fine is None and statute.fine is not None and not statute.optional:
            self._excusable(replace(base, code="discretion-fine-missing"), part.alive)
        elif choice.fine is not None and statute.fine is None:
            self._excusable(replace(base, code="discretion-fine-not-allowed"), part.alive)
        elif choice.fine is not None and statute.fine is not None:
            searched = (somewhere_outside(choice.fine, statute.fine, box, self.integers)
                        for box in self._boxes(order, part))
            found = next((values for values in searched if values is not None), None)
            if found is not None:
                at = {**example, **self._typed(found)}
                told = {"given": amount(choice.fine, at).text, "allowed": amount(statute.fine, at).text}
                self._excusable(replace(base, code="discretion-outside", example=at, details=told,
                                        indifferent=base.indifferent - found.keys()), part.alive)

    def _typed(self, found: Mapping[str, Decimal]) -> dict[str, Value]:
        return {name: int(value) if name in self.integers else value for name, value in found.items()}

    def _boxes(self, order: Sequence[int], part: Part) -> Iterator[dict[str, Interval]]:
        """The values that the bases may have in a part, as boxes without holes."""
        bases = self._bases()
        runs = [[(self.partition.inputs[position].id, run) for run in self.partition.runs(position, group)]
                for position, group in zip(order, part.groups, strict=True) if position in bases]
        for combination in product(*runs):
            yield dict(combination)

    def _too_wide(self, order: Sequence[int], part: Part, day: date | None, choice: Choice | Unchosen) -> None:
        """A declared gap or overlap must be one wherever it is declared."""
        for index, fault in enumerate(self.table.faults):
            declared = part.alive >> (self.faults_at + index) & 1
            if declared and fault.kind in KINDS.values() and (
                    not isinstance(choice, Unchosen) or KINDS[choice] is not fault.kind):
                self._note("discretion-fault-too-wide", order, part, day=day, fault=index)

    def _excusable(self, flaw: Flaw, alive: int) -> None:
        excused = [index for index, fault in enumerate(self.table.faults)
                   if fault.kind is flaw.kind and alive >> (self.faults_at + index) & 1]
        self.real.update(excused)
        if not excused:
            self.found.add(flaw)

    def _note(self, code: str, order: Sequence[int], part: Part, *, day: date | None, statute: int | None = None,
              fault: int | None = None, **details: object) -> None:
        self.found.add(Flaw(code, None, self.partition.values(order, part), self.partition.wide(order, part),
                            statute=statute, fault=fault, day=day, details=details))

    def _monotony(self) -> None:
        positions = range(len(self.table.inputs))
        for position in positions:
            declared = self.partition.inputs[position]
            if declared.graver is None:
                continue
            order = [other for other in positions if other != position] + [position]
            chosen: dict[int, Choice | Unchosen] = {}
            lines: dict[tuple[tuple[int, ...], ...], list[Part]] = {}
            for part in self.partition.parts(order, free=1, needed=0):
                lines.setdefault(part.groups[:-1], []).append(part)
            for line in lines.values():
                self._line(order, line, declared.graver == "higher", chosen)

    def _line(self, order: Sequence[int], line: Sequence[Part], upward: bool,
              chosen: dict[int, Choice | Unchosen]) -> None:
        """Cases that differ in one input only, from the mildest to the gravest."""
        steps = sorted(((at, part) for part in line for at in part.groups[-1] if part.alive & self.applies),
                       key=lambda step: step[0], reverse=not upward)
        milder: dict[tuple[int, ...], tuple[int, Part, Choice]] = {}
        for at, part in steps:
            alive = part.alive & (self.applies - 1)
            if alive not in chosen:
                chosen[alive] = choose(self.table, self._matching(alive))
            choice = chosen[alive]
            if isinstance(choice, Unchosen):
                continue
            rows = tuple(row.number for row in choice.rows)
            for before, other, less in milder.values():
                broken = breaks(self.table, less, choice) if less is not choice else ""
                if broken:
                    self._reversed(order, (before, other, less), (at, part, choice), broken)
                    break
            milder.setdefault(rows, (at, part, choice))

    def _reversed(self, order: Sequence[int], milder: tuple[int, Part, Choice], graver: tuple[int, Part, Choice],
                  code: str) -> None:
        declared = self.partition.inputs[order[-1]]
        atoms = self.partition.atoms[order[-1]]
        low, high = atoms[milder[0]].value, atoms[graver[0]].value
        example = {**self.partition.values(order, graver[1]), declared.id: high}
        tiers = self.table.tiers
        self._excusable(Flaw(
            code, FaultKind.REVERSED, example, self.partition.wide(order[:-1], Part(0, graver[1].groups[:-1])),
            tuple(row.number for row in (*milder[2].rows, *graver[2].rows)),
            details={"input": declared.title, "name": declared.id, "less": declared.shown(low),
                     "more": declared.shown(high), "value": low, "tier": tiers[milder[2].tier],
                     "lighter": tiers[graver[2].tier]}), graver[1].alive)


def amount(fine: Fine, values: Mapping[str, Value]) -> Money:
    """A fine in yuan for a case that has a value for its base."""
    return fine.at(Decimal(values[fine.base]) if fine.base is not None else None)
