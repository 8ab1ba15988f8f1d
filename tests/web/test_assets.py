"""Front-end files: what the packages published, nothing from elsewhere, nothing above the stated browser floor."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

import pytest

import web

STATIC = Path(web.__file__).parent / "static"
TEMPLATES = sorted((Path(web.__file__).parent / "templates").rglob("*.html"))
OWN_CSS = ("app.css", "case.css", "print.css")
OWN_JS = ("app.js", "charts.js", "legacy.js")
NEWER_THAN_CHROMIUM_84 = re.compile(
    r":has\(|:is\(|@container|@layer|color-mix\(|&\s*[{.:>]|inset:|aspect-ratio|accent-color")


def test_vendored_files_are_what_the_packages_published() -> None:
    for line in (STATIC / "vendor/SHA256SUMS").read_text().splitlines():
        digest, name = line.split()
        assert hashlib.sha256((STATIC / "vendor" / name).read_bytes()).hexdigest() == digest, name


def test_every_vendored_file_is_listed_with_its_licence() -> None:
    readme = (STATIC / "vendor/README.md").read_text(encoding="utf-8")
    for file in (STATIC / "vendor").glob("*.*"):
        assert file.name in readme or file.name == "README.md", file.name
    assert {"bootstrap.txt", "htmx.txt", "echarts.txt", "bootstrap-icons.txt"} <= {
        file.name for file in (STATIC / "vendor/licences").iterdir()}


@pytest.mark.parametrize("name", OWN_CSS)
def test_the_style_needs_no_browser_newer_than_the_floor(name: str) -> None:
    assert not NEWER_THAN_CHROMIUM_84.findall((STATIC / name).read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", OWN_JS)
def test_scripts_evaluate_no_text_and_load_nothing_from_elsewhere(name: str) -> None:
    text = (STATIC / name).read_text(encoding="utf-8")
    assert not re.search(r"\beval\(|new Function|https?://|innerHTML", text)


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: path.name)
def test_templates_hold_no_inline_handlers_and_name_no_other_host(template: Path) -> None:
    text = template.read_text(encoding="utf-8")
    assert not re.search(r'\son[a-z]+="', text)
    assert not re.search(r'(src|href)="(https?:)?//', text)
    assert not re.search(r"<script(?![^>]*(src=|application/json))", text)


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: path.name)
def test_every_icon_that_a_template_names_is_in_the_sprite(template: Path) -> None:
    sprite = (STATIC / "vendor/icons.svg").read_text(encoding="utf-8")
    for name in re.findall(r'icon\("([a-z-]+)"\)', template.read_text(encoding="utf-8")):
        assert f'id="{name}"' in sprite, name


def test_old_browsers_get_a_notice() -> None:
    base = (Path(web.__file__).parent / "templates/base.html").read_text(encoding="utf-8")
    assert re.search(r"legacy\.js'\) }}\" nomodule", base)
    assert "极速模式" in base
