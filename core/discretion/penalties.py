"""Kinds of administrative penalties (行政处罚法 9) and the orders that go with them (28)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import StrEnum

from core.text import Text


class Penalty(StrEnum):
    """What a decision may impose beside a fine."""

    WARNING = "warning"
    CRITICISM = "criticism"
    CONFISCATE_INCOME = "confiscate_income"
    CONFISCATE_GOODS = "confiscate_goods"
    SUSPEND_LICENCE = "suspend_licence"
    LOWER_GRADE = "lower_grade"
    REVOKE_LICENCE = "revoke_licence"
    RESTRICT_BUSINESS = "restrict_business"
    ORDER_SUSPENSION = "order_suspension"
    ORDER_CLOSURE = "order_closure"
    RESTRICT_PRACTICE = "restrict_practice"
    DETENTION = "detention"
    OTHER = "other"
    ORDER_CORRECTION = "order_correction"
    ORDER_STOP = "order_stop"

    @property
    def words(self) -> Text:
        """Its name in law."""
        return TITLES[self]


TITLES: Mapping[Penalty, Text] = {
    Penalty.WARNING: Text("警告", {"en": "warning"}),
    Penalty.CRITICISM: Text("通报批评", {"en": "circulated criticism"}),
    Penalty.CONFISCATE_INCOME: Text("没收违法所得", {"en": "confiscation of illegal income"}),
    Penalty.CONFISCATE_GOODS: Text("没收非法财物", {"en": "confiscation of goods"}),
    Penalty.SUSPEND_LICENCE: Text("暂扣许可证件", {"en": "suspension of the licence"}),
    Penalty.LOWER_GRADE: Text("降低资质等级", {"en": "lowering of the qualification"}),
    Penalty.REVOKE_LICENCE: Text("吊销许可证件", {"en": "revocation of the licence"}),
    Penalty.RESTRICT_BUSINESS: Text("限制开展生产经营活动", {"en": "restriction of business"}),
    Penalty.ORDER_SUSPENSION: Text("责令停产停业", {"en": "suspension of production or business"}),
    Penalty.ORDER_CLOSURE: Text("责令关闭", {"en": "closure"}),
    Penalty.RESTRICT_PRACTICE: Text("限制从业", {"en": "restriction of practice"}),
    Penalty.DETENTION: Text("行政拘留", {"en": "administrative detention"}),
    Penalty.OTHER: Text("其他行政处罚", {"en": "another penalty"}),
    Penalty.ORDER_CORRECTION: Text("责令改正", {"en": "order to correct"}),
    Penalty.ORDER_STOP: Text("责令停止违法行为", {"en": "order to stop"}),
}


def names(penalties: Iterable[Penalty]) -> Text:
    """Several penalties in one phrase."""
    ordered = [penalty.words for penalty in Penalty if penalty in set(penalties)]
    return Text("、".join(title.zh for title in ordered), {"en": ", ".join(title.to("en") for title in ordered)})
