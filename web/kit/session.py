"""Log-in sessions: who the cookie belongs to, for which organ the person acts, and when a session must end."""

from __future__ import annotations

from datetime import datetime, timedelta

from flask import Flask, g, request, session
from flask.sessions import SecureCookieSessionInterface, SessionMixin
from flask_login import LoginManager, UserMixin, current_user, login_user, logout_user

from core.errors import FazhiError
from core.instance import Instance
from core.organs import sessions
from core.organs.accounts import session_is_current
from core.organs.authority import actor_of, organs_of
from core.organs.models import Person
from web.kit.access import access_of, today_of
from web.kit.language import SESSION_KEY

ORGAN_KEY = "organ"
LIFETIME = timedelta(hours=9)
"""A working day: nobody is logged out over lunch, nobody stays logged in overnight."""


QUIET = frozenset({"pulse.show", "static"})
"""Asked by an open page itself."""


class Cookies(SecureCookieSessionInterface):
    """Renews the cookie on what people do, never on what an open page asks by itself: else it would not end."""

    def should_set_cookie(self, app: Flask, session: SessionMixin) -> bool:
        """Whether this response carries the cookie again."""
        return super().should_set_cookie(app, session) and (session.modified or not _quiet(app))


def _quiet(app: Flask) -> bool:
    """Files and public pages renew nothing: one that comes late must not bring back the session as it was before."""
    access = access_of(app.view_functions.get(request.endpoint or ""))
    return request.endpoint in QUIET or (request.method == "GET" and access is not None and access.public)


class Account(UserMixin):  # type: ignore[misc]
    """The logged-in account as Flask-Login keeps it.

    Attributes:
        version: of the credentials that it was opened with; a changed password ends it.
        token: names this one session; a log-out ends it, wherever its cookie has been copied to.
    """

    def __init__(self, person: str, version: int, token: str) -> None:
        self.person = person
        self.version = version
        self.token = token

    def get_id(self) -> str:
        """What the cookie holds."""
        return f"{self.person}|{self.version}|{self.token}"


def init_session(app: Flask, instance: Instance) -> None:
    """Install cookies, the loader of accounts and the actor of each request."""
    app.config.update(SESSION_COOKIE_NAME="fazhi", SESSION_COOKIE_HTTPONLY=True, SESSION_COOKIE_SAMESITE="Lax",
                      PERMANENT_SESSION_LIFETIME=LIFETIME)
    app.session_interface = Cookies()
    manager = LoginManager(app)
    manager.session_protection = None  # offices leave through changing addresses; the version below ends sessions
    manager.user_loader(_load)

    def set_actor() -> None:
        if request.endpoint == "static" or not current_user.is_authenticated:
            return
        today = today_of(instance)
        person = current_user.person
        organ = session.get(ORGAN_KEY)
        try:
            g.actor = actor_of(person, organ if organ in organs_of(person, on=today) else None, on=today)
        except FazhiError:  # the organ was closed or the person moved away: the session ends
            end_session(instance.now())

    app.before_request(set_actor)


def _load(text: str) -> Account | None:
    match text.rsplit("|", 2):
        case person, version, token if version.isdigit() and not sessions.has_ended(token):
            return Account(person, int(version), token) if session_is_current(person, int(version)) else None
    return None


def begin_session(person: Person) -> None:
    """Open a session: everything that the cookie held before is gone, so that it cannot be fixed beforehand."""
    language = session.get(SESSION_KEY)
    session.clear()
    if language:
        session[SESSION_KEY] = language
    session.permanent = True
    login_user(Account(str(person.id), int(person.credentials_version), sessions.new_token()))


def end_session(now: datetime) -> None:
    """Close the session for good; only the language stays."""
    language = session.get(SESSION_KEY)
    if current_user.is_authenticated:
        sessions.end(current_user.token, now)
    logout_user()
    session.clear()
    g.pop("actor", None)
    if language:
        session[SESSION_KEY] = language
