"""``kind: deadlines``: the list of statutory periods, each watched by rules or waiting with its reason."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from core.rulebook.kinds.base import (
    LONG_ID_PATTERN,
    Document,
    Entry,
    Name,
    Names,
    PeriodWords,
    TitleText,
    id_like,
)

EntryId = Annotated[str, id_like(LONG_ID_PATTERN, "pen.hearing.request")]
MonthDay = Annotated[str, Field(pattern=r"^(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$")]
Sort = Literal["max", "min", "min_before", "min_elapsed", "limitation", "limit", "fixed_date", "accrual", "validity",
               "duration", "frequency", "ban", "trigger", "escalation", "guide", "same_day"]


class DeadlineSpec(Entry):
    """一项期限：写 rules（由哪些规则监督）或者 waits（为什么还没有），二者必居其一。"""

    title: TitleText = Field(description="名称")
    law: str = Field(min_length=1, description="出处：法律、法规、规章或者文件")
    article: str = Field(description="条文")
    sort: Sort = Field(description="性质：max 不超过、min 不少于、min_before 提前、fixed_date 每年固定日期等")
    length: PeriodWords | None = Field(None, description="长短；条文没有数字的不写")
    date: MonthDay | None = Field(None, description="每年的固定日期，月-日")
    rules: Names = Field((), description="监督它的规则，写全名：程序/规则")
    differs: str | None = Field(None, description="规则的期限与这里不同的，写明原因")
    waits: Name | None = Field(None, description="还没有规则的，写原因代码（见 reasons）")


class LimitSpec(Entry):
    """一项数额、人数等界限。"""

    title: TitleText = Field(description="名称")
    law: str = Field(min_length=1, description="出处")
    article: str = Field(description="条文")
    value: str = Field(min_length=1, description="界限，连同单位")
    rules: Names = Field((), description="使用它的规则，写全名：程序/规则")
    waits: Name | None = Field(None, description="还没有用上的，写原因代码（见 reasons）")


class DeadlinesDocument(Document):
    """期限清单：法定期限哪些已有规则，哪些还在等，等什么。"""

    kind: Literal["deadlines"] = Field(description="文件种类")
    id: Annotated[str, id_like(LONG_ID_PATTERN, "deadlines.decisions")] = Field(description="代码")
    title: TitleText = Field(description="名称")
    reasons: dict[Name, TitleText] = Field({}, description="还没有规则的原因：{代码: 说明}")
    deadlines: dict[EntryId, DeadlineSpec] = Field({}, description="期限：{代码: 期限}")
    limits: dict[EntryId, LimitSpec] = Field({}, description="数额等界限：{代码: 界限}")

