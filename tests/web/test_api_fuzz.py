"""Made-up requests by the hundred: the API always answers what its own document says, and never crashes."""

from __future__ import annotations

from typing import Any

import schemathesis
from flask import Flask
from hypothesis import HealthCheck, Phase, given, seed, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from core.database import database
from core.organs.credentials import add_system, issue
from tests.web.world import DECISION, TODAY, World

EXAMPLES = 25
PROMISES = (not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance)
"""Not that every well-formed request is accepted: what a step may say is the procedure's word, not the schema's."""


def test_made_up_requests_get_the_answers_that_the_document_promises(app: Flask, world: World) -> None:
    with database.connection_context():
        add_system("sys.fuzz", "试验系统", "gov-c1", (DECISION,), "admin", TODAY.date())
        headers = {"Authorization": f"Bearer {issue('sys.fuzz', 'admin', world.clock())}"}
    described: Any = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", app)
    for operation in described.get_all_operations():
        @seed(2026)
        @settings(max_examples=EXAMPLES, deadline=None, database=None, phases=(Phase.generate,),
                  suppress_health_check=list(HealthCheck))
        @given(case=operation.ok().as_strategy())
        def ask(case: Any) -> None:
            case.call_and_validate(headers=headers, checks=PROMISES)

        ask()
