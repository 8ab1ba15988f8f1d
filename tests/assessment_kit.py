"""A scheme for organs over the matters of ``scoring_kit``, and organs to score."""

from __future__ import annotations

from datetime import date
from functools import cache

from core.rulebook.bundle import Bundle
from core.rulebook.model import Scheme
from scoring.assessment.score import OrganScored, Place, score_organ
from scoring.assessment.tally import Tally
from tests.scoring_kit import PROCEDURE, rulebook

DEPARTMENT = Place("D1", "某局", "150902", "county", "department", "G1")
GOVERNMENT = Place("G1", "某区人民政府", "150902", "county", "government")
YEAR_END = date(2025, 12, 31)

ORGANS = """
kind: indicators
id: test.organs
title: {zh: 机关考核, en: Organs}
per: organ
total: 100
valid: {from: 2025-01-01}
params:
  floor: {title: 及格线, value: 0.8, open_to: {level: league, may: raise, max: 1}}
  w_share: {title: 公开率权重, value: 20, open_to: {level: league, may: any, min: 10, max: 40}}
nodes:
  - id: A
    title: {zh: 体系, en: A}
    weight: 60
    children:
      - id: EX
        title: {zh: 有决定, en: exists}
        weight: 10
        leaf: {metric: exists, view: system, procedure: test.matter, where: happened('decided'), missing: zero}
      - id: SHARE
        title: {zh: 公开率, en: ratio}
        weight: $w_share
        leaf:
          metric: ratio
          view: effect
          procedure: test.matter
          among: happened('decided')
          where: happened('published')
          score: {ladder: [{at_least: 0.95, earn: 1}, {at_least: $floor, earn: 0.6}]}
      - id: LINE
        title: {zh: 书面审查率, en: linear}
        weight: 10
        leaf: {metric: ratio, view: effect, scope: government, procedure: test.matter,
               among: "happened('reviewed')", where: c.written, score: {linear: {zero_at: 0.5, full_at: 1}}}
      - id: NONE
        title: {zh: 未经审查为零, en: zero}
        weight: 10
        leaf: {metric: zero, view: conduct, findings: [test.matter/review-first]}
      - id: MANY
        title: {zh: 意见条数, en: count}
        weight: 10
        leaf: {metric: count, view: conduct, procedure: test.matter, among: happened('consulted'),
               numerator: c.replies, score: {target: 30}, missing: unscored}
  - id: B
    title: {zh: 时限, en: B}
    weight: 40
    children:
      - id: DAY
        title: {zh: 四月前公布, en: deadline}
        weight: 10
        leaf: {metric: deadline, view: effect, procedure: test.matter, where: happened('published'), by: "04-01",
               dated_by: [published]}
      - id: LIMIT
        title: {zh: 及时公布, en: within}
        weight: 10
        leaf: {metric: deadline, view: effect, procedure: test.matter, among: happened('decided'),
               start: first_date('decided'), done: first_date('published'), within: {days: 10}}
      - id: OFTEN
        title: {zh: 每季度决定, en: frequency}
        weight: 10
        leaf: {metric: frequency, view: system, procedure: test.matter, among: happened('decided'), each: quarter,
               for: [government, department], dated_by: [decided]}
      - id: AWAY
        title: {zh: 复议纠错, en: unsupplied}
        weight: 10
        leaf: {metric: ratio, view: effect, procedure: elsewhere.review, where: "c.x"}
      - id: SHOWN
        title: {zh: 事项数, en: monitor}
        weight: 0
        leaf: {metric: monitor, view: effect, procedure: test.matter}
deductions: [{rules: [test.matter/publish-in-time], points: 2, title: {zh: 逾期公布, en: late}}]
vetoes: [{rules: [test.matter/consult-30], title: {zh: 期限不足, en: veto}, scope: government}]
"""


@cache
def bundle(**changes: str) -> Bundle:
    """The rulebook of the kit with the scheme for organs."""
    procedure = PROCEDURE.replace("attributes:\n", "attributes:\n  written: {}\n  replies: {}\n")
    return rulebook(**{"organs": ORGANS, "procedure": procedure, **changes})


def scheme(year: int = 2025, region: str = "150902", **changes: str) -> Scheme:
    """The scheme for organs of a region."""
    found = bundle(**changes).organ_scheme("test.organs", year, region)
    assert found is not None
    return found


def ratio(part: int, whole: int, then: int | None = None) -> Tally:
    """The tally of a leaf that compares cases."""
    return Tally(whole, part, whole, part if then is None else then)


def months(*numbers: int) -> tuple[int, ...]:
    """Numerators of the first months; the rest of the year is empty."""
    return (*numbers, *(0,) * (12 - len(numbers)))


def scored(tallies: dict[str, Tally], place: Place = DEPARTMENT, day: date = YEAR_END, **more: object) -> OrganScored:
    """An organ's score from tallies by leaf."""
    return score_organ(scheme(), place, 2025, day, tallies, **more)  # type: ignore[arg-type]
