"""durable-rules behind its adapter: right answers, no crash, no leak, limits named at load."""

from __future__ import annotations

import gc
import random
import threading
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from core.calendars import Calendar, CalendarYear
from core.cases.case import Case, CaseHead
from core.cases.fold import fold
from core.errors import FazhiError
from core.language.expression import Expression
from core.ledger.event import Event
from core.rulebook.model import EventType, Pattern, Period, Procedure, Rule, Template, Unit
from core.text import Text
from scoring.engine import adapter
from scoring.engine.adapter import Comparison, EngineError, Join, RuleBase, fact, shards
from scoring.engine.live import MAX_PROGRAMS, Live
from scoring.engine.program import compile_rules
from scoring.engine.reference import Reference

LATER = (Comparison("last", ">", "first"),)
CALENDAR = Calendar.of({})


def steps(*marks: str) -> list[str]:
    return [fact(number, {"first": number, "last": number, mark: 1}) for number, mark in enumerate(marks)]


def test_a_join_pairs_every_activation_with_every_later_target() -> None:
    base = RuleBase({7: Join("a", "t", LATER)})
    assert sorted(base.pairs(steps("t", "a", "t", "a", "t"))) == [(7, 1, 2), (7, 1, 4), (7, 3, 4)]


def test_nothing_of_a_case_is_left_for_the_next() -> None:
    base = RuleBase({0: Join("a", "t", LATER)})
    assert base.pairs(steps("a")) == []
    assert base.pairs(steps("t", "t")) == []
    assert base.pairs([]) == []


def test_cases_without_any_firing_do_not_crash_the_process() -> None:
    base = RuleBase({0: Join("a", "t", LATER)})
    assert not any(base.pairs(steps("t", "other")) for _ in range(3000))


def test_more_than_a_thousand_cases_need_one_state() -> None:
    base = RuleBase({0: Join("a", "t", LATER)})
    assert all(len(base.pairs(steps("a", "t"))) == 1 for _ in range(3000))


def test_a_failed_evaluation_is_followed_by_right_ones() -> None:
    base = RuleBase({0: Join("a", "t", LATER)})
    with pytest.raises(EngineError, match="two facts"):
        base.pairs([fact(1, {"a": 1, "first": 1}), fact(1, {"a": 1, "first": 1})])
    with pytest.raises(EngineError, match="311"):  # a compared value is missing
        base.pairs([fact(1, {"a": 1}), fact(2, {"t": 1, "last": 3})])
    assert base.pairs(steps("a", "t")) == [(0, 0, 1)]


@pytest.mark.parametrize("values", [{"x": True}, {"x": 2**63}, {"x": "5"}, {"x": 0.5}, {"x": None}, {"x y": 1}])
def test_only_whole_numbers_under_plain_names_are_facts(values: Mapping[str, int]) -> None:
    with pytest.raises(ValueError, match="x"):
        fact(0, values)


def test_too_many_facts_are_refused_before_the_engine_sees_them() -> None:
    with pytest.raises(ValueError, match="4000 at most"):
        RuleBase({0: Join("a", "t")}).pairs(["{}"] * 4001)


def test_too_many_comparisons_are_refused_with_the_name_of_the_rule() -> None:
    wide = Join("a", "t", tuple(Comparison(f"v{n}", "==", f"v{n}") for n in range(30)), owner="p/wide")
    with pytest.raises(FazhiError, match=r"p/wide.*engine-too-many-comparisons") as refused:
        shards([wide], [])
    assert "30" in refused.value.render("en")


def test_names_of_marks_never_share_a_hash() -> None:
    names = {f"{letter}{number}" for letter in "mv" for number in range(5000)} | {"first", "last", "place", "one", "id"}
    assert len({adapter._hash(name) for name in names}) == len(names)


def test_wide_rule_sets_are_spread_before_the_engine_hangs() -> None:
    joins = [Join(f"m{number}", f"m{number + 1000}", LATER) for number in range(1000)]
    everything = frozenset(f"m{number}" for number in range(2000))
    spread = shards(joins, [everything])
    assert [number for shard in spread for number in shard.numbers] == list(range(1000))
    assert max(len(shard.marks) for shard in spread) <= adapter.MAX_MARKS_PER_FACT
    assert max(len(shard.numbers) for shard in shards([Join("a", "t", (Comparison("v0", "==", "v0", n),))
                                                       for n in range(900)], [])) <= adapter.MAX_SHARED_PATTERN


def by_someone(number: int) -> Expression:
    return Expression(f"by {number}", "bool", lambda scope: scope.e["actor"] != f"person{number % 4}",
                      frozenset({"e.actor"}), {})


def rules(count: int, types: int, seed: int = 1, conditions: bool = False) -> tuple[Rule, ...]:
    rng = random.Random(seed)
    choice = [Template.FOLLOWED_BY, Template.ONLY_AFTER, Template.DIFFERENT_PERSON, Template.ALSO_REQUIRES]
    return tuple(
        Rule(f"p/r{number}", Text("规则"), "p", choice[number % 4],
             Pattern((f"k{rng.randrange(types)}", f"k{rng.randrange(types)}"),
                     by_someone(number) if conditions else None), (),
             target=Pattern((f"k{rng.randrange(types)}", f"k{rng.randrange(types)}")),
             within=Period(rng.randrange(30), Unit.DAYS))
        for number in range(count)
    )


