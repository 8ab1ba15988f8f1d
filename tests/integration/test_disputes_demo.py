"""The disputes part of the demonstration: cases, and buildings with rooms, bookings and experts."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from core.database import database
from core.instance import Instance
from core.ledger.models import CaseRow
from core.ledger.reader import load_case
from core.organs.models import Organ
from plugins.disputes.demo import generate
from plugins.disputes.experts.models import Expert
from plugins.disputes.experts.pool import plan_for
from plugins.disputes.questions.models import Push, Question
from plugins.disputes.rooms.models import Booking, Held, Room
from tests.instance_kit import Clock, make_instance
from web.app import create_app

NOW = datetime(2026, 11, 20, 4, 0, tzinfo=UTC)
TOP = "990000"


@pytest.fixture(scope="module")
def instance(tmp_path_factory: pytest.TempPathFactory) -> Instance:
    return make_instance(tmp_path_factory.mktemp("demo"), Clock(NOW))


@pytest.fixture(scope="module")
def lines(instance: Instance) -> tuple[str, ...]:
    with database.connection_context():
        return generate(instance, 1, 100)


@pytest.fixture
def connected(lines: tuple[str, ...]) -> Iterator[None]:
    with database.connection_context():
        yield


@pytest.mark.usefixtures("connected")
def test_every_region_with_a_justice_department_has_rooms_and_experts() -> None:
    regions = {organ.region_id for organ in Organ.select().where(Organ.kind == "justice")}
    assert {row.region for row in Room.select()} == regions == {row.region for row in Expert.select()}
    assert Expert.select().where(Expert.region == TOP).count() == 80


@pytest.mark.usefixtures("connected")
def test_bookings_are_of_open_disputes_in_rooms_of_their_own_region_and_never_clash() -> None:
    bookings = list(Booking.select())
    assert bookings
    assert Held.select().count() == sum(one.ends - one.begins for one in bookings)
    for one in bookings:
        case = CaseRow.get_by_id(one.case)
        assert case.closed_at is None
        assert case.region == one.room.region


@pytest.mark.usefixtures("connected")
def test_experts_can_be_drawn_for_a_case_at_every_level(instance: Instance) -> None:
    for region in {row.region for row in Expert.select()}:
        row = CaseRow.select().where(CaseRow.procedure == "disputes.reconsideration").first()
        field = Expert.get((Expert.region == region) & Expert.active).fields.splitlines()[0]
        assert plan_for(load_case(row.id, instance.bundles.current()), region, field, 1, 0, {}).candidates


def test_the_pages_show_what_is_booked(instance: Instance, lines: tuple[str, ...]) -> None:
    with database.connection_context():
        booking = Booking.select().order_by(Booking.id).first()
        handler, on, purpose = booking.person, booking.on.isoformat(), booking.purpose
    client = create_app(instance, WTF_CSRF_ENABLED=False, RATELIMIT_ENABLED=False).test_client()
    client.post("/login", data={"account": handler, "password": "Yanshi-2026"})
    assert purpose in client.get(f"/rooms?on={on}").get_data(as_text=True)
    assert "演示大学法学院" in client.get("/experts").get_data(as_text=True)


@pytest.mark.usefixtures("connected")
def test_questions_went_to_lawyers_and_some_were_rated() -> None:
    assert Question.select().count() == 60
    assert not Question.select().where(Question.answers < 3).exists()
    assert Question.select().where(Question.satisfaction.is_null(False)).exists()
    assert Push.select(Push.step).distinct().count() == 3
