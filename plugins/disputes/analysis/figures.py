"""What the disputes say: counted in the database, put together here. Nothing is estimated; small numbers stay apart."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from statistics import mean, pstdev
from typing import Any

from peewee import SQL, fn

from core.database import database
from core.organs.codes import territory
from plugins.disputes.analysis.models import DisputeFact, DisputeGround
from plugins.disputes.analysis.rates import Rate, all_rates

LEAST_CASES = 5
"""An organ with fewer concluded cases is never called a hot spot by its rate."""

SAME_GROUND = 3
"""So many corrections on one ground within twelve months are a hot spot by themselves."""

_HOW_MANY = fn.COUNT(SQL("*"))
DECISIONS = frozenset({"change", "revoke", "illegal", "perform", "void", "agreement", "compensation", "uphold",
                       "reject_claim", "dismiss"})


@dataclass(frozen=True, slots=True)
class Asked:
    """What the reader chose.

    Attributes:
        region: only cases handled in this region and below.
        since, until: months, both included; empty: all.
        base: ``concluded`` all cases concluded on review, ``decided`` only decisions.
    """

    procedure: str
    region: str
    since: str = ""
    until: str = ""
    base: str = "concluded"
    respondent: str = ""
    act_kind: str = ""

    @property
    def only_decisions(self) -> bool:
        """True where the rate is taken of decisions alone."""
        return self.base == "decided" and self.procedure.endswith("reconsideration")

    def where(self, model: Any) -> Any:
        """The condition on a table of the analysis."""
        low, high = territory(self.region)
        chosen = (model.procedure == self.procedure) & (model.region >= low) & (model.region < high)
        for value, narrower in ((self.since, model.month >= self.since), (self.until, model.month <= self.until),
                                (self.respondent, model.respondent == self.respondent),
                                (self.act_kind, model.act_kind == self.act_kind)):
            if value:
                chosen &= narrower
        return chosen


@dataclass(slots=True)
class Line:
    """Cases of one organ, kind of act or outcome.

    Attributes:
        base: concluded cases that the rate is taken of.
    """

    key: str
    base: int = 0
    corrected: int = 0
    settled: int = 0
    hot: tuple[str, ...] = ()

    @property
    def rate(self) -> float | None:
        """Share of corrections; None where there is nothing to take it of."""
        return self.corrected / self.base if self.base else None


@dataclass(frozen=True, slots=True)
class Analysis:
    """Everything that the page shows.

    Attributes:
        mean_rate, threshold: mean of the organs' rates and mean + 2 standard deviations, of organs with enough cases.
        grounds: corrections by ground, most first; ``matrix`` the same by law and article.
        hot_grounds: (organ, ground) with so many corrections in its worst twelve months.
    """

    whole: Line
    organs: Sequence[Line]
    acts: Sequence[Line]
    outcomes: Sequence[tuple[str, int]]
    months: Sequence[Line]
    grounds: Sequence[tuple[str, int]]
    matrix: Mapping[tuple[str, str], int]
    articles: Sequence[tuple[str, int]]
    hot_grounds: Mapping[tuple[str, str], int]
    mean_rate: float | None
    threshold: float | None
    documents: Sequence[tuple[str, int]] = field(default_factory=tuple)


def analyse(asked: Asked) -> Analysis:
    """Count the disputes that were asked for."""
    organs, acts = (_counted(asked, column) for column in (DisputeFact.respondent, DisputeFact.act_kind))
    months, outcomes = _ended(asked)
    whole = Line("", *(sum(getattr(line, name) for line in months.values()) for name in (
        "base", "corrected", "settled")))
    mean_rate, threshold = _threshold(organs.values())
    grounds, articles = Counter[str](), Counter[str]()
    matrix: Counter[tuple[str, str]] = Counter()
    for ground, breached, number in _grounds(asked, DisputeGround.ground, DisputeGround.breached):
        grounds[ground] += number
        if breached:
            articles[breached] += number
            matrix[ground, breached] += number
    hot_grounds = _hot_grounds(asked)
    often = {organ for organ, _ground in hot_grounds}
    for line in organs.values():
        line.hot = _why_hot(line, threshold, line.key in often)
    return Analysis(
        whole, _most(organs.values()), _most(acts.values()), outcomes,
        sorted(months.values(), key=lambda line: line.key), grounds.most_common(), matrix, articles.most_common(),
        hot_grounds, mean_rate, threshold, tuple(_documents(asked)))


def case_ids(asked: Asked, *, outcome: str = "", kind: str = "", ground: str = "", breached: str = "") -> Any:
    """A subquery of the cases behind a figure."""
    if ground or breached:
        chosen = asked.where(DisputeGround)
        if ground:
            chosen &= DisputeGround.ground == ground
        if breached:
            chosen &= DisputeGround.breached == breached
        return DisputeGround.select(DisputeGround.case_id).where(chosen)
    chosen = asked.where(DisputeFact) & (DisputeFact.kind != "")
    if outcome:
        chosen &= DisputeFact.outcome == outcome
    if kind:
        chosen &= DisputeFact.kind == kind
    return DisputeFact.select(DisputeFact.case_id).where(chosen)


def rates_of(asked: Asked) -> list[tuple[Rate, int, int]]:
    """Each rate of a procedure with its denominator and numerator."""
    ours = [rate for rate in all_rates() if rate.procedure == asked.procedure]
    if not ours:
        return []
    sums = [fn.COALESCE(fn.SUM(column.bin_and(1 << rate.bit)), 0) for rate in ours
            for column in (DisputeFact.among, DisputeFact.hits)]
    row: Any = DisputeFact.select(*sums).where(asked.where(DisputeFact)).tuples().get()
    return [(rate, int(row[2 * n]) >> rate.bit, int(row[2 * n + 1]) >> rate.bit) for n, rate in enumerate(ours)]


def _counted(asked: Asked, column: Any) -> dict[str, Line]:
    """Concluded cases by one thing; one pass over the index for each is quicker than one cube of all."""
    chosen = asked.where(DisputeFact) & (DisputeFact.kind != "")
    if asked.only_decisions:
        chosen &= DisputeFact.outcome.in_(sorted(DECISIONS))
    found: dict[str, Line] = {}
    for key, kind, number in _rows(DisputeFact.select(column, DisputeFact.kind, _HOW_MANY).where(chosen).group_by(
            column, DisputeFact.kind)):
        _add(found, key, kind, number)
    return found


def _ended(asked: Asked) -> tuple[dict[str, Line], list[tuple[str, int]]]:
    """Concluded cases by month, and how they ended, most first."""
    months: dict[str, Line] = {}
    outcomes = Counter[str]()
    columns = (DisputeFact.month, DisputeFact.kind, DisputeFact.outcome)
    for month, kind, outcome, number in _rows(DisputeFact.select(*columns, _HOW_MANY).where(
            asked.where(DisputeFact) & (DisputeFact.kind != "")).group_by(*columns)):
        outcomes[outcome] += number
        if not asked.only_decisions or outcome in DECISIONS:
            _add(months, month, kind, number)
    return months, sorted(outcomes.items(), key=lambda item: (-item[1], item[0]))


def _add(found: dict[str, Line], key: str, kind: str, number: int) -> None:
    line = found.setdefault(key, Line(key))
    line.base += number
    line.corrected += number if kind == "corrected" else 0
    line.settled += number if kind == "settled" else 0


def _rows(query: Any) -> list[tuple[Any, ...]]:
    """The rows as the database gives them: there may be tens of thousands, and texts and numbers need no conversion."""
    sql, parameters = query.sql()
    return database.execute_sql(sql, parameters).fetchall()  # type: ignore[no-any-return]


def _grounds(asked: Asked, *columns: Any) -> list[tuple[Any, ...]]:
    """Grounds of corrections counted by some columns."""
    return _rows(DisputeGround.select(*columns, _HOW_MANY).where(asked.where(DisputeGround)).group_by(
        *columns))


def _hot_grounds(asked: Asked) -> dict[tuple[str, str], int]:
    """Organs that were corrected on one ground too often, with the most in any twelve months."""
    by_month: dict[tuple[str, str], dict[str, int]] = defaultdict(dict)
    for respondent, ground, month, number in _grounds(
            asked, DisputeGround.respondent, DisputeGround.ground, DisputeGround.month):
        by_month[respondent, ground][month] = number
    return {key: worst for key, counts in by_month.items()
            if sum(counts.values()) >= SAME_GROUND and (worst := _worst_year(counts)) >= SAME_GROUND}


def _documents(asked: Asked) -> Any:
    """Documents relied on that were put under incidental review, with their cases."""
    return DisputeFact.select(DisputeFact.document, fn.COUNT(DisputeFact.case_id)).where(
        asked.where(DisputeFact) & (DisputeFact.document > "")).group_by(DisputeFact.document).order_by(
        fn.COUNT(DisputeFact.case_id).desc()).limit(20).tuples()


def _threshold(organs: Iterable[Line]) -> tuple[float | None, float | None]:
    rates = [line.rate for line in organs if line.base >= LEAST_CASES and line.rate is not None]
    if len(rates) < 2:
        return (rates[0] if rates else None), None
    return mean(rates), mean(rates) + 2 * pstdev(rates)


def _why_hot(line: Line, threshold: float | None, often: bool) -> tuple[str, ...]:
    reasons = []
    if threshold is not None and line.base >= LEAST_CASES and line.rate is not None and line.rate > threshold:
        reasons.append("rate")
    if often:
        reasons.append("ground")
    return tuple(reasons)


def _worst_year(counts: Mapping[str, int]) -> int:
    """The most in any twelve months in a row."""
    numbered = {int(month[:4]) * 12 + int(month[5:]): number for month, number in counts.items()}
    return max(sum(number for place, number in numbered.items() if start <= place < start + 12) for start in numbered)


def _most(lines: Iterable[Line]) -> list[Line]:
    return sorted((line for line in lines if line.base), key=lambda line: (-line.corrected, -line.base, line.key))
