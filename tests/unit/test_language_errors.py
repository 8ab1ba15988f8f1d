"""What a rule author reads when a condition is wrong: the place, the reason, the way out."""

from __future__ import annotations

import pytest

from core.errors import FazhiError, Location, messages
from core.language import Environment, FactSource, compile_expression
from core.rulebook.model import EventType, Field, FieldType, MaterialRequirement
from core.text import Text

KINDS = {"public": Text("公共服务"), "plan": Text("重要规划")}
ENVIRONMENT = Environment(
    attributes={
        "consult_days": Field("consult_days", Text("征求意见天数"), FieldType.INT, unit="days"),
        "reply_days": Field("reply_days", Text("回复天数"), FieldType.INT, unit="working_days"),
        "shortened": Field("shortened", Text("已缩短期限"), FieldType.BOOL),
        "fine": Field("fine", Text("罚款"), FieldType.DECIMAL, unit="yuan"),
        "area": Field("area", Text("面积"), FieldType.DECIMAL, unit="square_metres"),
        "kind": Field("kind", Text("事项类型"), FieldType.ENUM, values=KINDS),
        "channels": Field("channels", Text("参与方式"), FieldType.SET, values={"web": Text("网上征求")}),
        "level": Field("level", Text("层级"), FieldType.ENUM, values={"city": Text("市")}),
        "opened": Field("opened", Text("启动日期"), FieldType.DATE),
        "note": Field("note", Text("备注"), FieldType.TEXT),
    },
    facts={
        "a": FactSource("c.b && c.shortened", Text("甲")),
        "b": FactSource("!c.a", Text("乙")),
        "broken": FactSource("c.nothing > 1", Text("坏的")),
    },
    event_fields={"e": {"seats": Field("seats", Text("人数"), FieldType.INT),
                        "actor": Field("actor", Text("办理人"), FieldType.STRING)}},
    events={"decided": EventType("decided", Text("作出决定"),
                                 materials=(MaterialRequirement("minutes", Text("纪要")),))},
)
START = Location("rules/a.yaml", 7, 11, "rules[0].when")

