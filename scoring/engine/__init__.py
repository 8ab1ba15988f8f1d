"""The engine: what a rule means (reference) and how it is computed while people work (live)."""

ENGINE_VERSION = "1"
"""Names the meaning of rules in receipts; raised whenever a verdict on the same record could change."""
