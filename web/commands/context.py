"""What every command shares: the language and the instance, built when first asked for."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import wraps
from pathlib import Path
from typing import Any, Concatenate, ParamSpec

import click

from core.config import Settings
from core.database import connect, database
from core.errors import fail
from core.instance import Instance

Options = ParamSpec("Options")


@dataclass(slots=True)
class Shell:
    """The command line's state."""

    lang: str
    settings: Settings = field(default_factory=Settings.from_environment)

    def say(self, zh: str, en: str) -> None:
        """Print in the reader's language."""
        click.echo(zh if self.lang == "zh" else en)

    def instance(self) -> Instance:
        """The instance of this environment."""
        from web.main import build  # the composition root loads every library; `fazhi --help` should not

        return build(self.settings)


def with_instance(command: Callable[Concatenate[Shell, Instance, Options], None]) -> Callable[..., Any]:
    """Hands the command the shell and an instance with an open database connection."""

    @wraps(command)
    def run(*args: Options.args, **options: Options.kwargs) -> None:
        shell = click.get_current_context().find_object(Shell)
        assert shell is not None
        _demand_database(shell.settings)
        instance = shell.instance()
        with database.connection_context():
            command(shell, instance, *args, **options)

    return run


def _demand_database(settings: Settings) -> None:
    """Refuse in words where ``fazhi init`` was never run, and leave nothing behind."""
    if settings.database_url.startswith("sqlite") and not Path(settings.database_url.split("///", 1)[1]).is_file():
        raise fail("database-not-ready", database=settings.database_url)
    connect(settings.database_url)
    with database.connection_context():
        if not database.table_exists("case_"):
            raise fail("database-not-ready", database=settings.database_url)


pass_shell = click.pass_obj
