"""How disputes go, procedure by procedure. Only steps are told; the engine judges them."""

from __future__ import annotations

from datetime import timedelta

from plugins.disputes.demo.pen import Pen
from plugins.disputes.demo.places import Office

ACTS = ("penalty", "penalty", "penalty", "licence", "coercion", "expropriation", "disclosure", "disclosure",
        "inaction", "confirmation", "injury", "social")
ACT_WORDS = {"penalty": "行政处罚", "licence": "行政许可", "coercion": "行政强制", "expropriation": "房屋征收补偿",
             "disclosure": "政府信息公开答复", "inaction": "不履行法定职责", "confirmation": "土地确权",
             "injury": "工伤认定", "social": "社会保险待遇"}
GROUNDS = ("facts", "law", "notice", "hearing", "period", "service", "review", "improper")
PENALTY_LAW = "行政处罚法"
ARTICLES = {"facts": (PENALTY_LAW, "40"), "law": (PENALTY_LAW, "38"), "notice": (PENALTY_LAW, "44"),
            "hearing": (PENALTY_LAW, "63"), "period": (PENALTY_LAW, "60"), "service": (PENALTY_LAW, "61"),
            "review": (PENALTY_LAW, "58"), "improper": (PENALTY_LAW, "5"), "inaction": ("政府信息公开条例", "33")}
DOCUMENTS = ("演示市户外广告管理办法", "演示市道路停放管理规定")


def reconsideration(pen: Pen, other: Office) -> str:
    """An application from intake to performance."""
    rng = pen.rng
    act = rng.choice(ACTS)
    group = rng.choice((1, 1, 1, 1, 2, 5, 14)) if act == "expropriation" else 1
    pen.write("received", channel=rng.choice(("counter", "post", "web", "web", "oral")), applicant_kind="citizen",
              applicant_name="演示申请人", applicant_count=group, repeat_applicant=pen.chance(0.08))
    pen.write("registered", respondent=other.organ, domain=other.domain, act_kind=act, respondent_is_department=True,
              penalty_kind=act == "penalty" and pen.chance(0.15), incidental_asked=False)
    title = f"不服{other.name}{ACT_WORDS[act]}案"
    if pen.chance(0.12):
        pen.later(2, 4, slip=4)
        pen.write("supplement_told", told_once=pen.well(0.2),
                  supplement_until=pen.calendar.add_working_days(pen.day, 10))
        pen.later(3, 9)
        pen.write("supplemented")
    pen.later(2, 4, slip=4)
    if pen.chance(0.1):
        pen.write("not_accepted", refusal_ground=rng.choice(("late", "interest", "scope", "repeated")),
                  reasons_stated=pen.well(0.1))
        return title
    summary = act == "disclosure" and pen.chance(0.7)
    major = not summary and (group > 10 or pen.chance(0.1))
    pen.write("accepted", mode="summary" if summary else "ordinary", reviewers=1 if summary else 2, major=major)
    pen.later(1, 2 if summary else 5, slip=5)
    pen.write("copy_sent")
    answered = pen.well(0.15, other)
    if answered:
        pen.later(3, 4 if summary else 9, slip=6, office=other)
        pen.write("replied", by=other, reply_complete=pen.well(0.2, other),
                  staff_agents=1 if pen.well(0.2, other) else 0)
    if _ends_early(pen):
        return title
    if not summary:
        pen.later(3, 8)
        pen.write("parties_heard", heard_by=rng.choice(("face", "phone", "web")))
    _on_the_way(pen, other, major=major, summary=summary)
    _decision(pen, other, act, answered=answered, summary=summary)
    return title


def _ends_early(pen: Pen) -> bool:
    """Mediated, settled or withdrawn."""
    drawn = pen.rng.random()
    if drawn > 0.24:
        return False
    pen.later(6, 14)
    if drawn < 0.12:
        pen.write("mediated", voluntary=True, agreed=True)
        pen.write("mediation_document", act_changed=pen.chance(0.6), signed_and_sealed=pen.well(0.1))
        pen.later(1, 3)
        pen.write("served", suit_told=True)
        pen.later(5, 15)
        pen.write("performed")
    else:
        pen.write("terminated", termination_ground="settled" if drawn < 0.18 else "withdrawn",
                  self_corrected=pen.chance(0.35))
        pen.later(1, 3)
        pen.write("served", suit_told=True)
    pen.later(1, 4)
    pen.write("case_closed")
    pen.write("archived", pages=pen.rng.randint(30, 160))
    return True


