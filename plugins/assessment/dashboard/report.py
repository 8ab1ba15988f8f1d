"""The year of an organ to take along: every result as a workbook, and a report with charts as PDF."""

from __future__ import annotations

import functools
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

from flask import Blueprint, Response, abort
from flask_babel import gettext as _

from core.documents.pdf import typeset
from core.marks import DEMO, is_marked
from core.organs.authority import Action
from core.organs.vocabulary import KIND_TITLES, LEVEL_TITLES, OrganKind, RegionLevel
from plugins.assessment.dashboard.asking import Asked, asked_for, find_organ, scored_of
from plugins.assessment.dashboard.drawing import Line, course, radar
from plugins.assessment.dashboard.figures import means, standing
from scoring.assessment.queries import trend
from scoring.assessment.score import OrganScored
from scoring.trace import TraceNode
from web.kit.access import page_required
from web.kit.language import language, say
from web.kit.sheets import spreadsheet
from web.kit.words import TRACE_STATUSES, day, points, word
from web.kit.workbook import workbook

pages = Blueprint("assessment_report", __name__, url_prefix="/assessment")
HERE = Path(__file__).parent
LOSSES = 20


@pages.get("/organs/<organ>/report.xlsx", endpoint="book")
@page_required(Action.VIEW_SCORE)
def book(organ: str) -> Response:
    """Every result with its numbers."""
    asked, scored = _asked(organ)
    total = [[str(_("机关")), str(_("年度")), str(_("截至")), str(_("得分")), str(_("已得")),
              str(_("已到评分时点")), str(_("暂定"))],
             [asked.organ.name, asked.year, scored.day, scored.score, scored.earned, scored.due,
              str(_("是")) if scored.provisional else str(_("否"))], [],
             [str(_("项目")), "", "", str(_("得分率")), str(_("得分")), str(_("已到评分时点"))]]
    total += [[say(part.title), "", "", part.score, part.earned, part.due]
              for part in (*scored.views(), *scored.aspects())]
    head = [str(_("编号")), str(_("方面")), str(_("措施")), str(_("成果")), str(_("状态")), str(_("分值")),
            str(_("得分")), str(_("分子")), str(_("分母")), str(_("数值")), str(_("依据")), str(_("说明"))]
    return spreadsheet(workbook({str(_("总分")): total, str(_("各项成果")): [head, *_results(scored)]}),
                       f"assessment-{asked.year}-{organ}")


@pages.get("/organs/<organ>/report.pdf", endpoint="pdf")
@page_required(Action.VIEW_SCORE)
def pdf(organ: str) -> Response:
    """The report with charts."""
    asked, scored = _asked(organ)
    pictures = {"radar.svg": _radar(asked, scored).encode()}
    points_known = () if asked.earlier else trend(scored.scheme.id, asked.year, organ, "month")
    if len(points_known) > 1:
        pictures["course.svg"] = str(course(
            "", [point.day.isoformat()[:7] for point in points_known],
            [Line("", [point.score for point in points_known])])).encode()
    data = _data(asked, scored) | {"course": "course.svg" in pictures}
    made = typeset(layout(), data, pictures, "".join(_words(data)), data["title"])
    return Response(made, mimetype="application/pdf", headers={
        "Content-Disposition": f"inline; filename=assessment-{asked.year}-{organ}.pdf"})


@functools.cache
def layout() -> str:
    """The layout of the report."""
    return (HERE / "report.typ").read_text(encoding="utf-8")


def _asked(organ: str) -> tuple[Asked, OrganScored]:
    asked = asked_for(find_organ(organ))
    scored = scored_of(asked)
    if scored is None:
        abort(404)
    return asked, scored


def _results(scored: OrganScored) -> Iterator[list[Any]]:
    for aspect in scored.nodes:
        for measure in aspect.children:
            for leaf in measure.walk():
                if leaf.kind != "leaf":
                    continue
                facts = {fact.name: number for fact in leaf.facts if (number := _number(fact.value)) is not None}
                yield [leaf.id, say(aspect.title), say(measure.title), say(leaf.title), _status(leaf), leaf.weight,
                       leaf.earned, facts.get("numerator"), facts.get("denominator"), facts.get("value"), _basis(leaf),
                       _notes(leaf)]


