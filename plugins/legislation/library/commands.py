"""``fazhi import laws`` and ``fazhi laws``: fill the library and search it from the command line."""

from __future__ import annotations

import time
from pathlib import Path

import click

from core.instance import Instance
from plugins.legislation.library.importing import import_folder
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
              f"{report.editions} editions, {report.articles} articles, {report.others} preambles, annexes and the like; "
              f"{report.new} editions added or renewed now; {report.dated} editions state their commencement, "
              f"the others count as unknown; {seconds:.1f} s")


COMMANDS = (import_group,)
