"""Whatever is changed in a ledger behind its back, an audit tells it as the whole reading does, and is never clean."""

from __future__ import annotations

import random
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from biotrace.chain import cbor, cose
from biotrace.chain.kinds import KeyEnd, KeyEndReason, RecordKind
from biotrace.chain.leaf import Leaf
from biotrace.chain.merkle import Frontier
from biotrace.chain.record import content_digest
from biotrace.errors import UnreadableError, UpdateNeededError
from biotrace.model.correction import Action
from biotrace.model.fuel_class import FuelClass
from biotrace.model.stock import Site, StockEntry, StockKind
from biotrace.services.key_files import KeyFiles, no_password
from biotrace.services.memory import SEEN
from biotrace.services.settings import LEDGER
from biotrace.store.ledger import Ledger
from tests.audits import Told, audited, whole
from tests.builders import NOW, ROOT, ChainBuilder, device_key, m3
from tests.desks import Desk, desk, noon

DAYS = [date(2014, 11, 19), date(2014, 11, 20), date(2014, 11, 22)]
_TABLES = (
    *(("edge", "child"), ("bound_key", "position"), ("key_end", "position")),
    *(("paper_number", "position"), ("document_copy", "position"), ("certified_m3", "position")),
    *(
        ("handed_over", "position"),
        ("drawn", "child"),
        ("arrived", "position"),
        ("felled_at", "position"),
        ("entry", "position"),
    ),
)
Change = str | tuple[str, tuple[Any, ...]]


def story() -> ChainBuilder:
    """Records of every kind that reaches back: holds, a supplement with its paper, stock, a revoked key."""
    chain = ChainBuilder().story()
    chain.processing("c-3", {"c-1": m3(11)}, number="乙-3")
    chain.delivery("d-3", "c-3")
    chain.correction("hold", "c-1", Action.HOLD)
    chain.processing("c-4", {"c-1": m3(11)}, number="乙-4")
    chain.correction("release", "c-1", Action.RELEASE)
    chain.felling("f-5", (), number="f-5")
    chain.processing("c-5", {"f-5": m3(11)}, number="乙-5")
    chain.document("doc-6", number="26-6")
    chain.felling("f-6", ("doc-6",), number="f-6")
    chain.correction("supplement", "f-5", Action.SUPPLEMENT, by="f-6")
    chain.correction("cancel", "c-4", Action.CANCEL)
    chain.sign("otsu", RecordKind.SITE, "yard", Site("yard", "otsu", FuelClass.THINNED))
    opening = StockEntry("yard", date(2014, 6, 1), FuelClass.THINNED, m3(5), StockKind.OPENING)
    chain.sign("otsu", RecordKind.STOCK, "opening", opening)
    chain.processing("c-7", {"c-1": m3(11)}, number="乙-7", from_site="yard")
    chain.processing("c-8", {"c-1": m3(11)}, number="乙-8")
    first = len(chain.records) - 1
    chain.sign(ROOT, RecordKind.KEY_END, "leaked", KeyEnd(device_key("otsu").kid, first, KeyEndReason.LEAKED))
    return chain


CHAIN = story()
PLACES = {record.subject: place for place, record in enumerate(CHAIN.records)}
END = len(CHAIN.records)


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The plant's folder with the story in its ledger, in two appends."""
    folder = tmp_path_factory.mktemp("sound")
    batches = [(DAYS[0], CHAIN.records[:20]), (DAYS[1], CHAIN.records[20:])]
    with desk(folder, "plant-8", batches, DAYS[2]) as workspace:
        _, told = audited(workspace)
        assert told.same_as(whole(workspace))
        assert {finding.code for finding in told.damage} == {"key-cut-off"}
    shutil.rmtree(folder / SEEN)  # so that what is found is found in the ledger, not by what was seen of it
    return folder


@pytest.fixture
def folder(sound: Path, tmp_path: Path) -> Path:
    """A copy of it, to be spoiled."""
    return Path(shutil.copytree(sound, tmp_path / "plant"))


