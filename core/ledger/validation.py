"""A new event against its procedure: every problem is found, each names its field."""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, tzinfo

from core.cases.case import CaseHead
from core.cases.fold import effective
from core.errors import Location, Problem
from core.instants import local_midnight
from core.ledger.event import MaterialRef, Precision, Value
from core.ledger.intake import NewEvent
from core.ledger.progress import STATE_SECRET, Progress
from core.ledger.values import LONGEST_TEXT, Unfit, fit, storable
from core.organs.codes import CODE
from core.rulebook.model import EventType, Procedure

REASON = "correction_reason"
_SHA256 = re.compile(r"[0-9a-f]{64}")
_CASE_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:-]{0,63}")
RECORDABLE_YEARS = range(1900, 9999)
"""Years that a recorded moment may lie in; time zones cannot be reckoned at the ends of the calendar."""

MaterialKnown = Callable[[str], bool]


@dataclass(frozen=True, slots=True)
class Checked:
    """A new event in its stored form, personal values apart."""

    type: str
    occurred_at: datetime
    precision: Precision
    payload: dict[str, Value]
    personal: dict[str, Value]
    materials: tuple[MaterialRef, ...]


def check_head(head: CaseHead, procedure: Procedure, opening: NewEvent) -> list[Problem]:
    """Problems of a case's head: its id, its text, and what a state secret must not reveal."""
    problems = []
    if not _CASE_ID.fullmatch(head.id):
        problems.append(Problem("case-id-invalid", Location("case", field="id"), {"id": head.id[:80]}))
    for name in ("organ", "region"):
        if not getattr(head, name):
            problems.append(Problem("case-head-missing", Location("case", field=name), {"field": name}))
    if head.region and not CODE.fullmatch(head.region):
        problems.append(Problem("region-code-malformed", Location("case", field="region"), {"region": head.region}))
    for name in ("title", "number"):
        if not storable(getattr(head, name)):
            problems.append(Problem("event-field-characters", Location("case", field=name),
                                    {"title": name, "title_en": name}))
    if is_secret(procedure, opening) and head.title:
        problems.append(Problem("state-secret-content", Location("case", field="title")))
    return problems


def is_secret(procedure: Procedure, opening: NewEvent) -> bool:
    """True where of this matter only its existence may be recorded."""
    return procedure.secrecy == STATE_SECRET or opening.payload.get(STATE_SECRET) is True


def same_person(progress: Progress, new: NewEvent, where: Location) -> list[Problem]:
    """The step that the person recorded before and that this one must not be by the same person as.

    Not asked of imported logs: what happened is recorded as it was, and a rule finds it.
    """
    kind = progress.procedure.events.get(new.type)
    if kind is None or not kind.other_person_than or new.void:
        return []
    done = next((event for event in effective(progress.events) if event.id != new.corrects
                 and event.actor == new.actor and event.type in kind.other_person_than), None)
    if done is None:
        return []
    earlier = progress.procedure.events[done.type].title
    return [Problem("step-same-person", where, {"step": kind.title.zh, "step_en": kind.title.to("en"),
                                                "earlier": earlier.zh, "earlier_en": earlier.to("en")})]


