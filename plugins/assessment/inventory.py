"""What a scheme wants to know: every result, where its data comes from, and whom people are asked for it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from core.organs.vocabulary import OrganKind
from core.rulebook.schemes import Measure, Node, Scheme
from core.text import Text

GOVERNING = frozenset({OrganKind.GOVERNMENT.value, OrganKind.DISPATCHED_OFFICE.value})
Source = Literal["data", "self_report", "none"]


@dataclass(frozen=True, slots=True)
class Result:
    """A leaf of a scheme with the titles above it.

    Attributes:
        source: whether data comes by itself, an organ reports it, or nothing supplies it yet.
        why: why nothing supplies it.
        evidence: what a report has to show, as the scheme says.
        key: scheme and result under which it is reported; the same for results that share one report.
    """

    scheme: str
    node: Node
    measure: Measure
    path: tuple[Text, ...]
    source: Source
    why: Text | None
    key: tuple[str, str]

    @property
    def id(self) -> str:
        return self.node.id

    @property
    def title(self) -> Text:
        return self.node.title

    @property
    def evidence(self) -> Text | None:
        return self.node.note if self.source == "self_report" else None

    def applies(self, kind: str, level: str) -> bool:
        """Whether an organ of this kind and level is assessed by it."""
        return (not self.measure.kinds or kind in self.measure.kinds) and \
            (not self.measure.levels or level in self.measure.levels)


def results_of(scheme: Scheme) -> tuple[Result, ...]:
    """Every result of a scheme per organ, in order."""
    return tuple(_walk(scheme.id, scheme.nodes, ()))


def _walk(scheme: str, nodes: Sequence[Node], path: tuple[Text, ...]) -> Iterator[Result]:
    for node in nodes:
        measure = node.leaf.measure if node.leaf else None
        if measure is not None:
            source: Source = "none" if measure.unsupplied is not None else \
                "self_report" if measure.supply == "self_report" else "data"
            yield Result(scheme, node, measure, path, source, measure.unsupplied,
                         measure.reported_as or (scheme, node.id))
        yield from _walk(scheme, node.children, (*path, node.title))


def asked(schemes: Iterable[Scheme], kind: str, level: str) -> tuple[Result, ...]:
    """What an organ of this kind and level has to report, each fact once even where several schemes use it."""
    found: dict[tuple[str, str], Result] = {}
    for scheme in schemes:
        for result in results_of(scheme):
            if result.source == "self_report" and result.applies(kind, level) and not _reported_below(result, kind):
                found.setdefault(result.key, result)
    return tuple(found.values())


def _reported_below(result: Result, kind: str) -> bool:
    """Whether a government need not report it, since its departments do and their reports count for it."""
    return kind in GOVERNING and result.measure.scope == "government" and bool(set(result.measure.kinds) - GOVERNING)


def asked_twice(schemes: Iterable[Scheme]) -> tuple[tuple[Result, ...], ...]:
    """Results for which people are asked although the same fact is reported, or comes by itself, elsewhere.

    Two results are the same fact where they have the same title; a report that is shared (``reported_as``) counts once.
    """
    groups: dict[str, dict[tuple[str, str], Result]] = defaultdict(dict)
    for scheme in schemes:
        for result in results_of(scheme):
            if result.source != "none":
                groups[result.title.zh].setdefault(result.key, result)
    return tuple(tuple(group.values()) for group in groups.values()
                 if len(group) > 1 and any(result.source == "self_report" for result in group.values()))
