"""Names of people and organs for pages: read in one query for each page, never one by one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from peewee import fn

from core.organs.authority import Actor, organs_of
from core.organs.models import Organ, Person, Region
from core.organs.vocabulary import ROLE_TITLES, Role
from web.kit.language import language, say
from web.kit.words import joined

IN_ONE_QUERY = 400


def organ_names(ids: Iterable[str]) -> Mapping[str, str]:
    """Organ id to its name; ids that no longer exist stand for themselves."""
    return _names(Organ, Organ.id, Organ.name, ids)


def person_names(ids: Iterable[str]) -> Mapping[str, str]:
    """Account to the person's name; the platform's own actors are named in words."""
    wanted = set(ids)
    found = dict(_names(Person, Person.id, Person.name, {one for one in wanted if ":" not in one}))
    platform = "平台" if language() == "zh" else "Platform"
    return found | {one: platform for one in wanted if ":" in one}


def region_names(codes: Iterable[str]) -> Mapping[str, str]:
    """Region code to its name in the reader's language."""
    wanted = sorted(set(codes))
    rows: Any = Region.select(Region.code, Region.name, Region.english).where(Region.code.in_(wanted)).tuples()
    english = language() != "zh"
    found = {code: (other or name) if english else name for code, name, other in rows}
    return {code: found.get(code, code) for code in wanted}


def actor_words(actor: Actor, today: date) -> Mapping[str, Any]:
    """How the header names the reader, and the other organs that the reader may act for."""
    known = set(Role)
    roles = [say(ROLE_TITLES[Role(role)]) if role in known else role for role in sorted(actor.roles)]
    others = [organ for organ in organs_of(actor.person_id, on=today) if organ != actor.organ]
    return {"actor_organ": actor.place.name, "actor_roles": joined(roles), "other_organs": organ_names(others)}


def _names(model: Any, key: Any, name: Any, ids: Iterable[str]) -> Mapping[str, str]:
    wanted = sorted(set(ids))
    found: dict[str, str] = {}
    for start in range(0, len(wanted), IN_ONE_QUERY):
        part = wanted[start : start + IN_ONE_QUERY]
        found.update(model.select(key, name).where(key.in_(part)).tuples())
    return {one: found.get(one, one) for one in wanted}


def organ_named(text: str) -> str | None:
    """The id of the organ that a person means by its id or its full name; None where there is none, or several."""
    if Organ.select().where(Organ.id == text).exists():
        return text
    found = [row.id for row in Organ.select(Organ.id).where(Organ.active & (Organ.name == text)).limit(2)]
    return str(found[0]) if len(found) == 1 else None


def names_for_inputs(ids: Iterable[str]) -> dict[str, str]:
    """What stands for an organ in an input: its name, or its id where another is called the same."""
    names = dict(organ_names(ids))
    same: Any = Organ.select(Organ.name).where(Organ.active & Organ.name.in_(list(names.values()))).group_by(
        Organ.name).having(fn.COUNT(Organ.id) > 1).tuples()
    shared = {name for (name,) in same}
    return {organ: organ if name in shared else name for organ, name in names.items()}