def cases(count: int, types: int) -> list[Case]:
    rng = random.Random(2)
    kinds = {f"k{n}": EventType(f"k{n}", Text("步骤")) for n in range(types)}
    procedure = Procedure("p", Text("程序"), kinds, (), (), ())
    made = []
    for number in range(count):
        at = datetime(2026, 3, 2, tzinfo=UTC)
        events = []
        for seq in range(rng.randrange(1, 16)):
            at += timedelta(hours=rng.randrange(200))
            events.append(Event(f"e{seq}", f"c{number}", seq + 1, f"k{rng.randrange(types)}", at, at,
                                f"person{rng.randrange(3)}", "organ"))
        made.append(fold(CaseHead(f"c{number}", "p", "organ", "150000"), procedure, events))
    return made


AS_OF = datetime(2026, 6, 1, tzinfo=UTC)


def judged(evaluator: Live | Reference, some: Sequence[Case], by: Sequence[Rule]) -> list[object]:
    return [evaluator.evaluate(case, by, CALENDAR, AS_OF) for case in some]


def test_hundreds_of_rules_on_few_kinds_of_steps_are_judged_rightly() -> None:
    many, some = rules(600, types=6, conditions=True), cases(20, types=6)
    assert len(compile_rules(many).shards) > 1
    assert judged(Live(), some, many) == judged(Reference(), some, many)


def test_a_case_of_thousands_of_steps_is_judged_by_the_reference() -> None:
    procedure = Procedure("p", Text("程序"), {"k0": EventType("k0", Text("步骤"))}, (), (), ())
    at = datetime(2026, 3, 2, tzinfo=UTC)
    events = [Event(f"e{n}", "c", n + 1, "k0", at + timedelta(minutes=n), at, "li", "organ") for n in range(4100)]
    long = fold(CaseHead("c", "p", "organ", "150000"), procedure, events)
    most = Rule("p/most", Text("规则"), "p", Template.AT_MOST, Pattern(("k0",)), (), count=4000)
    assert [verdict.state for verdict in Live().evaluate(long, [most], CALENDAR, AS_OF)] == ["violated"]


def test_a_case_on_which_the_engine_fails_is_judged_by_the_reference(
        monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> None:
    def broken(self: RuleBase, facts: Sequence[str]) -> list[tuple[int, int, int]]:
        raise EngineError("out of order")

    some, by = cases(3, types=6), rules(20, types=6)
    monkeypatch.setattr(RuleBase, "pairs", broken)
    assert judged(Live(), some, by) == judged(Reference(), some, by)
    assert "c0" in caplog.text


def test_threads_share_one_evaluator() -> None:
    some, by = cases(60, types=8), rules(60, types=8)
    live, expected = Live(), judged(Reference(), some, by)
    wrong: list[int] = []

    def work(number: int) -> None:
        for _ in range(3):
            if judged(live, some, by) != expected:
                wrong.append(number)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []


def test_threads_may_load_different_rules_while_old_ones_are_dropped() -> None:
    some, live = cases(3, types=6), Live()
    wrong: list[int] = []

    def work(number: int) -> None:
        for seed in range(number * 100, number * 100 + MAX_PROGRAMS // 2):
            by = rules(5, types=6, seed=seed)
            if judged(live, some, by) != judged(Reference(), some, by):
                wrong.append(seed)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []


def test_rules_that_differ_in_periods_alone_share_what_is_compiled() -> None:
    live, some = Live(), cases(1, types=6)
    bases = set()
    for days in range(5):
        by = tuple(Rule("p/r", Text("规则"), "p", Template.FOLLOWED_BY, Pattern(("k0",)), (), Pattern(("k1",)),
                        within=Period(days, Unit.DAYS)) for _ in range(1))
        judged(live, some, by)
        bases.update(live._bases.values())
    assert len(bases) == 1


def resident_kilobytes() -> int:
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return int(status.split("VmRSS:")[1].split()[0])


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="reads the process's memory from /proc")
def test_reloading_rules_a_thousand_times_keeps_memory_flat() -> None:
    some = cases(2, types=6)

    def reload(times: range) -> None:
        for seed in times:
            judged(Live(), some, rules(20, types=6, seed=seed))
        gc.collect()

    reload(range(200))
    before = resident_kilobytes()
    reload(range(200, 1000))
    assert resident_kilobytes() - before < 20_000  # each set of compiled rules that is not given back takes 300 KB


def test_due_dates_follow_the_calendar_that_is_given() -> None:
    live, some = Live(), cases(1, types=6)
    by = rules(4, types=6)
    other = Calendar.of({2026: CalendarYear(
        frozenset(date(2026, month, day) for month in range(3, 6) for day in range(1, 29)))})
    for calendar in (CALENDAR, other, CALENDAR):
        assert live.evaluate(some[0], by, calendar, AS_OF) == Reference().evaluate(some[0], by, calendar, AS_OF)
