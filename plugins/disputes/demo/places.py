"""Who handles disputes in the demonstration region, and against whom."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from random import Random

from core.organs.models import Organ, RoleGrant
from core.organs.vocabulary import OrganKind, Role

DEMO_REGIONS = "99"
DOMAINS = {"公安": "police", "自然资源": "land", "市场监督": "market", "人力资源": "labour", "住房": "housing",
           "交通": "transport", "城市管理": "city", "生态环境": "ecology", "农牧": "agriculture", "教育": "education",
           "卫生": "health"}


@dataclass(frozen=True, slots=True)
class Office:
    """An organ with the people who act in it.

    Attributes:
        care: how lawfully it works, 0 to 1; nobody but the generator knows it.
        weakness: the ground that its acts fail on most.
        upper: its upper department.
    """

    organ: str
    name: str
    region: str
    domain: str
    care: float
    weakness: str
    staff: Mapping[str, str]
    upper: str | None


@dataclass(frozen=True, slots=True)
class Place:
    """The justice department of a region and the departments whose acts it reviews."""

    justice: Office
    departments: Sequence[Office]


def plan_places(rng: Random, weaknesses: Sequence[str]) -> list[Place]:
    """Every region of the demonstration that can handle disputes; none where it was not filled."""
    staff: dict[str, dict[str, str]] = {}
    for grant in RoleGrant.select(RoleGrant.person, RoleGrant.role, RoleGrant.organ):
        staff.setdefault(grant.organ_id, {})[grant.role] = grant.person_id
    needed = {Role.CASE_HANDLER.value, Role.OFFICE_HEAD.value, Role.LEGAL_REVIEWER.value}
    offices: dict[str, list[Office]] = {}
    justice: dict[str, Office] = {}
    for organ in Organ.select().where(Organ.region.startswith(DEMO_REGIONS)).order_by(Organ.id):
        people = staff.get(organ.id, {})
        if not needed <= people.keys():
            continue
        domain = next((value for word, value in DOMAINS.items() if word in organ.name), "other")
        office = Office(organ.id, organ.name, organ.region_id, domain, min(0.97, max(0.35, rng.gauss(0.8, 0.12))),
                        rng.choice(weaknesses), people, organ.upper_department_id)
        if organ.kind == OrganKind.JUSTICE.value:
            justice[organ.region_id] = office
        elif organ.kind == OrganKind.DEPARTMENT.value:
            offices.setdefault(organ.region_id, []).append(office)
    return [Place(office, offices[region]) for region, office in sorted(justice.items()) if offices.get(region)]
