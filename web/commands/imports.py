"""``fazhi import``: event logs, organs and people from files; everything of a file or nothing."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import click

from core.errors import FazhiError, fail
from core.instance import LOCAL_TIME, Instance
from core.ledger.intake import AnyoneMayRecord
from core.logs.importer import Place, import_log, read_log
from core.organs.importing.organs import import_organs
from core.organs.importing.people import import_people
from core.organs.importing.report import ImportReport
from core.organs.models import Organ
from core.rulebook.indicator_list import import_indicators
from web.commands.context import Shell, with_instance

COMMAND_LINE = "system:command"
FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.group("import")
def import_group() -> None:
    """导入：事件日志、机关、人员."""


@import_group.command("events")
@click.argument("log", type=FILE)
@click.option("--procedure", required=True, help="程序编号")
@click.option("--organ", required=True, help="日志没有机关列时案件所属的机关")
@with_instance
def events(shell: Shell, instance: Instance, log: Path, procedure: str, organ: str) -> None:
    """导入事件日志（CSV 或 XES，可为 .gz）."""
    bundle = instance.bundles.current()
    if procedure not in bundle.procedures:
        raise fail("unknown-procedure", procedure=procedure, known="、".join(sorted(bundle.procedures)))
    default = place_of(organ)
    if default is None:
        raise fail("log-unknown-organ", organ=organ)
    # Whoever runs commands on the server answers for the import; the log's own people have no accounts here.
    recorder = instance.recorder.permitting(AnyoneMayRecord())
    report = import_log(read_log(log), bundle.procedures[procedure], recorder, default, place_of)
    shell.say(f"已导入 {report.cases} 件、{report.events} 步",
              f"imported {report.cases} cases, {report.events} steps")
    if report.ignored:
        shell.say(f"程序里没有的列，未导入：{'、'.join(report.ignored)}",
                  f"columns that the procedure does not know, not imported: {', '.join(report.ignored)}")


def place_of(organ: str) -> Place | None:
    """Where an organ's cases belong; None where the organ is not known."""
    row = Organ.get_or_none(Organ.id == organ)
    return Place(row.id, row.region_id) if row else None


@import_group.command("indicators")
@click.argument("file", type=FILE)
@click.option("--scheme", required=True, help="方案代码，如 region.official-2026")
@click.option("--title", default="", help="方案名称，不写用文件名")
@click.option("--from", "valid_from", type=click.DateTime(["%Y-%m-%d"]), help="自何日起采用，不写为今年1月1日")
@with_instance
def indicators(shell: Shell, instance: Instance, file: Path, scheme: str, title: str,
               valid_from: datetime | None) -> None:
    """导入官方指标（XLSX、CSV 或 YAML），写入本单位的规则，启用后采用."""
    done = import_indicators(file.read_bytes(), file.name, scheme, instance.rule_folders, instance.settings.rules_dir,
                             title=title, valid_from=valid_from.date() if valid_from else None)
    shell.say(f"已写入 {done.file}：一级 {done.first}、二级 {done.second}、三级 {done.third} 项，"
              f"其中 {done.taken_over} 项沿用已有的数据。核对后运行 fazhi rules activate 启用",
              f"wrote {done.file}: {done.first}/{done.second}/{done.third} items, {done.taken_over} with data that is "
              "there already. Check it, then run fazhi rules activate")


@import_group.command("organs")
@click.argument("file", type=FILE)
@click.option("--dry-run", is_flag=True, help="只检查，不写入")
@with_instance
def organs(shell: Shell, instance: Instance, file: Path, dry_run: bool) -> None:
    """导入机关（CSV 或 XLSX，列名与网页的导入模板相同）."""
    _report(shell, import_organs(file.read_bytes(), file.name, dry_run=dry_run))


@import_group.command("people")
@click.argument("file", type=FILE)
@click.option("--dry-run", is_flag=True, help="只检查，不写入")
@with_instance
def people(shell: Shell, instance: Instance, file: Path, dry_run: bool) -> None:
    """导入人员和岗位（CSV 或 XLSX，列名与网页的导入模板相同）."""
    _report(shell, import_people(file.read_bytes(), file.name, by=COMMAND_LINE, dry_run=dry_run,
                                 today=instance.now().astimezone(LOCAL_TIME).date()))


def _report(shell: Shell, report: ImportReport) -> None:
    """What was done; a file with errors changes nothing and ends the command with them."""
    if report.errors:
        raise FazhiError(report.errors)
    for problem in report.problems:
        shell.say(problem.render("zh"), problem.render("en"))
    done = ("已导入", "imported") if report.applied else ("检查通过，没有写入", "checked, nothing written")
    shell.say(f"{done[0]}：新增 {report.new}、变更 {report.changed}、未变 {report.unchanged}",
              f"{done[1]}: {report.new} new, {report.changed} changed, {report.unchanged} unchanged")
