"""Laws and regulations: a sub-platform."""
