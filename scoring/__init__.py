"""Scoring: verdicts, duties, scores and receipts, computed from cases and the rulebook."""
