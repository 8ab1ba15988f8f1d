"""What counts in a region on a date, and where each value comes from (``fazhi rules effective``)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from core.rulebook.build.periods import ParameterValue
from core.rulebook.bundle import Bundle
from core.rulebook.overlay import Effective, Opening
from core.text import Text


@dataclass(frozen=True, slots=True)
class EffectiveValue:
    """One parameter as a region has it on a date.

    Attributes:
        key: as an overlay's ``set`` names it.
        value: what counts.
        base: what the shipped base says on that date; equal to ``value`` where nobody changed it.
        origin: ``file:line`` where the value that counts is written.
        region: who set it; empty for the base.
        document: issuer and document of the overlay; None for the base.
        opening: what a region below may still change; None where it may change nothing.
    """

    key: str
    title: Text
    value: ParameterValue
    base: ParameterValue
    origin: str
    region: str
    document: str | None
    opening: Opening | None

    @property
    def changed(self) -> bool:
        """True where an overlay counts instead of the base."""
        return self.document is not None


@dataclass(frozen=True, slots=True)
class AddedRule:
    """A supervision rule that a region of the chain added by itself."""

    id: str
    title: Text
    region: str
    origin: str


def effective(bundle: Bundle, region: str, on: date) -> tuple[EffectiveValue, ...]:
    """Every parameter of a region on a date, by key, each with its origin."""
    base = {value.key: value.value for value in bundle.parameters("", on)}
    return tuple(_value(value, base.get(value.key, value.value)) for value in bundle.parameters(region, on))


def added_rules(bundle: Bundle, region: str, on: date) -> tuple[AddedRule, ...]:
    """Rules that count in a region on a date because its own overlay or a parent's added them."""
    return tuple(
        AddedRule(rule.id, rule.title, rule.origin["region"], f"{rule.origin['file']}:{rule.origin['line']}")
        for procedure in bundle.procedures for rule in bundle.rules(procedure, region)
        if "region" in rule.origin and on in rule.valid)


def _value(value: Effective, base: ParameterValue) -> EffectiveValue:
    return EffectiveValue(value.key, value.title, value.value, base, f"{value.at.file}:{value.at.line}", value.region,
                          value.document, value.opening)
