"""Regions, organs, people and what each may do."""
