"""A step that leads to a case of another procedure: a referral, an application that follows from an agreement."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

Literal_ = str | bool | int


@dataclass(frozen=True, slots=True)
class Carried:
    """Where a value of the next case's first step comes from.

    Attributes:
        source: ``c.attribute`` or ``e.field`` of the step that leads on, ``e.organ`` for the organ that recorded it;
            None where ``value`` stands for itself.
        values: what an option of the source becomes; options that are not named stay as they are.
        otherwise: taken where the source is unknown, or is no option of the field.
    """

    source: str | None = None
    value: Literal_ | None = None
    values: Mapping[str, str] = field(default_factory=dict)
    otherwise: Literal_ | None = None


@dataclass(frozen=True, slots=True)
class LeadsTo:
    """The case of another procedure that a step opens, or that a person may open by it.

    Attributes:
        step: the step that opens it.
        when: fields of the leading step and the values that they must have.
        organ: field of the leading step that names the organ whose case it becomes, which is opened nowhere while the
            field is empty; None: the organ of the leading case.
        offered: a person opens it, where a party has yet to apply; else the platform does, with the leading step.
        fields: of the opening step → where their values come from.
    """

    procedure: str
    step: str
    when: Mapping[str, Literal_] = field(default_factory=dict)
    organ: str | None = None
    offered: bool = False
    fields: Mapping[str, Carried] = field(default_factory=dict)
