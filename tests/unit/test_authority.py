"""Who may do what to whom: the table as statements, and SQL in agreement with Python."""

import random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from organs_kit import ORGANS, TODAY, found_the_region, someone
from peewee import CharField

from core.database import BaseModel, connect, database
from core.errors import FazhiError
from core.organs.actors import Actor, Held, facts_of
from core.organs.authority import (
    FUNCTIONS,
    OBJECTS,
    Action,
    Relation,
    Target,
    actor_of,
    allowed,
    case_target,
    demand,
    relation,
)
from core.organs.authority_table import ACTION_TITLES, FOUR_EYES, ONLY_KINDS
from core.organs.codes import level_of
from core.organs.models import MODELS, CaseParticipant, Organ, Region
from core.organs.regions import load_regions, read_regions
from core.organs.visibility import visible_cases, visible_organs
from core.organs.vocabulary import OrganKind, Role


class Matter(BaseModel):
    """Stands for any table of cases."""

    id = CharField(primary_key=True)
    organ = CharField()
    procedure = CharField()


@pytest.fixture
def _region():
    connect("sqlite:///:memory:")
    with database.connection_context():
        database.create_tables([*MODELS, Matter])
        found_the_region()
        yield


region = pytest.mark.usefixtures("_region")


def reach(actor: Actor, action: Action) -> set[str]:
    return {row.id for row in visible_organs(actor, action)}


def test_every_action_is_in_exactly_one_table_and_has_a_title_in_two_languages():
    assert set(OBJECTS) | set(FUNCTIONS) == set(Action)
    assert not set(OBJECTS) & set(FUNCTIONS)
    assert all(ACTION_TITLES[action].to("en") != ACTION_TITLES[action].zh for action in Action)


def test_strangers_and_those_below_see_nothing():
    for rows in OBJECTS.values():
        assert not rows.get(Relation.STRANGER)
        assert not rows.get(Relation.UPPER)


def test_nobody_determines_verifies_or_publishes_about_the_own_organ():
    for action in (Action.DETERMINE_FINDING, Action.VERIFY_CURE, Action.PUBLISH_SCORE):
        assert set(OBJECTS[action]) == {Relation.SUBORDINATE}
        assert ONLY_KINDS[action] == {OrganKind.JUSTICE}


def test_administrators_see_no_content_of_cases():
    content = {Action.VIEW_CASE, Action.DOWNLOAD_MATERIAL, Action.VIEW_PERSONAL, Action.VIEW_FINDING,
               Action.RECORD_STEP, Action.VIEW_RECEIPT}
    for action in content:
        assert all(Role.ADMIN not in roles for roles in OBJECTS[action].values())


def test_who_writes_rules_does_not_activate_them():
    assert not FUNCTIONS[Action.AUTHOR_RULES] & FUNCTIONS[Action.ACTIVATE_RULES]


@region
@pytest.mark.parametrize(("organ", "other", "expected"), [
    ("a-police", "a-police", "own"),
    ("a-gov", "a-police", "subordinate"),  # 块: a government and its department
    ("a-gov", "a-sumu", "subordinate"),
    ("league", "a-housing", "subordinate"),  # 块: a league and a department of its county
    ("league-police", "a-police", "subordinate"),  # 条: two departments of one line
    ("police", "b-police", "subordinate"),  # 条 over two levels
    ("a-justice", "a-police", "subordinate"),  # a justice department in its territory
    ("a-justice", "a-gov", "subordinate"),
    ("league-justice", "zone", "subordinate"),
    ("a-police", "league-police", "upper"),
    ("a-police", "a-gov", "upper"),
    ("a-police", "league-justice", "upper"),
    ("a-police", "b-police", "stranger"),
    ("a-justice", "b-police", "stranger"),
    ("a-police", "a-housing", "stranger"),
    ("league-police", "a-housing", "stranger"),
    ("zone", "league-police", "stranger"),  # a zone committee has no territory though its region is the league's
    ("zone", "a-police", "stranger"),
    ("a-police", "no-such-organ", "stranger"),
])
def test_how_one_organ_stands_to_another(organ, other, expected):
    assert relation(someone(organ), other) == expected


