"""The sub-platforms of this instance: running, switched off, set aside with the reason."""

from __future__ import annotations

from flask import Blueprint
from flask_babel import gettext as _

from core.organs.authority import Action
from web.kit.access import page_required
from web.kit.render import instance, render_page

pages = Blueprint("plugins", __name__)


@pages.get("/plugins", endpoint="index")
@page_required(Action.VIEW_PLUGINS)
def index() -> str:
    """What is loaded, what is off, what is broken and why."""
    plugins = instance().plugins
    return render_page("pages/plugins.html", str(_("子平台")), plugins=plugins,
                       page_lead=str(_("每个子平台单独加载；出错的被隔离，其余照常运行。")))
