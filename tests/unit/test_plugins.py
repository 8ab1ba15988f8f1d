"""A broken plugin is set aside with its reason and the rest runs."""

import sys
import types
from importlib.metadata import EntryPoint

import pytest

from core.extension import Platform, hookimpl
from core.extension.manager import load_plugins
from core.text import Text


@pytest.fixture
def module(request: pytest.FixtureRequest):
    """Makes importable modules that live as long as the test."""
    made = []

    def make(name: str, **contents: object) -> EntryPoint:
        sys.modules[name] = types.ModuleType(name)
        vars(sys.modules[name]).update(contents)
        made.append(name)
        return EntryPoint(name.removeprefix("fazhi_test_"), name, "fazhi.plugins")

    yield make
    for name in made:
        del sys.modules[name]


def platform_named(identifier: str):
    @hookimpl
    def platform() -> Platform:
        return Platform(identifier, Text("子平台"))

    return platform


def test_a_plugin_is_found_by_its_entry_point(module):
    plugins = load_plugins(entry_points=[module("fazhi_test_good", platform=platform_named("good"))])
    assert [platform.id for platform in plugins.platforms] == ["good"]
    assert plugins.quarantined == ()


def test_a_plugin_that_fails_to_import_is_set_aside_and_the_rest_runs(module):
    broken = EntryPoint("broken", "fazhi_test_no_such_module", "fazhi.plugins")
    plugins = load_plugins(entry_points=[broken, module("fazhi_test_good", platform=platform_named("good"))])
    assert [platform.id for platform in plugins.platforms] == ["good"]
    (aside,) = plugins.quarantined
    assert "fazhi_test_no_such_module" in aside.problem.message("zh")
    assert "broken" in aside.problem.message("en")


def test_a_switched_off_plugin_is_not_imported(module):
    never = EntryPoint("never", "fazhi_test_no_such_module", "fazhi.plugins")
    plugins = load_plugins({"never"}, [never])
    assert plugins.disabled == ("never",)
    assert plugins.quarantined == ()


def test_a_misspelt_hook_is_refused(module):
    @hookimpl
    def platfrom() -> None: ...

    plugins = load_plugins(entry_points=[module("fazhi_test_typo", platform=platform_named("typo"), platfrom=platfrom)])
    assert plugins.platforms == ()
    assert "platfrom" in plugins.quarantined[0].problem.message("zh")


def test_two_distributions_with_one_name_are_both_set_aside(module):
    entry = module("fazhi_test_twin", platform=platform_named("twin"))
    plugins = load_plugins(entry_points=[entry, entry])
    assert plugins.platforms == ()
    assert plugins.quarantined[0].problem.code == "plugin-duplicate-name"


def test_switching_off_an_unknown_name_is_said():
    plugins = load_plugins({"desicions"}, [])
    assert plugins.quarantined[0].problem.code == "plugin-unknown-disabled"


def test_a_table_outside_the_plugins_prefix_is_refused():
    class Meta:
        table_name = "event"

    with pytest.raises(ValueError, match="plg_good_"):
        Platform("good", Text("好"), models=(type("M", (), {"_meta": Meta}),))
