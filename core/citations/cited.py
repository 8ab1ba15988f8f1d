"""The citations of a bundle as its files write them, each with its place.

The typed rulebook holds one rule for every region and stretch of time and no places; the files hold each citation
once. So the files are walked: every mapping with ``law`` and ``article`` is a citation, in any kind, of any plugin.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date

from core.errors import Location
from core.rulebook.bundle import Bundle
from core.rulebook.strict_yaml import Node, YamlFile
from core.rulebook.terms import Citation


@dataclass(frozen=True, slots=True)
class Cited:
    """A citation where it is written.

    Attributes:
        subject: id of the rule, checklist … that cites, or of the file's own entry.
        at: place of the article.
        quote_at: place of the quotation, or of the article where there is none.
        edition_at: place of the edition, or of the article where there is none.
        until: last day on which what cites is valid; None is open.
    """

    citation: Citation
    subject: str
    at: Location
    quote_at: Location
    edition_at: Location
    until: date | None


@dataclass(frozen=True, slots=True)
class _Around:
    """What holds for the entries inside a node."""

    path: tuple[str | int, ...] = ()
    subject: str = ""
    until: date | None = None

    def inside(self, node: Node, step: str | int) -> _Around:
        """The surroundings of a child."""
        around = replace(self, path=(*self.path, step))
        if not isinstance(node.value, dict):
            return around
        subject = _text(node.child("id"))
        valid = node.child("valid")
        until = _day(valid.child("to")) if valid is not None else None
        return replace(around, subject=subject or self.subject, until=until or self.until)


def citations_of(bundle: Bundle) -> Iterator[Cited]:
    """Every citation of the files that count (not of rule tests), in the order of files and lines."""
    for loaded in bundle.files:
        if loaded.kind.counts:
            yield from _walk(loaded.file, loaded.file.root, _Around())


def _walk(file: YamlFile, node: Node, around: _Around) -> Iterator[Cited]:
    if isinstance(node.value, dict):
        cited = _cited(file, node, around)
        if cited is not None:
            yield cited
            return
        for key, (_, child) in node.value.items():
            yield from _walk(file, child, around.inside(node, key))
    elif isinstance(node.value, list):
        for index, child in enumerate(node.value):
            yield from _walk(file, child, around.inside(node, index))


def _cited(file: YamlFile, node: Node, around: _Around) -> Cited | None:
    law, article = _text(node.child("law")), _text(node.child("article"))
    if not law or not article:
        return None
    unverified = _text(node.child("confidence")) == "unverified"
    citation = Citation(law, article, _day(node.child("edition")), _text(node.child("quote")) or None,
                        "unverified" if unverified else "verified", _text(node.child("note")) or None)

    def place(key: str) -> Location:
        return file.locate([*around.path, key if node.child(key) is not None else "article"])

    return Cited(citation, around.subject, place("article"), place("quote"), place("edition"), around.until)


def _text(node: Node | None) -> str:
    if node is None or isinstance(node.value, (bool, dict, list)) or node.value is None:
        return ""
    return str(node.value)


def _day(node: Node | None) -> date | None:
    try:
        return date.fromisoformat(_text(node))
    except ValueError:
        return None
