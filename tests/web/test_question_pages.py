"""Pages of legal questions: the public asks without an account, lawyers see no contact, nobody guesses a code."""

from __future__ import annotations

import html
import io
import re
from dataclasses import replace
from urllib.parse import urlsplit

import pytest
from flask import Flask
from flask.testing import FlaskClient

from core.database import database
from core.ledger.models import CaseRow, PersonalValue
from plugins.disputes.questions import desk, roll
from plugins.disputes.questions.models import Lawyer, Question
from tests.questions_kit import CITY, add_lawyers
from tests.web.conftest import LogIn
from tests.web.world import World
from web.app import create_app

QUESTION = {"text": "老板拖欠三个月工资，怎么办？", "field": "labour", "region": CITY, "contact": "13912345678"}
PIN = "204681"
ROLL = "执业证号,姓名,事务所,城市,层级,领域,电话\nL1,白律师,演示所,云岭市,法律顾问,劳动工伤、婚姻家庭继承,13800000000\n"


def lawyer_browser(app: Flask, lawyer: Lawyer, pin: str = PIN) -> FlaskClient:
    with database.connection_context():
        secret = roll.give_link(lawyer)
    client = app.test_client()
    assert client.post(f"/lawyer/open/{secret}", data={"pin": pin}).status_code == 302
    return client


def hidden(page: str) -> str:
    """The token of the form."""
    return re.search(r'name="form" value="([^"]+)"', page)[1]  # type: ignore[index]


def asked(app: Flask) -> tuple[FlaskClient, str]:
    client = app.test_client()
    answer = client.post("/ask", data=QUESTION)
    assert answer.status_code == 302, answer.text
    return client, urlsplit(answer.location).path


def test_a_question_is_answered_followed_up_and_rated_without_an_account(app: Flask, world: World) -> None:
    with database.connection_context():
        local = add_lawyers()["local"]
    citizen, page = asked(app)
    assert "已送到 4 位律师" in citizen.get(page).text
    for n, who in enumerate(local[:3]):
        counter = lawyer_browser(app, who)
        inbox = counter.get("/lawyer").text
        assert "老板拖欠三个月工资" in inbox
        link = re.search(r"/lawyer/question/[\w-]+", inbox)
        assert link
        shown = counter.get(link[0]).text
        assert "13912345678" not in shown, "the contact is nobody's but the citizen's"
        assert counter.post(link[0], data={"text": f"解答第{n}条"}).status_code == 302
    fragment = citizen.get(f"{page}/answers").text
    assert "已有 3 位律师解答" in fragment
    assert "解答第2条" in fragment
    assert "<html" not in fragment
    citizen.post(f"{page}/follow-up", data={"text": "需要哪些证据？"})
    assert "需要哪些证据" in counter.get(link[0]).text
    world.clock.moment = world.clock.moment.replace(minute=5)
    try:
        assert "感谢您的评价" in citizen.post(f"{page}/rate", data={"satisfaction": "5"}, follow_redirects=True).text
    finally:
        world.clock.moment = world.clock.moment.replace(minute=0)
    assert citizen.post(f"{page}/follow-up", data={"text": "再问"}).status_code == 422


def test_a_form_that_is_sent_again_because_the_answer_was_lost_is_taken_once(app: Flask, world: World) -> None:
    with database.connection_context():
        local = add_lawyers()["local"]
    citizen = app.test_client()
    form = QUESTION | {"form": hidden(citizen.get("/ask").text)}
    first, again = (citizen.post("/ask", data=form).location for _ in range(2))
    assert first == again, "the same code, though only its hash is kept"
    assert citizen.post("/ask", data=form | {"text": "另一个"}).location != first, "other words are another question"
    assert citizen.post("/ask", data=form | {"form": hidden(citizen.get("/ask").text)}).location != first
    counter = lawyer_browser(app, local[0])
    with database.connection_context():
        assert Question.select().count() == 3
        address = f"/lawyer/question/{desk.question_of(first.rpartition('/')[2]).id}"
    answer = {"form": hidden(counter.get(address).text), "text": "可以投诉。"}
    further = {"form": hidden(citizen.get(first).text), "text": "去哪里投诉？"}
    for _ in range(2):
        assert counter.post(address, data=answer).status_code == 302
        assert citizen.post(f"{first}/follow-up", data=further).status_code == 302
        assert citizen.post(f"{first}/rate", data={"satisfaction": "2"}).status_code == 302
    assert citizen.post(f"{first}/rate", data={"satisfaction": "3"}).status_code == 422, "another rating is refused"
    shown = citizen.get(first).text
    assert shown.count("可以投诉。") == shown.count("去哪里投诉？") == 1
    counter.post(address, data=answer | {"text": "补充：带上合同。"})
    assert "补充" in citizen.get(first).text, "other words are an addition"


