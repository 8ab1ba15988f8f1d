"""The hooks that core offers. A hook exists only if a shipped plugin uses it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pluggy

if TYPE_CHECKING:
    from core.extension.platform import Platform

PROJECT = "fazhi"
hookspec = pluggy.HookspecMarker(PROJECT)
hookimpl = pluggy.HookimplMarker(PROJECT)


@hookspec
def platform() -> Platform:  # type: ignore[empty-body]
    """Describe the sub-platform that this plugin brings. Called once at start."""
