"""The part of a step's form where discretion is worked out: inputs of the chosen table, and what it says so far."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import Blueprint, abort, render_template, request
from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from core.cases.case import Case
from core.discretion.inputs import Input
from core.discretion.model import Table
from core.ledger.reader import load_case
from core.organs.authority import Action
from plugins.enforcement.discretion.circumstances import ticked
from plugins.enforcement.discretion.inputs import inputs_of, pairs
from plugins.enforcement.discretion.listing import offered_items
from plugins.enforcement.discretion.looking import Look, look
from plugins.enforcement.discretion.vocabulary import (
    ACT_DAY,
    BRACKETS,
    CHECKED,
    CIRCUMSTANCE_FIELD,
    ENTERED,
    INPUTS,
    LIST_FACTS,
    PLACES,
    TICKS,
    VIOLATION,
    Place,
)
from scoring.discretion.answer import Answer, State
from scoring.discretion.assess import Change, Conclusion
from scoring.discretion.laws import Law, version_on
from web.kit.access import find_case, page_required, the_actor, today_of
from web.kit.language import language, say
from web.kit.procedures import procedure_of, recordable
from web.kit.render import instance
from web.kit.step_form import FIELD_PREFIX, OCCURRED

pages = Blueprint("enforcement_discretion", __name__, url_prefix="/enforcement/discretion",
                  template_folder="templates")
SHOWN = "discretion.shown"
"""Sent by a form whose panel was shown: from then on what is ticked is the person's, not the case's."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What the table says under the law of one day, in words."""

    title: str
    day: date
    counts: bool
    since: str
    state: str
    tier: str
    fine: str
    law: str


@dataclass(frozen=True, slots=True)
class Told:
    """The answer as the panel shows it."""

    tone: str
    headline: str
    readings: Sequence[Reading]
    why: Sequence[str]
    missing: Sequence[str]
    verdict: str
    verdict_tone: str
    notes: Sequence[str]


@pages.post("/<case_id>/<step>", endpoint="panel")
@page_required(Action.RECORD_STEP)
def panel(case_id: str, step: str) -> str:
    """The panel, or only its answer where ``part=answer`` is asked."""
    row = find_case(case_id, Action.RECORD_STEP)
    if step not in recordable(the_actor(), row, procedure_of(row.procedure)):
        abort(404)
    place = PLACES.get((str(row.procedure), step))
    if place is None:
        abort(422)
    bundle = instance().bundles.current()
    case = load_case(case_id, bundle)
    payload = typed(request.form, case, place)
    found = look(case, step, payload, _day(request.form), bundle)
    assert found is not None
    shown: dict[str, Any] = {"found": found, "told": tell(found), "payload": payload}
    if request.args.get("part") == "answer":
        return render_template("enforcement/discretion_answer.html", **shown)
    citizen = case.state.get("party_kind") != "organisation"
    return render_template(
        "enforcement/discretion_panel.html", case_id=case_id, step=step,
        tables=offered(bundle.discretion(row.region)) if place.weighs else (),
        inputs=list(inputs_of(found.versions).values()), value_of=pairs(payload.get(INPUTS)),
        ticks=[(name, title) for name, title in TICKS.items() if citizen or name not in BRACKETS],
        ticked=ticked({**case.state, CIRCUMSTANCE_FIELD: payload.get(CIRCUMSTANCE_FIELD)}),
        act_day=payload.get(ACT_DAY) or "", asks_act_day=not place.on_the_spot and ACT_DAY not in case.state,
        checked=payload.get(CHECKED) == "true", bool_of=_bool_word,
        items=offered_items(place.procedure, row.region, found.day, bundle), **shown)


def typed(sent: MultiDict[str, str], case: Case, place: Place) -> Mapping[str, Any]:
    """The form as a payload; before the panel was shown the case's own values stand in it."""
    payload: dict[str, Any] = {}
    for name in sent:
        if not name.startswith(FIELD_PREFIX):
            continue
        field, _dot, key = name.removeprefix(FIELD_PREFIX).partition(".")
        values = [value.strip() for value in sent.getlist(name) if value.strip()]
        if key:
            payload[field] = (*payload.get(field, ()), *(f"{key}={value}" for value in values))
        elif field in (INPUTS, CIRCUMSTANCE_FIELD, LIST_FACTS, place.kinds):
            payload[field] = (*payload.get(field, ()), *values)
        elif values:
            payload[field] = values[0]
    if SHOWN not in sent and not any(payload.get(name) for name in ENTERED):
        payload |= {name: case.state[name] for name in (VIOLATION, INPUTS, CIRCUMSTANCE_FIELD, LIST_FACTS)
                    if name in case.state}
        payload |= {CHECKED: "true"} if case.state.get(CHECKED) is True else {}
    return payload


def offered(tables: Sequence[Table]) -> Sequence[tuple[str, str]]:
    """Tables to choose from, by title."""
    titles = {table.id: say(table.title) for table in tables}
    return sorted(titles.items(), key=lambda item: item[1])


