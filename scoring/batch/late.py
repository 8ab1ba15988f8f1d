"""Steps recorded later than their type allows, in columns; see ``scoring.late``."""

from __future__ import annotations

import polars as pl

from core.calendars.calendar import ELAPSED_SECONDS
from core.rulebook.model import Rule
from scoring.batch.effective import local_day
from scoring.batch.periods import Periods
from scoring.batch.series import no, where
from scoring.batch.steps import Steps, as_dates
from scoring.batch.verdicts import SCHEMA, Code, named


def late_records(steps: Steps, rule: Rule, periods: Periods) -> pl.DataFrame:
    """The verdicts on recording in time, laid out as all verdicts are."""
    return pl.concat([pl.DataFrame(schema=dict(SCHEMA)), *(
        _of_type(steps, rule, periods, event) for event in rule.on.events)])


def _of_type(steps: Steps, rule: Rule, periods: Periods, event: str) -> pl.DataFrame:
    within = steps.procedure.events[event].record_within
    assert within is not None
    rows = steps.of_types((event,))
    recorded = steps.frame["root_recorded"].gather(rows)
    if within.unit.elapsed:
        due = steps.latest.gather(rows) + within.length * ELAPSED_SECONDS[within.unit] * 1_000_000
        last = pl.select(local_day(pl.lit(due), periods.timezone)).to_series()
    else:
        last = periods.last_day(steps.day.gather(rows), within)
        due = steps.close(last)
    late = recorded > due
    on = where(late, pl.select(local_day(pl.lit(recorded), periods.timezone)).to_series())
    size = len(rows)
    states = (~late).cast(pl.UInt8) * int(Code.FULFILLED)
    nothing = pl.repeat(None, size, dtype=pl.String, eager=True)
    columns = [
        steps.frame["case"].gather(rows), pl.repeat(rule.id, size, dtype=pl.String, eager=True),
        steps.ids(rows, "root"), rows - steps.start.gather(rows), named(states), due.cast(SCHEMA["due"]),
        as_dates(last), nothing, as_dates(on), on - where(late, last), no(size),
        pl.repeat(rule.level.value, size, dtype=SCHEMA["level"], eager=True), no(size), nothing,
    ]
    return pl.DataFrame([values.alias(name) for name, values in zip(SCHEMA, columns, strict=True)])
