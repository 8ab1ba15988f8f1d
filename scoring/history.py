"""Unit scores as they stood on any day: every case judged again as of then, nothing stored is read but the ledger."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from core.ledger.reader import CaseFilter, case_ids, load_cases
from core.organs.codes import ancestors
from scoring.aggregate import places_of, region_place
from scoring.answering import answering_organ
from scoring.case_score import assessment_day
from scoring.checks import finished
from scoring.clock import OVERDUE, PENDING, clock_of
from scoring.judgement import FIVE_PROCEDURES, REVIEWED, Judgement, judge_case
from scoring.replay import Replayer
from scoring.units import Counts, Unit, organ_unit, region_unit


@dataclass(frozen=True, slots=True)
class AsOf:
    """A moment in both times.

    Attributes:
        occurred: what happened before it is looked at, and clocks are read at it.
        recorded: what was recorded before it is looked at; None: everything recorded until now.
    """

    occurred: datetime
    recorded: datetime | None = None


def units_as_of(replayer: Replayer, procedure: str, year: int, moment: AsOf, region: str = "") -> tuple[Unit, ...]:
    """Organs and regions of a year as they stood, recomputed from the ledger.

    Args:
        region: only cases in this territory; its parents are then left out of the result.
    """
    bundle = replayer.bundles.current()
    scores: dict[str, list[Decimal]] = defaultdict(list)
    counts: dict[str, Counts] = defaultdict(Counts)
    regions: dict[str, str] = {}
    ids = case_ids(CaseFilter(procedures=[procedure], region=region))
    for case in load_cases(ids, bundle, moment.occurred, moment.recorded):
        if not case.steps or assessment_day(case).year != year:
            continue
        judged = judge_case(case, bundle, replayer.evaluator, moment.occurred)
        organ = case.head.organ
        regions[organ] = case.head.region
        if judged.scored is not None and judged.scored.score is not None:
            scores[organ].append(judged.scored.score)
        for each, found in counts_of(judged).items():
            counts[each] += found
            regions.setdefault(each, case.head.region)
    places = places_of(procedure, year, regions)
    organs = [organ_unit(places[organ], scores[organ], counts[organ]) for organ in sorted(regions)]
    codes = sorted({code for unit in organs for code in ancestors(unit.region)
                    if not region or region in ancestors(code)})
    around = [region_unit(region_place(procedure, year, code), [u for u in organs if code in ancestors(u.region)])
              for code in codes]
    return (*organs, *around)


def counts_of(judged: Judgement) -> dict[str, Counts]:
    """What one case adds to the counts of its organ, and of others that answer for something in it."""
    five, reviewed = judged.facts.get(FIVE_PROCEDURES), judged.facts.get(REVIEWED)
    score, owner = judged.scored, judged.case.head.organ
    found = {owner: Counts(
        cases=1, closed=int(finished(judged.case)), scored=int(score is not None and score.score is not None),
        unsettled=int(score is None or score.provisional), five_known=int(five is not None), five_yes=int(bool(five)),
        reviewed_known=int(reviewed is not None), reviewed_yes=int(bool(reviewed)))}

    def add(organ: str, more: Counts) -> None:
        if more != Counts():
            found[organ] = found.get(organ, Counts()) + more

    for finding in judged.findings.values():
        add(finding.organ or owner, Counts(findings_open=int(finding.status.open),
                                           findings_confirmed=int(finding.status.stands)))
    for verdict in judged.verdicts:
        rule = judged.rule_of(verdict)
        duty = clock_of(judged.case, rule, verdict, judged.calendar, judged.at).duty
        add(answering_organ(judged.case, rule, verdict), Counts(duties_pending=int(duty == PENDING),
                                                                duties_overdue=int(duty == OVERDUE)))
    return found
