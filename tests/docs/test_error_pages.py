"""Every error has a page that is current, whose wrong input is really wrong and whose right input really loads."""

from __future__ import annotations

import re
import shlex

import click
import pytest

from plugins.decisions.plugin import platform
from tests.docs import error_pages
from tests.docs.error_samples import Sample, problems_of
from web.cli import main

RENEW = "run: python -m tests.docs.reference_pages"
CODES = [code.name for code in error_pages.codes()]
ERRORS = [code for code in error_pages.codes() if not error_pages.is_phrase(code.name)]
SAMPLES = dict(error_pages.samples())
PAGES = error_pages.pages()


def test_every_code_has_one_meaning() -> None:
    assert sorted(CODES) == sorted(set(CODES))


def test_every_error_is_explained_and_nothing_else_is() -> None:
    described = set(error_pages.entries())
    missing = {code.name for code in ERRORS} - described
    assert not missing, f"write what, avoid, prefer and why in docs/reference/errors/source, then {RENEW}"
    assert described <= set(CODES), "the source explains codes that are gone"


def test_every_error_has_a_current_page_and_no_page_is_left_over() -> None:
    assert {path.name for path in error_pages.FOLDER.glob("*.md")} == set(PAGES), RENEW
    stale = [name for name, text in PAGES.items() if (error_pages.FOLDER / name).read_text(encoding="utf-8") != text]
    assert not stale, RENEW


def test_phrases_exist_and_are_marked() -> None:
    for start, entry in error_pages.phrases().items():
        assert entry["phrase"] is True
        assert entry["where"]
        assert any(error_pages.is_phrase(code) and code.startswith(start) for code in CODES), start


@pytest.mark.parametrize("code", ERRORS, ids=lambda code: code.name)
def test_a_page_says_what_it_is_how_one_meets_it_what_to_do_and_why(code: error_pages.Code) -> None:
    entry = error_pages.entries()[code.name]
    known = {**error_pages.glossary(), **entry.get("details", {})}
    assert set(code.placeholders) <= set(known), "explain what is filled in, in placeholders.yaml or under details"
    assert code.name in SAMPLES or {"case", "prefer"} <= set(entry)
    assert len(entry.get("why", "")) >= 20
    assert set(entry.get("details", {})) <= set(code.placeholders)


def test_no_two_codes_have_the_same_reason() -> None:
    reasons = [entry["why"] for entry in error_pages.entries().values()]
    assert sorted(reasons) == sorted(set(reasons))


@pytest.mark.parametrize(("code", "sample"), SAMPLES.items(), ids=SAMPLES)
def test_the_wrong_input_has_this_error_and_the_right_one_loads(code: str, sample: Sample) -> None:
    assert code in [problem.code for problem in problems_of(sample.wrong)]
    assert [problem.render() for problem in problems_of(sample.right)] == []


def test_the_commands_on_the_pages_exist_with_their_options() -> None:
    shipped = {**main.commands, **{command.name: command for command in platform().commands}}
    for name, text in PAGES.items():
        for written in re.findall(r"`fazhi ([^`]+)`", text):
            command: click.Command = click.Group(commands=shipped)
            words = shlex.split(written)
            while isinstance(command, click.Group):
                assert words, f"{name}: fazhi {written}"
                assert words[0] in command.commands, f"{name}: fazhi {written}"
                command = command.commands[words.pop(0)]
            options = {option for part in command.params for option in (*part.opts, *part.secondary_opts)}
            assert {word for word in words if word.startswith("--")} <= options, f"{name}: fazhi {written}"
