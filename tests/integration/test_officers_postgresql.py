"""The registers of bodies and certificates on PostgreSQL: imports, changes, hashes and badges as on SQLite."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from core.database import database
from core.errors import FazhiError
from plugins.enforcement.officers.badges import find_badge
from plugins.enforcement.officers.models import Certificate, Change
from plugins.enforcement.officers.records import intact
from plugins.enforcement.officers.register import body_has_power, certificate_on
from plugins.enforcement.officers.vocabulary import State
from tests.instance_kit import Clock, add_organ, add_person, add_region, make_instance
from tests.officers_kit import DAY, certificate, load_certificates, load_changes, register

pytestmark = pytest.mark.services


def test_registers_on_postgresql_are_filled_changed_and_vouched_for(tmp_path: Path, postgres_database: str) -> None:
    instance = make_instance(tmp_path, Clock(), url=postgres_database, disabled=("decisions",))
    with database.connection_context():
        add_region("990000", "演示自治区", "region")
        add_region("990100", "云岭市", "league", "990000")
        add_organ("gov-l1", "云岭市人民政府", "990100", "league")
        add_organ("just-l1", "云岭市司法局", "990100", "league", "justice", government="gov-l1")
        add_organ("dept-l1", "云岭市林业和草原局", "990100", "league", "department", government="gov-l1")
        add_person("supervisor", "巴特尔", "just-l1", "supervisor")
        add_person("unit", "林草局经办", "dept-l1", "case_handler")
        register(instance)
        renamed = load_certificates(instance, certificate("15090001", "改名"))
        assert (renamed.new, renamed.changed) == (0, 1)
        load_changes(instance, ("15090002", "注销", "退休", "2026-06-01"))
        with pytest.raises(FazhiError):
            load_changes(instance, ("15090002", "恢复", "误注销"))
        assert certificate_on("unit", DAY).state is State.CANCELLED
        assert certificate_on("15090001", date(2030, 1, 10)).state is State.EXPIRED
        assert body_has_power("dept-l1", "penalty", DAY) is True
        assert all(intact(change.record) for change in Change.select())
        badge = find_badge(str(Certificate.get_by_id("15090001").code), DAY)
        assert badge is not None
        assert badge.valid
