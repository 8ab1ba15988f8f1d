"""``kind: supervision``: structured DECLARE rules; CEL only in conditions."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BeforeValidator, Field

from core.rulebook.kinds.base import (
    Cel,
    CitationSpec,
    Count,
    Document,
    DuePeriodWords,
    Entry,
    LongId,
    Name,
    Names,
    Parameter,
    PeriodWords,
    TitleText,
    ValidSpec,
    id_like,
)
from core.rulebook.model import Level, Template

RuleId = Annotated[str, id_like(r"[A-Za-z0-9][A-Za-z0-9_-]*", "publish-in-time")]
LevelWord = Annotated[Level, Field(strict=False)]


class TargetSpec(Entry):
    """应答步骤：一个步骤、几个步骤之一，或者加条件 {events: [...], when: "t.x == ..."}。"""

    events: Names = Field(description="步骤（几个之一）", min_length=1)
    when: Cel | None = Field(None, description="对应答步骤的条件，t.x 是它的字段")


def _short_target(value: object) -> object:
    return {"events": value} if isinstance(value, (str, tuple)) else value


Target = Annotated[TargetSpec, BeforeValidator(_short_target, json_schema_input_type=TargetSpec | str | list[str])]


class WarnSpec(Entry):
    """到期预警。"""

    before: PeriodWords = Field(description="到期前多久")
    level: LevelWord = Field(Level.BLUE, description="预警级别：blue 蓝、yellow 黄、orange 橙、red 红")


class RuleSpec(Entry):
    """一条监督规则：在什么步骤（on）、什么条件下（when），要求什么（用下面的词之一）。"""

    id: RuleId = Field(description="规则代码")
    title: TitleText = Field(description="规则名称")
    basis: tuple[CitationSpec, ...] = Field((), description="依据，至少一条")
    on: Names = Field((), description="触发步骤（几个之一）")
    when: Cel | None = Field(None, description="触发条件")
    followed_by: Target | None = Field(None, description="之后必须有")
    only_after: Target | None = Field(None, description="之前必须已有")
    never_after: Target | None = Field(None, description="之后不得有")
    not_earlier_than: Target | None = Field(None, description="与此前步骤至少间隔 not_before")
    each_after_a_new: Target | None = Field(None, description="每次之前都要有新的")
    answered_before_next: Target | None = Field(None, description="下一次之前必须有")
    different_person: Target | None = Field(None, description="不得由同一人办理")
    also_requires: Target | None = Field(None, description="案中必须也有")
    starts_with: Names | None = Field(None, description="必须以此开始")
    directly_followed_by: Target | None = Field(None, description="紧接着必须是")
    directly_after: Target | None = Field(None, description="紧前面必须是")
    not_both: Names | None = Field(None, description="两个步骤不得并存")
    at_most: Count | None = Field(None, description="最多几次")
    at_least: Count | None = Field(None, description="至少几次")
    exactly: Count | None = Field(None, description="恰好几次")
    must: Cel | None = Field(None, description="触发时必须满足的条件")
    within: DuePeriodWords | None = Field(None, description="在多久之内，或者至哪一个日期为止")
    not_before: PeriodWords | None = Field(None, description="至少间隔多久")
    no_later_than: PeriodWords | None = Field(None, description="至多间隔多久")
    same: Names = Field((), description="两个步骤的这些字段必须相同")
    different: Names = Field((), description="两个步骤的这些字段必须不同")
    answers: Names = Field(
        (), description="由哪个机关负责：owner 事项所属机关（默认）、recorder 记录触发步骤的机关、"
                        "步骤代码（最近一次记录它的机关）、c.属性（填写的机关）")
    released_by: Names = Field((), description="这些步骤之后不再要求")
    suspended_by: Names = Field((), description="中止期限的步骤")
    resumed_by: Names = Field((), description="恢复期限的步骤")
    extended_by: dict[Name, PeriodWords] = Field({}, description="延长期限：{步骤: 延长多久}")
    level: LevelWord = Field(Level.YELLOW, description="严重程度：blue 蓝、yellow 黄、orange 橙、red 红")
    warn: tuple[WarnSpec, ...] = Field((), description="到期预警")
    code: str | None = Field(None, description="问题代码", pattern=r"^[A-Z0-9][A-Z0-9_-]*$")
    remedy: TitleText | None = Field(None, description="怎样补救")
    params: dict[Name, Parameter] = Field({}, description="参数")
    confidence: Literal["verified", "unverified"] = Field("verified", description="期限等是否已核对依据")
    valid: ValidSpec | None = Field(None, description="施行日期；不写沿用文件的")

    def templates(self) -> list[Template]:
        """Template words that were written, which should be exactly one."""
        return [word for word in Template if getattr(self, word.value) is not None]


class SupervisionDocument(Document):
    """监督规则：一个程序的若干条规则。"""

    kind: Literal["supervision"] = Field(description="文件种类")
    procedure: LongId = Field(description="所监督的程序")
    title: TitleText | None = Field(None, description="名称")
    valid: ValidSpec | None = Field(None, description="施行日期")
    rules: tuple[RuleSpec, ...] = Field(description="规则")


class AddedRuleSpec(RuleSpec):
    """下级增加的监督规则，代码以行政区划代码开头。"""

    procedure: LongId = Field(description="所监督的程序")
