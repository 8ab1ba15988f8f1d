"""What a discretion table answers for a case."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from core.discretion.fines import Money
from core.discretion.penalties import Penalty
from core.rulebook.model import Citation
from core.text import Text
from scoring.words import Detail, Note


class State(StrEnum):
    """What a table can say. Only ``tier`` names a range to decide in; the others leave the matter to a person."""

    TIER = "tier"
    NO_TIER = "no_tier"
    AMBIGUOUS = "ambiguous"
    NEEDS_FACT = "needs_fact"
    NOT_APPLICABLE = "not_applicable"
    NO_TABLE = "no_table"
    OUTSIDE_STATUTE = "outside_statute"
    LAWFUL = "lawful"


@dataclass(frozen=True, slots=True)
class Why:
    """One line of the trace.

    Attributes:
        step: the stage of the evaluation.
        note: a code with details; its words are in ``messages/discretion.yaml``.
        basis: articles that the line rests on.
    """

    step: str
    note: Note
    basis: tuple[Citation, ...] = ()

    def text(self, language: str = "zh") -> str:
        """The line as a sentence, with its articles."""
        articles = list(dict.fromkeys(citation.to(language) for citation in self.basis))
        told = self.note.text(language)
        if not articles:
            return told
        return f"{told}（{'、'.join(articles)}）" if language == "zh" else f"{told} ({', '.join(articles)})"


def why(step: str, code: str, basis: tuple[Citation, ...] = (), **details: Detail) -> Why:
    """A line of the trace."""
    return Why(step, Note("discretion-why-" + code, details), basis)


@dataclass(frozen=True, slots=True)
class Provided:
    """What the statute provides for the facts.

    Attributes:
        fine: in yuan; None where the law provides none, or ``base`` is not known.
        optional: the law leaves it open to fine at all.
    """

    fine: Money | None
    optional: bool
    must: frozenset[Penalty]
    may: frozenset[Penalty]
    lawful: bool
    basis: tuple[Citation, ...]


@dataclass(frozen=True, slots=True)
class Answer:
    """The answer of one table under the law of one day.

    Attributes:
        tier: id, where the state is ``tier`` (or the tier's range lies outside the statute).
        fine: the range to decide in, in yuan: the tier's range inside the statute's.
        table_fine: the tier's range as the table has it.
        provided: what the statute provides.
        penalties: what must be imposed beside the fine.
        allowed: what may be imposed in addition.
        rows: numbers of the rows that match.
        missing: facts that have to be found out first.
        possible: tiers that are possible until then.
    """

    table: str
    day: date
    state: State
    tier: str | None = None
    title: Text | None = None
    fine: Money | None = None
    table_fine: Money | None = None
    provided: Provided | None = None
    penalties: frozenset[Penalty] = frozenset()
    allowed: frozenset[Penalty] = frozenset()
    rows: tuple[int, ...] = ()
    missing: tuple[str, ...] = ()
    possible: tuple[str, ...] = ()
    lightest: bool = False
    gravest: bool = False
    why: tuple[Why, ...] = ()

    def explain(self, language: str = "zh") -> tuple[str, ...]:
        """The trace as sentences."""
        return tuple(line.text(language) for line in self.why)


def receipt(value: object) -> object:
    """Any answer as plain JSON for a receipt: numbers as text, sets in order, the trace in both languages."""
    if isinstance(value, Why):
        return {"step": value.step, "zh": value.text("zh"), "en": value.text("en"),
                "basis": [str(citation) for citation in value.basis]}
    if isinstance(value, Text):
        return {"zh": value.zh, **value.others}
    if isinstance(value, Citation):
        return str(value)
    if isinstance(value, StrEnum):
        return str(value)
    if value is None or isinstance(value, (bool, int, str)):
        return value
    if isinstance(value, Mapping):
        return {str(key): receipt(each) for key, each in value.items()}
    if isinstance(value, frozenset):
        return sorted(str(each) for each in value)
    if isinstance(value, tuple):
        return [receipt(each) for each in value]
    fields = getattr(value, "__dataclass_fields__", None)
    return {name: receipt(getattr(value, name)) for name in fields} if fields else str(value)


