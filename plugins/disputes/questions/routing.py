"""To whom a question goes and when: the three steps as a pure function of its state and the clock."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import IntEnum

from core.errors import fail

REGION_MINUTE, NATIONAL_MINUTE, ANSWER_MINUTES, CLOSE_DAYS = 3, 6, 10, 15
"""Where the rulebook in force has no parameters yet."""

WANTED = 3
"""Lawyers who must have answered; the 3 at the end of 36103."""


class Step(IntEnum):
    """The steps in their order."""

    LOCAL = 1
    REGION = 2
    NATIONAL = 3

    @property
    def event(self) -> str:
        """The step of the case that records it."""
        return f"pushed_{self.name.lower()}"


@dataclass(frozen=True, slots=True)
class Minutes:
    """When the steps are due, in minutes after the question.

    Attributes:
        region: of the regional step; the source gives no minute (between 3 and 6).
        answers: until when three lawyers should have answered.
        close_days: days of silence after which a question ends.
    """

    region: int = REGION_MINUTE
    national: int = NATIONAL_MINUTE
    answers: int = ANSWER_MINUTES
    close_days: int = CLOSE_DAYS

    @classmethod
    def of(cls, values: Mapping[str, object]) -> Minutes:
        """From the parameters ``disputes.question-steps.*`` of a region.

        Raises:
            FazhiError: ``question-minutes`` where the regional step would come after the national one.
        """
        def number(name: str, default: int) -> int:
            return int(str(values.get(f"disputes.question-steps.{name}", default)))

        made = cls(number("region_minute", REGION_MINUTE), number("national_minute", NATIONAL_MINUTE),
                   number("answers_latest", ANSWER_MINUTES), number("close_days", CLOSE_DAYS))
        if made.region > made.national:
            raise fail("question-minutes", region=made.region, national=made.national)
        return made

    def due(self, step: Step, asked_at: datetime) -> datetime:
        """When a step is due if too few have answered by then."""
        minute = {Step.LOCAL: 0, Step.REGION: self.region, Step.NATIONAL: self.national}[step]
        return asked_at + timedelta(minutes=minute)


def next_step(asked_at: datetime, reached: int, answers: int, now: datetime, minutes: Minutes) -> Step | None:
    """The step to take now; None where nothing is due.

    A question whose minutes passed while nothing ran takes its steps in their order, one after the other.

    Args:
        reached: the last step taken, 0 for none.
        answers: different lawyers who have answered.
    """
    if reached >= Step.NATIONAL:
        return None
    step = Step(reached + 1)
    if step is not Step.LOCAL and answers >= WANTED:
        return None
    return step if now >= minutes.due(step, asked_at) else None
