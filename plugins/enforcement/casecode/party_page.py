"""The public page behind the QR code of a document: closed until the party's code is entered, then the document.

Nothing is shown before, not even whether the address exists; nothing else of the case is shown after.
"""

from __future__ import annotations

import io
import time
from typing import Any

from flask import Blueprint, Response, abort, flash, make_response, redirect, request, send_file, session, url_for
from flask_babel import gettext as _

from core.errors import FazhiError
from plugins.enforcement.casecode.models import PartyRating
from plugins.enforcement.casecode.opening import Answer, find_document, try_code
from plugins.enforcement.casecode.rating import rate
from plugins.enforcement.casecode.sight import sight_of
from web.documents.step import docx_of
from web.kit.access import public_page
from web.kit.language import language
from web.kit.limits import limited
from web.kit.render import instance, render_page

pages = Blueprint("party_page", __name__, url_prefix="/d", template_folder="templates")
LIMIT = "30 per minute"
"""For each address of the network, beside the count of wrong codes for each document."""
OPENED = "party_documents"
OPEN_SECONDS = 1800
MOST_OPEN = 8
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@pages.get("/<code>", endpoint="show")
@public_page
@limited(LIMIT)
def show(code: str) -> Any:
    """The document, or the question for the party's code."""
    document = _opened(code)
    if document is None:
        return _page(render_page("enforcement/party_code.html", str(_("查阅文书")), code=code, message=""))
    rating = PartyRating.get_or_none(PartyRating.document == document.id)
    return _page(render_page("enforcement/party_document.html", str(document.title), sight=sight_of(document),
                             code=code, rating=rating, stars=request.args.get("stars", "")))


@pages.post("/<code>", endpoint="enter")
@public_page
@limited("10 per minute")
def enter(code: str) -> Any:
    """Try the party's code."""
    answer = try_code(code, request.form.get("secret", ""), instance().now())
    if answer is Answer.OPEN:
        opened = {one: at for one, at in session.get(OPENED, {}).items() if one != code}
        session[OPENED] = dict([*opened.items()][-MOST_OPEN + 1:]) | {code: int(time.time())}
        return redirect(url_for("party_page.show", code=code))
    message = _("输错的次数较多，请十五分钟后再试。") if answer is Answer.RESTING else _(
        "没有找到与之相符的文书。请核对文书上印的网址和查询码，注意区分相近的字母和数字。")
    return _page(render_page("enforcement/party_code.html", str(_("查阅文书")), code=code, message=message)), 422


@pages.get("/<code>/document.<extension>", endpoint="download")
@public_page
@limited(LIMIT)
def download(code: str, extension: str) -> Any:
    """The document as it was issued, or for a word processor."""
    document = _opened(code)
    if document is None or extension not in ("pdf", "docx"):
        abort(404)
    name = f"{document.title}（{document.number}）" if document.number else document.title
    if extension == "docx":
        return _page(send_file(io.BytesIO(docx_of(document)), mimetype=DOCX, as_attachment=True,
                               download_name=f"{name}.docx"))
    if not instance().materials.knows(document.sha256):
        abort(404)
    return _page(send_file(instance().materials.path(document.sha256), mimetype="application/pdf", as_attachment=True,
                           download_name=f"{name}.pdf"))


@pages.post("/<code>/rating", endpoint="rate")
@public_page
@limited("10 per minute")
def take_rating(code: str) -> Any:
    """What the party thinks, once."""
    document = _opened(code)
    if document is None:
        return redirect(url_for("party_page.show", code=code))
    try:
        rate(instance(), document, request.form.get("stars", ""), request.form.get("comment", ""))
    except FazhiError as refused:
        flash(refused.problems[0].message(language()), "warning")
    else:
        flash(_("谢谢，您的评价已经记录。"))
    return redirect(url_for("party_page.show", code=code) + "#rating")


def _opened(code: str) -> Any:
    """The document of an address that this browser opened not long ago; None otherwise."""
    at = session.get(OPENED, {}).get(code, 0)
    return find_document(code) if time.time() - at < OPEN_SECONDS else None


def _page(content: Any) -> Response:
    """A page that no search engine keeps."""
    response = make_response(content)
    response.headers["X-Robots-Tag"] = "noindex, nofollow, noarchive"
    response.headers["Referrer-Policy"] = "no-referrer"
    return response
