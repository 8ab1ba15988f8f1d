"""``fazhi explain``, ``replay`` and ``deadline``: why a score or a date is what it is."""

from __future__ import annotations

import sys
from datetime import datetime

import click

from core.calendars import close_of
from core.calendars.counting import CountedDay
from core.calendars.counting import explain as count_days
from core.errors import fail
from core.instance import LOCAL_TIME, Instance
from core.ledger.models import CaseRow
from core.rulebook.model import Period, Unit
from scoring.assessment.explain import explain_organ
from scoring.assessment.history import organ_as_of
from scoring.assessment.keeping import World
from scoring.engine.live import Live
from scoring.explain import explain as explain_lines
from scoring.replay import Replayer
from web.commands.context import Shell, with_instance

DAY = click.DateTime(["%Y-%m-%d"])
KINDS = {
    "start": ("起算日，不计入", "first day, not counted"),
    "counted": ("", ""),
    "rest": ("非工作日，不计入", "not a working day, not counted"),
    "last": ("最后一日", "last day"),
    "rolled": ("休假日，顺延", "day off, rolls over"),
}
WEEKDAYS = ("一二三四五六日", "MTWTFSS")


@click.command("explain")
@click.argument("case")
@click.argument("about", default="")
@click.option("--as-of", type=DAY, help="截至该日终了；不写为现在")
@click.option("--scheme", default="", help="机关考核方案；写了则 CASE 为机关代码，ABOUT 为方面、措施或成果")
@click.option("--year", type=int, help="考核年度；不写为当年")
@with_instance
def explain(shell: Shell, instance: Instance, case: str, about: str, as_of: datetime | None, scheme: str,
            year: int | None) -> None:
    """解释一件事项（或者一个机关）的得分，或其中一个指标、一条规则：依据、条文、记录.

    CASE 为事项编号（系统编号或案号），ABOUT 为指标（P2、T07）或规则编号.
    """
    if scheme:
        _explain_organ(shell, instance, scheme, case, about, as_of, year)
        return
    before = close_of(as_of.date(), LOCAL_TIME) if as_of else None
    judged = Replayer(instance.bundles, Live()).judgement(case_id(case), before or instance.now(), before=before)
    for line in explain_lines(judged, about, shell.lang):
        click.echo(line)


def _explain_organ(shell: Shell, instance: Instance, scheme: str, organ: str, about: str, as_of: datetime | None,
                   year: int | None) -> None:
    day = as_of.date() if as_of else instance.now().astimezone(LOCAL_TIME).date()
    world = World.load()
    place = world.places.get(organ)
    found = organ_as_of(instance.bundles.current(), scheme, year or day.year, place, world, day) if place else None
    if found is None:
        raise fail("assess-no-scheme", scheme=scheme, year=year or day.year, organ=organ)
    for line in explain_organ(*found, world, about, shell.lang):
        click.echo(line)


def case_id(case: str) -> str:
    """The platform's id of a case that is named by its id or its number."""
    row = CaseRow.get_or_none((CaseRow.id == case) | (CaseRow.number == case))
    if row is None:
        raise fail("case-unknown", case=case)
    return str(row.id)


@click.command()
@click.argument("receipt")
@with_instance
def replay(shell: Shell, instance: Instance, receipt: str) -> None:
    """按台账和当时的规则包重算一张评分回执，逐字比对."""
    found = Replayer(instance.bundles, Live()).replay(receipt)
    if found.same:
        shell.say(f"一致：{found.stored_digest}", f"same: {found.stored_digest}")
        return
    shell.say(f"不一致：存 {found.stored_digest}，现 {found.receipt.digest}",
              f"different: stored {found.stored_digest}, now {found.receipt.digest}")
    sys.exit(1)


@click.command()
@click.argument("start", type=DAY)
@click.argument("length", type=click.IntRange(min=1))
@click.argument("unit", type=click.Choice([unit.value for unit in Unit if not unit.elapsed]))
@click.option("--region", default="", help="行政区划代码（地方节假日）")
@click.option("--roll/--no-roll", default=True, help="末日遇休假是否顺延")
@with_instance
def deadline(shell: Shell, instance: Instance, start: datetime, length: int, unit: str, region: str, roll: bool
             ) -> None:
    """逐日数期限：起算日、每一天、最后一日."""
    calendar = instance.bundles.current().calendar(region)
    counted = count_days(calendar, start.date(), Period(length, Unit(unit), roll))
    for day in counted.days:
        click.echo(_line(shell, day))
    shell.say(f"最后一日 {counted.due}", f"last day {counted.due}")
    if counted.provisional:
        shell.say("注意：国务院办公厅尚未公布该年放假安排，此日期为暂定",
                  "note: the holidays of that year are not published yet; the date is provisional")


def _line(shell: Shell, day: CountedDay) -> str:
    index = 0 if shell.lang == "zh" else 1
    number = f"{day.number:>4}" if day.number else "    "
    return f"{number}  {day.day} {WEEKDAYS[index][day.day.weekday()]}  {KINDS[day.kind][index]}".rstrip()
