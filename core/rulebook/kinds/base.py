"""What every kind is made of: strict entries, texts, dates, numbers, periods, citations, parameters.

These models hold a file as it was written, checked for form. ``core.rulebook.build`` turns them into the typed
rulebook, where names are looked up and conditions are compiled.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, PlainValidator, model_validator
from pydantic_core import PydanticCustomError

from core.rulebook.model import Citation, DateRange, Unit
from core.text import Text

ID_PATTERN = r"[A-Za-z][A-Za-z0-9_-]*"
LONG_ID_PATTERN = r"[A-Za-z][A-Za-z0-9_-]*(\.[A-Za-z0-9][A-Za-z0-9_-]*)*"
NAME_PATTERN = r"[a-z][a-z0-9_]*"
LANGUAGE_TAG = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*")


class Entry(BaseModel):
    """Base of all entries: unknown keys refused, no silent conversions, nothing changes after loading."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True, populate_by_name=False)


def refuse(code: str, **details: Any) -> PydanticCustomError:
    """A validation error that becomes the problem ``code`` of ``messages/rulebook.yaml``."""
    return PydanticCustomError("fazhi-" + code, "{code}", {"code": code, **details})


@dataclass(frozen=True, slots=True)
class Placeholder:
    """``$name``: the value of a parameter, filled in for a region and a date."""

    name: str


def _text(value: object) -> Text:
    if isinstance(value, str):
        if not value.strip():
            raise refuse("value-empty")
        return Text(value)
    if not isinstance(value, Mapping):
        raise refuse("text-expected", found=describe(value))
    if "zh" not in value:
        raise refuse("text-needs-zh")
    for tag, words in value.items():
        if not LANGUAGE_TAG.fullmatch(tag):
            raise refuse("language-tag", tag=tag)
        if not isinstance(words, str) or not words.strip():
            raise refuse("text-expected", found=describe(words))
    return Text.of(dict(value))


def _day(value: object) -> date:
    if isinstance(value, str) and re.fullmatch(r"\d{4}-\d{2}-\d{2}", value):
        try:
            return date.fromisoformat(value)
        except ValueError:
            raise refuse("date-impossible", found=value) from None
    raise refuse("date-expected", found=describe(value))


def _number(value: object) -> Decimal:
    if isinstance(value, (int, Decimal)) and not isinstance(value, bool):
        return Decimal(value)
    raise refuse("number-expected", found=describe(value))


def _count(value: object) -> int | Placeholder:
    if isinstance(value, str) and re.fullmatch(r"\$" + NAME_PATTERN, value):
        return Placeholder(value[1:])
    if isinstance(value, int) and not isinstance(value, bool):
        if value < 0:
            raise refuse("count-negative", found=value)
        return value
    raise refuse("count-expected", found=describe(value))


def _scalar(value: object) -> bool | int | Decimal | str:
    if isinstance(value, (bool, int, Decimal, str)):
        return value
    raise refuse("single-value-expected", found=describe(value))


def _article(value: object) -> object:
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value


def _one_or_more(value: object) -> object:
    return (value,) if isinstance(value, str) else value


def id_like(pattern: str, example: str) -> AfterValidator:
    """A check that a text is an identifier of this form."""

    def check(value: str) -> str:
        if not re.fullmatch(pattern, value):
            raise refuse("id-form", found=value, example=example)
        return value

    return AfterValidator(check)


