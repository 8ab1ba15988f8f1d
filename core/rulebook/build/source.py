"""Entries of files as written: a rule, a checklist or a pattern, with where it stands and whose it is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from core.language.environment import Environment
from core.rulebook.build.context import Site
from core.rulebook.build.periods import references
from core.rulebook.kinds.base import ParameterSpec, Placeholder
from core.rulebook.kinds.checklist import ChecklistSpec
from core.rulebook.kinds.patterns import PatternSpec
from core.rulebook.kinds.supervision import RuleSpec
from core.rulebook.model import DateRange, Procedure
from core.text import Text

Spec = TypeVar("Spec", RuleSpec, ChecklistSpec, PatternSpec)


@dataclass(frozen=True, slots=True)
class Written(Generic[Spec]):
    """An entry of a file.

    Attributes:
        valid: its own dates, inside those of its file and overlay.
        region: the region whose overlay added it; empty for entries of the base.
        used: names of the parameters that it uses.
    """

    spec: Spec
    site: Site
    valid: DateRange
    region: str = ""
    used: frozenset[str] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "used", parameters_used(self.spec))

    @property
    def owner(self) -> str:
        """Whose shared parameters it may use."""
        raise NotImplementedError

    @property
    def id(self) -> str:
        """Its id with that of its owner."""
        return f"{self.owner}/{self.spec.id}"

    @property
    def title(self) -> Text:
        return self.spec.title

    @property
    def params(self) -> Mapping[str, ParameterSpec]:
        return self.spec.params


@dataclass(frozen=True, slots=True, kw_only=True)
class OfProcedure(Written[Spec]):
    """An entry of a file about a procedure.

    Attributes:
        environment: names of its procedure.
    """

    procedure: Procedure
    environment: Environment

    @property
    def owner(self) -> str:
        """Its procedure."""
        return self.procedure.id


def parameters_used(model: object) -> frozenset[str]:
    """Placeholders and ``p.name`` anywhere in an entry."""
    if isinstance(model, Placeholder):
        return frozenset({model.name})
    if isinstance(model, str):
        return references(model) if "p." in model else frozenset()
    if isinstance(model, (tuple, list)):
        return frozenset().union(*map(parameters_used, model))
    if isinstance(model, Mapping):
        return frozenset().union(*map(parameters_used, model.values()))
    values = getattr(model, "__dict__", None)
    return frozenset().union(*map(parameters_used, values.values())) if values and hasattr(model, "model_fields_set") \
        else frozenset()
