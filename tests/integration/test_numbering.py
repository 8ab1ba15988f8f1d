"""Cases get their numbers by procedure, region and year, without gaps and without doubles."""

from __future__ import annotations

import threading
from datetime import UTC, date, datetime

import pytest

from core.cases.case import CaseHead
from core.database import database
from core.errors import FazhiError
from core.ledger.intake import NewEvent
from core.ledger.models import CaseRow
from tests.instance_kit import Clock, add_organ, add_person, add_region, make_instance

CATALOGUE = "decisions.catalogue"


@pytest.fixture
def instance(tmp_path):
    made = make_instance(tmp_path, Clock(datetime(2026, 6, 1, 2, 0, tzinfo=UTC)))
    with database.connection_context():
        for code, name in (("990121", "上坪县"), ("990122", "石泓旗")):
            add_region(code, name, "county")
            add_organ(f"gov-{code}", f"{name}人民政府", code, "county")
            add_person(f"handler-{code}", "经办", f"gov-{code}", "case_handler")
        yield made


def open_catalogue(instance, case: str, region: str, year: object = 2026, number: str = "") -> str:
    head = CaseHead(case, CATALOGUE, f"gov-{region}", region, title="年度目录", number=number)
    first = NewEvent("catalogue_drafted", date(2026, 5, 6), {"catalogue_year": year}, actor=f"handler-{region}",
                     organ=f"gov-{region}")
    return instance.recorder.open_case(head, first).case.head.number


def test_each_region_counts_for_itself_and_a_typed_number_is_kept(instance):
    assert open_catalogue(instance, "a", "990121") == "决策目录990121〔2026〕0001号"
    assert open_catalogue(instance, "b", "990121") == "决策目录990121〔2026〕0002号"
    assert open_catalogue(instance, "c", "990122") == "决策目录990122〔2026〕0001号"
    assert open_catalogue(instance, "d", "990121", number="上政目〔2026〕9号") == "上政目〔2026〕9号"


def test_a_refused_case_uses_up_no_number_and_a_typed_one_is_not_given_twice(instance):
    with pytest.raises(FazhiError):
        open_catalogue(instance, "a", "990121", year="今年")
    assert open_catalogue(instance, "b", "990121", number="决策目录990121〔2026〕0001号")
    assert open_catalogue(instance, "c", "990121") == "决策目录990121〔2026〕0002号"


def test_cases_opened_at_once_never_share_a_number(instance):
    def work(worker: int) -> None:
        with database.connection_context():
            for turn in range(5):
                open_catalogue(instance, f"case-{worker}-{turn}", "990121")

    threads = [threading.Thread(target=work, args=(worker,)) for worker in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    numbers = [row.number for row in CaseRow.select()]
    assert sorted(numbers) == [f"决策目录990121〔2026〕{serial:04}号" for serial in range(1, 21)]
