"""The rule language: conditions in a typed subset of CEL, compiled to closures, printed as Chinese."""

from core.language.expression import Expression, HistoryView, Scope

__all__ = ["Expression", "HistoryView", "Scope"]
