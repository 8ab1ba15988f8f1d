"""What an expression may name: the facts of a case, the fields of its steps, the steps themselves."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from core.errors import Location
from core.language.ir import Node
from core.text import Text

if TYPE_CHECKING:
    from core.rulebook.model import EventType, Field, Procedure

_TIMEZONE = ZoneInfo("Asia/Shanghai")


@dataclass(frozen=True, slots=True)
class FactSource:
    """A derived fact as written: its CEL text, its title, and where the text begins."""

    source: str
    title: Text
    at: Location | None = None


@dataclass(frozen=True, slots=True)
class Environment:
    """The names that an expression may use.

    Attributes:
        attributes: facts of the case, ``c.x``.
        facts: derived facts, ``c.x`` as well; each may read other facts, not steps.
        event_fields: ``{"e": …, "t": …}`` fields of the activating and the answering step; a root that is
            missing here cannot be named, not even its date.
        events: event types that ``happened('…')`` and ``material('…/…')`` may name.
        timezone: in which ``date(c.some_datetime)`` takes the local date.
    """

    attributes: Mapping[str, Field] = field(default_factory=dict)
    facts: Mapping[str, FactSource] = field(default_factory=dict)
    event_fields: Mapping[str, Mapping[str, Field]] = field(default_factory=dict)
    events: Mapping[str, EventType] = field(default_factory=dict)
    timezone: ZoneInfo = _TIMEZONE
    checked: dict[str, Node] = field(default_factory=dict, repr=False, compare=False)
    """Facts already checked, so that a rulebook checks each once."""

    @classmethod
    def of(cls, procedure: Procedure, event_fields: Mapping[str, Mapping[str, Field]] | None = None) -> Environment:
        """The environment of a resolved procedure, with the steps' fields of one rule."""
        facts = {name: FactSource(fact.expression.source, fact.title) for name, fact in procedure.facts.items()}
        return cls(procedure.attributes, facts, event_fields or {}, procedure.events, procedure.timezone)

    def with_steps(self, event_fields: Mapping[str, Mapping[str, Field]]) -> Environment:
        """The same names with other steps; facts that were checked stay checked."""
        return Environment(self.attributes, self.facts, event_fields, self.events, self.timezone, self.checked)
