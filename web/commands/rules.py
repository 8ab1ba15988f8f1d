"""``fazhi rules``: check, test, show and activate the rulebook."""

from __future__ import annotations

import json
import sys
from datetime import datetime
from pathlib import Path

import click

from core.errors import FazhiError, fail
from core.extension.manager import load_plugins
from core.instance import LOCAL_TIME, Instance, rule_folders
from core.organs.accounts import log_in
from core.organs.authority import actor_of
from core.organs.codes import level_of
from core.rulebook.activation import Activation, Approver, Outcome, impact_of
from core.rulebook.bundle import Bundle
from core.rulebook.documents import read_sources
from core.rulebook.effective import added_rules, effective
from core.rulebook.load import load_rules
from core.rulebook.schema import schema_text, schemas
from core.rulebook.selection import Selection, select
from scoring.engine.live import Live
from scoring.impact import summary
from scoring.rejudge import schedule_rejudging
from scoring.ruletests.runner import Report, run_tests
from web.commands.cite import cite
from web.commands.context import Shell, pass_shell, with_instance
from web.commands.deadlines import deadlines
from web.commands.impact import impact, open_impact

FOLDER = click.Path(exists=True, path_type=Path)


@click.group()
def rules() -> None:
    """规则库：检查、测试、查看、启用."""


rules.add_command(cite)
rules.add_command(deadlines)
rules.add_command(impact)


def _load(shell: Shell, folders: tuple[Path, ...]) -> Bundle:
    """The rules as the files on disk have them: of the folders named, else shipped, plugins' and own."""
    return load_rules(folders or rule_folders(shell.settings, load_plugins(shell.settings.disabled_plugins)))


@rules.command()
@click.argument("folders", nargs=-1, type=FOLDER)
@pass_shell
def check(shell: Shell, folders: tuple[Path, ...]) -> None:
    """检查规则文件：格式、引用、条件、地方细化的幅度."""
    bundle = _load(shell, folders)
    for warning in bundle.warnings:
        click.echo(warning.render(shell.lang))
    count = sum(len(bundle.rules(procedure)) for procedure in bundle.procedures)
    shell.say(f"没有错误：{len(bundle.procedures)} 个程序、{count} 条监督规则、{len(bundle.sources)} 个文件，"
              f"提示 {len(bundle.warnings)} 处，规则包 {bundle.hash[:12]}",
              f"no errors: {len(bundle.procedures)} procedures, {count} supervision rules, "
              f"{len(bundle.sources)} files, {len(bundle.warnings)} hints, bundle {bundle.hash[:12]}")


@rules.command()
@click.argument("folders", nargs=-1, type=FOLDER)
@click.option("--cover", is_flag=True, help="列出例子没有覆盖到的规则结果")
@pass_shell
def test(shell: Shell, folders: tuple[Path, ...], cover: bool) -> None:
    """运行规则旁边的例子（kind: tests）."""
    report = run_tests(_load(shell, folders), Live())
    _print_report(shell, report, cover)
    if report.misses:
        sys.exit(1)


def _print_report(shell: Shell, report: Report, cover: bool) -> None:
    for miss in report.misses:
        shell.say(f"{miss.file}「{miss.case}」{miss.subject}：应为 {miss.expected}，实为 {miss.found}",
                  f"{miss.file} “{miss.case}” {miss.subject}: expected {miss.expected}, found {miss.found}")
    if cover:
        for rule, missing in report.uncovered.items():
            shell.say(f"未覆盖  {rule}：{missing}", f"not covered  {rule}: {missing}")
    shell.say(f"例子 {report.examples} 个、期望 {report.expectations} 项，不符 {len(report.misses)} 项；"
              f"{len(report.rules)} 条规则中 {len(report.covered)} 条两种结果都有例子",
              f"{report.examples} examples, {report.expectations} expectations, {len(report.misses)} missed; "
              f"{len(report.covered)} of {len(report.rules)} rules have both outcomes")


@rules.command("effective")
@click.argument("region")
@click.option("--on", type=click.DateTime(["%Y-%m-%d"]), default=lambda: str(datetime.now(LOCAL_TIME).date()),
              help="日期，默认今天")
@pass_shell
def effective_values(shell: Shell, region: str, on: datetime) -> None:
    """列出某行政区划实际适用的每个参数及其来源."""
    level_of(region)
    day = on.date()
    bundle = _load(shell, ())
    for value in effective(bundle, region, day):
        source = f"{value.region} {value.document}" if value.document else shell_word(shell, "基础规则", "base")
        was = f"（{shell_word(shell, '原为', 'was')} {value.base}）" if value.changed else ""
        click.echo(f"{value.key} = {value.value}{was}  {value.title.to(shell.lang)}  [{source}; {value.origin}]")
    for rule in added_rules(bundle, region, day):
        click.echo(f"+ {rule.id}  {rule.title.to(shell.lang)}  [{rule.region}; {rule.origin}]")


def shell_word(shell: Shell, zh: str, en: str) -> str:
    """One word in the reader's language."""
    return zh if shell.lang == "zh" else en


@rules.command()
@click.argument("target", type=click.Path(file_okay=False, path_type=Path), required=False)
@pass_shell
def schema(shell: Shell, target: Path | None) -> None:
    """输出规则文件的 JSON Schema，供编辑器提示和检查：每种一份；写入文件夹时另有一份 fazhi.schema.json 管全部种类."""
    for kind, body in schemas().items():
        text = json.dumps(body, ensure_ascii=False, indent=2)
        if target is None:
            click.echo(text)
            continue
        target.mkdir(parents=True, exist_ok=True)
        (target / f"{kind}.schema.json").write_text(text + "\n", encoding="utf-8")
        click.echo(str(target / f"{kind}.schema.json"))
    if target is not None:
        (target / "fazhi.schema.json").write_text(schema_text(), encoding="utf-8")
        click.echo(str(target / "fazhi.schema.json"))


