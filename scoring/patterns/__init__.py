"""Patterns across cases: what the findings of one organ or person add up to."""
