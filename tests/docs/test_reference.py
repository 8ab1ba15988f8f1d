"""The reference says what the program does, and nothing in the documentation leads nowhere."""

from __future__ import annotations

import dataclasses
import inspect
import re
from pathlib import Path

import pytest

from core.extension import Demo, Finder, Hit, NavigationItem, Periodic, Platform, Timed, hookspecs
from core.extension.manager import load_plugins
from scoring.life import Life
from scoring.verdict import State
from tests.docs.pages import DOCS, ROOT, headings
from tests.docs.reference_pages import PAGES, REFERENCE

RENEW = "run: python -m tests.docs.reference_pages"
HOOKS = {name: hook for name, hook in vars(hookspecs).items() if hasattr(hook, "fazhi_spec")}
PAGES_OF_PEOPLE = sorted([*DOCS.rglob("*.md"), ROOT / "README.md", ROOT / "CHANGELOG.md"])


def read(name: str) -> str:
    return (REFERENCE / name).read_text(encoding="utf-8")


@pytest.mark.parametrize("name", PAGES)
def test_a_page_made_from_the_program_is_current(name: str) -> None:
    assert read(name) == PAGES[name](), RENEW


def test_every_hook_is_documented_with_its_exact_signature_and_no_other() -> None:
    found = dict(re.findall(r"^## (\w+)\n\n```python\ndef (.+)\n```", read("hooks.md"), re.MULTILINE))
    assert found == {name: f"{name}{_signature(hook)}" for name, hook in HOOKS.items()}


def _signature(hook: object) -> str:
    return re.sub(r"'([^']+)'", r"\1", str(inspect.signature(hook)))  # type: ignore[arg-type]


def test_every_hook_is_used_by_a_plugin_that_ships() -> None:
    manager = load_plugins().manager
    for name in HOOKS:
        assert getattr(manager.hook, name).get_hookimpls(), f"{name} has no implementation"


@pytest.mark.parametrize("described", [Platform, NavigationItem, Periodic, Timed, Finder, Hit, Demo],
                         ids=lambda described: described.__name__)
def test_what_a_plugin_declares_is_documented_field_by_field(described: type) -> None:
    section = read("hooks.md").partition(f"### {described.__name__}\n")[2].partition("\n#")[0]
    rows = re.findall(r"^\| `(\w+)` \| `(.+?)` \|", section, re.MULTILINE)
    expected = [(field.name, str(field.type)) for field in dataclasses.fields(described)]
    assert [(name, kind.replace("\\|", "|")) for name, kind in rows] == expected


def test_every_setting_is_documented_with_its_default() -> None:
    source = "".join((ROOT / path).read_text(encoding="utf-8") for path in (
        "core/config.py", "core/documents/fonts.py", "plugins/enforcement/seals.py", "web/commands/rules.py"))
    read_by_program = set(re.findall(r'"(FAZHI_[A-Z_]+)"', source))
    rows = set(re.findall(r"^\| `(FAZHI_\w+)` \| .+ \| .+ \|$", read("configuration.md"), re.MULTILINE))
    assert rows == read_by_program
    readme = set(re.findall(r"^\| `(FAZHI_\w+)`", (ROOT / "README.md").read_text(encoding="utf-8"), re.MULTILINE))
    assert readme <= rows


def test_every_state_of_a_verdict_and_of_a_finding_is_explained() -> None:
    explained = set(re.findall(r"^\| `(\w+)` \|", read("verdicts.md"), re.MULTILINE))
    assert explained == {state.value for state in State} | {life.value for life in Life}


@pytest.mark.parametrize("page", PAGES_OF_PEOPLE, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_link_leads_somewhere(page: Path) -> None:
    text = re.sub(r"```.*?```|`[^`\n]*`", "", page.read_text(encoding="utf-8"), flags=re.DOTALL)
    for target in re.findall(r"\]\(([^)\s]+)\)", text):
        if re.match(r"[a-z]+://", target):
            continue
        path, _, anchor = target.partition("#")
        file = (page.parent / path).resolve() if path else page
        assert file.is_file(), f"{page.name}: {target}"
        if anchor:
            assert anchor in headings(file.read_text(encoding="utf-8")), f"{page.name}: {target}"


def test_every_page_can_be_reached_from_the_index() -> None:
    index = (DOCS / "index.md").read_text(encoding="utf-8")
    for page in DOCS.rglob("*.md"):
        # the list of the codes leads to their pages
        if page.name != "index.md" and page.parent.name != "errors":
            assert f"({page.relative_to(DOCS).as_posix()})" in index


def test_pictures_are_small_and_used() -> None:
    text = "".join(page.read_text(encoding="utf-8") for page in PAGES_OF_PEOPLE)
    for picture in (DOCS / "images").glob("*.png"):
        assert picture.stat().st_size < 300_000, picture.name
        assert f"images/{picture.name}" in text, picture.name


def test_the_readme_counts_what_ships() -> None:
    from core.rulebook.load import load_rules
    from core.rulebook.paths import shipped_rules

    bundle = load_rules([shipped_rules() / "platform", shipped_rules() / "calendars", shipped_rules() / "decisions"])
    scheme = bundle.schemes["decisions.case-score"]
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    (said,) = re.findall(r"(\d+) 个监督点、(\d+) 项指标、(\d+) 个考核模板", text)
    points, indicators, templates = map(int, said)
    assert len(scheme.nodes) == points
    assert sum(len(node.children) for node in scheme.nodes) == indicators
    assert sum(len(inner.children) for node in scheme.nodes for inner in node.children) == templates
