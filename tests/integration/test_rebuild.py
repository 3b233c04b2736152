"""What a ledger repeats of its records is rebuilt from them, and compared; damaged records never look sound by it."""

from __future__ import annotations

import shutil
import sqlite3
import sys
from contextlib import closing
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from biotrace.chain import checkpoint
from biotrace.chain.checkpoint import Checkpoint
from biotrace.chain.kinds import KeyEnd, KeyEndReason, RecordKind
from biotrace.errors import BiotraceError, UnreadableError, UpdateNeededError, UsageError
from biotrace.model.correction import Action
from biotrace.model.text import Text
from biotrace.services.backup_format import LEDGER
from biotrace.store import integrity, rebuilt_rows
from biotrace.store import rebuild as rebuilding
from biotrace.store.integrity import check_integrity
from biotrace.store.ledger import Ledger
from biotrace.store.rebuild import Rebuilt, Row, compare, rebuild
from biotrace.store.tables import TABLES
from tests.builders import LOG, NOW, ROOT, ChainBuilder, device_key
from tests.faults import crash
from tests.integration.conftest import Run
from tests.workspaces import contents, data

SPLIT = (5, 12)
"""Positions at which a new append begins."""


@pytest.fixture(scope="module")
def chain() -> ChainBuilder:
    """With a row in every table: numbers, copies of a document, a correction, and the end of a key."""
    chain = ChainBuilder().story()
    for i in range(8):
        chain.document(f"doc-{i}/x", number=f"26-{i}")
        chain.felling(f"c-{i}/x", (f"doc-{i}/x",), number=f"第26-{i}号")
    chain.correction("x-1", "c-1/x", Action.HOLD)
    chain.sign(
        ROOT, RecordKind.KEY_END, "leaked", KeyEnd(device_key("plant-8").kid, len(chain.records), KeyEndReason.LEAKED)
    )
    return chain


