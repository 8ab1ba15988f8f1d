"""Discretion at the step of a penalty decision: shown for what is entered, recorded, held against the decision."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import pytest
from bs4 import BeautifulSoup

from core.database import database
from core.ledger.intake import NewEvent
from core.ledger.reader import events_of
from scoring.models import FindingRow
from tests.penalty_kit import approve, decide, open_penalty
from tests.web.conftest import LogIn
from tests.web.world import World

PANEL = "/enforcement/discretion/case-food/decision_made"
FOOD = {"discretion.shown": "true", "occurred": "2026-06-10", "field.violation": "BM-FOOD-122",
        "field.discretion_facts.goods_value": "8000", "field.discretion_facts.circumstance": "一般",
        "field.circumstances_checked": "true", "field.penalty_kinds": ["fine", "confiscation"]}


@pytest.fixture(autouse=True)
def _case(world: World) -> None:
    with database.connection_context():
        open_penalty(world.instance)


def shown(log_in: LogIn, part: str = "answer", **changes: str | Sequence[str]) -> BeautifulSoup:
    """The panel for a form as it is typed."""
    form = {**FOOD, **{name.replace("__", "."): value for name, value in changes.items()}}
    answer = log_in("handler").post(f"{PANEL}?part={part}", data=form)
    assert answer.status_code == 200
    return BeautifulSoup(answer.text, "html.parser")


def words(soup: BeautifulSoup) -> str:
    return " ".join(soup.get_text(" ").split())


def codes(case_id: str = "case-food") -> set[str]:
    """Rules of discretion that found something."""
    with database.connection_context():
        found: Any = FindingRow.select(FindingRow.rule, FindingRow.level).where(
            FindingRow.case == case_id, FindingRow.code.startswith("ENF-DIS")).tuples()
        return {f"{rule.rpartition('/')[2]}:{level}" for rule, level in found}


def recorded(case_id: str = "case-food") -> Mapping[str, Any]:
    with database.connection_context():
        return next(event.payload for event in reversed(events_of(case_id)) if event.type == "decision_made")


def test_the_tier_and_both_ranges_are_shown_with_their_articles_as_values_are_entered(log_in: LogIn) -> None:
    soup = shown(log_in)
    assert "阶次“一般”，裁量幅度 65000—85000 元" in words(soup)
    assert "50000—100000 元" in words(soup)
    assert "食品安全法" in words(soup)
    assert [row.get_text(" ", strip=True)[:5] for row in soup.select("tbody tr")] == ["行为时的规", "决定时的规"]


def test_a_fact_that_is_not_found_out_is_asked_for_and_no_tier_is_guessed(log_in: LogIn) -> None:
    soup = shown(log_in, field__discretion_facts__circumstance="")
    assert soup.select_one("[data-state=needs_fact]") is not None
    assert "情节" in words(soup)
    assert "裁量幅度" not in words(soup)


def test_unticked_circumstances_are_unknown_until_a_person_says_that_all_were_looked_into(log_in: LogIn) -> None:
    assert shown(log_in, field__circumstances_checked="").select_one("[data-state=needs_fact]") is not None


def test_a_minor_act_that_was_corrected_without_harm_is_not_punished(log_in: LogIn) -> None:
    soup = shown(log_in, field__circumstances=["minor", "corrected_in_time", "no_harm"], field__fine_amount="60000")
    assert "有不予处罚的情形，不应当处罚" in words(soup)
    assert soup.select_one("[data-verdict=outside_statute]") is not None


ROAD = {**FOOD, "field.violation": "BM-ROAD-GS-1.1", "occurred": "2023-06-10",
        "field.discretion_facts.illegal_income": "0", "field.discretion_facts.duration": "5",
        "field.discretion_facts.refuses": "false", "field.discretion_facts.disrupts": "false"}


@pytest.mark.parametrize(("changes", "state", "told"), [
    ({}, "no_tier", "无对应阶次"),
    ({"field.discretion_facts.refuses": "true", "field.discretion_facts.disrupts": "true"}, "ambiguous",
     "几个阶次同时符合"),
    ({"occurred": "2026-06-10"}, "no_table", "没有施行的基准")])
def test_gaps_and_overlaps_of_a_published_table_are_named_plainly(
        changes: Mapping[str, str], state: str, told: str, world: World, log_in: LogIn) -> None:
    with database.connection_context():
        open_penalty(world.instance, "case-road", date(2023, 5, 20))
    answer = log_in("handler").post("/enforcement/discretion/case-road/decision_made?part=answer",
                                    data={**ROAD, **changes})
    soup = BeautifulSoup(answer.text, "html.parser")
    assert soup.select_one(f"[data-state={state}]") is not None
    assert told in words(soup)
    assert "阶次“" not in words(soup).split("测算过程")[0]


@pytest.mark.parametrize(("fine", "verdict"), [("70000", "within"), ("90000", "outside_tier"),
                                               ("120000", "outside_statute"), ("40000", "outside_statute")])
def test_a_fine_is_compared_before_it_is_recorded(fine: str, verdict: str, log_in: LogIn) -> None:
    assert shown(log_in, field__fine_amount=fine).select_one(f"[data-verdict={verdict}]") is not None


def test_the_answer_is_recorded_with_the_step_and_its_table_and_rules_are_named(world: World) -> None:
    with database.connection_context():
        decide(world.instance, 70000)
        rules = world.instance.bundles.current().hash
    kept = recorded()
    assert (kept["discretion_state"], kept["discretion_tier"], kept["discretion_check"]) == ("tier", "一般", "within")
    assert (kept["discretion_least"], kept["discretion_most"]) == ("65000", "85000")
    assert (kept["law_least"], kept["law_most"]) == ("50000", "100000")
    assert kept["discretion_version"] == f"BM-FOOD-122@2021-04-29#{rules}"
    assert kept["discretion_facts"] == ("circumstance=一般", "goods_value=8000")
    assert "阶次“一般”" in kept["discretion_answer"]
    assert codes() == set()


def test_a_fine_outside_the_tier_is_a_finding_unless_leaving_it_was_approved(world: World) -> None:
    with database.connection_context():
        decide(world.instance, 90000)
        open_penalty(world.instance, "case-approved")
        approve(world.instance, "case-approved")
        decide(world.instance, 90000, "case-approved")
    assert codes() == {"benchmark-or-approval:orange"}
    assert codes("case-approved") == set()


def test_a_fine_outside_the_statute_is_red_even_where_leaving_the_table_was_approved(world: World) -> None:
    with database.connection_context():
        approve(world.instance)
        decide(world.instance, 120000)
    assert "fine-within-statute:red" in codes()


def test_a_ground_to_lighten_narrows_the_range_and_is_told(log_in: LogIn) -> None:
    soup = shown(log_in, field__circumstances=["removed_harm"], field__fine_amount="80000")
    assert "裁量幅度 50000—65000 元" in words(soup)
    assert "有应当从轻或者减轻的情节" in words(soup)
    assert soup.select_one("[data-verdict=outside_tier]") is not None


def test_without_a_table_nothing_is_worked_out_and_the_decision_is_judged_by_what_is_stated(world: World) -> None:
    with database.connection_context():
        decide(world.instance, 120000, violation=None, discretion_facts=None, circumstances_checked=None,
               statutory_min=50000, statutory_max=100000)
    assert "discretion_state" not in recorded()
    assert "fine-within-statute:red" in codes()


def test_the_form_keeps_what_was_entered_in_the_panel_when_something_else_is_wrong(log_in: LogIn) -> None:
    client = log_in("handler")
    form = {**FOOD, "field.penalty_kinds": [], "seen": "1"}
    answer = client.post("/cases/case-food/steps/decision_made", data=form)
    assert answer.status_code == 422
    panel = BeautifulSoup(answer.text, "html.parser").select_one("[data-panel='enforcement_discretion.panel']")
    assert panel is not None
    kept = {(one["name"], one["value"]) for one in panel.select("input[type=hidden]")}
    assert ("field.discretion_facts.goods_value", "8000") in kept
    assert ("field.violation", "BM-FOOD-122") in kept


def test_what_is_entered_in_the_panel_is_recorded_through_the_form(log_in: LogIn) -> None:
    answer = log_in("handler").post("/cases/case-food/steps/decision_made",
                                    data={**FOOD, "field.fine_amount": "90000", "request_key": "k1"})
    assert answer.status_code == 302
    assert recorded()["discretion_check"] == "outside_tier"
    assert codes() == {"benchmark-or-approval:orange"}


def test_the_facts_of_the_notice_stand_in_the_panel_of_the_decision(world: World, log_in: LogIn) -> None:
    client = log_in("handler")
    notice = {**FOOD, "field.notice_contents": ["penalty", "facts"], "field.proposed_kinds": ["fine"],
              "field.proposed_fine": "70000"}
    assert client.post("/cases/case-food/steps/notice_served", data=notice).status_code == 302
    soup = BeautifulSoup(client.post(PANEL, data={"occurred": "2026-06-10"}).text, "html.parser")
    goods = soup.select_one("[name='field.discretion_facts.goods_value']")
    assert goods is not None
    assert goods["value"] == "8000"


TAX = {"discretion.shown": "true", "occurred": "2026-06-10", "field.violation": "BM-TAX-CSJ-1",
       "field.discretion_facts.one_code": "false", "field.discretion_facts.party": "unit",
       "field.discretion_facts.corrected": "in_time", "field.discretion_facts.serious": "false",
       "field.circumstances_checked": "true", "field.penalty_kinds": ["fine"], "field.fine_amount": "200",
       "field.list_facts.statute-no-penalty.minor": "true", "field.list_facts.statute-no-penalty.no_harm": "true",
       "field.list_facts.statute-no-penalty.before_order": "true",
       "field.list_facts.statute-no-penalty.repeated": "false"}


def test_items_of_the_lists_are_shown_with_their_conditions_and_whether_they_match(log_in: LogIn) -> None:
    client = log_in("handler")
    whole = BeautifulSoup(client.post(PANEL, data=TAX).text, "html.parser")
    assert whole.select_one("select[name='field.list_facts.statute-no-penalty.repeated']") is not None
    assert whole.select_one("[data-listed='statute-no-penalty/tax-registration'][data-holds=True]") is not None
    assert whole.select_one("[data-listed='tax-first-offence/registration'][data-holds=None]") is not None
    assert "（未核对）" in words(whole)


@pytest.mark.parametrize(("reasons", "found"), [("", {"no-penalty-list-kept:orange"}), ("当事人曾隐瞒同类行为", set())])
def test_a_fine_although_the_no_penalty_list_matches_is_a_finding_unless_reasons_are_recorded(
        reasons: str, found: set[str], log_in: LogIn) -> None:
    form = {**TAX, "field.discretion_reasons": reasons}
    assert log_in("handler").post("/cases/case-food/steps/decision_made", data=form).status_code == 302
    assert recorded()["listed"] == ("statute-no-penalty/tax-registration",)
    assert codes() == found


def test_a_condition_that_is_excluded_keeps_an_act_off_the_list(log_in: LogIn) -> None:
    form = {**TAX, "field.list_facts.statute-no-penalty.repeated": "true"}
    soup = BeautifulSoup(log_in("handler").post(PANEL, data=form).text, "html.parser")
    assert soup.select_one("[data-listed='statute-no-penalty/tax-registration'][data-holds=False]") is not None


def test_a_listed_ground_to_lighten_is_computed_from_the_case_and_narrows_the_range(
        world: World, log_in: LogIn) -> None:
    with database.connection_context():
        world.instance.recorder.record("case-food", NewEvent(
            "investigation_closed", date(2026, 6, 5), {"facts_clear": True, "proposed_outcome": "penalty",
            "mitigating": ("removed_harm",), "aggravating": False}, actor="handler", organ="gov-c1"))
    soup = shown(log_in, "all")
    assert soup.select_one("[data-listed='statute-lighter/food-licence'][data-holds=True]") is not None
    assert "裁量幅度 50000—65000 元" in words(soup)
