"""``fazhi ledger``, ``backup`` and ``restore``: keeping the record whole."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from core.instance import Instance
from web.commands.context import Shell, pass_shell, with_instance


@click.group()
def ledger() -> None:
    """台账：校验、每日签名根."""
