"""Who is late answers for it: a supervisor's delay on the case of another organ is not that organ's finding."""

from __future__ import annotations

from typing import Any

from core.database import database
from scoring.aggregate import refresh
from scoring.models import FindingRow, UnitScore, VerdictRow
from scoring.ranking import ranking
from tests.supervision_kit import open_case, record
from tests.web.conftest import LogIn
from tests.web.world import World

LETTER = {"letter_about": "未告知即处罚", "ground": "illegal", "requirement": "重新告知"}


def late_letter(world: World) -> Any:
    """The finding about a reply that the supervisor left unverified for two months."""
    with database.connection_context():
        open_case(world.instance, "letter-1", "letter", "check_made", "2026-03-02", actor="handler",
                  letter_about="未告知即处罚", supervisors_present=2)
        record(world.instance, "letter-1", "opinion_issued", "2026-03-03", "just-l1", "supervisor", **LETTER,
               reply_by="2026-04-02", in_dispute=False)
        record(world.instance, "letter-1", "result_reported", "2026-03-30", result="已重新告知")
        return FindingRow.get(FindingRow.case == "letter-1", FindingRow.code == "SUP-VER-1")


def test_a_late_verification_is_the_finding_and_the_duty_of_the_supervising_organ(world: World) -> None:
    finding = late_letter(world)
    with database.connection_context():
        duties = VerdictRow.select().where((VerdictRow.case == "letter-1") & (VerdictRow.duty == "overdue"))
        assert finding.organ == "just-l1"
        assert {(row.rule.rpartition("/")[2], row.organ) for row in duties} == {("verified-in-time", "just-l1")}


def test_the_supervising_organ_answers_and_the_organ_above_it_determines(world: World, log_in: LogIn) -> None:
    finding = late_letter(world)
    address = f"/findings/{finding.id}"
    assert log_in("supervisor").get(address).status_code == 200
    assert log_in("handler").get(address).status_code == 404, "it is not the business of the supervised organ"
    refused = log_in("supervisor").post(f"{address}/confirm", data={"reason": "属实"})
    assert refused.status_code == 404
    assert log_in("regional").post(f"{address}/confirm", data={"reason": "属实"}).status_code == 302
    with database.connection_context():
        assert FindingRow.get_by_id(finding.id).status == "confirmed"


def test_the_supervised_organ_does_not_see_it_among_its_findings(world: World, log_in: LogIn) -> None:
    finding = late_letter(world)
    assert finding.id not in log_in("handler").get("/findings").text
    assert finding.id in log_in("regional").get("/findings").text


def test_it_counts_for_the_supervising_organ_alone_which_is_not_ranked_by_it(world: World) -> None:
    late_letter(world)
    with database.connection_context():
        refresh()
        counted = {row.subject: (row.cases, row.findings_open) for row in UnitScore.select().where(
            (UnitScore.procedure == "enforcement.letter") & (UnitScore.unit == "organ"))}
        own = FindingRow.select().where((FindingRow.case == "letter-1") & (FindingRow.organ == "gov-c1")).count()
        assert counted == {"gov-c1": (1, own), "just-l1": (0, 1)}
        leagues = ranking("enforcement.letter", 2026, "league", "justice", unit="organ")
        assert not leagues
