"""Whatever is done to the ledger in the database is located against the last exported root."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from core.database import connect, database
from core.ledger.chain import Record, genesis, hashed
from core.ledger.damage import Kind, Report
from core.ledger.guards import install_guards
from core.ledger.models import MODELS, CaseRow
from core.ledger.roots import make_root
from core.ledger.rows import insert_records, records
from core.ledger.signing import SigningKey
from core.ledger.verify import verify
from core.ledger.writing import head_of
from tests.ledger_kit import Clock, fill, head, recorder, step

MUTATIONS = 1000
TEXT_COLUMNS = ("type", "occurred_at", "recorded_at", "taken_at", "precision", "actor", "organ", "payload",
                "materials", "bundle", "previous_hash", "hash", "corrects", "commitments")

Expected = tuple[str, set[int], set[Kind]]


@pytest.fixture(scope="module")
def root_file(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A ledger of 24 cases with a signed root, whose guards an intruder has removed."""
    folder = tmp_path_factory.mktemp("ledger")
    connect(f"sqlite:///{folder / 'ledger.db'}")
    database.connect()
    database.create_tables(list(MODELS))
    install_guards()
    clock = Clock()
    fill(recorder(clock), 24)
    clock.forward(hours=1)
    root = make_root(folder / "roots", SigningKey.load_or_create(folder / "key.pem"), clock())
    for (name,) in database.execute_sql("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
        database.execute_sql(f'DROP TRIGGER "{name}"')
    database.execute_sql("PRAGMA foreign_keys = OFF")
    yield root.file
    database.close()


def test_every_one_of_a_thousand_random_mutations_is_located(root_file: Path) -> None:
    assert verify(root_file).ok
    chance, seen = random.Random(20260302), Counter[str]()
    for _ in range(MUTATIONS):
        mutate = chance.choice(MUTATORS)
        with database.atomic() as transaction:
            case_id, places, kinds = mutate(chance)
            report = verify(root_file)
            transaction.rollback()
        seen[mutate.__name__] += 1
        assert_located(report, mutate.__name__, case_id, places, kinds)
    assert verify(root_file).ok
    assert len(seen) == len(MUTATORS)


def assert_located(report: Report, mutation: str, case_id: str, places: set[int], kinds: set[Kind]) -> None:
    """The report names the case and nothing else, one of the places, and the kind."""
    found = {(damage.seq, damage.kind) for damage in report.damages}
    assert {damage.case_id for damage in report.damages} == {case_id}, (mutation, case_id, report)
    assert any(seq in places and kind in kinds for seq, kind in found), (mutation, places, kinds, report)


def a_case(chance: random.Random) -> list[Record]:
    case_id = f"case-{chance.randrange(24):03d}"
    return list(records("case_id = ? ORDER BY seq", (case_id,)))


def write(record: Record) -> None:
    names = ", ".join(f'"{name}" = ?' for name in Record._fields)
    database.execute_sql(f'UPDATE ledger_event SET {names} WHERE id = ?', (*record, record.id))


def delete(record: Record) -> None:
    database.execute_sql("DELETE FROM ledger_event WHERE id = ?", (record.id,))


def renumber(chain: list[Record], by: int) -> None:
    for record in chain if by < 0 else reversed(chain):
        database.execute_sql("UPDATE ledger_event SET seq = ? WHERE id = ?", (record.seq + by, record.id))


def set_summary(case_id: str, last: Record) -> None:
    database.execute_sql("UPDATE case_ SET last_seq = ?, head_hash = ? WHERE id = ?", (last.seq, last.hash, case_id))


def rehashed(chain: list[Record], start: str) -> list[Record]:
    """The chain with fresh numbers, links and hashes, as someone without the signing key can make it."""
    done: list[Record] = []
    for seq, record in enumerate(chain, 1):
        done.append(hashed(record._replace(seq=seq, previous_hash=done[-1].hash if done else start)))
    return done


def start_of(case_id: str) -> str:
    return genesis("sha256", head_of(CaseRow.get_by_id(case_id)))


def forged(record: Record, chance: random.Random, seq: int) -> Record:
    return record._replace(id=f"forged{chance.getrandbits(64):016x}", seq=seq, commitments="{}",
                           payload='{"amount":"1000000"}')


def change_a_column(chance: random.Random) -> Expected:
    record = chance.choice(a_case(chance))
    column = chance.choice(TEXT_COLUMNS)
    old = getattr(record, column)
    new = "x" * 64 if old is None else old[:-1] + ("0" if not old.endswith("0") else "1") if old else "x"
    database.execute_sql(f'UPDATE ledger_event SET "{column}" = ? WHERE id = ?', (new, record.id))
    return record.case_id, {record.seq}, {Kind.CHANGE}


def change_void(chance: random.Random) -> Expected:
    record = chance.choice(a_case(chance))
    write(record._replace(void=True))
    return record.case_id, {record.seq}, {Kind.CHANGE}


def change_and_hash_that_event_again(chance: random.Random) -> Expected:
    record = chance.choice(a_case(chance))
    write(hashed(record._replace(actor="someone-else")))
    return record.case_id, {record.seq}, {Kind.CHANGE}


def swap_two_events(chance: random.Random) -> Expected:
    one, other = sorted(chance.sample(a_case(chance), 2), key=lambda record: record.seq)
    database.execute_sql("UPDATE ledger_event SET seq = -1 WHERE id = ?", (one.id,))
    database.execute_sql("UPDATE ledger_event SET seq = ? WHERE id = ?", (one.seq, other.id))
    database.execute_sql("UPDATE ledger_event SET seq = ? WHERE id = ?", (other.seq, one.id))
    return one.case_id, {one.seq}, {Kind.SWAP}


def swap_the_contents_of_two_events(chance: random.Random) -> Expected:
    chain = a_case(chance)
    one, other = chance.sample([record for record in chain if record.type == "noted"], 2)
    if one.payload == other.payload:
        other = other._replace(payload='{"amount":"7"}')
    write(one._replace(payload=other.payload))
    write(other._replace(payload=one.payload))
    return one.case_id, {one.seq, other.seq}, {Kind.CHANGE}


def insert_an_event_and_move_the_rest(chance: random.Random) -> Expected:
    chain = a_case(chance)
    at = chance.randrange(1, len(chain))
    renumber(chain[at:], 1)
    extra = forged(chain[at], chance, at + 1)._replace(previous_hash=chain[at - 1].hash)
    insert_records([hashed(extra) if chance.random() < 0.5 else extra])
    return extra.case_id, {at + 1}, {Kind.INSERTION}


def append_an_event_that_fits(chance: random.Random) -> Expected:
    chain = a_case(chance)
    extra = hashed(forged(chain[-1], chance, len(chain) + 1)._replace(previous_hash=chain[-1].hash))
    insert_records([extra])
    if chance.random() < 0.5:
        set_summary(extra.case_id, extra)
    return extra.case_id, {extra.seq}, {Kind.INSERTION}


def delete_an_event(chance: random.Random) -> Expected:
    chain = a_case(chance)
    record = chance.choice(chain[:-1])
    delete(record)
    return record.case_id, {record.seq}, {Kind.DELETION}


def delete_an_event_and_close_the_gap(chance: random.Random) -> Expected:
    chain = a_case(chance)
    record = chance.choice(chain[:-1])
    delete(record)
    renumber(chain[record.seq :], -1)
    return record.case_id, {record.seq}, {Kind.DELETION}


def cut_the_tail(chance: random.Random) -> Expected:
    chain = a_case(chance)
    keep = chance.randrange(1, len(chain))
    for record in chain[keep:]:
        delete(record)
    if chance.random() < 0.5:
        set_summary(chain[0].case_id, chain[keep - 1])
    return chain[0].case_id, {keep + 1}, {Kind.CUT_TAIL}


def remove_a_whole_case(chance: random.Random) -> Expected:
    case_id = a_case(chance)[0].case_id
    for table, column in (("ledger_personal_value", "case_id"), ("ledger_event", "case_id"), ("case_", "id")):
        database.execute_sql(f"DELETE FROM {table} WHERE {column} = ?", (case_id,))
    return case_id, {0}, {Kind.REMOVED_CASE}


def insert_a_whole_case_of_the_past(chance: random.Random) -> Expected:
    chain, case_id = a_case(chance), f"case-{chance.randrange(24):03d}x"
    row = head_of(CaseRow.get_by_id(chain[0].case_id))
    moved = [forged(record, chance, 0)._replace(case_id=case_id) for record in chain]
    database.execute_sql(
        "INSERT INTO case_ SELECT ?, procedure, organ, region, title, number, opened_at, closed_at, last_seq, "
        "head_hash, stage FROM case_ WHERE id = ?", (case_id, row.id))
    done = rehashed(moved, start_of(case_id))
    insert_records(done)
    set_summary(case_id, done[-1])
    return case_id, {0}, {Kind.INSERTED_CASE}


def hash_the_whole_case_again(chance: random.Random) -> Expected:
    chain = a_case(chance)
    case_id, at = chain[0].case_id, chance.randrange(len(chain))
    chain[at] = chain[at]._replace(actor="someone-else", occurred_at="2026-01-01T00:00:00.000000Z")
    done = rehashed(chain, start_of(case_id))
    for record in done:
        write(record)
    set_summary(case_id, done[-1])
    return case_id, {len(chain)}, {Kind.REHASH}


def delete_and_hash_the_whole_case_again(chance: random.Random) -> Expected:
    chain = a_case(chance)
    case_id = chain[0].case_id
    delete(chain.pop(chance.randrange(len(chain))))
    done = rehashed(chain, start_of(case_id))
    for record in done:
        write(record)
    set_summary(case_id, done[-1])
    return case_id, {len(done) + 1}, {Kind.CUT_TAIL}


def change_the_head_of_a_case(chance: random.Random) -> Expected:
    case_id = a_case(chance)[0].case_id
    column = chance.choice(("procedure", "organ", "region", "title", "number"))
    database.execute_sql(f'UPDATE case_ SET "{column}" = ? WHERE id = ?', ("其他", case_id))
    return case_id, {0}, {Kind.HEAD}


def change_the_summary_of_a_case(chance: random.Random) -> Expected:
    case_id = a_case(chance)[0].case_id
    database.execute_sql("UPDATE case_ SET head_hash = ? WHERE id = ?", ("0" * 64, case_id))
    return case_id, {0}, {Kind.SUMMARY}


def change_a_personal_value(chance: random.Random) -> Expected:
    record = a_case(chance)[0]
    database.execute_sql("UPDATE ledger_personal_value SET value = ? WHERE event_id = ?", ('"李四"', record.id))
    return record.case_id, {record.seq}, {Kind.PERSONAL}


def erase_a_personal_value_without_sealing(chance: random.Random) -> Expected:
    record = a_case(chance)[0]
    if chance.random() < 0.5:
        database.execute_sql("UPDATE ledger_personal_value SET value = NULL, salt = NULL WHERE event_id = ?",
                             (record.id,))
    else:
        database.execute_sql("DELETE FROM ledger_personal_value WHERE event_id = ?", (record.id,))
    return record.case_id, {record.seq}, {Kind.PERSONAL}


MUTATORS: tuple[Callable[[random.Random], Expected], ...] = (
    change_a_column, change_void, change_and_hash_that_event_again, swap_two_events, swap_the_contents_of_two_events,
    insert_an_event_and_move_the_rest, append_an_event_that_fits, delete_an_event, delete_an_event_and_close_the_gap,
    cut_the_tail, remove_a_whole_case, insert_a_whole_case_of_the_past, hash_the_whole_case_again,
    delete_and_hash_the_whole_case_again, change_the_head_of_a_case, change_the_summary_of_a_case,
    change_a_personal_value, erase_a_personal_value_without_sealing,
)


def test_events_recorded_after_the_root_are_no_damage(root_file: Path) -> None:
    later = Clock()
    later.forward(days=1)
    with database.atomic() as transaction:
        recorder(later).open_case(head("later"), step("filed"))
        recorder(later).record("case-001", step("noted"))
        report = verify(root_file)
        transaction.rollback()
    assert report.ok
    assert report.cases == 25


def test_a_damaged_root_file_is_not_trusted(root_file: Path, tmp_path: Path) -> None:
    lines = root_file.read_text(encoding="utf-8").splitlines(keepends=True)
    forged_file = tmp_path / root_file.name
    forged_file.write_text("".join([*lines[:2], lines[2].replace("case-000", "case-00a"), *lines[3:]]),
                           encoding="utf-8")
    assert [damage.kind for damage in verify(forged_file).damages] == [Kind.ROOT_FILE]
    other = SigningKey.load_or_create(tmp_path / "other.pem")
    assert [damage.kind for damage in verify(root_file, trusted_key=other.public).damages] == [Kind.ROOT_FILE]
