"""Discretion tables from their files, for given parameter values and dates, proved as they are built."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import partial
from typing import Any, Literal, TypeVar

from core.discretion.cells import Cell, CellError, Written, read_cell, read_interval
from core.discretion.fines import Fine
from core.discretion.inputs import Input, InputType
from core.discretion.intervals import Interval
from core.discretion.model import Fault, Limitation, Row, Statute, Table
from core.discretion.proof import prove
from core.language.suggest import listing, nearest
from core.rulebook.build.context import Lookup, Site
from core.rulebook.build.flaws import report
from core.rulebook.build.periods import Filled
from core.rulebook.kinds.base import ParameterSpec, dates_of
from core.rulebook.kinds.discretion import (
    DiscretionDocument,
    FaultSpec,
    InputSpec,
    OutcomeSpec,
    RowSpec,
    StatuteSpec,
)
from core.rulebook.model import DateRange
from core.text import Text

T = TypeVar("T")

_PLACEHOLDER = re.compile(r"\$([a-z][a-z0-9_]*)")


class _Refused(Exception):
    """Something in the table that cannot be built: a message code, its place and details."""

    def __init__(self, code: str, site: Site, *, key: bool = False, **details: Any) -> None:
        super().__init__(code)
        self.code, self.site, self.at_key, self.details = code, site, key, details


@dataclass(frozen=True, slots=True)
class DiscretionSource:
    """A table as written, with where it stands."""

    spec: DiscretionDocument
    site: Site
    valid: DateRange
    used: frozenset[str] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "used", frozenset(_placeholders(self.spec)))

    @property
    def id(self) -> str:
        return self.spec.id

    @property
    def title(self) -> Text:
        return self.spec.title

    @property
    def region(self) -> str:
        return self.spec.region or ""

    @property
    def owner(self) -> str:
        """Tables see their own parameters only."""
        return ""

    @property
    def params(self) -> Mapping[str, ParameterSpec]:
        return self.spec.params

    def build(self, filled: Filled, valid: DateRange, origin: Mapping[str, str]) -> Table | None:
        """The proved table; None where it cannot be built. What is wrong goes to ``filled.problems``."""
        table = _Builder(self, filled).table(valid, origin)
        if table is not None:
            report(prove(table), table, self.site, filled.problems)
        return table


def _placeholders(spec: DiscretionDocument) -> Iterable[str]:
    """Names of parameters in cells and amounts."""
    conditions = [spec.applies, *(each.if_ for each in (*spec.statute, *spec.rows)),
                  *(each.if_ for each in spec.faults)]
    words: list[object] = [part for cells in conditions for cell in cells.values()
                           for part in (cell if isinstance(cell, tuple) else (cell,))]
    for outcome in (*spec.statute, *spec.rows):
        words += [outcome.range, outcome.fixed, outcome.floor, outcome.cap]
    return (name for word in words if isinstance(word, str) for name in _PLACEHOLDER.findall(word))


class _Builder:
    def __init__(self, source: DiscretionSource, filled: Filled) -> None:
        self.spec, self.site = source.spec, source.site
        self.filled, self.problems = filled, filled.problems
        self.sound = True
        self.inputs = {name: made for name, each in self.spec.inputs.items() if (
            made := self._attempt(partial(self._input, name, each, self.site / "inputs" / name))) is not None}
        titles = {name: each.title for name, each in self.inputs.items()}
        self.known = Lookup(self.problems, "discretion-input", titles)
        self.tiers = {name: Text(name) for name in self.spec.tiers}

    def table(self, valid: DateRange, origin: Mapping[str, str]) -> Table | None:
        spec, site = self.spec, self.site
        statutes = self._each(spec.statute, site / "statute", self._statute)
        rows = self._each(spec.rows, site / "rows", self._row)
        faults = self._each(spec.faults, site / "faults", self._fault)
        applies = self._cells(spec.applies, site / "applies")
        limitation = self._attempt(self._limitation)
        if not self.sound or len(self.inputs) < len(spec.inputs):
            return None
        return Table(
            spec.id, spec.title, self.inputs, self.tiers, statutes, rows, spec.hit, spec.prefer, applies, faults,
            limitation, tuple(each.citation() for each in spec.basis), spec.source, spec.region or "", valid, origin)

    def _each(self, specs: Sequence[Any], site: Site, make: Callable[[Any, Site, int], Any]) -> tuple[Any, ...]:
        return tuple(make(each, site / index, index) for index, each in enumerate(specs))

    def _attempt(self, make: Callable[[], T]) -> T | None:
        """What ``make`` returns, or None where it is refused, which is noted."""
        try:
            return make()
        except _Refused as refused:
            self.sound = False
            self.problems.add(refused.code, refused.site.key if refused.at_key else refused.site.at, **refused.details)
            return None

    def _input(self, name: str, spec: InputSpec, site: Site) -> Input:
        title = spec.title or Text(name)
        values = dict(spec.values) or {value: Text(value) for value in spec.order}
        kind = InputType(spec.type) if spec.type else (
            InputType.ENUM if values else InputType.DECIMAL if spec.unit or spec.domain else None)
        if kind is None:
            raise _Refused("discretion-input-type", site, name=name)
        if kind is InputType.ENUM and not values:
            raise _Refused("discretion-enum-values", site, name=name)
        if (values and kind is not InputType.ENUM) or ((spec.unit or spec.domain) and not kind.numeric):
            raise _Refused("discretion-input-mixed", site, name=name, type=kind.value)
        if spec.order and spec.values:
            if set(spec.order) != set(values) or len(spec.order) != len(values):
                raise _Refused("discretion-order-values", site / "order", name=name, values=listing(values))
            values = {value: values[value] for value in spec.order}
        domain = Interval()
        if spec.domain is not None:
            try:
                domain = read_interval(spec.domain)
            except CellError as error:
                raise _Refused(error.code, site / "domain", **error.details) from error
        graver, right = self._graver(spec, kind)
        if not right:
            raise _Refused("discretion-graver", site / "graver", name=name)
        return Input(name, title, kind, spec.unit, values, bool(spec.order), graver, domain)

    def _graver(self, spec: InputSpec, kind: InputType) -> tuple[Literal["higher", "lower"] | None, bool]:
        written = spec.graver
        if written is None:
            return ("higher" if spec.order else None), True
        if isinstance(written, bool):
            return ("higher" if written else "lower"), kind is InputType.BOOL
        return written, kind.numeric or bool(spec.order)

    def _fill(self, word: str, site: Site) -> str:
        """A text with ``$name`` replaced by the parameter's value."""
        filled = word
        for name in _PLACEHOLDER.findall(word):
            if name not in self.filled.values:
                near = nearest(name, self.filled.values)
                raise _Refused("parameter-misspelt" if near else "parameter-unknown", site, name="$" + name,
                                   suggestion="$" + near, known=listing(self.filled.values) or "—")
            value = self.filled.values[name]
            if isinstance(value, (bool, str)):
                raise _Refused("discretion-parameter-number", site, name=name, value=value)
            filled = filled.replace("$" + name, format(Decimal(value), "f"))
        return filled

    def _cells(self, written: Mapping[str, Any], site: Site) -> dict[str, Cell]:
        found: dict[str, Cell] = {}
        for name, cell in written.items():
            if name not in self.spec.inputs:
                self.sound = self.known.check(name, (site / name).key) and self.sound
                continue
            if name not in self.inputs:
                continue
            made = self._attempt(partial(self._cell, cell, self.inputs[name], site / name))
            if made is not None:
                found[name] = made
        return found

    def _cell(self, written: Any, declared: Input, site: Site) -> Cell | None:
        parts = written if isinstance(written, tuple) else (written,)
        filled: list[Written] = [self._fill(part, site) if isinstance(part, str) else part for part in parts]
        try:
            return read_cell(filled, declared)
        except CellError as error:
            raise _Refused(error.code, site, **error.details) from error

    def _fine(self, spec: OutcomeSpec, site: Site) -> Fine | None:
        if spec.range is not None and spec.fixed is not None:
            raise _Refused("discretion-range-and-fixed", site / "fixed", key=True)
        if spec.range is None and spec.fixed is None:
            unused = next((word for word in ("factor_of", "floor", "cap") if getattr(spec, word) is not None), None)
            if unused:
                raise _Refused("discretion-no-range", site / unused, key=True, word=unused)
            return None
        span = self._span(spec, site)
        floor, cap = self._limit(spec.floor, site / "floor"), self._limit(spec.cap, site / "cap")
        if spec.factor_of is None:
            if floor is not None or cap is not None:
                raise _Refused("discretion-limit-without-base", site, word="floor" if floor is not None else "cap")
            return Fine(span)
        if spec.factor_of not in self.spec.inputs:
            self.sound = False
            self.known.check(spec.factor_of, (site / "factor_of").at)
            return None
        base = self.inputs.get(spec.factor_of)
        if base is None:
            return None
        if not base.type.numeric or base.domain.low is None or base.domain.low < 0:
            raise _Refused("discretion-base", site / "factor_of", name=spec.factor_of)
        if floor is not None and cap is not None and floor > cap:
            raise _Refused("discretion-floor-above-cap", site / "floor", floor=floor, cap=cap)
        return Fine(span, spec.factor_of, floor, cap)

    def _span(self, spec: OutcomeSpec, site: Site) -> Interval:
        place = site / ("range" if spec.range is not None else "fixed")
        text = self._fill(str(spec.fixed if spec.range is None else spec.range), place)
        try:
            span = read_interval(text if spec.range is not None else f"[{text}..{text}]")
        except CellError as error:
            raise _Refused(error.code, place, **error.details) from error
        if span.low is None or span.high is None:
            raise _Refused("discretion-range-open", place, found=text)
        if span.low < 0:
            raise _Refused("discretion-range-negative", place, found=text)
        return span

    def _limit(self, written: object, site: Site) -> Decimal | None:
        if written is None:
            return None
        return Decimal(self._fill(str(written), site))

    def _statute(self, spec: StatuteSpec, site: Site, _: int) -> Statute:
        fine = self._attempt(partial(self._fine, spec, site))
        if spec.lawful:
            self._attempt(partial(_only_lawful, spec, site / "lawful"))
        return Statute(self._cells(spec.if_, site / "if"), fine, spec.optional, frozenset(spec.must),
                       frozenset(spec.may), spec.lawful, tuple(each.citation() for each in spec.basis),
                       dates_of(spec.valid))

    def _row(self, spec: RowSpec, site: Site, index: int) -> Row:
        if not Lookup(self.problems, "discretion-tier", self.tiers).check(spec.tier, (site / "tier").at):
            self.sound = False
        fine = self._attempt(partial(self._fine, spec, site))
        return Row(index + 1, spec.tier, self._cells(spec.if_, site / "if"), fine,
                   frozenset(spec.with_), spec.note, tuple(each.citation() for each in spec.basis))

    def _fault(self, spec: FaultSpec, site: Site, _: int) -> Fault:
        return Fault(spec.fault, self._cells(spec.if_, site / "if"), spec.note)

    def _limitation(self) -> Limitation | None:
        spec = self.spec.limitation
        if spec is None:
            return None
        if (spec.years is None) == (spec.months is None):
            raise _Refused("discretion-limitation", self.site / "limitation")
        return Limitation(spec.months if spec.months is not None else 12 * (spec.years or 0),
                          tuple(each.citation() for each in spec.basis))


def _only_lawful(spec: StatuteSpec, site: Site) -> None:
    if spec.range is not None or spec.fixed is not None or spec.must or spec.may:
        raise _Refused("discretion-lawful-with-penalty", site, key=True)
