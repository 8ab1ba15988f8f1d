"""``fazhi import laws DIR``: every file of a folder read or refused with its reason; what is there already is kept."""

from __future__ import annotations

import hashlib
import io
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from core.citations.corpus import TextFile, law_key, open_corpus
from core.citations.parse import split
from core.database import database
from core.errors import FazhiError, Problem
from core.materials.store import MaterialStore
from plugins.legislation.library.index import tidy_index
from plugins.legislation.library.models import Refusal
from plugins.legislation.library.reading import READER, read_text
from plugins.legislation.library.store import NewEdition, NewLaw, holds, put_edition, settle
from plugins.legislation.library.vocabulary import LawLevel, PartKind

_SUBJECTS: Mapping[str, LawLevel] = {
    "宪法": LawLevel.CONSTITUTION, "行政法规": LawLevel.REGULATION, "部门规章": LawLevel.DEPARTMENT_RULE,
    "地方性法规": LawLevel.LOCAL_REGULATION, "政府规章": LawLevel.GOVERNMENT_RULE,
    "规范性文件": LawLevel.NORMATIVE,
    **dict.fromkeys(("法律", "宪法相关法", "民法典", "民法商法", "行政法", "经济法", "社会法", "刑法",
                     "诉讼与非诉讼程序法"), LawLevel.LAW),
}
"""Folders of the usual collections."""

_AMENDS = ("修正案", "关于修改", "关于废止")
_COMMIT_EVERY = 40
"""Editions of one transaction: other writers wait no longer than a second or so."""


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What became of a folder.

    Attributes:
        files: files found; ``read`` and ``refused`` add up to it.
        laws, editions, articles, others: of the files read; ``others`` are preambles, annexes, points and whole texts.
        new: editions that were added or renewed now.
        dated: editions whose text states its commencement.
    """

    files: int
    read: int
    refused: tuple[Problem, ...]
    laws: int
    editions: int
    articles: int
    others: int
    new: int
    dated: int


def import_folder(folder: Path, materials: MaterialStore, now: datetime,
                  progress: Callable[[int, int], None] = lambda _done, _all: None) -> ImportReport:
    """Read a folder of statute texts into the library.

    A file that is there already with the same content is not read again. Interrupted, it goes on where it was.

    Raises:
        FazhiError: ``corpus-folder-missing``, ``corpus-empty``.
    """
    corpus = open_corpus(folder, without_articles=True)
    groups = editions_in(corpus.files)
    refused = list(corpus.refused)
    counted = _Counted()
    pending: list[NewEdition] = []
    for done, ((title, passed), files) in enumerate(groups.items(), start=1):
        try:
            edition = read_edition(title, passed, files, now, materials)
        except FazhiError as error:
            refused += error.problems
            continue
        counted.take(edition)
        if not holds(edition.law.key, edition.slug, edition.digest):
            pending.append(edition)
        if len(pending) >= _COMMIT_EVERY or done == len(groups):
            counted.new += _put(pending)
            pending = []
            progress(done, len(groups))
    counted.new += _put(pending)
    finish()
    _note(refused, now)
    return ImportReport(len(corpus.files) + len(corpus.refused), counted.files, tuple(refused), len(counted.laws),
                        counted.editions, counted.articles, counted.others, counted.new, counted.dated)


def finish() -> None:
    """Renew what follows from all texts together; call it once the last edition is in."""
    settle()
    tidy_index()


class _Counted:
    """Adds up a report."""

    def __init__(self) -> None:
        self.files = self.editions = self.articles = self.others = self.new = self.dated = 0
        self.laws: set[str] = set()

    def take(self, edition: NewEdition) -> None:
        self.files += len(edition.sources)
        self.editions += 1
        self.laws.add(edition.law.key)
        articles = sum(part.kind is PartKind.ARTICLE for part in edition.parts)
        self.articles += articles
        self.others += len(edition.parts) - articles
        self.dated += edition.in_force is not None


def editions_in(files: Sequence[TextFile]) -> dict[tuple[str, date | None], list[TextFile]]:
    """Files by law and edition; a code's parts come together."""
    groups: dict[tuple[str, date | None], list[TextFile]] = defaultdict(list)
    for file in files:
        own = file.header.part or law_key(file.header.title) == law_key(file.title)
        groups[file.header.title if own else file.title, file.edition].append(file)
    return groups


def read_edition(title: str, passed: date | None, files: Sequence[TextFile], now: datetime,
                 materials: MaterialStore | None) -> NewEdition:
    """One edition as the library will have it.

    Args:
        materials: where its files are kept; None only tries.
    """
    contents = [file.path.read_bytes() for file in files]
    sources = tuple(_kept(file, content, materials) for file, content in zip(files, contents, strict=True))
    texts = [content.decode("utf-8-sig") for content in contents]
    commencement = [day for file in files for day in file.header.commencement]
    found = read_text(texts, passed, commencement)
    law = law_of(title, files[0].name, split(texts[0])[0])
    history = sorted({day for file in files for day in file.header.history})
    digest = hashlib.sha256("\n".join(f"{READER} {name} {sha}" for name, sha in sources).encode()).hexdigest()
    return NewEdition(law, passed, found.in_force, found.parts, sources, digest, history, at=now)


def _kept(file: TextFile, content: bytes, materials: MaterialStore | None) -> tuple[str, str]:
    sha = hashlib.sha256(content).hexdigest()
    if materials is not None and not materials.knows(sha):
        materials.store(io.BytesIO(content), f"{file.path.stem}.txt")
    return file.name, sha


def law_of(title: str, name: str, header: str) -> NewLaw:
    """Level and branch of a law, from the folder in which it lies or else from who made it."""
    folders = Path(name).parts[:-1]
    amendment = any(word in title for word in _AMENDS)
    known = next((folder for folder in folders if folder in _SUBJECTS), None)
    if known is not None:
        return NewLaw(title, _SUBJECTS[known], amendment, folders[-1])
    return NewLaw(title, _level_by_maker(title, header), amendment, folders[-1] if folders else "")


def _level_by_maker(title: str, header: str) -> LawLevel:
    if title.endswith("宪法"):
        return LawLevel.CONSTITUTION
    if "全国人民代表大会" in header:
        return LawLevel.LAW
    if "人民代表大会" in header:
        return LawLevel.LOCAL_REGULATION
    if "国务院" in header:
        return LawLevel.REGULATION
    return LawLevel.OTHER


def _put(editions: Sequence[NewEdition]) -> int:
    with database.atomic():
        for edition in editions:
            put_edition(edition)
    return len(editions)


def _note(refused: Sequence[Problem], now: datetime) -> None:
    """Keep the list of what was refused, for the page that shows it."""
    with database.atomic():
        Refusal.delete().execute()
        for problem in refused:
            Refusal.create(name=str(problem.at), code=problem.code, at=now,
                           details={name: str(value) for name, value in problem.details.items()})

