"""How a major decision goes, from proposal to evaluation, with the delays and slips that really happen.

The story only says what was done and when. Whether that was right is found by the rules.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from plugins.decisions.demo.pen import Pen
from plugins.decisions.demo.words import Matter, raw_words

SIX = ("problem", "reasons", "legal_basis", "preliminary_plan", "necessity", "feasibility")


@dataclass(frozen=True, slots=True)
class Subject:
    """What a case is about.

    Attributes:
        catalogue: number of the organ's catalogue of the year; empty where it has none.
        item: its number in the catalogue; empty where it is not listed.
        catalogue_day: when the catalogue was published.
        handling_unit: organ id of the unit that handles it.
    """

    title: str
    matter: Matter
    catalogue: str
    item: str
    catalogue_day: date | None
    handling_unit: str


@dataclass(frozen=True, slots=True)
class Needs:
    """Which steps this decision needs, as the organ sees it."""

    experts: bool
    risk: bool
    market: bool
    group: bool
    units: bool
    public: bool


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
    proposer = {"leader": "决策机关领导人员", "department_or_lower": "承办部门", "delegate_or_public": "人大代表建议"}[source]
    proposed = pen.write("proposal_submitted", proposal_source=source, decision_category=subject.matter.category,
                         proposer=proposer)
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
        pen.write("group_consulted", pen.after(announced, 2, 15), group_parties=("social_organisation", "representatives"))
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


def experts(pen: Pen, draft_day: date) -> date:
    """Expert argument; its last day."""
    selected = pen.after(draft_day, 3, 9)
    count = pen.rng.choice((3, 5, 5, 7))
    pooled = pen.chance(0.85)
    if pen.well(0.15):
        pen.write("experts_selected", selected, expert_count=count, from_expert_pool=pooled,
                  pool_exception_reason="专家库内无相近专业" if not pooled and pen.well(0.6) else None,
                  specialty_matches=pen.well(0.2), differing_views_sought=pen.well(0.7),
                  interest_declared=pen.well(0.5), direct_interest=not pen.well(0.15))
    argued = pen.after(selected, 4, 12)
    if not pen.well(0.12):
        argued = pen.after(max(pen.day, argued), 20, 30)
    scope = ("necessity", "feasibility", "scientific_soundness") if pen.well(0.5) else ("necessity", "feasibility")
    pen.write("expert_opinion_given", argued, argument_form=pen.rng.choice(("meeting", "meeting", "written")),
              argument_covers=scope, written_opinions=count, signed_opinions=count if pen.well(0.5) else count - 1)
    if pen.well(0.3):
        points = pen.rng.randint(3, 15)
        return pen.write("expert_opinions_handled", pen.after(argued, 2, 8), expert_points=points,
                         expert_points_answered=points if pen.well(0.6) else points - 1)
    return argued


def risk(pen: Pen, draft_day: date) -> date:
    """Risk assessment; its last day."""
    if pen.chance(0.05):
        earlier = draft_day - timedelta(days=pen.rng.randint(20, 90))
        day = pen.write("existing_assessment_used", pen.after(draft_day, 2, 8), risk_controllable=True,
                        earlier_assessment_basis="项目前期已开展社会稳定风险评估", earlier_assessment_on=earlier)
        return pen.write("risk_conclusion_applied", pen.after(day, 1, 4), risk_controllable=True)
    begun = pen.after(draft_day, 2, 8)
    third = pen.chance(0.5)
    pen.write("risk_assessment_started", begun, extra=("commission",) if third else (),
              risk_assessor="第三方评估机构" if third else "承办部门", third_party_assessor=third,
              departments_heard=pen.rng.randint(2, 6) if pen.well(0.5) else None, risk_methods=("key_visits", "joint_analysis"))
    reported = pen.after(begun, 8, 20)
    controllable = pen.chance(0.95)
    covers = ("risk_points", "prevention", "emergency_plan") if pen.well(0.5) else ("risk_points", "prevention")
    pen.write("risk_report_completed", reported, risk_report_covers=covers, risk_controllable=controllable,
              risk_level=pen.rng.choices(("low", "medium", "high"), (7, 2, 1))[0] if pen.well(0.3) else None)
    if not pen.well(0.25):
        return reported
    adjusted = not controllable and pen.well(1.5)
    return pen.write("risk_conclusion_applied", pen.after(reported, 2, 6), extra=("adjustment_table",) if adjusted else (),
                     risk_controllable=controllable or adjusted, draft_adjusted_for_risk=adjusted or None,
                     risk_reassessed=True if adjusted else None)


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
    pen.write("decision_published", published, publish_channels=("gov_site", "gazette") if pen.well(0.1) else ("other",),
              publish_url=f"https://demo.invalid/{pen.organ.region}/decision", interpretation_required=general,
              adoption_stated=pen.well(0.8) if general else None)
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
