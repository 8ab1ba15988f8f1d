"""重大执法行为备案: every major decision gets its filing, opened by the platform, exactly once.

What is major is said by rules alone: a decision on which the rule “file it upward” was activated. The id of a filing
follows from the decision, so that a run that was cut off, or two at the same time, never make a second one.
"""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from core.cases.case import Case, CaseHead, Step
from core.errors import FazhiError
from core.instance import LOCAL_TIME, Instance
from core.ledger.intake import AnyoneMayRecord, Given, NewEvent
from core.ledger.models import CaseRow
from core.ledger.reader import load_case
from core.organs.models import Organ
from core.organs.vocabulary import OrganKind
from scoring.models import VerdictRow

LOG = logging.getLogger(__name__)
FILING, BY_ITSELF, PREFIX = "enforcement.filing", "system:filing", "filing-"
MAJOR: Mapping[str, str] = {
    "enforcement.penalty/major-penalty-filed": "penalty",
    # No list of the region says which compulsory measures are major; the freezing of deposits is taken as such.
    "enforcement.coercion/freeze-30-days": "coercion",
}
"""Rules whose activation makes a decision one that is filed → the kind of act."""

AT_ONCE = 200
GROUNDS = {"stop_business": "stop_business", "revoke_licence": "revoke_licence", "detention": "detention",
           "bar_from_trade": "bar_from_trade"}


@dataclass(frozen=True, slots=True)
class Receivers:
    """Who receives a filing; both may be missing where the organ's entry is incomplete."""

    government: str | None
    department: str | None


def receivers_of(organ_id: str) -> Receivers:
    """重大行政处罚备案办法 4: a department files with its government and the department above it; a body that is
    managed vertically with the department above; a government with the government above it."""
    organ: Any = Organ.get_or_none(Organ.id == organ_id)
    if organ is None:
        return Receivers(None, None)
    if organ.kind == OrganKind.GOVERNMENT.value:
        return Receivers(organ.government_id or _government_above(organ), None)
    return Receivers(organ.government_id, organ.upper_department_id)


def _government_above(organ: Any) -> str | None:
    region: Any = organ.region
    if region.parent_id is None:
        return None
    row: Any = Organ.get_or_none((Organ.region == region.parent_id) & (Organ.kind == OrganKind.GOVERNMENT.value))
    return str(row.id) if row else None


def file_major_acts(instance: Instance) -> int:
    """Open what has not been opened yet; how many filings that were."""
    if FILING not in instance.bundles.current().procedures:
        return 0
    opened = 0
    for rule, kind in MAJOR.items():
        for case_id, activation in _unfiled(rule):
            try:
                opened += _file(instance, case_id, activation, kind)
            except FazhiError as refused:  # one case that cannot be filed keeps no other waiting
                LOG.warning("filing of %s: %s", case_id, refused)
    _tell_sources(instance)
    return opened


def filing_id(activation: str) -> str:
    """The id of the filing of a decision."""
    return PREFIX + hashlib.sha256(activation.encode()).hexdigest()[:32]


def _unfiled(rule: str) -> Iterator[tuple[str, str]]:
    query: Any = VerdictRow.select(VerdictRow.case, VerdictRow.activation).where(
        (VerdictRow.rule == rule) & VerdictRow.state.in_(("pending", "violated", "fulfilled"))).tuples()
    rows = list(query)
    for start in range(0, len(rows), AT_ONCE):
        part = {filing_id(activation): (case, activation) for case, activation in rows[start:start + AT_ONCE]}
        there: Any = CaseRow.select(CaseRow.id).where(CaseRow.id.in_(list(part))).tuples()
        known = {name for (name,) in there}
        yield from (found for name, found in part.items() if name not in known)


def _file(instance: Instance, case_id: str, activation: str, kind: str) -> int:
    case = load_case(case_id, instance.bundles.current())
    step = next((one for one in case.steps if one.root.id == activation), None)
    if step is None:
        return 0
    to = receivers_of(case.head.organ)
    decision = [one for one in step.event.materials if one.requirement == "decision"]
    payload: dict[str, Given] = {
        "source_case": case.head.id, "source_number": case.head.number, "major_act": kind,
        "major_grounds": _grounds(case, step, kind), "decision_attached": bool(decision) or kind == "coercion"}
    payload |= {name: value for name, value in (("receiving_government", to.government),
                                                ("receiving_department", to.department)) if value}
    new = NewEvent("filing_opened", step.date, payload, tuple(decision[:1]), actor=BY_ITSELF, organ=case.head.organ)
    head = CaseHead(filing_id(activation), FILING, case.head.organ, case.head.region, f"{case.head.title}（备案）")
    try:
        instance.recorder.permitting(AnyoneMayRecord()).open_case(head, new)
    except FazhiError as refused:
        if any(problem.code == "case-exists" for problem in refused.problems):
            return 0
        raise
    return 1


def _grounds(case: Case, step: Step, kind: str) -> Sequence[str]:
    if kind != "penalty":
        return ("large_measure",)
    kinds = step.fields.get("penalty_kinds")
    chosen = kinds if isinstance(kinds, frozenset) else frozenset()
    found = [ground for name, ground in GROUNDS.items() if name in chosen]
    found += [name for name in ("fine", "confiscation") if name in chosen]
    return tuple(sorted(found)) or ("fine",)


def _tell_sources(instance: Instance) -> None:
    """Record in the penalty case that its filing is complete, so that nobody enters it a second time."""
    query: Any = VerdictRow.select(VerdictRow.case, VerdictRow.activation).where(
        (VerdictRow.rule == "enforcement.penalty/major-penalty-filed")
        & VerdictRow.state.in_(("pending", "violated")) & VerdictRow.answered_by.is_null()
        & VerdictRow.cured_on.is_null()).tuples()
    today = instance.now().astimezone(LOCAL_TIME).date()
    for case_id, activation in list(query):
        row: Any = CaseRow.get_or_none((CaseRow.id == filing_id(activation)) & CaseRow.closed_at.is_null())
        if row is not None:
            _tell(instance, case_id, load_case(row.id, instance.bundles.current()), today)


def _tell(instance: Instance, source: str, filing: Case, today: date) -> None:
    complete = filing.state.get("decision_attached") is True or "material_submitted" in filing.positions
    with_whom = filing.state.get("receiving_government") or filing.state.get("receiving_department")
    if not complete or not isinstance(with_whom, str):
        return
    try:
        instance.recorder.permitting(AnyoneMayRecord()).record(
            source, NewEvent("major_penalty_filed", today, {"filed_with": with_whom}, actor=BY_ITSELF,
                             organ=filing.head.organ), request_key=f"{filing.head.id}-told")
    except FazhiError as refused:  # closed meanwhile: the filing itself shows that it was made
        LOG.info("filing of %s not noted in its case: %s", source, refused)
