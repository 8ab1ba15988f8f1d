"""An impact as text, totals first: for the terminal, and as the summary that goes into a proposal."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from core.rulebook.terms import DateRange
from scoring.findings import STATUS_TITLES
from scoring.impact.changes import CaseChange, VerdictChange
from scoring.impact.differences import CalendarChange, ParameterChange
from scoring.impact.replaying import Impact
from scoring.impact.tally import Tally
from scoring.impact.wording import NOTHING, Wording

SHOWN_DAYS = 12


def summary(impact: Impact, language: str = "zh", groups: int = 20) -> str:
    """Totals, differences of the rules and regions, without single cases; what a proposal keeps."""
    words = _wording(impact, language)
    return "\n".join((*_totals(impact, words), *_differences(impact, words, groups), *_regions(impact, words, groups)))


def report_lines(impact: Impact, language: str = "zh", groups: int = 50, cases: int = 50) -> Iterator[str]:
    """The whole report: totals, differences, regions, organs, then cases.

    Args:
        groups: so many lines of each list; what is left out is counted.
        cases: so many changed cases in detail.
    """
    words = _wording(impact, language)
    yield from _totals(impact, words)
    yield from _differences(impact, words, groups)
    yield from _regions(impact, words, groups)
    yield from _organs(impact, words, groups)
    if impact.kept:
        yield words.say("by-case")
        for change in impact.kept[:cases]:
            yield from _case(change, words)
        yield from _more(impact.total.cases - cases, words)


def _wording(impact: Impact, language: str) -> Wording:
    found = impact.differences
    named = {change.region for group in (found.parameters, found.content, found.calendars) for change in group}
    return Wording.of(language, named | impact.regions.keys(), {organ for _, organ in impact.organs})


def _totals(impact: Impact, words: Wording) -> Iterator[str]:
    total = impact.total
    yield words.say("head", current=impact.current[:12], candidate=impact.candidate[:12], at=words.moment(impact.at))
    yield words.say("cases-all" if impact.closed else "cases-open", cases=impact.cases, skipped=impact.skipped,
                    replayed=impact.replayed, changed=total.cases)
    for procedure, number in impact.lost.items():
        yield words.say("lost", procedure=procedure, number=number)
    if not impact.differences:
        yield words.say("same")
        return
    yield words.say("findings", appear=total.appear, vanish=total.vanish, determined=total.vanish_determined)
    yield words.say("dues", moved=total.moved, running=total.moved_running, firmed=total.firmed)
    yield words.say("scores", scored=total.scored, up=total.up, down=total.down)
    for (before, after), number in total.turns.most_common():
        yield words.say("turn", before=words.state(before), after=words.state(after), number=number)
    if impact.closed:
        yield words.say("closed-note")


def _differences(impact: Impact, words: Wording, limit: int) -> Iterator[str]:
    found = impact.differences
    yield from _section("parameters", [_parameter(change, words) for change in found.parameters], words, limit)
    yield from _section("content", [
        words.say("content-line", region=words.region(change.region), how=words.say(f"how-{change.how}"),
                  sort=words.say(f"sort-{change.sort}"), title=words.text(change.title), id=change.id)
        for change in found.content], words, limit)
    yield from _section("calendars", [_calendar(change, words) for change in found.calendars], words, limit)


def _parameter(change: ParameterChange, words: Wording) -> str:
    origin = f"{change.document}; {change.origin}" if change.document else change.origin
    return words.say("parameter", region=words.region(change.region), title=words.text(change.title), key=change.key,
                     before=words.value(change.before), after=words.value(change.after),
                     dates=_dates(change.valid, words), origin=origin)


def _dates(valid: DateRange, words: Wording) -> str:
    if valid.start is None and valid.end is None:
        return ""
    return words.say("dates", start=valid.start or NOTHING, end=valid.end or NOTHING)


def _calendar(change: CalendarChange, words: Wording) -> str:
    def days(given: Sequence[object]) -> str:
        more = "…" if len(given) > SHOWN_DAYS else ""
        return "、".join(str(day) for day in given[:SHOWN_DAYS]) + more or NOTHING

    return words.say("calendar-line", region=words.region(change.region), how=words.say(f"how-{change.how}"),
                     year=change.year, off=days(change.off), on=days(change.on))


def _regions(impact: Impact, words: Wording, limit: int) -> Iterator[str]:
    yield from _section("by-region", [_group(words.region(region), tally, words)
                                      for region, tally in sorted(impact.regions.items())], words, limit)


def _organs(impact: Impact, words: Wording, limit: int) -> Iterator[str]:
    yield from _section("by-organ", [_group(words.organ(organ), tally, words)
                                     for (_, organ), tally in sorted(impact.organs.items())], words, limit)


def _group(name: str, tally: Tally, words: Wording) -> str:
    return words.say("group", name=name, cases=tally.cases, appear=tally.appear, vanish=tally.vanish,
                     moved=tally.moved, scored=tally.scored, up=tally.up, down=tally.down)


def _section(title: str, lines: Sequence[str], words: Wording, limit: int) -> Iterator[str]:
    if lines:
        yield words.say(title)
        yield from lines[:limit]
        yield from _more(len(lines) - limit, words)


def _more(number: int, words: Wording) -> Iterator[str]:
    if number > 0:
        yield words.say("more", number=number)


def _case(change: CaseChange, words: Wording) -> Iterator[str]:
    head = change.head
    yield words.say("case", id=head.number or head.id, title=head.title, region=words.region(head.region),
                    organ=words.organ(head.organ))
    for verdict in sorted(change.verdicts, key=lambda each: not each.running):
        yield _verdict(verdict, words)
    for finding in change.findings:
        yield words.say("finding-appears" if finding.appears else "finding-vanishes", code=finding.code,
                        rule=words.text(finding.title), status=words.text(STATUS_TITLES[finding.status]))
    score = change.score
    if score is not None:
        yield words.say("score", before=words.points(score.before), after=words.points(score.after),
                        risk_before=score.risk_before, risk_after=score.risk_after)


def _verdict(verdict: VerdictChange, words: Wording) -> str:
    before, after = verdict.before, verdict.after
    rule, step = words.text(verdict.title), words.step(verdict)
    states = [words.state(side.state if side else None) for side in (before, after)]
    due = words.due(before), words.due(after)
    if due[0] != due[1]:
        return words.say("due", rule=rule, step=step, before=due[0], after=due[1],
                         state=states[0] if states[0] == states[1] else f"{states[0]} → {states[1]}")
    return words.say("verdict", rule=rule, step=step, before=states[0], after=states[1])
