"""From a recorded step to findings, duties, scores, receipts and rankings, through the recorder and a real database."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from core.cases.case import Case, CaseHead
from core.database import database
from core.errors import FazhiError
from core.ledger.canonical import canonical
from core.ledger.reader import events_of
from core.organs.actors import Actor, actor_of
from core.organs.grants import grant_role
from core.organs.models import Organ, Person, Region
from scoring import aggregate
from scoring.explain import explain
from scoring.findings import rebuild
from scoring.history import AsOf, units_as_of
from scoring.models import CaseScore, DirtyUnit, FindingRow, ReceiptRow, UnitScore, VerdictRow
from scoring.publication import publish_case
from scoring.ranking import groups, ranking
from scoring.replay import stored_body
from scoring.statistics import tally
from scoring.sweep import due_cases, sweep
from tests.scoring_kit import MATTER, NOTICE, SCHEME, SUPERVISION, Desk, desk_in, rulebook, step

TODAY = date(2025, 6, 2)


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with desk_in(f"sqlite:///{tmp_path / 'judging.db'}") as made:
        for code, level in (("990000", "region"), ("990100", "league"), ("990121", "county"), ("990122", "county")):
            Region.create(code=code, name=f"区划{code}", level=level)
        with database.atomic():
            for organ, region, level, kind, above in (
                    ("justice", "990100", "league", "justice", None), ("a-gov", "990121", "county", "government", None),
                    ("b-gov", "990122", "county", "government", None),
                    ("b-justice", "990122", "county", "justice", "justice")):
                Organ.create(id=organ, name=f"机关{organ}", region=region, level=level, kind=kind,
                             upper_department=above)
        made.clock.set(TODAY)
        yield made


def person(account: str, organ: str, role: str) -> Actor:
    Person.get_or_create(id=account, defaults={"name": account, "organ": organ})
    grant_role(account, role, organ, by="system:test", valid_from=date(2020, 1, 1))
    return actor_of(account, organ, on=TODAY)


@pytest.fixture
def supervisor(desk: Desk) -> Actor:
    return person("supervisor", "justice", "supervisor")


@pytest.fixture
def handler(desk: Desk) -> Actor:
    return person("zhang", "a-gov", "case_handler")


def run_case(desk: Desk, case_id: str = "case-1", days: int = 20, organ: str = "a-gov", region: str = "990121",
             published: date | None = date(2025, 4, 14), closed: bool = True) -> None:
    """A non-technical case in one batch."""
    steps = [step("opened", date(2025, 3, 3), technical=False, private=False),
             step("consulted", date(2025, 3, 4), materials=(NOTICE,), days=days, replies=3, contact="张三"),
             step("reviewed", date(2025, 4, 1), lawful=True, written=True), step("decided", date(2025, 4, 7))]
    if published:
        steps.append(step("published", published, channel="web"))
    if closed:
        steps.append(step("closed", date(2025, 5, 6)))
    desk.recorder.record_many([(CaseHead(case_id, MATTER, organ, region, f"事项{case_id}"), steps)])


def finding(code: str) -> FindingRow:
    return FindingRow.get(FindingRow.code == code)


def score(case_id: str = "case-1") -> CaseScore:
    return CaseScore.get(CaseScore.case == case_id)


def codes(error: pytest.ExceptionInfo[FazhiError]) -> list[str]:
    return [problem.code for problem in error.value.problems]


def test_a_finding_appears_with_the_step_that_causes_it_and_is_on_the_chain(desk: Desk) -> None:
    desk.open(technical=False)
    assert not FindingRow.select().exists()
    desk.record("consulted", date(2025, 3, 4), days=20, replies=0, materials=(NOTICE,))
    assert (finding("T-CONSULT").status, finding("T-CONSULT").organ, finding("T-CONSULT").person) == (
        "raised", "a-gov", "zhang")
    assert [event.type for event in events_of("case-1")] == ["opened", "consulted", "finding.raised"]


def test_a_correction_withdraws_the_finding_and_renews_the_score(desk: Desk) -> None:
    desk.open(technical=False)
    wrong = desk.record("consulted", date(2025, 3, 4), days=20, replies=0, materials=(NOTICE,))
    assert score().score == Decimal("50.00")
    desk.record("consulted", date(2025, 3, 4), days=31, replies=0, materials=(NOTICE,), corrects=wrong, reason="笔误")
    assert finding("T-CONSULT").status == "withdrawn"
    assert score().score == Decimal("100.00")


def test_a_duty_is_listed_warns_and_becomes_overdue_by_time_alone(desk: Desk) -> None:
    # Decided on Monday 7 April, 5 working days: last day Monday 14 April; warnings 2 and 1 working days before.
    desk.clock.set(date(2025, 4, 8))
    run_case(desk, published=None, closed=False)
    desk.clock.set(date(2025, 4, 9))
    assert due_cases(desk.clock()) == []
    assert (_duty().due_date, _duty().warning, _duty().organ) == (date(2025, 4, 14), None, "a-gov")
    for day, level in ((date(2025, 4, 10), "blue"), (date(2025, 4, 11), "orange")):
        desk.clock.set(day, hour=1)
        assert (sweep(desk.recorder, desk.clock()).cases, _duty().warning) == (1, level)
    desk.clock.set(date(2025, 4, 15), hour=9)
    swept = sweep(desk.recorder, desk.clock())
    assert (swept.cases, swept.raised, _duty().duty) == (1, 1, "overdue")
    assert finding("T-PUBLISH").raised_at == datetime(2025, 4, 14, 16, 0, tzinfo=UTC)


def _duty() -> VerdictRow:
    return VerdictRow.get(VerdictRow.duty != "")


def test_sweeping_twice_changes_nothing(desk: Desk) -> None:
    desk.clock.set(date(2025, 4, 8))
    run_case(desk, published=None, closed=False)
    desk.clock.set(date(2025, 4, 20))
    assert sweep(desk.recorder, desk.clock()).raised == 1
    before = len(events_of("case-1"))
    assert sweep(desk.recorder, desk.clock()).cases == 0
    assert len(events_of("case-1")) == before


def test_nobody_waits_for_what_was_overdue_when_the_matter_was_given_up(desk: Desk) -> None:
    desk.open(on=date(2025, 3, 3), technical=False, private=False)
    desk.record("decided", date(2025, 3, 10))
    assert [row.duty for row in VerdictRow.select().where(VerdictRow.duty != "")] == ["overdue"]
    desk.record("given_up", date(2025, 4, 1))
    assert [row.state for row in VerdictRow.select().where(VerdictRow.rule.endswith("publish-in-time"))] == ["violated"]
    assert [row.duty for row in VerdictRow.select().where(VerdictRow.duty != "")] == []
    desk.record("decided", date(2025, 4, 14))
    assert [row.duty for row in VerdictRow.select().where(VerdictRow.duty != "")] == ["overdue"]


def test_one_case_that_cannot_be_judged_does_not_stop_the_clock_of_the_others(
        desk: Desk, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> None:
    desk.clock.set(date(2025, 3, 12))
    for number in range(5):
        desk.open(f"case-{number}", on=date(2025, 3, 3), technical=False, private=False)
        desk.record("decided", date(2025, 3, 10), f"case-{number}")
    judge = type(desk.judge).judge

    def stumbles(self: Any, cases: Sequence[Case], now: datetime) -> Any:
        if any(case.head.id == "case-1" for case in cases):
            raise ZeroDivisionError
        return judge(self, cases, now)

    monkeypatch.setattr(type(desk.judge), "judge", stumbles)
    desk.clock.set(TODAY)
    assert sweep(desk.recorder, desk.clock()).raised == 4
    assert "case-1" in caplog.text


def test_cases_of_a_procedure_that_is_no_longer_loaded_keep_what_was_said_about_them(desk: Desk) -> None:
    desk.clock.set(date(2025, 3, 12))
    desk.open(on=date(2025, 3, 3), technical=False, private=False)
    desk.record("decided", date(2025, 3, 10))
    desk.bundles.bundle = replace(desk.bundles.bundle, procedures={})
    desk.clock.set(TODAY)
    assert sweep(desk.recorder, desk.clock()).raised == 0
    assert VerdictRow.select().where(VerdictRow.state == "pending").count() == 1


def test_the_organ_answers_and_the_supervisor_confirms(desk: Desk, handler: Actor, supervisor: Actor) -> None:
    run_case(desk)
    name = finding("T-CONSULT").id
    assert (score().score, score().at_risk, score().provisional) == (Decimal("70.00"), Decimal("10.00"), True)
    desk.findings.answer(name, handler, "情况紧急")
    assert (finding("T-CONSULT").status, finding("T-CONSULT").answer) == ("answered", "情况紧急")
    confirmed = desk.findings.confirm(name, supervisor, "没有写明缩短理由")
    assert (confirmed.status, confirmed.determined_by, confirmed.reason) == (
        "confirmed", "supervisor", "没有写明缩短理由")
    assert (score().score, score().at_risk, score().provisional) == (Decimal("60.00"), Decimal("0.00"), False)


def test_the_receipt_of_a_confirmed_finding_is_kept_whole(desk: Desk, supervisor: Actor) -> None:
    run_case(desk)
    desk.findings.confirm(finding("T-CONSULT").id, supervisor, "属实")
    row = ReceiptRow.get(ReceiptRow.made_whole_for == "confirmation")
    body = stored_body(row.id)
    assert body is not None
    assert body["result"]["state"] == "violated"
    assert body["trace"][0]["citations"][0]["article"] == "15(1)"


def test_a_dismissed_finding_costs_nothing_and_needs_a_reason(desk: Desk, supervisor: Actor) -> None:
    run_case(desk)
    name = finding("T-CONSULT").id
    with pytest.raises(FazhiError) as refused:
        desk.findings.dismiss(name, supervisor, "  ")
    assert codes(refused) == ["finding-reason-missing"]
    assert desk.findings.dismiss(name, supervisor, "法律另有规定").status == "dismissed"
    assert (score().score, score().provisional) == (Decimal("70.00"), False)


def test_a_determined_finding_cannot_be_determined_again(desk: Desk, supervisor: Actor) -> None:
    run_case(desk)
    name = finding("T-CONSULT").id
    desk.findings.confirm(name, supervisor, "属实")
    with pytest.raises(FazhiError) as refused:
        desk.findings.dismiss(name, supervisor, "改变主意")
    assert codes(refused) == ["finding-wrong-status"]


def test_a_cure_is_reported_by_the_organ_and_accepted_by_the_supervisor(desk: Desk, handler: Actor,
                                                                        supervisor: Actor) -> None:
    run_case(desk)
    name = finding("T-CONSULT").id
    desk.findings.confirm(name, supervisor, "属实")
    assert desk.findings.report_cure(name, handler, "已补充征求意见").status == "confirmed"
    with pytest.raises(FazhiError) as refused:
        desk.findings.mark_cured(name, supervisor, "核实", TODAY + timedelta(days=1))
    assert codes(refused) == ["finding-cure-in-future"]
    cured = desk.findings.mark_cured(name, supervisor, "核实", TODAY)
    assert (cured.status, cured.cured_on, cured.cured_by) == ("cured", TODAY, "supervisor")
    assert score().score == Decimal("60.00")


@pytest.mark.parametrize(("account", "organ", "role", "code"), [
    ("zhang", "a-gov", "case_handler", "finding-own-act"),
    ("li", "a-gov", "office_head", "finding-own-act"),
    ("stranger", "b-justice", "supervisor", "authority-object"),
    ("clerk", "justice", "case_handler", "authority-object")])
def test_who_caused_a_finding_or_has_no_authority_over_it_does_not_determine_it(
        desk: Desk, account: str, organ: str, role: str, code: str) -> None:
    run_case(desk)
    with pytest.raises(FazhiError) as refused:
        desk.findings.confirm(finding("T-CONSULT").id, person(account, organ, role), "属实")
    assert codes(refused) == [code]
    assert finding("T-CONSULT").status == "raised"


@pytest.mark.parametrize(("account", "organ"), [("supervisor", "a-gov"), ("colleague", "justice")])
def test_a_supervisor_does_not_determine_what_he_or_his_organ_recorded(desk: Desk, supervisor: Actor, account: str,
                                                                      organ: str) -> None:
    desk.open(technical=False)
    desk.recorder.record("case-1", replace(step("consulted", date(2025, 3, 4), days=20), actor=account, organ=organ))
    with pytest.raises(FazhiError) as refused:
        desk.findings.confirm(finding("T-CONSULT").id, supervisor, "属实")
    assert codes(refused) == ["finding-own-act"]


def test_the_table_of_findings_can_be_rebuilt_from_the_ledger(desk: Desk, handler: Actor, supervisor: Actor) -> None:
    run_case(desk)
    run_case(desk, "case-2", days=40, published=date(2025, 4, 25))
    desk.findings.answer(finding("T-CONSULT").id, handler, "说明")
    desk.findings.confirm(finding("T-CONSULT").id, supervisor, "属实")
    before = list(FindingRow.select().order_by(FindingRow.id).dicts())
    assert len(before) == 2
    FindingRow.delete().execute()
    rebuild(["case-1", "case-2"])
    assert list(FindingRow.select().order_by(FindingRow.id).dicts()) == before


def test_a_replay_gives_the_same_receipt_bit_for_bit(desk: Desk, supervisor: Actor) -> None:
    run_case(desk)
    first = score().receipt
    desk.clock.set(date(2025, 6, 3))
    desk.findings.confirm(finding("T-CONSULT").id, supervisor, "属实")
    assert score().receipt != first
    rows = list(ReceiptRow.select())
    assert {row.kind for row in rows} == {"case", "verdict"}
    for row in rows:
        replayed = desk.replayer.replay(row.id)
        assert replayed.same, row.subject
        assert not replayed.other_version


def test_a_replay_under_the_old_rules_survives_a_change_of_rules(desk: Desk) -> None:
    run_case(desk)
    receipt = score().receipt
    desk.bundles.bundle = rulebook(supervision=SUPERVISION.replace("e.days >= 30", "e.days >= 10"))
    desk.recorder.rejudge(["case-1"])
    assert finding("T-CONSULT").status == "withdrawn"
    assert desk.replayer.replay(receipt).same


def test_a_replay_notices_a_changed_record(desk: Desk) -> None:
    run_case(desk)
    event = next(e for e in events_of("case-1") if e.type == "consulted")
    changed = canonical({"days": 33, "replies": 3})
    database.execute_sql('UPDATE "ledger_event" SET "payload" = ? WHERE "id" = ?', (changed, event.id))
    assert not desk.replayer.replay(score().receipt).same


def test_personal_values_never_reach_a_receipt(desk: Desk) -> None:
    run_case(desk)
    receipt = desk.replayer.receipt(score().receipt)
    assert "张三" not in canonical(receipt.body)


def test_a_published_score_is_kept_whole_and_recorded(desk: Desk, supervisor: Actor) -> None:
    run_case(desk)
    receipt = publish_case(desk.recorder, desk.replayer, "case-1", supervisor)
    event = next(e for e in events_of("case-1") if e.type == "score.published")
    assert (event.payload["digest"], event.payload["score"]) == (receipt.digest, "70.00")
    assert stored_body(receipt.key.id) == receipt.body
    assert desk.replayer.replay(receipt.key.id).same


def test_units_are_means_of_what_lies_below_and_are_ranked(desk: Desk) -> None:
    # a-gov: (70.00 + 100.00) ÷ 2 = 85.00; b-gov: 98.00 would need confirmation, so 100.00.
    run_case(desk, "case-1", days=20)
    run_case(desk, "case-2", days=40)
    run_case(desk, "case-3", days=40, organ="b-gov", region="990122", published=date(2025, 4, 25))
    assert aggregate.refresh() == 2
    counties = ranking(MATTER, 2025, "county", unit="region", parent="990100")
    assert [(line.rank, line.name, str(line.unit.score)) for line in counties] == [
        (1, "区划990122", "100.00"), (2, "区划990121", "85.00")]
    league = ranking(MATTER, 2025, "league")[0].unit
    assert (league.score, league.organs, league.counts.cases, league.counts.findings_open) == (
        Decimal("92.50"), 2, 3, 2)
    assert (league.counts.reviewed_known, league.counts.reviewed_yes) == (3, 3)
    assert [line.unit.subject for line in ranking(MATTER, 2025, "county", "government", unit="organ")] == [
        "b-gov", "a-gov"]
    assert ("organ", "county", "government", 2) in [(g.unit, g.level, g.kind, g.size) for g in groups(MATTER, 2025)]


def test_refreshing_again_has_nothing_to_do(desk: Desk) -> None:
    run_case(desk)
    aggregate.refresh()
    assert aggregate.refresh() == 0
    assert not DirtyUnit.select().exists()


def test_a_case_that_is_closed_a_year_later_moves_to_that_year(desk: Desk) -> None:
    run_case(desk, closed=False)
    aggregate.refresh()
    desk.clock.set(date(2026, 1, 20))
    desk.record("closed", date(2026, 1, 15))
    aggregate.refresh()
    assert [(row.year, row.subject) for row in UnitScore.select().where(UnitScore.unit == "organ")] == [(2026, "a-gov")]


def test_a_day_in_the_past_is_recomputed_from_the_ledger(desk: Desk) -> None:
    for day, event_type, fields in (
            (date(2025, 3, 4), "consulted", {"days": 20, "replies": 3, "materials": (NOTICE,)}),
            (date(2025, 4, 1), "reviewed", {"lawful": True, "written": True})):
        desk.clock.set(day)
        if event_type == "consulted":
            desk.open(technical=False, private=True)
        desk.record(event_type, day, **fields)
    aggregate.refresh()
    march = datetime(2025, 3, 10, tzinfo=UTC)
    then = units_as_of(desk.replayer, MATTER, 2025, AsOf(march, march))
    assert [(unit.subject, str(unit.score)) for unit in then if unit.unit == "organ"] == [("a-gov", "50.00")]
    now = units_as_of(desk.replayer, MATTER, 2025, AsOf(desk.clock() + timedelta(seconds=1)))
    assert {unit.subject: unit for unit in now} == {
        row.subject: aggregate.unit_of(row) for row in UnitScore.select()}


@pytest.mark.parametrize(("about", "language", "words"), [
    ("", "zh", "得分: 70.00（暂定）"), ("A1/period", "zh", "天数 = 20"), ("T-CONSULT", "zh", "《测试条例》第15条"),
    ("consult-30", "en", "violated"), ("A2", "en", "not applicable")])
def test_every_point_is_explained_in_words(desk: Desk, about: str, language: str, words: str) -> None:
    run_case(desk)
    judged = desk.replayer.judgement("case-1", desk.clock())
    assert words in "\n".join(explain(judged, about, language))


def test_asking_for_an_unknown_point_says_so(desk: Desk) -> None:
    run_case(desk)
    with pytest.raises(FazhiError) as refused:
        explain(desk.replayer.judgement("case-1", desk.clock()), "T99")
    assert codes(refused) == ["explain-unknown"]


def test_findings_are_counted_by_region_rule_and_month(desk: Desk, supervisor: Actor) -> None:
    run_case(desk, "case-1", days=20)
    run_case(desk, "case-2", days=20, organ="b-gov", region="990122", published=date(2025, 4, 25))
    desk.findings.confirm(FindingRow.get(FindingRow.case == "case-1").id, supervisor, "属实")
    organs = ["a-gov", "b-gov"]
    assert {line.key: (line.open, line.confirmed) for line in tally("region", organs)} == {
        "990000": (2, 1), "990100": (2, 1), "990121": (0, 1), "990122": (2, 0)}
    assert {line.key: line.total for line in tally("rule", organs)} == {
        "test.matter/consult-30": 2, "test.matter/publish-in-time": 1}
    assert {line.key: line.total for line in tally("period", organs)} == {"2025-03": 2, "2025-04": 1}


def test_a_refused_act_leaves_neither_event_nor_row(desk: Desk, handler: Actor) -> None:
    run_case(desk)
    before = len(events_of("case-1"))
    with pytest.raises(FazhiError):
        desk.findings.confirm(finding("T-CONSULT").id, handler, "自己认定")
    assert len(events_of("case-1")) == before


def test_cases_without_a_scheme_are_supervised_all_the_same(desk: Desk) -> None:
    desk.bundles.bundle = rulebook(scheme=SCHEME.replace("valid: {from: 2020-01-01}", "valid: {from: 2030-01-01}"))
    run_case(desk)
    assert (score().score, finding("T-CONSULT").status) == (None, "raised")
    assert desk.replayer.replay(score().receipt).same
