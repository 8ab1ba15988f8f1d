"""Titles of rules for pages; a rule that is no longer in the bundle stands for itself."""

from __future__ import annotations

from datetime import date

from core.rulebook.bundle import Bundle
from core.rulebook.model import Procedure, Rule
from scoring.late import CODE as LATE_RECORD
from scoring.late import TITLE as LATE_TITLE
from web.kit.language import say


def rule_for(bundle: Bundle, rule_id: str, region: str, day: date | None = None) -> Rule | None:
    """The version of a rule that counts for a region on a day; without a day, or where none does, the last one."""
    procedure = rule_id.rpartition("/")[0]
    versions = [rule for rule in bundle.rules(procedure, region) if rule.id == rule_id]
    on_day = [rule for rule in versions if day is not None and day in rule.valid]
    found = on_day or versions
    return found[-1] if found else None


def rule_title(bundle: Bundle, rule_id: str, region: str) -> str:
    """A rule's title in the reader's language."""
    rule = rule_for(bundle, rule_id, region)
    if rule is not None:
        return say(rule.title)
    return say(LATE_TITLE) if rule_id.endswith(f"/{LATE_RECORD.lower()}") else rule_id


def step_title(procedure: Procedure | None, event_type: str) -> str:
    """An event type's title in the reader's language."""
    known = procedure.events.get(event_type) if procedure else None
    return say(known.title) if known else event_type


def stage_title(procedure: Procedure | None, stage: str) -> str:
    """A stage's title in the reader's language."""
    found = next((one for one in procedure.stages if one.id == stage), None) if procedure else None
    return say(found.title) if found else stage
