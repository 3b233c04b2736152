"""A ledger of an earlier schema becomes one of this release, whole and backed up, or stays what it was."""

from __future__ import annotations

import shutil
import sqlite3
import sys
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import create_engine, inspect

from biotrace.chain.checkpoint import verify_log
from biotrace.chain.kinds import RecordKind
from biotrace.errors import BiotraceError, IntegrityError, UnreadableError, UsageError
from biotrace.store import integrity, upgrade_rows, upgrade_to_2
from biotrace.store import upgrade as upgrades
from biotrace.store.integrity import check_integrity
from biotrace.store.ledger import Ledger
from biotrace.store.tables import SCHEMA_VERSION
from biotrace.store.upgrade import Upgraded, upgrade
from tests import schema_1, schema_2, schema_3, schema_4, schema_5
from tests.builders import LOG, NOW, ChainBuilder
from tests.faults import crash
from tests.integration.conftest import own_schema


@pytest.fixture
def chain() -> ChainBuilder:
    """Some dozens of records."""
    chain = ChainBuilder().story()
    for i in range(20):
        chain.document(f"doc-{i}/x", number=f"26-{i}")
        chain.felling(f"c-{i}/x", (f"doc-{i}/x",), number=f"第26-{i}号")
    return chain


@pytest.fixture
def old(chain: ChainBuilder, tmp_path: Path) -> Path:
    """A ledger of schema 1 in a file."""
    schema_1.make(tmp_path / "ledger.db", chain.records)
    return tmp_path / "ledger.db"


@pytest.fixture
def to(tmp_path: Path) -> Path:
    return tmp_path / "backups" / "schema-1.db"


def version(path: Path) -> int:
    with closing(sqlite3.connect(path)) as database:
        return int(database.execute("SELECT schema_version FROM biotrace_meta").fetchone()[0])


def contents(path: Path) -> list[str]:
    """Everything in a database, as text."""
    with closing(sqlite3.connect(path)) as database:
        return list(database.iterdump())


def assert_old(path: Path, before: list[str]) -> None:
    assert contents(path) == before
    with pytest.raises(UnreadableError) as refused:
        Ledger.open(path)
    assert refused.value.code == "upgrade-needed"


def test_an_old_ledger_says_that_it_has_to_be_upgraded(old: Path) -> None:
    before = contents(old)
    with pytest.raises(UnreadableError, match="made by an earlier biotrace") as refused:
        Ledger.open(old)
    assert refused.value.code == "upgrade-needed"
    assert refused.value.remedy is not None
    assert "biotrace upgrade" in refused.value.remedy.en
    assert "biotrace upgrade" in refused.value.remedy.ja
    assert contents(old) == before


def test_it_becomes_a_log_with_the_same_records(old: Path, to: Path, chain: ChainBuilder) -> None:
    assert upgrade(old, LOG, to, NOW + 99) == Upgraded(1, SCHEMA_VERSION)
    with Ledger.open(old, LOG) as ledger:
        assert ledger.ledger_id == "old"
        assert [entry.record for entry in ledger.entries()] == chain.records
        assert [entry.logged_at for entry in ledger.entries()] == [NOW + 60 * i for i in range(len(chain.records))]
        assert ledger.checkpoints() == [len(chain.records)]
        verify_log(ledger.checkpoint(), LOG.verifier)
        assert check_integrity(ledger) == []
        assert crash.unsigned(ledger) == []
        ledger.append([chain.document("doc-new", number="26-99")], NOW + 99_999)
    assert crash.examine(old, []).wrong == []


def test_it_has_the_tables_of_a_new_one(old: Path, to: Path, tmp_path: Path) -> None:
    """As long as the last step leads to this release's schema."""
    upgrade(old, LOG, to)
    Ledger.create(tmp_path / "new.db", LOG).close()
    assert shape(old) == shape(tmp_path / "new.db")


def shape(path: Path) -> dict[str, list[Any]]:
    """Tables with every column's type and place in the key, references, and indexed columns."""

    def ask(what: str, name: str) -> list[Any]:
        return database.execute(f"PRAGMA {what}('{name}')").fetchall()

    with closing(sqlite3.connect(path)) as database:
        tables = database.execute("PRAGMA table_list").fetchall()
        return {
            name: [
                row,
                ask("table_xinfo", name),
                ask("foreign_key_list", name),
                sorted((unique, ask("index_info", index)) for _, index, unique, *_ in ask("index_list", name)),
            ]
            for _, name, *row in tables
            if not name.startswith("sqlite_")
        }


