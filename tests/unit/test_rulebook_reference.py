"""The reference of rule files: its examples load, its tables are those of the models."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import yaml

from core.rulebook.documents import Source
from core.rulebook.kinds import KINDS
from core.rulebook.load import load_sources
from core.rulebook.reference import renewed

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "kinds.md"
TEXT = PAGE.read_text(encoding="utf-8")
EXAMPLES = re.findall(r"```yaml\n(.*?)```", TEXT, re.DOTALL)


def test_the_examples_of_the_page_are_one_sound_rulebook() -> None:
    made = load_sources(Source(f"{number}.yaml", text.encode()) for number, text in enumerate(EXAMPLES))
    assert made.warnings == ()
    days = [rule.within.length for rule in made.rules("example.licence", "150900")
            if rule.local_id == "accept-in-time" and rule.within and date(2026, 3, 2) in rule.valid]
    assert days == [3]


def test_every_kind_has_an_example_and_a_heading() -> None:
    assert {yaml.safe_load(text)["kind"] for text in EXAMPLES} == set(KINDS)
    for name in KINDS:
        assert re.search(rf"^## {name} ", TEXT, re.MULTILINE)


def test_the_tables_are_those_of_the_models() -> None:
    assert renewed(TEXT, KINDS) == TEXT, "run: python -m core.rulebook.reference docs/reference/kinds.md"
    assert TEXT.count("<!-- keys: ") == len(KINDS) + 1
