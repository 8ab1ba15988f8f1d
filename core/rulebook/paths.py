"""Where the shipped rules lie."""

from __future__ import annotations

import importlib.resources
from pathlib import Path


def shipped_rules() -> Path:
    """The folder of the YAML rules that come with the platform."""
    return Path(str(importlib.resources.files("rules")))
