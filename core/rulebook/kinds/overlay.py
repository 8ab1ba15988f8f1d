"""``kind: overlay``: a region's own configuration, inside what its parents opened."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field

from core.rulebook.kinds.base import Day, Document, Entry, LongId, OpenTo, RegionCode, Scalar, TitleText, ValidSpec
from core.rulebook.kinds.calendar import Days
from core.rulebook.kinds.discretion import AmountWords, RangeWords
from core.rulebook.kinds.supervision import AddedRuleSpec


class AuthoritySpec(Entry):
    """依据的文件：谁发的、什么文件。"""

    issuer: str = Field(min_length=1, description="发文机关")
    document: str = Field(min_length=1, description="文件名称和文号")
    date: Day | None = Field(None, description="发文日期")


class SetSpec(Entry):
    """新的数值，可以给下级收紧放开的范围。"""

    value: Scalar = Field(description="数值")
    open_to: OpenTo | None = Field(None, description="给下级的范围，只能比上级放开的更窄")
    closed: bool = Field(False, description="true：下级不得再改")


def _short_set(value: object) -> object:
    return {"value": value} if isinstance(value, (bool, int, Decimal, str)) else value


class NarrowSpec(Entry):
    """收窄裁量基准的一行：条件不变，幅度在上级这一行之内。"""

    row: int = Field(description="第几行，从 1 数起", ge=1, le=1000)
    tier: str = Field(description="这一行的阶次（核对用，须与基准一致）")
    range: RangeWords | None = Field(None, description="新的幅度（元或倍数），在上级的幅度之内")
    fixed: AmountWords | None = Field(None, description="固定的罚款（元或倍数）")


SetValue = Annotated[SetSpec, BeforeValidator(_short_set, json_schema_input_type=SetSpec | bool | float | str)]


class OverlayDocument(Document):
    """地方细化：在上级放开的范围内改参数、加规则、收窄裁量基准、加节假日。"""

    kind: Literal["overlay"] = Field(description="文件种类")
    region: RegionCode = Field(description="行政区划代码，加引号")
    title: TitleText | None = Field(None, description="名称")
    authority: AuthoritySpec = Field(description="依据的文件")
    valid: ValidSpec = Field(description="施行日期")
    set: dict[str, SetValue] = Field({}, description="改参数：{程序/规则.参数: 数值}")
    add: tuple[AddedRuleSpec, ...] = Field((), description="增加监督规则")
    narrow: dict[LongId, tuple[NarrowSpec, ...]] = Field({}, description="收窄裁量基准的行：{基准代码: [行…]}")
    holidays: tuple[Days, ...] = Field((), description="增加的节假日")