def _on_the_way(pen: Pen, other: Office, *, major: bool, summary: bool) -> None:
    if pen.chance(0.06):
        document = pen.rng.choice(DOCUMENTS)
        pen.write("incidental_started", relied_document=document, incidental_source="asked", competent=True)
        pen.write("suspended", suspension_ground="incidental", written_told=pen.well(0.2))
        pen.later(1, 3, slip=3)
        pen.write("maker_notified")
        pen.later(5, 9)
        pen.write("maker_replied")
        pen.later(4, 8)
        unlawful = pen.chance(0.4)
        pen.write("incidental_handled", document_unlawful=unlawful, stopped=unlawful)
        cause = pen.day
        pen.later(0, 3)
        pen.write("resumed", cause_ended_on=cause, written_told=pen.well(0.2))
    elif pen.chance(0.08):
        pen.write("suspended", suspension_ground=pen.rng.choice(("mediation", "other_case", "law_question")),
                  written_told=pen.well(0.2))
        pen.later(8, 25)
        pen.write("resumed", cause_ended_on=pen.day, written_told=pen.well(0.2))
    if major and pen.well(0.25):
        pen.write("hearing_notified")
        pen.later(5 if pen.well(0.3) else 3, 8)
        pen.write("hearing_held", hosts=1, members=2, recorders=1, head_attendance=pen.rng.choice(
            ("attended", "attended", "delegated")) if pen.well(0.4, other) else "absent", applicant_present=True)
    if major and pen.well(0.3):
        pen.later(1, 5)
        pen.write("committee_consulted")
        pen.later(3, 8)
        pen.write("committee_opinion", committee_view="演示咨询意见")
    if not summary and pen.chance(0.12):
        pen.later(2, 5)
        pen.write("period_extended", extension_reason="案情复杂，需要补充调查")
        pen.later(0, 2)
        pen.write("extension_told")
        pen.later(5, 12)


def _decision(pen: Pen, other: Office, act: str, *, answered: bool, summary: bool) -> None:
    pen.later(2, 5 if summary else 12, slip=18)
    pen.write("deliberated", deliberators=1 if summary else 3, proposal="演示处理意见", committee_adopted=True)
    if pen.well(0.1):
        pen.later(0, 2)
        pen.write("approved", approval_way="head")
    wrong = not answered or pen.rng.random() < (1 - other.care) * 0.75
    days = pen.rng.choice((15, 30, 60)) if wrong else None
    if wrong:
        ground = "no_reply" if not answered else other.weakness if pen.chance(0.6) else pen.rng.choice(GROUNDS)
        if act == "inaction" and answered:
            ground = "inaction"
        law, article = ARTICLES.get(ground, ("行政复议法", "70"))
        outcome = "perform" if ground == "inaction" else pen.rng.choice(("revoke", "revoke", "illegal", "change"))
        pen.write("decided", outcome=outcome, grounds=(ground,), breached_law=law, breached_article=article,
                  perform_days=days, publishable=True)
    else:
        pen.write("decided", outcome=pen.rng.choice(("uphold", "uphold", "uphold", "reject_claim", "dismiss")),
                  publishable=True)
    pen.later(1, 4, slip=8)
    pen.write("served", suit_told=pen.well(0.1), perform_by=pen.day + timedelta(days=days) if days else None)
    if pen.well(0.3):
        pen.later(2, 10)
        pen.write("published")
        pen.write("copied", copied_to=other.upper)
    if pen.chance(0.2):
        pen.later(3, 8)
        pen.write("sued")
    if days:
        pen.later(3, 9, slip=25, office=other)
        if not pen.well(0.25, other):
            return
        pen.write("performed")
    pen.later(1, 5)
    pen.write("case_closed")
    pen.write("archived", pages=pen.rng.randint(40, 220))


