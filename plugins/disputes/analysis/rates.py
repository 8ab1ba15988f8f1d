"""The rates of the sub-platform: written as conditions in ``rates.yaml``, worked out for each case."""

from __future__ import annotations

import importlib.resources
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

import yaml

from core.language.compiler import compile_expression
from core.language.environment import Environment
from core.language.expression import Expression
from core.rulebook.model import Procedure
from core.text import Text


@dataclass(frozen=True, slots=True)
class Rate:
    """One rate as written; its ``bit`` is its place among the rates of its procedure.

    Attributes:
        kept: rules of which none may be violated for the case to count.
    """

    code: str
    procedure: str
    title: Text
    bit: int
    among: str
    where: str
    kept: tuple[str, ...]
    note: Text | None


@dataclass(frozen=True, slots=True)
class Measured:
    """A rate with its conditions compiled against the procedure in force."""

    rate: Rate
    among: Expression
    where: Expression | None


@cache
def all_rates() -> tuple[Rate, ...]:
    """Every rate, in the order of the file."""
    text = (importlib.resources.files("plugins.disputes.analysis") / "rates.yaml").read_text(encoding="utf-8")
    found: list[Rate] = []
    for entry in yaml.safe_load(text)["rates"]:
        bit = sum(1 for one in found if one.procedure == entry["procedure"])
        found.append(Rate(entry["code"], entry["procedure"], Text.of(entry["title"]), bit, entry["among"],
                          entry.get("where", ""), tuple(entry.get("kept", ())), _text(entry.get("note"))))
    return tuple(found)


def measured(procedures: Mapping[str, Procedure]) -> Mapping[str, tuple[Measured, ...]]:
    """The rates of each loaded procedure, compiled.

    Raises:
        FazhiError: a condition names what its procedure does not have.
    """
    found: dict[str, tuple[Measured, ...]] = {}
    for rate in all_rates():
        if rate.procedure not in procedures:
            continue
        environment = Environment.of(procedures[rate.procedure])
        one = Measured(rate, compile_expression(rate.among, environment),
                       compile_expression(rate.where, environment) if rate.where else None)
        found[rate.procedure] = (*found.get(rate.procedure, ()), one)
    return found


def _text(value: Any) -> Text | None:
    return Text.of(value) if value else None
