"""Reverse analysis: corrections counted on a stated base, hot spots only with enough cases, rates as written."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from core.database import connect, database
from core.rulebook.load import load_rules
from core.rulebook.paths import shipped_rules
from plugins.disputes.analysis.figures import Asked, analyse, case_ids, rates_of
from plugins.disputes.analysis.models import MODELS, DisputeFact, DisputeGround
from plugins.disputes.analysis.rates import all_rates, measured

REC = "disputes.reconsideration"


@pytest.fixture
def tables(tmp_path: Path) -> Iterator[None]:
    connect(f"sqlite:///{tmp_path / 'facts.db'}")
    with database.connection_context():
        database.create_tables(MODELS)
        yield


def case(number: int, respondent: str, outcome: str, kind: str, month: str = "2026-03", **more: object) -> None:
    DisputeFact.insert(case_id=f"c{number}", seq=1, procedure=REC, organ="justice", region="990100",
                       respondent=respondent, act_kind="penalty", outcome=outcome, kind=kind, month=month,
                       **more).execute()


def ground(number: int, respondent: str, name: str, month: str) -> None:
    DisputeGround.insert(case_id=f"c{number}", procedure=REC, region="990100", respondent=respondent,
                         act_kind="penalty", month=month, ground=name, breached="《行政处罚法》第44条").execute()


@pytest.mark.usefixtures("tables")
def test_the_rate_depends_on_its_base_and_says_which() -> None:
    for number, (outcome, kind) in enumerate((("revoke", "corrected"), ("uphold", "kept"), ("mediated", "settled"),
                                              ("terminated", "kept"))):
        case(number, "a", outcome, kind)
    assert analyse(Asked(REC, "990000")).whole.rate == 0.25
    assert analyse(Asked(REC, "990000", base="decided")).whole.rate == 0.5


@pytest.mark.usefixtures("tables")
def test_an_organ_above_the_line_is_hot_and_one_with_few_cases_never_is() -> None:
    number = 0
    for organ in "abcdefgh":
        for n in range(10):
            case(number := number + 1, organ, "revoke" if n == 0 else "uphold", "corrected" if n == 0 else "kept")
    for _ in range(8):
        case(number := number + 1, "bad", "revoke", "corrected")
    case(number + 1, "few", "revoke", "corrected")
    found = {line.key: line for line in analyse(Asked(REC, "990000")).organs}
    assert [key for key, line in found.items() if "rate" in line.hot] == ["bad"]
    assert found["few"].rate == 1.0


@pytest.mark.usefixtures("tables")
@pytest.mark.parametrize(("months", "hot"), [
    (("2025-06", "2025-12", "2026-05"), True), (("2025-06", "2025-12", "2026-06"), False)])
def test_the_same_ground_three_times_within_twelve_months_is_hot(months: tuple[str, ...], hot: bool) -> None:
    for number, month in enumerate(months):
        case(number, "a", "revoke", "corrected", month)
        ground(number, "a", "notice", month)
    found = analyse(Asked(REC, "990000"))
    assert (("a", "notice") in found.hot_grounds) is hot
    assert found.matrix == {("notice", "《行政处罚法》第44条"): 3}
    behind = {row for (row,) in case_ids(Asked(REC, "990000"), ground="notice").tuples()}
    assert behind == {"c0", "c1", "c2"}


@pytest.mark.usefixtures("tables")
def test_other_regions_and_months_are_left_out() -> None:
    case(1, "a", "revoke", "corrected", "2026-01")
    case(2, "a", "revoke", "corrected", "2026-04")
    assert analyse(Asked(REC, "990200")).whole.base == 0
    assert analyse(Asked(REC, "990100", since="2026-02", until="2026-12")).whole.base == 1


@pytest.mark.usefixtures("tables")
def test_a_rate_counts_its_own_cases_alone() -> None:
    case(1, "a", "revoke", "corrected", among=0b101, hits=0b001)
    case(2, "a", "uphold", "kept", among=0b001, hits=0b000)
    counted = {rate.bit: (among, hits) for rate, among, hits in rates_of(Asked(REC, "990000"))}
    assert (counted[0], counted[1], counted[2]) == ((2, 1), (0, 0), (1, 0))


def test_every_rate_compiles_against_the_shipped_procedures_and_names_rules_that_exist() -> None:
    bundle = load_rules([shipped_rules() / "disputes", shipped_rules() / "calendars"])
    compiled = measured(bundle.procedures)
    assert sum(len(rates) for rates in compiled.values()) == len(all_rates())
    for rate in all_rates():
        known = {rule.local_id for rule in bundle.rules(rate.procedure)}
        assert set(rate.kept) <= known, rate.code
        assert "en" in rate.title.others, rate.code
