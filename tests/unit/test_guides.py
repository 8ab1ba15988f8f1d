"""Review points appear with the cases to which they apply, tick what the record shows, and are never scored."""

from __future__ import annotations

from datetime import date

import pytest

from core.rulebook.bundle import Bundle
from core.rulebook.kinds.tests import TestsDocument
from core.rulebook.load import load_rules
from core.rulebook.paths import shipped_rules
from scoring.guides import Guide, guides
from scoring.ruletests.example import as_case


@pytest.fixture(scope="module")
def bundle() -> Bundle:
    return load_rules([shipped_rules() / "disputes", shipped_rules() / "calendars"])


def shown(bundle: Bundle, example: str) -> tuple[Guide, ...]:
    """The review points at the end of one of the rule authors' examples."""
    documents = [loaded.document for loaded in bundle.documents("tests")]
    [spec] = [case for document in documents if isinstance(document, TestsDocument)
              for case in document.cases if case.name == example]
    case, _ = as_case(spec, bundle.procedures["disputes.reconsideration"])
    return guides(case, bundle.checklists("disputes.reconsideration"), bundle.calendar(), date(2026, 11, 1))


def test_a_disclosure_case_shows_the_points_of_disclosure_alone(bundle: Bundle) -> None:
    [guide] = shown(bundle, "信息公开案件简易程序三十日内维持")
    assert guide.checklist.id == "G-disclosure"
    seen = {point.check.id: point.seen for point in guide.points}
    assert seen["summary"] is True, "the record shows it"
    assert seen["evidence"] is False, "nothing of it was handed in"
    assert seen["holder"] is None, "only a person can tell"


def test_a_penalty_case_shows_none(bundle: Bundle) -> None:
    assert shown(bundle, "全程违法：拖延受理、反复补正、一人办理、未听证先决定、逾期、未送达即办结") == ()


def test_review_points_carry_no_score(bundle: Bundle) -> None:
    ours = [one for one in bundle.checklists("disputes.reconsideration") if one.guide]
    assert len(ours) == 4
    assert all(one.points == 0 for one in ours)
