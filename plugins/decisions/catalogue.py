"""Catalogues of the year as pages read them: their items, and what became of each."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from core.cases.case import Case, Step
from core.ledger.models import CaseRow
from core.rulebook.model import Scalar
from core.text import Text

DECISION, CATALOGUE = "decisions.decision", "decisions.catalogue"


@dataclass(frozen=True, slots=True)
class Decided:
    """The decision that takes up an item, as it stands."""

    case_id: str
    stage: Text
    issued: date | None
    closed: bool


@dataclass(frozen=True, slots=True)
class CatalogueItem:
    """A matter of the catalogue.

    Attributes:
        steps: compulsory steps beside legality review and collective discussion, which always are.
        change: how it was adjusted during the year; None where it was not.
    """

    number: str
    title: str
    category: Text
    unit: str
    quarter: int | None
    steps: tuple[Text, ...]
    change: Text | None
    decision: Decided | None


@dataclass(frozen=True, slots=True)
class CatalogueView:
    """A catalogue of one organ and year."""

    case_id: str
    organ: str
    region: str
    year: int | None
    number: str
    url: str
    consented: date | None
    published: date | None
    items: tuple[CatalogueItem, ...]

    @property
    def taken_up(self) -> int:
        """How many items have become decisions under way or done."""
        return sum(item.decision is not None for item in self.items)

    @property
    def issued(self) -> int:
        """How many have been issued."""
        return sum(item.decision is not None and item.decision.issued is not None for item in self.items)


def catalogue_view(case: Case, decisions: Mapping[str, Decided]) -> CatalogueView:
    """A catalogue from its case.

    Args:
        decisions: what became of items, by item number.
    """
    listed = {_text(step.fields.get("item_number")): step for step in _steps(case, "item_listed")}
    changes = {_text(step.fields.get("adjusted_item")): step for step in _steps(case, "item_adjusted")}
    year = case.state.get("catalogue_year")
    return CatalogueView(
        case.head.id, case.head.organ, case.head.region, year if isinstance(year, int) else None,
        _text(case.state.get("catalogue_number")), _text(case.state.get("catalogue_url")),
        _first(case, "party_consented"), _first(case, "catalogue_published"),
        tuple(_item(case, step, changes.get(number), decisions.get(number)) for number, step in listed.items()))


def decided_items(cases: Iterable[Case]) -> Mapping[str, Mapping[str, Decided]]:
    """Decisions by catalogue number and item number; the latest where several name one item."""
    found: dict[str, dict[str, Decided]] = {}
    for case in cases:
        number, item = _text(case.state.get("catalogue_number")), _text(case.state.get("catalogue_item"))
        if number and item:
            found.setdefault(number, {})[item] = Decided(
                case.head.id, _stage(case), _first(case, "decision_issued"), case.closing is not None)
    return found


def decision_ids(organs: Iterable[str]) -> list[str]:
    """Ids of the decisions of some organs, oldest first."""
    query: Any = CaseRow.select(CaseRow.id).where(
        (CaseRow.procedure == DECISION) & CaseRow.organ.in_(list(organs))).order_by(CaseRow.opened_at).tuples()
    return [case_id for (case_id,) in query]


def _item(case: Case, step: Step, change: Step | None, decision: Decided | None) -> CatalogueItem:
    fields = case.procedure.events["item_listed"].fields
    chosen = step.fields.get("item_steps")
    steps = chosen if isinstance(chosen, frozenset) else frozenset()
    quarter = step.fields.get("planned_quarter")
    kinds = case.procedure.events["item_adjusted"].fields["adjustment_kind"].values
    return CatalogueItem(
        _text(step.fields.get("item_number")), _text(step.fields.get("item_title")),
        fields["item_category"].values.get(_text(step.fields.get("item_category")), Text("—")),
        _text(step.fields.get("item_unit")), quarter if isinstance(quarter, int) else None,
        tuple(title for name, title in fields["item_steps"].values.items() if name in steps),
        kinds.get(_text(change.fields.get("adjustment_kind"))) if change else None, decision)


def _steps(case: Case, event_type: str) -> Iterator[Step]:
    return (case.steps[place] for place in case.positions.get(event_type, ()))


def _first(case: Case, event_type: str) -> date | None:
    return next((step.date for step in _steps(case, event_type)), None)


def _stage(case: Case) -> Text:
    titles = {name: stage.title for stage in case.procedure.stages for name in stage.events}
    return next((titles[step.type] for step in reversed(case.steps) if step.type in titles), Text("—"))


def _text(value: Scalar | None) -> str:
    return "" if value is None else str(value)
