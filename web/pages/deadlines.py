"""The list of statutory periods over all sub-platforms: which rules watch each, and why some are not watched."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

from flask import Blueprint, request, url_for
from flask_babel import gettext as _

from core.organs.authority import Action
from core.rulebook.deadlines import Listed, counts, listed
from core.rulebook.load import load_rules
from core.rulebook.paths import shipped_rules
from web.kit.access import page_required
from web.kit.language import say
from web.kit.render import Crumb, instance, render_page

pages = Blueprint("deadlines", __name__)
STATES = ("used", "waiting", "off")


@pages.get("/deadlines", endpoint="index")
@page_required(Action.VIEW_RULES)
def index() -> str:
    """Every period and amount that the law gives, with the rules that watch it or the reason why none does."""
    entries = _entries(_folders())
    asked = {name: request.args.get(name, "").strip()[:60] for name in ("q", "state", "document")}
    shown = [one for one in entries if _fits(one, asked)]
    bundle = instance().bundles.current()
    titles = {rule.id: say(rule.title) for procedure in bundle.procedures for rule in bundle.rules(procedure)}
    documents = {one.document.zh: one.document for one in entries}
    periods = [one for one in entries if not one.limit]
    return render_page(
        "pages/deadlines.html", str(_("法定期限清单")), asked=asked, shown=shown, titles=titles, state=_state,
        counts=counts(periods), total=len(periods), limits=sum(one.limit for one in entries),
        used=sum(_state(one) == "used" for one in periods), waiting=sum(_state(one) == "waiting" for one in periods),
        states=[("used", str(_("在用"))), ("waiting", str(_("不监督"))), ("off", str(_("子平台停用")))],
        documents=[(name, say(title)) for name, title in documents.items()],
        breadcrumb=(Crumb(str(_("规则依据")), url_for("rules.index")),),
        page_lead=str(_("法律、法规规定的期限和数额逐项列明：由哪条规则监督；没有监督的，写明原因。")))


def _folders() -> tuple[Path, ...]:
    running = (folder for platform in instance().plugins.platforms for folder in platform.rules)
    shipped = shipped_rules()
    return (shipped / "platform", shipped / "calendars", *running, shipped / "deadlines")


@lru_cache(maxsize=4)
def _entries(folders: tuple[Path, ...]) -> Sequence[Listed]:
    """Shipped files do not change while the platform runs."""
    return listed(load_rules(folders))


def _state(one: Listed) -> str:
    return "waiting" if one.reason is not None else "used" if one.running else "off"


def _fits(one: Listed, asked: dict[str, str]) -> bool:
    return (asked["state"] in ("", _state(one)) and asked["document"] in ("", one.document.zh)
            and asked["q"].lower() in " ".join((one.id, one.title.zh, one.title.to("en"))).lower())
