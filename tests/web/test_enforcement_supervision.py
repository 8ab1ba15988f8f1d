"""Supervision in the browser: documents from findings, filings that open themselves, reviews and draws."""

from __future__ import annotations

import re
from datetime import datetime

import pytest

from core.database import database
from core.ledger.models import CaseRow, EventRow
from core.ledger.reader import load_case
from plugins.enforcement.supervision.filing import file_major_acts, filing_id
from plugins.enforcement.supervision.reminders import remind
from scoring.models import FindingRow, VerdictRow
from tests.officers_kit import register_county_officer
from tests.supervision_kit import CODE, open_case, penalty, record
from tests.web.conftest import LogIn
from tests.web.world import TODAY, World


def finding_of(case_id: str, code: str) -> str:
    with database.connection_context():
        return str(FindingRow.get(FindingRow.case == case_id, FindingRow.code == code).id)


def codes(case_id: str) -> set[str]:
    with database.connection_context():
        return {row.code for row in FindingRow.select().where(FindingRow.case == case_id)}


# ── 督办函、监督意见书 ─────────────────────────────────────────────────────────────────────────────────────────────

@pytest.fixture
def unlawful(world: World) -> str:
    """A penalty without notice or review."""
    with database.connection_context():
        return penalty(world.instance, "p-1", 3000)


LETTER = {"kind": "opinion_issued", "ground": "illegal", "letter_about": "未告知即处罚",
          "requirement": "撤销并重新告知", "reply_by": "2026-07-15"}


def test_a_document_is_issued_from_a_finding_answered_and_verified(unlawful: str, log_in: LogIn) -> None:
    finding = finding_of(unlawful, "ENF-NOT-1")
    supervisor, handler = log_in("supervisor"), log_in("handler")
    desk = supervisor.get("/enforcement/supervision").text
    assert f"/enforcement/letters/from/{finding}" in desk
    form = supervisor.get(f"/enforcement/letters/from/{finding}").text
    assert 'value="opinion_issued" checked' in form
    assert "2026-07-15" in form, "thirty days to reply are offered"
    letter = supervisor.post(f"/enforcement/letters/from/{finding}", data=LETTER).headers["Location"].split("/")[-1]
    mine = handler.get("/enforcement/supervision?tab=letters").text
    assert "监督意见书：未告知即处罚" in mine
    assert "在监督文书写明的期限内反馈处理结果" in mine
    assert "巴特尔" in mine, "the person who issued it is named"
    report = handler.post(f"/cases/{letter}/steps/result_reported", data={
        "occurred": "2026-06-15", "field.result": "已撤销", "field.approved_by": "苏日娜"})
    assert report.status_code == 302, report.text
    supervisor.post(f"/cases/{letter}/steps/result_verified", data={
        "occurred": "2026-06-15", "field.corrected": "true", "field.verification": "已核对"})
    supervisor.post(f"/cases/{letter}/steps/letter_closed", data={"occurred": "2026-06-15"})
    assert "已办结" in supervisor.get("/enforcement/supervision?tab=letters").text
    assert not {code for code in codes(letter) if code.startswith("SUP-")}
    again = supervisor.post(f"/enforcement/letters/from/{finding}", data=LETTER)
    assert again.headers["Location"].endswith(f"/cases/{letter}"), "one finding has one document"


def test_only_the_supervisor_above_may_issue_a_document(unlawful: str, log_in: LogIn) -> None:
    finding = finding_of(unlawful, "ENF-NOT-1")
    for account in ("handler", "head", "stranger", "farhead", "leaguehead"):
        assert log_in(account).get(f"/enforcement/letters/from/{finding}").status_code == 404, account
    assert log_in("regional").get(f"/enforcement/letters/from/{finding}").status_code == 200


@pytest.mark.parametrize(("wrong", "said"), [
    ({"requirement": ""}, "请填写监督事由、要求和反馈期限"),
    ({"reply_by": "很快"}, "请填写监督事由、要求和反馈期限"),
    ({"reply_by": "2026-06-01"}, "反馈期限不能早于今天"),
    ({"kind": "decision_proposed", "ground": "major"}, "没有登记所属人民政府"),
])
def test_a_wrong_document_is_answered_and_nothing_typed_is_lost(
        unlawful: str, log_in: LogIn, wrong: dict[str, str], said: str) -> None:
    finding = finding_of(unlawful, "ENF-NOT-1")
    answer = log_in("supervisor").post(f"/enforcement/letters/from/{finding}", data=LETTER | wrong)
    assert answer.status_code == 422
    assert said in answer.text
    assert "未告知即处罚" in answer.text
    with database.connection_context():
        assert CaseRow.get_or_none(CaseRow.id == f"letter-{finding}") is None


# ── 重大执法行为备案 ───────────────────────────────────────────────────────────────────────────────────────────────

