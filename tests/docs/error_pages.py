"""The pages of the error codes: the words of the program, samples that load, and what only people can write."""

from __future__ import annotations

import importlib.resources
import importlib.util
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from core.errors import MESSAGE_PACKAGES
from tests.docs.error_samples import SOURCES, Sample, sample_of

FOLDER = SOURCES.parent
NOTE = "<!-- 本页由程序生成：python -m tests.docs.reference_pages -->"
WORDS = ("case", "prefer", "why", "details", "mend", "condition", "rule", "file", "base", "spoil", "broken",
         "beside")


@dataclass(frozen=True, slots=True)
class Code:
    """A code, where its words are kept (package/topic), and its words by key (zh, en, fix_zh, fix_en)."""

    name: str
    topic: str
    words: Mapping[str, str]

    @property
    def placeholders(self) -> tuple[str, ...]:
        """Names in braces, in the order in which the Chinese words use them; ``x_en`` is the English of ``x``."""
        text = " ".join(self.words.get(key, "") for key in ("zh", "fix_zh", "en", "fix_en")).replace("{{", "")
        found = dict.fromkeys(re.findall(r"\{(\w+)\}", text))
        return tuple(name for name in found if not (name.endswith("_en") and name.removesuffix("_en") in found))


@cache
def codes() -> tuple[Code, ...]:
    """Every code of the program, by package and topic."""
    found: list[Code] = []
    for package in filter(importlib.util.find_spec, MESSAGE_PACKAGES):
        for entry in sorted(importlib.resources.files(package).iterdir(), key=lambda item: item.name):
            if entry.name.endswith(".yaml"):
                topic = f"{package.split('.')[0]}/{entry.name.removesuffix('.yaml')}"
                words: Mapping[str, Mapping[str, str]] = yaml.safe_load(entry.read_text(encoding="utf-8")) or {}
                found += [Code(name, topic, each) for name, each in sorted(words.items())]
    return tuple(found)


@cache
def entries() -> dict[str, dict[str, Any]]:
    """What people wrote about each code, by code."""
    found: dict[str, dict[str, Any]] = {}
    for path in _topics():
        for code, entry in yaml.safe_load(path.read_text(encoding="utf-8")).items():
            if code in found:
                raise ValueError(f"{code} is described twice, again in {path.name}")
            if unknown := set(entry) - set(WORDS):
                raise ValueError(f"{path.name}: {code} has {', '.join(sorted(unknown))}")
            found[code] = entry
    return found


@cache
def phrases() -> dict[str, dict[str, Any]]:
    """Beginnings of codes that are parts of other texts and no errors, with where they are read."""
    return _read("phrases.yaml")


@cache
def glossary() -> dict[str, str]:
    """What is filled in for a placeholder, where the entry of the code does not say otherwise."""
    return _read("placeholders.yaml")


def is_phrase(code: str) -> bool:
    """Whether the words of a code are no error by themselves."""
    return code not in entries() and any(code.startswith(start) for start in phrases())


def phrases_by_place() -> dict[str, list[Code]]:
    """The phrases by where they are read."""
    found: dict[str, list[Code]] = {}
    for code in filter(lambda each: is_phrase(each.name), codes()):
        start = max((start for start in phrases() if code.name.startswith(start)), key=len)
        found.setdefault(phrases()[start]["where"], []).append(code)
    return found


def samples() -> Iterator[tuple[str, Sample]]:
    """The codes whose pages show a sample, with it."""
    for code in codes():
        if code.name in entries() and (sample := sample_of(code.name, entries()[code.name])):
            yield code.name, sample


def pages() -> dict[str, str]:
    """Every page by file name."""
    return {f"{code.name}.md": page(code) for code in codes() if code.name in entries()}


def page(code: Code) -> str:
    """What the code means, how one meets it, what to do instead, and why."""
    entry = entries()[code.name]
    sample = sample_of(code.name, entry)
    lines = [f"# {code.name}", "", NOTE, "", f"[错误代码](../errors.md) › {code.topic}", "",
             "## 是什么", "", *_meaning(code, entry), "## 怎样会遇到", ""]
    if case := entry.get("case"):
        lines += [case.strip(), ""]
    if sample:
        lines += _wrong(code.name, sample)
    lines += ["## 应当这样", ""]
    if prefer := entry.get("prefer"):
        lines += [prefer.strip(), ""]
    if sample:
        lines += _right(sample)
    lines += ["## 为什么", "", entry["why"].strip(), "", "## In English", "", *_english(code)]
    return "\n".join(lines).rstrip() + "\n"


