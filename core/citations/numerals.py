"""Numbers as statutes write them: 一百二十, 一○一, and small Roman ones for English addresses."""

from __future__ import annotations

DIGITS = "零一二三四五六七八九"
NUMERAL = "[零〇○一二三四五六七八九十百千]+"
"""A regular expression for a Chinese number below ten thousand."""

_PLACES = {"十": 10, "百": 100, "千": 1000}
_ROMAN = ((100, "c"), (90, "xc"), (50, "l"), (40, "xl"), (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"))


def to_int(text: str) -> int | None:
    """The number that Chinese or Arabic numerals below ten thousand stand for; None for anything else."""
    if text.isascii():
        return int(text) if text.isdigit() and len(text) <= 4 else None
    plain = text.replace("〇", "零").replace("○", "零")
    if not plain or set(plain) - set(DIGITS) - set(_PLACES):
        return None
    if not set(plain) & set(_PLACES):
        return int("".join(str(DIGITS.index(sign)) for sign in plain))
    total = digit = 0
    for sign in plain:
        if sign in _PLACES:
            total += (digit or 1) * _PLACES[sign]
            digit = 0
        else:
            digit = DIGITS.index(sign)
    return total + digit


def to_chinese(number: int) -> str:
    """1 to 9999 as statutes write them: 10 is 十, 110 is 一百一十, 205 is 二百零五."""
    out = ""
    for value, sign in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit, number = divmod(number, value)
        if digit:
            out += DIGITS[digit] + sign
        elif out and number and not out.endswith("零"):
            out += "零"
    return out.removeprefix("一") if out.startswith("一十") else out


def to_roman(number: int) -> str:
    """A small Roman number: 4 is iv."""
    out = ""
    for value, sign in _ROMAN:
        count, number = divmod(number, value)
        out += sign * count
    return out
