"""The burden report, and the list of every result with where its data comes from or why it does not."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

from flask import Blueprint, request
from flask_babel import gettext as _

from core.organs.authority import Action
from plugins.assessment.burden import burden_of
from plugins.assessment.inventory import Result, results_of
from plugins.assessment.pages.asking import schemes_in_use
from web.kit.access import page_required, the_actor
from web.kit.language import say
from web.kit.render import instance, render_page
from web.kit.years import asked_year, years

pages = Blueprint("assessment_overview", __name__, url_prefix="/assessment", template_folder="templates")


def source_words() -> Mapping[str, tuple[str, str]]:
    """Source of a result's data → what the page says, and its colour."""
    return {"data": (_("自动产生"), "green"), "self_report": (_("自行报告"), "blue"), "none": (_("暂无来源"), "grey")}


@pages.get("/burden", endpoint="burden")
@page_required(Action.VIEW_RANKING)
def burden() -> str:
    """How much people are asked."""
    year = asked_year()
    schemes = schemes_in_use(the_actor().place.region, year)
    return render_page("assessment/burden.html", _("减负报告"), year=year, years=years(), burden=burden_of(schemes),
                       schemes=schemes, words=source_words(),
                       page_lead=_("平台还要人填报多少事实，多少由其他子平台自动产生；同一事实不得要求填报两次。"))


@pages.get("/supply", endpoint="supply")
@page_required(Action.VIEW_RANKING)
def supply() -> str:
    """Every result of a scheme with its source."""
    bundle = instance().bundles.current()
    known = {scheme.id: scheme for scheme in bundle.schemes.values() if scheme.per == "organ"}
    in_use = [scheme.id for scheme in schemes_in_use(the_actor().place.region, asked_year())]
    asked = {name: request.args.get(name, "") for name in ("scheme", "source", "q")}
    scheme = known.get(asked["scheme"]) or known.get(next(iter(in_use), "")) or next(iter(known.values()), None)
    results = results_of(scheme) if scheme else ()
    counts = Counter(result.source for result in results)
    shown = [result for result in results if _asked_for(result, asked)]
    return render_page("assessment/supply.html", _("数据来源"), scheme=scheme, asked=asked, counts=counts, shown=shown,
                       words=source_words(), procedures=_procedures(),
                       sources=[(name, said[0]) for name, said in source_words().items()],
                       choices=[(each.id, say(each.title)) for each in known.values()],
                       page_lead=_("每一项成果要么有数据来源，要么写明为什么没有。"))


def _asked_for(result: Result, asked: Mapping[str, str]) -> bool:
    if asked["source"] and result.source != asked["source"]:
        return False
    words = asked["q"].strip()
    return not words or words in say(result.title) or words.upper() == result.id.upper()


def _procedures() -> Mapping[str, Any]:
    return {name: procedure.title for name, procedure in instance().bundles.current().procedures.items()}
