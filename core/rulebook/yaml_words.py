"""The YAML parser's syntax errors in words that say what a rule author did, not what the parser missed."""

from __future__ import annotations

import yaml
from yaml.reader import Reader

from core.errors import Location, Problem


def syntax_problem(error: yaml.YAMLError, text: str, name: str) -> Problem:
    """One problem for a parser error, with the place that the author has to look at."""
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    if mark is None:
        # the parser counts bytes, and a Chinese character has three
        found = Reader.NON_PRINTABLE.search(text)
        before = text[: found.start() if found else 0]
        place = Location(name, before.count("\n") + 1, len(before) - (before.rfind("\n") + 1) + 1)
        return Problem("yaml-control-character", place)
    lines = text.splitlines()
    place = Location(name, mark.line + 1, mark.column + 1)
    problem = str(getattr(error, "problem", "") or error)
    line = lines[mark.line] if mark.line < len(lines) else ""
    if line[: mark.column + 1].lstrip(" ").startswith("\t") or line.startswith("\t"):
        return Problem("yaml-tab", Location(name, mark.line + 1, line.find("\t") + 1))
    full_width = _full_width(lines, mark.line, name)
    if full_width is not None:
        return full_width
    if "quoted scalar" in str(getattr(error, "context", "")):
        start = error.context_mark if isinstance(error, yaml.MarkedYAMLError) and error.context_mark else mark
        return Problem("yaml-open-quote", Location(name, start.line + 1, start.column + 1))
    if "flow" in str(getattr(error, "context", "")):
        start = error.context_mark if isinstance(error, yaml.MarkedYAMLError) and error.context_mark else mark
        return Problem("yaml-open-bracket", place, {"start": f"{start.line + 1}:{start.column + 1}"})
    if "sequence entries are not allowed" in problem:
        return Problem("yaml-stray-dash", place)
    if "mapping values are not allowed" in problem or "unexpected ':'" in problem:
        return Problem("yaml-stray-colon", place)
    if "cannot start any token" in problem:
        return Problem("yaml-needs-quotes", place, {"sign": line[mark.column : mark.column + 1]})
    if "did not find expected" in problem or "could not find expected" in problem:
        return Problem("yaml-indentation", place)
    return Problem("yaml-syntax", place, {"problem": problem})


def _full_width(lines: list[str], at: int, name: str) -> Problem | None:
    """A full-width sign at a key's end, on the line of the error or the one before: the commonest slip of all."""
    for number in (at, at - 1):
        if not 0 <= number < len(lines):
            continue
        content = lines[number].split("#", 1)[0]
        column = content.find("：")
        ascii_colon = content.find(":")
        if column > 0 and (ascii_colon < 0 or column < ascii_colon):
            return Problem("yaml-full-width", Location(name, number + 1, column + 1),
                           {"sign": "：", "ascii": ":"})
    return None
