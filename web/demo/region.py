"""Organs and people of the demonstration region."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from random import Random

from argon2 import PasswordHasher

from core.database import database
from core.organs.codes import level_of
from core.organs.models import Organ, Person, RoleGrant
from core.organs.regions import RegionEntry, load_regions, read_regions
from core.organs.uscc import check_character
from core.organs.vocabulary import OrganKind, RegionLevel, Role
from web.demo.words import lines, person_name, read

TOP = "990000"
DEPARTMENTS_AT = {RegionLevel.REGION: 14, RegionLevel.LEAGUE: 9, RegionLevel.COUNTY: 6}
"""How many departments beside the justice department; smaller places do without the later ones."""

JUSTICE = "justice"
GOVERNMENT = "government"
PASSWORD = "Yanshi-2026"
"""Of every account of the demonstration."""

CHUNK = 500


@dataclass(frozen=True, slots=True)
class DemoOrgan:
    """An organ with the people who act in it.

    Attributes:
        line: ``government``, ``justice`` or a department's id.
        care: how carefully it works, 0 to 1; nobody but the generator knows it.
        staff: account by role.
    """

    id: str
    name: str
    place: str
    region: str
    level: RegionLevel
    line: str
    kind: OrganKind
    care: float
    government: str | None
    upper: str | None
    staff: Mapping[str, str] = field(default_factory=dict)

    @property
    def decides(self) -> bool:
        """True for the organs whose decisions the demonstration shows."""
        return self.line != JUSTICE


@dataclass(frozen=True, slots=True)
class DemoRegion:
    """The demonstration region with all its organs, governments first."""

    name: str
    regions: tuple[RegionEntry, ...]
    organs: tuple[DemoOrgan, ...]

    def of(self, region: str, line: str) -> DemoOrgan | None:
        """The organ of a line in a region."""
        return next((organ for organ in self.organs if organ.region == region and organ.line == line), None)

    def reviewer_of(self, organ: DemoOrgan) -> DemoOrgan:
        """Who reviews the legality of its drafts: the justice department for a government, else the organ itself."""
        justice = self.of(organ.region, JUSTICE) if organ.line == GOVERNMENT else None
        return justice or organ


def demo_region(seed: int) -> DemoRegion:
    """The region of a seed, written where the database does not have it yet, so that any plugin may come first."""
    plan = plan_region(Random(seed))
    if not Organ.select().where(Organ.id == plan.organs[0].id).exists():
        write_region(plan, PasswordHasher().hash(PASSWORD), Random(seed))
    return plan


def plan_region(rng: Random) -> DemoRegion:
    """Draw the organs; nothing is written yet."""
    entries = read_regions(read("regions.yaml"), "regions.yaml").regions
    organs: list[DemoOrgan] = []
    climate: dict[str, float] = {}
    for entry in entries:
        climate[entry.code] = climate.get(entry.parent or "", 0.72) + rng.gauss(0, 0.05)
        organs.extend(_organs_of(entry, organs, climate[entry.code], rng))
    return DemoRegion(entries[0].name, entries, tuple(sorted(organs, key=lambda organ: organ.line != GOVERNMENT)))


def write_region(plan: DemoRegion, password_hash: str, rng: Random) -> None:
    """Write regions, organs, people and their roles.

    Args:
        password_hash: of the one password that all demonstration accounts share.
    """
    with database.atomic():
        load_regions([read_regions(read("regions.yaml").encode(), "regions.yaml")])
        _insert(Organ, [{
            "id": organ.id, "name": organ.name, "short_name": organ.name, "region": organ.region,
            "level": organ.level.value, "kind": organ.kind.value, "government": organ.government,
            "upper_department": organ.upper, "active": True,
        } for organ in plan.organs])
        people = [(account, role, organ) for organ in plan.organs for role, account in organ.staff.items()]
        _insert(Person, [{
            "id": account, "name": person_name(rng), "organ": organ.id, "title": "", "phone": "", "certificate": "",
            "active": True, "password_hash": password_hash,
        } for account, _, organ in people])
        _insert(RoleGrant, [{
            "person": account, "role": role, "organ": organ.id, "procedures": "*", "granted_by": "system:demo",
        } for account, role, organ in people])


def _organs_of(entry: RegionEntry, known: Sequence[DemoOrgan], climate: float, rng: Random) -> list[DemoOrgan]:
    level = level_of(entry.code)
    government_kind = OrganKind.DISPATCHED_OFFICE if entry.kind == "league" else OrganKind.GOVERNMENT
    title = "行政公署" if entry.kind == "league" else "人民政府"
    head = _organ(entry, level, GOVERNMENT, f"{entry.name}{title}", government_kind, None, known, climate, rng)
    suffix = "厅" if level is RegionLevel.REGION else "局"
    found = [head, _organ(entry, level, JUSTICE, f"{entry.name}司法{suffix}", OrganKind.JUSTICE, head.id, known,
                          climate, rng)]
    for department in lines()[: DEPARTMENTS_AT[level]]:
        word = {"ndrc": "委员会", "health": "委员会"}.get(department.id, suffix)
        found.append(_organ(entry, level, department.id, f"{entry.name}{department.name}{word}",
                            OrganKind.DEPARTMENT, head.id, known, climate, rng))
    return found


def _organ(entry: RegionEntry, level: RegionLevel, line: str, name: str, kind: OrganKind, government: str | None,
           known: Sequence[DemoOrgan], climate: float, rng: Random) -> DemoOrgan:
    upper = next((organ.id for organ in known if organ.region == entry.parent and organ.line == line), None)
    care = min(0.98, max(0.3, climate + rng.gauss(0, 0.1)))
    return DemoOrgan(_credit_code(entry.code, line), name, entry.name, entry.code, level, line, kind, care,
                     government, upper, _staff(entry.code, line))


def _staff(region: str, line: str) -> dict[str, str]:
    """Accounts by role; those of the region's own government and justice department have short names."""
    roles = [Role.CASE_HANDLER, Role.OFFICE_HEAD, Role.LEGAL_REVIEWER]
    if line == JUSTICE:
        roles += [Role.SUPERVISOR]
        roles += [Role.RULE_AUTHOR, Role.RULE_APPROVER, Role.AUDITOR, Role.ADMIN] if region == TOP else []
    short = {Role.CASE_HANDLER: "handler", Role.OFFICE_HEAD: "head", Role.LEGAL_REVIEWER: "reviewer",
             Role.SUPERVISOR: "supervisor", Role.RULE_AUTHOR: "author", Role.RULE_APPROVER: "approver",
             Role.AUDITOR: "auditor", Role.ADMIN: "admin"}
    return {role.value: f"{short[role]}.{line}.{region}" for role in roles}


def _credit_code(region: str, line: str) -> str:
    """A code that looks like a unified social credit code (GB 32100: 11 is an organ) and belongs to nobody."""
    known = (GOVERNMENT, JUSTICE, *(line.id for line in lines()))
    body = f"11{region}DEMQ{known.index(line):05d}"
    return body + check_character(body)


def _insert(model: type[Organ] | type[Person] | type[RoleGrant], rows: Sequence[Mapping[str, object]]) -> None:
    for start in range(0, len(rows), CHUNK):
        model.insert_many(rows[start : start + CHUNK]).execute()
