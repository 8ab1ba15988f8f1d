"""Registers of a small size for tests: sheets as bytes, a supervisor who imports them."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from datetime import date

from core.instance import Instance
from core.organs.actors import Actor
from core.organs.authority import actor_of
from core.organs.importing.report import ImportReport
from plugins.enforcement.officers.importing.bodies import import_bodies, import_powers
from plugins.enforcement.officers.importing.certificates import import_certificates
from plugins.enforcement.officers.importing.changes import import_changes
from plugins.enforcement.officers.models import Body, Certificate

BODY_HEAD = ("执法主体", "主体类别", "委托机关", "确认文号", "生效日期", "截止日期")
POWER_HEAD = ("执法主体", "事项编码", "权力类别", "事项名称", "依据名称", "依据条款", "截止日期")
CERTIFICATE_HEAD = ("证件编号", "姓名", "执法主体", "执法类别", "发证机关", "发证日期", "有效期至", "平台账号")
CHANGE_HEAD = ("证件编号", "变动", "理由", "日期", "换发后有效期至")
DAY = date(2026, 6, 15)


def sheet(head: Sequence[str], *rows: Sequence[str]) -> bytes:
    """A CSV file; rows may be shorter than the header."""
    text = io.StringIO()
    csv.writer(text).writerows([head, *([*row, *[""] * (len(head) - len(row))] for row in rows)])
    return text.getvalue().encode("utf-8-sig")


def certificate(number: str, name: str = "演示甲", organ: str = "dept-l1", issued: str = "2024-01-10",
                until: str = "2030-01-09", account: str = "") -> tuple[str, ...]:
    """A row of the import of certificates."""
    return number, name, organ, "林业草原", "演示自治区人民政府", issued, until, account


def keeper(account: str = "supervisor") -> Actor:
    """The supervisor of a justice department."""
    return actor_of(account, on=DAY)


def load_bodies(instance: Instance, *rows: Sequence[str], dry_run: bool = False, by: str = "supervisor"
                ) -> ImportReport:
    return import_bodies(instance.recorder, keeper(by), sheet(BODY_HEAD, *rows), "bodies.csv", instance.now(),
                         dry_run=dry_run)


def load_powers(instance: Instance, *rows: Sequence[str]) -> ImportReport:
    return import_powers(instance.recorder, keeper(), sheet(POWER_HEAD, *rows), "powers.csv", instance.now())


def load_certificates(instance: Instance, *rows: Sequence[str], dry_run: bool = False, by: str = "supervisor"
                      ) -> ImportReport:
    return import_certificates(instance.recorder, keeper(by), sheet(CERTIFICATE_HEAD, *rows), "officers.csv",
                               instance.now(), DAY, dry_run=dry_run)


def load_changes(instance: Instance, *rows: Sequence[str], dry_run: bool = False, by: str = "supervisor"
                 ) -> ImportReport:
    return import_changes(instance.recorder, keeper(by), sheet(CHANGE_HEAD, *rows), "changes.csv", instance.now(),
                          DAY, dry_run=dry_run)


def register(instance: Instance) -> None:
    """The forestry bureau as a body with one power and two officers."""
    load_bodies(instance, ("dept-l1", "法定行政机关", "", "云政告〔2021〕3号", "2021-07-15"))
    load_powers(instance, ("dept-l1", "CF-1", "行政处罚", "对毁坏林木的处罚", "森林法", "74"))
    load_certificates(instance, certificate("15090001", "甲一"), certificate("15090002", "甲二", account="unit"))


def register_county_officer(instance: Instance) -> Certificate:
    """The county government as a body whose document is kept, with one officer."""
    load_bodies(instance, ("gov-c1", "法定行政机关", "", "上政告〔2021〕1号", "2021-07-15"))
    stored = instance.materials.store(io.BytesIO(b"%PDF-1.4\n"), "公告.pdf")
    Body.update(document_hash=stored.sha256, document_name=stored.name).where(Body.organ == "gov-c1").execute()
    load_certificates(instance, certificate("99012101", "县一", "gov-c1"))
    return Certificate.get_by_id("99012101")
