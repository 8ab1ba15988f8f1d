"""All 26 findings of the catalogue of enforcement supervision are found live: one scripted case each, step by step.

The scripts are the examples that stand beside the rules; here they are recorded on a real instance, and the finding
must be there when the last step is recorded (or its period has run out), raised by the platform itself.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

import pytest

from core.cases.case import CaseHead
from core.database import database
from core.errors import FazhiError
from core.instance import LOCAL_TIME, Instance
from core.ledger.intake import AnyoneMayRecord, NewEvent
from core.rulebook.bundle import Bundle
from core.rulebook.kinds.tests import StepSpec, TestsDocument
from scoring.models import FindingRow
from tests.instance_kit import Clock, add_organ, add_region, make_instance

CATALOGUE = (
    "ENF-SUB-1", "ENF-OFF-1", "ENF-OFF-2", "ENF-OFF-3", "ENF-FIL-1", "ENF-TIM-1", "ENF-TIM-2", "ENF-EVD-1",
    "ENF-NOT-1", "ENF-NOT-2", "ENF-HEA-1", "ENF-HEA-2", "ENF-LEG-1", "ENF-COL-1", "ENF-DIS-1", "ENF-DIS-2",
    "ENF-DIS-3", "ENF-DBL-1", "ENF-DOC-1", "ENF-SRV-1", "ENF-PUB-1", "ENF-COLL-1", "ENF-TRF-1", "ENF-FLG-1",
    "ENF-INS-1", "ENF-BAK-1",
)


@dataclass(frozen=True)
class Script:
    """An example of the rule authors: what happens in a case, and until when it is looked at."""

    procedure: str
    name: str
    steps: tuple[tuple[str, StepSpec], ...]
    until: date
    violated: frozenset[str]


def scripts(bundle: Bundle) -> Iterator[Script]:
    """Every example of enforcement that expects something to be violated."""
    for loaded in bundle.documents("tests"):
        document = loaded.document
        assert isinstance(document, TestsDocument)
        if not document.for_.startswith("enforcement."):
            continue
        for case in document.cases:
            steps = tuple((name, spec) for step in case.events for name, spec in step.items())
            violated = frozenset(rule for rule, wanted in case.expect.items()
                                 if any(one.verdict == "violated" for one in wanted))
            if violated and not case.assume_closed:
                last = max(date.fromisoformat(spec.on[:10]) for _, spec in steps)
                yield Script(document.for_, case.name, steps, max(last, case.as_of or last), violated)


@pytest.fixture(scope="module")
def clock() -> Clock:
    return Clock()


@pytest.fixture(scope="module")
def instance(tmp_path_factory: pytest.TempPathFactory, clock: Clock) -> Instance:
    made = make_instance(tmp_path_factory.mktemp("findings"), clock)
    with database.connection_context():
        add_region("990000", "演示自治区", "region")
        add_organ("body", "演示执法局", "990000", "region", "department")
    return made


def play(instance: Instance, clock: Clock, script: Script, case_id: str) -> None:
    """Record a script as its people would: each step on the evening of its day; then time passes."""
    procedure = instance.bundles.current().procedures[script.procedure]
    head = CaseHead(case_id, script.procedure, "body", "990000", script.name)
    for number, (name, spec) in enumerate(script.steps):
        kind = procedure.events[name]
        fields = {key: value for key, value in spec.fields.items() if value is not None}
        known = {key: fields.pop(key) for key in list(fields) if kind.fields[key].collected}
        materials = tuple(instance.materials.store(io.BytesIO(b"%PDF-1.4\n1 0 obj\n"), f"{one}.pdf").answers(one)
                          for one in spec.materials)
        when = datetime.fromisoformat(spec.on) if "T" in spec.on else date.fromisoformat(spec.on)
        evening = datetime.combine(date.fromisoformat(spec.on[:10]), time(23), LOCAL_TIME)
        clock.moment = max(clock.moment, evening) if number else evening
        recorder = replace(instance.recorder.permitting(AnyoneMayRecord()), collect=lambda *_, facts=known: facts)
        new = NewEvent(name, when, fields, materials, actor=spec.by, organ=spec.organ or "body")
        _ = recorder.record(case_id, new) if number else recorder.open_case(head, new)
    clock.moment = datetime.combine(script.until + timedelta(days=1), time(1), LOCAL_TIME)
    instance.recorder.rejudge([case_id])


@pytest.mark.parametrize("code", CATALOGUE)
def test_the_finding_is_raised_in_a_scripted_case(code: str, instance: Instance, clock: Clock) -> None:
    refused = []
    with database.connection_context():
        bundle = instance.bundles.current()
        for number, script in enumerate(scripts(bundle)):
            codes = {rule.code for rule in bundle.rules(script.procedure) if rule.local_id in script.violated}
            if code not in codes:
                continue
            case_id = f"{code}-{number}"
            try:
                play(instance, clock, script, case_id)
            except FazhiError as problem:  # an example may hold what the platform does not take in at all
                refused.append(f"{script.name}: {problem}")
                continue
            found = FindingRow.select().where((FindingRow.case == case_id) & (FindingRow.code == code))
            assert found.count() >= 1, f"{script.name} raises no {code}"
            return
    pytest.fail(f"no script shows {code}: {refused}")


def test_the_catalogue_has_26_findings() -> None:
    assert len(set(CATALOGUE)) == 26
