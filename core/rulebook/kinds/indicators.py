"""``kind: indicators``: a scoring scheme, a tree with weights whose leaves are measured."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import Field, PlainValidator

from core.rulebook.kinds.base import (
    NAME_PATTERN,
    Cel,
    CitationSpec,
    Count,
    Document,
    Entry,
    Id,
    LongId,
    Name,
    Names,
    Number,
    Parameter,
    PeriodWords,
    Placeholder,
    TitleText,
    ValidSpec,
    describe,
    refuse,
)

MetricName = Literal["template", "exists", "zero", "ratio", "count", "deadline", "frequency", "monitor"]


def _amount(value: object) -> Decimal | Placeholder:
    if isinstance(value, str) and re.fullmatch(r"\$" + NAME_PATTERN, value):
        return Placeholder(value[1:])
    if isinstance(value, (int, Decimal)) and not isinstance(value, bool):
        return Decimal(value)
    raise refuse("number-expected", found=describe(value))


def _switch(value: object) -> bool | Placeholder:
    if isinstance(value, str) and re.fullmatch(r"\$" + NAME_PATTERN, value):
        return Placeholder(value[1:])
    if isinstance(value, bool):
        return value
    raise refuse("switch-expected", found=describe(value))


def _month_day(value: object) -> tuple[int, int]:
    match = re.fullmatch(r"(\d{2})-(\d{2})", value) if isinstance(value, str) else None
    if match and 1 <= int(match[1]) <= 12 and 1 <= int(match[2]) <= _LAST[int(match[1]) - 1]:
        return int(match[1]), int(match[2])
    raise refuse("month-day-expected", found=describe(value))


_LAST = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
"""Last days of the months of every year: 29 February is no day on which something can be due each year."""

Amount = Annotated[Decimal | Placeholder, PlainValidator(_amount, json_schema_input_type=float | str)]
Switch = Annotated[bool | Placeholder, PlainValidator(_switch, json_schema_input_type=bool | str)]
MonthDay = Annotated[tuple[int, int], PlainValidator(_month_day, json_schema_input_type=str)]


class RungSpec(Entry):
    """计分档：至少（或者至多）达到多少，得满分的几成。"""

    at_least: Amount | None = Field(None, description="至少达到（从高到低写）")
    at_most: Amount | None = Field(None, description="至多不超过（从低到高写）")
    earn: Amount = Field(description="得满分的几成：0—1")


class LinearSpec(Entry):
    """按比例计分：zero_at 得零分，full_at 得满分，之间按直线。"""

    zero_at: Amount = Field(description="得零分的数值")
    full_at: Amount = Field(description="得满分的数值；小于 zero_at 表示越低越好")


class ScoreSpec(Entry):
    """怎样由数值得分，三种写法之一：ladder 分档、linear 直线、target 目标值。"""

    ladder: tuple[RungSpec, ...] = Field((), description="分档，取第一个达到的档，都没有达到得零分")
    linear: LinearSpec | None = Field(None, description="直线")
    target: Amount | None = Field(None, description="目标值：达到得满分，不足按比例")


class SupplySpec(Entry):
    """数据从哪里来。"""

    by: Literal["data", "self_report", "none"] = Field(
        description="data 平台记录自动产生，self_report 机关自报，none 暂无来源")
    why: TitleText | None = Field(None, description="暂无来源的原因")


class LeafSpec(Entry):
    """怎样计量。template 用于按事项评分的方案，其余用于按机关评分的方案。"""

    metric: MetricName = Field(description="计量方式：template 模板得分、exists 有无、zero 为零、ratio 比率、"
                                           "count 数量、deadline 按期、frequency 频次、monitor 只展示")
    missing: Literal["zero", "unscored", "block"] = Field(
        "unscored", description="没有数据时：zero 计零、unscored 不计分、block 不公布")
    procedure: LongId | None = Field(None, description="看哪个程序的事项（写了 findings 就不用写）")
    checklist: Id | None = Field(None, description="模板代码（template）")
    view: Literal["system", "effect", "conduct"] | None = Field(
        None, description="视角：system 体系、effect 效能、conduct 行为（按机关评分时必填）")
    for_: Names = Field((), alias="for", description="适用的机关类型，不写为全部")
    levels: Names = Field((), description="适用的机关层级，不写为全部")
    scope: Literal["own", "government"] = Field(
        "own", description="own 本机关的事项；government 本机关和归它管理的所有机关的事项")
    organ: str | None = Field(
        None, description="算在哪个机关名下：c.属性（事项里填写的机关，如被申请人，没有填的不计）；不写为事项所属机关")
    among: Cel | None = Field(None, description="看哪些事项（按事项现状），不写为全部")
    where: Cel | None = Field(None, description="其中哪些算达到")
    numerator: Cel | None = Field(None, description="分子：各事项该数值之和")
    denominator: Cel | None = Field(None, description="分母：各事项该数值之和")
    findings: Names = Field((), description="看这些规则的问题（程序/规则），只计已确认的")
    dated_by: Names = Field((), description="事项算在哪一天：这些步骤中最后一次的日期；不写为办结日或最近一步的日期")
    window: Literal["year", "rolling_year"] = Field("year", description="year 考核年度，rolling_year 近十二个月")
    score: ScoreSpec | None = Field(None, description="怎样得分")
    due: MonthDay | None = Field(None, description='数据应当在每年的哪一天之前有，如 "12-31"')
    by: MonthDay | None = Field(None, description='deadline：每年几月几日前完成，如 "04-01"')
    start: Cel | None = Field(None, description="deadline：期限从哪一天起算（日期）")
    done: Cel | None = Field(None, description="deadline：哪一天完成（日期）")
    within: PeriodWords | None = Field(None, description="deadline：期限多长")
    each: Literal["month", "quarter", "half_year", "year"] | None = Field(None, description="frequency：每个多长的时段")
    times: Count = Field(1, description="frequency：每个时段至少几次")
    supply: SupplySpec | None = Field(None, description="数据来源")
    reported_as: str | None = Field(
        None, pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]*/[A-Za-z0-9][A-Za-z0-9_-]*$",
        description="读另一个方案里同一成果的自报（方案代码/成果代码），同一事实不报两次")


class NodeSpec(Entry):
    """指标树的一个节点：要么有下级 children，要么有计量 leaf。"""

    id: Id = Field(description="指标代码")
    title: TitleText = Field(description="指标名称")
    weight: Amount = Field(description="权重（分）")
    children: tuple[NodeSpec, ...] = Field((), description="下级指标")
    leaf: LeafSpec | None = Field(None, description="计量")
    basis: tuple[CitationSpec, ...] = Field((), description="依据")
    note: TitleText | None = Field(None, description="说明")
    derived: bool = Field(False, description="true：不是原文的条目，是分解推导出来的")


class CapSpec(Entry):
    """封顶：规则被违反期间，某个指标最多得几分。"""

    node: Id = Field(description="指标代码")
    most: Number = Field(description="最多得分")
    rules: Names = Field(description="规则（程序/规则）", min_length=1)
    title: TitleText = Field(description="说明")
    scope: Literal["own", "government"] = Field("own", description="看谁的问题：own 本机关，government 连同所管机关")


class VetoSpec(Entry):
    """一票否决：规则被违反期间总分为零。"""

    rules: Names = Field(description="规则（程序/规则）", min_length=1)
    title: TitleText = Field(description="说明")
    scope: Literal["own", "government"] = Field("own", description="看谁的问题：own 本机关，government 连同所管机关")


class DeductionSpec(Entry):
    """扣分：规则每被违反一次扣几分。"""

    rules: Names = Field(description="规则（程序/规则）", min_length=1)
    points: Number = Field(description="每次扣分")
    title: TitleText = Field(description="说明")
    scope: Literal["own", "government"] = Field("own", description="看谁的问题：own 本机关，government 连同所管机关")


class IndicatorsDocument(Document):
    """评分方案：指标树、封顶、一票否决、扣分。"""

    kind: Literal["indicators"] = Field(description="文件种类")
    id: LongId = Field(description="方案代码")
    title: TitleText = Field(description="方案名称")
    per: Literal["case", "organ"] = Field(description="评分对象：case 每个事项，organ 每个机关")
    procedure: LongId | None = Field(None, description="程序（per: case 时必填）")
    nodes: tuple[NodeSpec, ...] = Field(description="指标", min_length=1)
    total: Number | None = Field(None, description="满分；写了就核对各指标之和")
    caps: tuple[CapSpec, ...] = Field((), description="封顶")
    vetoes: tuple[VetoSpec, ...] = Field((), description="一票否决")
    deductions: tuple[DeductionSpec, ...] = Field((), description="扣分")
    counts: Literal["confirmed", "raised"] = Field(
        "confirmed", description="封顶、否决、扣分看哪些问题：confirmed 已确认的，raised 疑似的也算")
    scored_from: Names = Field(
        (), description="有了这些步骤之一才计总分（per: case）；不写则一立案就计")
    in_use: Switch = Field(True, description="是否采用；写 $参数 就可以由各地按年度开关（per: organ）")
    params: dict[Name, Parameter] = Field({}, description="参数：权重、档次、目标值等用 $名字 引用，条件里用 p.名字")
    note: TitleText | None = Field(None, description="说明")
    basis: tuple[CitationSpec, ...] = Field((), description="依据")
    valid: ValidSpec | None = Field(None, description="施行日期")


NodeSpec.model_rebuild()