@contextmanager
def spoiled(folder: Path, *changes: Change) -> Iterator[Desk]:
    """The desk, after somebody has been at its database."""
    with closing(sqlite3.connect(folder / LEDGER)) as database, database:
        for change in changes:
            database.execute(*((change,) if isinstance(change, str) else change))
    with closing(Ledger.open(folder / LEDGER)) as ledger:
        yield Desk(folder, "plant-8", ledger, lambda: noon(DAYS[2]), KeyFiles(folder, no_password))
    shutil.rmtree(folder / SEEN, ignore_errors=True)


def told_of(folder: Path, *changes: Change) -> Told:
    """What an audit tells of the database after these changes: what the whole reading tells, and always some damage."""
    with spoiled(folder, *changes) as workspace:
        found, told = audited(workspace)
        assert told.same_as(whole(workspace)), changes
    assert any(finding.is_damage for finding in found.damage), changes
    assert not found.clean, changes
    assert found.kept is None, changes
    return told


def rules(told: Told, position: int) -> set[str]:
    """The rules by which something is wrong with the entry there, but for what a key signed after its end."""
    return {f.rule for f in told.damage if f.position == position and f.code != "key-cut-off"}


def update(column: str, value: object, subject: str) -> Change:
    return (f"UPDATE entry SET {column} = ? WHERE position = ?", (value, PLACES[subject]))


OTHER: dict[str, object] = {
    "record_id": bytes(32),
    "kind": 8,
    "issuer": "thief",
    "subject": "other",
    "kid": bytes(16),
    "seq": 77,
    "content": bytes(32),
}
KINDS = [
    *("key-kumiai", "trusted", "key-otsu", "kousei", "accreditation:kousei:1", "doc-1", "doc-6", "c-1", "c-8", "f-5"),
    *("f-6", "d-1", "hold", "release", "supplement", "cancel", "opening", "leaked"),
]


@pytest.mark.parametrize("subject", KINDS)
def test_a_changed_column_is_told(subject: str, sound: Path, tmp_path: Path) -> None:
    for column, value in OTHER.items():
        kind = 4 if CHAIN[subject].kind == RecordKind.SITE else value
        folder = Path(shutil.copytree(sound, tmp_path / column))
        told = told_of(folder, update(column, kind if column == "kind" else value, subject))
        assert "S106" in rules(told, PLACES[subject]), column


@pytest.mark.parametrize("subject", KINDS)
def test_a_changed_byte_of_a_record_is_told(subject: str, folder: Path) -> None:
    """One bit, at some places of every kind; and what is no record at all."""
    numbers = random.Random(subject)
    sane = CHAIN[subject].envelope
    for _ in range(6):
        at = numbers.randrange(len(sane))
        changed = sane[:at] + bytes([sane[at] ^ 1 << numbers.randrange(8)]) + sane[at + 1 :]
        told = told_of(folder, update("envelope", changed, subject))
        assert rules(told, PLACES[subject]), at
    assert rules(told_of(folder, update("envelope", b"", subject)), PLACES[subject]) == {"S106"}


@pytest.mark.parametrize("at", [0, 1, NOW - 10**6, NOW + 10**8, -5, 2**62])
def test_a_changed_log_time_is_told(at: int, folder: Path) -> None:
    told = told_of(folder, update("logged_at", at, "c-3"))
    assert "S104" in rules(told, PLACES["c-3"])


@pytest.mark.parametrize("subject", ["key-otsu", "doc-1", "c-1", "f-6", "hold", "leaked"])
@pytest.mark.parametrize("traces", [True, False], ids=["with what points to it", "without"])
def test_a_record_taken_out_is_told(subject: str, traces: bool, folder: Path) -> None:
    place = PLACES[subject]
    others = [f"DELETE FROM {table} WHERE {column} = {place}" for table, column in _TABLES]
    told = told_of(folder, *(others[-1:] if traces else others))
    assert rules(told, place) | rules(told, place + 1) >= {"S104"}


