"""Activation in the browser: what lies on disk, propose it, approve it, and what was in force when."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from flask import Blueprint, flash, redirect, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from core.errors import FazhiError
from core.organs.authority import Action
from core.rulebook.activation import impact_of
from core.rulebook.selection import changed_files
from core.rulebook.store import ActivationRow, ProposalRow
from scoring.impact import differences
from web.kit.access import may, page_required, the_actor
from web.kit.language import language
from web.kit.paging import paginate
from web.kit.people import organ_names, person_names, region_names
from web.kit.regions import region_choices
from web.kit.render import Crumb, instance, render_page
from web.kit.words import joined
from web.rulework.draft import Draft, activation_of, approver, impact_text, read_draft, works_on_rules
from web.rulework.files import list_files

pages = Blueprint("activation", __name__)
HISTORY = 10


@pages.get("/activation", endpoint="index")
@page_required(Action.VIEW_RULES)
def index() -> str:
    """The bundle in force, what waits for approval, the history; for those who work on rules also the files on disk."""
    return _page(_draft(request.args.getlist("file") or None) if works_on_rules() else None)


@pages.post("/activation/impact", endpoint="impact")
@page_required(Action.AUTHOR_RULES)
def impact() -> Any:
    """What the files on disk would change for open cases; nothing is recorded."""
    draft, document = _draft(request.form.getlist("file") or None), request.form.get("document", "").strip()
    if not draft.proposable or draft.candidate is None:
        return _page(draft), 422
    try:
        activation_of(instance()).check(draft.candidate, approver(the_actor()), document)
    except FazhiError as refused:
        flash(refused.problems[0].message(language()), "warning")
        return _page(draft, document), 422
    return _page(draft, document, impact_text(instance(), draft.candidate, language()), draft.candidate.hash)


@pages.post("/activation/propose", endpoint="propose")
@page_required(Action.AUTHOR_RULES)
def propose() -> Any:
    """Propose the files on disk, as they were shown, under an issuing document."""
    draft, document = _draft(request.form.getlist("file") or None), request.form.get("document", "").strip()
    if not draft.proposable or draft.candidate is None:
        return _page(draft), 422
    if draft.candidate.hash != request.form.get("bundle"):
        flash(_("规则文件在此期间又有改动，请重新查看影响后再提请。"), "warning")
        return _page(draft, document), 409
    activation, who = activation_of(instance()), approver(the_actor())
    try:
        activation.check(draft.candidate, who, document)
        outcome = activation.propose(draft.candidate, draft.selection.sources, who, document,
                                     impact_text(instance(), draft.candidate))
    except FazhiError as refused:
        flash(refused.problems[0].message(language()), "warning")
        return _page(draft, document), 422
    flash(_("规则包已启用，正在重新判定未结事项。") if outcome.active else
          _("已提请启用，还需 %(count)s 人批准。", count=outcome.missing))
    return redirect(url_for("activation.index"))


@pages.post("/activation/approve", endpoint="approve")
@page_required(Action.ACTIVATE_RULES)
def approve() -> Response:
    """Approve the proposal that is open."""
    try:
        outcome = activation_of(instance()).approve(request.form.get("bundle", ""), approver(the_actor()))
    except FazhiError as refused:
        flash(refused.problems[0].message(language()), "warning")
    else:
        flash(_("规则包已启用，正在重新判定未结事项。") if outcome.active else
              _("已批准，还需 %(count)s 人批准。", count=outcome.missing))
    return redirect(url_for("activation.index"))


def _draft(chosen: Collection[str] | None) -> Draft:
    return read_draft(instance(), the_actor().place.region, chosen)


def _page(draft: Draft | None, document: str = "", impact: str = "", bundle: str = "") -> str:
    served, actor = instance(), the_actor()
    current = served.bundles.current()
    proposal = activation_of(served).open_proposal()
    candidate = served.bundles.get(proposal.bundle_hash) if proposal else None
    changes = differences(current, candidate) if candidate else None
    history = paginate(ActivationRow.select().order_by(ActivationRow.id.desc()), HISTORY)
    people = {row.activated_by for row in history.items} | (set(proposal.approvals) if proposal else set())
    own = list_files(served.settings.rules_dir, actor.place.region) if may(Action.AUTHOR_RULES) else ()
    shown = [one for one in (changes, draft.changes if draft else None) if one]
    return render_page(
        "pages/activation.html", str(_("规则启用")), breadcrumb=(Crumb(str(_("规则依据")), url_for("rules.index")),),
        current=current, draft=draft, document=document, impact=impact, bundle=bundle, proposal=proposal,
        changes=changes, files=changed_files(current.sources, candidate.sources) if candidate else (),
        said=impact_of(proposal) if proposal else "", history=history, names=person_names(people),
        approvals=_approvals([row.bundle_hash for row in history.items]),
        organ=organ_names([proposal.organ])[proposal.organ] if proposal else "",
        regions=region_names({change.region for one in shown for group in (one.parameters, one.content, one.calendars)
                              for change in group if change.region}
                             | {one.region for one in (draft.files if draft else ()) if one.region}),
        own=own, own_regions=region_names({one.region for one in own}), region_choices=region_choices(actor),
        needed=served.settings.approvals,
        approved=proposal is not None and actor.person_id in proposal.approvals,
        page_lead=str(_("规则由一人提请、另一人批准后生效；保存文件不改变任何判定。")))


def _approvals(hashes: list[str]) -> dict[str, str]:
    """Who proposed and approved each bundle, in words."""
    rows = list(ProposalRow.select().where(ProposalRow.bundle_hash.in_(hashes) & (ProposalRow.state == "active"))
                .order_by(ProposalRow.proposed_at))
    names = person_names({person for row in rows for person in row.approvals})
    return {row.bundle_hash: joined(names[person] for person in row.approvals) for row in rows}
