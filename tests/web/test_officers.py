"""Registers of bodies and officers in the browser, and the public page behind a badge's QR code."""

from __future__ import annotations

import io
import re
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from flask import Flask
from flask.testing import FlaskClient

from core.database import database
from plugins.enforcement.officers.models import Body, Certificate, Change
from plugins.enforcement.officers.pages import words
from tests.officers_kit import CHANGE_HEAD, certificate, load_certificates, register, sheet
from tests.web.conftest import LogIn
from tests.web.world import PDF, World
from web.app import create_app

PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 64
PAGES = Path(words.__file__).parent


@pytest.fixture(autouse=True)
def _register(world: World) -> None:
    with database.connection_context():
        register(world.instance)


def code_of(number: str) -> str:
    with database.connection_context():
        return str(Certificate.get_by_id(number).code)


def text(answer: object) -> str:
    soup = BeautifulSoup(answer.text, "html.parser")  # type: ignore[attr-defined]
    return " ".join(soup.select_one("#main").get_text(" ").split())  # type: ignore[union-attr]


def change(client: FlaskClient, number: str = "15090001", **form: str) -> object:
    return client.post(f"/enforcement/officers/{number}/change", data={"kind": "suspended", "on": "2026-06-14", **form})


def test_a_genuine_badge_shows_body_and_last_day_and_neither_name_nor_number(app: Flask) -> None:
    page = app.test_client().get(f"/badge/{code_of('15090001')}")
    assert page.status_code == 200
    assert text(page) == ("执法证件核验 证件真实、有效 没有登记照片 单位 云岭市林业和草原局 有效期至 2030-01-09 "
                          "只有证件有效、由两名以上执法人员出示时，才应当接受检查、调查。")
    for hidden in ("甲一", "15090001", "林业草原", "自治区人民政府"):
        assert hidden not in page.text


def test_the_photo_is_on_the_public_page_of_a_valid_badge_only(app: Flask, log_in: LogIn) -> None:
    client = log_in("supervisor")
    url = "/enforcement/officers/15090001/photo"
    assert client.post(url, data={"photo": (io.BytesIO(PNG), "甲一.png")}).status_code == 302
    page = app.test_client().get(f"/badge/{code_of('15090001')}").text
    assert "data:image/png;base64," in page
    change(client, reason="考核不合格")
    void = app.test_client().get(f"/badge/{code_of('15090001')}")
    assert "data:image/png" not in void.text
    assert "证件无效" in text(void)
    assert "考核不合格" not in void.text


def test_a_picture_that_is_none_is_refused_as_a_photo(log_in: LogIn) -> None:
    answer = log_in("supervisor").post("/enforcement/officers/15090001/photo",
                                       data={"photo": (io.BytesIO(PDF), "甲一.pdf")})
    assert answer.status_code == 422
    assert "JPG 或者 PNG" in text(answer)


@pytest.mark.parametrize("code", ["A" * 22, "short", "%27%20OR%201=1", "A" * 4000, "中文中文"])
def test_a_forged_code_is_answered_calmly_and_always_alike(code: str, app: Flask) -> None:
    answer = app.test_client().get(f"/badge/{code}")
    assert answer.status_code == 404
    assert text(answer).startswith("执法证件核验 无法核实 没有与此二维码对应的有效执法证件。")


def test_the_old_code_is_void_once_the_badge_was_replaced(app: Flask, log_in: LogIn) -> None:
    old = code_of("15090001")
    change(log_in("supervisor"), kind="replaced", reason="遗失")
    assert app.test_client().get(f"/badge/{old}").status_code == 404
    assert app.test_client().get(f"/badge/{code_of('15090001')}").status_code == 200


def test_codes_are_all_different_and_long_enough_not_to_be_guessed(world: World) -> None:
    with database.connection_context():
        load_certificates(world.instance, *(certificate(f"151{n:05d}") for n in range(500)))
        codes = [row.code for row in Certificate.select(Certificate.code)]
    assert len(set(codes)) == len(codes) == 502
    assert all(re.fullmatch(r"[A-Za-z0-9_-]{22}", code) for code in codes)


