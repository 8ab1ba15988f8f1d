"""``fazhi backup`` and ``restore``."""

from __future__ import annotations

from pathlib import Path

import click

from core.backup.making import backup as make_backup
from core.backup.manifest import Places
from core.backup.restoring import restore as restore_backup
from core.config import Settings
from core.extension.manager import load_plugins
from core.instance import Instance
from core.ledger.signing import trusted_keys
from web.commands.context import Shell, pass_shell, with_instance

FOLDER = click.Path(file_okay=False, path_type=Path)


@click.command()
@click.argument("target", type=FOLDER)
@with_instance
def backup(shell: Shell, instance: Instance, target: Path) -> None:
    """备份数据库、材料、规则和签名根到一个空文件夹（运行中也可备份）."""
    manifest = make_backup(target, places_of(instance.settings), trusted_keys(instance.settings.signing_key))
    rows = sum(manifest.tables.values())
    shell.say(f"已备份到 {target}：{rows} 行、{len(manifest.files)} 个文件。签名私钥不在其中，请另行保管。",
              f"saved to {target}: {rows} rows, {len(manifest.files)} files. The private signing key is not among "
              f"them; keep it elsewhere.")


@click.command()
@click.argument("source", type=click.Path(exists=True, file_okay=False, path_type=Path))
@pass_shell
def restore(shell: Shell, source: Path) -> None:
    """把备份恢复到一个空的实例，逐个核对文件和台账；有出入则不恢复."""
    from web.main import owners_of

    settings = shell.settings
    settings.home.mkdir(parents=True, exist_ok=True)
    report = restore_backup(source, places_of(settings), settings.database_url,
                            owners_of(load_plugins(settings.disabled_plugins)), settings.signing_key)
    shell.say(f"已恢复并核对：{report.cases} 件、{report.events} 步，没有损坏",
              f"restored and verified: {report.cases} cases, {report.events} steps, no damage")


def places_of(settings: Settings) -> Places:
    """The folders of an instance that are saved beside its database."""
    return Places(settings.materials_dir, settings.rules_dir, settings.roots_dir)
