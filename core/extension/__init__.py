"""Plugins: found by entry point, loaded one by one, quarantined when broken."""

from core.extension.hookspecs import hookimpl
from core.extension.platform import CaseTool, Demo, Finder, Hit, NavigationItem, Periodic, Platform, StepPanel, Timed

__all__ = ["CaseTool", "Demo", "Finder", "Hit", "NavigationItem", "Periodic", "Platform", "StepPanel", "Timed",
           "hookimpl"]
