"""Discretion: the tier and range that a case gets, in the order that the Penalty Law sets, and why."""
