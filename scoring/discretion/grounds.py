"""The Penalty Law's own questions before and beside the table, each answered yes, no or not yet known (Kleene)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from core.calendars.calendar import add_months
from core.discretion.model import Limitation
from core.rulebook.model import Citation
from scoring.discretion.circumstances import Capacity, Circumstances, ListKind

EDITION = date(2021, 1, 22)
LAW = "行政处罚法"
LONG = 60
SHORT = 24


def article(number: str, quote: str | None = None) -> Citation:
    """An article of the Penalty Law of 2021."""
    return Citation(LAW, number, EDITION, quote)


@dataclass(frozen=True, slots=True)
class Ground:
    """The answer to one question.

    Attributes:
        code: which ground.
        holds: None where it cannot be told yet.
        missing: circumstances that have to be found out.
        until: last day of the limitation period, where that is the question.
    """

    code: str
    holds: bool | None
    basis: tuple[Citation, ...]
    missing: tuple[str, ...] = ()
    until: date | None = None


def limitation(found: Circumstances, own: Limitation | None) -> Ground:
    """Whether the act was found too late (36), by the table's own period where a law sets one."""
    if own is not None:
        return _limited(found, own.months, own.basis)
    basis = (article("36"),)
    short, long = _limited(found, SHORT, basis), _limited(found, LONG, basis)
    if found.long_limitation is not None:
        return long if found.long_limitation else short
    if short.holds is False or long.holds is not False:
        return short if short.holds is False else long
    return Ground("limitation", None, basis, ("long_limitation",), short.until)


def _limited(found: Circumstances, months: int, basis: tuple[Citation, ...]) -> Ground:
    until = add_months(found.law_day, months)
    if found.found_on is None:
        return Ground("limitation", None, basis, ("found_on",), until)
    return Ground("limitation", found.found_on > until, basis, (), until)


def exemptions(found: Circumstances) -> tuple[Ground, ...]:
    """Grounds on which no penalty may be imposed (30, 31, 33), in the order of evaluation."""
    listed = [each for each in found.listed if each.kind is ListKind.NOT_PUNISHED]
    return (
        _citizen(found, "under-14", "age", None if found.age is None else found.age < 14, "30"),
        _citizen(found, "incapable", "capacity", None if found.capacity is None else found.capacity is Capacity.NONE,
                 "31"),
        _all("minor-corrected", found, ("minor", "corrected_in_time", "no_harm"), "33(1)"),
        _no_fault(found),
        Ground("no-penalty-list", bool(listed), (article("33(1)"),)),
    )


def remission(found: Circumstances) -> Ground:
    """First offence: no penalty may be imposed; a person decides (33(1))."""
    if any(each.kind is ListKind.FIRST_OFFENCE for each in found.listed):
        return Ground("first-offence", True, (article("33(1)"),))
    return _all("first-offence", found, ("first_offence", "slight_harm", "corrected_in_time"), "33(1)")


def must_lighten(found: Circumstances) -> tuple[Ground, ...]:
    """Grounds on which the penalty must be lighter or reduced (30, 32)."""
    listed = any(each.kind in (ListKind.LIGHTER, ListKind.REDUCED) for each in found.listed)
    single = {"removed_harm": "32(一)", "coerced": "32(二)", "confessed": "32(三)", "merit": "32(四)",
              "lighter_by_law": "32(五)"}
    return (
        _citizen(found, "under-18", "age", None if found.age is None else 14 <= found.age < 18, "30"),
        *(_all(name.replace("_", "-"), found, (name,), number) for name, number in single.items()),
        Ground("lighter-list", listed, (article("32(五)"),)),
    )


def may_lighten(found: Circumstances) -> Ground:
    """Partial capacity: may be lighter or reduced (31)."""
    partial = None if found.capacity is None else found.capacity is Capacity.PARTIAL
    return _citizen(found, "partial-capacity", "capacity", partial, "31")


def must_aggravate(found: Circumstances) -> Ground:
    """Acts against emergency measures are punished more heavily (49)."""
    return _all("emergency", found, ("against_emergency_measures",), "49")


def _all(code: str, found: Circumstances, names: Iterable[str], number: str) -> Ground:
    wanted = tuple(names)
    values = [getattr(found, name) for name in wanted]
    holds = False if False in values else None if None in values else True
    missing = () if holds is not None else tuple(n for n, value in zip(wanted, values, strict=True) if value is None)
    return Ground(code, holds, (article(number),), missing)


def _citizen(found: Circumstances, code: str, name: str, holds: bool | None, number: str) -> Ground:
    """A ground that only a natural person can have."""
    basis = (article(number),)
    if found.citizen is False or holds is False:
        return Ground(code, False, basis)
    if found.citizen is None or holds is None:
        missing = [] if found.citizen is not None else ["citizen"]
        return Ground(code, None, basis, (*missing, *((name,) if holds is None else ())))
    return Ground(code, True, basis)


def _no_fault(found: Circumstances) -> Ground:
    """No fault proven, unless a law does not ask for it (33(2))."""
    basis = (article("33(2)"),)
    if found.no_fault_proven is False or found.fault_irrelevant is True:
        return Ground("no-fault", False, basis)
    missing = tuple(name for name in ("no_fault_proven", "fault_irrelevant") if getattr(found, name) is None)
    return Ground("no-fault", None if missing else True, basis, missing)