def test_a_major_penalty_is_filed_by_itself_exactly_once(world: World, log_in: LogIn) -> None:
    with database.connection_context():
        penalty(world.instance, "p-major", 60_000)
        penalty(world.instance, "p-minor", 3_000)
        assert (file_major_acts(world.instance), file_major_acts(world.instance)) == (1, 0)
        (filing,) = CaseRow.select().where(CaseRow.procedure == "enforcement.filing")
        first = EventRow.get(EventRow.case == filing.id, EventRow.seq == 1)
        assert first.actor == "system:filing"
        assert '"receiving_government":"gov-l1"' in first.payload, "a government files with the government above"
        assert first.materials != "[]", "the decision goes with it"
        told = EventRow.select().where((EventRow.case == "p-major") & (EventRow.type == "major_penalty_filed"))
        assert told.count() == 1, "nobody enters the filing a second time"
        assert VerdictRow.get(VerdictRow.rule == "enforcement.penalty/major-penalty-filed").state == "fulfilled"
    supervisor = log_in("supervisor")
    assert "无证经营案（p-major）（备案）" in supervisor.get("/enforcement/supervision?tab=filings").text
    done = supervisor.post(f"/cases/{filing.id}/steps/filing_reviewed", data={
        "occurred": "2026-06-15", "field.filing_result": "no_objection", "field.review_note": "程序合法"})
    assert done.status_code == 302
    assert log_in("farhead").get(f"/cases/{filing.id}").status_code == 404