@pytest.mark.parametrize("left", [0, 1, 12, 20, END - 1])
def test_records_cut_off_at_the_end_are_told(left: int, folder: Path) -> None:
    """Nothing in the entries themselves tells that there were more: the log's last checkpoint does."""
    told = told_of(folder, *(f"DELETE FROM {table} WHERE {column} >= {left}" for table, column in _TABLES))
    assert "S104" in rules(told, left)


@pytest.mark.parametrize("at", [END, END + 9, 10**12, 2**63 - 1])
def test_a_record_that_the_log_did_not_take_is_told(at: int, folder: Path) -> None:
    """Well signed by the plant, and put into the tables behind the log's back, however far away."""
    more = story()
    more.delivery("d-4", "c-4")
    record = more["d-4"]
    values = (at, record.record_id, record.envelope, 5, "plant-8", "d-4", record.kid, record.seq)
    row = "INSERT INTO entry SELECT ?, ?, ?, ?, ?, ?, ?, ?, ?, logged_at FROM entry WHERE position = 30"
    edge = f"INSERT INTO edge VALUES ({at}, {PLACES['c-4']})"
    told = told_of(folder, (row.replace("30", str(END - 1)), (*values, content_digest(record))), edge)
    assert "S104" in {finding.rule for finding in told.damage}


@pytest.mark.parametrize("to", [-1, -(10**12), -(2**63), 10**6, 2**63 - 1])
@pytest.mark.parametrize("subject", ["key-kumiai", "c-1", "c-3", "leaked"])
def test_a_record_moved_elsewhere_is_told(subject: str, to: int, folder: Path) -> None:
    told = told_of(folder, f"UPDATE entry SET position = {to} WHERE position = {PLACES[subject]}")
    assert told.damage


@pytest.mark.parametrize(
    ("one", "other"), [("c-3", "d-3"), ("doc-1", "c-1"), ("hold", "c-4"), ("cancel", "yard"), ("key-otsu", "c-7")]
)
@pytest.mark.parametrize("fitting", [False, True], ids=["tree as it was", "tree made to fit"])
def test_records_that_changed_places_are_told(one: str, other: str, fitting: bool, folder: Path) -> None:
    """Also where every node of the tree was computed anew: nobody but the log can sign its root."""
    here, there = PLACES[one], PLACES[other]
    swap = [
        f"UPDATE entry SET position = -1 WHERE position = {here}",
        f"UPDATE entry SET position = {here} WHERE position = {there}",
        f"UPDATE entry SET position = {there} WHERE position = -1",
    ]
    records = [*CHAIN.records]
    records[here], records[there] = records[there], records[here]
    frontier, times = Frontier(), [noon(DAYS[place >= 20]) for place in range(END)]
    times[here], times[there] = times[there], times[here]
    leaves = [Leaf(record.record_id, at).hash for record, at in zip(records, times, strict=True)]
    nodes = [node for leaf in leaves for node in frontier.append(leaf)] if fitting else []
    change = "UPDATE tree_node SET hash = ? WHERE level = ? AND idx = ?"
    told = told_of(folder, *swap, *((change, (node.hash, node.level, node.index)) for node in nodes))
    assert "S104" in {finding.rule for finding in told.damage}


