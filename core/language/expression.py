"""A checked and compiled condition, and the scope that it is evaluated in."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date as Date
from typing import TYPE_CHECKING, Any, Protocol
from zoneinfo import ZoneInfo

if TYPE_CHECKING:
    from core.language.ir import Node


class HistoryView(Protocol):
    """What a condition may ask about earlier steps (``happened``, ``times``, ``last_date``, ``anew``)."""

    def count(self, event_type: str) -> int: ...
    def first(self, event_type: str) -> Any: ...
    def last(self, event_type: str) -> Any: ...
    def anew(self, event_type: str, before: str) -> bool: ...
    def materials(self) -> frozenset[str]: ...


@dataclass(frozen=True, slots=True)
class Scope:
    """Values that a condition sees. A missing key is an unknown value.

    Attributes:
        c: the case's attributes folded up to and including the activating event.
        e: fields of the activating event; ``date``, ``actor`` and ``organ`` under these names too.
        t: fields of the answering event; ``date``, ``actor`` and ``organ`` under these names too.
        history: earlier steps, up to and including the activating event.
        date: local date of the activating event.
    """

    c: Mapping[str, Any]
    e: Mapping[str, Any]
    t: Mapping[str, Any]
    history: HistoryView
    date: Date
    working_days_between: Callable[[Date, Date], int]


@dataclass(frozen=True, slots=True)
class Expression:
    """A compiled expression.

    Attributes:
        source: the CEL text as written.
        type: its CEL type name (``bool``, ``int``, ``date`` …).
        run: value in a scope, or None where it depends on an unknown value (Kleene logic for conditions:
            ``false && unknown`` is False, ``true || unknown`` is True).
        reads: names it depends on, ``c.x``, ``e.x``, ``t.x`` and ``event:<type>``.
        sentences: the expression as a sentence by language; Chinese always present.
        tree: the typed form that ``run`` was compiled from, for engines that compute it another way.
        timezone: in which it reads moments.
        test: ``run`` of a condition: True, False, or None where it cannot be assessed.
    """

    source: str
    type: str
    run: Callable[[Scope], Any]
    reads: frozenset[str]
    sentences: Mapping[str, str]
    tree: Node | None = None
    timezone: ZoneInfo | None = None
    test: Callable[[Scope], bool | None] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "test", self.run)  # a method would cost as much as the condition itself

    def sentence(self, language: str = "zh") -> str:
        """The expression as a reader of ``language`` would say it."""
        return self.sentences.get(language, self.sentences["zh"])
