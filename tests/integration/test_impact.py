"""Before rules come into force everybody can see which cases they change, and looking changes nothing."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from python_calamine import CalamineWorkbook

from core.cases.case import CaseHead
from core.database import database
from core.errors import FazhiError
from core.instance import Instance
from core.judge import PlatformEvent
from core.ledger.intake import NewEvent
from core.marks import DEMO, set_mark
from core.rulebook.activation import Activation, Approver, impact_of
from core.rulebook.bundle import Bundle
from core.rulebook.documents import read_sources
from core.rulebook.load import load_sources
from scoring.engine.live import Live
from scoring.engine.reference import Reference
from scoring.impact import Impact, ImpactBook, assess, report_lines, summary
from scoring.models import FindingRow
from scoring.rejudge import schedule_rejudging
from scoring.sweep import sweep
from tests.instance_kit import PASSWORD, Clock, activation_of, add_organ, add_person, add_region, make_instance
from web.cli import main

PROCEDURE = """
kind: procedure
id: demo.permit
title: {zh: 许可, en: Permit}
opens_with: [accepted]
closes_with: [closed]
stages: [{id: all, title: 全程, events: [accepted, published, closed]}]
events:
  accepted: {title: {zh: 受理, en: acceptance}, by: [case_handler]}
  published: {title: 公开, by: [case_handler]}
  closed: {title: 办结, by: [case_handler]}
"""
SUPERVISION = """
kind: supervision
procedure: demo.permit
rules:
  - id: publish-in-time
    title: {zh: 受理后及时公开, en: Published in time}
    code: PERMIT-PUBLISH
    basis: [{law: 政府信息公开条例, edition: 2019-04-03, article: "26"}]
    on: accepted
    followed_by: published
    within: {working_days: $days}
    params: {days: {value: 20, open_to: {level: league, may: lower, min: 5}}}
"""
CHECKLIST = """
kind: checklist
procedure: demo.permit
checklists:
  - id: T1
    title: 受理
    scored_on: accepted
    basis: [{law: 政府信息公开条例, edition: 2019-04-03, article: "26"}]
    checks: [{id: done, title: 已受理, points: 10, cel: happened('accepted')}]
