"""Normative documents: drafted, filed, reviewed by four people, corrected; nothing that has ended shows as in force."""

from __future__ import annotations

import io
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from typing import Any

import pytest
from flask import Flask

from core.cases.case import CaseHead
from core.database import database
from core.errors import FazhiError
from core.ledger.intake import AnyoneMayRecord, NewEvent
from core.organs.authority import actor_of
from core.organs.models import Organ
from plugins.legislation.register.advice import advise
from plugins.legislation.register.models import Document, Mention
from plugins.legislation.register.rates import rates
from plugins.legislation.register.renewing import PROCEDURE, read_mentions, renew
from plugins.legislation.register.standing import Standing, standing_of, stands
from scoring.models import FindingRow
from tests.instance_kit import add_person
from tests.web.conftest import LogIn
from tests.web.world import DECISION, World

TEXT = "第一条 为规范供热用热，制定本办法。\n第二条 供热单位应当在供暖期保持室内温度不低于二十摄氏度。\n"
TODAY = date(2026, 6, 15)


def record(world: World, case: str, steps: list[tuple[str, str, Mapping[str, Any]]], title: str = "上坪县供热管理办法",
           organ: str = "gov-c1") -> None:
    """A document's case: step, day, fields; materials that a step requires are there."""
    recorder = world.instance.recorder.permitting(AnyoneMayRecord())
    kinds = world.instance.bundles.current().procedures[PROCEDURE].events
    stored = world.instance.materials.store(io.BytesIO(TEXT.encode()), "文本.txt")
    events = [NewEvent(step, date.fromisoformat(day), dict(fields),
                       tuple(stored.answers(one.id) for one in kinds[step].materials),
                       actor="handler", organ=organ) for step, day, fields in steps]
    recorder.record_many([(CaseHead(case, PROCEDURE, organ, "990121", title), events)])


def published(day: str, number: str, **more: Any) -> list[tuple[str, str, Mapping[str, Any]]]:
    """The steps that lead to a publication."""
    return [("proposed", day, {"document_class": "government", "necessity_assessed": True}),
            ("registered", day, {"document_number": number}),
            ("published", day, {"effective_on": day, "validity_clause": True, "gazette": "公报", **more})]


@pytest.fixture
def register(world: World) -> World:
    """One in force and filed, one that lapsed, one repealed, one late, one being made."""
    with database.connection_context():
        record(world, "doc-good", [*published("2026-04-01", "上政规〔2026〕1号", valid_until="2031-04-01"),
                                   ("filed", "2026-04-10", {}), ("filing_registered", "2026-04-13",
                                                                 {"material_complete": True})])
        record(world, "doc-lapsed", published("2024-01-10", "上政规〔2024〕2号", valid_until="2026-01-09"),
               "上坪县旧办法")
        record(world, "doc-repealed", [*published("2026-02-02", "上政规〔2026〕3号"),
                                       ("repealed", "2026-05-01", {"replaced_by": "上政规〔2026〕1号"})],
               "上坪县废止办法")
        record(world, "doc-late", [*published("2026-03-02", "上政规〔2026〕4号"), ("filed", "2026-05-20", {})],
               "上坪县迟报办法")
        record(world, "doc-making", [("proposed", "2026-06-01", {"document_class": "government",
                                                                "necessity_assessed": True})], "上坪县在制办法")
        renew(world.instance)
    return world


def test_what_has_ended_or_lapsed_is_never_shown_as_in_force(app: Flask, register: World) -> None:
    page = app.test_client().get("/normative").text
    assert "上坪县供热管理办法" in page
    assert not [title for title in ("上坪县旧办法", "上坪县废止办法", "上坪县在制办法") if title in page]
    ended = app.test_client().get("/normative?standing=ended").text
    assert "上坪县废止办法" in ended
    assert "被上政规〔2026〕1号替代" in app.test_client().get("/normative/doc-repealed").text
    assert app.test_client().get("/normative/doc-making").status_code == 404


