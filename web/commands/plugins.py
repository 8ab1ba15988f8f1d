"""``fazhi plugins``: what runs, what is switched off, what was set aside and why."""

from __future__ import annotations

import click

from core.extension.manager import load_plugins
from web.commands.context import Shell, pass_shell


@click.command()
@pass_shell
def plugins(shell: Shell) -> None:
    """列出子平台：运行、停用、隔离及原因."""
    found = load_plugins(shell.settings.disabled_plugins)
    for plugin in found.loaded:
        shell.say(f"运行  {plugin.name}  {plugin.platform.title.zh}  {plugin.distribution}",
                  f"running  {plugin.name}  {plugin.platform.title.to('en')}  {plugin.distribution}")
    for name in found.disabled:
        shell.say(f"停用  {name}", f"off      {name}")
    for aside in found.quarantined:
        shell.say(f"隔离  {aside.problem.render('zh')}", f"set aside  {aside.problem.render('en')}")
