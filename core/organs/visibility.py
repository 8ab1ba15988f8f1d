"""The same table as SQL conditions, so that lists are filtered by the database and never in pages."""

from __future__ import annotations

from typing import Any

from peewee import Field, ModelSelect, Select

from core.organs.actors import Actor, Directory, Relation
from core.organs.authority_table import FUNCTIONS, OBJECTS, ONLY_KINDS, Action
from core.organs.codes import ancestors, level_of, territory
from core.organs.models import CaseParticipant, Organ
from core.organs.vocabulary import TERRITORIAL_KINDS

Condition = Any
"""A peewee expression; the library does not type them."""


def visible_organs(actor: Actor, action: Action, procedure: str | None = None) -> ModelSelect[Organ]:
    """Ids of the organs on which the actor may perform an action, as a subquery.

    Case participation is a property of a case, not of an organ: lists of cases use ``visible_cases``.

    Args:
        procedure: counts roles that are limited to procedures only where they cover this one; None counts all.
    """
    return Organ.select(Organ.id).where(_organ_condition(actor, action, actor.roles_for(procedure)))


def visible_cases(actor: Actor, action: Action, *, organ: Field, case_id: Field,
                  procedure: Field | None = None) -> Condition:
    """A condition on a table of cases (or findings, duties, scores): rows on which the actor may perform an action.

    Args:
        organ: the column with the owning organ's id.
        case_id: the column with the case's id.
        procedure: the column with the procedure's id; without it roles that are limited to procedures do not count.
    """
    condition: Condition = organ.in_([])
    for limits in sorted({item.procedures for item in actor.held}):
        roles = frozenset(item.role for item in actor.held if item.procedures == limits)
        rows = organ.in_(Organ.select(Organ.id).where(_organ_condition(actor, action, roles)))
        if _kind_allows(actor, action) and roles & OBJECTS.get(action, {}).get(Relation.PARTICIPANT, frozenset()):
            named = CaseParticipant.select(CaseParticipant.case_id).where(CaseParticipant.organ_id == actor.organ)
            # An owner that its own steps name stays an owner: taking part never widens what it may do.
            rows |= case_id.in_(named) & (organ != actor.organ)
        if "*" in limits:
            condition |= rows
        elif procedure is not None:
            condition |= rows & _procedure_condition(procedure, limits)
    return condition


def _procedure_condition(column: Field, limits: tuple[str, ...]) -> Condition:
    condition: Condition = column.in_([limit for limit in limits if not limit.endswith(".*")])
    for limit in limits:
        if limit.endswith(".*"):
            condition |= column.startswith(limit[:-1])
    return condition


def _kind_allows(actor: Actor, action: Action) -> bool:
    return action not in ONLY_KINDS or actor.place.kind in ONLY_KINDS[action]


def _organ_condition(actor: Actor, action: Action, roles: frozenset[str]) -> Condition:
    nothing: Condition = Organ.id.in_([])
    if not _kind_allows(actor, action):
        return nothing
    if action in FUNCTIONS:
        return Organ.id.is_null(False) if roles & FUNCTIONS[action] else nothing
    granted = {item for item, permitted in OBJECTS[action].items() if roles & permitted}
    condition = nothing
    if Relation.OWN in granted:
        condition |= Organ.id == actor.organ
    if Relation.SUBORDINATE in granted:
        condition |= _below(actor)
    if Relation.UPPER in granted:
        condition |= _above(actor)
    return condition


def _below(actor: Actor) -> Condition:
    condition: Condition = Organ.id.in_(_linked_below(actor.organ))
    if actor.place.has_territory:
        condition |= Organ.region.between(*territory(actor.place.region))
    return (Organ.id != actor.organ) & condition


def _linked_below(organ_id: str) -> Select:
    """Organs from which the links of 条 and government lead up to ``organ_id``."""
    first = Organ.alias("lower_first")
    cte = first.select(first.id.alias("id")).where(
        (first.government == organ_id) | (first.upper_department == organ_id)).cte("below", recursive=True)
    lower = Organ.alias("lower_next")
    # UNION without ALL: a circle in the data ends the search instead of running forever.
    closure = cte.union(
        lower.select(lower.id).join(
            cte, on=(lower.government == cte.c.id) | (lower.upper_department == cte.c.id)))
    return closure.select_from(closure.c.id)


def _above(actor: Actor) -> Condition:
    condition: Condition = Organ.id.in_(sorted(Directory().above(actor.place)))
    for code in ancestors(actor.place.region):
        condition |= (Organ.region == code) & (Organ.level == level_of(code).value) & Organ.kind.in_(
            sorted(kind.value for kind in TERRITORIAL_KINDS))
    return (Organ.id != actor.organ) & condition
