"""Core: what every sub-platform stands on. Imports nothing of ours but itself."""
