"""Values as a document says them: dates, numbers, titles of codes."""

from __future__ import annotations

import unicodedata
from datetime import date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

CHINESE_DIGITS = "〇一二三四五六七八九"


def chinese_date(day: date) -> str:
    """A date in Chinese numerals, 二〇二六年六月十五日 (GB/T 9704 allows it for signatures and seals)."""
    year = "".join(CHINESE_DIGITS[int(digit)] for digit in f"{day.year:04}")
    return f"{year}年{_small(day.month)}月{_small(day.day)}日"


def plain_date(day: date) -> str:
    """2026年6月15日."""
    return f"{day.year}年{day.month}月{day.day}日"


def moment(instant: datetime, zone: ZoneInfo) -> str:
    """2026年6月15日9时05分, local."""
    local = instant.astimezone(zone) if instant.tzinfo else instant
    return f"{plain_date(local.date())}{local.hour}时{local.minute:02}分"


def plain_number(number: Decimal) -> str:
    """A decimal without exponent and without idle zeros behind the point."""
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def grouped(number: Decimal) -> str:
    """12,345.50: with two places where there are fen, without any where there are none."""
    return f"{number:,.2f}" if number != number.to_integral_value() else f"{number:,.0f}"


def printable(text: str) -> str:
    """Text without what cannot be printed: control characters, bidirectional overrides, lone surrogates."""
    lines = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))
    return "".join(character for character in lines
                   if character == "\n" or unicodedata.category(character) not in ("Cc", "Cf", "Cs", "Co", "Cn"))


def _small(number: int) -> str:
    tens, ones = divmod(number, 10)
    head = "" if not tens else "十" if tens == 1 else CHINESE_DIGITS[tens] + "十"
    return head + (CHINESE_DIGITS[ones] if ones or not tens else "")
