"""Assessment: a sub-platform."""
