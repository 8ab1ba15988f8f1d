"""A procedure from its file."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import replace
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from core.errors import FazhiError
from core.language.compiler import compile_expression
from core.language.environment import Environment, FactSource
from core.language.suggest import listing, nearest
from core.organs.vocabulary import ROLE_TITLES
from core.rulebook.build.context import Lookup, Problems, Site, titles
from core.rulebook.build.leading import lead
from core.rulebook.build.periods import Filled
from core.rulebook.kinds.base import dates_of
from core.rulebook.kinds.procedure import EventSpec, FieldSpec, ProcedureDocument
from core.rulebook.model import (
    EventType,
    Fact,
    Field,
    FieldType,
    GuideStep,
    MaterialRequirement,
    Procedure,
    Stage,
)
from core.text import Text

ROLES: Mapping[str, Text] = {role.value: title for role, title in ROLE_TITLES.items()}
"""The platform's own roles; a plugin may name others, but hardly one that differs by a letter."""

RESERVED_FIELDS = frozenset({"date", "actor", "organ"})
"""Every step has these by itself: ``e.date``, ``e.actor``, ``e.organ``."""


def build_procedure(document: ProcedureDocument, site: Site, problems: Problems) -> Procedure:
    """The typed procedure; what is wrong with it goes to ``problems``."""
    attributes = _attributes(document, site, problems)
    events = {name: _event(name, spec, attributes, site / "events" / name, problems)
              for name, spec in document.events.items()}
    lookup = Lookup(problems, "event", titles(events))
    events = {name: replace(event, other_person_than=lookup.all(
        event.other_person_than, site / "events" / name / "other_person_than")) for name, event in events.items()}
    timezone = _timezone(document.timezone, site / "timezone", problems)
    procedure = Procedure(
        id=document.id, title=document.title, events=events,
        stages=tuple(Stage(stage.id, stage.title, lookup.all(stage.events, site / "stages" / n / "events"))
                     for n, stage in enumerate(document.stages)),
        opens_with=lookup.all(document.opens_with, site / "opens_with"),
        closes_with=lookup.all(document.closes_with, site / "closes_with"),
        withdraws_with=lookup.all(document.withdraws_with, site / "withdraws_with"),
        after_closing=lookup.all(document.after_closing, site / "after_closing"),
        attributes=attributes, timezone=timezone, basis=tuple(c.citation() for c in document.basis),
        valid=dates_of(document.valid), number=document.number, secrecy=document.secrecy,
        facts=_facts(document, attributes, events, timezone, site / "facts", problems),
        guide=_guide(document, events, lookup, site / "guide", problems),
    )
    _check_stages(document, site, problems)
    _check_aliases(document, site, problems)
    return procedure


def _attributes(document: ProcedureDocument, site: Site, problems: Problems) -> Mapping[str, Field]:
    """The attributes; one written as ``{}`` is what the first step that fills it in says it is."""
    filled_in: dict[str, Field] = {}
    for event, spec in document.events.items():
        for name, field in spec.fields.items():
            if name in document.attributes and document.attributes[name].type is None and field.type is not None:
                place = site / "events" / event / "fields" / name
                filled_in.setdefault(name, replace(build_field(name, field, None, place, problems), required=False))
    return {name: build_field(name, spec, filled_in.get(name), site / "attributes" / name, problems)
            for name, spec in document.attributes.items()}


def _event(name: str, spec: EventSpec, attributes: Mapping[str, Field], site: Site, problems: Problems) -> EventType:
    for reserved in RESERVED_FIELDS & spec.fields.keys():
        problems.add("field-reserved", (site / "fields" / reserved).key, field=reserved)
    for index, role in enumerate(spec.by):
        near = nearest(role, ROLES)
        if role not in ROLES and near:
            problems.add("role-misspelt", (site / "by").item(index), warning=True, name=role, suggestion=near,
                         known=listing(ROLES))
    seen: set[str] = set()
    for index, material in enumerate(spec.materials):
        if material.id in seen:
            problems.add("id-repeated", (site / "materials" / index / "id").at, id=material.id)
        seen.add(material.id)
    return EventType(
        id=name, title=spec.title, by=spec.by,
        fields={field: build_field(field, each, attributes.get(field), site / "fields" / field, problems)
                for field, each in spec.fields.items()},
        materials=tuple(MaterialRequirement(m.id, m.title, m.required, m.document) for m in spec.materials),
        record_within=Filled({}, {}, problems).period(spec.record_within, site / "record_within"),
        precision=spec.precision, repeatable=spec.repeatable, help=spec.help, aliases=spec.aliases,
        other_person_than=spec.other_person_than, renews=_renewed(spec, attributes, site / "renews", problems),
        leads_to=tuple(lead(each) for each in spec.leads_to),
    )


def _renewed(spec: EventSpec, attributes: Mapping[str, Field], site: Site, problems: Problems) -> tuple[str, ...]:
    known = Lookup(problems, "attribute", {name: field.title for name, field in attributes.items()})
    return known.all(spec.renews, site)


