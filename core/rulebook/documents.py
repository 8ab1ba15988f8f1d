"""From folders of files to checked documents: read, parsed, validated against the model of their kind."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from pydantic import ValidationError

from core.errors import FazhiError, Location, Problem
from core.language.suggest import listing, nearest
from core.rulebook.kinds.base import Document
from core.rulebook.kinds.registry import Kind
from core.rulebook.strict_yaml import MAX_BYTES, Node, YamlFile, load_yaml
from core.rulebook.translate import problems_of

SUFFIXES = (".yaml", ".yml")
FILES_IN_MEMORY = 256
"""Checked files that are kept: all that is shipped, a region's own, and some versions of what is being edited."""


@dataclass(frozen=True, slots=True)
class Source:
    """A rule file as bytes, under the name that messages and receipts use."""

    name: str
    content: bytes

    @property
    def sha256(self) -> str:
        """Hash of the file as it stood on disk."""
        return hashlib.sha256(self.content).hexdigest()


@dataclass(frozen=True, slots=True)
class Loaded:
    """A checked document and the file it came from."""

    kind: Kind
    document: Document
    file: YamlFile


def read_sources(folders: Sequence[Path]) -> tuple[Source, ...]:
    """Every rule file below the folders, in a stable order, named ``folder/path/in/it.yaml``.

    Raises:
        FazhiError: a folder is not there, or a file cannot be read.
    """
    problems: list[Problem] = []
    sources: list[Source] = []
    for folder, label in zip(folders, _labels(folders), strict=True):
        if not folder.exists():
            problems.append(Problem("rules-folder-missing", Location(str(folder))))
            continue
        files = [folder] if folder.is_file() else sorted(
            path for path in folder.rglob("*") if path.suffix in SUFFIXES and path.is_file()
            and not any(part.startswith(".") for part in path.relative_to(folder).parts))
        for path in files:
            name = label if folder.is_file() else f"{label}/{path.relative_to(folder).as_posix()}"
            try:
                with path.open("rb") as stream:
                    sources.append(Source(name, stream.read(MAX_BYTES + 1)))
            except OSError as error:
                problems.append(Problem("rules-file-unreadable", Location(name), {"reason": error.strerror}))
    if problems:
        raise FazhiError(problems)
    return tuple(sources)


def parse(source: Source, kinds: Mapping[str, Kind]) -> Loaded:
    """Check one file against its kind. Files that did not change since are not read twice.

    Raises:
        FazhiError: with everything that is wrong with the file's form.
    """
    return _checked(source, tuple(kinds.values()))


@lru_cache(maxsize=FILES_IN_MEMORY)
def _checked(source: Source, known: tuple[Kind, ...]) -> Loaded:
    kinds = {kind.name: kind for kind in known}
    file = load_yaml(source.content, source.name)
    root = file.root
    if not isinstance(root.value, dict):
        raise FazhiError([Problem("file-not-a-map", Location(file.name, root.line, root.column))])
    kind = _kind(file, kinds)
    problems = [] if kind.nulls else list(_nulls(root, file.name, ""))
    try:
        document = kind.model.model_validate(root.plain())
    except ValidationError as error:
        raise FazhiError(_merged(problems, problems_of(error, kind.model, file))) from error
    if problems:
        raise FazhiError(problems)
    return Loaded(kind, document, file)


def parse_all(sources: Iterable[Source], kinds: Mapping[str, Kind]) -> tuple[list[Loaded], list[Problem]]:
    """Check every file; those that are wrong only add their problems."""
    documents: list[Loaded] = []
    problems: list[Problem] = []
    for source in sources:
        try:
            documents.append(parse(source, kinds))
        except FazhiError as error:
            problems += error.problems
    return documents, problems


def _kind(file: YamlFile, kinds: Mapping[str, Kind]) -> Kind:
    node = file.root.child("kind")
    if node is None:
        misspelt = next((key for key in file.root.plain() if nearest(str(key), ["kind"])), None)  # type: ignore[union-attr]
        at = file.locate([str(misspelt)], at_key=True) if misspelt else file.locate([])
        raise FazhiError([Problem("kind-missing", at, {"kinds": listing(kinds)})])
    if isinstance(node.value, str) and node.value in kinds:
        return kinds[node.value]
    suggestion = nearest(str(node.value), kinds)
    details = {"kind": node.value, "kinds": listing(kinds), "suggestion": suggestion or ""}
    raise FazhiError([Problem("kind-misspelt" if suggestion else "kind-unknown", file.locate(["kind"]), details)])


def _merged(empty: list[Problem], wrong: list[Problem]) -> list[Problem]:
    """Both lists in the order of lines, with one problem for each place."""
    places = {(p.at.line, p.at.column) for p in empty if p.at}
    unknown = {p.at.field for p in wrong if p.at and p.code.startswith("field-")}
    kept = [p for p in empty if not p.at or p.at.field not in unknown]
    kept += [p for p in wrong if not p.at or (p.at.line, p.at.column) not in places]
    return sorted(kept, key=lambda p: p.at or Location(""))


def _nulls(node: Node, name: str, path: str) -> Iterable[Problem]:
    """Values left empty: almost always something that the author forgot."""
    if node.value is None:
        yield Problem("value-empty", Location(name, node.line, node.column, path))
    elif isinstance(node.value, dict):
        for key, (_, child) in node.value.items():
            yield from _nulls(child, name, f"{path}.{key}" if path else key)
    elif isinstance(node.value, list):
        for index, child in enumerate(node.value, start=1):
            yield from _nulls(child, name, f"{path}[{index}]")


def _labels(folders: Sequence[Path]) -> list[str]:
    """The shortest endings of the folders' paths that tell them apart."""
    paths = [folder.resolve() for folder in folders]
    labels: list[str] = []
    for path in paths:
        length = 1
        while length < len(path.parts) and sum(other.parts[-length:] == path.parts[-length:] for other in paths) > 1:
            length += 1
        labels.append("/".join(path.parts[-length:]).lstrip("/"))
    return labels
