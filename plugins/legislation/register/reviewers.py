"""Who takes which step of the filing review: 承办人初审、处长复审、分管副主任复核、主任终审."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from core.cases.case import Case
from core.database import database
from core.ledger.intake import NewEvent, StepFacts
from core.organs.models import Person, RoleGrant
from core.organs.vocabulary import Role
from plugins.legislation.register.models import Reviewer

REVIEWS = ("first_review", "second_review", "third_review", "final_review")
ENTITLED = "reviewer_entitled"


def reviewers_of(organ: str) -> Mapping[str, set[str]]:
    """The people named for each step in an organ; a step without anybody is missing."""
    found: dict[str, set[str]] = defaultdict(set)
    for row in Reviewer.select().where(Reviewer.organ == organ):
        found[row.step].add(row.person)
    return found


def candidates(organ: str) -> list[tuple[str, str]]:
    """Active supervisors of an organ, by name."""
    query: Any = Person.select(Person.id, Person.name).join(RoleGrant, on=(RoleGrant.person == Person.id)).where(
        (Person.organ == organ) & Person.active & (RoleGrant.role == Role.SUPERVISOR.value)
        & (RoleGrant.organ == organ)).distinct().order_by(Person.name, Person.id).tuples()
    return list(query)


def name_reviewers(organ: str, chosen: Mapping[str, Sequence[str]]) -> None:
    """Write down who takes which step in an organ; people who are no supervisors of it are left out."""
    known = {person for person, _name in candidates(organ)}
    rows = [{"organ": organ, "step": step, "person": person} for step in REVIEWS
            for person in dict.fromkeys(chosen.get(step, ())) if person in known]
    with database.atomic():
        Reviewer.delete().where(Reviewer.organ == organ).execute()
        if rows:
            Reviewer.insert_many(rows).execute()


def reviewer_facts(case: Case, step: NewEvent) -> StepFacts:
    """Whether the person is named for this step; unknown where the organ names nobody."""
    kind = case.procedure.events.get(step.type)
    if kind is None or ENTITLED not in kind.fields:
        return {}
    named = reviewers_of(step.organ).get(step.type)
    return {} if named is None else {ENTITLED: step.actor in named}
