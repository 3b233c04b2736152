"""S104: whatever is done to entries, tree or checkpoints so that they no longer fit each other is found, and where."""

from __future__ import annotations

import random
import shutil
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from biotrace.chain import checkpoint
from biotrace.chain.checkpoint import Checkpoint
from biotrace.chain.kinds import RecordKind
from biotrace.chain.leaf import Leaf
from biotrace.chain.merkle import Frontier
from biotrace.model.fuel_class import FuelClass
from biotrace.model.stock import Site
from biotrace.store import stored_tree
from biotrace.store.integrity import check_integrity
from biotrace.store.ledger import Ledger
from tests.builders import LOG, NOW, ChainBuilder, device_key

SIZE = 21
"""Entries: three complete subtrees, of 16, 4 and 1; logged in appends of 5, 7, 8 and 1."""
SIZES = [5, 12, 20, 21]

Found = list[tuple[str, int, str]]
Change = tuple[str, tuple[Any, ...]] | str


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A sound ledger in a file."""
    chain = ChainBuilder().story()
    for i in range(SIZE - len(chain.records)):
        chain.sign("otsu", RecordKind.SITE, f"yard-{i}", Site(f"yard-{i}", "otsu", FuelClass.THINNED))
    path = tmp_path_factory.mktemp("sound") / "ledger.db"
    with Ledger.create(path, LOG) as made:
        for start, end in zip([0, *SIZES], SIZES, strict=False):
            made.append(chain.records[start:end], NOW + start)
        assert check_integrity(made) == []
    return path


@pytest.fixture
def path(sound: Path, tmp_path: Path) -> Path:
    """A copy of it, to be spoiled."""
    return Path(shutil.copy(sound, tmp_path / "ledger.db"))


def execute(path: Path, *changes: Change) -> None:
    connection = sqlite3.connect(path)
    for change in changes:
        connection.execute(*((change,) if isinstance(change, str) else change))
    connection.commit()
    connection.close()


def found(path: Path) -> Found:
    """Rule, position and message, of S104 alone."""
    with Ledger.open(path) as opened:
        return [(f.rule, f.position, f.message.en) for f in check_integrity(opened) if f.rule == "S104"]


def note(size: int, root: bytes, key: str = "log") -> bytes:
    return checkpoint.make(LOG.origin, size, root, device_key(key)).to_bytes()


def signed(path: Path, size: int) -> Checkpoint:
    with Ledger.open(path) as opened:
        there = opened.checkpoint_at(size)
    assert there is not None
    return there


NODES = 2 * SIZE - 3
"""Stored: 21 leaves, and 10, 5, 2 and 1 above them."""


@pytest.mark.parametrize(
    ("change", "position", "said"),
    [
        ("UPDATE tree_node SET hash = zeroblob(32) WHERE level = 0 AND idx = 7", 7, "not what the log's tree holds"),
        ("UPDATE tree_node SET hash = x'00' WHERE level = 0 AND idx = 7", 7, "not what the log's tree holds"),
        ("UPDATE entry SET logged_at = logged_at + 1 WHERE position = 4", 4, "not what the log's tree holds"),
        ("UPDATE entry SET record_id = x'00' WHERE position = 4", 4, "not what the log's tree holds"),
        ("UPDATE tree_node SET hash = zeroblob(32) WHERE level = 4", 21, "1 nodes of the log's tree do not fit"),
        ("UPDATE tree_node SET hash = x'' WHERE level = 1 AND idx > 7", 21, "2 nodes of the log's tree do not fit"),
        ("DELETE FROM tree_node WHERE level = 0 AND idx = 3", 21, "1 nodes of the log's tree are missing (first 0/3)"),
        ("DELETE FROM tree_node WHERE level = 2 AND idx = 1", 21, "1 nodes of the log's tree are missing (first 2/1)"),
        ("DELETE FROM tree_node", 21, f"{NODES} nodes of the log's tree are missing (first 0/0)"),
        ("INSERT INTO tree_node VALUES (0, 21, zeroblob(32))", 21, "has 1 nodes for which there are no entries"),
        ("INSERT INTO tree_node VALUES (3, 2, zeroblob(32))", 21, "has 1 nodes for which there are no entries"),
        ("INSERT INTO tree_node VALUES (5, 0, zeroblob(32))", 21, "has 1 nodes for which there are no entries"),
        ("INSERT INTO tree_node VALUES (64, 0, zeroblob(32))", 21, "has 1 nodes for which there are no entries"),
        ("INSERT INTO tree_node VALUES (-1, -1, zeroblob(32))", 21, "has 1 nodes for which there are no entries"),
        ("DELETE FROM checkpoint", 21, "there is no checkpoint of the log"),
        ("DELETE FROM checkpoint WHERE size = 21", 20, "entries from 20 on are covered by no checkpoint"),
        (
            "UPDATE checkpoint SET note = x'00' WHERE size = 21",
            21,
            "1 checkpoints do not fit the entries (of sizes 21)",
        ),
        ("UPDATE checkpoint SET note = x'00' WHERE size = 0", 21, "1 checkpoints do not fit the entries (of sizes 0)"),
        ("UPDATE checkpoint SET size = 11 WHERE size = 12", 21, "(of sizes 11): it is of 12 entries"),
        (("UPDATE checkpoint SET note = ? WHERE size = 12", (note(12, bytes(32)),)), 21, "(of sizes 12): its root is"),
        (("UPDATE checkpoint SET note = ? WHERE size = 21", (note(21, bytes(32)),)), 21, "(of sizes 21): its root is"),
        (("INSERT INTO checkpoint VALUES (13, ?, 0)", (note(13, bytes(32)),)), 21, "(of sizes 13): its root is"),
        (("INSERT INTO checkpoint VALUES (30, ?, 0)", (note(30, bytes(32)),)), 21, "the last 9 are missing"),
        ("INSERT INTO checkpoint VALUES (30, x'00', 0)", 21, "the checkpoint of 30 entries is bad"),
    ],
)
def test_one_change_is_one_finding(path: Path, change: Change, position: int, said: str) -> None:
    execute(path, change)
    (only,) = found(path)
    assert only[:2] == ("S104", position)
    assert said in only[2]


@pytest.mark.parametrize("size", [12, 21])
def test_a_checkpoint_signed_by_another_key_is_found(path: Path, size: int) -> None:
    forged = note(size, signed(path, size).root, "thief")
    execute(path, ("UPDATE checkpoint SET note = ? WHERE size = ?", (forged, size)))
    ((_, position, said),) = found(path)
    assert position == SIZE
    assert f"(of sizes {size})" in said
    assert "no signature by a known key" in said


@pytest.mark.parametrize("cut", [1, 5, 9])
def test_a_cut_tail_is_found_and_measured(path: Path, cut: int) -> None:
    """Nothing in the entries themselves tells that there were more."""
    held = SIZE - cut
    execute(path, f"DELETE FROM edge WHERE child >= {held}", f"DELETE FROM entry WHERE position >= {held}")
    with Ledger.open(path) as opened:
        assert {f.rule for f in check_integrity(opened)} <= {"S103", "S104"}
    assert ("S104", held, f"of the 21 entries that the log signed, the last {cut} are missing") in found(path)


def test_a_cut_tail_whose_nodes_were_cut_too_is_found(path: Path) -> None:
    surplus = "DELETE FROM tree_node WHERE (idx + 1) << level > 20"
    execute(path, "DELETE FROM entry WHERE position = 20", surplus)
    assert found(path) == [("S104", 20, "of the 21 entries that the log signed, the last 1 are missing")]


def everything(path: Path) -> Found:
    with Ledger.open(path) as opened:
        return [(f.rule, f.position, f.message.en) for f in check_integrity(opened)]


def make_tree_fit(path: Path) -> None:
    """What somebody would do who cannot sign for the log: compute every node anew."""
    frontier = Frontier()
    with Ledger.open(path) as opened:
        nodes = [node for leaf in opened.leaves() for node in frontier.append(leaf.hash)]
    update = "UPDATE tree_node SET hash = ? WHERE level = ? AND idx = ?"
    execute(path, *((update, (node.hash, node.level, node.index)) for node in nodes))


def test_unrelated_records_that_changed_places_show_in_what_the_log_signed(path: Path) -> None:
    """The root's word on the plant (9) and kousei's doc-1 (10), logged in the same second: no chain breaks."""
    for one, other in ((9, -1), (10, 9), (-1, 10)):
        execute(path, f"UPDATE entry SET position = {other} WHERE position = {one}")
    execute(path, "UPDATE edge SET parent = 9 WHERE parent = 10")
    execute(
        path, *(f"UPDATE {table} SET position = 9 WHERE position = 10" for table in ("paper_number", "document_copy"))
    )
    assert [finding[:2] for finding in everything(path)] == [("S104", 9), ("S104", 10)]
    make_tree_fit(path)
    assert everything(path) == [
        (
            *("S104", SIZE),
            "3 checkpoints do not fit the entries (of sizes 21, 20, 12): its root is not that of the entries' tree",
        )
    ]


def test_a_log_time_moved_within_its_order_shows_in_what_the_log_signed(path: Path) -> None:
    execute(path, "UPDATE entry SET logged_at = logged_at + 1 WHERE position = 19")
    make_tree_fit(path)
    ((rule, position, said),) = everything(path)
    assert (rule, position) == ("S104", SIZE)
    assert "(of sizes 21, 20)" in said


def test_an_entry_missing_in_the_middle_does_not_hide_what_comes_after(path: Path) -> None:
    execute(
        path,
        "DELETE FROM edge",
        "DELETE FROM entry WHERE position = 7",
        "UPDATE entry SET logged_at = logged_at + 1 WHERE position = 18",
    )
    assert [position for _, position, _ in found(path)] == [7, 18]


def test_where_entry_and_node_are_missing_the_rest_cannot_be_compared_and_that_is_said(path: Path) -> None:
    execute(path, "DELETE FROM edge", "DELETE FROM entry WHERE position = 7", "DELETE FROM tree_node WHERE idx = 7")
    assert found(path) == [("S104", 7, "entry 7, which the log has, is missing")]


def test_many_checkpoints_that_do_not_fit_are_one_finding(path: Path) -> None:
    execute(path, *(("INSERT OR REPLACE INTO checkpoint VALUES (?, x'00', 0)", (size,)) for size in range(22)))
    ((_, _, said),) = found(path)
    assert said.startswith("22 checkpoints do not fit the entries (of sizes 21, 20, 19, 18, 17 …): ")


def test_in_batches_it_is_the_same(sound: Path, path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stored_tree, "_BATCH", 3)
    assert found(sound) == []
    execute(path, "UPDATE tree_node SET hash = zeroblob(32) WHERE level = 4", "DELETE FROM tree_node WHERE idx = 13")
    assert len(found(path)) == 2


def test_what_is_appended_meanwhile_is_no_damage(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Read in batches, between which another process goes on."""
    monkeypatch.setattr(stored_tree, "_BATCH", 5)
    steps: Callable[..., Any] = stored_tree._steps
    chain = ChainBuilder().story()

    def busy(*arguments: Any) -> Any:
        with Ledger.open(path, LOG) as other:
            other.append([chain.felling("c-9", ("doc-1",), number="第26-099号")], NOW + 60)
        yield from steps(*arguments)

    monkeypatch.setattr(stored_tree, "_steps", busy)
    assert found(path) == []


