"""Cases, findings and duties of all sub-platforms counted by one thing: procedure, region, organ, cause or month."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time
from typing import Any, Literal

from peewee import SQL, fn

from core.instants import instant_text
from core.ledger.models import CaseRow
from core.organs.codes import territory
from core.organs.models import Organ
from scoring.columns import tuples
from scoring.life import Life
from scoring.models import FindingRow, UnitScore, VerdictRow
from scoring.statistics import LOCAL

By = Literal["procedure", "region", "organ", "rule", "month"]

FEW = 500
"""Organs that are looked up one by one; for more, all duties are gone through."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What is counted.

    Attributes:
        organs: ids or a subquery: whose cases; None: every organ's in the region.
        region: only in this territory; empty: anywhere.
        procedures: only these; empty: all.
    """

    organs: Any
    year: int
    region: str = ""
    procedures: tuple[str, ...] = ()


@dataclass(slots=True)
class Line:
    """Counts under one key.

    Attributes:
        open: findings raised or answered, not yet determined.
        on_time, late: duties with a due date in the year that were done in time, and that were not.
        pending, overdue: duties still to be done.
    """

    key: str
    cases: int = 0
    closed: int = 0
    open: int = 0
    confirmed: int = 0
    dismissed: int = 0
    pending: int = 0
    overdue: int = 0
    on_time: int = 0
    late: int = 0

    def __iadd__(self, other: Line) -> Line:
        for name in ("cases", "closed", "open", "confirmed", "dismissed", "pending", "overdue", "on_time", "late"):
            setattr(self, name, getattr(self, name) + getattr(other, name))
        return self


@dataclass(slots=True)
class _Lines:
    found: dict[str, Line] = field(default_factory=dict)

    def __getitem__(self, key: str) -> Line:
        return self.found.setdefault(key, Line(key))


def overall(by: By, asked: Asked) -> tuple[Line, ...]:
    """Counts by one thing, in the order of its keys; causes have no cases of their own."""
    lines = _Lines()
    if by in ("procedure", "region", "organ"):
        _units(lines, by, asked)
    else:
        _findings(lines, by, asked)
    if by == "month":
        _cases(lines, asked)
    _duties(lines, by, asked)
    return tuple(lines.found[key] for key in sorted(lines.found))


def busiest_organs(asked: Asked) -> list[Line]:
    """A line for each organ, most cases and findings first; duties done in time are left for ``with_duties``."""
    lines = _Lines()
    _units(lines, "organ", asked)
    for key in _only_duties(asked, lines.found):
        _ = lines[key]
    return sorted(lines.found.values(),
                  key=lambda line: (-line.cases, -(line.open + line.confirmed), -line.overdue, line.key))


def with_duties(asked: Asked, lines: Sequence[Line]) -> Sequence[Line]:
    """Lines of organs, with the duties that were done in time and those that were not."""
    duties = _Lines()
    _duties(duties, "organ", asked, VerdictRow.organ.in_([line.key for line in lines]))
    return [replace(line, on_time=duties[line.key].on_time, late=duties[line.key].late) for line in lines]


def all_duties(asked: Asked) -> Line:
    """The duties of all organs together."""
    found = dict(tuples(VerdictRow.select(VerdictRow.state, fn.COUNT(SQL("*"))).where(_due(asked)).group_by(
        VerdictRow.state)))
    return Line("", on_time=found.get("fulfilled", 0), late=found.get("violated", 0))


def gathered(lines: Iterable[Line], key_of: Callable[[str], str]) -> tuple[Line, ...]:
    """Lines added up under wider keys, e.g. procedures under their sub-platform."""
    wider: dict[str, Line] = {}
    for line in lines:
        key = key_of(line.key)
        wider.setdefault(key, Line(key))
        wider[key] += line
    return tuple(wider[key] for key in sorted(wider))


def _units(lines: _Lines, by: By, asked: Asked) -> None:
    column = {"procedure": UnitScore.procedure, "region": UnitScore.region, "organ": UnitScore.subject}[by]
    chosen = (UnitScore.unit == "organ") & (UnitScore.year == asked.year) & _where(
        asked, UnitScore.subject, UnitScore.region, UnitScore.procedure)
    counted = (UnitScore.cases, UnitScore.closed, UnitScore.findings_open, UnitScore.findings_confirmed,
               UnitScore.duties_pending, UnitScore.duties_overdue)
    for key, *numbers in tuples(UnitScore.select(column, *(fn.SUM(one) for one in counted)).where(chosen).group_by(
            column)):
        line = lines[key]
        line.cases, line.closed, line.open, line.confirmed, line.pending, line.overdue = map(int, numbers)


def _findings(lines: _Lines, by: By, asked: Asked) -> None:
    column: Any = FindingRow.rule if by == "rule" else fn.SUBSTR(
        FindingRow.raised_at, SQL("1"), SQL("13")).coerce(False)
    low, high = _year(asked.year)
    chosen = (FindingRow.raised_at >= low) & (FindingRow.raised_at < high) & (
        FindingRow.status != Life.WITHDRAWN.value) & _where(
            asked, FindingRow.organ, FindingRow.region, FindingRow.procedure)
    for key, status, number in tuples(FindingRow.select(column, FindingRow.status, fn.COUNT(FindingRow.id)).where(
            chosen).group_by(column, FindingRow.status)):
        line = lines[key if by == "rule" else _month(key)]
        if status in (Life.RAISED, Life.ANSWERED):
            line.open += number
        elif status == Life.DISMISSED:
            line.dismissed += number
        else:
            line.confirmed += number


def _cases(lines: _Lines, asked: Asked) -> None:
    hour = fn.SUBSTR(CaseRow.opened_at, SQL("1"), SQL("13")).coerce(False)
    low, high = _year(asked.year)
    chosen = (CaseRow.opened_at >= low) & (CaseRow.opened_at < high) & _where(
        asked, CaseRow.organ, CaseRow.region, CaseRow.procedure)
    for key, number, closed in tuples(CaseRow.select(hour, fn.COUNT(CaseRow.id), fn.COUNT(CaseRow.closed_at)).where(
            chosen).group_by(hour)):
        line = lines[_month(key)]
        line.cases += number
        line.closed += closed


def _only_duties(asked: Asked, known: Collection[str]) -> list[str]:
    """Organs that had duties to do in the year, but no case of it."""
    others = [row[0] for row in tuples(Organ.select(Organ.id)) if row[0] not in known]
    if len(others) > FEW:
        return [row[0] for row in tuples(VerdictRow.select(VerdictRow.organ).where(_due(asked)).distinct())]
    duty = VerdictRow.select(SQL("1")).where((VerdictRow.organ == Organ.id) & _due(asked))
    return [row[0] for row in tuples(Organ.select(Organ.id).where(Organ.id.in_(others) & fn.EXISTS(duty)))]


def _duties(lines: _Lines, by: By, asked: Asked, only: Any = None) -> None:
    """Duties whose due date lies in the year: answered from one index that holds all these columns.

    Months are added up from days, which the index has in order.
    """
    column: Any = {"procedure": VerdictRow.procedure, "region": VerdictRow.region, "organ": VerdictRow.organ,
                   "rule": VerdictRow.rule, "month": VerdictRow.due_date}[by]
    chosen = _due(asked) if only is None else _due(asked) & only
    for key, state, number in tuples(VerdictRow.select(column, VerdictRow.state, fn.COUNT(SQL("*"))).where(
            chosen).group_by(column, VerdictRow.state)):
        line = lines[key.isoformat()[:7] if isinstance(key, date) else key]
        if state == "fulfilled":
            line.on_time += number
        else:
            line.late += number


def _due(asked: Asked) -> Any:
    return VerdictRow.due_date.between(f"{asked.year}-01-01", f"{asked.year}-12-31") & VerdictRow.state.in_(
        ("fulfilled", "violated")) & _where(asked, VerdictRow.organ, VerdictRow.region, VerdictRow.procedure)


def _where(asked: Asked, organ: Any, region: Any, procedure: Any) -> Any:
    chosen: Any = SQL("1 = 1") if asked.organs is None else organ.in_(asked.organs)
    if asked.region:
        chosen &= region.between(*territory(asked.region))
    if asked.procedures:
        chosen &= procedure.in_(asked.procedures)
    return chosen


def _year(year: int) -> tuple[str, str]:
    """The moments at which a local year begins and ends, as the database keeps them."""
    first, last = (instant_text(datetime.combine(date(each, 1, 1), time(), LOCAL)) for each in (year, year + 1))
    return first, last


def _month(hour: str) -> str:
    """The local month of an hour in UTC."""
    return datetime.fromisoformat(f"{hour}:00:00+00:00").astimezone(LOCAL).strftime("%Y-%m")


__all__ = ["Asked", "By", "Line", "all_duties", "busiest_organs", "gathered", "overall", "with_duties"]
