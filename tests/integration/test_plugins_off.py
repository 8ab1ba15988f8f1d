"""Every sub-platform can be switched off or be broken, and the rest still starts and says so."""

from __future__ import annotations

import sys
from importlib.metadata import EntryPoint

import pytest

from core.database import database
from core.extension import manager
from tests.instance_kit import PASSWORD, add_organ, add_person, add_region, make_instance
from web.app import create_app


@pytest.fixture
def only(monkeypatch: pytest.MonkeyPatch):
    def use(*entries: EntryPoint) -> None:
        monkeypatch.setattr(manager.importlib.metadata, "entry_points", lambda group: entries)

    return use


DECISIONS = EntryPoint("decisions", "plugins.decisions.plugin", "fazhi.plugins")


def test_with_decisions_switched_off_the_platform_starts_without_its_rules_and_pages(tmp_path):
    instance = make_instance(tmp_path, disabled=["decisions"])
    assert instance.plugins.disabled == ("decisions",)
    with database.connection_context():
        assert not any(name.startswith("decisions.") for name in instance.bundles.current().procedures)
    client = create_app(instance).test_client()
    assert client.get("/", follow_redirects=True).status_code == 200
    assert not any(rule.endpoint.startswith("decisions") for rule in client.application.url_map.iter_rules())


def test_a_plugin_that_fails_to_import_is_set_aside_and_decisions_still_run(tmp_path, only):
    only(DECISIONS, EntryPoint("weather", "fazhi_weather_missing.plugin", "fazhi.plugins"))
    sys.modules.pop("fazhi_weather_missing", None)
    instance = make_instance(tmp_path)
    assert [plugin.name for plugin in instance.plugins.loaded] == ["decisions"]
    (aside,) = instance.plugins.quarantined
    assert "fazhi_weather_missing" in aside.problem.message("zh")
    assert create_app(instance).test_client().get("/", follow_redirects=True).status_code == 200


def test_with_the_assessment_switched_off_the_other_sub_platforms_run(tmp_path):
    instance = make_instance(tmp_path, disabled=["assessment"])
    with database.connection_context():
        procedures = instance.bundles.current().procedures
        add_region("990000", "演示自治区", "region")
        add_organ("gov-r", "演示自治区人民政府", "990000", "region")
        add_person("handler", "宝音", "gov-r", "case_handler")
    assert not any(name.startswith("assessment.") for name in procedures)
    assert {"decisions.decision", "enforcement.penalty"} <= procedures.keys()
    client = create_app(instance, WTF_CSRF_ENABLED=False, RATELIMIT_ENABLED=False).test_client()
    client.post("/login", data={"account": "handler", "password": PASSWORD})
    for page in ("/", "/cases", "/findings", "/laws", "/normative", "/decisions/catalogues", "/ask", "/statistics",
                 "/statistics?by=rule", "/statistics.xlsx"):
        assert client.get(page, follow_redirects=True).status_code == 200, page
    assert not any(rule.endpoint.startswith("assessment_") for rule in client.application.url_map.iter_rules())


def test_with_the_others_switched_off_the_assessment_runs_and_lists_what_is_missing(tmp_path):
    others = ("decisions", "enforcement", "disputes", "legislation")
    instance = make_instance(tmp_path, disabled=others)
    with database.connection_context():
        (scheme,) = instance.bundles.current().organ_schemes(2026, "990121")
        add_region("990000", "演示自治区", "region")
        add_organ("gov-r", "演示自治区人民政府", "990000", "region")
        add_person("handler", "宝音", "gov-r", "case_handler")
    client = create_app(instance, WTF_CSRF_ENABLED=False, RATELIMIT_ENABLED=False).test_client()
    client.post("/login", data={"account": "handler", "password": PASSWORD})
    missing = client.get(f"/assessment/supply?scheme={scheme.id}&source=none")
    assert missing.status_code == 200
    for name in ("decisions", "enforcement", "disputes"):
        assert f"子平台“{name}”没有启用" in missing.text
    for page in ("/assessment/reports", "/assessment", "/statistics?by=organ", "/statistics?by=rule"):
        assert client.get(page, follow_redirects=True).status_code == 200, page
