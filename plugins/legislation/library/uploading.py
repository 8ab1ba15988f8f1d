"""Uploads: first every file is tried and its outcome shown, then what was read goes into the library.

Both run as short jobs, one after the other, each taking up where the last one ended; a server that is killed goes on
with the same edition. An edition goes in whole or not at all.
"""

from __future__ import annotations

import json
import time
import uuid
from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path
from typing import IO, Any

from core.citations.corpus import TextFile, scan_corpus
from core.database import database
from core.errors import FazhiError, Location, Problem, fail
from core.instance import Instance
from core.jobs.queue import enqueue
from core.organs.codes import ancestors
from core.organs.models import Organ
from plugins.legislation.library.importing import editions_in, finish, read_edition
from plugins.legislation.library.models import Edition, Upload, UploadedFile
from plugins.legislation.library.staging import Staged, discard, forget_stale, stage
from plugins.legislation.library.store import NewEdition, holds, put_edition

JOB = "legislation.read-uploads"
CHECKING, CHECKED, STORING, STORED, DISCARDED, FAILED = (
    "checking", "checked", "storing", "stored", "discarded", "failed")
WORKING = frozenset({CHECKING, STORING})
SLICE_SECONDS = 3.0
"""Of one job: others that are due at a second of their own wait no longer."""

MODELS = (Upload, UploadedFile)
_NAMES = "names.json"
Group = tuple[tuple[str, date | None], Sequence[TextFile]]


def keeps_library(region: str) -> bool:
    """Whether organs of a region keep the library, which all regions share: no organ stands above them."""
    return not Organ.select().where(Organ.region.in_(ancestors(region)[:-1]) & Organ.active).exists()


def receive(instance: Instance, sent: Iterable[tuple[str, IO[bytes]]], person: str, under: str = "") -> str:
    """Lay out what was sent and begin to try it; the upload's id.

    Raises:
        FazhiError: ``law-upload-empty``, ``law-upload-many``.
    """
    upload = uuid.uuid4().hex
    folder = _folder(instance, upload)
    staged = stage(folder / "texts", sent, under)
    if not staged.names and not staged.refused:
        discard(folder)
        raise fail("law-upload-empty")
    folder.mkdir(parents=True, exist_ok=True)
    (folder / _NAMES).write_text(json.dumps(staged.names, ensure_ascii=False), encoding="utf-8")
    with database.atomic():
        Upload.create(id=upload, person=person, at=instance.now())
        _note_refused(upload, staged)
        _go_on(upload, CHECKING, 0)
    return upload


def store(upload: str) -> bool:
    """Begin to put in what was read; False where there is nothing to put in or somebody has done so."""
    with database.atomic():
        wanted = UploadedFile.select().where(
            (UploadedFile.upload == upload) & UploadedFile.outcome.in_(("new", "renewed"))).exists()
        begun = wanted and Upload.update(phase=STORING, done=0).where(
            (Upload.id == upload) & (Upload.phase == CHECKED)).execute()
        if begun:
            _go_on(upload, STORING, 0)
    return bool(begun)


def drop(instance: Instance, upload: str) -> bool:
    """Take an upload back that was only tried."""
    dropped = Upload.update(phase=DISCARDED).where((Upload.id == upload) & (Upload.phase == CHECKED)).execute()
    if dropped:
        discard(_folder(instance, upload))
    return bool(dropped)


def read_on(instance: Instance, upload: str, phase: str, at: int) -> None:
    """Read the next editions of an upload; called a second time for the same place it does nothing."""
    row = Upload.get_or_none((Upload.id == upload) & (Upload.phase == phase) & (Upload.done == at))
    if row is None:
        return
    folder = _folder(instance, upload)
    if not (folder / _NAMES).exists():
        Upload.update(phase=FAILED).where(Upload.id == upload).execute()
        return
    names: dict[str, str] = json.loads((folder / _NAMES).read_text(encoding="utf-8"))
    groups, refused = _groups(folder / "texts")
    if at == 0 and phase == CHECKING:
        with database.atomic():
            UploadedFile.delete().where((UploadedFile.upload == upload) & UploadedFile.name.in_(
                [names.get(_name_of(problem), "") for problem in refused])).execute()
            _refuse(upload, refused, names)
    begun, place = time.monotonic(), at
    while place < len(groups) and (place == at or time.monotonic() - begun < SLICE_SECONDS):
        with database.atomic():
            _take(instance, upload, phase, groups[place], names)
            place += 1
            Upload.update(total=len(groups), done=place).where(Upload.id == upload).execute()
    if place < len(groups):
        _go_on(upload, phase, place)
        return
    if phase == STORING:
        finish()
    Upload.update(phase=CHECKED if phase == CHECKING else STORED, total=len(groups), done=len(groups)).where(
        (Upload.id == upload) & (Upload.phase == phase)).execute()
    if phase == STORING:
        discard(folder)


def forget(instance: Instance) -> None:
    """Uploads that nobody decided about for a week."""
    forget_stale(_home(instance))


def _take(instance: Instance, upload: str, phase: str, group: Group, names: dict[str, str]) -> None:
    (title, passed), files = group
    try:
        edition = read_edition(title, passed, files, instance.now(), instance.materials if phase == STORING else None)
    except FazhiError as error:
        if phase == CHECKING:
            _refuse(upload, [Problem(problem.code, Location(file.name), problem.details)
                             for file in files for problem in error.problems[:1]], names)
        return
    if phase == CHECKING:
        _note_read(upload, edition, files, names)
    elif not holds(edition.law.key, edition.slug, edition.digest):
        put_edition(edition)


def _note_read(upload: str, edition: NewEdition, files: Sequence[TextFile], names: dict[str, str]) -> None:
    same = holds(edition.law.key, edition.slug, edition.digest)
    there = Edition.select().where((Edition.law == edition.law.key) & (Edition.slug == edition.slug)).exists()
    outcome = "same" if same else "renewed" if there else "new"
    for file in files:
        UploadedFile.create(upload=upload, name=names.get(file.name, file.name)[:400], outcome=outcome,
                            law=edition.law.key, title=edition.law.title, slug=edition.slug,
                            level=edition.law.level.value, articles=len(edition.parts))


def _groups(texts: Path) -> tuple[list[Group], Sequence[Problem]]:
    if not texts.is_dir():
        return [], ()
    corpus = scan_corpus(texts, without_articles=True)
    return list(editions_in(corpus.files).items()), corpus.refused


def _note_refused(upload: str, staged: Staged) -> None:
    for name, problem in staged.refused:
        _note_refusal(upload, name, problem)


def _refuse(upload: str, problems: Iterable[Problem], names: dict[str, str]) -> None:
    for problem in problems:
        name = _name_of(problem)
        _note_refusal(upload, names.get(name, name), problem)


def _name_of(problem: Problem) -> str:
    return problem.at.file if problem.at else ""


def _note_refusal(upload: str, name: str, problem: Problem) -> None:
    UploadedFile.create(upload=upload, name=name[:400], outcome="refused", code=problem.code,
                        details={key: str(value)[:300] for key, value in problem.details.items()})


def _go_on(upload: str, phase: str, place: int) -> None:
    enqueue(JOB, f"{JOB}:{upload}:{phase}:{place}", upload=upload, phase=phase, at=place)


def _home(instance: Instance) -> Path:
    return instance.settings.home / "law-uploads"


def _folder(instance: Instance, upload: str) -> Path:
    return _home(instance) / upload


def uploads(most: int) -> list[Any]:
    """The latest uploads, the newest first."""
    return list(Upload.select().order_by(Upload.at.desc(), Upload.id).limit(most))
