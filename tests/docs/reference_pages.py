"""Writes the pages of the reference that are made from the program itself.

``python -m tests.docs.reference_pages`` renews them; a test says when that is due.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import click

from core.organs.actors import Relation
from core.organs.authority_table import ACTION_TITLES, FOUR_EYES, FUNCTIONS, OBJECTS, ONLY_KINDS
from core.organs.vocabulary import KIND_TITLES, ROLE_TITLES, OrganKind, Role
from plugins.decisions.plugin import platform
from tests.docs import error_pages
from web.cli import main

REFERENCE = Path(__file__).parents[2] / "docs" / "reference"
NOTE = "<!-- 本页由程序生成：python -m tests.docs.reference_pages -->"

RELATION_TITLES = {
    Relation.OWN: "本机关", Relation.SUBORDINATE: "下级机关", Relation.UPPER: "上级机关",
    Relation.PARTICIPANT: "参与事项的机关", Relation.STRANGER: "其他机关"}


def cli_page() -> str:
    """Every command with its arguments and options."""
    shipped = {**main.commands, **{command.name: command for command in platform().commands}}
    lines = ["# 命令行", "", NOTE, "",
             "每个命令加 `--help` 显示同样的说明；`fazhi --lang en …` 用英文显示结果和错误。"
             "命令读取的环境变量见[配置](configuration.md)。有错误时退出码为 1，命令用法不对为 2。", ""]
    for name in sorted(shipped):
        lines += _command(f"fazhi {name}", shipped[name])
    return "\n".join(lines).rstrip() + "\n"


def _command(path: str, command: click.Command) -> Iterator[str]:
    if isinstance(command, click.Group):
        yield from (f"## {path}", "", *_help(command))
        for name in sorted(command.commands):
            yield from _command(f"{path} {name}", command.commands[name])
        return
    arguments = [_argument(part) for part in command.params if isinstance(part, click.Argument)]
    options = [part for part in command.params if isinstance(part, click.Option)]
    yield from (f"{'##' if path.count(' ') == 1 else '###'} {path}", "", *_help(command))
    usage = " ".join([path, *(["[选项]"] if options else []), *arguments])
    yield from ("```text", usage, "```", "")
    if options:
        yield from ("| 选项 | 默认 | 说明 |", "|---|---|---|")
        yield from (_option(option) for option in options)
        yield ""


def _help(command: click.Command) -> tuple[str, ...]:
    text = (command.help or "").strip()
    return ("\n\n".join(" ".join(part.split()) for part in text.split("\n\n")), "")


def _argument(part: click.Argument) -> str:
    name = (part.name or "").upper()
    name = f"{{{'|'.join(map(str, part.type.choices))}}}" if isinstance(part.type, click.Choice) else name
    return f"{name if part.required else f'[{name}]'}{'…' if part.nargs == -1 else ''}"


def _option(option: click.Option) -> str:
    names = " / ".join([*option.opts, *option.secondary_opts])
    given = option.default
    shown = "" if callable(given) or given in (None, "", False) or not isinstance(given, str | int | bool) else given
    if option.secondary_opts:
        shown = (option.opts if given else option.secondary_opts)[0]
    words = option.help or ""
    if isinstance(option.type, click.Choice):
        words = f"{words}（{'、'.join(map(str, option.type.choices))}）"
    required = "必填" if option.required else f"`{shown}`" if shown != "" else ""
    return f"| `{names}` | {required} | {words} |"


def errors_page() -> str:
    """Every error code with its words in both languages, and the phrases that are no errors by themselves."""
    lines = ["# 错误代码", "", NOTE, "",
             "每个错误有固定的代码，先说错在哪里（文件、行、列、键），再说怎么改。花括号里的内容在出错时填入。"
             "点代码看怎样会遇到、应当怎样、为什么。"
             "Each error has a stable code; details are filled in where braces stand. Its page says how one meets it, "
             "what to do instead, and why.", ""]
    topics: dict[str, list[error_pages.Code]] = {}
    for code in error_pages.codes():
        if not error_pages.is_phrase(code.name):
            topics.setdefault(code.topic, []).append(code)
    for topic, codes in topics.items():
        lines += [f"## {topic}", "", "| 代码 | 中文 | English |", "|---|---|---|",
                  *(_message(f"[`{code.name}`](errors/{code.name}.md)", code.words) for code in codes), ""]
    lines += ["## 其他文字", "", "以下代码不是错误，是报告、回执和提示中的文字。"
              "These are no errors but words of reports, receipts and hints.", ""]
    for where, found in error_pages.phrases_by_place().items():
        lines += [f"### {where}", "", "| 代码 | 中文 | English |", "|---|---|---|",
                  *(_message(f"`{code.name}`", code.words) for code in found), ""]
    return "\n".join(lines).rstrip() + "\n"


def _message(shown: str, words: Mapping[str, str]) -> str:
    zh, en = (_cell(words.get(tag, ""), words.get(f"fix_{tag}", ""), label)
              for tag, label in (("zh", "怎么改："), ("en", "How to mend it: ")))
    return f"| {shown} | {zh} | {en} |"


def _cell(message: str, fix: str, label: str) -> str:
    parts = [message, f"{label}{fix}" if fix else ""]
    return "<br>".join(" ".join(part.split()).replace("|", "\\|").replace("<", "&lt;") for part in parts if part)


def authority_page() -> str:
    """Who may do what, from the one table that decides it."""
    lines = ["# 角色和权限", "", NOTE, "",
             "权限由一张表决定：角色 × 关系 × 操作。表里没有写的，一律不允许。"
             "对象不可见时页面答 404，功能不可用时答 403。"
             "程序中的表在 `core/organs/authority_table.py`，测试逐个网址核对。", "",
             "## 角色", "", "| 代码 | 名称 | English |", "|---|---|---|",
             *(f"| `{role.value}` | {title.zh} | {title.to('en')} |" for role, title in ROLE_TITLES.items()), "",
             "一个人在一个机关任一个或几个角色，可以限定程序和起止日期。", "", "## 关系", "",
             "| 代码 | 名称 |", "|---|---|",
             *(f"| `{relation.value}` | {title} |" for relation, title in RELATION_TITLES.items()), "",
             "## 对事项、问题、得分、人员的操作", "",
             "| 操作 | " + " | ".join(RELATION_TITLES.values()) + " |", "|---|" + "---|" * len(RELATION_TITLES),
             *(f"| {ACTION_TITLES[action].zh} `{action.value}` | "
               + " | ".join(_roles(held.get(relation, frozenset())) for relation in RELATION_TITLES) + " |"
               for action, held in OBJECTS.items()), "",
             "## 平台功能", "", "| 功能 | 角色 |", "|---|---|",
             *(f"| {ACTION_TITLES[action].zh} `{action.value}` | {_roles(roles)} |"
               for action, roles in FUNCTIONS.items()), "",
             "## 另外的限制", "",
             *(f"- {ACTION_TITLES[action].zh}：只有{_kinds(kinds)}可以。"
               for action, kinds in ONLY_KINDS.items()),
             "- 本人不得审批本人所办：" + "、".join(
                 title.zh for action, title in ACTION_TITLES.items() if action in FOUR_EYES) + "。"]
    return "\n".join(lines) + "\n"


def _kinds(kinds: frozenset[str]) -> str:
    return "、".join(KIND_TITLES[OrganKind(kind)].zh for kind in sorted(kinds))


def _roles(roles: frozenset[str]) -> str:
    if roles == frozenset(role.value for role in Role):
        return "全部角色"
    return "、".join(title.zh for role, title in ROLE_TITLES.items() if role.value in roles) or "—"


PAGES: Mapping[str, Callable[[], str]] = {"cli.md": cli_page, "errors.md": errors_page, "authority.md": authority_page}


def write(folder: Path = REFERENCE) -> None:
    """Write every page."""
    for name, page in PAGES.items():
        (folder / name).write_text(page(), encoding="utf-8")
    error_pages.write(folder / "errors")


if __name__ == "__main__":
    write()
