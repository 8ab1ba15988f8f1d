"""``kind: calendar``: one year's statutory holidays and make-up working days."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field

from core.rulebook.kinds.base import Day, Document, Entry, Id, RegionCode, TitleText


class DaysSpec(Entry):
    """一天或者连续几天。"""

    from_: Day = Field(alias="from", description="自何日")
    to: Day | None = Field(None, description="至何日（含当日）")
    name: TitleText | None = Field(None, description="节日名称")

    def days(self) -> list[date]:
        """Every day of the stretch."""
        last = self.to or self.from_
        return [self.from_ + timedelta(days=n) for n in range(min((last - self.from_).days, 400) + 1)]


def _short_days(value: object) -> object:
    return {"from": value} if isinstance(value, str) else value


Days = Annotated[DaysSpec, BeforeValidator(_short_days, json_schema_input_type=DaysSpec | date)]


class CalendarDocument(Document):
    """工作日历：一个年度的放假和调休上班安排。"""

    kind: Literal["calendar"] = Field(description="文件种类")
    id: Id = Field(description="代码")
    year: int = Field(description="年度", ge=1949, le=2200)
    region: RegionCode | None = Field(None, description="只适用于某个行政区划；不写为全国")
    source: str = Field(description="来源：放假安排通知")
    holidays: tuple[Days, ...] = Field((), description="放假日期")
    workdays: tuple[Days, ...] = Field((), description="调休上班的日期")
