"""How penalties go, by the ordinary procedure and on the spot. The rules find what is wrong with them."""

from __future__ import annotations

from typing import Any

from core.organs.models import Organ
from plugins.enforcement.demo.pen import Pen
from plugins.enforcement.demo.words import Act, raw_words

NOTICE = ("penalty", "facts", "reasons", "basis", "defence_right")
COVERS = ("subject", "procedure", "facts", "law", "authority", "documents", "crime")
CONTENTS = ("party", "facts", "basis", "performance", "remedies", "organ_date")
LARGE = 10000
FILED_UPWARD = 50000


def ordinary(pen: Pen, act: Act) -> None:
    """The whole ordinary procedure."""
    pen.write("case_source_registered", source=pen.rng.choice(("inspection", "complaint", "transfer")),
              suspected_act=act.title, party_kind="organisation", party_name=pen.rng.choice(raw_words()["parties"]),
              act_place=pen.rng.choice(raw_words()["sites"]), act_ended_on=pen.day, found_on=pen.day)
    if not investigation(pen):
        return
    mitigated, major = pen.chance(0.4), act.most >= 100000
    pen.later(2, 6)
    pen.write("investigation_closed", facts_clear=pen.well(0.05), proposed_outcome="penalty",
              mitigating=("removed_harm",) if mitigated else None, aggravating=False, four_list="none")
    if pen.well(0.1):
        pen.write("case_characterised", complicated_or_major=major, public_interest=pen.chance(0.05),
                  complex_relations=pen.chance(0.05), in_major_list=major, suspected_crime=False, social_influence=True)
    circumstance = ("从轻" if mitigated else "一般" if pen.chance(0.85) else "从重") if act.table else ""
    fine = weighed(pen, act.tiers[circumstance]) if circumstance else proposed(pen, act, mitigated)
    heard = notice_and_hearing(pen, fine)
    if (major or heard) and pen.well(0.12):
        pen.later(1, 3)
        pen.write("legal_review_requested")
        pen.later(1, 4)
        pen.write("legal_review_completed", review_conclusion="passed",
                  review_covers=COVERS if pen.well(0.4) else COVERS[:4], first_time=False)
    if major and pen.well(0.25):
        pen.later(1, 3)
        pen.write("collective_discussion_held", discussants=pen.rng.randint(3, 7), discussion_result="同意处罚建议")
    decision(pen, act, fine, mitigated, circumstance)


def investigation(pen: Pen) -> bool:
    """From the check of the clue to the evidence; False where the case is not filed."""
    pen.later(1, 3)
    pen.write("site_inspected", officers_present=present(pen), certificate_shown=pen.well(0.15),
              record_signed=signed(pen), uniform_worn=pen.well(0.2), recorder_required=True, recorder_on=pen.well(0.3))
    pen.write("clue_checked", has_jurisdiction=True, meets_standard=True)
    if pen.chance(0.04):
        pen.later(1, 5)
        pen.write("not_filed", not_filed_reason="不符合立案标准")
        return False
    pen.later(2, 8, slip=14)
    lead, second = pen.officers()
    pen.write("filed", sector=pen.team.trade.sector, lead_officer=lead,
              second_officer=second if pen.well(0.1) else None, recusal_checked=pen.well(0.1))
    pen.later(1, 6)
    pen.write("person_questioned", officers_present=present(pen), certificate_shown=pen.well(0.15),
              record_signed=signed(pen))
    pen.write("evidence_collected", evidence_kinds=("documents", "audiovisual"), evidence_verified=pen.well(0.1),
              lawful_means=pen.well(0.03))
    pen.write("correction_required", correct_by=pen.calendar.add_working_days(pen.day, 10))
    if pen.chance(0.2):
        pen.write("evidence_registered", head_approved=pen.well(0.2), items="账册、样品")
        pen.later(3, 7, slip=6)
        pen.write("evidence_handled", handled_by="returned")
    pen.later(4, 20, slip=45)
    return True


def present(pen: Pen) -> int:
    """How many officers are there."""
    return 2 if pen.well(0.15) else 1


def signed(pen: Pen) -> str:
    """How the record is signed."""
    return "signed" if pen.well(0.2) else pen.rng.choice(("refused_noted", "unsigned"))


def proposed(pen: Pen, act: Act, mitigated: bool) -> int:
    """A fine in the lower or the middle part of the statutory range, in whole hundreds."""
    part = pen.rng.uniform(0, 0.3) if mitigated else pen.rng.uniform(0.3, 0.7)
    return max(act.least, round((act.least + part * (act.most - act.least)) / 100) * 100)


def weighed(pen: Pen, tier: tuple[int, int]) -> int:
    """A fine within the tier of the table, where like cases lie; the careless leave that place, and the tier."""
    place = pen.rng.choice((-0.3, 0.02, 0.97, 1.2)) if not pen.well(0.6) else pen.rng.triangular(0.25, 0.6, 0.4)
    return round((tier[0] + place * (tier[1] - tier[0])) / 100) * 100


