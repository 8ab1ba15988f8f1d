"""The steps that count, in the case's order, as of a moment: what ``core.cases.fold`` says, in columns."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import polars as pl

from scoring.batch.events import micros

FIRST_DAY = 719163
"""1970-01-01 counted from the year 1, as ``date.toordinal`` does."""


def effective(events: pl.DataFrame, timezone: ZoneInfo, as_of: datetime | None = None,
              recorded_by: datetime | None = None) -> pl.DataFrame:
    """Effective steps, sorted by case and place, with ``root`` (id and time of the event first recorded there).

    Args:
        events: see ``scoring.batch.events``.
        as_of, recorded_by: only what occurred, what was recorded before these moments; None: all.
    """
    if recorded_by is not None:
        events = events.filter(pl.col("recorded") < micros(recorded_by))
    if not events["case"].is_sorted():
        events = events.sort("case", "seq", maintain_order=True)
    steps = events.with_columns(pl.col("case").rle_id().alias("number"), pl.col("seq").alias("spot"),
                                pl.col("id").alias("root"), pl.col("recorded").alias("root_recorded"))
    if events["corrects"].null_count() < events.height:
        steps = _corrected(steps)
    steps = steps.filter(~pl.col("void"))
    if as_of is not None:
        steps = steps.filter(pl.col("at") < micros(as_of))
    return (steps.sort("number", "at", "spot").with_columns(pl.col("case").rle_id().alias("number"),
                                                              local_day(pl.col("at"), timezone).alias("day")))


def local_day(at: pl.Expr, timezone: ZoneInfo) -> pl.Expr:
    """The local calendar day of moments in microseconds, counted from the year 1."""
    moment = at.cast(pl.Datetime("us", "UTC")).dt.convert_time_zone(timezone.key)
    return moment.dt.date().cast(pl.Int32).cast(pl.Int64) + FIRST_DAY


def _corrected(steps: pl.DataFrame) -> pl.DataFrame:
    """Corrections in their targets' places; of several events at one place the last recorded one stands."""
    steps = steps.sort("number", "seq").with_row_index("row")
    links = (steps.filter(pl.col("corrects").is_not_null()).select("row", "number", "seq", "corrects")
             .join(steps.select(pl.col("id").alias("corrects"), pl.col("row").alias("target"), "number",
                                pl.col("seq").alias("target_seq")), on=["corrects", "number"], how="inner")
             .filter(pl.col("target_seq") < pl.col("seq")))
    first = steps["row"].scatter(links["row"], links["target"])
    while True:  # a chain of corrections leads back to the event first recorded
        further = first.gather(first)
        if (further == first).all():
            break
        first = further
    return (steps.with_columns(steps["seq"].gather(first).alias("spot"), steps["id"].gather(first).alias("root"),
                               steps["recorded"].gather(first).alias("root_recorded"))
            .sort("number", "spot", "seq").unique(["number", "spot"], keep="last", maintain_order=True).drop("row"))
