"""What verification finds: each damage by case, place in its chain, and kind."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from core.errors import Location, Problem


class Kind(StrEnum):
    """Kinds of damage."""

    CHANGE = "change"  # an event's content or hash is not what was recorded
    SWAP = "swap"  # two events changed places
    INSERTION = "insertion"  # an event was put in that was not recorded at that time
    DELETION = "deletion"  # an event is missing inside the chain
    CUT_TAIL = "cut-tail"  # the last events are missing
    REMOVED_CASE = "removed-case"
    INSERTED_CASE = "inserted-case"  # claims to be older than a root that does not know it
    REHASH = "rehash"  # the chain fits in itself but not the signed root
    HEAD = "head"  # organ, region, procedure, title or number of the case changed
    SUMMARY = "summary"  # the case row does not agree with its chain
    PERSONAL = "personal"  # a personal value is not what was committed to, or vanished without being sealed
    MATERIAL = "material"  # a file is missing or has other content
    ROOT_FILE = "root-file"  # the root file itself cannot be trusted


@dataclass(frozen=True, slots=True, order=True)
class Damage:
    """One damage.

    Attributes:
        seq: intake number in the case where it shows; 0 where it concerns the case as a whole. For a rehash the
            number up to which the signed root vouched: the change lies at or before it.
        other: second place of a swap, last place of a cut; else what is concerned (a field, a file).
    """

    case_id: str
    seq: int
    kind: Kind
    other: str = ""

    def problem(self) -> Problem:
        """As a problem with words."""
        return Problem(f"ledger-{self.kind}", Location(self.case_id or "ledger"),
                       {"case": self.case_id, "seq": self.seq, "other": self.other})


@dataclass(frozen=True, slots=True)
class Report:
    """Result of a verification.

    Attributes:
        root: the root file that the chains were held against; None where there was none, and a full re-hash or a
            removed case would have stayed unseen.
        cut_short: more damages were found than the report lists.
    """

    damages: tuple[Damage, ...]
    cases: int
    events: int
    root: Path | None = None
    cut_short: bool = False

    @property
    def ok(self) -> bool:
        """True where nothing is wrong."""
        return not self.damages

    def render(self, language: str = "zh") -> str:
        """All damages in words, one on each line."""
        return "\n".join(damage.problem().render(language) for damage in self.damages)
