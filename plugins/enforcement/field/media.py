"""Evidence on its way from the phone: chunks with their hashes, resumed, put together into a material."""

from __future__ import annotations

from typing import Annotated, Any

from flask import Blueprint, abort, request
from pydantic import BaseModel, ConfigDict, Field

from core.materials.chunks import LARGEST_CHUNK, MOST_CHUNKS, ChunkedUploads
from core.organs.actors import Relation
from core.organs.authority import Action, granting_roles
from plugins.enforcement.field.answers import init_answers
from plugins.enforcement.field.recordings import remember
from web.kit.access import page_required, the_actor
from web.kit.render import instance
from web.kit.uploads import upload_page

pages = Blueprint("enforcement_field_media", __name__, url_prefix="/field/api/uploads")
init_answers(pages)
RECORDING = (Relation.OWN, Relation.SUBORDINATE, Relation.PARTICIPANT)
Digest = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]


class Begin(BaseModel):
    """An upload announced."""

    model_config = ConfigDict(extra="forbid")

    name: str = Field(min_length=1, max_length=300)


class Finish(BaseModel):
    """All chunks are sent."""

    model_config = ConfigDict(extra="forbid")

    hashes: list[Digest] = Field(min_length=1, max_length=MOST_CHUNKS)
    sha256: Digest


@pages.put("/<upload>", endpoint="begin")
@page_required(Action.RECORD_STEP)
def begin(upload: str) -> dict[str, Any]:
    """Announce an upload, or go on with one: which chunks have arrived."""
    owner = _officer()
    asked = Begin.model_validate(request.get_json(silent=True))
    uploads = _uploads()
    uploads.begin(upload, asked.name, owner)
    return {"held": uploads.held(upload, owner)}


@pages.put("/<upload>/<chunk>", endpoint="chunk")
@page_required(Action.RECORD_STEP)
@upload_page(LARGEST_CHUNK + 1)
def chunk(upload: str, chunk: str) -> dict[str, Any]:
    """Take one chunk; its SHA-256 and its time on the device's clock are in the query."""
    owner, asked = _officer(), request.args
    if not (chunk.isascii() and chunk.isdigit() and len(chunk) < 10):
        abort(404)
    _uploads().put(upload, owner, int(chunk), asked.get("sha256", ""), request.stream,
                   _milliseconds(asked.get("from")), _milliseconds(asked.get("to")))
    return {"chunk": int(chunk)}


@pages.post("/<upload>/finish", endpoint="finish")
@page_required(Action.RECORD_STEP)
@upload_page(LARGEST_CHUNK)
def finish(upload: str) -> dict[str, Any]:
    """Put the chunks together; what is missing is named."""
    owner = _officer()
    asked = Finish.model_validate(request.get_json(silent=True))
    assembled = _uploads().finish(upload, owner, asked.hashes, asked.sha256)
    remember(assembled, owner)
    return {"sha256": assembled.stored.sha256, "size": assembled.stored.size,
            "gap": assembled.recording.gap if assembled.recording else 0}


def _officer() -> str:
    """Who may upload evidence: people with a role that records steps somewhere; 403 for the others."""
    actor = the_actor()
    if not actor.roles & granting_roles(Action.RECORD_STEP, RECORDING):
        abort(403)
    return actor.person_id


def _uploads() -> ChunkedUploads:
    return ChunkedUploads(instance().materials)


def _milliseconds(text: str | None) -> int:
    """A moment in a query; anything but digits counts as no moment."""
    return int(text) if text and text.isascii() and text.isdigit() and len(text) <= 15 else 0
