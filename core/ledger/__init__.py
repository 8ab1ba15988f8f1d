"""The append-only record of every step of every matter."""
