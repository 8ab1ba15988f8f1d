"""``fazhi import laws`` and ``fazhi laws``: fill the library and search it from the command line."""

from __future__ import annotations

import time
from pathlib import Path

import click

from core.instance import Instance
from plugins.legislation.library.importing import import_folder
from plugins.legislation.library.indexing import rebuild_index
from plugins.legislation.library.models import Article, Edition, Law
from plugins.legislation.library.search import search
from plugins.legislation.library.store import settle
from web.commands.context import Shell, with_instance

FOLDER = click.Path(path_type=Path)


@click.group("import")
def import_group() -> None:
    """导入."""


@import_group.command("laws")
@click.argument("folder", type=FOLDER)
@click.option("--refused", is_flag=True, help="列出没有读入的文件和原因")
@with_instance
def import_laws(shell: Shell, instance: Instance, folder: Path, refused: bool) -> None:
    """导入法规文本（Markdown 文件夹，一个版本一个文件），可以重复执行."""
    begun = time.monotonic()
    report = import_folder(folder, instance.materials, instance.now())
    for problem in report.refused if refused else ():
        click.echo(problem.render(shell.lang))
    seconds = time.monotonic() - begun
    shell.say(f"文件 {report.files} 个：读入 {report.read}，未读入 {len(report.refused)}"
              f"{'' if refused or not report.refused else '（用 --refused 列出原因）'}；"
              f"法规 {report.laws} 部，版本 {report.editions} 个，条文 {report.articles} 条，"
              f"序言、附件等 {report.others} 段；本次新增或更新版本 {report.new} 个；"
              f"文本载明施行日期的版本 {report.dated} 个，其余为“未载明”；用时 {seconds:.1f} 秒",
              f"{report.files} files: {report.read} read, {len(report.refused)} refused"
              f"{'' if refused or not report.refused else ' (--refused lists why)'}; {report.laws} laws, "
              f"{report.editions} editions, {report.articles} articles, {report.others} preambles and annexes; "
              f"{report.new} editions added or renewed now; {report.dated} editions state their commencement, "
              f"the others count as unknown; {seconds:.1f} s")


@click.group("laws")
def laws_group() -> None:
    """法规库：检索、重建索引."""


@laws_group.command("search")
@click.argument("words", nargs=-1, required=True)
@click.option("--limit", default=10, show_default=True, help="列出几条")
@with_instance
def search_laws(shell: Shell, _instance: Instance, words: tuple[str, ...], limit: int) -> None:
    """检索条文，最相关的在前."""
    result = search(" ".join(words))
    rows = {row.id: row for row in Article.select(Article, Edition, Law).join(Edition).join(Law).where(
        Article.id.in_(result.articles[:limit]))}
    for article in result.articles[:limit]:
        row = rows[article]
        click.echo(f"{row.edition.law.title}（{row.edition.slug}）{row.label}  {row.text[:60]}".replace("\n", " "))
    shell.say(f"共 {result.total} 条", f"{result.total} in all")


@laws_group.command("reindex")
@with_instance
def reindex(shell: Shell, _instance: Instance) -> None:
    """重建全文索引（恢复备份之后会自动进行）."""
    rebuild_index()
    settle()
    shell.say("已重建全文索引", "the full-text index is rebuilt")


COMMANDS = (import_group, laws_group)
