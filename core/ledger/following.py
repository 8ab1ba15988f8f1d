"""The case of another procedure that a step leads to: opened with what is recorded already, both chains saying so."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from core.cases.case import Case, CaseHead, Step
from core.errors import FazhiError, Location, Problem
from core.judge import PlatformEvent
from core.ledger.draft import Draft
from core.ledger.event import Event
from core.ledger.intake import Given, NewEvent, ProcedureBundle
from core.ledger.models import CaseRow
from core.ledger.values import Unfit, fit
from core.organs.models import Organ
from core.rulebook.leading import Carried, LeadsTo
from core.rulebook.model import Field, Procedure

LED_TO, OPENED_FROM = "case.led_to", "case.opened_from"
LINKS = (LED_TO, OPENED_FROM)


@dataclass(frozen=True, slots=True)
class Next:
    """A case that a step leads to.

    Attributes:
        payload: what is carried into its first step.
        missing: required fields of that step for which nothing is known.
    """

    lead: LeadsTo
    procedure: Procedure
    organ: str
    region: str
    payload: Mapping[str, Given]
    missing: tuple[Field, ...]

    def case_id(self, step: Step) -> str:
        """The same for the same step and procedure, however often the step is corrected."""
        seed = f"{step.root.id}|{self.procedure.id}|{self.organ}"
        return "next-" + hashlib.sha256(seed.encode()).hexdigest()[:32]

    def head(self, case: Case, step: Step) -> CaseHead:
        """The head of the case, without a number yet."""
        return CaseHead(self.case_id(step), self.procedure.id, self.organ, self.region, case.head.title)

    def first(self, case: Case, step: Step) -> NewEvent:
        """Its first step, by whoever recorded the step that leads to it."""
        return NewEvent(self.lead.step, step.event.occurred_at, self.payload, actor=step.event.actor,
                        organ=step.event.organ)

    def problem(self, where: Location) -> Problem:
        """What keeps the case from being opened."""
        return Problem("next-case-incomplete", where, {
            "procedure": self.procedure.title.zh, "procedure_en": self.procedure.title.to("en"),
            "fields": "、".join(one.title.zh for one in self.missing),
            "fields_en": ", ".join(one.title.to("en") for one in self.missing)})


def next_cases(case: Case, step: Step, bundle: ProcedureBundle, *, offered: bool) -> Iterator[Next]:
    """The cases that a step of a case leads to; none where the sub-platform that would take it is off.

    Args:
        offered: those that people open, else those that the platform opens.
    """
    for lead in case.procedure.events[step.type].leads_to:
        procedure = bundle.procedures.get(lead.procedure)
        if procedure is None or lead.offered is not offered or lead.step not in procedure.events or any(
                step.fields.get(name) != value for name, value in lead.when.items()):
            continue
        place = _place(case, step, lead)
        if place is not None:
            fields = procedure.events[lead.step].fields
            payload = {name: value for name, carried in lead.fields.items() if name in fields
                       and (value := _value(carried, case, step, fields[name])) is not None}
            missing = tuple(one for one in fields.values()
                            if one.required and not one.collected and one.id not in payload)
            yield Next(lead, procedure, *place, payload, missing)


def _place(case: Case, step: Step, lead: LeadsTo) -> tuple[str, str] | None:
    """Organ and region of the next case; None where the step names no organ that is known."""
    if lead.organ is None:
        return case.head.organ, case.head.region
    row: Any = Organ.get_or_none(Organ.id == str(step.fields.get(lead.organ) or ""))
    return None if row is None else (str(row.id), str(row.region_id))


def _value(carried: Carried, case: Case, step: Step, field: Field) -> Given | None:
    if carried.source is None:
        return carried.value
    scope, _, name = carried.source.partition(".")
    known: Any = step.event.organ if carried.source == "e.organ" else (
        step.state if scope == "c" else step.fields).get(name)
    if isinstance(known, str):
        known = carried.values.get(known, known)
    for value in (known, carried.otherwise):
        try:
            if value is not None:
                fit(value, field)
                return value
        except Unfit:
            continue  # an option that the next procedure does not have
    return None


def _link(event_type: str, other: CaseHead, event: str) -> PlatformEvent:
    """What a chain says about the other case.

    Args:
        event: id of the step that led from the one to the other.
    """
    return PlatformEvent(event_type, {"case": other.id, "procedure": other.procedure, "organ": other.organ,
                                      "number": other.number, "title": other.title, "event": event})


def followed(draft: Draft, event: Event, bundle: ProcedureBundle, opened: Callable[[CaseHead, NewEvent], Draft]
             ) -> list[Draft]:
    """The cases that the step just appended leads to, which join the recording; both chains name the other case.

    A corrected step leads to none that it has led to already. What such a case begins with leads no further.

    Args:
        opened: makes the draft of a case from its head and first step.

    Raises:
        FazhiError: ``next-case-incomplete``; what is wrong with the first step.
    """
    kind = draft.progress.procedure.events[event.type]
    if event.void or not kind.leads_to or draft.progress.secret:
        return []
    case = draft.case()
    step = next((one for one in case.steps if one.event.id == event.id), None)
    found: list[Draft] = []
    for each in next_cases(case, step, bundle, offered=False) if step else ():
        assert step is not None
        if CaseRow.select().where(CaseRow.id == each.case_id(step)).exists():
            continue
        if each.missing:
            raise FazhiError([each.problem(Location(event.type))])
        other = opened(each.head(case, step), each.first(case, step))
        join(draft, other, step.root.id, event.actor, event.organ)
        found.append(other)
    return found


def join(draft: Draft, other: Draft, event: str, actor: str, organ: str) -> None:
    """Write on both chains that a step of the one led to the other."""
    draft.append_platform(_link(LED_TO, other.head, event), actor, organ)
    other.append_platform(_link(OPENED_FROM, draft.head, event), actor, organ)
