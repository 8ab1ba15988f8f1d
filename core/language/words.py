"""Words that sentences share: units, quotes and dates, in Chinese and English."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from core.text import Text

UNITS: Mapping[str, Text] = {
    "days": Text("日", {"en": "days"}),
    "working_days": Text("个工作日", {"en": "working days"}),
    "months": Text("个月", {"en": "months"}),
    "years": Text("年", {"en": "years"}),
    "hours": Text("小时", {"en": "hours"}),
    "minutes": Text("分钟", {"en": "minutes"}),
    "seconds": Text("秒", {"en": "seconds"}),
    "yuan": Text("元", {"en": "yuan"}),
    "wan_yuan": Text("万元", {"en": "× 10,000 yuan"}),
    "percent": Text("%", {"en": "%"}),
    "persons": Text("人", {"en": "persons"}),
    "times": Text("次", {"en": "times"}),
    "square_metres": Text("平方米", {"en": "m²"}),
    "points": Text("分", {"en": "points"}),
}
_MONTHS = ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
           "November", "December")


def unit_word(unit: str | None, language: str) -> str:
    """The unit as it is written behind a number; an unknown one as it is declared."""
    if unit in (None, "*"):
        return ""
    return UNITS[unit].to(language) if unit in UNITS else str(unit)


def number_of(value: object, unit: str | None, language: str) -> str:
    """A number with its unit, ``30 日``, ``1 day``."""
    word = unit_word(unit, language)
    if language != "zh" and value == 1 and word.endswith("s"):
        word = word[:-1]
    return f"{value} {word}".rstrip() if word != "%" else f"{value}%"


def quoted(title: str) -> str:
    """A title in the quotes that both languages use here; quotes inside it become single ones."""
    inner = title.replace("“", "‘").replace("”", "’")
    return f"“{inner}”"


def day(value: date, language: str) -> str:
    """A date in words."""
    if language == "zh":
        return f"{value.year}年{value.month}月{value.day}日"
    return f"{value.day} {_MONTHS[value.month - 1]} {value.year}"


def either(titles: Sequence[str], language: str) -> str:
    """``“甲”或“乙”``."""
    words = [quoted(title) for title in titles]
    if language == "zh":
        return "、".join(words[:-1]) + ("或" if len(words) > 1 else "") + words[-1]
    return ", ".join(words[:-1]) + (" or " if len(words) > 1 else "") + words[-1]
