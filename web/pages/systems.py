"""Other systems: their accounts, and the keys with which they call the API."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, flash, redirect, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from core.errors import FazhiError
from core.organs.authority import Action
from core.organs.credentials import LONGEST_DAYS, SYSTEM_TITLE, Credential, add_system, issue, revoke
from core.organs.models import Organ, Person, RoleGrant
from core.organs.visibility import visible_organs
from web.kit.access import page_required, permit, the_actor, today_of
from web.kit.language import language, say
from web.kit.paging import paginate
from web.kit.people import person_names
from web.kit.render import Crumb, instance, render_page

pages = Blueprint("systems", __name__)
USUAL_DAYS = 365


@pages.get("/systems", endpoint="index")
@page_required(Action.IMPORT_PEOPLE)
def index() -> str:
    """Systems of the organs that the reader looks after, with the procedures that they record."""
    return _list({}, "")


@pages.post("/systems", endpoint="add")
@page_required(Action.IMPORT_PEOPLE)
def add() -> Any:
    """Make the account of a system and issue its first key; the key is shown once."""
    asked = {name: request.form.get(name, "").strip() for name in ("account", "name", "organ")}
    permit(Action.MANAGE_PEOPLE, asked["organ"] or None)
    procedures = tuple(sorted(set(request.form.getlist("procedures")) & set(instance().bundles.current().procedures)))
    by = the_actor().person_id
    try:
        person = add_system(asked["account"], asked["name"], asked["organ"], procedures, by, today_of(instance()))
    except FazhiError as refused:
        problem = refused.problems[0]
        return _list(asked, f"{problem.message(language())}{_('。')}{problem.fix(language())}"), 422
    return _issued(person)


@pages.get("/systems/<person_id>", endpoint="show")
@page_required(Action.MANAGE_PEOPLE)
def show(person_id: str) -> str:
    """One system with its keys."""
    person = _system(person_id)
    keys = list(Credential.select().where(Credential.person == person).order_by(Credential.issued_at.desc()))
    grants = list(RoleGrant.select().where(RoleGrant.person == person))
    return render_page("pages/system.html", person.name, breadcrumb=_crumbs(), person=person, keys=keys,
                       procedures=_titles(grants), now=instance().now(), longest=LONGEST_DAYS, usual=USUAL_DAYS,
                       names=person_names({one for key in keys for one in (key.issued_by, key.revoked_by) if one}))


@pages.post("/systems/<person_id>/keys", endpoint="issue")
@page_required(Action.MANAGE_PEOPLE)
def issue_key(person_id: str) -> Any:
    """Issue one more key, so that the old one can be replaced without a break."""
    return _issued(_system(person_id))


@pages.post("/systems/<person_id>/keys/<credential_id>/revoke", endpoint="revoke")
@page_required(Action.MANAGE_PEOPLE)
def revoke_key(person_id: str, credential_id: str) -> Response:
    """End a key at once."""
    person = _system(person_id)
    if Credential.get_or_none((Credential.id == credential_id) & (Credential.person == person)) is None:
        abort(404)
    revoke(credential_id, the_actor().person_id, instance().now())
    flash(_("凭证已吊销，立即失效。"))
    return redirect(url_for("systems.show", person_id=person.id))


def _issued(person: Person) -> Any:
    asked = request.form.get("days", str(USUAL_DAYS))
    days = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 5 else 0
    try:
        key = issue(str(person.id), the_actor().person_id, instance().now(), days)
    except FazhiError as refused:
        flash(refused.problems[0].message(language()), "warning")
        return redirect(url_for("systems.show", person_id=person.id))
    return render_page("pages/system_key.html", str(_("接口凭证")), breadcrumb=_crumbs(), person=person, key=key,
                       address=request.host_url.rstrip("/"))


def _list(asked: dict[str, str], problem: str) -> str:
    organs = visible_organs(the_actor(), Action.MANAGE_PEOPLE)
    page = paginate(Person.select(Person, Organ).join(Organ).where(
        (Person.title == SYSTEM_TITLE) & Person.organ.in_(organs)).order_by(Organ.region, Organ.id, Person.id))
    grants: Any = RoleGrant.select().where(RoleGrant.person.in_([row.id for row in page.items]))
    held: dict[str, list[Any]] = {}
    for grant in grants:
        held.setdefault(grant.person_id, []).append(grant)
    return render_page(
        "pages/systems.html", str(_("业务系统")), page=page, asked=asked, problem=problem, usual=USUAL_DAYS,
        longest=LONGEST_DAYS, own=the_actor().organ,
        held={person: _titles(found) for person, found in held.items()},
        procedures=[(one.id, say(one.title)) for one in instance().bundles.current().procedures.values()])


def _titles(grants: list[Any]) -> list[str]:
    known = instance().bundles.current().procedures
    ids = sorted({name for grant in grants for name in grant.procedures.split()})
    return [say(known[name].title) if name in known else name for name in ids]


def _system(person_id: str) -> Person:
    person = Person.get_or_none((Person.id == person_id) & (Person.title == SYSTEM_TITLE))
    if person is None:
        abort(404)
    permit(Action.MANAGE_PEOPLE, person.organ_id)
    return person


def _crumbs() -> tuple[Crumb, ...]:
    return (Crumb(str(_("业务系统")), url_for("systems.index")),)
