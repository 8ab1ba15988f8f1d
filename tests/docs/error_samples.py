"""The wrong and the right input on the pages of the error codes, loaded as the program loads them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from core.errors import FazhiError, Problem
from core.rulebook.documents import Source
from core.rulebook.kinds.registry import KINDS
from core.rulebook.load import load_sources

FOLDER = Path(__file__).parents[1] / "broken_rules"
SOURCES = Path(__file__).parents[2] / "docs" / "reference" / "errors" / "source"

RULE = """kind: supervision
procedure: demo.penalty
rules:
  - id: close-in-time
    title: 按期结案
    basis: [{law: 行政处罚法, edition: 2021-01-22, article: 60}]
"""
CONDITION = """kind: supervision
procedure: demo.conditions
rules:
  - id: answered-in-time
    title: 按期答复
    basis: [{law: 某某条例, article: "20"}]
    on: started
    when: |-
      %s
    followed_by: decided
    within: {days: 30}
"""


@dataclass(frozen=True, slots=True)
class Sample:
    """Files that are wrong in one way, and the same files put right; ``shown`` is the one to look at."""

    shown: str
    wrong: Mapping[str, bytes]
    right: Mapping[str, bytes]
    condition: str = ""
    condition_right: str = ""
    beside: str = ""

    def problem(self, code: str) -> Problem | None:
        """What the program says of the wrong files, if it says ``code``."""
        return next((found for found in problems_of(self.wrong) if found.code == code), None)


def problems_of(files: Mapping[str, bytes]) -> tuple[Problem, ...]:
    """Every error, or every warning where there is no error, of files loaded on the sound base."""
    try:
        return load_sources([Source(name, files[name]) for name in files], KINDS).warnings
    except FazhiError as error:
        return error.problems


def sample_of(code: str, entry: Mapping[str, Any]) -> Sample | None:
    """The sample that an entry of the source describes, if it describes one.

    The entry has one of ``condition`` (wrong, right), ``rule`` or ``file`` (text of the wrong one), ``base`` with
    ``spoil`` (a sound file made wrong: of the base, or one kept beside the source), or names by ``broken``, else by
    its code, a broken file of ``tests/broken_rules``. ``mend`` lists replacements that put the wrong text right,
    ``beside`` is another file that stays as it is.
    """
    mend = entry.get("mend", ())
    if "condition" in entry:
        wrong, right = entry["condition"]
        return _sample("条件.yaml", {"条件.yaml": CONDITION % wrong}, {"条件.yaml": CONDITION % right}, wrong, right)
    if "rule" in entry or "file" in entry:
        text = entry.get("file") or RULE + "".join(f"    {line}\n" for line in entry["rule"].splitlines())
        other = {"另一文件.yaml": entry["beside"]} if "beside" in entry else {}
        made = _sample("规则.yaml", {**other, "规则.yaml": text}, {**other, "规则.yaml": replaced(text, mend, code)})
        return replace(made, beside=entry.get("beside", ""))
    if "base" in entry:
        name = f"{entry['base']}.yaml"
        own = SOURCES / f"{entry['base']}.txt"
        sound = _read(own if own.exists() else FOLDER / "base" / name)
        wrong = replaced(sound, entry["spoil"], code)
        return _sample(name, {name: wrong}, {name: replaced(wrong, mend, code) if mend else sound})
    stem = entry.get("broken") or _broken().get(code)
    if stem is None or "case" in entry:
        return None
    return _broken_sample(stem, code, mend)


def _broken_sample(stem: str, code: str, mend: Sequence[Sequence[str]]) -> Sample:
    path = FOLDER / stem
    files = sorted(path.iterdir()) if path.is_dir() else [FOLDER / f"{stem}.yaml"]
    wrong = {str(file.relative_to(FOLDER)): file.read_bytes() for file in files}
    shown = next(name for name in wrong if name.endswith(_expected()[stem].get("file", "")))
    right = {**wrong, shown: replaced(_read(FOLDER / shown), mend, code).encode()}
    return Sample(shown, _with_base(wrong), _with_base(right))


def _sample(shown: str, wrong: Mapping[str, str], right: Mapping[str, str], *conditions: str) -> Sample:
    encoded = [_with_base({name: text.encode() for name, text in files.items()}) for files in (wrong, right)]
    return Sample(shown, encoded[0], encoded[1], *conditions)


def _with_base(files: Mapping[str, bytes]) -> dict[str, bytes]:
    base = {path.name: path.read_bytes() for path in sorted((FOLDER / "base").glob("*.yaml"))}
    conditions = {"事项.yaml": (SOURCES / "conditions.txt").read_bytes()}
    return {**conditions, **base, **files}


def replaced(text: str, pairs: Sequence[Sequence[str]], code: str) -> str:
    """``text`` with each old piece replaced once by the new one."""
    for old, new in pairs:
        if old not in text:
            raise ValueError(f"{code}: “{old}” does not stand in the sample")
        text = text.replace(old, new, 1)
    return text


def _read(path: Path) -> str:
    content = path.read_bytes()
    try:
        return content.decode()
    except UnicodeDecodeError:
        return content.decode("gb18030")


@cache
def _expected() -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = yaml.safe_load(_read(FOLDER / "expected.yaml"))
    return found


@cache
def _broken() -> dict[str, str]:
    """A broken file of each code: the one called after it, else the first."""
    found = {entry["code"]: stem for stem, entry in reversed(_expected().items())}
    return found | {code: code for code in found if _expected().get(code, {}).get("code") == code}
