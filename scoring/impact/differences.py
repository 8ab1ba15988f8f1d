"""What two bundles say differently: parameters with their origin, rules, checklists, schemes, calendars."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any, Literal, TypeVar

from core.calendars import Calendar, CalendarYear
from core.discretion.model import Table
from core.rulebook.build.periods import ParameterValue
from core.rulebook.bundle import Bundle
from core.rulebook.model import Checklist, Rule
from core.rulebook.overlay import Effective
from core.rulebook.regions import ancestors
from core.rulebook.stretches import cut, some_day
from core.rulebook.terms import ALWAYS, DateRange
from core.text import Text
from scoring.impact.meaning import Digests

Change = TypeVar("Change")
How = Literal["added", "removed", "changed"]
Sort = Literal["procedure", "rule", "checklist", "scheme", "discretion"]


@dataclass(frozen=True, slots=True)
class ParameterChange:
    """A parameter's value for a region over a stretch of time, from → to (None: not defined there).

    Attributes:
        region: empty for the base; regions below that inherit the change are not listed again.
        origin: ``file:line`` of the value in the candidate (or in the bundle in force, where it is gone).
        document: issuer and document of the overlay that sets it; None for the base value.
    """

    key: str
    title: Text
    region: str
    valid: DateRange
    before: ParameterValue | None
    after: ParameterValue | None
    origin: str
    document: str | None


@dataclass(frozen=True, slots=True)
class ContentChange:
    """A rule, checklist, scheme or procedure that decides differently; ``region`` is empty for the base."""

    sort: Sort
    how: How
    id: str
    title: Text
    region: str
    origin: str = ""


@dataclass(frozen=True, slots=True)
class CalendarChange:
    """Days of a year that become days off or working days for a region; ``how`` is added for a new notice."""

    region: str
    year: int
    how: How
    off: tuple[date, ...] = ()
    on: tuple[date, ...] = ()


@dataclass(frozen=True, slots=True)
class Differences:
    """Everything that decides differently, in a stable order; empty where the bundles judge alike everywhere."""

    parameters: tuple[ParameterChange, ...]
    content: tuple[ContentChange, ...]
    calendars: tuple[CalendarChange, ...]

    def __bool__(self) -> bool:
        return bool(self.parameters or self.content or self.calendars)


@lru_cache(maxsize=4)
def differences(current: Bundle, candidate: Bundle) -> Differences:
    """Compare two bundles by what they mean; layout, comments and wording do not count."""
    digests = Digests()
    regions = ["", *sorted(current.regions | candidate.regions, key=lambda code: (len(ancestors(code)), code))]
    return Differences(
        tuple(_uninherited(regions, lambda region: _parameters(current, candidate, region))),
        (*_named("procedure", _listed(current.procedures), _listed(candidate.procedures), digests),
         *_uninherited(regions, lambda region: _content(current, candidate, region, digests)),
         *_named("scheme", _schemes(current), _schemes(candidate), digests)),
        tuple(_uninherited(regions, lambda region: _calendar(region, current.calendar(region),
                                                             candidate.calendar(region)))))


def _uninherited(regions: Iterable[str], changes_of: Callable[[str], Iterable[tuple[object, Change]]]
                 ) -> Iterator[Change]:
    """The changes of each region that are not simply those of its nearest listed parent."""
    known: dict[str, set[object]] = {}
    for region in regions:
        parent = next((each for each in reversed(ancestors(region)[:-1]) if each in known), "")
        inherited = known.get(parent, set()) if region else set()
        known[region] = set()
        for key, change in changes_of(region):
            known[region].add(key)
            if key not in inherited:
                yield change


def _parameters(current: Bundle, candidate: Bundle, region: str) -> Iterator[tuple[object, ParameterChange]]:
    chain = ancestors(region)
    for key in sorted(current.definitions.definitions.keys() | candidate.definitions.definitions.keys()):
        days = {day for bundle in (current, candidate) if key in bundle.definitions.definitions
                for day in bundle.definitions.changes(key, chain)}
        pending: ParameterChange | None = None
        for stretch in cut(ALWAYS, days):
            change = _parameter(key, region, stretch, *(_effective(bundle, key, some_day(stretch), chain)
                                                        for bundle in (current, candidate)))
            if pending and change and (pending.before, pending.after) == (change.before, change.after):
                pending = _extended(pending, change)
                continue
            if pending:
                yield _told(pending)
            pending = change
        if pending:
            yield _told(pending)


def _told(change: ParameterChange) -> tuple[object, ParameterChange]:
    return (change.key, change.valid, change.before, change.after), change


def _extended(first: ParameterChange, then: ParameterChange) -> ParameterChange:
    return ParameterChange(first.key, first.title, first.region, DateRange(first.valid.start, then.valid.end),
                           first.before, first.after, first.origin, first.document)


def _parameter(key: str, region: str, stretch: DateRange, before: Effective | None, after: Effective | None
               ) -> ParameterChange | None:
    known = after or before
    was, now = (side.value if side else None for side in (before, after))
    if known is None or (was == now and type(was) is type(now)):
        return None
    return ParameterChange(key, known.title, region, stretch, was, now, f"{known.at.file}:{known.at.line}",
                           known.document)


def _effective(bundle: Bundle, key: str, day: date, chain: tuple[str, ...]) -> Effective | None:
    definition = bundle.definitions.definitions.get(key)
    if definition is None or (definition.region and definition.region not in chain):
        return None
    return bundle.definitions.effective(key, day, chain)


def _content(current: Bundle, candidate: Bundle, region: str, digests: Digests
             ) -> Iterator[tuple[object, ContentChange]]:
    procedures = sorted(current.procedures.keys() | candidate.procedures.keys())
    old, new = (_versions(bundle, procedures, region) for bundle in (current, candidate))
    for sort in old:
        yield from _compared(sort, region, old[sort], new[sort], digests)


def _versions(bundle: Bundle, procedures: Iterable[str], region: str) -> dict[Sort, dict[str, list[Any]]]:
    names = list(procedures)
    return {"rule": _by_id(rule for name in names for rule in bundle.rules(name, region)),
            "checklist": _by_id(each for name in names for each in bundle.checklists(name, region)),
            "discretion": _by_id(bundle.discretion(region))}


def _by_id(versions: Iterable[Rule | Checklist | Table]) -> dict[str, list[Any]]:
    found: dict[str, list[Any]] = defaultdict(list)
    for version in versions:
        found[version.id].append(version)
    return found


def _compared(sort: Sort, region: str, old: Mapping[str, list[Any]], new: Mapping[str, list[Any]],
              digests: Digests) -> Iterator[tuple[object, ContentChange]]:
    for name in sorted(old.keys() | new.keys()):
        was, now = old.get(name, []), new.get(name, [])
        meant = digests.of_all(was), digests.of_all(now)
        if meant[0] != meant[1]:
            latest = (now or was)[-1]
            origin = getattr(latest, "origin", {})
            place = f"{origin['file']}:{origin['line']}" if origin else ""
            yield (sort, name, meant), ContentChange(sort, _how(was, now), name, latest.title, region, place)


def _named(sort: Sort, old: Mapping[str, list[Any]], new: Mapping[str, list[Any]], digests: Digests
           ) -> Iterator[ContentChange]:
    for name in sorted(old.keys() | new.keys()):
        was, now = old.get(name, []), new.get(name, [])
        if digests.of_all(was) != digests.of_all(now):
            yield ContentChange(sort, _how(was, now), name, (now or was)[-1].title, "")


def _listed(known: Mapping[str, Any]) -> dict[str, list[Any]]:
    return {name: [each] for name, each in known.items()}


def _schemes(bundle: Bundle) -> dict[str, list[Any]]:
    found: dict[str, list[Any]] = defaultdict(list)
    for scheme in bundle.all_schemes:
        found[scheme.id].append(scheme)
    return found


def _how(was: object, now: object) -> How:
    return "changed" if was and now else "added" if now else "removed"


def _calendar(region: str, old: Calendar, new: Calendar) -> Iterator[tuple[object, CalendarChange]]:
    for year in sorted(old.years.keys() | new.years.keys()):
        was, now = old.years.get(year), new.years.get(year)
        if was == now:
            continue
        working = _rest(was, year), _rest(now, year)
        change = CalendarChange(region, year, _how(was, now), tuple(sorted(working[1] - working[0])),
                                tuple(sorted(working[0] - working[1])))
        yield (year, change.how, change.off, change.on), change


def _rest(notice: CalendarYear | None, year: int) -> frozenset[date]:
    """Days off of a year; by the weekday rule where there is no notice."""
    calendar = Calendar({year: notice}) if notice is not None else Calendar()
    first = date(year, 1, 1).toordinal()
    days = (date.fromordinal(first + n) for n in range(366))
    return frozenset(day for day in days if day.year == year and not calendar.is_working_day(day))
