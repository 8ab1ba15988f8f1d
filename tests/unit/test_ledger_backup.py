"""A backup holds everything, is checked before it is believed, and can change the kind of database."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from peewee import CharField, IntegerField
from playhouse.migrate import SchemaMigrator

from core.backup import Places, backup, restore
from core.database import BaseModel, connect, database
from core.errors import FazhiError
from core.ledger.reader import events_of
from core.ledger.roots import daily_root
from core.ledger.signing import trusted_keys
from core.materials.store import MaterialStore
from core.migrations import Migration, Owner, applied, migrate
from core.organs.models import Organ, Region
from core.schema import CORE
from tests.ledger_kit import Clock, head, recorder, step


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Path]:
    """An instance with cases, a material, a rule file, organs and a signed root."""
    home = tmp_path / "home"
    (home / "rules").mkdir(parents=True)
    (home / "rules" / "own.yaml").write_text("kind: parameters\n", encoding="utf-8")
    connect(f"sqlite:///{home / 'fazhi.db'}")
    database.connect()
    migrate([CORE])
    Region.create(code="990000", name="演示自治区", level="region")
    with database.atomic():
        Organ.create(id="below", name="下级", region="990000", level="region", kind="department", government="gov")
        Organ.create(id="gov", name="政府", region="990000", level="region", kind="government")
    stored = MaterialStore(home / "materials").store(io.BytesIO(b"%PDF-1.4"), "决定书.pdf")
    recorder().open_case(head("with-material"), step("filed", party="张三"))
    recorder().record("with-material", replace(step("decided"), materials=(stored.answers("letter"),)))
    yield home
    database.close()


def saved(home: Path, to: Path) -> Path:
    daily_root(home / "roots", home / "keys" / "key.pem", Clock()())
    backup(to, Places.under(home), trusted_keys(home / "keys" / "key.pem"))
    return to


def test_a_restored_instance_is_the_same_and_goes_on(home: Path, tmp_path: Path) -> None:
    before = events_of("with-material")
    folder = saved(home, tmp_path / "backup")
    recorder().open_case(head("after-the-backup"), step("filed"))
    database.close()

    new = tmp_path / "new"
    key = new / "keys" / "key.pem"
    report = restore(folder, Places.under(new), f"sqlite:///{tmp_path / 'new.db'}", [CORE], key)

    database.connect()
    assert report.ok
    assert report.root is not None
    assert events_of("with-material") == before
    assert events_of("after-the-backup") == []
    assert Organ.get_by_id("below").government.name == "政府"
    assert (new / "rules" / "own.yaml").read_text(encoding="utf-8") == "kind: parameters\n"
    assert MaterialStore(new / "materials").knows(before[1].materials[0].sha256)
    recorder().record("with-material", step("noted"))
    assert daily_root(new / "roots", key, Clock()()).number == 2
    assert not (folder / "keys").exists()


@pytest.mark.parametrize("damage", ["change", "remove", "add"])
def test_a_damaged_backup_is_refused_and_named(home: Path, tmp_path: Path, damage: str) -> None:
    folder = saved(home, tmp_path / "backup")
    database.close()
    file = folder / "tables" / "ledger_event.jsonl"
    if damage == "change":
        file.write_text(file.read_text(encoding="utf-8").replace("zhang", "li"), encoding="utf-8")
    elif damage == "remove":
        file.unlink()
    else:
        (folder / "rules" / "extra.yaml").write_text("x", encoding="utf-8")
    with pytest.raises(FazhiError) as refused:
        restore(folder, Places.under(tmp_path / "new"), f"sqlite:///{tmp_path / 'new.db'}", [CORE], tmp_path / "k")
    assert str(refused.value.problems[0].at).startswith("rules/extra.yaml" if damage == "add" else "tables/ledger")
    assert not (tmp_path / "new").exists()


def test_a_backup_of_a_tampered_ledger_is_refused_although_its_files_agree(home: Path, tmp_path: Path) -> None:
    daily_root(home / "roots", home / "keys" / "key.pem", Clock()())
    database.execute_sql("DROP TRIGGER ledger_event_no_update")
    database.execute_sql("UPDATE ledger_event SET actor = 'li' WHERE seq = 2")
    backup(tmp_path / "backup", Places.under(home), trusted_keys(home / "keys" / "key.pem"))
    database.close()
    with pytest.raises(FazhiError) as refused:
        restore(tmp_path / "backup", Places.under(tmp_path / "new"), f"sqlite:///{tmp_path / 'new.db'}", [CORE],
                tmp_path / "k")
    assert [problem.code for problem in refused.value.problems] == ["restore-ledger-damaged", "ledger-change"]
    assert not any(path.is_file() for path in (tmp_path / "new").rglob("*"))
    assert not (tmp_path / "new.db").exists()


def test_nothing_is_restored_over_something(home: Path, tmp_path: Path) -> None:
    folder = saved(home, tmp_path / "backup")
    with pytest.raises(FazhiError, match="backup-target-not-empty"):
        backup(folder, Places.under(home))
    with pytest.raises(FazhiError, match="restore-not-empty"):
        restore(folder, Places.under(home), f"sqlite:///{tmp_path / 'new.db'}", [CORE], tmp_path / "k")
    database.close()
    with pytest.raises(FazhiError, match="restore-database-not-empty"):
        restore(folder, Places.under(tmp_path / "new"), f"sqlite:///{home / 'fazhi.db'}", [CORE], tmp_path / "k")
    with pytest.raises(FazhiError, match="backup-unreadable"):
        restore(tmp_path, Places.under(tmp_path / "new"), "sqlite:///x", [CORE], tmp_path / "k")


class Note(BaseModel):
    """A table of some plugin."""

    words = CharField()

    class Meta:
        table_name = "plg_test_note"


def add_count(migrator: SchemaMigrator) -> None:
    migrator.migrate(migrator.add_column("plg_test_note", "count", IntegerField(default=7)))


def test_a_backup_of_an_older_release_is_brought_up_to_date(home: Path, tmp_path: Path) -> None:
    old = Owner.of_tables("plg_test", [Note])
    new = Owner.of_tables("plg_test", [Note], Migration(2, "count", add_count))
    migrate([CORE, old])
    Note.create(words="甲")
    folder = saved(home, tmp_path / "backup")
    database.close()
    with pytest.raises(FazhiError, match="restore-owner-missing"):
        restore(folder, Places.under(tmp_path / "a"), f"sqlite:///{tmp_path / 'a.db'}", [CORE], tmp_path / "k")
    restore(folder, Places.under(tmp_path / "b"), f"sqlite:///{tmp_path / 'b.db'}", [CORE, new], tmp_path / "k")
    database.connect()
    assert applied("plg_test") == (1, 2)
    assert database.execute_sql("SELECT words, count FROM plg_test_note").fetchall() == [("甲", 7)]
    with pytest.raises(FazhiError, match="schema-too-new"):
        migrate([CORE, old])
