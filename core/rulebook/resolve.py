"""Rules, checklists, tables for each region: one typed version for every stretch in which its values are constant."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Generic, Protocol, TypeVar

from core.discretion.model import Table
from core.rulebook.build.context import Problems, Site
from core.rulebook.build.periods import Filled, ParameterValue
from core.rulebook.kinds.base import ParameterSpec
from core.rulebook.model import Checklist, DateRange, Rule, Scheme
from core.rulebook.overlay import Effective, Parameters
from core.rulebook.patterns import CrossPattern
from core.rulebook.regions import ancestors
from core.rulebook.stretches import cut, some_day

T_co = TypeVar("T_co", bound=Rule | Checklist | Table | CrossPattern | Scheme, covariant=True)


class Buildable(Protocol[T_co]):
    """A rule, checklist or discretion table as written, that can be built for parameter values."""

    @property
    def id(self) -> str: ...
    @property
    def site(self) -> Site: ...
    @property
    def owner(self) -> str: ...
    @property
    def valid(self) -> DateRange: ...
    @property
    def region(self) -> str: ...
    @property
    def params(self) -> Mapping[str, ParameterSpec]: ...
    @property
    def used(self) -> frozenset[str]: ...
    def build(self, filled: Filled, valid: DateRange, origin: Mapping[str, str]) -> T_co | None: ...


@dataclass(slots=True)
class Resolver(Generic[T_co]):
    """Builds each thing once for every different set of values.

    Attributes:
        shared: names of a procedure's shared parameters to their keys, by procedure.
    """

    parameters: Parameters
    shared: Mapping[str, Mapping[str, str]]
    problems: Problems
    built: dict[tuple[object, ...], T_co | None] = field(default_factory=dict)

    def resolve(self, sources: Sequence[Buildable[T_co]], chain: tuple[str, ...]) -> tuple[T_co, ...]:
        """Everything that counts for a chain of regions, from the top down."""
        return tuple(version for source in sources if not source.region or source.region in chain
                     for version in self._versions(source, chain))

    def _versions(self, source: Buildable[T_co], chain: tuple[str, ...]) -> Iterable[T_co]:
        keys = self._keys(source)
        changes = {day for key in keys.values() for day in self.parameters.changes(key, chain)}
        pending: list[tuple[DateRange, dict[str, Effective]]] = []
        for stretch in cut(source.valid, changes):
            values = {name: found for name, key in keys.items()
                      if (found := self.parameters.effective(key, some_day(stretch), chain)) is not None}
            if len(values) < len(keys):
                missing = sorted(keys.keys() - values.keys())
                self.problems.add("parameter-no-value-yet", source.site.at, id=source.id, name="、".join(missing),
                                  day=stretch.start or "—", end=stretch.end)
                continue
            if pending and pending[-1][1] == values:
                pending[-1] = (DateRange(pending[-1][0].start, stretch.end), values)
            else:
                pending.append((stretch, values))
        for stretch, values in pending:
            version = self._build(source, stretch, values)
            if version is not None:
                yield version

    def _build(self, source: Buildable[T_co], stretch: DateRange, values: Mapping[str, Effective]) -> T_co | None:
        key = (id(source), stretch, *sorted((name, v.value, v.at) for name, v in values.items()))
        if key not in self.built:
            at = source.site.at
            origin = {"file": at.file, "line": str(at.line)}
            if source.region:
                origin["region"] = source.region
            for name, value in values.items():
                origin[f"p.{name}"] = f"{value.at.file}:{value.at.line}"
            numbers: dict[str, ParameterValue] = {name: value.value for name, value in values.items()}
            filled = Filled(numbers, {name: value.unit for name, value in values.items()}, self.problems,
                            {name: value.at for name, value in values.items()})
            self.built[key] = source.build(filled, stretch, origin)
        return self.built[key]

    def _keys(self, source: Buildable[T_co]) -> dict[str, str]:
        """Parameter keys by the names that the source uses; its own before shared ones."""
        own = {name: f"{source.id}.{name}" for name in source.params}
        known = {**self.shared.get(source.owner, {}), **own}
        known = {name: key for name, key in known.items() if key in self.parameters.definitions}
        # a name that is not known gets its did-you-mean from all that are
        return known if source.used - known.keys() else {name: known[name] for name in source.used}


def chains(regions: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """For each region with an overlay, and for none: the regions with overlays from the top down to it."""
    with_overlay = frozenset(regions)
    return {"": ()} | {region: tuple(r for r in ancestors(region) if r in with_overlay) for region in with_overlay}
