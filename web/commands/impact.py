"""``fazhi rules impact``: what rules that are not in force yet would change for recorded cases."""

from __future__ import annotations

from pathlib import Path

import click

from core.errors import fail
from core.instance import Instance
from core.marks import DEMO, is_marked
from core.rulebook.bundle import Bundle
from core.rulebook.documents import read_sources
from core.rulebook.load import load_sources
from core.rulebook.store import BundleRow
from scoring.engine.live import Live
from scoring.impact import Impact, ImpactBook, assess, report_lines
from web.commands.context import Shell, with_instance


@click.command()
@click.argument("bundle", required=False)
@click.option("--all", "closed", is_flag=True, help="已办结的事项也比较（启用时不会重新判定）")
@click.option("--xlsx", "target", type=click.Path(dir_okay=False, path_type=Path), help="逐件写入 Excel 文件")
@click.option("--cases", type=click.IntRange(min=0), default=50, show_default=True, help="列出多少件有变化的事项")
@with_instance
def impact(shell: Shell, instance: Instance, bundle: str | None, closed: bool, target: Path | None, cases: int
           ) -> None:
    """影响分析：磁盘上的规则（或 BUNDLE 编号的规则包）启用后，已有事项会有什么变化。不写数据库.

    按机关和行政区划列出：新增和撤回的问题、判定、到期日（从哪天到哪天）、得分；参数和规则的差别及来源.
    """
    candidate = stored(instance, bundle) if bundle else load_sources(read_sources(instance.rule_folders))
    found = _assessed(instance, candidate, closed, target, shell.lang)
    for line in report_lines(found, shell.lang, cases=cases):
        click.echo(line)
    if target is not None:
        shell.say(f"已写入 {target}", f"written to {target}")


def open_impact(instance: Instance, candidate: Bundle) -> Impact:
    """What a candidate changes for open cases; its summary goes into the proposal."""
    return assess(candidate, instance.bundles.current(), Live(), instance.now())


def stored(instance: Instance, prefix: str) -> Bundle:
    """A bundle that was proposed or in force once, by the beginning of its hash.

    Raises:
        FazhiError: ``bundle-unknown`` where none or several begin so.
    """
    hashes = [row.hash for row in BundleRow.select(BundleRow.hash).where(BundleRow.hash.startswith(prefix)).limit(2)]
    if len(hashes) != 1:
        raise fail("bundle-unknown", hash=prefix)
    return instance.bundles.get(hashes[0])


def _assessed(instance: Instance, candidate: Bundle, closed: bool, target: Path | None, language: str) -> Impact:
    current, at = instance.bundles.current(), instance.now()
    if target is None:
        return assess(candidate, current, Live(), at, closed=closed)
    with ImpactBook(target, language, demo=is_marked(DEMO)) as book:
        found = assess(candidate, current, Live(), at, closed=closed, sinks=[book.add])
        book.finish(found)
    return found
