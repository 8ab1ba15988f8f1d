"""Writes the steps of one case: dates on working days, the right people, materials, and now and then a slip."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from random import Random
from zoneinfo import ZoneInfo

from core.calendars import Calendar
from core.ledger.intake import Given, NewEvent
from core.organs.vocabulary import Role
from core.rulebook.model import Procedure
from plugins.decisions.demo.materials import Samples
from web.demo import DemoOrgan

CONDITIONAL = frozenset({"cost_benefit", "dispute_note", "shortening_note", "commission", "adjustment_table",
                         "fair_competition", "screenshot"})
"""Materials that a step carries only where the story says so, or mostly (screenshots)."""

REVIEWERS_STEPS = frozenset({"review_material_returned", "review_material_complete", "counsel_opinion_given",
                             "review_opinion_issued"})


@dataclass(slots=True)
class Pen:
    """The state of a case being told.

    Attributes:
        organ: the decision body.
        reviewer: who reviews the legality of its drafts.
        day: how far the story has come.
        steps: steps so far, each with its day.
    """

    rng: Random
    procedure: Procedure
    calendar: Calendar
    samples: Samples
    organ: DemoOrgan
    reviewer: DemoOrgan
    day: date
    steps: list[tuple[date, NewEvent]] = field(default_factory=list)

    def well(self, weight: float = 1.0) -> bool:
        """Whether this is done as it should be; the careless slip more often, by ``weight``."""
        return self.rng.random() >= (1 - self.organ.care) * weight

    def chance(self, share: float) -> bool:
        """True in this share of cases, however careful the organ is."""
        return self.rng.random() < share

    def later(self, least: int, most: int, *, slack: float = 1.0) -> date:
        """The story goes on between ``least`` and ``most`` working days later; the careless take longer."""
        days = self.rng.randint(least, most)
        if not self.well(0.6 * slack):
            days += self.rng.randint(most - least + 3, 3 * (most - least) + 12)
        self.day = self.calendar.add_working_days(self.day, days)
        return self.day

    def after(self, day: date, least: int, most: int) -> date:
        """A working day so many working days after ``day``; the story stays where it is."""
        return self.calendar.add_working_days(day, self.rng.randint(least, most))

    def working_day(self, day: date) -> date:
        """``day`` or the next working day."""
        return self.calendar.next_working_day(day)

    def write(self, event_type: str, day: date | None = None, *, extra: tuple[str, ...] = (),
              without: tuple[str, ...] = (), **fields: Given) -> date:
        """Note a step.

        Args:
            day: when; default the story's present day.
            extra: conditional materials that this step carries.
            without: materials that it lacks for a reason.
        """
        on = day or self.day
        event = self.procedure.events[event_type]
        wanted = [requirement for requirement in event.materials
                  if (requirement.id not in CONDITIONAL or requirement.id in extra) and requirement.id not in without]
        materials = tuple(self.samples.answer(requirement, self.rng) for requirement in wanted if self.well(0.05))
        person, organ = self._actor(event_type, event.by[0])
        self.steps.append((on, NewEvent(event_type, on, _given(fields), materials, actor=person, organ=organ)))
        return on

    def until(self, today: date, timezone: ZoneInfo, now: datetime) -> list[NewEvent]:
        """The steps that have happened by ``today`` in the order of their days, each recorded soon after."""
        happened = [(day, event) for day, event in self.steps if day <= today]
        happened.sort(key=lambda item: item[0])
        recorded: list[NewEvent] = []
        latest = datetime.min.replace(tzinfo=timezone)
        for day, event in happened:
            lag = self.rng.choice((0, 0, 0, 1, 1, 2)) if self.well(0.4) else self.rng.randint(3, 40)
            minute = self.rng.randint(0, 9 * 60)
            taken = datetime.combine(self.working_day(day + timedelta(days=lag)), time(8, 30), timezone)
            latest = min(now, max(latest, taken + timedelta(minutes=minute)))
            recorded.append(NewEvent(event.type, event.occurred_at, event.payload, event.materials,
                                     actor=event.actor, organ=event.organ, recorded_at=latest))
        return recorded

    def _actor(self, event_type: str, role: str) -> tuple[str, str]:
        if event_type in REVIEWERS_STEPS:
            return self.reviewer.staff[Role.LEGAL_REVIEWER], self.reviewer.id
        return self.organ.staff[role], self.organ.id


def _given(fields: Mapping[str, Given]) -> dict[str, Given]:
    return {name: value for name, value in fields.items() if value is not None}