WRONG = [
    # condition, column inside the condition (from 1), words of the message and of its way out (each must be there)
    ("", 1, "条件是空的"),
    ("c.consult_day < 30", 3, "没有“c.consult_day” 是不是 consult_days（征求意见天数）？"),
    ("c.征求意见天数 < 30", 3, "是不是 consult_days（征求意见天数）"),
    ("consult_days < 30", 1, "前面缺少出处 是不是 c.consult_days？"),
    ("seats > 3", 1, "是不是 e.seats？"),
    ("whatever", 1, "不认识“whatever”"),
    ("c.seats > 3", 1, "是不是 e.seats？"),
    ("x.seats > 3", 1, "只有 c.（事项）、e.（本步骤）、t.（应答步骤）"),
    ("t.seats > 3", 1, "没有对应的步骤"),
    ("e.actor == 'p1'", 3, "把该步骤的字段改名，例如 actor_value"),
    ("c.kind == 'plam'", 11, "“plam”不是允许的取值 是不是 plan（重要规划）？"),
    ("c.kind == '公共服务'", 11, "是不是 public（公共服务）？"),
    ("'public' in ['a'] || c.kind in ['public', 'pub1ic']", 43, "是不是 public"),
    ("'wed' in c.channels", 1, "是不是 web（网上征求）？"),
    ("sets.contains(c.channels, ['web', 'tv'])", 35, "“tv”不是允许的取值"),
    ("c.kind == c.level", 8, "没有共同的取值"),
    ("c.kind < 'plan'", 1, "“c.kind”是选项，没有大小先后"),
    ("c.shortened > false", 1, "没有大小先后"),
    ("c.consult_days == 'x'", 16, "左边是整数，右边是文字"),
    ("c.fine > c.area", 8, "单位不同：yuan 与 square_metres"),
    ("c.fine + c.consult_days > 1", 8, "单位不同：yuan 与 days"),
    ("c.consult_days < c.reply_days", 16, "单位不同：days 与 working_days"),
    ("working_days_between(c.opened, c.opened) < c.consult_days", 42, "单位不同：working_days 与 days"),
    ("c.fine > decimal('3', 'wan_yuan')", 8, "单位不同：yuan 与 wan_yuan"),
    ("c.fine * c.area > 3", 8, "不能相乘"),
    ("c.fine > 12.5", 10, '写成 decimal("12.5")'),
    ("c.fine > 1e3", 10, "不能直接写"),
    ("c.fine > decimal('1,5')", 10, "写法不对"),
    ("c.fine / 2 > 1", 8, "没有除法"),
    ("c.opened > '2026-01-01'", 12, '写成 date("2026-01-01") 的形式'),
    ("c.opened > date('2026-02-30')", 17, "日历上没有“2026-02-30”这一天"),
    ("c.opened > date('2026-2-3')", 12, "月日各两位"),
    ("c.opened + 30 > e.date", 1, "不能直接加减 用 days_between"),
    ("c.consult_days = 30", 16, "改写成 =="),
    ("c.consult_days <> 30", 16, "改写成 !="),
    ("c.consult_days => 30", 16, "改写成 >="),
    ("c.shortened and true", 13, "改写成 &&"),
    ("not c.shortened", 1, "改写成 !"),
    ("c.shortened & true", 13, "改写成 &&"),
    ("c.shortened 且 true", 13, "改写成 &&"),
    ("c.kind == “plan”", 11, "全角符号 “ 改用半角符号 \""),
    ("c.consult_days ＜ 30", 16, "改用半角符号 <"),
    ("size（c.channels) > 1", 5, "改用半角符号 ("),
    ("c.shortened；", 12, "删去它"),
    ("c.note == 'abc", 11, "引号没有配对"),
    (r"c.note == 'a\q'", 13, "不是有效的转义"),
    ("c.note == null", 11, "写成 has(c.名称)"),
    ("c.note.contains('x')", 8, "文字只能整体比较"),
    ("c.contains('x')", 1, "不能写“.contains(…)”"),
    ("c.channels[0] == 'web'", 11, "不能用方括号取其中的一项"),
    ("c.channels == ['web']", 1, "含有多个值"),
    ("['web'] in [['web']]", 13, "列表中不能再放列表"),
    ("{'a': 1} == 1", 1, "不能用大括号"),
    ("c.kind in 'plan'", 11, "in 的右边应当是列表或多选事实"),
    ("c.shortened && c.consult_days", 16, "“c.consult_days”是整数，不能与“&&”一起使用"),
    ("!c.consult_days", 2, "不能与“!”一起使用"),
    ("c.note + 'x' == 'yx'", 1, "只有数字能作加、减、乘"),
    ("-c.shortened", 2, "只有数字能作加、减、乘"),
    ("c.consult_days + 1", 1, "这里需要真假值，写的却是整数"),
    ("c.consult_days <", 17, "条件没有写完"),
    ("(c.consult_days < 30", 21, "这里应当是“)”"),
    ("c.shortened c.shortened", 13, "用 && （并且）或 || （或者）连接"),
    ("c.shortened ? true", 19, "这里应当是“:”"),
    ("c.consult_days < 9223372036854775808", 18, "超出范围"),
    ("c.consult_days < 0x1F", 18, "不是十进制整数"),
    ("c.note == 'a' # c", 15, "不能出现“#”"),
    ("if == 3", 1, "保留字"),
    ("happened('decide')", 10, "没有步骤“decide” 是不是 decided（作出决定）？"),
    ("happened('作出决定')", 10, "是不是 decided（作出决定）？"),
    ("happened(c.note)", 10, "应当是引号中的名称 例如 happened('decided')"),
    ("happened()", 1, "需要 1 个参数，这里有 0 个"),
    ("hapened('decided')", 1, "没有函数“hapened” 是不是 happened？"),
    ("material('decided/minuts')", 10, "是不是 decided/minutes（纪要）？"),
    ("material('minutes')", 10, "写成 步骤/材料"),
    ("days_between(c.opened, 3) > 1", 24, "days_between 不能用于整数“3”"),
    ("has(c.note == 'x')", 1, "例如 has(c.consult_days)"),
    ("c.a", 3, "引用成了圈：a → b → a"),
    ("c.broken", 3, "派生事实 c.broken 本身有错"),
    ("'x' * 3 > 1 || c.fine > c.area", 1, "只有数字能作加、减、乘"),
]


