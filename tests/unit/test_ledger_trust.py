"""Sealing, signed roots and keys: what stays provable, and what is gone for good."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from core.database import connect, database
from core.errors import FazhiError
from core.ledger.damage import Kind
from core.ledger.guards import install_guards
from core.ledger.merkle import Leaf, MerkleTree
from core.ledger.models import MODELS, PersonalValue
from core.ledger.reader import events_of, load_case
from core.ledger.roots import daily_root, latest_root_file, make_root, read_root
from core.ledger.signing import SigningKey, trust
from core.ledger.verify import verify
from tests.ledger_kit import BUNDLE, ORGAN, Clock, fill, head, recorder, step


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    connect(f"sqlite:///{tmp_path / 'ledger.db'}")
    database.connect()
    database.create_tables(list(MODELS))
    install_guards()
    yield tmp_path
    database.close()


@pytest.fixture
def key(folder: Path) -> SigningKey:
    return SigningKey.load_or_create(folder / "keys" / "signing.pem")


def test_a_sealed_value_is_gone_and_the_chain_stays_valid(folder: Path, key: SigningKey) -> None:
    ledger = recorder()
    ledger.open_case(head(), step("filed", party="欧阳不凡", kind="a"))
    ledger.record("case-1", step("noted", phone="13912345678", amount="1"))
    root = make_root(folder / "roots", key, Clock()())

    done = ledger.seal("case-1", ["party"], reason="当事人依法申请删除", actor="zhang", organ=ORGAN)

    assert done.events[0].type == "personal.sealed"
    assert done.events[0].payload["reason"] == "当事人依法申请删除"
    assert "party" not in load_case("case-1", BUNDLE).state
    assert events_of("case-1")[0].sealed == ("party",)
    assert events_of("case-1")[1].payload["phone"] == "13912345678"
    assert verify(root.file).ok
    assert [(row.value, row.salt) for row in PersonalValue.select().where(PersonalValue.field == "party")] == [
        (None, None)]
    database.close()
    left = b"".join(path.read_bytes() for path in folder.glob("ledger.db*"))
    assert "欧阳不凡".encode() not in left
    assert b"13912345678" in left


def test_sealing_needs_a_reason_and_something_to_seal(folder: Path) -> None:
    ledger = recorder()
    ledger.open_case(head(), step("filed", party="张三"))
    with pytest.raises(FazhiError, match="seal-without-reason"):
        ledger.seal("case-1", ["party"], reason=" ", actor="zhang", organ=ORGAN)
    with pytest.raises(FazhiError, match="seal-nothing"):
        ledger.seal("case-1", ["kind"], reason="依法", actor="zhang", organ=ORGAN)
    assert len(events_of("case-1")) == 1


def test_a_repeated_request_does_not_depend_on_a_sealed_value(folder: Path) -> None:
    ledger = recorder()
    first = ledger.open_case(head(), step("filed", party="张三"), request_key="k")
    ledger.seal("case-1", ["party"], reason="依法", actor="zhang", organ=ORGAN)
    again = ledger.open_case(head(), step("filed", party="张三"), request_key="k")
    assert [event.id for event in again.events] == [event.id for event in first.events]


def test_the_signing_key_is_made_once_and_readable_by_its_owner_only(folder: Path, key: SigningKey) -> None:
    file = folder / "keys" / "signing.pem"
    assert file.stat().st_mode & 0o777 == 0o600
    assert SigningKey.load_or_create(file).public == key.public
    file.chmod(0o600)
    file.write_text("no key")
    with pytest.raises(FazhiError, match="signing-key-unreadable"):
        SigningKey.load_or_create(file)


def test_a_root_file_is_plain_json_that_follows_the_one_before(folder: Path, key: SigningKey) -> None:
    fill(recorder(), 7)
    one = make_root(folder / "roots", key, Clock()())
    two = make_root(folder / "roots", key, Clock()())
    assert (one.number, two.number, one.cases) == (1, 2, 7)
    assert one.previous == ""
    assert len(two.previous) == 64
    assert latest_root_file(folder / "roots") == two.file
    assert read_root(two.file, key.public) == two
    assert len(json.loads(one.file.read_text(encoding="utf-8"))["heads"]) == 7
    assert sorted(path.suffix for path in (folder / "roots").iterdir()) == [".json", ".json"]


def test_no_root_is_signed_over_a_ledger_that_was_tampered_with(folder: Path) -> None:
    fill(recorder(), 3)
    daily_root(folder / "roots", folder / "key.pem", Clock()())
    database.execute_sql("DROP TRIGGER ledger_event_no_update")
    database.execute_sql("UPDATE ledger_event SET actor = 'li' WHERE case_id = 'case-001' AND seq = 3")
    with pytest.raises(FazhiError) as refused:
        daily_root(folder / "roots", folder / "key.pem", Clock()())
    assert [problem.code for problem in refused.value.problems] == ["ledger-damaged", "ledger-change"]
    assert "事项 case-001 的第 3 条记录被改动过" in refused.value.render()
    assert "Record 3 of case case-001 was changed" in refused.value.render("en")
    assert len(list((folder / "roots").iterdir())) == 1


def test_a_missing_or_altered_material_is_located(folder: Path) -> None:
    fill(recorder(), 4)
    report = verify(material_intact=lambda sha256: False)
    assert {(damage.case_id, damage.kind, damage.other) for damage in report.damages} == {
        ("case-000", Kind.MATERIAL, "决定书.pdf"), ("case-003", Kind.MATERIAL, "决定书.pdf")}
    assert verify(material_intact=lambda sha256: True).ok


def test_the_merkle_root_is_that_of_rfc_6962() -> None:
    def root(count: int) -> str:
        tree = MerkleTree()
        for number in range(count):
            tree.add(Leaf(f"c{number}", number, "h"))
        return tree.root()

    def recursive(leaves: list[bytes]) -> bytes:
        if len(leaves) == 1:
            return leaves[0]
        split = 1 << (len(leaves) - 1).bit_length() - 1
        return hashlib.sha256(b"\x01" + recursive(leaves[:split]) + recursive(leaves[split:])).digest()

    for count in range(1, 40):
        leaves = [hashlib.sha256(b"\x00" + f'["c{n}",{n},"h"]'.encode()).digest() for n in range(count)]
        assert root(count) == recursive(leaves).hex()


def test_roots_of_an_earlier_key_count_only_where_it_is_listed(folder: Path) -> None:
    fill(recorder(), 2)
    old = daily_root(folder / "roots", folder / "old.pem", Clock()())
    with pytest.raises(FazhiError, match="root-file"):
        daily_root(folder / "roots", folder / "new.pem", Clock()())
    trust(folder / "new.pem", old.key)
    assert daily_root(folder / "roots", folder / "new.pem", Clock()()).number == 2


def test_no_root_file_is_ever_written_over(folder: Path, key: SigningKey) -> None:
    fill(recorder(), 2)
    one = make_root(folder / "roots", key, Clock()())
    database.execute_sql("DROP TRIGGER ledger_root_no_delete")
    database.execute_sql("DELETE FROM ledger_root")
    two = make_root(folder / "roots", key, Clock()())
    assert (one.number, two.number) == (1, 2)
    assert one.file.exists()
    assert two.previous == hashlib.sha256(one.header.encode()).hexdigest()
