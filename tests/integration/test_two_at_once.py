"""Two persons at the same moment, on PostgreSQL, where transactions really run side by side."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from core.database import database
from core.errors import FazhiError
from core.ledger.reader import events_of
from core.organs.actors import actor_of
from core.organs.grants import grant_role
from core.organs.models import Organ, Person, Region
from core.rulebook.activation import Approver
from core.rulebook.documents import Source, read_sources
from core.rulebook.load import load_sources
from core.rulebook.store import ProposalRow
from scoring.models import FindingRow
from tests.instance_kit import activation_of, add_organ, add_person, add_region, make_instance
from tests.scoring_kit import NOTICE, desk_in

pytestmark = pytest.mark.services

TODAY = date(2025, 6, 2)


def at_once(*acts: Callable[[], object]) -> list[str]:
    """Run all in threads of their own, started together; the codes of those that were refused."""
    ready, refused = threading.Barrier(len(acts)), list[str]()

    def run(act: Callable[[], object]) -> None:
        with database.connection_context():
            ready.wait()
            try:
                act()
            except FazhiError as error:
                refused.extend(problem.code for problem in error.problems)

    threads = [threading.Thread(target=run, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return refused


def test_a_finding_is_determined_by_one_of_two_supervisors(postgres_database: str) -> None:
    with desk_in(postgres_database) as desk:
        Region.create(code="990100", name="演示市", level="league")
        Region.create(code="990121", name="演示县", level="county")
        Organ.create(id="justice", name="司法局", region="990100", level="league", kind="justice")
        Organ.create(id="a-gov", name="县政府", region="990121", level="county", kind="government")
        desk.clock.set(TODAY)
        actors = []
        for account in ("wang", "zhao"):
            Person.create(id=account, name=account, organ="justice")
            grant_role(account, "supervisor", "justice", by="system:test", valid_from=date(2020, 1, 1))
            actors.append(actor_of(account, "justice", on=TODAY))
        desk.open(technical=False, private=False)
        desk.record("consulted", date(2025, 3, 4), materials=(NOTICE,), days=3, replies=1)
        finding = FindingRow.get(FindingRow.code == "T-CONSULT").id
        refused = at_once(lambda: desk.findings.confirm(finding, actors[0], "查明"),
                          lambda: desk.findings.dismiss(finding, actors[1], "不属实"))
        assert refused == ["finding-wrong-status"]
        determined = [e for e in events_of("case-1") if e.type in ("finding.confirmed", "finding.dismissed")]
        assert len(determined) == 1


def test_of_two_approvals_at_once_none_is_lost(postgres_database: str, tmp_path: Path) -> None:
    instance = make_instance(tmp_path, url=postgres_database, approvals=3)
    with database.connection_context():
        add_region("150000", "自治区", "region")
        add_organ("justice", "司法厅", "150000", "region", "justice")
        for account in ("a", "b", "c"):
            add_person(account, account, "justice", "rule_approver", "rule_author")
        sources = [*read_sources(instance.rule_folders), Source("own.yaml", OWN.encode())]
        bundle = load_sources(sources)
        who = {account: Approver(account, "justice", "150000") for account in ("a", "b", "c")}
        activation_of(instance).propose(bundle, sources, who["a"], "某厅发〔2026〕1号")
        assert at_once(*(lambda who=who[name]: activation_of(instance).approve(bundle.hash, who)
                         for name in ("b", "c"))) == []
        assert ProposalRow.get(ProposalRow.bundle_hash == bundle.hash).state == "active"
        assert instance.bundles.current_hash() == bundle.hash


def test_of_two_proposals_at_once_one_is_open_and_the_other_superseded(postgres_database: str, tmp_path: Path) -> None:
    instance = make_instance(tmp_path, url=postgres_database, approvals=2)
    with database.connection_context():
        add_region("150000", "自治区", "region")
        add_organ("justice", "司法厅", "150000", "region", "justice")
        for account in ("a", "b"):
            add_person(account, account, "justice", "rule_approver", "rule_author")
        shipped = read_sources(instance.rule_folders)

        def propose(person: str, days: int) -> None:
            sources = [*shipped, Source("own.yaml", OWN.replace("value: 3", f"value: {days}").encode())]
            activation_of(instance).propose(
                load_sources(sources), sources, Approver(person, "justice", "150000"), f"某厅发〔2026〕{days}号")

        assert at_once(lambda: propose("a", 4), lambda: propose("b", 5)) == []
        assert sorted(row.state for row in ProposalRow.select()) == ["open", "superseded"]


OWN = """kind: parameters
id: own.periods
title: 自定参数
procedure: decisions.catalogue
parameters:
  own_days: {title: 天数, value: 3, unit: days}
"""
