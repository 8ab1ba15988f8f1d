"""What registers say about a step is written down with it, so that judging it later needs nothing but the ledger."""

from __future__ import annotations

import logging
from collections.abc import Mapping

from core.ledger.draft import Draft
from core.ledger.event import Value
from core.ledger.intake import Collect, NewEvent
from core.ledger.validation import RECORDABLE_YEARS, is_secret, moment_of
from core.ledger.values import Unfit, fit

log = logging.getLogger(__name__)


def collected_facts(collect: Collect | None, draft: Draft, new: NewEvent) -> Mapping[str, Value]:
    """Values for the collected fields of a step, in their stored form; those that nobody knows are left out.

    Registers are asked only where the step's type has such fields, and never about a state secret.
    """
    procedure = draft.progress.procedure
    event_type = procedure.events.get(new.type)
    wanted = {name: field for name, field in event_type.fields.items() if field.collected} if event_type else {}
    secret = draft.progress.secret or is_secret(procedure, new)
    if not wanted or collect is None or draft.rules is None or new.void or secret or (
            new.occurred_at.year not in RECORDABLE_YEARS):
        return {}
    moment, _ = moment_of(new, procedure)
    if moment.tzinfo is None:
        return {}
    facts: dict[str, Value] = {}
    day = moment.astimezone(procedure.timezone).date()
    for name, value in collect(draft.case(), new, day, draft.rules).items():
        if name in wanted and value is not None:
            try:
                facts[name] = fit(value, wanted[name])
            except Unfit:  # the register's mistake, not the person's: the step is recorded, the fact stays unknown
                log.exception("fact %s of step %s does not fit its field", name, new.type)
    return facts
