"""Keeps the facts of the disputes in step with the ledger: only cases that changed are read again."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from peewee import JOIN, fn

from core.calendars import Calendar
from core.cases.case import Case
from core.database import database
from core.ledger.models import CaseRow
from core.ledger.reader import load_cases
from core.rulebook.bundle import Bundle
from plugins.disputes.analysis.models import DisputeFact, DisputeGround
from plugins.disputes.analysis.rates import Measured, measured
from scoring.checks import Look
from scoring.models import VerdictRow
from scoring.verdict import State

RECONSIDERATION, LITIGATION = "disputes.reconsideration", "disputes.litigation"
AT_ONCE = 500
CORRECTED = frozenset({"change", "revoke", "illegal", "perform", "void", "agreement", "compensation"})
LOST = frozenset({"revoked", "changed", "illegal", "void", "perform", "agreement", "compensation"})
CONCLUSIONS = {RECONSIDERATION: ("decided", "mediation_document", "terminated"), LITIGATION: ("judgment_received",)}
BEGINNINGS = {RECONSIDERATION: "accepted", LITIGATION: "suit_received"}


def catch_up(bundle: Bundle, most: int | None = None) -> int:
    """Read the cases that changed since they were last counted; how many those were.

    Args:
        most: stop after so many, so that a page never waits for a whole import.
    """
    if not _behind():
        return 0
    stale: Any = (CaseRow.select(CaseRow.id).join(DisputeFact, JOIN.LEFT_OUTER, on=(DisputeFact.case_id == CaseRow.id))
                  .where(_ours() & (DisputeFact.seq.is_null() | (DisputeFact.seq != CaseRow.last_seq))).limit(most)
                  .tuples())
    ids = [case_id for (case_id,) in stale]
    rates = measured(bundle.procedures)
    for start in range(0, len(ids), AT_ONCE):
        _renew(ids[start:start + AT_ONCE], bundle, rates)
    return len(ids)


def _ours() -> Any:
    return CaseRow.procedure.startswith("disputes.")


def _behind() -> bool:
    """Whether anything changed, asked of two sums instead of every case."""
    ledger = CaseRow.select(fn.COUNT(CaseRow.id), fn.SUM(CaseRow.last_seq)).where(_ours()).tuples().get()
    counted = DisputeFact.select(fn.COUNT(DisputeFact.case_id), fn.SUM(DisputeFact.seq)).tuples().get()
    return bool(ledger != counted)


def _renew(ids: list[str], bundle: Bundle, rates: Mapping[str, tuple[Measured, ...]]) -> None:
    broken = _violated(ids)
    facts, grounds = [], []
    for case in load_cases(ids, bundle):
        if not case.steps:
            continue
        facts.append(_fact(case, bundle.calendar(case.head.region), rates.get(case.procedure.id, ()),
                           broken[case.head.id]))
        grounds.extend(_grounds(case, facts[-1]))
    with database.atomic():
        DisputeFact.delete().where(DisputeFact.case_id.in_(ids)).execute()
        DisputeGround.delete().where(DisputeGround.case_id.in_(ids)).execute()
        for model, rows in ((DisputeFact, facts), (DisputeGround, grounds)):
            for start in range(0, len(rows), 100):
                model.insert_many(rows[start:start + 100]).execute()


def _violated(ids: list[str]) -> Mapping[str, frozenset[str]]:
    """Rules (without their procedure) that each case violated."""
    found: dict[str, set[str]] = defaultdict(set)
    rows: Any = VerdictRow.select(VerdictRow.case, VerdictRow.rule).where(
        VerdictRow.case.in_(ids) & (VerdictRow.state == State.VIOLATED.value)).tuples()
    for case_id, rule in rows:
        found[case_id].add(rule.rpartition("/")[2])
    return defaultdict(frozenset, {case_id: frozenset(rules) for case_id, rules in found.items()})


def _fact(case: Case, calendar: Calendar, rates: Iterable[Measured], broken: frozenset[str]) -> dict[str, Any]:
    state, head = case.state, case.head
    concluded = _concluded(case)
    begun = _day(case, (BEGINNINGS.get(case.procedure.id, ""),))
    outcome = _outcome(case)
    scope = Look(case, calendar).scope(None)
    among = hits = 0
    for one in rates:
        if one.among.test(scope) is not True:
            continue
        among |= 1 << one.rate.bit
        if (one.where is None or one.where.test(scope) is True) and not broken & set(one.rate.kept):
            hits |= 1 << one.rate.bit
    people = state.get("applicant_count") or state.get("plaintiffs") or 1
    return {
        "case_id": head.id, "seq": case.last_seq, "procedure": case.procedure.id, "organ": head.organ,
        "region": head.region, "respondent": str(state.get("respondent") or head.organ),
        "act_kind": str(state.get("act_kind") or ""), "domain": str(state.get("domain") or ""), "outcome": outcome,
        "kind": _kind(outcome, state) if concluded else "",
        "month": (concluded or case.steps[0].date).strftime("%Y-%m"),
        "days": (concluded - begun).days if concluded and begun else None,
        "repeated": state.get("repeat_applicant") is True, "group_size": people if isinstance(people, int) else 1,
        "document": str(state.get("relied_document") or ""), "among": among, "hits": hits,
    }


def _grounds(case: Case, fact: Mapping[str, Any]) -> list[dict[str, Any]]:
    """A row for each ground of a corrected act."""
    if fact["kind"] != "corrected":
        return []
    law, article = case.state.get("breached_law"), case.state.get("breached_article")
    breached = f"《{law}》第{article}条" if law and article else f"《{law}》" if law else ""
    given = case.state.get("grounds")
    found = sorted(given) if isinstance(given, (set, frozenset, list, tuple)) else []
    common = {name: fact[name] for name in ("case_id", "procedure", "region", "respondent", "act_kind", "month")}
    return [{**common, "ground": ground, "breached": breached} for ground in found]


def _concluded(case: Case) -> date | None:
    return _day(case, CONCLUSIONS.get(case.procedure.id, ()))


def _day(case: Case, types: Iterable[str]) -> date | None:
    days = [case.steps[places[-1]].date for name in types if (places := case.positions.get(name))]
    return max(days, default=None)


def _outcome(case: Case) -> str:
    state = case.state
    for event, outcome in (("mediation_document", "mediated"), ("terminated", "terminated"),
                           ("not_accepted", "not_accepted")):
        if case.procedure.id == RECONSIDERATION and event in case.positions:
            return outcome
    return str(state.get("outcome") or state.get("result") or "")


def _kind(outcome: str, state: Mapping[str, Any]) -> str:
    if outcome in CORRECTED | LOST:
        return "corrected"
    if outcome == "mediated" or state.get("termination_ground") == "settled" or state.get("self_corrected") is True:
        return "settled"
    return "kept"
