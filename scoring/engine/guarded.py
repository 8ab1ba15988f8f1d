"""The live engine behind a marker: a case that brought a process down is judged by the reference."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from core.calendars import Calendar
from core.cases.case import Case
from core.rulebook.model import Rule
from scoring.engine.markers import Markers
from scoring.engine.reference import Reference
from scoring.verdict import Evaluator, Verdict

LOG = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Guarded:
    """Evaluates by ``engine``, and by ``reference`` what the engine did not survive.

    The engine is a library in C: a fault in it ends the process, and a case that is tried again at every start
    would end every process. Each such case is reported in the log and listed by ``markers.suspects()``.
    """

    engine: Evaluator
    markers: Markers
    reference: Evaluator = field(default_factory=Reference)

    def evaluate(self, case: Case, rules: Sequence[Rule], calendar: Calendar, as_of: datetime) -> tuple[Verdict, ...]:
        """See ``scoring.verdict.Evaluator``."""
        if self.markers.suspected(case.head.id):
            LOG.error("evaluating case %s ended a process before; the reference judges it", case.head.id)
            return self.reference.evaluate(case, rules, calendar, as_of)
        with self.markers.calling(case.head.id):
            return self.engine.evaluate(case, rules, calendar, as_of)
