"""What parties said, for the organ and those above it. It stands by itself: no score and no ranking reads it."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, request
from flask_babel import gettext as _
from peewee import fn

from core.documents.models import IssuedDocument
from core.ledger.models import CaseRow
from core.organs.authority import Action
from core.organs.models import Organ
from core.organs.visibility import visible_cases
from plugins.enforcement.casecode.models import PartyRating
from web.kit.access import page_required, the_actor
from web.kit.paging import Page, paginate
from web.kit.render import render_page

pages = Blueprint("enforcement_ratings", __name__, url_prefix="/enforcement/ratings", template_folder="templates")


@pages.get("", endpoint="index")
@page_required(Action.VIEW_WORKBENCH)
def index() -> str:
    """Ratings of the cases that the reader may see, the latest first."""
    query: Any = (PartyRating.select(PartyRating, IssuedDocument, CaseRow.title.alias("case_title"),
                                     Organ.name.alias("organ_name"))
                  .join(IssuedDocument).join(CaseRow, on=(CaseRow.id == PartyRating.case_id))
                  .join(Organ, on=(Organ.id == PartyRating.organ))
                  .where(visible_cases(the_actor(), Action.VIEW_CASE, organ=CaseRow.organ, case_id=CaseRow.id,
                                       procedure=CaseRow.procedure)))
    stars = request.args.get("stars", "")
    if stars in ("1", "2", "3", "4", "5"):
        query = query.where(PartyRating.stars == int(stars))
    page: Page[Any] = paginate(query.order_by(PartyRating.rated_at.desc(), PartyRating.event_id).objects())
    average = query.clone().select(fn.AVG(PartyRating.stars)).order_by().scalar()
    return render_page("enforcement/ratings.html", str(_("当事人评价")), page=page, stars=stars,
                       average=f"{float(average):.1f}" if average is not None else "",
                       page_lead=str(_("当事人扫描文书上的二维码所作的评价。不计入任何得分和排名。")))
