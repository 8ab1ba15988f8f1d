"""Receipts of organ scores: the whole tree, the cases behind every result, and the same again years later."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from core.errors import fail
from core.rulebook.bundle import Bundle
from scoring.assessment.history import Evidence, close_of, organ_as_of
from scoring.assessment.keeping import LOCAL, World
from scoring.assessment.score import OrganScored, Part, Place
from scoring.receipts import Kind, Receipt, ReceiptKey, make_receipt
from scoring.trace import TraceNode


@dataclass(frozen=True, slots=True)
class About:
    """Whose score a receipt is about: ``scheme|year|organ``."""

    scheme: str
    year: int
    organ: str

    @property
    def subject(self) -> str:
        return f"{self.scheme}|{self.year}|{self.organ}"

    @classmethod
    def of(cls, subject: str) -> About:
        """The other way round."""
        scheme, year, organ = subject.split("|")
        return cls(scheme, int(year), organ)


def organ_receipt(bundle: Bundle, about: About, at: datetime, world: World | None = None) -> Receipt:
    """The receipt of an organ's score as it stood at a moment: what happened and was recorded before it.

    Args:
        world: the organs as they were; None: as they are registered now.

    Raises:
        FazhiError: ``assess-no-scheme`` where the scheme is not in use for the organ, or the organ is unknown.
    """
    known = world or World.load()
    place, day = known.places.get(about.organ), last_day(at)
    found = organ_as_of(bundle, about.scheme, about.year, place, known, day, at) if place else None
    if found is None or place is None:
        raise fail("assess-no-scheme", scheme=about.scheme, year=about.year, organ=about.organ)
    scored, evidence = found
    key = ReceiptKey(Kind.ORGAN, about.subject, 0, bundle.hash, at, close_of(day))
    result = {
        "scheme": scored.scheme.id, "title": scored.scheme.title, "year": scored.year, "day": scored.day,
        "score": scored.score, "earned": scored.earned, "due": scored.due, "provisional": scored.provisional,
        "blocked": scored.blocked, "at_risk": scored.at_risk, "notes": scored.notes,
        "aspects": list(map(_part, scored.aspects())), "views": list(map(_part, scored.views())),
        "organs": [_place(known.places[organ]) for organ in (place.organ, *known.below(place))]}
    return make_receipt(key, result, with_cases(scored, evidence, known), evidence.sequences)


def replay_organ(bundle: Bundle, key: ReceiptKey, body: Mapping[str, Any] | None) -> Receipt:
    """The receipt of a key, computed again; with the organs as a kept body names them, where there is one."""
    world = _world(body["result"]["organs"]) if body is not None else None
    return organ_receipt(bundle, About.of(key.subject), key.at, world)


def last_day(at: datetime) -> date:
    """The local day that a moment is in; at midnight the day that just closed."""
    local = at.astimezone(LOCAL)
    return local.date() - timedelta(days=1) if local.time() == datetime.min.time() else local.date()


def with_cases(scored: OrganScored, evidence: Evidence, world: World) -> tuple[TraceNode, ...]:
    """The tree with, at each leaf, the cases behind it."""
    organs = (scored.place.organ, *world.below(scored.place))
    return tuple(_with_cases(node, scored, evidence, organs) for node in scored.nodes)


def _with_cases(node: TraceNode, scored: OrganScored, evidence: Evidence, organs: tuple[str, ...]) -> TraceNode:
    if node.kind != "leaf":
        return replace(node, children=tuple(_with_cases(child, scored, evidence, organs) for child in node.children))
    cases = sorted({entry_case for organ in organs for entry_case in evidence.cases.get((organ, node.id), ())})
    return replace(node, events=tuple(cases))


def _part(part: Part) -> dict[str, Any]:
    return {"id": part.id, "title": part.title, "weight": part.weight, "due": part.due, "earned": part.earned,
            "score": part.score}


def _place(place: Place) -> list[Any]:
    return [place.organ, place.name, place.region, place.level, place.kind, place.government]


def _world(rows: list[list[Any]]) -> World:
    places = {row[0]: Place(*row) for row in rows}
    governed: dict[str, list[str]] = {}
    for place in places.values():
        if place.government is not None:
            governed.setdefault(place.government, []).append(place.organ)
    return World(places, {name: tuple(found) for name, found in governed.items()})
