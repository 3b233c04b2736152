"""Whatever is changed in a ledger behind its back is found, and found where it is."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from biotrace.chain import cbor, cose
from biotrace.chain.binding import binding_of
from biotrace.chain.integrity import StoredEntry, check_entries
from biotrace.chain.kinds import KeyBinding, RecordKind
from biotrace.chain.record import Head, Signer, cites, content_digest
from biotrace.errors import UpdateNeededError
from biotrace.model.fuel_class import FuelClass
from biotrace.model.stock import Site
from biotrace.store import integrity
from biotrace.store.integrity import check_integrity
from biotrace.store.ledger import Ledger
from tests.builders import LOG, NOW, ROOT, ChainBuilder, device_key, m3

SITE = Site("yard-1", "otsu", FuelClass.THINNED)
Found = list[tuple[str, int]]


@pytest.fixture(scope="module")
def chain() -> ChainBuilder:
    return ChainBuilder().story()


@pytest.fixture(scope="module")
def stored(chain: ChainBuilder, tmp_path_factory: pytest.TempPathFactory) -> list[StoredEntry]:
    """The entries of a sound ledger, as its database holds them."""
    with Ledger.create(tmp_path_factory.mktemp("sound") / "ledger.db", LOG) as made:
        made.append(chain.records, NOW)
        assert check_integrity(made) == []
        return list(integrity.stored_entries(made))


@pytest.fixture
def path(chain: ChainBuilder, tmp_path: Path) -> Path:
    """A sound ledger in a file, to be spoiled."""
    with Ledger.create(tmp_path / "ledger.db", LOG) as made:
        made.append(chain.records, NOW)
    return tmp_path / "ledger.db"


def found(entries: list[StoredEntry]) -> Found:
    return [(finding.rule, finding.position) for finding in check_entries(entries)]


def changed(entries: list[StoredEntry], position: int, **columns: object) -> list[StoredEntry]:
    return [replace(e, **columns) if e.position == position else e for e in entries]  # type: ignore[arg-type]


def entries_of(chain: ChainBuilder) -> list[StoredEntry]:
    """The chain's records as entries, also such as no ledger would take."""
    places = {record.record_id: i for i, record in enumerate(chain.records)}
    return [
        StoredEntry(
            position=i,
            record_id=record.record_id,
            envelope=record.envelope,
            kind=int(record.kind),
            issuer=record.issuer,
            subject=record.subject,
            kid=record.kid,
            seq=record.seq,
            content=content_digest(record),
            logged_at=NOW,
            parents=tuple(sorted(places[cited] for cited in cites(record))),
            binding=binding_of(record, i),
            key_end=None,
        )
        for i, record in enumerate(chain.records)
    ]


def flips(envelope: bytes) -> Iterator[bytes]:
    """Every byte changed once, with every single bit and all bits among the changes."""
    masks = (1, 2, 4, 8, 16, 32, 64, 128, 255)
    for i, byte in enumerate(envelope):
        yield envelope[:i] + bytes([byte ^ masks[i % len(masks)]]) + envelope[i + 1 :]


@pytest.mark.parametrize("subject", ["key-kumiai", "trusted", "key-otsu", "d-1"])
def test_any_changed_byte_of_a_stored_envelope_is_found_where_it_is(
    stored: list[StoredEntry], chain: ChainBuilder, subject: str
) -> None:
    position = chain.records.index(chain[subject])
    for envelope in flips(stored[position].envelope):
        findings = list(check_entries(changed(stored, position, envelope=envelope)))
        assert findings, envelope.hex()
        assert {finding.position for finding in findings} == {position}, envelope.hex()
        assert {finding.record_id for finding in findings} == {chain[subject].record_id}
        assert {finding.rule for finding in findings} <= {"S101", "S102", "S103", "S106"}


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("record_id", bytes(32)),
        ("kind", 4),
        ("kind", 99),
        ("issuer", "otsu"),
        ("subject", "c-9"),
        ("kid", bytes(16)),
        ("seq", 7),
        ("content", bytes(32)),
        ("parents", ()),
        ("parents", (3, 10)),
        ("binding", None),
    ],
)
def test_a_column_that_says_something_else_than_the_bytes_is_found_and_named(
    stored: list[StoredEntry], column: str, value: object
) -> None:
    position = 5 if column == "binding" else 11
    findings = list(check_entries(changed(stored, position, **{column: value})))
    assert [(finding.rule, finding.position) for finding in findings] == [("S106", position)]
    assert findings[0].message.en == f"the database's {column} differ from what is signed"


