"""The public address of a document's page, as QR codes carry it."""

from __future__ import annotations

from collections.abc import Callable

from flask import current_app, has_request_context, request

from core.config import Settings

PARTY_PAGE = "party_page.show"
"""Endpoint of the page that a document's code leads to; a plugin brings it. Without it no codes are printed."""
PARTY_PATH = "/d/"


def party_address(settings: Settings) -> Callable[[str], str]:
    """Gives the address of a code; empty where no page would answer, or the platform's own address is unknown."""
    def address(code: str) -> str:
        if has_request_context() and PARTY_PAGE not in current_app.view_functions:
            return ""
        base = settings.public_url or (request.host_url.rstrip("/") if has_request_context() else "")
        return f"{base}{PARTY_PATH}{code}" if base else ""

    return address
