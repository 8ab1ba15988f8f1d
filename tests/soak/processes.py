"""What the soak tests run in processes of their own, so that memory is theirs alone and a crash is seen.

``python -m tests.soak.processes reload 1000``, ``… threads 200000``, ``… fuzz 2000``; each prints one line of JSON.
"""

from __future__ import annotations

import gc
import json
import random
import resource
import signal
import sys
import threading
import time
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from core.calendars import Calendar
from core.cases.case import Case, CaseHead
from core.cases.fold import fold
from core.errors import FazhiError
from core.ledger.event import Event
from core.rulebook.documents import FILES_IN_MEMORY, Source
from core.rulebook.load import load_sources
from core.rulebook.model import Procedure
from scoring.bench import joins
from scoring.bench.loading import rule_files
from scoring.engine.live import MAX_PROGRAMS, Live
from scoring.engine.reference import Reference

RULES, THREADS = 60, 8
MEMORY = 1_500_000_000
SECONDS_A_ROUND = 20
ROOT = Path(__file__).parents[2]


def memory() -> int:
    """Resident bytes of this process, after everything that can be freed was freed."""
    gc.collect()
    pages = Path("/proc/self/statm").read_text(encoding="ascii").split()[1]
    return int(pages) * resource.getpagesize()


def reload(times: int) -> dict[str, Any]:
    """Load sixty rules again and again, other limits and other joins each time, and judge a case by them."""
    live, reference, wrong = Live(), Reference(), 0
    warm = max(MAX_PROGRAMS, FILES_IN_MEMORY) + 10  # the programs and files that are kept at hand are no leak
    begun = memory()
    settled = begun
    for number in range(times + warm):
        bundle = load_sources(rule_files(1, RULES, number))
        procedure = bundle.procedures["bench.p0"]
        case, rules, calendar = _case(random.Random(number), procedure), bundle.rules("bench.p0"), bundle.calendar()
        at = datetime(2027, 1, 1, tzinfo=UTC)
        found = live.evaluate(case, rules, calendar, at)
        if number % 50 == 0:
            wrong += found != reference.evaluate(case, rules, calendar, at)
        if number == warm:
            settled = memory()
    return {"times": times, "wrong": wrong, "growth": memory() - settled, "caches": settled - begun}