def test_a_record_taken_out_of_the_middle_leaves_a_gap(stored: list[StoredEntry]) -> None:
    without = [entry for entry in stored if entry.position != 5]
    assert ("S103", 6) in found(without)


def test_what_follows_a_gap_keeps_its_worth_unless_more_is_wrong(stored: list[StoredEntry]) -> None:
    """Without c-2 (12) what follows it in the log is to be looked at; what cites it has lost its ground."""
    without = [entry for entry in stored if entry.position != 12]
    wrong = {f.code: f.is_notice for f in check_entries(without)}
    assert wrong == {"log-gap": True, "cites-unknown": False, "columns": False}
    chain = ChainBuilder().story()
    chain.processing("c-3", {"c-1": m3(5)})
    chain.processing("c-4", {"c-1": m3(6)})
    entries = [e for e in entries_of(chain) if e.record_id != chain["c-3"].record_id]
    gap = {(f.code, f.position, f.is_notice) for f in check_entries(entries)}
    last = len(chain.records) - 1
    assert gap == {("log-gap", last, True), ("chain-gap", last, True)}


def test_of_two_records_for_one_place_the_first_stands() -> None:
    """A copy of the mill's key signs for a place already taken; the mill's next record still follows its own."""
    chain = ChainBuilder().story()
    own = chain.signers["otsu"]
    chain.signers["otsu"] = Signer(own.key, "otsu", own.seq - 1, chain["c-2"].prev)
    chain.processing("c-x", {"c-1": m3(2_500)})
    chain.signers["otsu"] = own
    chain.processing("c-3", {"c-1": m3(5)})
    wrong = {(f.code, f.record_id, f.is_notice) for f in check_entries(entries_of(chain))}
    first, second = chain["c-2"].record_id, chain["c-x"].record_id
    assert wrong == {("chain-taken", second, False), ("chain-doubled", first, True)}


def test_a_gap_closed_by_renumbering_shows_in_the_chain_of_its_key(stored: list[StoredEntry]) -> None:
    """doc-1 (10) is dropped: its signer's c-1 has lost its predecessor, and what it cites."""
    renumbered = [replace(e, position=i) for i, e in enumerate(e for e in stored if e.position != 10)]
    assert found(renumbered)[0] == ("S103", 10)


def test_records_that_changed_places_break_the_chain(stored: list[StoredEntry]) -> None:
    swapped = [*stored[:10], replace(stored[11], position=10), replace(stored[10], position=11), *stored[12:]]
    assert {position for _, position in found(swapped)} >= {10, 11}


def test_a_replaced_record_does_not_fit_what_follows(stored: list[StoredEntry], chain: ChainBuilder) -> None:
    """kousei logs another doc-1 with its own good key, in the same place; c-1 still follows the first."""
    other = ChainBuilder()
    for party in ("kousei", "otsu", "plant-8"):
        other.key(party)
    other.signers["kousei"] = Signer(device_key("kousei"), "kousei", 0, chain["doc-1"].prev)
    forged = other.document("doc-1", number="forged")
    with_forged = changed(stored, 10, envelope=forged.envelope, record_id=forged.record_id)
    assert ("S103", 11) in found(with_forged)


def test_log_times_that_go_back_are_found(stored: list[StoredEntry]) -> None:
    assert found(changed(stored, 6, logged_at=NOW + 1)) == [("S103", position) for position in range(7, 14)]


def test_a_key_that_cannot_be_one_is_reported_though_it_is_well_signed(stored: list[StoredEntry]) -> None:
    root = Signer.after(device_key(ROOT), ROOT, Head(1, stored[1].record_id))
    bad = root.sign(RecordKind.KEY, "key-kousei", KeyBinding(bytes(32), "kousei", "甲"), NOW)
    assert set(found(changed(stored, 2, envelope=bad.envelope))) == {("S106", 2)}


def test_a_bad_record_does_not_bring_those_after_it_into_suspicion(stored: list[StoredEntry]) -> None:
    spoiled = changed(stored, 2, envelope=stored[2].envelope[:-1])
    spoiled = changed(spoiled, 10, envelope=b"")
    assert found(spoiled) == [("S106", 2), ("S106", 10)]


