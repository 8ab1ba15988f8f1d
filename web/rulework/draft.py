"""The rules on disk against the bundle in force: which files differ, whether they load, what they would change."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from core.errors import FazhiError, Problem
from core.instance import Instance
from core.organs.authority import Action, Actor
from core.rulebook.activation import Activation, Approver
from core.rulebook.bundle import Bundle
from core.rulebook.documents import read_sources
from core.rulebook.selection import ChangedFile, Selection, changed_files, select
from scoring.engine.live import Live
from scoring.impact import Differences, assess, differences, summary
from scoring.rejudge import schedule_rejudging
from scoring.ruletests.runner import Report, run_tests
from web.kit.access import may

NOTHING = Selection()


@dataclass(frozen=True, slots=True)
class Draft:
    """What lies on disk, and the proposal that the chosen files make.

    Attributes:
        report: of the examples beside the rules; None without a candidate.
        changes: what would decide differently; None without a candidate.
        elsewhere: why the disk itself cannot be read.
    """

    selection: Selection = NOTHING
    report: Report | None = None
    changes: Differences | None = None
    in_force: str = ""
    elsewhere: Sequence[Problem] = ()

    @property
    def files(self) -> Sequence[ChangedFile]:
        """Every file that is not as in force."""
        return self.selection.files

    @property
    def candidate(self) -> Bundle | None:
        """The bundle in force with the chosen files; None where nothing is chosen or it does not load."""
        return self.selection.candidate

    @property
    def problems(self) -> Sequence[Problem]:
        """Why the chosen files do not load; hints where they do."""
        return (*self.elsewhere, *self.selection.problems)

    @property
    def meaningful(self) -> bool:
        """True where the files say something else than the bundle in force, not only in other words."""
        return self.candidate is not None and self.candidate.hash != self.in_force

    @property
    def proposable(self) -> bool:
        """True where it loads, says something else, and no example is missed."""
        return self.meaningful and self.report is not None and not self.report.misses


def read_draft(instance: Instance, region: str, chosen: Collection[str] | None = None) -> Draft:
    """Compare the files on disk with the bundle in force; load what is chosen and run its examples.

    Args:
        region: of the reader, who may change the files of that territory.
        chosen: names of files; None chooses what the reader may change and what loads.
    """
    current = instance.bundles.current()
    try:
        disk = read_sources(instance.rule_folders)
    except FazhiError as unreadable:
        return Draft(in_force=current.hash, elsewhere=unreadable.problems)
    found = select(instance.bundles.sources(current.hash), disk, region, chosen)
    if found.candidate is None:
        return Draft(found, in_force=current.hash)
    return Draft(found, run_tests(found.candidate, Live()), differences(current, found.candidate), current.hash)


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
