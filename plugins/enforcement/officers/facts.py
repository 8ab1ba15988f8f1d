"""What the registers say about a step, recorded with it: rules judge it without asking the registers again."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from core.cases.case import Case
from core.extension import hookimpl
from core.ledger.intake import Given, NewEvent, StepFacts
from plugins.enforcement.officers.models import Body, Certificate
from plugins.enforcement.officers.register import body_has_power, body_on, certificates_on, entrusted_by
from plugins.enforcement.officers.vocabulary import ActKind, CertificateKind

NAMING = ("lead_officer", "second_officer", "officers")
"""Fields, of the step or else of the case, that name officers by certificate number or account."""

OFFICER_FACTS = frozenset({"officers_qualified", "officer_count"})
BODY_FACTS = frozenset({"body_qualified", "within_powers"})
KIND_BY_WORD = {"penalty": ActKind.PENALTY, "permit": ActKind.PERMIT, "licence": ActKind.PERMIT,
                "coerc": ActKind.COERCION, "compulsory": ActKind.COERCION, "inspect": ActKind.INSPECTION}


@hookimpl
def step_facts(case: Case, step: NewEvent, day: date) -> StepFacts:
    """Officers, body and powers of a step on its day (行政处罚法 17 to 21, 42).

    A register that nobody has filled yet knows nothing: it makes no organ and no officer unqualified.
    """
    wanted = {name for name, field in case.procedure.events[step.type].fields.items() if field.collected}
    facts: dict[str, Given] = {}
    if wanted & OFFICER_FACTS and Certificate.select().exists():
        facts.update(_officers(case, step, day))
    if not wanted & BODY_FACTS or not Body.select().exists():
        return facts
    facts["body_qualified"] = body_on(case.head.organ, day) is not None
    if "within_powers" in wanted:
        within = body_has_power(case.head.organ, _act(case, step), day, _text(case, step, "power_item"))
        if within is not None:
            facts["within_powers"] = within
    return facts


def _officers(case: Case, step: NewEvent, day: date) -> dict[str, Given]:
    """``officer_count`` counts those who may act; with nobody named nothing is known of their qualification."""
    named = list(dict.fromkeys(_named(case, step)))
    held = certificates_on(named, day)
    bodies = {case.head.organ} | entrusted_by(case.head.organ, day)
    fit = {name for name in named if held[name].valid and held[name].organ in bodies
           and held[name].kind == CertificateKind.ENFORCEMENT}
    facts: dict[str, Given] = {"officer_count": len({held[name].number for name in fit})}
    if named:
        facts["officers_qualified"] = len(fit) == len(named)
    return facts


def _named(case: Case, step: NewEvent) -> Iterator[str]:
    given = step.payload if any(step.payload.get(name) for name in NAMING) else case.state
    for name in NAMING:
        value = given.get(name)
        if isinstance(value, str):
            yield from filter(None, value.replace("，", "、").replace(",", "、").replace(" ", "").split("、"))
        elif isinstance(value, (tuple, list, set, frozenset)):
            yield from (str(one).strip() for one in sorted(map(str, value)) if str(one).strip())


def _text(case: Case, step: NewEvent, name: str) -> str | None:
    value = step.payload.get(name) or case.state.get(name)
    return value if isinstance(value, str) and value else None


def _act(case: Case, step: NewEvent) -> str | None:
    """The kind of act that the step or the case names; else the one that the procedure's id speaks of."""
    named = _text(case, step, "act_kind")
    if named:
        return named
    return next((kind.value for word, kind in KIND_BY_WORD.items() if word in case.procedure.id), None)
