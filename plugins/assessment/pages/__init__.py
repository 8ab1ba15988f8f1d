"""Pages of the assessment sub-platform: what is reported, verified, asked, supplied, and rectified."""

from __future__ import annotations

from collections.abc import Sequence

from flask import Blueprint

from core.instance import Instance
from plugins.assessment.pages import overview, problems, reports


def blueprints(_: Instance) -> Sequence[Blueprint]:
    """The blueprints of the sub-platform."""
    return (reports.pages, overview.pages, problems.pages)
