"""A county body with two officers and a clock that runs, for tests of the field page."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from core.database import database
from core.instance import Instance
from plugins.enforcement.officers.models import Certificate
from tests.instance_kit import add_organ, add_person, add_region, make_instance
from tests.officers_kit import certificate, load_bodies, load_certificates, load_powers

LEAD, SECOND = "99012101", "99012102"


def make_field_instance(home: Path) -> Instance:
    """The county's forestry bureau with officers ``lead`` and ``second``, and a neighbour's officer ``foreign``."""
    instance = make_instance(home, lambda: datetime.now(UTC))
    with database.connection_context():
        add_region("990000", "演示自治区", "region")
        add_region("990100", "云岭市", "league", "990000")
        for code, name, organ in (("990121", "上坪县", "c1"), ("990122", "石泓旗", "c2")):
            add_region(code, name, "county", "990100")
            add_organ(f"gov-{organ}", f"{name}人民政府", code, "county")
            add_organ(f"team-{organ}", f"{name}城市管理综合行政执法局", code, "county", "enforcement_body",
                      government=f"gov-{organ}")
        add_organ("gov-l1", "云岭市人民政府", "990100", "league")
        add_organ("just-l1", "云岭市司法局", "990100", "league", "justice", government="gov-l1")
        add_person("supervisor", "巴特尔", "just-l1", "supervisor")
        add_person("lead", "宝音", "team-c1", "case_handler")
        add_person("second", "苏日娜", "team-c1", "case_handler")
        add_person("foreign", "邻旗队员", "team-c2", "case_handler")
        add_person("auditor", "审计员", "gov-c1", "auditor")
        until = (date.today() + timedelta(days=900)).isoformat()
        load_bodies(instance, ("team-c1", "法定行政机关", "", "上政告〔2021〕1号", "2021-07-15"))
        load_powers(instance, ("team-c1", "CF-1", "行政处罚", "对占道经营的处罚", "城市市容和环境卫生管理条例", "36"))
        load_certificates(instance, certificate(LEAD, "宝音", "team-c1", until=until, account="lead"),
                          certificate(SECOND, "苏日娜", "team-c1", until=until, account="second"))
        assert Certificate.select().count() == 2
    return instance
