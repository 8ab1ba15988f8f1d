"""The pool of experts: loaded whole or not at all, drawn by field, conflicts left out with the reason."""

from __future__ import annotations

import io

import pytest

from core.database import database
from core.draws.checking import verify
from core.draws.holding import Draws
from plugins.disputes.experts.models import Expert
from plugins.disputes.experts.pool import import_experts
from tests.web.conftest import LogIn
from tests.web.world import World

POOL = """编号,姓名,领域,单位,利害关系
Z01,专家甲,土地、房屋征收,某大学,
Z02,专家乙,土地,上坪县人民政府,
Z03,专家丙,土地；规划,某研究院,云岭市林草局、宝音
Z04,专家丁,土地,某律师事务所,
Z05,专家戊,土地,某协会,
Z06,专家己,环境,某大学,
"""


@pytest.fixture
def pool(world: World) -> World:
    """Six experts of the county."""
    with database.connection_context():
        import_experts(POOL.encode(), "experts.csv", "990121")
    return world


def test_the_draw_takes_the_field_and_leaves_out_conflicts_with_their_reason(log_in: LogIn, pool: World) -> None:
    handler = log_in("handler")
    case = pool.cases["faulty"]
    with database.connection_context():
        second = Expert.get(Expert.number == "Z05")
    answer = handler.post(f"/experts/draw/{case}", data={
        "field": "土地", "pick": "2", "spares": "0", f"recused.{second.id}": "当事人申请回避"})
    assert answer.status_code == 302
    page = handler.get(answer.location).text
    assert "与“上坪县人民政府”有利害关系" in page
    assert "当事人申请回避" in page
    draw_id = answer.location.rpartition("/")[2]
    with database.connection_context():
        draws = Draws.of(pool.instance)
        drawn = draws.reveal(draw_id, "handler", "gov-c1")
        assert "Z06" not in {one.id for one in drawn.plan.candidates}, "another field"
        assert "Z02" not in {one.id for one in drawn.plan.candidates}
        assert set(drawn.chosen) <= {"Z01", "Z03", "Z04"}
        assert len(drawn.chosen) == 2
        assert verify(drawn.record_text()).holds
    assert "抽取专家" in handler.get(f"/experts/draw/{case}").text


def test_too_few_experts_are_said_and_nothing_is_drawn(log_in: LogIn, pool: World) -> None:
    answer = log_in("handler").post(f"/experts/draw/{pool.cases['faulty']}", data={"field": "环境", "pick": "3"})
    assert answer.status_code == 422
    assert 'role="alert"' in answer.text


def test_a_wrong_row_loads_nothing_and_is_named_by_its_line(log_in: LogIn, world: World) -> None:
    client = log_in("supervisor")
    text = POOL.replace("Z04,专家丁,土地", "Z04,专家丁,").replace("Z05,", "Z01,")
    answer = client.post("/experts", data={"file": (io.BytesIO(text.encode()), "experts.csv")})
    assert answer.status_code == 422
    assert "第 5 行：编号、姓名、领域有一项没有填" in answer.text
    assert "第 6 行：编号 Z01 出现了两次" in answer.text
    with database.connection_context():
        assert Expert.select().count() == 0
    good = client.post("/experts", data={"file": (io.BytesIO(POOL.encode("gb18030")), "experts.csv")})
    assert good.status_code == 302
    with database.connection_context():
        assert {row.region for row in Expert.select()} == {"990100"}
