"""Rate limits: marks on views, applied once all blueprints are there. Counted for each address."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from flask import Flask
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address

View = TypeVar("View", bound=Callable[..., Any])
MARK = "fazhi_rate_limit"


@dataclass(frozen=True, slots=True)
class Rate:
    """A limit such as ``20 per minute``; no methods: all of them."""

    limit: str
    methods: Sequence[str] = ()


def limited(limit: str, methods: Sequence[str] = ()) -> Callable[[View], View]:
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