@pytest.mark.parametrize("day", ["2024-01-09", "2024-01-10", "2026-01-09", "2026-01-10", "2026-05-01", "2026-06-15"])
def test_the_database_sorts_documents_as_the_page_names_them(register: World, day: str) -> None:
    at = date.fromisoformat(day)
    with database.connection_context():
        for standing in Standing:
            found = {row.case for row in Document.select().where(stands(standing, at))}
            assert found == {row.case for row in Document.select() if standing_of(row, at) is standing}


def test_the_text_of_a_document_is_in_the_library(app: Flask, register: World) -> None:
    assert "阅读全文" in app.test_client().get("/normative/doc-good").text
    assert "上坪县供热管理办法" in app.test_client().get("/laws?q=室内温度不低于二十摄氏度").text


def test_what_was_in_force_on_a_day_is_asked_with_the_day(app: Flask, register: World) -> None:
    page = app.test_client().get("/normative?on=2026-04-30").text
    assert "上坪县废止办法" in page
    assert "上坪县旧办法" not in page
    assert "上坪县旧办法" in app.test_client().get("/normative?on=2026-01-09").text


def test_a_repealed_document_is_repealed_in_the_library_too_and_names_what_took_its_place(
        app: Flask, register: World) -> None:
    visitor = app.test_client()
    assert "已废止" in visitor.get("/laws/上坪县废止办法（上坪县人民政府）").text
    page = visitor.get("/laws/上坪县废止办法（上坪县人民政府）").text
    assert "2026-05-01 起不再有效。" in page
    assert "上政规〔2026〕1号" in page
    assert "有效期已于 2026-01-09 届满" in visitor.get("/laws/上坪县旧办法（上坪县人民政府）").text
    listed = visitor.get("/laws?q=室内温度不低于二十摄氏度&current=1").text
    assert "上坪县供热管理办法" in listed
    assert "上坪县废止办法" not in listed
    assert "上坪县废止办法" in visitor.get("/laws?q=室内温度不低于二十摄氏度&on=2026-04-30").text
    with database.connection_context():
        record(register, "doc-good", [("repealed", "2026-06-14", {})])
    assert "已废止" in visitor.get("/laws/上坪县供热管理办法（上坪县人民政府）").text


def test_text_and_interpretation_are_public_and_nothing_else_of_the_case(app: Flask, register: World) -> None:
    visitor = app.test_client()
    assert "还没有发布政策解读" in visitor.get("/normative/doc-good").text
    with database.connection_context():
        record(register, "doc-good", [("interpreted", "2026-04-02", {})])
        sha = register.instance.materials.store(io.BytesIO(TEXT.encode()), "文本.txt").sha256
    page = visitor.get("/normative/doc-good").text
    assert "政策解读 · 2026-04-02" in page
    assert visitor.get(f"/normative/doc-good/files/interpreted/{sha}").data == TEXT.encode()
    assert visitor.get(f"/normative/doc-making/files/published/{sha}").status_code == 404
    assert visitor.get(f"/normative/doc-good/files/filed/{sha}").status_code == 404


def test_a_government_rule_is_registered_read_and_counted_like_a_document(app: Flask, register: World) -> None:
    recorder = register.instance.recorder.permitting(AnyoneMayRecord())
    with database.connection_context():
        stored = register.instance.materials.store(io.BytesIO("第一条 河道采砂应当申请许可。\n".encode()), "令.txt")
        recorder.record_many([(CaseHead("rule-1", "legislation.rule", "gov-l1", "990100", "云岭市河道采砂管理办法"), [
            NewEvent("listed_in_plan", date(2026, 1, 5), {"measure_kind": "rule", "measure_name": "办法"},
                     actor="leaguehead", organ="gov-l1"),
            NewEvent("published", date(2026, 5, 4), {"effective_on": date(2026, 6, 10), "order_number": "第9号"},
                     (stored.answers("text"),), actor="leaguehead", organ="gov-l1")])])
    visitor = app.test_client()
    page = visitor.get("/normative?kind=rule").text
    assert "云岭市河道采砂管理办法" in page
    assert "政府规章" in visitor.get("/laws?q=河道采砂应当申请许可").text
    with database.connection_context():
        found = rates(2026, Organ.select(Organ.id))["gov-l1"]
    assert (found.issued, found.filed) == (1, 0)


