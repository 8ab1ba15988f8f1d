"""Like cases compared at 100,000 decisions: the page in the server, and taking in what is new."""

from __future__ import annotations

import random
import time
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from peewee import chunked

from core.database import database
from core.instance import Instance
from plugins.enforcement.discretion.deviation import Rule
from plugins.enforcement.discretion.models import Decided
from plugins.enforcement.discretion.renewal import sum_up
from tests.instance_kit import PASSWORD, Clock, add_organ, add_person, add_region, make_instance
from web.app import create_app

pytestmark = pytest.mark.benchmark
DECISIONS, BODIES, GROUPS = 100_000, 500, 40


@pytest.fixture(scope="module")
def compared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Instance]:
    """Decisions of many bodies, summed up."""
    instance = make_instance(tmp_path_factory.mktemp("compared"), Clock())
    drawn = random.Random(7)
    with database.connection_context():
        add_region("990000", "演示自治区", "region")
        add_organ("gov-r", "演示自治区人民政府", "990000", "region")
        add_organ("just-r", "演示自治区司法厅", "990000", "region", "justice", government="gov-r")
        for number in range(BODIES):
            add_organ(f"B{number}", f"执法局{number}", "990000", "region", "department", government="gov-r")
        add_person("regional", "李明", "just-r", "supervisor")
        rows = ({"case": f"c{n}", "event": f"{n:09d}", "organ": f"B{n % BODIES}", "region": "990000",
                 "officer": f"o{n % 2000}", "table": f"T{n % GROUPS}", "tier": "一般", "alike": f"T{n % GROUPS}|一般",
                 "fine": "1000", "place": min(1.0, max(0.0, drawn.gauss(0.5, 0.1))), "decided_on": date(2026, 1, 1)}
                for n in range(DECISIONS))
        with database.atomic():
            for part in chunked(rows, 80):
                Decided.insert_many(part).execute()
            for number in range(GROUPS):
                sum_up(f"T{number}|一般", Rule())
        yield instance


def test_the_page_opens_in_300_ms_at_100_000_decisions(compared: Instance) -> None:
    client: Any = create_app(compared, WTF_CSRF_ENABLED=False, RATELIMIT_ENABLED=False).test_client()
    client.post("/login", data={"account": "regional", "password": PASSWORD})
    taken = []
    for _ in range(5):
        began = time.perf_counter()
        assert client.get("/enforcement/deviation").status_code == 200
        taken.append(time.perf_counter() - began)
    print(f"page: {1000 * sorted(taken)[2]:.0f} ms (median of 5)")
    assert sorted(taken)[2] < 0.3


def test_summing_up_one_group_of_cases_alike_is_quick(compared: Instance) -> None:
    with database.connection_context():
        began = time.perf_counter()
        sum_up("T0|一般", Rule())
        print(f"one group of {DECISIONS // GROUPS}: {1000 * (time.perf_counter() - began):.0f} ms")