def test_a_record_of_a_later_format_asks_for_an_update(stored: list[StoredEntry]) -> None:
    later = cose.sign(device_key("plant-8"), "plant-8", "d-9", NOW, cbor.encode({0: 2})).envelope
    with pytest.raises(UpdateNeededError):
        found(changed(stored, 13, envelope=later))


@pytest.mark.parametrize(("signed_by", "rule"), [("plant-8", "S101"), ("stranger", "S102")])
def test_a_forged_later_format_is_no_way_out(stored: list[StoredEntry], signed_by: str, rule: str) -> None:
    later = cose.sign(device_key(signed_by), "plant-8", "d-9", NOW, cbor.encode({0: 2})).envelope
    if rule == "S101":
        later = later[:-1] + bytes([later[-1] ^ 1])
    assert found(changed(stored, 13, envelope=later)) == [(rule, 13)]


def execute(statement: str, *values: object) -> Callable[[Path], None]:
    def spoil(path: Path) -> None:
        connection = sqlite3.connect(path)
        connection.execute(statement, values)
        connection.commit()
        connection.close()

    return spoil


@pytest.mark.parametrize(
    ("spoil", "expected"),
    [
        (execute("UPDATE entry SET envelope = zeroblob(9) WHERE position = 3"), [("S106", 3)]),
        (execute("UPDATE entry SET subject = 'c-9' WHERE position = 11"), [("S106", 11)]),
        (execute("DELETE FROM edge WHERE child = 11"), [("S106", 11)]),
        (execute("INSERT INTO edge VALUES (13, 10)"), [("S106", 13)]),
        (execute("INSERT INTO edge VALUES (99, 10)"), [("S103", 99)]),
        (execute("DELETE FROM bound_key WHERE position = 5"), [("S106", 5)]),
        (execute("UPDATE bound_key SET party = 'thief' WHERE position = 5"), [("S106", 5)]),
        (execute("INSERT INTO bound_key VALUES (x'00', x'01', 'thief', 11, 0, x'02')"), [("S106", 11)]),
        (execute("INSERT INTO bound_key VALUES (x'00', x'01', 'thief', 77, 0, x'02')"), [("S103", 77)]),
        (execute("UPDATE bound_key SET root = 1 WHERE position = 5"), [("S106", 5)]),
        (execute("INSERT INTO key_end VALUES (11, x'02', 3)"), [("S106", 11)]),
        (execute("INSERT INTO key_end VALUES (77, x'02', 3)"), [("S103", 77)]),
        (execute("DELETE FROM entry WHERE position = 7"), [("S103", 8)]),
        (execute("UPDATE entry SET position = -1 WHERE position = 7"), [("S103", -1), ("S103", 8), ("S104", 7)]),
        (execute("UPDATE entry SET position = 1000000000000 WHERE position = 13"), [("S103", 10**12), ("S104", 13)]),
    ],
)
def test_changes_in_the_database_are_found(path: Path, spoil: Callable[[Path], None], expected: Found) -> None:
    spoil(path)
    with Ledger.open(path) as opened:
        findings = check_integrity(opened)
    places = [(finding.rule, finding.position) for finding in findings]
    assert [place for place in expected if place not in places] == []
    if len(expected) == 1 and expected[0][0] == "S106":
        assert places == expected


def test_the_database_refuses_values_of_another_type(path: Path) -> None:
    with pytest.raises(sqlite3.IntegrityError):
        execute("UPDATE entry SET seq = 'first' WHERE position = 3")(path)


def test_a_ledger_is_checked_in_batches(path: Path, monkeypatch: pytest.MonkeyPatch, stored: list[StoredEntry]) -> None:
    monkeypatch.setattr(integrity, "_BATCH", 5)
    with Ledger.open(path) as opened:
        assert list(integrity.stored_entries(opened)) == stored
        assert check_integrity(opened) == []


def test_many_records_of_many_keys_are_sound(tmp_path: Path) -> None:
    chain = ChainBuilder().story()
    for i in range(30):
        chain.sign(f"mill-{i % 5}", RecordKind.SITE, f"yard-{i}", replace(SITE, id=f"yard-{i}"))
    with Ledger.create(tmp_path / "ledger.db", LOG) as made:
        made.append(chain.records, NOW)
        assert check_integrity(made) == []
