"""The list of statutory periods: which a rule watches, which wait and for what."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from core.errors import Location
from core.rulebook.build.context import Lookup, Problems, Site, titles
from core.rulebook.bundle import Bundle
from core.rulebook.kinds.deadlines import DeadlinesDocument, DeadlineSpec, LimitSpec
from core.rulebook.model import Rule, Unit
from core.rulebook.overlay import Parameters
from core.text import Text

Length = tuple[int, Unit]


@dataclass(frozen=True, slots=True)
class Listed:
    """One entry of the list.

    Attributes:
        document: the list that it stands in.
        rules: ids of the rules that watch it; empty while it waits.
        reason: why it waits; None where a rule watches it.
        running: False where no procedure of its rules is loaded (their plugin is switched off).
        limit: True for an amount or number instead of a period.
    """

    id: str
    title: Text
    document: Text
    rules: tuple[str, ...]
    reason: Text | None
    running: bool
    limit: bool


@dataclass(frozen=True, slots=True)
class DeadlineCount:
    """How many entries of one list are in use and wait, by reason in the order of the file."""

    document: Text
    used: int
    off: int
    waiting: tuple[tuple[Text, int], ...]

    @property
    def total(self) -> int:
        """Entries in all."""
        return self.used + self.off + sum(number for _, number in self.waiting)


def listed(bundle: Bundle) -> tuple[Listed, ...]:
    """Every entry of every list of a bundle, in the order of files."""
    return tuple(entry for loaded in bundle.documents("deadlines")
                 if isinstance(loaded.document, DeadlinesDocument) for entry in _entries(loaded.document, bundle))


def counts(entries: Sequence[Listed]) -> tuple[DeadlineCount, ...]:
    """What is in use and what waits, for each list."""
    by_document: dict[str, list[Listed]] = defaultdict(list)
    for entry in entries:
        by_document[entry.document.zh].append(entry)
    return tuple(_count(group) for group in by_document.values())


def check_deadlines(documents: Sequence[tuple[DeadlinesDocument, Site]], rules: Mapping[str, Sequence[Rule]],
                    parameters: Parameters, problems: Problems) -> None:
    """Check that the rules named exist and have the length that the list states.

    Args:
        rules: base rules by procedure; a rule of a procedure that is not loaded cannot be checked.
    """
    known = {rule.id: rule for versions in rules.values() for rule in versions}
    dated = _dated(parameters)
    seen: dict[str, Location] = {}
    for document, site in documents:
        for group, entries in (("deadlines", document.deadlines), ("limits", document.limits)):
            for name, spec in entries.items():
                place = site / group / name
                if name in seen:
                    problems.add("deadline-twice", place.key, id=name, other=seen[name])
                seen.setdefault(name, place.key)
                _check_entry(spec, place, document, rules, known, problems)
                if isinstance(spec, DeadlineSpec):
                    _check_length(spec, place, known, dated, problems)


def _check_entry(spec: DeadlineSpec | LimitSpec, place: Site, document: DeadlinesDocument,
                 rules: Mapping[str, Sequence[Rule]], known: Mapping[str, Rule], problems: Problems) -> None:
    if bool(spec.rules) == (spec.waits is not None):
        problems.add("deadline-rule-or-waits", place.key)
    if spec.waits is not None:
        Lookup(problems, "deadline-reason", document.reasons).check(spec.waits, (place / "waits").at)
    lookup = Lookup(problems, "rule", titles(known))
    for index, rule in enumerate(spec.rules):
        if "/" not in rule or rule.rpartition("/")[0] in rules:
            lookup.check(rule, (place / "rules").item(index))


def _check_length(spec: DeadlineSpec, place: Site, known: Mapping[str, Rule],
                  dated: Mapping[tuple[str, str], Length], problems: Problems) -> None:
    if spec.length is None:
        return
    given = spec.length.given()
    if len(given) != 1 or not isinstance(given[0][1], int):
        problems.add("period-one-unit", (place / "length").at, units="、".join(Unit), found=len(given))
        return
    wanted = (given[0][1], given[0][0])
    for name in spec.rules:
        if name in known and not spec.differs and wanted not in (found := lengths_of(known[name], dated)):
            problems.add("deadline-length", (place / "length").at, rule=name, length=_words(wanted),
                         found="、".join(map(_words, found)) or "—")


def lengths_of(rule: Rule, dated: Mapping[tuple[str, str], Length]) -> list[Length]:
    """The periods that a rule counts: its bounds, and the parameters that its conditions read."""
    found = [(period.length, period.unit) for period in (rule.within, rule.not_before)
             if period and not period.until]
    found += [dated[name[2:], place] for name, place in rule.origin.items()
              if name.startswith("p.") and (name[2:], place) in dated]
    return list(dict.fromkeys(found))


def _dated(parameters: Parameters) -> dict[tuple[str, str], Length]:
    """Parameters that are lengths, by name and by the place where the value is written, as a rule's origin has it."""
    found: dict[tuple[str, str], Length] = {}
    for key, definition in parameters.definitions.items():
        if definition.spec.unit in set(Unit):
            for _, value, at in definition.dated():
                if isinstance(value, int) and not isinstance(value, bool):
                    found[key.rpartition(".")[2], f"{at.file}:{at.line}"] = (value, Unit(definition.spec.unit))
    return found


def _entries(document: DeadlinesDocument, bundle: Bundle) -> Iterator[Listed]:
    for entries in (document.deadlines, document.limits):
        for name, spec in entries.items():
            running = not spec.rules or any(rule.rpartition("/")[0] in bundle.procedures for rule in spec.rules)
            yield Listed(name, spec.title, document.title, spec.rules,
                         document.reasons[spec.waits] if spec.waits else None, running, isinstance(spec, LimitSpec))


def _count(group: Sequence[Listed]) -> DeadlineCount:
    waiting = Counter(entry.reason.zh for entry in group if entry.reason)
    reasons = {entry.reason.zh: entry.reason for entry in group if entry.reason}
    return DeadlineCount(group[0].document, sum(1 for entry in group if entry.rules and entry.running),
                         sum(1 for entry in group if not entry.running),
                         tuple((reasons[zh], number) for zh, number in waiting.most_common()))


def _words(length: Length) -> str:
    return f"{{{length[1].value}: {length[0]}}}"
