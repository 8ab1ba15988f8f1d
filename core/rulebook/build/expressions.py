"""Compiling the conditions of rules with the names that each of them may use."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from core.errors import FazhiError
from core.language import Expression
from core.language.compiler import compile_expression
from core.language.environment import Environment
from core.rulebook.build.context import Site
from core.rulebook.build.periods import Filled
from core.rulebook.model import Field, Procedure


def compile_condition(source: str | None, environment: Environment, site: Site, filled: Filled,
                      expect: str | tuple[str, ...] | None = "bool") -> Expression | None:
    """Compile a condition, or a value of the types in ``expect`` (None: of any).

    None where none was written or it is wrong.
    """
    if source is None:
        return None
    text = filled.cel(source, site)
    if text is None:
        return None
    try:
        expression = compile_expression(text, environment, site.inside, expect)
    except FazhiError as error:
        filled.problems.take(error.problems)
        return None
    return expression if text == source else replace(expression, source=" ".join(text.split()))


def common_fields(procedure: Procedure, events: Iterable[str]) -> Mapping[str, Field]:
    """Fields that all of these events have with the same type: what a condition on any of them may read."""
    tables = [procedure.events[event].fields for event in events if event in procedure.events]
    if not tables:
        return {}
    first, *rest = tables
    return {name: field for name, field in first.items()
            if all(name in table and table[name].type is field.type for table in rest)}
