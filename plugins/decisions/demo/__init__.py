"""The demonstration: a fictional region with organs, people and thousands of decisions, drawn from a seed."""

from plugins.decisions.demo.generate import generate
from plugins.decisions.demo.summary import DemoSummary

__all__ = ["DemoSummary", "generate"]
