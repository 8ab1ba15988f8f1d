"""The demonstration's documents: drafted, filed, reviewed and cleaned up, now and then with a fault."""

from plugins.legislation.demo.generate import generate

__all__ = ["generate"]
