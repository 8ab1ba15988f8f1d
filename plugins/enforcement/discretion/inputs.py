"""Inputs of a table as a step records them (``name=value``), read and checked against the table."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation

from core.discretion.inputs import Input, InputType, Value
from core.discretion.model import Table

LONGEST_NUMBER = 30


@dataclass(frozen=True, slots=True)
class Given:
    """What was entered for a table's inputs.

    Attributes:
        values: those that can be used.
        typed: every input as it was typed.
        unfit: inputs whose value is not possible.
    """

    values: Mapping[str, Value] = field(default_factory=dict)
    typed: Mapping[str, str] = field(default_factory=dict)
    unfit: tuple[str, ...] = ()


def pairs(entries: object) -> dict[str, str]:
    """``name=value`` texts as a mapping; what is not of that form is left out."""
    texts = entries if isinstance(entries, (list, tuple, set, frozenset)) else ()
    split = (str(entry).partition("=") for entry in sorted(map(str, texts)))
    return {name.strip(): value.strip() for name, sign, value in split if sign and name.strip() and value.strip()}


def read_inputs(versions: Sequence[Table], typed: Mapping[str, str]) -> Given:
    """Read the values of the inputs that all versions of a table have."""
    values: dict[str, Value] = {}
    unfit = []
    for name, text in typed.items():
        declared = [table.inputs[name] for table in versions if name in table.inputs]
        if len(declared) < len(versions) or not declared:
            continue
        value = _value(text, declared[0])
        if value is None or not all(one.accepts(value) for one in declared):
            unfit.append(name)
        else:
            values[name] = value
    return Given(values, dict(typed), tuple(unfit))


def inputs_of(versions: Iterable[Table]) -> dict[str, Input]:
    """The inputs of all versions by name, as the latest has them."""
    return {name: one for table in versions for name, one in table.inputs.items()}


def _value(text: str, declared: Input) -> Value | None:
    if declared.type is InputType.BOOL:
        return {"true": True, "false": False}.get(text)
    if declared.type is InputType.ENUM:
        return text
    plain = text.replace(",", "").replace("，", "")
    if len(plain) > LONGEST_NUMBER or "e" in plain.lower():
        return None
    try:
        number = Decimal(plain)
    except InvalidOperation:
        return None
    if not number.is_finite():
        return None
    if declared.integer:
        return int(number) if number == number.to_integral_value() else None
    return number
