"""The rule language: conditions in a typed subset of CEL, compiled to closures, printed as Chinese."""

from core.language.compiler import compile_expression
from core.language.environment import Environment, FactSource
from core.language.expression import Expression, HistoryView, Scope

__all__ = ["Environment", "Expression", "FactSource", "HistoryView", "Scope", "compile_expression"]
