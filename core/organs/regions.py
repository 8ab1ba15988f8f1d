"""Regions as data: ``kind: regions`` files read strictly and loaded into the database."""

from __future__ import annotations

import importlib.resources
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from core.database import database
from core.errors import FazhiError, Location, Problem
from core.organs.codes import CODE, ancestors, contains, level_of, territory
from core.organs.models import Region, RegionAlias
from core.rulebook.strict_yaml import Node, YamlFile, load_yaml

__all__ = ["AliasEntry", "RegionEntry", "RegionFile", "ancestors", "contains", "level_of", "load_regions",
           "read_regions", "shipped_regions", "territory"]

KINDS = frozenset({
    "autonomous_region", "province", "municipality", "prefecture_city", "league", "autonomous_prefecture", "district",
    "county", "county_city", "banner", "autonomous_county", "autonomous_banner", "town", "township", "sumu",
    "ethnic_township", "subdistrict",
})
ENTRY_KEYS = frozenset({"code", "zh", "en", "kind", "note", "children"})
ALIAS_KEYS = frozenset({"code", "zh", "within", "note"})
FILE_KEYS = frozenset({"kind", "standard", "sources", "notes", "fictional", "regions", "not_in_standard"})


@dataclass(frozen=True, slots=True)
class RegionEntry:
    """A region as a file states it; ``parent`` is the code of the region around it."""

    code: str
    name: str
    english: str
    kind: str
    parent: str | None
    note: str = ""


@dataclass(frozen=True, slots=True)
class AliasEntry:
    """A code in use that GB/T 2260 does not have, and the region that it lies in."""

    code: str
    name: str
    within: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class RegionFile:
    """What one file holds, parents before children."""

    name: str
    regions: tuple[RegionEntry, ...]
    aliases: tuple[AliasEntry, ...]
    notes: tuple[str, ...] = ()
    fictional: bool = False


class _Reader:
    def __init__(self, file: YamlFile) -> None:
        self.file = file
        self.problems: list[Problem] = []
        self.regions: dict[str, RegionEntry] = {}
        self.aliases: list[AliasEntry] = []

    def complain(self, node: Node, field: str, problem: str, **details: object) -> None:
        self.problems.append(Problem(problem, Location(self.file.name, node.line, node.column, field), details))

    def text(self, entry: Node, key: str, field: str, *, required: bool = True) -> str:
        child = entry.child(key)
        if child is None:
            if required:
                self.complain(entry, field, "region-key-missing", key=key)
            return ""
        if not isinstance(child.value, str):
            self.complain(child, f"{field}.{key}", "region-text-expected", key=key, value=child.value)
            return ""
        return child.value.strip()

    def keys(self, entry: Node, allowed: frozenset[str], field: str) -> bool:
        if not isinstance(entry.value, dict):
            self.complain(entry, field, "region-entry-expected")
            return False
        for key, (node, _) in entry.value.items():
            if key not in allowed:
                self.complain(node, field, "region-key-unknown", key=key, allowed=", ".join(sorted(allowed)))
        return True

    def entries(self, nodes: Node | None, parent: str | None, field: str) -> None:
        if nodes is None:
            return
        if not isinstance(nodes.value, list):
            self.complain(nodes, field, "region-list-expected", key=field)
            return
        for index, entry in enumerate(nodes.value, 1):
            self.entry(entry, parent, f"{field}[{index}]")

    def entry(self, entry: Node, parent: str | None, field: str) -> None:
        if not self.keys(entry, ENTRY_KEYS, field):
            return
        code = self.text(entry, "code", field)
        kind = self.text(entry, "kind", field)
        at = entry.child("code") or entry
        if kind and kind not in KINDS:
            self.complain(entry.child("kind") or entry, field, "region-kind-unknown", kind=kind,
                          allowed=", ".join(sorted(KINDS)))
        name = self.text(entry, "zh", field)
        if not CODE.fullmatch(code):
            if code:
                self.complain(at, field, "region-code-malformed", region=code)
        elif code in self.regions:
            self.complain(at, field, "region-code-twice", region=code, other=self.regions[code].name)
        elif parent and (code == parent or not contains(parent, code)):
            self.complain(at, field, "region-outside-parent", region=code, parent=parent)
        else:
            self.regions[code] = RegionEntry(code, name, self.text(entry, "en", field, required=False), kind, parent,
                                             self.text(entry, "note", field, required=False))
            self.entries(entry.child("children"), code, f"{field}.children")

    def alias(self, entry: Node, field: str) -> None:
        if not self.keys(entry, ALIAS_KEYS, field):
            return
        within = self.text(entry, "within", field)
        if within and within not in self.regions:
            self.complain(entry.child("within") or entry, field, "region-unknown", region=within)
        self.aliases.append(AliasEntry(self.text(entry, "code", field), self.text(entry, "zh", field), within,
                                       self.text(entry, "note", field, required=False)))