def litigation(pen: Pen, _other: Office) -> str:
    """A suit against the office."""
    rng = pen.rng
    act = rng.choice(ACTS[:9])
    pen.write("suit_received", court="演示人民法院", plaintiff="演示原告", plaintiffs=rng.choice((1, 1, 1, 3)),
              act_kind=act, after_reconsideration=pen.chance(0.4))
    pen.later(0, 2)
    pen.write("unit_assigned", staff_agents=1 if pen.well(0.2) else 0, lawyer=pen.chance(0.5))
    pen.later(5, 8, slip=6)
    pen.write("answered", evidence_complete=pen.well(0.2))
    pen.later(8, 25)
    head = rng.choice(("chief", "deputy", "deputy", "leader")) if pen.well(0.6) else "none"
    pen.write("hearing_attended", instance="first", head=head, staff_attended=True,
              head_absence=None if head != "none" else rng.choice(("irreplaceable", "no_reason")),
              absence_proved=None if head != "none" else pen.chance(0.6))
    pen.later(15, 45)
    lost = rng.random() < (1 - pen.office.care) * 0.7
    result = rng.choice(("revoked", "illegal", "perform") if lost else ("dismissed", "dismissed", "withdrawn"))
    pen.write("judgment_received", instance="first", result=result,
              grounds=(rng.choice(("facts", "law", "procedure")),) if lost else None,
              breached_law="行政处罚法" if lost else None, breached_article="44" if lost else None)
    pen.later(11, 14)
    pen.write("effective", performance_needed=lost,
              perform_until=pen.calendar.add_working_days(pen.day, 20) if lost else None)
    if lost:
        pen.later(5, 18, slip=20)
        if not pen.well(0.3):
            return f"{ACT_WORDS[act]}行政诉讼"
        pen.write("performed")
    pen.later(1, 4)
    pen.write("case_closed")
    return f"{ACT_WORDS[act]}行政诉讼"


def mediation(pen: Pen, _other: Office) -> str:
    """A dispute between neighbours, over land, wages and the like."""
    kind = pen.rng.choice(("family", "neighbours", "neighbours", "land", "wages", "traffic", "consumer", "property"))
    title = {"family": "婚姻家庭", "neighbours": "邻里", "land": "草场边界", "wages": "劳动报酬", "traffic": "交通事故",
             "consumer": "消费", "property": "物业"}[kind] + "纠纷调解"
    pen.write("applied", source=pen.rng.choice(("application", "own", "court", "police", "police")),
              dispute_kind=kind, parties=2, all_agree=True)
    pen.later(0, 2)
    pen.write("mediator_assigned", mediators=1)
    pen.later(1, 8, slip=15)
    pen.write("session_held", fee_charged=False)
    if pen.chance(0.07):
        pen.write("failed", routes_told=pen.well(0.3))
        pen.write("referred_on", referred_to="court")
    else:
        pen.later(0, 4)
        if pen.chance(0.8):
            pen.write("agreement_written", parties_signed=True, mediator_signed=True, sealed=pen.well(0.2))
        else:
            pen.write("agreement_oral", recorded=pen.well(0.2))
        if pen.chance(0.15):
            pen.later(3, 12)
            pen.write("confirmation_applied", joint=True)
            pen.later(3, 8)
            pen.write("confirmation_result", confirmation="confirmed" if pen.chance(0.95) else "rejected")
        pen.later(5, 25)
        if pen.well(0.3):
            pen.write("followed_up", extent="partly" if pen.chance(0.2) else "performed")
    pen.later(0, 3)
    pen.write("case_closed")
    pen.write("archived")
    return title


def legal_aid(pen: Pen, _other: Office) -> str:
    """Legal aid, a third of it through the green channel."""
    green = pen.chance(0.35)
    group = "migrant" if green else pen.rng.choice(("elderly", "disabled", "woman", "other"))
    pen.write("applied", hour=9, aid_kind="civil", applicant_group=group,
              matter=pen.rng.choice(("wages", "injury") if green else ("support", "damage", "social")))
    if not green:
        pen.later(1, 3, slip=6)
    if pen.chance(0.05) and not green:
        pen.write("refused", written=pen.well(0.2))
        pen.write("case_closed")
        return "法律援助申请"
    pen.write("approved", hour=11, hardship_checked=not green)
    if not green or not pen.well(0.3):
        pen.later(1, 2, slip=3)
    pen.write("assigned", hour=15, provider_kind=pen.rng.choice(("lawyer", "lawyer", "grassroots")),
              provider="演示律师")
    pen.later(20, 60)
    pen.write("completed", aid_result=pen.rng.choice(("won", "won", "mediated", "partly", "lost")))
    pen.later(1, 5)
    pen.write("case_closed")
    pen.write("rated", satisfaction=pen.rng.choice((3, 4, 5, 5, 5)))
    return "农牧民工讨薪法律援助" if green else "法律援助"


