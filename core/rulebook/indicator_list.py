"""An official list of indicators from a table or a YAML file becomes a scheme among the instance's own rules.

The list says what is assessed and for how many points. Where the data of an item comes from stands in the column
“同”: a result of a scheme that is loaded already, whose measurement is taken over (and whose report is shared, so that
nobody is asked twice). What has no such result is reported by the organs themselves.
"""

from __future__ import annotations

import copy
import os
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

import yaml

from core.errors import Location, fail
from core.organs.importing.columns import Column, match_headings
from core.organs.importing.report import Complaints, refuse
from core.organs.importing.sheets import Row, read_sheet
from core.organs.vocabulary import KIND_TITLES
from core.rulebook.documents import Source, read_sources
from core.rulebook.load import load_sources
from core.rulebook.schemes import REPORT
from core.text import Text

VIEWS = {"system": Text("体系", {"en": "system"}), "effect": Text("效能", {"en": "effect"}),
         "conduct": Text("行为", {"en": "conduct"})}
METRICS = {"exists": Text("有无", {"en": "exists"}), "ratio": Text("比率", {"en": "ratio"}),
           "count": Text("数量", {"en": "count"}), "zero": Text("为零", {"en": "zero"})}
COLUMNS = (
    Column("first", Text("一级指标", {"en": "first level"}), ("方面",)),
    Column("second", Text("二级指标", {"en": "second level"}), ("措施",)),
    Column("third", Text("三级指标", {"en": "third level"}), ("成果", "指标"), True),
    Column("points", Text("分值", {"en": "points"}), ("权重", "weight"), True),
    Column("code", Text("代码", {"en": "code"})),
    Column("view", Text("视角", {"en": "view"}), choices=VIEWS),
    Column("metric", Text("计量方式", {"en": "metric"}), choices=METRICS),
    Column("target", Text("目标值", {"en": "target"})),
    Column("same", Text("同", {"en": "same as"}), ("相同成果", "数据来源")),
    Column("evidence", Text("证据", {"en": "evidence"}), ("需要的证据",)),
)
CODE = re.compile(r"[A-Za-z][A-Za-z0-9_-]{0,30}")
SCHEME = re.compile(r"[a-z][a-z0-9-]*(\.[a-z0-9][a-z0-9-]*)+")
REPORTED = {
    "exists": {"among": "c.report_verified", "where": "c.in_place"},
    "ratio": {"among": "c.report_verified", "numerator": "c.numerator", "denominator": "c.denominator"},
    "count": {"among": "c.report_verified", "numerator": "c.times"},
    "zero": {"among": "c.report_verified", "numerator": "c.times"},
}
FOLDER = "indicators"


@dataclass(frozen=True, slots=True)
class Imported:
    """What was written: the file, and how many items it has by level and by where their data comes from."""

    file: Path
    first: int
    second: int
    third: int
    taken_over: int


@dataclass(frozen=True, slots=True)
class _Known:
    """A leaf of a loaded scheme as it is written."""

    leaf: Mapping[str, Any]
    params: Mapping[str, Any]


def import_indicators(data: bytes, name: str, scheme: str, folders: Sequence[Path], rules: Path, *,
                      title: str = "", valid_from: date | None = None) -> Imported:
    """Write a scheme from a list, or refuse it with every wrong cell; never half.

    Args:
        data: a table (CSV, XLSX) with ``COLUMNS``, or a YAML file of kind ``indicators``.
        scheme: id of the scheme, such as ``region.official-2026``.
        folders: all rule folders; the new file has to load together with them.
        rules: the instance's own folder, into which the file is written; it counts once it is activated.

    Raises:
        FazhiError: ``indicator-scheme-id``, ``indicator-scheme-taken``, or what is wrong with cells or rules.
    """
    if not SCHEME.fullmatch(scheme):
        raise fail("indicator-scheme-id", Location(name), scheme=scheme)
    file = rules / FOLDER / f"{scheme}.yaml"
    kept = tuple(source for source in read_sources(folders) if not source.name.endswith(f"{FOLDER}/{file.name}"))
    written = tuple(_schemes(kept))
    if scheme in {document.get("id") for document in written}:
        raise fail("indicator-scheme-taken", Location(name), scheme=scheme)
    if name.lower().endswith((".yaml", ".yml")):
        content = data
    else:
        content = _from_table(data, name, scheme, written, title or Path(name).stem, valid_from)
    load_sources((*kept, Source(f"{FOLDER}/{file.name}", content)))
    (document,) = _schemes((Source(name, content),)) or ({},)
    if document.get("id") != scheme:
        raise fail("indicator-scheme-id", Location(name), scheme=str(document.get("id")))
    file.parent.mkdir(parents=True, exist_ok=True)
    unfinished = file.with_suffix(".new")
    unfinished.write_bytes(content)
    os.replace(unfinished, file)
    return _counted(file, document)


def _schemes(sources: Sequence[Source]) -> list[dict[str, Any]]:
    found = [yaml.load(source.content, yaml.CSafeLoader) for source in sources if b"indicators" in source.content]
    return [each for each in found if isinstance(each, dict) and each.get("kind") == "indicators"
            and each.get("per") == "organ"]


def _leaves(nodes: Sequence[Mapping[str, Any]]) -> Iterator[Mapping[str, Any]]:
    for node in nodes:
        if "leaf" in node:
            yield node
        yield from _leaves(node.get("children", ()))


def _counted(file: Path, document: Mapping[str, Any]) -> Imported:
    nodes = document["nodes"]
    leaves = list(_leaves(nodes))
    own = sum(leaf["leaf"].get("procedure") == REPORT and "reported_as" not in leaf["leaf"] for leaf in leaves)
    return Imported(file, len(nodes), sum(len(node.get("children", ())) for node in nodes), len(leaves),
                    len(leaves) - own)


