"""Legality review and collective discussion."""

from __future__ import annotations

from plugins.decisions.demo.pen import Pen
from plugins.decisions.demo.subject import Needs
from plugins.decisions.demo.words import raw_words


def review(pen: Pen, needs: Needs) -> None:
    """Legality review."""
    if not pen.well(0.06):
        return
    files = ["draft", "explanation", "legal_basis", "procedure_statement"]
    if not pen.well(0.5):
        files.remove("procedure_statement")
    if needs.market:
        files.append("fair_competition")
    pen.later(1, 6)
    pen.write("review_requested", review_body=pen.reviewer.id, submitted_files=files,
              extra=("fair_competition",) if needs.market else ())
    if len(files) < 4 or pen.chance(0.06):
        pen.write("review_material_returned", pen.after(pen.day, 1, 2),
                  return_reason=pen.rng.choice(raw_words()["return_reasons"]))
        pen.day = pen.after(pen.day, 3, 6)
    pen.day = complete = pen.write("review_material_complete", pen.after(pen.day, 0, 1))
    short = not pen.well(0.6)
    pen.day = pen.after(complete, 2, 6) if short else pen.after(complete, 8, 14)
    if pen.well(0.4):
        pen.write("counsel_opinion_given", pen.calendar.add_working_days(pen.day, -1),
                  counsel_kind=pen.rng.choice(("legal_adviser", "government_lawyer")))
    formal = pen.well(0.12)
    comments = pen.rng.choice((0, 0, 1, 2, 3, 5, 7))
    lawful = pen.rng.choices(("lawful", "lawful_after_change", "risk_noted_exploratory"), (5, 5, 1))[0]
    pen.write("review_opinion_issued", review_form="formal_opinion" if formal else "comments_only",
              review_conclusion=lawful if pen.well(0.06) else "unlawful",
              review_covers=("authority", "procedure", "content") if pen.well(0.4) else ("authority", "content"),
              competent_reviewer=formal, shorter_time_sufficient=True if short and pen.chance(0.3) else None,
              review_comments=comments)
    if comments and pen.well(0.5):
        pen.day = pen.write("review_comments_answered", pen.after(pen.day, 2, 5),
                            review_comments_answered_count=comments if pen.well(0.5) else comments - 1)


def meeting(pen: Pen, needs: Needs, heard: bool) -> bool:
    """Collective discussion and issue; False where the draft is not adopted."""
    files = ["draft", "legality_opinion"]
    files += ["public_opinions"] if heard and pen.well(0.5) else []
    files += ["expert_opinions"] if needs.experts and pen.well(0.4) else []
    files += ["risk_report"] if needs.risk and pen.well(0.4) else []
    files += ["fair_competition"] if needs.market and pen.well(0.4) else []
    pen.later(2, 6)
    if pen.well(0.1):
        pen.write("meeting_material_submitted", meeting_files=files)
    pen.later(2, 9)
    against = pen.chance(0.02)
    if pen.well(0.04):
        pen.write("meeting_held", meeting_type=pen.rng.choices(("executive_meeting", "plenary_meeting"), (9, 1))[0]
                  if pen.well(0.1) else "other_meeting",
                  meeting_result="rejected" if pen.chance(0.012) else
                  pen.rng.choice(("approved", "approved", "approved_with_changes")),
                  head_spoke_last=pen.well(0.4), dissent="none_expressed" if pen.chance(0.75) else
                  "recorded" if pen.well(0.8) else "omitted", against_majority=against,
                  against_majority_explained=True if against and pen.well(0.8) else None)
        if pen.steps[-1][1].payload["meeting_result"] == "rejected":
            pen.write("procedure_withdrawn", pen.after(pen.day, 2, 6), withdrawn_reason="会议讨论未通过，终止决策程序")
            return False
    return True
