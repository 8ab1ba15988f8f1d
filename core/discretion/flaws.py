"""What the proof of a table finds, each with a concrete case in which it happens."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from core.discretion.inputs import Input, Value
from core.discretion.model import FaultKind
from core.text import Text


@dataclass(frozen=True, slots=True)
class Flaw:
    """Something wrong with a table.

    Attributes:
        code: the message's code.
        kind: what a declaration under ``faults`` could call it; None where none can excuse it.
        example: a case in which it happens, every input with a value.
        indifferent: inputs of the example whose value makes no difference.
        rows: numbers of the rows concerned, from 1.
        fault: position of the declared fault concerned.
        statute: position of the statute's entry concerned.
        day: the first day on which it happens; None where it always did.
        further: how many other cases of the same sort there are.
        severe: False for what leaves the table usable.
    """

    code: str
    kind: FaultKind | None = None
    example: Mapping[str, Value] = field(default_factory=dict)
    indifferent: frozenset[str] = frozenset()
    rows: tuple[int, ...] = ()
    fault: int | None = None
    statute: int | None = None
    day: date | None = None
    details: Mapping[str, Any] = field(default_factory=dict)
    further: int = 0
    severe: bool = True

    def told(self, inputs: Mapping[str, Input]) -> Text:
        """The example in words, without the inputs that make no difference."""
        return case_in_words(inputs, {name: value for name, value in self.example.items()
                                      if name not in self.indifferent} or self.example)


def case_in_words(inputs: Mapping[str, Input], values: Mapping[str, Value]) -> Text:
    """Facts as an official reads them: 货值金额 10000 元、情节：一般."""
    shown = [declared.shown(values[name]) for name, declared in inputs.items() if name in values]
    return Text("、".join(text.zh for text in shown), {"en": ", ".join(text.to("en") for text in shown)})
