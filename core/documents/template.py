"""The typed template of a document, as the rulebook holds it: what is printed, where its values come from."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal

from core.language.expression import Expression
from core.rulebook.terms import Citation, Period
from core.text import Text

Audience = Literal["party", "internal"]


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of a text: fixed words, or a placeholder.

    Attributes:
        words: what is printed as it stands; empty for a placeholder.
        root: ``c`` case, ``e`` this step, a step's id, or empty for what the platform knows (``organ`` …).
        name: the field.
        filters: in order, each with its argument (empty where it has none).
    """

    words: str = ""
    root: str = ""
    name: str = ""
    filters: tuple[tuple[str, str], ...] = ()

    @property
    def path(self) -> str:
        """The placeholder as written, without filters."""
        return f"{self.root}.{self.name}" if self.root else self.name


Words = tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph, a heading, a table or the list of the case's materials, printed where ``when`` is true.

    Attributes:
        rows: of a table: cells by row; ``columns`` heads them where it has any.
        widths: relative widths of the columns.
    """

    kind: Literal["text", "heading", "table", "materials"]
    text: Words = ()
    columns: tuple[Text, ...] = ()
    rows: tuple[tuple[Words, ...], ...] = ()
    widths: tuple[int, ...] = ()
    when: Expression | None = None


@dataclass(frozen=True, slots=True)
class Remedy:
    """A way to contest (复议、诉讼), with the period that the page of the party computes.

    Attributes:
        served: step whose day the period begins after; the paper itself says 自收到之日起.
    """

    title: Text
    text: Words
    period: Period | None = None
    served: tuple[str, ...] = ()
    basis: tuple[Citation, ...] = ()


@dataclass(frozen=True, slots=True)
class SignaturePlace:
    """A place for somebody's hand; ``id`` is the material of the step that holds the picture of a hand signature."""

    id: str
    title: Text


@dataclass(frozen=True, slots=True)
class Numbering:
    """How numbers of a document are made, and the field of the step that holds the number."""

    format: str
    field: str


@dataclass(frozen=True, slots=True)
class DocumentTemplate:
    """One kind of document.

    Attributes:
        heading: the issuing organ's line at the top.
        red: the heading is red with a rule below it, as GB/T 9704 has it.
        audience: ``party`` documents carry the QR code and the party's code.
        fields: what the document asks beyond its step; they are facts of the step that issues it.
        events: steps that issue it.
        withdrawn_by: steps after which it counts no more.
        explains: attributes that the party's page explains beside the text (discretion).
    """

    id: str
    title: Text
    procedure: str
    heading: Words
    blocks: tuple[Block, ...]
    number: Numbering | None = None
    red: bool = False
    audience: Audience = "internal"
    addressee: Words = ()
    remedies: tuple[Remedy, ...] = ()
    signatures: tuple[SignaturePlace, ...] = ()
    seal: bool = False
    copies: Text | None = None
    basis: tuple[Citation, ...] = ()
    fields: Mapping[str, str] = field(default_factory=dict)
    events: tuple[str, ...] = ()
    withdrawn_by: tuple[str, ...] = ()
    explains: tuple[str, ...] = ()

    def placeholders(self) -> Iterator[Part]:
        """Every placeholder of the document."""
        texts = [self.heading, self.addressee, *(remedy.text for remedy in self.remedies)]
        for block in self.blocks:
            texts += [block.text, *(cell for row in block.rows for cell in row)]
        return (part for text in texts for part in text if part.name)

