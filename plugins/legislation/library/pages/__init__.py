"""Public pages of the library: search, a law's text, an article, two editions side by side."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask import Blueprint, abort, jsonify, request, send_from_directory, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from core.citations.corpus import law_key
from core.errors import Problem, messages
from plugins.legislation.library.catalogue import open_catalogue
from plugins.legislation.library.citing import CitedArticles, Use, use_of
from plugins.legislation.library.comparing import Outcome, compare, parts_of
from plugins.legislation.library.models import Article, Edition, Law, Refusal
from plugins.legislation.library.pages.finding import (
    SHOWN,
    Asked,
    asked_of_request,
    counts,
    day_of,
    hits_of,
    law_list,
    years,
)
from plugins.legislation.library.search import MOST_COUNTED, search
from plugins.legislation.library.snippets import marked
from plugins.legislation.library.standing import Placed, editions_of, on_day, placed
from plugins.legislation.library.vocabulary import LEVEL_TITLES, STANDING_TITLES, STANDING_TONES, LawLevel, Standing
from web.kit.access import public_page, today_of
from web.kit.language import language, say
from web.kit.limits import limited
from web.kit.paging import Page, asked_page
from web.kit.render import Crumb, instance, render_page
from web.kit.words import joined

pages = Blueprint("laws", __name__, url_prefix="/laws", template_folder="templates")
RATE = "120 per minute"
"""For each address: a whole office may read behind one."""

_CITED = CitedArticles()


@pages.before_request
def keep_up() -> None:
    """A document that was published, repealed or expired a moment ago is shown as it stands now."""
    from plugins.legislation.register.renewing import renew

    if request.endpoint != "laws.style":
        renew(instance())



@pages.app_template_filter("standing_title")
def standing_title(value: Standing) -> str:
    """施行中, 已被替代 … in the reader's language."""
    return say(STANDING_TITLES[value])


@pages.app_template_filter("standing_tone")
def standing_tone(value: Standing) -> str:
    """The colour of a standing."""
    return STANDING_TONES[value]


@pages.app_template_filter("law_level")
def law_level(value: str) -> str:
    """法律, 行政法规 … in the reader's language."""
    return say(LEVEL_TITLES[LawLevel(value)])


@pages.get("/style.css", endpoint="style")
@public_page
def style() -> Response:
    """The style of these pages."""
    return send_from_directory(f"{pages.root_path}/static", "laws.css", max_age=3600)


@pages.get("", endpoint="home")
@public_page
@limited(RATE)
def home() -> str:
    """The search box with what it found; without words, what the library holds."""
    asked = asked_of_request(today_of(instance()))
    if asked.words:
        return _found(asked)
    listed = law_list(asked, asked.day) if asked.filtered else None
    return render_page("laws/home.html", _("法规库"), asked=asked, listed=listed, counts=counts(), years=years(),
                       editions=Edition.select().count(), articles=Article.select().count(),
                       latest=Edition.select(Edition, Law).join(Law).where(Edition.latest).order_by(
                           Edition.passed.desc(nulls="last"), Law.key).limit(8),
                       levels=_levels(), refused=Refusal.select().count())


def _levels() -> list[tuple[str, str]]:
    return [(level.value, say(title)) for level, title in LEVEL_TITLES.items()]


