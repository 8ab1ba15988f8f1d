"""``fazhi rules deadlines``: which statutory periods are watched, which wait and for what."""

from __future__ import annotations

import click

from core.extension.manager import load_plugins
from core.instance import rule_folders
from core.rulebook.deadlines import Listed, counts, listed
from core.rulebook.load import load_rules
from core.rulebook.paths import shipped_rules
from core.text import Text
from web.commands.context import Shell, pass_shell


@click.command()
@click.option("--list", "whole", is_flag=True, help="逐项列出")
@pass_shell
def deadlines(shell: Shell, whole: bool) -> None:
    """法定期限清单：多少项已由规则监督，多少项还在等、等什么."""
    folders = rule_folders(shell.settings, load_plugins(shell.settings.disabled_plugins))
    entries = listed(load_rules((*folders, shipped_rules() / "deadlines")))
    periods = [entry for entry in entries if not entry.limit]
    if whole:
        for entry in entries:
            click.echo(_line(shell, entry))
    for count in counts(periods):
        shell.say(f"{count.document}：{count.total} 项，在用 {count.used}{_off(count.off, '，子平台停用')}",
                  f"{count.document.to('en')}: {count.total}, in use {count.used}{_off(count.off, ', switched off')}")
        for reason, number in count.waiting:
            click.echo(f"  {number:>3}  {reason.to(shell.lang)}")
    used, waiting = _totals(periods)
    shell.say(f"期限 {len(periods)} 项：在用 {used}，等待 {waiting}",
              f"{len(periods)} periods: {used} in use, {waiting} wait")
    limits = [entry for entry in entries if entry.limit]
    used, waiting = _totals(limits)
    shell.say(f"数额等界限 {len(limits)} 项：在用 {used}，等待 {waiting}",
              f"{len(limits)} amounts and numbers: {used} in use, {waiting} wait")


def _totals(entries: list[Listed]) -> tuple[int, int]:
    return (sum(1 for entry in entries if entry.rules and entry.running),
            sum(1 for entry in entries if entry.reason is not None))


def _off(number: int, words: str) -> str:
    return f"{words} {number}" if number else ""


def _line(shell: Shell, entry: Listed) -> str:
    waits = Text("等待：", {"en": "waits: "}).to(shell.lang)
    state = "、".join(entry.rules) if entry.reason is None else waits + entry.reason.to(shell.lang)
    return f"{entry.id}  {entry.title.to(shell.lang)}  {state}"
