"""Amounts in capital numerals (票据法实施管理、正确填写票据和结算凭证的基本规定): 人民币壹万零伍佰元整."""

from __future__ import annotations

from decimal import Decimal

from core.errors import fail

DIGITS = "零壹贰叁肆伍陆柒捌玖"
PLACES = ("", "拾", "佰", "仟")
SECTIONS = ("", "万", "亿", "万亿")
LARGEST = Decimal(10) ** 16


def capital(amount: Decimal) -> str:
    """An amount of yuan in capital numerals.

    Args:
        amount: yuan, not negative, at most two decimal places, below 10^16.

    Raises:
        FazhiError: ``document-amount`` for what cannot be written.
    """
    if not amount.is_finite() or amount < 0 or amount >= LARGEST or amount != round(amount, 2):
        raise fail("document-amount", amount=str(amount))
    fen = int(amount * 100)
    yuan, jiao, rest = fen // 100, fen // 10 % 10, fen % 10
    words = f"{_whole(yuan)}元" if yuan or not fen else ""
    if not jiao and not rest:
        return f"人民币{words}整"
    if jiao:
        words += f"{DIGITS[jiao]}角"
    elif words:
        words += "零"
    return f"人民币{words}" + (f"{DIGITS[rest]}分" if rest else "整")


def _whole(number: int) -> str:
    if number == 0:
        return DIGITS[0]
    sections: list[int] = []
    while number:
        number, section = divmod(number, 10_000)
        sections.append(section)
    out, gap = "", False
    for index in range(len(sections) - 1, -1, -1):
        section = sections[index]
        if not section:
            gap = bool(out)
            continue
        if out and (gap or section < 1000):
            out += DIGITS[0]
        out += _section(section) + _unit(index, sections)
        gap = False
    return out


def _unit(index: int, sections: list[int]) -> str:
    """The word of a group of four digits; 万亿 leaves its 亿 to the next group where that is not empty."""
    return "万" if index == 3 and sections[2] else SECTIONS[index]


def _section(number: int) -> str:
    out, gap = "", False
    for place in (3, 2, 1, 0):
        digit = number // 10**place % 10
        if digit:
            out += (DIGITS[0] if gap and out else "") + DIGITS[digit] + PLACES[place]
            gap = False
        else:
            gap = True
    return out
