"""Legal questions: sent in three steps, at their minutes, to each lawyer once, whatever is killed on the way."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.database import database
from core.errors import FazhiError
from core.ledger.models import EventRow
from core.ledger.reader import load_case
from plugins.disputes.questions import desk
from plugins.disputes.questions.models import Lawyer, Push, Question, Said
from plugins.disputes.questions.routing import WANTED, Minutes, Step, next_step
from scoring.models import FindingRow, VerdictRow
from tests.questions_kit import CITY, add_lawyers, later, waiting, worker_of
from tests.web.world import TODAY, World

ASKED = datetime(2026, 6, 15, 4, 0, tzinfo=UTC)


@pytest.fixture
def open_world(world: World) -> Iterator[World]:
    with database.connection_context():
        yield world
    world.clock.moment = TODAY


@pytest.fixture
def lawyers(open_world: World) -> dict[str, list[Lawyer]]:
    return add_lawyers()


def steps_of(case: str) -> list[str]:
    return [row.type for row in EventRow.select().where(EventRow.case_id == case).order_by(EventRow.seq)
            if "." not in row.type]


def ask(world: World) -> str:
    return desk.ask(world.instance, CITY, "labour", "拖欠工资怎么办？", "13900000000").case


def test_a_question_goes_to_the_city_at_once_then_to_the_region_then_to_all(
        open_world: World, lawyers: dict[str, list[Lawyer]]) -> None:
    case, worker = ask(open_world), worker_of(open_world.instance)
    assert steps_of(case) == ["asked", "pushed_local"]
    assert Counter(row.step for row in Push.select()) == {1: 4}
    for minute, expected in ((2.9, {1: 4}), (3, {1: 4, 2: 4}), (5.9, {1: 4, 2: 4}), (6, {1: 4, 2: 4, 3: 4})):
        open_world.clock.moment = TODAY + later(minute)
        worker.run_timed()
        assert Counter(row.step for row in Push.select()) == expected, minute
    assert steps_of(case) == ["asked", "pushed_local", "pushed_region", "pushed_national"]
    assert waiting() == 0


def test_three_different_lawyers_end_the_sending_and_one_who_answers_twice_counts_once(
        open_world: World, lawyers: dict[str, list[Lawyer]]) -> None:
    case, worker = ask(open_world), worker_of(open_world.instance)
    first, second, third, _ = lawyers["local"]
    open_world.clock.moment = TODAY + later(1)
    for who in (first, first, second):
        desk.answer(open_world.instance, case, who, "可以向劳动监察投诉。")
    assert Question.get_by_id(case).third_at is None
    open_world.clock.moment = TODAY + later(2)
    desk.answer(open_world.instance, case, third, "可以申请劳动仲裁。")
    assert Question.get_by_id(case).third_at == TODAY + later(2)
    open_world.clock.moment = TODAY + later(7)
    worker.run_timed()
    assert "pushed_region" not in steps_of(case)
    states = {row.rule.rpartition("/")[2]: row.state for row in VerdictRow.select().where(VerdictRow.case == case)}
    assert states == {"pushed-local": "fulfilled", "pushed-region": "fulfilled", "pushed-national": "fulfilled",
                      "three-answers-10-minutes": "fulfilled"}


def test_a_late_third_answer_is_a_finding_of_the_justice_department(
        open_world: World, lawyers: dict[str, list[Lawyer]]) -> None:
    case = ask(open_world)
    for n, who in enumerate(lawyers["local"][:3]):
        open_world.clock.moment = TODAY + later(5 * n + 1)
        desk.answer(open_world.instance, case, who, "解答。")
    found = {row.code: row.organ for row in FindingRow.select().where(FindingRow.case == case)}
    assert found["DIS-QUE-4"] == "just-l1"


def test_follow_ups_have_no_end_until_the_person_is_satisfied(
        open_world: World, lawyers: dict[str, list[Lawyer]]) -> None:
    case, instance = ask(open_world), open_world.instance
    with pytest.raises(FazhiError, match="还没有律师解答"):
        desk.rate(instance, case, 5)
    desk.answer(instance, case, lawyers["local"][0], "先投诉。")
    for n in range(5):
        desk.follow_up(instance, case, f"追问 {n}")
    open_world.clock.moment = TODAY + later(20)
    desk.rate(instance, case, 5)
    with pytest.raises(FazhiError, match="已经结束"):
        desk.follow_up(instance, case, "再问")
    assert Question.get_by_id(case).closed_at is not None
    assert Said.select().where(Said.lawyer.is_null()).count() == 5
    assert load_case(case, instance.bundles.current()).closing is not None


def test_who_is_not_satisfied_rates_once_and_goes_on_asking(
        open_world: World, lawyers: dict[str, list[Lawyer]]) -> None:
    case, instance = ask(open_world), open_world.instance
    desk.answer(instance, case, lawyers["local"][0], "先投诉。")
    desk.rate(instance, case, 2)
    desk.follow_up(instance, case, "投诉以后呢？")
    with pytest.raises(FazhiError, match="已经评价过"):
        desk.rate(instance, case, 5)
    assert FindingRow.select().where((FindingRow.case == case) & (FindingRow.code == "DIS-QUE-5")).exists()


def test_a_silent_question_ends_by_itself(open_world: World, lawyers: dict[str, list[Lawyer]]) -> None:
    case = ask(open_world)
    desk.answer(open_world.instance, case, lawyers["local"][0], "先投诉。")
    open_world.clock.moment = TODAY + timedelta(days=14)
    assert desk.close_silent(open_world.instance) == 0
    open_world.clock.moment = TODAY + timedelta(days=15)
    assert desk.close_silent(open_world.instance) == 1
    assert desk.close_silent(open_world.instance) == 0


def test_a_lawyer_answers_only_what_was_sent_to_him(open_world: World, lawyers: dict[str, list[Lawyer]]) -> None:
    case = ask(open_world)
    with pytest.raises(FazhiError, match="没有推送给您"):
        desk.answer(open_world.instance, case, lawyers["national"][0], "解答。")


def test_what_is_erased_in_the_ledger_is_gone_from_the_pages(
        open_world: World, lawyers: dict[str, list[Lawyer]]) -> None:
    case, instance = ask(open_world), open_world.instance
    assert desk.words_of(case) == {case: "拖欠工资怎么办？"}, "a contact is nowhere among the words"
    instance.recorder.seal(case, ["question_text", "contact"], reason="本人要求", actor="supervisor", organ="just-l1")
    assert desk.words_of(case) == {}


def test_a_question_whose_jobs_were_lost_is_found_and_sent(
        open_world: World, lawyers: dict[str, list[Lawyer]]) -> None:
    from core.jobs.models import JobRow

    case = ask(open_world)
    JobRow.delete().execute()
    open_world.clock.moment = TODAY + later(6.5)
    assert desk.route_overdue(open_world.instance) == 1
    assert steps_of(case) == ["asked", "pushed_local", "pushed_region", "pushed_national"]
    assert desk.route_overdue(open_world.instance) == 0


@settings(deadline=None)
@given(answered_at=st.lists(st.floats(0, 12), max_size=5),
       looked_at=st.lists(st.floats(0, 15), min_size=1, max_size=30),
       region=st.integers(3, 6))
def test_however_answers_and_looks_fall_each_step_is_taken_once_in_order_never_early_and_only_if_needed(
        answered_at: list[float], looked_at: list[float], region: int) -> None:
    minutes = Minutes(region=region)
    due = {Step.LOCAL: 0, Step.REGION: region, Step.NATIONAL: 6}
    reached, taken = 0, list[tuple[Step, float]]()
    for minute in sorted(looked_at):
        answers = sum(one <= minute for one in answered_at)
        while step := next_step(ASKED, reached, answers, ASKED + later(minute), minutes):
            taken.append((step, minute))
            reached = step.value
        if answers < WANTED:
            assert reached == max(step for step in Step if minute >= due[step]), "at its minute, not a look later"
    assert [step for step, _ in taken] == sorted({step for step, _ in taken})
    for step, minute in taken:
        assert minute >= due[step]
        assert step is Step.LOCAL or sum(one <= minute for one in answered_at) < WANTED
