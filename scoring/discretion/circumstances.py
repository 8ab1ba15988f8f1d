"""Circumstances that the Penalty Law itself looks at, whatever the table: 行政处罚法 30-33, 36, 37, 49.

None is *not yet found out*. ``established_none`` states that none of the mitigating circumstances was found.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from core.text import Text


class Capacity(StrEnum):
    """Mental capacity of a citizen at the act (31)."""

    FULL = "full"
    PARTIAL = "partial"
    NONE = "none"


class ListKind(StrEnum):
    """The lists of regions and sectors (四张清单) that change a penalty."""

    NOT_PUNISHED = "not_punished"
    FIRST_OFFENCE = "first_offence"
    LIGHTER = "lighter"
    REDUCED = "reduced"


@dataclass(frozen=True, slots=True)
class Listed:
    """An item of a list that a person found to apply, with all of its conditions."""

    kind: ListKind
    item: str
    title: Text


@dataclass(frozen=True, slots=True)
class Circumstances:
    """What is known beside the table's inputs.

    Attributes:
        act_on: date of the act; of a continuing act its beginning.
        ended_on: end of an act that went on (连续或者继续状态); None: the same day.
        found_on: when it was found.
        decided_on: date of the decision, or the day for which it is asked.
        age: in full years at the act, of a citizen.
        listed: items of the lists that apply.
    """

    act_on: date
    found_on: date | None
    decided_on: date
    ended_on: date | None = None
    long_limitation: bool | None = None
    citizen: bool | None = None
    age: int | None = None
    capacity: Capacity | None = None
    minor: bool | None = None
    corrected_in_time: bool | None = None
    no_harm: bool | None = None
    slight_harm: bool | None = None
    first_offence: bool | None = None
    no_fault_proven: bool | None = None
    fault_irrelevant: bool | None = None
    removed_harm: bool | None = None
    coerced: bool | None = None
    confessed: bool | None = None
    merit: bool | None = None
    lighter_by_law: bool | None = None
    against_emergency_measures: bool | None = None
    listed: tuple[Listed, ...] = ()

    @property
    def law_day(self) -> date:
        """The day whose law counts as the law at the act: of a continuing act, its end."""
        return self.ended_on or self.act_on


CIRCUMSTANCES: Mapping[str, Text] = {
    "long_limitation": Text("涉及公民生命健康安全、金融安全且有危害后果",
                            {"en": "harm to life, health or financial safety"}),
    "citizen": Text("当事人是公民", {"en": "the party is a citizen"}),
    "age": Text("行为时的年龄", {"en": "age at the act"}),
    "capacity": Text("辨认和控制能力", {"en": "mental capacity"}),
    "minor": Text("违法行为轻微", {"en": "the violation is minor"}),
    "corrected_in_time": Text("及时改正", {"en": "corrected in time"}),
    "no_harm": Text("没有造成危害后果", {"en": "no harm was done"}),
    "slight_harm": Text("危害后果轻微", {"en": "only slight harm was done"}),
    "first_offence": Text("初次违法", {"en": "first violation"}),
    "no_fault_proven": Text("当事人足以证明没有主观过错", {"en": "the party proves that there is no fault"}),
    "fault_irrelevant": Text("法律、行政法规规定不论主观过错", {"en": "by law fault does not matter"}),
    "removed_harm": Text("主动消除或者减轻危害后果", {"en": "removed or reduced the harm"}),
    "coerced": Text("受他人胁迫或者诱骗", {"en": "coerced or induced"}),
    "confessed": Text("主动供述尚未掌握的违法行为", {"en": "confessed acts not yet known"}),
    "merit": Text("配合查处有立功表现", {"en": "meritorious help"}),
    "lighter_by_law": Text("法律、法规、规章规定的其他从轻减轻情形", {"en": "another ground by law"}),
    "against_emergency_measures": Text("违反突发事件应对措施", {"en": "against emergency measures"}),
}
"""Titles by name, in the order of the law's questions."""

NOT_YES_OR_NO = frozenset({"citizen", "age", "capacity"})


def established_none(act_on: date, found_on: date, decided_on: date, **found: Any) -> Circumstances:
    """Circumstances of which it is established that none applies, but for those given; the party is no citizen."""
    known: dict[str, Any] = {**dict.fromkeys(CIRCUMSTANCES.keys() - NOT_YES_OR_NO, False), "citizen": False, **found}
    return Circumstances(act_on, found_on, decided_on, **known)
