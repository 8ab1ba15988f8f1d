"""Loading: rule files in, one checked bundle out, or every problem at once."""

from __future__ import annotations

import gc
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path

from core.rulebook.assemble import Assembly
from core.rulebook.build.context import Problems
from core.rulebook.bundle import Bundle
from core.rulebook.documents import Source, parse_all, read_sources
from core.rulebook.kinds.registry import KINDS, Kind

BUNDLES_IN_MEMORY = 3
"""Bundles that are kept: the one in force, a proposal, and another proposal or region's folder."""


def load_rules(folders: Sequence[Path], kinds: Mapping[str, Kind] = KINDS) -> Bundle:
    """Load every rule file below some folders.

    Args:
        folders: the shipped base first; later folders add to earlier ones and replace nothing.
        kinds: what kinds of files there are; see ``core.rulebook.kinds.with_kinds`` for a plugin's own.

    Raises:
        FazhiError: with every problem found in all files, in the order of files and lines.
    """
    return load_sources(read_sources(folders), kinds)


def load_sources(sources: Iterable[Source], kinds: Mapping[str, Kind] = KINDS) -> Bundle:
    """Load rule files that are already in memory (an activated bundle from the store, a proposed change).

    The same files give the same bundle: a page that shows a proposal, its impact and its activation read it once.

    Raises:
        FazhiError: as :func:`load_rules`.
    """
    return _bundle(tuple(sources), tuple(kinds.values()))


@lru_cache(maxsize=BUNDLES_IN_MEMORY)
def _bundle(sources: tuple[Source, ...], kinds: tuple[Kind, ...]) -> Bundle:
    problems = Problems()
    with _collector_resting():
        documents, found = parse_all(sources, {kind.name: kind for kind in kinds})
        problems.take(found)
        assembly = Assembly(documents, problems, complete=not found)
        bundle = assembly.bundle({source.name: source.sha256 for source in sources})
    problems.raise_errors()
    return bundle


@contextmanager
def _collector_resting() -> Iterator[None]:
    """Loading allocates much and frees next to nothing: the cyclic collector would take half of the time."""
    running = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if running:
            gc.enable()
