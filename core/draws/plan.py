"""What is drawn from what: candidates, who was left out and why, how many, and how."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from core.errors import FazhiError, Location, Problem, fail
from core.ledger.canonical import canonical

ALGORITHM = "fazhi-draw-1"
LARGEST_WEIGHT = 1_000_000
MOST_CANDIDATES = 500_000


@dataclass(frozen=True, slots=True)
class Candidate:
    """One that may be drawn.

    Attributes:
        id: stable; candidates are put in order by it, so that the order in which they were given does not matter.
        weight: how many tickets it has in the urn.
        group: the share of the draw that it belongs to, where ``Plan.quotas`` draws by groups.
    """

    id: str
    label: str = ""
    weight: int = 1
    group: str = ""


@dataclass(frozen=True, slots=True)
class LeftOut:
    """One that was not put into the urn, and why (conflict of interest, drawn twice this year, field …)."""

    id: str
    label: str
    reason: str


@dataclass(frozen=True, slots=True)
class Plan:
    """A draw before it is held.

    Attributes:
        purpose: in words, such as “抽取案卷评查样本”.
        about: what it is for, usually the id of a case; draws for the same thing are listed together.
        pick: how many, where no ``quotas`` are given.
        quotas: group → how many.
        spares: how many more are drawn after them as substitutes, in order; for each group where there are quotas.
        rules: the rules by which candidates were found, as title → words; they are committed with the list.
    """

    purpose: str
    candidates: tuple[Candidate, ...]
    pick: int = 0
    quotas: Mapping[str, int] = field(default_factory=dict)
    spares: int = 0
    left_out: tuple[LeftOut, ...] = ()
    rules: Mapping[str, str] = field(default_factory=dict)
    about: str = ""

    def wanted(self) -> Mapping[str, int]:
        """Group → how many; one group without a name where the draw is not by groups."""
        return self.quotas or {"": self.pick}

    def checked(self) -> Plan:
        """This plan.

        Raises:
            FazhiError: ``draw-candidate-twice``, ``draw-too-few``, ``draw-nothing``, ``draw-weight``,
                ``draw-too-many``.
        """
        if len(self.candidates) > MOST_CANDIDATES:
            raise fail("draw-too-many", number=len(self.candidates), most=MOST_CANDIDATES)
        problems: list[Problem] = []
        place = Location("draw")
        twice = [name for name, count in Counter(one.id for one in self.candidates).items() if count > 1]
        problems.extend(Problem("draw-candidate-twice", place, {"id": name}) for name in sorted(twice)[:20])
        problems.extend(Problem("draw-weight", place, {"id": one.id, "most": LARGEST_WEIGHT})
                        for one in self.candidates if not 1 <= one.weight <= LARGEST_WEIGHT)
        there = Counter(one.group if self.quotas else "" for one in self.candidates)
        wanted = self.wanted()
        if any(number < 0 for number in wanted.values()) or self.spares < 0 or sum(wanted.values()) < 1:
            problems.append(Problem("draw-nothing", place, {}))
        problems.extend(Problem("draw-too-few", place, {"group": group or "全部", "have": there[group], "want": number})
                        for group, number in sorted(wanted.items()) if there[group] < number)
        if problems:
            raise FazhiError(problems)
        return self

    def text(self) -> str:
        """The canonical text that is committed; its SHA-256 is the hash of the list."""
        return canonical({
            "algorithm": ALGORITHM, "purpose": self.purpose, "about": self.about,
            "pick": 0 if self.quotas else self.pick, "quotas": dict(self.quotas), "spares": self.spares,
            "rules": dict(self.rules),
            "candidates": [{"id": one.id, "label": one.label, "weight": one.weight, "group": one.group}
                           for one in sorted(self.candidates, key=lambda one: one.id)],
            "left_out": [{"id": one.id, "label": one.label, "reason": one.reason}
                         for one in sorted(self.left_out, key=lambda one: (one.id, one.reason))]})


def sha256(text: str) -> str:
    """SHA-256 of a text in UTF-8, in hexadecimal."""
    return hashlib.sha256(text.encode()).hexdigest()


def read_plan(text: str) -> Plan:
    """The plan whose canonical text this is.

    Raises:
        FazhiError: ``draw-record-unreadable``.
    """
    try:
        found: Any = json.loads(text)
        return Plan(
            found["purpose"], tuple(Candidate(one["id"], one["label"], int(one["weight"]), one["group"])
                                    for one in found["candidates"]),
            int(found["pick"]), {name: int(number) for name, number in found["quotas"].items()}, int(found["spares"]),
            tuple(LeftOut(one["id"], one["label"], one["reason"]) for one in found["left_out"]),
            dict(found["rules"]), found["about"])
    except (ValueError, KeyError, TypeError, AttributeError) as problem:
        raise fail("draw-record-unreadable") from problem


def share(candidates: tuple[Candidate, ...], percent: int, least: int = 1) -> Mapping[str, int]:
    """Quotas in proportion: so many per cent of each group, rounded up, at least ``least`` where there are that many.

    Args:
        percent: 1 to 100.
    """
    sizes = Counter(one.group for one in candidates)
    return {group: min(size, max(least, -(-size * percent // 100))) for group, size in sorted(sizes.items())}
