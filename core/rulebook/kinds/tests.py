"""``kind: tests``: examples by rule authors, run beside the rules."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field

from core.rulebook.kinds.base import Day, Document, Entry, LongId, Number, RegionCode

StateWord = Literal["fulfilled", "violated", "pending", "holding", "vacuous", "not_assessable"]


class StepSpec(Entry):
    """一个步骤：哪天，由谁，填了什么，附了什么。"""

    on: str = Field(description="发生日期，或者带时区的时刻")
    by: str = Field("test", description="经办人")
    organ: str | None = Field(None, description="机关，不写为事项的机关")
    fields: dict[str, Any] = Field({}, description="填写的内容；null 为不明")
    materials: tuple[str, ...] = Field((), description="所附材料代码")


def _short_step(value: object) -> object:
    return {"on": value} if isinstance(value, str) else value


Step = Annotated[StepSpec, BeforeValidator(_short_step, json_schema_input_type=StepSpec | str)]


class ExpectSpec(Entry):
    """期望的判定；activation 从 1 数起，不写为唯一的（或者每次都如此）。"""

    verdict: StateWord = Field(description="判定")
    due: Day | None = Field(None, description="到期日")
    cured_on: Day | None = Field(None, description="补办日期")
    days_late: int | None = Field(None, description="迟延几日")
    activation: int | None = Field(None, description="第几次触发", ge=1)
    organ: str | None = Field(None, description="由哪个机关负责（规则写了 answers 的）")


def _expectations(value: object) -> object:
    items = value if isinstance(value, tuple) else (value,)
    return tuple({"verdict": item} if isinstance(item, str) else item for item in items)


Expectations = Annotated[tuple[ExpectSpec, ...],
                         BeforeValidator(_expectations, json_schema_input_type=str | ExpectSpec | list[ExpectSpec])]


class CaseSpec(Entry):
    """一个例子。"""

    name: str = Field(description="例子的名称", min_length=1)
    region: RegionCode | None = Field(None, description="行政区划，不写为无地方细化")
    events: tuple[dict[str, Step], ...] = Field(description="步骤，按发生顺序，每项一个")
    as_of: Day | None = Field(None, description="截至哪天（当日终了）；不写为最后一个步骤当日")
    assume_closed: bool = Field(False, description="把事项看作已在最后一个步骤结束")
    expect: dict[str, Expectations] = Field({}, description="{规则: 期望的判定}")
    scores: dict[str, Number] = Field({}, description="{模板或 total: 期望的得分}")


class TestsDocument(Document):
    """规则的例子（测试）：什么步骤，期望什么判定。"""

    __test__ = False

    kind: Literal["tests"] = Field(description="文件种类")
    for_: LongId = Field(alias="for", description="程序")
    cases: tuple[CaseSpec, ...] = Field(description="例子", min_length=1)
