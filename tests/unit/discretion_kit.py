"""Discretion tables for tests: the shipped worked tables, and small ones written in place."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

from core.discretion.flaws import Flaw
from core.discretion.model import Table
from core.discretion.proof import prove
from core.errors import FazhiError, Problem
from core.rulebook.bundle import Bundle
from core.rulebook.documents import Source
from core.rulebook.load import load_rules, load_sources
from core.rulebook.paths import shipped_rules

BASIS = 'basis: [{law: 某某条例, article: "20"}]'
HEAD = f"kind: discretion\nid: demo\ntitle: 未经许可经营\n{BASIS}\n"


@cache
def worked() -> Bundle:
    """The tables that come with the platform."""
    return load_rules([shipped_rules() / "enforcement" / "discretion"])


def shipped(table_id: str) -> Table:
    """The only version of a shipped table."""
    (table,) = worked().discretion_versions(table_id)
    return table


def text(inputs: Sequence[str], statute: Sequence[str], rows: Sequence[str], *more: str,
         tiers: str = "[从轻, 一般, 从重]") -> str:
    """A table as YAML; each input, entry and row is one flow mapping."""
    lines = [HEAD.rstrip(), f"tiers: {tiers}", "inputs:", *(f"  {each}" for each in inputs), "statute:",
             *(f"  - {each[:-1]}, {BASIS}}}" for each in statute), "rows:", *(f"  - {each}" for each in rows), *more]
    return "\n".join(lines) + "\n"


def load(written: str, region: str = "") -> Table:
    """A sound table."""
    (table,) = load_sources([Source("demo.yaml", written.encode())]).discretion(region)
    return table


def problems(written: str) -> list[Problem]:
    """What the loader says about a table, warnings included."""
    try:
        return list(load_sources([Source("demo.yaml", written.encode())]).warnings)
    except FazhiError as error:
        return list(error.problems)


def codes(written: str) -> list[str]:
    """Codes of what is wrong with a table, without the common beginning."""
    return [problem.code.removeprefix("discretion-") for problem in problems(written)]


def flaws(table: Table) -> list[Flaw]:
    """What the proof finds."""
    return list(prove(table))
