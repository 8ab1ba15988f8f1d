"""Scoring's own tables, in one owner's history."""

from __future__ import annotations

from core.migrations import Owner
from scoring.models import MODELS

SCORING = Owner.of_tables("scoring", MODELS)