def _meaning(code: Code, entry: Mapping[str, Any]) -> Iterator[str]:
    yield from (_plain(code.words["zh"]), "")
    if fix := code.words.get("fix_zh"):
        yield from (f"怎么改：{_plain(fix)}", "")
    said = {**glossary(), **entry.get("details", {})}
    if code.placeholders:
        yield "花括号里填入："
        yield ""
        yield from (f"- `{{{name}}}`：{said[name]}" for name in code.placeholders)
        yield ""


def _wrong(code: str, sample: Sample) -> Iterator[str]:
    problem = sample.problem(code)
    if problem is None:
        raise ValueError(f"{code}: the sample does not have this error")
    if sample.condition:
        yield from ("```text", sample.condition, "```", "")
    else:
        if sample.beside:
            yield from ("已有的一个文件：", "", "```yaml", sample.beside.rstrip(), "```", "")
        line = problem.at.line if problem.at else 0
        yield from (f"`{sample.shown}`" + (f"，错在第 {line} 行：" if line else "："), "")
        yield from ("```yaml", *_excerpt(sample.wrong[sample.shown], {line}), "```", "")
    yield from ("平台提醒，但不妨碍启用：" if problem.warning else "平台回答：", "",
                f"> {_plain(problem.message('zh'))}<br>怎么改：{_plain(problem.fix('zh'))}", "")


def _right(sample: Sample) -> Iterator[str]:
    if sample.condition:
        yield from ("```text", sample.condition_right, "```", "")
        return
    old, new = (files[sample.shown] for files in (sample.wrong, sample.right))
    changed = {number for number, line in enumerate(_lines(new), 1) if line not in _lines(old)}
    yield from ("```yaml", *_excerpt(new, changed, marked=False), "```", "")


def _excerpt(content: bytes, lines: set[int], *, marked: bool = True) -> list[str]:
    """A short file whole; of a long one the lines that matter, with their neighbours and what they stand under."""
    text = _lines(content.rstrip())
    keep = set(range(1, len(text) + 1))
    if len(text) > 16 and any(lines):
        keep = {1, 2} | {near for line in lines for near in range(line - 3, line + 3) if 1 <= near <= len(text)}
    found: list[str] = []
    for number, line in enumerate(text, 1):
        if number in keep:
            found.append(f"{line}   # ← 这里" if marked and number in lines else line)
        elif found and found[-1] != "# ……":
            found.append("# ……")
    return found


def _lines(content: bytes) -> list[str]:
    """The lines of a file, with what cannot be seen made visible."""
    try:
        text = content.decode()
    except UnicodeDecodeError:
        text = content.decode("gb18030")
    return text.translate({**{sign: 0x2400 + sign for sign in range(32) if sign != 10}, 9: "⇥"}).split("\n")


def _english(code: Code) -> Iterator[str]:
    yield _sentence(code.words["en"])
    if fix := code.words.get("fix_en"):
        yield f"How to mend it: {_sentence(fix, capital=False)}"


def _sentence(text: str, *, capital: bool = True) -> str:
    plain = _plain(text)
    first = plain[:1].upper() if capital else plain[:1]
    return first + plain[1:] + ("" if plain.endswith((".", "?", "!")) else ".")


def _plain(text: str) -> str:
    return " ".join(text.replace("{{", "{").replace("}}", "}").split()).replace("<", "&lt;").replace("*", "\\*")


def write(folder: Path = FOLDER) -> None:
    """Write every page and remove those whose code is gone."""
    wanted = pages()
    for path in folder.glob("*.md"):
        if path.name not in wanted:
            path.unlink()
    for name, text in wanted.items():
        (folder / name).write_text(text, encoding="utf-8")


def _topics() -> Sequence[Path]:
    return [path for path in sorted(SOURCES.glob("*.yaml")) if path.stem not in ("phrases", "placeholders")]


def _read(name: str) -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load((SOURCES / name).read_text(encoding="utf-8"))
    return found
