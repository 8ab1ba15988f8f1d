"""Words and colours of the closed vocabularies (levels, states, statuses), the same on every page."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from core.instance import LOCAL_TIME
from core.rulebook.model import Citation, Field, FieldType
from web.kit.language import language, local, say


@dataclass(frozen=True, slots=True)
class Word:
    """A title with the colour that its badge has."""

    title: Any
    tone: str = "grey"


LEVELS: Mapping[str, Word] = {
    "red": Word(_l("红色"), "red"), "orange": Word(_l("橙色"), "orange"),
    "yellow": Word(_l("黄色"), "yellow"), "blue": Word(_l("蓝色"), "blue"),
}
FINDING_STATUSES: Mapping[str, Word] = {
    "raised": Word(_l("疑似"), "orange"), "answered": Word(_l("已申辩"), "blue"),
    "confirmed": Word(_l("已确认"), "red"), "dismissed": Word(_l("已排除"), "grey"),
    "cured": Word(_l("已整改"), "green"), "withdrawn": Word(_l("已撤回"), "grey"),
}
STATES: Mapping[str, Word] = {
    "fulfilled": Word(_l("已履行"), "green"), "violated": Word(_l("违反"), "red"),
    "pending": Word(_l("待履行"), "orange"), "holding": Word(_l("保持中"), "blue"),
    "vacuous": Word(_l("未触发"), "grey"), "not_assessable": Word(_l("无法判定"), "yellow"),
}
TRACE_STATUSES: Mapping[str, Word] = {
    **STATES,
    "scored": Word(_l("已评分"), "blue"), "not_due": Word(_l("未到评分时点"), "grey"),
    "not_applicable": Word(_l("不适用"), "grey"), "unscored": Word(_l("暂无数据"), "yellow"),
    "passed": Word(_l("符合"), "green"), "partial": Word(_l("部分符合"), "yellow"), "failed": Word(_l("不符合"), "red"),
    "unknown": Word(_l("无法判断"), "yellow"), "applied": Word(_l("已扣"), "red"),
    "at_risk": Word(_l("待认定"), "orange"),
    "found": Word(_l("有记录"), "green"), "none": Word(_l("无记录"), "grey"), "listed": Word(_l("列明"), "grey"),
}
SOON_DAYS = 5
"""A duty due within so many calendar days is shown as due soon."""


def word(words: Mapping[str, Word], value: str) -> Word:
    """The word for a value; the value itself where the vocabulary lacks it."""
    return words.get(str(value)) or Word(str(value))


def title_of(titles: Mapping[Any, Any], kind: Any, value: str) -> str:
    """The title of a member of a closed list; the value itself where it is none (a plugin's own role)."""
    return say(titles[kind(value)]) if value in set(kind) else str(value)


def share(yes: int, known: int) -> str:
    """A share of cases in percent; a dash where nothing is known."""
    return f"{Decimal(100) * yes / known:.1f}%" if known else "—"


def day(value: date | datetime | None) -> str:
    """A local calendar date as 2026-03-02; empty for None."""
    if value is None:
        return ""
    return (local(value) if isinstance(value, datetime) else value).strftime("%Y-%m-%d")


def minute(value: datetime | None) -> str:
    """A local moment as 2026-03-02 09:30; empty for None."""
    return local(value).strftime("%Y-%m-%d %H:%M") if value else ""


def points(value: Decimal | int | None) -> str:
    """Points with two decimals; a dash where nothing was scored."""
    return "—" if value is None else f"{Decimal(value):.2f}"


def remaining(due: date | None, today: date) -> str:
    """How long until a due date, in words."""
    if due is None:
        return str(_("无固定期限"))
    days = (due - today).days
    if days < 0:
        return str(ngettext("已逾期 %(num)s 天", "已逾期 %(num)s 天", -days))
    return str(_("今日到期")) if days == 0 else str(ngettext("还有 %(num)s 天", "还有 %(num)s 天", days))


def remaining_tone(due: date | None, today: date) -> str:
    """The CSS class for ``remaining``."""
    if due is None or (due - today).days > SOON_DAYS:
        return ""
    return "text-overdue" if due < today else "text-soon"


def citation(value: Citation) -> str:
    """《行政处罚法》第58条, or its form in the reader's language."""
    return value.to(language())


def size(value: int) -> str:
    """A file size a person can read."""
    if value >= 1073741824:
        return f"{value / 1073741824:.3g} GB"
    return f"{value / 1048576:.1f} MB" if value >= 1048576 else f"{max(value / 1024, 0.1):.1f} KB"


def joined(parts: Iterable[Any]) -> str:
    """甲、乙、丙 in Chinese; commas in other languages."""
    return str(_("、")).join(str(part) for part in parts)


def signed(person: str, organ: str = "") -> str:
    """A person with the organ that he acts for, as a record names them; the platform itself has none."""
    return str(_("%(person)s（%(organ)s）", person=person, organ=organ)) if organ else person


def shown(value: Any, field: Field | None) -> str:
    """A payload value as a reader sees it: titles for enum values, 是/否, units.

    Values of personal fields are not masked here: the page decides before it calls.
    """
    if value is None or value == "" or value == ():
        return "—"
    if isinstance(value, bool):
        return str(_("是")) if value else str(_("否"))
    if isinstance(value, (list, tuple, set, frozenset)):
        return joined(shown(one, field) for one in sorted(value))
    if isinstance(value, datetime):
        return value.astimezone(LOCAL_TIME).strftime("%Y-%m-%d %H:%M")
    if isinstance(value, date):
        return day(value)
    if field is None:
        return str(value)
    if field.type is FieldType.DATETIME:
        return minute(datetime.fromisoformat(str(value)))
    if str(value) in field.values:
        return say(field.values[str(value)])
    return f"{value} {unit_title(field.unit)}".rstrip() if field.unit else str(value)


UNITS: Mapping[str, Any] = {
    "yuan": _l("元"), "days": _l("日"), "working_days": _l("个工作日"), "months": _l("个月"), "years": _l("年"),
    "hours": _l("小时"), "minutes": _l("分钟"), "points": _l("分"), "times": _l("次"),
    "people": _l("人"), "items": _l("件"), "percent": "%",
}


def unit_title(unit: str | None) -> str:
    """A unit's word; a unit of a plugin's own stands for itself."""
    return str(UNITS.get(unit or "", unit or ""))
