"""A draw in the browser: the list is fixed, the seed opened by its organ, and everybody computes it again."""

from __future__ import annotations

import io
import json
from dataclasses import replace

import pytest
from flask import Flask

from core.database import database
from core.draws.holding import Draws
from core.draws.plan import Candidate, LeftOut, Plan
from tests.web.conftest import LogIn
from tests.web.world import World

PLAN = Plan("抽取执法案卷", tuple(Candidate(f"c{n}", f"第{n}号案卷") for n in range(9)), 3, spares=1, about="review-7",
            left_out=(LeftOut("c99", "第99号案卷", "评查人员曾经参与办理"),), rules={"范围": "本年度办结的处罚案件"})


@pytest.fixture
def draw(world: World) -> str:
    with database.connection_context():
        return Draws.of(world.instance).commit(PLAN, "supervisor", "just-l1")


def test_the_organ_opens_the_seed_and_the_choice_is_computed_again(log_in: LogIn, draw: str) -> None:
    others = log_in("handler")
    page = others.get(f"/draws/{draw}").text
    assert "待揭示" in page
    assert "公开种子，揭示结果" not in page
    assert others.get(f"/draws/{draw}/record").status_code == 404
    assert others.post(f"/draws/{draw}/reveal").status_code == 404
    mine = log_in("supervisor")
    assert "评查人员曾经参与办理" in mine.get(f"/draws/{draw}").text
    page = mine.post(f"/draws/{draw}/reveal", data={"witness": "816"}, follow_redirects=True).text
    assert page.count("tag-green") == 5
    assert "tag-red" not in page
    assert "816" in page
    record = json.loads(others.get(f"/draws/{draw}/record").text)
    assert len(record["chosen"]) == 3


def test_anybody_checks_a_published_record_and_a_changed_one_is_shown_as_such(app: Flask, log_in: LogIn, draw: str
                                                                             ) -> None:
    mine = log_in("supervisor")
    mine.post(f"/draws/{draw}/reveal")
    record = mine.get(f"/draws/{draw}/record").text
    visitor = app.test_client()

    def check(text: str) -> str:
        return visitor.post("/draws/check", data={"record": (io.BytesIO(text.encode()), "draw.json")}).text

    assert "重算结果与记录完全一致" in check(record)
    assert "重算结果与记录不一致" in check(record.replace("第3号案卷", "第4号案卷"))
    assert "这不是一份完整的抽取记录" in check("{}")


def test_a_draw_that_was_repeated_says_so(log_in: LogIn, world: World, draw: str) -> None:
    with database.connection_context():
        again = Draws.of(world.instance).hold(PLAN, "supervisor", "just-l1").id
        Draws.of(world.instance).hold(replace(PLAN, purpose="抽取评查人员"), "supervisor", "just-l1")
    page = log_in("regional").get(f"/draws/{again}").text
    assert "同一事项另有 1 次抽取" in page
    assert f"/draws/{draw}" in page