def _from_table(data: bytes, name: str, scheme: str, written: Sequence[Mapping[str, Any]], title: str,
                valid_from: date | None) -> bytes:
    known = {f"{document['id']}/{leaf['id']}": _Known(leaf["leaf"], document.get("params", {}))
             for document in written for leaf in _leaves(document["nodes"])}
    sheet = read_sheet(data, name)
    headings = match_headings(sheet, COLUMNS)
    complaints = Complaints(sheet, headings)
    table = _Table(complaints, known)
    refuse(headings.problems)
    for row in sheet.rows:
        table.take(row)
    refuse(complaints.all())
    total = sum((top["weight"] for top in table.nodes), Decimal(0))
    document: dict[str, Any] = {
        "kind": "indicators", "id": scheme, "title": title, "per": "organ", "total": total,
        "valid": {"from": (valid_from or date(date.today().year, 1, 1)).isoformat()}, "in_use": True,
        **({"params": table.params} if table.params else {}), "nodes": table.nodes}
    head = f"# 由 {name} 导入，{total} 分。启用前请核对每项的计量方式和数据来源。\n"
    return (head + yaml.dump(_plain(document), Dumper=_Writer, allow_unicode=True, sort_keys=False, width=110)).encode()


class _Writer(yaml.SafeDumper):
    """Writes what the strict loader reads: no anchors."""

    def ignore_aliases(self, data: Any) -> bool:
        return True


def _plain(value: Any) -> Any:
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    if isinstance(value, dict):
        return {key: _plain(each) for key, each in value.items()}
    return [_plain(each) for each in value] if isinstance(value, list) else value


class _Table:
    """The tree that the rows build; blank cells of the upper levels repeat the row above, as merged cells do."""

    def __init__(self, complaints: Complaints, known: Mapping[str, _Known]) -> None:
        self.complaints, self.known = complaints, known
        self.nodes: list[dict[str, Any]] = []
        self.params: dict[str, Any] = {}
        self.codes: set[str] = set()
        self.number = 0

    def take(self, row: Row) -> None:
        """Add one item."""
        cell = {column.id: self.complaints.headings.cell(row, column.id) for column in COLUMNS}
        self.number += 1
        if not cell["third"]:
            self.complaints.add(row, "third", "cell-empty")
            return
        points = self._points(row, cell["points"])
        code = self._code(row, cell["code"])
        leaf = self._leaf(row, cell)
        if points is None or leaf is None:
            return
        top = self._place(self.nodes, cell["first"], "N")
        parent = self._place(top["children"], cell["second"], f"{top['id']}_")
        parent["children"].append({"id": code, "title": cell["third"], "weight": points,
                                   **({"note": f"证据：{cell['evidence']}"} if cell["evidence"] else {}), "leaf": leaf})
        top["weight"] += points
        parent["weight"] += points

    def _place(self, nodes: list[dict[str, Any]], title: str, prefix: str) -> dict[str, Any]:
        if not nodes or (title and nodes[-1]["title"] != title):
            nodes.append({"id": f"{prefix}{len(nodes) + 1}", "title": title or "指标", "weight": Decimal(0),
                          "children": []})
        return nodes[-1]

    def _points(self, row: Row, text: str) -> Decimal | None:
        try:
            points = Decimal(text)
        except InvalidOperation:
            points = Decimal(0)
        if not points.is_finite() or points <= 0 or points > 1000:
            self.complaints.add(row, "points", "indicator-points", value=text)
            return None
        return points

    def _code(self, row: Row, text: str) -> str:
        code = text or f"L{self.number:03d}"
        if not CODE.fullmatch(code) or code in self.codes:
            self.complaints.add(row, "code", "indicator-code", value=code)
        self.codes.add(code)
        return code

    def _leaf(self, row: Row, cell: Mapping[str, str]) -> dict[str, Any] | None:
        view = self.complaints.choice(row, "view", cell["view"]) if cell["view"] else ""
        if cell["same"]:
            return self._taken_over(row, cell["same"], view)
        metric = self.complaints.choice(row, "metric", cell["metric"]) if cell["metric"] else "exists"
        if not metric:
            return None
        leaf: dict[str, Any] = {
            "metric": metric, "view": view or "effect", "for": [kind.value for kind in list(KIND_TITLES)[:2]],
            "scope": "government", "procedure": REPORT, **REPORTED[metric], "missing": "zero",
            "supply": {"by": "self_report"}}
        if metric == "count":
            target = self._points_of_target(row, cell["target"])
            leaf["score"] = {"target": target}
        return leaf

    def _points_of_target(self, row: Row, text: str) -> Decimal:
        try:
            target = Decimal(text)
        except InvalidOperation:
            target = Decimal(0)
        if not target.is_finite() or target <= 0:
            self.complaints.add(row, "target", "indicator-points", value=text)
            return Decimal(1)
        return target

    def _taken_over(self, row: Row, same: str, view: str) -> dict[str, Any] | None:
        name = next((each for each in (same, f"assessment.plan-2015/{same}") if each in self.known), None)
        if name is None:
            self.complaints.add(row, "same", "indicator-same", value=same)
            return None
        leaf: dict[str, Any] = copy.deepcopy(dict(self.known[name].leaf))
        if leaf.get("procedure") == REPORT and leaf.get("supply", {}).get("by") == "self_report":
            leaf.setdefault("reported_as", name)
        if view:
            leaf["view"] = view
        for used in re.findall(r"\$([a-z_][a-z0-9_]*)", str(leaf)):
            self.params[used] = copy.deepcopy(self.known[name].params[used])
        return leaf


