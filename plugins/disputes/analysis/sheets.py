"""The analysis and the rates as workbooks."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import xlsxwriter
from flask_babel import gettext as _

from core.marks import DEMO, is_marked
from core.rulebook.model import Procedure
from plugins.disputes.analysis.figures import Analysis
from web.kit.language import say

Rows = Iterable[Sequence[Any]]


def analysis_book(found: Analysis, names: Mapping[str, str], title_of: Callable[[str, str], str], base: str, *,
                  lawsuits: bool = False) -> bytes:
    """A sheet for each view of the analysis."""
    lost, share = (_("败诉"), _("败诉率")) if lawsuits else (_("纠错"), _("纠错率"))
    head = (str(_("审结")), str(lost), str(_("调解和解")), f"{share}（{base}）")
    organs = ((names.get(line.key, line.key), *_line(line)) for line in found.organs)
    outcomes = ((title_of("result" if lawsuits else "outcome", key), number) for key, number in found.outcomes)
    return _book({
        str(_("机关")): [(str(_("机关")), *head), *organs],
        str(_("行为种类")): [(str(_("行为种类")), *head),
                         *((title_of("act_kind", line.key), *_line(line)) for line in found.acts)],
        str(_("结果")): [(str(_("结果")), str(_("案件"))), *outcomes],
        str(_("情形和条文")): [(str(_("情形")), str(_("条文")), str(_("案件"))), *(
            (title_of("grounds", ground), article, n) for (ground, article), n in sorted(
                found.matrix.items(), key=lambda item: -item[1]))],
        str(_("趋势")): [(str(_("月份")), *head), *((line.key, *_line(line)) for line in found.months)],
    })


def rates_book(groups: Sequence[tuple[Procedure, Sequence[Any]]]) -> bytes:
    """One sheet with every rate, its base and its share."""
    rows: list[Sequence[Any]] = [(str(_("代码")), str(_("程序")), str(_("指标")), str(_("分母")), str(_("分子")),
                                  str(_("比率")), str(_("说明")))]
    rows += [(rate.code, say(procedure.title), say(rate.title), among, hits, hits / among if among else "",
              say(rate.note) if rate.note else "") for procedure, rates in groups for rate, among, hits in rates]
    return _book({str(_("争议化解指标")): rows})


def _line(line: Any) -> tuple[Any, ...]:
    return line.base, line.corrected, line.settled, line.rate if line.rate is not None else ""


def _book(sheets: Mapping[str, Rows]) -> bytes:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        bold, share = book.add_format({"bold": True}), book.add_format({"num_format": "0.0%"})
        demo, first = book.add_format({"bold": True, "font_color": "#B3211C"}), int(is_marked(DEMO))
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            sheet.set_column(0, 2, 30)
            if first:
                sheet.write_string(0, 0, str(_("演示数据：地区、机关、人员和事项均为虚构。")), demo)
            sheet.freeze_panes(first + 1, 0)
            for place, row in enumerate(rows, first):
                for column, value in enumerate(row):
                    form = bold if place == first else share if isinstance(value, float) else None
                    if isinstance(value, str):
                        sheet.write_string(place, column, value, form)
                    else:
                        sheet.write_number(place, column, value, form)
    return out.getvalue()
