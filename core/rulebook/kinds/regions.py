"""``kind: regions``: the tree of regions, which ``core.organs`` checks further and loads into the database."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from core.rulebook.kinds.base import Document, Entry, RegionCode


class RegionSpec(Entry):
    """一个行政区划和它的下级。"""

    code: RegionCode = Field(description="GB/T 2260 代码，加引号")
    zh: str = Field(min_length=1, description="名称")
    en: str = Field("", description="英文名称")
    kind: str = Field(description="类别，如 league 盟、banner 旗")
    note: str = Field("", description="说明")
    children: tuple[RegionSpec, ...] = Field((), description="下级")


class OtherCodeSpec(Entry):
    """不在国家标准里、但有人使用的代码。"""

    code: RegionCode = Field(description="代码")
    zh: str = Field(min_length=1, description="名称")
    within: RegionCode = Field(description="所在的行政区划")
    note: str = Field("", description="说明")


class RegionsDocument(Document):
    """行政区划。"""

    kind: Literal["regions"] = Field(description="文件种类")
    standard: str = Field("", description="代码标准")
    sources: tuple[str, ...] = Field((), description="来源")
    notes: tuple[str, ...] = Field((), description="说明")
    fictional: bool = Field(False, description="虚构的行政区划（演示用）")
    regions: tuple[RegionSpec, ...] = Field(description="行政区划", min_length=1)
    not_in_standard: tuple[OtherCodeSpec, ...] = Field((), description="标准之外的代码")
