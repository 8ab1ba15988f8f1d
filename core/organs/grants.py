"""Roles given to people, with dates and the one who is answerable."""

from __future__ import annotations

import re
from datetime import date, timedelta

from core.database import database
from core.errors import fail
from core.organs.models import Organ, Person, RoleGrant
from core.organs.vocabulary import OrganKind, Role

PROCEDURES = re.compile(r"\*|[a-z][a-z0-9_-]*(\.[a-z0-9_-]+)*(\.\*)?")


def grant_role(person_id: str, role: Role | str, organ_id: str, *, by: str, valid_from: date | None = None,
               valid_to: date | None = None, procedures: str = "*") -> RoleGrant:
    """Give a person a role in an organ.

    Args:
        by: the account that grants it; nobody grants a role to himself.
        procedures: ``*``, or ids and ``prefix.*`` separated by blanks.

    Raises:
        FazhiError: ``grant-to-oneself``, ``grant-dates``, ``grant-procedures``, ``person-unknown``,
            ``organ-unknown``, ``supervisor-outside-justice``.
    """
    if by == person_id:
        raise fail("grant-to-oneself", person=person_id)
    if valid_from and valid_to and valid_to < valid_from:
        raise fail("grant-dates", start=valid_from, end=valid_to)
    if not procedures.split() or not all(PROCEDURES.fullmatch(item) for item in procedures.split()):
        raise fail("grant-procedures", value=procedures)
    if not Person.select().where(Person.id == person_id).exists():
        raise fail("person-unknown", person=person_id)
    organ = Organ.get_or_none(Organ.id == organ_id)
    if organ is None:
        raise fail("organ-unknown", organ=organ_id)
    if role == Role.SUPERVISOR and organ.kind != OrganKind.JUSTICE:
        raise fail("supervisor-outside-justice", organ=organ.name)
    grant: RoleGrant = RoleGrant.create(person=person_id, role=str(role), organ=organ_id, procedures=procedures,
                                        valid_from=valid_from, valid_to=valid_to, granted_by=by)
    return grant


def end_role(person_id: str, role: Role | str, organ_id: str, *, today: date) -> int:
    """Let a role end yesterday, so that it counts no more; the grant stays on record.

    Returns:
        How many grants ended.
    """
    with database.atomic():
        ended: int = RoleGrant.update(valid_to=today - timedelta(days=1)).where(
            (RoleGrant.person == person_id) & (RoleGrant.role == str(role)) & (RoleGrant.organ == organ_id)
            & (RoleGrant.valid_to.is_null() | (RoleGrant.valid_to >= today))).execute()
    return ended
