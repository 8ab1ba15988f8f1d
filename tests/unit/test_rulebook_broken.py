"""Each mistake a rule author makes gets one message, at its place, with a way out, in both languages."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from core.errors import FazhiError, Problem
from core.rulebook.load import load_rules

FOLDER = Path(__file__).parents[1] / "broken_rules"
EXPECTED: dict[str, dict[str, Any]] = yaml.safe_load((FOLDER / "expected.yaml").read_text(encoding="utf-8"))


def problems_of(name: str) -> tuple[Problem, ...]:
    path = FOLDER / name if (FOLDER / name).is_dir() else FOLDER / f"{name}.yaml"
    try:
        return load_rules([FOLDER / "base", path]).warnings
    except FazhiError as error:
        return error.problems


@pytest.mark.parametrize("name", EXPECTED)
def test_a_broken_file_is_answered_at_its_place_with_a_way_out(name: str) -> None:
    expected = EXPECTED[name]
    problems = problems_of(name)
    assert len(problems) == expected.get("count", 1), [problem.render() for problem in problems]
    problem = problems[0]
    assert problem.at is not None
    assert problem.code == expected["code"]
    assert f"{problem.at.line}:{problem.at.column}" == expected["at"]
    assert problem.at.file.endswith(expected.get("file", f"{name}.yaml"))
    assert problem.warning is expected.get("warning", False)
    chinese = problem.render("zh")
    for word in expected["words"]:
        assert word in chinese
    for language in ("zh", "en"):
        assert problem.fix(language), "every message says what to do"
        # a message that names a detail it was not given would show its braces
        for name_ in ("suggestion", "known", "found", "field", "key"):
            assert f"{{{name_}}}" not in problem.render(language)
    assert problem.message("en") != problem.message("zh")


def test_every_broken_file_has_an_expectation() -> None:
    found = {path.stem for path in FOLDER.iterdir() if path.name not in ("base", "expected.yaml")}
    assert found == set(EXPECTED)
    assert len(found) >= 45


def test_the_rules_that_broken_files_stand_on_are_sound() -> None:
    assert load_rules([FOLDER / "base"]).warnings == ()
