"""Which items of the four lists a step matches, by what the case knows and what a person says of the conditions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from core.cases.case import Case
from core.discretion.lists import CaseList, Condition, Item, ListOfActs
from core.language.expression import Scope
from core.rulebook.bundle import Bundle
from scoring.discretion.circumstances import Listed, ListKind

BESIDE_THE_TABLE = {CaseList.FIRST_OFFENCE: ListKind.FIRST_OFFENCE, CaseList.LIGHTER: ListKind.LIGHTER,
                    CaseList.REDUCED: ListKind.REDUCED}
"""Lists that change what the table gives. What is on the no-penalty list may still be punished with reasons stated,
so that it has a rule of its own."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A condition with what is known of it.

    Attributes:
        name: its field, ``list.condition``.
        computed: whether the platform tells it from the case.
    """

    name: str
    condition: Condition
    value: bool | None
    computed: bool


@dataclass(frozen=True, slots=True)
class Matched:
    """An item of a list that is about the violation.

    Attributes:
        holds: None while a condition is unknown.
    """

    owner: ListOfActs
    item: Item
    holds: bool | None
    asked: tuple[Asked, ...]

    @property
    def id(self) -> str:
        """``list/item``."""
        return f"{self.owner.id}/{self.item.id}"


def matched(case: Case, violation: str, said: Mapping[str, str], day: date, rules: Bundle) -> tuple[Matched, ...]:
    """Items of the lists in force on a day that are about a violation (a table's id, or an item's own).

    Args:
        said: ``list.condition`` to ``true`` or ``false``, as a person found.
    """
    if not violation:
        return ()
    found = []
    scope = _scope(case, day, rules)
    for owner in rules.lists(case.procedure.id, case.head.region):
        for item in owner.on(day):
            if violation in item.tables or violation == f"{owner.id}/{item.id}":
                asked = tuple(_asked(owner, name, case, scope, said) for name in item.conditions)
                holds = item.holds({one.condition.id: one.value for one in asked})
                found.append(Matched(owner, item, holds, asked))
    return tuple(found)


def offered_items(procedure: str, region: str, day: date, rules: Bundle) -> Sequence[tuple[str, Item]]:
    """Items that have no table and are chosen by themselves."""
    return [(f"{owner.id}/{item.id}", item) for owner in rules.lists(procedure, region) for item in owner.on(day)
            if not item.tables]


def weighing(found: Sequence[Matched]) -> tuple[Listed, ...]:
    """Items that change what the table gives."""
    return tuple(Listed(BESIDE_THE_TABLE[one.owner.kind], one.id, one.item.violation) for one in found
                 if one.holds and one.owner.kind in BESIDE_THE_TABLE)


def _asked(owner: ListOfActs, name: str, case: Case, scope: Scope, said: Mapping[str, str]) -> Asked:
    condition, field = owner.conditions[name], f"{owner.id}.{name}"
    test = condition.tests.get(case.procedure.id)
    if test is not None:
        return Asked(field, condition, test.test(scope), True)
    return Asked(field, condition, {"true": True, "false": False}.get(said.get(field, "")), False)


def _scope(case: Case, day: date, rules: Bundle) -> Scope:
    """The case as it stands before the step."""
    calendar = rules.calendar(case.head.region)
    return Scope(case.state, {}, {}, case.history(), day, calendar.working_days_between)
