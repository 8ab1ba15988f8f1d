"""The field page itself: a shell without anybody's data, its static files, and the service worker that keeps them."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path
from typing import Any

from flask import Blueprint, Response, current_app, render_template, send_from_directory, url_for

from core.organs.authority import Action
from plugins.enforcement.field.words import words
from web.kit.access import page_required, public_page

pages = Blueprint("enforcement_field", __name__, url_prefix="/field", template_folder="templates")
STATIC = Path(__file__).parent / "static"
BORROWED = ("vendor/bootstrap.min.css", "app.css", "legacy.js", "vendor/icons.svg", "favicon.svg")
"""The platform's own files that the shell uses."""


@pages.get("/", endpoint="shell")
@page_required(Action.VIEW_WORKBENCH)
def shell() -> str:
    """The page. It holds nobody's data, since the phone keeps it to open without network."""
    return render_template("enforcement/field.html", words=words())


@pages.get("/worker.js", endpoint="worker")
@public_page
def worker() -> Response:
    """The service worker: served from here, so that it governs this folder and nothing else."""
    files = [url_for(".static_file", filename=path.name) for path in sorted(STATIC.iterdir())]
    files += [url_for("static", filename=name) for name in BORROWED]
    script = render_template("enforcement/field_worker.js", version=_version(), files=files,
                             shell=url_for(".shell"), api=url_for("enforcement_field_api.start").rpartition("/")[0])
    return Response(script, mimetype="text/javascript")


@pages.get("/static/<path:filename>", endpoint="static_file")
@public_page
def static_file(filename: str) -> Any:
    """Scripts and styles."""
    return send_from_directory(STATIC, filename)


@cache
def _version() -> str:
    """Changes whenever a file does that the worker keeps, so that phones take the new ones."""
    digest = hashlib.sha256()
    folder = Path(str(current_app.static_folder))
    templates = Path(__file__).parent / "templates" / "enforcement"
    for path in (*sorted(STATIC.iterdir()), *(folder / name for name in BORROWED), *sorted(templates.iterdir())):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]
