"""A running instance: everything that jobs, pages and commands need, wired by the composition root."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from core.config import Settings
from core.extension.manager import Plugins
from core.judge import Judge
from core.rulebook.paths import shipped_rules
from core.rulebook.store import BundleStore

if TYPE_CHECKING:
    from core.documents.issuing import Issuer
    from core.jobs.queue import Worker
    from core.jobs.schedule import Recurring
    from core.ledger.recorder import Recorder
    from core.materials.store import MaterialStore

LOCAL_TIME = ZoneInfo("Asia/Shanghai")


@dataclass(frozen=True, slots=True)
class Instance:
    """The parts of one platform, made once at start and carried to where they are needed.

    Attributes:
        now: the clock; tests replace it.
        worker: runs background jobs.
        recurring: what the schedule puts into the job table.
        documents: writes documents and previews of them.
        rule_folders: shipped and plugins' rule folders in loading order, then the instance's own.
    """

    settings: Settings
    plugins: Plugins
    bundles: BundleStore
    recorder: Recorder
    judge: Judge
    materials: MaterialStore
    worker: Worker
    recurring: Sequence[Recurring]
    now: Callable[[], datetime]
    extras: Mapping[str, Any]
    documents: Issuer

    @property
    def rule_folders(self) -> tuple[Path, ...]:
        """Where a new bundle is read from."""
        return rule_folders(self.settings, self.plugins)


def rule_folders(settings: Settings, plugins: Plugins) -> tuple[Path, ...]:
    """The platform's own rules, each running plugin's, then the instance's own."""
    shipped = shipped_rules()
    own = (settings.rules_dir,) if settings.rules_dir.is_dir() else ()
    of_plugins = (folder for platform in plugins.platforms for folder in platform.rules)
    return (shipped / "platform", shipped / "calendars", *of_plugins, *own)