@pytest.fixture(scope="module")
def sound(chain: ChainBuilder, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A sound ledger in a file."""
    path = tmp_path_factory.mktemp("sound") / "ledger.db"
    make(path, chain)
    return path


def make(where: str | Path, chain: ChainBuilder) -> None:
    with Ledger.create(where, LOG, "own") as made:
        bounds = (0, *SPLIT, len(chain.records))
        for start, end in pairwise(bounds):
            made.append(chain.records[start:end], NOW + start)
        assert check_integrity(made) == []


@pytest.fixture
def path(sound: Path, tmp_path: Path) -> Path:
    """A copy of it, to be spoiled."""
    return Path(shutil.copy(sound, tmp_path / "ledger.db"))


def dump(path: Path) -> list[str]:
    """Everything in a database, as text."""
    with closing(sqlite3.connect(path)) as database:
        return list(database.iterdump())


def execute(path: Path, *statements: str) -> None:
    """As whoever gets at the file may: without any look at references."""
    with closing(sqlite3.connect(path)) as database:
        for statement in statements:
            assert database.execute(statement).rowcount, statement
        database.commit()


def look(path: Path, seen: Checkpoint | None = None) -> Rebuilt:
    """``compare``, which has to leave everything as it is."""
    before, scratch = dump(path), new_folder(path)
    with Ledger.open(path) as ledger:
        found = compare(ledger, scratch, seen)
    assert dump(path) == before
    return found


def mend(path: Path | str, folder: Path, seen: Checkpoint | None = None) -> Rebuilt:
    scratch = new_folder(folder / "x")
    with Ledger.open(path) as ledger:
        return rebuild(ledger, scratch, folder / "copy.db", seen)


def new_folder(beside: Path) -> Path:
    folder = beside.with_name(f"scratch-{len(list(beside.parent.glob('scratch-*')))}")
    folder.mkdir(parents=True)
    return folder


def wrong(found: Rebuilt) -> dict[str, tuple[int, int, int]]:
    """Rows missing, surplus and different, of the tables that have such."""
    return {t.table: (t.missing, t.surplus, t.different) for t in found.tables if t.wrong}


def first(found: Rebuilt, table: str) -> list[Row]:
    return next(t.first for t in found.tables if t.table == table)


def damage(found: Rebuilt) -> list[tuple[str, int, str]]:
    return [(f.rule, f.position, f.message.en) for f in found.damage]


SPOILED = [
    ("a lost citation", ["DELETE FROM edge WHERE child = 12"], {"edge": (1, 0, 0)}),
    ("an invented citation", ["INSERT INTO edge VALUES (9, 2)"], {"edge": (0, 1, 0)}),
    ("a citation by an entry that is not there", ["INSERT INTO edge VALUES (999, 2)"], {"edge": (0, 1, 0)}),
    ("a citation of something else", ["UPDATE edge SET parent = 1 WHERE child = 12"], {"edge": (1, 1, 0)}),
    ("no citations", ["DELETE FROM edge"], {"edge": (12, 0, 0)}),
    ("another kind", ["UPDATE entry SET kind = 5 WHERE position = 11"], {"entry": (0, 0, 1)}),
    ("a kind that there is not", ["UPDATE entry SET kind = 99"], {"entry": (0, 0, 32)}),
    ("another name", ["UPDATE entry SET subject = 'c-9', issuer = 'otsu' WHERE position = 11"], {"entry": (0, 0, 1)}),
    ("another id", ["UPDATE entry SET record_id = x'00' WHERE position = 11"], {"entry": (0, 0, 1)}),
    (
        "ids that changed places",
        [
            "CREATE TEMP TABLE was AS SELECT position, record_id FROM entry WHERE position IN (11, 12)",
            "UPDATE entry SET record_id = x'00' WHERE position = 11",
            "UPDATE entry SET record_id = (SELECT record_id FROM was WHERE position = 11) WHERE position = 12",
            "UPDATE entry SET record_id = (SELECT record_id FROM was WHERE position = 12) WHERE position = 11",
        ],
        {"entry": (0, 0, 2)},
    ),
    (
        "the chains of two keys shifted",
        ["UPDATE entry SET seq = seq + 1000", "UPDATE entry SET seq = seq - 999"],
        {"entry": (0, 0, 32)},
    ),
    ("no keys", ["DELETE FROM bound_key"], {"bound_key": (4, 0, 0)}),
    ("a lost key", ["DELETE FROM bound_key WHERE party = 'otsu'"], {"bound_key": (1, 0, 0)}),
    ("a key of another", ["UPDATE bound_key SET party = 'otsu' WHERE party = 'kousei'"], {"bound_key": (0, 0, 1)}),
    ("an invented root", ["UPDATE bound_key SET root = 1"], {"bound_key": (0, 0, 3)}),
    ("a false key", ["UPDATE bound_key SET kid = x'07' WHERE party = 'otsu'"], {"bound_key": (1, 1, 0)}),
    ("a lost end of a key", ["DELETE FROM key_end"], {"key_end": (1, 0, 0)}),
    ("an end moved", ["UPDATE key_end SET first = 3"], {"key_end": (0, 0, 1)}),
    ("an invented end", ["INSERT INTO key_end VALUES (11, x'02', 3)"], {"key_end": (0, 1, 0)}),
    ("a lost number", ["DELETE FROM paper_number WHERE position = 15"], {"paper_number": (1, 0, 0)}),
    ("another number", ["UPDATE paper_number SET number = 'x' WHERE position = 15"], {"paper_number": (0, 0, 1)}),
    ("a lost copy", ["DELETE FROM document_copy WHERE position = 14"], {"document_copy": (1, 0, 0)}),
    ("a copy of another", ["UPDATE document_copy SET identity = x'11'"], {"document_copy": (0, 0, 9)}),
    ("a lost amount", ["DELETE FROM certified_m3 WHERE position = 15"], {"certified_m3": (1, 0, 0)}),
    ("other amounts", ["UPDATE certified_m3 SET cm3 = 1"], {"certified_m3": (0, 0, 9)}),
    ("an invented amount", ["INSERT INTO certified_m3 VALUES (14, 1)"], {"certified_m3": (0, 1, 0)}),
    ("a lost sale", ["DELETE FROM handed_over WHERE position = 15"], {"handed_over": (1, 0, 0)}),
    ("another seller", ["UPDATE handed_over SET seller = 'x' WHERE position = 15"], {"handed_over": (0, 0, 1)}),
    ("no buyers", ["UPDATE handed_over SET buyer = NULL"], {"handed_over": (0, 0, 10)}),
    (
        "an invented sale",
        ["INSERT INTO handed_over VALUES (14, 'x', NULL, NULL, '2014-11-20', 1, 't', NULL, NULL)"],
        {"handed_over": (0, 1, 0)},
    ),
    ("another weight", ["UPDATE handed_over SET amount = 1 WHERE position = 15"], {"handed_over": (0, 0, 1)}),
    ("a lost draw", ["DELETE FROM drawn"], {"drawn": (1, 0, 0)}),
    ("less drawn", ["UPDATE drawn SET amount = 1, unit = 't'"], {"drawn": (0, 0, 1)}),
    ("drawn on another", ["UPDATE drawn SET certificate = zeroblob(32)"], {"drawn": (0, 0, 1)}),
    ("an invented draw", ["INSERT INTO drawn VALUES (14, 0, zeroblob(32), 1, 't', 1)"], {"drawn": (0, 1, 0)}),
    ("a lost place", ["DELETE FROM felled_at WHERE number = '236' AND position = 15"], {"felled_at": (1, 0, 0)}),
    ("another place", ["INSERT INTO felled_at VALUES ('238', 15)"], {"felled_at": (0, 1, 0)}),
    ("a lost delivery", ["DELETE FROM arrived"], {"arrived": (1, 0, 0)}),
    ("arrived elsewhere", ["UPDATE arrived SET place = 'x', sender = NULL"], {"arrived": (0, 0, 1)}),
    (
        "a leaf altered",
        ["UPDATE tree_node SET hash = zeroblob(32) WHERE level = 0 AND idx = 3"],
        {"tree_node": (0, 0, 1)},
    ),
    (
        "a node altered",
        ["UPDATE tree_node SET hash = zeroblob(32) WHERE level = 4 AND idx = 0"],
        {"tree_node": (0, 0, 1)},
    ),
    ("a node cut", ["UPDATE tree_node SET hash = x'00' WHERE level = 5"], {"tree_node": (0, 0, 1)}),
    ("a lost node", ["DELETE FROM tree_node WHERE level = 1 AND idx = 3"], {"tree_node": (1, 0, 0)}),
    ("an invented node", ["INSERT INTO tree_node VALUES (9, 0, zeroblob(32))"], {"tree_node": (0, 1, 0)}),
    ("no tree", ["DELETE FROM tree_node"], {"tree_node": (63, 0, 0)}),
]


def test_what_is_as_the_records_have_it_is_equal(path: Path, chain: ChainBuilder) -> None:
    found = look(path)
    assert found.equal
    assert found.size == len(chain.records) == 32
    assert {t.table: t.rows for t in found.tables} == {
        "entry": 32,
        "edge": 12,
        "bound_key": 4,
        "key_end": 1,
        "paper_number": 20,
        "document_copy": 9,
        "certified_m3": 9,
        "handed_over": 10,
        "drawn": 1,
        "arrived": 1,
        "felled_at": 18,
        "tree_node": 63,
    }
    with Ledger.open(path) as ledger:
        assert found.root == ledger.checkpoint().root


@pytest.mark.parametrize(("statements", "tables"), [row[1:] for row in SPOILED], ids=[row[0] for row in SPOILED])
def test_whatever_is_spoiled_is_told_and_mended(
    path: Path, sound: Path, tmp_path: Path, statements: list[str], tables: dict[str, tuple[int, int, int]]
) -> None:
    execute(path, *statements)
    spoiled = dump(path)
    assert wrong(look(path)) == tables
    done = mend(path, tmp_path)
    assert (wrong(done), done.written, done.backed_up, done.damage) == (tables, True, True, ())
    assert dump(path) == dump(sound)
    assert dump(tmp_path / "copy.db") == spoiled
    assert look(path).equal
    assert crash.examine(path, []).wrong == []


def test_all_of_it_at_once(path: Path, sound: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """In small batches too."""
    for module in (rebuilding, rebuilt_rows):
        monkeypatch.setattr(module, "_ROWS", 7)
    execute(
        path,
        "UPDATE entry SET subject = 'x', issuer = 'x', kind = 3, seq = position, kid = x'00'",
        "UPDATE entry SET record_id = CAST(position AS BLOB), content = CAST(position AS BLOB)",
        *(
            f"DELETE FROM {table}"
            for table in (
                *(
                    "edge",
                    "bound_key",
                    "key_end",
                    "document_copy",
                    "certified_m3",
                    "handed_over",
                    "drawn",
                    "arrived",
                    "felled_at",
                ),
                "tree_node",
            )
        ),
        "UPDATE paper_number SET number = 'x'",
    )
    assert mend(path, tmp_path).written
    assert dump(path) == dump(sound)


def test_the_first_wrong_rows_are_named(path: Path) -> None:
    execute(
        path,
        "DELETE FROM edge",
        "UPDATE entry SET subject = 'x', kind = 9 WHERE position = 3",
        "INSERT INTO paper_number VALUES (1, 'x')",
    )
    found = look(path)
    assert first(found, "entry") == [Row("different", (("position", 3),), ("kind", "subject"))]
    assert first(found, "paper_number") == [Row("surplus", (("position", 1),))]
    assert len(first(found, "edge")) == rebuilding.NAMED
    child, parent = first(found, "edge")[0].key
    assert (child[0], parent[0], first(found, "edge")[0].how) == ("child", "parent", "missing")


def test_nothing_is_done_where_nothing_differs(path: Path, tmp_path: Path) -> None:
    before = dump(path)
    done = mend(path, tmp_path)
    assert (done.equal, done.written, done.backed_up) == (True, False, False)
    assert dump(path) == before
    assert not (tmp_path / "copy.db").exists()


def test_one_may_go_on_writing_afterwards(path: Path, tmp_path: Path, chain: ChainBuilder) -> None:
    execute(path, "DELETE FROM tree_node", "DELETE FROM edge")
    mend(path, tmp_path)
    again = ChainBuilder().story()
    with Ledger.open(path, LOG) as ledger:
        again.records, again.signers = list(chain.records), dict(chain.signers)
        kid = again.signers["kousei"].key.kid
        head = ledger.head(kid)
        assert head is not None
        again.signers["kousei"].seq, again.signers["kousei"].prev = head.seq + 1, head.record_id
        ledger.append([again.document("doc-new", number="26-99")], NOW + 99_999)
        assert check_integrity(ledger) == []


DAMAGE = [
    ("an altered envelope", "UPDATE entry SET envelope = CAST(envelope || x'00' AS BLOB) WHERE position = 7", 7),
    ("no envelope", "UPDATE entry SET envelope = zeroblob(9) WHERE position = 31", 31),
    (
        "another's envelope",
        "UPDATE entry SET envelope = (SELECT envelope FROM entry WHERE position = 3) WHERE position = 4",
        4,
    ),
    ("another log time", "UPDATE entry SET logged_at = logged_at + 1 WHERE position = 31", 31),
    ("no log time", "UPDATE entry SET logged_at = -1 WHERE position = 0", 0),
    ("an entry cut out", "DELETE FROM entry WHERE position = 7", 7),
    ("the first entry cut off", "DELETE FROM entry WHERE position = 0", 0),
    ("the last entry cut off", "DELETE FROM entry WHERE position = 31", 31),
    ("no entries", "DELETE FROM entry", 0),
    ("an entry moved away", "UPDATE entry SET position = 5000000000 WHERE position = 9", 9),
    ("an entry moved before all", "UPDATE entry SET position = -1 WHERE position = 9", -1),
    ("no checkpoint", "DELETE FROM checkpoint", 32),
    ("the last checkpoint cut off", "DELETE FROM checkpoint WHERE size = 32", 12),
    ("an earlier checkpoint altered", "UPDATE checkpoint SET note = x'00' WHERE size = 12", 32),
    ("one checkpoint for all", "UPDATE checkpoint SET note = (SELECT note FROM checkpoint WHERE size = 5)", 32),
]
"""What is done to the bytes, and the entry that is named; 32 stands for the ledger as a whole."""


class TestDamage:
    """What the tables repeat can be right again only where the bytes are what the log signed."""

    @pytest.mark.parametrize("tree_too", [False, True])
    @pytest.mark.parametrize(("statement", "position"), [row[1:] for row in DAMAGE], ids=[row[0] for row in DAMAGE])
    def test_it_is_told_and_nothing_changes(
        self, path: Path, tmp_path: Path, statement: str, position: int, tree_too: bool
    ) -> None:
        """Without its tree a ledger cannot say any more which entry it was, but the checkpoint still says that one."""
        execute(path, statement, *(["DELETE FROM tree_node"] if tree_too else []), "DELETE FROM edge")
        before = dump(path)
        found = look(path)
        assert not found.equal
        assert found.tables == ()
        if not tree_too:
            assert position in [finding.position for finding in found.damage]
        done = mend(path, tmp_path)
        assert (damage(done), done.written, done.backed_up) == (damage(found), False, False)
        assert dump(path) == before
        assert not (tmp_path / "copy.db").exists()
        with Ledger.open(path) as ledger:
            assert check_integrity(ledger) != []

    def test_the_altered_entry_is_named(self, path: Path) -> None:
        execute(path, "UPDATE entry SET logged_at = logged_at + 1 WHERE position = 7")
        assert ("S104", 7, "it is not what the log's tree holds in its place") in damage(look(path))

    def test_ids_and_tree_made_to_fit_the_altered_bytes_do_not_help(self, path: Path, tmp_path: Path) -> None:
        """What a rebuild without a look at the checkpoints would do for whoever alters an entry."""
        execute(path, "UPDATE entry SET logged_at = logged_at + 1 WHERE position = 31")
        with Ledger.open(path) as ledger:
            leaf = ledger.leaf(31).hash.hex()
        execute(path, f"UPDATE tree_node SET hash = x'{leaf}' WHERE level = 0 AND idx = 31")
        before = dump(path)
        (found,) = damage(mend(path, tmp_path))
        assert found[:2] == ("S104", 32)
        assert "checkpoints do not fit the entries (of sizes 32)" in found[2]
        assert dump(path) == before

    def test_an_earlier_state_is_refused_by_who_saw_a_later_one(self, path: Path, tmp_path: Path) -> None:
        with Ledger.open(path) as ledger:
            seen = ledger.checkpoint()
        execute(
            path,
            "DELETE FROM entry WHERE position >= 12",
            "DELETE FROM checkpoint WHERE size > 12",
            "DELETE FROM tree_node",
        )
        assert not look(path).damage
        before = dump(path)
        assert [finding[0] for finding in damage(mend(path, tmp_path, seen))] == ["S105"]
        assert "it had 32 entries and now shows 12" in damage(look(path, seen))[0][2]
        assert dump(path) == before

    def test_another_history_is_refused_by_who_saw_this_one(self, path: Path) -> None:
        with Ledger.open(path) as ledger:
            earlier = ledger.checkpoint_at(12)
        assert earlier is not None
        assert look(path, earlier).equal
        other = checkpoint.make(LOG.origin, 12, bytes(32), LOG.key)
        assert "forked" in damage(look(path, other))[0][2]

    def test_a_record_of_a_later_version_is_for_a_later_release(
        self, path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        before = dump(path)

        def later(_: bytes) -> Any:
            raise UpdateNeededError(Text("版 9 の記録", "a record of version 9"))

        monkeypatch.setattr(rebuilt_rows, "parse_record", later)
        with pytest.raises(UpdateNeededError):
            mend(path, tmp_path)
        assert dump(path) == before
        execute(path, "UPDATE entry SET logged_at = logged_at + 1 WHERE position = 31")
        assert look(path).damage

    def test_what_is_wrong_all_the_same_is_not_covered_up(
        self, path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Such as what this release cannot know of: the ledger is then left as it was, and told to be damaged."""
        execute(path, "DELETE FROM edge")
        before = dump(path)
        monkeypatch.setattr(rebuilding, "_mend", lambda *_: None)
        done = mend(path, tmp_path)
        assert (done.written, done.backed_up) == (False, True)
        assert {rule for rule, *_ in damage(done)} == {"S106"}
        assert dump(path) == before == dump(tmp_path / "copy.db")

    def test_a_file_that_is_broken_is_told(self, path: Path, tmp_path: Path) -> None:
        """An index, here, that is not of the column that it is said to be of."""
        with closing(sqlite3.connect(path)) as database:
            database.execute("PRAGMA writable_schema=ON")
            other = "CREATE INDEX ix_entry_subject ON entry (issuer)"
            database.execute("UPDATE sqlite_schema SET sql = ? WHERE name = 'ix_entry_subject'", (other,))
            database.commit()
        with pytest.raises(UnreadableError) as refused:
            mend(path, tmp_path)
        assert refused.value.code == "ledger-damaged"


class TestInterrupted:
    @pytest.fixture
    def spoiled(self, path: Path) -> Path:
        execute(path, "DELETE FROM edge", "UPDATE entry SET subject = 'x'", "DELETE FROM tree_node WHERE level > 0")
        return path

    @pytest.mark.parametrize("function", ["back_up", "_mend", "_mend_entries", "findings"])
    @pytest.mark.parametrize("error", [RuntimeError, KeyboardInterrupt])
    def test_a_failure_leaves_all_as_it_was(
        self,
        spoiled: Path,
        sound: Path,
        tmp_path: Path,
        monkeypatch: pytest.MonkeyPatch,
        function: str,
        error: type[BaseException],
    ) -> None:
        before = dump(spoiled)
        module = integrity if function == "findings" else rebuilding
        step = getattr(module, function)

        def fail(*arguments: Any) -> None:
            step(*arguments)
            raise error

        with monkeypatch.context() as patch:
            patch.setattr(module, function, fail)
            with pytest.raises(error):
                mend(spoiled, tmp_path)
        assert dump(spoiled) == before == dump(tmp_path / "copy.db")
        (tmp_path / "copy.db").unlink()
        assert mend(spoiled, tmp_path).written
        assert dump(spoiled) == dump(sound)

    def test_without_a_backup_nothing_is_written(self, spoiled: Path, tmp_path: Path) -> None:
        (tmp_path / "copy.db").write_text("something else")
        before = dump(spoiled)
        with pytest.raises(UsageError) as refused:
            mend(spoiled, tmp_path)
        assert refused.value.code == "file-exists"
        assert dump(spoiled) == before

    def test_while_somebody_writes(self, spoiled: Path, tmp_path: Path) -> None:
        before = dump(spoiled)
        with closing(sqlite3.connect(spoiled, isolation_level=None)) as writer:
            writer.execute("BEGIN IMMEDIATE")
            with (
                Ledger.open(spoiled, busy_seconds=0.05) as ledger,
                pytest.raises(BiotraceError) as refused,
            ):
                rebuild(ledger, new_folder(spoiled), tmp_path / "copy.db")
            assert refused.value.code == "ledger-busy"
            writer.execute("ROLLBACK")
        assert dump(spoiled) == before
        assert not (tmp_path / "copy.db").exists()

    def test_while_it_runs_nobody_writes(
        self, spoiled: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, chain: ChainBuilder
    ) -> None:
        step, refusals = rebuilding._mend, []

        def meanwhile(*arguments: Any) -> None:
            with Ledger.open(spoiled, LOG, busy_seconds=0.05) as other, pytest.raises(BiotraceError) as refused:
                other.append(chain.records[-1:], NOW)
            refusals.append(refused.value.code)
            step(*arguments)

        monkeypatch.setattr(rebuilding, "_mend", meanwhile)
        assert mend(spoiled, tmp_path).written
        assert set(refusals) == {"ledger-busy"}

    @pytest.mark.skipif(sys.platform != "linux" or shutil.which("gcc") is None, reason="needs gcc on Linux")
    @pytest.mark.parametrize("action", ["KILL", "KILL-TORN", "ENOSPC", "EIO"])
    def test_killed_or_failing_at_any_call(
        self, spoiled: Path, sound: Path, tmp_path: Path, tmp_path_factory: pytest.TempPathFactory, action: str
    ) -> None:
        """Of the calls that write to the ledger, its log, the backup or the scratch file, every seventh."""
        shim = crash.build_shim(tmp_path_factory.mktemp("shim"))
        before, ended = dump(spoiled), set()
        for after in range(0, 210, 7):
            folder = tmp_path / f"try-{after}"
            (folder / "scratch").mkdir(parents=True)
            path = Path(shutil.copy(spoiled, folder / "ledger.db"))
            environment = {
                "LD_PRELOAD": str(shim),
                "IOFAULT_ACTION": action,
                "IOFAULT_CALLS": "write" if action == "KILL-TORN" else "write,sync,truncate",
                "IOFAULT_PATH": f"{folder}/*",
                "IOFAULT_AFTER": str(after),
            }
            run = crash.run_python(REBUILD, str(folder), environment=environment)
            if "iofault:" not in run.said:
                assert run.code == 0, run.said
                break
            with closing(sqlite3.connect(path)):
                pass  # recovers
            now = dump(path)
            assert now in (before, dump(sound))
            ended.add("old" if now == before else "new")
        else:
            pytest.fail("it never came through")
        assert "old" in ended


REBUILD = """
import sys; from pathlib import Path
from biotrace.store.ledger import Ledger; from biotrace.store.rebuild import rebuild
folder = Path(sys.argv[1])
with Ledger.open(folder / "ledger.db") as ledger:
    assert rebuild(ledger, folder / "scratch", folder / "copy.db").written
"""


def everything(url: str) -> dict[str, list[Any]]:
    """All rows of a ledger, in order of their values."""
    with Ledger.open(url) as ledger, ledger.database.reading() as connection:
        return {t.name: sorted(map(repr, map(tuple, connection.execute(select(t))))) for t in TABLES}


def test_on_postgresql(on_postgresql: str, tmp_path: Path, chain: ChainBuilder) -> None:
    make(on_postgresql, chain)
    before = everything(on_postgresql)
    with Ledger.open(on_postgresql) as ledger:
        assert compare(ledger, new_folder(tmp_path / "x")).equal
        with ledger.database.writing() as connection:
            for statement in (
                "DELETE FROM edge WHERE child > 12",
                "UPDATE entry SET kind = 9, record_id = decode('00' || position, 'escape') WHERE position > 3",
                "DELETE FROM bound_key",
                "UPDATE key_end SET first = 3",
                "UPDATE paper_number SET number = 'x'",
                "DELETE FROM document_copy",
                "UPDATE certified_m3 SET cm3 = 1",
                "UPDATE handed_over SET seller = 'x', buyer = NULL",
                "UPDATE drawn SET certificate = decode('00', 'hex')",
                "DELETE FROM arrived",
                "UPDATE felled_at SET number = number || '0'",
                "UPDATE tree_node SET hash = decode('00', 'hex') WHERE level = 2",
                "INSERT INTO tree_node VALUES (0, 77, decode('00', 'hex'))",
            ):
                connection.exec_driver_sql(statement)
    spoiled = everything(on_postgresql)
    done = mend(on_postgresql, tmp_path)
    assert done.written
    assert len(wrong(done)) == 12
    assert everything(on_postgresql) == before
    assert everything(str(tmp_path / "copy.db")) == spoiled
    with Ledger.open(on_postgresql) as ledger:
        assert check_integrity(ledger) == []
        with ledger.database.writing() as connection:
            connection.exec_driver_sql("UPDATE entry SET logged_at = logged_at + 1 WHERE position = 31")
            connection.exec_driver_sql("DELETE FROM edge")
    spoiled = everything(on_postgresql)
    (tmp_path / "copy.db").unlink()
    assert mend(on_postgresql, tmp_path).damage
    assert everything(on_postgresql) == spoiled


COPY = "ledger-before-rebuild-20141119.sqlite"


class TestCommand:
    """As a person runs it, in a workspace."""

    def test_a_sound_ledger_is_equal(self, run: Run, mill: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.delenv("BIOTRACE_PASSWORD")
        before = contents(mill)
        for write in ((), ("--write",)):
            for lang, words in (("ja", "すべて記録のとおり"), ("en", "all is as the records have it")):
                said = run("rebuild", *write, "-w", mill, lang=lang)
                assert said.exit_code == 0, said.output
                assert words in said.stdout
            answer = data(run("rebuild", *write, "-w", mill, "--format", "json"))
            assert (answer["equal"], answer["written"], answer["backup"], answer["integrity"]) == (
                True,
                False,
                None,
                [],
            )
        assert contents(mill) == before
        assert left_behind(mill) == []

    def test_what_differs_is_told_and_mended(self, run: Run, mill: Path) -> None:
        before = dump(mill / LEDGER)
        execute(mill / LEDGER, "DELETE FROM edge", "UPDATE entry SET subject = 'x' WHERE position = 9")
        spoiled = dump(mill / LEDGER)
        said = run("rebuild", "-w", mill, lang="en")
        assert said.exit_code == 1
        assert "entry (columns of the entries)" in said.stdout
        assert "different: position 9: subject" in said.stdout
        assert "nothing was changed; to mend it: biotrace rebuild --write" in said.stdout
        said = run("rebuild", "-w", mill)
        assert said.exit_code == 1
        assert "違う: position 9: subject" in said.stdout
        assert "何も変えていません" in said.stdout
        assert dump(mill / LEDGER) == spoiled
        answer = data(run("rebuild", "--write", "-w", mill, "--format", "json"))
        assert (answer["equal"], answer["written"], answer["backup"]) == (False, True, str(mill / COPY))
        (entry,) = [table for table in answer["tables"] if table["table"] == "entry"]
        assert (entry["missing"], entry["surplus"], entry["different"]) == (0, 0, 1)
        assert entry["first"] == [{"how": "different", "key": {"position": 9}, "columns": ["subject"]}]
        assert dump(mill / LEDGER) == before
        assert dump(mill / COPY) == spoiled
        assert left_behind(mill) == [COPY]

    def test_afterwards_verify_and_audit_find_no_fault_of_the_ledger(self, run: Run, mill: Path) -> None:
        judged = {command: run(command, "-w", mill, "--format", "json").stdout for command in ("verify", "audit")}
        execute(mill / LEDGER, "DELETE FROM edge", "DELETE FROM tree_node", "UPDATE bound_key SET party = 'x'")
        assert data(run("audit", "-w", mill, "--no-sign", "--format", "json"))["integrity"]
        assert run("issue", "--to", "plant-8", "--quantity", "1t", "--moisture", "0.42", "-w", mill).exit_code != 0
        said = run("rebuild", "--write", "-w", mill)
        assert said.exit_code == 0, said.output
        assert "記録から作り直し" in said.stdout
        assert run("verify", "-w", mill, "--format", "json").stdout == judged["verify"]
        audited = data(run("audit", "-w", mill, "--no-sign", "--format", "json"))
        assert audited["integrity"] == audited["log"] == []
        assert run("issue", "--to", "plant-8", "--quantity", "1t", "--moisture", "0.42", "-w", mill).exit_code == 0

    @pytest.mark.parametrize("write", [(), ("--write",)])
    def test_damage_is_told_and_left(self, run: Run, mill: Path, write: tuple[str, ...]) -> None:
        execute(mill / LEDGER, "UPDATE entry SET logged_at = logged_at + 1 WHERE position = 3", "DELETE FROM edge")
        before = dump(mill / LEDGER)
        said = run("rebuild", *write, "-w", mill, lang="en")
        assert said.exit_code == 1
        assert "entry 3: it is not what the log's tree holds in its place" in said.stdout
        assert "nothing was changed" in said.stdout
        assert "restore it from a backup" in said.stdout
        assert "控えから戻してください" in run("rebuild", *write, "-w", mill).stdout
        answer = data(run("rebuild", *write, "-w", mill, "--format", "json"))
        assert (answer["equal"], answer["written"], answer["backup"], answer["tables"]) == (False, False, None, [])
        assert "S104" in [finding["code"] for finding in answer["integrity"]]
        assert dump(mill / LEDGER) == before
        assert left_behind(mill) == []

    def test_an_earlier_ledger_put_in_place_is_not_rebuilt(self, run: Run, mill: Path, tmp_path: Path) -> None:
        earlier = Path(shutil.copytree(mill, tmp_path / "earlier")) / LEDGER
        issued = run("issue", "--to", "plant-8", "--quantity", "1t", "--moisture", "0.42", "-w", mill)
        assert issued.exit_code == 0, issued.output
        for path in mill.glob(f"{LEDGER}*"):
            path.unlink()
        shutil.copy(earlier, mill / LEDGER)
        execute(mill / LEDGER, "DELETE FROM edge")
        before = dump(mill / LEDGER)
        said = run("rebuild", "--write", "-w", mill)
        assert said.exit_code == 1
        assert "S105" in said.stdout
        assert dump(mill / LEDGER) == before

    def test_a_full_disk_leaves_all_as_it_was(self, run: Run, mill: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        execute(mill / LEDGER, "DELETE FROM edge")
        before = dump(mill / LEDGER)

        def disk_full(*_: object, **__: object) -> None:
            raise OSError(28, "No space left on device")

        for call in ("os.fsync", "tempfile.mkdtemp"):
            with monkeypatch.context() as patch:
                patch.setattr(call, disk_full)
                said = run("rebuild", "--write", "-w", mill)
            assert (said.exit_code, said.stdout) == (2, "")
            assert "空き容量がありません" in said.stderr
            assert dump(mill / LEDGER) == before
            assert left_behind(mill) == []

    def test_no_room_for_what_is_worked_out(self, run: Run, mill: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        execute(mill / LEDGER, "DELETE FROM edge")
        before = dump(mill / LEDGER)
        settings = rebuilt_rows._SETTINGS
        for pages in (9, 25):  # too few for its tables, and for their rows
            monkeypatch.setattr(rebuilt_rows, "_SETTINGS", (*settings, "page_size=512", f"max_page_count={pages}"))
            said = run("rebuild", "--write", "-w", mill)
            assert (said.exit_code, said.stdout) == (2, "")
            assert "いっぱいです" in said.stderr
            assert dump(mill / LEDGER) == before
            assert left_behind(mill) == []


def left_behind(folder: Path) -> list[str]:
    """Ledgers in the folder beside its own, and what was left half-done."""
    named = [path.name for path in folder.iterdir() if path.name.startswith(("ledger", ".biotrace"))]
    return sorted(name for name in named if not name.startswith(LEDGER))
