"""The page of statutory periods: every one of the 187 with its rules, or the reason why none watches it."""

from __future__ import annotations

import re

from tests.web.conftest import LogIn


def test_every_period_stands_there_with_its_rule_or_its_reason(log_in: LogIn) -> None:
    page = log_in("handler").get("/deadlines").text
    sums = re.search(r"期限合计</td>" + 3 * r"<td[^>]*>(\d+)</td>", page)
    assert sums is not None
    total, used, waiting = sums.groups()
    assert int(total) == 187
    assert int(used) + int(waiting) == 187
    assert int(used) > int(waiting)
    assert "行政规范性文件备案" in page
    assert "/rules/legislation.document/filed-30-days" in page


def test_what_is_not_watched_can_be_listed_alone(log_in: LogIn) -> None:
    page = log_in("handler").get("/deadlines?state=waiting").text
    assert "国务院主动审查" in page
    assert "行政规范性文件备案" not in page
