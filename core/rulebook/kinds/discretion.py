"""``kind: discretion``: a discretion table (裁量基准) with the statute around it."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, PlainValidator

from core.discretion.model import FaultKind, Hit
from core.discretion.penalties import Penalty
from core.rulebook.kinds.base import (
    CitationSpec,
    Document,
    Entry,
    LongId,
    Name,
    Names,
    Parameter,
    RegionCode,
    TitleText,
    ValidSpec,
    describe,
    refuse,
)

_PLACEHOLDER = re.compile(r"\$[a-z][a-z0-9_]*")


def _cell(value: object) -> object:
    parts = value if isinstance(value, tuple) else (value,)
    if not parts or any(not isinstance(part, (bool, int, Decimal, str)) for part in parts):
        raise refuse("discretion-cell-form", found=describe(value))
    return value


def _amount(value: object) -> object:
    if (isinstance(value, (int, Decimal)) and not isinstance(value, bool)) or (
            isinstance(value, str) and _PLACEHOLDER.fullmatch(value)):
        return value
    raise refuse("discretion-amount-form", found=describe(value))


def _range(value: object) -> str:
    """A pair is a closed interval; a text is an interval as in cells."""
    if isinstance(value, str):
        return value
    if isinstance(value, tuple) and len(value) == 2:
        return f"[{_amount(value[0])}..{_amount(value[1])}]"
    raise refuse("discretion-range-form", found=describe(value))


def _penalties(value: object) -> object:
    return (value,) if isinstance(value, str) else value


CellWords = Annotated[Any, PlainValidator(_cell, json_schema_input_type=bool | float | str | list[float | str])]
Cells = dict[Name, CellWords]
AmountWords = Annotated[int | Decimal | str, PlainValidator(_amount, json_schema_input_type=float | str)]
RangeWords = Annotated[str, PlainValidator(_range, json_schema_input_type=str | list[float | str])]
PenaltyWord = Annotated[Penalty, Field(strict=False)]
Penalties = Annotated[tuple[PenaltyWord, ...],
                      BeforeValidator(_penalties, json_schema_input_type=PenaltyWord | list[PenaltyWord])]


class InputSpec(Entry):
    """裁量时要看的一个事实。"""

    title: TitleText | None = Field(None, description="名称")
    type: Literal["bool", "int", "decimal", "enum"] | None = Field(
        None, description="类型；写了 unit、domain 默认 decimal，写了 values、order 默认 enum")
    unit: str | None = Field(None, description="计量单位，如 yuan、months")
    domain: str | None = Field(None, description='可能的数值范围，如 "[0..)"')
    values: dict[str, TitleText] = Field({}, description="可选值：{代码: 名称}")
    order: Names = Field((), description="有轻重次序的可选值，从轻到重")
    graver: Literal["higher", "lower"] | bool | None = Field(
        None, description="哪个方向更重：数值写 higher、lower，是否写 true、false；有次序的默认后面的更重")


class OutcomeSpec(Entry):
    """给什么处罚：罚款幅度（range、fixed，或者 factor_of 的倍数）和其他处罚。"""

    range: RangeWords | None = Field(None, description='罚款幅度（元或倍数）：[最低, 最高]，或者 "(20..2000]"')
    fixed: AmountWords | None = Field(None, description="固定的罚款（元或倍数）")
    factor_of: Name | None = Field(None, description="幅度是这个事实的倍数，如违法所得、货值金额")
    floor: AmountWords | None = Field(None, description="按倍数计算的最低数额（元）")
    cap: AmountWords | None = Field(None, description="按倍数计算的最高数额（元）")
    if_: Cells = Field({}, alias="if", description="条件：{事实: 单元格}")


class StatuteSpec(OutcomeSpec):
    """法定幅度：法律在这些条件下规定的处罚。"""

    optional: bool = Field(False, description="可以处罚款，也可以不处")
    must: Penalties = Field((), description="必须同时给予的处罚、责令")
    may: Penalties = Field((), description="可以同时给予的处罚")
    lawful: bool = Field(False, description="本版本不再认为是违法")
    basis: tuple[CitationSpec, ...] = Field(description="依据", min_length=1)
    valid: ValidSpec | None = Field(None, description="本版本的施行日期")


class RowSpec(OutcomeSpec):
    """一行：条件、阶次、幅度。"""

    tier: str = Field(description="阶次")
    with_: Penalties = Field((), alias="with", description="同时给予的处罚（法律规定必须给予的不用写）")
    note: TitleText | None = Field(None, description="说明")
    basis: tuple[CitationSpec, ...] = Field((), description="本行的依据")


class FaultSpec(Entry):
    """公布的基准本身的缺陷。写明的缺陷不报错，遇到时答“无对应阶次”或“多个阶次”，不猜。"""

    fault: Annotated[FaultKind, Field(strict=False)] = Field(
        description="gap 空档、overlap 重叠、outside 超出法定幅度、reversed 轻重颠倒")
    if_: Cells = Field({}, alias="if", description="在什么条件下")
    note: TitleText = Field(description="说明")


class LimitationSpec(Entry):
    """特别的追责期限（行政处罚法第三十六条：法律另有规定的除外）。"""

    years: int | None = Field(None, description="年", ge=1, le=50)
    months: int | None = Field(None, description="月", ge=1, le=600)
    basis: tuple[CitationSpec, ...] = Field(description="依据", min_length=1)


class DiscretionDocument(Document):
    """裁量基准：按事实查阶次和幅度的表，连同法定幅度。载入时逐一证明没有空档、重叠、超幅度、轻重颠倒。"""

    kind: Literal["discretion"] = Field(description="文件种类")
    id: LongId = Field(description="代码")
    title: TitleText = Field(description="违法行为")
    region: RegionCode | None = Field(None, description="只适用于某个行政区划；不写为全国")
    source: str = Field("", description="基准的出处：文件、网址")
    basis: tuple[CitationSpec, ...] = Field((), description="依据，至少一条")
    valid: ValidSpec | None = Field(None, description="施行日期")
    inputs: dict[Name, InputSpec] = Field(description="要看的事实", min_length=1)
    applies: Cells = Field({}, description="适用条件：{事实: 单元格}；不符合的不用本表")
    tiers: Names = Field(description="阶次，从轻到重", min_length=1)
    statute: tuple[StatuteSpec, ...] = Field(description="法定幅度，每个版本的每种情形一项", min_length=1)
    hit: Annotated[Hit, Field(strict=False)] = Field(
        Hit.UNIQUE, description="几行都符合时：unique 不许有、first 取第一行、priority 取更重（轻）的、collect 合并")
    prefer: Literal["gravest", "lightest"] = Field(
        "gravest", description="priority 取哪个：gravest 最重、lightest 最轻")
    rows: tuple[RowSpec, ...] = Field(description="各行", min_length=1)
    faults: tuple[FaultSpec, ...] = Field((), description="原表本身的缺陷")
    limitation: LimitationSpec | None = Field(None, description="特别的追责期限")
    params: dict[Name, Parameter] = Field({}, description="参数，单元格和幅度里写 $名字")
