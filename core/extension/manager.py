"""Loads plugins one by one; one that fails is set aside with its reason and the rest runs."""

from __future__ import annotations

import importlib.metadata
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import pluggy

from core.errors import Problem
from core.extension import hookspecs
from core.extension.platform import Platform

GROUP = "fazhi.plugins"


@dataclass(frozen=True, slots=True)
class Quarantined:
    """A plugin that could not be loaded, and why."""

    name: str
    distribution: str
    problem: Problem


@dataclass(frozen=True, slots=True)
class Loaded:
    """A plugin that runs."""

    name: str
    distribution: str
    platform: Platform


@dataclass(frozen=True, slots=True)
class Plugins:
    """All plugins of an instance: running, switched off, set aside."""

    loaded: tuple[Loaded, ...]
    disabled: tuple[str, ...]
    quarantined: tuple[Quarantined, ...]
    manager: pluggy.PluginManager

    @property
    def platforms(self) -> tuple[Platform, ...]:
        """The sub-platforms that run, in display order."""
        return tuple(plugin.platform for plugin in self.loaded)


def load_plugins(disabled: Iterable[str] = (),
                 entry_points: Sequence[importlib.metadata.EntryPoint] | None = None) -> Plugins:
    """Find plugins by entry point and load each by itself.

    Args:
        disabled: entry-point names to leave out.
        entry_points: the entry points to load; default: those installed in the group ``fazhi.plugins``.
    """
    manager = pluggy.PluginManager(hookspecs.PROJECT)
    manager.add_hookspecs(hookspecs)
    off = set(disabled)
    by_name: dict[str, list[importlib.metadata.EntryPoint]] = defaultdict(list)
    for entry in importlib.metadata.entry_points(group=GROUP) if entry_points is None else entry_points:
        by_name[entry.name].append(entry)
    loaded: list[Loaded] = []
    quarantined: list[Quarantined] = []
    for name in sorted(by_name):
        if name in off:
            continue
        entries = by_name[name]
        if len(entries) > 1:
            quarantined.append(Quarantined(name, ", ".join(map(_distribution, entries)), Problem(
                "plugin-duplicate-name", details={"name": name, "count": len(entries)})))
            continue
        outcome = _load(manager, entries[0])
        if isinstance(outcome, Loaded):
            loaded.append(outcome)
        else:
            quarantined.append(outcome)
    for name in sorted(off - set(by_name)):
        quarantined.append(Quarantined(name, "", Problem("plugin-unknown-disabled", details={
            "name": name, "installed": "、".join(sorted(by_name))}, warning=True)))
    loaded.sort(key=lambda plugin: (plugin.platform.order, plugin.name))
    return Plugins(tuple(loaded), tuple(sorted(off & set(by_name))), tuple(quarantined), manager)


def _load(manager: pluggy.PluginManager, entry: importlib.metadata.EntryPoint) -> Loaded | Quarantined:
    distribution = _distribution(entry)
    code = "plugin-import-failed"
    try:
        plugin = entry.load()
        code = "plugin-bad-platform"
        manager.register(plugin, name=entry.name)
        manager.check_pending()
        platforms = [implementation.function() for implementation in manager.hook.platform.get_hookimpls()
                     if implementation.plugin is plugin]
        if len(platforms) != 1 or not isinstance(platforms[0], Platform):
            raise TypeError(f"platform() → {platforms!r}")
        return Loaded(entry.name, distribution, platforms[0])
    except Exception as reason:  # whatever a plugin raises must not stop the others
        if manager.has_plugin(entry.name):
            manager.unregister(name=entry.name)
        return Quarantined(entry.name, distribution, Problem(code, details={
            "name": entry.name, "distribution": distribution, "reason": f"{type(reason).__name__}: {reason}"}))


def _distribution(entry: importlib.metadata.EntryPoint) -> str:
    return f"{entry.dist.name} {entry.dist.version}" if entry.dist else entry.value
