"""Procedures as the phone needs them: guide, steps, fields, materials, and the articles behind each step."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from flask import url_for
from flask_babel import gettext as _

from core.organs.authority import Actor
from core.rulebook.model import EventType, Field, GuideStep, Procedure, Rule
from plugins.enforcement.officers.facts import NAMING
from web.kit.language import say
from web.kit.procedures import openable
from web.kit.render import instance
from web.kit.words import citation, unit_title

OURS = "enforcement."
CASE = "CASE"
"""Stands in addresses for the case, which the phone fills in."""
Json = dict[str, Any]


def procedures_for(actor: Actor, today: date) -> list[Json]:
    """Enforcement procedures, and any other with a guide of its own, in which the actor may record something."""
    may_open: dict[str, list[str]] = {}
    for procedure, event_type in openable(actor):
        may_open.setdefault(procedure.id, []).append(event_type.id)
    bundle = instance().bundles.current()
    found = []
    for procedure in bundle.procedures.values():
        if not (procedure.guide or procedure.id.startswith(OURS)) or not procedure.stages:
            continue
        held = actor.roles_for(procedure.id)
        if any(held & set(event_type.by) for event_type in procedure.events.values()):
            rules = bundle.rules(procedure.id, actor.place.region)
            found.append(described(procedure, may_open.get(procedure.id, []), frozenset(held), rules, today))
    return sorted(found, key=lambda one: not one["guided"])


def described(procedure: Procedure, opens: list[str], roles: frozenset[str], rules: tuple[Rule, ...], today: date
              ) -> Json:
    """One procedure.

    Args:
        opens: steps with which the reader may open a case.
        roles: of the reader, to leave out what he may not record.
    """
    return {
        "id": procedure.id, "title": say(procedure.title), "opens": opens, "guided": bool(procedure.guide),
        "ends": [*procedure.closes_with, *procedure.withdraws_with], "after": list(procedure.after_closing),
        "guide": [{"step": one.step, "prompt": say(one.prompt), "optional": one.optional, "show": list(one.show),
                   "record": one.record or ""}
                  for one in guide_of(procedure) if roles & set(procedure.events[one.step].by)],
        "events": {name: _event(event_type, procedure, roles, rules, today)
                   for name, event_type in procedure.events.items()},
    }


def guide_of(procedure: Procedure) -> tuple[GuideStep, ...]:
    """The procedure's own guide; without one its steps by stage, none of which is pressed on the officer."""
    return procedure.guide or tuple(_made(procedure))


def _made(procedure: Procedure) -> Iterator[GuideStep]:
    named = {name for stage in procedure.stages for name in stage.events}
    order = [name for stage in procedure.stages for name in stage.events]
    for name in (*order, *(name for name in procedure.events if name not in named)):
        event_type = procedure.events[name]
        usual = name in procedure.opens_with or name in procedure.closes_with
        yield GuideStep(name, event_type.help or event_type.title, not usual)


def _event(event_type: EventType, procedure: Procedure, roles: frozenset[str], rules: tuple[Rule, ...], today: date
           ) -> Json:
    panel = next((one for platform in instance().plugins.platforms for one in platform.step_panels
                  if (one.procedure, one.step) == (procedure.id, event_type.id)), None)
    apart = frozenset(panel.fields) if panel else frozenset()
    signed = {name for one in procedure.guide if one.step == event_type.id for name in one.sign}
    return {
        "id": event_type.id, "title": say(event_type.title), "help": say(event_type.help),
        "repeatable": event_type.repeatable, "may": bool(roles & set(event_type.by)),
        "fields": [_field(one) for one in event_type.fields.values() if not one.collected and one.id not in apart],
        "panel": url_for(panel.endpoint, case_id=CASE, step=event_type.id) if panel else "",
        "materials": [{"id": one.id, "title": say(one.title), "required": one.required,
                       "signature": one.signature or one.id in signed, "document": bool(one.document)}
                      for one in event_type.materials],
        "basis": [_basis(rule) for rule in rules if event_type.id in rule.on.events and today in rule.valid],
    }


def _field(field: Field) -> Json:
    return {
        "id": field.id, "title": say(field.title), "type": str(field.type), "unit": unit_title(field.unit),
        "values": [[value, say(title)] for value, title in field.values.items()], "required": field.required,
        "personal": field.personal, "help": say(field.help), "officer": field.id in NAMING,
        "document": field.document or "",
    }


def _basis(rule: Rule) -> Json:
    return {"title": say(rule.title), "laws": [citation(one) for one in rule.basis],
            "quotes": [one.quote for one in rule.basis if one.quote]}


def title_of_case(procedure: Procedure, typed: str) -> str:
    """The title of a case that the officer left empty."""
    return typed or str(_("现场：%(title)s", title=say(procedure.title)))


