"""The demonstration of enforcement: registers and cases of the fictional region, drawn from a seed."""

from plugins.enforcement.demo.generate import generate

__all__ = ["generate"]
