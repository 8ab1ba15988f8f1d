"""``kind: checklist``: templates of checks scored as their steps are recorded."""

from __future__ import annotations

from typing import Literal

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
    Number,
    Parameter,
    TitleText,
    ValidSpec,
)


class AwardSpec(Entry):
    """得分档：条件成立得这些分，取第一个成立的档。"""

    when: Cel = Field(description="条件")
    points: Number = Field(description="得分")
    flag: TitleText | None = Field(None, description="得这一档时的提示（供人工复核）")


class CheckSpec(Entry):
    """一项检查：cel 成立得满分，或者用 award 分档。"""

    id: Id = Field(description="检查项代码")
    title: TitleText = Field(description="检查内容")
    points: Number | None = Field(None, description="满分；审查要点（shown: guide）不写")
    cel: Cel | None = Field(None, description="得满分的条件；审查要点的条件成立即打勾，不写的由人核对")
    award: tuple[AwardSpec, ...] = Field((), description="得分档")


class ChecklistSpec(Entry):
    """一份考核模板（评查表）。"""

    id: Id = Field(description="模板代码")
    title: TitleText = Field(description="模板名称")
    applies: Cel | None = Field(None, description="适用条件，不写为始终适用")
    shown: Literal["score", "guide"] = Field(
        "score", description="score 评分（默认）；guide 审查要点：不评分，适用时在事项页提示办案人员")
    scored_on: Names = Field((), description="记录哪些步骤时评分；审查要点不写")
    materials: Names = Field((), description="必须上传的材料：步骤/材料")
    rigid: bool = Field(False, description="刚性模板：不得认定为不适用")
    basis: tuple[CitationSpec, ...] = Field((), description="依据，至少一条")
    checks: tuple[CheckSpec, ...] = Field(description="检查项", min_length=1)
    params: dict[Name, Parameter] = Field({}, description="参数")
    valid: ValidSpec | None = Field(None, description="施行日期；不写沿用文件的")


class ChecklistDocument(Document):
    """考核模板：一个程序的若干份。"""

    kind: Literal["checklist"] = Field(description="文件种类")
    procedure: LongId = Field(description="程序")
    title: TitleText | None = Field(None, description="名称")
    valid: ValidSpec | None = Field(None, description="施行日期")
    checklists: tuple[ChecklistSpec, ...] = Field(description="模板", min_length=1)