@dataclass(frozen=True, slots=True)
class Check:
    """Checks new events of one case.

    Attributes:
        where: what problems name as their place: the event type, or case and line in a batch.
        material_known: tells whether a file was stored; None accepts every hash.
        collected: what registers say, in its stored form; nobody else may give these fields.
    """

    new: NewEvent
    progress: Progress
    now: datetime
    where: Location
    material_known: MaterialKnown | None = None
    collected: Mapping[str, Value] = field(default_factory=dict)

    def run(self) -> tuple[Checked | None, list[Problem]]:
        """The event in its stored form, or every problem that it has."""
        procedure = self.progress.procedure
        event_type = procedure.events.get(self.new.type)
        if event_type is None:
            return None, [self._unknown_type(procedure)]
        for at, moment in (("occurred_at", self.new.occurred_at), ("recorded_at", self.new.recorded_at)):
            if moment is not None and moment.year not in RECORDABLE_YEARS:
                return None, [self._problem("event-date-impossible", at, moment=str(moment)[:10])]
        problems = [*self._place(procedure, event_type), *self._correction(procedure)]
        occurred_at, precision = self._when(event_type, problems)
        payload, personal = self._content(event_type, problems)
        if problems or occurred_at is None:
            return None, problems
        return Checked(self.new.type, occurred_at, precision, payload, personal, self.new.materials), []

    def _problem(self, code: str, at: str, **details: object) -> Problem:
        where = self.where
        return Problem(code, Location(where.file, where.line, where.column, at), details)

    def _unknown_type(self, procedure: Procedure) -> Problem:
        near = difflib.get_close_matches(self.new.type, procedure.events, 1)
        return self._problem("event-type-unknown", "type", type=self.new.type, procedure=procedure.title.zh,
                             procedure_en=procedure.title.to("en"),
                             allowed=near[0] if near else "、".join(procedure.events))

    def _place(self, procedure: Procedure, event_type: EventType) -> Iterator[Problem]:
        """Where in the case's life the event stands: opening, repeated, after the end."""
        progress, new = self.progress, self.new
        title = {"title": event_type.title.zh, "title_en": event_type.title.to("en")}
        if progress.secret:
            yield self._problem("state-secret-case", "type")
            return
        opens = progress.opening is None or new.corrects == progress.opening
        if opens and new.type not in procedure.opens_with:
            first = [procedure.events[name].title for name in procedure.opens_with if name in procedure.events]
            yield self._problem("event-not-opening", "type", **title, allowed="、".join(t.zh for t in first),
                                allowed_en=", ".join(t.to("en") for t in first))
        if new.corrects is not None:
            target = progress.by_id.get(new.corrects)
            replaced = target is not None and not target.void and target.type == new.type
            others = progress.standing[new.type] - int(replaced)
            if not event_type.repeatable and not new.void and others > 0:
                yield self._problem("event-not-repeatable", "type", **title)
        elif not event_type.repeatable and progress.standing[new.type]:
            yield self._problem("event-not-repeatable", "type", **title)
        if not new.void:
            yield from self._end(procedure, title)

    def _end(self, procedure: Procedure, title: dict[str, str]) -> Iterator[Problem]:
        """No step stands after the closing one, unless the procedure allows it, whichever of the two is new."""
        new, progress, zone = self.new, self.progress, self.progress.procedure.timezone
        moment, precision = moment_of(new, procedure)
        closes = new.type in procedure.closes_with
        if moment.tzinfo is None or (progress.closed_at is None and not closes):
            return
        others = [event for event in effective(progress.events) if event.id != new.corrects]
        if closes:
            bound = [event for event in others
                     if event.type not in procedure.closes_with and event.type not in procedure.after_closing]
            late = [event for event in bound if _after(event.occurred_at, event.precision, moment, precision, zone)]
            if late:
                known = procedure.events.get(late[-1].type)
                yield self._problem("closes-before-step", "occurred_at", **title,
                                    step=known.title.zh if known else late[-1].type,
                                    step_en=known.title.to("en") if known else late[-1].type,
                                    day=late[-1].occurred_at.astimezone(zone).date())
        elif new.type not in procedure.after_closing:
            closing = next((event for event in others if event.type in procedure.closes_with), None)
            if closing and _after(moment, precision, closing.occurred_at, closing.precision, zone):
                yield self._problem("case-closed", "type", **title, day=closing.occurred_at.astimezone(zone).date())

    def _correction(self, procedure: Procedure) -> Iterator[Problem]:
        new, progress = self.new, self.progress
        if new.corrects is None:
            if new.void:
                yield self._problem("void-without-target", "void")
            if new.reason:
                yield self._problem("reason-without-target", "reason")
            return
        target = progress.by_id.get(new.corrects)
        if target is None:
            yield self._problem("correction-target-unknown", "corrects", target=new.corrects)
        elif target.is_platform:
            yield self._problem("correction-of-platform-event", "corrects", target=target.type)
        elif target.id in progress.superseded:
            yield self._problem("correction-superseded", "corrects", target=new.corrects,
                                latest=progress.superseded[target.id])
        elif new.void and target.id == progress.opening:
            yield self._problem("void-opening", "void")
        if new.void and (new.payload or new.materials):
            yield self._problem("void-with-content", "void")

    def _when(self, event_type: EventType, problems: list[Problem]) -> tuple[datetime | None, Precision]:
        procedure = self.progress.procedure
        moment, precision = moment_of(self.new, procedure)
        if moment.tzinfo is None:
            problems.append(self._problem("event-without-zone", "occurred_at", moment=moment))
            return None, precision
        local = moment.astimezone(procedure.timezone)
        if moment > self.now:
            shown = local.date() if precision == "date" else f"{local:%Y-%m-%d %H:%M}"
            problems.append(self._problem("event-in-future", "occurred_at", moment=shown,
                                          today=self.now.astimezone(procedure.timezone).date()))
        claimed = self.new.recorded_at
        if claimed is not None:
            last = self.progress.events[-1].recorded_at if self.progress.events else None
            if claimed.tzinfo is None:
                problems.append(self._problem("event-without-zone", "recorded_at", moment=claimed))
            elif not moment <= claimed <= self.now or (last is not None and claimed < last):
                problems.append(self._problem("recorded-at-impossible", "recorded_at", moment=claimed))
        return moment, precision

    def _content(self, event_type: EventType, problems: list[Problem]
                 ) -> tuple[dict[str, Value], dict[str, Value]]:
        new, procedure = self.new, self.progress.procedure
        if self.progress.opening is None and is_secret(procedure, new):
            if set(new.payload) - {STATE_SECRET} or new.materials:
                problems.append(self._problem("state-secret-content", "payload"))
            return {STATE_SECRET: True}, {}
        if new.payload.get(STATE_SECRET) is True:
            problems.append(self._problem("state-secret-content", STATE_SECRET))
        payload: dict[str, Value] = {}
        personal: dict[str, Value] = {}
        if not new.void:
            problems.extend(self._fields(event_type, payload, personal))
            problems.extend(self._materials(event_type))
        if new.reason:
            if len(new.reason) > LONGEST_TEXT or not storable(new.reason):
                problems.append(self._problem("event-field-characters", "reason", title="更正理由", title_en="reason"))
            payload[REASON] = new.reason
        return payload, personal

    def _fields(self, event_type: EventType, payload: dict[str, Value], personal: dict[str, Value]
                ) -> Iterator[Problem]:
        given = self.new.payload
        for name, value in given.items():
            known = event_type.fields.get(name)
            if known is None:
                if name != STATE_SECRET or value is not False:
                    yield self._unknown_field(name, event_type)
            elif value is not None and value != "":
                titles = {"title": known.title.zh, "title_en": known.title.to("en")}
                if known.collected:
                    yield self._problem("event-field-collected", name, **titles)
                    continue
                try:
                    (personal if known.personal else payload)[name] = fit(value, known)
                except Unfit as unfit:
                    yield self._problem(unfit.code, name, **titles, **unfit.details)
        for name, known in event_type.fields.items():
            if known.required and given.get(name) in (None, "", (), [], frozenset(), set()):
                yield self._problem("event-field-missing", name, title=known.title.zh, title_en=known.title.to("en"))
        payload.update(self.collected)

    def _unknown_field(self, name: str, event_type: EventType) -> Problem:
        near = difflib.get_close_matches(name, event_type.fields, 1)
        return self._problem("event-field-unknown", name, name=name, title=event_type.title.zh,
                             title_en=event_type.title.to("en"),
                             allowed=near[0] if near else "、".join(event_type.fields) or "—")

    def _materials(self, event_type: EventType) -> Iterator[Problem]:
        wanted = {requirement.id: requirement for requirement in event_type.materials}
        given = {material.requirement for material in self.new.materials}
        for material in self.new.materials:
            at = f"materials.{material.requirement}"
            if material.requirement not in wanted:
                yield self._problem("event-material-unknown", at, name=material.requirement,
                                    allowed="、".join(wanted) or "—")
            elif not _SHA256.fullmatch(material.sha256) or not storable(material.name) or (
                    self.material_known is not None and not self.material_known(material.sha256)):
                yield self._problem("event-material-not-stored", at, name=material.name)
        for requirement in event_type.materials:
            if requirement.required and requirement.id not in given:
                yield self._problem("event-material-missing", f"materials.{requirement.id}",
                                    title=requirement.title.zh, title_en=requirement.title.to("en"))


def _after(moment: datetime, precision: Precision, end: datetime, its_precision: Precision, zone: tzinfo) -> bool:
    """True where ``moment`` is after ``end`` beyond doubt: a day alone leaves doubt."""
    if "date" in (precision, its_precision):
        return moment.astimezone(zone).date() > end.astimezone(zone).date()
    return moment >= end


def moment_of(new: NewEvent, procedure: Procedure) -> tuple[datetime, Precision]:
    """When the event happened; with date precision the local midnight of the procedure's zone."""
    event_type = procedure.events[new.type]
    if not isinstance(new.occurred_at, datetime):
        return local_midnight(new.occurred_at, procedure.timezone), "date"
    precision = new.precision or event_type.precision
    if precision == "date" and new.occurred_at.tzinfo is not None:
        day = new.occurred_at.astimezone(procedure.timezone).date()
        return local_midnight(day, procedure.timezone), precision
    return new.occurred_at, precision
