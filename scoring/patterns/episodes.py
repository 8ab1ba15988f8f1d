"""Episodes: findings that together meet a pattern, told apart from those that people have dealt with already.

Pure functions. An episode begins when a stretch of time first holds enough and goes on while stretches that share
a finding with it hold enough too. Once a person has determined the finding about an episode, what it counted is
used up: only later findings can make another. An episode whose findings were withdrawn or dismissed falls.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from core.rulebook.model import Period
from scoring.life import Life
from scoring.patterns.counting import Counted, numbers_of

Windows = Callable[[Sequence[Counted], Period | None], list[tuple[int, ...]]]
Met = Callable[[Mapping[str, int]], bool]


@dataclass(frozen=True, slots=True)
class Episode:
    """Findings that meet a pattern.

    Attributes:
        last: those of the latest stretch that holds enough, which the numbers are about.
        earlier: ids of those counted in an earlier stretch of the same episode.
    """

    last: tuple[Counted, ...]
    earlier: tuple[str, ...] = ()

    @property
    def ids(self) -> frozenset[str]:
        """Everything that it used."""
        return frozenset(finding.id for finding in self.last) | frozenset(self.earlier)


@dataclass(frozen=True, slots=True)
class Standing:
    """An episode as recorded.

    Attributes:
        event: id of the step that counts at its place.
        ids: findings that it used.
        status: of the finding about it; None where there is none (yet).
    """

    event: str
    ids: frozenset[str]
    status: Life | None

    @property
    def determined(self) -> bool:
        """True where a person has spoken."""
        return self.status in (Life.CONFIRMED, Life.CURED, Life.DISMISSED)


@dataclass(frozen=True, slots=True)
class Change:
    """What has to be recorded.

    Attributes:
        corrects: the step whose place it takes; None: a new step.
        episode: None: what ``corrects`` says is no longer so.
    """

    corrects: str | None
    episode: Episode | None


def episodes(findings: Sequence[Counted], within: Period | None, met: Met, windows: Windows) -> list[Episode]:
    """Every episode among findings in the order in which they came about."""
    found: list[Episode] = []
    for window in windows(findings, within):
        chosen = tuple(findings[n] for n in window)
        if not met(numbers_of(chosen)):
            continue
        ids = {finding.id for finding in chosen}
        if found and ids & found[-1].ids:
            before = found[-1]
            found[-1] = Episode(chosen, tuple(sorted(before.ids - ids)))
        else:
            found.append(Episode(chosen))
    return found


def changes(findings: Sequence[Counted], standing: Sequence[Standing], within: Period | None, met: Met,
            windows: Windows) -> Iterator[Change]:
    """What to record so that the recorded episodes agree with the findings that count now.

    Args:
        findings: of one subject, in the order in which they came about.
    """
    present = {finding.id for finding in findings}
    used: set[str] = set()
    for one in standing:
        if not one.determined:
            continue
        used |= one.ids
        own = [finding for finding in findings if finding.id in one.ids]
        # what a person dismissed stays; what was confirmed falls with its cause, as every finding does
        if one.status is not Life.DISMISSED and not one.ids <= present and not episodes(own, within, met, windows):
            yield Change(one.event, None)
    open_ones = [one for one in standing if not one.determined]
    free = [finding for finding in findings if finding.id not in used]
    taken: set[str] = set()
    for episode in episodes(free, within, met, windows):
        match = next((one for one in open_ones if one.event not in taken and one.ids & episode.ids), None)
        if match is not None:
            taken.add(match.event)
        yield Change(match.event if match else None, episode)
    for one in open_ones:
        if one.event not in taken:
            yield Change(one.event, None)
