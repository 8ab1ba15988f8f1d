"""A bundle holds what the files say, typed and resolved, under a hash of its content."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Literal

import pytest

from core.errors import FazhiError
from core.rulebook.documents import Source
from core.rulebook.kinds import KINDS, Kind, with_kinds
from core.rulebook.kinds.base import Document, LongId
from core.rulebook.load import load_rules, load_sources
from core.rulebook.model import FieldType, Level, Period, Template, Unit
from core.text import Text
from tests.unit.rulebook_kit import BASE, bundle, refused, sources

RULES = """kind: supervision
procedure: demo.penalty
rules:
  - id: {id}
    title: 规则
    basis: [{{law: 行政处罚法, article: "1"}}]
{body}
"""


def rule(body: str, name: str = "probe") -> str:
    return RULES.format(id=name, body="\n".join("    " + line for line in body.strip().splitlines()))


def built(body: str) -> object:
    return next(each for each in bundle(probe=rule(body)).rules("demo.penalty") if each.local_id == "probe")


def test_a_procedure_has_its_steps_with_fields_taken_from_the_case() -> None:
    procedure = bundle().procedures["demo.penalty"]
    party = procedure.events["case_filed"].fields["party_type"]
    assert party.type is FieldType.ENUM
    assert party.title.zh == "当事人类型"
    assert party.required
    assert not procedure.attributes["party_type"].required
    assert procedure.events["penalty_decided"].materials[0].required
    assert procedure.closes_with == ("case_closed",)


def test_a_rule_carries_its_basis_severity_and_condition() -> None:
    first = bundle().rules("demo.penalty")[0]
    assert first.id == "demo.penalty/review-first"
    assert first.template is Template.ONLY_AFTER
    assert str(first.basis[0]) == "《行政处罚法》第58条"
    assert first.basis[0].edition == date(2021, 1, 22)
    assert first.level is Level.RED
    assert first.code == "REVIEW-FIRST"
    assert first.on.when is not None
    assert first.on.when.source == "c.review_required"


@pytest.mark.parametrize(("body", "template"), [
    ("on: case_filed\nfollowed_by: case_closed", Template.FOLLOWED_BY),
    ("on: case_closed\nonly_after: case_filed\nno_later_than: {months: 3}", Template.ONLY_AFTER),
    ("on: case_closed\nnever_after: penalty_decided\nwithin: {days: 3}", Template.NEVER_AFTER),
    ("on: penalty_decided\nnot_earlier_than: hearing_held\nnot_before: {days: 3}", Template.NOT_EARLIER_THAN),
    ("on: penalty_decided\nat_most: 1", Template.AT_MOST),
    ("on: penalty_decided\nat_least: 1", Template.AT_LEAST),
    ("on: case_filed\nexactly: 1", Template.EXACTLY),
    ("not_both: [hearing_held, case_closed]", Template.NOT_BOTH),
    ("on: penalty_decided\neach_after_a_new: legal_review_passed", Template.EACH_AFTER_A_NEW),
    ("on: hearing_held\nanswered_before_next: legal_review_passed", Template.ANSWERED_BEFORE_NEXT),
    ("on: legal_review_passed\ndifferent_person: penalty_decided", Template.DIFFERENT_PERSON),
    ("on: hearing_held\nalso_requires: legal_review_passed", Template.ALSO_REQUIRES),
    ("starts_with: case_filed", Template.STARTS_WITH),
    ("on: penalty_decided\nmust: has(e.fine)", Template.MUST),
    ("on: penalty_decided\ndirectly_followed_by: decision_published", Template.DIRECTLY_FOLLOWED_BY),
    ("on: decision_published\ndirectly_after: penalty_decided", Template.DIRECTLY_AFTER),
])
def test_each_word_of_the_vocabulary_makes_its_rule(body: str, template: Template) -> None:
    made = built(body)
    assert made.template is template  # type: ignore[attr-defined]
    assert made.on.events  # type: ignore[attr-defined]


def test_not_both_names_two_steps_and_starts_with_what_must_begin() -> None:
    both = built("not_both: [hearing_held, case_closed]")
    assert (both.on.events, both.target.events) == (("hearing_held",), ("case_closed",))  # type: ignore[attr-defined]
    assert built("starts_with: [case_filed]").on.events == ("case_filed",)  # type: ignore[attr-defined]


def test_answers_may_be_one_step_several_or_several_under_a_condition() -> None:
    for written, events in (("case_closed", ("case_closed",)), ("[case_closed, hearing_held]",
                                                                ("case_closed", "hearing_held")),
                            ("{events: case_closed, when: t.date > e.date}", ("case_closed",))):
        assert built(f"on: case_filed\nfollowed_by: {written}").target.events == events  # type: ignore[attr-defined]


def test_periods_roll_unless_the_rule_says_otherwise() -> None:
    made = built("on: case_filed\nfollowed_by: case_closed\nwithin: {days: 90}")
    assert made.within == Period(90, Unit.DAYS, roll=True)  # type: ignore[attr-defined]
    made = built("on: case_filed\nfollowed_by: case_closed\nwithin: {hours: 24, roll: false}")
    assert made.within == Period(24, Unit.HOURS, roll=False)  # type: ignore[attr-defined]


def test_clocks_warnings_and_releases_are_typed() -> None:
    made = built("on: case_filed\nfollowed_by: case_closed\nwithin: {days: 90}\nsuspended_by: hearing_held\n"
                 "resumed_by: legal_review_passed\nextended_by: {decision_published: {days: 30}}\n"
                 "released_by: [penalty_decided]\nwarn: [{before: {working_days: 2}, level: orange}]")
    clock = made.clock  # type: ignore[attr-defined]
    assert clock.suspended_by == ("hearing_held",)
    assert clock.extended_by["decision_published"].length == 30
    assert made.released_by == ("penalty_decided",)  # type: ignore[attr-defined]
    assert made.warn[0].level is Level.ORANGE  # type: ignore[attr-defined]


def test_a_parameter_stands_in_periods_counts_and_conditions() -> None:
    made = built("on: penalty_decided\nmust: c.fine <= p.most && times('penalty_decided') <= p.often\n"
                 'params: {most: {value: 500.5, unit: yuan}, often: 2}')
    assert made.condition.source == 'c.fine <= decimal("500.5", "yuan") && times(\'penalty_decided\') <= 2'  # type: ignore[attr-defined]
    assert built("on: penalty_decided\nat_most: $n\nparams: {n: 3}").count == 3  # type: ignore[attr-defined]


def test_rules_of_a_procedure_share_parameters() -> None:
    shared = "kind: parameters\nid: demo.shared\nprocedure: demo.penalty\nparameters: {limit: 45}\n"
    made = bundle(shared=shared, probe=rule("on: case_filed\nfollowed_by: case_closed\nwithin: {days: $limit}"))
    found = {each.local_id: each for each in made.rules("demo.penalty")}
    assert found["probe"].within == Period(45, Unit.DAYS)


def test_a_dated_value_splits_the_rule_into_versions_without_gap_or_overlap() -> None:
    made = bundle(probe=rule("on: case_filed\nfollowed_by: case_closed\nwithin: {days: $d}\n"
                             "params: {d: {values: [{value: 90}, {from: 2026-07-01, value: 60}]}}"))
    versions = [each for each in made.rules("demo.penalty") if each.local_id == "probe"]
    assert [(v.valid.start, v.valid.end, v.within and v.within.length) for v in versions] == [
        (None, date(2026, 6, 30), 90), (date(2026, 7, 1), None, 60)]
    assert made.rule("demo.penalty/probe", date(2026, 6, 30)) is versions[0]
    assert made.rule("demo.penalty/probe", date(2026, 7, 1)) is versions[1]


def test_a_rule_before_the_first_value_of_its_parameter_is_refused() -> None:
    body = ("on: case_filed\nfollowed_by: case_closed\nwithin: {days: $d}\n"
            "params: {d: {values: [{from: 2026-07-01, value: 60}]}}")
    assert refused(probe=rule(body)) == ["parameter-no-value-yet"]
    assert refused(probe=rule(body + "\nvalid: {from: 2026-07-01}")) == []


def test_two_versions_of_a_rule_may_follow_each_other() -> None:
    one = rule("on: case_filed\nfollowed_by: case_closed\nvalid: {to: 2026-06-30}")
    two = rule("on: case_filed\nfollowed_by: decision_published\nvalid: {from: 2026-07-01}")
    found = [each for each in bundle(one=one, two=two).rules("demo.penalty") if each.local_id == "probe"]
    assert len(found) == 2


def test_checklists_award_full_marks_or_steps() -> None:
    (sheet,) = bundle().checklists("demo.penalty")
    assert sheet.points == Decimal(10)
    assert sheet.materials == ("penalty_decided/decision_letter",)
    assert [len(check.awards) for check in sheet.checks] == [1, 2]
    assert sheet.checks[1].awards[1].flag == Text("经过听证")


def test_the_scheme_of_a_day_is_found_and_names_rules_in_full() -> None:
    made = bundle()
    scheme = made.scheme_for("demo.penalty", date(2026, 1, 1), "case")
    assert scheme is made.schemes["demo.score"]
    assert scheme is not None
    assert scheme.vetoes[0].rules == ("demo.penalty/review-first",)
    assert made.scheme_for("demo.penalty", date(2026, 1, 1), "organ") is None


def test_the_hash_is_of_content_not_of_layout() -> None:
    files = sources()
    body = files["supervision"].split("rules:\n")
    head, (first, *rest) = body[0] + "rules:\n", body[1].split("  - id: ")[1:]
    moved = {"supervision": head + "".join("  - id: " + each for each in rest), "elsewhere": head + "  - id: " + first}
    plain = bundle().hash
    assert bundle(**moved).hash == plain
    assert bundle(procedure="# 说明\n" + files["procedure"]).hash == plain
    assert bundle(procedure=files["procedure"].replace("title: 立案, by", "by: case_handler, title: 立案, xx").replace(
        "xx: [case_handler], ", "")).hash == plain
    assert bundle(checklist=files["checklist"].replace("points: 4", "points: 4.0")).hash == plain
    assert bundle(supervision=files["supervision"].replace("level: red", "level: orange")).hash != plain
    assert bundle(supervision=files["supervision"].replace("value: 7, open", "value: 8, open")).hash != plain


def test_tests_beside_the_rules_do_not_change_the_hash_but_are_kept() -> None:
    tests = ("kind: tests\nfor: demo.penalty\ncases:\n  - name: 公示\n    events: [{case_filed: 2026-03-02}]\n"
             "    expect: {publish-in-time: vacuous}\n")
    made = bundle(tests=tests)
    assert made.hash == bundle().hash
    assert [each.file.name for each in made.documents("tests")] == ["tests.yaml"]


def test_later_folders_add_to_earlier_ones_and_replace_nothing(tmp_path: Path) -> None:
    own = tmp_path / "rules"
    own.mkdir()
    (own / "more.yaml").write_text(rule("on: case_filed\nfollowed_by: case_closed"), encoding="utf-8")
    made = load_rules([BASE, own])
    assert "demo.penalty/probe" in {each.id for each in made.rules("demo.penalty")}
    assert set(made.sources) >= {"base/procedure.yaml", "rules/more.yaml"}
    (own / "more.yaml").write_text((BASE / "supervision.yaml").read_text(encoding="utf-8"), encoding="utf-8")
    with pytest.raises(FazhiError) as caught:
        load_rules([BASE, own])
    assert {problem.code for problem in caught.value.problems} >= {"version-overlap"}


def test_problems_of_all_files_come_at_once_without_follow_ups() -> None:
    files = sources()
    broken = bundle_problems(procedure=files["procedure"].replace("type: bool", "type: boole"),
                             checklist=files["checklist"].replace("points: 6\n", "points: sechs\n"))
    assert [str(problem.at).split(":")[0] for problem in broken] == ["checklist.yaml", "procedure.yaml"]


def bundle_problems(**files: str) -> list:  # type: ignore[type-arg]
    with pytest.raises(FazhiError) as caught:
        bundle(**files)
    return list(caught.value.problems)


def test_a_missing_folder_is_named() -> None:
    with pytest.raises(FazhiError) as caught:
        load_rules([Path("no-such-folder")])
    assert caught.value.problems[0].code == "rules-folder-missing"


class NoticeDocument(Document):
    """公告。"""

    kind: Literal["notice"]
    id: LongId


def test_a_plugin_may_bring_a_kind_of_its_own() -> None:
    kinds = with_kinds([Kind("notice", Text("公告"), NoticeDocument)])
    made = load_sources([Source("n.yaml", b"kind: notice\nid: a.b\n")], kinds)
    (loaded,) = made.documents("notice")
    assert isinstance(loaded.document, NoticeDocument)
    assert made.hash != load_sources([Source("n.yaml", b"kind: notice\nid: a.c\n")], kinds).hash
    with pytest.raises(FazhiError):
        load_sources([Source("n.yaml", b"kind: notice\nid: 1\n")], kinds)
    with pytest.raises(ValueError, match="procedure"):
        with_kinds([KINDS["procedure"]])


def test_a_thousand_rules_load_in_seconds() -> None:
    import time

    body = ("on: penalty_decided\nwhen: c.hearing_held || c.fine >= decimal(\"{n}\", \"yuan\")\nonly_after: case_filed")
    text = RULES.format(id="r0", body="    " + body.format(n=0).replace("\n", "\n    "))
    entry = text.split("rules:\n")[1]
    text += "".join(entry.replace("r0", f"r{n}").replace('"0"', f'"{n}"') for n in range(1, 1000))
    start = time.process_time()
    assert len(bundle(many=text).rules("demo.penalty")) == 1003
    assert time.process_time() - start < 4
