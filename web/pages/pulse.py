"""The bell: asked for every few seconds by open pages, so it reads little and sends nothing while nothing changes."""

from __future__ import annotations

from flask import Blueprint, Response, current_app, request, url_for

from core.organs.authority import Action
from web.kit.access import page_required, the_actor
from web.kit.pulse import count_new
from web.kit.render import icon, instance

pages = Blueprint("pulse", __name__)
UNCHANGED = 204


@pages.get("/pulse", endpoint="show")
@page_required(Action.VIEW_WORKBENCH)
def show() -> Response:
    """The bell with its number; empty where the page shows that number already."""
    new = count_new(the_actor(), instance().now())
    if request.args.get("shown") == str(new):
        return Response(status=UNCHANGED)
    # Not render_template: the frame of a page would be computed for nothing.
    bell = current_app.jinja_env.get_template("kit/bell.html")
    return Response(bell.render(new=new, icon=icon, url_for=url_for))
