"""The rules in force: each as a sentence with its law, and every parameter with where its value comes from."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, abort, request, url_for
from flask_babel import gettext as _

from core.language.rule_sentence import rule_sentence
from core.organs.authority import Action
from core.organs.codes import CODE
from core.organs.models import Region
from core.rulebook.bundle import Bundle
from core.rulebook.model import Checklist, Node, Procedure, Rule, Scheme
from core.rulebook.store import ActivationRow, ProposalRow
from core.text import Text
from web.kit.access import page_required, the_actor, today_of
from web.kit.language import language, say
from web.kit.people import person_names, region_names
from web.kit.render import Crumb, instance, render_page
from web.kit.words import LEVELS
from web.rulework.draft import disk_changes, works_on_rules

pages = Blueprint("rules", __name__)


@dataclass(frozen=True, slots=True)
class Section:
    """Rules of a stage, or templates of a point, under their title."""

    id: str
    title: str
    items: Sequence[Any]


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
    fitting = [rule for rule in rules if _fits(rule, asked)]
    checklists = [one for one in bundle.checklists(chosen.id, region) if today in one.valid] if chosen else []
    scheme = bundle.scheme_for(chosen.id, today, "case") if chosen else None
    sections = [("rules", _("规则")), ("parameters", _("参数")), ("templates", _("评分模板"))]
    part = request.args.get("part", "rules")
    activation = ActivationRow.select().order_by(ActivationRow.id.desc()).first()
    parameters = [one for one in bundle.parameters(region, today) if _holds(asked["q"], one.title, one.key)]
    return render_page(
        "pages/rules.html", str(_("规则依据")), bundle=bundle, activation=activation, asked=asked, procedure=chosen,
        activated_by=person_names([activation.activated_by])[activation.activated_by] if activation else "",
        waiting=ProposalRow.select().where(ProposalRow.state == "open").exists(), differs=_differs(bundle),
        procedures=[(one.id, say(one.title)) for one in procedures], regions=_region_choices(),
        levels=[(value, one.title) for value, one in LEVELS.items()], today=today,
        rules=_by_stage(fitting, chosen) if chosen else (), shown=len(fitting), total=len(rules),
        filtered=bool(asked["q"] or asked["level"]), sections=sections,
        part=part if part in dict(sections) else "rules",
        parameters=parameters, region_titles=region_names({one.region for one in parameters if one.region}),
        checklists=_by_point([one for one in checklists if _holds(asked["q"], one.title, one.id)], scheme),
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
        rule=_current(versions), procedure=procedure,
        region_titles=region_names({rule.origin["region"] for rule in versions if "region" in rule.origin}),
        region=region_names([region])[region],
        versions=[(rule, rule_sentence(rule, procedure, language())) for rule in versions])


def _differs(bundle: Bundle) -> bool:
    """Whether the files on disk are not those of the bundle in force; asked only for those who work on rules."""
    return works_on_rules() and bool(disk_changes(instance()))


def _current(versions: list[Rule]) -> Rule:
    today = today_of(instance())
    return next((rule for rule in versions if today in rule.valid), versions[-1])


def _fits(rule: Rule, asked: dict[str, str]) -> bool:
    return asked["level"] in ("", rule.level.value) and _holds(
        asked["q"], rule.title, rule.code, rule.id, *map(str, rule.basis))


def _holds(typed: str, title: Text, *others: str) -> bool:
    """Whether a title in either language, or something else, holds what was typed."""
    return typed.lower() in " ".join((title.zh, title.to("en"), *others)).lower()


def _by_stage(rules: Sequence[Rule], procedure: Procedure) -> Sequence[Section]:
    """Rules with their sentence, by the stage of the step that each looks at, in the order of the procedure."""
    place = {event: stage.id for stage in procedure.stages for event in stage.events}
    found: dict[str, list[tuple[Rule, str]]] = {}
    for rule in rules:
        events = (*rule.on.events, *(rule.target.events if rule.target else ()))
        stage = next((place[event] for event in events if event in place), "")
        found.setdefault(stage, []).append((rule, rule_sentence(rule, procedure, language())))
    return _sections(found, {stage.id: say(stage.title) for stage in procedure.stages}, str(_("贯穿全程")))


def _by_point(checklists: Sequence[Checklist], scheme: Scheme | None) -> Sequence[Section]:
    """Templates by the supervision point that they count for."""
    points = {leaf: node for node in scheme.nodes for leaf in _leaves(node)} if scheme else {}
    found: dict[str, list[Checklist]] = {}
    for one in checklists:
        node = points.get(one.id.rpartition("/")[2])
        found.setdefault(node.id if node else "", []).append(one)
    return _sections(found, {node.id: say(node.title) for node in scheme.nodes} if scheme else {}, str(_("其他")))


def _sections(found: Mapping[str, Sequence[Any]], titles: Mapping[str, str], rest: str) -> Sequence[Section]:
    known = [Section(name, title, found[name]) for name, title in titles.items() if name in found]
    return [*known, Section("rest", rest, found[""])] if "" in found else known


def _leaves(node: Node) -> Iterator[str]:
    if node.leaf is not None and node.leaf.checklist:
        yield node.leaf.checklist
    for child in node.children:
        yield from _leaves(child)


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
