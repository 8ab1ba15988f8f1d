"""``fazhi person``: first accounts and passwords, for whoever runs the server."""

from __future__ import annotations

import click

from core.instance import Instance
from core.organs import accounts
from web.commands.context import Shell, with_instance


@click.group()
def person() -> None:
    """人员账号."""


@person.command("password")
@click.argument("account")
@click.password_option(prompt="密码")
@with_instance
def password(shell: Shell, instance: Instance, account: str, password: str) -> None:
    """设置或重置密码并启用账号."""
    accounts.set_password(account, password)
    shell.say(f"账号 {account} 的密码已设置", f"password of {account} set")
