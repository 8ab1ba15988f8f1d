"""What all builders share: collecting problems, places in files, looking names up."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from core.errors import FazhiError, Location, Problem
from core.language.suggest import listing, nearest
from core.rulebook.strict_yaml import YamlFile
from core.text import Text


@dataclass(slots=True)
class Problems:
    """Problems found so far; each is kept once, however often a rule is built."""

    found: dict[tuple[str, Location | None, str], Problem] = field(default_factory=dict)

    def add(self, code: str, at: Location | None, *, warning: bool = False, **details: Any) -> None:
        """Note one problem."""
        self.take([Problem(code, at, details, warning)])

    def take(self, problems: Iterable[Problem]) -> None:
        """Note the problems of an error that was caught."""
        for problem in problems:
            self.found.setdefault((problem.code, problem.at, str(sorted(problem.details.items()))), problem)

    @property
    def errors(self) -> tuple[Problem, ...]:
        """Problems that keep the rules from being used, in the order of files."""
        return self._ordered(warning=False)

    @property
    def warnings(self) -> tuple[Problem, ...]:
        """Lints that leave the rules usable."""
        return self._ordered(warning=True)

    def _ordered(self, *, warning: bool) -> tuple[Problem, ...]:
        chosen = [problem for problem in self.found.values() if problem.warning is warning]
        return tuple(sorted(chosen, key=lambda problem: problem.at or Location("")))

    def raise_errors(self) -> None:
        """Raise everything found, unless there are only warnings."""
        if self.errors:
            raise FazhiError(self.errors)


@dataclass(frozen=True, slots=True)
class Site:
    """A place in a file: what is being built, for messages."""

    file: YamlFile
    path: tuple[str | int, ...] = ()

    def __truediv__(self, step: str | int) -> Site:
        return Site(self.file, (*self.path, step))

    @property
    def at(self) -> Location:
        """Place of the value."""
        return self.file.locate(self.path)

    @property
    def key(self) -> Location:
        """Place of the key that the value stands under."""
        return self.file.locate(self.path, at_key=True)

    @property
    def inside(self) -> Location:
        """Place of the first character of a text value."""
        return self.file.locate_text(self.path)

    def item(self, index: int) -> Location:
        """Place of one name of a list that may also be written as a single name."""
        return (self / index).at


@dataclass(frozen=True, slots=True)
class Lookup:
    """Names of one sort (events, rules, …), with the words that messages use for the sort."""

    problems: Problems
    code: str
    known: Mapping[str, Text]

    def check(self, name: str, at: Location) -> bool:
        """True where the name exists; else a problem with the likeliest name meant."""
        if name in self.known:
            return True
        if "，" in name or "、" in name:
            self.problems.add("name-full-width-comma", at, name=name)
            return False
        near = nearest(name, self.known)
        self.problems.add(f"{self.code}-misspelt" if near else f"{self.code}-unknown", at,
                          name=name, suggestion=near, known=listing(self.known) or "—")
        return False

    def all(self, names: Iterable[str], site: Site) -> tuple[str, ...]:
        """Those of the names that exist."""
        return tuple(name for index, name in enumerate(names) if self.check(name, site.item(index)))


def titles(items: Mapping[str, Any]) -> dict[str, Text]:
    """Titles of things by id, for :class:`Lookup`."""
    return {name: item.title for name, item in items.items()}