def notice_and_hearing(pen: Pen, fine: int) -> bool:
    """Prior notice, defence, and a hearing now and then; whether one was held."""
    pen.later(1, 4)
    if not pen.well(0.1):
        return False
    told = fine >= LARGE and pen.well(0.15)
    pen.write("notice_served", notice_contents=(*NOTICE, "hearing_right") if told else NOTICE,
              proposed_kinds=("fine",), proposed_fine=fine)
    defended = pen.chance(0.3)
    if told and pen.chance(0.15):
        pen.later(1, 4)
        pen.write("hearing_requested")
        pen.write("hearing_notified", hearing_on=pen.calendar.add_working_days(pen.day, 9))
        pen.later(9 if pen.well(0.5) else 5, 9)
        pen.write("hearing_held", hearing_public=True, host_independent=pen.well(0.1), agents=1, debate_held=True,
                  record_signed="signed")
        return True
    if defended:
        pen.later(1, 3)
        pen.write("party_responded", defence="defended")
        pen.later(1, 3)
        if pen.well(0.3):
            pen.write("defence_reviewed", defence_adopted="rejected", review_note="经复核，理由不成立")
    pen.later(6 if pen.well(0.3) else 2, 9)
    return False


def decision(pen: Pen, act: Act, fine: int, mitigated: bool, circumstance: str) -> None:
    """Decision, service, publication, execution, archive."""
    pen.later(1, 5)
    final = fine if pen.well(0.1) else round(fine * 1.2)
    table: dict[str, Any] = {
        "violation": act.table, "circumstances_checked": True,
        "discretion_facts": (f"circumstance={circumstance}", f"goods_value={pen.rng.randint(5, 95) * 100}")}
    pen.write("decision_made", penalty_kinds=("fine", "confiscation") if circumstance else ("fine",),
              **(table if circumstance else {}), fine_amount=final, statutory_min=act.least,
              statutory_max=act.most, tier="lighter" if mitigated and pen.well(0.3) else "ordinary",
              within_benchmark=pen.well(0.15),
              discretion_reasons=pen.rng.choice(raw_words()["reasons"]) if pen.well(0.3) else None)
    pen.write("document_checked", document_contents=CONTENTS if pen.well(0.2) else CONTENTS[:5], sealed=pen.well(0.03))
    pen.later(0, 5, slip=8)
    pen.write("served", service_method=pen.rng.choice(("direct", "direct", "mail")))
    if pen.well(0.2):
        pen.later(0, 2, slip=12)
        pen.write("published", on_credit_system=True, secrets_checked=pen.well(0.1))
    if final >= FILED_UPWARD and pen.well(0.4):
        pen.later(1, 4)
        upper = Organ.get_by_id(pen.team.organ)
        pen.write("major_penalty_filed", filed_with=upper.government_id or pen.team.organ)
    pen.later(3, 12)
    pen.write("fine_collected", collected_by="bank" if pen.well(0.1) else "agency",
              finance_receipt=True)
    pen.later(2, 10)
    pen.write("case_closed", closed_because="executed")
    pen.later(3, 15, slip=20)
    pen.write("archived", archive_number=f"{pen.day.year}-{pen.rng.randint(1, 900):03d}")


def on_the_spot(pen: Pen, act: str) -> None:
    """A penalty on the spot."""
    citizen = pen.chance(0.7)
    lead, second = pen.officers()
    alone = not pen.well(0.15)
    pen.write("act_found", suspected_act=act, party_kind="citizen" if citizen else "organisation",
              act_place=pen.rng.choice(raw_words()["sites"]), lead_officer=lead,
              second_officer=None if alone else second, officers_present=1 if alone else 2)
    if pen.well(0.15):
        pen.write("identity_shown", uniform_worn=pen.well(0.2), recorder_on=pen.well(0.3))
    pen.write("facts_established", facts_clear=pen.well(0.05), suspected_crime=False)
    if pen.well(0.1):
        pen.write("notice_given", told=("penalty", "facts", "reasons", "basis", "rights") if pen.well(0.3)
                  else ("penalty", "facts"), defence="heard" if pen.chance(0.3) else "none")
    fine = pen.rng.choice((50, 100, 200)) if citizen else pen.rng.choice((500, 1000, 3000))
    pen.write("decision_made", decision_number=f"{pen.rng.randint(1, 99999):05d}", penalty_kinds=("fine",),
              fine_amount=fine if pen.well(0.1) else fine * 4, correction_required=pen.well(0.2),
              contents=("act", "basis", "amount", "remedies", "organ", "signatures") if pen.well(0.2) else ("act",))
    pen.write("delivered", receipt_signed="signed" if pen.well(0.2) else "unsigned")
    on_spot = citizen and fine <= 100
    if on_spot:
        pen.write("collected_on_spot", collected_because="small", finance_receipt=pen.well(0.1))
    pen.later(0, 2, slip=4)
    pen.write("reported_to_organ")
    if on_spot:
        pen.write("remitted_to_organ")
        pen.later(0, 2, slip=3)
        pen.write("remitted_to_bank")
    else:
        pen.later(1, 10)
        pen.write("paid_at_bank")
    pen.later(1, 5)
    pen.write("case_closed")
    pen.write("archived")
