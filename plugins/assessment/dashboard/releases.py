"""Publishing a year's result: asked once more, then frozen, with a signed archive that can be checked again."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from flask import Blueprint, Response, abort, flash, redirect, send_file, url_for
from flask_babel import gettext as _

from core.errors import FazhiError
from core.instance import Instance
from core.ledger.signing import SigningKey
from core.organs.authority import Action
from core.organs.visibility import visible_organs
from core.rulebook.model import Scheme
from plugins.assessment.pages.asking import schemes_in_use
from scoring.assessment.models import OrganScoreRow
from scoring.assessment.publishing import ask_to_publish, publish_asked, publishing_of
from scoring.assessment.queries import releases
from scoring.assessment.release import read_archive
from web.kit.access import page_required, the_actor, today_of
from web.kit.language import language, say
from web.kit.people import person_names
from web.kit.render import Crumb, instance, render_page
from web.kit.scoring import replayer

pages = Blueprint("assessment_releases", __name__, url_prefix="/assessment/releases", template_folder="templates")
REPLAYED = 20
"""Receipts of an archive that a check on the page computes again; the signature covers all of them."""
EARLIER_YEARS = 3
JOB = "publish-year"


def folder(served: Instance) -> Path:
    """Where the instance keeps its archives."""
    return served.settings.home / "assessments"


def publish_in_background(served: Instance, scheme: str, year: int) -> None:
    """The job: make the receipts of all organs, sign the archive, freeze the year."""
    publish_asked(served.bundles.current(), scheme, year, served.now(), folder(served),
                  SigningKey.load_or_create(served.settings.signing_key))


@pages.get("", endpoint="index")
@page_required(Action.VIEW_RANKING)
def index() -> str:
    """Published years; and those that the reader may publish."""
    rows = releases()
    today, known = today_of(instance()), {(row.scheme, row.year) for row in rows}
    waiting = [(scheme, year) for year in range(today.year - 1, today.year - 1 - EARLIER_YEARS, -1)
               for scheme in schemes_in_use(the_actor().place.region, year)
               if (scheme.id, year) not in known and _entitled(scheme.id, year)]
    return render_page(
        "assessment/releases.html", str(_("考核结果公布")), rows=rows, waiting=waiting, titles=_titles(),
        people=person_names({row.made_by for row in rows}),
        may_open={(row.scheme, row.year) for row in rows if _entitled(row.scheme, row.year)},
        page_lead=str(_("年度终了后由监督机关公布；公布后得分冻结，档案带签名，可随时重新核对。")))


@pages.get("/<scheme>/<year>", endpoint="confirm")
@page_required(Action.PUBLISH_SCORE)
def confirm(scheme: str, year: str) -> str:
    """What is about to be published, or what was; nothing happens yet."""
    title, number = _find(scheme, year)
    return _page(title, number, None, None)


@pages.post("/<scheme>/<year>", endpoint="publish")
@page_required(Action.PUBLISH_SCORE)
def publish(scheme: str, year: str) -> Any:
    """Ask for the publication, which a job does; the page that follows shows how far it is."""
    title, number = _find(scheme, year)
    try:
        begun = ask_to_publish(f"assessment.{JOB}", title.id, number, the_actor().person_id, instance().now())
    except FazhiError as refused:
        flash(refused.problems[0].message(language()), "warning")
    else:
        flash(_("已开始公布，完成后得分冻结。") if begun else _("正在公布，不需要再次提交。"))
    return redirect(url_for(".confirm", scheme=scheme, year=year))


@pages.get("/<scheme>/<year>/archive", endpoint="archive")
@page_required(Action.PUBLISH_SCORE)
def archive(scheme: str, year: str) -> Response:
    """The signed archive."""
    title, number = _find(scheme, year)
    row = _released(title.id, number)
    if row is None:
        abort(404)
    return send_file(folder(instance()) / row.file, mimetype="application/gzip", as_attachment=True,
                     download_name=row.file)


@pages.post("/<scheme>/<year>/check", endpoint="check")
@page_required(Action.PUBLISH_SCORE)
def check(scheme: str, year: str) -> str:
    """Check the archive's signature and digests, and compute some of its receipts again from the ledger."""
    title, number = _find(scheme, year)
    row = _released(title.id, number)
    if row is None:
        abort(404)
    wrong: str = ""
    replayed: list[tuple[str, bool]] = []
    try:
        found = read_archive(folder(instance()) / row.file, row.key)
        step = max(1, len(found.receipts) // REPLAYED)
        replayed = [(one["receipt"], replayer().replay(one["receipt"]).same)
                    for one in found.receipts[::step][:REPLAYED]]
    except (FazhiError, OSError) as refused:
        wrong = refused.problems[0].message(language()) if isinstance(refused, FazhiError) else str(refused)
    return _page(title, number, replayed, wrong)


def _page(scheme: Scheme, year: int, replayed: list[tuple[str, bool]] | None, wrong: str | None) -> str:
    scored = (OrganScoreRow.scheme == scheme.id) & (OrganScoreRow.year == year)
    row, publishing = _released(scheme.id, year), publishing_of(scheme.id, year)
    counts = {"organs": OrganScoreRow.select().where(scored).count(),
              "blocked": OrganScoreRow.select().where(scored & OrganScoreRow.blocked).count(),
              "at_risk": OrganScoreRow.select().where(scored & (OrganScoreRow.at_risk > 0)).count()}
    return render_page("assessment/release.html", str(_("%(year)s 年度考核结果", year=year)), scheme=scheme, year=year,
                       row=row, publishing=publishing, counts=counts, replayed=replayed, wrong=wrong,
                       page_lead=say(scheme.title), people=person_names(
                           {each for each in (row and row.made_by, publishing and publishing.asked_by) if each}),
                       breadcrumb=(Crumb(str(_("考核结果公布")), url_for(".index")),))


def _find(scheme: str, year: str) -> tuple[Scheme, int]:
    """A scheme and an ended year that the reader may publish; 404 otherwise."""
    found = instance().bundles.current().schemes.get(scheme)
    number = int(year) if year.isascii() and year.isdigit() and len(year) == 4 else 0
    if found is None or found.per != "organ" or not 2000 < number < today_of(instance()).year:
        abort(404)
    if not _entitled(scheme, number):
        abort(404)
    return found, number


def _entitled(scheme: str, year: int) -> bool:
    """Whether the reader's organ stands above every organ that was scored."""
    scored = (OrganScoreRow.scheme == scheme) & (OrganScoreRow.year == year)
    below = visible_organs(the_actor(), Action.PUBLISH_SCORE)
    others = OrganScoreRow.organ.not_in(below) & (OrganScoreRow.organ != the_actor().organ)
    return OrganScoreRow.select().where(scored & OrganScoreRow.organ.in_(below)).exists() \
        and not OrganScoreRow.select().where(scored & others).exists()


def _released(scheme: str, year: int) -> Any:
    return next((row for row in releases(scheme) if row.year == year), None)


def _titles() -> dict[str, str]:
    return {scheme.id: say(scheme.title) for scheme in instance().bundles.current().schemes.values()
            if scheme.per == "organ"}


