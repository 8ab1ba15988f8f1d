"""立改废释: which documents in force should be looked at again, and why. Nothing is repealed by this list."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from peewee import fn

from core.text import Text
from plugins.legislation.register.models import Mention

SOON = timedelta(days=90)
UNUSED = timedelta(days=730)
CYCLE = timedelta(days=730)
LITTLE_KNOWN = 30
"""Per cent of those asked, below which a document that nobody uses is weighed for repeal."""

REPEAL, AMEND, EXTEND, CLEAN = "repeal", "amend", "extend", "clean"
TITLES: Mapping[str, Text] = {
    REPEAL: Text("废止", {"en": "repeal"}), AMEND: Text("修改", {"en": "amend"}),
    EXTEND: Text("评估后延续或者废止", {"en": "extend or repeal"}), CLEAN: Text("清理", {"en": "clean up"}),
}


@dataclass(frozen=True, slots=True)
class Advice:
    """What to weigh for a document, with every reason found."""

    document: Any
    kind: str
    reasons: tuple[Text, ...]
    mentions: int


def advise(documents: Iterable[Any], today: date) -> Iterator[Advice]:
    """Documents in force that something speaks against; the strongest reason decides the kind."""
    listed = list(documents)
    used = mentions_of([row.number for row in listed if row.number])
    for row in listed:
        count, latest = used.get(row.number, (0, None))
        reasons = list(_reasons(row, count, latest, today))
        if reasons:
            kind = min((kind for kind, _reason in reasons), key=(REPEAL, AMEND, EXTEND, CLEAN).index)
            yield Advice(row, kind, tuple(reason for _kind, reason in reasons), count)


def mentions_of(numbers: list[str]) -> Mapping[str, tuple[int, date | None]]:
    """In how many matters each document is named, and when the latest one was recorded."""
    query: Any = Mention.select(Mention.number, fn.COUNT(Mention.case), fn.MAX(Mention.on)).where(
        Mention.number.in_(numbers)).group_by(Mention.number).tuples()
    return {number: (count, date.fromisoformat(str(latest))) for number, count, latest in query}


def _reasons(row: Any, count: int, latest: date | None, today: date) -> Iterator[tuple[str, Text]]:
    if row.conclusion == "annul" and not row.corrected:
        yield REPEAL, Text("备案审查建议撤销，尚未纠正",
                           {"en": "the filing review proposes annulment; not corrected yet"})
    if row.conclusion == "correct" and not row.corrected:
        yield AMEND, Text("备案审查要求纠正，尚未核验",
                          {"en": "the filing review demands a correction; not verified yet"})
    if row.advice in ("repeal", "amend"):
        kind = REPEAL if row.advice == "repeal" else AMEND
        yield kind, Text("实施后评估建议" + TITLES[kind].zh,
                         {"en": f"the post-evaluation advises to {TITLES[kind].to('en')}"})
    if row.until is not None and row.until < today + SOON:
        yield EXTEND, Text(f"有效期至{row.until.isoformat()}", {"en": f"valid until {row.until.isoformat()}"})
    if (row.cleaned or row.published) + CYCLE < today:
        yield CLEAN, Text("满两年没有清理", {"en": "not cleaned up for two years"})
    share = row.informed * 100 // row.respondents if row.respondents else None
    unused = row.published + UNUSED < today and (latest is None or latest + UNUSED < today)
    if unused and share is not None and share < LITTLE_KNOWN:
        yield REPEAL, Text(f"二十四个月没有事项引用，知晓率{share}%",
                           {"en": f"named in no matter for 24 months, known to {share} %"})
