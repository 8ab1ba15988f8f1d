"""May this person do that? Role × relation × procedure × action, default deny (the table: ``authority_table``)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from core.errors import fail
from core.organs.actors import Actor, Directory, Held, OrganFacts, Relation, actor_of, organs_of, relation
from core.organs.authority_table import (
    ACTION_TITLES,
    FOUR_EYES,
    FUNCTIONS,
    OBJECTS,
    ONLY_KINDS,
    Action,
)
from core.organs.codes import contains
from core.organs.models import CaseParticipant

__all__ = ["ACTION_TITLES", "FUNCTIONS", "OBJECTS", "Action", "Actor", "Directory", "Held", "OrganFacts", "Relation",
           "Target", "actor_of", "allowed", "case_target", "demand", "granting_roles", "is_function", "organs_of",
           "relation"]


@dataclass(frozen=True, slots=True)
class Target:
    """What an action is about.

    Attributes:
        organ: the organ that owns the case, answers for the finding, or holds the score.
        procedure: the case's procedure, for roles that are limited to some.
        participants: organs that the case names beside its owner.
        person: whose act it is, for actions that need a second person.
        region: for functions that change a region's own configuration.
    """

    organ: str = ""
    procedure: str | None = None
    participants: frozenset[str] = frozenset()
    person: str | None = None
    region: str | None = None


def is_function(action: Action) -> bool:
    """True for actions on the platform itself; refused ones answer 403, refused objects 404."""
    return action in FUNCTIONS


def granting_roles(action: Action, relations: Iterable[Relation]) -> frozenset[str]:
    """Roles that may perform an action on an organ that stands in any of these relations."""
    rows = OBJECTS[action]
    return frozenset().union(*(rows.get(item, frozenset()) for item in relations))


def case_target(case_id: str, organ: str, procedure: str, person: str | None = None) -> Target:
    """A case as a target, with the participants that its steps name."""
    query = CaseParticipant.select(CaseParticipant.organ_id).where(CaseParticipant.case_id == case_id)
    return Target(organ, procedure, frozenset(row.organ_id for row in query), person)


def allowed(actor: Actor, action: Action, target: Target | str | None = None, *,
            directory: Directory | None = None) -> bool:
    """Whether the table lets the actor perform the action.

    Args:
        target: the object, or an organ id, or None for a function of the platform.
        directory: reads organs; default the database, afresh.
    """
    target = Target(target) if isinstance(target, str) else target or Target()
    roles = actor.roles_for(target.procedure)
    if action in FOUR_EYES and target.person == actor.person_id:
        return False
    if action in ONLY_KINDS and actor.place.kind not in ONLY_KINDS[action]:
        return False
    if is_function(action):
        in_reach = target.region is None or contains(actor.place.region, target.region)
        return in_reach and bool(roles & FUNCTIONS[action])
    if not target.organ:
        return False
    relations = (directory or Directory()).relations(actor, target.organ, target.participants)
    return bool(roles & granting_roles(action, relations))


def demand(actor: Actor, action: Action, target: Target | str | None = None) -> None:
    """Nothing where the action is allowed.

    Raises:
        FazhiError: ``authority-function`` for a function, ``authority-object`` for an object; the latter does not
            tell whether the object exists.
    """
    if not allowed(actor, action, target):
        code = "authority-function" if is_function(action) else "authority-object"
        raise fail(code, action=ACTION_TITLES[action].zh, action_en=ACTION_TITLES[action].to("en"))