@pytest.mark.parametrize(
    "change",
    [
        *(f"DELETE FROM edge WHERE child = {PLACES[subject]}" for subject in ("c-1", "d-1", "hold", "supplement")),
        f"INSERT INTO edge VALUES ({PLACES['c-7']}, 0)",
        f"INSERT INTO edge VALUES ({END + 70}, 0)",
        f"DELETE FROM paper_number WHERE position = {PLACES['c-1']}",
        f"UPDATE paper_number SET number = 'x' WHERE position = {PLACES['doc-1']}",
        f"DELETE FROM document_copy WHERE position = {PLACES['doc-1']}",
        f"DELETE FROM certified_m3 WHERE position = {PLACES['c-1']}",
        f"UPDATE certified_m3 SET cm3 = 1 WHERE position = {PLACES['c-1']}",
        f"INSERT INTO certified_m3 VALUES ({PLACES['c-2']}, 1)",
        f"DELETE FROM handed_over WHERE position = {PLACES['c-2']}",
        f"UPDATE handed_over SET seller = 'x' WHERE position = {PLACES['c-2']}",
        f"UPDATE handed_over SET buyer = NULL WHERE position = {PLACES['c-2']}",
        *(
            f"INSERT INTO handed_over VALUES ({place}, 'otsu', 'plant-8', NULL, '2014-11-20', 1, 't', NULL, NULL)"
            for place in (PLACES["d-1"], END + 70)
        ),
        *(
            f"UPDATE handed_over SET {change} WHERE position = {PLACES['c-2']}"
            for change in ("issuer = 'x'", "day = '2014-11-21'", "amount = 1", "unit = 'kg'", "moisture = 1")
        ),
        f"UPDATE handed_over SET species = '[]' WHERE position = {PLACES['c-1']}",
        f"DELETE FROM drawn WHERE child = {PLACES['c-2']}",
        f"UPDATE drawn SET amount = 1 WHERE child = {PLACES['c-2']}",
        f"UPDATE drawn SET certificate = zeroblob(32) WHERE child = {PLACES['c-2']}",
        f"UPDATE drawn SET nth = 1 WHERE child = {PLACES['c-2']} AND nth = 0",
        *(
            f"INSERT INTO drawn VALUES ({place}, 1, zeroblob(32), 1, 't', NULL)"
            for place in (PLACES["c-2"], PLACES["d-1"], END + 70)
        ),
        f"DELETE FROM felled_at WHERE position = {PLACES['c-1']}",
        f"UPDATE felled_at SET number = '9' WHERE position = {PLACES['c-1']} AND number = '236'",
        f"INSERT INTO felled_at VALUES ('9', {PLACES['c-1']})",
        f"INSERT INTO felled_at VALUES ('9', {PLACES['d-1']})",
        f"INSERT INTO felled_at VALUES ('9', {END + 70})",
        f"DELETE FROM arrived WHERE position = {PLACES['d-1']}",
        *(
            f"UPDATE arrived SET {change} WHERE position = {PLACES['d-1']}"
            for change in ("sender = NULL", "place = 'x'", "day = '2014-11-21'", "certificate = NULL", "amount = 1")
        ),
        f"INSERT INTO arrived VALUES ({PLACES['c-2']}, NULL, 'plant-8', '2014-11-20', NULL, 1, 't', NULL)",
        f"INSERT INTO arrived VALUES ({END + 70}, NULL, 'plant-8', '2014-11-20', NULL, 1, 't', NULL)",
        *(f"DELETE FROM bound_key WHERE position = {PLACES[key]}" for key in ("key-kumiai", "key-kousei", "key-otsu")),
        f"UPDATE bound_key SET party = 'thief' WHERE position = {PLACES['key-otsu']}",
        f"UPDATE bound_key SET root = 1 WHERE position = {PLACES['key-otsu']}",
        f"UPDATE bound_key SET public = x'00' WHERE position = {PLACES['key-otsu']}",
        f"UPDATE bound_key SET by_kid = x'00' WHERE position = {PLACES['key-otsu']}",
        f"UPDATE bound_key SET position = 88 WHERE position = {PLACES['key-otsu']}",
        "INSERT INTO bound_key VALUES (x'00', x'01', 'thief', 11, 0, x'02')",
        f"DELETE FROM key_end WHERE position = {PLACES['leaked']}",
        f"UPDATE key_end SET first = 3 WHERE position = {PLACES['leaked']}",
        f"INSERT INTO key_end SELECT 11, kid, 12 FROM bound_key WHERE position = {PLACES['key-kousei']}",
    ],
)
def test_a_changed_row_beside_the_entries_is_told(change: str, folder: Path) -> None:
    assert told_of(folder, change).damage


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE tree_node SET hash = zeroblob(32) WHERE level = 0 AND idx = 13",
        "UPDATE tree_node SET hash = zeroblob(32) WHERE level = 3 AND idx = 0",
        "DELETE FROM tree_node WHERE level = 0 AND idx = 13",
        "DELETE FROM tree_node",
        "INSERT INTO tree_node VALUES (3, 77, zeroblob(32))",
        *(f"UPDATE checkpoint SET note = x'00' WHERE size = {size}" for size in (0, 20, END)),
        f"DELETE FROM checkpoint WHERE size = {END}",
        "DELETE FROM checkpoint",
        "INSERT INTO checkpoint VALUES (99, x'00', 0)",
    ],
)
def test_a_tree_or_checkpoint_that_was_altered_is_told(change: str, folder: Path) -> None:
    """Also what does not matter to the root: stored nodes are in receipts, earlier checkpoints in others' hands."""
    assert "S104" in {finding.rule for finding in told_of(folder, change).damage}


