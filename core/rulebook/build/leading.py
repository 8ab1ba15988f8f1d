"""Steps that lead to cases of other procedures: what they carry over is checked once all procedures are known."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from core.language.suggest import listing
from core.rulebook.build.context import Lookup, Problems, Site, titles
from core.rulebook.kinds.procedure import LeadsToSpec, ProcedureDocument
from core.rulebook.leading import Carried, LeadsTo
from core.rulebook.model import EventType, Field, FieldType, Procedure
from core.text import Text

TEXTS = frozenset({FieldType.STRING, FieldType.TEXT})
OPTIONS = frozenset({FieldType.ENUM, FieldType.SET})
ORGAN = "e.organ"


def lead(spec: LeadsToSpec) -> LeadsTo:
    """As written; names are looked up later."""
    return LeadsTo(spec.procedure, spec.step, dict(spec.when), spec.organ, spec.offered, {
        name: Carried(each.from_, each.value, dict(each.values), each.else_) for name, each in spec.fields.items()})


def check_leads(procedures: Mapping[str, Procedure], documents: Iterable[tuple[ProcedureDocument, Site]],
                problems: Problems) -> None:
    """Look up what every ``leads_to`` names; a procedure of a sub-platform that is not loaded is no mistake."""
    for document, site in documents:
        procedure = procedures.get(document.id)
        for name, event in procedure.events.items() if procedure else ():
            for index, each in enumerate(event.leads_to):
                assert procedure is not None
                _check(each, event, procedure, procedures, site / "events" / name / "leads_to" / index, problems)


def _check(each: LeadsTo, event: EventType, procedure: Procedure, procedures: Mapping[str, Procedure], site: Site,
           problems: Problems) -> None:
    fields = Lookup(problems, "case-field", titles(event.fields))
    for name in each.when:
        fields.check(name, (site / "when" / name).key)
    if each.organ is not None and fields.check(each.organ, (site / "organ").at) and (
            event.fields[each.organ].type is not FieldType.ORGAN):
        problems.add("leads-to-organ", (site / "organ").at, name=each.organ)
    prefix = each.procedure.partition(".")[0]
    if not any(known.partition(".")[0] == prefix for known in procedures):
        return
    if not Lookup(problems, "procedure", titles(procedures)).check(each.procedure, (site / "procedure").at):
        return
    target = procedures[each.procedure]
    opening = {name: target.events[name].title for name in target.opens_with if name in target.events}
    if each.step not in opening:
        problems.add("leads-to-opening", (site / "step").at, name=each.step, procedure=target.title.zh,
                     procedure_en=target.title.to("en"), known=listing(opening) or "—")
        return
    _check_fields(each, event, procedure, target.events[each.step], site, problems)


def _check_fields(each: LeadsTo, event: EventType, procedure: Procedure, opening: EventType, site: Site,
                  problems: Problems) -> None:
    lookup = Lookup(problems, "case-field", titles(opening.fields))
    for name, carried in each.fields.items():
        place = site / "fields" / name
        if lookup.check(name, place.key) and carried.source is not None:
            source = _source(carried.source, event, procedure, place, problems)
            if source is not None and not _fits(source, opening.fields[name]):
                problems.add("leads-to-type", place.at, source=carried.source, name=name)
    missing = [one.title.zh for one in opening.fields.values()
               if one.required and not one.collected and one.id not in each.fields]
    if missing and not each.offered:
        problems.add("leads-to-required", site.at, fields="、".join(missing), step=opening.title.zh,
                     step_en=opening.title.to("en"))


def _source(name: str, event: EventType, procedure: Procedure, place: Site, problems: Problems) -> Field | None:
    if name == ORGAN:
        return Field("organ", Text("机关"), FieldType.ORGAN)
    known = procedure.attributes if name.startswith("c.") else event.fields
    found = known.get(name[2:])
    if found is None:
        Lookup(problems, "case-field", titles(known)).check(name[2:], place.at)
    return found


def _fits(source: Field, target: Field) -> bool:
    """The same kind of value, and personal data only where the next case holds it as such."""
    if source.personal and not target.personal:
        return False
    if source.type is target.type:
        return source.unit == target.unit
    return {source.type, target.type} <= TEXTS or (source.type is FieldType.ENUM and target.type in OPTIONS)
