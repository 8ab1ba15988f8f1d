"""What registers say about a step is recorded with it, and nobody can say it in their place."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any

import pluggy
import pytest

from core.cases.case import Case
from core.database import connect, database
from core.errors import FazhiError
from core.extension import hookimpl, hookspecs
from core.extension.facts import collector
from core.ledger.guards import install_guards
from core.ledger.intake import NewEvent, ProcedureBundle, StepFacts
from core.ledger.models import MODELS, CaseRow
from core.ledger.reader import events_of
from core.ledger.recorder import Recorder
from core.ledger.verify import verify
from core.rulebook.model import EventType, Field, FieldType, Procedure
from core.text import Text
from tests.ledger_kit import PROCEDURES, SECRET, Clock, KitBundle, head, recorder, step

INSPECTED = EventType("inspected", Text("检查", {"en": "inspected"}), ("case_handler",), {
    "place": Field("place", Text("地点"), FieldType.STRING),
    "officer_count": Field("officer_count", Text("执法人员人数", {"en": "officers"}), FieldType.INT, collected=True),
    "certified": Field("certified", Text("均持证"), FieldType.BOOL, collected=True)})


def _with_inspection(procedure: Procedure) -> Procedure:
    opening = replace(procedure.events["filed"], fields={
        **procedure.events["filed"].fields, "officer_count": INSPECTED.fields["officer_count"]})
    return replace(procedure, events={**procedure.events, "filed": opening, "inspected": INSPECTED})


BUNDLE = KitBundle(procedures={name: _with_inspection(one) for name, one in PROCEDURES.items()})


class Bundles:
    """Procedures with an inspection."""

    def current(self) -> KitBundle:
        return BUNDLE

    def get(self, bundle_hash: str) -> KitBundle:
        return BUNDLE


@dataclass
class Register:
    """A register that tests fill; remembers what it was asked."""

    facts: dict[str, Any] = field(default_factory=lambda: {"officer_count": 2, "certified": True, "other": 1})
    asked: list[tuple[str, str, date]] = field(default_factory=list)

    def __call__(self, case: Case, step: NewEvent, day: date, rules: ProcedureBundle) -> StepFacts:
        self.asked.append((case.head.id, step.type, day))
        return self.facts


@pytest.fixture(autouse=True)
def _ledger(tmp_path: Path) -> Iterator[None]:
    connect(f"sqlite:///{tmp_path / 'ledger.db'}")
    database.connect()
    database.create_tables(list(MODELS))
    install_guards()
    yield
    database.close()


@pytest.fixture
def register() -> Register:
    return Register()


@pytest.fixture
def ledger(register: Register) -> Recorder:
    opened = replace(recorder(Clock()), bundles=Bundles(), collect=register)
    opened.open_case(head(), step("filed"))
    register.asked.clear()
    return opened


def payload() -> Mapping[str, object]:
    return events_of("case-1")[-1].payload


def test_facts_of_the_register_are_recorded_with_the_step_and_stay_when_the_register_changes(
        ledger: Recorder, register: Register) -> None:
    ledger.record("case-1", step("inspected", date(2026, 5, 4), place="河岸"))
    register.facts.update(officer_count=1, certified=False)
    assert payload() == {"place": "河岸", "officer_count": 2, "certified": True}
    assert register.asked == [("case-1", "inspected", date(2026, 5, 4))]
    assert not verify().damages


def test_steps_without_collected_fields_ask_no_register(ledger: Recorder, register: Register) -> None:
    ledger.record("case-1", step("noted"))
    assert register.asked == []


@pytest.mark.parametrize("value", [True, False])
def test_what_the_platform_collects_cannot_be_entered(value: bool, ledger: Recorder) -> None:
    with pytest.raises(FazhiError) as refused:
        ledger.record("case-1", step("inspected", certified=value))
    (problem,) = refused.value.problems
    assert (problem.code, problem.at and problem.at.field) == ("event-field-collected", "certified")
    assert "不能填写" in problem.message()


def test_a_correction_asks_again_for_its_own_day_and_a_void_asks_nobody(ledger: Recorder, register: Register) -> None:
    first = ledger.record("case-1", step("inspected", date(2026, 5, 4))).events[0]
    register.facts = {"officer_count": 1}
    second = ledger.record("case-1", replace(step("inspected", date(2026, 5, 6)), corrects=first.id, reason="日期有误"))
    assert second.case.steps[-1].fields["officer_count"] == 1
    assert "certified" not in second.events[0].payload
    asked = len(register.asked)
    ledger.record("case-1", replace(step("inspected"), corrects=second.events[0].id, void=True, reason="没有发生"))
    assert (len(register.asked), register.asked[-1][2]) == (asked, date(2026, 5, 6))


def test_a_batch_asks_for_each_step(ledger: Recorder, register: Register) -> None:
    ledger.record_many([(head("case-2"), [step("filed"), step("inspected", date(2026, 5, 5))])])
    assert [asked[1:] for asked in register.asked] == [("filed", date(2026, 5, 4)), ("inspected", date(2026, 5, 5))]
    assert events_of("case-2")[-1].payload["officer_count"] == 2


def test_nobody_is_asked_about_a_state_secret(ledger: Recorder, register: Register) -> None:
    ledger.open_case(head("case-3", SECRET, ""), step("filed"))
    assert register.asked == []
    assert events_of("case-3")[0].payload == {"state_secret": True}


def test_a_fact_of_the_wrong_type_stays_unknown(ledger: Recorder, register: Register) -> None:
    register.facts = {"officer_count": "two", "certified": None}
    ledger.record("case-1", step("inspected", place="河岸"))
    assert payload() == {"place": "河岸"}


class Failing:
    """A plugin whose register is broken."""

    @hookimpl
    def step_facts(self, case: Case) -> StepFacts:
        CaseRow.select().where(CaseRow.id == "x").get()
        return {}


class Answering:
    """A plugin that answers."""

    def __init__(self, count: int) -> None:
        self.count = count

    @hookimpl
    def step_facts(self, case: Case, day: date) -> StepFacts:
        return {"officer_count": self.count}


def _manager(*plugins: object) -> pluggy.PluginManager:
    manager = pluggy.PluginManager(hookspecs.PROJECT)
    manager.add_hookspecs(hookspecs)
    for plugin in plugins:
        manager.register(plugin)
    return manager


def test_a_register_that_fails_leaves_its_facts_unknown_and_the_step_is_recorded(ledger: Recorder) -> None:
    broken = replace(ledger, collect=collector(_manager(Failing())))
    broken.record("case-1", step("inspected", place="河岸"))
    assert payload() == {"place": "河岸"}


def test_of_two_plugins_that_answer_the_same_the_first_counts(ledger: Recorder) -> None:
    both = replace(ledger, collect=collector(_manager(Answering(3), Failing(), Answering(5))))
    both.record("case-1", step("inspected"))
    assert payload() == {"officer_count": 3}
