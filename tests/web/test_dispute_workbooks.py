"""The reverse analysis as a workbook: the figures of the page, texts as texts, invented data marked."""

from __future__ import annotations

import io
from datetime import date
from typing import Any

import pytest
from python_calamine import CalamineWorkbook

from core.cases.case import CaseHead
from core.database import database
from core.ledger.intake import AnyoneMayRecord, NewEvent
from core.organs.models import Organ
from tests.web.conftest import LogIn
from tests.web.world import World

STEPS: tuple[tuple[str, date, dict[str, Any]], ...] = (
    ("received", date(2026, 3, 2), {"channel": "post", "applicant_kind": "citizen"}),
    ("registered", date(2026, 3, 2), {"respondent": "dept-l1", "domain": "land", "act_kind": "penalty"}),
    ("accepted", date(2026, 3, 4), {"mode": "ordinary", "reviewers": 2, "major": False}),
    ("decided", date(2026, 4, 20), {"outcome": "revoke", "grounds": ["notice"], "breached_law": "行政处罚法",
                                    "breached_article": "44"}))


@pytest.fixture
def decided(world: World) -> World:
    """A decision against a department whose name a spreadsheet might take for a formula."""
    recorder = world.instance.recorder.permitting(AnyoneMayRecord())
    with database.connection_context():
        Organ.update(name="=1+1 林业局").where(Organ.id == "dept-l1").execute()
        for number, (event, on, fields) in enumerate(STEPS):
            new = NewEvent(event, on, fields, actor="handler", organ="gov-l1")
            _ = recorder.record("r-1", new) if number else recorder.open_case(
                CaseHead("r-1", "disputes.reconsideration", "gov-l1", "990100", "不服处罚"), new)
    return world


def sheets(content: bytes) -> dict[str, list[list[Any]]]:
    book = CalamineWorkbook.from_filelike(io.BytesIO(content))
    return {name: book.get_sheet_by_name(name).to_python() for name in book.sheet_names}


@pytest.mark.usefixtures("decided")
def test_the_analysis_is_there_by_organ_act_outcome_article_and_month(log_in: LogIn) -> None:
    found = sheets(log_in("supervisor").get("/disputes/analysis.xlsx").data)
    assert list(found) == ["机关", "行为种类", "结果", "情形和条文", "趋势"]
    assert all("演示数据" in rows[0][0] for rows in found.values())
    assert found["机关"][1] == ["机关", "审结", "纠错", "调解和解", "纠错率（基数：全部审结案件）"]
    assert found["机关"][2] == ["=1+1 林业局", 1, 1, 0, 1]
    assert found["行为种类"][2][:3] == ["行政处罚", 1, 1]
    assert found["结果"][2] == ["撤销（部分撤销）", 1]
    assert found["情形和条文"][2] == ["程序：未告知、未听取陈述申辩", "《行政处罚法》第44条", 1]
    assert found["趋势"][2][:3] == ["2026-04", 1, 1]


@pytest.mark.usefixtures("decided")
def test_lawsuits_have_their_own_words_and_the_rates_their_bases(log_in: LogIn) -> None:
    client = log_in("supervisor")
    assert sheets(client.get("/disputes/analysis.xlsx?procedure=disputes.litigation").data)["机关"][1][2] == "败诉"
    rates = {row[0]: row for row in sheets(client.get("/disputes/rates.xlsx").data)["争议化解指标"]}
    assert rates["DIS-01"][3:6] == [1, 1, 1]
    assert rates["DIS-08"][3:6] == [0, 0, ""]