def test_a_page_that_has_everything_is_told_so_in_a_word(app: Flask, world: World) -> None:
    with database.connection_context():
        local = add_lawyers()["local"]
    citizen, page = asked(app)
    listen = html.unescape(re.search(r'hx-get="([^"]+)"', citizen.get(page).text)[1])  # type: ignore[index]
    assert citizen.get(listen).status_code == 204
    with database.connection_context():
        desk.answer(world.instance, Question.get().id, local[0], "可以投诉。")
    answered = citizen.get(listen)
    assert answered.status_code == 200
    assert "可以投诉。" in answered.text


def test_a_code_finds_the_question_however_it_is_typed_and_no_other_code_does(app: Flask) -> None:
    citizen, page = asked(app)
    code = page.rpartition("/")[2]
    typed = code.lower().replace("-", " ")
    assert app.test_client().post("/ask/code", data={"code": typed}).status_code == 302
    assert app.test_client().post("/ask/code", data={"code": "AAAA-BBBB-CCCC-DDDD"}).status_code == 404
    assert app.test_client().get("/ask/AAAA-BBBB-CCCC-DDDD").status_code == 404
    with database.connection_context():
        case = Question.get().id
    assert app.test_client().get(f"/ask/{case}").status_code == 404, "an official who knows the case has no code"
    assert citizen.get(f"/service/progress/{code}").location == f"/ask/{code}"


@pytest.mark.parametrize("wrong", [{"text": " "}, {"region": "000000"}, {"field": "nothing"}])
def test_what_is_missing_is_said_and_nothing_typed_is_lost(app: Flask, wrong: dict[str, str]) -> None:
    answer = app.test_client().post("/ask", data=QUESTION | wrong)
    assert answer.status_code == 422
    assert "13912345678" in answer.text


def test_robots_that_fill_in_everything_and_addresses_that_ask_too_often_are_turned_away(world: World) -> None:
    app = create_app(world.instance, WTF_CSRF_ENABLED=False)
    client = app.test_client()
    assert client.post("/ask", data=QUESTION | {"homepage": "http://spam.invalid"}).status_code == 400
    assert [client.post("/ask", data=QUESTION).status_code for _ in range(6)][-1] == 429
    with database.connection_context():
        assert Question.select().count() == 5


def test_the_operator_of_a_hall_lets_one_address_ask_more_often(world: World) -> None:
    settings = replace(world.instance.settings, asks_per_minute=8)
    client = create_app(replace(world.instance, settings=settings), WTF_CSRF_ENABLED=False).test_client()
    assert [client.post("/ask", data=QUESTION).status_code for _ in range(9)] == [302] * 8 + [429]


def test_a_lawyer_chooses_a_pin_once_and_a_wrong_one_locks(app: Flask, world: World) -> None:
    with database.connection_context():
        lawyer = add_lawyers()["local"][0]
        secret = roll.give_link(lawyer)
    client, address = app.test_client(), f"/lawyer/open/{secret}"
    assert "不能全相同或者连续" in client.post(address, data={"pin": "123456"}).text
    assert client.post(address, data={"pin": PIN}).status_code == 302
    other = app.test_client()
    assert "口令不对" in other.post(address, data={"pin": "999888"}).text
    assert "请打开您的个人链接" in other.get("/lawyer").text
    for _ in range(4):
        other.post(address, data={"pin": "999888"})
    assert "已锁定" in other.post(address, data={"pin": PIN}).text
    with database.connection_context():
        roll.give_link(lawyer)
    assert client.get(address).status_code == 404, "a new link ends the old one"
    assert "请打开您的个人链接" in client.get("/lawyer").text, "and the open session"


def test_a_lawyer_sees_no_question_that_was_not_sent_to_him(app: Flask, world: World) -> None:
    with database.connection_context():
        far = add_lawyers()["national"][0]
    asked(app)
    with database.connection_context():
        case = Question.get().id
    counter = lawyer_browser(app, far)
    assert "没有待解答的问题" in counter.get("/lawyer").text
    assert counter.get(f"/lawyer/question/{case}").status_code == 404


