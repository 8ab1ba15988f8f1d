"""Organs and people from spreadsheets: all rows or none, every wrong cell with its place and a way out."""

import io

import pytest
import xlsxwriter
from organs_kit import TODAY, found_the_region, someone
from python_calamine import load_workbook

from core.database import connect, database
from core.errors import FazhiError
from core.organs.accounts import set_password
from core.organs.authority import actor_of
from core.organs.importing.organs import import_organs
from core.organs.importing.people import import_people
from core.organs.importing.templates import organ_template, person_template
from core.organs.models import MODELS, Organ, Person, RoleGrant
from core.organs.uscc import check_character
from core.organs.vocabulary import Role

ORGANS = """机构名称,统一社会信用代码,机构编码,行政区划代码,层级,类别,所属政府,上级主管部门
乙旗住建局,{uscc},,990122,,政府部门,乙旗政府,
乙旗执法大队,,b-squad,990122,旗县级,行政执法机构,b-gov,乙旗住建局
"""
PEOPLE = """姓名,账号,所属机构,角色,手机号码,角色开始日期
演示甲,jia,甲旗公安局,承办人、合法性审查人员,13800000000,2026-01-01
演示乙,Yi,a-justice,监督人员,,
"""
USCC = "11990122MB0000001"
USCC += check_character(USCC)
ORGANS = ORGANS.format(uscc=USCC)


@pytest.fixture(autouse=True)
def _region():
    connect("sqlite:///:memory:")
    with database.connection_context():
        database.create_tables(MODELS)
        found_the_region()
        yield


def people(text: str, **options):
    return import_people(text.encode(), "人员.csv", by="root", today=TODAY, **options)


def workbook(rows: list[list[object]]) -> bytes:
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer)
    sheet = book.add_worksheet()
    for number, row in enumerate(rows):
        sheet.write_row(number, 0, row)
    book.close()
    return buffer.getvalue()


def problems(run) -> list[tuple[int, int, str]]:
    with pytest.raises(FazhiError) as caught:
        run()
    for problem in caught.value.problems:
        for language in ("zh", "en"):
            assert problem.message(language)
            assert "{" not in problem.render(language)
            assert problem.fix(language)
    return [(problem.at.line, problem.at.column, problem.code) for problem in caught.value.problems]


def test_organs_come_in_with_their_links_by_code_or_name_in_any_order():
    lines = ORGANS.splitlines()
    report = import_organs("\n".join([lines[0], lines[2], lines[1]]).encode(), "机构.csv")
    assert (report.new, report.changed, report.applied) == (2, 0, True)
    squad = Organ.get_by_id("b-squad")
    assert (squad.government_id, squad.upper_department_id, squad.level) == ("b-gov", USCC, "county")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
@pytest.mark.parametrize("delimiter", [",", "\t", ";"])
def test_encodings_and_separators_that_spreadsheets_write_are_read(encoding, delimiter):
    data = ORGANS.replace(",", delimiter).replace("\n", "\r\n").encode(encoding)
    assert import_organs(data, "机构.csv").new == 2


def test_a_workbook_is_read_even_where_codes_became_numbers():
    data = workbook([["name", "code", "region", "kind"], ["丙局", "b-c", 990122, "department"]])
    assert import_organs(data, "organs.xlsx").new == 1
    assert Organ.get_by_id("b-c").region_id == "990122"


def test_english_headings_and_words_are_understood():
    text = f"name,unified social credit code,region,kind\nC bureau,{USCC.lower()},990122,Department\n"
    assert import_organs(text.encode(), "organs.csv").new == 1
    assert Organ.get_by_id(USCC).kind == "department"


def test_importing_again_changes_nothing_and_a_new_name_is_an_update():
    import_organs(ORGANS.encode(), "机构.csv")
    assert import_organs(ORGANS.encode(), "机构.csv").unchanged == 2
    report = import_organs(ORGANS.replace("乙旗执法大队", "乙旗综合执法队").encode(), "机构.csv")
    assert (report.new, report.changed, report.unchanged) == (0, 1, 1)
    assert Organ.get_by_id("b-squad").name == "乙旗综合执法队"


def test_a_column_that_is_not_in_the_file_keeps_what_is_there():
    import_organs("机构名称,机构编码,行政区划代码,类别\n甲旗公安局,a-police,990121,政府部门\n".encode(), "机构.csv")
    organ = Organ.get_by_id("a-police")
    assert (organ.government_id, organ.upper_department_id) == ("a-gov", "league-police")


