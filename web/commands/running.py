"""``fazhi init``, ``serve``, ``worker`` and ``demo``: bringing an instance up."""

from __future__ import annotations

import json
import logging
import time
from dataclasses import replace

import click
from celery import Celery

from core.database import connect, database
from core.errors import FazhiError
from core.extension.manager import load_plugins
from core.instance import LOCAL_TIME, Instance
from core.jobs.schedule import tick
from core.jobs.transport import make_celery, start_embedded
from core.marks import DEMO, set_mark
from core.organs.regions import load_regions, shipped_regions
from core.rulebook.documents import read_sources
from core.rulebook.load import load_sources
from web.commands.context import Shell, pass_shell
from web.commands.rules import activation_of
from web.demo import demo_region
from web.demo.determining import determine
from web.demo.guide import closing_lines, opening_line

HOST, PORT = "127.0.0.1", 8000
CONNECTIONS = 800
"""Below the 1,024 files that a process may usually have open."""


@click.command()
@click.option("--regions/--no-regions", default=True, help="是否载入内蒙古自治区的行政区划")
@pass_shell
def init(shell: Shell, regions: bool) -> None:
    """建立或升级数据库，启用随平台发布的规则，建立本地规则目录."""
    instance = prepare(shell, regions)
    with database.connection_context():
        _adopt_where_unreadable(shell, instance)
    shell.say(f"就绪。本地规则目录：{shell.settings.rules_dir}", f"ready. Own rules: {shell.settings.rules_dir}")


def _adopt_where_unreadable(shell: Shell, instance: Instance) -> None:
    """After an upgrade: rules in force that this release cannot read any more are read anew from disk."""
    try:
        instance.bundles.current()
    except FazhiError as error:
        click.echo(error.render(shell.lang), err=True)
        sources = read_sources(instance.rule_folders)
        activation_of(instance).adopt_after_upgrade(load_sources(sources), sources)
        shell.say("在用的规则包本版本不能读取，已按磁盘上的规则重新启用，未结事项将重新判定",
                  "the bundle in force cannot be read by this release; the rules on disk are in force now, and open "
                  "cases will be judged again")


def prepare(shell: Shell, regions: bool) -> Instance:
    """Database, rules folder and first bundle; safe to run again."""
    from web.main import prepare_database

    settings = shell.settings
    settings.rules_dir.mkdir(parents=True, exist_ok=True)
    connect(settings.database_url)
    prepare_database(load_plugins(settings.disabled_plugins))
    instance = shell.instance()
    with database.connection_context():
        activation = activation_of(instance)
        if not activation.begun():
            sources = read_sources(instance.rule_folders)
            activation.first(load_sources(sources), sources)
        if regions:
            load_regions(shipped_regions())
    return instance


@click.command()
@click.option("--port", default=PORT, show_default=True)
@click.option("--threads", default=8, show_default=True)
@click.option("--worker/--no-worker", "embedded", default=True, help="是否在本进程内运行后台任务")
@pass_shell
def serve(shell: Shell, port: int, threads: int, embedded: bool) -> None:
    """运行网页服务（默认含后台任务）."""
    from waitress import serve as run

    from web.app import create_app

    instance = prepare(shell, regions=False)
    if embedded and not shell.settings.broker_url:
        start_embedded(celery_of(instance))
    logging.getLogger("waitress.queue").setLevel(logging.ERROR)
    shell.say(f"请用浏览器打开 http://{HOST}:{port}/", f"open http://{HOST}:{port}/ in a browser")
    # Browsers keep their lines open between two clicks: the hundred connections that waitress allows would be taken by
    # some twenty people. It throws X-Forwarded-* away; the application believes as many proxies as were declared.
    run(create_app(instance), host=HOST, port=port, threads=threads, ident=None, connection_limit=CONNECTIONS,
        asyncore_use_poll=True, channel_timeout=60, clear_untrusted_proxy_headers=not shell.settings.proxies)


@click.command(context_settings={"ignore_unknown_options": True})
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
@pass_shell
def worker(shell: Shell, arguments: tuple[str, ...]) -> None:
    """运行独立的后台任务进程（FAZHI_BROKER_URL 指向 Redis 或 RabbitMQ）."""
    beat = ("--beat", "--scheduler", "celery.beat:Scheduler")
    celery_of(shell.instance()).worker_main(["worker", *beat, *(arguments or ("--loglevel=WARNING",))])


def celery_of(instance: Instance) -> Celery:
    """The transport of an instance's jobs."""
    return make_celery(instance.settings.broker_url, instance.worker,
                       lambda: tick(instance.recurring, instance.now(), LOCAL_TIME))


@click.command()
@click.option("--seed", default=1, show_default=True)
@click.option("--cases", default=2400, show_default=True, help="事项数")
@pass_shell
def demo(shell: Shell, seed: int, cases: int) -> None:
    """建立一个虚构地区的演示库，并打印排名和登录账号."""
    started = time.monotonic()
    if not shell.settings.public_url:  # so that the documents that are written carry the address that is printed below
        shell.settings = replace(shell.settings, public_url=f"http://{HOST}:{PORT}")
    instance = prepare(shell, regions=False)
    click.echo(opening_line())
    with database.connection_context():
        set_mark(DEMO, json.dumps({"seed": seed, "cases": cases}))
        for platform in instance.plugins.platforms:
            if platform.demo is not None:
                for line in platform.demo.generate(instance, seed, cases):
                    click.echo(line)
        click.echo(determine(instance, demo_region(seed), seed))
        for line in closing_lines(demo_region(seed), instance.plugins.platforms):
            click.echo(line)
    shell.say(f"用时 {time.monotonic() - started:.0f} 秒。运行 fazhi serve，用以上账号登录 http://{HOST}:{PORT}/",
              f"took {time.monotonic() - started:.0f} s. Run fazhi serve and log in at http://{HOST}:{PORT}/")
