"""Rooms: no half-hour is given twice, however many ask at once, and whoever comes second is told what is there."""

from __future__ import annotations

import threading
from datetime import date, timedelta

import pytest
from flask import Flask
from hypothesis import given, settings
from hypothesis import strategies as st

from core.cases.case import CaseHead
from core.database import connect, database
from core.errors import FazhiError
from core.ledger.intake import AnyoneMayRecord, NewEvent
from plugins.disputes.rooms.booking import FIRST, LAST, book, cancel, of_day
from plugins.disputes.rooms.models import MODELS, Booking, Held, Room
from tests.web.conftest import LogIn
from tests.web.world import TODAY, World

DAY = TODAY.date() + timedelta(days=3)


@pytest.fixture
def room(world: World) -> Room:
    """The county's hearing room."""
    with database.connection_context():
        return Room.create(region="990121", organ="gov-c1", name="第一听证室", kind="hearing", seats=20)


def sent(room: Room, begins: int, ends: int) -> dict[str, str]:
    return {"room": str(room.id), "on": DAY.isoformat(), "begins": str(begins), "ends": str(ends),
            "purpose": "某案听证"}


def test_a_room_is_booked_seen_by_colleagues_and_given_back(log_in: LogIn, room: Room) -> None:
    handler = log_in("handler")
    assert handler.post("/rooms/book", data=sent(room, 18, 22)).status_code == 302
    page = log_in("head").get(f"/rooms?on={DAY}").text
    assert "09:00—11:00" in page
    assert "某案听证" in page
    with database.connection_context():
        booking = Booking.get()
    assert log_in("neighbour").post(f"/rooms/{booking.id}/cancel").status_code == 404
    log_in("head").post(f"/rooms/{booking.id}/cancel")
    assert "全天空闲" in handler.get(f"/rooms?on={DAY}").text


def test_who_comes_second_is_told_and_loses_nothing(log_in: LogIn, room: Room) -> None:
    log_in("handler").post("/rooms/book", data=sent(room, 18, 22))
    answer = log_in("head").post("/rooms/book", data=sent(room, 21, 24) | {"purpose": "另案合议"})
    assert answer.status_code == 409
    assert "在该时段已有预订：09:00—11:00 某案听证" in answer.text
    assert "另案合议" in answer.text
    assert log_in("head").post("/rooms/book", data=sent(room, 22, 24)).status_code == 302, "the next hour is free"


@pytest.mark.parametrize("wrong", [
    {"begins": "22", "ends": "18"}, {"on": "2026-06-01"}, {"on": "2026-06-15"}, {"purpose": " "}])
def test_a_wrong_booking_is_explained(log_in: LogIn, room: Room, wrong: dict[str, str]) -> None:
    answer = log_in("handler").post("/rooms/book", data=sent(room, 18, 22) | wrong)
    assert answer.status_code == 422
    assert 'role="alert"' in answer.text


def test_rooms_of_another_region_are_not_there(log_in: LogIn, room: Room) -> None:
    assert "第一听证室" not in log_in("neighbour").get("/rooms").text
    assert log_in("neighbour").post("/rooms/book", data=sent(room, 18, 20)).status_code == 404


def test_forty_people_at_once_get_the_room_once(app: Flask, room: Room, log_in: LogIn) -> None:
    clients = [log_in("handler") for _ in range(8)]
    answers: list[int] = []

    def ask(number: int) -> None:
        for _ in range(5):
            answers.append(clients[number].post("/rooms/book", data=sent(room, 20, 24)).status_code)

    threads = [threading.Thread(target=ask, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answers) == [302] + [409] * 39
    with database.connection_context():
        assert Booking.select().count() == 1
        assert Held.select().count() == 4


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.integers(FIRST, LAST), st.integers(FIRST, LAST), st.booleans()), max_size=12))
def test_what_is_held_never_overlaps_whatever_is_booked_and_cancelled(asked: list[tuple[int, int, bool]]) -> None:
    connect("sqlite:///:memory:")
    try:
        with database.connection_context():
            database.create_tables(list(MODELS))
            room = Room.create(region="990121", organ="o", name="庭", kind="hearing")
            standing: set[int] = set()
            for begins, ends, keep in asked:
                free = FIRST <= begins < ends <= LAST and not standing & set(range(begins, ends))
                try:
                    made = book(room, DAY, begins, ends, "听证", organ="o", person="p", now=TODAY)
                except FazhiError:
                    assert not free
                    continue
                assert free
                if keep:
                    standing |= set(range(begins, ends))
                else:
                    cancel(made, "p", TODAY)
            assert {row.slot for row in Held.select()} == standing
            ((_room, booked),) = of_day("990121", DAY)
            assert sum(one.ends - one.begins for one in booked) == len(standing)
    finally:
        database.close()


def test_from_a_case_the_room_is_booked_for_the_case(log_in: LogIn, world: World, room: Room) -> None:
    case = mediation(world)
    handler = log_in("handler")
    page = handler.get(f"/cases/{case}").text
    assert f'href="/rooms?case_id={case}"' in page
    assert f'href="/experts/draw/{case}"' in page
    form = handler.get(f"/rooms?case_id={case}").text
    assert "草场纠纷" in form
    assert handler.post("/rooms/book", data=sent(room, 18, 22) | {"case": case}).status_code == 302
    with database.connection_context():
        assert Booking.get().case == case
    assert "草场纠纷" not in log_in("stranger").get(f"/rooms?case_id={case}").text
    assert f'href="/rooms?case_id={case}"' not in log_in("supervisor").get(f"/cases/{case}").text


def mediation(world: World) -> str:
    with database.connection_context():
        world.instance.recorder.permitting(AnyoneMayRecord()).open_case(
            CaseHead("m-1", "disputes.mediation", "gov-c1", "990121", "草场纠纷"),
            NewEvent("applied", date(2026, 6, 10), {"source": "own", "dispute_kind": "land", "all_agree": True},
                     actor="handler", organ="gov-c1"))
    return "m-1"
