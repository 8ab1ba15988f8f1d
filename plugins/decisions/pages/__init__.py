"""Pages of the decisions sub-platform."""
