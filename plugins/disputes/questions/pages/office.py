"""For the justice department: how fast questions are answered, and the roll of lawyers with their links."""

from __future__ import annotations

import csv
import io
from datetime import timedelta
from decimal import Decimal
from typing import Any

from flask import Blueprint, Response, abort, flash, redirect, request, url_for
from flask_babel import gettext as _

from core.organs.authority import Action
from plugins.disputes.questions import desk, roll
from plugins.disputes.questions.figures import figures
from plugins.disputes.questions.models import Lawyer
from plugins.disputes.questions.pages.common import choices, field_ids
from plugins.disputes.tables import take
from web.kit.access import may, page_required, the_actor
from web.kit.paging import paginate
from web.kit.people import region_names
from web.kit.render import Crumb, instance, render_page

pages = Blueprint("questions", __name__, url_prefix="/questions", template_folder="templates")
SPANS = (1, 7, 30, 365)


@pages.app_template_filter("percent")
def percent(value: Decimal) -> str:
    """A share as 87.5%."""
    return f"{value * 100:.1f}%"


@pages.get("", endpoint="index")
@page_required(Action.VIEW_RANKING)
def index() -> str:
    """Figures of the reader's region, city by city."""
    typed = request.args.get("days", "30")
    days = int(typed) if typed in {str(one) for one in SPANS} else 30
    now = instance().now()
    rows = figures(the_actor().place.region, now - timedelta(days=days), now,
                   lambda city: desk.minutes_of(instance(), city).answers)
    return render_page("questions/figures.html", str(_("法律咨询")), total=rows[0], rows=rows[1:], days=days,
                       spans=SPANS, names=region_names(row.region for row in rows),
                       minutes=desk.minutes_of(instance(), the_actor().place.region),
                       may_load=may(Action.IMPORT_OFFICERS))


@pages.get("/lawyers", endpoint="lawyers")
@page_required(Action.IMPORT_OFFICERS)
def lawyers() -> str:
    """The roll of the reader's region."""
    return _roll("")


@pages.post("/lawyers", endpoint="load")
@page_required(Action.IMPORT_OFFICERS)
def load() -> Any:
    """Take the roll from a table."""
    region = the_actor().place.region
    count, problem = take(lambda data, name: roll.import_lawyers(data, name, region, field_ids()))
    if problem:
        return _roll(problem), 422
    flash(_("已载入 %(count)s 名律师。", count=count))
    return redirect(url_for("questions.lawyers"))


@pages.post("/lawyers/links", endpoint="links")
@page_required(Action.IMPORT_OFFICERS)
def links() -> Response:
    """A CSV file with a fresh link for everybody who has not chosen a PIN; shown this once."""
    out = io.StringIO()
    table = csv.writer(out)
    table.writerow(("执业证号", "姓名", "电话", "登录链接"))
    for lawyer in Lawyer.select().where((Lawyer.region == the_actor().place.region) & Lawyer.active
                                        & (Lawyer.pin_hash == "")).order_by(Lawyer.number):
        address = url_for("lawyer.open", secret=roll.give_link(lawyer), _external=True)
        table.writerow([_plain(one) for one in (lawyer.number, lawyer.name, lawyer.phone)] + [address])
    return Response("\ufeff" + out.getvalue(), mimetype="text/csv",
                    headers={"Content-Disposition": "attachment; filename=lawyer-links.csv",
                             "Cache-Control": "no-store"})


@pages.post("/lawyers/<int:lawyer_id>/link", endpoint="link")
@page_required(Action.IMPORT_OFFICERS)
def link(lawyer_id: int) -> str:
    """A fresh link for one lawyer; the old one and the PIN end."""
    lawyer = _lawyer(lawyer_id)
    address = url_for("lawyer.open", secret=roll.give_link(lawyer), _external=True)
    return _roll("", lawyer, address)


@pages.post("/lawyers/<int:lawyer_id>/state", endpoint="state")
@page_required(Action.IMPORT_OFFICERS)
def state(lawyer_id: int) -> Any:
    """Take a lawyer off the roll, or back."""
    lawyer = _lawyer(lawyer_id)
    Lawyer.update(active=not lawyer.active, session=Lawyer.session + 1).where(Lawyer.id == lawyer_id).execute()
    return redirect(url_for("questions.lawyers"))


def level_title(level: str) -> str:
    """法律顾问, 全区律师, 全国律师."""
    return {"local": str(_("本市法律顾问")), "region": str(_("全区律师")), "national": str(_("全国律师"))}[level]


def _roll(problem: str, lawyer: Any = None, address: str = "") -> str:
    region = the_actor().place.region
    asked = request.args.get("q", "").strip()[:50]
    query: Any = Lawyer.select().where(Lawyer.region == region)
    if asked:
        query = query.where(Lawyer.name.contains(asked) | Lawyer.number.contains(asked) | Lawyer.firm.contains(asked))
    page = paginate(query.order_by(Lawyer.number))
    return render_page("questions/lawyers.html", str(_("律师名册")), page=page, asked=asked, problem=problem,
                       columns=roll.COLUMNS, lawyer=lawyer, address=address, level_title=level_title,
                       names=region_names(one.city for one in page.items), fields=dict(choices("field")),
                       breadcrumb=(Crumb(str(_("法律咨询")), url_for("questions.index")),))


def _lawyer(lawyer_id: int) -> Any:
    found = Lawyer.get_or_none((Lawyer.id == lawyer_id) & (Lawyer.region == the_actor().place.region))
    if found is None:
        abort(404)
    return found


def _plain(text: str) -> str:
    """Text that a spreadsheet does not take for a formula."""
    return "'" + text if text[:1] in ("=", "+", "-", "@") else text
