"""Plugins: found by entry point, loaded one by one, quarantined when broken."""

from core.extension.hookspecs import hookimpl
from core.extension.platform import Demo, NavigationItem, Platform, StepPanel

__all__ = ["Demo", "NavigationItem", "Platform", "StepPanel", "hookimpl"]
