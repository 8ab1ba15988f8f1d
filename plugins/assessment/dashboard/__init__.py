"""Dashboards of the assessment: scores that open down to the cases, rankings, comparison, reports, publication."""

from __future__ import annotations

from collections.abc import Sequence

from flask import Blueprint

from core.instance import Instance
from plugins.assessment.dashboard import boards, overview, releases, report


def blueprints(_: Instance) -> Sequence[Blueprint]:
    """The blueprints of the dashboards."""
    return (overview.pages, boards.pages, report.pages, releases.pages)