"""
SCHEME = """
kind: indicators
id: demo.permit-score
title: 许可评分
per: case
procedure: demo.permit
counts: raised
nodes: [{id: P1, title: 受理, weight: 100, leaf: {metric: template, checklist: T1}}]
deductions: [{rules: [publish-in-time], points: 15, title: 未及时公开}]
"""
OVERLAY = """
kind: overlay
region: "990900"
authority: {issuer: 甲盟行政公署, document: 甲署发〔2026〕1号}
valid: {from: 2026-01-01}
%s
"""
TIGHTER = OVERLAY % "set: {demo.permit/publish-in-time.days: 5}"
NOTICE_2027 = """
kind: calendar
id: cn-2027
year: 2027
source: 演示用的放假安排
holidays: [{from: 2027-01-01, to: 2027-01-03, name: 元旦}]
"""
AUTHOR, APPROVER = Approver("author", "justice", "990000"), Approver("approver", "justice", "990000")
PLACES = (("990900", "甲盟", "league"), ("990902", "甲一县", "county"), ("991000", "乙盟", "league"))


@pytest.fixture
def clock() -> Clock:
    return Clock(datetime(2026, 6, 1, 2, 0, tzinfo=UTC))


@pytest.fixture
def instance(tmp_path: Path, clock: Clock) -> Iterator[Instance]:
    yield furnished(tmp_path, clock)
    database.close()


def furnished(tmp_path: Path, clock: Clock, url: str = "") -> Instance:
    """Two leagues and a county with a case each, and an open database connection."""
    rules = tmp_path / "source" / "permit"
    rules.mkdir(parents=True)
    for name, text in (("procedure", PROCEDURE), ("supervision", SUPERVISION), ("checklist", CHECKLIST),
                       ("scheme", SCHEME)):
        (rules / f"{name}.yaml").write_text(text, encoding="utf-8")
    made = make_instance(tmp_path / "home", clock, [rules], url)
    database.connect(reuse_if_open=True)
    add_region("990000", "演示自治区", "region")
    add_organ("justice", "演示自治区司法厅", "990000", "region", "justice")
    add_person("author", "编制人", "justice", "rule_author")
    add_person("approver", "审批人", "justice", "rule_approver")
    for code, name, level in PLACES:
        add_region(code, name, level, "990000" if level == "league" else "990900")
        add_organ(f"gov-{code}", f"{name}政府", code, level)
        add_person(f"handler-{code}", "经办人", f"gov-{code}", "case_handler")
        open_case(made, f"case-{code}", code, datetime(2026, 6, 1, 1, tzinfo=UTC))
    return made


def open_case(instance: Instance, case: str, region: str, at: datetime) -> None:
    instance.recorder.open_case(
        CaseHead(case, "demo.permit", f"gov-{region}", region, title=f"许可{region}"),
        NewEvent("accepted", at, actor=f"handler-{region}", organ=f"gov-{region}"))


def step(instance: Instance, region: str, event: str, at: datetime) -> None:
    instance.recorder.record(f"case-{region}", NewEvent(event, at, actor=f"handler-{region}", organ=f"gov-{region}"))


def write(instance: Instance, name: str, text: str) -> Bundle:
    """Put a rule file on the disk and load what would be proposed."""
    path = instance.settings.rules_dir / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return load_sources(read_sources(instance.rule_folders))


def look(instance: Instance, candidate: Bundle, **options: Any) -> Impact:
    return assess(candidate, instance.bundles.current(), Live(), instance.now(), **options)


def due_dates(impact: Impact) -> dict[str, tuple[Any, Any]]:
    return {change.head.id: (verdict.before.end, verdict.after.end) for change in impact.kept
            for verdict in change.verdicts if verdict.moved and verdict.before and verdict.after}


def everything_stored() -> str:
    """A digest of the whole database."""
    return hashlib.sha256("\n".join(database.connection().iterdump()).encode()).hexdigest()


def fazhi(instance: Instance, monkeypatch: pytest.MonkeyPatch, *words: str, answer: str = "", **env: str) -> Result:
    monkeypatch.setenv("FAZHI_HOME", str(instance.settings.home))
    for name, value in env.items():
        monkeypatch.setenv(name, value)
    database.close()  # the command line opens its own connection
    result = CliRunner().invoke(main, ["rules", *words], input=answer)
    database.connect(reuse_if_open=True)
    return result


def test_a_leagues_threshold_lists_that_leagues_cases_with_due_dates_from_and_to_and_nobody_elses(instance):
    found = look(instance, write(instance, "regions/990900/permit.yaml", TIGHTER))
    moved = (date(2026, 6, 30), date(2026, 6, 8))
    assert due_dates(found) == {"case-990900": moved, "case-990902": moved}
    assert (found.cases, found.replayed, found.skipped) == (3, 2, 1), "the neighbour's case is not even read"
    assert (found.total.moved, found.total.moved_running, found.total.appear, found.total.scored) == (2, 2, 0, 0)
    assert sorted(found.regions) == ["990900", "990902"]
    assert sorted(found.organs) == [("990900", "gov-990900"), ("990902", "gov-990902")]


def test_looking_writes_nothing(instance, tmp_path):
    candidate = write(instance, "regions/990900/permit.yaml", TIGHTER)
    before = everything_stored()
    with ImpactBook(tmp_path / "impact.xlsx", "zh", demo=False) as book:
        found = look(instance, candidate, closed=True, sinks=[book.add])
        book.finish(found)
    assert found.total.cases == 2
    assert list(report_lines(found))
    assert everything_stored() == before


def test_the_value_is_listed_once_with_where_it_comes_from(instance):
    found = look(instance, write(instance, "regions/990900/permit.yaml", TIGHTER)).differences
    (change,) = found.parameters
    assert (change.key, change.region, change.before, change.after) == (
        "demo.permit/publish-in-time.days", "990900", 20, 5)
    assert (change.valid.start, change.valid.end) == (date(2026, 1, 1), None)
    assert change.document == "甲盟行政公署 甲署发〔2026〕1号"
    assert change.origin.endswith("permit.yaml:6")
    assert [(each.sort, each.how, each.region) for each in found.content] == [("rule", "changed", "990900")]
    assert found.calendars == ()


def test_what_would_be_late_at_once_appears_as_a_finding_and_lowers_the_score(instance, clock):
    clock.moment = datetime(2026, 6, 10, 2, 0, tzinfo=UTC)
    found = look(instance, write(instance, "regions/990900/permit.yaml", TIGHTER))
    change = next(change for change in found.kept if change.head.id == "case-990900")
    assert [(each.code, each.appears) for each in change.findings] == [("PERMIT-PUBLISH", True)]
    assert change.score is not None
    assert (change.score.before, change.score.after) == (100, 85)
    assert (found.total.appear, found.total.vanish, found.total.down) == (2, 0, 2)
    words = summary(found)
    assert "疑似问题：新增 2，撤回 0" in words
    assert "判定 待履行 → 违反：2" in words
    assert "990902 甲一县：事项 1，问题 +1 −0，到期日 1，得分 1（升 0 降 1）" in words


def test_a_looser_rule_names_the_confirmed_findings_that_it_would_take_back(instance, clock):
    clock.moment = datetime(2026, 7, 1, 2, 0, tzinfo=UTC)
    sweep(instance.recorder, instance.now())
    raised = FindingRow.get(FindingRow.case == "case-991000")
    instance.recorder.record_platform("case-991000", PlatformEvent(
        "finding.confirmed", {"finding": raised.id, "reason": "属实"}, instance.now()), "author", "justice")
    found = look(instance, write(instance, "permit/supervision.yaml", SUPERVISION.replace("value: 20", "value: 60")))
    assert (found.total.vanish, found.total.vanish_determined, found.total.up) == (3, 1, 3)
    assert "其中已确认 1" in summary(found)
    assert any("撤回问题 PERMIT-PUBLISH 受理后及时公开（已确认）" in line for line in report_lines(found))


def test_closed_cases_are_left_out_unless_asked_for(instance, clock):
    clock.moment = datetime(2026, 6, 20, 2, 0, tzinfo=UTC)
    step(instance, "990900", "published", datetime(2026, 6, 18, 1, tzinfo=UTC))
    step(instance, "990900", "closed", datetime(2026, 6, 19, 1, tzinfo=UTC))
    candidate = write(instance, "regions/990900/permit.yaml", TIGHTER)
    assert list(due_dates(look(instance, candidate))) == ["case-990902"]
    both = look(instance, candidate, closed=True)
    assert sorted(due_dates(both)) == ["case-990900", "case-990902"]
    assert [change.closed for change in both.kept] == [True, False]
    assert "仅供参考" in summary(both)


def test_comments_layout_and_wording_change_nothing(instance):
    text = SUPERVISION.replace("受理后及时公开", "受理后应当及时公开") + "# 说明\n"
    found = look(instance, write(instance, "permit/supervision.yaml", text))
    assert not found.differences
    assert found.replayed == 0
    assert "两个规则包判定相同" in summary(found)


def test_a_regional_holiday_moves_the_due_dates_of_that_region(instance):
    holiday = OVERLAY % "holidays: [{from: 2026-06-10, name: 那达慕}]"
    found = look(instance, write(instance, "regions/990900/holiday.yaml", holiday))
    moved = (date(2026, 6, 30), date(2026, 7, 1))
    assert due_dates(found) == {"case-990900": moved, "case-990902": moved}
    (change,) = found.differences.calendars
    assert (change.region, change.year, change.off, change.on) == ("990900", 2026, (date(2026, 6, 10),), ())
    assert found.replayed == 2


def test_the_notice_of_a_new_year_moves_provisional_due_dates_and_makes_them_firm(instance, clock):
    clock.moment = datetime(2026, 12, 28, 2, 0, tzinfo=UTC)
    open_case(instance, "case-late", "991000", datetime(2026, 12, 28, 1, tzinfo=UTC))
    found = look(instance, write(instance, "calendars/cn-2027.yaml", NOTICE_2027))
    assert due_dates(found) == {"case-late": (date(2027, 1, 25), date(2027, 1, 26))}
    assert (found.total.cases, found.total.firmed) == (1, 1)
    (change,) = found.differences.calendars
    assert (change.region, change.year, change.how, change.off) == ("", 2027, "added", (date(2027, 1, 1),))
    assert any("2027-01-25（暂定） → 2027-01-26" in line for line in report_lines(found))
    assert any("2027-01-25 (provisional) → 2027-01-26" in line for line in report_lines(found, "en"))


def test_a_new_rule_lists_the_duties_that_it_creates(instance):
    text = SUPERVISION + SUPERVISION.partition("rules:\n")[2].replace("publish-in-time", "close-in-time").replace(
        "PERMIT-PUBLISH", "PERMIT-CLOSE").replace("published", "closed")
    found = look(instance, write(instance, "permit/supervision.yaml", text))
    assert [(each.how, each.id) for each in found.differences.content] == [("added", "demo.permit/close-in-time")]
    assert found.total.cases == 3
    assert sum(found.total.turns.values()) == 3
    assert "判定 不适用 → 待履行：3" in summary(found)


def test_a_candidate_without_a_procedure_says_how_many_cases_it_abandons(instance):
    for path in (instance.settings.rules_dir / "permit").iterdir():
        path.unlink()
    found = look(instance, load_sources(read_sources(instance.rule_folders)))
    assert found.lost == {"demo.permit": 3}
    assert "没有程序“demo.permit”" in summary(found)


def test_more_cases_than_one_page_are_all_found_and_only_the_first_are_kept(instance, monkeypatch):
    for number in range(7):
        open_case(instance, f"case-more-{number}", "990900", datetime(2026, 6, 1, 1, tzinfo=UTC))
    monkeypatch.setattr("scoring.impact.replaying.CASES_AT_ONCE", 2)
    monkeypatch.setattr("scoring.impact.replaying.KEPT", 3)
    told: list[str] = []
    found = look(instance, write(instance, "regions/990900/permit.yaml", TIGHTER),
                 sinks=[lambda change: told.append(change.head.id)])
    assert (found.total.cases, len(found.kept)) == (9, 3)
    assert told == sorted(told)
    assert len(set(told)) == 9
    assert any("另有 7 项" in line for line in report_lines(found, cases=2))


def test_live_and_reference_evaluators_see_the_same_impact(instance):
    candidate = write(instance, "regions/990900/permit.yaml", TIGHTER)
    by_reference = assess(candidate, instance.bundles.current(), Reference(), instance.now())
    assert by_reference.kept == look(instance, candidate).kept


@pytest.mark.services
def test_postgresql_gives_the_same_impact(tmp_path, clock, postgres_database):
    made = furnished(tmp_path, clock, postgres_database)
    found = look(made, write(made, "regions/990900/permit.yaml", TIGHTER), closed=True)
    database.close()
    moved = (date(2026, 6, 30), date(2026, 6, 8))
    assert due_dates(found) == {"case-990900": moved, "case-990902": moved}
    assert found.skipped == 1, "the neighbour's case"


def test_impact_says_what_activation_then_does(instance):
    from scoring.models import VerdictRow
    candidate = write(instance, "regions/990900/permit.yaml", TIGHTER)
    promised = {case: after.isoformat() for case, (_, after) in due_dates(look(instance, candidate)).items()}
    sources = read_sources(instance.rule_folders)
    outcome = activation_of(instance).propose(candidate, sources, AUTHOR, "甲署发〔2026〕1号")
    activation_of(instance).approve(outcome.bundle, APPROVER)
    instance.worker.run_due()
    stored = {row.case: row.due_date.isoformat() for row in VerdictRow.select()}
    assert stored == {"case-991000": "2026-06-30"} | promised


def test_the_workbook_holds_every_changed_case_and_is_marked_as_demonstration(instance, clock, tmp_path):
    clock.moment = datetime(2026, 6, 10, 2, 0, tzinfo=UTC)
    candidate = write(instance, "regions/990900/permit.yaml", TIGHTER)
    path = tmp_path / "impact.xlsx"
    with ImpactBook(path, "zh", demo=True) as book:
        book.finish(look(instance, candidate, sinks=[book.add]))
    sheets = CalamineWorkbook.from_path(str(path))
    assert sheets.sheet_names == ["概要", "按机关", "判定和到期日", "疑似问题", "得分"]
    tables = {name: sheets.get_sheet_by_name(name).to_python() for name in sheets.sheet_names}
    assert {str(table[0][0]) for table in tables.values()} == {"演示数据"}
    verdicts = tables["判定和到期日"]
    assert [(row[0], row[8], row[9], row[10], row[11]) for row in verdicts[2:]] == [
        ("case-990900", "待履行", "违反", "2026-06-30", "2026-06-08"),
        ("case-990902", "待履行", "违反", "2026-06-30", "2026-06-08")]
    assert [row[5:7] for row in tables["疑似问题"][2:]] == [["新增", "PERMIT-PUBLISH"]] * 2
    assert [row[5:7] for row in tables["得分"][2:]] == [[100, 85]] * 2
    with ImpactBook(tmp_path / "plain.xlsx", "en", demo=False) as book:
        book.finish(look(instance, candidate, sinks=[book.add]))
    plain = CalamineWorkbook.from_path(str(tmp_path / "plain.xlsx"))
    assert "demonstration" not in str([plain.get_sheet_by_name(name).to_python() for name in plain.sheet_names])


def test_the_command_prints_totals_first_and_writes_the_workbook(instance, monkeypatch, tmp_path):
    write(instance, "regions/990900/permit.yaml", TIGHTER)
    set_mark(DEMO)
    before = everything_stored()
    result = fazhi(instance, monkeypatch, "impact", "--xlsx", str(tmp_path / "out.xlsx"))
    assert result.exit_code == 0, result.output
    lines = result.output.splitlines()
    assert lines[1] == "未结事项 3 件：规则相同不必重算 1 件，重算 2 件，有变化 2 件"
    assert any("20 → 5（2026-01-01 至 —）　[甲盟行政公署 甲署发〔2026〕1号" in line for line in lines)
    assert "到期日 2026-06-30 → 2026-06-08" in result.output
    assert "991000" not in result.output
    assert (tmp_path / "out.xlsx").is_file()
    assert everything_stored() == before


def test_the_author_sees_the_impact_and_may_still_stop(instance, monkeypatch):
    write(instance, "regions/990900/permit.yaml", TIGHTER)
    words = ("activate", "--person", "author", "--password", PASSWORD, "--document", "甲署发〔2026〕1号")
    stopped = fazhi(instance, monkeypatch, *words, answer="n\n")
    assert "有变化 2 件" in stopped.output
    assert stopped.exit_code == 1
    assert activation_of(instance).open_proposal() is None
    assert fazhi(instance, monkeypatch, *words, answer="y\n").exit_code == 0
    proposal = activation_of(instance).open_proposal()
    assert proposal is not None
    assert "有变化 2 件" in impact_of(proposal), "the impact is on the ledger with the proposal"
    approving = fazhi(instance, monkeypatch, "activate", proposal.bundle_hash[:12], "--person", "approver",
                      "--password", PASSWORD, "--yes")
    assert approving.exit_code == 0, approving.output
    assert "有变化 2 件" in approving.output, "who approves sees it too"
    assert instance.bundles.current_hash() == proposal.bundle_hash


def test_an_open_proposals_impact_can_be_worked_out_again_from_its_hash(instance, monkeypatch):
    candidate = write(instance, "regions/990900/permit.yaml", TIGHTER)
    activation_of(instance).propose(candidate, read_sources(instance.rule_folders), AUTHOR, "甲署发〔2026〕1号")
    (instance.settings.rules_dir / "regions/990900/permit.yaml").unlink()
    assert "有变化 0 件" in fazhi(instance, monkeypatch, "impact").output
    assert "有变化 2 件" in fazhi(instance, monkeypatch, "impact", candidate.hash[:12]).output
    assert fazhi(instance, monkeypatch, "impact", "ffff").exit_code == 1


def test_an_instance_may_refuse_proposals_without_impact(instance, monkeypatch):
    candidate = write(instance, "regions/990900/permit.yaml", TIGHTER)
    strict = Activation(instance.bundles, instance.recorder, 2, instance.now, schedule_rejudging, require_impact=True)
    sources = read_sources(instance.rule_folders)
    with pytest.raises(FazhiError) as refused:
        strict.propose(candidate, sources, AUTHOR, "甲署发〔2026〕1号")
    assert refused.value.problems[0].code == "activation-needs-impact"
    assert not strict.propose(candidate, sources, AUTHOR, "甲署发〔2026〕1号", "有变化 2 件").active
    words = ("activate", "--person", "author", "--password", PASSWORD, "--document", "文号", "--yes", "--no-impact")
    result = fazhi(instance, monkeypatch, *words, FAZHI_REQUIRE_IMPACT="1")
    assert "activation-needs-impact" in result.output
    assert fazhi(instance, monkeypatch, *words, FAZHI_REQUIRE_IMPACT="perhaps").exit_code == 1
