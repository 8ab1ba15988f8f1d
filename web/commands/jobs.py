"""``fazhi jobs``: background work that waits or failed, and why."""

from __future__ import annotations

import sys

import click

from core.instance import Instance
from core.jobs.models import FAILED, JobRow
from web.commands.context import Shell, with_instance


@click.command()
@with_instance
def jobs(shell: Shell, instance: Instance) -> None:
    """列出失败的后台任务及原因（每日批量比对的出入也在这里）."""
    failed = list(JobRow.select().where(JobRow.state == FAILED).order_by(JobRow.created_at.desc()).limit(50))
    for job in failed:
        click.echo(f"{job.key}\n{job.error}")
    shell.say(f"失败的任务 {len(failed)} 个", f"{len(failed)} failed jobs")
    if failed:
        sys.exit(1)
