"""``fazhi engine``: cases that the live engine did not survive, and letting it try one again."""

from __future__ import annotations

from datetime import datetime

import click

from core.errors import fail
from core.instance import LOCAL_TIME, Instance
from scoring.engine.markers import Markers
from web.commands.context import Shell, with_instance


@click.group()
def engine() -> None:
    """判定引擎：曾使进程中断、现由参照实现判定的事项."""


@engine.command()
@with_instance
def suspects(shell: Shell, instance: Instance) -> None:
    """列出曾使判定引擎中断的事项；它们仍由参照实现判定，结果相同，只是较慢."""
    found = _markers(instance).suspects()
    for case, noticed in sorted(found.items(), key=lambda item: item[1]):
        click.echo(f"{case}  {datetime.fromisoformat(noticed).astimezone(LOCAL_TIME):%Y-%m-%d %H:%M}")
    shell.say(f"由参照实现判定的事项 {len(found)} 件", f"{len(found)} cases are judged by the reference")


@engine.command()
@click.argument("case")
@with_instance
def retry(shell: Shell, instance: Instance, case: str) -> None:
    """让判定引擎重新试判一件事项（平台升级、引擎修好以后）."""
    markers = _markers(instance)
    if case not in markers.suspects():
        raise fail("engine-no-suspect", case=case)
    markers.forget(case)
    instance.recorder.rejudge([case])
    shell.say(f"{case} 已由判定引擎重新判定", f"{case} was judged by the engine again")


def _markers(instance: Instance) -> Markers:
    return Markers(instance.settings.home / "engine")
