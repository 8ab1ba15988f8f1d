"""Columns that an import knows, under their Chinese and English headings."""

from __future__ import annotations

import difflib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from core.errors import Problem
from core.organs.importing.sheets import Row, Sheet
from core.organs.vocabulary import KIND_TITLES, LEVEL_TITLES, ROLE_TITLES
from core.text import Text


@dataclass(frozen=True, slots=True)
class Column:
    """A column of an import.

    Attributes:
        title: the heading in the template.
        also: other headings that are understood.
        choices: what the cell may hold, by stored value; empty for free text.
        help: what to fill in.
    """

    id: str
    title: Text
    also: tuple[str, ...] = ()
    required: bool = False
    choices: Mapping[str, Text] | None = None
    help: Text = field(default_factory=lambda: Text(""))
    example: str = ""

    @property
    def headings(self) -> frozenset[str]:
        """Every heading that names this column, lower case."""
        return frozenset(_plain(item) for item in (self.id, self.title.zh, self.title.to("en"), *self.also))


FULL_NAME = Text("代码或全称", {"en": "code or full name"})
DEFAULT_ACTIVE = Text("不填为在用", {"en": "default: active"})
STATUS = {"true": Text("在用", {"en": "active"}), "false": Text("停用", {"en": "inactive"})}
KINDS = {kind.value: title for kind, title in KIND_TITLES.items()}
LEVELS = {level.value: title for level, title in LEVEL_TITLES.items()}
ROLES = {role.value: title for role, title in ROLE_TITLES.items()}

ORGAN_COLUMNS = (
    Column("name", Text("机构名称", {"en": "name"}), ("名称", "单位名称", "organ name"), True,
           help=Text("全称", {"en": "full name"}), example="演示旗司法局"),
    Column("short_name", Text("简称", {"en": "short name"}), ("机构简称",)),
    Column("uscc", Text("统一社会信用代码", {"en": "unified social credit code"}), ("社会信用代码", "信用代码"),
           help=Text("18 位；没有的填“机构编码”", {"en": "18 characters; where there is none, give a code"}),
           example="11100000MB0000000W"),
    Column("code", Text("机构编码", {"en": "code"}), ("编码", "organ code"),
           help=Text("没有统一社会信用代码时自编，2 到 32 位字母、数字、“-”、“_”",
                     {"en": "own code where there is no credit code: 2 to 32 letters, digits, - or _"})),
    Column("region", Text("行政区划代码", {"en": "region"}), ("区划代码", "行政区划", "region code"), True,
           help=Text("六位 GB/T 2260 代码，乡镇、街道九位", {"en": "six digits (GB/T 2260), townships nine"}),
           example="990101"),
    Column("level", Text("层级", {"en": "level"}), ("机构层级", "级别"), choices=LEVELS,
           help=Text("不填按行政区划代码确定", {"en": "default: the region's level"})),
    Column("kind", Text("类别", {"en": "kind"}), ("机构类别", "类型", "机构类型"), True, KINDS, example="司法行政机关"),
    Column("government", Text("所属政府", {"en": "government"}), ("本级政府",),
           help=FULL_NAME),
    Column("upper_department", Text("上级主管部门", {"en": "upper department"}), ("上级部门", "主管部门"),
           help=Text("代码或全称；人民政府填上一级政府",
                     {"en": "code or full name; for a government the one above it"})),
    Column("active", Text("状态", {"en": "status"}), choices=STATUS, help=DEFAULT_ACTIVE),
)

PERSON_COLUMNS = (
    Column("name", Text("姓名", {"en": "name"}), ("full name",), True, example="演示甲"),
    Column("account", Text("账号", {"en": "account"}), ("用户名", "登录名", "user", "login"), True,
           help=Text("登录用，2 到 64 位字母、数字、. _ @ -；不区分大小写，存为小写",
                     {"en": "for log-in, 2 to 64 letters, digits, . _ @ -; kept in lower case"}), example="yanshi.jia"),
    Column("organ", Text("所属机构", {"en": "organ"}), ("机构", "单位", "所属单位"), True,
           help=FULL_NAME, example="演示旗司法局"),
    Column("roles", Text("角色", {"en": "roles"}), ("role",), choices=ROLES,
           help=Text("几个角色用“、”隔开", {"en": "several are separated by commas"}),
           example="承办人、合法性审查人员"),
    Column("title", Text("职务", {"en": "position"}), ("岗位",)),
    Column("phone", Text("手机号码", {"en": "phone"}), ("电话", "手机", "联系电话")),
    Column("certificate", Text("执法证号", {"en": "certificate"}), ("证件号", "执法证件编号")),
    Column("procedures", Text("业务范围", {"en": "procedures"}),
           help=Text("不填为全部；限定时填程序代码，如 enforcement.*",
                     {"en": "default: all; else ids such as enforcement.*"})),
    Column("valid_from", Text("角色开始日期", {"en": "roles from"}), ("开始日期",),
           help=Text("如 2026-01-01", {"en": "such as 2026-01-01"})),
    Column("valid_to", Text("角色截止日期", {"en": "roles until"}), ("截止日期",)),
    Column("active", Text("状态", {"en": "status"}), choices=STATUS, help=DEFAULT_ACTIVE),
)


@dataclass(frozen=True, slots=True)
class Headings:
    """Where each known column stands in a sheet, and what is wrong with the header row."""

    places: Mapping[str, int]
    columns: Mapping[str, Column]
    problems: tuple[Problem, ...]

    def cell(self, row: Row, column: str) -> str:
        """The text of a row in a column; empty where the sheet has no such column."""
        place = self.places.get(column)
        return row.cells[place] if place is not None and place < len(row.cells) else ""

    def place(self, column: str) -> int:
        """Position of a column, from 0; the first where the sheet does not have it."""
        return self.places.get(column, 0)


def match_headings(sheet: Sheet, columns: Sequence[Column]) -> Headings:
    """Find the known columns by their headings; unknown ones are pointed out and skipped."""
    by_heading = {heading: column for column in columns for heading in column.headings}
    places: dict[str, int] = {}
    problems: list[Problem] = []
    for index, heading in enumerate(sheet.header.cells):
        column = by_heading.get(_plain(heading))
        at = sheet.at(sheet.header.number, index, heading)
        if column is None:
            if heading:
                near = difflib.get_close_matches(_plain(heading), by_heading, n=1)
                guess = by_heading[near[0]].title.zh if near else "、".join(item.title.zh for item in columns)
                problems.append(Problem("column-unknown", at, {"heading": heading, "guess": guess}, warning=True))
        elif column.id in places:
            problems.append(Problem("column-twice", at, {"heading": heading}))
        else:
            places[column.id] = index
    problems.extend(
        Problem("column-missing", sheet.at(sheet.header.number, 0), {
            "heading": column.title.zh, "heading_en": column.title.to("en")})
        for column in columns if column.required and column.id not in places)
    return Headings(places, {column.id: column for column in columns}, tuple(problems))


def choose(column: Column, text: str) -> str | None:
    """The stored value that a cell's words stand for, or None where they stand for nothing."""
    wanted = _plain(text)
    for value, title in (column.choices or {}).items():
        if wanted in (_plain(value), _plain(title.zh), _plain(title.to("en"))):
            return value
    return None


def _plain(heading: str) -> str:
    return " ".join(heading.replace("*", "").replace("_", " ").split()).lower()
