"""Who acts, for which organ, and how that organ stands to another one.

Two lines connect organs. 块: a government, a dispatched office or a justice department looks after the whole
territory of its region. 条: ``upper_department`` and ``government`` lead from an organ to the ones above it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from core.errors import fail
from core.organs.codes import contains, level_of
from core.organs.models import Organ, Person, RoleGrant
from core.organs.vocabulary import TERRITORIAL_KINDS


class Relation(StrEnum):
    """What the organ concerned is to the actor's organ, strongest first."""

    OWN = "own"
    SUBORDINATE = "subordinate"
    PARTICIPANT = "participant"
    UPPER = "upper"
    STRANGER = "stranger"


@dataclass(frozen=True, slots=True)
class OrganFacts:
    """What authority needs to know of an organ."""

    id: str
    name: str
    region: str
    level: str
    kind: str
    government: str | None = None
    upper_department: str | None = None
    active: bool = True

    @property
    def has_territory(self) -> bool:
        """True for organs that look after a whole region; a zone committee without a region of its own does not."""
        return self.kind in TERRITORIAL_KINDS and level_of(self.region) == self.level

    def covers(self, other: OrganFacts) -> bool:
        """True where ``other`` sits in this organ's territory (块)."""
        return self.id != other.id and self.has_territory and contains(self.region, other.region)


@dataclass(frozen=True, slots=True)
class Held:
    """A role with the procedures that it is limited to: ids, ``prefix.*``, or ``*``."""

    role: str
    procedures: tuple[str, ...] = ("*",)

    def covers(self, procedure: str | None) -> bool:
        """True where the role counts for ``procedure``; None asks about no procedure in particular."""
        if procedure is None:
            return True
        return any(
            pattern in ("*", procedure) or (pattern.endswith(".*") and procedure.startswith(pattern[:-1]))
            for pattern in self.procedures
        )


@dataclass(frozen=True, slots=True)
class Actor:
    """A person acting for one organ in the roles held there on a day."""

    person_id: str
    name: str
    organ: str
    place: OrganFacts
    held: tuple[Held, ...] = ()

    @property
    def roles(self) -> frozenset[str]:
        """Role ids, whatever procedures they are limited to."""
        return frozenset(item.role for item in self.held)

    def roles_for(self, procedure: str | None) -> frozenset[str]:
        """Role ids that count for a procedure."""
        return frozenset(item.role for item in self.held if item.covers(procedure))


@dataclass(slots=True)
class Directory:
    """Reads organs from the database.

    Attributes:
        remember: keep what was read. Only for one run of an import or a report, never across requests: a
            change of organs would not be seen.
    """

    remember: bool = False
    _organs: dict[str, OrganFacts | None] = field(default_factory=dict)

    def find(self, organ_id: str) -> OrganFacts | None:
        """The organ, or None where there is none of that id."""
        if self.remember and organ_id in self._organs:
            return self._organs[organ_id]
        row = Organ.get_or_none(Organ.id == organ_id)
        facts = facts_of(row) if row else None
        if self.remember:
            self._organs[organ_id] = facts
        return facts

    def above(self, organ: OrganFacts) -> frozenset[str]:
        """Ids of every organ that the links of 条 and government lead up to."""
        found: set[str] = set()
        waiting = [organ]
        while waiting:
            current = waiting.pop()
            for upper in (current.government, current.upper_department):
                if upper and upper not in found and upper != organ.id:
                    found.add(upper)
                    facts = self.find(upper)
                    if facts:
                        waiting.append(facts)
        return frozenset(found)

    def is_over(self, upper: OrganFacts, lower: OrganFacts) -> bool:
        """True where ``upper`` stands over ``lower``, along 块 or 条."""
        return upper.id != lower.id and (upper.covers(lower) or upper.id in self.above(lower))

    def relations(self, actor: Actor, organ_id: str, participants: Iterable[str] = ()) -> frozenset[Relation]:
        """Every relation that holds between the actor's organ and the organ concerned.

        Args:
            participants: organs that the case in question names beside its owner.
        """
        if organ_id == actor.organ:
            return frozenset({Relation.OWN})
        found: set[Relation] = set()
        if actor.organ in participants:
            found.add(Relation.PARTICIPANT)
        other = self.find(organ_id)
        if other and self.is_over(actor.place, other):
            found.add(Relation.SUBORDINATE)
        if other and self.is_over(other, actor.place):
            found.add(Relation.UPPER)
        return frozenset(found) or frozenset({Relation.STRANGER})


def facts_of(row: Organ) -> OrganFacts:
    """The facts of a table row."""
    return OrganFacts(row.id, row.name, row.region_id, row.level, row.kind, row.government_id,
                      row.upper_department_id, row.active)


def relation(actor: Actor, organ_id: str, participants: Iterable[str] = ()) -> Relation:
    """The strongest relation: what ``organ_id`` is to the actor's organ."""
    found = Directory().relations(actor, organ_id, participants)
    return next(item for item in Relation if item in found)


def actor_of(person_id: str, organ: str | None = None, *, on: date, directory: Directory | None = None) -> Actor:
    """The person as an actor for an organ, with the roles held there on a day.

    Args:
        organ: the organ to act for; default the one that employs the person.
        on: local date; grants outside their dates do not count.

    Raises:
        FazhiError: ``person-unknown``, ``person-inactive``, ``organ-unknown`` or ``organ-inactive``.
    """
    person = Person.get_or_none(Person.id == person_id)
    if person is None:
        raise fail("person-unknown", person=person_id)
    if not person.active:
        raise fail("person-inactive", person=person_id)
    organ_id = organ or person.organ_id
    place = (directory or Directory()).find(organ_id)
    if place is None:
        raise fail("organ-unknown", organ=organ_id)
    if not place.active:
        raise fail("organ-inactive", organ=place.name)
    grants = RoleGrant.select().where(
        (RoleGrant.person == person_id)
        & (RoleGrant.organ == organ_id)
        & (RoleGrant.valid_from.is_null() | (RoleGrant.valid_from <= on))
        & (RoleGrant.valid_to.is_null() | (RoleGrant.valid_to >= on))
    )
    held = {(grant.role, tuple(sorted(grant.procedures.split()))) for grant in grants}
    return Actor(person.id, person.name, organ_id, place, tuple(Held(*item) for item in sorted(held)))


def organs_of(person_id: str, *, on: date) -> tuple[str, ...]:
    """Organs that the person may act for on a day: the employer first, then the others by id."""
    person = Person.get_or_none(Person.id == person_id)
    if person is None or not person.active:
        return ()
    query = (
        RoleGrant.select(RoleGrant.organ)
        .join(Organ)
        .where(
            (RoleGrant.person == person_id)
            & Organ.active
            & (RoleGrant.valid_from.is_null() | (RoleGrant.valid_from <= on))
            & (RoleGrant.valid_to.is_null() | (RoleGrant.valid_to >= on))
        )
        .distinct()
    )
    others = sorted({grant.organ_id for grant in query} - {person.organ_id})
    return (person.organ_id, *others)
