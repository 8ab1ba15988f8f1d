"""Random draws: the list that was fixed, the seed that was opened, and the choice computed again before one's eyes."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, abort, flash, redirect, request, url_for
from flask_babel import gettext as _

from core.draws.checking import Checked, verify
from core.draws.holding import Drawn, Draws
from core.errors import FazhiError
from core.ledger.models import CaseRow
from core.organs.authority import Action
from web.kit.access import may, page_required, public_page, target_of, the_actor
from web.kit.language import language
from web.kit.limits import limited
from web.kit.people import organ_names, person_names
from web.kit.render import instance, render_page
from web.kit.uploads import upload_page

pages = Blueprint("draws", __name__)
LONGEST_RECORD = 8 << 20


def part_titles() -> dict[str, str]:
    """What is computed again, in words."""
    return {"algorithm": _("算法和名单的写法"), "list": _("名单没有改动（摘要一致）"),
            "secret": _("种子原文就是事先封存的那一个"), "seed": _("合成种子由三部分算得"),
            "choice": _("按名单和种子重算，抽中的完全相同")}


@pages.get("/draws/<draw_id>", endpoint="show")
@page_required(Action.VIEW_WORKBENCH)
def show(draw_id: str) -> str:
    """One draw, checked anew each time the page is opened."""
    drawn = _find(draw_id)
    checked = None if drawn.open else verify(drawn.record_text())
    draws = Draws.of(instance())
    others = [one for one in draws.about(drawn.plan.about) if one != drawn.id
              and draws.find(one).plan.purpose == drawn.plan.purpose] if drawn.plan.about else []
    matter: Any = CaseRow.get_or_none(CaseRow.id == drawn.plan.about)
    return render_page("pages/draw.html", drawn.plan.purpose, drawn=drawn, checked=checked, others=others,
                       matter=matter if matter and may(Action.VIEW_CASE, target_of(matter)) else None,
                       titles=part_titles(), organ=organ_names([drawn.organ])[drawn.organ],
                       names=person_names([drawn.committed_by, drawn.revealed_by]),
                       may_reveal=drawn.open and _may_reveal(drawn))


@pages.post("/draws/<draw_id>/reveal", endpoint="reveal")
@page_required(Action.VIEW_WORKBENCH)
def reveal(draw_id: str) -> Any:
    """Open the seed: the organ that fixed the list, and nobody else."""
    drawn, actor = _find(draw_id), the_actor()
    if not _may_reveal(drawn):
        abort(404)
    try:
        Draws.of(instance()).reveal(drawn.id, actor.person_id, actor.organ, request.form.get("witness", ""))
    except FazhiError as refused:
        flash(f"{refused.problems[0].message(language())} {refused.problems[0].fix(language())}", "warning")
    return redirect(url_for("draws.show", draw_id=drawn.id))


@pages.get("/draws/<draw_id>/record", endpoint="record")
@page_required(Action.VIEW_WORKBENCH)
def record(draw_id: str) -> Response:
    """The record as a file that can be published and checked by anyone."""
    drawn = _find(draw_id)
    if drawn.open:
        abort(404)
    return Response(drawn.record_text(), mimetype="application/json",
                    headers={"Content-Disposition": f"attachment; filename=draw-{drawn.id[:12]}.json"})


@pages.route("/draws/check", methods=["GET", "POST"], endpoint="check")
@public_page
@upload_page(LONGEST_RECORD)
@limited("30 per minute")
def check() -> Any:
    """Compute a published record again; for everybody, without an account."""
    checked: Checked | None = None
    wrong = ""
    if request.method == "POST":
        file = request.files.get("record")
        text = file.stream.read(LONGEST_RECORD).decode("utf-8", "replace") if file else request.form.get("text", "")
        try:
            checked = verify(text)
        except FazhiError as refused:
            wrong = f"{refused.problems[0].message(language())}。{refused.problems[0].fix(language())}"
    page = render_page("pages/draw_check.html", _("核对随机抽取"), checked=checked, wrong=wrong, titles=part_titles(),
                       page_lead=_("选择抽取页面下载的记录文件，平台按公开的算法重新计算一遍。文件不会保存。"))
    return (page, 422) if wrong else page


def _find(draw_id: str) -> Drawn:
    try:
        return Draws.of(instance()).find(draw_id)
    except FazhiError:
        abort(404)


def _may_reveal(drawn: Drawn) -> bool:
    return the_actor().organ == drawn.organ and bool(the_actor().roles)
