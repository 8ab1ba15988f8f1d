"""A discretion table for the facts of a case: tier, statutory range, amount, and why. It never guesses.

Where facts are missing, every way in which they could turn out is looked at: if all lead to the same row the answer
stands, else the missing facts are named with the tiers that remain possible.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import lru_cache

from core.discretion.cells import met
from core.discretion.fines import Fine, Money
from core.discretion.flaws import case_in_words
from core.discretion.hits import Choice, Unchosen, choose
from core.discretion.inputs import Value
from core.discretion.model import FaultKind, Row, Statute, Table
from core.discretion.partition import Partition
from core.discretion.penalties import names
from core.errors import fail
from core.text import Text
from scoring.discretion.answer import Answer, Provided, State, Why, why
from scoring.words import joined

Facts = Mapping[str, Value]
FAULTS = {Unchosen.GAP: FaultKind.GAP, Unchosen.OVERLAP: FaultKind.OVERLAP}


def evaluate(table: Table, facts: Facts, day: date) -> Answer:
    """The answer of a table for facts under the law of a day.

    Args:
        facts: values by input; what is not there is unknown. Numbers are exact (int or Decimal).
        day: date of the act, or of the decision where the law at that date is asked for.

    Raises:
        FazhiError: a fact is none of the table's inputs, or its value is impossible.
    """
    _check(table, facts)
    found = _found(table, facts, day)
    if isinstance(found, _Open):
        return _needs(table, found, day)
    if not found.applies:
        cells = table.applies
        return Answer(table.id, day, State.NOT_APPLICABLE, why=(
            why("table", "not-applicable", facts=_told(table, facts, cells), conditions=_conditions(table)),))
    return _answer(table, facts, day, found)


@dataclass(frozen=True, slots=True)
class _Found:
    """What holds, every needed fact being known."""

    applies: bool
    matching: tuple[Row, ...] = ()
    statute: Statute | None = None


@dataclass(frozen=True, slots=True)
class _Open:
    """What cannot be told yet."""

    missing: tuple[str, ...]
    possible: tuple[str, ...]


def _check(table: Table, facts: Facts) -> None:
    for name, value in facts.items():
        declared = table.inputs.get(name)
        if declared is None:
            raise fail("discretion-fact-unknown", name=name, table=table.id, known="、".join(table.inputs))
        if value is not None and not declared.accepts(value):
            raise fail("discretion-fact-impossible", name=name, title=declared.title, value=str(value))


def _found(table: Table, facts: Facts, day: date) -> _Found | _Open:
    applies = met(table.applies, facts)
    if applies is False:
        return _Found(False)
    statutes = [(each, met(each.cells, facts)) for _, each in table.statutes_on(day)]
    rows = [(row, met(row.cells, facts)) for row in table.rows] if day in table.valid else []
    if applies is None or any(held is None for _, held in (*statutes, *rows)):
        return _completed(table, facts, day)
    return _Found(True, tuple(row for row, held in rows if held),
                  next((each for each, held in statutes if held), None))


@lru_cache(maxsize=256)
def _partition(table: Table) -> Partition:
    return Partition(table.inputs, [*(row.cells for row in table.rows), *(each.cells for each in table.statutes),
                                    table.applies])


def _completed(table: Table, facts: Facts, day: date) -> _Found | _Open:
    """What holds however the unknown facts turn out, or what is open."""
    partition = _partition(table)
    known = {partition.position(name): partition.atom_of(partition.position(name), value)
             for name, value in facts.items() if value is not None}
    order = [*known, *(at for at in range(len(partition.inputs)) if at not in known)]
    ways: dict[tuple[object, ...], _Found] = {}
    alive_somewhere, alive_everywhere = 0, partition.everything
    for part in partition.parts(order, known=known):
        alive_somewhere |= part.alive
        alive_everywhere &= part.alive
        found = _of_part(table, part.alive, day)
        ways.setdefault((found.applies, tuple(row.number for row in found.matching), id(found.statute)), found)
    if len(ways) == 1:
        return next(iter(ways.values()))
    undecided = alive_somewhere & ~alive_everywhere
    conditions = [*(row.cells for row in table.rows), *(each.cells for each in table.statutes), table.applies]
    asked = {name for index, cells in enumerate(conditions) if undecided >> index & 1 for name in cells}
    missing = tuple(name for name in table.inputs if name in asked and facts.get(name) is None)
    tiers = {tier for found in ways.values() for tier in _tiers(table, found.matching)}
    return _Open(missing, tuple(tier for tier in table.tiers if tier in tiers))


def _tiers(table: Table, matching: tuple[Row, ...]) -> tuple[str, ...]:
    """The tier that the rows lead to, or all of theirs where the table does not decide between them."""
    choice = choose(table, matching)
    return (choice.tier,) if isinstance(choice, Choice) else tuple(row.tier for row in matching)


def _of_part(table: Table, alive: int, day: date) -> _Found:
    rows, statutes = len(table.rows), len(table.statutes)
    if not alive >> (rows + statutes) & 1:
        return _Found(False)
    matching = tuple(row for index, row in enumerate(table.rows) if alive >> index & 1) if day in table.valid else ()
    return _Found(True, matching, next((each for index, each in table.statutes_on(day)
                                        if alive >> (rows + index) & 1), None))


def _needs(table: Table, found: _Open, day: date, provided: Provided | None = None) -> Answer:
    titles = joined([table.inputs[name].title for name in found.missing])
    tiers = joined([table.tiers[tier] for tier in found.possible]) if found.possible else Text("—")
    return Answer(table.id, day, State.NEEDS_FACT, provided=provided, missing=found.missing, possible=found.possible,
                  why=(why("table", "needs-fact", missing=titles, possible=tiers),))


def _answer(table: Table, facts: Facts, day: date, found: _Found) -> Answer:
    statute = found.statute
    if statute is None:
        return Answer(table.id, day, State.NO_TABLE, why=(why("statute", "no-statute", day=day.isoformat()),))
    bases = [fine.base for fine in (statute.fine, *(row.fine for row in found.matching))
             if fine is not None and fine.base is not None and facts.get(fine.base) is None]
    if bases:
        choice = choose(table, found.matching) if found.matching else Unchosen.GAP
        possible = (choice.tier,) if isinstance(choice, Choice) else ()
        return _needs(table, _Open(tuple(dict.fromkeys(bases)), possible), day)
    provided = Provided(_amount(statute.fine, facts), statute.optional, statute.must, statute.may, statute.lawful,
                        statute.basis)
    lines = (_law_line(provided),)
    if statute.lawful:
        return Answer(table.id, day, State.LAWFUL, provided=provided, why=lines)
    if day not in table.valid:
        return Answer(table.id, day, State.NO_TABLE, provided=provided,
                      why=(*lines, why("table", "no-table", day=day.isoformat(), table=table.title)))
    choice = choose(table, found.matching)
    if isinstance(choice, Unchosen):
        return _unchosen(table, facts, day, found, choice, provided, lines)
    return _chosen(table, facts, day, choice, provided, lines)


def _law_line(provided: Provided) -> Why:
    if provided.lawful:
        return why("statute", "lawful", provided.basis)
    parts = [names(provided.must)] if provided.must else []
    if provided.fine is not None:
        words = Text("可以罚款 ", {"en": "may be fined "}) if provided.optional else Text("罚款 ", {"en": "fine of "})
        parts.append(Text(words.zh + provided.fine.text.zh, {"en": words.to("en") + provided.fine.text.to("en")}))
    return why("statute", "statute", provided.basis, given=joined(parts) if parts else Text("—"))


def _unchosen(table: Table, facts: Facts, day: date, found: _Found, reason: Unchosen, provided: Provided,
              lines: tuple[Why, ...]) -> Answer:
    rows = tuple(row.number for row in found.matching)
    told = case_in_words(table.inputs, {name: value for name, value in facts.items() if value is not None})
    gap = reason is Unchosen.GAP
    line = why("table", "no-tier" if gap else "ambiguous", table.basis, facts=told,
               rows=_numbers(rows) if rows else "",
               tiers=joined([table.tiers[row.tier] for row in found.matching]) if rows else "")
    declared = tuple(why("table", "fault", note=fault.note) for fault in table.faults
                     if fault.kind is FAULTS[reason] and met(fault.cells, facts))
    return Answer(table.id, day, State.NO_TIER if gap else State.AMBIGUOUS, provided=provided, rows=rows,
                  possible=tuple(dict.fromkeys(row.tier for row in found.matching)), why=(*lines, line, *declared))


def _chosen(table: Table, facts: Facts, day: date, choice: Choice, provided: Provided,
            lines: tuple[Why, ...]) -> Answer:
    cells = [name for row in choice.rows for name in row.cells]
    told = case_in_words(table.inputs, {name: value for name in dict.fromkeys(cells)
                                        if (value := facts.get(name)) is not None})
    given = _amount(choice.fine, facts)
    rows = tuple(row.number for row in choice.rows)
    basis = tuple(citation for row in choice.rows for citation in row.basis) or table.basis
    steps = [*lines, why("table", "tier", basis, facts=told, rows=_numbers(rows),
                         tier=table.tiers[choice.tier])]
    steps += [why("table", "note", note=row.note) for row in choice.rows if row.note is not None]
    fine, state = given, State.TIER
    if given is not None:
        fine = given.meet(provided.fine) if provided.fine is not None else None
        if fine is None:
            state = State.OUTSIDE_STATUTE
            steps.append(why("amount", "outside-statute", provided.basis, given=given.text))
        elif fine != given:
            steps.append(why("amount", "clamped", provided.basis, given=given.text, fine=fine.text))
        steps += _arithmetic(choice.fine, facts, table, fine)
    elif provided.fine is not None and not provided.optional:
        state = State.OUTSIDE_STATUTE
        steps.append(why("amount", "fine-missing", provided.basis, fine=provided.fine.text))
    extra = choice.penalties - provided.must - provided.may
    if extra:
        state = State.OUTSIDE_STATUTE
        steps.append(why("amount", "penalty-outside", provided.basis, extra=names(extra)))
    penalties = provided.must | (choice.penalties & (provided.must | provided.may))
    if penalties:
        steps.append(why("amount", "penalties", provided.basis, penalties=names(penalties)))
    rank = table.rank(choice.tier)
    return Answer(table.id, day, state, choice.tier, table.tiers[choice.tier], fine, given, provided, penalties,
                  provided.may - penalties, rows, lightest=rank == 0, gravest=rank == len(table.tiers) - 1,
                  why=tuple(steps))


def _arithmetic(fine: Fine | None, facts: Facts, table: Table, result: Money | None) -> list[Why]:
    if fine is None or result is None:
        return []
    if fine.base is None:
        return [why("amount", "amount", fine=result.text)]
    base = table.inputs[fine.base].shown(facts[fine.base])
    return [why("amount", "multiple", base=base, span=str(fine.span), fine=result.text)]


def _amount(fine: Fine | None, facts: Facts) -> Money | None:
    if fine is None:
        return None
    base = facts[fine.base] if fine.base is not None else None
    return fine.at(Decimal(base) if base is not None else None)


def _numbers(rows: tuple[int, ...]) -> Text:
    return joined([Text(str(row), {"en": str(row)}) for row in rows])


def _told(table: Table, facts: Facts, cells: Mapping[str, object]) -> Text:
    return case_in_words(table.inputs, {name: facts[name] for name in cells if facts.get(name) is not None})


def _conditions(table: Table) -> Text:
    return Text("、".join(f"{table.inputs[name].title.zh} {cell.text}" for name, cell in table.applies.items()),
                {"en": ", ".join(f"{table.inputs[name].title.to('en')} {cell.text}"
                                 for name, cell in table.applies.items())})
