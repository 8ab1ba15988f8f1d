"""Citizens who ask on good and bad lines, and lawyers who answer at their own pace."""

from __future__ import annotations

import asyncio
import random
import re
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from functools import partial

from tests.questions_kit import CITY
from tests.questions_load.browser import Answer, Browser, LineLost, Visit
from tests.questions_load.server import Server

PIN = "204681"
LAST = 375
"""Seconds after a question until its last step is due and taken."""
FIELDS = ("labour", "family", "contract", "property", "land", "traffic")
ENTRY = re.compile(r'href="(/lawyer/question/[\w-]+)".*?第 (\d+) 个问题', re.DOTALL)
PAGES = re.compile(r"[?&;]page=(\d+)")


def wanted(number: int) -> tuple[str, int]:
    """Which lawyers answer a question, and how many of them: at once, after the second step, after the third, never."""
    return {0: ("local", 3), 1: ("local", 3), 2: ("local", 3), 3: ("local", 4), 4: ("region", 3), 5: ("region", 3),
            6: ("region", 3), 7: ("national", 3), 8: ("local", 2), 9: ("local", 0)}[number % 10]


@dataclass(slots=True)
class World:
    """What the people share.

    Attributes:
        speed: of the instance's clock; whoever waits waits so much shorter.
        codes: number of a question → the code that its citizen was given.
        again: questions that were sent a second time, and why.
        until: epoch seconds until which lawyers answer.
        answered: (question, lawyer) whose answer was acknowledged.
        wrong: what should not have happened.
    """

    server: Server
    speed: float
    until: float
    chance: random.Random
    visits: list[Visit] = field(default_factory=list)
    codes: dict[int, str] = field(default_factory=dict)
    again: dict[int, str] = field(default_factory=dict)
    claims: dict[int, int] = field(default_factory=dict)
    answered: set[tuple[int, int]] = field(default_factory=set)
    follow_ups: set[int] = field(default_factory=set)
    ratings: dict[int, int] = field(default_factory=dict)
    wrong: list[str] = field(default_factory=list)

    def browser(self, kind: int, number: int) -> Browser:
        """A browser at an address of its own."""
        return Browser(self.server.port, f"10.{kind}.{number // 250}.{number % 250 + 1}", self.visits)

    async def wait(self, seconds: float) -> None:
        """Let seconds of the instance's clock pass."""
        await asyncio.sleep(seconds / self.speed)

    async def insist(self, attempt: Callable[[], Awaitable[Answer]]) -> Answer:
        """Try again until there is an answer: a person who sees that the line broke."""
        while True:
            try:
                return await attempt()
            except LineLost:
                await asyncio.sleep(self.chance.uniform(0.5, 2))


async def citizen(world: World, number: int, at: float) -> None:
    """One question, asked at its moment, sent again where the answer was lost; some go on reading and asking."""
    await asyncio.sleep(max(0.0, at - time.time()))
    chance, browser = world.chance, world.browser(1, number)
    page = await world.insist(lambda: browser.get("/ask", "GET /ask"))
    form = {**page.hidden, "text": f"第 {number} 个问题：老板拖欠工资怎么办？", "field": FIELDS[number % len(FIELDS)],
            "region": CITY, "contact": "", "homepage": ""}
    if chance.random() < 0.1:
        world.again[number] = "no answer"
        await browser.post_and_hang_up("/ask", form)
        await asyncio.sleep(chance.choice((0.0, 0.5)))
    tries = 0

    async def send() -> Answer:
        nonlocal tries
        tries += 1
        return await browser.post("/ask", "POST /ask", form)

    answer = await world.insist(send)
    if tries > 1:
        world.again[number] = "killed"
    if answer.status != 302:
        world.wrong.append(f"question {number}: {answer.status}")
        return
    world.codes[number] = answer.location.rpartition("/")[2]
    world.until = max(world.until, time.time() + LAST / world.speed)
    if chance.random() < 0.05:
        world.again[number] = "reloaded"
        once_more = await world.insist(send)
        if once_more.location != answer.location:
            world.wrong.append(f"question {number}: two codes")
    await world.insist(lambda: browser.get(answer.location, "GET /ask/…"))
    if number % 5 == 0:
        await _stay(world, browser, number, answer.location)


