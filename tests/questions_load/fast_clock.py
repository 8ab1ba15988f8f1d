"""The ``fazhi`` command on a fast clock, so that minutes pass in seconds.

    python -m tests.questions_load.fast_clock SPEED BEGAN COMMAND…

``BEGAN`` is when the first of these processes began (epoch seconds): the clock goes on through restarts.
"""

from __future__ import annotations

import sys
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from core.instance import Instance
from tests.questions_kit import worker_of
from web.cli import main
from web.commands.context import Shell
from web.main import build


def clock(speed: float, began: float) -> datetime:
    """What the fast clock shows."""
    return datetime.fromtimestamp(began, UTC) + timedelta(seconds=(time.time() - began) * speed)


def fast(speed: float, began: float) -> None:
    """Give every command an instance on the fast clock."""
    def instance(shell: Shell) -> Instance:
        built = build(shell.settings, lambda: clock(speed, began))
        return replace(built, worker=worker_of(built))

    Shell.instance = instance  # type: ignore[method-assign]


if __name__ == "__main__":
    fast(float(sys.argv[1]), float(sys.argv[2]))
    main(sys.argv[3:])
