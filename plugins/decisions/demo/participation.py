"""The public is heard: consultation, other forms, hearing, and what becomes of the opinions."""

from __future__ import annotations

from datetime import date, timedelta

from plugins.decisions.demo.pen import Pen
from plugins.decisions.demo.subject import Needs, Subject
from plugins.decisions.demo.words import raw_words


def participation(pen: Pen, subject: Subject, needs: Needs) -> tuple[bool, date]:
    """Public participation: whether opinions came in, and when it was over."""
    total = 0
    if not pen.well(0.12):
        return False, pen.day
    urgent = pen.chance(0.06)
    announced = pen.later(1, 6)
    length = pen.rng.randint(7, 20) if urgent else pen.rng.randint(30, 36)
    if not urgent and not pen.well(0.6):
        length = pen.rng.randint(12, 28)
    end = announced + timedelta(days=length)
    explained = urgent and pen.well(0.6)
    pen.write("consultation_announced", announced, extra=("screenshot",),
              consultation_channels=("gov_site", "new_media") if pen.chance(0.6) else ("gov_site",),
              notice_url=f"https://demo.invalid/{pen.organ.region}/notice", comment_deadline=end,
              draft_published=pen.well(0.4), comment_ways_stated=pen.well(0.3), consultation_shortened=urgent,
              shortening_reason=pen.rng.choice(raw_words()["opinion_reasons"]) if explained else None)
    total = pen.rng.choice((0, 0, 1, 2, 3, 5, 8, 13, 26, 47))
    pen.write("consultation_ended", end, extra=("shortening_note",) if explained else (), opinion_count=total)
    if pen.chance(0.35):
        more = pen.rng.randint(1, 9)
        total += more
        pen.write("other_participation", pen.after(announced, 3, 12), participation_forms=("seminar",),
                  participants=pen.rng.randint(8, 40), participation_opinions=more)
    if needs.group and pen.well(0.3):
        pen.write("group_consulted", pen.after(announced, 2, 15),
                  group_parties=("social_organisation", "representatives"))
    if (subject.matter.special == "price_setting" and pen.well(0.25)) or pen.chance(0.03):
        end = max(end, hearing(pen, announced, subject.matter.special == "price_setting"))
    pen.day = max(pen.day, end)
    if total and pen.well(0.35):
        handled = pen.after(end, 4, 11) if pen.well(0.6) else pen.after(end, 16, 24)
        adopted = pen.rng.randint(0, total)
        pen.write("opinions_handled", handled, opinions_handled_count=total if pen.well(0.5) else max(0, total - 2),
                  opinions_adopted=adopted, rejections_explained=pen.well(0.6))
        end = max(end, handled)
    return total > 0, end


def hearing(pen: Pen, announced: date, price: bool) -> date:
    """A hearing; its day."""
    notice = pen.after(announced, 0, 4)
    held = pen.working_day(notice + timedelta(days=pen.rng.randint(31, 38) if price else pen.rng.randint(14, 25)))
    ahead = 16 if price else 8
    if not pen.well(0.8):
        ahead = pen.rng.randint(2, 6)
    present = pen.rng.randint(9, 21)
    pen.write("hearing_announced", notice, hearing_planned_on=held, hearing_place=f"{pen.organ.place}会议中心",
              hearing_draft_published=pen.well(0.4), selection_method_published=pen.well(0.4))
    if pen.well(0.3):
        pen.write("hearing_participants_published", held - timedelta(days=ahead + 1), hearing_participants=present,
                  all_sides_represented=pen.well(0.3))
    pen.write("hearing_material_delivered", held - timedelta(days=ahead))
    steps = ("presentation", "statements", "record_signed") if pen.well(0.3) else ("presentation", "statements")
    pen.write("hearing_held", held, hearing_public=True, hearing_steps=steps, hearing_attendance=present,
              hearing_signatures=present if pen.well(0.4) else present - 1)
    return held
