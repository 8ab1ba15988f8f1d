"""The functions of the language: one table. To add one, add a row; checker, compiler and printer read it."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal

from core.language.expression import Scope
from core.language.types import BOOL, COLLECTIONS, DATE, INT, Kind, Type

Named = Literal["event", "material"]
Parameter = frozenset[Kind] | Named
"""Kinds that an argument may have, or a literal that names an event type or material of the procedure."""


@dataclass(frozen=True, slots=True)
class Phrase:
    """How a call reads; ``{0}``, ``{1}`` are its arguments. ``negated`` only for conditions."""

    zh: str
    en: str
    zh_negated: str = ""
    en_negated: str = ""


@dataclass(frozen=True, slots=True)
class Function:
    """A function of the language.

    Attributes:
        parameters: what each argument may be.
        run: value for a scope and known arguments; unknown arguments make the call unknown before it is asked.
            ``OverflowError`` and ``ValueError`` count as unknown.
        same_items: the arguments are collections whose items must be comparable.
        example: what an author may copy; error messages show it.
    """

    name: str
    parameters: tuple[Parameter, ...]
    result: Type
    run: Callable[..., Any]
    phrase: Phrase
    example: str
    same_items: bool = False

    @property
    def names(self) -> Named | None:
        """What the arguments name, all of them."""
        first = self.parameters[0]
        return None if isinstance(first, frozenset) else first


def _happened(scope: Scope, event_type: str) -> bool:
    return scope.history.count(event_type) > 0


def _times(scope: Scope, event_type: str) -> int:
    return scope.history.count(event_type)


def _first_date(scope: Scope, event_type: str) -> date | None:
    step = scope.history.first(event_type)
    return None if step is None else step.date


def _last_date(scope: Scope, event_type: str) -> date | None:
    step = scope.history.last(event_type)
    return None if step is None else step.date


def _anew(scope: Scope, event_type: str, before: str) -> bool:
    return scope.history.anew(event_type, before)


def _material(scope: Scope, requirement: str) -> bool:
    return requirement in scope.history.materials()


def _local_date(_: Scope, moment: datetime) -> date:
    return moment.date()  # a moment is read in the procedure's time zone


def _days_between(_: Scope, start: date, end: date) -> int:
    return (end - start).days


def _working_days_between(scope: Scope, start: date, end: date) -> int:
    return scope.working_days_between(start, end)


def _size(_: Scope, value: Collection[object]) -> int:
    return len(value)


def _contains(_: Scope, whole: Collection[object], part: Collection[object]) -> bool:
    return all(item in whole for item in part)


def _intersects(_: Scope, left: Collection[object], right: Collection[object]) -> bool:
    return any(item in left for item in right)


_DATES: Parameter = frozenset({Kind.DATE})

FUNCTIONS: dict[str, Function] = {
    function.name: function
    for function in (
        Function("happened", ("event",), BOOL, _happened,
                 Phrase("已有“{0}”", "“{0}” has been recorded", "尚无“{0}”", "“{0}” has not been recorded"),
                 "happened('decided')"),
        Function("times", ("event",), INT, _times,
                 Phrase("“{0}”的次数", "the number of “{0}” records"), "times('decided') > 1"),
        Function("first_date", ("event",), DATE, _first_date,
                 Phrase("首次“{0}”的日期", "the date of the first “{0}”"), "first_date('decided')"),
        Function("last_date", ("event",), DATE, _last_date,
                 Phrase("最近一次“{0}”的日期", "the date of the latest “{0}”"), "last_date('decided')"),
        Function("anew", ("event", "event"), BOOL, _anew,
                 Phrase("最近一次“{1}”之前另有新的“{0}”", "a new “{0}” preceded the latest “{1}”",
                        "最近一次“{1}”之前没有新的“{0}”", "no new “{0}” preceded the latest “{1}”"),
                 "anew('discussed', 'decided')"),
        Function("material", ("material",), BOOL, _material,
                 Phrase("已上传{0}", "{0} has been uploaded", "未上传{0}", "{0} has not been uploaded"),
                 "material('decided/minutes')"),
        Function("date", (frozenset({Kind.DATETIME}),), DATE, _local_date,
                 Phrase("{0}的日期", "the date of {0}"), "date(c.received_at)"),
        Function("days_between", (_DATES, _DATES), Type(Kind.INT, unit="days"), _days_between,
                 Phrase("{0}至{1}的天数", "the days from {0} to {1}"), "days_between(c.opened_on, e.date) < 30"),
        Function("working_days_between", (_DATES, _DATES), Type(Kind.INT, unit="working_days"),
                 _working_days_between, Phrase("{0}至{1}的工作日数", "the working days from {0} to {1}"),
                 "working_days_between(c.opened_on, e.date) < 20"),
        Function("size", (COLLECTIONS | {Kind.STRING},), INT, _size,
                 Phrase("{0}的个数", "the size of {0}"), "size(c.channels) >= 2"),
        Function("sets.contains", (COLLECTIONS, COLLECTIONS), BOOL, _contains,
                 Phrase("{0} 同时包含{1}", "{0} contains all of {1}",
                        "{0} 未同时包含{1}", "{0} does not contain all of {1}"),
                 "sets.contains(c.channels, ['hearing', 'web'])", same_items=True),
        Function("sets.intersects", (COLLECTIONS, COLLECTIONS), BOOL, _intersects,
                 Phrase("{0} 至少包含{1}之一", "{0} contains at least one of {1}",
                        "{0} 不包含{1}中的任何一个", "{0} contains none of {1}"),
                 "sets.intersects(c.channels, ['hearing', 'web'])", same_items=True),
    )
}