def describe(value: object) -> str:
    """A YAML value in a few characters, for messages."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, Mapping):
        return "{" + ", ".join(str(key) for key in list(value)[:3]) + "…}"
    if isinstance(value, (list, tuple)):
        return "[…]"
    return str(value)[:40]


TitleText = Annotated[Text, PlainValidator(_text, json_schema_input_type=str | dict[str, str])]
Day = Annotated[date, PlainValidator(_day, json_schema_input_type=date)]
Number = Annotated[Decimal, PlainValidator(_number, json_schema_input_type=float)]
Count = Annotated[int | Placeholder, PlainValidator(_count, json_schema_input_type=int | str)]
Scalar = Annotated[bool | int | Decimal | str, PlainValidator(_scalar, json_schema_input_type=bool | float | str)]
Id = Annotated[str, id_like(ID_PATTERN, "publish-in-time")]
LongId = Annotated[str, id_like(LONG_ID_PATTERN, "enforcement.penalty")]
Name = Annotated[str, id_like(NAME_PATTERN, "penalty_decided")]
RegionCode = Annotated[str, id_like(r"[1-9]\d{5}(\d{3})?", '"150900"')]
Cel = Annotated[str, Field(min_length=1, description="条件（CEL）：c.x 事项属性，e.x 触发步骤，t.x 应答步骤")]
Names = Annotated[tuple[str, ...], BeforeValidator(_one_or_more, json_schema_input_type=str | list[str])]


class ValidSpec(Entry):
    """生效日期：起止两端都包含，缺的一端不限。"""

    from_: Day | None = Field(None, alias="from", description="自何日起施行（含当日）")
    to: Day | None = Field(None, description="至何日止（含当日）")

    @model_validator(mode="after")
    def _forward(self) -> ValidSpec:
        if self.from_ is not None and self.to is not None and self.from_ > self.to:
            raise refuse("valid-backwards", start=self.from_.isoformat(), end=self.to.isoformat())
        return self


def dates_of(valid: ValidSpec | None) -> DateRange:
    """The dates of effect; unbounded where none are written."""
    return DateRange(valid.from_, valid.to) if valid else DateRange()


class CitationSpec(Entry):
    """依据：法律名称、版本（通过日期）、条文。"""

    law: str = Field(min_length=1, description="法律、法规、规章名称，不加书名号")
    article: Annotated[str, BeforeValidator(_article, json_schema_input_type=str | int)] = Field(
        description='条文，如 "58" 或 "15(1)"')
    edition: Day | None = Field(None, description="版本：该版本的通过（修正、修订）日期")
    quote: str | None = Field(None, description="原文摘录，可与法规库核对")
    confidence: Literal["verified", "unverified"] = Field("verified", description="verified 已核对；unverified 未核对")
    note: str | None = Field(None, description="说明")

    def citation(self) -> Citation:
        """The typed citation."""
        return Citation(self.law, self.article, self.edition, self.quote, self.confidence, self.note)


UNITS = tuple(unit.value for unit in Unit)


class PeriodSpec(Entry):
    """期限：只写一个单位，如 {working_days: 7}；默认首日不计、末日遇法定节假日顺延（民法典 201—204）。"""

    days: Count | None = Field(None, description="日（日历日）")
    working_days: Count | None = Field(None, description="工作日")
    months: Count | None = Field(None, description="月")
    years: Count | None = Field(None, description="年")
    hours: Count | None = Field(None, description="小时")
    minutes: Count | None = Field(None, description="分钟")
    seconds: Count | None = Field(None, description="秒")
    roll: bool | None = Field(None, description="末日遇法定节假日是否顺延，默认顺延")

    def given(self) -> list[tuple[Unit, int | Placeholder]]:
        """Units that were written, which should be exactly one."""
        return [(Unit(name), value) for name in UNITS if (value := getattr(self, name)) is not None]


class DuePeriodSpec(PeriodSpec):
    """期限，或者由填写的日期定，如 {until: e.reply_by}：至触发步骤填的那一天；c.属性 指触发时的值。"""

    until: str | None = Field(None, description="至哪一个日期为止：e.字段 或 c.属性；没有填日期的无法判定")


_SPOKEN = re.compile(r"\s*(\d+)\s*(?:个)?(工作日|日|天|月|年|小时|时|分钟|分|秒)(?:内|以内)?\s*")
_SPOKEN_UNITS = {"工作日": "working_days", "日": "days", "天": "days", "月": "months", "年": "years", "小时": "hours",
                 "时": "hours", "分钟": "minutes", "分": "minutes", "秒": "seconds"}


def _spoken_period(value: object) -> object:
    """Refuse ``7个工作日`` with the form that is meant."""
    match = _SPOKEN.fullmatch(value) if isinstance(value, str) else None
    if match:
        raise refuse("period-as-text", found=value, suggestion=f"{{{_SPOKEN_UNITS[match[2]]}: {match[1]}}}")
    if isinstance(value, (int, str)) and not isinstance(value, bool):
        raise refuse("period-as-text", found=value, suggestion="{days: 7}")
    return value


PeriodWords = Annotated[PeriodSpec, BeforeValidator(_spoken_period, json_schema_input_type=PeriodSpec)]

DuePeriodWords = Annotated[DuePeriodSpec, BeforeValidator(_spoken_period, json_schema_input_type=DuePeriodSpec)]

LevelName = Literal["region", "league", "county", "township"]


class OpenTo(Entry):
    """放开：下级可以改到哪一级、往哪个方向、在什么范围内。不写就是不放开。"""

    level: LevelName = Field(description="放开到哪一级：region 自治区、league 盟市、county 旗县、township 苏木乡镇")
    may: Literal["raise", "lower", "any"] = Field(description="raise 只能调高，lower 只能调低，any 都可以")
    min: Number | None = Field(None, description="最低不得低于")
    max: Number | None = Field(None, description="最高不得高于")


class DatedValue(Entry):
    """自某日起的数值。"""

    from_: Day | None = Field(None, alias="from", description="自何日起（不写：一直）")
    value: Scalar = Field(description="数值")


def _short_parameter(value: object) -> object:
    return {"value": value} if isinstance(value, (bool, int, Decimal, str)) else value


class ParameterSpec(Entry):
    """参数：规则里用 $名字 或 p.名字 引用，可以按日期变化，可以放开给下级。"""

    title: TitleText | None = Field(None, description="名称")
    value: Scalar | None = Field(None, description="数值")
    values: tuple[DatedValue, ...] = Field((), description="按日期变化的数值")
    open_to: OpenTo | None = Field(None, description="放开给下级的范围")
    statutory_party_period: bool = Field(False, description="当事人的法定期限：不得放开调低")
    unit: str | None = Field(None, description="计量单位")


Parameter = Annotated[ParameterSpec, BeforeValidator(_short_parameter,
                                                     json_schema_input_type=ParameterSpec | bool | float | str)]


class Document(Entry):
    """A whole file; its ``kind`` says which."""

    kind: str = Field(description="文件种类")