@region
def test_an_organ_that_a_case_names_takes_part_in_that_case_only():
    actor = someone("a-housing", Role.CASE_HANDLER)
    CaseParticipant.create(case_id="case-1", organ_id="a-housing")
    assert relation(actor, "a-police", participants={"a-housing"}) is Relation.PARTICIPANT
    assert allowed(actor, Action.VIEW_CASE, case_target("case-1", "a-police", "p.q"))
    assert not allowed(actor, Action.VIEW_CASE, case_target("case-2", "a-police", "p.q"))
    assert not allowed(actor, Action.ANSWER_FINDING, case_target("case-1", "a-police", "p.q"))


@region
def test_a_county_supervisor_determines_in_the_county_and_nowhere_else():
    supervisor = someone("a-justice", Role.SUPERVISOR)
    assert reach(supervisor, Action.DETERMINE_FINDING) == {"a-gov", "a-police", "a-housing", "a-sumu"}
    assert reach(supervisor, Action.VIEW_CASE) == {"a-gov", "a-police", "a-housing", "a-sumu", "a-justice"}


@region
def test_a_regions_supervisor_determines_everywhere_but_at_home():
    supervisor = someone("justice", Role.SUPERVISOR)
    assert reach(supervisor, Action.DETERMINE_FINDING) == {row[0] for row in ORGANS} - {"justice"}


@region
def test_nobody_determines_a_finding_on_his_own_step():
    supervisor = someone("league-justice", Role.SUPERVISOR)
    assert allowed(supervisor, Action.DETERMINE_FINDING, Target("a-police", person="someone.else"))
    assert not allowed(supervisor, Action.DETERMINE_FINDING, Target("a-police", person=supervisor.person_id))
    approver = someone("justice", Role.RULE_AUTHOR, Role.RULE_APPROVER)
    assert not allowed(approver, Action.ACTIVATE_RULES, Target(person=approver.person_id))
    assert {Action.DETERMINE_FINDING, Action.ACTIVATE_RULES} <= FOUR_EYES


@region
def test_an_upper_department_looks_along_its_own_line_only():
    head = someone("league-police", Role.OFFICE_HEAD)
    assert reach(head, Action.VIEW_CASE) == {"league-police", "a-police", "b-police"}
    assert reach(head, Action.RECORD_STEP) == {"league-police"}


@region
def test_a_handler_works_in_the_own_organ_only():
    handler = someone("league-police", Role.CASE_HANDLER)
    for action in (Action.VIEW_CASE, Action.RECORD_STEP, Action.ANSWER_FINDING, Action.VIEW_RECEIPT):
        assert reach(handler, action) == {"league-police"}


@region
def test_an_administrator_manages_people_at_home_and_below():
    admin = someone("a-gov", Role.ADMIN)
    assert reach(admin, Action.MANAGE_PEOPLE) == {"a-gov", "a-justice", "a-police", "a-housing", "a-sumu"}
    assert reach(admin, Action.VIEW_CASE) == set()


@region
def test_an_auditor_reads_and_verifies_the_ledger_but_touches_nothing():
    auditor = someone("justice", Role.AUDITOR)
    assert allowed(auditor, Action.VIEW_LEDGER)
    assert allowed(auditor, Action.VERIFY_LEDGER)
    for action in (Action.RECORD_STEP, Action.DETERMINE_FINDING, Action.ANSWER_FINDING, Action.VIEW_PERSONAL):
        assert reach(auditor, action) == set()


@region
def test_without_a_role_nothing_is_allowed():
    nobody = someone("gov")
    for action in Action:
        assert not allowed(nobody, action, "gov")
        assert not allowed(nobody, action)
        assert reach(nobody, action) == set()


@region
def test_a_role_that_only_a_plugin_knows_is_granted_nothing():
    guest = someone("a-police", "hearing_host")
    assert not any(allowed(guest, action, "a-police") for action in Action)


@region
def test_a_role_limited_to_procedures_counts_for_them_only():
    handler = someone("a-police", Role.CASE_HANDLER, procedures="enforcement.*")
    assert allowed(handler, Action.VIEW_CASE, Target("a-police", "enforcement.penalty"))
    assert not allowed(handler, Action.VIEW_CASE, Target("a-police", "decisions.decision"))
    assert not allowed(handler, Action.VIEW_CASE, Target("a-police", "enforcement"))


