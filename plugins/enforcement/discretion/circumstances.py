"""Circumstances of a case from what its steps recorded."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from plugins.enforcement.discretion.vocabulary import (
    ACT_DAY,
    BRACKETS,
    CHECKED,
    CIRCUMSTANCE_FIELD,
    FOUND_DAY,
    MITIGATING,
    TICKS,
)
from scoring.discretion.circumstances import Capacity, Circumstances

ADULT, CHILD, YOUNG = 18, 13, 16


def ticked(values: Mapping[str, Any]) -> frozenset[str]:
    """Circumstances that were found: ticked at the step, or recorded earlier as mitigating."""
    found = set(_many(values.get(CIRCUMSTANCE_FIELD)))
    found |= {MITIGATING.get(name, name) for name in _many(values.get("mitigating"))}
    if values.get("five_years") is True:
        found.add("long_limitation")
    return frozenset(found & TICKS.keys())


def circumstances_of(values: Mapping[str, Any], decided_on: date, on_the_spot: date | None) -> Circumstances | None:
    """The circumstances; None while the day of the act is unknown.

    What is not ticked is unknown until a person states that every circumstance was looked into.

    Args:
        values: the case's attributes with those of the step.
        on_the_spot: day of an act that was found and is decided where it happened.
    """
    act = _day(values.get(ACT_DAY)) or on_the_spot
    if act is None:
        return None
    found = ticked(values)
    otherwise = False if values.get(CHECKED) in (True, "true") else None
    party = values.get("party_kind")
    citizen = None if party is None else party == "citizen"
    plain: dict[str, Any] = {name: True if name in found else otherwise
                             for name in TICKS if name not in BRACKETS}
    settled = otherwise is False or citizen is False
    age = CHILD if "under_14" in found else YOUNG if "minor_14_18" in found else ADULT if settled else None
    capacity = (Capacity.NONE if "incapable" in found else Capacity.PARTIAL if "partly_capable" in found
                else Capacity.FULL if settled else None)
    return Circumstances(act, _day(values.get(FOUND_DAY)) or on_the_spot, decided_on, citizen=citizen, age=age,
                         capacity=capacity, **plain)


def _day(value: object) -> date | None:
    if isinstance(value, date):
        return value
    try:
        return date.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None


def _many(value: object) -> tuple[str, ...]:
    return tuple(map(str, value)) if isinstance(value, (list, tuple, set, frozenset)) else ()
