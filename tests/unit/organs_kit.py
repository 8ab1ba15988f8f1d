"""A small fictional region for tests of organs: 演示自治区, one league, two counties."""

from __future__ import annotations

from datetime import date

from core.organs.authority import Actor, actor_of
from core.organs.grants import grant_role
from core.organs.models import Organ, Person
from core.organs.regions import load_regions, read_regions
from core.organs.vocabulary import Role

TODAY = date(2026, 3, 2)

REGIONS = """
kind: regions
fictional: true
regions:
  - code: "990000"
    zh: 演示自治区
    kind: autonomous_region
    children:
      - code: "990100"
        zh: 演示盟
        kind: league
        children:
          - {code: "990121", zh: 甲旗, kind: banner, children: [{code: "990121001", zh: 甲一苏木, kind: sumu}]}
          - {code: "990122", zh: 乙旗, kind: banner}
not_in_standard:
  - {code: "990171", zh: 演示开发区, within: "990100"}
"""

ORGANS = (
    # id, name, region, level, kind, government, upper department
    ("gov", "自治区政府", "990000", "region", "government", None, None),
    ("justice", "自治区司法厅", "990000", "region", "justice", "gov", None),
    ("police", "自治区公安厅", "990000", "region", "department", "gov", None),
    ("league", "演示盟行署", "990100", "league", "dispatched_office", "gov", "gov"),
    ("league-justice", "演示盟司法局", "990100", "league", "justice", "league", "justice"),
    ("league-police", "演示盟公安局", "990100", "league", "department", "league", "police"),
    ("zone", "演示开发区管委会", "990100", "county", "dispatched_office", "league", None),
    ("a-gov", "甲旗政府", "990121", "county", "government", "league", "league"),
    ("a-justice", "甲旗司法局", "990121", "county", "justice", "a-gov", "league-justice"),
    ("a-police", "甲旗公安局", "990121", "county", "department", "a-gov", "league-police"),
    ("a-housing", "甲旗住建局", "990121", "county", "department", "a-gov", None),
    ("a-sumu", "甲一苏木政府", "990121001", "township", "government", "a-gov", "a-gov"),
    ("b-gov", "乙旗政府", "990122", "county", "government", "league", "league"),
    ("b-justice", "乙旗司法局", "990122", "county", "justice", "b-gov", "league-justice"),
    ("b-police", "乙旗公安局", "990122", "county", "department", "b-gov", "league-police"),
)


def found_the_region() -> None:
    """Load the regions and organs."""
    load_regions([read_regions(REGIONS, "regions.yaml")])
    for organ_id, name, region, level, kind, government, upper in ORGANS:
        Organ.create(id=organ_id, name=name, region=region, level=level, kind=kind, government=government,
                     upper_department=upper)


def someone(organ: str, *roles: Role | str, account: str = "", procedures: str = "*") -> Actor:
    """A new person in an organ, as an actor of it."""
    account = account or f"{organ}.{'.'.join(roles) or 'nobody'}"
    Person.create(id=account, name=f"{organ}的{account}", organ=organ)
    for role in roles:
        grant_role(account, role, organ, by="root", procedures=procedures)
    return actor_of(account, on=TODAY)