def _found(asked: Asked) -> str:
    result = search(asked.words, asked.within)
    number = min(asked_page(), max(1, -(-len(result.articles) // SHOWN)))
    shown = result.articles[(number - 1) * SHOWN : number * SHOWN]
    hits = hits_of(shown, result.asked.words, asked.day)
    page = Page(hits, number, SHOWN, len(result.articles))
    return render_page("laws/found.html", _("法规库"), asked=asked, page=page, result=result, levels=_levels(),
                       years=years(), most=MOST_COUNTED,
                       loosened=joined("".join(run) for run in result.asked.words))


@pages.get("/search.json", endpoint="search_json")
@public_page
@limited(RATE)
def search_json() -> Any:
    """The same search for other systems: hits best first."""
    asked = asked_of_request(today_of(instance()))
    result = search(asked.words, asked.within)
    hits = hits_of(result.articles[:SHOWN], result.asked.words, asked.day)
    return jsonify({"total": result.total, "loosened": result.loosened, "hits": [
        {"law": hit.law.title, "level": hit.law.level, "edition": hit.edition.slug, "article": hit.article.label,
         "standing": hit.standing.value, "text": hit.article.text,
         "url": url_for("laws.article", law=hit.law.key, edition=hit.edition.slug, anchor=hit.article.anchor)}
        for hit in hits]})


@pages.get("/refused", endpoint="refused")
@public_page
@limited(RATE)
def refused() -> str:
    """Files of the last import that were not read, each with its reason."""
    rows = [(row.name, _reason(row)) for row in Refusal.select().order_by(Refusal.name)]
    return render_page("laws/refused.html", _("未读入的文件"), rows=rows, breadcrumb=(_crumb(),))


def _reason(row: Any) -> str:
    known = row.code in messages()
    return Problem(row.code, details=row.details).message(language()) if known else row.code


@pages.get("/<law>", endpoint="law")
@public_page
@limited(RATE)
def law(law: str) -> Any:
    """The text of a law that counts on a day, today if none is named."""
    editions = _editions(law)
    day = day_of(request.args.get("on"))
    if request.args.get("on") and day is None:
        abort(400)
    today = today_of(instance())
    chosen = on_day(editions, day or today)
    if chosen is None and day is None:
        chosen = placed(editions, today)[0]
    return _text(editions, chosen, day)


@pages.get("/<law>/compare", endpoint="compare")
@public_page
@limited("30 per minute")
def compared(law: str) -> Any:
    """Two editions of a law, article by article."""
    editions = _editions(law)
    by_slug = {edition.slug: edition for edition in editions}
    before, after = by_slug.get(request.args.get("from", "")), by_slug.get(request.args.get("to", ""))
    if before is None or after is None or before.id == after.id:
        abort(404)
    if (before.passed or date.min) > (after.passed or date.min):
        before, after = after, before
    pairs = compare(parts_of(before), parts_of(after))
    whole = request.args.get("all") == "1"
    changed = [pair for pair in pairs if pair.outcome is not Outcome.SAME]
    title = before.law.title
    return render_page("laws/compare.html", _("版本对照"), before=before, after=after, law=before.law,
                       editions=editions, pairs=pairs if whole else changed, whole=whole,
                       numbers={outcome: sum(pair.outcome is outcome for pair in pairs) for outcome in Outcome},
                       breadcrumb=(_crumb(), Crumb(title, url_for("laws.law", law=before.law.key))))


@pages.get("/<law>/<edition>", endpoint="text")
@public_page
@limited(RATE)
def text(law: str, edition: str) -> str:
    """One edition of a law."""
    editions = _editions(law)
    chosen = next((one for one in placed(editions, today_of(instance())) if one.edition.slug == edition), None)
    if chosen is None:
        abort(404)
    return _text(editions, chosen, None)


@pages.get("/<law>/<edition>/<anchor>", endpoint="article")
@public_page
@limited(RATE)
def article(law: str, edition: str, anchor: str) -> str:
    """One article, which rules cite it, and the same article in other editions."""
    editions = _editions(law)
    today = today_of(instance())
    chosen = next((one for one in placed(editions, today) if one.edition.slug == edition), None)
    if chosen is None:
        abort(404)
    row = Article.get_or_none((Article.edition == chosen.edition) & (Article.anchor == anchor))
    if row is None:
        abort(404)
    others = list(Article.select(Article, Edition).join(Edition).where(
        (Edition.law == chosen.edition.law) & (Article.anchor == anchor) & (Edition.id != chosen.edition.id)).order_by(
        Edition.passed.desc()))
    near = {one.place: one for one in Article.select().where(
        (Article.edition == chosen.edition) & Article.place.in_([row.place - 1, row.place + 1]))}
    return render_page("laws/article.html", f"{chosen.edition.law.title} {row.label}", chosen=chosen, row=row,
                       law=chosen.edition.law, edition=chosen.edition, others=others, use=_use(row, chosen.edition),
                       before=near.get(row.place - 1), after=near.get(row.place + 1), current=on_day(editions, today),
                       text=marked(row.text, asked_words()),
                       breadcrumb=(_crumb(), Crumb(chosen.edition.law.title, url_for(
                           "laws.text", law=chosen.edition.law.key, edition=edition))))


def asked_words() -> tuple[tuple[str, ...], ...]:
    """The words that the reader came from, to be marked again."""
    from plugins.legislation.library.asking import understand
    from plugins.legislation.library.catalogue import Catalogue

    return understand(request.args.get("q", ""), Catalogue(())).words


def _use(row: Any, edition: Any) -> Use:
    if not row.number:
        return Use()
    rules = _CITED.of(instance().bundles.current()).get((edition.law_id, row.number, row.branch), ())
    return use_of(rules, instance().now())


def _editions(law: str) -> list[Any]:
    found = editions_of(law)
    if not found:
        known = open_catalogue().exact(law) or open_catalogue().exact(law_key(law))
        found = editions_of(known.key) if known else []
    if not found:
        abort(404)
    return found


def _text(editions: list[Any], chosen: Placed | None, day: date | None) -> str:
    today = today_of(instance())
    row = editions[0].law
    parts = parts_of(chosen.edition) if chosen else []
    rules = _CITED.of(instance().bundles.current())
    used = {part.place: len(rules.get((row.key, part.number, part.branch), ())) for part in parts if part.number}
    return render_page("laws/text.html", row.title, law=row, chosen=chosen, editions=placed(editions, today), day=day,
                       articles=parts, used=used, contents=_contents(parts), current=on_day(editions, today),
                       asked_edition=day_of(request.args.get("cited")), breadcrumb=(_crumb(),),
                       repealing=Law.get_or_none(Law.key == row.repealed_by) if row.repealed_by else None)


def _contents(parts: list[Any]) -> list[tuple[int, str, str]]:
    """Headings with their depth and the anchor of the first part under them."""
    out: list[tuple[int, str, str]] = []
    above: list[str] = []
    for part in parts:
        headings = list(part.headings)
        for depth, heading in enumerate(headings):
            if headings[: depth + 1] != above[: depth + 1]:
                out.append((depth, heading, part.anchor))
        above = headings
    return out


def _crumb() -> Crumb:
    return Crumb(_("法规库"), url_for("laws.home"))
