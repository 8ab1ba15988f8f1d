"""Names of fields and values that discretion adds to a procedure; the procedures' YAML declares them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from core.discretion.penalties import Penalty
from core.text import Text
from scoring.discretion.circumstances import CIRCUMSTANCES

VIOLATION, INPUTS = "violation", "discretion_facts"
CIRCUMSTANCE_FIELD, CHECKED = "circumstances", "circumstances_checked"
LIST_FACTS = "list_facts"
ACT_DAY, FOUND_DAY = "act_ended_on", "found_on"
ENTERED = (VIOLATION, INPUTS, CIRCUMSTANCE_FIELD, CHECKED, ACT_DAY, LIST_FACTS)
"""Fields that the panel shows in its own way."""

OWN = frozenset({VIOLATION, INPUTS, CIRCUMSTANCE_FIELD, CHECKED, LIST_FACTS})
"""Fields that count only where the step itself has them."""

BRACKETS: Mapping[str, Text] = {
    "under_14": Text("行为时不满十四周岁", {"en": "under 14 at the act"}),
    "minor_14_18": Text("行为时已满十四周岁不满十八周岁", {"en": "aged 14 to 18 at the act"}),
    "incapable": Text("行为时不能辨认或者控制自己行为", {"en": "mentally incapable at the act"}),
    "partly_capable": Text("行为时尚未完全丧失辨认或者控制能力", {"en": "of limited capacity at the act"}),
}
"""Circumstances of citizens, asked as yes or no."""

TICKS: Mapping[str, Text] = {
    **{name: title for name, title in CIRCUMSTANCES.items() if name not in ("citizen", "age", "capacity")}, **BRACKETS}
"""Circumstances that can be ticked, with their titles."""

MITIGATING = {"by_law": "lighter_by_law"}
"""Values of the case's ``mitigating`` that are named otherwise here."""

PENALTIES: Mapping[str, frozenset[Penalty]] = {
    "warning": frozenset({Penalty.WARNING}),
    "confiscation": frozenset({Penalty.CONFISCATE_INCOME, Penalty.CONFISCATE_GOODS}),
    "suspend_licence": frozenset({Penalty.SUSPEND_LICENCE}), "lower_grade": frozenset({Penalty.LOWER_GRADE}),
    "revoke_licence": frozenset({Penalty.REVOKE_LICENCE}),
    "restrict_business": frozenset({Penalty.RESTRICT_BUSINESS}),
    "stop_business": frozenset({Penalty.ORDER_SUSPENSION}), "bar_from_trade": frozenset({Penalty.RESTRICT_PRACTICE}),
    "detention": frozenset({Penalty.DETENTION}), "other": frozenset({Penalty.OTHER}),
}
"""What a step calls a penalty, as the tables call it."""


@dataclass(frozen=True, slots=True)
class Place:
    """A step at which discretion is used.

    Attributes:
        fine, kinds: the step's fields with the amount and the kinds of penalties.
        on_the_spot: the act was found and is decided where it happened: its day is that of the first step.
        decides: False where the penalty is only proposed yet.
        weighs: whether a penalty is weighed by a table; else only the lists are looked at.
    """

    procedure: str
    step: str
    fine: str = ""
    kinds: str = ""
    on_the_spot: bool = False
    decides: bool = True
    weighs: bool = True

    @property
    def entered(self) -> tuple[str, ...]:
        """Fields that the panel asks for at this step."""
        return ENTERED if self.weighs else (VIOLATION, LIST_FACTS)


PLACES: Mapping[tuple[str, str], Place] = {(place.procedure, place.step): place for place in (
    Place("enforcement.penalty", "notice_served", "proposed_fine", "proposed_kinds", decides=False),
    Place("enforcement.penalty", "decision_made", "fine_amount", "penalty_kinds"),
    Place("enforcement.penalty_summary", "notice_given", "fine_amount", "penalty_kinds", True, False),
    Place("enforcement.penalty_summary", "decision_made", "fine_amount", "penalty_kinds", True),
    Place("enforcement.coercion", "measure_imposed", weighs=False),
)}
"""Where discretion is used. A department's own procedure has its steps here by the same names."""
