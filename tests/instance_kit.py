"""A whole instance in a folder of its own: real database, real rules, a clock that tests may set."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path

from core.config import Settings
from core.database import connect, database
from core.extension.manager import load_plugins
from core.instance import Instance
from core.organs.accounts import set_password
from core.organs.grants import grant_role
from core.organs.models import Organ, Person, Region
from core.rulebook.activation import Activation
from core.rulebook.documents import read_sources
from core.rulebook.load import load_sources
from scoring.rejudge import schedule_rejudging
from web.main import build, prepare_database

PASSWORD = "草原-Demo-2026"
NOON = datetime(2026, 6, 15, 4, 0, tzinfo=UTC)


@dataclass
class Clock:
    """A clock that stands still until it is set."""

    moment: datetime = field(default=NOON)

    def __call__(self) -> datetime:
        return self.moment


def settings_in(home: Path, url: str = "", disabled: Iterable[str] = (), approvals: int = 2) -> Settings:
    """Settings of an instance that keeps everything below ``home``."""
    return Settings(home, url or f"sqlite:///{home / 'fazhi.db'}", home / "rules", frozenset(disabled), "", approvals)


def make_instance(home: Path, clock: Callable[[], datetime] | None = None, rules: Iterable[Path] = (), url: str = "",
                  disabled: Iterable[str] = (), approvals: int = 2) -> Instance:
    """An instance with tables, with its first bundle in force, and with ``rules`` as the instance's own folders."""
    settings = settings_in(home, url, disabled, approvals)
    settings.rules_dir.mkdir(parents=True, exist_ok=True)
    for folder in rules:
        shutil.copytree(folder, settings.rules_dir / folder.name, dirs_exist_ok=True)
    connect(settings.database_url)
    prepare_database(load_plugins(settings.disabled_plugins))
    instance = build(settings, clock or Clock())
    with database.connection_context():
        sources = read_sources(instance.rule_folders)
        activation_of(instance).first(load_sources(sources), sources)
    return instance


def activation_of(instance: Instance) -> Activation:
    """As the command line wires it."""
    return Activation(instance.bundles, instance.recorder, instance.settings.approvals, instance.now,
                      schedule_rejudging)


def add_region(code: str, name: str, level: str, parent: str | None = None) -> None:
    """A region, unless it is there."""
    Region.get_or_create(code=code, defaults={"name": name, "level": level, "parent": parent})


def add_organ(organ: str, name: str, region: str, level: str, kind: str = "government", **relations: str) -> None:
    """An organ in a region that exists."""
    Organ.create(id=organ, name=name, region=region, level=level, kind=kind, **relations)


def add_person(account: str, name: str, organ: str, *roles: str) -> None:
    """A person who can log in and holds these roles in his organ."""
    Person.create(id=account, name=name, organ=organ)
    set_password(account, PASSWORD)
    for role in roles:
        grant_role(account, role, organ, by="system:test", valid_from=date(2020, 1, 1))
