"""A region narrows rows of a discretion table: inside the parent's row, proved again, for its dates and below it."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from core.discretion.inputs import Value
from core.discretion.proof import prove
from core.errors import FazhiError
from core.rulebook.bundle import Bundle
from core.rulebook.documents import Source
from core.rulebook.load import load_sources
from core.rulebook.paths import shipped_rules
from scoring.discretion.evaluate import evaluate

FOOD = Path(shipped_rules()) / "enforcement" / "discretion" / "food-business-without-licence.yaml"
OVERLAY = """kind: overlay
region: "{region}"
authority: {{issuer: 市场监管局, document: 裁量细则}}
valid: {{from: 2026-01-01}}
narrow:
  BM-FOOD-122:
    - {row}
"""
FACTS: dict[str, Value] = {"goods_value": Decimal(8000), "circumstance": "一般"}


def bundle(*rows: str, region: str = "150900", below: str = "") -> Bundle:
    files = [Source("food.yaml", FOOD.read_bytes())]
    text = OVERLAY.format(region=region, row="\n    - ".join(rows))
    files.append(Source("overlay.yaml", text.encode()))
    if below:
        files.append(Source("below.yaml", OVERLAY.format(region="150902", row=below).encode()))
    return load_sources(files)


def fine(rules: Bundle, region: str, day: date = date(2026, 6, 1)) -> str:
    (table,) = (one for one in rules.discretion_versions("BM-FOOD-122", region) if day in one.valid)
    answer = evaluate(table, FACTS, day)
    assert answer.fine is not None
    return answer.fine.text.zh


def test_a_narrowed_row_counts_in_the_region_and_below_from_its_day_on() -> None:
    rules = bundle("{row: 3, tier: 一般, range: [70000, 80000]}")
    assert fine(rules, "150900") == fine(rules, "150902") == "70000—80000 元"
    assert fine(rules, "150100") == fine(rules, "") == "65000—85000 元"
    assert fine(rules, "150900", date(2025, 12, 31)) == "65000—85000 元"


def test_a_county_narrows_what_its_league_narrowed_and_every_table_still_proves() -> None:
    rules = bundle("{row: 3, tier: 一般, range: [70000, 80000]}", below="{row: 3, tier: 一般, fixed: 75000}")
    assert fine(rules, "150902") == "75000 元"
    assert fine(rules, "150900") == "70000—80000 元"
    for region in ("", "150900", "150902"):
        for table in rules.discretion(region):
            assert not [flaw for flaw in prove(table) if flaw.severe]


@pytest.mark.parametrize(("row", "below", "code"), [
    ("{row: 3, tier: 一般, range: [60000, 80000]}", "", "narrow-wider"),
    ("{row: 3, tier: 一般, range: [70000, 80000]}", "{row: 3, tier: 一般, range: [65000, 75000]}", "narrow-wider"),
    ("{row: 3, tier: 从重, range: [70000, 80000]}", "", "narrow-tier"),
    ("{row: 9, tier: 一般, range: [70000, 80000]}", "", "narrow-row"),
    ("{row: 3, tier: 一般}", "", "narrow-range-or-fixed")])
def test_what_is_wider_or_meets_no_row_is_refused_at_its_place(row: str, below: str, code: str) -> None:
    with pytest.raises(FazhiError) as refused:
        bundle(row, below=below)
    (problem,) = refused.value.problems
    assert problem.code == code
    assert problem.at is not None
    assert problem.at.line == 7
