"""Log-in, log-out, activation, password, language and the organ that one acts for."""

from __future__ import annotations

from urllib.parse import urlsplit

from flask import Blueprint, abort, flash, redirect, request, session, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from core.errors import FazhiError
from core.organs.accounts import activate, change_password, log_in
from core.organs.authority import Action, organs_of
from web.kit.access import current_actor, page_required, public_page, the_actor, today_of
from web.kit.language import LANGUAGES, SESSION_KEY, language
from web.kit.people import organ_names
from web.kit.render import instance, render_page
from web.kit.session import ORGAN_KEY, begin_session, end_session

pages = Blueprint("session", __name__)


@pages.route("/login", methods=["GET", "POST"], endpoint="log_in")
@public_page
def log_in_page() -> str | Response | tuple[str, int]:
    """The log-in form; the same answer for an unknown account and a wrong password."""
    target = safe_target(request.values.get("next", ""))
    if request.method == "GET":
        return redirect(target) if current_actor() else _log_in_form(target)
    account = request.form.get("account", "").strip()
    try:
        person = log_in(account, request.form.get("password", ""), instance().now().timestamp())
    except FazhiError as refused:
        return _log_in_form(target, account, refused.problems[0].message(language())), 401
    begin_session(person)
    return redirect(target)


def _log_in_form(target: str, account: str = "", problem: str = "") -> str:
    return render_page("pages/login.html", str(_("登录")), next_page=target, account=account, problem=problem)


@pages.post("/logout")
@public_page
def log_out() -> Response:
    """End the session."""
    end_session(instance().now())
    return redirect(url_for("session.log_in"))


@pages.route("/activate", methods=["GET", "POST"], endpoint="activate")
@public_page
def activate_page() -> str | Response | tuple[str, int]:
    """A new account chooses its password with the one-time code."""
    account = request.form.get("account", "").strip()
    problem = ""
    if request.method == "POST":
        try:
            _same_twice()
            activate(account, request.form.get("code", ""), request.form.get("password", ""),
                     instance().now().timestamp())
        except FazhiError as refused:
            problem = refused.problems[0].message(language())
        except ValueError as different:
            problem = str(different)
        else:
            flash(_("密码已设置，请登录。"))
            return redirect(url_for("session.log_in"))
    page = render_page("pages/activate.html", str(_("账号激活")), account=account, problem=problem)
    return (page, 422) if problem else page


@pages.route("/password", methods=["GET", "POST"])
@page_required(Action.VIEW_WORKBENCH)
def password() -> str | Response | tuple[str, int]:
    """Change the own password; all open sessions end."""
    problem = ""
    if request.method == "POST":
        try:
            _same_twice()
            change_password(the_actor().person_id, request.form.get("old", ""), request.form.get("password", ""),
                            instance().now().timestamp())
        except FazhiError as refused:
            problem = refused.problems[0].message(language())
        except ValueError as different:
            problem = str(different)
        else:
            end_session(instance().now())
            flash(_("密码已修改，请重新登录。"))
            return redirect(url_for("session.log_in"))
    page = render_page("pages/password.html", str(_("修改密码")), problem=problem)
    return (page, 422) if problem else page


def _same_twice() -> None:
    if request.form.get("password") != request.form.get("again"):
        raise ValueError(_("两次输入的密码不一致。"))


@pages.post("/language")
@public_page
def choose_language() -> Response:
    """Remember the language for the session."""
    chosen = request.form.get("language", "")
    if chosen not in LANGUAGES:
        abort(400)
    session[SESSION_KEY] = chosen
    return redirect(safe_target(urlsplit(request.referrer or "")._replace(scheme="", netloc="").geturl()))


@pages.post("/acting-organ")
@page_required(Action.VIEW_WORKBENCH)
def choose_organ() -> Response:
    """Act for another organ in which the person holds a role."""
    actor = the_actor()
    organ = request.form.get("organ", "")
    if organ not in organs_of(actor.person_id, on=today_of(instance())):
        abort(404)
    session[ORGAN_KEY] = organ
    flash(_("现在代表“%(organ)s”办理。", organ=organ_names([organ])[organ]))
    return redirect(url_for("workbench.home"))


def safe_target(asked: str) -> str:
    """An address inside this platform, whatever was asked for."""
    parts = urlsplit(asked)
    inside = asked.startswith("/") and not asked.startswith(("//", "/\\")) and not parts.netloc and not parts.scheme
    return asked if inside and "\\" not in asked else url_for("workbench.home")
