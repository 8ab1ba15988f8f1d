"""Scores computed for all organs at once are those computed for each by itself, to the hundredth."""

from __future__ import annotations

from datetime import date, timedelta
from functools import cache

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.judge import PlatformEvent
from core.organs.models import Organ, Region
from core.rulebook.model import Scheme
from scoring.assessment.batch import differences, recompute
from scoring.assessment.columns import LeafColumns, score_columns
from scoring.assessment.entries import SCALE
from scoring.assessment.history import rebuild_entries
from scoring.assessment.keeping import refresh
from scoring.assessment.models import OrganScoreRow
from scoring.assessment.score import Place, score_organ
from scoring.assessment.tally import Tally
from scoring.models import FindingRow
from tests.assessment_kit import ORGANS, bundle
from tests.scoring_kit import PROCEDURE, SUPERVISION, desk_in

NAMED = ORGANS.replace("metric: ratio, view: effect, scope: government,",
                       "metric: ratio, view: effect, scope: government, organ: c.told,").replace(
    "metric: zero, view: conduct, findings", "metric: ratio, view: conduct, organ: c.told, findings")
"""Two results count for the organ that a step names, which answers for one of the findings too."""
TELLING = PROCEDURE.replace("attributes:\n", "attributes:\n  written: {}\n  replies: {}\n  told: {}\n").replace(
    "    by: [office_head]\n    record_within",
    "    by: [office_head]\n    fields: {told: {title: {zh: 抄送, en: told}, type: organ}}\n    record_within")
ANSWERED = SUPERVISION.replace("    only_after: reviewed\n", "    only_after: reviewed\n    answers: c.told\n")
LEAVES = ("EX", "SHARE", "LINE", "NONE", "MANY", "DAY", "LIMIT", "OFTEN", "SHOWN")
KINDS = ("government", "department", "enforcement_body")
DUE = date(2025, 4, 1)


@cache
def schemes() -> tuple[Scheme, ...]:
    changed = (ORGANS, ORGANS.replace("missing: unscored", "missing: block"),
               ORGANS.replace("metric: zero, view: conduct, findings",
                              "metric: ratio, view: conduct, for: [department], findings"),
               ORGANS.replace("score: {target: 30}", "score: {linear: {zero_at: 40, full_at: 2.5}}"))
    return tuple(bundle(organs=text).organ_schemes(2025)[0] for text in changed)


@st.composite
def tallies(draw: st.DrawFn) -> dict[str, Tally]:
    found = {}
    for leaf in LEAVES:
        cases = draw(st.sampled_from((0, 0, 1, 2, 3, 7, 40, 9999)))
        unit = SCALE if leaf == "MANY" else 1
        top = draw(st.integers(0, cases)) * unit
        bottom = cases * unit
        first = DUE + timedelta(days=draw(st.integers(-90, 60))) if top else None
        months = tuple(draw(st.lists(st.integers(0, 2), min_size=12, max_size=12)))
        then = draw(st.integers(0, cases)) if leaf == "NONE" else top
        found[leaf] = Tally(cases, top, bottom, then, first, months)
    return found


def columns(of: list[dict[str, Tally]]) -> dict[str, LeafColumns]:
    return {leaf: LeafColumns(*(np.array([float(getattr(each[leaf], name)) for each in of])
                                for name in ("cases", "numerator", "denominator", "then")),
                              np.array([float((each[leaf].first - DUE).days) if each[leaf].first else np.nan
                                        for each in of]),
                              np.array([each[leaf].months for each in of], dtype=float).T)
            for leaf in LEAVES}


@settings(max_examples=120, deadline=None)
@given(st.sampled_from(range(4)), st.lists(st.tuples(tallies(), st.sampled_from(KINDS)), min_size=1, max_size=6),
       st.sampled_from((date(2025, 3, 20), date(2025, 6, 30), date(2025, 12, 31), date(2026, 2, 1))))