def test_rates_are_counted_by_the_year_of_publication(register: World) -> None:
    with database.connection_context():
        found = rates(2026, Organ.select(Organ.id))["gov-c1"]
    # published in 2026: doc-good, doc-repealed, doc-late; filed: good (in time), late; registered and complete: good
    assert (found.issued, found.filed, found.timely, found.registered, found.regular) == (3, 2, 1, 1, 1)


def test_rates_gaps_and_reviews_as_the_supervisor_sees_them(log_in: LogIn, register: World) -> None:
    supervisor = log_in("supervisor")
    page = supervisor.get("/filings/rates?year=2026").text
    assert "66.7%" in page
    assert "50.0%" in page
    gaps = supervisor.get("/filings/gaps?year=2026").text
    assert "上坪县废止办法" in gaps
    assert "上坪县迟报办法" not in gaps
    reviews = supervisor.get("/filings/reviews").text
    assert "承办人初审" in reviews
    assert "上坪县供热管理办法" not in log_in("stranger").get("/filings/reviews").text


def test_four_levels_are_reviewed_by_four_people_and_nobody_reviews_twice(log_in: LogIn, register: World) -> None:
    with database.connection_context():
        for number in (2, 3, 4):
            add_person(f"just{number}", f"审查{number}", "just-l1", "supervisor")
    steps = [("supervisor", "first_review", {"field.first_proposal": "建议要求纠正", "field.defects": "fair"}),
             ("just2", "second_review", {"field.second_agrees": "true"}),
             ("just3", "third_review", {"field.third_agrees": "true"}),
             ("just4", "final_review", {"field.conclusion": "correct", "field.defects": "fair"}),
             ("supervisor", "correction_ordered", {"field.reply_by": "2026-07-10"})]
    for account, step, fields in steps:
        if account == "just3":
            refused = log_in("just2").post("/cases/doc-good/steps/third_review", data={
                "occurred": "2026-06-15", "field.third_agrees": "true"})
            assert refused.status_code == 403
            assert "您已办理“处长复审”，不能再办理“分管副主任复核”。" in refused.text
            assert "分管副主任复核" not in log_in("just2").get("/cases/doc-good/steps").text
            assert "您已办理其中一级" in log_in("just2").get("/filings/reviews").text
            assert "/steps/third_review" in log_in("just3").get("/filings/reviews").text
        answer = log_in(account).post(f"/cases/doc-good/steps/{step}", data={"occurred": "2026-06-15", **fields})
        assert answer.status_code == 302, answer.text
    assert "四级审查不得由同一人办理两级" not in log_in("supervisor").get("/cases/doc-good").text
    answer = log_in("handler").post("/cases/doc-good/steps/corrected",
                                    data={"occurred": "2026-06-15", "field.correction": "amended"})
    assert answer.status_code == 302
    log_in("supervisor").post("/cases/doc-good/steps/correction_verified",
                              data={"occurred": "2026-06-15", "field.correction_accepted": "true"})
    with database.connection_context():
        renew(register.instance)
        row = Document.get(Document.case == "doc-good")
    assert (row.conclusion, row.corrected) == ("correct", True)


def test_of_two_reviews_sent_at_once_by_one_person_only_one_is_recorded(register: World) -> None:
    def review(step: str, field: str) -> str:
        with database.connection_context():
            try:
                register.instance.recorder.permitting(AnyoneMayRecord()).record("doc-good", NewEvent(
                    step, TODAY, {field: True}, actor="twice", organ="just-l1"))
            except FazhiError as refused:
                return refused.problems[0].code
            return "recorded"

    with ThreadPoolExecutor(2) as pool:
        answers = sorted(pool.map(review, ("second_review", "third_review"), ("second_agrees", "third_agrees")))
    assert answers == ["recorded", "step-same-person"]


