"""Legal questions under load on the real server, which is killed: none is lost, sent twice, or sent too early."""

from __future__ import annotations

import asyncio
import random
import re
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import pytest

from core.database import database
from plugins.disputes.questions import roll
from plugins.disputes.questions.models import Push
from tests.instance_kit import PASSWORD, add_organ, add_person, add_region, make_instance
from tests.questions_kit import CITY, add_lawyers
from tests.questions_load import found
from tests.questions_load.browser import Answer
from tests.questions_load.figures import report
from tests.questions_load.people import World, citizen, lawyer
from tests.questions_load.server import Server
from web.main import utc_now

PATIENCE = 30
"""Seconds in which jobs that are due must be done."""


@dataclass(frozen=True, slots=True)
class Load:
    """How much, on which clock.

    Attributes:
        minutes: in which the questions are asked, of the instance's clock.
        drain: minutes in which lawyers still answer and the last steps fall due.
        kills: seconds of the instance's clock after the beginning; drawn anew on each run within these spans.
        pause: seconds for which the server is away, of this clock.
        lines: connections that browsers hold open all the while.
    """

    questions: int
    minutes: float
    drain: float
    speed: float
    lawyers: tuple[int, int, int]
    kills: tuple[tuple[float, float], ...]
    pause: tuple[float, float]
    lines: int


SHORT = Load(30, 2, 6.3, 90, (4, 4, 4), ((40, 100),), (0, 0.2), 150)
FULL = Load(1000, 10, 7, 1, (60, 60, 80), ((60, 200), (240, 380), (420, 560), (640, 800)), (1, 20), 300)


@pytest.mark.parametrize("load", [
    pytest.param(SHORT, id="short"), pytest.param(FULL, id="full", marks=pytest.mark.soak)])
def test_every_question_is_taken_once_and_sent_once_at_each_step_through_kills(tmp_path: Path, load: Load) -> None:
    make_instance(tmp_path, utc_now)
    with database.connection_context():
        add_region("990000", "演示自治区", "region")
        add_region(CITY, "云岭市", "league", "990000")
        add_organ("just-l1", "云岭市司法局", CITY, "league", "justice")
        add_person("supervisor", "监督员", "just-l1", "supervisor")
        made = add_lawyers(*load.lawyers)
        links = [(level, roll.give_link(one)) for level, many in made.items() for one in many]
    with ThreadPoolExecutor(1) as thread:  # this thread may have an event loop already: of the tests in the browser
        world, figures, looked = thread.submit(asyncio.run, play(tmp_path, load, links)).result()
    with database.connection_context():
        steps = found.check_questions(world, load.questions)
        lags = found.check_routing(world, steps)
        asked, in_time, due_before = found.counted(10, looked[0])
        print(f"\n{asked} questions, {sum(map(len, steps.values()))} steps, {Push.select().count()} pushes, "
              f"{in_time} with three answers in ten minutes\n{report(world, lags)}")
        found.check_the_rest(world)
        assert asked == found.procedure_cases() == load.questions
        assert f">{asked}<" in figures
        shown = re.search(r"(\d+) / (\d+)", figures)
        assert shown, figures
        assert int(shown[1]) == in_time
        assert due_before <= int(shown[2]) <= found.counted(10, looked[1])[2]
    assert len(world.server.outages) == len(load.kills)


async def play(home: Path, load: Load,
               links: list[tuple[str, str]]) -> tuple[World, str, tuple[datetime, datetime]]:
    """Ten minutes and some; the page of figures at the end, and between which moments it was made."""
    server = Server(home, load.speed, time.time())
    chance = random.Random()
    try:
        await server.start()
        begun = time.time()
        world = World(server, load.speed, begun + (load.minutes + load.drain) * 60 / load.speed, chance)
        watching = asyncio.create_task(server.watch(5))
        async with asyncio.TaskGroup() as people:
            for number, (level, secret) in enumerate(links):
                people.create_task(lawyer(world, number, level, secret))
            moments = [begun + chance.uniform(0, load.minutes * 60) / load.speed for _ in range(load.questions)]
            for number, at in enumerate(moments):
                people.create_task(citizen(world, number, at))
            people.create_task(hold_lines(world, load.lines))
            for span in load.kills:
                await asyncio.sleep(max(0.0, begun + chance.uniform(*span) / load.speed - time.time()))
                await server.kill(chance.uniform(*load.pause))
        until = time.time() + PATIENCE
        while found.waiting() and time.time() < until:
            await asyncio.sleep(0.5)
        watching.cancel()
        before = server.now()
        figures = (await figures_page(world)).text
        return world, figures, (before, server.now())
    finally:
        server.end()


async def hold_lines(world: World, many: int) -> None:
    """Browsers that keep a line open and send nothing must not keep other people out."""
    held: list[asyncio.StreamWriter] = []
    while time.time() < world.until:
        held = [line for line in held if not line.transport.is_closing()]
        for _ in range(many - len(held)):
            try:
                held.append((await asyncio.open_connection("127.0.0.1", world.server.port))[1])
            except OSError:
                break
        await world.wait(15)
    for line in held:
        line.close()


async def figures_page(world: World) -> Answer:
    """The page of the justice department."""
    office = world.browser(3, 0)
    page = await office.get("/login", "GET /login")
    answer = await office.post("/login", "POST /login", {**page.hidden, "account": "supervisor", "password": PASSWORD})
    assert answer.status == 302, answer.text
    return await office.get("/questions?days=1", "GET /questions")
