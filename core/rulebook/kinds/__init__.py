"""The kinds of rule files. A plugin may bring kinds of its own beside these."""

from core.rulebook.kinds.registry import KINDS, Kind, with_kinds

__all__ = ["KINDS", "Kind", "with_kinds"]
