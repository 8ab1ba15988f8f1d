"""``kind: patterns``: what many findings of one organ or person add up to."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from core.rulebook.kinds.base import (
    Cel,
    CitationSpec,
    Document,
    Entry,
    LongId,
    Name,
    Names,
    Parameter,
    PeriodWords,
    TitleText,
    ValidSpec,
)
from core.rulebook.kinds.supervision import LevelWord, RuleId
from core.rulebook.model import Level

Status = Literal["raised", "answered", "confirmed", "cured"]


class FindingsSpec(Entry):
    """统计哪些问题：写了的条件都要符合；都不写就是各程序的全部问题（不含其他规律产生的问题）。"""

    rules: Names = Field((), description="规则（程序/规则）")
    codes: Names = Field((), description="问题代码")
    procedures: tuple[LongId, ...] = Field((), description="程序")
    patterns: Names = Field((), description="其他规律：统计它们产生的问题，不能互相统计")
    levels: tuple[LevelWord, ...] = Field((), description="级别：blue 蓝、yellow 黄、orange 橙、red 红")
    status: tuple[Status, ...] = Field(
        ("raised", "answered", "confirmed", "cured"),
        description="状态：raised 疑似、answered 已申辩、confirmed 已确认、cured 已整改；已排除、已撤回的从不统计")
    within: PeriodWords | None = Field(None, description="多长时间之内（日、月、年），从最后一个问题往前算；不写不限")


class CountsSpec(Entry):
    """统计什么。"""

    findings: FindingsSpec = Field(description="统计问题")


class RaisesSpec(Entry):
    """符合时产生的问题。"""

    title: TitleText = Field(description="问题名称")
    remedy: TitleText | None = Field(None, description="怎样补救")


class PatternSpec(Entry):
    """一条跨事项的规律：同一机关（或者同一人员）的问题累计到什么程度，产生一个新的问题。"""

    id: RuleId = Field(description="规律代码")
    title: TitleText = Field(description="规律名称")
    basis: tuple[CitationSpec, ...] = Field((), description="依据，至少一条")
    keyed_by: Literal["organ", "person"] = Field(description="按什么累计：organ 机关，person 办理人员")
    same: Annotated[tuple[Literal["rule"], ...], Field(max_length=1)] = Field(
        (), description="[rule]：同一条规则的问题才算在一起")
    counts: CountsSpec = Field(description="统计什么")
    when: Cel = Field(description="累计到什么程度：k.count 个数，k.red、k.orange、k.yellow、k.blue 各级别个数，"
                                  "k.confirmed 已确认个数，k.cases 涉及事项数，k.rules 涉及规则数，k.people 涉及人数")
    level: LevelWord = Field(Level.ORANGE, description="产生的问题的级别")
    code: str | None = Field(None, description="问题代码", pattern=r"^[A-Z0-9][A-Z0-9_-]*$")
    raises: RaisesSpec | None = Field(None, description="产生的问题；不写沿用规律的名称")
    params: dict[Name, Parameter] = Field({}, description="参数")
    confidence: Literal["verified", "unverified"] = Field("verified", description="数字是否已核对依据")
    valid: ValidSpec | None = Field(None, description="施行日期；不写沿用文件的")


class PatternsDocument(Document):
    """跨事项的规律：重复违反、问题升级。"""

    kind: Literal["patterns"] = Field(description="文件种类")
    title: TitleText | None = Field(None, description="名称")
    valid: ValidSpec | None = Field(None, description="施行日期")
    patterns: tuple[PatternSpec, ...] = Field(description="规律")
