"""Organs assessed over a year: what their cases contribute to each result, and the score that follows."""
