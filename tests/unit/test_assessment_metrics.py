"""The score of an organ, computed by hand: each metric, each way of lacking data, and one organ whole."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from fractions import Fraction

import pytest

from core.rulebook.model import Level
from core.rulebook.schemes import leaves_of
from scoring.assessment.metrics import outcome
from scoring.assessment.score import Relief, score_organ
from scoring.assessment.tally import Tally
from scoring.life import Finding, Life
from scoring.trace import Status
from tests.assessment_kit import DEPARTMENT, GOVERNMENT, ORGANS, YEAR_END, bundle, months, ratio, scheme, scored

SCALE = 10_000


def share(leaf: str, tally: Tally, day: date = YEAR_END) -> tuple[str, Fraction | None]:
    node = next(node for node in leaves_of(scheme().nodes) if node.id == leaf)
    assert node.leaf is not None
    assert node.leaf.measure is not None
    found = outcome(node.leaf.measure, tally, 2025, day)
    return found.status.value, found.share


@pytest.mark.parametrize(("leaf", "tally", "expected"), [
    ("EX", ratio(1, 3), 1),  # one of three decided: there is one
    ("EX", ratio(0, 3), 0),  # three matters, none decided
    ("SHARE", ratio(19, 20), 1),  # 19/20 = 0.95, the first step of the ladder
    ("SHARE", ratio(18, 20), Fraction(3, 5)),  # 0.90 is at least 0.80: 0.6
    ("SHARE", ratio(15, 20), 0),  # 0.75 reaches no step
    ("LINE", ratio(3, 4), Fraction(1, 2)),  # (0.75 − 0.5) / (1 − 0.5) = 0.5
    ("LINE", ratio(1, 4), 0),  # below the point of no marks
    ("LINE", ratio(2, 3), Fraction(1, 3)),  # (2/3 − 1/2) / (1/2) = 1/3
    ("NONE", Tally(5, 0, 5, 0), 1),  # five matters, no finding
    ("NONE", Tally(5, 1, 5, 1), 0),
    ("MANY", Tally(2, 12 * SCALE, 0, 12 * SCALE), Fraction(2, 5)),  # 12 of 30
    ("MANY", Tally(2, 45 * SCALE, 0, 45 * SCALE), 1),  # never above full marks
    ("DAY", Tally(1, 1, 1, 1, date(2025, 4, 1)), 1),  # on the day itself
    ("DAY", Tally(1, 1, 1, 1, date(2025, 4, 11)), Fraction(1, 2)),  # ten days late
    ("DAY", Tally(1, 1, 1, 1, date(2025, 4, 12)), 0),  # eleven days late
    ("LIMIT", ratio(2, 3), Fraction(2, 3)),  # the ratio itself
    ("OFTEN", Tally(3, 3, 3, 3, date(2025, 1, 5), months(1, 0, 0, 2)), Fraction(1, 2)),  # 2 of 4 quarters
])
def test_a_metric_earns_what_was_computed_by_hand(leaf: str, tally: Tally, expected: Fraction | int) -> None:
    assert share(leaf, tally) == ("scored", Fraction(expected))


def test_where_no_case_exists_the_measure_says_what_that_means() -> None:
    nothing = Tally()
    assert share("SHARE", nothing) == ("not_applicable", None)
    assert share("NONE", nothing) == ("not_applicable", None)
    assert share("EX", nothing) == ("scored", Fraction(0))  # missing: zero, and the year is over
    assert share("MANY", nothing) == ("unscored", None)
    assert share("DAY", nothing) == ("scored", Fraction(0))
    assert share("AWAY", nothing) == ("unscored", None)


def test_nothing_is_owed_before_its_day() -> None:
    assert share("EX", Tally(), date(2025, 12, 30)) == ("not_due", None)
    assert share("DAY", Tally(), date(2025, 3, 31)) == ("not_due", None)
    assert share("DAY", Tally(), date(2025, 4, 1)) == ("scored", Fraction(0))


def test_a_frequency_counts_the_periods_that_ended_and_the_running_one_once_it_is_met() -> None:
    first = Tally(1, 1, 1, 1, date(2025, 1, 5), months(1))
    assert share("OFTEN", first, date(2025, 3, 30)) == ("scored", Fraction(1))  # 1 of 1: met before it ended
    assert share("OFTEN", first, date(2025, 6, 29)) == ("scored", Fraction(1))  # the second quarter still runs
    assert share("OFTEN", first, date(2025, 6, 30)) == ("scored", Fraction(1, 2))  # it ended without: 1 of 2


WHOLE = {
    "EX": ratio(1, 3), "SHARE": ratio(18, 20), "LINE": ratio(2, 3), "NONE": Tally(5, 0, 5, 0),
    "MANY": Tally(2, 12 * SCALE, 0, 12 * SCALE), "DAY": Tally(1, 1, 1, 1, date(2025, 4, 5)), "LIMIT": ratio(2, 3),
    "OFTEN": Tally(3, 3, 3, 3, date(2025, 1, 5), months(1, 0, 0, 2))}


def test_a_whole_organ_scores_what_was_computed_by_hand() -> None:
    # A: EX 10×1 = 10.00, SHARE 20×0.6 = 12.00, LINE 10×1/3 = 3.33, NONE 10×1 = 10.00, MANY 10×0.4 = 4.00: 39.33
    # B: DAY 10×0.5 = 5.00, LIMIT 10×2/3 = 6.67, OFTEN 10×1/2 = 5.00, AWAY not scored: 16.67
    # 39.33 + 16.67 = 56.00 of the 90.00 that are scored; 56.00 × 100 / 90 = 62.22
    found = scored(WHOLE)
    assert (found.earned, found.due, found.score) == (Decimal("56.00"), Decimal("90.00"), Decimal("62.22"))
    assert found.points["LINE"] == Decimal("3.33")
    assert [(part.id, part.earned, part.due) for part in found.aspects()] == [
        ("A", Decimal("39.33"), Decimal("60.00")), ("B", Decimal("16.67"), Decimal("30.00"))]
    # system EX + OFTEN, effect SHARE + LINE + DAY + LIMIT, conduct NONE + MANY
    assert [(part.id, part.earned) for part in found.views()] == [
        ("system", Decimal("15.00")), ("effect", Decimal("27.00")), ("conduct", Decimal("14.00"))]
    assert sum(part.earned for part in found.views()) == found.earned == sum(found.points.values())
    assert found.provisional  # AWAY has no data


def test_what_does_not_apply_is_shared_out_inside_its_parent() -> None:
    # SHARE (20 of 60) falls away: EX, LINE, NONE, MANY take 60 in equal parts of 15
    found = scored({name: tally for name, tally in WHOLE.items() if name != "SHARE"})
    assert {name: found.weights[name] for name in ("EX", "LINE", "NONE", "MANY")} == dict.fromkeys(
        ("EX", "LINE", "NONE", "MANY"), Decimal("15.00"))
    assert found.points["LINE"] == Decimal("5.00")  # 15 × 1/3


def test_a_leaf_for_other_organs_does_not_apply() -> None:
    body = scored(WHOLE, place=GOVERNMENT.__class__("E", "某队", "150902", "county", "enforcement_body"))
    assert body.outcomes["OFTEN"].status is Status.NOT_APPLICABLE
    assert body.weights["DAY"] == Decimal("13.34")  # 40 in thirds: 13.34, 13.33, 13.33


def relief(leaf: str, kind: str, numerator: str | None = None, denominator: str | None = None) -> Relief:
    return Relief(leaf, kind, numerator and Decimal(numerator), denominator and Decimal(denominator), "机构改革",
                  "person-1", date(2025, 11, 3), "case", "event")  # type: ignore[arg-type]


def test_a_granted_appeal_takes_a_result_out_or_corrects_it_and_names_who_approved() -> None:
    out = scored(WHOLE, reliefs={"LINE": relief("LINE", "not_applicable")})
    assert "LINE" not in out.weights
    note = next(part for node in out.nodes for part in node.walk() if part.id == "LINE").notes[0]
    assert note.text("zh") == "经申诉认定不适用：机构改革（person-1，2025-11-03）"
    right = scored(WHOLE, reliefs={"SHARE": relief("SHARE", "corrected", "20", "20")})
    assert right.points["SHARE"] == Decimal("20.00")


def test_a_missing_result_that_blocks_leaves_no_total() -> None:
    assert scored({**WHOLE, "MANY": Tally()}).due == Decimal("80.00")  # unscored only makes it provisional
    blocking = bundle(organs=ORGANS.replace("missing: unscored", "missing: block")).organ_scheme("test.organs", 2025)
    assert blocking is not None
    found = score_organ(blocking, DEPARTMENT, 2025, YEAR_END, {**WHOLE, "MANY": Tally()})
    assert (found.score, found.blocked) == (None, True)


def finding(rule: str, status: Life, name: str = "f1") -> Finding:
    return Finding(name, "case", f"test.matter/{rule}", rule.upper(), Level.RED, None, None, "p", "o",
                   datetime(2025, 5, 5, tzinfo=UTC), status=status)


def test_only_confirmed_findings_take_points_and_open_ones_are_shown_as_a_risk() -> None:
    late = [finding("publish-in-time", Life.CONFIRMED), finding("publish-in-time", Life.RAISED, "f2")]
    found = scored(WHOLE, findings=late)
    assert (found.score, found.at_risk) == (Decimal("60.22"), Decimal("2.00"))  # 62.22 − 2, and 2 more if confirmed


def test_a_government_answers_for_what_it_governs_where_the_scheme_says_so() -> None:
    theirs = [finding("consult-30", Life.CONFIRMED)]
    assert scored(WHOLE, place=GOVERNMENT, governed=theirs).score == Decimal("0.00")
    late = [finding("publish-in-time", Life.CONFIRMED)]
    assert scored(WHOLE, place=GOVERNMENT, governed=late).score == Decimal("62.22")  # that one reads own cases only


def test_an_undetermined_finding_makes_a_leaf_provisional_without_taking_its_points() -> None:
    found = scored({**WHOLE, "NONE": Tally(5, 0, 5, 1)})
    assert (found.points["NONE"], found.at_risk) == (Decimal("10.00"), Decimal("11.11"))  # 10 × 100 / 90
    assert found.place is DEPARTMENT