def _number(value: str | None) -> Decimal | None:
    plain = value is not None and value.replace(".", "", 1).removeprefix("-").isdigit()
    return Decimal(value) if plain and value is not None else None


def _status(node: TraceNode) -> str:
    return str(word(TRACE_STATUSES, node.status).title)


def _basis(node: TraceNode) -> str:
    return str(_("、")).join(each.to(language()) for each in node.citations)


def _notes(node: TraceNode) -> str:
    return str(_("；")).join(note.text(language()) for note in node.notes)


def _radar(asked: Asked, scored: OrganScored) -> str:
    parts = scored.aspects()
    lines = [Line("", [part.score for part in parts])]
    if not asked.earlier:
        mean = means(scored.scheme.id, asked.year, asked.organ.level, asked.organ.kind)
        lines.append(Line("", [mean.get(("aspect", part.id)) for part in parts]))
    return str(radar("", [say(part.title) for part in parts], lines))


def _data(asked: Asked, scored: OrganScored) -> dict[str, Any]:
    place = standing(scored.scheme.id, asked.year, asked.organ, scored.score)
    group = f"{say(LEVEL_TITLES[RegionLevel(asked.organ.level)])} · {say(KIND_TITLES[OrganKind(asked.organ.kind)])}"
    leaves = [node for top in scored.nodes for node in top.walk() if node.kind == "leaf"]
    lost = sorted((leaf for leaf in leaves if leaf.earned is not None and leaf.weight and leaf.earned < leaf.weight),
                  key=lambda leaf: (leaf.earned or 0) - (leaf.weight or 0))[:LOSSES]
    provisional = str(_("（暂定）")) if scored.provisional else ""
    return {
        "title": str(_("%(organ)s %(year)s 年度法治政府建设考核报告", organ=asked.organ.name, year=asked.year)),
        "organ": asked.organ.name, "mark": str(_("演示数据")) if is_marked(DEMO) else "",
        "lead": str(_("%(scheme)s；截至 %(day)s；%(group)s", scheme=say(scored.scheme.title), day=day(scored.day),
                      group=group)),
        "foot": str(_("由法治政府建设智能化一体平台按存证记录生成；每一分都可在平台上打开到条文和事项。")),
        "figures": [
            {"value": points(scored.score), "title": str(_("总得分")) + provisional},
            {"value": "—" if asked.earlier or place.rank is None else str(place.rank),
             "title": str(_("同类名次（共 %(size)s 个）", size=place.size))},
            *({"value": points(part.score), "title": say(part.title)} for part in scored.views())],
        "notes": [note.text(language()) for note in scored.notes],
        "words": {"aspects": str(_("各方面得分率（虚线为同类平均）")), "course": str(_("得分走势")),
                  "losses": str(_("失分最多的成果")), "measures": str(_("各项措施"))},
        "aspects": {"head": [str(_("方面")), str(_("得分率")), str(_("得分"))],
                    "lines": [[say(part.title), points(part.score), f"{part.earned} / {part.due}"]
                              for part in scored.aspects()]},
        "losses": {"head": [str(_("编号")), str(_("成果")), str(_("得分")), str(_("分值")), str(_("依据"))],
                   "lines": [[leaf.id, say(leaf.title), points(leaf.earned), points(leaf.weight), _basis(leaf)]
                             for leaf in lost]},
        "measures": {"head": [str(_("编号")), str(_("措施")), str(_("得分")), str(_("分值"))],
                     "lines": [[node.id, say(node.title), points(node.earned), points(node.weight)]
                               for top in scored.nodes for node in top.children if node.kind in ("node", "leaf")]}}


def _words(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for each in value.values():
            yield from _words(each)
    elif isinstance(value, list):
        for each in value:
            yield from _words(each)
