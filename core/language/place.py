"""Places inside an expression: from an offset in its source to file:line:column."""

from __future__ import annotations

from typing import Any

from core.errors import FazhiError, Location, Problem


def place(source: str, offset: int, at: Location | None) -> Location | None:
    """The place of ``offset``, where ``at`` is the place of the expression's first character.

    Lines of a literal block share their indentation, so that the first column holds for all of them.
    """
    if at is None or not at.line:
        return at
    before = source[:offset]
    line = at.line + before.count("\n")
    return Location(at.file, line, at.column + offset - (before.rfind("\n") + 1), at.field)


def refuse(source: str, offset: int, at: Location | None, code: str, **details: Any) -> FazhiError:
    """The error ``code`` at ``offset``."""
    return FazhiError([Problem(code, place(source, offset, at), details)])