def tell(found: Look) -> Told | None:
    """The answer in words; None while no table is chosen."""
    if not found.versions:
        return None
    if found.problem is not None:
        return Told("warning", found.problem.problems[0].message(language()), (), (), (), "", "", ())
    notes = [str(_("“%(title)s”的值不在可能的范围内，按未知处理。", title=say(inputs_of(found.versions)[name].title)))
             for name in found.given.unfit]
    assessment = found.assessment
    if assessment is None:
        return Told("warning", _headline(found), (), (), (str(_("违法行为发生（终了）日期")),), "", "", notes)
    if assessment.may_spare:
        notes.append(str(_("符合初次违法、危害后果轻微并及时改正：可以不予处罚，由办案人员决定。")))
    if assessment.lighten is Change.MUST:
        notes.append(str(_("有应当从轻或者减轻的情节。")))
    elif assessment.lighten is Change.MAY:
        notes.append(str(_("有可以从轻或者减轻的情节，由办案人员决定。")))
    if assessment.aggravate:
        notes.append(str(_("有应当从重的情节。")))
    verdict, tone = _verdict(found)
    lines = [*assessment.explain(language()), *(found.check.explain(language()) if found.check is not None else ())]
    return Told(_tone(found), _headline(found), _readings(found), tuple(dict.fromkeys(lines)), (), verdict, tone, notes)


def _headline(found: Look) -> str:
    assessment = found.assessment
    if found.state == State.TIER and assessment is not None and assessment.fine is not None:
        answer = found.answer
        assert answer is not None
        tier = say(answer.title) if answer.title is not None else ""
        return str(_("阶次“%(tier)s”，裁量幅度 %(fine)s", tier=tier, fine=say(assessment.fine.text)))
    words = {
        State.TIER: _("有对应阶次，没有罚款"), State.NO_TIER: _("无对应阶次：请在法定幅度内决定，并写明理由"),
        State.AMBIGUOUS: _("几个阶次同时符合，不能确定：请在法定幅度内决定，并写明理由"),
        State.NEEDS_FACT: _("事实不足，还不能测算"), State.NOT_APPLICABLE: _("本案不适用这个基准"),
        State.NO_TABLE: _("行为当日没有施行的基准或者规定"), State.OUTSIDE_STATUTE: _("基准超出法定幅度，不能适用"),
        State.LAWFUL: _("现行规定不认为是违法，不应当处罚"), Conclusion.TIME_BARRED: _("超过追责期限，不再处罚"),
        Conclusion.NOT_PUNISHED: _("有不予处罚的情形，不应当处罚"),
        Conclusion.UNDECIDED: _("新旧规定轻重不能比较，两种结果都列出，由办案人员决定"),
    }
    return str(words[found.state])  # type: ignore[index]


def _tone(found: Look) -> str:
    if found.state == State.TIER:
        return "success"
    forbidden = (State.LAWFUL, State.OUTSIDE_STATUTE, Conclusion.TIME_BARRED, Conclusion.NOT_PUNISHED)
    return "danger" if found.state in forbidden else "warning"


def _verdict(found: Look) -> tuple[str, str]:
    check = found.check
    if check is None or found.fine is None:
        return "", ""
    match found.verdict:
        case "within":
            return str(_("所填罚款在幅度之内。")), "success"
        case "outside_tier":
            return str(_("所填罚款或者处罚种类超出基准：须先经主要负责人批准或者集体讨论，否则记为疑似问题。"
                         )), "warning"
        case "outside_statute":
            return str(_("所填罚款超出法定幅度，或者不应当处罚：记录后将提示红色疑似问题。")), "danger"
        case _:
            return str(_("所填罚款目前不能与基准比较。")), "secondary"


def _readings(found: Look) -> Sequence[Reading]:
    assessment = found.assessment
    if assessment is None or assessment.readings is None:
        return ()
    both = assessment.readings
    return [_reading(found, str(title), answer, both.counts is law) for title, answer, law in (
        (_("行为时的规定"), both.at_act, Law.AT_ACT), (_("决定时的规定"), both.at_decision, Law.AT_DECISION))]


def _reading(found: Look, title: str, answer: Answer, counts: bool) -> Reading:
    table = version_on(found.versions, answer.day)
    provided = answer.provided.fine if answer.provided is not None else None
    tier = say(answer.title) if answer.title is not None else "、".join(
        say(table.tiers[one]) for one in answer.possible if one in table.tiers)
    return Reading(title, answer.day, counts, table.valid.start.isoformat() if table.valid.start else "",
                   answer.state.value, tier, say(answer.fine.text) if answer.fine is not None else "—",
                   say(provided.text) if provided is not None else "—")


def _day(sent: MultiDict[str, str]) -> date:
    try:
        return date.fromisoformat(sent.get(OCCURRED, "")[:10])
    except ValueError:
        return today_of(instance())  # type: ignore[no-any-return]


def _bool_word(one: Input) -> Sequence[tuple[str, str]]:
    """Choices of an input that is no number."""
    if one.values:
        return [(name, say(title)) for name, title in one.values.items()]
    return [("true", str(_("是"))), ("false", str(_("否")))]
