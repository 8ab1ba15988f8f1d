"""Plugins: found by entry point, loaded one by one, quarantined when broken."""

from core.extension.hookspecs import hookimpl
from core.extension.platform import Demo, NavigationItem, Periodic, Platform, StepPanel, Timed

__all__ = ["Demo", "NavigationItem", "Periodic", "Platform", "StepPanel", "Timed", "hookimpl"]