@region
def test_a_league_writes_rules_for_its_own_region_and_what_lies_in_it():
    author = someone("league-justice", Role.RULE_AUTHOR)
    assert allowed(author, Action.AUTHOR_RULES, Target(region="990100"))
    assert allowed(author, Action.AUTHOR_RULES, Target(region="990121"))
    assert not allowed(author, Action.AUTHOR_RULES, Target(region="990000"))


@region
def test_a_refused_object_does_not_tell_whether_it_exists_and_a_refused_function_names_itself():
    handler = someone("a-police", Role.CASE_HANDLER)
    words = []
    for organ in ("b-police", "no-such-organ"):
        with pytest.raises(FazhiError) as caught:
            demand(handler, Action.VIEW_CASE, organ)
        words.append(caught.value.render("zh"))
    assert words[0] == words[1]
    with pytest.raises(FazhiError, match=r"authority-function.*查看子平台"):
        demand(handler, Action.VIEW_PLUGINS)


@region
def test_a_closed_down_organ_acts_no_more():
    someone("a-police", Role.CASE_HANDLER, account="li")
    Organ.update(active=False).where(Organ.id == "a-police").execute()
    with pytest.raises(FazhiError, match="organ-inactive"):
        actor_of("li", on=TODAY)


LEAGUES = ["980000", "980100", "980200", "980101", "980102", "980201", "980101001"]
TREE = "kind: regions\nregions:\n" + "".join(
    f'  - {{code: "{code}", zh: 演示{code}, kind: district}}\n' for code in LEAGUES)
PROCEDURES = ["decisions.decision", "enforcement.penalty", "enforcement.licence"]


def _random_organs(dice: random.Random) -> list[str]:
    ids = [f"o{number}" for number in range(dice.randint(2, 14))]
    for organ_id in ids:
        code = dice.choice(LEAGUES)
        own = level_of(code).value
        level = own if dice.random() < 0.8 else "township"
        # Links may point anywhere, in circles too: a spreadsheet is not a proof.
        link = [dice.choice(ids) if dice.random() < 0.4 else None for _ in range(2)]
        Organ.create(id=organ_id, name=organ_id, region=code, level=level, kind=dice.choice(list(OrganKind)).value,
                     government=link[0] if link[0] != organ_id else None,
                     upper_department=link[1] if link[1] != organ_id else None)
    return ids


def _random_actor(dice: random.Random, organ_id: str) -> Actor:
    limits = [("*",), ("enforcement.*",), ("decisions.decision",), ("decisions.*", "enforcement.licence")]
    held = tuple(Held(dice.choice(list(Role)).value, dice.choice(limits)) for _ in range(dice.randint(0, 4)))
    return Actor("somebody", "somebody", organ_id, facts_of(Organ.get_by_id(organ_id)), held)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.integers(0, 10**9))
def test_lists_filtered_in_sql_show_exactly_what_the_table_allows(seed):
    dice = random.Random(seed)
    connect("sqlite:///:memory:")
    with database.connection_context():
        database.create_tables([*MODELS, Matter])
        load_regions([read_regions(TREE, "tree.yaml")])
        with database.atomic():
            ids = _random_organs(dice)
            cases = [Matter.create(id=f"c{n}", organ=dice.choice(ids), procedure=dice.choice(PROCEDURES))
                     for n in range(12)]
            for case in cases:
                for organ_id in dice.sample(ids, dice.randint(0, 2)):
                    CaseParticipant.create(case_id=case.id, organ_id=organ_id)
        for organ_id in dice.sample(ids, 2):
            actor = _random_actor(dice, organ_id)
            for action in dice.sample(list(Action), 7):
                seen = {row.id for row in visible_organs(actor, action)}
                assert seen == {other for other in ids if allowed(actor, action, other)}, (action, actor)
                procedure = dice.choice(PROCEDURES)
                seen = {row.id for row in visible_organs(actor, action, procedure)}
                assert seen == {other for other in ids if allowed(actor, action, Target(other, procedure))}
                if action in FUNCTIONS:
                    continue
                condition = visible_cases(actor, action, organ=Matter.organ, case_id=Matter.id,
                                          procedure=Matter.procedure)
                assert {row.id for row in Matter.select().where(condition)} == {
                    case.id for case in cases
                    if allowed(actor, action, case_target(case.id, case.organ, case.procedure))}, (action, actor)
        assert Region.select().count() == len(LEAGUES)
