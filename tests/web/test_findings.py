"""A finding's life on its page, its receipt, and what it does to the score."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient

from core.database import database
from scoring.models import CaseScore, FindingRow, ReceiptRow
from tests.web.conftest import LogIn
from tests.web.world import World


@pytest.fixture
def finding(world: World) -> str:
    """The finding that the public consultation was too short."""
    with database.connection_context():
        return str(FindingRow.get(FindingRow.case == "case-faulty", FindingRow.code == "DEC-CONSULT-SHORT").id)


def page(client: FlaskClient, url: str) -> str:
    answer = client.get(url)
    assert answer.status_code == 200
    return answer.text


def test_the_page_shows_rule_law_record_and_who_acted(log_in: LogIn, finding: str) -> None:
    text = page(log_in("handler"), f"/findings/{finding}")
    for words in ("公开征求意见的期限不少于30日", "《重大行政决策程序暂行条例》第15条第1款", "公开征求意见结束",
                  "宝音", "疑似"):
        assert words in text


def test_the_organ_answers_and_the_supervisor_determines_with_reason_and_name(log_in: LogIn, finding: str) -> None:
    handler, supervisor = log_in("handler"), log_in("supervisor")
    handler.post(f"/findings/{finding}/answer", data={"reason": "汛期紧急，已在公告中说明。"})
    assert "汛期紧急" in page(supervisor, f"/findings/{finding}")
    answer = supervisor.post(f"/findings/{finding}/confirm", data={"reason": "公告未说明缩短理由。"},
                             follow_redirects=True)
    assert "已确认" in answer.text
    assert "巴特尔" in answer.text
    assert "公告未说明缩短理由。" in answer.text


def test_a_determination_without_a_reason_is_refused(log_in: LogIn, finding: str) -> None:
    answer = log_in("supervisor").post(f"/findings/{finding}/confirm", data={"reason": " "})
    assert answer.status_code == 422
    assert 'role="alert"' in answer.text


def test_a_determined_finding_offers_no_second_determination(log_in: LogIn, finding: str) -> None:
    supervisor = log_in("supervisor")
    supervisor.post(f"/findings/{finding}/dismiss", data={"reason": "另有法律规定。"})
    assert "确认问题成立" not in page(supervisor, f"/findings/{finding}")
    assert supervisor.post(f"/findings/{finding}/confirm", data={"reason": "改变主意"}).status_code == 422


def test_a_cure_is_reported_by_the_organ_and_accepted_by_the_supervisor(log_in: LogIn, finding: str) -> None:
    handler, supervisor = log_in("handler"), log_in("supervisor")
    supervisor.post(f"/findings/{finding}/confirm", data={"reason": "期限不足。"})
    handler.post(f"/findings/{finding}/report-cure", data={"reason": "已重新公开征求意见。"})
    answer = supervisor.post(f"/findings/{finding}/cured", data={"reason": "已核验。", "on": "2026-06-14"},
                             follow_redirects=True)
    assert "已整改" in answer.text


def test_the_receipt_of_a_verdict_opens_from_the_finding_and_replays_to_the_same_digest(
        log_in: LogIn, finding: str) -> None:
    client = log_in("supervisor")
    with database.connection_context():
        receipt = ReceiptRow.get(ReceiptRow.subject.startswith("case-faulty|decisions.decision/consultation-30-days"))
    assert f"/receipts/{receipt.id}" in page(client, f"/findings/{finding}")
    assert "公开征求意见结束 2026-03-24" in page(client, f"/receipts/{receipt.id}")
    answer = client.post(f"/receipts/{receipt.id}/replay")
    assert "结果与回执逐字节一致" in answer.text
    assert answer.text.count(receipt.digest) >= 2


def test_the_score_of_a_case_opens_to_the_receipt_with_template_law_and_record(log_in: LogIn) -> None:
    client = log_in("handler")
    with database.connection_context():
        receipt = CaseScore.get(CaseScore.case == "case-faulty").receipt
    assert f"/receipts/{receipt}" in page(client, "/cases/case-faulty")
    text = page(client, f"/receipts/{receipt}")
    for words in ("决策启动", "公开征求意见公告", "《重大行政决策程序暂行条例》第", "未上传必需材料"):
        assert words in text


def test_the_workbench_asks_each_for_what_is_his(log_in: LogIn) -> None:
    assert "待申辩问题" in page(log_in("handler"), "/")
    assert "待认定问题" in page(log_in("supervisor"), "/")
    assert "待认定问题" not in page(log_in("admin"), "/")
