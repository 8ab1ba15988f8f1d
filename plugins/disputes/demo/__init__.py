"""The demonstration of disputes: cases of the fictional region, drawn from a seed."""

from plugins.disputes.demo.generate import generate

__all__ = ["generate"]