def build_field(name: str, spec: FieldSpec, attribute: Field | None, site: Site, problems: Problems) -> Field:
    """A field; one that is named like an attribute takes from it what it does not say itself."""
    kind = spec.type or (attribute.type if attribute else None)
    if kind is None:
        problems.add("field-needs-type", site.at, field=name, types="、".join(FieldType))
        kind = FieldType.STRING
    values = spec.values or (attribute.values if attribute else {})
    unit = spec.unit or (attribute.unit if attribute else None)
    if attribute and (kind is not attribute.type or unit != attribute.unit):
        problems.add("field-differs-from-attribute", (site / "type").at, field=name, type=attribute.type.value)
    if attribute and spec.values and (extra := spec.values.keys() - attribute.values.keys()):
        problems.add("field-values-differ", (site / "values").at, field=name, values="、".join(sorted(extra)))
    if kind is FieldType.ENUM and not values:
        problems.add("enum-needs-values", site.at, field=name)
    if spec.values and kind not in (FieldType.ENUM, FieldType.SET):
        problems.add("values-need-enum", (site / "values").key, field=name, type=kind.value)
    if unit and kind not in (FieldType.INT, FieldType.DECIMAL):
        problems.add("unit-needs-number", (site / "unit").at, field=name, type=kind.value)
    if (spec.min is not None or spec.max is not None) and kind not in (FieldType.INT, FieldType.DECIMAL):
        problems.add("bounds-need-number", site.at, field=name, type=kind.value)
    if spec.min is not None and spec.max is not None and spec.min > spec.max:
        problems.add("bounds-backwards", (site / "max").at, field=name, least=spec.min, most=spec.max)
    if spec.collected and (spec.required or spec.personal):
        problems.add("collected-not-entered", (site / "collected").key, field=name)
    title = spec.title or (attribute.title if attribute else Text(name))
    return Field(name, title, kind, unit, values, spec.required,
                 spec.personal or bool(attribute and attribute.personal),
                 spec.help or (attribute.help if attribute else None), spec.collected, spec.min, spec.max)


def _facts(document: ProcedureDocument, attributes: Mapping[str, Field], events: Mapping[str, EventType],
           timezone: ZoneInfo, site: Site, problems: Problems) -> Mapping[str, Fact]:
    sources = {name: FactSource(spec.cel, spec.title, (site / name / "cel").inside)
               for name, spec in document.facts.items()}
    environment = Environment(attributes, sources, {}, events, timezone)
    facts: dict[str, Fact] = {}
    for name, source in sources.items():
        if name in attributes:
            problems.add("fact-is-attribute", (site / name).key, name=name)
        try:
            facts[name] = Fact(name, source.title,
                               compile_expression(source.source, environment, source.at, expect=None))
        except FazhiError as error:
            problems.take(error.problems)
    return facts


def _guide(document: ProcedureDocument, events: Mapping[str, EventType], lookup: Lookup, site: Site,
           problems: Problems) -> tuple[GuideStep, ...]:
    """The steps on the spot; each once, and signatures only where the step has a material for them."""
    guide: dict[str, GuideStep] = {}
    for index, spec in enumerate(document.guide):
        place = site / index
        if not lookup.check(spec.step, (place / "step").at):
            continue
        if spec.step in guide:
            problems.add("id-repeated", (place / "step").at, id=spec.step)
        known = [material.id for material in events[spec.step].materials]
        named = [(name, (place / "sign").item(number)) for number, name in enumerate(spec.sign)]
        named += [(spec.record, (place / "record").at)] if spec.record else []
        for name, at in named:
            if name not in known:
                problems.add("guide-signature-unknown", at, name=name,
                             step=events[spec.step].title.zh, step_en=events[spec.step].title.to("en"),
                             known=listing(known) or "—")
        guide.setdefault(spec.step, GuideStep(spec.step, spec.prompt, spec.optional, spec.show, spec.sign,
                                                      spec.record))
    return tuple(guide.values())


def _timezone(name: str, site: Site, problems: Problems) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        problems.add("timezone-unknown", site.at, name=name)
        return ZoneInfo("Asia/Shanghai")


def _check_stages(document: ProcedureDocument, site: Site, problems: Problems) -> None:
    if not document.stages:
        return
    Lookup(problems, "event", {name: event.title for name, event in document.events.items()}).all(
        document.any_stage, site / "any_stage")
    placed = {event for stage in document.stages for event in stage.events} | set(document.any_stage)
    for name, event in document.events.items():
        if name not in placed:
            problems.add("event-in-no-stage", (site / "events" / name).key, warning=True, name=name,
                         title=event.title)


def _check_aliases(document: ProcedureDocument, site: Site, problems: Problems) -> None:
    owners: dict[str, list[str]] = defaultdict(list)
    for name, event in document.events.items():
        owners[name].append(name)
        for index, alias in enumerate(event.aliases):
            owners[alias].append(name)
            if len(owners[alias]) > 1:
                problems.add("alias-taken", (site / "events" / name / "aliases").item(index), alias=alias,
                             other=owners[alias][0])