def test_a_trial_run_reports_and_changes_nothing():
    report = import_organs((ORGANS + "丁局,,d-x,990199,,政府部门,,\n").encode(), "机构.csv", dry_run=True)
    assert (report.new, report.applied) == (2, False)
    assert [(p.at.line, p.at.column, p.code) for p in report.errors] == [(4, 4, "region-not-loaded")]
    assert not Organ.select().where(Organ.id == "b-squad").exists()


def test_one_wrong_row_keeps_all_rows_out():
    assert problems(lambda: import_organs((ORGANS + "丁局,,d-x,990199,,政府部门,,\n").encode(), "机构.csv"))
    assert not Organ.select().where(Organ.id == "b-squad").exists()


@pytest.mark.parametrize(("row", "place"), [
    (",,d-x,990122,,政府部门,,", (4, 1, "cell-empty")),
    ("丁局,,,990122,,政府部门,,", (4, 2, "organ-without-code")),
    ("丁局,11990122MB00000012,,990122,,政府部门,,", (4, 2, "uscc-wrong")),
    ("丁局,,丁,990122,,政府部门,,", (4, 3, "organ-code-malformed")),
    ("丁局,,b-squad,990122,,政府部门,,", (4, 3, "row-twice")),
    ("丁局,,d-x,990171,,政府部门,,", (4, 4, "region-alias")),
    ("丁局,,d-x,,,政府部门,,", (4, 4, "cell-empty")),
    ("丁局,,d-x,990122,盟市级,政府部门,,", (4, 5, "level-above-region")),
    ("丁局,,d-x,990122,,部门,,", (4, 6, "cell-choice")),
    ("丁局,,d-x,990122,,政府部门,乙旗住建局,", (4, 7, "organ-not-a-government")),
    ("丁局,,d-x,990122,,政府部门,,没有的局", (4, 8, "organ-reference-unknown")),
    ("丁局,,d-x,990122,,政府部门,,d-x", (4, 8, "organ-circle")),
    ("丁政府,,d-x,990122,,人民政府,,", (4, 6, "government-twice")),
    ("乙旗执法大队,,d-x,990122,,政府部门,,", (4, 1, "organ-name-twice")),
])
def test_a_wrong_cell_of_an_organ_is_named_by_row_and_column(row, place):
    assert place in problems(lambda: import_organs((ORGANS + row + "\n").encode(), "机构.csv"))


def test_a_line_of_departments_that_leads_back_to_itself_is_refused():
    text = ORGANS.replace("990122,,政府部门,乙旗政府,", "990122,,政府部门,乙旗政府,b-squad")
    assert {code for _, _, code in problems(lambda: import_organs(text.encode(), "机构.csv"))} == {"organ-circle"}


def test_a_league_imports_organs_below_it_and_no_others():
    admin = someone("league", Role.ADMIN)
    assert import_organs(ORGANS.encode(), "机构.csv", scope=admin).new == 2
    above = "机构名称,机构编码,行政区划代码,类别\n自治区审计厅,r-audit,990000,政府部门\n"
    assert problems(lambda: import_organs(above.encode(), "机构.csv", scope=admin)) == [(2, 3, "organ-out-of-reach")]
    snatched = "机构名称,机构编码,行政区划代码,类别\n自治区公安厅,police,990121,政府部门\n"
    assert problems(lambda: import_organs(snatched.encode(), "机构.csv", scope=admin)) == [(2, 3, "organ-out-of-reach")]


def test_people_come_in_with_roles_and_without_passwords():
    report = people(PEOPLE)
    assert (report.new, report.problems) == (2, ())
    assert actor_of("jia", on=TODAY).roles == {"case_handler", "legal_reviewer"}
    assert actor_of("yi", on=TODAY).organ == "a-justice"
    assert {row.password_hash for row in Person.select()} == {None}
    assert {row.granted_by for row in RoleGrant.select()} == {"root"}
    assert people(PEOPLE).unchanged == 2


def test_who_changes_organ_loses_the_former_roles():
    people(PEOPLE)
    report = people(PEOPLE.replace("甲旗公安局,承办人、合法性审查人员", "乙旗公安局,承办人"))
    assert (report.new, report.changed, report.unchanged) == (0, 1, 1)
    assert actor_of("jia", on=TODAY).roles == {"case_handler"}
    assert actor_of("jia", "a-police", on=TODAY).roles == frozenset()


