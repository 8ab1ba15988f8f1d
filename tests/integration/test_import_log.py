"""A real event log goes through the command's own path into the ledger and is judged as expected."""

from __future__ import annotations

import gzip
import os
from pathlib import Path

import pytest

from core.database import database
from core.errors import FazhiError
from core.ledger.intake import AnyoneMayRecord
from core.ledger.models import CaseRow, EventRow
from core.ledger.reader import load_cases
from core.ledger.verify import verify
from core.logs.importer import Place, import_log, read_log
from core.organs.models import Organ
from scoring.engine.live import Live
from scoring.models import VerdictRow
from tests.conformance.receipt_log import LOG, RULES, available, digest, expected
from tests.instance_kit import add_organ, add_region, make_instance

HERE = Place("receipt-office", "990000")


@pytest.fixture
def instance(tmp_path: Path):
    made = make_instance(tmp_path, rules=[RULES])
    with database.connection_context():
        add_region("990000", "演示自治区", "region")
        add_organ(HERE.organ, "受理机关", HERE.region, "region")
        yield made


def take_in(instance, path: Path):
    procedure = instance.bundles.current().procedures["receipt"]
    return import_log(read_log(path), procedure, instance.recorder.permitting(AnyoneMayRecord()), HERE,
                      lambda organ: HERE if Organ.get_or_none(Organ.id == organ) else None)


@pytest.mark.shared
def test_the_real_log_is_imported_whole_and_judged_as_expected(instance):
    if not available():
        (pytest.fail if "shared" in os.environ.get("FAZHI_REQUIRE", "") else pytest.skip)(f"no log in {LOG}")
    report = take_in(instance, LOG / "log.csv.gz")
    assert (report.cases, report.events) == (1434, 8577)
    bundle = instance.bundles.current()
    rules = bundle.rules("receipt", HERE.region)
    ids = [row.id for row in CaseRow.select(CaseRow.id)]
    found: dict[str, list[tuple[str, str]]] = {}
    closed = Live(assume_closed=True)
    for case in load_cases(ids, bundle):
        moment = case.steps[-1].event.occurred_at
        for verdict in closed.evaluate(case, rules, bundle.calendar(HERE.region), moment):
            found.setdefault(verdict.rule.rpartition("/")[2], []).append((case.head.number, verdict.state))
    for name, answer in expected().items():
        verdicts = [(case, state) for case, state in found.get(name, ()) if state != "vacuous"]
        violating = [case for case, state in verdicts if state == "violated"]
        assert (len(verdicts), len(violating), digest(violating)) == (
            answer["activations"], answer["violations"], answer["violating_case_ids_sha256"]), name
    in_the_database = VerdictRow.select().where((VerdictRow.rule == "receipt/WR03") & (VerdictRow.state == "violated"))
    assert in_the_database.count() == expected()["WR03"]["violations"]
    assert verify().ok


HEADER = "case_id,event,timestamp,resource\n"


def test_one_wrong_row_refuses_the_whole_file_and_names_every_wrong_row(instance, tmp_path):
    log = tmp_path / "log.csv"
    log.write_text(HEADER + "A,Confirmation of receipt,2026-03-02T09:00:00+08:00,王\n"
                   "A,T02 Check confirmation of recept,2026-03-03T09:00:00+08:00,李\n"
                   "B,Confirmation of receipt,三月二日,王\n", encoding="utf-8")
    with pytest.raises(FazhiError) as refused:
        take_in(instance, log)
    words = refused.value.render("zh")
    assert "log.csv:3" in words
    assert "T02 Check confirmation of receipt" in words
    assert "log.csv:4" in words
    assert "三月二日" in words
    assert EventRow.select().count() == 0


def test_importing_a_file_twice_doubles_nothing(instance, tmp_path):
    log = tmp_path / "log.csv.gz"
    text = HEADER + "A,Confirmation of receipt,2026-03-02T09:00:00+08:00,王\n"
    log.write_bytes(gzip.compress(text.encode("gb18030")))
    take_in(instance, log)
    with pytest.raises(FazhiError, match="A") as refused:
        take_in(instance, log)
    assert refused.value.problems[0].code == "log-case-exists"
    assert EventRow.select().where(EventRow.type == "confirmation").count() == 1


def test_an_xes_log_says_the_same_as_csv(instance, tmp_path):
    log = tmp_path / "log.xes"
    log.write_text("""<?xml version="1.0"?><log xmlns="http://www.xes-standard.org/">
      <trace><string key="concept:name" value="A"/>
        <event><string key="concept:name" value="Confirmation of receipt"/>
          <date key="time:timestamp" value="2026-03-02T09:00:00+08:00"/><string key="org:resource" value="王"/></event>
        <event><string key="concept:name" value="T02 Check confirmation of receipt"/>
          <date key="time:timestamp" value="2026-03-05T09:00:00+08:00"/></event>
      </trace></log>""", encoding="utf-8")
    report = take_in(instance, log)
    assert (report.cases, report.events) == (1, 2)
    late = VerdictRow.get(VerdictRow.rule == "receipt/WR03")
    assert (late.state, late.cured_on.isoformat()) == ("violated", "2026-03-05")


def test_a_doctype_in_xes_is_refused(instance, tmp_path):
    log = tmp_path / "log.xes"
    log.write_text('<!DOCTYPE log [<!ENTITY a "b">]><log/>', encoding="utf-8")
    with pytest.raises(FazhiError) as refused:
        take_in(instance, log)
    assert refused.value.problems[0].code == "log-doctype"


@pytest.mark.parametrize(("name", "content", "code"), [
    ("cut.csv.gz", gzip.compress(b"case,event,timestamp\n" * 99)[:30], "log-bad-gzip"),
    ("plain.csv.gz", b"case,event,timestamp\n", "log-bad-gzip"),
    ("cell.csv", b"case,event,timestamp\n1,x," + b"9" * 200_000, "log-bad-csv"),
    ("none.csv", b"case,event,timestamp\n,Confirmation of receipt,2011-10-11\n", "log-without-case"),
    ("year.csv", b"case,event,timestamp\n1,Confirmation of receipt,0001-01-01\n", "event-date-impossible"),
    ("gbk.xes", b'<?xml version="1.0" encoding="gb18030"?><log/>', "log-xml-encoding"),
    ("unknown.xes", b'<?xml version="1.0" encoding="klingon"?><log/>', "log-xml-encoding"),
])
def test_a_file_that_cannot_be_read_is_refused_in_words(instance, tmp_path, name, content, code):
    (tmp_path / name).write_bytes(content)
    with pytest.raises(FazhiError, match=code):
        take_in(instance, tmp_path / name)
    assert CaseRow.select().count() == 0
