"""``fazhi import``: event logs, organs and people from files; everything of a file or nothing."""

from __future__ import annotations

from pathlib import Path

import click

from core.errors import fail
from core.instance import Instance
from core.ledger.intake import AnyoneMayRecord
from core.logs.importer import Place, import_log, read_log
from core.organs.models import Organ
from web.commands.context import Shell, with_instance

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
