"""What the tables say about a step is recorded with it, so that the verdict can be given again at any time."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from core.cases.case import Case
from core.ledger.intake import Given, NewEvent, StepFacts
from core.rulebook.bundle import Bundle
from plugins.enforcement.discretion.listing import Matched
from plugins.enforcement.discretion.looking import Look, look


def discretion_facts(case: Case, step: NewEvent, day: date, rules: Bundle) -> StepFacts:
    """State, tier, ranges, table version and explanation, and the lists that match; empty where nothing is chosen."""
    found = look(case, step.type, step.payload, day, rules)
    if found is None:
        return {}
    return {**_lists(found.listed), **(_recorded(found, rules) if found.versions else {})}


def _lists(found: Sequence[Matched]) -> dict[str, Given]:
    """What matches; unknown where nothing does yet and a condition is open."""
    holding = [one for one in found if one.holds]
    if not found or (not holding and any(one.holds is None for one in found)):
        return {}
    return {"listed": tuple(one.id for one in holding),
            "listed_kinds": tuple(sorted({one.owner.kind.value for one in holding}))}


def _recorded(found: Look, rules: Bundle) -> StepFacts:
    table, answer = found.table, found.answer
    assert table is not None
    since = table.valid.start.isoformat() if table.valid.start else "-"
    facts: dict[str, Given] = {"discretion_state": found.state,
                               "discretion_version": f"{table.id}@{since}#{rules.hash}"}
    if answer is not None and answer.tier is not None:
        facts["discretion_tier"] = table.tiers[answer.tier].zh
    span = found.assessment.fine if found.assessment is not None else None
    for names, money in ((("discretion_least", "discretion_most"), span), (("law_least", "law_most"), found.statute)):
        if money is not None:
            facts.update(zip(names, (money.low, money.high), strict=True))
    if found.law is not None:
        facts["discretion_law"] = found.law.value
    if found.place.decides and found.verdict is not None:
        facts["discretion_check"] = found.verdict
    if found.assessment is not None:
        lines = [*found.assessment.explain(), *(found.check.explain() if found.check is not None else ())]
        facts["discretion_answer"] = "\n".join(dict.fromkeys(lines))
    return facts