def problem(source: str, environment: Environment = ENVIRONMENT) -> FazhiError:
    with pytest.raises(FazhiError) as caught:
        compile_expression(source, environment, START)
    return caught.value


@pytest.mark.parametrize(("source", "column", "words"), WRONG, ids=[source for source, _, _ in WRONG])
def test_the_message_points_to_the_column_and_tells_the_way_out(source: str, column: int, words: str) -> None:
    first = problem(source).problems[0]
    assert first.at == Location("rules/a.yaml", 7, 10 + column, "rules[0].when")
    said = f"{first.message('zh')} {first.fix('zh')}"
    assert all(part in said for part in words.split()), said


@pytest.mark.parametrize(("source", "column", "words"), WRONG, ids=[source for source, _, _ in WRONG])
def test_every_message_exists_in_english_with_nothing_left_open(source: str, column: int, words: str) -> None:
    for found in problem(source).problems:
        for language in ("zh", "en"):
            said = found.message(language) + found.fix(language)
            assert "{" not in said.replace("{'a'", "")
            assert messages()[found.code][language]
            assert messages()[found.code][f"fix_{language}"]
        foreign = set(found.message("en")) - set(source) - set("".join(str(word) for word in found.details.values()))
        assert not any("一" <= letter <= "鿿" for letter in foreign)


def test_every_problem_of_a_condition_is_reported_at_once() -> None:
    found = problem("c.kind == 'x' && c.nothing > 1 && c.fine > c.area").problems
    assert [p.code for p in found] == ["expression-unknown-value", "expression-unknown-name", "expression-mixed-units"]


def test_the_second_line_of_a_block_has_its_own_line_and_column() -> None:
    found = problem("c.shortened\n&& c.kind == 'x'").problems[0]
    assert (found.at.line, found.at.column) == (8, 11 + 13) if found.at else False


def test_without_a_place_the_message_still_says_what_is_wrong() -> None:
    with pytest.raises(FazhiError) as caught:
        compile_expression("c.kindd == 'x'", ENVIRONMENT)
    assert caught.value.problems[0].at is None
    assert "kind" in str(caught.value)


@pytest.mark.parametrize(("source", "code"), [
    ("c.shortened || " * 200 + "true", "expression-too-long"),
    ("(" * 41 + "true" + ")" * 41, "expression-too-deep"),
    ("1" + "+1" * 41 + " > 1", "expression-too-deep"),
    ("!" * 41 + "true", "expression-too-deep"),
    ("true" + "||true" * 250, "expression-too-large"),
])
def test_a_condition_cannot_exhaust_the_process(source: str, code: str) -> None:
    assert problem(source).problems[0].code == code


def test_a_long_flat_list_of_conditions_is_fine() -> None:
    assert compile_expression("c.shortened" + "||c.shortened" * 120, ENVIRONMENT).type == "bool"


def test_derived_facts_cannot_multiply_without_end() -> None:
    facts = {"f0": FactSource("c.flag", Text("零"))}
    for level in range(1, 16):
        facts[f"f{level}"] = FactSource(f"c.f{level - 1} || c.f{level - 1} && c.flag", Text(str(level)))
    environment = Environment(attributes={"flag": Field("flag", Text("旗"), FieldType.BOOL)}, facts=facts)
    assert problem("c.f15", environment).problems[0].code == "expression-too-costly"
    assert compile_expression("c.f5", environment).type == "bool"


def test_derived_facts_cannot_rest_on_each_other_without_end() -> None:
    facts = {"f0": FactSource("c.flag", Text("零"))}
    facts |= {f"f{level}": FactSource(f"!c.f{level - 1}", Text(str(level))) for level in range(1, 3000)}
    environment = Environment(attributes={"flag": Field("flag", Text("旗"), FieldType.BOOL)}, facts=facts)
    assert problem("c.f2999", environment).problems[0].code == "expression-facts-too-deep"