def test_any_byte_of_the_log_is_guarded(path: Path, sound: Path) -> None:
    """One byte, of any node or any checkpoint's text or log signature."""
    numbers = random.Random(104)
    with Ledger.open(sound) as opened:
        notes = {size: (opened.checkpoint_at(size) or opened.checkpoint()).to_bytes() for size in [0, *SIZES]}
        with opened.tree() as node:
            places = [(level, i) for level in range(5) for i in range(SIZE >> level)]
            nodes = {place: node(*place) for place in places}
    for (level, index), sane in nodes.items():
        set_node = ("UPDATE tree_node SET hash = ? WHERE level = ? AND idx = ?", level, index)
        execute(path, (set_node[0], (flipped(sane, numbers), level, index)))
        assert found(path), (level, index)
        execute(path, (set_node[0], (sane, level, index)))
    for size, sane in notes.items():
        for _ in range(20):
            spoiled = flipped(sane, numbers)
            execute(path, ("UPDATE checkpoint SET note = ? WHERE size = ?", (spoiled, size)))
            assert found(path), spoiled
        execute(path, ("UPDATE checkpoint SET note = ? WHERE size = ?", (sane, size)))
    assert found(path) == []


def flipped(data: bytes, numbers: random.Random) -> bytes:
    at = numbers.randrange(len(data))
    return data[:at] + bytes([data[at] ^ (1 << numbers.randrange(8))]) + data[at + 1 :]


def test_leaves_are_what_the_tree_holds(sound: Path) -> None:
    with Ledger.open(sound) as opened, opened.tree() as node:
        for entry in opened.entries():
            assert node(0, entry.position) == Leaf(entry.record.record_id, entry.logged_at).hash
