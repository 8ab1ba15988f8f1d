"""Whether this instance shows invented data."""

from __future__ import annotations

from core.instance import Instance


def is_demo(instance: Instance) -> bool:
    """True for an instance that the demonstration generator filled; every page then says so."""
    mark = instance.extras.get("is_demo")
    return bool(mark() if callable(mark) else mark)
