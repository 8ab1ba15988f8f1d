"""The rules on disk against the bundle in force: which files differ, whether they load, what they would change."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from core.errors import FazhiError, Problem
from core.instance import Instance
from core.organs.authority import Action, Actor
from core.rulebook.activation import Activation, Approver
from core.rulebook.bundle import Bundle
from core.rulebook.documents import Source, read_sources
from core.rulebook.load import load_sources
from scoring.engine.live import Live
from scoring.impact import Differences, assess, differences, summary
from scoring.rejudge import schedule_rejudging
from scoring.ruletests.runner import Report, run_tests
from web.kit.access import may


@dataclass(frozen=True, slots=True)
class ChangedFile:
    """A rule file that is not as in the bundle in force."""

    name: str
    how: Literal["added", "removed", "changed"]


@dataclass(frozen=True, slots=True)
class Draft:
    """What lies on disk.

    Attributes:
        candidate: None where the files are as in force, or do not load.
        problems: why they do not load; hints where they do.
        report: of the examples beside the rules; None without a candidate.
        changes: what would decide differently; None without a candidate.
    """

    sources: Sequence[Source]
    files: Sequence[ChangedFile]
    candidate: Bundle | None = None
    problems: Sequence[Problem] = ()
    report: Report | None = None
    changes: Differences | None = None
    in_force: str = ""

    @property
    def meaningful(self) -> bool:
        """True where the files say something else than the bundle in force, not only in other words."""
        return self.candidate is not None and self.candidate.hash != self.in_force

    @property
    def proposable(self) -> bool:
        """True where it loads, says something else, and no example is missed."""
        return self.meaningful and self.report is not None and not self.report.misses


def read_draft(instance: Instance) -> Draft:
    """Compare the files on disk with the bundle in force; where they differ, load them and run their examples."""
    current = instance.bundles.current()
    try:
        sources = read_sources(instance.rule_folders)
    except FazhiError as unreadable:
        return Draft((), (), problems=unreadable.problems, in_force=current.hash)
    files = changed_files(current.sources, {source.name: source.sha256 for source in sources})
    if not files:
        return Draft(sources, (), in_force=current.hash)
    try:
        candidate = load_sources(sources)
    except FazhiError as refused:
        return Draft(sources, files, problems=refused.problems, in_force=current.hash)
    return Draft(sources, files, candidate, candidate.warnings, run_tests(candidate, Live()),
                 differences(current, candidate), current.hash)


def disk_changes(instance: Instance) -> Sequence[ChangedFile]:
    """Files on disk that differ from the bundle in force; nothing where they cannot be read."""
    try:
        sources = read_sources(instance.rule_folders)
    except FazhiError:
        return ()
    return changed_files(instance.bundles.current().sources, {source.name: source.sha256 for source in sources})


def works_on_rules() -> bool:
    """Whether the reader writes or approves rules."""
    return may(Action.AUTHOR_RULES) or may(Action.ACTIVATE_RULES)


def changed_files(before: Mapping[str, str], after: Mapping[str, str]) -> tuple[ChangedFile, ...]:
    """Files whose checksums differ, by name."""
    found = []
    for name in sorted(before.keys() | after.keys()):
        if before.get(name) != after.get(name):
            found.append(ChangedFile(name, "added" if name not in before else "removed" if name not in after
                                     else "changed"))
    return tuple(found)


def impact_text(instance: Instance, candidate: Bundle, language: str = "zh") -> str:
    """What the candidate changes for open cases, in words; reads every open case that it concerns."""
    return summary(assess(candidate, instance.bundles.current(), Live(), instance.now()), language)


def activation_of(instance: Instance) -> Activation:
    """The way into force; open cases are judged again when a bundle has come into it."""
    return Activation(instance.bundles, instance.recorder, instance.settings.approvals, instance.now,
                      schedule_rejudging, instance.settings.require_impact)


def approver(actor: Actor) -> Approver:
    """The person who is logged in, as one who proposes or approves."""
    return Approver(actor.person_id, actor.organ, actor.place.region)
