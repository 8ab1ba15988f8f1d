"""An organ's score in words, down to the cases behind each result."""

from __future__ import annotations

from collections.abc import Iterator

from core.errors import fail
from core.text import Text
from scoring.assessment.history import Evidence
from scoring.assessment.keeping import World
from scoring.assessment.receipts import with_cases
from scoring.assessment.score import OrganScored
from scoring.explain import DUE, IF_CONFIRMED, NOTHING_YET, PROVISIONAL, SCORE, trace_lines
from scoring.trace import TraceNode

CASES = Text("事项", {"en": "Cases"})
SHOWN = 20


def explain_organ(scored: OrganScored, evidence: Evidence, world: World, about: str = "", language: str = "zh"
                  ) -> list[str]:
    """The explanation as lines of text.

    Args:
        about: id of an aspect, measure or result; empty: the whole score without the cases.

    Raises:
        FazhiError: ``explain-unknown``: the scheme has no such node.
    """
    if not about:
        return list(_whole(scored, language))
    nodes = with_cases(scored, evidence, world)
    found = next((node for top in nodes if (node := top.find(about)) is not None), None)
    if found is None:
        raise fail("explain-unknown", about=about, case=scored.place.name)
    return [*trace_lines([found], None, language), *_cases(found, language)]


def _whole(scored: OrganScored, language: str) -> Iterator[str]:
    title = f"{scored.scheme.title.to(language)} {scored.year}  {scored.place.name}"
    if scored.score is None:
        yield f"{title}  {SCORE.to(language)}: {NOTHING_YET.to(language)}"
    else:
        yield f"{title}  {SCORE.to(language)}: {scored.score}{PROVISIONAL.to(language) if scored.provisional else ''}"
        yield f"{scored.earned} / {scored.due} ({DUE.to(language)})"
    yield from (note.text(language) for note in scored.notes)
    yield from trace_lines(scored.nodes, None, language)
    if scored.at_risk:
        yield f"{IF_CONFIRMED.to(language)}: -{scored.at_risk}"


def _cases(node: TraceNode, language: str) -> Iterator[str]:
    if node.events:
        more = f" … {len(node.events)}" if len(node.events) > SHOWN else ""
        yield f"  {CASES.to(language)}: {'、'.join(node.events[:SHOWN])}{more}"
    for child in node.children:
        yield from _cases(child, language)