@pytest.mark.parametrize(
    ("change", "again"),
    [
        # Believed by itself, though not in its place: what cites other entries than its row says, or ends a key so.
        (f"DELETE FROM edge WHERE child = {PLACES['hold']}", 1),
        (f"DELETE FROM edge WHERE child = {PLACES['supplement']}", 1),
        (f"UPDATE key_end SET first = 3 WHERE position = {PLACES['leaked']}", 1),
        # Not found by its kind, though it ends a key whatever its row says.
        (f"UPDATE entry SET kind = 3 WHERE position = {PLACES['leaked']}", 1),
        # Not found under the keys of the table, though a record binds the key.
        (f"DELETE FROM bound_key WHERE position = {PLACES['key-kousei']}", 1),
        (f"UPDATE entry SET subject = 'x' WHERE position = {PLACES['key-kumiai']}", 1),
        # A supplement that reads differently from what its supplementing record cites.
        (update("envelope", CHAIN["f-6"].envelope[:-1] + b"\0", "f-6"), 1),
        # What the database lies about proves nothing, so it does not matter that it was not found.
        (f"UPDATE entry SET kind = 3 WHERE position = {PLACES['cancel']}", 0),
        (f"UPDATE entry SET kind = 3 WHERE position = {PLACES['kousei']}", 0),
        (f"UPDATE entry SET kind = 7 WHERE position = {PLACES['c-3']}", 0),
        ("UPDATE tree_node SET hash = zeroblob(32) WHERE level = 1 AND idx = 0", 0),
    ],
)
def test_where_the_first_pass_was_misled_all_is_told_anew(change: Change, again: int, folder: Path) -> None:
    assert told_of(folder, change).again == again


def test_a_later_version_asks_for_an_update(folder: Path) -> None:
    later = cose.sign(device_key("plant-8"), "plant-8", "d-9", NOW, cbor.encode({0: 2})).envelope
    with spoiled(folder, update("envelope", later, "d-3")) as workspace:
        for reading in (audited, whole):
            refused: Callable[..., Any] = reading
            with pytest.raises(UpdateNeededError):
                refused(workspace)


def test_a_broken_file_is_told_before_anything_is_read(folder: Path) -> None:
    """An index, through which records are found, that says something else than the table."""
    with closing(sqlite3.connect(folder / LEDGER)) as database:
        database.execute("PRAGMA writable_schema = ON")
        other = "CREATE INDEX ix_entry_subject ON entry (issuer)"
        database.execute("UPDATE sqlite_schema SET sql = ? WHERE name = 'ix_entry_subject'", (other,))
        database.commit()
    with spoiled(folder) as workspace, pytest.raises(UnreadableError) as refused:
        audited(workspace)
    assert refused.value.code == "ledger-damaged"
