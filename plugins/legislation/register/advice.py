"""立改废释: which documents in force should be looked at again, and why. Nothing is repealed by this list."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from peewee import fn

from core.ledger.models import EventRow
from core.text import Text
from plugins.legislation.register.effects import Effect, effects
from plugins.legislation.register.models import Mention

SOON = timedelta(days=90)
UNUSED = timedelta(days=730)
CYCLE = timedelta(days=730)
LITTLE_KNOWN = 30
"""Per cent of those asked, below which a document that nobody uses is weighed for repeal."""

SHARE_WRONG = 20
"""Per cent of the matters that rest on a document found wrong, from which it is weighed for amendment."""

ENOUGH = 5
"""Matters below which their outcome says nothing about the document."""

UNEXPLAINED = timedelta(days=30)

REPEAL, AMEND, INTERPRET, EXTEND, CLEAN = "repeal", "amend", "interpret", "extend", "clean"
ORDER = (REPEAL, AMEND, EXTEND, INTERPRET, CLEAN)
TITLES: Mapping[str, Text] = {
    REPEAL: Text("废止", {"en": "repeal"}), AMEND: Text("修改", {"en": "amend"}),
    INTERPRET: Text("解释", {"en": "interpret"}), EXTEND: Text("评估后延续或者废止", {"en": "extend or repeal"}),
    CLEAN: Text("清理", {"en": "clean up"}),
}


@dataclass(frozen=True, slots=True)
class Advice:
    """What to weigh for a document, with every reason found."""

    document: Any
    kind: str
    reasons: tuple[Text, ...]
    effect: Effect


def advise(documents: Iterable[Any], today: date) -> Iterator[Advice]:
    """Documents in force that something speaks against; the strongest reason decides the kind."""
    listed = list(documents)
    numbers = [row.number for row in listed if row.number]
    latest, worked = _latest(numbers), effects(numbers, today)
    explained = _interpreted([row.case for row in listed])
    for row in listed:
        effect = worked.get(row.number, Effect())
        reasons = [*_reasons(row, latest.get(row.number), today), *_of_effect(effect)]
        if row.case not in explained and row.published + UNEXPLAINED < today and row.kind != "rule":
            reasons.append((INTERPRET, Text("公布后没有发布政策解读", {"en": "no policy interpretation is published"})))
        if reasons:
            kind = min((kind for kind, _reason in reasons), key=ORDER.index)
            yield Advice(row, kind, tuple(reason for _kind, reason in reasons), effect)


def _latest(numbers: list[str]) -> Mapping[str, date]:
    """When the latest matter that names each document was recorded."""
    query: Any = Mention.select(Mention.number, fn.MAX(Mention.on)).where(
        Mention.number.in_(numbers)).group_by(Mention.number).tuples()
    return {number: date.fromisoformat(str(latest)) for number, latest in query}


def _interpreted(cases: list[str]) -> set[str]:
    query: Any = EventRow.select(EventRow.case).where(
        (EventRow.type == "interpreted") & ~EventRow.void & EventRow.case.in_(cases)).distinct().tuples()
    return {case for (case,) in query}


def _of_effect(effect: Effect) -> Iterator[tuple[str, Text]]:
    if effect.unlawful:
        yield AMEND, Text(f"行政复议附带审查{effect.unlawful}次认定条款不合法",
                          {"en": f"incidental review found provisions unlawful {effect.unlawful} times"})
    share = effect.wrong * 100 // effect.named if effect.named else 0
    if effect.named >= ENOUGH and share >= SHARE_WRONG:
        yield AMEND, Text(f"引用本文件的{effect.named}件事项中{effect.wrong}件被纠正或者确认有问题（{share}%）",
                          {"en": f"{effect.wrong} of {effect.named} matters that name it were found wrong ({share} %)"})


def _reasons(row: Any, latest: date | None, today: date) -> Iterator[tuple[str, Text]]:
    if row.conclusion == "annul" and not row.corrected:
        yield REPEAL, Text("备案审查建议撤销，尚未纠正",
                           {"en": "the filing review proposes annulment; not corrected yet"})
    if row.conclusion == "correct" and not row.corrected:
        yield AMEND, Text("备案审查要求纠正，尚未核验",
                          {"en": "the filing review demands a correction; not verified yet"})
    if row.advice in (REPEAL, AMEND, INTERPRET):
        kind = str(row.advice)
        yield kind, Text("实施后评估建议" + TITLES[kind].zh,
                         {"en": f"the post-evaluation advises to {TITLES[kind].to('en')}"})
    if row.until is not None and row.until < today + SOON:
        yield EXTEND, Text(f"有效期至{row.until.isoformat()}", {"en": f"valid until {row.until.isoformat()}"})
    if row.kind != "rule" and (row.cleaned or row.published) + CYCLE < today:
        yield CLEAN, Text("满两年没有清理", {"en": "not cleaned up for two years"})
    share = row.informed * 100 // row.respondents if row.respondents else None
    unused = row.published + UNUSED < today and (latest is None or latest + UNUSED < today)
    if unused and share is not None and share < LITTLE_KNOWN:
        yield REPEAL, Text(f"二十四个月没有事项引用，知晓率{share}%",
                           {"en": f"named in no matter for 24 months, known to {share} %"})
