"""Writes the steps of one matter of the assessment: on working days, by the right people, recorded soon after."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from random import Random

from core.calendars import Calendar
from core.instance import LOCAL_TIME
from core.ledger.event import MaterialRef
from core.ledger.intake import Given, NewEvent
from core.materials.store import Stored
from core.organs.vocabulary import Role
from core.rulebook.model import Procedure
from plugins.assessment.demo.places import Assessed


@dataclass(slots=True)
class Pen:
    """The state of a matter being told; ``day`` is how far the story has come."""

    rng: Random
    procedure: Procedure
    calendar: Calendar
    sample: Stored
    place: Assessed
    day: date
    steps: list[NewEvent] = field(default_factory=list)

    def well(self, weight: float = 1.0) -> bool:
        """Whether this is done as it should be; the careless slip more often, by ``weight``."""
        return self.rng.random() >= (1 - self.place.care) * weight

    def later(self, least: int, most: int) -> date:
        """The story goes on so many working days later."""
        self.day = self.calendar.add_working_days(self.day, self.rng.randint(least, most))
        return self.day

    def write(self, event_type: str, *, second: bool = False, bare: bool = False, **fields: Given) -> None:
        """Note a step on the story's present day.

        Args:
            second: by the second supervisor, who has not dealt with the matter.
            bare: without its materials.
        """
        event, place = self.procedure.events[event_type], self.place
        supervises = Role.SUPERVISOR in event.by
        actor = (place.second if second else place.supervisor) if supervises else place.handler
        organ = (place.justice_above if second else place.justice) if supervises else place.organ
        materials = () if bare else tuple(
            MaterialRef(one.id, self.sample.sha256, f"{one.title.zh}（演示数据）.txt", self.sample.size,
                        self.sample.media_type) for one in event.materials)
        self.steps.append(NewEvent(event_type, self.day, fields, materials, actor=actor, organ=organ))

    def until(self, now: datetime) -> Iterator[NewEvent]:
        """The steps that have happened by now, each recorded in the evening of its day."""
        latest = datetime.min.replace(tzinfo=LOCAL_TIME)
        for event in self.steps:
            day = event.occurred_at
            taken = datetime.combine(day, time(17, 30), LOCAL_TIME) + timedelta(minutes=self.rng.randint(0, 60))
            if taken > now:
                return
            latest = max(latest, taken)
            yield NewEvent(event.type, day, event.payload, event.materials, actor=event.actor, organ=event.organ,
                           recorded_at=latest)