def test_each_review_is_by_the_person_named_for_it_and_others_are_found(log_in: LogIn, register: World) -> None:
    with database.connection_context():
        add_person("just5", "处长", "just-l1", "supervisor")
        add_person("keeper", "管理", "just-l1", "admin")
    assert log_in("supervisor").post("/filings/reviewers", data={"first_review": "supervisor"}).status_code == 404
    named = {"first_review": "just5", "second_review": ["just5", "handler"]}
    assert log_in("keeper").post("/filings/reviewers", data=named).status_code == 302
    page = log_in("just5").get("/filings/reviewers").text
    assert page.count("checked") == 2
    assert "/steps/first_review" not in log_in("supervisor").get("/filings/reviews").text
    assert "/steps/first_review" in log_in("just5").get("/filings/reviews").text
    form = {"occurred": "2026-06-15", "field.first_proposal": "建议通过"}
    assert log_in("supervisor").post("/cases/doc-good/steps/first_review", data=form).status_code == 302
    assert "各级审查由指定的人员办理" in log_in("supervisor").get("/cases/doc-good").text


def test_a_refused_file_says_what_is_taken_and_a_long_reason_is_folded(log_in: LogIn, register: World) -> None:
    handler = log_in("handler")
    answer = handler.post("/cases/doc-good/steps/interpreted", data={
        "occurred": "2026-06-15", "material.interpretation": (io.BytesIO(b"MZ"), "坏.exe")})
    assert "不接收“坏.exe”这种文件。 可以上传：" in answer.text
    handler.post("/cases/doc-good/steps/cleanup_concluded", data={
        "occurred": "2026-06-15", "field.cleanup_result": "keep", "field.cleanup_reason": "理由" * 1000})
    page = handler.get("/cases/doc-good").text
    assert "<summary>理由理由" in page
    assert "理由" * 1000 in page


def test_a_list_of_what_was_published_is_held_against_what_was_filed(log_in: LogIn, register: World) -> None:
    listed = "1\t上政规[2026]1号\t供热办法\n2. 上坪县废止办法\n《上坪县在制办法》\n上政规〔2026〕99号 <b>无此件</b>"
    page = log_in("supervisor").post("/filings/reconcile", data={"list": listed}).text
    results = page.partition("核对结果")[2].partition("<tbody>")[2]
    for title, after in (("无此件", "平台没有这份文件"), ("供热办法", "已备案"), ("上坪县废止办法", "没有备案"),
                         ("上坪县在制办法", "已立项，没有记录公布")):
        assert after in results.partition(title)[2].partition("</tr>")[0]
    assert "<b>无此件" not in page
    stranger = log_in("stranger").post("/filings/reconcile", data={"list": listed}).text
    assert "已备案" not in stranger.partition("核对结果")[2]


def test_advice_names_its_reasons_and_changes_nothing(register: World) -> None:
    with database.connection_context():
        record(register, "doc-old", [
            *published("2023-12-04", "上政规〔2023〕9号", valid_until="2028-12-01"),
            ("awareness_surveyed", "2026-01-15", {"respondents": 100, "informed": 12, "survey_group": "public"})],
               "上坪县陈旧办法")
        renew(register.instance)
        before = Document.select().count()
        found = {one.document.case: one for one in advise(Document.select().where(
            stands(Standing.IN_FORCE, TODAY) | stands(Standing.LAPSED, TODAY)), TODAY)}
        assert Document.select().count() == before
    assert found["doc-old"].kind == "repeal"
    assert any("知晓率12%" in reason.zh for reason in found["doc-old"].reasons)
    assert any("满两年没有清理" in reason.zh for reason in found["doc-old"].reasons)
    assert found["doc-lapsed"].kind == "extend"
    assert [reason.zh for reason in found["doc-good"].reasons] == ["公布后没有发布政策解读"]
    assert found["doc-good"].kind == "interpret"


