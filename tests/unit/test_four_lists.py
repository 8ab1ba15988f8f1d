"""The four lists: when an item matches, and what the loader says of lists that are wrong."""

from __future__ import annotations

from datetime import date
from itertools import product

import pytest

from core.discretion.lists import Item
from core.errors import FazhiError
from core.rulebook.documents import Source
from core.rulebook.load import load_rules, load_sources
from core.rulebook.paths import shipped_rules
from core.text import Text

ITEM = Item("1", Text("逾期"), all_of=("first",), any_of=("before", "ordered"), exclude=("harm",))


def test_an_item_matches_when_all_hold_one_of_several_holds_and_nothing_excluded_does() -> None:
    assert ITEM.holds({"first": True, "before": False, "ordered": True, "harm": False}) is True
    assert ITEM.holds({"first": True, "before": True, "harm": True}) is False
    assert ITEM.holds({"first": False}) is False
    assert ITEM.holds({"first": True, "before": True}) is None
    assert ITEM.holds({}) is None


def test_what_is_told_before_everything_is_known_stays_true_however_the_rest_turns_out() -> None:
    names = ITEM.conditions
    for known in product((True, False, None), repeat=len(names)):
        given = dict(zip(names, known, strict=True))
        told = ITEM.holds(given)
        ends = {ITEM.holds(dict(zip(names, whole, strict=True))) for whole in product((True, False), repeat=len(names))
                if all(one is None or one == other for one, other in zip(known, whole, strict=True))}
        assert ends == {told} if told is not None else ends == {True, False}


def test_the_shipped_lists_name_their_sources_and_what_is_not_verified() -> None:
    bundle = load_rules([shipped_rules() / "enforcement", shipped_rules() / "platform"])
    assert {one.kind.value for one in bundle.all_lists} == {
        "no_penalty", "first_offence", "lighter", "reduced", "no_coercion"}
    for one in bundle.all_lists:
        assert one.source
        assert all(item.basis for item in one.on(date(2026, 1, 1)))
    assert [one.id for one in bundle.lists("enforcement.coercion")] == ["statute-no-coercion"]


LIST = """kind: list
id: demo
title: 清单
list_kind: no_penalty
procedures: [tests.p]
region: "150900"
conditions:
  first: {title: 首次}
  small: {title: 金额较小, cel: c.amount < 100}
items:
  - {id: "1", violation: 逾期, all_of: [first, small], legal_basis: [{law: 某某条例, article: "20"}]}
"""
PROCEDURE = """kind: procedure
id: tests.p
title: 程序
attributes: {amount: {title: 金额, type: decimal, unit: yuan}}
events: {opened: {title: 立案, fields: {amount: {}}}}
"""


def test_a_regions_list_counts_in_the_region_and_below() -> None:
    text = LIST.replace("c.amount < 100", "has(c.amount)")
    bundle = load_sources([Source("p.yaml", PROCEDURE.encode()), Source("l.yaml", text.encode())])
    assert [one.id for one in bundle.lists("tests.p", "150902")] == ["demo"]
    assert not bundle.lists("tests.p", "150100")


@pytest.mark.parametrize(("old", "new"), [("has(c.amount)", "has(c.amunt)")])
def test_a_condition_is_checked_against_the_facts_of_the_procedure(old: str, new: str) -> None:
    text = LIST.replace("c.amount < 100", old).replace(old, new)
    with pytest.raises(FazhiError) as refused:
        load_sources([Source("p.yaml", PROCEDURE.encode()), Source("l.yaml", text.encode())])
    assert refused.value.problems[0].at is not None
    assert refused.value.problems[0].at.line == 9
