"""Uploads: sizes limited before anything is read, files streamed into the material store, kept when a form fails."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict
from typing import Any, TypeVar

from flask import Flask, current_app, request
from itsdangerous import BadSignature, URLSafeSerializer
from werkzeug.datastructures import FileStorage

from core.ledger.event import MaterialRef

View = TypeVar("View", bound=Callable[..., Any])
MARK = "fazhi_upload_limit"
FORM_LIMIT = 2 * 2**20
UPLOAD_LIMIT = 2 * 2**30
KEPT = "kept"


def upload_page(limit: int = UPLOAD_LIMIT) -> Callable[[View], View]:
    """Mark a view that takes files.

    Args:
        limit: bytes in one request, all files together.
    """
    def mark(view: View) -> View:
        setattr(view, MARK, limit)
        return view

    return mark


def init_uploads(app: Flask) -> None:
    """Limit every request of ``app``; a larger one is answered 413 without being read."""
    app.config.update(MAX_CONTENT_LENGTH=FORM_LIMIT, MAX_FORM_MEMORY_SIZE=FORM_LIMIT, MAX_FORM_PARTS=2_000)

    def set_limit() -> None:
        view = current_app.view_functions.get(request.endpoint or "")
        request.max_content_length = getattr(view, MARK, FORM_LIMIT)

    app.before_request(set_limit)


def sent_files(name: str) -> list[FileStorage]:
    """Files chosen in an input; an input left empty sends one without a name."""
    return [file for file in request.files.getlist(name) if file.filename]


def keep_token(material: MaterialRef, account: str) -> str:
    """A signed note of a stored file, so that a form that failed need not send it again."""
    return str(_signer(account).dumps(asdict(material)))


def kept_materials(tokens: Iterable[str], account: str) -> Sequence[MaterialRef]:
    """The stored files of such notes; forged ones and those of other people are left out."""
    found = []
    for token in tokens:
        try:
            found.append(MaterialRef(**_signer(account).loads(token)))
        except (BadSignature, TypeError):
            continue
    return found


def _signer(account: str) -> URLSafeSerializer:
    return URLSafeSerializer(current_app.config["SECRET_KEY"], salt=f"material:{account}")
