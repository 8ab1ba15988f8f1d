"""Synthetic logs in columns, as large as wanted."""

from __future__ import annotations

from datetime import date

import polars as pl

START, DAYS_LONG, STEPS_EACH = date(2024, 1, 1), 900, 10


def declare_log(events: int, kinds: int, first_case: int = 0, seed: int = 7) -> pl.DataFrame:
    """Cases of ten steps on average; the kind and time of each, and who took it, are scattered by hashing."""
    numbers = pl.int_range(0, events, eager=True)

    def scattered(salt: int, below: int) -> pl.Series:
        return (numbers.hash(seed * 31 + salt) % below).cast(pl.Int64)

    case = scattered(1, events // STEPS_EACH).sort() + first_case
    minutes = scattered(2, DAYS_LONG * 1440)
    began = (START.toordinal() - 719163) * 86_400_000_000
    return pl.DataFrame({
        "case": pl.select(pl.format("case-{}", pl.lit(case).cast(pl.String).str.zfill(9))).to_series(),
        "region": pl.repeat("150000", events, eager=True),
        "seq": numbers,
        "id": pl.select(pl.format("event-{}-{}", pl.lit(first_case), pl.lit(numbers))).to_series(),
        "type": pl.select(pl.format("k{}", pl.lit(scattered(3, kinds)))).to_series(),
        "at": began + minutes * 60_000_000,
        "recorded": began + minutes * 60_000_000,
        "dated": pl.repeat(False, events, eager=True),
        "actor": pl.select(pl.format("person-{}", pl.lit(scattered(4, 500)))).to_series(),
        "organ": pl.repeat("organ", events, eager=True),
        "corrects": pl.repeat(None, events, dtype=pl.String, eager=True),
        "void": pl.repeat(False, events, eager=True),
        "materials": pl.repeat(None, events, dtype=pl.List(pl.String), eager=True),
    })
