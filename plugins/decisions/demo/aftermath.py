"""After the decision: issue, publication, archive, execution and evaluation."""

from __future__ import annotations

from datetime import date, timedelta

from plugins.decisions.demo.pen import Pen
from plugins.decisions.demo.subject import Needs, Subject


def aftermath(pen: Pen, subject: Subject, needs: Needs) -> None:
    """Issue, publication, archive, execution and evaluation."""
    serial = pen.rng.randint(1, 80)
    flags = next((event.payload for _, event in pen.steps if event.type == "characterised"), {})
    reported = pen.well(0.3)
    if reported:
        pen.write("party_reported", pen.after(pen.day, 1, 4), party_report_kind=pen.rng.choice(("request", "report")),
                  party_replied=True)
    if flags.get("npc_matter") and pen.well(0.8):
        pen.write("npc_reported", pen.after(pen.day, 1, 4), npc_kind="report")
    issued = pen.day = pen.after(pen.day, 5, 9)
    pen.write("decision_issued", decision_number=f"演示政发〔{issued.year}〕{serial}号",
              decided_by=pen.organ.staff["office_head"])
    if needs.public and pen.well(0.12):
        publication(pen, issued, subject)
    filed = issued
    if pen.well(0.35):
        days = pen.rng.randint(35, 80) if pen.well(0.8) else pen.rng.randint(95, 160)
        filed = pen.write("archived", pen.working_day(issued + timedelta(days=days)), archive_checked=pen.well(0.4),
                          archive_number=f"演示-{issued.year}-{serial:03d}")
    if pen.well(0.3):
        named = pen.after(issued, 3, 14) if pen.well(0.5) else pen.after(issued, 22, 40)
        pen.write("executing_unit_named", named, executing_unit=subject.handling_unit)
        execution(pen, named, filed)


def publication(pen: Pen, issued: date, subject: Subject) -> None:
    """Publication and interpretation."""
    published = pen.after(issued, 2, 14) if pen.well(0.7) else pen.after(issued, 21, 45)
    general = bool(subject.matter.features) and pen.chance(0.7)
    channels = ("gov_site", "gazette") if pen.well(0.1) else ("other",)
    pen.write("decision_published", published, publish_channels=channels, publish_url=f"https://demo.invalid/{pen.organ.region}/decision",
              interpretation_required=general, adoption_stated=pen.well(0.8) if general else None)
    if general and pen.well(0.7):
        pen.write("decision_interpreted", pen.after(published, 0, 4), interpretation_forms=("text",))


def execution(pen: Pen, named: date, filed: date) -> None:
    """Reports, evaluation, change and the end, which is not before the archive."""
    first = named + timedelta(days=pen.rng.randint(90, 170) if pen.well(0.7) else pen.rng.randint(190, 240))
    effect = "as_expected" if pen.chance(0.9) else "below_target"
    last = pen.write("execution_reported", pen.working_day(first), execution_effect=effect,
                     public_complaints=pen.rng.choice((0, 0, 1, 2, 6)))
    if effect == "below_target" or pen.chance(0.12):
        decided = pen.after(last, 5, 20)
        conflict = not pen.well(0.3)
        pen.write("evaluation_decided", decided, extra=("commission",),
                  evaluation_trigger="below_target" if effect == "below_target" else "deemed_necessary",
                  evaluator="原风险评估机构" if conflict else "高等院校评估组", evaluator_assessed_before=conflict)
        score = pen.rng.randint(55, 78) if effect == "below_target" else pen.rng.randint(70, 97)
        last = pen.write("evaluated", pen.after(decided, 20, 70), effect_score=score, public_heard=pen.well(0.5),
                         outside_participants=pen.well(0.5), evaluation_result="adjust" if score < 65 else "keep")
        if score < 65:
            last = pen.write("decision_adjusted", pen.after(last, 15, 40), adjustment_major=True,
                             adjustment_procedure_followed=pen.well(0.5))
    if pen.chance(0.7):
        pen.write("decision_completed", pen.after(max(last, filed), 5, 25))
