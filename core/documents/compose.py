"""From a case and a template to what the document says; what is not known yet is named, never guessed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from core.calendars import Calendar
from core.cases.case import Case, Step
from core.documents.content import Content, Hand, Piece
from core.documents.money import capital
from core.documents.template import Block, DocumentTemplate, Part, Words
from core.documents.words import chinese_date, grouped, moment, plain_date, plain_number, printable
from core.errors import FazhiError, Location, Problem
from core.language.expression import Scope
from core.organs.models import Organ, Person, Region
from core.rulebook.model import Field, FieldType

BLANK = "＿＿＿＿＿＿"


@dataclass(frozen=True, slots=True)
class Letterhead:
    """What the organ's register says for the head of a document."""

    organ: str
    organ_short: str
    region: str

    @classmethod
    def of(cls, organ: str, region: str) -> Letterhead:
        """The names of an organ and a region; their codes where the register does not know them."""
        row: Any = Organ.get_or_none(Organ.id == organ)
        place: Any = Region.get_or_none(Region.code == region)
        name = row.name if row else organ
        return cls(name, (row.short_name or name) if row else organ, place.name if place else region)


@dataclass(slots=True)
class Composer:
    """Writes one document about one step.

    Attributes:
        case: folded up to and including the step.
        number: empty where the template has none, or for a preview.
        lenient: a preview leaves blanks where a value is missing.
        missing: placeholders that nothing is known about, found while composing.
    """

    template: DocumentTemplate
    case: Case
    step: Step
    calendar: Calendar
    letterhead: Letterhead
    number: str = ""
    lenient: bool = False
    missing: dict[str, str] = field(default_factory=dict)

    def content(self, **extra: Any) -> Content:
        """The document.

        Raises:
            FazhiError: ``document-fact-missing`` for each value that it needs and nobody recorded.
        """
        template = self.template
        content = Content(
            title=template.title.zh, heading=self.say(template.heading), red=template.red, number=self.number,
            addressee=self.say(template.addressee), organ=self.letterhead.organ, date=chinese_date(self.step.date),
            pieces=(*(piece for block in template.blocks for piece in self._pieces(block)), *self._remedies()),
            hands=tuple(Hand(place.title.zh, self._picture(place.id)) for place in template.signatures),
            seal=template.seal, copies=template.copies.zh if template.copies else "", **extra)
        if self.missing and not self.lenient:
            raise FazhiError([self._missing(path, title) for path, title in self.missing.items()])
        return content

    def say(self, words: Words) -> str:
        """A text with its values."""
        return "".join(part.words if part.words else self._value(part) for part in words)

    def _pieces(self, block: Block) -> Iterator[Piece]:
        if block.when is not None and block.when.test(self.scope()) is not True:
            return
        if block.kind == "materials":
            yield self._materials()
            return
        if block.kind == "table":
            yield Piece("table", columns=tuple(column.zh for column in block.columns), widths=block.widths,
                        rows=tuple(tuple(self.say(cell).strip() for cell in row) for row in block.rows))
            return
        for line in self.say(block.text).splitlines():
            if line.strip():
                yield Piece("heading" if block.kind == "heading" else "text", line.strip())

    def _materials(self) -> Piece:
        """Every file recorded before this step, with the beginning of its hash."""
        rows: list[tuple[str, ...]] = []
        for step in self.case.steps:
            event_type = self.case.procedure.events.get(step.type)
            titles = {one.id: one.title.zh for one in event_type.materials} if event_type else {}
            for one in step.event.materials if step is not self.step else ():
                rows.append((str(len(rows) + 1), titles.get(one.requirement, one.name), plain_date(step.date),
                             printable(one.name), one.sha256[:12]))
        return Piece("table", columns=("序号", "材料名称", "日期", "文件", "校验码"), widths=(2, 5, 5, 7, 5),
                     rows=tuple(rows) or (("", "没有材料", "", "", ""),))

    def _remedies(self) -> Iterator[Piece]:
        for remedy in self.template.remedies:
            yield Piece("text", self.say(remedy.text).strip())

    def scope(self) -> Scope:
        """What conditions of paragraphs see."""
        return Scope(self.step.state, self._step_values(self.step), {}, self.case.history(self.step.index),
                     self.step.date, self.calendar.working_days_between)

    def _value(self, part: Part) -> str:
        value, known = self._found(part)
        otherwise = next((argument for name, argument in part.filters if name == "or"), None)
        if value is None or value == "" or value == frozenset():
            if otherwise is not None:
                return otherwise
            self.missing.setdefault(part.path, self._title(part, known))
            return BLANK
        for name, _ in part.filters:
            if name == "date" and isinstance(value, date):
                return chinese_date(_day(value, self.case))
            if name == "day" and isinstance(value, date):
                return plain_date(_day(value, self.case))
            if name == "money" and isinstance(value, (int, Decimal)):
                return grouped(Decimal(value)) + "元"
            if name == "capital" and isinstance(value, (int, Decimal)):
                return capital(Decimal(value))
        return printable(self._plain(value, known, part))

    def _found(self, part: Part) -> tuple[Any, Field | None]:
        procedure = self.case.procedure
        if part.root == "c":
            if part.name in procedure.facts:
                return procedure.facts[part.name].expression.run(self.scope()), None
            return self.step.state.get(part.name), procedure.attributes.get(part.name)
        if not part.root:
            return self._platform().get(part.name), None
        step = self.step if part.root == "e" else self.case.history(self.step.index).last(part.root)
        if step is None:
            return None, None
        event_type = procedure.events.get(step.type)
        return self._step_values(step).get(part.name), event_type.fields.get(part.name) if event_type else None

    def _platform(self) -> Mapping[str, Any]:
        head = self.case.head
        return {"organ": self.letterhead.organ, "organ_short": self.letterhead.organ_short,
                "region": self.letterhead.region, "number": self.number, "date": self.step.date,
                "case_number": head.number, "case_title": head.title}

    def _step_values(self, step: Step) -> Mapping[str, Any]:
        return {"date": step.date, "actor": step.event.actor, "organ": step.event.organ, **step.fields}

    def _plain(self, value: Any, known: Field | None, part: Part) -> str:
        if isinstance(value, bool):
            return "是" if value else "否"
        if isinstance(value, frozenset):
            return "、".join(_code(one, known) for one in sorted(value, key=lambda one: _rank(one, known)))
        if isinstance(value, datetime):
            return moment(value, self.case.procedure.timezone)
        if isinstance(value, date):
            return plain_date(value)
        if isinstance(value, Decimal):
            return plain_number(value)
        if known is not None and known.type is FieldType.ENUM:
            return _code(str(value), known)
        if (known is not None and known.type is FieldType.ORGAN) or (part.root and part.name == "organ"):
            return _name(Organ, str(value))
        if (known is not None and known.type is FieldType.PERSON) or (part.root and part.name == "actor"):
            return _name(Person, str(value))
        return str(value)

    def _picture(self, material: str) -> str:
        given = [one.sha256 for one in self.step.event.materials if one.requirement == material]
        return given[-1] if given else ""

    def _title(self, part: Part, known: Field | None) -> str:
        procedure = self.case.procedure
        field_ = known or procedure.attributes.get(part.name)
        if field_ is None and part.root in procedure.events:
            event = procedure.events[part.root]
            return f"{event.title.zh}：{event.fields[part.name].title.zh if part.name in event.fields else part.name}"
        fact = procedure.facts.get(part.name)
        return field_.title.zh if field_ else fact.title.zh if fact else {
            "number": "文号", "case_number": "案号", "case_title": "事项名称"}.get(part.name, part.path)

    def _missing(self, path: str, title: str) -> Problem:
        name = path.rpartition(".")[2]
        own = self.case.procedure.events[self.step.type].fields
        at = Location(self.step.type, field=name if name in own else "documents")
        return Problem("document-fact-missing", at, {"document": self.template.title.zh, "title": title,
                                                     "document_en": self.template.title.to("en")})


def _day(value: date, case: Case) -> date:
    if isinstance(value, datetime):
        return (value.astimezone(case.procedure.timezone) if value.tzinfo else value).date()
    return value


def _code(value: str, known: Field | None) -> str:
    return known.values[value].zh if known is not None and value in known.values else value


def _rank(value: str, known: Field | None) -> tuple[int, str]:
    order = list(known.values) if known is not None else []
    return (order.index(value) if value in order else len(order), value)


def _name(register: Any, key: str) -> str:
    row: Any = register.get_or_none(register.id == key)
    return str(row.name) if row else key