def read_regions(text: str | bytes, name: str) -> RegionFile:
    """Read a ``kind: regions`` file.

    Raises:
        FazhiError: every problem in the file, each with file, line and column.
    """
    file = load_yaml(text, name)
    reader = _Reader(file)
    root = file.root
    if reader.keys(root, FILE_KEYS, ""):
        kind = root.child("kind")
        if kind is None or kind.value != "regions":
            reader.complain(kind or root, "kind", "region-file-kind", value=kind.value if kind else "")
        reader.entries(root.child("regions"), None, "regions")
        aliases = root.child("not_in_standard")
        if aliases is not None and isinstance(aliases.value, list):
            for index, entry in enumerate(aliases.value, 1):
                reader.alias(entry, f"not_in_standard[{index}]")
    if reader.problems:
        raise FazhiError(reader.problems)
    notes = root.child("notes")
    fictional = root.child("fictional")
    return RegionFile(
        name,
        tuple(reader.regions.values()),
        tuple(reader.aliases),
        tuple(str(note.value) for note in notes.value) if notes is not None and isinstance(notes.value, list) else (),
        fictional is not None and fictional.value is True,
    )


def shipped_regions() -> tuple[RegionFile, ...]:
    """The region files that come with the platform, by code."""
    folder = importlib.resources.files("rules") / "regions"
    found = []
    for entry in sorted(folder.iterdir(), key=lambda item: item.name):
        file = entry / "regions.yaml"
        if entry.is_dir() and file.is_file():
            found.append(read_regions(file.read_bytes(), f"rules/regions/{entry.name}/regions.yaml"))
    return tuple(found)


def load_regions(files: Iterable[RegionFile | Path]) -> int:
    """Put regions and their aliases into the database; loading the same files again changes nothing.

    A region that is there already takes the file's name, kind and note. None is ever removed, since organs and
    cases hang on it.

    Args:
        files: parsed files, or paths of ``regions.yaml`` files.

    Returns:
        How many regions the files hold.
    """
    parsed = [item if isinstance(item, RegionFile) else read_regions(item.read_bytes(), str(item)) for item in files]
    regions: Sequence[RegionEntry] = [entry for file in parsed for entry in file.regions]
    aliases = [alias for file in parsed for alias in file.aliases]
    with database.atomic():
        known = {row.code for row in Region.select(Region.code)} | {entry.code for entry in regions}
        for entry in regions:
            values = {"name": entry.name, "english": entry.english, "level": level_of(entry.code).value,
                      "kind": entry.kind, "parent": entry.parent or _nearest(entry.code, known), "note": entry.note}
            Region.insert(code=entry.code, **values).on_conflict(
                conflict_target=[Region.code], update=values).execute()
        for alias in aliases:
            values = {"name": alias.name, "within": alias.within, "note": alias.note}
            RegionAlias.insert(code=alias.code, **values).on_conflict(
                conflict_target=[RegionAlias.code], update=values).execute()
    return len(regions)


def _nearest(code: str, known: set[str]) -> str | None:
    """The region around one that a file lists by itself, such as townships added to a county loaded before."""
    return next((upper for upper in reversed(ancestors(code)[:-1]) if upper in known), None)