def test_all_at_once_equals_one_by_one(number: int, organs: list[tuple[dict[str, Tally], str]], day: date) -> None:
    scheme = schemes()[number]
    found = score_columns(scheme, columns([each for each, _ in organs]), [kind for _, kind in organs],
                          ["county"] * len(organs), 2025, day)
    for row, (each, kind) in enumerate(organs):
        one = score_organ(scheme, Place(str(row), "", "150902", "county", kind), 2025, day, each)
        weights = {name: int(column[row]) for name, column in
                   ((name, weight.column(len(organs))) for name, weight in found.weights.items()) if column[row] >= 0}
        assert weights == {name: int(weight * 100) for name, weight in one.weights.items()}
        points = {name: int(column[row]) for name, column in found.earned.items() if column[row] >= 0}
        assert points == {name: int(earned * 100) for name, earned in one.points.items()}
        assert (found.earned_total[row], found.due[row]) == (one.earned * 100, one.due * 100)
        assert found.score[row] == (-1 if one.score is None else one.score * 100)
        assert bool(found.blocked[row]) is one.blocked
        if one.score is not None:
            assert found.at_risk[row] == one.at_risk * 100


STEPS = st.lists(st.tuples(st.integers(0, 3), st.sampled_from(("consulted", "reviewed", "decided", "published")),
                           st.integers(0, 40), st.sampled_from((20, 31)), st.booleans()), min_size=1, max_size=12)


@settings(max_examples=12, deadline=None)
@given(STEPS, st.booleans())
def test_scores_that_followed_each_step_are_those_recomputed_for_all(
        tmp_path_factory: pytest.TempPathFactory, steps: list[tuple[int, str, int, int, bool]], confirmed: bool
) -> None:
    with desk_in(f"sqlite:///{tmp_path_factory.mktemp('agree')}/a.db") as desk:
        desk.bundles.bundle = bundle(organs=NAMED, procedure=TELLING, supervision=ANSWERED)
        Region.create(code="990121", name="某县", level="county")
        Organ.create(id="gov", name="某县人民政府", region="990121", level="county", kind="government")
        for name in ("a-gov", "b-gov"):
            Organ.create(id=name, name=name, region="990121", level="county", kind="department", government="gov")
        desk.clock.set(date(2025, 4, 20))
        for number in range(4):
            desk.open(f"case-{number}", organ="ab"[number % 2] + "-gov", technical=False, private=False)
        for number, kind, after, days, yes in steps:
            more = {"consulted": {"days": days, "replies": after}, "reviewed": {"lawful": yes, "written": yes},
                    "decided": {"told": "ab"[after % 2] + "-gov"}, "published": {"channel": "web"}}[kind]
            desk.record(kind, date(2025, 3, 4) + timedelta(days=after), f"case-{number}", **more)
            refresh(desk.bundles.current(), desk.clock())
        if confirmed:
            for row in list(FindingRow.select(FindingRow.case, FindingRow.id)):
                desk.recorder.record_platform(row.case, PlatformEvent(
                    "finding.confirmed", {"finding": row.id, "reason": "查明"}, desk.clock()), "jia", "justice")
        refresh(desk.bundles.current(), desk.clock())
        followed = kept()
        assert followed
        assert not differences(desk.bundles.current(), 2025, date(2025, 4, 20))
        recompute(desk.bundles.current(), 2025, desk.clock())
        assert [row for row in kept() if row[0] in {each[0] for each in followed}] == followed
        assert rebuild_entries(desk.bundles.current()) == 4
        refresh(desk.bundles.current(), desk.clock())
        assert [row for row in kept() if row[0] in {each[0] for each in followed}] == followed


def kept() -> list[tuple[object, ...]]:
    fields = (OrganScoreRow.organ, OrganScoreRow.score, OrganScoreRow.earned, OrganScoreRow.due, OrganScoreRow.at_risk,
              OrganScoreRow.provisional, OrganScoreRow.blocked, OrganScoreRow.unscored, OrganScoreRow.parts)
    return sorted(OrganScoreRow.select(*fields).tuples(), key=str)

