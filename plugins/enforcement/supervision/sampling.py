"""Who may be drawn: closed files of an organ, objects of a list, officers of a body; and who is left out, and why."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from core.draws.plan import Candidate, LeftOut, Plan
from core.instance import LOCAL_TIME
from core.ledger.models import CaseRow, EventRow
from plugins.enforcement.officers.models import Certificate
from plugins.enforcement.officers.vocabulary import CertificateKind, State

LINE = re.compile(r"(?P<id>\S+)(?:\s+(?P<label>\S.*?))??(?:\s+(?P<weight>[1-9]))?")


class Unreadable(ValueError):
    """A line of a typed list that cannot be read."""

    def __init__(self, line: int, text: str) -> None:
        super().__init__(f"{line}: {text}")
        self.line, self.text = line, text


@dataclass(frozen=True, slots=True)
class FileScope:
    """Which files are reviewed: closed cases of an organ, of some procedures, in a period (both days included)."""

    organ: str
    procedures: tuple[str, ...]
    begins: date
    ends: date


def files(scope: FileScope, pick: int, reviewers: Collection[str], about: str) -> Plan:
    """The draw of files for a review; files that a reviewer had a hand in are left out.

    Args:
        reviewers: accounts.
        about: id of the review.
    """
    begins = datetime.combine(scope.begins, time(), LOCAL_TIME)
    ends = datetime.combine(scope.ends + timedelta(days=1), time(), LOCAL_TIME)
    rows: Any = CaseRow.select().where(
        (CaseRow.organ == scope.organ) & CaseRow.procedure.in_(list(scope.procedures))
        & (CaseRow.closed_at >= begins) & (CaseRow.closed_at < ends)).order_by(CaseRow.id)
    found = list(rows)
    touched = _touched([row.id for row in found], reviewers)
    return Plan(
        "抽取评查案卷", tuple(Candidate(row.id, row.number or row.title) for row in found if row.id not in touched),
        pick, about=about,
        left_out=tuple(LeftOut(row.id, row.number or row.title, f"评查人员 {touched[row.id]} 参与过办理")
                       for row in found if row.id in touched),
        rules={"范围": f"{scope.begins.isoformat()} 至 {scope.ends.isoformat()} 办结的案卷",
               "程序": "、".join(scope.procedures), "评查人员": "、".join(sorted(reviewers)),
               "回避": "评查人员曾经记录过步骤的案卷不列入"})


def _touched(case_ids: Sequence[str], reviewers: Collection[str]) -> Mapping[str, str]:
    found: dict[str, set[str]] = defaultdict(set)
    for start in range(0, len(case_ids), 500):
        query: Any = EventRow.select(EventRow.case, EventRow.actor).where(
            EventRow.case.in_(case_ids[start:start + 500]) & EventRow.actor.in_(list(reviewers))).distinct().tuples()
        for case, actor in query:
            found[case].add(actor)
    return {case: "、".join(sorted(actors)) for case, actors in found.items()}


def objects(text: str, pick: int, about: str) -> Plan:
    """The draw of objects from a typed list: code, name, weight by risk.

    Raises:
        Unreadable: a line that is none.
    """
    found = [Candidate(match["id"], (match["label"] or match["id"]).strip(), int(match["weight"] or 1))
             for match in _lines(text)]
    return Plan("抽取检查对象", tuple(found), pick, about=about,
                rules={"名单": "本次抽查范围内的检查对象", "权重": "按信用、风险等级，权重高的抽中机会大"})


def officers(organ: str, day: date, pick: int, recused: str, about: str) -> Plan:
    """The draw of officers: valid certificates of the body, without those who are recused, with the reason.

    Raises:
        Unreadable: a recusal without a certificate of the body.
    """
    rows: Any = Certificate.select().where(
        (Certificate.organ == organ) & (Certificate.kind == CertificateKind.ENFORCEMENT.value)
        & (Certificate.state == State.VALID.value) & (Certificate.issued <= day) & (Certificate.valid_until >= day)
        ).order_by(Certificate.number)
    held = {row.number: str(row.name) for row in rows}
    out = {match["id"]: (match["label"] or "回避").strip() for match in _lines(recused, held)}
    return Plan("抽取检查人员", tuple(Candidate(number, name) for number, name in held.items() if number not in out),
                pick, about=about,
                left_out=tuple(LeftOut(number, held[number], reason) for number, reason in out.items()),
                rules={"范围": "本机关持有效执法证件的人员", "日期": day.isoformat()})


def _lines(text: str, known: Collection[str] | None = None) -> Iterable[re.Match[str]]:
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip():
            continue
        match = LINE.fullmatch(line.strip())
        if match is None or (known is not None and match["id"] not in known):
            raise Unreadable(number, line.strip()[:60])
        yield match
