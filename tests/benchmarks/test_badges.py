"""The registers at the region's size: 8,300 bodies, 127,000 officers, a badge looked up, 50,000 cancelled."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import date

import pytest
from flask import Flask

from core.database import database
from core.instance import Instance
from core.organs.actors import actor_of
from core.organs.importing.organs import import_organs
from plugins.enforcement.officers.badges import find_badge
from plugins.enforcement.officers.importing.bodies import import_bodies
from plugins.enforcement.officers.importing.certificates import import_certificates
from plugins.enforcement.officers.importing.changes import import_changes
from plugins.enforcement.officers.models import Certificate
from plugins.enforcement.officers.register import certificates_on
from tests.instance_kit import PASSWORD, Clock, add_organ, add_person, add_region, make_instance
from tests.officers_kit import BODY_HEAD, CERTIFICATE_HEAD, CHANGE_HEAD, DAY, sheet
from web.app import create_app

pytestmark = pytest.mark.benchmark
BODIES, OFFICERS, CANCELLED = 8_300, 127_000, 50_000
ORGAN_HEAD = ("机构名称", "机构编码", "行政区划代码", "类别", "所属政府")


@pytest.fixture(scope="module")
def region(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Instance]:
    """A region without bodies."""
    instance = make_instance(tmp_path_factory.mktemp("region"), Clock())
    with database.connection_context():
        add_region("990000", "演示自治区", "region")
        add_organ("gov-r", "演示自治区人民政府", "990000", "region")
        add_organ("just-r", "演示自治区司法厅", "990000", "region", "justice", government="gov-r")
        add_person("regional", "李明", "just-r", "supervisor")
        yield instance


@pytest.fixture(scope="module")
def seconds(region: Instance) -> dict[str, float]:
    """How long each import of the full registers took, from the file's bytes to the committed rows."""
    organs = sheet(ORGAN_HEAD, *((f"执法主体{n}", f"B{n}", "990000", "行政执法机构", "gov-r") for n in range(BODIES)))
    bodies = sheet(BODY_HEAD, *((f"B{n}", "法定行政机关", "", f"公告{n}号", "2021-07-15") for n in range(BODIES)))
    officers = sheet(CERTIFICATE_HEAD, *(
        (f"15{n:09d}", f"执法员{n}", f"执法主体{n % BODIES}", "市场监管", "演示自治区人民政府", "2024-01-10",
         "2030-01-09") for n in range(OFFICERS)))
    actor, now = actor_of("regional", on=DAY), region.now()
    started = time.perf_counter()
    import_organs(organs, "organs.csv")
    import_bodies(region.recorder, actor, bodies, "bodies.csv", now)
    halfway = time.perf_counter()
    import_certificates(region.recorder, actor, officers, "officers.csv", now, DAY)
    return {"bodies": halfway - started, "officers": time.perf_counter() - halfway}


def test_the_registers_of_the_region_load_within_a_minute(
        seconds: dict[str, float], capsys: pytest.CaptureFixture[str]) -> None:
    with capsys.disabled():
        print(f"\n{BODIES} bodies {seconds['bodies']:.1f} s, {OFFICERS} officers {seconds['officers']:.1f} s")
    assert Certificate.select().count() == OFFICERS
    assert sum(seconds.values()) < 60


@pytest.fixture
def code(seconds: dict[str, float]) -> str:
    """The code of some badge."""
    return str(Certificate.get_by_id("15000063500").code)


def test_a_badge_is_looked_up(benchmark: pytest.FixtureRequest, code: str) -> None:
    assert benchmark(find_badge, code, DAY).valid  # type: ignore[operator]
    assert benchmark.stats.stats.mean < 0.005  # type: ignore[attr-defined]


@pytest.fixture
def pages(region: Instance, seconds: dict[str, float]) -> Flask:
    return create_app(region, WTF_CSRF_ENABLED=False, RATELIMIT_ENABLED=False)


def test_the_public_page_of_a_badge_is_answered(benchmark: pytest.FixtureRequest, pages: Flask, code: str) -> None:
    client = pages.test_client()
    assert benchmark(client.get, f"/badge/{code}").status_code == 200  # type: ignore[operator]
    assert benchmark.stats.stats.median < 0.005  # type: ignore[attr-defined]


def test_the_register_is_paged_and_searched_without_loading_it(
        pages: Flask, region: Instance, capsys: pytest.CaptureFixture[str]) -> None:
    client = pages.test_client()
    client.post("/login", data={"account": "regional", "password": PASSWORD})
    client.get("/enforcement/officers")
    for url in ("/enforcement/officers", "/enforcement/officers?page=5000", "/enforcement/officers?q=执法员126999",
                "/enforcement/officers?state=expired", "/enforcement/bodies", "/enforcement/bodies?q=执法主体83"):
        started = time.perf_counter()
        assert client.get(url).status_code == 200
        took = time.perf_counter() - started
        with capsys.disabled():
            print(f"\n{url} {took * 1000:.0f} ms", end="")
        assert took < 2


def test_facts_about_two_officers_are_collected(benchmark: pytest.FixtureRequest, seconds: dict[str, float]) -> None:
    found = benchmark(certificates_on, ("15000000001", "15000126999"), DAY)  # type: ignore[operator]
    assert [held.valid for held in found.values()] == [True, True]


def test_fifty_thousand_certificates_are_cancelled_with_their_reasons(
        region: Instance, seconds: dict[str, float], capsys: pytest.CaptureFixture[str]) -> None:
    content = sheet(CHANGE_HEAD, *((f"15{n:09d}", "注销", "调离执法岗位", "2026-06-01") for n in range(CANCELLED)))
    started = time.perf_counter()
    import_changes(region.recorder, actor_of("regional", on=DAY), content, "cancelled.csv", region.now(), DAY)
    took = time.perf_counter() - started
    with capsys.disabled():
        print(f"\n{CANCELLED} certificates cancelled in {took:.1f} s")
    assert Certificate.select().where(Certificate.state == "cancelled").count() == CANCELLED
    assert not certificates_on(["15000000001"], date(2026, 6, 2))["15000000001"].valid
    assert took < 60
