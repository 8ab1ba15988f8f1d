"""From the text of an expression to its tokens (CEL's lexical rules, without doubles, bytes and unsigned)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from core.errors import Location
from core.language.place import refuse

MAX_SOURCE = 2_000
MAX_INT = 2**63 - 1

TokenKind = Literal["int", "string", "word", "operator", "end"]

_PATTERN = re.compile(
    r"""(?P<space>[ \t\r\n\f]+|//[^\n]*)
    |(?P<double>\d+\.\d+(?:[eE][+-]?\d+)?|\.\d+|\d+[eE][+-]?\d+)
    |(?P<odd>0[xX][0-9a-fA-F]*|\d+[uU])
    |(?P<near><>|=<|=>|=(?!=)|&(?!&)|\|(?!\|))
    |(?P<int>\d+)
    |(?P<string>[rR]?(?:'(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*"))
    |(?P<word>[^\W\d]\w*)
    |(?P<operator>&&|\|\||==|!=|<=|>=|[<>!+\-*?:.,()\[\]])""",
    re.VERBOSE,
)

_ESCAPES = {"n": "\n", "t": "\t", "r": "\r", "\\": "\\", "'": "'", '"': '"', "`": "`", "?": "?",
            "a": "\a", "b": "\b", "f": "\f", "v": "\v"}
_ESCAPE = re.compile(r"\\(u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|x[0-9a-fA-F]{2}|.)", re.DOTALL)

_FULL_WIDTH = {"（": "(", "）": ")", "，": ",", "。": ".", "＜": "<", "＞": ">", "＝": "==", "！": "!", "：": ":",
               "？": "?", "“": '"', "”": '"', "‘": "'", "’": "'", "【": "[", "】": "]", "＋": "+", "－": "-",
               "×": "*", "≤": "<=", "≥": ">=", "≠": "!=", "＆": "&&", "｜": "||", "、": ","}
_STRAY = "；\u3000《》…"
_NEAR_MISSES = {"=": "==", "&": "&&", "|": "||", "<>": "!=", "=<": "<=", "=>": ">="}


@dataclass(frozen=True, slots=True)
class Token:
    """A token; ``value`` is the number or the unescaped string where there is one."""

    kind: TokenKind
    text: str
    offset: int
    value: int | str = ""


def tokens(source: str, at: Location | None) -> list[Token]:
    """The tokens of ``source``, closed by an ``end`` token.

    Raises:
        FazhiError: a character or literal that the language does not have.
    """
    if len(source) > MAX_SOURCE:
        raise refuse(source, 0, at, "expression-too-long", length=len(source), most=MAX_SOURCE)
    found: list[Token] = []
    offset = 0
    while offset < len(source):
        match = _PATTERN.match(source, offset)
        if match is None:
            raise _stranger(source, offset, at)
        kind, text = match.lastgroup, match.group()
        if kind == "double":
            raise refuse(source, offset, at, "expression-double", text=text)
        if kind == "near":
            raise refuse(source, offset, at, "expression-near-operator", text=text, instead=_NEAR_MISSES[text])
        if kind == "odd":
            raise refuse(source, offset, at, "expression-odd-number", text=text)
        if kind == "int":
            # 2^63 itself is let through: only a minus sign before it makes it a 64-bit integer
            if len(text) > 25 or int(text) > MAX_INT + 1:
                raise refuse(source, offset, at, "expression-number-too-large", text=text[:25])
            found.append(Token("int", text, offset, int(text)))
        elif kind == "string":
            found.append(Token("string", text, offset, _unescape(source, offset, text, at)))
        elif kind == "word":
            found.append(Token("word", text, offset))
        elif kind == "operator":
            found.append(Token("operator", text, offset))
        offset = match.end()
    found.append(Token("end", "", len(source)))
    return found


def _unescape(source: str, offset: int, text: str, at: Location | None) -> str:
    if text[0] in "rR":
        return text[2:-1]

    def replace(match: re.Match[str]) -> str:
        mark = match.group(1)
        if len(mark) > 1:
            number = int(mark[1:], 16)
            if number <= 0x10FFFF and not 0xD800 <= number <= 0xDFFF:
                return chr(number)
        elif mark in _ESCAPES:
            return _ESCAPES[mark]
        raise refuse(source, offset + 1 + match.start(), at, "expression-bad-escape", text=match.group())

    return _ESCAPE.sub(replace, text[1:-1])


def _stranger(source: str, offset: int, at: Location | None) -> Exception:
    character = source[offset]
    if character in _FULL_WIDTH:
        return refuse(source, offset, at, "expression-full-width", text=character, instead=_FULL_WIDTH[character])
    if character in _STRAY:
        return refuse(source, offset, at, "expression-full-width-stray", text=character)
    if character in "'\"":
        return refuse(source, offset, at, "expression-open-string")
    if character in "/%":
        return refuse(source, offset, at, "expression-no-division", text=character)
    if character in "{}":
        return refuse(source, offset, at, "expression-no-map")
    return refuse(source, offset, at, "expression-stranger", text=character)
