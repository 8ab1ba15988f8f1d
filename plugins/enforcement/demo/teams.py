"""The enforcement bodies of the demonstration region and their officers, entered into the registers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from core.instance import LOCAL_TIME, Instance
from core.organs.authority import Actor, actor_of
from core.organs.models import Organ, RoleGrant
from core.organs.vocabulary import OrganKind, Role
from plugins.enforcement.demo.words import Trade, raw_words, trades
from plugins.enforcement.officers.importing.bodies import import_bodies, import_powers
from plugins.enforcement.officers.importing.certificates import import_certificates

DEMO_REGIONS = "99"
OFFICERS = 4
POWERS = (("CF-0001", "行政处罚"), ("XK-0001", "行政许可"), ("QZ-0001", "行政强制"), ("JC-0001", "行政检查"))
BODY_HEAD = ("执法主体", "主体类别", "确认文号", "生效日期")
POWER_HEAD = ("执法主体", "事项编码", "权力类别", "事项名称", "依据名称")
CERTIFICATE_HEAD = ("证件编号", "姓名", "执法主体", "执法类别", "发证机关", "发证日期", "有效期至")


@dataclass(frozen=True, slots=True)
class Team:
    """An enforcement body with the people who act in it.

    Attributes:
        care: how carefully it works, 0 to 1; nobody but the generator knows it.
        staff: account by role.
        officers: numbers of certificates.
        lapsed: number of a certificate that has expired.
    """

    organ: str
    name: str
    region: str
    trade: Trade
    care: float
    staff: Mapping[str, str]
    officers: tuple[str, ...]
    lapsed: str


def plan_teams(rng: Random) -> list[Team]:
    """The departments of the demonstration region that enforce; none where that region was not filled."""
    staff: dict[str, dict[str, str]] = {}
    for grant in RoleGrant.select(RoleGrant.person, RoleGrant.role, RoleGrant.organ):
        staff.setdefault(grant.organ_id, {})[grant.role] = grant.person_id
    found = []
    for number, organ in enumerate(Organ.select().where(
            (Organ.kind == OrganKind.DEPARTMENT.value) & Organ.region.startswith(DEMO_REGIONS)).order_by(Organ.id)):
        trade = next((one for one in trades() if one.name in organ.name), None)
        people = staff.get(organ.id, {})
        if trade is None or not {Role.CASE_HANDLER, Role.OFFICE_HEAD, Role.LEGAL_REVIEWER} <= people.keys():
            continue
        numbers = tuple(f"{organ.region_id}{number:03d}{n:02d}" for n in range(1, OFFICERS + 2))
        care = min(0.98, max(0.4, rng.gauss(0.8, 0.1)))
        found.append(Team(organ.id, organ.name, organ.region_id, trade, care, people, numbers[:OFFICERS],
                          numbers[OFFICERS]))
    return found


def register(instance: Instance, teams: Sequence[Team], rng: Random) -> int:
    """Enter bodies, lists of powers and certificates into the registers; the number of certificates.

    One body in sixty is left out, as it happens: what it does is found to be without qualification.
    """
    keeper = _keeper(instance)
    if keeper is None:
        return 0
    now = instance.now()
    today = now.astimezone(LOCAL_TIME).date()
    listed = [team for n, team in enumerate(teams, 1) if n % 60]
    bodies = ((team.organ, "法定行政机关", "演示政告〔2020〕1号", "2020-01-01") for team in listed)
    powers = ((team.organ, code, act, f"{team.trade.name}{act}", "演示法规") for team in listed for code, act in POWERS)
    certificates = list(_certificates(listed, today, rng))
    import_bodies(instance.recorder, keeper, _sheet(BODY_HEAD, bodies), "演示执法主体.csv", now)
    import_powers(instance.recorder, keeper, _sheet(POWER_HEAD, powers), "演示权责清单.csv", now)
    import_certificates(instance.recorder, keeper, _sheet(CERTIFICATE_HEAD, certificates), "演示执法证件.csv", now,
                        today)
    return len(certificates)


def _certificates(teams: Sequence[Team], today: date, rng: Random) -> Iterator[Sequence[str]]:
    for team in teams:
        for number in (*team.officers, team.lapsed):
            issued = today - timedelta(days=rng.randint(900, 1500))
            until = issued + timedelta(days=300) if number == team.lapsed else issued + timedelta(days=6 * 365)
            name = f"{rng.choice(raw_words()['surnames'])}某{number[-2:]}"
            yield (number, name, team.organ, team.trade.name, "演示自治区人民政府", issued.isoformat(),
                   until.isoformat())


def _keeper(instance: Instance) -> Actor | None:
    """The supervisor of the region's own justice department, who keeps the registers."""
    grant = (RoleGrant.select(RoleGrant.person, RoleGrant.organ).join(Organ, on=(RoleGrant.organ == Organ.id))
             .where((RoleGrant.role == Role.SUPERVISOR.value) & (Organ.region == f"{DEMO_REGIONS}0000")).first())
    today = instance.now().astimezone(LOCAL_TIME).date()
    return actor_of(grant.person_id, grant.organ_id, on=today) if grant else None


def _sheet(head: Sequence[str], rows: Iterator[Sequence[str]] | Sequence[Sequence[str]]) -> bytes:
    return "\n".join(",".join(row) for row in (head, *rows)).encode()
