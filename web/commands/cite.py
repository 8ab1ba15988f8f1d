"""``fazhi rules cite``: whether the rules cite what stands in the statutes."""

from __future__ import annotations

import sys
from collections import defaultdict
from pathlib import Path

import click

from core.citations.check import Checked, CitationReport, Outcome, check_citations
from core.citations.corpus import Corpus, open_corpus
from core.extension.manager import load_plugins
from core.instance import rule_folders
from core.rulebook.load import load_rules
from web.commands.context import Shell, pass_shell

FOLDER = click.Path(path_type=Path)


@click.command()
@click.argument("folders", nargs=-1, type=FOLDER)
@click.option("--corpus", "texts", type=FOLDER, required=True, envvar="FAZHI_CORPUS", help="法规文本文件夹（Markdown）")
@click.option("--refused", is_flag=True, help="列出没有读入的法规文本和原因")
@click.option("--lang", type=click.Choice(["zh", "en"]), default=None, help="语言 / language")
@pass_shell
def cite(shell: Shell, folders: tuple[Path, ...], texts: Path, refused: bool, lang: str | None) -> None:
    """核对规则的依据：条文在不在、引文对不对、有没有新版本."""
    shell.lang = lang or shell.lang
    bundle = load_rules(folders or rule_folders(shell.settings, load_plugins(shell.settings.disabled_plugins)))
    corpus = open_corpus(texts)
    report = check_citations(bundle, corpus)
    if refused:
        for problem in corpus.refused:
            click.echo(problem.render(shell.lang))
    _print(shell, report)
    _summary(shell, report, corpus)
    if report.of(Outcome.WRONG):
        sys.exit(1)


def _print(shell: Shell, report: CitationReport) -> None:
    for each in (*report.of(Outcome.WRONG), *report.of(Outcome.STALE)):
        if each.problem is not None:
            click.echo(each.problem.render(shell.lang))
    unchecked: dict[str, list[Checked]] = defaultdict(list)
    for each in report.of(Outcome.NOT_CHECKED):
        if each.problem is not None:
            unchecked[each.problem.message(shell.lang)].append(each)
    for reason, group in unchecked.items():
        places = "，".join(f"{each.cited.at.file}:{each.cited.at.line}" for each in group)
        shell.say(f"未核对：{reason}（{places}）", f"not checked: {reason} ({places})")


def _summary(shell: Shell, report: CitationReport, corpus: Corpus) -> None:
    stands, stale, wrong, unchecked = (len(report.of(outcome)) for outcome in
                                       (Outcome.STANDS, Outcome.STALE, Outcome.WRONG, Outcome.NOT_CHECKED))
    files, refused = len(corpus.files), len(corpus.refused)
    shell.say(f"依据 {len(report.checked)} 处：相符 {stands}，已有新版本 {stale}，错误 {wrong}，未核对 {unchecked}；"
              f"法规文本 {files + refused} 个，读入 {files}，未读入 {refused}",
              f"{len(report.checked)} citations: {stands} stand, {stale} have a later edition, {wrong} are wrong, "
              f"{unchecked} were not checked; {files + refused} statute texts, {files} read, {refused} refused")