def test_the_public_page_is_rate_limited(world: World) -> None:
    client = create_app(world.instance, WTF_CSRF_ENABLED=False).test_client()
    statuses = [client.get(f"/badge/{'B' * 22}").status_code for _ in range(31)]
    assert statuses == [404] * 30 + [429]


def test_the_register_is_searched_filtered_and_cut_by_the_database(world: World, log_in: LogIn) -> None:
    with database.connection_context():
        load_certificates(world.instance, *(certificate(f"151{n:05d}", f"乙{n}") for n in range(30)),
                          certificate("15200001", "过期人", issued="2019-01-01", until="2024-12-31"))
    client = log_in("supervisor")
    first = BeautifulSoup(client.get("/enforcement/officers").text, "html.parser")
    assert len(first.select("main tbody tr")) == 20
    assert "共 33 条" in first.select_one(".pager").text  # type: ignore[union-attr]
    for query, seen, unseen in (("q=甲一", "甲一", "乙3"), ("q=15100007", "乙7", "甲一"),
                                ("state=expired", "过期人", "甲一"),
                                ("state=valid", "甲一", "过期人"), ("region=990200", "没有符合条件", "甲一"),
                                ("organ=dept-l1&q=乙29", "乙29", "甲一")):
        page = text(client.get(f"/enforcement/officers?{query}"))
        assert seen in page, query
        assert unseen not in page, query
    assert "没有符合条件" in text(log_in("stranger").get("/enforcement/officers"))


def test_a_certificate_is_suspended_and_restored_with_reasons_that_its_history_keeps(log_in: LogIn) -> None:
    client = log_in("supervisor")
    assert change(client, reason="考核不合格", document="云司发〔2026〕9号").status_code == 302  # type: ignore[attr-defined]
    page = text(client.get("/enforcement/officers/15090001"))
    assert "考核不合格 云司发〔2026〕9号 巴特尔" in page
    assert "打印证牌" not in page
    assert client.get("/enforcement/officers/15090001/badge").status_code == 404
    change(client, kind="restored", reason="补考合格", on="2026-06-15")
    page = text(client.get("/enforcement/officers/15090001"))
    assert page.index("补考合格") < page.index("考核不合格")
    record = BeautifulSoup(client.get("/enforcement/officers/15090001").text, "html.parser").select("td a")[0]["href"]
    assert "变动内容校验值" in client.get(str(record)).text


def test_a_change_that_cannot_be_is_refused_with_the_form_as_it_was(log_in: LogIn) -> None:
    client = log_in("supervisor")
    for form, words_told in (({"reason": " "}, "没有写理由"), ({"reason": "调查中", "on": "2026-06-16"}, "还没有到"),
                             ({"kind": "renewed", "reason": "到期换发", "valid_until": "2029-01-01"}, "应当晚于")):
        answer = change(client, **form)
        assert answer.status_code == 422  # type: ignore[attr-defined]
        assert words_told in text(answer)
    assert 'value="2026-06-16"' in change(client, reason="调查中", on="2026-06-16").text  # type: ignore[attr-defined]
    with database.connection_context():
        assert Change.select().where(Change.kind == "suspended").count() == 0


def test_the_badge_for_printing_carries_a_code_that_leads_to_the_public_page(log_in: LogIn, app: Flask) -> None:
    page = log_in("supervisor").get("/enforcement/officers/15090001/badge")
    assert "甲一" in page.text
    assert "data:image/svg+xml" in page.text
    address = re.search(r"http://localhost(/badge/[\w-]{22})", page.text)
    assert address is not None
    assert app.test_client().get(address[1]).status_code == 200


def test_an_import_is_tried_first_and_every_wrong_row_named(log_in: LogIn) -> None:
    client = log_in("supervisor")

    def send(run: str, *rows: tuple[str, ...]) -> object:
        return client.post("/enforcement/registers/changes/import", data={
            "run": run, "file": (io.BytesIO(sheet(CHANGE_HEAD, *rows)), "注销.csv")})

    wrong = send("try", ("15090001", "注销", "退休"), ("15099999", "注销", "退休"))
    assert wrong.status_code == 422  # type: ignore[attr-defined]
    assert "3 1 证件编号 没有编号为 15099999 的执法证件" in text(wrong)
    assert "试导入无误" in text(send("try", ("15090001", "注销", "退休")))
    with database.connection_context():
        assert Certificate.get_by_id("15090001").state == "valid"
    assert "已正式导入" in text(send("apply", ("15090001", "注销", "退休")))
    with database.connection_context():
        assert Certificate.get_by_id("15090001").state == "cancelled"


