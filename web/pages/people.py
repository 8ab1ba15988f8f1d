"""People: list, suggestions for forms, activation codes, accounts switched off and on."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from core.organs.accounts import deactivate, issue_activation, reactivate
from core.organs.authority import Action
from core.organs.grants import end_role
from core.organs.models import Organ, Person, RoleGrant
from core.organs.visibility import visible_organs
from core.organs.vocabulary import ROLE_TITLES
from web.kit.access import may, page_required, permit, the_actor, today_of
from web.kit.language import say
from web.kit.paging import paginate
from web.kit.people import person_names
from web.kit.render import Crumb, instance, render_page

pages = Blueprint("people", __name__)
SUGGESTIONS = 20


@pages.get("/people", endpoint="index")
@page_required(Action.VIEW_PEOPLE)
def index() -> str:
    """People of the organs that the reader looks after, with their roles."""
    asked = {name: request.args.get(name, "").strip() for name in ("q", "role")}
    query = Person.select(Person, Organ).join(Organ).where(
        Person.organ.in_(visible_organs(the_actor(), Action.VIEW_PEOPLE)))
    if asked["q"]:
        query = query.where(
            Person.name.contains(asked["q"]) | (Person.id == asked["q"]) | Organ.name.contains(asked["q"]))
    if asked["role"]:
        query = query.where(Person.id.in_(RoleGrant.select(RoleGrant.person).where(RoleGrant.role == asked["role"])))
    page = paginate(query.order_by(Organ.region, Organ.id, Person.id))
    held: dict[str, list[str]] = {}
    grants: Any = RoleGrant.select(RoleGrant.person, RoleGrant.role).where(
        RoleGrant.person.in_([row.id for row in page.items])).order_by(RoleGrant.role).distinct().tuples()
    for person, role in grants:
        held.setdefault(person, []).append(role)
    return render_page("pages/people.html", str(_("人员")), page=page, asked=asked, held=held,
                       may_import=may(Action.IMPORT_PEOPLE),
                       roles=[(role.value, say(title)) for role, title in ROLE_TITLES.items()])


@pages.get("/people/suggest", endpoint="suggest")
@page_required(Action.VIEW_WORKBENCH)
def suggest() -> Any:
    """People of the own organ whose name or account holds what was typed, for an input of a form."""
    typed = request.args.get(request.args.get("from", ""), "").strip()
    rows = Person.select(Person.id, Person.name).where(
        Person.active & (Person.organ == the_actor().organ) & (Person.name.contains(typed) | Person.id.contains(typed))
    ).order_by(Person.id).limit(SUGGESTIONS).tuples()
    return render_template("kit/suggestions.html", suggestions=list(rows))


@pages.get("/people/<person_id>", endpoint="show")
@page_required(Action.VIEW_PEOPLE)
def show(person_id: str) -> str:
    """One person with the roles held."""
    person = _person(person_id, Action.VIEW_PEOPLE)
    grants = list(RoleGrant.select(RoleGrant, Organ).join(Organ).where(
        RoleGrant.person == person).order_by(RoleGrant.role, RoleGrant.valid_from))
    return render_page("pages/person.html", person.name, breadcrumb=(Crumb(str(_("人员")), url_for("people.index")),),
                       person=person, grants=grants,
                       names=person_names({grant.granted_by for grant in grants if grant.granted_by}),
                       today=today_of(instance()), may_end=lambda organ: may(Action.MANAGE_PEOPLE, organ),
                       may_manage=may(Action.MANAGE_PEOPLE, person.organ_id))


@pages.post("/people/<person_id>/activation", endpoint="activation")
@page_required(Action.MANAGE_PEOPLE)
def activation(person_id: str) -> str:
    """Issue a one-time code; it is shown once."""
    person = _person(person_id, Action.MANAGE_PEOPLE)
    code = issue_activation(person.id, instance().now().timestamp())
    return render_page("pages/activation_code.html", str(_("激活码")), person=person, code=code,
                       breadcrumb=(Crumb(str(_("人员")), url_for("people.index")),))


@pages.post("/people/<person_id>/state", endpoint="state")
@page_required(Action.MANAGE_PEOPLE)
def state(person_id: str) -> Response:
    """Switch an account off, or on again."""
    person = _person(person_id, Action.MANAGE_PEOPLE)
    if person.id == the_actor().person_id:
        abort(409)
    if person.active:
        deactivate(person.id)
        flash(_("“%(name)s”的账号已停用，其办理记录保留。", name=person.name))
    else:
        reactivate(person.id)
        flash(_("“%(name)s”的账号已启用，请为其签发激活码。", name=person.name))
    return redirect(url_for("people.show", person_id=person.id))


@pages.post("/people/<person_id>/roles/end", endpoint="end_role")
@page_required(Action.MANAGE_PEOPLE)
def end_a_role(person_id: str) -> Response:
    """Let a role end; the grant and what was done under it stay on record."""
    person = _person(person_id, Action.MANAGE_PEOPLE)
    role, organ = request.form.get("role", ""), request.form.get("organ", "")
    held: Any = RoleGrant.select().where(
        (RoleGrant.person == person_id) & (RoleGrant.role == role) & (RoleGrant.organ == organ))
    if not held.exists():
        abort(422)
    permit(Action.MANAGE_PEOPLE, organ)
    if person.id == the_actor().person_id:
        abort(409)
    if end_role(person_id, role, organ, today=today_of(instance())):
        flash(_("“%(name)s”的该岗位自今日起终止，以前的记录保留。", name=person.name))
    else:
        flash(_("该岗位已经终止。"))
    return redirect(url_for("people.show", person_id=person.id))


def _person(person_id: str, action: Action) -> Person:
    person = Person.get_or_none(Person.id == person_id)
    if person is None:
        abort(404)
    permit(action, person.organ_id)
    return person
