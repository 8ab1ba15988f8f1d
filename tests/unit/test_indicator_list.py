"""An official list of indicators is imported whole or refused cell by cell, and takes over the data that is there."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
import xlsxwriter

from core.errors import FazhiError
from core.rulebook.indicator_list import Imported, import_indicators
from core.rulebook.load import load_rules
from core.rulebook.paths import shipped_rules
from plugins.assessment.inventory import asked, asked_twice, results_of

SHIPPED = [shipped_rules() / name for name in ("assessment", "enforcement", "calendars", "platform")]
HEADINGS = ("一级指标", "二级指标", "三级指标", "分值", "代码", "视角", "计量方式", "目标值", "同", "证据")
ROWS = (
    ("政府职能", "放管服", "许可按期办结", "2", "K1", "效能", "", "", "R004", ""),
    ("", "", "权责清单公布", "1.5", "K2", "体系", "", "", "R009", ""),
    ("", "营商环境", "惠企政策宣讲次数", "0.5", "", "效能", "数量", "6", "", "宣讲记录"),
    ("依法行政", "执法", "超出裁量基准", "1", "", "", "", "", "assessment.plan-2015/R113", ""),
)
SCHEME = "region.official-2026"


def table(*rows: tuple[str, ...]) -> bytes:
    return "\n".join(",".join(row) for row in (HEADINGS, *rows)).encode()


def bring(data: bytes, home: Path, name: str = "official.csv", scheme: str = SCHEME) -> Imported:
    home.mkdir(exist_ok=True)
    return import_indicators(data, name, scheme, [*SHIPPED, home], home)


def refused(data: bytes, home: Path, **options: str) -> list[tuple[str, int]]:
    with pytest.raises(FazhiError) as error:
        bring(data, home, **options)
    assert not list(home.rglob("*.yaml"))
    return [(problem.code, problem.at.line if problem.at else 0) for problem in error.value.problems]


def test_a_list_becomes_a_scheme_with_its_three_levels_and_points(tmp_path: Path) -> None:
    home = tmp_path / "rules"
    done = bring(table(*ROWS), home)
    assert (done.first, done.second, done.third, done.taken_over) == (2, 3, 4, 3)
    scheme = load_rules([*SHIPPED, home]).schemes[SCHEME]
    assert [node.title.zh for node in scheme.nodes] == ["政府职能", "依法行政"]
    assert [node.weight for node in scheme.nodes] == [4, 1]
    assert [result.id for result in results_of(scheme)] == ["K1", "K2", "L003", "L004"]


def test_what_is_there_already_is_taken_over_and_not_asked_again(tmp_path: Path) -> None:
    home = tmp_path / "rules"
    bring(table(*ROWS), home)
    bundle = load_rules([*SHIPPED, home])
    plan, official = bundle.schemes["assessment.plan-2015"], bundle.schemes[SCHEME]
    k1, k2, own, tier = results_of(official)
    assert (k1.source, k1.measure.findings) == ("data", ("enforcement.licence/decided-20-days",
                                                         "enforcement.licence/decided-45-days-joint"))
    assert k2.key == ("assessment.plan-2015", "R009")
    assert own.key == (SCHEME, "L003")
    assert tier.measure.score is not None  # with its parameter
    assert asked_twice((plan, official)) == ()
    before = len(asked((plan,), "government", "county"))
    assert len(asked((plan, official), "government", "county")) == before + 1


def test_a_workbook_is_read_like_a_table(tmp_path: Path) -> None:
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer) as book:
        sheet = book.add_worksheet()
        for number, row in enumerate((HEADINGS, *ROWS)):
            sheet.write_row(number, 0, row)
    assert bring(buffer.getvalue(), tmp_path / "rules", name="official.xlsx").third == 4


def test_every_wrong_cell_is_told_at_its_row_and_nothing_is_written(tmp_path: Path) -> None:
    wrong = (
        ("甲", "乙", "无分值", "五分", "", "", "", "", "", ""),
        ("", "", "", "1", "", "", "", "", "", ""),
        ("", "", "重码", "1", "K1", "", "", "", "", ""),
        ("", "", "重码", "1", "K1", "", "", "", "", ""),
        ("", "", "视角不对", "1", "", "结果", "", "", "", ""),
        ("", "", "没有的成果", "1", "", "", "", "", "R999", ""),
        ("", "", "没有目标", "1", "", "", "数量", "", "", ""),
    )
    assert refused(table(*wrong), tmp_path / "rules") == [
        ("indicator-points", 2), ("cell-empty", 3), ("indicator-code", 5), ("cell-choice", 6), ("indicator-same", 7),
        ("indicator-points", 8)]


@pytest.mark.parametrize(("scheme", "code"), [
    ("官方方案", "indicator-scheme-id"), ("assessment.plan-2015", "indicator-scheme-taken")])
def test_the_scheme_has_an_id_of_its_own(tmp_path: Path, scheme: str, code: str) -> None:
    assert [found for found, _ in refused(table(*ROWS), tmp_path / "rules", scheme=scheme)] == [code]


def test_an_earlier_import_of_the_same_scheme_is_replaced(tmp_path: Path) -> None:
    home = tmp_path / "rules"
    bring(table(*ROWS), home)
    assert bring(table(*ROWS[:2]), home).third == 2
    assert len(results_of(load_rules([*SHIPPED, home]).schemes[SCHEME])) == 2


def test_a_yaml_list_that_would_not_load_is_refused(tmp_path: Path) -> None:
    text = f"kind: indicators\nid: {SCHEME}\ntitle: 官方\nper: organ\nnodes: [{{id: A, title: 甲, weight: 1}}]\n"
    assert refused(text.encode(), tmp_path / "rules", name="official.yaml")
