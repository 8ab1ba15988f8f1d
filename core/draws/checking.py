"""Computing a draw again from its record alone; needs neither the platform nor its database."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from core.draws.plan import ALGORITHM, read_plan, sha256
from core.draws.selection import select
from core.errors import FazhiError, fail

PARTS = ("algorithm", "list", "secret", "seed", "choice")


@dataclass(frozen=True, slots=True)
class Checked:
    """What computing again found.

    Attributes:
        parts: ``algorithm``, ``list``, ``secret``, ``seed``, ``choice`` → whether it agrees.
        chosen, spares: what the list and the seed give.
    """

    parts: dict[str, bool]
    chosen: tuple[str, ...] = ()
    spares: tuple[str, ...] = ()

    @property
    def holds(self) -> bool:
        """True where everything agrees."""
        return all(self.parts.values())


def seed_of(secret: str, record: str, witness: str) -> str:
    """The seed: SHA-256 of ``secret|hash of the committing step|words of those present``."""
    return sha256(f"{secret}|{record}|{witness}")


def verify(record: str) -> Checked:
    """Compute a draw again from its record (``Drawn.record_text``).

    Raises:
        FazhiError: ``draw-record-unreadable`` for what is no record of a finished draw.
    """
    try:
        found: Any = json.loads(record)
        listed, secret, seed = str(found["list"]), str(found["secret"]), str(found["seed"])
        plan = read_plan(listed)
        choice = select(plan.checked(), seed)
        return Checked({
            "algorithm": found["algorithm"] == ALGORITHM and plan.text() == listed,
            "list": sha256(listed) == found["list_sha256"],
            "secret": sha256(secret) == found["secret_sha256"],
            "seed": seed_of(secret, str(found["record"]), str(found["witness"])) == seed,
            "choice": [list(choice.chosen), list(choice.spares)] == [found["chosen"], found["spares"]],
        }, choice.chosen, choice.spares)
    except (ValueError, KeyError, TypeError) as problem:
        raise fail("draw-record-unreadable") from problem
    except FazhiError as problem:
        raise fail("draw-record-unreadable") from problem
