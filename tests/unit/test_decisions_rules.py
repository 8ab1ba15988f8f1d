"""The shipped rules on major decisions: complete, shown by examples, anchored in law."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from core.calendars import close_of
from core.cases.case import Case, CaseHead
from core.cases.fold import fold
from core.instants import local_midnight
from core.ledger.event import Event, MaterialRef, Value
from core.rulebook.bundle import Bundle
from core.rulebook.load import load_rules
from core.rulebook.model import Level, Rule
from core.rulebook.paths import shipped_rules
from scoring.engine.live import Live
from scoring.engine.reference import Reference
from scoring.judgement import judge_case, points_of
from scoring.ruletests.runner import run_tests
from scoring.verdict import Evaluator, State

DECISION, CATALOGUE = "decisions.decision", "decisions.catalogue"
CODES = {
    "DEC-CAT-MISSING", "DEC-CONSULT-SHORT", "DEC-CONSULT-NOFEEDBACK", "DEC-HEARING-MATERIAL-LATE",
    "DEC-EXPERT-CONFLICT", "DEC-EXPERT-UNSIGNED", "DEC-RISK-NOPLAN", "DEC-LEGAL-SHORT", "DEC-LEGAL-SUBSTITUTED",
    "DEC-LEGAL-MISSING", "DEC-MEETING-MISSING", "DEC-HEAD-FIRST", "DEC-PARTY-MISSING", "DEC-PUBLISH-MISSING",
    "DEC-ARCHIVE-GAP", "DEC-EVAL-CONFLICT", "DEC-HEARING-MISSING",
}
"""Findings that every justice department knows by these codes."""

OVERLAY = """
kind: overlay
region: "990100"
authority: {issuer: 演示市人民政府, document: 演示政发〔2026〕1号}
valid: {from: 2026-01-01}
set: {decisions.periods.consultation_days: 45}
"""


def consulted(bundle: Bundle, region: str, start: date, end: date) -> Case:
    """A case of ``region`` with a public consultation from ``start`` to ``end``."""
    procedure = bundle.procedures[DECISION]
    steps: tuple[tuple[str, date, dict[str, Value], tuple[str, ...]], ...] = (
        ("proposal_submitted", start, {"proposal_source": "leader", "decision_category": "plan"}, ()),
        ("consultation_announced", start, {"consultation_channels": ("gov_site",), "consultation_shortened": False,
                                           "comment_deadline": end.isoformat(), "draft_published": True}, ()),
        ("consultation_ended", end, {"opinion_count": 0}, ("opinion_register",)))
    events = [Event(str(n), "case", n, name, local_midnight(day, procedure.timezone),
                    local_midnight(day, procedure.timezone), "handler", "organ", fields,
                    tuple(MaterialRef(item, "0" * 64, item) for item in materials), precision="date")
              for n, (name, day, fields, materials) in enumerate(steps, 1)]
    return fold(CaseHead("case", DECISION, "organ", region), procedure, events)


@pytest.fixture(scope="module")
def bundle() -> Bundle:
    return load_rules([shipped_rules() / "decisions", shipped_rules() / "platform", shipped_rules() / "calendars"])


@pytest.fixture(scope="module")
def rules(bundle: Bundle) -> tuple[Rule, ...]:
    return (*bundle.rules(DECISION), *bundle.rules(CATALOGUE))


@pytest.mark.parametrize("evaluator", [Reference(), Live()], ids=["reference", "live"])
def test_every_example_of_the_rule_authors_holds(bundle: Bundle, evaluator: Evaluator) -> None:
    report = run_tests(bundle, evaluator)
    assert report.examples >= 30
    assert report.misses == []


def test_every_rule_is_shown_both_kept_and_broken(bundle: Bundle) -> None:
    assert run_tests(bundle, Reference()).uncovered == {}


def test_the_known_findings_are_all_there(rules: tuple[Rule, ...]) -> None:
    assert CODES - {rule.code for rule in rules} == set()


def test_each_finding_code_belongs_to_one_rule(rules: tuple[Rule, ...]) -> None:
    codes = [rule.code for rule in rules]
    assert all(codes)
    assert len(codes) == len(set(codes))


def test_every_rule_says_its_law_and_the_way_out_in_both_languages(rules: tuple[Rule, ...]) -> None:
    for rule in rules:
        assert rule.basis, rule.id
        assert rule.remedy is not None, rule.id
        assert "en" in rule.remedy.others, rule.id
        assert "en" in rule.title.others, rule.id


def test_a_period_that_no_law_states_is_marked_and_open_to_leagues(bundle: Bundle) -> None:
    own = {"proposal-answered", "opinions-handled-in-time", "review-opinion-in-time", "interpret-in-time",
           "archive-in-time", "executing-unit-named", "evaluation-completed",
           "consultation-urgent-floor", "hearing-notice-days"}
    by_id = {rule.local_id: rule for rule in bundle.rules(DECISION)}
    assert {name for name in own if by_id[name].confidence != "unverified"} == set()
    assert {name for name in own if by_id[name].level is not Level.BLUE} == set()
    opened = {parameter.key for parameter in bundle.parameters() if parameter.opening is not None}
    assert {f"{DECISION}/{name}" for name in own} <= {name.rpartition(".")[0] for name in opened}
    assert by_id["execution-reported"].confidence == "unverified"
    assert "decisions.periods.report_days" in opened


def test_no_region_may_shorten_what_the_regulation_guarantees(bundle: Bundle) -> None:
    least = {"decisions.periods.consultation_days": 30, "decisions.periods.hearing_material_days": 7,
             "decisions.periods.review_days": 7}
    found = {each.key: each.opening for each in bundle.parameters() if each.key in least}
    assert found.keys() == least.keys()
    for key, opening in found.items():
        assert opening is not None
        assert (opening.spec.level, opening.spec.may, opening.spec.min) == ("league", "raise", least[key])


def test_a_league_that_asks_for_more_days_changes_its_findings_and_scores_and_nobody_elses(tmp_path: Path) -> None:
    (tmp_path / "overlay.yaml").write_text(OVERLAY, encoding="utf-8")
    shipped = [shipped_rules() / folder for folder in ("decisions", "platform", "calendars")]
    bundle = load_rules([*shipped, tmp_path])
    for region, days, points in (("990100", 45, "2"), ("990200", 30, "6")):
        case = consulted(bundle, region, date(2026, 3, 2), date(2026, 4, 8))
        judged = judge_case(case, bundle, Reference(), close_of(date(2026, 4, 8), case.procedure.timezone))
        states = {verdict.rule: verdict.state for verdict in judged.verdicts}
        assert (states[f"{DECISION}/consultation-30-days"] is State.VIOLATED) == (days > 37)
        assert points_of(case, judged)["T07"] == Decimal(points)


def test_a_veto_needs_the_severest_level(bundle: Bundle) -> None:
    scheme = bundle.scheme_for(DECISION, date(2026, 1, 1), "case")
    assert scheme is not None
    by_id = {rule.id: rule for rule in bundle.rules(DECISION)}
    vetoed = [name for veto in scheme.vetoes for name in veto.rules]
    assert len(vetoed) == 3
    assert {by_id[name].level for name in vetoed} == {Level.RED}


def test_forms_are_short_and_bilingual(bundle: Bundle) -> None:
    for procedure in (bundle.procedures[DECISION], bundle.procedures[CATALOGUE]):
        for event in procedure.events.values():
            assert len(event.fields) <= 8, event.id
            assert event.by, event.id
            for title in (event.title, *(field.title for field in event.fields.values()),
                          *(value for field in event.fields.values() for value in field.values.values()),
                          *(material.title for material in event.materials)):
                assert "en" in title.others, f"{event.id}: {title}"


def test_every_step_but_supervision_itself_belongs_to_one_supervision_point(bundle: Bundle) -> None:
    procedure = bundle.procedures[DECISION]
    placed = [name for stage in procedure.stages for name in stage.events]
    assert len(placed) == len(set(placed))
    assert procedure.events.keys() - set(placed) == {"correction_ordered", "correction_reported"}
    assert [stage.id for stage in procedure.stages] == ["P1", "P2", "P3", "P4", "P5", "P6", "P7"]
