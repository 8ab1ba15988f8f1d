"""Writes the steps of one enforcement case: on working days, by the right people, and now and then with a slip."""

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
from plugins.enforcement.demo.teams import Team


@dataclass(slots=True)
class Pen:
    """The state of a case being told; ``day`` is how far the story has come."""

    rng: Random
    procedure: Procedure
    calendar: Calendar
    sample: Stored
    team: Team
    day: date
    steps: list[tuple[datetime, NewEvent]] = field(default_factory=list)

    def well(self, weight: float = 1.0) -> bool:
        """Whether this is done as it should be; the careless slip more often, by ``weight``."""
        return self.rng.random() >= (1 - self.team.care) * weight

    def chance(self, share: float) -> bool:
        """True in this share of cases, however careful the body is."""
        return self.rng.random() < share

    def later(self, least: int, most: int, *, slip: int = 0) -> date:
        """The story goes on so many working days later; a slip adds ``slip`` more."""
        days = self.rng.randint(least, most)
        if slip and not self.well(0.35):
            days += slip
        if days:
            self.day = self.calendar.add_working_days(self.day, days)
        return self.day

    def officers(self) -> tuple[str, str]:
        """Certificates of two officers; now and then one that has expired."""
        first, second = self.rng.sample(self.team.officers, 2)
        return first, second if self.well(0.15) else self.team.lapsed

    def write(self, event_type: str, *, hour: int | None = None, **fields: Given) -> date:
        """Note a step on the story's present day.

        Args:
            hour: local hour, for steps whose moment counts.
        """
        event = self.procedure.events[event_type]
        moment = datetime.combine(self.day, time(hour or 0), LOCAL_TIME)
        materials = tuple(
            MaterialRef(one.id, self.sample.sha256, f"{one.title.zh}（演示数据）.txt", self.sample.size,
                        self.sample.media_type)
            for one in event.materials if not one.signature and self.well(0.05))
        role = event.by[0] if event.by[0] in self.team.staff else Role.CASE_HANDLER
        given = {name: value for name, value in fields.items() if value is not None}
        self.steps.append((moment, NewEvent(event_type, self.day if event.precision == "date" else moment, given,
                                            materials, actor=self.team.staff[role], organ=self.team.organ)))
        return self.day

    def until(self, now: datetime) -> Iterator[NewEvent]:
        """The steps that have happened by now, in order, each recorded soon after."""
        latest = datetime.min.replace(tzinfo=LOCAL_TIME)
        for moment, event in sorted(self.steps, key=lambda item: item[0]):
            lag = self.rng.choice((0, 0, 0, 1)) if self.well(0.4) else self.rng.randint(2, 20)
            day = self.calendar.next_working_day(moment.date() + timedelta(days=lag))
            taken = datetime.combine(day, time(17, 30), LOCAL_TIME) + timedelta(minutes=self.rng.randint(0, 90))
            if moment > now:
                return
            latest = min(now, max(latest, taken))
            yield NewEvent(event.type, event.occurred_at, event.payload, event.materials, actor=event.actor,
                           organ=event.organ, recorded_at=latest)
