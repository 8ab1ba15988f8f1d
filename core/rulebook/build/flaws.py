"""Flaws of a discretion table as problems at their places in its file."""

from __future__ import annotations

from collections.abc import Iterable

from core.discretion.flaws import Flaw
from core.discretion.model import Table
from core.errors import Location
from core.rulebook.build.context import Problems, Site
from core.text import Text


def report(flaws: Iterable[Flaw], table: Table, site: Site, problems: Problems) -> None:
    """Add every flaw to the problems, at the row, the statute's entry or the declared fault that it concerns."""
    for flaw in flaws:
        details = dict(flaw.details)
        if flaw.example:
            details["example"] = flaw.told(table.inputs)
        if flaw.rows:
            details |= {"row": flaw.rows[-1], "rows": _numbers(flaw.rows),
                        "tier": details.get("tier", table.tiers[table.rows[flaw.rows[-1] - 1].tier])}
        if flaw.statute is not None and table.statutes[flaw.statute].basis:
            citation = table.statutes[flaw.statute].basis[0]
            details["law"] = Text(citation.to("zh"), {"en": citation.to("en")})
        details["further"] = Text(f"（另有 {flaw.further} 种情形）", {"en": f" (and {flaw.further} other cases)"}) \
            if flaw.further else ""
        details["since"] = Text(f"（自 {flaw.day} 起）", {"en": f" (since {flaw.day})"}) if flaw.day else ""
        problems.add(flaw.code, _place(flaw, site), warning=not flaw.severe, **details)


def _numbers(rows: tuple[int, ...]) -> Text:
    return Text("、".join(map(str, rows)), {"en": ", ".join(map(str, rows))})


def _place(flaw: Flaw, site: Site) -> Location:
    if flaw.fault is not None:
        return (site / "faults" / flaw.fault).at
    if flaw.rows:
        return (site / "rows" / (flaw.rows[-1] - 1)).at
    if flaw.statute is not None:
        return (site / "statute" / flaw.statute).at
    return (site / ("statute" if "statute" in flaw.code else "rows")).key