def threads(times: int) -> dict[str, Any]:
    """Judge cases by one live evaluator in eight threads and compare every verdict with the reference."""
    load, live, reference = joins.make_load(), Live(), Reference()
    expected = [reference.evaluate(case, load.rules, joins.CALENDAR, at)
                for case, at in zip(load.cases, load.as_of, strict=True)]
    wrong: list[int] = []
    settled: list[int] = []

    def work(thread: int, rounds: int) -> None:
        rng = random.Random(thread)
        for _ in range(rounds):
            number = rng.randrange(len(load.cases))
            if live.evaluate(load.cases[number], load.rules, joins.CALENDAR, load.as_of[number]) != expected[number]:
                wrong.append(number)

    for rounds in (max(100, times // THREADS // 10), times // THREADS):
        running = [threading.Thread(target=work, args=(number, rounds)) for number in range(THREADS)]
        for thread in running:
            thread.start()
        for thread in running:
            thread.join()
        settled.append(memory())
    return {"times": times, "wrong": len(wrong), "growth": settled[1] - settled[0]}


def fuzz(times: int) -> dict[str, Any]:
    """Damaged rule files and absurd records under a memory limit: each is judged or refused, soon."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    signal.signal(signal.SIGALRM, _hangs)
    rng = random.Random(20260101)
    texts = [source.content.decode() for source in rule_files(1, 12)] + [
        path.read_text("utf-8") for path in sorted((ROOT / "tests" / "broken_rules" / "base").glob("*.yaml"))] + [
        (ROOT / "rules" / "decisions" / "patterns.yaml").read_text("utf-8")]
    live, reference = Live(), Reference()
    loaded = refused = judged = 0
    slowest = 0.0
    for _ in range(times):
        signal.alarm(SECONDS_A_ROUND)
        begun = time.perf_counter()
        damaged = [_damage(rng, text) if rng.random() < 0.25 else text for text in texts[:2]] + [
            _damage(rng, text) for text in texts[2:] if rng.random() < 0.2]
        try:
            bundle = load_sources([Source(f"{n}.yaml", text.encode("utf-8", "replace"))
                                   for n, text in enumerate(damaged)])
        except FazhiError:
            refused += 1
            bundle = load_sources(rule_files(1, 12, rng.randrange(100)))
        else:
            loaded += 1
        for procedure in bundle.procedures.values():
            case = _case(rng, procedure)
            if case.steps:
                rules, at = bundle.rules(procedure.id), datetime(2027, 1, 1, tzinfo=UTC)
                if live.evaluate(case, rules, Calendar.of({}), at) != reference.evaluate(
                        case, rules, Calendar.of({}), at):
                    raise AssertionError(case)
                judged += 1
        slowest = max(slowest, time.perf_counter() - begun)
        signal.alarm(0)
    return {"times": times, "loaded": loaded, "refused": refused, "judged": judged, "slowest": round(slowest, 2)}


def _hangs(*_: object) -> None:
    raise TimeoutError(f"more than {SECONDS_A_ROUND} seconds")


SCRAPS = ("'", '"', "{", "}", "[", "]", ":", ": ", "\n", "\n  ", "#", "&a ", "*a", "!!python/object:os.system", "<<: ",
          "|", ">", "?", "c.", "e.amount", "&&", "||", "(" * 200, "-" * 50, "9" * 40, "\u0000", "\ud800", "：", "，",
          "\t", "!(" * 60, " + ".join(["e.amount"] * 80), "null", "~", "true", "1e999", "0x7f", "2026-13-45", "k.count",
          "{a: " * 40, "p.days", "$days", "\\u0000", "𠀀", "step0", "followed_by", "within", "999999999999")


def _damage(rng: random.Random, text: str) -> str:
    """A text with some characters lost, repeated, exchanged or replaced by scraps."""
    for _ in range(rng.choice((1, 1, 1, 2, 5, 20))):
        at, length = rng.randrange(len(text) + 1), rng.choice((0, 0, 1, 3, 10, 80))
        match rng.randrange(4):
            case 0:
                text = text[:at] + text[at + max(length, 1):]
            case 1:
                text = text[:at] + text[at : at + length] * 2 + text[at + length:]
            case 2:
                text = text[:at] + rng.choice(SCRAPS) + text[at + length:]
            case _:
                other = rng.randrange(len(text) + 1)
                text = text[:at] + text[other : other + length] + text[at:]
    return text


ABSURD: tuple[Any, ...] = (None, True, False, 0, 1, -1, 2**63, -2**70, "", "a", "甲" * 3000, "1", "null", ("a", "b"),
                           (), "2026-01-01", "9999-12-31", "0001-01-01", "9" * 400, "\u0000", "e.amount", 50, 12)


def _case(rng: random.Random, procedure: Procedure) -> Case:
    """Steps in any order on any day, with absurd values in every field."""
    events, names = [], sorted(procedure.events) or ["none"]
    for seq in range(rng.choice((1, 3, 12, 12, 40))):
        day = rng.choice((date(2026, 1, 1) + timedelta(days=rng.randrange(200)), date(2026, 3, 2), date(1, 1, 2),
                          date(9999, 12, 30))) if rng.random() < 0.1 else date(2026, 1, 1) + timedelta(days=seq)
        kind = rng.choice(names)
        fields = procedure.events[kind].fields if kind in procedure.events else ()
        moment = datetime(day.year, day.month, day.day, rng.randrange(24), tzinfo=UTC)
        events.append(Event(f"e{seq}", "case", seq + 1, kind, moment, moment, rng.choice(("a", "b", "")), "organ",
                            {name: rng.choice(ABSURD) for name in fields}, (), rng.choice(("date", "instant"))))
    return fold(CaseHead("case", procedure.id, "organ", "150000"), procedure, events)


WORK: dict[str, Callable[[int], dict[str, Any]]] = {"reload": reload, "threads": threads, "fuzz": fuzz}

if __name__ == "__main__":
    print(json.dumps(WORK[sys.argv[1]](int(sys.argv[2]))))