@rules.command()
@with_instance
def status(shell: Shell, instance: Instance) -> None:
    """显示在用的规则包和等待批准的规则包."""
    shell.say(f"在用 {instance.bundles.current_hash()[:12]}", f"in force {instance.bundles.current_hash()[:12]}")
    proposal = activation_of(instance).open_proposal()
    if proposal is not None:
        shell.say(f"等待批准 {proposal.bundle_hash[:12]}：{proposal.document}，提请人 {proposal.proposed_by}",
                  f"waiting for approval {proposal.bundle_hash[:12]}: {proposal.document}, by {proposal.proposed_by}")
        click.echo(impact_of(proposal))


@rules.command()
@click.argument("bundle", required=False)
@click.option("--person", required=True, help="账号（规则编制人员提请，规则审批人员批准）")
@click.option("--password", prompt="密码", hide_input=True, envvar="FAZHI_PASSWORD")
@click.option("--document", default="", help="依据文件（文号），提请时必填")
@click.option("--file", "files", multiple=True, help="只提请这些改动的文件（可多次）；默认为本地全部没有错误的改动")
@click.option("--no-impact", is_flag=True, help="提请时不作影响分析（FAZHI_REQUIRE_IMPACT=1 时不允许）")
@click.option("--yes", "-y", "sure", is_flag=True, help="看过影响后不再询问")
@with_instance
def activate(shell: Shell, instance: Instance, bundle: str | None, person: str, password: str, document: str,
             files: tuple[str, ...], no_impact: bool, sure: bool) -> None:
    """提请启用磁盘上改动的规则；带规则包编号时为批准。先显示对已有事项的影响，确认后才记录."""
    who = _approver(instance, person, password)
    activation = activation_of(instance)
    outcome = (_approve(shell, activation, who, bundle, sure) if bundle
               else _propose(shell, instance, activation, who, document, files, no_impact, sure))
    if outcome.active:
        shell.say(f"已启用 {outcome.bundle[:12]}，正在重新判定未结事项",
                  f"{outcome.bundle[:12]} is in force; open cases are being judged again")
    else:
        shell.say(f"已提请，还需 {outcome.missing} 人批准：fazhi rules activate {outcome.bundle[:12]} --person …",
                  f"proposed; {outcome.missing} more must approve: "
                  f"fazhi rules activate {outcome.bundle[:12]} --person …")


def _approve(shell: Shell, activation: Activation, who: Approver, bundle: str, sure: bool) -> Outcome:
    proposal = activation.open_proposal()
    if proposal is not None and proposal.bundle_hash.startswith(bundle):
        click.echo(impact_of(proposal))
        _confirm(shell, sure, "确认批准？", "Approve it?")
    return activation.approve(bundle, who)


def _confirm(shell: Shell, sure: bool, zh: str, en: str) -> None:
    if not sure:
        click.confirm(shell_word(shell, zh, en), abort=True)


def _propose(shell: Shell, instance: Instance, activation: Activation, who: Approver, document: str,
             files: tuple[str, ...], no_impact: bool, sure: bool) -> Outcome:
    in_force = instance.bundles.current_hash()
    chosen = select(instance.bundles.sources(in_force), read_sources(instance.rule_folders), who.region, files or None)
    if not chosen.files:
        raise fail("bundle-already-active", hash=in_force[:12])
    candidate = _loaded(shell, chosen, files)
    report = run_tests(candidate, Live())
    if report.misses:
        _print_report(shell, report, cover=False)
        sys.exit(1)
    activation.check(candidate, who, document)
    words = ""
    if not no_impact:
        found = open_impact(instance, candidate)
        words = summary(found)
        click.echo(summary(found, shell.lang))
    _confirm(shell, sure, "确认提请？", "Propose it?")
    return activation.propose(candidate, chosen.sources, who, document, words)


def _loaded(shell: Shell, chosen: Selection, files: tuple[str, ...]) -> Bundle:
    """The candidate, and word of the files that are not in it.

    Raises:
        FazhiError: ``rule-file-not-changed`` for a name that no changed file has; what keeps the files from loading;
            ``rules-nothing-of-yours`` where only files changed that others propose.
    """
    names = [file.name for file in chosen.files]
    if unknown := [name for name in files if name not in names]:
        raise fail("rule-file-not-changed", name=unknown[0], allowed="、".join(names) or "—")
    broken = [problem for file in chosen.broken for problem in file.problems]
    if chosen.candidate is None:
        raise FazhiError(chosen.problems or broken) if chosen.problems or broken else fail("rules-nothing-of-yours")
    for problem in broken:
        click.echo(problem.render(shell.lang), err=True)
    for file in chosen.files:
        if not file.chosen:
            shell.say(f"没有列入：{file.name}", f"left out: {file.name}")
    return chosen.candidate




def _approver(instance: Instance, person: str, password: str) -> Approver:
    now = instance.now()
    log_in(person, password, now.timestamp())
    actor = actor_of(person, None, on=now.date())
    return Approver(person, actor.organ, actor.place.region)


def activation_of(instance: Instance) -> Activation:
    """The activation of an instance; re-judging is scheduled with it."""
    return Activation(instance.bundles, instance.recorder, instance.settings.approvals, instance.now,
                      schedule_rejudging, instance.settings.require_impact)


