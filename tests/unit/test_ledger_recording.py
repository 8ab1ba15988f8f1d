"""What may be recorded, what is refused, and how the refusal reads."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from peewee import DatabaseError

from core.cases.case import Case, CaseHead
from core.database import connect, database
from core.errors import FazhiError, fail, messages
from core.judge import PlatformEvent
from core.ledger.guards import install_guards
from core.ledger.models import MODELS, CaseRow, EventRow, OutboxRow
from core.ledger.outbox import delivered, undelivered
from core.ledger.reader import CaseFilter, events_of, find_cases, load_case
from core.ledger.recorder import NewEvent, Recorder
from core.ledger.verify import verify
from core.rulebook.model import Procedure
from tests.ledger_kit import BUNDLE, HANDLER, LETTER, MATTER, ORGAN, SECRET, START, Clock, fill, head, recorder, step


@pytest.fixture(autouse=True)
def ledger(tmp_path: Path) -> Iterator[None]:
    connect(f"sqlite:///{tmp_path / 'ledger.db'}")
    database.connect()
    database.create_tables(list(MODELS))
    install_guards()
    yield
    database.close()


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def opened(clock: Clock) -> Recorder:
    """A recorder with one open case, ``case-1``."""
    ledger = recorder(clock)
    ledger.open_case(head(), step("filed", party="张三", kind="a"))
    return ledger


def codes(refused: pytest.ExceptionInfo[FazhiError]) -> dict[str, str]:
    """Code of each problem by the field that it names."""
    return {problem.at.field if problem.at else "": problem.code for problem in refused.value.problems}


def test_values_come_back_exactly_and_typed(opened: Recorder) -> None:
    opened.record("case-1", step("noted", amount=Decimal("1250.50"), on=date(2026, 4, 1), tags={"y", "x"}, count=3,
                                 urgent=False, phone="13900000000"))

    case = load_case("case-1", BUNDLE)
    assert case.steps[1].fields == {"amount": Decimal("1250.50"), "on": date(2026, 4, 1), "count": 3,
                                    "tags": frozenset({"x", "y"}), "urgent": False, "phone": "13900000000"}
    assert case.state == {"amount": Decimal("1250.50"), "kind": "a", "party": "张三"}
    assert case.steps[1].event.payload["amount"] == "1250.50"


def test_what_recording_returns_is_what_reading_gives(opened: Recorder) -> None:
    done = opened.record("case-1", step("noted", amount="2", phone="139"))
    assert list(done.events) == events_of("case-1")[1:]
    assert done.case == load_case("case-1", BUNDLE)


def test_a_date_is_the_local_midnight_of_the_procedures_zone(opened: Recorder) -> None:
    done = opened.record("case-1", step("noted", date(2026, 5, 5)))
    assert done.events[0].occurred_at == datetime(2026, 5, 4, 16, 0, tzinfo=UTC)
    late_evening = opened.record("case-1", step("noted", datetime(2026, 5, 5, 15, 59, tzinfo=UTC)))
    assert late_evening.case.steps[-1].date == date(2026, 5, 5)
    assert late_evening.events[0].precision == "date"
    exact = datetime(2026, 5, 5, 9, 30, tzinfo=UTC)
    assert opened.record("case-1", step("heard", exact, minutes="记录")).events[0].occurred_at == exact


def test_every_problem_is_told_and_names_its_field(opened: Recorder) -> None:
    wrong = replace(step("noted", date(2026, 7, 1), amount="一百", on="2026-02-30", tags=["z"], count=True,
                         urgent="yes", colour="red"), materials=(LETTER,))
    with pytest.raises(FazhiError) as refused:
        opened.record("case-1", wrong)
    assert codes(refused) == {
        "occurred_at": "event-in-future", "amount": "event-field-type", "on": "event-field-type",
        "tags": "event-field-option", "count": "event-field-type", "urgent": "event-field-type",
        "colour": "event-field-unknown", "materials.letter": "event-material-unknown"}
    assert "“金额”应当是数字，例如 1250.50，现在是“一百”" in refused.value.render("zh")
    assert "“amount” must be a number such as 1250.50, not “一百”" in refused.value.render("en")
    assert len(events_of("case-1")) == 1


def test_required_fields_and_materials_must_be_there(opened: Recorder) -> None:
    with pytest.raises(FazhiError) as refused:
        opened.record("case-1", step("heard", minutes=""))
    assert codes(refused) == {"minutes": "event-field-missing"}
    with pytest.raises(FazhiError) as refused:
        opened.record("case-1", step("decided"))
    assert codes(refused) == {"materials.letter": "event-material-missing"}


def test_a_material_must_have_been_stored() -> None:
    ledger = replace(recorder(), material_known=lambda sha256: sha256 != LETTER.sha256)
    ledger.open_case(head(), step("filed"))
    with pytest.raises(FazhiError) as refused:
        ledger.record("case-1", replace(step("decided"), materials=(LETTER,)))
    assert codes(refused) == {"materials.letter": "event-material-not-stored"}


def test_wrong_personal_values_are_not_repeated_in_messages(opened: Recorder) -> None:
    with pytest.raises(FazhiError) as refused:
        opened.record("case-1", step("noted", phone=13900000000))
    assert "13900000000" not in refused.value.render()


def test_a_case_begins_with_an_opening_step() -> None:
    with pytest.raises(FazhiError) as refused:
        recorder().open_case(head(), step("noted"))
    assert codes(refused) == {"type": "event-not-opening"}
    assert "立案" in refused.value.render()
    assert CaseRow.select().count() == 0


def test_unknown_steps_cases_and_procedures_are_refused_with_the_nearest_name(opened: Recorder) -> None:
    with pytest.raises(FazhiError, match="noted"):
        opened.record("case-1", step("note"))
    with pytest.raises(FazhiError, match="case-unknown"):
        opened.record("case-2", step("noted"))
    with pytest.raises(FazhiError, match="procedure-unknown"):
        opened.open_case(head("case-3", "no.such"), step("filed"))
    with pytest.raises(FazhiError, match="case-exists"):
        opened.open_case(head(), step("filed"))
    with pytest.raises(FazhiError, match="case-id-invalid"):
        opened.open_case(head("../evil"), step("filed"))


@pytest.mark.parametrize("moment", [date(1, 1, 1), date(9999, 12, 31), datetime(1, 1, 1, tzinfo=UTC)])
def test_a_date_at_the_end_of_the_calendar_is_refused_in_words(opened: Recorder, moment: date) -> None:
    with pytest.raises(FazhiError) as refused:
        opened.record("case-1", step("noted", moment))
    assert codes(refused) == {"occurred_at": "event-date-impossible"}


def test_a_case_lies_in_a_region(opened: Recorder) -> None:
    with pytest.raises(FazhiError, match="region-code-malformed"):
        opened.open_case(replace(head("case-2"), region="somewhere"), step("filed"))


def test_a_step_that_happens_once_is_not_recorded_twice(opened: Recorder) -> None:
    with pytest.raises(FazhiError) as refused:
        opened.record("case-1", step("filed"))
    assert codes(refused) == {"type": "event-not-repeatable"}


def test_a_correction_takes_its_targets_place_and_both_stay_visible(opened: Recorder) -> None:
    wrong = opened.record("case-1", step("noted", amount="1")).events[0]
    opened.record("case-1", step("noted", amount="3"))
    right = replace(step("noted", amount="2"), corrects=wrong.id, reason="笔误")
    done = opened.record("case-1", right)

    assert [dict(one.fields).get("amount") for one in done.case.steps] == [None, Decimal(2), Decimal(3)]
    assert [event.type for event in events_of("case-1")] == ["filed", "noted", "noted", "noted"]
    assert done.events[0].payload["correction_reason"] == "笔误"
    with pytest.raises(FazhiError) as refused:
        opened.record("case-1", right)
    assert codes(refused)["corrects"] == "correction-superseded"


def test_a_correction_obeys_the_procedure_like_any_step(opened: Recorder) -> None:
    first = events_of("case-1")[0].id
    with pytest.raises(FazhiError) as refused:
        opened.record("case-1", replace(step("noted"), corrects=first))
    assert codes(refused) == {"type": "event-not-opening"}
    with pytest.raises(FazhiError) as refused:
        opened.record("case-1", replace(step("filed"), corrects=first, void=True))
    assert codes(refused) == {"void": "void-opening"}
    with pytest.raises(FazhiError) as refused:
        opened.record("case-1", replace(step("filed"), corrects="unknown"))
    assert "correction-target-unknown" in codes(refused).values()
    opened.record("case-1", replace(step("filed", kind="b"), corrects=first))
    assert load_case("case-1", BUNDLE).state["kind"] == "b"


def test_a_voided_closing_opens_the_case_again(opened: Recorder) -> None:
    closing = opened.record("case-1", step("closed", date(2026, 5, 10))).events[0]
    done = opened.record("case-1", NewEvent("closed", date(2026, 5, 10), corrects=closing.id, void=True,
                                            actor=HANDLER, organ=ORGAN, reason="尚未办结"))
    assert done.case.closing is None
    assert CaseRow.get_by_id("case-1").closed_at is None
    opened.record("case-1", step("noted", date(2026, 5, 11)))


def test_the_same_request_records_once_and_another_content_is_refused(opened: Recorder) -> None:
    one = opened.record("case-1", step("noted", count=1), request_key="k")
    assert opened.record("case-1", step("noted", count=1), request_key="k").events == one.events
    assert len(events_of("case-1")) == 2
    with pytest.raises(FazhiError, match="request-key-reused"):
        opened.record("case-1", step("noted", count=2), request_key="k")
    opened.record("case-1", replace(step("noted", count=1), actor="li"), request_key="k")
    assert len(events_of("case-1")) == 3


def test_a_step_prepared_on_an_old_page_is_refused(opened: Recorder) -> None:
    opened.record("case-1", step("noted"), expected_seq=1)
    with pytest.raises(FazhiError) as refused:
        opened.record("case-1", step("noted"), expected_seq=1)
    assert HANDLER in refused.value.render()
    assert "记录" in refused.value.render()


def test_what_the_platform_records_meanwhile_is_no_conflict(opened: Recorder) -> None:
    opened.record_platform("case-1", PlatformEvent("finding.raised", {"finding": "f"}), "system:judge", ORGAN)
    opened.record("case-1", step("noted"), expected_seq=1)


def test_who_may_not_record_records_nothing(clock: Clock) -> None:
    class Refusing:
        def may_record(self, person: str, organ: str, procedure: Procedure, event_type: str, case: CaseHead) -> None:
            raise fail("case-unknown", case=case.id)

    with pytest.raises(FazhiError, match="case-unknown"):
        recorder(clock, permit=Refusing()).open_case(head(), step("filed"))
    with pytest.raises(FazhiError, match="actor-missing"):
        recorder(clock).open_case(head(), replace(step("filed"), actor=""))
    assert CaseRow.select().count() == 0


class RaisesOnNotes:
    """A judge that raises a finding for each note."""

    def __init__(self) -> None:
        self.judged: list[Case] = []

    def judge(self, cases: Sequence[Case], now: datetime) -> Mapping[str, Sequence[PlatformEvent]]:
        self.judged.extend(cases)
        return {case.head.id: [PlatformEvent("finding.raised", {"finding": "f1", "points": Decimal("2.50")})]
                for case in cases if case.steps[-1].type == "noted" and not case.platform_events}


def test_what_the_judge_finds_is_on_the_chain_in_the_same_call(clock: Clock) -> None:
    ledger = recorder(clock, RaisesOnNotes())
    ledger.open_case(head(), step("filed"))
    done = ledger.record("case-1", step("noted"))

    assert [event.type for event in done.events] == ["noted", "finding.raised"]
    assert done.events[1].actor == "system:judge"
    assert done.events[1].payload["points"] == "2.50"
    assert [event.type for event in done.case.platform_events] == ["finding.raised"]
    assert done.case == load_case("case-1", BUNDLE)
    assert verify().ok
    waiting = undelivered()
    assert [(row.case_id, row.payload["types"]) for row in waiting] == [
        ("case-1", ["filed"]), ("case-1", ["finding.raised", "noted"])]
    delivered(waiting, clock())
    assert undelivered() == []
    assert OutboxRow.select().count() == 2


def test_judging_again_needs_no_new_step(clock: Clock) -> None:
    recorder(clock).open_case(head(), step("filed"))
    recorder(clock).record("case-1", step("noted"))
    (done,) = recorder(clock, RaisesOnNotes()).rejudge(["case-1", "unknown"])
    assert [event.type for event in done.events] == ["finding.raised"]
    (again,) = recorder(clock, RaisesOnNotes()).rejudge(["case-1"])
    assert again.events == ()


def test_a_step_is_countersigned_by_somebody_else_and_once(opened: Recorder) -> None:
    noted = opened.record("case-1", step("noted")).events[0].id
    with pytest.raises(FazhiError, match="countersign-own"):
        opened.countersign("case-1", noted, HANDLER, ORGAN)
    done = opened.countersign("case-1", noted, "li", ORGAN)
    assert done.case.platform_events[0].payload == {"event": noted}
    with pytest.raises(FazhiError, match="countersign-twice"):
        opened.countersign("case-1", noted, "wang", ORGAN)
    with pytest.raises(FazhiError, match="countersign-unknown"):
        opened.countersign("case-1", "unknown", "li", ORGAN)


def test_of_a_state_secret_only_its_existence_is_recorded(clock: Clock) -> None:
    ledger = recorder(clock, judge := RaisesOnNotes())
    with pytest.raises(FazhiError) as refused:
        ledger.open_case(head("s1", SECRET), step("filed", party="张三"))
    assert codes(refused) == {"title": "state-secret-content", "payload": "state-secret-content"}
    with pytest.raises(FazhiError, match="state-secret-content"):
        ledger.open_case(head("s2"), step("filed", state_secret=True))
    ledger.open_case(head("s3", SECRET, title=""), step("filed"))
    done = ledger.open_case(head("s4", title=""), step("filed", state_secret=True))
    assert done.events[0].payload == {"state_secret": True}
    with pytest.raises(FazhiError, match="state-secret-case"):
        ledger.record("s4", step("noted", amount="1"))
    assert judge.judged == []


def test_the_case_as_of_a_day_knows_only_what_had_happened_and_was_recorded(clock: Clock, opened: Recorder) -> None:
    clock.forward(days=10)
    opened.record("case-1", step("noted", date(2026, 5, 5), amount="5"))
    before = START + timedelta(days=5)
    assert len(load_case("case-1", BUNDLE, recorded_by=before).steps) == 1
    assert len(load_case("case-1", BUNDLE, as_of=datetime(2026, 5, 4, 16, tzinfo=UTC)).steps) == 1
    assert len(load_case("case-1", BUNDLE, as_of=datetime(2026, 5, 5, 16, tzinfo=UTC)).steps) == 2
    assert [event.type for event in events_of("case-1", recorded_by=before)] == ["filed"]


def test_times_of_recording_never_run_backwards(clock: Clock, opened: Recorder) -> None:
    clock.forward(days=-1)
    done = opened.record("case-1", step("noted"))
    assert done.events[0].recorded_at == START


def test_a_batch_is_recorded_whole_with_the_records_own_times(clock: Clock) -> None:
    noted = [replace(step("noted", date(2026, 5, day)), recorded_at=datetime(2026, 5, day, 9, tzinfo=UTC))
             for day in (5, 6)]
    filed = replace(step("filed"), recorded_at=datetime(2026, 5, 4, 9, tzinfo=UTC))
    result = recorder(clock).record_many([(head("a"), [filed, *noted]), (head("b"), [step("filed")])],
                                         request_key="file")
    assert (result.cases, result.events) == (2, 4)
    assert [event.recorded_at.day for event in events_of("a")] == [4, 5, 6]
    assert recorder(clock).record_many([(head("c"), [step("filed")])], request_key="file").repeated
    recorder(clock).record_many([(head("b"), [step("noted")])])
    assert [event.seq for event in events_of("b")] == [1, 2]
    assert verify().ok


def test_a_wrong_event_in_a_batch_is_located_and_nothing_is_recorded(clock: Clock) -> None:
    batch = [(head(f"c{number}"), [step("filed"), step("noted", amount="x" if number == 250 else "1")])
             for number in range(300)]
    batch.append((head("late"), [step("filed"), replace(step("noted"), recorded_at=START + timedelta(days=1))]))
    with pytest.raises(FazhiError) as refused:
        recorder(clock).record_many(batch)
    places = [(p.at.file, p.at.line, p.at.field) for p in refused.value.problems if p.at]
    assert places == [("c250", 2, "amount"), ("late", 2, "recorded_at")]
    assert CaseRow.select().count() == EventRow.select().count() == 0


def test_a_single_step_cannot_bring_its_own_time_of_recording(opened: Recorder) -> None:
    with pytest.raises(FazhiError, match="recorded-at-not-yours"):
        opened.record("case-1", replace(step("noted"), recorded_at=START))


def test_the_database_itself_refuses_changes(opened: Recorder) -> None:
    for statement in (
        "UPDATE ledger_event SET actor = 'x'", "DELETE FROM ledger_event", "DELETE FROM case_",
        "UPDATE case_ SET title = 'x'", "UPDATE ledger_personal_value SET value = '\"x\"'",
        "DELETE FROM ledger_personal_value", "INSERT OR REPLACE INTO ledger_event SELECT * FROM ledger_event",
    ):
        with pytest.raises(DatabaseError):
            database.execute_sql(statement)
    assert verify().ok


def test_cases_are_listed_by_organ_region_stage_and_words(clock: Clock) -> None:
    fill(recorder(clock), 30)
    assert find_cases(CaseFilter(region="150900"), page=2, size=20).rows[0].id
    page = find_cases(CaseFilter(region="150000", text="case-00", open=False), size=5)
    assert (page.total, page.pages) == (2, 1)
    assert find_cases(CaseFilter(region="150100")).total == 0
    assert find_cases(CaseFilter(organs=())).total == 0
    assert find_cases(CaseFilter(stage="end", procedures=[MATTER])).total == 6


def test_sm3_chains_verify_and_a_chain_may_change_its_algorithm(clock: Clock) -> None:
    recorder(clock, algorithm="sm3").open_case(head(), step("filed", party="张三"))
    recorder(clock).record("case-1", step("noted"))
    assert [row.algorithm for row in EventRow.select().order_by(EventRow.seq)] == ["sm3", "sha256"]
    assert verify().ok
    with pytest.raises(FazhiError, match="hash-algorithm-unknown"):
        recorder(clock, algorithm="md5")


def test_every_message_of_the_ledger_speaks_both_languages() -> None:
    words: dict[str, Any] = messages()
    ours = [code for code in words if code.startswith(("event-", "case-", "ledger-", "material-", "root-", "seal-"))]
    assert len(ours) > 30
    assert all(words[code].get("zh") and words[code].get("en") for code in ours)
