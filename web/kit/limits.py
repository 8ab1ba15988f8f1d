"""Rate limits: marks on views, applied once all blueprints are there.

Counted for each address in the memory of the process: several web processes each allow the whole of it, and a start
begins anew. They keep robots and mistakes off; accounts, PINs and codes have safeguards of their own.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from flask import Flask
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address

View = TypeVar("View", bound=Callable[..., Any])
MARK = "fazhi_rate_limit"


Limit = str | Callable[[], str]
"""Such as ``20 per minute``; or a function that says it during a request, for limits that the operator sets."""


@dataclass(frozen=True, slots=True)
class Rate:
    """A limit; no methods: all of them."""

    limit: Limit
    methods: Sequence[str] = ()


def limited(limit: Limit, methods: Sequence[str] = ()) -> Callable[[View], View]:
    """Mark a view that anybody may call, so that nobody calls it too often."""
    def mark(view: View) -> View:
        setattr(view, MARK, Rate(limit, methods))
        return view

    return mark


def init_limits(app: Flask, also: Mapping[str, Rate]) -> None:
    """Apply the limits of marked views, and those of the endpoints in ``also``."""
    limiter = Limiter(get_remote_address, app=app)
    app.extensions["fazhi_limiter"] = limiter  # the decorated views refer to it only weakly
    for endpoint, view in list(app.view_functions.items()):
        rate: Rate | None = getattr(view, MARK, None) or also.get(endpoint)
        if rate:
            limits: Any = limiter.limit(rate.limit, methods=list(rate.methods) or None)
            app.view_functions[endpoint] = limits(view)