def test_what_there_was_is_in_the_backup(old: Path, to: Path) -> None:
    before = contents(old)
    upgrade(old, LOG, to)
    assert_old(to, before)
    assert upgrade(to, LOG, to.with_name("again.db")).before == 1


def test_a_ledger_of_this_release_is_left_alone(old: Path, to: Path) -> None:
    upgrade(old, LOG, to)
    before = contents(old)
    assert upgrade(old, None, to.with_name("again.db")) == Upgraded(SCHEMA_VERSION, SCHEMA_VERSION)
    assert contents(old) == before
    assert not to.with_name("again.db").exists()


def test_an_empty_ledger_becomes_an_empty_log(tmp_path: Path, to: Path) -> None:
    schema_1.make(tmp_path / "empty.db", [])
    upgrade(tmp_path / "empty.db", LOG, to)
    with Ledger.open(tmp_path / "empty.db", LOG) as ledger:
        assert ledger.checkpoint().size == 0
        ledger.append(ChainBuilder().records, NOW)
        assert check_integrity(ledger) == []


def test_in_batches_it_is_the_same(old: Path, to: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(upgrade_to_2, "_ROWS", 7)
    upgrade(old, LOG, to)
    assert crash.examine(old, []).wrong == []


def test_on_postgresql(on_postgresql: str, to: Path, chain: ChainBuilder) -> None:
    schema_1.make(on_postgresql, chain.records)
    with pytest.raises(UnreadableError) as refused:
        Ledger.open(on_postgresql)
    assert refused.value.code == "upgrade-needed"
    assert upgrade(on_postgresql, LOG, to).before == 1
    with Ledger.open(on_postgresql, LOG) as ledger:
        assert [entry.record for entry in ledger.entries()] == chain.records
        ledger.append([chain.document("doc-new", number="26-99")], NOW + 99_999)
        assert check_integrity(ledger) == []
        assert crash.unsigned(ledger) == []
    assert version(to) == 1
    upgrade(to, LOG, to.with_name("again.db"))
    assert crash.examine(to, []).entries == len(chain.records) - 1


def test_on_postgresql_it_has_the_tables_of_a_new_one(
    on_postgresql: str, postgresql: str, to: Path, chain: ChainBuilder
) -> None:
    schema_1.make(on_postgresql, chain.records)
    upgrade(on_postgresql, LOG, to)
    for new in own_schema(postgresql):
        Ledger.create(new, LOG).close()
        assert shape_on_server(on_postgresql) == shape_on_server(new)


def shape_on_server(address: str) -> dict[str, list[Any]]:
    """Tables with their columns, keys, references and indexes, by name."""
    engine = create_engine(address)
    with engine.connect() as connection:
        asked = inspect(connection)
        found = {
            table: [
                [(column["name"], str(column["type"]), column["nullable"]) for column in asked.get_columns(table)],
                asked.get_pk_constraint(table)["constrained_columns"],
                sorted((key["constrained_columns"], key["referred_table"]) for key in asked.get_foreign_keys(table)),
                sorted((str(index["name"]), index["column_names"]) for index in asked.get_indexes(table)),
            ]
            for table in asked.get_table_names()
        }
    engine.dispose()
    return found


class TestFromSchema2:
    """Nothing is signed, so no key is asked for: the log stays as it was, and only ways to find papers come with it."""

    @pytest.fixture
    def second(self, chain: ChainBuilder, tmp_path: Path) -> Path:
        schema_2.make(tmp_path / "second.db", chain.records)
        return tmp_path / "second.db"

    def test_it_is_the_same_log(self, second: Path, to: Path, chain: ChainBuilder) -> None:
        before = contents(second)
        assert upgrade(second, None, to, NOW + 99) == Upgraded(2, SCHEMA_VERSION)
        new = (*schema_2.LATER_TABLES, "biotrace_meta")
        after = contents(second)
        assert [line for line in before if line not in after] == [line for line in before if "biotrace_meta" in line][
            -1:
        ]
        assert all(any(name in line for name in new) for line in after if line not in before)
        assert contents(to) == before
        with Ledger.open(second, LOG) as ledger:
            assert check_integrity(ledger) == []
            ledger.append([chain.document("doc-new", number="26-99")], NOW + 99_999)
        assert crash.examine(second, []).wrong == []

    def test_it_has_the_tables_of_a_new_one(self, second: Path, to: Path, tmp_path: Path) -> None:
        upgrade(second, None, to)
        Ledger.create(tmp_path / "new.db", LOG).close()
        assert shape(second) == shape(tmp_path / "new.db")

    def test_papers_are_found_as_in_a_new_one(
        self, second: Path, to: Path, tmp_path: Path, chain: ChainBuilder, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """In batches too. Certificates, documents and accreditations have numbers, the rest of the story has none."""
        monkeypatch.setattr(upgrade_rows, "_ROWS", 7)
        upgrade(second, None, to)
        with Ledger.create(tmp_path / "new.db", LOG) as ledger:
            ledger.append(chain.records, NOW)
        for table in ("paper_number", "document_copy"):
            assert rows(second, table) == rows(tmp_path / "new.db", table)
        numbers = dict(rows(second, "paper_number"))
        found = {chain.records[position].subject: number for position, number in numbers.items()}
        assert (found["c-1"], found["doc-1"], found["accreditation:kousei:1"]) == ("第26-017号", "26-14", "長木-012")
        assert "c-2" not in found
        assert len(dict(rows(second, "document_copy"))) == 21
        for table in schema_3.LATER_TABLES:
            assert rows(second, table) == rows(tmp_path / "new.db", table)

    def test_on_postgresql(self, on_postgresql: str, to: Path, chain: ChainBuilder) -> None:
        schema_2.make(on_postgresql, chain.records)
        assert upgrade(on_postgresql, None, to).before == 2
        with Ledger.open(on_postgresql, LOG) as ledger:
            ledger.append([chain.document("doc-new", number="26-99")], NOW + 99_999)
            assert check_integrity(ledger) == []

    def test_damage_is_left_as_it_is(self, second: Path, to: Path) -> None:
        with closing(sqlite3.connect(second)) as database, database:
            database.execute("UPDATE entry SET envelope = zeroblob(9) WHERE kind = 3 AND subject = 'c-1'")
        before = contents(second)
        with pytest.raises(IntegrityError) as refused:
            upgrade(second, None, to)
        assert refused.value.code == "ledger-damaged"
        assert_old(second, before)


class TestFromSchema3:
    """The same, with one table more, of what certificates put on documents."""

    @pytest.fixture
    def third(self, chain: ChainBuilder, tmp_path: Path) -> Path:
        schema_3.make(tmp_path / "third.db", chain.records)
        return tmp_path / "third.db"

    def test_it_is_the_same_log(self, third: Path, to: Path, chain: ChainBuilder) -> None:
        before = contents(third)
        assert upgrade(third, None, to, NOW + 99) == Upgraded(3, SCHEMA_VERSION)
        assert contents(to) == before
        with Ledger.open(third, LOG) as ledger:
            assert check_integrity(ledger) == []
            ledger.append([chain.document("doc-new", number="26-99")], NOW + 99_999)
        assert crash.examine(third, []).wrong == []

    def test_it_has_the_tables_of_a_new_one(self, third: Path, to: Path, tmp_path: Path) -> None:
        upgrade(third, None, to)
        Ledger.create(tmp_path / "new.db", LOG).close()
        assert shape(third) == shape(tmp_path / "new.db")

    def test_amounts_are_those_of_a_new_one(
        self, third: Path, to: Path, tmp_path: Path, chain: ChainBuilder, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """In batches too. Felling certificates in m³ have one, chips in t and what cites no document have none."""
        monkeypatch.setattr(upgrade_rows, "_ROWS", 7)
        upgrade(third, None, to)
        with Ledger.create(tmp_path / "new.db", LOG) as ledger:
            ledger.append(chain.records, NOW)
        assert rows(third, "certified_m3") == rows(tmp_path / "new.db", "certified_m3")
        told = {chain.records[position].subject: cm3 for position, cm3 in rows(third, "certified_m3")}
        assert told["c-1"] == 2_575_000_000
        assert "c-2" not in told

    def test_on_postgresql(self, on_postgresql: str, to: Path, chain: ChainBuilder) -> None:
        schema_3.make(on_postgresql, chain.records)
        assert upgrade(on_postgresql, None, to).before == 3
        with Ledger.open(on_postgresql, LOG) as ledger:
            assert check_integrity(ledger) == []

    def test_damage_is_left_as_it_is(self, third: Path, to: Path) -> None:
        with closing(sqlite3.connect(third)) as database, database:
            database.execute("UPDATE entry SET envelope = zeroblob(9) WHERE kind = 3 AND subject = 'c-1'")
        before = contents(third)
        with pytest.raises(IntegrityError) as refused:
            upgrade(third, None, to)
        assert refused.value.code == "ledger-damaged"
        assert_old(third, before)


def sold(path: Path) -> list[tuple[Any, ...]]:
    with closing(sqlite3.connect(path)) as database:
        return database.execute("SELECT position, seller, buyer FROM handed_over").fetchall()


class TestFromSchema4:
    """The same, with one table more, of who sold to whom by which certificate."""

    @pytest.fixture
    def fourth(self, chain: ChainBuilder, tmp_path: Path) -> Path:
        chain.felling("c-nobody", ("doc-1/x",), buyer=None, number="第26-99号")
        schema_4.make(tmp_path / "fourth.db", chain.records)
        return tmp_path / "fourth.db"

    def test_it_is_the_same_log(self, fourth: Path, to: Path, chain: ChainBuilder) -> None:
        before = contents(fourth)
        assert upgrade(fourth, None, to, NOW + 99) == Upgraded(4, SCHEMA_VERSION)
        assert contents(to) == before
        with Ledger.open(fourth, LOG) as ledger:
            assert check_integrity(ledger) == []
            ledger.append([chain.document("doc-new", number="26-99")], NOW + 99_999)
        assert crash.examine(fourth, []).wrong == []

    def test_it_has_the_tables_of_a_new_one(self, fourth: Path, to: Path, tmp_path: Path) -> None:
        upgrade(fourth, None, to)
        Ledger.create(tmp_path / "new.db", LOG).close()
        assert shape(fourth) == shape(tmp_path / "new.db")

    def test_sellers_and_buyers_are_those_of_a_new_one(
        self, fourth: Path, to: Path, tmp_path: Path, chain: ChainBuilder, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """In batches too. Every certificate has a row, also one that names no buyer; nothing else has one."""
        monkeypatch.setattr(upgrade_rows, "_ROWS", 7)
        upgrade(fourth, None, to)
        with Ledger.create(tmp_path / "new.db", LOG) as ledger:
            ledger.append(chain.records, NOW)
        assert rows(fourth, "handed_over") == rows(tmp_path / "new.db", "handed_over")
        told = {chain.records[position].subject: [*who] for position, *who in sold(fourth)}
        assert told.keys() == {r.subject for r in chain.records if r.kind is RecordKind.CERTIFICATE}
        assert told["c-1"] == ["kousei", "otsu"]
        assert told["c-2"] == ["otsu", "plant-8"]
        assert told["c-nobody"] == ["kousei", None]

    def test_on_postgresql(self, on_postgresql: str, to: Path, chain: ChainBuilder) -> None:
        schema_4.make(on_postgresql, chain.records)
        assert upgrade(on_postgresql, None, to).before == 4
        with Ledger.open(on_postgresql, LOG) as ledger:
            assert check_integrity(ledger) == []

    def test_damage_is_left_as_it_is(self, fourth: Path, to: Path) -> None:
        with closing(sqlite3.connect(fourth)) as database, database:
            database.execute("UPDATE entry SET envelope = zeroblob(9) WHERE kind = 3 AND subject = 'c-1'")
        before = contents(fourth)
        with pytest.raises(IntegrityError) as refused:
            upgrade(fourth, None, to)
        assert refused.value.code == "ledger-damaged"
        assert_old(fourth, before)


def rows(path: Path, table: str) -> list[Any]:
    with closing(sqlite3.connect(path)) as database:
        return database.execute(f"SELECT * FROM {table} ORDER BY 1").fetchall()


class TestRefused:
    def test_a_backup_never_overwrites(self, old: Path, to: Path) -> None:
        before = contents(old)
        to.parent.mkdir()
        to.write_text("mine")
        with pytest.raises(UsageError) as refused:
            upgrade(old, LOG, to)
        assert refused.value.code == "file-exists"
        assert to.read_text() == "mine"
        assert_old(old, before)

    def test_without_the_logs_key(self, old: Path, to: Path) -> None:
        before = contents(old)
        with pytest.raises(UsageError) as refused:
            upgrade(old, None, to)
        assert refused.value.code == "no-log-key"
        assert not to.exists()
        assert_old(old, before)

    def test_a_later_ledger(self, old: Path, to: Path) -> None:
        with closing(sqlite3.connect(old)) as database:
            database.execute("UPDATE biotrace_meta SET schema_version = 99")
            database.commit()
        with pytest.raises(UnreadableError) as refused:
            upgrade(old, LOG, to)
        assert refused.value.code == "update-needed"
        assert not to.exists()

    def test_no_ledger(self, tmp_path: Path, to: Path) -> None:
        with pytest.raises(UnreadableError) as refused:
            upgrade(tmp_path / "nothing.db", LOG, to)
        assert refused.value.code == "ledger-missing"
        assert not to.parent.exists()

    @pytest.mark.parametrize(
        "spoil",
        [
            "UPDATE entry SET envelope = zeroblob(9) WHERE position = 3",
            "UPDATE entry SET record_id = zeroblob(32) WHERE position = 3",
            "DELETE FROM edge",
            "UPDATE entry SET logged_at = 0 WHERE position = 7",
        ],
    )
    def test_damage_is_not_signed(self, old: Path, to: Path, spoil: str) -> None:
        with closing(sqlite3.connect(old)) as database:
            database.execute(spoil)
            database.commit()
        before = contents(old)
        with pytest.raises(IntegrityError) as refused:
            upgrade(old, LOG, to)
        assert refused.value.code == "ledger-damaged"
        assert_old(old, before)

    def test_while_somebody_writes(self, old: Path, to: Path) -> None:
        with closing(sqlite3.connect(old, isolation_level=None)) as writer:
            writer.execute("BEGIN IMMEDIATE")
            with pytest.raises(BiotraceError) as refused:
                upgrade(old, LOG, to, busy_seconds=0.05)
        assert refused.value.code == "ledger-busy"
        assert not to.exists()


class TestInterrupted:
    @pytest.mark.parametrize("function", ["to_2", "back_up", "findings"])
    def test_a_failure_leaves_the_old_ledger(
        self, old: Path, to: Path, monkeypatch: pytest.MonkeyPatch, function: str
    ) -> None:
        """After all that the step does, before and after the backup."""
        before = contents(old)

        def fail(*arguments: Any) -> None:
            if function == "to_2":
                upgrade_to_2.to_2(*arguments)
            raise RuntimeError("the power went out")

        if function == "to_2":
            monkeypatch.setitem(upgrades.STEPS, 1, fail)
        else:
            monkeypatch.setattr(integrity if function == "findings" else upgrades, function, fail)
        with pytest.raises(RuntimeError, match="the power went out"):
            upgrade(old, LOG, to)
        monkeypatch.undo()
        assert_old(old, before)
        upgrade(old, LOG, to.with_name("again.db"))
        assert crash.examine(old, []).wrong == []

    @pytest.mark.skipif(sys.platform != "linux" or shutil.which("gcc") is None, reason="needs gcc on Linux")
    @pytest.mark.parametrize("action", ["KILL", "KILL-TORN", "ENOSPC", "EIO"])
    def test_killed_or_failing_at_any_call(
        self, old: Path, to: Path, tmp_path_factory: pytest.TempPathFactory, action: str
    ) -> None:
        """Of the calls that write to the ledger, its log or the backup, every eighth until it comes through."""
        shim = crash.build_shim(tmp_path_factory.mktemp("shim"))
        before = contents(old)
        ended: set[str] = set()
        for after in range(0, 200, 8):
            path, copy = old.with_name(f"{after}.db"), to.with_name(f"{after}.db")
            shutil.copy(old, path)
            run = crash.run_python(UPGRADE, str(path), str(copy), environment=fault(shim, action, after, path, copy))
            if "iofault:" not in run.said:
                assert run.code == 0, run.said
                break
            with closing(sqlite3.connect(path)):
                pass  # recovers
            if version(path) == 1:
                ended.add("old")
                assert_old(path, before)
                upgrade(path, LOG, copy.with_name(f"{after} again.db"))
            else:
                ended.add("new")
                assert contents(copy) == before
            assert crash.examine(path, []).wrong == []
        else:
            pytest.fail("it never came through")
        assert "old" in ended


UPGRADE = """
import sys; from pathlib import Path
from biotrace.store.upgrade import upgrade; from tests.builders import LOG
upgrade(sys.argv[1], LOG, Path(sys.argv[2]))
"""


def fault(shim: Path, action: str, after: int, path: Path, copy: Path) -> dict[str, str]:
    """What makes the calls on either file fail; see iofault.c."""
    calls = "write" if action == "KILL-TORN" else "write,sync,truncate"
    common = Path(*[part for part, other in zip(path.parts, copy.parts, strict=False) if part == other])
    return {
        "LD_PRELOAD": str(shim),
        "IOFAULT_ACTION": action,
        "IOFAULT_CALLS": calls,
        "IOFAULT_PATH": f"{common}/*",
        "IOFAULT_AFTER": str(after),
    }


class TestFromSchema5:
    """The same, with amounts beside who sold to whom, and what was drawn and delivered."""

    @pytest.fixture
    def fifth(self, chain: ChainBuilder, tmp_path: Path) -> Path:
        chain.felling("c-nobody", ("doc-1/x",), buyer=None, number="第26-99号")
        chain.felling("c-nul", ("doc-1/x",), number="A\0B")
        schema_5.make(tmp_path / "fifth.db", chain.records)
        return tmp_path / "fifth.db"

    def test_it_is_the_same_log(self, fifth: Path, to: Path, chain: ChainBuilder) -> None:
        before = contents(fifth)
        assert upgrade(fifth, None, to, NOW + 99) == Upgraded(5, SCHEMA_VERSION)
        assert contents(to) == before
        with Ledger.open(fifth, LOG) as ledger:
            assert check_integrity(ledger) == []
            ledger.append([chain.document("doc-new", number="26-99")], NOW + 99_999)
        assert crash.examine(fifth, []).wrong == []

    def test_it_has_the_tables_of_a_new_one(self, fifth: Path, to: Path, tmp_path: Path) -> None:
        upgrade(fifth, None, to)
        Ledger.create(tmp_path / "new.db", LOG).close()
        assert shape(fifth) == shape(tmp_path / "new.db")

    def test_amounts_are_those_of_a_new_one(
        self, fifth: Path, to: Path, tmp_path: Path, chain: ChainBuilder, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """In batches too."""
        monkeypatch.setattr(upgrade_rows, "_ROWS", 7)
        upgrade(fifth, None, to)
        with Ledger.create(tmp_path / "new.db", LOG) as ledger:
            ledger.append(chain.records, NOW)
        for table in ("handed_over", "drawn", "arrived", "felled_at", "paper_number"):
            assert rows(fifth, table) == rows(tmp_path / "new.db", table)
        places = {record.subject: position for position, record in enumerate(chain.records)}
        handed = {position: tuple(told) for position, *told in rows(fifth, "handed_over")}
        assert handed[places["c-1"]][4:7] == (2_575_000_000, "m3", None)
        assert [(child, nth, drawn) for child, nth, drawn, *_ in rows(fifth, "drawn")] == [
            (places["c-2"], 0, chain["c-1"].record_id)
        ]
        assert [row[:5] for row in rows(fifth, "arrived")] == [
            (places["d-1"], "otsu", "plant-8", "2014-11-19", chain["c-2"].record_id)
        ]

    def test_on_postgresql(self, on_postgresql: str, to: Path, chain: ChainBuilder) -> None:
        schema_5.make(on_postgresql, chain.records)
        assert upgrade(on_postgresql, None, to).before == 5
        with Ledger.open(on_postgresql, LOG) as ledger:
            assert check_integrity(ledger) == []

    def test_damage_is_left_as_it_is(self, fifth: Path, to: Path) -> None:
        with closing(sqlite3.connect(fifth)) as database, database:
            database.execute("UPDATE entry SET envelope = zeroblob(9) WHERE kind = 3 AND subject = 'c-1'")
        before = contents(fifth)
        with pytest.raises(IntegrityError) as refused:
            upgrade(fifth, None, to)
        assert refused.value.code == "ledger-damaged"
        assert_old(fifth, before)
