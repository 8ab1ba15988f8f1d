"""Hearing rooms and tribunals of one building, booked without clashes."""

from plugins.disputes.rooms.models import MODELS
from plugins.disputes.rooms.pages import pages

__all__ = ["MODELS", "pages"]
