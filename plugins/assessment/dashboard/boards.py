"""Rankings within comparable groups, organs and regions side by side, and both as workbooks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from flask import Blueprint, Response, request
from flask_babel import gettext as _

from core.organs.authority import Action
from core.organs.codes import CODE
from core.organs.models import Organ
from core.organs.visibility import visible_organs
from core.organs.vocabulary import KIND_TITLES, LEVEL_TITLES, OrganKind, RegionLevel
from core.rulebook.model import Scheme
from core.rulebook.schemes import VIEW_TITLES
from plugins.assessment.dashboard.drawing import Line, course, radar
from plugins.assessment.dashboard.figures import Key, Placed, board, with_parts
from plugins.assessment.pages.asking import schemes_in_use
from scoring.assessment.models import OrganScoreRow
from scoring.assessment.queries import OrganGroup, groups
from scoring.columns import tuples
from web.kit.access import page_required, the_actor
from web.kit.language import say
from web.kit.paging import Page, asked_page
from web.kit.people import region_names
from web.kit.regions import region_choices
from web.kit.render import render_page
from web.kit.sheets import spreadsheet
from web.kit.workbook import workbook
from web.kit.years import asked_year, years

pages = Blueprint("assessment_boards", __name__, url_prefix="/assessment", template_folder="templates")
LINES = 50
MOST_COMPARED = 6
WORDS = 80


@dataclass(frozen=True, slots=True)
class Chosen:
    """What a ranking page was asked for."""

    schemes: Sequence[Scheme]
    scheme: Scheme | None
    year: int
    offered: Sequence[OrganGroup]
    group: OrganGroup | None
    region: str
    by: Key | None
    words: str

    @property
    def lines(self) -> tuple[Placed, ...]:
        """The whole ranking."""
        if self.scheme is None or self.group is None:
            return ()
        return board(self.scheme.id, self.year, self.group.level, self.group.kind, self.region, self.by, self.words)


def _chosen() -> Chosen:
    year, place = asked_year(), the_actor().place
    schemes = schemes_in_use(place.region, year)
    wanted = {name: request.args.get(name, "").strip()[:WORDS] for name in ("scheme", "group", "region", "by", "q")}
    scheme = next((each for each in schemes if each.id == wanted["scheme"]), next(iter(schemes), None))
    offered = sorted(groups(scheme.id, year), key=_order) if scheme else []
    group = next((each for each in offered if _value(each) == wanted["group"]), None) or next(
        (each for each in offered if each.size > 1 and each.kind == OrganKind.GOVERNMENT), None) or next(
        iter(offered), None)
    by = tuple(wanted["by"].split(".", 1))
    known = {("view", view.value) for view in VIEW_TITLES} | {
        ("aspect", node.id) for node in (scheme.nodes if scheme else ())}
    return Chosen(schemes, scheme, year, offered, group, wanted["region"] if CODE.fullmatch(wanted["region"]) else "",
                  by if by in known else None, wanted["q"])


def _order(group: OrganGroup) -> tuple[bool, int, str]:
    return group.kind != OrganKind.GOVERNMENT, RegionLevel(group.level).rank, group.kind


def _value(group: OrganGroup) -> str:
    return f"{group.level}.{group.kind}"


def group_title(group: OrganGroup) -> str:
    """旗县级 · 人民政府."""
    return f"{say(LEVEL_TITLES[RegionLevel(group.level)])} · {say(KIND_TITLES[OrganKind(group.kind)])}"


def _columns(scheme: Scheme | None) -> list[tuple[Key, str]]:
    """What a ranking may be ordered by beside the total."""
    views: list[tuple[Key, str]] = [(("view", view.value), say(title)) for view, title in VIEW_TITLES.items()]
    return views + [(("aspect", node.id), say(node.title)) for node in (scheme.nodes if scheme else ())]


@pages.get("/ranking", endpoint="ranking")
@page_required(Action.VIEW_RANKING)
def ranking() -> str:
    """The organs of a comparable group, best first."""
    chosen = _chosen()
    lines = chosen.lines
    number = min(asked_page(), max(1, -(-len(lines) // LINES)))
    shown = lines[(number - 1) * LINES : number * LINES]
    if chosen.scheme:
        shown = with_parts(chosen.scheme.id, chosen.year, shown)
    return render_page(
        "assessment/ranking.html", str(_("考核排名")), chosen=chosen, page=Page(shown, number, LINES, len(lines)),
        groups=[(_value(each), f"{group_title(each)}（{each.size}）") for each in chosen.offered],
        group=_value(chosen.group) if chosen.group else "", years=years(), regions=region_choices(the_actor()),
        places=region_names({line.region for line in shown}), columns=_columns(chosen.scheme),
        by=".".join(chosen.by) if chosen.by else "", seen=_seen(shown), views=list(VIEW_TITLES.items()),
        page_lead=str(_("只在同级同类之间排名；得分相同的并列。勾选后可以并排比较。")))


@pages.get("/ranking.xlsx", endpoint="ranking_book")
@page_required(Action.VIEW_RANKING)
def ranking_book() -> Response:
    """The whole ranking as a workbook."""
    chosen = _chosen()
    lines = chosen.lines
    parts = _all_parts(chosen, lines)
    columns = _columns(chosen.scheme)
    head = [str(_("名次")), str(_("机关")), str(_("地区")), str(_("得分")), str(_("暂定")),
            *(title for _key, title in columns)]
    places = region_names({line.region for line in lines})
    rows = [(line.rank, line.name, places[line.region], line.points, _yes(line.provisional),
             *(parts[line.organ].get(key) for key, _title in columns)) for line in lines]
    return spreadsheet(workbook({str(_("考核排名")): [head, *rows]}), f"assessment-ranking-{chosen.year}")


def _all_parts(chosen: Chosen, lines: Sequence[Placed]) -> Mapping[str, Mapping[Key, Decimal | None]]:
    found: dict[str, Mapping[Key, Decimal | None]] = {}
    for start in range(0, len(lines), 400):
        scheme = chosen.scheme.id if chosen.scheme else ""
        found |= {line.organ: line.parts for line in with_parts(scheme, chosen.year, lines[start : start + 400])}
    return found


def _yes(value: bool) -> str:
    return str(_("是")) if value else str(_("否"))


@pages.get("/compare", endpoint="compare")
@page_required(Action.VIEW_RANKING)
def compare() -> str:
    """Up to six organs side by side."""
    year, place = asked_year(), the_actor().place
    schemes = schemes_in_use(place.region, year)
    wanted = request.args.get("scheme", "")
    scheme = next((each for each in schemes if each.id == wanted), next(iter(schemes), None))
    organs = list(dict.fromkeys(request.args.getlist("organ")))[:MOST_COMPARED]
    lines = _side_by_side(scheme, year, organs) if scheme else ()
    columns = [column for column in _columns(scheme) if column[0][0] == "aspect"]
    drawn = [Line(line.name, [line.parts.get(key) for key, _title in columns]) for line in lines]
    titles = [title for _key, title in columns]
    return render_page(
        "assessment/compare.html", str(_("并排比较")), lines=lines, columns=_columns(scheme), year=year, years=years(),
        scheme=scheme, schemes=[(each.id, say(each.title)) for each in schemes], seen=_seen(lines), most=MOST_COMPARED,
        radar=radar(str(_("各方面得分率")), titles, drawn) if lines else "",
        course=course(str(_("各方面得分率")), [key[1] for key, _title in columns], drawn) if lines else "")


def _side_by_side(scheme: Scheme, year: int, organs: Sequence[str]) -> tuple[Placed, ...]:
    rows = tuples(OrganScoreRow.select(
        OrganScoreRow.organ, Organ.name, OrganScoreRow.region, OrganScoreRow.score, OrganScoreRow.provisional).join(
            Organ, "LEFT JOIN", on=(Organ.id == OrganScoreRow.organ)).where(
            (OrganScoreRow.scheme == scheme.id) & (OrganScoreRow.year == year) & OrganScoreRow.organ.in_(organs)))
    lines = [Placed(None, row[0], row[1] or row[0], row[2], row[3], row[3], bool(row[4]), {}) for row in rows]
    return with_parts(scheme.id, year, sorted(lines, key=lambda line: organs.index(line.organ)))


def _seen(lines: Sequence[Placed]) -> set[str]:
    """Organs among these whose own pages the reader may open."""
    ids = [line.organ for line in lines]
    return {row[0] for row in tuples(visible_organs(the_actor(), Action.VIEW_SCORE).where(Organ.id.in_(ids)))}


