"""Periods and counts, with ``$placeholders`` filled in from parameter values."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from core.errors import Location
from core.language.suggest import listing, nearest
from core.rulebook.build.context import Problems, Site
from core.rulebook.kinds.base import UNITS, PeriodSpec, Placeholder
from core.rulebook.model import Period

ParameterValue = bool | int | Decimal | str

_REFERENCE = re.compile(r"""("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')|(?<![\w.])p\.([a-z][a-z0-9_]*)""")


@dataclass(frozen=True, slots=True)
class Filled:
    """Values of the parameters that a rule sees, the units they are counted in, and where each was written."""

    values: Mapping[str, ParameterValue]
    units: Mapping[str, str | None]
    problems: Problems
    places: Mapping[str, Location] = field(default_factory=dict)

    def period(self, spec: PeriodSpec | None, site: Site) -> Period | None:
        """A period with its length filled in; None where none was written or it is wrong."""
        if spec is None:
            return None
        given = spec.given()
        if len(given) != 1:
            self.problems.add("period-one-unit", site.at, units=listing(UNITS), found=len(given))
            return None
        unit, length = given[0]
        number = self.count(length, site / unit.value)
        return None if number is None else Period(number, unit, spec.roll if spec.roll is not None else True)

    def count(self, value: int | Placeholder | None, site: Site) -> int | None:
        """A count, written or taken from a parameter."""
        if not isinstance(value, Placeholder):
            return value
        if not self._known(value.name, site, "$"):
            return None
        found = self.values[value.name]
        if isinstance(found, bool) or not isinstance(found, int) or found < 0:
            self.problems.add("parameter-not-count", self.places.get(value.name, site.at), name=value.name, value=found)
            return None
        return found

    def cel(self, source: str, site: Site) -> str | None:
        """A condition with ``p.name`` replaced by the value, at the same column where it fits."""
        sound = True

        def fill(match: re.Match[str]) -> str:
            nonlocal sound
            if match[1] is not None:
                return match[1]
            if not self._known(match[2], site, "p."):
                sound = False
                return match[0]
            return literal(self.values[match[2]], self.units.get(match[2])).ljust(len(match[0]))

        filled = _REFERENCE.sub(fill, source)
        return filled if sound else None

    def _known(self, name: str, site: Site, sign: str) -> bool:
        if name in self.values:
            return True
        near = nearest(name, self.values)
        self.problems.add("parameter-misspelt" if near else "parameter-unknown", site.at, name=sign + name,
                          suggestion=sign + near, known=listing(self.values) or "—")
        return False


def literal(value: ParameterValue, unit: str | None) -> str:
    """A parameter's value as CEL writes it."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str):
        return "'" + value.replace("\\", "\\\\").replace("'", "\\'") + "'"
    if isinstance(value, Decimal) or unit:
        return f'decimal("{value}"' + (f', "{unit}")' if unit else ")")
    return str(value)


def references(text: str) -> frozenset[str]:
    """Names of the parameters that a condition reads."""
    return frozenset(match[2] for match in _REFERENCE.finditer(text) if match[2])