def test_the_template_of_an_import_can_be_imported_once_it_is_filled_in(log_in: LogIn) -> None:
    client = log_in("supervisor")
    for what in ("bodies", "powers", "certificates", "changes"):
        template = client.get(f"/enforcement/registers/{what}/template")
        assert template.data.startswith(b"PK")
        answer = client.post(f"/enforcement/registers/{what}/import", data={
            "run": "try", "file": (io.BytesIO(template.data), f"{what}.xlsx")})
        assert answer.status_code == 200, text(answer)
    assert client.get("/enforcement/registers/people/template").status_code == 404


def test_one_certificate_is_issued_by_a_form_whose_mistakes_stand_at_their_fields(log_in: LogIn) -> None:
    client = log_in("supervisor")
    form = {"number": "15090009", "name": "甲九", "organ": "云岭市林业和草原局", "issuer": "演示自治区人民政府",
            "issued": "2026-06-01", "valid_until": "2026-05-01"}
    refused = client.post("/enforcement/registers/certificates/new", data=form)
    assert refused.status_code == 422
    wrong = BeautifulSoup(refused.text, "html.parser").select_one("fieldset.is-wrong")
    assert wrong is not None
    assert wrong.select_one("#valid_until") is not None
    assert 'value="甲九"' in refused.text
    done = client.post("/enforcement/registers/certificates/new", data={**form, "valid_until": "2032-05-31"})
    assert done.location == "/enforcement/officers"
    assert "核发" in text(client.get("/enforcement/officers/15090009"))


def test_a_body_shows_its_powers_and_keeps_its_document(log_in: LogIn) -> None:
    client = log_in("supervisor")
    assert "云岭市林业和草原局 法定行政机关 云政告〔2021〕3号 2021-07-15 — 长期 1 2" in text(
        client.get("/enforcement/bodies?q=林业"))
    url = "/enforcement/bodies/dept-l1"
    assert "CF-1 行政处罚 对毁坏林木的处罚 森林法 74" in text(client.get(url))
    assert client.get(f"{url}/document").status_code == 404
    assert client.post(f"{url}/document", data={"document": (io.BytesIO(PDF), "公告.pdf")}).status_code == 302
    assert client.get(f"{url}/document").data == PDF
    assert "上传确认文件" not in text(log_in("handler").get(url))
    with database.connection_context():
        assert Body.get_by_id("dept-l1").document_name == "公告.pdf"


def test_pages_speak_english(log_in: LogIn, app: Flask) -> None:
    client = log_in("supervisor")
    client.post("/language", data={"language": "en"})
    assert "Pending" not in text(client.get("/enforcement/bodies"))
    for url, word in (("/enforcement/bodies", "Powers"), ("/enforcement/officers", "Valid until"),
                      ("/enforcement/officers/15090001", "Change this certificate"),
                      ("/enforcement/registers/certificates/new", "Register certificates")):
        assert word in text(client.get(url)), url
    public = app.test_client()
    public.post("/language", data={"language": "en"})
    assert "Genuine and valid" in text(public.get(f"/badge/{code_of('15090001')}"))


def test_every_word_of_the_templates_has_an_english_one_and_no_word_is_left_over() -> None:
    sources = [*PAGES.glob("*.py"), *PAGES.glob("templates/**/*.html")]
    used = {found for file in sources if file.name != "words.py"
            for found in re.findall(r"\b(?:w|word)\(\s*[\"']([^\"']+)[\"']", file.read_text(encoding="utf-8"))}
    used |= {register.home_title for register in _registers().values()}
    assert used == set(words.ENGLISH)


def _registers() -> dict[str, object]:
    from plugins.enforcement.officers.pages.registers import REGISTERS

    return dict(REGISTERS)
