"""How a major decision goes, from proposal to evaluation, with the delays and slips that really happen.

The story only says what was done and when. Whether that was right is found by the rules.
"""

from __future__ import annotations

from datetime import date, timedelta

from plugins.decisions.demo.aftermath import aftermath
from plugins.decisions.demo.argument import experts, risk
from plugins.decisions.demo.deciding import meeting, review
from plugins.decisions.demo.participation import participation
from plugins.decisions.demo.pen import Pen
from plugins.decisions.demo.subject import Needs, Subject
from plugins.decisions.demo.words import raw_words

SIX = ("problem", "reasons", "legal_basis", "preliminary_plan", "necessity", "feasibility")
PROPOSERS = {"leader": "决策机关领导人员", "department_or_lower": "承办部门", "delegate_or_public": "人大代表建议"}


def tell(pen: Pen, subject: Subject) -> None:
    """Write the whole case."""
    if not initiation(pen, subject):
        return
    needs = determination(pen, subject)
    draft_day = drafting(pen, needs)
    if pen.chance(0.015):
        pen.write("procedure_withdrawn", pen.after(pen.day, 5, 30),
                  withdrawn_reason=pen.rng.choice(raw_words()["withdrawn_reasons"]))
        return
    ends = [pen.day]
    heard = False
    if needs.public:
        heard, end = participation(pen, subject, needs)
        ends.append(end)
    start = pen.day
    if needs.experts and pen.well(0.2):
        ends.append(experts(pen, draft_day))
    if needs.risk and pen.well(0.2):
        ends.append(risk(pen, draft_day))
    if needs.market and pen.well(0.25):
        ends.append(pen.write("fair_competition_reviewed", pen.after(draft_day, 5, 20),
                              fair_competition_conclusion="passed" if pen.chance(0.95) else "exception"))
    pen.day = max([start, *ends])
    review(pen, needs)
    if meeting(pen, needs, heard):
        aftermath(pen, subject, needs)


def initiation(pen: Pen, subject: Subject) -> bool:
    """Proposal, study and start; False where the matter is not taken up."""
    source = pen.rng.choices(("leader", "department_or_lower", "delegate_or_public"), (3, 5, 2))[0]
    proposed = pen.write("proposal_submitted", proposal_source=source, decision_category=subject.matter.category,
                         proposer=PROPOSERS[source])
    covers = SIX if source == "department_or_lower" and pen.well(0.7) else SIX[: pen.rng.randint(3, 5)]
    started = pen.later(8, 25)
    study = pen.after(proposed, 2, 7) if pen.well(0.25) else pen.after(started, 2, 8)
    pen.write("study_completed", study, study_unit="本级研究室" if source == "leader" else "承办部门",
              study_covers=SIX if source != "department_or_lower" else covers)
    if pen.chance(0.03):
        pen.write("not_started", not_started_reason=pen.rng.choice(raw_words()["not_started_reasons"]),
                  reply_given=pen.well())
        return False
    joint = pen.chance(0.3)
    pen.write("started", handling_unit=subject.handling_unit, joint_handling=joint,
              lead_unit=subject.handling_unit if joint and pen.well(0.6) else None,
              start_approver=pen.organ.staff["office_head"])
    catalogue(pen, subject)
    return True


def catalogue(pen: Pen, subject: Subject) -> None:
    """The note on the catalogue of the year."""
    day = pen.after(pen.day, 0, 3)
    if subject.catalogue_day is None or subject.catalogue_day > day:
        if pen.chance(0.7):
            pen.write("catalogue_linked", day, without=("catalogue", "party_consent"), catalogue_exists=False)
        return
    pen.write("catalogue_linked", day, extra=("screenshot",), catalogue_exists=True,
              catalogue_number=subject.catalogue, catalogue_item=subject.item or None,
              catalogue_published_on=subject.catalogue_day,
              catalogue_consented_on=subject.catalogue_day - timedelta(days=pen.rng.randint(3, 20)),
              catalogue_url=f"https://demo.invalid/{pen.organ.region}/catalogue" if pen.well(0.5) else None)


def determination(pen: Pen, subject: Subject) -> Needs:
    """Which steps are compulsory, and special procedures."""
    features = subject.matter.features
    needs = Needs(
        experts="technical" in features or pen.chance(0.2),
        risk="risk" in features or subject.matter.special in ("expropriation", "land_acquisition") or pen.chance(0.15),
        market="market" in features or pen.chance(0.1),
        group="group" in features, units=pen.chance(0.9), public=not pen.chance(0.02))
    day = pen.after(pen.day, 0, 4)
    reasoned = pen.well(0.4)
    pen.write("characterised", day, professional_or_technical=needs.experts, possible_adverse_effect=needs.risk,
              concerns_market_entities=needs.market, specific_group_affected=needs.group,
              touches_other_units=needs.units, npc_matter=pen.chance(0.05),
              not_applicable_reason="经研究，本事项不具备相应特征，不适用该程序。" if reasoned else None,
              not_applicable_approver=pen.organ.staff["office_head"] if reasoned else None)
    if subject.matter.special or pen.chance(0.1):
        special = subject.matter.special or "none"
        pen.write("special_procedure_determined", day, special_law=special,
                  hearing_required_by_law=special == "price_setting",
                  hearing_basis="价格法第二十三条" if special == "price_setting" else None)
    if not needs.public:
        pen.write("non_publicity_determined", day, not_public_law="政府信息公开条例", not_public_article="第十四条",
                  not_public_approver=pen.organ.staff["office_head"])
    return needs


def drafting(pen: Pen, needs: Needs) -> date:
    """Draft and consultation of other units; the day of the draft."""
    started = pen.day
    day = pen.later(12, 35)
    if not pen.well(0.2):
        day = pen.calendar.add_working_days(started, -pen.rng.randint(1, 6))
    dispute = pen.chance(0.12)
    pen.write("draft_completed", day, legal_basis_count=pen.rng.randint(3, 14), legal_basis_valid=pen.well(0.5),
              large_dispute=dispute, alternatives=2 if dispute and pen.well(0.8) else 1)
    if needs.units and pen.well(0.2):
        units, agreed = pen.rng.randint(3, 12), pen.chance(0.8)
        explained = not agreed and pen.well(0.8)
        pen.write("units_consulted", pen.after(day, 4, 12), extra=("dispute_note",) if explained else (),
                  related_units=units, replied_units=units if pen.well(0.6) else units - 1,
                  replies_complete=pen.well(0.5), consensus=agreed,
                  dispute_note=("main_issue", "unit_opinion", "handling_opinion", "reasons", "legal_basis")
                  if explained else None)
    return day
