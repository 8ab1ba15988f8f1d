"""The rule author's tutorial does, step by step, what it says."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from tests.docs.pages import Block, blocks, write_files
from web.cli import main

PAGE = "tutorial/rule-author.md"
OVERLAY = "regions/150900/complaint.yaml"
BLOCKS = blocks(PAGE)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Her folder before the chapter on overlays; commands are run beside it."""
    write_files(PAGE, tmp_path / "rules")
    (tmp_path / "rules" / OVERLAY).rename(tmp_path / "overlay.yaml")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("FAZHI_HOME", str(tmp_path / "var"))
    return tmp_path / "rules"


def fazhi(*arguments: str) -> Result:
    return CliRunner().invoke(main, arguments)


def said(mark: str, about: str | None = None) -> str:
    """What the tutorial shows under a mark, without the last line's end."""
    return next(block.body.rstrip("\n") for block in BLOCKS if block.mark == mark and about in (None, block.about))


def test_the_rules_of_the_tutorial_are_sound(folder: Path) -> None:
    result = fazhi("rules", "check", "rules")
    assert result.exit_code == 0
    for line in said("check", "ok").splitlines():
        # the last file of chapter 4 is not written yet in chapter 3
        assert line.replace("2 个文件", "3 个文件") in result.output


@pytest.mark.parametrize("block", [block for block in BLOCKS if block.mark == "break"], ids=lambda block: block.about)
def test_a_slip_gets_exactly_the_words_shown(folder: Path, block: Block) -> None:
    name, wrong, instead = (part.replace("\\n", "\n") for part in block.about.split(" | "))
    path = folder / name
    text = path.read_text(encoding="utf-8")
    assert wrong in text
    path.write_text(text.replace(wrong, instead), encoding="utf-8")
    result = fazhi("rules", "check", "rules")
    assert result.exit_code == 1
    assert result.output == block.body


def test_the_examples_hold_and_cover_both_outcomes(folder: Path) -> None:
    result = fazhi("rules", "test", "--cover", "rules")
    assert result.exit_code == 0, result.output
    assert result.output.rstrip("\n") == said("test", "ok")


def test_an_example_that_does_not_hold_is_named(folder: Path) -> None:
    block = next(block for block in BLOCKS if block.mark == "miss")
    name, right, wrong = block.about.split(" | ")
    path = folder / name
    path.write_text(path.read_text(encoding="utf-8").replace(right, wrong), encoding="utf-8")
    result = fazhi("rules", "test", "rules")
    assert result.exit_code == 1
    assert block.body.rstrip("\n") in result.output


def test_an_overlay_beyond_the_bound_is_refused_with_the_words_shown_and_three_days_are_in_effect(
        folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    overlay = folder / OVERLAY
    (folder.parent / "overlay.yaml").rename(overlay)
    refused = fazhi("rules", "check", "rules")
    assert refused.exit_code == 1
    assert refused.output.rstrip("\n") == said("check", "refused")
    overlay.write_text(overlay.read_text(encoding="utf-8").replace("days: 1", "days: 3"), encoding="utf-8")
    assert fazhi("rules", "check", "rules").exit_code == 0
    monkeypatch.setenv("FAZHI_RULES_DIR", str(folder))
    assert said("effective", "150900") in fazhi("rules", "effective", "150900", "--on", "2026-03-02").output
    assert "train.complaint/accept-in-time.days = 5" in fazhi(
        "rules", "effective", "150100", "--on", "2026-03-02").output
