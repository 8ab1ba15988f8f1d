"""Which changed rule files go into a proposal: those that a person may change, without the ones that do not load.

The rules on disk are shared: what one author is writing must not keep another's finished file from being proposed. A
proposal is therefore the bundle in force with the chosen files in place of its own, and nothing else from the disk.
"""

from __future__ import annotations

import contextlib
import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

from core.errors import FazhiError, Problem
from core.organs.codes import contains, level_of
from core.organs.vocabulary import RegionLevel
from core.rulebook.bundle import Bundle
from core.rulebook.documents import Source, parse
from core.rulebook.kinds.registry import KINDS
from core.rulebook.load import load_sources

_REGION_FOLDER = re.compile(r"(?:^|/)regions/(\d{6})/")


@dataclass(frozen=True, slots=True)
class ChangedFile:
    """A rule file that is not as in the bundle in force.

    Attributes:
        region: the territory that it belongs to; empty for rules of the whole platform.
        own: the person who looks may change it.
        chosen: it is in the proposal.
        problems: why it was left out although it could have been chosen.
    """

    name: str
    how: Literal["added", "removed", "changed"]
    region: str = ""
    own: bool = True
    chosen: bool = True
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True)
class Selection:
    """The chosen files as a bundle.

    Attributes:
        files: every changed file, chosen or not.
        sources: of the candidate.
        candidate: None where nothing is chosen, or the chosen files do not load.
        problems: why they do not load; hints where they do.
    """

    files: tuple[ChangedFile, ...] = ()
    sources: tuple[Source, ...] = ()
    candidate: Bundle | None = None
    problems: tuple[Problem, ...] = field(default=())

    @property
    def broken(self) -> tuple[ChangedFile, ...]:
        """Files left out for their errors."""
        return tuple(file for file in self.files if file.problems)


def changed_files(before: Mapping[str, str], after: Mapping[str, str]) -> tuple[ChangedFile, ...]:
    """Files whose checksums differ, by name."""
    return tuple(ChangedFile(name, "added" if name not in before else "removed" if name not in after else "changed")
                 for name in sorted(before.keys() | after.keys()) if before.get(name) != after.get(name))


def select(in_force: Sequence[Source], disk: Sequence[Source], region: str,
           chosen: Collection[str] | None = None) -> Selection:
    """Put chosen files from the disk into the bundle in force.

    Args:
        region: of the person who proposes.
        chosen: names; None chooses all that the person may change, and leaves those out that do not load: a file
            with errors then stands in nobody's way but its author's.
    """
    before, after = ({source.name: source for source in sources} for sources in (in_force, disk))
    changed = [_placed(file, after.get(file.name) or before[file.name], region) for file in changed_files(
        {name: source.sha256 for name, source in before.items()},
        {name: source.sha256 for name, source in after.items()})]
    wanted = {file.name for file in changed if (file.own if chosen is None else file.name in chosen)}
    wrong: dict[str, list[Problem]] = {}
    while wanted:
        sources = _merged(before, after, wanted)
        try:
            candidate = load_sources(sources)
        except FazhiError as refused:
            located = _by_file(refused.problems, wanted)
            if chosen is not None or not located:
                return Selection(_marked(changed, wanted, wrong), sources, None, tuple(refused.problems))
            wrong |= located
            wanted -= located.keys()
        else:
            return Selection(_marked(changed, wanted, wrong), sources, candidate, tuple(candidate.warnings))
    return Selection(_marked(changed, wanted, wrong))


def _placed(file: ChangedFile, source: Source, region: str) -> ChangedFile:
    """The file with the territory that it belongs to: what it says itself, else the folder that it lies in."""
    inside = _REGION_FOLDER.search(file.name)
    place = inside[1] if inside else ""
    with contextlib.suppress(FazhiError):  # else its folder has to do; its errors are said where it is loaded
        loaded = parse(source, KINDS)
        place = str(getattr(loaded.document, "region", "")) if loaded.kind.name == "overlay" else ""
    own = contains(region, place) if place else level_of(region) is RegionLevel.REGION
    return replace(file, region=place, own=own)


def _merged(before: Mapping[str, Source], after: Mapping[str, Source], wanted: Collection[str]) -> tuple[Source, ...]:
    kept = {name: source for name, source in before.items() if name not in wanted}
    return tuple({**kept, **{name: after[name] for name in sorted(wanted) if name in after}}.values())


def _by_file(problems: Sequence[Problem], wanted: Collection[str]) -> dict[str, list[Problem]]:
    found: dict[str, list[Problem]] = {}
    for problem in problems:
        if not problem.warning and problem.at is not None and problem.at.file in wanted:
            found.setdefault(problem.at.file, []).append(problem)
    return found


def _marked(changed: Sequence[ChangedFile], wanted: Collection[str], wrong: Mapping[str, Sequence[Problem]]
            ) -> tuple[ChangedFile, ...]:
    return tuple(replace(file, chosen=file.name in wanted, problems=tuple(wrong.get(file.name, ())))
                 for file in changed)
