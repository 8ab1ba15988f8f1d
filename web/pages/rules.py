"""The rules in force: each as a sentence with its law, and every parameter with where its value comes from."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, request, url_for
from flask_babel import gettext as _

from core.language.rule_sentence import rule_sentence
from core.organs.authority import Action
from core.organs.codes import CODE
from core.organs.models import Region
from core.rulebook.model import Rule
from core.rulebook.store import ActivationRow
from web.kit.access import page_required, the_actor, today_of
from web.kit.language import language, say
from web.kit.people import person_names, region_names
from web.kit.render import Crumb, instance, render_page
from web.kit.words import LEVELS

pages = Blueprint("rules", __name__)


@pages.get("/rules", endpoint="index")
@page_required(Action.VIEW_RULES)
def index() -> str:
    """Rules and parameters that count for a region today."""
    bundle = instance().bundles.current()
    region = _region()
    today = today_of(instance())
    procedures = sorted(bundle.procedures.values(), key=lambda one: -len(bundle.rules(one.id, region)))
    chosen = bundle.procedures.get(request.args.get("procedure", "")) or (procedures[0] if procedures else None)
    asked = {name: request.args.get(name, "").strip() for name in ("q", "level", "procedure")} | {"region": region}
    rules = [rule for rule in bundle.rules(chosen.id, region) if today in rule.valid] if chosen else []
    sections = [("rules", _("规则")), ("parameters", _("参数")), ("templates", _("评分模板"))]
    part = request.args.get("part", "rules")
    activation = ActivationRow.select().order_by(ActivationRow.id.desc()).first()
    return render_page(
        "pages/rules.html", str(_("规则依据")), bundle=bundle, activation=activation, asked=asked, procedure=chosen,
        activated_by=person_names([activation.activated_by])[activation.activated_by] if activation else "",
        procedures=[(one.id, say(one.title)) for one in procedures], regions=_region_choices(),
        levels=[(value, one.title) for value, one in LEVELS.items()], today=today,
        rules=[(rule, rule_sentence(rule, chosen, language())) for rule in rules if chosen and _fits(rule, asked)],
        total=len(rules), sections=sections, part=part if part in dict(sections) else "rules",
        parameters=bundle.parameters(region, today),
        checklists=[one for one in bundle.checklists(chosen.id, region) if today in one.valid] if chosen else [],
        page_lead=str(_("规则以现行有效的规则包为准；各地只能在上级开放的范围内细化。")))


@pages.get("/rules/<path:rule_id>", endpoint="show")
@page_required(Action.VIEW_RULES)
def show(rule_id: str) -> str:
    """One rule with every version of it, its law and its parameters."""
    bundle = instance().bundles.current()
    procedure = bundle.procedures.get(rule_id.rpartition("/")[0])
    region = _region()
    versions = [rule for rule in bundle.rules(procedure.id, region) if rule.id == rule_id] if procedure else []
    if not versions or procedure is None:
        abort(404)
    return render_page(
        "pages/rule.html", say(versions[-1].title), breadcrumb=(Crumb(str(_("规则依据")), url_for("rules.index")),),
        rule=_current(versions), procedure=procedure, region=region_names([region])[region],
        versions=[(rule, rule_sentence(rule, procedure, language())) for rule in versions])


def _current(versions: list[Rule]) -> Rule:
    today = today_of(instance())
    return next((rule for rule in versions if today in rule.valid), versions[-1])


def _fits(rule: Rule, asked: dict[str, str]) -> bool:
    text = f"{rule.title.zh} {rule.title.to('en')} {rule.code} {rule.id} {' '.join(map(str, rule.basis))}".lower()
    return asked["q"].lower() in text and asked["level"] in ("", rule.level.value)


def _region() -> str:
    asked = request.args.get("region", "")
    return asked if CODE.fullmatch(asked) else the_actor().place.region


def _region_choices() -> list[tuple[str, str]]:
    """All regions down to counties: rules are no secret between neighbours."""
    english = language() != "zh"
    rows: Any = Region.select(Region.code, Region.name, Region.english, Region.level).where(
        Region.level != "township").order_by(Region.code).tuples()
    indent = {"league": "　", "county": "　　"}
    return [(code, indent.get(level, "") + ((other or name) if english else name)) for code, name, other, level in rows]
