"""``kind: indicators``: a scoring scheme, a tree with weights whose leaves are measured."""

from __future__ import annotations

from typing import Literal

from pydantic import ConfigDict, Field

from core.rulebook.kinds.base import (
    CitationSpec,
    Document,
    Entry,
    Id,
    LongId,
    Names,
    Number,
    TitleText,
    ValidSpec,
)

Metric = Literal["template", "exists", "zero", "ratio", "count", "deadline", "frequency", "monitor"]


class LeafSpec(Entry):
    """怎样计量：metric 之外的键是该计量方式自己的参数。"""

    model_config = ConfigDict(extra="allow")

    metric: Metric = Field(description="计量方式：template 模板得分、exists 有无、zero 为零、ratio 比率、count 数量、"
                                       "deadline 按期、frequency 频次、monitor 只展示")
    missing: Literal["zero", "unscored", "block"] = Field(
        "unscored", description="没有数据时：zero 计零、unscored 不计分、block 不公布")


class NodeSpec(Entry):
    """指标树的一个节点：要么有下级 children，要么有计量 leaf。"""

    id: Id = Field(description="指标代码")
    title: TitleText = Field(description="指标名称")
    weight: Number = Field(description="权重（分）")
    children: tuple[NodeSpec, ...] = Field((), description="下级指标")
    leaf: LeafSpec | None = Field(None, description="计量")
    basis: tuple[CitationSpec, ...] = Field((), description="依据")


class CapSpec(Entry):
    """封顶：规则被违反期间，某个指标最多得几分。"""

    node: Id = Field(description="指标代码")
    most: Number = Field(description="最多得分")
    rules: Names = Field(description="规则（程序/规则）", min_length=1)
    title: TitleText = Field(description="说明")


class VetoSpec(Entry):
    """一票否决：规则被违反期间总分为零。"""

    rules: Names = Field(description="规则（程序/规则）", min_length=1)
    title: TitleText = Field(description="说明")


class DeductionSpec(Entry):
    """扣分：规则每被违反一次扣几分。"""

    rules: Names = Field(description="规则（程序/规则）", min_length=1)
    points: Number = Field(description="每次扣分")
    title: TitleText = Field(description="说明")


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
    note: TitleText | None = Field(None, description="说明")
    basis: tuple[CitationSpec, ...] = Field((), description="依据")
    valid: ValidSpec | None = Field(None, description="施行日期")


NodeSpec.model_rebuild()