def test_a_run_that_was_cut_off_between_opening_and_telling_is_made_up_for(
        world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    from plugins.enforcement.supervision import filing

    def power_cut(*_: object) -> None:
        raise KeyboardInterrupt

    with database.connection_context():
        penalty(world.instance, "p-major", 60_000)
        with monkeypatch.context() as cut:
            cut.setattr(filing, "_tell", power_cut)
            with pytest.raises(KeyboardInterrupt):
                file_major_acts(world.instance)
        assert file_major_acts(world.instance) == 0
        assert EventRow.select().where(EventRow.type == "major_penalty_filed").count() == 1
        assert CaseRow.select().where(CaseRow.procedure == "enforcement.filing").count() == 1


def test_a_filing_without_the_decision_waits_for_it_and_is_found_when_it_does_not_come(world: World) -> None:
    with database.connection_context():
        penalty(world.instance, "p-major", 60_000, materials=())
        file_major_acts(world.instance)
        activation = VerdictRow.get(VerdictRow.rule == "enforcement.penalty/major-penalty-filed").activation
        case = load_case(filing_id(activation), world.instance.bundles.current())
        assert case.state["decision_attached"] is False
        assert EventRow.select().where(EventRow.type == "major_penalty_filed").count() == 0
        world.clock.moment = datetime.fromisoformat("2026-07-01T12:00:00+08:00")
        try:
            world.instance.recorder.rejudge([case.head.id, "p-major"])
        finally:
            world.clock.moment = TODAY
    assert "ENF-BAK-1" in codes(case.head.id)
    assert "ENF-BAK-1" in codes("p-major")


# ── 案卷评查、双随机 ───────────────────────────────────────────────────────────────────────────────────────────────

def test_files_are_drawn_for_a_review_without_those_a_reviewer_had_a_hand_in(world: World, log_in: LogIn) -> None:
    with database.connection_context():
        for number in range(6):
            penalty(world.instance, f"f-{number}", 3000)
            record(world.instance, f"f-{number}", "case_closed", "2026-06-12",
                   actor="head" if number == 5 else "handler", closed_because="executed")
    supervisor = log_in("supervisor")
    bad = supervisor.post("/enforcement/draws/review/new", data={"organ": "gov-c3", "year": "2026", "scope": "全部"})
    assert "请选择范围内的机关" in bad.text
    planned = supervisor.post("/enforcement/draws/review/new", data={
        "organ": "gov-c1", "year": "2026", "scope": "本年度办结的处罚案件"})
    page = planned.headers["Location"]
    wish = {"kind": "files", "procedure": "enforcement.penalty", "begins": "2026-01-01", "ends": "2026-06-15",
            "reviewers": "head, supervisor", "pick": "3"}
    assert "不够抽取" in supervisor.post(page, data=wish | {"pick": "6"}).text
    supervisor.post(page, data=wish)
    shown = supervisor.get(page).text
    draw = re.search(r"/draws/([0-9a-f]{32})", shown)
    assert draw
    assert "f-5" in supervisor.get(f"/draws/{draw[1]}").text
    assert "评查人员 head 参与过办理" in supervisor.get(f"/draws/{draw[1]}").text
    for _ in range(2):
        supervisor.post(f"{page}/{draw[1]}", data={"witness": "42"})
    with database.connection_context():
        steps = list(EventRow.select().where(EventRow.type == "sample_drawn"))
        assert len(steps) == 1, "asked twice, recorded once"
        assert draw[1] in steps[0].payload
    assert "tag-red" not in supervisor.get(f"/draws/{draw[1]}").text
    assert log_in("handler").get(page).status_code == 404, "the organ reviewed does not draw"


def test_objects_and_officers_of_a_random_inspection_are_drawn(world: World, log_in: LogIn) -> None:
    with database.connection_context():
        register_county_officer(world.instance)
        case = open_case(world.instance, "r-1", "random_inspection", "plan_made", "2026-06-10", plan_year=2026,
                         inspection_items="食品经营", approved_by_head=True)
    handler = log_in("handler")
    page = f"/enforcement/draws/{case}"
    lines = "91150900MA0N00001X 甲超市 3\n91150900MA0N00002X 乙餐馆\n91150900MA0N00003X 丙 食品厂 9"
    handler.post(page, data={"kind": "objects", "list": lines, "pick": "2"})
    draw = re.search(r"/draws/([0-9a-f]{32})", handler.get(page).text)
    assert draw
    assert "丙 食品厂" in handler.get(f"/draws/{draw[1]}").text
    handler.post(f"{page}/{draw[1]}")
    with database.connection_context():
        assert load_case(case, world.instance.bundles.current()).state["objects_number"] == 2
    wrong = handler.post(page, data={"kind": "officers", "list": "没有这个证号 近亲属", "pick": "1"})
    assert wrong.status_code == 422
    assert "第 1 行读不懂" in wrong.text
    assert "没有这个证号 近亲属" in wrong.text, "what was typed is still there"


# ── 普法 ───────────────────────────────────────────────────────────────────────────────────────────────────────────

def test_a_quiet_body_is_reminded_once_and_a_lively_one_is_not(world: World) -> None:
    with database.connection_context():
        for name, day in (("quiet", "2026-02-02"), ("lively", "2026-06-01")):
            open_case(world.instance, name, "publicity", "duty_list_set", day, list_year=2026,
                      duty_items="行政处罚法", person_in_charge="handler")
        assert (remind(world.instance), remind(world.instance)) == (1, 0)
        (sent,) = EventRow.select().where(EventRow.type == "reminder_sent")
        assert (sent.case_id, sent.actor) == ("quiet", "system:publicity")


# ── 要看其他案件才知道的 ───────────────────────────────────────────────────────────────────────────────────────────

def test_a_second_fine_for_the_same_act_in_another_organ_is_found_when_it_is_recorded(world: World) -> None:
    with database.connection_context():
        penalty(world.instance, "first", 3000)
        penalty(world.instance, "other-act", 3000, act="占道经营")
        penalty(world.instance, "second", 3000, organ="gov-c2", region="990122")
    assert "ENF-DBL-1" not in codes("first") | codes("other-act")
    assert "ENF-DBL-1" in codes("second")


def test_a_case_outside_the_territory_is_found_when_it_is_filed(world: World) -> None:
    with database.connection_context():
        penalty(world.instance, "here", act_region="990121")
        penalty(world.instance, "there", act_region="990221")
        penalty(world.instance, "entitled", act_region="990221", cross_region_basis="指定管辖决定")
    assert "ENF-FLG-1" in codes("there")
    assert "ENF-FLG-1" not in codes("here") | codes("entitled")


def test_inspections_of_an_enterprise_are_counted_over_all_organs(world: World) -> None:
    with database.connection_context():
        for number in range(5):
            organ, region = ("gov-c1", "990121") if number % 2 else ("gov-c2", "990122")
            case = open_case(world.instance, f"i-{number}", "inspection", "inspection_planned", "2026-06-01", organ,
                             region, inspection_source="random", inspected_party="甲超市", inspected_party_code=CODE,
                             inspection_items="消防", this_year_count=0, approved_by_head=True)
            record(world.instance, case, "inspected", f"2026-06-0{number + 2}", organ, lead_officer="15000001",
                   second_officer="15000002", officers_present=2, certificate_shown=True, record_signed="signed",
                   no_burden=True)
    assert [number for number in range(5) if "ENF-INS-1" in codes(f"i-{number}")] == [4]


def test_what_supervisors_owe_themselves_is_no_matter_for_a_document_to_the_body(world: World, log_in: LogIn) -> None:
    with database.connection_context():
        penalty(world.instance, "p-major", 60_000)
        file_major_acts(world.instance)
        (filing,) = CaseRow.select().where(CaseRow.procedure == "enforcement.filing")
        world.clock.moment = datetime.fromisoformat("2026-08-01T12:00:00+08:00")
        try:
            world.instance.recorder.rejudge([filing.id])
        finally:
            world.clock.moment = TODAY
    finding = finding_of(filing.id, "ENF-BAK-2")
    supervisor = log_in("supervisor")
    assert supervisor.get(f"/enforcement/letters/from/{finding}").status_code == 404
    assert f"/from/{finding}" not in supervisor.get("/enforcement/supervision").text
