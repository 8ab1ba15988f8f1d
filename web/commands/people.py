"""``fazhi person``: first accounts and passwords, for whoever runs the server."""

from __future__ import annotations

from datetime import date

import click

from core.instance import LOCAL_TIME, Instance
from core.organs import accounts, grants
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


@person.command("end-role")
@click.argument("account")
@click.argument("role")
@click.argument("organ")
@with_instance
def end_a_role(shell: Shell, instance: Instance, account: str, role: str, organ: str) -> None:
    """终止一个人在一个机关的岗位（角色代码如 case_handler），自今日起不再有效."""
    today: date = instance.now().astimezone(LOCAL_TIME).date()
    ended = grants.end_role(account, role, organ, today=today)
    shell.say(f"已终止 {ended} 项" if ended else "没有这样的岗位，或者已经终止",
              f"ended {ended}" if ended else "no such role, or it has ended already")
