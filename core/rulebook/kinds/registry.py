"""Which kinds of files there are."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from core.rulebook.kinds.base import Document
from core.rulebook.kinds.calendar import CalendarDocument
from core.rulebook.kinds.checklist import ChecklistDocument
from core.rulebook.kinds.deadlines import DeadlinesDocument
from core.rulebook.kinds.discretion import DiscretionDocument
from core.rulebook.kinds.document import DocumentDocument
from core.rulebook.kinds.indicators import IndicatorsDocument
from core.rulebook.kinds.lists import ListDocument
from core.rulebook.kinds.overlay import OverlayDocument
from core.rulebook.kinds.parameters import ParametersDocument
from core.rulebook.kinds.patterns import PatternsDocument
from core.rulebook.kinds.procedure import ProcedureDocument
from core.rulebook.kinds.regions import RegionsDocument
from core.rulebook.kinds.supervision import SupervisionDocument
from core.rulebook.kinds.tests import TestsDocument
from core.text import Text


@dataclass(frozen=True, slots=True, eq=False)
class Kind:
    """One kind of file.

    Attributes:
        name: the word after ``kind:``.
        model: what the file must look like; its docstring and field descriptions go into the JSON Schema.
        nulls: whether ``null`` may be written (it stands for an unknown value).
        counts: whether its content belongs to the bundle's hash.
    """

    name: str
    title: Text
    model: type[Document]
    nulls: bool = False
    counts: bool = True


KINDS: Mapping[str, Kind] = MappingProxyType({
    kind.name: kind
    for kind in (
        Kind("procedure", Text("程序", {"en": "procedure"}), ProcedureDocument),
        Kind("supervision", Text("监督规则", {"en": "supervision rules"}), SupervisionDocument),
        Kind("checklist", Text("考核模板", {"en": "checklists"}), ChecklistDocument),
        Kind("indicators", Text("评分方案", {"en": "scoring scheme"}), IndicatorsDocument),
        Kind("discretion", Text("裁量基准", {"en": "discretion tables"}), DiscretionDocument),
        Kind("list", Text("四张清单", {"en": "lists of acts"}), ListDocument),
        Kind("document", Text("文书", {"en": "document"}), DocumentDocument),
        Kind("patterns", Text("跨事项的规律", {"en": "patterns across cases"}), PatternsDocument),
        Kind("parameters", Text("共用参数", {"en": "shared parameters"}), ParametersDocument),
        Kind("calendar", Text("工作日历", {"en": "working-day calendar"}), CalendarDocument),
        Kind("overlay", Text("地方细化", {"en": "regional overlay"}), OverlayDocument),
        Kind("regions", Text("行政区划", {"en": "regions"}), RegionsDocument, counts=False),
        Kind("deadlines", Text("期限清单", {"en": "list of deadlines"}), DeadlinesDocument, counts=False),
        Kind("tests", Text("规则的例子", {"en": "rule tests"}), TestsDocument, nulls=True, counts=False),
    )
})
"""The kinds that the core itself understands."""


def with_kinds(extra: Iterable[Kind]) -> Mapping[str, Kind]:
    """The core's kinds and a plugin's. Later ones never replace earlier ones.

    Raises:
        ValueError: a plugin brings a kind whose name is taken.
    """
    kinds = dict(KINDS)
    for kind in extra:
        if kind.name in kinds:
            raise ValueError(f"kind {kind.name!r} exists already")
        kinds[kind.name] = kind
    return MappingProxyType(kinds)
