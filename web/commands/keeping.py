"""``fazhi ledger``: is the record whole, and the signed roots that prove it."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from core.instance import LOCAL_TIME, Instance
from core.ledger.reader import case_ids, row_of
from core.ledger.roots import daily_root
from core.ledger.signing import trusted_keys
from core.ledger.verify import verify as verify_ledger
from core.organs.accounts import log_in
from core.organs.authority import actor_of, case_target, demand
from core.organs.authority_table import Action
from scoring import aggregate
from scoring.assessment.history import rebuild_entries
from scoring.assessment.keeping import refresh
from scoring.findings import rebuild as rebuild_findings
from web.commands.context import Shell, with_instance

AT_ONCE = 200
FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.group()
def ledger() -> None:
    """台账：校验、每日签名根."""


@ledger.command()
@click.option("--root", "root_file", type=FILE, help="对照的签名根文件，默认为最新一份")
@click.option("--key", "trusted_key", help="签名根必须由此公钥签出，默认为本实例信任的公钥")
@click.option("--materials/--no-materials", default=False, help="是否连同材料文件一起校验")
@with_instance
def verify(shell: Shell, instance: Instance, root_file: Path | None, trusted_key: str | None, materials: bool) -> None:
    """逐件校验哈希链，并与签名根对照；发现篡改时指明案件、位置和方式."""
    report = verify_ledger(root_file, folder=instance.settings.roots_dir,
                           trusted_key=trusted_key or trusted_keys(instance.settings.signing_key),
                           material_intact=instance.materials.intact if materials else None)
    for damage in report.damages:
        click.echo(damage.problem().render(shell.lang))
    if report.cut_short:
        shell.say("损坏过多，只列出前一部分", "too many damages; only the first are listed")
    root = report.root.name if report.root else shell_none(shell)
    shell.say(f"校验 {report.cases} 件、{report.events} 步，对照签名根 {root}，损坏 {len(report.damages)} 处",
              f"{report.cases} cases, {report.events} steps, against root {root}, {len(report.damages)} damages")
    if report.damages:
        sys.exit(1)


def shell_none(shell: Shell) -> str:
    """How the absence of a root is said."""
    return "（尚无，整体重算和整案删除无法发现）" if shell.lang == "zh" else "(none: a full re-hash would go unseen)"


@ledger.command()
@with_instance
def rebuild(shell: Shell, instance: Instance) -> None:
    """由台账重写疑似问题、各单位得分和考核明细三张表（表被改动或者损坏时用；判定和台账不变）."""
    cases, bundle = case_ids(), instance.bundles.current()
    for start in range(0, len(cases), AT_ONCE):
        rebuild_findings(cases[start : start + AT_ONCE])
    units = aggregate.rebuild()
    rebuild_entries(bundle)
    assessed = refresh(bundle, instance.now())
    shell.say(f"已由台账重写：{len(cases)} 件事项的疑似问题，{units} 个单位的得分，{assessed} 个机关的考核",
              f"written again from the ledger: findings of {len(cases)} cases, scores of {units} units, "
              f"assessments of {assessed} organs")


@ledger.command()
@click.argument("case")
@click.argument("fields", nargs=-1, required=True)
@click.option("--reason", required=True, help="封存的理由和依据")
@click.option("--person", required=True, help="上级司法行政机关监督人员的账号")
@click.option("--password", prompt="密码", hide_input=True, envvar="FAZHI_PASSWORD")
@with_instance
def seal(shell: Shell, instance: Instance, case: str, fields: tuple[str, ...], reason: str, person: str,
         password: str) -> None:
    """依法封存一件事项中的个人信息字段：内容清除，哈希链不断."""
    now = instance.now()
    log_in(person, password, now.timestamp())
    actor = actor_of(person, None, on=now.astimezone(LOCAL_TIME).date())
    row = row_of(case)
    demand(actor, Action.SEAL_PERSONAL, case_target(row.id, row.organ, row.procedure))
    instance.recorder.seal(row.id, fields, reason=reason, actor=person, organ=actor.organ)
    shell.say(f"已封存：{'、'.join(fields)}", f"sealed: {', '.join(fields)}")


@ledger.command()
@with_instance
def root(shell: Shell, instance: Instance) -> None:
    """先校验台账，再签出当前的根并导出文件（每日自动进行）."""
    made = daily_root(instance.settings.roots_dir, instance.settings.signing_key, instance.now())
    click.echo(str(made.file))
    shell.say(f"第 {made.number} 号根，{made.cases} 件，公钥 {made.key}",
              f"root {made.number}, {made.cases} cases, key {made.key}")
