"""Looking names up: facts, fields of steps, event types, materials; and what to say where one is missing."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

from core.errors import Problem
from core.language import ir
from core.language.constructors import CONSTRUCTORS
from core.language.environment import Environment
from core.language.functions import FUNCTIONS
from core.language.ir import Node
from core.language.suggest import listing, nearest
from core.language.types import DATE, ORGAN, PERSON, Type, type_of
from core.language.words import quoted
from core.text import Text

ROOTS = ("c", "e", "t")
OF_EVERY_STEP: Mapping[str, Type] = {"date": DATE, "actor": PERSON, "organ": ORGAN}


def problem(code: str, **details: Any) -> Problem:
    """A problem whose place the checker adds."""
    return Problem(code, None, details)


def hint(wrong: str, names: Mapping[str, Text]) -> dict[str, str]:
    """Details for messages that end with the name that was probably meant, else with those that exist."""
    near = nearest(wrong, names)
    title = names[near].zh if near else ""
    return {"near": f"{near}（{title}）" if title and title != near else near or listing(names) or "—"}


class Names:
    """The names of one environment."""

    def __init__(self, environment: Environment) -> None:
        self.environment = environment

    def titles(self, root: str) -> dict[str, Text]:
        """Ids and titles that may follow ``root.``."""
        if root == "c":
            facts = {name: fact.title for name, fact in self.environment.facts.items()}
            return {name: field.title for name, field in self.environment.attributes.items()} | facts
        if root not in self.environment.event_fields:
            return {}
        fields = self.environment.event_fields[root]
        return {name: field.title for name, field in fields.items()} | dict.fromkeys(OF_EVERY_STEP, Text(""))

    def select(self, root: str, name: str) -> Node | Problem:
        """The fact ``root.name``; derived facts are the checker's."""
        if root not in ROOTS:
            return problem("expression-unknown-root", root=root, name=name)
        if root != "c" and root not in self.environment.event_fields:
            return problem("expression-no-step", root=root, name=name)
        fields = self.environment.attributes if root == "c" else self.environment.event_fields[root]
        declared = fields.get(name)
        if root != "c" and name in OF_EVERY_STEP:
            if declared is not None:
                return problem("expression-name-of-every-step", root=root, name=name)
            return ir.StepRead(cast("ir.Root", root), cast("Any", name), OF_EVERY_STEP[name])
        if declared is not None:
            return ir.Read(cast("ir.Root", root), name, declared.title, type_of(declared))
        elsewhere = next((other for other in ROOTS if name in self.titles(other)), None)
        if elsewhere is not None:
            return problem("expression-other-root", root=root, name=name, other=elsewhere)
        if root == "c" and (step := next((event for event in self.environment.events.values() if name in event.fields),
                                         None)):
            return problem("expression-not-an-attribute", name=name, step=step.title)
        return problem("expression-unknown-name", root=root, name=name, **hint(name, self.titles(root)))

    def bare(self, name: str) -> Problem:
        """What is wrong with a name that stands alone."""
        root = next((root for root in ROOTS if name in self.titles(root)), None)
        if root is not None:
            return problem("expression-bare-name", name=name, near=f"{root}.{name}")
        titles = {f"{root}.{known}": title for root in ROOTS for known, title in self.titles(root).items()}
        near = nearest(name, titles) or nearest(f"c.{name}", titles)
        if near:
            return problem("expression-bare-name", name=name, near=near)
        return problem("expression-bare-word", name=name)

    def function(self, name: str) -> Problem:
        """What is wrong with a function that does not exist."""
        root, _, method = name.rpartition(".")
        if root in ROOTS:
            return problem("expression-no-method", text=method)
        known = [*FUNCTIONS, *CONSTRUCTORS, "has"]
        near = nearest(name, known)
        return problem("expression-unknown-function", name=name, near=near or listing(sorted(known), 20))

    def event(self, event_type: str) -> Text | Problem:
        """The title of an event type."""
        events = self.environment.events
        if event_type in events:
            return events[event_type].title
        return problem("expression-unknown-event", text=event_type,
                       **hint(event_type, {name: event.title for name, event in events.items()}))

    def material(self, path: str) -> Text | Problem:
        """The title of ``event/requirement``."""
        event_type, slash, _ = path.partition("/")
        titles = {f"{name}/{material.id}": material.title
                  for name, event in self.environment.events.items() for material in event.materials}
        if slash and path in titles:
            event = self.environment.events[event_type].title
            here = titles[path]
            return Text(f"{quoted(event.zh)}的{quoted(here.zh)}",
                        {"en": f"{quoted(here.to('en'))} of {quoted(event.to('en'))}"})
        near = {name: title for name, title in titles.items() if name.startswith(f"{event_type}/")}
        return problem("expression-unknown-material", text=path, **hint(path, near or titles))
