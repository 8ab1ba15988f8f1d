"""A draw is the same for everybody, whatever order the list was in; nobody is favoured; every change shows."""

from __future__ import annotations

import json
import random
from collections import Counter
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.database import connect, database
from core.draws.checking import seed_of, verify
from core.draws.holding import Draws
from core.draws.plan import Candidate, LeftOut, Plan, read_plan, share
from core.draws.selection import select
from core.errors import FazhiError
from core.instance import Instance
from scoring.models import FindingRow
from tests.instance_kit import Clock, add_organ, add_region, make_instance

seeds = st.text("0123456789abcdef", min_size=64, max_size=64)
candidates = st.lists(st.builds(Candidate, st.text("abcdé中文0-|", min_size=1, max_size=6), st.text(max_size=3),
                                st.integers(1, 9), st.sampled_from(["", "甲", "乙"])),
                      min_size=1, max_size=30, unique_by=lambda one: one.id)


def plan_of(found: list[Candidate], pick: int = 0, **more: object) -> Plan:
    return replace(Plan("抽样", tuple(found), pick or max(1, len(found) // 3)), **more)  # type: ignore[arg-type]


@given(candidates, seeds, st.randoms(use_true_random=False))
def test_the_order_of_the_list_changes_nothing(found: list[Candidate], seed: str, rng: random.Random) -> None:
    shuffled = rng.sample(found, len(found))
    assert plan_of(found).text() == plan_of(shuffled).text()
    assert select(plan_of(found), seed) == select(plan_of(shuffled), seed)


@given(candidates, seeds, st.integers(0, 4))
def test_as_many_as_wanted_are_drawn_each_once(found: list[Candidate], seed: str, spares: int) -> None:
    choice = select(plan_of(found, spares=spares), seed)
    drawn = [*choice.chosen, *choice.spares]
    assert len(choice.chosen) == max(1, len(found) // 3)
    assert len(drawn) == len(set(drawn)) == min(len(found), len(choice.chosen) + spares)
    assert set(drawn) <= {one.id for one in found}


@given(candidates, seeds)
def test_the_urn_gives_what_counting_the_tickets_by_hand_gives(found: list[Candidate], seed: str) -> None:
    from core.draws.selection import below, numbers
    left, source, by_hand = sorted(found, key=lambda one: one.id), numbers(seed), []
    for _ in range(len(found)):
        ticket = below(sum(one.weight for one in left), source)
        for one in left:
            if ticket < one.weight:
                break
            ticket -= one.weight
        left.remove(one)
        by_hand.append(one.id)
    assert list(select(plan_of(found, pick=len(found)), seed).chosen) == by_hand


@given(candidates)
def test_a_list_is_read_back_as_it_was_committed(found: list[Candidate]) -> None:
    plan = plan_of(found, left_out=(LeftOut("x", "某某", "当事人近亲属"),), rules={"范围": "本年度办结案件"})
    assert read_plan(plan.text()).text() == plan.text()


@given(candidates, seeds, st.integers(1, 100))
def test_each_group_gives_its_share(found: list[Candidate], seed: str, percent: int) -> None:
    quotas = share(tuple(found), percent)
    choice = select(replace(plan_of(found), pick=0, quotas=quotas), seed)
    group = {one.id: one.group for one in found}
    assert Counter(group[name] for name in choice.chosen) == Counter(quotas)
    sizes = Counter(one.group for one in found)
    assert all(quotas[name] * 100 >= size * percent or quotas[name] == size for name, size in sizes.items())


def test_everybody_is_drawn_about_equally_often_and_weights_count() -> None:
    even = Plan("抽样", tuple(Candidate(f"c{n}") for n in range(10)), 3)
    counts = Counter(name for n in range(4000) for name in select(even, f"{n:064x}").chosen)
    assert all(abs(counts[f"c{n}"] - 1200) < 150 for n in range(10))  # about five standard deviations
    first = Counter(select(even, f"{n:064x}").chosen[0] for n in range(4000))
    assert all(abs(first[f"c{n}"] - 400) < 95 for n in range(10))
    heavy = Plan("抽样", (Candidate("a", weight=3), Candidate("b")), 1)
    assert abs(sum(select(heavy, f"{n:064x}").chosen == ("a",) for n in range(4000)) - 3000) < 140


def test_the_algorithm_as_documented_is_written_again_in_ten_lines() -> None:
    """The worked example that the documentation gives: three of seven."""
    import hashlib
    ids, seed, urn, counter, by_hand = [f"企业{n}" for n in range(7)], "ab" * 32, None, 0, []
    urn = sorted(ids)
    while len(by_hand) < 3:
        number = int(hashlib.sha256(f"fazhi-draw-1|{seed}||{counter}".encode()).hexdigest(), 16)
        counter += 1
        if number < 2**256 - 2**256 % len(urn):
            by_hand.append(urn.pop(number % len(urn)))
    assert list(select(Plan("抽样", tuple(map(Candidate, ids)), 3), seed).chosen) == by_hand


@pytest.mark.parametrize(("plan", "codes"), [
    (Plan("p", (Candidate("a"), Candidate("a")), 1), {"draw-candidate-twice"}),
    (Plan("p", (Candidate("a"),), 2), {"draw-too-few"}),
    (Plan("p", (Candidate("a"),), 0), {"draw-nothing"}),
    (Plan("p", (Candidate("a", weight=0),), 1), {"draw-weight"}),
    (Plan("p", (Candidate("a", group="甲"),), quotas={"甲": 1, "乙": 1}), {"draw-too-few"}),
])
def test_a_plan_that_cannot_be_drawn_is_refused(plan: Plan, codes: set[str]) -> None:
    with pytest.raises(FazhiError) as refused:
        plan.checked()
    assert {problem.code for problem in refused.value.problems} == codes


# ── on the ledger ──────────────────────────────────────────────────────────────────────────────────────────────────

@pytest.fixture(scope="module")
def instance(tmp_path_factory: pytest.TempPathFactory) -> Instance:
    home = tmp_path_factory.mktemp("draws")
    made = make_instance(home, Clock())
    with database.connection_context():
        add_region("990000", "演示自治区", "region")
        add_organ("just-r", "演示自治区司法厅", "990000", "region", "justice")
    return made


@pytest.fixture
def draws(instance: Instance) -> Draws:
    connect(instance.settings.database_url)
    return Draws.of(instance)


PLAN = Plan("抽取案卷", tuple(Candidate(f"case-{n:03}", f"案卷{n}") for n in range(40)), 5, spares=2,
            left_out=(LeftOut("case-900", "案卷900", "当事人近亲属"),), about="review-1")


def test_nobody_knows_the_choice_before_the_list_is_fixed_and_everybody_after(draws: Draws) -> None:
    with database.connection_context():
        draw = draws.commit(PLAN, "supervisor", "just-r")
        waiting = draws.find(draw)
        assert waiting.open
        assert (waiting.secret, waiting.chosen) == ("", ())
        secret = draws.folder / f"{draw}.secret"
        assert secret.stat().st_mode & 0o077 == 0
        done = draws.reveal(draw, "supervisor", "just-r", witness=" 8 1 6 ")
        assert not secret.exists(), "what was opened is not kept beside the ledger"
        assert len(done.chosen) == 5
        assert len(done.spares) == 2
        assert done.seed == seed_of(done.secret, done.record, "8 1 6")
        assert verify(done.record_text()).holds
        assert draws.reveal(draw, "supervisor", "just-r", "重来") == done, "a second try gives the same"
        again = draws.hold(replace(PLAN, purpose="再抽一次"), "supervisor", "just-r")
        assert draws.about("review-1") == [draw, again.id], "a draw that was repeated shows"
        assert not FindingRow.select().where(FindingRow.case == draw).count()


@settings(max_examples=30, deadline=None)
@given(data=st.data())
def test_whatever_is_changed_in_a_record_is_found(instance: Instance, data: st.DataObject) -> None:
    with database.connection_context():
        record = json.loads(Draws.of(instance).hold(PLAN, "supervisor", "just-r").record_text())
    part = data.draw(st.sampled_from(["list", "list_sha256", "secret_sha256", "record", "secret", "witness", "seed",
                                      "chosen", "spares", "algorithm"]))
    changed = {**record, part: [*record[part], "case-000"] if part in ("chosen", "spares") else
               record[part].replace("案卷1", "案卷2", 1) if part == "list" else f"{record[part]}0"}
    assert not verify(json.dumps(changed)).holds


def test_a_secret_that_is_lost_makes_no_other_choice(draws: Draws) -> None:
    with database.connection_context():
        draw = draws.commit(PLAN, "supervisor", "just-r")
        (draws.folder / f"{draw}.secret").write_text("0" * 64)
        with pytest.raises(FazhiError) as refused:
            draws.reveal(draw, "supervisor", "just-r")
        assert refused.value.problems[0].code == "draw-secret-lost"


@pytest.mark.parametrize("text", ["", "{}", "[]", "null", '{"list": "{}"}'])
def test_what_is_no_record_is_answered_clearly(text: str) -> None:
    with pytest.raises(FazhiError) as refused:
        verify(text)
    assert refused.value.problems[0].code == "draw-record-unreadable"
