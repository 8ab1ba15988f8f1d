"""Resolving disputes: a sub-platform."""
