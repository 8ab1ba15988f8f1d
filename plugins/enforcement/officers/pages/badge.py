"""The public page behind the QR code of a badge: whether it is genuine, whose, until when, the photo, nothing else."""

from __future__ import annotations

from typing import Any

from flask import Blueprint

from plugins.enforcement.officers.badges import find_badge, photo_data
from plugins.enforcement.officers.pages.words import word
from web.kit.access import public_page, today_of
from web.kit.limits import limited
from web.kit.render import instance, render_page

pages = Blueprint("badges", __name__, url_prefix="/badge", template_folder="templates")
LIMIT = "30 per minute"
"""For each address. Codes have 128 random bits: the limit protects the server, not the codes."""


@pages.get("/<code>", endpoint="show")
@public_page
@limited(LIMIT)
def show(code: str) -> Any:
    """A code that was never given out gets the same page as one that is void, with 404."""
    badge = find_badge(code, today_of(instance()))
    photo = photo_data(instance().materials, badge.photo) if badge else ""
    page = render_page("enforcement/badge.html", word("执法证件核验"), w=word, badge=badge, photo=photo)
    return page if badge else (page, 404)
