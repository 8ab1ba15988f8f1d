"""The hooks that core offers. A hook exists only if a shipped plugin uses it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pluggy

if TYPE_CHECKING:
    from datetime import date

    from core.cases.case import Case
    from core.documents.issuing import Certified, Paper
    from core.extension.platform import Platform
    from core.ledger.intake import NewEvent, StepFacts
    from core.rulebook.bundle import Bundle
    from core.rulebook.model import Citation

PROJECT = "fazhi"
hookspec = pluggy.HookspecMarker(PROJECT)
hookimpl = pluggy.HookimplMarker(PROJECT)


@hookspec
def platform() -> Platform:  # type: ignore[empty-body]
    """Describe the sub-platform that this plugin brings. Called once at start."""


@hookspec
def step_facts(case: Case, step: NewEvent, day: date, rules: Bundle) -> StepFacts:  # type: ignore[empty-body]
    """Say what this plugin's registers, or the tables of the rules in force, say about a step that is being recorded.

    Called inside the recording transaction, only for steps whose type declares ``collected`` fields. Read, do not
    write; leave out what is unknown. What is returned is recorded with the step and never asked again.

    Args:
        case: the case before the step.
        step: the step as it was given.
        day: the step's local date.
        rules: the rules in force, under which the step is recorded.
    """


@hookspec(firstresult=True)
def certify_document(pdf: bytes, paper: Paper) -> Certified | None:
    """Put a certified electronic signature or seal on a document that is being issued (电子签名法 13, 14).

    Called inside the recording transaction, for every document that the platform writes; be quick, or answer None at
    once. What is returned is stored and hashed into the chain instead of the unsigned document.

    Args:
        pdf: the document as it was set.
        paper: what it is and who issues it.
    """


@hookspec(firstresult=True)
def resolve_citation(citation: Citation) -> str | None:
    """Say at which address of the platform the cited article can be read; None where this plugin does not have it.

    Called while a page is made, for each citation on it: be quick. An edition that is named must be the one that opens,
    or the page that opens must say that it is not.

    Args:
        citation: law, article, edition.
    """
