"""Conditions and rules read as a supervisor would say them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from core.language import Environment, FactSource, compile_expression
from core.language.rule_sentence import rule_sentence
from core.rulebook.model import (
    Citation,
    Clock,
    EventType,
    Field,
    FieldType,
    MaterialRequirement,
    Pattern,
    Period,
    Procedure,
    Rule,
    Stage,
    Template,
    Unit,
)
from core.text import Text


def text(zh: str, en: str) -> Text:
    return Text(zh, {"en": en})


ATTRIBUTES = {f.id: f for f in (
    Field("consult_days", text("征求意见天数", "consultation days"), FieldType.INT),
    Field("shortened", text("已缩短期限", "period shortened"), FieldType.BOOL),
    Field("urgent", text("情况紧急", "urgent"), FieldType.BOOL),
    Field("fine", text("罚款", "fine"), FieldType.DECIMAL, unit="yuan"),
    Field("kind", text("事项类型", "kind"), FieldType.ENUM,
          values={"public": text("公共服务", "public service"), "plan": text("重要规划", "major plan")}),
    Field("channels", text("参与方式", "channels"), FieldType.SET,
          values={"web": text("网上征求", "online"), "hall": text("听证会", "hearing")}),
    Field("opened", text("启动日期", "start date"), FieldType.DATE),
)}
RESULT = Field("result", text("讨论结果", "outcome"), FieldType.ENUM, values={"agreed": text("同意", "agreed")})
NO_DISSENT = Field("unanimous", text("一致“同意”", "unanimous"), FieldType.BOOL)
REPLY_BY = Field("reply_by", text("反馈期限", "reply by"), FieldType.DATE)
EVENTS = {
    "decided": EventType("decided", text("作出决定", "Decision made"), fields={"reply_by": REPLY_BY},
                         materials=(MaterialRequirement("minutes", text("会议纪要", "minutes")),)),
    "published": EventType("published", text("公布决策", "Decision published")),
    "discussed": EventType("discussed", text("集体讨论", "Discussion"), fields={"result": RESULT, "ok": NO_DISSENT}),
    "returned": EventType("returned", text("退回", "Returned")),
}
PROCEDURE = Procedure("t.case", text("测试", "Test"), EVENTS, (Stage("all", Text("全部"), tuple(EVENTS)),),
                      ("discussed",), ("published",), ATTRIBUTES)
ENVIRONMENT = Environment(
    attributes=ATTRIBUTES, facts={"short": FactSource("c.consult_days < 30", text("期限过短", "period too short"))},
    event_fields={"e": EVENTS["discussed"].fields, "t": EVENTS["discussed"].fields}, events=EVENTS)


@pytest.mark.parametrize(("source", "zh", "en"), [
    ("c.consult_days < 30 && !c.shortened", "征求意见天数 小于 30 且 非“已缩短期限”",
     "consultation days is less than 30 and not “period shortened”"),
    ("c.shortened && (c.urgent || c.short)", "“已缩短期限” 且 （“情况紧急” 或者 “期限过短”）",
     "“period shortened” and (“urgent” or “period too short”)"),
    ("c.urgent || c.shortened && c.short", "“情况紧急” 或者 （“已缩短期限” 且 “期限过短”）",
     "“urgent” or (“period shortened” and “period too short”)"),
    ("!(c.urgent || c.consult_days >= 30)", "非“情况紧急” 且 征求意见天数 小于 30",
     "not “urgent” and consultation days is less than 30"),
    ("!(c.urgent && happened('decided'))", "非“情况紧急” 或者 尚无“作出决定”",
     "not “urgent” or “Decision made” has not been recorded"),
    ("c.kind == 'plan'", "事项类型 为“重要规划”", "kind is “major plan”"),
    ("!(c.kind in ['plan', 'public'])", "事项类型 不是“重要规划”、“公共服务”中的任何一个",
     "kind is none of “major plan”, “public service”"),
    ("c.kind in ['plan']", "事项类型 为“重要规划”", "kind is “major plan”"),
    ("c.consult_days in [7, 30]", "征求意见天数 为 7、30 之一", "consultation days is one of 7, 30"),
    ("'web' in c.channels && !('hall' in c.channels)", "参与方式 包含“网上征求” 且 参与方式 不包含“听证会”",
     "channels contains “online” and channels does not contain “hearing”"),
    ("!sets.intersects(c.channels, ['web', 'hall'])", "参与方式 不包含“网上征求”、“听证会”中的任何一个",
     "channels contains none of “online”, “hearing”"),
    ("(c.fine + 100) * 2 > 50000", "（罚款 + 100） × 2 大于 50000 元", "(fine + 100) × 2 is more than 50000 yuan"),
    ("c.fine - (c.fine - 1) > 0", "罚款 - （罚款 - 1） 大于 0 元", "fine - (fine - 1) is more than 0 yuan"),
    ("c.opened < date('2026-01-05')", "启动日期 早于 2026年1月5日", "start date is before 5 January 2026"),
    ("has(c.fine)", "已填写“罚款”", "“fine” is given"),
    ("!has(c.fine)", "未填写“罚款”", "“fine” is not given"),
    ("has(c.fine) && c.fine > 0", "罚款 大于 0 元", "fine is more than 0 yuan"),
    ("has(c.fine) && (c.fine > 0 || c.urgent)", "已填写“罚款” 且 （罚款 大于 0 元 或者 “情况紧急”）",
     "“fine” is given and (fine is more than 0 yuan or “urgent”)"),
    ("(has(c.fine) ? c.fine : 0) > 3", "罚款（未填写的按 0 计） 大于 3 元",
     "fine (0 where not given) is more than 3 yuan"),
    ("(c.urgent ? 7 : 30) > c.consult_days", "（若“情况紧急”，则7，否则30） 大于 征求意见天数",
     "(if “urgent” then 7, else 30) is more than consultation days"),
    ("c.urgent == false", "非“情况紧急”", "not “urgent”"),
    ("material('decided/minutes')", "已上传“作出决定”的“会议纪要”", "“minutes” of “Decision made” has been uploaded"),
    ("times('discussed') == 2", "“集体讨论”的次数 等于 2", "the number of “Discussion” records equals 2"),
    ("working_days_between(c.opened, e.date) <= 1", "启动日期至该步骤的日期的工作日数 不超过 1 个工作日",
     "the working days from start date to this step’s date is at most 1 working day"),
    ("!e.ok && t.result == 'agreed'", "该步骤非“一致‘同意’” 且 应答步骤的讨论结果 为“同意”",
     "not “unanimous” at this step and the answering step’s outcome is “agreed”"),
    ("e.actor == t.actor", "该步骤的承办人 为 应答步骤的承办人", "this step’s person is the answering step’s person"),
    ("true", "恒成立", "always"),
])
def test_a_condition_reads_in_chinese_and_in_english(source: str, zh: str, en: str) -> None:
    expression = compile_expression(source, ENVIRONMENT)
    assert expression.sentence("zh") == zh
    assert expression.sentence("en") == en


def test_another_language_reads_chinese_until_it_has_words() -> None:
    assert compile_expression("c.urgent", ENVIRONMENT).sentence("mn-Mong") == "“情况紧急”"


BASIS = (Citation("重大行政决策程序暂行条例", "32", date(2019, 4, 20)),)
DAYS20, DAYS30, DAYS60 = Period(20, Unit.WORKING_DAYS), Period(30, Unit.DAYS), Period(60, Unit.DAYS)


def rule(template: Template, **parts: object) -> Rule:
    base = Rule("t.case/r", Text("规则"), "t.case", template, Pattern(("decided",)), BASIS, Pattern(("published",)))
    return replace(base, **parts)  # type: ignore[arg-type]


WHEN = compile_expression("c.consult_days < 30 && !c.shortened", ENVIRONMENT)
AGREED = compile_expression("t.result == 'agreed' && t.date > e.date", ENVIRONMENT)
END = "（《重大行政决策程序暂行条例》第32条）。"
SENTENCES = [
    (rule(Template.FOLLOWED_BY, within=DAYS20), "每次记录“作出决定”后，应当在 20 个工作日内记录“公布决策”"),
    (rule(Template.FOLLOWED_BY), "每次记录“作出决定”后，应当记录“公布决策”"),
    (rule(Template.FOLLOWED_BY, not_before=DAYS30, within=DAYS60),
     "每次记录“作出决定”后，应当在满 30 日后、60 日内记录“公布决策”"),
    (rule(Template.FOLLOWED_BY, on=Pattern(("decided",), WHEN), target=Pattern(("published", "returned")),
          within=DAYS30, released_by=("returned",),
          clock=Clock(("returned",), ("discussed",), {"discussed": DAYS30})),
     "如果 征求意见天数 小于 30 且 非“已缩短期限”，则每次记录“作出决定”后，应当在 30 日内记录“公布决策”或“退回”；"
     "记录“退回”后不再要求；期限因“退回”中止，因“集体讨论”恢复；记录“集体讨论”后延长 30 日"),
    (rule(Template.ONLY_AFTER, target=Pattern(("discussed",), AGREED), not_before=DAYS30, within=DAYS60),
     "每次记录“作出决定”前，应当已经记录“集体讨论”（条件：其讨论结果 为“同意” 且 其日期 晚于“作出决定”的日期），"
     "两者至少间隔 30 日，两者最多间隔 60 日"),
    (rule(Template.NEVER_AFTER, within=DAYS30), "每次记录“作出决定”后，30 日内不得记录“公布决策”"),
    (rule(Template.FOLLOWED_BY, within=Period(0, Unit.DAYS, until="e.reply_by")),
     "每次记录“作出决定”后，应当不迟于反馈期限记录“公布决策”"),
    (rule(Template.NEVER_AFTER, within=Period(0, Unit.DAYS, until="e.reply_by")),
     "每次记录“作出决定”后，在反馈期限届满前不得记录“公布决策”"),
    (rule(Template.FOLLOWED_BY, within=DAYS30, answers=("recorder",)),
     "每次记录“作出决定”后，应当在 30 日内记录“公布决策”；由记录该步骤的机关负责"),
    (rule(Template.FOLLOWED_BY, within=DAYS30, answers=("discussed",)),
     "每次记录“作出决定”后，应当在 30 日内记录“公布决策”；由记录“集体讨论”的机关负责"),
    (rule(Template.NEVER_AFTER), "每次记录“作出决定”后，不得记录“公布决策”"),
    (rule(Template.NOT_EARLIER_THAN, not_before=DAYS30), "记录“公布决策”后，满 30 日才可以记录“作出决定”"),
    (rule(Template.AT_MOST, target=None, count=3), "每个事项最多记录 3 次“作出决定”"),
    (rule(Template.AT_MOST, target=None, count=0, on=Pattern(("decided",), WHEN)),
     "不得记录“作出决定”（条件：征求意见天数 小于 30 且 非“已缩短期限”）"),
    (rule(Template.AT_LEAST, target=None, count=1), "每个事项应当至少记录 1 次“作出决定”"),
    (rule(Template.EXACTLY, target=None, count=1), "每个事项应当恰好记录 1 次“作出决定”"),
    (rule(Template.NOT_BOTH), "同一事项中，“作出决定”与“公布决策”不得并存"),
    (rule(Template.EACH_AFTER_A_NEW), "每次记录“作出决定”前，都应当重新记录过“公布决策”"),
    (rule(Template.ANSWERED_BEFORE_NEXT, within=DAYS30),
     "每次记录“作出决定”后，在再次记录“作出决定”之前，应当在 30 日内记录“公布决策”"),
    (rule(Template.DIFFERENT_PERSON), "同一事项中，“作出决定”与“公布决策”不得由同一人办理"),
    (rule(Template.DIFFERENT_PERSON, same=("organ",)), "同一事项中，“作出决定”与“公布决策”的机关不得相同"),
    (rule(Template.ALSO_REQUIRES, same=("organ",), different=("actor",)),
     "记录了“作出决定”的事项，也应当记录“公布决策”（条件：机关与“作出决定”相同；承办人与“作出决定”不同），先后不限"),
    (rule(Template.STARTS_WITH, target=None), "每个事项应当从“作出决定”开始"),
    (rule(Template.MUST, target=None, condition=WHEN),
     "每次记录“作出决定”时，应当符合：征求意见天数 小于 30 且 非“已缩短期限”"),
    (rule(Template.DIRECTLY_FOLLOWED_BY), "每次记录“作出决定”后，紧接着的一步应当是“公布决策”"),
    (rule(Template.DIRECTLY_AFTER), "每次记录“作出决定”前，紧邻的上一步应当是“公布决策”"),
]


@pytest.mark.parametrize(("written", "said"), SENTENCES, ids=[said for _, said in SENTENCES])
def test_a_rule_reads_as_a_supervisor_would_say_it(written: Rule, said: str) -> None:
    assert rule_sentence(written, PROCEDURE, "zh") == said + END


def test_every_template_has_its_sentence() -> None:
    assert {written.template for written, _ in SENTENCES} == set(Template)


@pytest.mark.parametrize("written", [written for written, _ in SENTENCES])
def test_in_english_a_rule_has_no_chinese_but_the_name_of_the_law(written: Rule) -> None:
    said = rule_sentence(written, PROCEDURE, "en")
    body, _, basis = said.partition(" (《")
    assert basis == "重大行政决策程序暂行条例》 Art. 32)."
    assert "Decision made" in body
    assert not any("一" <= letter <= "鿿" for letter in body)
    assert "{" not in said


def test_english_reads_naturally() -> None:
    written = rule(Template.FOLLOWED_BY, within=DAYS20, on=Pattern(("decided",), WHEN))
    assert rule_sentence(written, PROCEDURE, "en") == (
        "If consultation days is less than 30 and not “period shortened”: after each “Decision made”, "
        "“Decision published” must be recorded within 20 working days (《重大行政决策程序暂行条例》 Art. 32).")
