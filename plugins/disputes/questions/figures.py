"""DIS-18: how many questions had three answers in time, how long the third took, how satisfied people were."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from plugins.disputes.questions.models import Question


@dataclass(frozen=True, slots=True)
class Figures:
    """Of the questions of one city in a span of time.

    Attributes:
        due: questions whose minutes are over, or that had their third answer before.
        on_time: of those: third answer in time.
        mean_minutes: to the third answer, where there was one.
        satisfied: of the rated ones, rated 4 or 5.
    """

    region: str
    asked: int
    due: int
    on_time: int
    mean_minutes: Decimal | None
    rated: int
    satisfied: int
    regional: int
    national: int

    @property
    def rate(self) -> Decimal | None:
        """Share on time; None without any that were due."""
        return Decimal(self.on_time) / self.due if self.due else None

    @property
    def satisfaction(self) -> Decimal | None:
        """Share satisfied among the rated."""
        return Decimal(self.satisfied) / self.rated if self.rated else None


def figures(region: str, since: datetime, now: datetime, answers_latest: Callable[[str], int]) -> Sequence[Figures]:
    """One row for each city of a region, all of them first under the region's own code.

    Args:
        region: code without trailing zeros is what cities must begin with.
        answers_latest: minutes until the third answer that count in a city.
    """
    prefix = region.rstrip("0") if len(region) == 6 else region
    prefix = prefix + "0" * (len(prefix) % 2)
    rows: Any = Question.select(
        Question.region, Question.asked_at, Question.third_at, Question.satisfaction, Question.reached).where(
        Question.region.startswith(prefix) & (Question.asked_at >= since)).order_by(Question.region).tuples()
    by_city: dict[str, list[Any]] = {}
    for row in rows:
        by_city.setdefault(row[0], []).append(row)
    everything = [row for found in by_city.values() for row in found]
    minutes = {city: timedelta(minutes=answers_latest(city)) for city in by_city}
    return [_figures(code, found, now, minutes) for code, found in ((region, everything), *by_city.items())]


def _figures(code: str, rows: Sequence[Any], now: datetime, minutes: dict[str, timedelta]) -> Figures:
    due = on_time = 0
    waits = []
    for city, asked_at, third_at, _satisfaction, _reached in rows:
        until = asked_at + minutes[city]
        if third_at is not None:
            waits.append((third_at - asked_at).total_seconds())
        due += third_at is not None or now > until
        on_time += third_at is not None and third_at <= until
    rated = [row[3] for row in rows if row[3] is not None]
    mean = (Decimal(str(sum(waits))) / len(waits) / 60).quantize(Decimal("0.1")) if waits else None
    return Figures(code, len(rows), due, on_time, mean, len(rated), sum(one >= 4 for one in rated),
                   sum(row[4] >= 2 for row in rows), sum(row[4] >= 3 for row in rows))
