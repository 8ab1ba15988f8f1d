"""Event logs as XES (IEEE 1849): traces of events with typed attributes, streamed."""

from __future__ import annotations

import gzip
import xml.parsers.expat
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, cast

from core.errors import Location, fail
from core.logs.rows import LogRow

VALUES = frozenset({"string", "date", "int", "float", "boolean", "id"})
BLOCK = 1 << 16


def read_xes_log(path: Path) -> Iterator[LogRow]:
    """Rows of an XES log (plain or gzip) in file order; attributes of the trace are fields of each event.

    Document type declarations are refused, so that no entity can be expanded.

    Raises:
        FazhiError: ``log-bad-xml`` with line and column, ``log-xml-encoding``, ``log-missing-attribute``.
    """
    parser = _Parser(path.name)
    with _open(path) as file:
        while block := file.read(BLOCK):
            parser.feed(block)
            yield from parser.taken()
    parser.feed(b"", final=True)
    yield from parser.taken()


class _Parser:
    """Turns XML events into rows as soon as their event element closes."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.rows: list[LogRow] = []
        self.trace: dict[str, str] = {}
        self.event: dict[str, str] | None = None
        self.line = 0
        self.inside: list[str] = []
        self.expat = xml.parsers.expat.ParserCreate()
        self.expat.StartElementHandler = self._start
        self.expat.EndElementHandler = self._end
        self.expat.StartDoctypeDeclHandler = self._refuse_doctype

    def feed(self, block: bytes, final: bool = False) -> None:
        try:
            self.expat.Parse(block, final)
        except xml.parsers.expat.ExpatError as reason:
            raise fail("log-bad-xml", Location(self.name, reason.lineno, reason.offset + 1),
                       reason=xml.parsers.expat.ErrorString(reason.code)) from None
        except (LookupError, ValueError):  # what the declaration names and expat cannot read
            raise fail("log-xml-encoding", Location(self.name, 1)) from None

    def taken(self) -> list[LogRow]:
        rows, self.rows = self.rows, []
        return rows

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        tag = tag.rpartition(":")[2]
        if tag == "trace":
            self.trace = {}
        elif tag == "event":
            self.event, self.line = {}, self.expat.CurrentLineNumber
        elif tag in VALUES and self.inside and self.inside[-1] in ("trace", "event"):
            target = self.event if self.inside[-1] == "event" else self.trace
            if target is not None:
                target[attributes.get("key", "")] = attributes.get("value", "")
        self.inside.append(tag)

    def _end(self, tag: str) -> None:
        self.inside.pop()
        if tag.rpartition(":")[2] == "event" and self.event is not None:
            self.rows.append(self._row(self.event))
            self.event = None

    def _row(self, event: dict[str, str]) -> LogRow:
        at = Location(self.name, self.line)
        for key, values in (("concept:name", self.trace), ("concept:name", event), ("time:timestamp", event)):
            if not values.get(key):
                raise fail("log-missing-attribute", at, key=key, element="trace" if values is self.trace else "event")
        special = {"concept:name", "time:timestamp", "org:resource"}
        fields = {key: value for key, value in (self.trace | event).items() if key not in special and value != ""}
        return LogRow(at, self.trace["concept:name"], event["concept:name"], event["time:timestamp"],
                      event.get("org:resource", ""), "", fields)

    def _refuse_doctype(self, *_: object) -> None:
        raise fail("log-doctype", Location(self.name, self.expat.CurrentLineNumber))


def _open(path: Path) -> BinaryIO:
    return cast(BinaryIO, gzip.open(path, "rb")) if path.suffix == ".gz" else path.open("rb")
