"""Records steps until it is killed and acknowledges each one on standard output after it was recorded."""

from __future__ import annotations

import itertools
import sys
from datetime import UTC, datetime

from core.database import connect, database
from tests.ledger_kit import head, recorder, step


class RealClock:
    moment = datetime.now(UTC)

    def __call__(self) -> datetime:
        return datetime.now(UTC)


def main(url: str, run: str) -> None:
    connect(url)
    database.connect()
    ledger = recorder(RealClock())  # type: ignore[arg-type]
    print("ready", flush=True)
    for number in itertools.count():
        case_id = f"run-{run}-{number // 5}"
        if number % 5 == 0:
            done = ledger.open_case(head(case_id), step("filed", party="张三"), request_key=f"{run}/{number}")
        else:
            done = ledger.record(case_id, step("noted", phone="139", amount="1.5"), request_key=f"{run}/{number}")
        print("done", done.case_id, done.events[0].seq, done.events[0].id, flush=True)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
