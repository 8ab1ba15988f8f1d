"""``kind: list``: the four lists (四张清单) with their conditions."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from core.discretion.lists import CaseList
from core.rulebook.kinds.base import (
    Cel,
    CitationSpec,
    Document,
    Entry,
    LongId,
    Name,
    Names,
    RegionCode,
    TitleText,
    ValidSpec,
)


class ListConditionSpec(Entry):
    """一个条件：写了 cel 由平台判断，没有写的由办案人员认定。"""

    title: TitleText = Field(description="条件")
    cel: Cel | None = Field(None, description="按事项属性判断的条件（CEL），只能用 c. 和步骤")


class ListItemSpec(Entry):
    """清单的一项：all_of 全部成立、any_of 至少一个成立、exclude 都不成立，才符合。"""

    id: str = Field(description="条目编号，清单内不重复", pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]*$")
    violation: TitleText = Field(description="违法行为（措施）")
    tables: Names = Field((), description="同一违法行为的裁量基准代码")
    all_of: Names = Field((), description="须全部成立的条件")
    any_of: Names = Field((), description="至少一个成立的条件")
    exclude: Names = Field((), description="一个都不能成立的条件")
    education: bool = Field(False, description="不予处罚的，应当对当事人进行教育")
    legal_basis: tuple[CitationSpec, ...] = Field(description="依据", min_length=1)
    valid: ValidSpec | None = Field(None, description="施行日期；不写沿用文件的")


class ListDocument(Document):
    """四张清单：不予处罚、从轻、减轻、不予强制的事项及其条件。"""

    kind: Literal["list"] = Field(description="文件种类")
    id: LongId = Field(description="代码")
    title: TitleText = Field(description="名称")
    list_kind: Annotated[CaseList, Field(strict=False)] = Field(
        description="no_penalty 不予处罚、first_offence 首违不罚、lighter 从轻、reduced 减轻、no_coercion 不予强制")
    region: RegionCode | None = Field(None, description="只适用于某个行政区划；不写为全国")
    procedures: Names = Field(description="在哪些程序里对照", min_length=1)
    source: str = Field("", description="清单的出处：文件、网址")
    valid: ValidSpec | None = Field(None, description="施行日期")
    conditions: dict[Name, ListConditionSpec] = Field(description="条件：{代码: 条件}", min_length=1)
    items: tuple[ListItemSpec, ...] = Field(description="条目", min_length=1)
