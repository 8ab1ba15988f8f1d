"""Expert argument and risk assessment."""

from __future__ import annotations

from datetime import date, timedelta

from plugins.decisions.demo.pen import Pen


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
              departments_heard=pen.rng.randint(2, 6) if pen.well(0.5) else None,
              risk_methods=("key_visits", "joint_analysis"))
    reported = pen.after(begun, 8, 20)
    controllable = pen.chance(0.95)
    covers = ("risk_points", "prevention", "emergency_plan") if pen.well(0.5) else ("risk_points", "prevention")
    pen.write("risk_report_completed", reported, risk_report_covers=covers, risk_controllable=controllable,
              risk_level=pen.rng.choices(("low", "medium", "high"), (7, 2, 1))[0] if pen.well(0.3) else None)
    if not pen.well(0.25):
        return reported
    adjusted = not controllable and pen.well(1.5)
    return pen.write("risk_conclusion_applied", pen.after(reported, 2, 6),
                     extra=("adjustment_table",) if adjusted else (), risk_controllable=controllable or adjusted,
                     draft_adjusted_for_risk=adjusted or None, risk_reassessed=True if adjusted else None)
