"""``fazhi bench``: how fast this machine runs the engine beside its peers."""

from __future__ import annotations

import click

from scoring.bench.timing import Ratio, machine, table
from web.commands.context import Shell, pass_shell


@click.command()
@click.option("--seconds", default=1.5, show_default=True, help="每项大约测几秒")
@pass_shell
def bench(shell: Shell, seconds: float) -> None:
    """与同类软件并排测速，只报告倍数（没有安装的同类软件略去）."""
    from scoring.bench import (  # peers are loaded only when they are measured
        assess,
        columns,
        facts,
        flat,
        joins,
        loading,
    )

    ratios: list[Ratio] = [*joins.measure(seconds), *flat.measure(seconds), *columns.measure(seconds),
                           *facts.measure(seconds), *assess.measure(seconds), *loading.measure()]
    click.echo("\n".join(f"{name}: {value}" for name, value in machine()))
    click.echo()
    click.echo(table(ratios))
    missed = [f"{one.work} / {one.peer}" for one in ratios if one.verdict == "missed"]
    if missed:
        click.echo()
        shell.say("没有达到：" + "；".join(missed), "missed: " + "; ".join(missed))
