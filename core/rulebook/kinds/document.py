"""``kind: document``: the text of a document (文书) that the platform writes from what was recorded."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from core.rulebook.kinds.base import (
    Cel,
    CitationSpec,
    Document,
    Entry,
    Id,
    LongId,
    Name,
    Names,
    PeriodWords,
    TitleText,
)
from core.rulebook.kinds.procedure import FieldSpec

Wording = Annotated[str, Field(min_length=1, description=(
    "正文；用 {c.属性}、{e.字段}、{步骤代码.字段} 引用事实，可加 |date、|day、|money、|capital、|or:没有时的文字"))]


class NumberSpec(Entry):
    """文号：每个机关、每年、每种文书单独连续编号，保存步骤时取号，不跳号。"""

    format: str = Field(description="格式，可用 {organ_short} 机关简称、{year} 年份、{serial} 流水号（或 {serial:04}）",
                        max_length=100, pattern=r"^([^{}]|\{(organ_short|year|serial(:0[1-9])?)\})+$")
    field: Name = Field(description="存放文号的字段；步骤没有这个字段的，由平台加上")


class TableSpec(Entry):
    """表格。"""

    columns: tuple[TitleText, ...] = Field((), description="表头，不写则没有表头")
    widths: tuple[Annotated[int, Field(ge=1, le=20)], ...] = Field((), description="各列相对宽度，如 [1, 3]")
    rows: tuple[tuple[Wording, ...], ...] = Field(description="各行的单元格", min_length=1)


class BlockSpec(Entry):
    """正文的一段：text 段落、heading 小标题、table 表格、materials 材料目录，只写其中一个。"""

    text: Wording | None = Field(None, description="段落")
    heading: Wording | None = Field(None, description="小标题")
    table: TableSpec | None = Field(None, description="表格")
    materials: bool = Field(False, description="true：列出本步骤以前记录的全部材料（卷内目录）")
    when: Cel | None = Field(None, description="什么情况下印这一段（CEL），不写则总是印")


class RemedySpec(Entry):
    """救济途径：印在正文之后；当事人的网页另按送达日期算出截止日期。"""

    title: TitleText = Field(description="名称，如 申请行政复议")
    text: Wording = Field(description="印在文书里的话")
    period: PeriodWords | None = Field(None, description="期限，自送达之日起算")
    served: Names = Field((), description="哪些步骤是送达；没有记录送达时网页只写期限，不算日期")
    basis: tuple[CitationSpec, ...] = Field((), description="依据")


class SignatureSpec(Entry):
    """签名处：可以印手写签名的图像（注明不是认证电子签名），没有图像时留空。"""

    id: Id = Field(description="存放签名图像的材料代码，如 party_signature；步骤没有这个材料的，由平台加上")
    title: TitleText = Field(description="名称，如 当事人签名")


class DocumentDocument(Document):
    """文书：由平台按记录的事实生成，编号、存档并随步骤存证。"""

    kind: Literal["document"] = Field(description="文件种类")
    id: LongId = Field(description="文书代码；程序的材料用 document: 文书代码 引用")
    title: TitleText = Field(description="文书名称")
    procedure: LongId = Field(description="所属程序")
    heading: Wording = Field("{organ}", description="版头的机关名称")
    red: bool = Field(False, description="是否红色版头")
    audience: Literal["party", "internal"] = Field(
        "internal", description="party 交当事人的，印二维码和查询码；internal 内部文书")
    number: NumberSpec | None = Field(None, description="文号")
    addressee: Wording | None = Field(None, description="主送（抬头），如 {c.party_name}：")
    fields: dict[Name, FieldSpec] = Field({}, description="文书另需的内容，填表时询问，随步骤存证")
    body: tuple[BlockSpec, ...] = Field(description="正文", min_length=1)
    remedies: tuple[RemedySpec, ...] = Field((), description="救济途径")
    signatures: tuple[SignatureSpec, ...] = Field((), description="签名处")
    seal: bool = Field(False, description="是否留盖章处（机关名称和日期）")
    copies: TitleText | None = Field(None, description="文末的份数说明")
    basis: tuple[CitationSpec, ...] = Field((), description="依据，当事人的网页予以说明")
    withdrawn_by: Names = Field((), description="哪些步骤记录后，本文书不再有效（变更、撤销）")
    explains: tuple[Name, ...] = Field((), description="当事人的网页另外说明的属性，如裁量阶次、裁量理由")
