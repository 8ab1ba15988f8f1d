"""Personal data: seen for a reason, sealed for good by a supervisor above the organ, and the chain stays whole."""

from __future__ import annotations

from core.database import database
from core.ledger.models import PersonalValue
from core.ledger.reader import events_of
from core.ledger.verify import verify
from tests.web.conftest import LogIn
from tests.web.world import World

CASE = "/cases/case-complaint"


def values() -> dict[str, str | None]:
    with database.connection_context():
        return {row.field: row.value for row in PersonalValue.select().where(PersonalValue.case_id == "case-complaint")}


def test_the_page_names_what_can_be_sealed_and_shows_none_of_it(log_in: LogIn) -> None:
    page = log_in("supervisor").get(f"{CASE}/seal").text
    assert "投诉人" in page
    assert "收到投诉 2026-06-12" in page
    assert "王小明" not in page
    assert "投诉事由" not in page


def test_sealing_needs_a_choice_a_reason_and_a_second_thought(log_in: LogIn) -> None:
    client = log_in("supervisor")
    for form, words in (({"reason": "依法", "sure": "true"}, "请选择要封存的内容"),
                        ({"field": "caller", "reason": "依法"}, "封存后内容不能恢复"),
                        ({"field": "caller", "reason": " ", "sure": "true"}, "理由")):
        answer = client.post(f"{CASE}/seal", data=form)
        assert answer.status_code == 422
        assert words in answer.text
    assert values()["caller"] == '"王小明"'


def test_a_sealed_value_is_gone_and_the_ledger_tells_who_did_it_and_why(world: World, log_in: LogIn) -> None:
    client = log_in("supervisor")
    answer = client.post(f"{CASE}/seal", data={"field": "caller", "reason": "当事人依法申请删除", "sure": "true"},
                         follow_redirects=True)
    assert "个人信息已封存" in answer.text
    assert "已封存" in answer.text
    assert "当事人依法申请删除" in answer.text
    assert values() == {"caller": None, "phone": '"13900000000"'}
    with database.connection_context():
        sealed = events_of("case-complaint")[-1]
        assert (sealed.type, sealed.actor, sealed.payload["fields"]) == ("personal.sealed", "supervisor", ("caller",))
        assert verify(material_intact=world.instance.materials.intact).ok
    shown = log_in("handler").post(f"{CASE}/events/{sealed.payload['event']}/personal", data={"reason": "回访"}).text
    assert "13900000000" in shown
    assert "王小明" not in shown


def test_what_was_sealed_is_not_offered_again(log_in: LogIn) -> None:
    client = log_in("supervisor")
    client.post(f"{CASE}/seal", data={"field": ["caller", "phone"], "reason": "依法", "sure": "true"})
    assert "没有可以封存的个人信息" in client.get(f"{CASE}/seal").text
    assert f"{CASE}/seal" not in client.get(CASE).text


def test_the_organ_itself_and_a_supervisor_elsewhere_seal_nothing(log_in: LogIn) -> None:
    for account in ("handler", "head", "stranger", "auditor"):
        client = log_in(account)
        assert client.get(f"{CASE}/seal").status_code == 404
        assert client.post(f"{CASE}/seal", data={"field": "caller", "reason": "x", "sure": "true"}).status_code == 404
    assert values()["caller"] == '"王小明"'