async def _stay(world: World, browser: Browser, number: int, address: str) -> None:
    """Keep the page open as htmx does, ask further once there is an answer, then rate."""
    listen, leave = f"{address}/answers", time.time() + 480 / world.speed
    while time.time() < min(leave, world.until):
        await world.wait(5 if world.speed == 1 else 60)
        try:
            part = await browser.get(listen, "GET …/answers", HX_Request="true")
        except LineLost:
            continue
        if found := re.search(r'hx-get="([^"]+)"', part.text):
            listen = found[1].replace("&amp;", "&")
        if number % 10 == 0 and number not in world.follow_ups and "已有" in part.text:
            world.follow_ups.add(number)
            await _form(world, browser, address, "follow-up", {"text": f"追问 {number}"})
    if number % 10 == 0 and number in world.follow_ups:
        world.ratings[number] = world.chance.choice((2, 3, 5))
        await _form(world, browser, address, "rate", {"satisfaction": str(world.ratings[number])})


async def _form(world: World, browser: Browser, address: str, part: str, words: dict[str, str]) -> None:
    """A form of the question's page, now and then over a line that breaks."""
    page = await world.insist(lambda: browser.get(address, "GET /ask/…"))
    form = {**page.hidden, **words}
    if world.chance.random() < 0.2:
        await browser.post_and_hang_up(f"{address}/{part}", form)
    answer = await world.insist(lambda: browser.post(f"{address}/{part}", f"POST …/{part}", form))
    if answer.status != 302:
        world.wrong.append(f"{part} {words}: {answer.status}")


async def lawyer(world: World, number: int, level: str, secret: str) -> None:
    """Open the link, look at what came, answer what is mine to answer, think in between."""
    browser, chance = world.browser(2, number), world.chance
    await asyncio.sleep(chance.uniform(0, 30 if world.speed == 1 else 1))
    address = f"/lawyer/open/{secret}"
    page = await world.insist(lambda: browser.get(address, "GET /lawyer/open"))
    entered = await world.insist(lambda: browser.post(address, "POST /lawyer/open", {**page.hidden, "pin": PIN}))
    if entered.status != 302:
        world.wrong.append(f"lawyer {number}: {entered.status}")
        return
    done: set[int] = set()
    at_page = 1
    while time.time() < world.until:
        inbox = await world.insist(partial(browser.get, f"/lawyer?page={at_page}", "GET /lawyer", HX_Request="true"))
        mine = [(path, int(asked)) for path, asked in ENTRY.findall(inbox.text)
                if _for_me(world, level, int(asked), done)]
        if mine:
            path, asked = chance.choice(mine)
            world.claims[asked] = world.claims.get(asked, 0) + 1
            done.add(asked)
            await _answer(world, browser, number, path, asked)
        else:
            pages = [int(one) for one in PAGES.findall(inbox.text)]
            at_page = chance.randint(1, max(pages, default=1))
            await world.wait(10)


async def _answer(world: World, browser: Browser, number: int, path: str, asked: int) -> None:
    """Read, think, write; now and then the line breaks."""
    sheet = await world.insist(partial(browser.get, path, "GET /lawyer/question"))
    await world.wait(world.chance.uniform(10, 30))
    form = {**sheet.hidden, "text": f"律师 {number} 的解答：可以向劳动监察投诉，也可以申请劳动仲裁。"}
    if world.chance.random() < 0.05:
        await browser.post_and_hang_up(path, form)
    sent = await world.insist(partial(browser.post, path, "POST /lawyer/question", form))
    if sent.status == 302:
        world.answered.add((asked, number))
    elif "已经结束" not in sent.text:
        world.wrong.append(f"answer of {number} to {asked}: {sent.status}")


def _for_me(world: World, level: str, asked: int, done: set[int]) -> bool:
    whose, many = wanted(asked)
    return whose == level and asked not in done and world.claims.get(asked, 0) < many
