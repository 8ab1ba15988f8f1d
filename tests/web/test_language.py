"""Chinese first; English complete: no page word without a translation, no page that mixes by accident."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.mofile import read_mo
from babel.messages.pofile import read_po
from flask import Flask

from core.extension.manager import load_plugins
from tests.web.catalogue import PO, extracted, folders
from tests.web.conftest import LogIn

RENEW = "python -m tests.web.catalogue; then write the English and run it again"


@pytest.fixture(scope="module", params=folders(), ids=lambda folder: str(folder.name))
def folder(request: pytest.FixtureRequest) -> Path:
    """A package with pages of its own."""
    found: Path = request.param
    return found


@pytest.fixture(scope="module")
def english(folder: Path) -> Catalog:
    """Its English catalogue as text."""
    with (folder / PO).open("rb") as file:
        return read_po(file, locale="en")


def test_every_plugin_that_translates_is_looked_at() -> None:
    declared = {platform.translations.parent for platform in load_plugins().platforms if platform.translations}
    assert declared == set(folders()[1:])


def test_every_word_of_the_pages_has_an_english_one(folder: Path, english: Catalog) -> None:
    untranslated = sorted(text for text in extracted(folder) if not (english.get(text) and english.get(text).string))
    assert not untranslated, f"{RENEW}: {untranslated}"


def test_the_catalogue_holds_nothing_that_no_page_says(folder: Path, english: Catalog) -> None:
    known = extracted(folder)
    stale = [message.id for message in english if message.id
             and (message.id if isinstance(message.id, str) else message.id[0]) not in known]
    assert not stale


def test_placeholders_survive_translation(english: Catalog) -> None:
    assert not [message.id for message in english if message.id and list(message.check(english))]


def test_the_compiled_catalogue_is_the_text_one(folder: Path, english: Catalog) -> None:
    compiled = read_mo(io.BytesIO((folder / PO).with_suffix(".mo").read_bytes()))
    for message in english:
        if message.id:
            key = message.id if isinstance(message.id, str) else message.id[0]
            assert compiled.get(key) is not None, key
            assert list(compiled.get(key).string) == list(message.string)


def test_chinese_comes_first_whatever_the_browser_prefers(app: Flask) -> None:
    page = app.test_client().get("/login", headers={"Accept-Language": "en"}).text
    assert "用户登录" in page
    assert '<html lang="zh-CN">' in page


def test_english_is_chosen_for_the_session_and_stays_through_log_in(app: Flask) -> None:
    client = app.test_client()
    client.post("/language", data={"language": "en"}, headers={"Referer": "http://localhost/login"})
    assert "Log in" in client.get("/login").text
    client.post("/login", data={"account": "handler", "password": "草原-Demo-2026"})
    page = client.get("/cases/case-faulty").text
    for words in ("Duties", "Public consultation lasts at least 30 days", "Drafting and public participation",
                  "Raised"):
        assert words in page
    assert "应办事项" not in page


def test_a_language_that_nobody_offers_is_refused(app: Flask) -> None:
    assert app.test_client().post("/language", data={"language": "xx"}).status_code == 400


def test_errors_speak_the_readers_language(log_in: LogIn) -> None:
    client = log_in("handler")
    assert "页面不存在" in client.get("/cases/none").text
    client.post("/language", data={"language": "en"})
    assert "Not found" in client.get("/cases/none").text