def test_the_justice_department_loads_the_roll_and_gives_out_links(app: Flask, log_in: LogIn) -> None:
    office = log_in("supervisor")
    sent = {"file": (io.BytesIO(ROLL.encode("gb18030")), "律师.csv")}
    assert "已载入 1 名律师" in office.post("/questions/lawyers", data=sent, follow_redirects=True).text
    table = office.post("/questions/lawyers/links").text
    path = urlsplit(re.search(r"http\S+", table)[0]).path  # type: ignore[index]
    assert app.test_client().get(path).status_code == 200
    found = app.test_client().get("/service/lawyers?field=family").text
    assert "白律师" in found
    assert "13800000000" not in found
    assert "白律师" not in app.test_client().get("/service/lawyers?field=land").text


def test_wrong_rows_of_a_roll_are_all_named_and_none_is_taken(log_in: LogIn) -> None:
    rows = ROLL + "L1,重复,所,云岭市,法律顾问,,\n,无号,所,云岭,市级,劳动,\n"
    answer = log_in("supervisor").post("/questions/lawyers", data={"file": (io.BytesIO(rows.encode()), "律师.csv")})
    assert answer.status_code == 422
    for words in ("第 3 行：执业证号 L1 出现两次", "第 4 行：执业证号、姓名为空", "城市“云岭”", "层级“市级”",
                  "领域“劳动”"):
        assert words in answer.text, words
    with database.connection_context():
        assert Lawyer.select().count() == 0


def test_the_figures_count_what_was_on_time_what_was_late_and_who_was_satisfied(
        app: Flask, log_in: LogIn, world: World) -> None:
    from datetime import timedelta

    now = world.clock()
    with database.connection_context():
        for n, minute in enumerate((2, 8, 12, None)):
            begin = now - timedelta(hours=2)
            Question.create(id=f"q{n}", region=CITY, organ="just-l1", field="labour", asked_at=begin, last_at=begin,
                            third_at=begin + timedelta(minutes=minute) if minute else None,
                            satisfaction=(5, 2, None, None)[n], reached=3)
    page = log_in("supervisor").get("/questions").text
    for words in ("50.0%", "2 / 4", "7.3 分", "1 / 2"):
        assert words in page, words


@pytest.mark.parametrize(("kind", "data", "procedure"), [
    ("legal-aid", {"aid_kind": "civil", "applicant_group": "migrant", "matter": "wages"}, "disputes.legal_aid"),
    ("mediation", {"dispute_kind": "wages", "party_names": "甲某、乙某", "refused": "no"}, "disputes.mediation"),
    ("notary", {"matter_text": "房屋继承公证"}, "disputes.referral"),
    ("arbitration", {"matter_text": "解除合同补偿"}, "disputes.referral"),
    ("appraisal", {"matter_text": "伤残鉴定"}, "disputes.referral")])
def test_a_service_opens_the_right_case_and_shows_only_how_far_it_is(
        app: Flask, world: World, kind: str, data: dict[str, str], procedure: str) -> None:
    client = app.test_client()
    typed = {"region": "990121", "applicant_name": "乌某某", "phone": "13712345678"} | data
    assert client.post(f"/service/{kind}", data=typed | {"region": ""}).status_code == 422
    answer = client.post(f"/service/{kind}", data=typed)
    assert answer.status_code == 302, answer.text
    page = client.get(answer.location).text
    with database.connection_context():
        row = CaseRow.get(CaseRow.procedure == procedure)
        assert row.organ == "just-l1", "the county has no justice department in this world: the city's"
        assert PersonalValue.select().where(PersonalValue.case_id == row.id).exists()
    assert "2026-06-15" in page
    for secret in ("13712345678", "乌某某", "甲某"):
        assert secret not in page
    assert row.id not in page


def test_a_service_that_is_asked_for_again_because_the_answer_was_lost_opens_one_case(app: Flask, world: World) -> None:
    client = app.test_client()
    form = {"form": hidden(client.get("/service/notary").text), "region": "990121", "matter_text": "房屋继承公证",
            "applicant_name": "乌某某", "phone": "13712345678"}
    assert client.post("/service/notary", data=form).location == client.post("/service/notary", data=form).location
    with database.connection_context():
        assert CaseRow.select().where(CaseRow.procedure == "disputes.referral").count() == 1


def test_no_mediation_is_asked_of_a_side_that_has_refused(app: Flask, world: World) -> None:
    typed = {"region": "990121", "dispute_kind": "wages", "party_names": "甲某、乙某"}
    for refused in ("yes", ""):
        assert app.test_client().post("/service/mediation", data=typed | {"refused": refused}).status_code == 422
    with database.connection_context():
        assert not CaseRow.select().where(CaseRow.procedure == "disputes.mediation").exists()


def test_every_public_page_opens(app: Flask) -> None:
    for url in ("/ask", "/service", "/service/lawyers", "/service/legal-aid", "/lawyer"):
        assert app.test_client().get(url).status_code == 200, url
