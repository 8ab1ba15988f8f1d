"""``kind: parameters``: values that several rules of a procedure share."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from core.rulebook.kinds.base import Document, LongId, Name, Parameter, TitleText


class ParametersDocument(Document):
    """共用参数：同一程序的规则、模板里用 $名字 或 p.名字 引用。"""

    kind: Literal["parameters"] = Field(description="文件种类")
    id: LongId = Field(description="代码，下级细化时写“代码.参数名”")
    title: TitleText | None = Field(None, description="名称")
    procedure: LongId = Field(description="程序")
    parameters: dict[Name, Parameter] = Field(description="参数", min_length=1)
