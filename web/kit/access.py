"""Who is asking, and whether the page may answer: marks on views, one hook that enforces them, default deny.

A view without a mark answers 403 to everybody, so that a page that was forgotten shows nothing. A view marked
with a function of the platform answers 403 to those who lack it. Objects are looked up with ``find_case`` and the
like, which answer 404 to those who may not know that the object exists.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from flask import Flask, abort, current_app, g, redirect, request, url_for
from werkzeug.wrappers import Response

from core.instance import Instance
from core.ledger.models import CaseRow
from core.organs.authority import Action, Actor, Target, allowed, case_target, is_function

View = TypeVar("View", bound=Callable[..., Any])
MARK = "fazhi_access"


@dataclass(frozen=True, slots=True)
class Access:
    """What a view needs before it runs.

    Attributes:
        action: None for views that anybody may see.
        any_object: the action is on objects; the view itself checks which.
    """

    action: Action | None

    @property
    def public(self) -> bool:
        """True where no log-in is needed."""
        return self.action is None


def public_page(view: View) -> View:
    """Mark a view that anybody may see, logged in or not."""
    setattr(view, MARK, Access(None))
    return view


def page_required(action: Action) -> Callable[[View], View]:
    """Mark a view with the action that it performs.

    Args:
        action: a function of the platform is checked before the view runs (403); for an action on objects the
            person must be logged in, and the view finds its object with ``find_case`` or ``permit`` (404).
    """
    def mark(view: View) -> View:
        setattr(view, MARK, Access(action))
        return view

    return mark


def access_of(view: Callable[..., Any] | None) -> Access | None:
    """The mark of a view; None where it has none."""
    return getattr(view, MARK, None)


def init_access(app: Flask) -> None:
    """Enforce the marks on every request of ``app``."""
    app.before_request(_enforce)


def _enforce() -> Response | None:
    if request.endpoint is None or request.endpoint == "static":
        return None
    access = access_of(current_app.view_functions.get(request.endpoint))
    if access is None:
        abort(403)
    if access.public:
        return None
    actor = current_actor()
    if actor is None:
        # An open page asks in the background: its words, half typed perhaps, are not replaced by a log-in form.
        return Response(status=401) if request.headers.get("HX-Request") else _to_login()
    assert access.action is not None
    if is_function(access.action) and not allowed(actor, access.action):
        abort(403)
    return None


def _to_login() -> Response:
    asked = request.full_path.rstrip("?") if request.method == "GET" else None
    return redirect(url_for("session.log_in", next=asked if asked and asked != "/" else None))


def current_actor() -> Actor | None:
    """The person who is logged in, as the organ's actor; None for a visitor."""
    actor: Actor | None = g.get("actor")
    return actor


def the_actor() -> Actor:
    """The person who is logged in.

    Raises:
        Unauthorized: (401) in a view that is marked public.
    """
    actor = current_actor()
    if actor is None:
        abort(401)
    return actor


def may(action: Action, target: Target | str | None = None) -> bool:
    """Whether the reader may perform an action; templates use it to leave buttons out."""
    actor = current_actor()
    return actor is not None and allowed(actor, action, target)


def permit(action: Action, target: Target | str | None) -> None:
    """Nothing where the reader may perform the action on that object; 404 where not."""
    if not may(action, target):
        abort(404)


def find_case(case_id: str, action: Action = Action.VIEW_CASE) -> CaseRow:
    """The case, if the reader may perform ``action`` on it; 404 otherwise."""
    row = CaseRow.get_or_none(CaseRow.id == case_id)
    if row is None:
        abort(404)
    permit(action, target_of(row))
    return row


def target_of(row: CaseRow, person: str | None = None) -> Target:
    """A case as what an action is about."""
    return case_target(str(row.id), str(row.organ), str(row.procedure), person)


def today_of(instance: Instance) -> Any:
    """The local calendar date on the instance's clock."""
    from web.kit.language import local

    return local(instance.now()).date()
