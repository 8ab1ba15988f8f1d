"""How the demonstration region is supervised: documents from findings, filings, file reviews, random inspections."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from random import Random
from typing import Any

from core.cases.case import CaseHead
from core.draws.holding import Draws
from core.draws.plan import Candidate, Plan
from core.instance import LOCAL_TIME, Instance
from core.ledger.intake import AnyoneMayRecord, Given, NewEvent
from core.organs.models import Organ, RoleGrant
from core.organs.vocabulary import OrganKind, Role
from core.rulebook.model import Rule
from plugins.enforcement.demo.teams import Team
from plugins.enforcement.demo.words import raw_words
from plugins.enforcement.supervision.filing import file_major_acts
from plugins.enforcement.supervision.sampling import FileScope, files, officers
from scoring.models import CaseScore, FindingRow

LETTERS, PLANS, LISTS, SAMPLE = 18, 3, 8, 2
REVIEWED = ("enforcement.penalty", "enforcement.penalty_summary", "enforcement.licence", "enforcement.coercion",
            "enforcement.inspection")
Told = tuple[CaseHead, Sequence[NewEvent]]


def oversee(instance: Instance, teams: Sequence[Team], rng: Random) -> str:
    """Record some supervision of the cases that are there; a line to print."""
    today = instance.now().astimezone(LOCAL_TIME).date()
    by_organ = {team.organ: team for team in teams}
    supervisors = _supervisors()
    filings = file_major_acts(instance)
    told = [*_letters(instance, by_organ, supervisors, today, rng), *_publicity(teams, today, rng)]
    instance.recorder.permitting(AnyoneMayRecord()).record_many(told)
    plans = sum(_inspection(instance, team, today, rng) for team in teams[:PLANS])
    lists = sum(head.procedure == "enforcement.publicity" for head, _ in told)
    reviews = sum(_review(instance, team, supervisors, today) for team in teams)
    return (f"执法监督（演示）：重大执法备案 {filings}，监督文书 {len(told) - lists}，普法清单 {lists}，"
            f"双随机抽查 {plans}，案卷评查 {reviews}")


def _supervisors() -> Mapping[str, tuple[str, str]]:
    """Government → the supervisor of its justice department, and that department."""
    query: Any = RoleGrant.select(RoleGrant.person, RoleGrant.organ).where(RoleGrant.role == Role.SUPERVISOR.value)
    held = {grant.organ_id: grant.person_id for grant in query}
    departments: Any = Organ.select().where(Organ.kind == OrganKind.JUSTICE.value)
    return {str(one.government_id): (held[one.id], str(one.id)) for one in departments if one.id in held}


def _letters(instance: Instance, teams: Mapping[str, Team], supervisors: Mapping[str, tuple[str, str]], today: date,
             rng: Random) -> list[Told]:
    rules: dict[str, Rule] = {}
    query: Any = FindingRow.select().where(
        FindingRow.organ.in_(list(teams)) & FindingRow.level.in_(("red", "orange"))
        & FindingRow.procedure.startswith("enforcement.")).order_by(FindingRow.id)
    told: list[Told] = []
    for finding in rng.sample(found, min(LETTERS, len(found))) if (found := list(query)) else ():
        organ: Any = Organ.get(Organ.id == finding.organ)
        if str(organ.government_id) not in supervisors:
            continue
        person, justice = supervisors[str(organ.government_id)]
        for rule in instance.bundles.current().rules(finding.procedure):
            rules[rule.id] = rule
        rule_of = rules.get(finding.rule)
        about = rule_of.title.zh if rule_of else finding.code
        raised = finding.raised_at.astimezone(LOCAL_TIME).date()
        begun = max(raised + timedelta(days=rng.randint(3, 20)), today - timedelta(days=rng.randint(5, 70)))
        kind, ground, name = ("urging_issued", "inaction", "督办函") if finding.due else (
            "opinion_issued", "illegal", "监督意见书")
        opening: dict[str, Given] = {
            "letter_about": about, "ground": ground, "case_about": finding.case, "finding_about": finding.id,
            "requirement": (rule_of.remedy.zh if rule_of and rule_of.remedy else "依法改正并报告。"),
            "reply_by": begun + timedelta(days=30), "responsible_person": finding.person, "in_dispute": False}
        team = teams[finding.organ]
        steps = [NewEvent(kind, begun, opening, actor=person, organ=justice)]
        if rng.random() < 0.75:
            replied = begun + timedelta(days=rng.randint(6, 34))
            steps.append(NewEvent("result_reported", replied, {"result": "已按要求改正，材料附后。（演示数据）"},
                                  actor=team.staff[Role.OFFICE_HEAD], organ=team.organ))
            if rng.random() < 0.7:
                checked = replied + timedelta(days=rng.randint(2, 12))
                steps += [NewEvent("result_verified", checked, {
                              "corrected": True, "verification": "已核对。（演示数据）"}, actor=person, organ=justice),
                          NewEvent("letter_closed", checked + timedelta(days=1), actor=person, organ=justice)]
        past = [step for step in steps if isinstance(step.occurred_at, date) and step.occurred_at <= today]
        if past:
            told.append((CaseHead(f"letter-{finding.id}", "enforcement.letter", team.organ, team.region,
                                  f"{name}：{about}"[:200]), past))
    return told


def _publicity(teams: Sequence[Team], today: date, rng: Random) -> list[Told]:
    told: list[Told] = []
    for number, team in enumerate(teams[:LISTS], 1):
        handler = team.staff[Role.CASE_HANDLER]
        begun = today - timedelta(days=rng.randint(100, 200))
        steps = [NewEvent("duty_list_set", begun, {
            "list_year": begun.year, "duty_items": f"{team.trade.name}法律法规进企业、以案释法",
            "person_in_charge": handler}, actor=handler, organ=team.organ),
            NewEvent("list_published", begun + timedelta(days=rng.randint(3, 45)), actor=handler, organ=team.organ)]
        if rng.random() < 0.6:
            steps.append(NewEvent("activity_held", begun + timedelta(days=rng.randint(50, 95)), {
                "activity_title": "送法进企业（演示数据）"}, actor=handler, organ=team.organ))
        told.append((CaseHead(f"demo-pf-{number:03d}", "enforcement.publicity", team.organ, team.region,
                              f"{team.name}{begun.year}年普法责任清单"), steps))
    return told


def _inspection(instance: Instance, team: Team, today: date, rng: Random) -> int:
    """A random inspection under way, with real draws that can be checked."""
    recorder, draws = instance.recorder.permitting(AnyoneMayRecord()), Draws.of(instance)
    handler, case_id = team.staff[Role.CASE_HANDLER], f"demo-random-{team.organ}"[:64]
    first = NewEvent("plan_made", today - timedelta(days=9), {
        "plan_year": today.year, "inspection_items": rng.choice(team.trade.inspections), "approved_by_head": True},
        actor=handler, organ=team.organ)
    recorder.open_case(CaseHead(case_id, "enforcement.random_inspection", team.organ, team.region,
                                f"{team.name}{today.year}年双随机抽查"), first)
    parties = sorted(raw_words()["parties"])
    listed = tuple(Candidate(f"demo-{n:03d}", name) for n, name in enumerate(parties, 1))
    drawn = draws.hold(Plan("抽取检查对象", listed, min(3, len(listed)), about=case_id, rules={"名单": "演示对象名录"}),
                       handler, team.organ)
    people = draws.hold(officers(team.organ, today, 2, "", case_id), handler, team.organ)
    recorder.record(case_id, NewEvent("objects_drawn", today, {
        "draw": drawn.id, "objects_number": len(drawn.chosen), "objects": "\n".join(map(drawn.label, drawn.chosen))},
        actor=handler, organ=team.organ))
    recorder.record(case_id, NewEvent("officers_drawn", today, {
        "draw": people.id, "officers_number": len(people.chosen),
        "officers": "\n".join(map(people.label, people.chosen))}, actor=handler, organ=team.organ))
    return 1


def _review(instance: Instance, team: Team, supervisors: Mapping[str, tuple[str, str]], today: date) -> int:
    """A file review under way where a body has closed enough files: the sample drawn, the first files reviewed."""
    organ: Any = Organ.get(Organ.id == team.organ)
    if str(organ.government_id) not in supervisors:
        return 0
    person, justice = supervisors[str(organ.government_id)]
    case_id = f"demo-review-{team.organ}"[:64]
    scope = FileScope(team.organ, REVIEWED, today - timedelta(days=365), today)
    plan = files(scope, SAMPLE, {person}, case_id)
    if len(plan.candidates) <= SAMPLE:
        return 0
    recorder = instance.recorder.permitting(AnyoneMayRecord())
    head = CaseHead(case_id, "enforcement.file_review", team.organ, team.region,
                    f"{team.name}{today.year}年度执法案卷评查")
    recorder.open_case(head, NewEvent("review_planned", today - timedelta(days=6), {
        "review_year": today.year, "review_scope": "近一年办结的执法案卷（演示数据）"}, actor=person, organ=justice))
    drawn = Draws.of(instance).hold(plan, person, justice)
    recorder.record(case_id, NewEvent("sample_drawn", today, {
        "draw": drawn.id, "sample_size": SAMPLE, "sampled": "\n".join(map(drawn.label, drawn.chosen))},
        actor=person, organ=justice))
    for chosen in drawn.chosen[:2]:
        score: Any = CaseScore.get_or_none(CaseScore.case == chosen)
        points = min(Decimal(100), Decimal(score.score)) if score and score.score is not None else Decimal(0)
        result = "excellent" if points >= 90 else "qualified" if points >= 60 else "unqualified"
        recorder.record(case_id, NewEvent("file_reviewed", today, {
            "file_case": drawn.label(chosen), "reviewer_one": "评查员甲", "reviewer_two": "评查员乙",
            "sheet_points": points, "file_result": result}, actor=person, organ=justice))
    return 1
