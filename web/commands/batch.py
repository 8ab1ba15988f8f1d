"""``fazhi batch``: every verdict again, from the ledger, in columns; any difference to the live ones is an alarm."""

from __future__ import annotations

import sys
import time
from datetime import datetime

import click

from core.calendars import close_of
from core.instance import Instance
from scoring.batch.compare import Comparison, Tally
from scoring.batch.recompute import EVENTS_AT_ONCE
from web.commands.context import Shell, with_instance


@click.command()
@click.option("--procedure", "procedures", multiple=True, help="程序编号；不写为全部程序")
@click.option("--as-of", type=click.DateTime(["%Y-%m-%d"]), help="截至该日终了，与实时引擎当日的判定比对；不写为现在")
@click.option("--at-once", type=click.IntRange(min=1000), default=EVENTS_AT_ONCE, show_default=True,
              help="内存中一次处理的步骤数")
@with_instance
def batch(shell: Shell, instance: Instance, procedures: tuple[str, ...], as_of: datetime | None, at_once: int) -> None:
    """从台账批量重算判定，与实时判定逐条比对；有任何出入即失败."""
    current, differences = instance.bundles.current(), 0
    for procedure in procedures or sorted(current.procedures):
        zone = current.procedures[procedure].timezone if procedure in current.procedures else None
        moment = close_of(as_of.date(), zone) if as_of and zone else None
        begun = time.perf_counter()
        comparison = Comparison(instance.bundles, instance.settings.home / "segments", procedure, instance.now(),
                                moment, at_once)
        for difference in comparison.differences():
            click.echo(difference.problem().message(shell.lang))
        _report(shell, procedure, comparison.tally, time.perf_counter() - begun)
        differences += comparison.tally.differences
    if differences:
        sys.exit(1)


def _report(shell: Shell, procedure: str, tally: Tally, seconds: float) -> None:
    shell.say(f"{procedure}：{tally.cases} 件、{tally.steps} 步、{tally.verdicts} 条判定，出入 {tally.differences} 条，"
              f"用时 {seconds:.1f} 秒",
              f"{procedure}: {tally.cases} cases, {tally.steps} steps, {tally.verdicts} verdicts, "
              f"{tally.differences} differences, {seconds:.1f} s")
    if tally.overdue:
        shell.say(f"  其中 {tally.overdue} 条到点未刷新：请确认后台任务（fazhi worker）在运行",
                  f"  {tally.overdue} of them wait for the sweep: is the worker running?")
    if tally.moved_on:
        shell.say(f"  比对期间有新记录的 {tally.moved_on} 件留待下次比对",
                  f"  {tally.moved_on} cases were recorded to meanwhile and are compared next time")
    if tally.referred or tally.closures:
        shell.say(f"  中止或延长期限的 {tally.referred} 条判定由参照引擎给出；逐步求值的条件 {tally.closures} 次",
                  f"  {tally.referred} verdicts on suspended or extended periods by the reference; "
                  f"{tally.closures} conditions step by step")