def test_an_import_neither_lets_back_in_who_was_let_go_nor_keeps_his_password():
    people(PEOPLE)
    set_password("jia", "Grassland-2026")
    Person.update(active=False).where(Person.id == "jia").execute()
    people(PEOPLE)
    assert not Person.get_by_id("jia").active
    people("姓名,账号,所属机构,状态\n演示甲,jia,甲旗公安局,在用\n")
    again = Person.get_by_id("jia")
    assert (again.active, again.password_hash, again.phone) == (True, None, "13800000000")


@pytest.mark.parametrize(("row", "place"), [
    (",bing,a-police,,,", (4, 1, "cell-empty")),
    ("丙,,a-police,,,", (4, 2, "cell-empty")),
    ("丙,丙丙,a-police,,,", (4, 2, "account-malformed")),
    ("丙,JIA,a-police,,,", (4, 2, "row-twice")),
    ("丙,bing,没有的局,,,", (4, 3, "organ-reference-unknown")),
    ("丙,bing,a-police,局长,,", (4, 4, "cell-choice")),
    ("丙,bing,a-police,监督人员,,", (4, 4, "supervisor-outside-justice")),
    ("丙,root,a-police,承办人,,", (4, 4, "grant-to-oneself")),
    ("丙,bing,a-police,承办人,,2026-02-30", (4, 6, "cell-date")),
])
def test_a_wrong_cell_of_a_person_is_named_by_row_and_column(row, place):
    assert problems(lambda: people(PEOPLE + row + "\n")) == [place]
    assert Person.select().count() == 0


def test_an_administrator_imports_people_of_his_own_reach_only():
    admin = someone("a-gov", Role.ADMIN)
    assert people(PEOPLE, scope=admin).new == 2
    text = "姓名,账号,所属机构\n丙,bing,b-police\n演示甲,jia,乙旗公安局\n"
    assert [item[2] for item in problems(lambda: people(text, scope=admin))] == ["person-out-of-reach"] * 2


def test_two_organs_of_one_name_are_told_apart_by_code():
    Organ.create(id="dup", name="甲旗公安局", region="990122", level="county", kind="department")
    text = "姓名,账号,所属机构\n丙,bing,甲旗公安局\n丁,ding,a-police\n"
    assert problems(lambda: people(text)) == [(2, 3, "organ-name-ambiguous")]


def test_headings_are_matched_and_the_unknown_ones_pointed_out():
    report = people(PEOPLE.replace("手机号码", "手机号"), dry_run=True)
    (warning,) = report.problems
    assert (warning.code, warning.warning, warning.at.column) == ("column-unknown", True, 5)
    assert "手机号码" in warning.fix()
    assert (1, 1, "column-missing") in problems(lambda: people(PEOPLE.replace("账号", "工号")))
    assert (1, 5, "column-twice") in problems(lambda: people(PEOPLE.replace("手机号码", "姓名")))


@pytest.mark.parametrize(("data", "code"), [
    (b"", "sheet-empty"),
    (b"\xff\xfe\xff\xff", "sheet-encoding"),
    (b"PK\x03\x04nonsense", "sheet-unreadable"),
    (b"\xd0\xcf\x11\xe0nonsense", "sheet-unreadable"),
    (b'name,account\n"open', "sheet-unreadable"),
])
def test_a_file_that_is_no_table_is_refused_with_a_way_out(data, code):
    assert [item[2] for item in problems(lambda: import_organs(data, "x"))] == [code]


def test_a_flood_of_mistakes_is_counted_not_listed():
    rows = "".join(f"名{n},acc{n},nowhere\n" for n in range(1500))
    with pytest.raises(FazhiError) as caught:
        people("姓名,账号,所属机构\n" + rows)
    assert len(caught.value.problems) == 1001
    assert "500" in caught.value.problems[-1].message()


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_templates_have_every_heading_that_the_import_knows(language):
    for template, importing in ((organ_template, import_organs),
                                (person_template, lambda data, name, dry_run: import_people(
                                    data, name, by="root", today=TODAY, dry_run=dry_run))):
        data = template(language)
        assert len(load_workbook(io.BytesIO(data)).sheet_names) == 2
        report = importing(data, "template.xlsx", dry_run=True)
        assert (report.rows, report.problems) == (0, ())
