"""Means and counts of units, purely: an organ from its cases, a region from the organs in its territory."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, fields, replace
from decimal import Decimal

from scoring.points import mean


@dataclass(frozen=True, slots=True)
class Counts:
    """What is counted for a unit; regions add up what their organs have.

    Attributes:
        scored: cases that have a score.
        unsettled: cases whose score is provisional.
        five_known, reviewed_known: closed cases whose share facts are known.
    """

    cases: int = 0
    closed: int = 0
    scored: int = 0
    unsettled: int = 0
    findings_open: int = 0
    findings_confirmed: int = 0
    duties_pending: int = 0
    duties_overdue: int = 0
    five_known: int = 0
    five_yes: int = 0
    reviewed_known: int = 0
    reviewed_yes: int = 0

    def __add__(self, other: Counts) -> Counts:
        return Counts(*(getattr(self, item.name) + getattr(other, item.name) for item in fields(Counts)))


@dataclass(frozen=True, slots=True)
class Unit:
    """An organ or a region in a year.

    Attributes:
        unit: ``organ`` or ``region``.
        score: mean of the scores below it, half up to 0.01; None where nothing below is scored.
        organs: organs with scored cases that the score is the mean of.
    """

    procedure: str
    year: int
    unit: str
    subject: str
    region: str
    level: str
    kind: str
    score: Decimal | None
    organs: int
    counts: Counts

    @property
    def provisional(self) -> bool:
        """True while the score of any case below may still change."""
        return self.counts.unsettled > 0


def organ_unit(place: Unit, scores: Iterable[Decimal], counts: Counts) -> Unit:
    """An organ: the mean of its case scores of the year."""
    score = mean(list(scores))
    return replace(place, score=score, organs=0 if score is None else 1, counts=counts)


def region_unit(place: Unit, organs: Iterable[Unit]) -> Unit:
    """A region: the mean of the scores of all organs in its territory that have any, each organ once."""
    found = list(organs)
    scores = [organ.score for organ in found if organ.score is not None]
    counts = sum((organ.counts for organ in found), Counts())
    return replace(place, score=mean(scores), organs=len(scores), counts=counts)
