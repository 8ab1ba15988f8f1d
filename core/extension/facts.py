"""``step_facts`` of all plugins as the recorder asks for it; a register that fails leaves its facts unknown."""

from __future__ import annotations

import logging
from datetime import date
from typing import Any

import pluggy

from core.cases.case import Case
from core.database import database
from core.ledger.intake import Collect, Given, NewEvent, ProcedureBundle, StepFacts

log = logging.getLogger(__name__)


def collector(manager: pluggy.PluginManager) -> Collect:
    """Asks the plugins one by one; of two that answer the same name the one registered first counts."""
    def collect(case: Case, step: NewEvent, day: date, rules: ProcedureBundle) -> StepFacts:
        found: dict[str, Given] = {}
        arguments = {"case": case, "step": step, "day": day, "rules": rules}
        for hook in manager.hook.step_facts.get_hookimpls():
            try:
                # A failed query must not spoil the transaction in which the step is recorded.
                with database.atomic():
                    answer: Any = hook.function(*(arguments[name] for name in hook.argnames))
            except Exception:  # whatever a plugin raises, the step itself has happened and is recorded
                log.exception("facts of %s for step %s of case %s", hook.plugin_name, step.type, case.head.id)
                continue
            for name, value in (answer or {}).items():
                found.setdefault(name, value)
        return found

    return collect
