"""Every sub-platform can be switched off or be broken, and the rest still starts and says so."""

from __future__ import annotations

import sys
from importlib.metadata import EntryPoint

import pytest

from core.database import database
from core.extension import manager
from tests.instance_kit import make_instance
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
