"""How self-reports, problems, appeals and yearly reports go, with the faults that the rules find."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from core.rulebook.schemes import Metric
from plugins.assessment.demo.pen import Pen
from plugins.assessment.inventory import Result

PROBLEMS = (
    "规范性文件未按规定报送备案", "重大行政决策事项未列入年度目录", "行政处罚决定未按期公示",
    "执法人员证件过期仍参与执法", "行政复议决定未按期履行", "权责清单未随法律修改更新",
    "案卷材料不全、归档不及时", "行政负责人未按要求出庭应诉",
    "法治政府建设年度报告未按期公布", "涉企检查次数超过年度上限")


def report(pen: Pen, result: Result, year: int) -> None:
    """A self-report: now and then without evidence, with wrong figures, or untrue."""
    scheme, leaf = result.key
    evidenced = pen.well(0.4)
    pen.write("reported", bare=not evidenced, scheme=scheme, year=year, result=leaf, **_figures(pen, result))
    pen.later(2, 25)
    if not evidenced and pen.well(0.5):
        pen.write("returned", returned_reason="请补充证据材料或者公开网址。")
        pen.later(2, 12)
        pen.write("resubmitted", **_figures(pen, result))
        pen.later(2, 10)
    pen.write("verified", verified_by=["material"])
    if pen.rng.random() < 0.1:
        pen.later(5, 20)
        pen.write("drawn_for_recheck", draw_number="演示抽取")
        pen.later(3, 15)
        pen.write("rechecked", second=True, recheck_result="true_report" if pen.well(0.6) else "untrue")


def _figures(pen: Pen, result: Result) -> dict[str, Any]:
    """What the result is measured by."""
    measure = result.measure
    if measure.metric is Metric.EXISTS:
        return {"in_place": pen.well(0.6)}
    if measure.denominator is None:
        return {"times": pen.rng.randint(0, 5) if measure.metric is not Metric.ZERO else int(not pen.well(0.4))}
    whole = pen.rng.randint(10, 400)
    share = pen.rng.uniform(0.8, 1) if pen.well(0.5) else pen.rng.uniform(0.5, 1.1)
    return {"numerator": Decimal(int(whole * share)), "denominator": Decimal(whole)}


def problem(pen: Pen, rectified: bool) -> str:
    """A problem that was found, and rectified or not."""
    what = pen.rng.choice(PROBLEMS)
    repeated = pen.rng.random() < 0.1
    pen.write("problem_found", found_by=pen.rng.choice(("inspection", "inspection", "rules", "assessment")),
              problem=what, repeated=repeated, rectify_by=pen.calendar.add_working_days(pen.day, 60))
    until = pen.calendar.add_working_days(pen.day, 50)
    if repeated and pen.well(0.5):
        pen.later(1, 6)
        pen.write("escalated", escalation="urge")
    if pen.well(0.3):
        pen.later(2, 8)
        pen.write("plan_submitted", responsible_person="分管负责人（演示）", timetable_until=until,
                  road_map="一、查明原因；二、逐件整改；三、完善制度。")
        pen.later(2, 8)
        pen.write("plan_approved")
    if not rectified:
        return what
    pen.later(15, 45)
    pen.write("rectified", rectification="已逐件整改并完善制度。", bare=not pen.well(0.3))
    pen.later(2, 10)
    if not pen.well(0.2):
        pen.write("verified", verification="failed")
        pen.later(5, 15)
        pen.write("rectified", rectification="已按核验意见补充整改。")
        pen.later(2, 8)
    pen.write("verified", verification="passed")
    pen.write("problem_closed")
    return what


def appeal(pen: Pen, result: Result, year: int) -> None:
    """An appeal of a score: granted with figures, granted as not applicable, refused, or still open."""
    pen.write("appealed", scheme=result.scheme, year=year, result=result.id, appeal_kind="facts",
              appeal_reason="部分事项已按期办结，未计入。", score_told_on=pen.day)
    pen.later(1, 4)
    pen.write("appeal_accepted")
    pen.later(5, 15)
    way = pen.rng.random()
    if way < 0.25:
        return
    if way < 0.5:
        pen.write("appeal_granted", second=True, relief="corrected", numerator=Decimal(19), denominator=Decimal(20),
                  ground="经核对，一件按期办结的事项应当计入。", took_part=False)
    elif way < 0.65:
        pen.write("appeal_granted", second=True, relief="not_applicable", ground="该机关没有此项职责。",
                  took_part=False)
    else:
        reasons: dict[str, Any] = {"refusal_reason": "规则适用正确，数据无误。"} if pen.well(0.5) else {}
        pen.write("appeal_refused", second=True, took_part=not pen.well(0.3), **reasons)
    pen.write("appeal_closed")


def yearly(pen: Pen, year: int, reporter: str) -> None:
    """The yearly reports of an organ, from 1 January."""
    pen.write("year_begun", year=year, reporter=reporter, enforces=reporter == "department")
    pen.later(8, 18 if pen.well(0.5) else 35)
    pen.write("disclosure_report_published", disclosure_url="https://example.invalid/disclosure")
    if reporter == "department":
        pen.write("enforcement_statistics_published", statistics_url="https://example.invalid/statistics")
    pen.later(5, 15 if pen.well(0.5) else 40)
    pen.write("report_sent", heard_by_head=pen.well(0.3))
    pen.later(5, 15 if pen.well(0.5) else 40)
    pen.write("report_published", report_url="https://example.invalid/report")
    pen.later(5, 60)
    if reporter != "department":
        pen.write("congress_reported")
