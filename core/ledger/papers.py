"""Documents that the platform writes for a step: made once everything else about the step is in order."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from core.cases.fold import fold
from core.errors import FazhiError, Location
from core.ledger.draft import Draft
from core.ledger.event import Event, MaterialRef, Value
from core.ledger.intake import Issue, IssueDocuments, NewEvent
from core.ledger.validation import Check, Checked, MaterialKnown

NOT_YET = "0" * 64
"""Stands for the hash of a document that is still to be written."""


def issued(issue: IssueDocuments, draft: Draft, new: NewEvent, where: Location, known: MaterialKnown | None,
           facts: Mapping[str, Value]) -> tuple[NewEvent, Issue]:
    """The step with its documents, as yet unrecorded.

    Raises:
        FazhiError: everything that is wrong with the step itself; nothing is written and no number is taken then.
    """
    given = {material.requirement for material in new.materials}
    wanted = tuple(dict.fromkeys(name for name in new.documents if name not in given))
    trial = replace(new, materials=(*new.materials, *(MaterialRef(name, NOT_YET, name) for name in wanted)))
    checked, problems = Check(trial, draft.progress, draft.taken_at, where,
                              None if known is None else lambda sha256: sha256 == NOT_YET or known(sha256), facts).run()
    if checked is None:
        raise FazhiError(problems)
    event = as_event(draft, replace(checked, materials=new.materials), new)
    case = fold(draft.head, draft.progress.procedure, [*draft.progress.events, event])
    made = issue(case, event, wanted, draft.bundle)
    return replace(new, materials=(*new.materials, *made.materials)), made


def as_event(draft: Draft, checked: Checked, new: NewEvent) -> Event:
    """A checked step as the event that it will be, without id and hash."""
    return Event("", draft.head.id, draft.last_seq + 1, checked.type, checked.occurred_at, draft.taken_at, new.actor,
                 new.organ, {**checked.payload, **checked.personal}, checked.materials, checked.precision,
                 new.corrects, new.void, bundle=draft.bundle)
