"""The trace of a score or verdict: a tree whose every node says what was looked at and on which records it rests."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

from core.cases.case import Case, Step
from core.language.expression import Scope
from core.rulebook.model import Citation, Fact, Field, FieldType, Procedure, Scalar
from core.text import Text
from scoring.words import Note, joined

MASK = "＊＊＊"
UNKNOWN = Text("未知", {"en": "unknown"})
NEVER = Text("未记录", {"en": "not recorded"})
NOT_UPLOADED = Text("未上传", {"en": "not uploaded"})
STEP_DATE = Text("日期", {"en": "date"})
STEP_ORGAN = Text("经办机关", {"en": "acting organ"})
STEP_ACTOR = Text("经办人", {"en": "person acting"})
YES_NO = {True: Text("是", {"en": "yes"}), False: Text("否", {"en": "no"})}


class Status(StrEnum):
    """What became of a node of the trace."""

    SCORED = "scored"
    NOT_DUE = "not_due"
    NOT_APPLICABLE = "not_applicable"
    UNSCORED = "unscored"
    PASSED = "passed"
    PARTIAL = "partial"
    FAILED = "failed"
    UNKNOWN = "unknown"
    APPLIED = "applied"
    AT_RISK = "at_risk"


@dataclass(frozen=True, slots=True)
class FactValue:
    """A fact that a condition read.

    Attributes:
        name: as expressions name it: ``c.x``, ``e.x``, ``t.x``, ``event:<type>``.
        value: its canonical text, None where unknown; masked where personal.
        shown: the value as a reader sees it.
        events: ids of the records that it comes from.
    """

    name: str
    title: Text
    value: str | None
    shown: Text
    events: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class TraceNode:
    """A node of a trace.

    Attributes:
        weight: full marks of the node after redistribution, in points; None where it bears none.
        earned: points earned, negative for deductions; None where nothing is scored yet.
        sentence: the condition as a sentence by language.
        notes: remarks, as codes with details.
    """

    id: str
    kind: str
    title: Text
    status: str
    weight: Decimal | None = None
    earned: Decimal | None = None
    sentence: Mapping[str, str] = field(default_factory=dict)
    notes: tuple[Note, ...] = ()
    facts: tuple[FactValue, ...] = ()
    events: tuple[str, ...] = ()
    citations: tuple[Citation, ...] = ()
    children: tuple[TraceNode, ...] = ()

    def walk(self) -> Iterator[TraceNode]:
        """This node and all below it, in order."""
        yield self
        for child in self.children:
            yield from child.walk()

    def find(self, wanted: str) -> TraceNode | None:
        """The node with that id here or below, or None."""
        return next((node for node in self.walk() if node.id == wanted), None)


class FactReader:
    """Reads the values behind the names in expressions, each once for a case."""

    def __init__(self, case: Case) -> None:
        self.case = case
        self._known: dict[tuple[str, int, int], FactValue] = {}

    def read(self, reads: Iterable[str], scope: Scope, step: Step | None, answer: Step | None = None,
             upto: int | None = None) -> tuple[FactValue, ...]:
        """The values behind the names that an expression reads.

        Args:
            scope: what the expression saw; derived facts are computed in it.
            step: the step that ``e`` refers to.
            answer: the step that ``t`` refers to.
            upto: position up to which the case was looked at; None: all of it.
        """
        last = len(self.case.steps) - 1 if upto is None else upto
        found = []
        for name in sorted(reads):
            at = answer if name.startswith("t.") else step if name.startswith("e.") else None
            key = (name, last, at.index if at else -1)
            if key not in self._known:
                self._known[key] = self._fact(name, scope, at, last)
            found.append(self._known[key])
        return tuple(found)

    def _fact(self, name: str, scope: Scope, step: Step | None, upto: int) -> FactValue:
        if name.startswith("event:"):
            return _event_fact(self.case, name, name[6:], upto)
        if name.startswith("material:"):
            return _material_fact(self.case, name, name[9:], upto)
        root, _, local = name.partition(".")
        if root != "c":
            return _event_field(self.case, name, local, step)
        derived = self.case.procedure.facts.get(local)
        return _derived(name, derived, scope) if derived else _attribute(self.case, name, local, upto)


def _event_fact(case: Case, name: str, event_type: str, upto: int) -> FactValue:
    declared = case.procedure.events.get(event_type)
    steps = [case.steps[i] for i in case.positions.get(event_type, ()) if i <= upto]
    days = [step.date.isoformat() for step in steps]
    return FactValue(name, declared.title if declared else Text(event_type), ",".join(days) or None,
                     Text("、".join(days), {"en": ", ".join(days)}) if days else NEVER,
                     tuple(step.event.id for step in steps))


def _material_fact(case: Case, name: str, requirement: str, upto: int) -> FactValue:
    event_type, _, wanted = requirement.partition("/")
    steps = [case.steps[i] for i in case.positions.get(event_type, ()) if i <= upto]
    files = [(step.event.id, material) for step in steps for material in step.event.materials
             if material.requirement == wanted]
    names = [material.name for _, material in files]
    return FactValue(name, material_title(case.procedure, requirement),
                     ",".join(material.sha256 for _, material in files) or None,
                     Text("、".join(names), {"en": ", ".join(names)}) if names else NOT_UPLOADED,
                     tuple(dict.fromkeys(event_id for event_id, _ in files)))


def material_title(procedure: Procedure, requirement: str) -> Text:
    """The title of a material named ``event_type/requirement``."""
    event_type, _, wanted = requirement.partition("/")
    declared = procedure.events.get(event_type)
    for material in declared.materials if declared else ():
        if material.id == wanted:
            return material.title
    return Text(requirement)


def _derived(name: str, fact: Fact, scope: Scope) -> FactValue:
    value = fact.expression.run(scope)
    if value is None:
        return FactValue(name, fact.title, None, UNKNOWN)
    return FactValue(name, fact.title, canonical(value), shown(value, None))


def _attribute(case: Case, name: str, local: str, upto: int) -> FactValue:
    declared = case.procedure.attributes.get(local)
    source = next((step for step in reversed(case.steps[: upto + 1]) if local in step.fields), None)
    return _fact(name, local, declared, source.state.get(local) if source else None, source)


def _event_field(case: Case, name: str, local: str, step: Step | None) -> FactValue:
    if step is None:
        return _fact(name, local, None, None, None)
    if local == "date":
        return FactValue(name, STEP_DATE, step.date.isoformat(), Text(step.date.isoformat()), (step.event.id,))
    if local == "organ":
        return FactValue(name, STEP_ORGAN, step.event.organ, Text(step.event.organ), (step.event.id,))
    if local == "actor":
        return FactValue(name, STEP_ACTOR, MASK, Text(MASK), (step.event.id,))
    declared = case.procedure.events.get(step.type)
    return _fact(name, local, declared.fields.get(local) if declared else None, step.fields.get(local), step)


def _fact(name: str, local: str, declared: Field | None, value: Scalar | None, source: Step | None) -> FactValue:
    title = declared.title if declared else Text(local)
    events = (source.event.id,) if source else ()
    if value is None:
        return FactValue(name, title, None, UNKNOWN, events)
    if declared and (declared.personal or declared.type is FieldType.PERSON):
        return FactValue(name, title, MASK, Text(MASK), events)
    return FactValue(name, title, canonical(value), shown(value, declared), events)


def canonical(value: Scalar) -> str:
    """A fact's value as text that never depends on the platform or the language."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (date, datetime)):
        return value.isoformat()
    if isinstance(value, frozenset):
        return ",".join(sorted(value))
    if isinstance(value, Decimal):
        return format(value.normalize(), "f")
    return str(value)


def shown(value: Scalar, declared: Field | None) -> Text:
    """A fact's value as a reader sees it: titles of enumerated values, units, 是/否."""
    if isinstance(value, bool):
        return YES_NO[value]
    if isinstance(value, frozenset):
        titles = [_title(declared, item) for item in sorted(value)]
        return joined(titles) if titles else Text("（空）", {"en": "(empty)"})
    if isinstance(value, str):
        return _title(declared, value)
    text = canonical(value)
    return Text(f"{text} {declared.unit}" if declared and declared.unit else text)


def _title(declared: Field | None, value: str) -> Text:
    return declared.values.get(value, Text(value)) if declared else Text(value)
