"""``kind: procedure``: what can happen in a kind of case, who may do it, what it needs."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BeforeValidator, Field

from core.rulebook.kinds.base import (
    Cel,
    CitationSpec,
    Document,
    Entry,
    Id,
    LongId,
    Name,
    Names,
    Number,
    PeriodWords,
    TitleText,
    ValidSpec,
)
from core.rulebook.model import FieldType


class FieldSpec(Entry):
    """一个事实（属性或者步骤的字段）。同名的属性和步骤字段只需在一处写全，另一处可以只写 {}。"""

    type: Annotated[FieldType, Field(strict=False)] | None = Field(None, description="类型")
    title: TitleText | None = Field(None, description="名称")
    unit: str | None = Field(None, description="计量单位，如 yuan")
    min: Number | None = Field(None, description="int、decimal 的最小值")
    max: Number | None = Field(None, description="int、decimal 的最大值")
    values: dict[str, TitleText] = Field({}, description="enum、set 的可选值：{代码: 名称}")
    required: bool = Field(False, description="是否必填")
    personal: bool = Field(False, description="是否个人信息（可以依法封存）")
    help: TitleText | None = Field(None, description="填写说明")
    collected: bool = Field(False, description="由平台在记录时从登记簿采集，不由人填写")


class MaterialSpec(Entry):
    """步骤所附的材料。"""

    id: Id = Field(description="材料代码")
    title: TitleText = Field(description="材料名称")
    required: bool = Field(False, description="是否必须")
    document: str | None = Field(None, description="由平台生成的文书种类")


class CarriedSpec(Entry):
    """后续事项立案步骤的一个值从哪里来：from 沿用本事项的值，或者 value 固定的值。"""

    from_: str | None = Field(None, alias="from", pattern=r"^[ce]\.[a-z][a-z0-9_]*$",
                              description="c.属性、e.字段（本步骤填的）；e.organ 是记录本步骤的机关")
    value: str | bool | int | None = Field(None, description="固定的值")
    values: dict[str, str] = Field({}, description="选项怎么对应：{本事项的选项: 后续事项的选项}，没有写的照原样")
    else_: str | bool | int | None = Field(None, alias="else", description="没有值或者没有对应选项时填什么")


def _short_carried(value: object) -> object:
    return {"from": value} if isinstance(value, str) else value


CarriedWords = Annotated[CarriedSpec, BeforeValidator(_short_carried, json_schema_input_type=CarriedSpec | str)]


class LeadsToSpec(Entry):
    """后续事项：记录本步骤时，平台在接受机关立一个别的程序的事项，已有的内容不再填写，两个事项互相链接。"""

    procedure: LongId = Field(description="后续事项的程序")
    step: Name = Field(description="后续事项由哪个步骤立案")
    when: dict[Name, str | bool | int] = Field({}, description="本步骤的字段是这些值时才有：{字段: 值}")
    organ: Name | None = Field(
        None, description="本步骤的哪个字段写明接受机关，没有填的不立案；不写 organ，由事项所属机关办理")
    offered: bool = Field(False, description="true：不自动立案，由接受机关在事项页上据此立案（如须当事人另行申请的）")
    fields: dict[Name, CarriedWords] = Field({}, description="立案步骤的字段从哪里来：{字段: c.属性 或 e.字段}")


class EventSpec(Entry):
    """一种步骤。"""

    title: TitleText = Field(description="名称")
    by: Names = Field((), description="哪些角色可以记录")
    fields: dict[Name, FieldSpec] = Field({}, description="要填写的内容")
    materials: tuple[MaterialSpec, ...] = Field((), description="要附的材料")
    record_within: PeriodWords | None = Field(None, description="发生后多久之内必须录入")
    precision: Literal["instant", "date"] = Field("date", description="发生时间精确到：date 日，instant 时刻")
    repeatable: bool = Field(True, description="是否可以发生多次")
    renews: Names = Field(
        (), description="每次记录本步骤时从头算起的属性：以前填的不再作数，本步骤没有填的就是未知")
    other_person_than: Names = Field(
        (), description="办理过这些步骤之一的人不得办理本步骤，记录时即被拒绝（导入的历史记录照录，由规则发现问题）")
    help: TitleText | None = Field(None, description="说明")
    aliases: Names = Field((), description="导入日志里的别名")
    leads_to: tuple[LeadsToSpec, ...] = Field((), description="后续事项")


class StageSpec(Entry):
    """程序的一个环节。"""

    id: Id = Field(description="环节代码")
    title: TitleText = Field(description="环节名称")
    events: Names = Field(description="属于本环节的步骤")


class GuideSpec(Entry):
    """现场引导的一步：手机页面按这里的先后提示执法人员办理，念出提示语。"""

    step: Name = Field(description="步骤代码")
    prompt: TitleText = Field(description="提示语，页面上显示并用语音念出")
    optional: bool = Field(False, description="视情况才办的步骤，可以跳过")
    show: tuple[Literal["badge", "basis", "document"], ...] = Field(
        (), description="向当事人出示：badge 执法证件二维码，basis 依据和裁量基准，document 本案文书")
    sign: Names = Field((), description="在屏幕上手写签名的材料（本步骤的材料代码）；签名存为图像并如此标明")
    record: Name | None = Field(
        None, description="全程录像存入本步骤的哪份材料；录像可以从前面的步骤开始，到本步骤结束")


class FactSpec(Entry):
    """由条件推出的事实，其他条件里像属性一样用 c.名字。"""

    title: TitleText = Field(description="名称")
    cel: Cel = Field(description="计算式（CEL）")


class ProcedureDocument(Document):
    """程序：能发生什么步骤、谁可以办、需要什么材料。"""

    kind: Literal["procedure"] = Field(description="文件种类")
    id: LongId = Field(description="程序代码")
    title: TitleText = Field(description="程序名称")
    attributes: dict[Name, FieldSpec] = Field({}, description="事项的属性，由步骤的同名字段填写")
    opens_with: Names = Field((), description="由哪些步骤立案（启动）")
    closes_with: Names = Field((), description="由哪些步骤结案（办结）")
    withdraws_with: Names = Field((), description="由哪些步骤终止（不再履行后续义务）")
    after_closing: Names = Field((), description="结案后仍可以记录的步骤（后评估、归档等）")
    stages: tuple[StageSpec, ...] = Field((), description="环节")
    any_stage: Names = Field((), description="在任一环节都可能发生的步骤，记录后事项仍在原来的环节（如责令改正）")
    events: dict[Name, EventSpec] = Field(description="步骤", min_length=1)
    facts: dict[Name, FactSpec] = Field({}, description="推出的事实")
    guide: tuple[GuideSpec, ...] = Field((), description="现场引导：在现场依次办理的步骤和提示语")
    timezone: str = Field("Asia/Shanghai", description="时区，日期按当地日历算")
    basis: tuple[CitationSpec, ...] = Field((), description="依据")
    valid: ValidSpec | None = Field(None, description="施行日期")
    number: str | None = Field(None, description="编号格式，可用 {region}、{year}、{serial:04}（至少四位的流水号）",
                               pattern=r"^([^{}]|\{(region|year|serial(:0[1-9])?)\})+$")
    secrecy: Literal["none", "state_secret"] = Field(
        "none", description="state_secret：事项属于国家秘密，只登记其存在，不录入任何内容")
