"""Download of materials, by case: who may not see the case's materials learns nothing of them."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, send_file

from core.ledger.reader import events_of
from core.organs.authority import Action
from web.kit.access import find_case, page_required
from web.kit.render import instance

pages = Blueprint("materials", __name__)


@pages.get("/cases/<case_id>/events/<event_id>/materials/<sha256>", endpoint="download")
@page_required(Action.DOWNLOAD_MATERIAL)
def download(case_id: str, event_id: str, sha256: str) -> Any:
    """A material as it was stored; always as an attachment, so that it runs nothing in the platform's origin."""
    row = find_case(case_id, Action.DOWNLOAD_MATERIAL)
    event = next((one for one in events_of(row.id) if one.id == event_id), None)
    material = next((one for one in event.materials if one.sha256 == sha256), None) if event else None
    if material is None or not instance().materials.knows(sha256):
        abort(404)
    return send_file(instance().materials.path(sha256), mimetype=material.media_type, as_attachment=True,
                     download_name=material.name, etag=sha256)
