"""Tests that rule authors write in YAML beside their rules, and how much of the rules they cover."""
