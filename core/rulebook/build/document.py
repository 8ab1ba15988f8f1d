"""A document's template from its file: placeholders and conditions are checked against the procedure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from core.documents.reading import placeholders_in, read_words
from core.documents.template import (
    Block,
    DocumentTemplate,
    Numbering,
    Part,
    Remedy,
    SignaturePlace,
    Words,
)
from core.errors import Location
from core.language.environment import Environment
from core.language.suggest import listing, nearest
from core.rulebook.build.context import Lookup, Problems, Site, titles
from core.rulebook.build.expressions import common_fields, compile_condition
from core.rulebook.build.periods import Filled
from core.rulebook.build.procedure import build_field
from core.rulebook.kinds.document import BlockSpec, DocumentDocument, RemedySpec
from core.rulebook.kinds.procedure import FieldSpec
from core.rulebook.model import EventType, Field, FieldType, MaterialRequirement, Procedure
from core.text import Text

PLATFORM = {"organ": Text("机关名称"), "organ_short": Text("机关简称"), "number": Text("文号"),
            "date": Text("文书日期"),
            "case_number": Text("案号"), "case_title": Text("事项名称"), "region": Text("行政区划")}
STEP = {"date": Text("步骤日期"), "actor": Text("记录人"), "organ": Text("记录机关")}
FILTERS: Mapping[str, frozenset[FieldType] | None] = {
    "date": frozenset({FieldType.DATE, FieldType.DATETIME}), "day": frozenset({FieldType.DATE, FieldType.DATETIME}),
    "money": frozenset({FieldType.INT, FieldType.DECIMAL}), "capital": frozenset({FieldType.INT, FieldType.DECIMAL}),
    "or": None,
}
HAND = Text("手写签名图像（非认证电子签名）", {
    "en": "Picture of a hand signature (not a certified electronic signature)"})


Documents = Sequence[tuple[DocumentDocument, Site]]


def shared_fields(documents: Documents) -> Mapping[tuple[str, str], tuple[FieldSpec, Site]]:
    """Fields that one document of a procedure writes in full and others name as ``{}``."""
    found: dict[tuple[str, str], tuple[FieldSpec, Site]] = {}
    for document, site in documents:
        for name, spec in document.fields.items():
            if spec.type is not None:
                found.setdefault((document.procedure, name), (spec, site / "fields" / name))
    return found


def extend_procedure(document: DocumentDocument, site: Site, procedure: Procedure, problems: Problems,
                     shared: Mapping[tuple[str, str], tuple[FieldSpec, Site]]) -> Procedure:
    """The procedure with what the document asks for: fields of the steps that issue it, places for signatures."""
    fields: dict[str, Field] = {}
    for name, spec in document.fields.items():
        place = site / "fields" / name
        if spec == FieldSpec.model_construct() and name not in procedure.attributes:
            spec, place = shared.get((document.procedure, name), (spec, place))
        if spec.required or spec.collected:
            problems.add("document-field-required", place.key, field=name)
        known = procedure.attributes.get(name)
        fields[name] = replace(build_field(name, spec, known, place, problems), document=document.id)
    if not issued_by(document.id, procedure):
        return procedure
    events = {id_: _extended(event, document, fields, site, problems) for id_, event in procedure.events.items()}
    attributes = {**fields, **procedure.attributes}
    if document.number:
        number = _number_field(document)
        attributes.setdefault(number.id, number)
    return replace(procedure, events=events, attributes=attributes)


def _extended(event: EventType, document: DocumentDocument, fields: Mapping[str, Field], site: Site,
              problems: Problems) -> EventType:
    ours = [material for material in event.materials if material.document == document.id]
    if not ours:
        return event
    for name in fields:
        if name in event.fields and event.fields[name].document is None:
            problems.add("document-field-taken", (site / "fields" / name).key, field=name, event=event.title)
    numbers = {}
    if document.number:
        number = _number_field(document)
        if (taken := event.fields.get(number.id)) and taken.type is not FieldType.STRING:
            problems.add("document-number-field", (site / "number" / "field").at, field=number.id)
        numbers = {number.id: number}
    places = {place.id for place in document.signatures}
    standing = tuple(replace(each, signature=each.signature or each.id in places) for each in event.materials)
    known = {each.id for each in standing}
    hands = tuple(MaterialRequirement(place.id, Text(f"{HAND.zh}：{place.title.zh}", {
        "en": f"{HAND.to('en')}: {place.title.to('en')}"}), signature=True)
        for place in document.signatures if place.id not in known)
    return replace(event, fields={**fields, **numbers, **event.fields}, materials=(*standing, *hands))


def _number_field(document: DocumentDocument) -> Field:
    assert document.number is not None
    title = Text(f"{document.title.zh}文号", {"en": f"Number of: {document.title.to('en')}"})
    return Field(document.number.field, title, FieldType.STRING, collected=True)


@dataclass(frozen=True, slots=True)
class DocumentBuilder:
    """Builds one template."""

    document: DocumentDocument
    site: Site
    procedure: Procedure
    problems: Problems
    environment: Environment

    @classmethod
    def of(cls, document: DocumentDocument, site: Site, procedure: Procedure, environment: Environment,
           problems: Problems) -> DocumentBuilder:
        """A builder with the names that a document may use: ``c``, and ``e`` of the steps that issue it."""
        events = issued_by(document.id, procedure)
        own = {name: build_field(name, spec, procedure.attributes.get(name), site / "fields" / name, Problems())
               for name, spec in document.fields.items()}
        return cls(document, site, procedure, problems,
                   environment.with_steps({"e": common_fields(procedure, events) if events else own}))

    def build(self) -> DocumentTemplate:
        """The template; what is wrong goes to ``problems``."""
        document, site = self.document, self.site
        lookup = Lookup(self.problems, "event", titles(self.procedure.events))
        events = issued_by(document.id, self.procedure)
        for index, name in enumerate(document.explains):
            if name not in self.procedure.attributes:
                known = {f"c.{one}": field.title for one, field in self.procedure.attributes.items()}
                self._unknown(f"c.{name}", known, (site / "explains" / index).at)
        return DocumentTemplate(
            id=document.id, title=document.title, procedure=document.procedure,
            heading=self._words(document.heading, site / "heading"), red=document.red, audience=document.audience,
            number=Numbering(document.number.format, document.number.field) if document.number else None,
            addressee=self._words(document.addressee, site / "addressee") if document.addressee else (),
            blocks=tuple(self._block(block, site / "body" / index) for index, block in enumerate(document.body)),
            remedies=tuple(self._remedy(each, site / "remedies" / index, lookup)
                           for index, each in enumerate(document.remedies)),
            signatures=tuple(SignaturePlace(each.id, each.title) for each in document.signatures),
            seal=document.seal, copies=document.copies, basis=tuple(each.citation() for each in document.basis),
            fields={name: name for name in document.fields}, events=events,
            withdrawn_by=lookup.all(document.withdrawn_by, site / "withdrawn_by"), explains=document.explains)

    def _block(self, block: BlockSpec, site: Site) -> Block:
        given = [name for name in ("text", "heading", "table", "materials") if getattr(block, name)]
        if len(given) != 1:
            self.problems.add("document-block-kind", site.at)
            return Block("text")
        when = compile_condition(block.when, self.environment, site / "when", Filled({}, {}, self.problems))
        if block.text is not None:
            return Block("text", self._words(block.text, site / "text"), when=when)
        if block.heading is not None:
            return Block("heading", self._words(block.heading, site / "heading"), when=when)
        if block.materials:
            return Block("materials", when=when)
        assert block.table is not None
        table, place = block.table, site / "table"
        width = len(table.columns) or len(table.rows[0])
        for index, row in enumerate(table.rows):
            if len(row) != width:
                self.problems.add("document-table-uneven", (place / "rows" / index).at, count=len(row), width=width)
        if table.widths and len(table.widths) != width:
            self.problems.add("document-table-uneven", (place / "widths").at, count=len(table.widths), width=width)
        return Block("table", columns=table.columns, widths=table.widths or (1,) * width, when=when, rows=tuple(
            tuple(self._words(cell, place / "rows" / r / n) for n, cell in enumerate(row))
            for r, row in enumerate(table.rows)))

    def _remedy(self, each: RemedySpec, site: Site, lookup: Lookup) -> Remedy:
        return Remedy(each.title, self._words(each.text, site / "text"),
                      Filled({}, {}, self.problems).period(each.period, site / "period"),
                      lookup.all(each.served, site / "served"), tuple(one.citation() for one in each.basis))

    def _words(self, text: str, site: Site) -> Words:
        for written, part in placeholders_in(text):
            at = _place(site, written)
            if part is None:
                self.problems.add("document-placeholder-form", at, found=written)
            else:
                self._check(part, at)
        return read_words(text)

    def _check(self, part: Part, at: Location) -> None:
        known = self._known(part, at)
        if known is None:
            return
        if part.name not in known:
            prefix = f"{part.root}." if part.root else ""
            names = {f"{prefix}{name}": _title(value) for name, value in known.items()}
            if not part.root:
                names |= {"c." + name: field.title for name, field in self.procedure.attributes.items()}
            self._unknown(part.path, names, at)
            return
        kind = _type_of(known[part.name], part)
        for name, argument in part.filters:
            if name not in FILTERS:
                self.problems.add("document-filter-unknown", at, name=name, suggestion=nearest(name, FILTERS) or "—",
                                  known="、".join(FILTERS))
            elif (fitting := FILTERS[name]) is not None and kind not in fitting:
                self.problems.add("document-filter-type", at, name=name, path=part.path)
            elif name == "or" and not argument:
                self.problems.add("document-filter-or", at)

    def _known(self, part: Part, at: Location) -> Mapping[str, object] | None:
        if not part.root:
            return PLATFORM
        if part.root == "c":
            return {**self.procedure.attributes, **self.procedure.facts}
        if part.root == "e":
            return {**STEP, **self.environment.event_fields.get("e", {})}
        if part.root in self.procedure.events:
            return {**STEP, **self.procedure.events[part.root].fields}
        roots = {"c": Text("事项"), "e": Text("本步骤"), **titles(self.procedure.events)}
        self._unknown(part.path, {f"{root}.{part.name}": title for root, title in roots.items()}, at)
        return None

    def _unknown(self, path: str, names: Mapping[str, Text], at: Location) -> None:
        near = nearest(path, names)
        self.problems.add("document-placeholder-misspelt" if near else "document-placeholder-unknown", at, path=path,
                          suggestion=near, known=listing(names))


def issued_by(document: str, procedure: Procedure) -> tuple[str, ...]:
    """Steps of a procedure that issue a document."""
    return tuple(id_ for id_, event in procedure.events.items()
                 if any(material.document == document for material in event.materials))


def _type_of(value: object, part: Part) -> FieldType | None:
    if isinstance(value, Field):
        return value.type
    if part.name == "date":
        return FieldType.DATE
    expression = getattr(value, "expression", None)
    kinds = {"int": FieldType.INT, "decimal": FieldType.DECIMAL, "date": FieldType.DATE, "bool": FieldType.BOOL}
    return kinds.get(str(expression.type).split("[")[0]) if expression is not None else FieldType.STRING


def _title(value: object) -> Text:
    return value if isinstance(value, Text) else getattr(value, "title", Text(""))


def _place(site: Site, written: str) -> Location:
    """Where a placeholder stands in the file; where its text begins if it was broken over lines."""
    start = site.inside
    lines = site.file.text.splitlines()
    for number in range(start.line or 1, min(len(lines), (start.line or 1) + 200) + 1):
        column = lines[number - 1].find(written, (start.column or 1) - 1 if number == start.line else 0)
        if column >= 0:
            return replace(start, line=number, column=column + 1)
    return start
