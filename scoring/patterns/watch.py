"""The second evaluation, after commit: findings of a subject are counted, and what they come to is recorded.

The count is a step of the organ's supervision case. The rule made from the pattern judges it like any other step,
so the finding about many cases is raised, answered, determined, explained and replayed as every finding is.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Protocol
from zoneinfo import ZoneInfo

from core.cases.case import CaseHead, Step
from core.database import database
from core.ledger.models import CaseRow
from core.ledger.reader import load_case
from core.ledger.recorder import AnyoneMayRecord, NewEvent, Recorder
from core.ledger.rows import IN_ONE_QUERY
from core.ledger.writing import locked
from core.organs.models import Organ
from core.rulebook.model import Level, Procedure
from core.rulebook.patterns import COUNTED, NUMBERS, SUPERVISION, CrossPattern
from scoring.columns import tuples
from scoring.life import MACHINE, Life
from scoring.models import FindingRow
from scoring.patterns.counting import Counted, joined_windows, numbers_of
from scoring.patterns.episodes import Change, Episode, Standing, Windows, changes

PATTERNS = f"{MACHINE}patterns"
CASE_PREFIX = "supervision-"
SHOWN = 200
WRITTEN = frozenset({*NUMBERS, "pattern", "subject", "first_on", "last_on", "findings", "earlier"})
GONE = "所计问题已撤回、排除或者不再统计"
CHANGED = "计入的问题有变化"


class PatternBundle(Protocol):
    """The part of a bundle that this needs."""

    @property
    def procedures(self) -> Mapping[str, Procedure]: ...
    def patterns(self, region: str = "", /) -> tuple[CrossPattern, ...]: ...


@dataclass(frozen=True, slots=True)
class Watch:
    """Counts findings across cases and records what they come to.

    Attributes:
        recorder: of the instance; steps of supervision cases are recorded through it, by the platform itself.
        windows: how findings are put together; durable-rules or the plain definition.
    """

    recorder: Recorder
    windows: Windows = joined_windows

    def after(self, case_ids: Iterable[str]) -> int:
        """Count again for everyone whom findings of these cases concern; how many steps were recorded."""
        organs: set[str] = set()
        people: set[str] = set()
        for part in _parts(sorted(set(case_ids))):
            for organ, person in tuples(FindingRow.select(FindingRow.organ, FindingRow.person)
                                        .where(FindingRow.case.in_(part)).distinct()):
                organs.add(organ)
                people.add(person)
        return self._count(organs, people) if organs else 0

    def everyone(self) -> int:
        """Count again for every organ and person: under new rules, or to make sure."""
        rows = tuples(FindingRow.select(FindingRow.organ, FindingRow.person).distinct())
        return self._count({organ for organ, _ in rows}, {person for _, person in rows})

    def _count(self, organs: set[str], people: set[str]) -> int:
        bundle: Any = self.recorder.bundles.current()
        if SUPERVISION not in bundle.procedures or not any(True for _ in _all_patterns(bundle)):
            return 0
        people = {person for person in people if not person.startswith(MACHINE)}
        acting = _acting_organs(people)
        regions, zone, recorded = _regions(organs | acting), bundle.procedures[SUPERVISION].timezone, 0
        for region in sorted(set(regions.values())):
            here = {organ for organ in regions if regions[organ] == region}
            for pattern in bundle.patterns(region):
                keys = here & organs if pattern.keyed_by == "organ" else people
                recorded += sum(self._renew(bundle, pattern, subject, found)
                                for subject, found in _subjects(pattern, keys, here, zone))
        return recorded

    def _renew(self, bundle: PatternBundle, pattern: CrossPattern, subject: str, found: Sequence[Counted]) -> int:
        """Record what changed for one subject of one pattern."""
        organ = found[0].organ if pattern.keyed_by == "organ" else found[0].acting_organ
        case_id = CASE_PREFIX + organ
        with database.atomic():
            # whoever else counts for this organ waits here
            steps = _steps(case_id, bundle, pattern, subject) if locked([case_id]) else {}
            standing = _standing(case_id, pattern, steps)
            countable = [one for one in found if one.status.value in pattern.selection.statuses]
            wanted = list(changes(countable, standing, pattern.within, pattern.met, self.windows))
            news = [new for change in wanted if (new := _step(pattern, subject, organ, change, steps)) is not None]
            if news:
                quiet = replace(self.recorder, permit=AnyoneMayRecord(), after_commit=None)
                quiet.record_many([(self._head(case_id, organ, found[0].region), news)])
        return len(news)

    def _head(self, case_id: str, organ: str, region: str) -> CaseHead:
        row = CaseRow.get_or_none(CaseRow.id == case_id)
        if row is not None:
            return CaseHead(row.id, row.procedure, row.organ, row.region, row.title, row.number)
        place: Any = Organ.get_or_none(Organ.id == organ)
        name = place.name if place else organ
        return CaseHead(case_id, SUPERVISION, organ, str(place.region_id if place else region), f"{name}监督记录")


def _all_patterns(bundle: Any) -> Iterator[CrossPattern]:
    for region in ("", *bundle.regions):
        yield from bundle.patterns(region)


def _subjects(pattern: CrossPattern, keys: set[str], organs: set[str], zone: ZoneInfo
              ) -> Iterator[tuple[str, list[Counted]]]:
    """The findings that a pattern may count, by subject, in the order in which they came about."""
    by_subject: dict[str, list[Counted]] = defaultdict(list)
    column = FindingRow.organ if pattern.keyed_by == "organ" else FindingRow.person
    for part in _parts(sorted(keys)):
        query: Any = _selected(pattern).where(column.in_(part)).order_by(FindingRow.raised_at, FindingRow.id)
        for row in query:
            key = row.organ if pattern.keyed_by == "organ" else row.person
            by_subject[f"{key}|{row.rule}" if pattern.same_rule else key].append(_counted(row, zone))
    for subject, found in sorted(by_subject.items()):
        if pattern.keyed_by == "organ" or found[0].acting_organ in organs:
            yield subject, found


def _selected(pattern: CrossPattern) -> Any:
    wanted, query = pattern.selection, FindingRow.select()
    for column, values in ((FindingRow.rule, wanted.rules), (FindingRow.code, wanted.codes),
                           (FindingRow.procedure, wanted.procedures),
                           (FindingRow.level, tuple(level.value for level in wanted.levels))):
        if values:
            query = query.where(column.in_(values))
    if wanted.patterns:
        return query.where(FindingRow.rule.in_(wanted.patterns))
    return query.where(FindingRow.procedure != SUPERVISION)


def _counted(row: Any, zone: ZoneInfo) -> Counted:
    moment: datetime = row.raised_at
    return Counted(row.id, row.case, row.organ, row.acting_organ, row.person, row.region, row.rule, row.code,
                   Level(row.level), Life(row.status), moment, moment.astimezone(zone).date())


def _steps(case_id: str, bundle: PatternBundle, pattern: CrossPattern, subject: str) -> dict[str, Step]:
    """The counts recorded for a subject, by the id of the event that stands."""
    case: Any = load_case(case_id, bundle)  # type: ignore[arg-type]
    return {step.event.id: step for step in case.steps if step.type == COUNTED
            and step.fields.get("pattern") == pattern.local_id and step.fields.get("subject") == subject}


def _standing(case_id: str, pattern: CrossPattern, steps: Mapping[str, Step]) -> list[Standing]:
    rows = tuples(FindingRow.select(FindingRow.activation, FindingRow.status).where(
        (FindingRow.case == case_id) & (FindingRow.rule == pattern.rule.id)))
    status = {activation: Life(value) for activation, value in rows}
    return [Standing(event, frozenset(counted_ids(step.fields)), status.get(step.root.id))
            for event, step in steps.items()]


def counted_ids(fields: Mapping[str, Any]) -> list[str]:
    """Ids of the findings that a recorded count took in, the latest stretch of time first."""
    return [line.split(" ", 1)[0] for name in ("findings", "earlier")
            for line in str(fields.get(name) or "").splitlines() if line]


def _step(pattern: CrossPattern, subject: str, organ: str, change: Change, steps: Mapping[str, Step]
          ) -> NewEvent | None:
    """The step to record; None where the one that stands says the same."""
    old = steps[change.corrects] if change.corrects is not None else None
    episode = change.episode or Episode(())
    payload = _payload(pattern, subject, episode)
    if old is not None and {name: value for name, value in old.fields.items() if name in WRITTEN} == payload:
        return None
    moment = episode.last[-1].moment if episode.last or old is None else old.event.occurred_at
    return NewEvent(COUNTED, moment, payload, corrects=change.corrects, actor=PATTERNS, organ=organ,
                    reason="" if old is None else CHANGED if episode.last else GONE)


def _payload(pattern: CrossPattern, subject: str, episode: Episode) -> dict[str, Any]:
    last, payload = episode.last, {"pattern": pattern.local_id, "subject": subject, **numbers_of(episode.last)}
    if last:
        payload |= {"first_on": last[0].day, "last_on": last[-1].day, "findings": "\n".join(map(_line, last))}
    if episode.earlier:
        payload["earlier"] = "\n".join(episode.earlier[:SHOWN])
    return payload


def _line(finding: Counted) -> str:
    return f"{finding.id} {finding.day.isoformat()} {finding.code} {finding.level.value} {finding.case}"


def _acting_organs(people: set[str]) -> set[str]:
    """The organs for which these people recorded what findings are about."""
    return {organ for part in _parts(sorted(people)) for (organ,) in tuples(
        FindingRow.select(FindingRow.acting_organ).where(FindingRow.person.in_(part)).distinct())}


def _regions(organs: set[str]) -> dict[str, str]:
    known = {organ: region for part in _parts(sorted(organs)) for organ, region in tuples(
        Organ.select(Organ.id, Organ.region).where(Organ.id.in_(part)))}
    return {organ: known.get(organ, "") for organ in organs}


def _parts(items: Sequence[str]) -> Iterator[list[str]]:
    for start in range(0, len(items), IN_ONE_QUERY):
        yield list(items[start : start + IN_ONE_QUERY])
