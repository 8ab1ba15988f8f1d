"""The command line ``fazhi``: one group, each command in its own module under ``web.commands``."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import Any

import click

from core.config import Settings
from core.errors import FazhiError
from core.extension.manager import load_plugins
from web.commands.batch import batch
from web.commands.bench import bench
from web.commands.context import Shell
from web.commands.engine import engine
from web.commands.explaining import deadline, explain, replay
from web.commands.failures import FAILURES, told, usage
from web.commands.imports import import_group
from web.commands.jobs import jobs
from web.commands.keeping import ledger
from web.commands.people import person
from web.commands.plugins import plugins
from web.commands.rules import rules
from web.commands.running import demo, init, serve, worker
from web.commands.saving import backup, restore


class Commands(click.Group):
    """Adds the commands of running plugins, and prints errors in the reader's language.

    A plugin's group that has the name of one of the platform's adds its commands to that.
    """

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted({*super().list_commands(ctx), *self._of_plugins()})

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        own, theirs = super().get_command(ctx, name), self._of_plugins().get(name)
        if isinstance(own, click.Group) and isinstance(theirs, click.Group):
            return click.Group(name, {**theirs.commands, **own.commands}, help=own.help)
        return own or theirs

    def invoke(self, ctx: click.Context) -> object:
        try:
            return super().invoke(ctx)
        except BrokenPipeError:  # whoever read our output has stopped; click ends quietly
            raise
        except FAILURES as failure:
            click.echo(told(failure).render(ctx.params.get("lang", "zh")), err=True)
            sys.exit(1)

    def main(self, args: Sequence[str] | None = None, prog_name: str | None = None, complete_var: str | None = None,
             standalone_mode: bool = True, **extra: Any) -> Any:
        if not standalone_mode:
            return super().main(args, prog_name, complete_var, False, **extra)
        try:
            code: Any = super().main(args, prog_name, complete_var, False, **extra)
        except click.UsageError as error:
            click.echo(usage(error, error.ctx.find_root().params.get("lang", "zh") if error.ctx else "zh"), err=True)
            code = error.exit_code
        except click.ClickException as error:
            click.echo(error.format_message(), err=True)
            code = error.exit_code
        except click.Abort:
            click.echo("已取消。 Aborted.", err=True)
            code = 1
        except FazhiError as error:  # the environment's settings are read before any option is known
            click.echo(error.render(), err=True)
            code = 1
        sys.exit(code if isinstance(code, int) else 0)

    @staticmethod
    def _of_plugins() -> dict[str, click.Command]:
        platforms = load_plugins(Settings.from_environment().disabled_plugins).platforms
        found: dict[str, click.Command] = {}
        for command in (command for platform in platforms for command in platform.commands):
            known = found.get(command.name)
            if isinstance(known, click.Group) and isinstance(command, click.Group):
                command = click.Group(command.name, {**known.commands, **command.commands}, help=known.help)
            found[command.name] = command
        return found


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--lang", type=click.Choice(["zh", "en"]), default="zh", help="语言 / language", show_default=True)
@click.version_option(package_name="fazhi-platform", prog_name="fazhi")
@click.pass_context
def main(ctx: click.Context, lang: str) -> None:
    """法治政府建设智能化一体平台."""
    ctx.obj = Shell(lang)


for command in (init, serve, worker, demo, rules, import_group, ledger, backup, restore, explain, replay, deadline,
                jobs, plugins, person, bench, batch, engine):
    main.add_command(command)
