"""Who reports and who verifies in the demonstration region."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from random import Random

from core.organs.models import Organ, RoleGrant
from core.organs.regions import ancestors
from core.organs.vocabulary import OrganKind, Role

DEMO_REGIONS = "99"
ASSESSED = (OrganKind.GOVERNMENT.value, OrganKind.DISPATCHED_OFFICE.value, OrganKind.DEPARTMENT.value)


@dataclass(frozen=True, slots=True)
class Assessed:
    """An organ that is assessed.

    Attributes:
        care: how careful it is, 0 to 1.
        handler, head: its people.
        supervisor, second: people of the justice department above it.
        justice, justice_above: where these two work.
    """

    organ: str
    name: str
    region: str
    kind: str
    level: str
    care: float
    handler: str
    head: str
    supervisor: str
    second: str
    justice: str
    justice_above: str


def assessed_organs(rng: Random) -> Sequence[Assessed]:
    """Governments and departments of the demonstration region; none where that region was not filled."""
    staff: dict[str, dict[str, str]] = {}
    for grant in RoleGrant.select(RoleGrant.person, RoleGrant.role, RoleGrant.organ):
        staff.setdefault(grant.organ_id, {})[grant.role] = grant.person_id
    justice = {organ.region_id: organ.id for organ in Organ.select().where(
        (Organ.kind == OrganKind.JUSTICE.value) & Organ.region.startswith(DEMO_REGIONS))}
    found = []
    for organ in Organ.select().where(Organ.kind.in_(ASSESSED) & Organ.region.startswith(DEMO_REGIONS)
                                      ).order_by(Organ.region, Organ.id):
        people = staff.get(organ.id, {})
        verifiers = _verifiers(organ, justice, staff)
        if Role.CASE_HANDLER not in people or len(verifiers) < 2:
            continue
        (first, first_place), (second, second_place) = verifiers[:2]
        care = min(0.98, max(0.5, rng.gauss(0.85, 0.1)))
        found.append(Assessed(organ.id, organ.name, organ.region_id, organ.kind, organ.level, care,
                              people[Role.CASE_HANDLER], people.get(Role.OFFICE_HEAD, people[Role.CASE_HANDLER]),
                              first, second, first_place, second_place))
    return found


def _verifiers(organ: Organ, justice: Mapping[str, str], staff: Mapping[str, Mapping[str, str]]
               ) -> list[tuple[str, str]]:
    """Supervisors that are above the organ, nearest first; the highest government has only its own region's."""
    above = list(reversed(ancestors(organ.region_id)))
    if organ.kind != OrganKind.DEPARTMENT.value and len(above) > 1:
        above = above[1:]
    places = [justice[code] for code in above if code in justice]
    found = [(staff[place][Role.SUPERVISOR], place) for place in places if Role.SUPERVISOR in staff.get(place, {})]
    return found if len(found) > 1 else found * 2
