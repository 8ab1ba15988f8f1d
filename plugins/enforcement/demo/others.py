"""How licences, compulsory measures and inspections go."""

from __future__ import annotations

from plugins.enforcement.demo.pen import Pen
from plugins.enforcement.demo.words import raw_words


def licence(pen: Pen, item: str) -> None:
    """A licence, from the application to the issue."""
    pen.write("applied", licence_item=item, application_kind=pen.rng.choice(("new", "new", "change")),
              applicant_kind="organisation", applicant_name=pen.rng.choice(raw_words()["parties"]))
    if pen.chance(0.3):
        pen.later(1, 4, slip=4)
        pen.write("supplement_told", told_once=pen.well(0.2))
        pen.later(2, 8)
        pen.write("supplemented")
    else:
        pen.later(0, 4, slip=4)
    others, check = pen.chance(0.15), pen.chance(0.4)
    pen.write("accepted", others_affected=others, site_check_needed=check, unrelated_material=not pen.well(0.1))
    if others and pen.well(0.3):
        pen.write("others_told")
        pen.write("hearing_right_told")
    if check and pen.well(0.15):
        pen.later(2, 5)
        pen.write("checked_on_site", checkers=2 if pen.well(0.2) else 1, certificate_shown=True)
    if pen.chance(0.15):
        pen.write("special_procedure_started", time_told=pen.well(0.3))
        pen.later(5, 15)
        pen.write("special_procedure_ended")
    pen.later(3, 14, slip=14)
    if pen.chance(0.08):
        pen.write("refused", reasons_stated=pen.well(0.2), remedies_stated=pen.well(0.2))
    else:
        pen.write("granted", fee_charged=not pen.well(0.05), fee_by_statute=False)
        pen.later(1, 5, slip=7)
        pen.write("licence_issued")
        if pen.well(0.2):
            pen.later(0, 2)
            pen.write("published", secrets_checked=True)
    pen.later(1, 4)
    pen.write("case_closed")
    pen.write("archived")


def coercion(pen: Pen) -> None:
    """A sealing or seizure, from the proposal to the release."""
    lead, second = pen.officers()
    urgent = pen.chance(0.15)
    pen.write("measure_proposed", measure=pen.rng.choice(("seal", "seize", "seize")), party_kind="organisation",
              party_name=pen.rng.choice(raw_words()["parties"]), urgent=urgent, lead_officer=lead,
              second_officer=second, legal_basis="演示法规第十条" if pen.well(0.1) else None)
    if not urgent and pen.well(0.15):
        pen.write("approved")
    pen.later(1, 1)
    pen.write("measure_imposed", hour=10, officers_present=2 if pen.well(0.15) else 1,
              certificate_shown=pen.well(0.15), party_present=pen.rng.choice(("party", "witness")),
              rights_told=pen.well(0.15), record_signed="signed" if pen.well(0.2) else "unsigned",
              recorder_on=pen.well(0.3), related_only=pen.well(0.05))
    if urgent:
        pen.write("urgent_approval", hour=16, upheld=True)
    pen.later(0, 0, slip=2)
    pen.write("documents_delivered", decision_contents=("party", "reasons", "goods", "remedies", "organ"))
    if pen.chance(0.3):
        pen.later(2, 4)
        pen.write("appraisal_started", appraisal_until=pen.calendar.add_working_days(pen.day, 12),
                  appraisal_told=pen.well(0.2))
        pen.later(6, 12, slip=5)
        pen.write("appraisal_finished")
    pen.later(8, 17, slip=14)
    if pen.chance(0.4):
        pen.write("disposed", disposal="confiscated")
    else:
        pen.write("released", returned=pen.well(0.15))
    if pen.well(0.3):
        pen.later(2, 10)
        pen.write("published", secrets_checked=True)
    pen.later(1, 5)
    pen.write("case_closed", suspected_crime=False)
    pen.write("archived")


def inspection(pen: Pen, items: str) -> None:
    """An inspection, with rectification and repeat inspection where something was found."""
    source = pen.rng.choice(("random", "random", "yearly_plan", "complaint"))
    lead, second = pen.officers()
    pen.write("inspection_planned", inspection_source=source, inspected_party=pen.rng.choice(raw_words()["parties"]),
              inspection_items=items, this_year_count=pen.rng.choice((0, 0, 0, 1)) if pen.well(0.5) else 3,
              joint_possible=False, approved_by_head=pen.well(0.15))
    if source == "random" and pen.well(0.2):
        pen.write("objects_drawn")
        pen.write("officers_drawn")
    pen.later(1, 6)
    pen.write("inspected", lead_officer=lead, second_officer=second, officers_present=2 if pen.well(0.15) else 1,
              certificate_shown=pen.well(0.15), uniform_worn=pen.well(0.2), recorder_on=pen.well(0.3),
              record_signed="signed" if pen.well(0.15) else "unsigned", no_burden=pen.well(0.04))
    found = pen.chance(0.4)
    pen.later(0, 5, slip=10)
    pen.write("result_told", problem_found=found, illegal_act_found=found and pen.chance(0.2))
    if found and pen.well(0.2):
        pen.later(0, 3)
        pen.write("rectification_ordered", rectify_by=pen.calendar.add_working_days(pen.day, 15))
    if pen.well(0.3):
        pen.later(2, 10)
        pen.write("published", secrets_checked=True)
    if found:
        pen.later(16, 25)
        pen.write("repeat_inspected", repeat_scope="ordered_items" if pen.well(0.3) else "wider",
                  repeat_result=pen.rng.choice(("done", "done", "partly")),
                  officers_present=2 if pen.well(0.2) else 1, certificate_shown=True)
    pen.later(1, 4)
    pen.write("case_closed")
    pen.write("archived")
