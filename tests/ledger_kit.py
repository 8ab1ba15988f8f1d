"""A small ledger for tests: one procedure, one bundle, a clock that stands still until it is moved."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from core.cases.case import CaseHead
from core.judge import Judge, NoJudge
from core.ledger.event import MaterialRef
from core.ledger.recorder import AnyoneMayRecord, NewEvent, Permit, Recorder
from core.rulebook.model import EventType, Field, FieldType, MaterialRequirement, Procedure, Stage
from core.text import Text

MATTER = "test.matter"
SECRET = "test.secret"
ORGAN = "organ-1"
HANDLER = "zhang"
START = datetime(2026, 6, 1, 2, 0, tzinfo=UTC)


def text(zh: str, en: str) -> Text:
    return Text(zh, {"en": en})


def _field(name: str, zh: str, kind: FieldType, **options: object) -> Field:
    return Field(name, text(zh, name), kind, **options)  # type: ignore[arg-type]


def _event(name: str, zh: str, *fields: Field, **options: object) -> EventType:
    return EventType(name, text(zh, name), ("case_handler",), {one.id: one for one in fields},
                     **options)  # type: ignore[arg-type]


_EVENTS = (
    _event("filed", "立案", _field("party", "当事人", FieldType.STRING, personal=True),
           _field("kind", "类别", FieldType.ENUM, values={"a": text("甲", "A"), "b": text("乙", "B")}),
           repeatable=False),
    _event("noted", "记录", _field("amount", "金额", FieldType.DECIMAL, unit="yuan"),
           _field("on", "日期", FieldType.DATE), _field("count", "数量", FieldType.INT),
           _field("tags", "标签", FieldType.SET, values={"x": text("子", "X"), "y": text("丑", "Y")}),
           _field("phone", "电话", FieldType.STRING, personal=True), _field("urgent", "紧急", FieldType.BOOL)),
    _event("heard", "听证", _field("minutes", "笔录", FieldType.TEXT, required=True), precision="instant"),
    _event("decided", "决定", materials=(MaterialRequirement("letter", text("决定书", "letter"), required=True),)),
    _event("closed", "结案"),
    _event("evaluated", "评估"),
)


def _procedure(procedure_id: str, **options: object) -> Procedure:
    return Procedure(
        procedure_id, text("测试程序", "test procedure"), {event.id: event for event in _EVENTS},
        (Stage("start", text("启动", "start"), ("filed", "noted")), Stage("end", text("办结", "end"), ("closed",))),
        ("filed",), ("closed",),
        attributes={"amount": _field("amount", "金额", FieldType.DECIMAL),
                    "kind": _field("kind", "类别", FieldType.ENUM),
                    "party": _field("party", "当事人", FieldType.STRING)},
        after_closing=("evaluated",), **options)  # type: ignore[arg-type]


PROCEDURES = {MATTER: _procedure(MATTER), SECRET: _procedure(SECRET, secrecy="state_secret")}


@dataclass(frozen=True)
class KitBundle:
    """Stands for a rule bundle."""

    hash: str = "b" * 64
    procedures: Mapping[str, Procedure] = field(default_factory=lambda: PROCEDURES)


BUNDLE = KitBundle()


class KitBundles:
    """Always the same bundle."""

    def current(self) -> KitBundle:
        return BUNDLE

    def get(self, bundle_hash: str) -> KitBundle:
        return BUNDLE


@dataclass
class Clock:
    """A clock that tests move."""

    moment: datetime = START

    def __call__(self) -> datetime:
        return self.moment

    def forward(self, **by: float) -> None:
        self.moment += timedelta(**by)


def recorder(clock: Clock | None = None, judge: Judge | None = None, permit: Permit | None = None,
             algorithm: str = "sha256") -> Recorder:
    return Recorder(KitBundles(), judge or NoJudge(), permit or AnyoneMayRecord(), clock or Clock(),
                    algorithm=algorithm)


def head(case_id: str = "case-1", procedure: str = MATTER, title: str = "关于河道治理的事项") -> CaseHead:
    return CaseHead(case_id, procedure, ORGAN, "150902", title, f"〔2026〕{case_id}号")


def step(event_type: str, occurred: date | datetime = date(2026, 5, 4), /, **payload: object) -> NewEvent:
    """A step by the handler; ``materials=…`` and other fields of ``NewEvent`` are set with ``dataclasses.replace``."""
    return NewEvent(event_type, occurred, payload, actor=HANDLER, organ=ORGAN)  # type: ignore[arg-type]


LETTER = MaterialRef("letter", "a" * 64, "决定书.pdf", 10, "application/pdf")


def fill(to: Recorder, cases: int, notes: int = 6, letter: MaterialRef | None = LETTER) -> None:
    """Some cases of different length with personal values, corrections, materials and closings."""
    batch = []
    for number in range(cases):
        events = [step("filed", date(2026, 3, 2), party=f"当事人{number}", kind="a")]
        events += [step("noted", date(2026, 3, 3) + timedelta(days=at), amount=Decimal(at) + Decimal("0.50"),
                        phone="13900000000", tags=["y", "x"]) for at in range(notes + number % 4)]
        if number % 3 == 0 and letter is not None:
            events.append(NewEvent("decided", date(2026, 5, 1), materials=(letter,), actor=HANDLER, organ=ORGAN))
        if number % 5 == 0:
            events.append(step("closed", date(2026, 5, 20)))
        batch.append((head(f"case-{number:03d}"), events))
    to.record_many(batch)
