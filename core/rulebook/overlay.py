"""Parameters and what regions may do with them.

Nothing changes unless the parent opened it: to which level, in which direction, within which bounds. For a date,
the dated value counts first, then the overlays of the region's parents from the top down.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from core.errors import Location
from core.language.suggest import listing, nearest
from core.organs.vocabulary import LEVEL_TITLES, RegionLevel
from core.rulebook.build.context import Problems, Site
from core.rulebook.build.periods import ParameterValue
from core.rulebook.kinds.base import OpenTo, ParameterSpec, dates_of
from core.rulebook.kinds.overlay import OverlayDocument, SetSpec
from core.rulebook.model import DateRange
from core.rulebook.regions import LEVELS, ancestors, level_of
from core.rulebook.stretches import changes_of, cut, overlap, some_day
from core.text import Text


@dataclass(frozen=True, slots=True)
class Opening:
    """What a parent allows below it, where it says so and who says it (empty region: the base rules)."""

    spec: OpenTo
    at: Location
    region: str = ""

    @property
    def bounds(self) -> str:
        """The bounds as a reader sees them: ``3—7``, ``≥ 3``."""
        low, high = self.spec.min, self.spec.max
        if low is not None and high is not None:
            return f"{low}—{high}"
        return f"≥ {low}" if low is not None else f"≤ {high}" if high is not None else "—"


@dataclass(frozen=True, slots=True)
class Definition:
    """A parameter as the base (or an overlay's own rule) declares it.

    Attributes:
        key: ``procedure/rule.name`` or ``document.name``, the word in an overlay's ``set``.
        region: the region that the rule belongs to; empty for base rules.
    """

    key: str
    title: Text
    spec: ParameterSpec
    site: Site
    region: str = ""

    @property
    def at(self) -> Location:
        return self.site.at

    def dated(self) -> list[tuple[date | None, ParameterValue, Location]]:
        """Values with the day that each begins on, in order."""
        if self.spec.value is not None:
            return [(None, self.spec.value, self.site.at)]
        rows = [(row.from_, row.value, (self.site / "values" / n / "value").at)
                for n, row in enumerate(self.spec.values)]
        return sorted(rows, key=lambda row: row[0] or date.min)


@dataclass(frozen=True, slots=True)
class Setting:
    """A value that an overlay sets for its region and everything below it."""

    key: str
    spec: SetSpec
    region: str
    valid: DateRange
    document: str
    site: Site

    @property
    def at(self) -> Location:
        return self.site.at


@dataclass(frozen=True, slots=True)
class Effective:
    """A parameter's value for a region on a date, with where it comes from.

    Attributes:
        region: who set it; empty for the base value.
        document: the overlay's authority; None for the base value.
        opening: what may still be changed below.
    """

    key: str
    title: Text
    value: ParameterValue
    at: Location
    region: str = ""
    document: str | None = None
    opening: Opening | None = None
    unit: str | None = None


@dataclass(slots=True)
class Parameters:
    """All parameters and settings of a rulebook."""

    definitions: dict[str, Definition] = field(default_factory=dict)
    settings: dict[str, list[Setting]] = field(default_factory=lambda: defaultdict(list))

    def define(self, definition: Definition, problems: Problems) -> None:
        """Add a parameter and check its own declaration."""
        if definition.key in self.definitions:
            problems.add("parameter-twice", definition.at, key=definition.key,
                         other=self.definitions[definition.key].at)
            return
        self.definitions[definition.key] = definition
        _check_definition(definition, problems)

    def add(self, document: OverlayDocument, site: Site, problems: Problems) -> None:
        """Take in an overlay's settings; those that name nothing are reported."""
        authority = f"{document.authority.issuer} {document.authority.document}"
        for key, spec in document.set.items():
            place = site / "set" / key
            definition = self.definitions.get(key)
            if definition is None:
                near = nearest(key, self.definitions)
                problems.add("setting-misspelt" if near else "setting-unknown", place.key, key=key, suggestion=near,
                             known=listing(self.definitions) or "—")
                continue
            setting = Setting(key, spec, document.region, dates_of(document.valid), authority, place)
            clash = next((other for other in self.settings[key] if other.region == setting.region
                          and overlap(other.valid, setting.valid)), None)
            if clash:
                problems.add("setting-twice", place.key, key=key, region=setting.region, other=clash.at)
                continue
            self.settings[key].append(setting)

    def check(self, problems: Problems) -> None:
        """Check every setting against what its parents opened, on every date on which it counts."""
        for settings in self.settings.values():
            for setting in sorted(settings, key=lambda each: (len(ancestors(each.region)), each.region)):
                if not self._check_setting(setting, problems):
                    settings.remove(setting)

    def _check_setting(self, setting: Setting, problems: Problems) -> bool:
        for stretch in self.stretches(setting.key, setting.region, setting.valid):
            parent = self.effective(setting.key, some_day(stretch), ancestors(setting.region)[:-1])
            if parent is not None and not _allowed(setting, parent, self.definitions[setting.key], problems):
                return False
        return True

    def effective(self, key: str, day: date, chain: Iterable[str]) -> Effective | None:
        """The value on a day for a chain of regions from the top down; None before its first dated value."""
        definition = self.definitions[key]
        rows = [row for row in definition.dated() if row[0] is None or row[0] <= day]
        if not rows:
            return None
        _, value, at = rows[-1]
        opened = definition.spec.open_to
        current = Effective(key, definition.title, value, at, definition.region, None,
                            Opening(opened, (definition.site / "open_to").at, definition.region) if opened else None,
                            definition.spec.unit)
        for region in chain:
            for setting in self.settings.get(key, ()):
                if setting.region == region and day in setting.valid:
                    current = Effective(key, definition.title, setting.spec.value, setting.at, region,
                                        setting.document, _opening_below(setting, current), definition.spec.unit)
        return current

    def stretches(self, key: str, region: str, whole: DateRange) -> Iterator[DateRange]:
        """``whole`` cut where the value for a region may change."""
        return cut(whole, self.changes(key, ancestors(region)))

    def changes(self, key: str, chain: Iterable[str]) -> set[date]:
        """Days on which the value may change for a chain of regions."""
        regions = frozenset(chain)
        begins = {row[0] for row in self.definitions[key].dated() if row[0] is not None}
        return begins | changes_of(s.valid for s in self.settings.get(key, ()) if s.region in regions)


def _opening_below(setting: Setting, parent: Effective) -> Opening | None:
    if setting.spec.closed:
        return None
    if setting.spec.open_to is not None:
        return Opening(setting.spec.open_to, (setting.site / "open_to").at, setting.region)
    return parent.opening


def _allowed(setting: Setting, parent: Effective, definition: Definition, problems: Problems) -> bool:
    """Check one setting against its parent's opening; False after reporting the first thing that is wrong."""
    value, opening = setting.spec.value, parent.opening
    by = opening.region if opening else ""
    details: dict[str, Any] = {"key": setting.key, "value": value, "parent": parent.value, "region": setting.region,
               "origin": parent.at, "by": by or "基础规则", "by_en": by or "the base rules"}
    if definition.region and definition.region not in ancestors(setting.region):
        problems.add("setting-foreign", setting.at, owner=definition.region, **details)
    elif _sort(value) != _sort(parent.value):
        problems.add("setting-type", setting.at, **details)
    elif opening is None:
        problems.add("setting-closed", setting.at, **details)
    elif LEVELS.index(level_of(setting.region)) > LEVELS.index(opening.spec.level):
        problems.add("setting-level", setting.at, opener=opening.at, level=opening.spec.level,
                     level_zh=LEVEL_TITLES[RegionLevel(opening.spec.level)].zh, **details)
    elif not _inside(value, opening.spec):
        problems.add("setting-out-of-bounds", setting.at, bound=opening.bounds, opener=opening.at, **details)
    elif not _direction(value, parent.value, opening.spec.may):
        problems.add(f"setting-not-{opening.spec.may}", setting.at, opener=opening.at, **details)
    elif setting.spec.open_to is not None and not _narrower(setting.spec.open_to, opening.spec):
        problems.add("opening-wider", (setting.site / "open_to").at, opener=opening.at, bound=opening.bounds,
                     **details)
    else:
        return True
    return False


def _check_definition(definition: Definition, problems: Problems) -> None:
    spec, site = definition.spec, definition.site
    if (spec.value is None) == (not spec.values):
        problems.add("parameter-value-or-values", site.at, key=definition.key)
        return
    sorts = {_sort(value) for _, value, _ in definition.dated()}
    if len(sorts) > 1:
        problems.add("parameter-mixed", (site / "values").at, key=definition.key)
    begins = [row[0] for row in definition.dated()]
    if len(set(begins)) < len(begins):
        problems.add("parameter-same-day", (site / "values").at, key=definition.key)
    opened = spec.open_to
    if opened is None:
        return
    if spec.statutory_party_period and opened.may != "raise":
        problems.add("party-period-opened", (site / "open_to").at, key=definition.key, may=opened.may)
    if sorts != {"number"} and (opened.may != "any" or opened.min is not None or opened.max is not None):
        problems.add("opening-needs-number", (site / "open_to").at, key=definition.key)
    if opened.min is not None and opened.max is not None and opened.min > opened.max:
        problems.add("opening-empty", (site / "open_to").at, key=definition.key, min=opened.min, max=opened.max)


def _sort(value: ParameterValue) -> str:
    return "bool" if isinstance(value, bool) else "number" if isinstance(value, (int, Decimal)) else "text"


def _inside(value: ParameterValue, opened: OpenTo) -> bool:
    if isinstance(value, (bool, str)):
        return True
    return (opened.min is None or value >= opened.min) and (opened.max is None or value <= opened.max)


def _direction(value: ParameterValue, parent: ParameterValue, may: str) -> bool:
    if isinstance(value, (bool, str)) or isinstance(parent, (bool, str)) or may == "any":
        return True
    return value >= parent if may == "raise" else value <= parent


def _narrower(inner: OpenTo, outer: OpenTo) -> bool:
    """True where everything that ``inner`` allows ``outer`` allows too."""
    return (LEVELS.index(inner.level) <= LEVELS.index(outer.level)
            and outer.may in ("any", inner.may)
            and (outer.min is None or (inner.min is not None and inner.min >= outer.min))
            and (outer.max is None or (inner.max is not None and inner.max <= outer.max)))

