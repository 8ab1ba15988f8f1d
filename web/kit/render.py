"""``render_page``: the one way a page is made, with title, breadcrumb, navigation and the demonstration ribbon."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import Flask, current_app, g, render_template, request, url_for
from markupsafe import Markup

from core.instance import Instance
from core.organs.authority import Action
from web.kit.access import current_actor, may, today_of
from web.kit.language import say, template_words
from web.kit.navigation import navigation_for
from web.kit.people import actor_words
from web.kit.pulse import count_new
from web.kit.words import signed

EXTENSION = "fazhi"


@dataclass(frozen=True, slots=True)
class Crumb:
    """A step of the breadcrumb above the page itself."""

    title: str
    url: str


def instance() -> Instance:
    """The instance that the current application serves."""
    return current_app.extensions[EXTENSION]  # type: ignore[no-any-return]


def render_page(template: str, page_title: str, *, breadcrumb: Sequence[Crumb] = (), page_lead: str = "",
                **values: Any) -> str:
    """Render ``template`` (which extends ``base.html``) as a page.

    Args:
        page_title: heading and window title, in the reader's language.
        breadcrumb: the pages above; the page itself is added.
        page_lead: a line under the heading.
    """
    return render_template(template, page_title=page_title, breadcrumb=breadcrumb, page_lead=page_lead, **values)


def init_render(app: Flask) -> None:
    """Give every template its frame: the reader, navigation, icons, ``here()`` and the nonce."""
    app.jinja_env.globals.update(icon=icon, here=here, say=say, may=_may_function, signed=signed)
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
    app.context_processor(_frame)


def icon(name: str) -> Markup:
    """An icon from the vendored sprite; decoration only, hidden from screen readers."""
    sprite = url_for("static", filename="vendor/icons.svg")
    return Markup('<svg class="icon" aria-hidden="true"><use href="{}#{}"></use></svg>').format(sprite, name)


def here(**changes: Any) -> str:
    """This page's address with query values changed; None and empty values are left out."""
    query = {**request.args.to_dict(), **changes}
    kept = {name: value for name, value in query.items() if value not in (None, "")}
    return url_for(request.endpoint or "workbench.home", **(request.view_args or {}), **kept)


def _may_function(action: str) -> bool:
    """Whether the reader has a function of the platform, by its name."""
    return may(Action(action))


def _frame() -> dict[str, Any]:
    actor = current_actor()
    return {
        **template_words(),
        "nonce": g.get("nonce", ""),
        "actor": actor,
        "is_demo": current_app.config["FAZHI_DEMO"](),
        "news": count_new(actor, instance().now()) if actor else 0,
        "navigation": navigation_for(actor, instance()) if actor else (),
        **(actor_words(actor, today_of(instance())) if actor else {}),
    }
