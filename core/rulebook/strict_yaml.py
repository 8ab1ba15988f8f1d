"""YAML read strictly: a small, position-keeping subset that says what it means and cannot exhaust the process.

Accepted are mappings with text keys, lists, and plain ``true`` ``false`` ``null``, integers, decimals and text.
Everything by which YAML surprises a reader is refused with its place: repeated keys, anchors, aliases, tags,
merge keys, several documents. ``no``, ``012`` and ``2026-01-01`` stay the text that the author wrote.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

import yaml

from core.errors import FazhiError, Location, Problem
from core.rulebook.yaml_words import syntax_problem

MAX_BYTES = 1 << 20
MAX_DEPTH = 40
MAX_NODES = 200_000
MAX_DIGITS = 30

_PARSER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_INTEGER = re.compile(r"-?(?:0|[1-9][0-9]*)")
_DECIMAL = re.compile(r"-?(?:0|[1-9][0-9]*)\.[0-9]+")
_WORDS: dict[str, bool | None] = {"true": True, "false": False, "null": None, "": None}

Value = bool | int | Decimal | str | None
Plain = Value | tuple["Plain", ...] | dict[str, "Plain"]
Path = Sequence[str | int]


@dataclass(slots=True)
class Node:
    """A value with its place. Lines and columns count from 1.

    Attributes:
        value: a scalar, a list of nodes, or a mapping from key to (key node, value node).
        style: the quoting of a scalar: ``''`` plain, ``'`` or ``"`` quoted, ``|`` or ``>`` block.
    """

    value: Value | list[Node] | dict[str, tuple[Node, Node]]
    line: int
    column: int
    style: str = ""

    def plain(self) -> Plain:
        """The value without positions; lists as tuples."""
        if isinstance(self.value, dict):
            return {key: child.plain() for key, (_, child) in self.value.items()}
        if isinstance(self.value, list):
            return tuple(child.plain() for child in self.value)
        return self.value

    def child(self, step: str | int) -> Node | None:
        """The value under a key or at an index, or None."""
        if isinstance(self.value, dict):
            entry = self.value.get(str(step))
            return entry[1] if entry else None
        if isinstance(self.value, list) and isinstance(step, int) and 0 <= step < len(self.value):
            return self.value[step]
        return None

    def key(self, step: str | int) -> Node | None:
        """The node of a key itself, or None."""
        if isinstance(self.value, dict):
            entry = self.value.get(str(step))
            return entry[0] if entry else None
        return None


@dataclass(frozen=True, slots=True)
class YamlFile:
    """One parsed file: its root node and the text it was read from."""

    name: str
    text: str
    root: Node

    def nearest(self, path: Path) -> tuple[Node, Node | None]:
        """The deepest node on ``path`` that exists, and the key it stands under (None for lists and the root)."""
        node, key = self.root, None
        for step in path:
            child = node.child(step)
            if child is None:
                break
            node, key = child, node.key(step)
        return node, key

    def locate(self, path: Path, *, at_key: bool = False) -> Location:
        """Place of the value on ``path`` (or of its key), or of the nearest value around it."""
        node, key = self.nearest(path)
        spot = key if at_key and key is not None else node
        return Location(self.name, spot.line, spot.column, dotted(path))

    def locate_text(self, path: Path) -> Location:
        """Place of the first character *inside* a text value: after its quote, or at the first line of its block."""
        node, _ = self.nearest(path)
        line, column = node.line, node.column
        if node.style in ("'", '"'):
            column += 1
        elif node.style in ("|", ">"):
            for number, content in enumerate(self.text.splitlines()[node.line :], start=node.line + 1):
                if content.strip():
                    line, column = number, len(content) - len(content.lstrip()) + 1
                    break
        return Location(self.name, line, column, dotted(path))


def dotted(path: Path) -> str:
    """A field path as people read it: ``rules[2].within.days``; list positions count from 1."""
    out = ""
    for step in path:
        out += f"[{step + 1}]" if isinstance(step, int) else (f".{step}" if out else step)
    return out


def load_yaml(text: str | bytes, name: str) -> YamlFile:
    """Parse one file.

    Args:
        text: its content; bytes must be UTF-8.
        name: how messages name the file.

    Raises:
        FazhiError: with every repeated key, anchor, tag … found, or the first syntax error.
    """
    if len(text) > MAX_BYTES:
        raise FazhiError([Problem("yaml-too-large", Location(name), {"size": len(text) // 1024, "most": 1024})])
    if isinstance(text, bytes):
        text = _decoded(text, name)
    builder = _Builder(name)
    try:
        events: Iterator[yaml.Event] = yaml.parse(text, Loader=_PARSER)
        for event in events:
            builder.feed(event)
    except yaml.YAMLError as error:
        raise FazhiError([*builder.problems, syntax_problem(error, text, name)]) from error
    if builder.root is None and not builder.problems:
        builder.problems.append(Problem("yaml-empty", Location(name, 1, 1)))
    if builder.problems or builder.root is None:
        raise FazhiError(builder.problems)
    return YamlFile(name, text, builder.root)


def _decoded(content: bytes, name: str) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise FazhiError([Problem("yaml-not-utf8", Location(name, line, 1))]) from error


def _place_of(event: yaml.Event) -> tuple[int, int]:
    """Line and column of an event, from 1; the parser always knows them, its stubs do not."""
    mark = event.start_mark
    return (mark.line + 1, mark.column + 1) if mark is not None else (1, 1)


class _Builder:
    """Builds nodes from parser events with an explicit stack, so that depth is bounded by us."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.root: Node | None = None
        self.problems: list[Problem] = []
        self.stack: list[Node] = []
        self.keys: list[Node | None] = []
        self.count = 0
        self.documents = 0

    def feed(self, event: yaml.Event) -> None:
        if isinstance(event, yaml.NodeEvent):
            self._node(event)
        elif isinstance(event, (yaml.MappingEndEvent, yaml.SequenceEndEvent)):
            self.keys.pop()
            self._place(self.stack.pop())
        elif isinstance(event, yaml.DocumentStartEvent):
            self.documents += 1
            if self.documents == 2:
                self._refuse("yaml-several-documents", event)
                raise FazhiError(self.problems)

    def _node(self, event: yaml.NodeEvent) -> None:
        self.count += 1
        if self.count > MAX_NODES:
            self._refuse("yaml-too-many-values", event, most=MAX_NODES)
            raise FazhiError(self.problems)
        line, column = _place_of(event)
        if isinstance(event, yaml.AliasEvent):
            self._refuse("yaml-alias", event, name=event.anchor)
            self._place(Node(None, line, column))
            return
        if event.anchor is not None:
            self._refuse("yaml-anchor", event, name=event.anchor)
        if isinstance(event, (yaml.ScalarEvent, yaml.CollectionStartEvent)) and event.tag is not None:
            self._refuse("yaml-tag", event, tag=event.tag.replace("tag:yaml.org,2002:", "!!"))
        if isinstance(event, yaml.ScalarEvent):
            self._place(self._scalar(event, line, column))
            return
        if len(self.stack) >= MAX_DEPTH:
            self._refuse("yaml-too-deep", event, most=MAX_DEPTH)
            raise FazhiError(self.problems)
        self.stack.append(Node({} if isinstance(event, yaml.MappingStartEvent) else [], line, column))
        self.keys.append(None)

    def _scalar(self, event: yaml.ScalarEvent, line: int, column: int) -> Node:
        text, style = event.value, event.style or ""
        if style or self._expects_key():
            return Node(text, line, column, style)
        if text in _WORDS:
            return Node(_WORDS[text], line, column)
        if text[0] not in "-0123456789":
            return Node(text, line, column)
        if len(text) > MAX_DIGITS and text.lstrip("-").replace(".", "").isdigit():
            self._refuse("yaml-number-too-long", event, most=MAX_DIGITS)
            return Node(0, line, column)
        if _INTEGER.fullmatch(text):
            return Node(int(text), line, column)
        if _DECIMAL.fullmatch(text):
            return Node(Decimal(text), line, column)
        return Node(text, line, column)

    def _expects_key(self) -> bool:
        return bool(self.stack) and isinstance(self.stack[-1].value, dict) and self.keys[-1] is None

    def _place(self, node: Node) -> None:
        """Put a finished node into its parent: as a key, a value, an item, or the root."""
        if not self.stack:
            self.root = node
            return
        parent = self.stack[-1].value
        if isinstance(parent, list):
            parent.append(node)
            return
        assert isinstance(parent, dict)
        key = self.keys[-1]
        if key is None:
            self.keys[-1] = self._key(node)
            return
        assert isinstance(key.value, str)
        self.keys[-1] = None
        first = parent.get(key.value)
        if first is not None:
            self.problems.append(Problem("yaml-repeated-key", Location(self.name, key.line, key.column),
                                         {"key": key.value, "first": first[0].line}))
            return
        parent[key.value] = (key, node)

    def _key(self, node: Node) -> Node:
        if not isinstance(node.value, str):
            self.problems.append(Problem("yaml-key-not-text", Location(self.name, node.line, node.column)))
            return Node("", node.line, node.column)
        if node.value == "<<" and not node.style:
            self.problems.append(Problem("yaml-merge-key", Location(self.name, node.line, node.column)))
        return node

    def _refuse(self, code: str, event: yaml.Event, **details: object) -> None:
        self.problems.append(Problem(code, Location(self.name, *_place_of(event)), details))
