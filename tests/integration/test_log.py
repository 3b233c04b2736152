"""The ledger as a log: every append signs what it holds, everything is provable, and damage is never signed over."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, event

from biotrace.chain import checkpoint, merkle, tiles
from biotrace.chain.checkpoint import Checkpoint
from biotrace.chain.keys import DeviceKey
from biotrace.chain.kinds import RecordKind
from biotrace.chain.leaf import Leaf
from biotrace.chain.merkle import EMPTY_ROOT, MerkleError
from biotrace.chain.note import COSIGNATURE, NoteError, VerifierKey
from biotrace.chain.tiles import TileReader
from biotrace.errors import IntegrityError, UsageError
from biotrace.model.fuel_class import FuelClass
from biotrace.model.stock import Site
from biotrace.store import entries, tree
from biotrace.store.ledger import Ledger
from biotrace.store.log_key import LogKey
from tests import trees
from tests.builders import LOG, NOW, ChainBuilder, device_key

SIZES = [0, 5, 6, 14]
WITNESSES = [VerifierKey(f"witness.example/{i}", COSIGNATURE, device_key(f"witness {i}").public) for i in range(2)]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "ledger.db"


@pytest.fixture
def chain() -> ChainBuilder:
    return ChainBuilder().story()


@pytest.fixture
def ledger(path: Path, chain: ChainBuilder) -> Iterator[Ledger]:
    """The story, logged in three appends."""
    with Ledger.create(path, LOG) as made:
        for start, end in ((0, 5), (5, 6), (6, 14)):
            made.append(chain.records[start:end], NOW + start)
        yield made


def execute(path: Path, *statements: str | tuple[str, tuple[Any, ...]]) -> list[Any]:
    """What another program would do to the file; gives the rows of the last statement."""
    connection = sqlite3.connect(path)
    try:
        for statement in statements:
            rows = connection.execute(*((statement,) if isinstance(statement, str) else statement)).fetchall()
        connection.commit()
        return rows
    finally:
        connection.close()


def more(chain: ChainBuilder, name: str = "yard-1") -> list[Any]:
    return [chain.sign("otsu", RecordKind.SITE, name, Site(name, "otsu", FuelClass.THINNED))]


def cosigned(given: Checkpoint, *witnesses: int, at: int = NOW) -> Checkpoint:
    for i in witnesses:
        given = checkpoint.cosign(given, WITNESSES[i].name, device_key(f"witness {i}"), at)
    return given


class TestCheckpoints:
    def test_each_append_signs_the_root_over_all_leaves(self, ledger: Ledger) -> None:
        assert ledger.checkpoints() == SIZES
        leaves = [leaf.to_bytes() for leaf in ledger.leaves()]
        for size in SIZES:
            signed = ledger.checkpoint_at(size)
            assert signed is not None
            checkpoint.verify_log(signed, ledger.log_name)
            assert (signed.origin, signed.size, signed.root) == (LOG.origin, size, trees.mth(leaves[:size]))
        assert ledger.checkpoint() == ledger.checkpoint_at(14)

    def test_the_empty_log_is_signed_too(self, tmp_path: Path) -> None:
        with Ledger.create(tmp_path / "new.db", LOG) as empty:
            assert (empty.checkpoint().size, empty.checkpoint().root) == (0, EMPTY_ROOT)

    @pytest.mark.parametrize("size", [-1, 1, 7, 15, 2**63, 2**80])
    def test_there_is_none_of_a_size_at_which_nothing_was_signed(self, ledger: Ledger, size: int) -> None:
        assert ledger.checkpoint_at(size) is None

    def test_nothing_appended_is_nothing_signed(self, ledger: Ledger) -> None:
        assert ledger.append([], NOW) == []
        assert ledger.checkpoints() == SIZES

    def test_the_time_of_signing_is_kept(self, ledger: Ledger, path: Path, chain: ChainBuilder) -> None:
        ledger.append(more(chain), NOW + 100, made_at=NOW + 107)
        made = execute(path, "SELECT made_at FROM checkpoint ORDER BY size")
        assert [at for (at,) in made] == [None, NOW, NOW + 5, NOW + 6, NOW + 107]

    def test_a_log_goes_on_after_a_restart(self, ledger: Ledger, path: Path, chain: ChainBuilder) -> None:
        ledger.close()
        with Ledger.open(path, LOG) as again:
            again.append(more(chain), NOW + 60)
            again.append(more(chain, "yard-2"), NOW + 60)
            assert again.checkpoint().root == trees.mth([leaf.to_bytes() for leaf in again.leaves()])

    def test_a_failure_after_signing_leaves_neither_nodes_nor_checkpoint(
        self, ledger: Ledger, path: Path, chain: ChainBuilder, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        grow = tree.grow

        def fail(*arguments: Any) -> Any:
            grow(*arguments)
            raise RuntimeError("the power went out")

        counts = "SELECT (SELECT count(*) FROM tree_node), (SELECT count(*) FROM checkpoint)"
        before = execute(path, counts)
        monkeypatch.setattr(tree, "grow", fail)
        with pytest.raises(RuntimeError, match="the power went out"):
            ledger.append(more(chain), NOW + 60)
        monkeypatch.undo()
        assert execute(path, counts) == before
        assert ledger.append(chain.records[-1:], NOW + 60)[0].position == 14


def test_appending_reads_no_table_through(ledger: Ledger, chain: ChainBuilder) -> None:
    """Every statement finds its rows by a key, or reads the last one."""
    statements: list[tuple[str, Any]] = []

    @event.listens_for(Engine, "before_cursor_execute")
    def note(_: Any, __: Any, statement: str, parameters: Any, *___: Any) -> None:
        statements.append((statement, parameters))

    try:
        ledger.append([chain.felling("c-9", ("doc-1",), number="第26-099号")], NOW + 60)
    finally:
        event.remove(Engine, "before_cursor_execute", note)
    asked = [(sql, parameters) for sql, parameters in statements if sql.startswith("SELECT")]
    assert len(asked) >= 8
    with ledger.database.reading() as connection:
        for sql, parameters in asked:
            plan = [row[3] for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {sql}", parameters)]
            scans = [step for step in plan if step.startswith("SCAN") and "LIMIT ?" not in sql]
            assert scans == [], sql


class TestKey:
    def test_without_the_logs_key_a_ledger_is_only_read(self, ledger: Ledger, path: Path, chain: ChainBuilder) -> None:
        with Ledger.open(path) as reading:
            assert reading.log_name == LOG.verifier
            assert reading.checkpoint() == ledger.checkpoint()
            with pytest.raises(UsageError) as refused:
                reading.append(more(chain), NOW + 60)
            assert refused.value.code == "no-log-key"
            reading.unlock(LOG)
            assert reading.append(chain.records[-1:], NOW + 60)[0].position == 14

    @pytest.mark.parametrize(
        "other", [LogKey(LOG.origin, device_key("other log")), LogKey("log.example/other", LOG.key)]
    )
    def test_another_logs_key_is_refused(self, ledger: Ledger, path: Path, other: LogKey) -> None:
        with pytest.raises(UsageError) as refused:
            Ledger.open(path, other)
        assert refused.value.code == "wrong-log-key"
        with pytest.raises(UsageError, match=r"not the key of log\.example/test"):
            ledger.unlock(other)

    @pytest.mark.parametrize("origin", ["", "two words", "plus+", "line\n"])
    def test_a_name_that_no_log_has_is_refused(self, origin: str) -> None:
        with pytest.raises(NoteError):
            LogKey(origin, DeviceKey.generate())

    @pytest.mark.parametrize(
        "change",
        [
            "origin = 'log.example/other'",
            "log_vkey = 'x'",
            f"log_vkey = '{WITNESSES[0]}', origin = '{WITNESSES[0].name}'",
        ],
    )
    def test_a_ledger_that_names_no_log_is_damaged(self, path: Path, change: str) -> None:
        Ledger.create(path, LOG).close()
        execute(path, f"UPDATE biotrace_meta SET {change}")
        with pytest.raises(IntegrityError) as refused:
            Ledger.open(path)
        assert refused.value.code == "ledger-damaged"


class TestProofs:
    def test_every_entry_is_proven_to_be_in_every_later_log(self, ledger: Ledger) -> None:
        for size in SIZES[1:]:
            signed = ledger.checkpoint_at(size)
            assert signed is not None
            for index in range(size):
                proof = ledger.inclusion_proof(index, size)
                merkle.verify_inclusion(ledger.leaf(index).hash, index, size, proof, signed.root)

    def test_every_log_is_proven_to_continue_every_earlier_one(self, ledger: Ledger) -> None:
        signed = [ledger.checkpoint_at(size) for size in SIZES[1:]]
        for first in signed:
            for second in signed:
                assert first is not None
                assert second is not None
                if first.size <= second.size:
                    proof = ledger.consistency_proof(first.size, second.size)
                    merkle.verify_consistency(first.size, second.size, first.root, second.root, proof)

    def test_what_the_log_does_not_have_is_not_proven(self, ledger: Ledger) -> None:
        for prove in (ledger.inclusion_proof, ledger.consistency_proof):
            with pytest.raises(UsageError) as refused:
                prove(5, 15)
            assert refused.value.code == "log-size"
        with pytest.raises(MerkleError):
            ledger.inclusion_proof(5, 5)
        with pytest.raises(MerkleError):
            ledger.consistency_proof(0, 5)

    def test_leaves(self, ledger: Ledger, chain: ChainBuilder, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(entries, "BATCH", 5)
        expected = [Leaf(entry.record.record_id, entry.logged_at) for entry in ledger.entries()]
        assert list(ledger.leaves()) == expected
        assert list(ledger.leaves(3, 11)) == expected[3:11]
        assert list(ledger.leaves(11, 99)) == expected[11:]
        assert list(ledger.leaves(5, 5)) == list(ledger.leaves(14)) == []
        assert ledger.leaf(11) == Leaf(chain["c-1"].record_id, NOW + 6)
        for index in (-1, 14, 2**63, 2**80):
            with pytest.raises(UsageError, match=f"no entry {index}"):
                ledger.leaf(index)

    def test_the_tree_gives_tiles_that_anyone_can_verify(self, path: Path) -> None:
        chain = ChainBuilder().story()
        for i in range(600):
            more(chain, f"yard-{i}")
        files: dict[str, bytes] = {}
        with Ledger.create(path, LOG) as ledger:
            ledger.append(chain.records, NOW)
            signed = ledger.checkpoint()
            with ledger.tree() as node:
                for tile in tiles.tiles_at(signed.size):
                    if tile.level == tiles.ENTRIES:
                        first = tile.index * tiles.WIDTH
                        leaves = ledger.leaves(first, first + tile.width)
                        files[tile.path] = tiles.entry_bundle([leaf.to_bytes() for leaf in leaves])
                    else:
                        files[tile.path] = tiles.hash_tile(tile, node)
            reader = TileReader(files.get, signed.size, signed.root)
            assert list(reader.leaves()) == list(ledger.leaves())

    def test_a_node_that_is_missing_is_said_to_be(self, ledger: Ledger, path: Path) -> None:
        execute(path, "DELETE FROM tree_node WHERE level = 1 AND idx = 2")
        with ledger.tree() as node:
            assert node(1, 1)
            with pytest.raises(IntegrityError, match="node 1/2 of the tree is missing") as refused:
                node(1, 2)
        assert refused.value.code == "ledger-damaged"


FORGED = checkpoint.make(LOG.origin, 14, bytes(32), LOG.key)


class TestDamageIsNotSignedOver:
    @pytest.mark.parametrize(
        ("spoil", "said"),
        [
            ("DELETE FROM entry WHERE position = 13", "checkpoint is of 14 entries, yet it holds 13"),
            ("DELETE FROM checkpoint WHERE size = 14", "checkpoint is of 6 entries, yet it holds 14"),
            ("DELETE FROM checkpoint", "there is none at all"),
            ("UPDATE checkpoint SET note = x'00' WHERE size = 14", "checkpoint of 14"),
            ("UPDATE checkpoint SET size = 15 WHERE size = 14", "checkpoint of 15: it is of 14"),
            (("UPDATE checkpoint SET note = ? WHERE size = 14", (FORGED.to_bytes(),)), "does not have the root"),
            ("UPDATE tree_node SET hash = zeroblob(32) WHERE level = 3 AND idx = 0", "does not have the root"),
            ("UPDATE tree_node SET hash = x'00' WHERE level = 2 AND idx = 2", "missing or no hashes"),
            ("DELETE FROM tree_node WHERE level = 2 AND idx = 2", "missing or no hashes"),
        ],
    )
    def test_what_the_log_did_not_sign(
        self, ledger: Ledger, path: Path, chain: ChainBuilder, spoil: str | tuple[str, tuple[Any, ...]], said: str
    ) -> None:
        """In the process that signed it, and in one that comes later."""
        execute(path, "DELETE FROM edge", spoil)
        state = "SELECT (SELECT max(position) FROM entry), (SELECT count(*) FROM tree_node), max(size) FROM checkpoint"
        before = execute(path, state)
        records = more(chain)
        with Ledger.open(path, LOG) as later:
            for opened in (ledger, later):
                with pytest.raises(IntegrityError, match=said) as refused:
                    opened.append(records, NOW + 60)
                assert refused.value.code == "ledger-damaged"
        assert execute(path, state) == before

    def test_a_tree_made_to_fit_a_checkpoint_of_another_key(
        self, ledger: Ledger, path: Path, chain: ChainBuilder
    ) -> None:
        forged = checkpoint.make(LOG.origin, 14, ledger.checkpoint().root, device_key("thief"))
        execute(path, ("UPDATE checkpoint SET note = ? WHERE size = 14", (forged.to_bytes(),)))
        with pytest.raises(IntegrityError, match="no signature by a known key") as refused:
            ledger.append(more(chain), NOW + 60)
        assert refused.value.code == "ledger-damaged"


class TestCosignatures:
    def test_they_are_added_to_what_is_stored(self, ledger: Ledger, path: Path) -> None:
        signed = ledger.checkpoint()
        first = ledger.add_cosignatures(cosigned(signed, 0))
        both = ledger.add_cosignatures(cosigned(signed, 1))
        assert len(checkpoint.verify_cosignatures(first, WITNESSES, 1)) == 1
        assert both == ledger.checkpoint()
        with Ledger.open(path) as again:
            found = checkpoint.verify_cosignatures(again.checkpoint(), WITNESSES, 2)
        assert [cosignature.witness for cosignature in found] == WITNESSES
        checkpoint.verify_log(both, LOG.verifier)

    def test_an_older_checkpoint_takes_them_too_and_the_log_goes_on(self, ledger: Ledger, chain: ChainBuilder) -> None:
        older = ledger.checkpoint_at(6)
        assert older is not None
        assert ledger.add_cosignatures(cosigned(older, 0)) == ledger.checkpoint_at(6)
        ledger.add_cosignatures(cosigned(ledger.checkpoint(), 1))
        ledger.append(more(chain), NOW + 60)
        assert ledger.checkpoints() == [*SIZES, 15]

    def test_a_witness_has_one_line(self, ledger: Ledger) -> None:
        signed = ledger.checkpoint()
        ledger.add_cosignatures(cosigned(signed, 0))
        again = ledger.add_cosignatures(cosigned(signed, 0, at=NOW + 60))
        assert len(again.note.signatures) == 2
        assert checkpoint.verify_cosignatures(again, WITNESSES[:1], 1)[0].time == NOW + 60

    def test_the_logs_own_line_stays(self, ledger: Ledger) -> None:
        """Nobody can put a bad signature of the log in place of its good one."""
        signed = cosigned(ledger.checkpoint(), 0)
        own, witness = signed.note.signatures
        spoiled = replace(signed, note=replace(signed.note, signatures=(replace(own, blob=bytes(64)), witness)))
        checkpoint.verify_log(ledger.add_cosignatures(spoiled), LOG.verifier)

    def test_only_the_same_text_takes_them(self, ledger: Ledger) -> None:
        other = cosigned(FORGED, 0)
        with pytest.raises(IntegrityError) as refused:
            ledger.add_cosignatures(other)
        assert refused.value.code == "checkpoint-other"
        with pytest.raises(UsageError) as unknown:
            ledger.add_cosignatures(cosigned(checkpoint.make(LOG.origin, 11, bytes(32), LOG.key), 0))
        assert unknown.value.code == "checkpoint-unknown"
        assert len(ledger.checkpoint().note.signatures) == 1