def adjudication(pen: Pen, _other: Office) -> str:
    """A complaint about procurement, a patent or a boundary."""
    matter = pen.rng.choice(("procurement", "procurement", "patent", "land"))
    pen.write("applied", matter=matter, applicant="演示申请人")
    pen.later(1, 4, slip=5)
    pen.write("accepted", fee_charged=False)
    pen.later(1, 3)
    pen.write("respondent_notified")
    pen.later(3, 8)
    pen.write("mediated", agreed=False)
    pen.later(4, 12, slip=20)
    pen.write("adjudicated", outcome=pen.rng.choice(("for", "partly", "against", "against")),
              remedies_told=pen.well(0.2), remedy_kind="administrative")
    pen.later(1, 3)
    pen.write("served")
    pen.write("case_closed")
    return {"procurement": "政府采购投诉", "patent": "专利侵权纠纷", "land": "土地权属争议"}[matter] + "行政裁决"


def arbitration(pen: Pen, _other: Office) -> str:
    """Mostly labour arbitration."""
    field = pen.rng.choice(("labour", "labour", "labour", "commercial", "rural"))
    pen.write("applied", field=field, has_agreement=True if field == "commercial" else None)
    pen.later(1, 3, slip=3)
    pen.write("accepted", fee_charged=field == "commercial")
    pen.later(3, 6)
    pen.write("tribunal_formed", arbitrators=pen.rng.choice((1, 3)), disclosure_sent=pen.well(0.3))
    pen.later(5, 12)
    pen.write("hearing_held", public=field != "commercial", record_signed=True)
    pen.later(4, 10, slip=15)
    pen.write("award_made", award_kind=pen.rng.choice(("award", "award", "mediation", "mediation", "agreed")),
              majority=True)
    pen.later(1, 3)
    pen.write("award_served")
    pen.write("case_closed")
    return {"labour": "劳动争议", "commercial": "合同纠纷", "rural": "土地承包纠纷"}[field] + "仲裁"


def admin_mediation(pen: Pen, _other: Office) -> str:
    """A dispute that a department finds or is asked to mediate."""
    kind = pen.rng.choice(("land", "labour", "consumer", "housing", "environment"))
    title = {"land": "草场", "labour": "劳动人事", "consumer": "消费", "housing": "物业",
             "environment": "环境"}[kind] + "争议行政调解"
    if pen.chance(0.5):
        pen.write("found", dispute_kind=kind, large=pen.chance(0.5), people=pen.rng.randint(5, 80))
        pen.later(1, 4, slip=5)
        pen.write("mediation_begun")
    else:
        pen.write("applied", dispute_kind=kind)
    pen.later(2, 10)
    pen.write("session_held", fee_charged=False)
    if pen.chance(0.15):
        pen.write("failed", routes_told=pen.well(0.3))
        pen.write("referred_on", referred_to="adjudication")
    else:
        pen.write("agreed")
        pen.later(10, 25)
        pen.write("followed_up", extent="performed" if pen.chance(0.85) else "partly")
    pen.write("case_closed")
    return title


def recommendation(pen: Pen, other: Office) -> str:
    """A letter to a department, and its report."""
    kind = pen.rng.choice(("opinion", "advice"))
    pen.write("issued", letter_kind=kind, addressee=other.organ, cases_counted=pen.rng.randint(2, 6),
              advice_text="同类行政行为反复被纠正，建议规范告知、听证程序（演示数据）", addressee_is_department=True)
    pen.later(1, 3)
    pen.write("copied")
    pen.later(15, 35, slip=12, office=other)
    if pen.well(0.3, other):
        pen.write("reported", by=other, corrected=True, report_text="已组织整改（演示数据）")
        pen.later(3, 8)
        pen.write("verified", confirmed=True)
        pen.write("case_closed")
    return f"{other.name}行政复议{'意见书' if kind == 'opinion' else '建议书'}"