def test_a_number_given_twice_is_found_at_once_and_shown_with_what_is_left_out(
        log_in: LogIn, register: World) -> None:
    answer = log_in("handler").post("/cases/doc-making/steps/registered", data={
        "occurred": "2026-06-15", "field.document_number": "上政规〔2026〕4号"})
    assert answer.status_code == 302
    assert "编号不与其他文件重复" in log_in("handler").get("/cases/doc-making").text
    page = log_in("supervisor").get("/filings/gaps?year=2026").text
    shared = page.partition("文号核对")[2]
    assert "上政规〔2026〕4号" in shared
    assert "上坪县迟报办法" in shared
    assert "上坪县在制办法" in shared
    with database.connection_context():
        record(register, "doc-next", published("2026-06-10", "上政规〔2026〕7号"), "上坪县后一办法")
    assert "5、6" in log_in("supervisor").get("/filings/gaps?year=2026").text


def test_clean_ups_are_listed_by_their_due_day_with_all_four_conclusions(log_in: LogIn, register: World) -> None:
    with database.connection_context():
        for number, result in enumerate(("keep", "amend", "repeal", "invalid"), start=11):
            record(register, f"doc-{result}", [
                *published("2024-05-06", f"上政规〔2024〕{number}号"),
                ("cleanup_concluded", "2026-05-06", {"cleanup_result": result, "cleanup_reason": "清理"})],
                   f"上坪县{result}办法")
    page = log_in("supervisor").get("/filings/cleanups").text
    assert "记录清理结论" not in page
    assert "记录清理结论" in log_in("handler").get("/filings/cleanups").text
    assert "上坪县keep办法" in page
    assert "上坪县amend办法" in page
    assert "上坪县repeal办法" not in page
    assert "上坪县invalid办法" not in page
    assert "2026-05-06 继续有效" in page
    ended = log_in("handler").get("/normative?standing=ended").text
    assert "上坪县repeal办法" in ended
    assert "上坪县invalid办法" in ended


def test_disputes_that_rest_on_a_document_and_topics_without_one_become_advice(
        log_in: LogIn, register: World) -> None:
    recorder = register.instance.recorder.permitting(AnyoneMayRecord())
    with database.connection_context():
        for n in range(6):
            head = CaseHead(f"q-{n}", "disputes.question", "gov-c1", "990121", "咨询")
            recorder.record_many([(head, [NewEvent("asked", TODAY, {"field": "land", "question_text": "草场"},
                                                   actor="citizen", organ="gov-c1")])])
            Mention.create(number="上政规〔2026〕1号", case=f"q-{n}", procedure="disputes.question", on=TODAY)
    page = log_in("supervisor").get("/filings/advice").text
    assert "土地草牧场" in page
    assert "近十二个月公众法律咨询6件" in page.replace("\n", "")
    assert "公布后没有发布政策解读" in page
    assert "使用率" in page
    with database.connection_context():
        FindingRow.update(status="confirmed", case="q-0").where(FindingRow.id.in_(
            FindingRow.select(FindingRow.id).limit(1))).execute()
        FindingRow.update(status="confirmed", case="q-1").where(FindingRow.id.in_(
            FindingRow.select(FindingRow.id).where(FindingRow.case != "q-0").limit(1))).execute()
    page = log_in("supervisor").get("/filings/advice").text
    assert "引用本文件的6件事项中2件被纠正或者确认有问题（33%）" in page


def test_matters_that_name_a_document_are_counted_once_each(register: World) -> None:
    instance = register.instance
    with database.connection_context():
        case = register.cases["faulty"]
        row = actor_of("handler", on=TODAY)
        instance.recorder.permitting(AnyoneMayRecord()).record(case, NewEvent(
            "procedure_withdrawn", date(2026, 6, 12),
            {"withdrawn_reason": "依据上政规〔2026〕1号和上政规〔2026〕1号不再办理"},
            actor=row.person_id, organ="gov-c1"))
        assert read_mentions() == 1
        assert read_mentions() == 0
        assert [(one.number, one.procedure) for one in Mention.select()] == [("上政规〔2026〕1号", DECISION)]
