"""The ledger: takes what is admitted, all or nothing, and finds everything again."""

from __future__ import annotations

import multiprocessing
import os
import sqlite3
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any
from unittest.mock import Mock, patch
from weakref import WeakKeyDictionary

import pytest

from biotrace.chain import admit, record
from biotrace.chain.keys import DeviceKey
from biotrace.chain.kinds import RecordKind
from biotrace.chain.record import Record, Signer, parse_record, verify_record
from biotrace.errors import BiotraceError, IntegrityError, UnreadableError, UsageError
from biotrace.model.correction import Action
from biotrace.model.fuel_class import FuelClass
from biotrace.model.retention import Answer, Challenge
from biotrace.model.stock import Site
from biotrace.store import appending, closure, entries
from biotrace.store.ledger import DuplicateRecord, Ledger
from tests.builders import LOG, NOW, ROOT, ChainBuilder, device_key, m3, tonnes

DAY = date(2014, 11, 19)
SITE = Site("yard-1", "otsu", FuelClass.THINNED)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "ledger.db"


@pytest.fixture
def empty(path: Path) -> Iterator[Ledger]:
    with Ledger.create(path, LOG) as made:
        yield made


@pytest.fixture
def chain() -> ChainBuilder:
    return ChainBuilder().story()


@pytest.fixture
def full(empty: Ledger, chain: ChainBuilder) -> Ledger:
    empty.append(chain.records, NOW)
    return empty


def run(path: Path, statement: str, *values: Any) -> Any:
    """What another program would do to the file."""
    connection = sqlite3.connect(path)
    try:
        row = connection.execute(statement, values).fetchone()
        connection.commit()
        return row
    finally:
        connection.close()


class TestOpening:
    def test_a_ledger_is_made_and_opened_again(self, path: Path, chain: ChainBuilder) -> None:
        with Ledger.create(path, LOG, ledger_id="demo") as made:
            made.append(chain.records, NOW)
        with Ledger.open(path) as again:
            assert again.ledger_id == "demo"
            assert [entry.record for entry in again.entries()] == chain.records
        with Ledger.open(f"sqlite:///{path}") as by_address:
            assert len(by_address) == len(chain.records)

    def test_without_an_id_every_ledger_gets_its_own(self, tmp_path: Path) -> None:
        with Ledger.create(tmp_path / "a.db", LOG) as first, Ledger.create(tmp_path / "b.db", LOG) as second:
            assert first.ledger_id != second.ledger_id

    def test_commits_are_durable_and_references_enforced(self, empty: Ledger) -> None:
        with empty.database.reading() as connection:
            settings = [
                connection.exec_driver_sql(f"PRAGMA {name}").scalar_one()
                for name in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
            ]
        assert settings == ["wal", 2, 1, 10_000]

    def test_nothing_is_overwritten(self, path: Path, full: Ledger) -> None:
        with pytest.raises(UsageError) as refused:
            Ledger.create(path, LOG)
        assert refused.value.code == "ledger-exists"
        assert len(full) == 14

    def test_a_place_that_cannot_be_written_is_named(self, tmp_path: Path) -> None:
        with pytest.raises(UsageError, match="no-such-folder"):
            Ledger.create(tmp_path / "no-such-folder" / "ledger.db", LOG)

    @pytest.mark.parametrize("where", ["sqlite://", "sqlite:///:memory:", "nonsense://x", "postgresql+nodriver://x/y"])
    def test_addresses_that_cannot_serve_are_refused(self, where: str) -> None:
        with pytest.raises(UsageError):
            Ledger.create(where, LOG)

    def test_a_missing_ledger_is_not_made_by_opening_it(self, path: Path) -> None:
        with pytest.raises(UnreadableError) as refused:
            Ledger.open(path)
        assert refused.value.code == "ledger-missing"
        assert not path.exists()

    @pytest.mark.parametrize("content", [b"", b"just a text file, long enough to be looked at" * 30, b"\0" * 5000])
    def test_a_file_that_is_no_database_is_said_to_be_none(self, path: Path, content: bytes) -> None:
        path.write_bytes(content)
        with pytest.raises(UnreadableError) as refused:
            Ledger.open(path)
        assert refused.value.code == "ledger-unreadable"
        assert path.read_bytes() == content

    def test_somebody_elses_database_is_left_as_it_is(self, path: Path) -> None:
        run(path, "CREATE TABLE notes (text)")
        before = path.read_bytes()
        with pytest.raises(UnreadableError, match="is not a biotrace ledger"):
            Ledger.open(path)
        assert path.read_bytes() == before
        assert [p.name for p in path.parent.iterdir()] == ["ledger.db"]

    def test_a_ledger_of_a_later_release_asks_for_an_update(self, path: Path) -> None:
        Ledger.create(path, LOG).close()
        run(path, "UPDATE biotrace_meta SET schema_version = 99")
        with pytest.raises(UnreadableError, match="made by a later biotrace") as refused:
            Ledger.open(path)
        assert refused.value.code == "update-needed"

    def test_a_file_cut_short_is_unreadable_and_shows_no_traceback(self, path: Path, chain: ChainBuilder) -> None:
        with Ledger.create(path, LOG) as made:
            made.append(chain.records, NOW)
        path.write_bytes(path.read_bytes()[:9_000])
        with pytest.raises(UnreadableError) as refused, Ledger.open(path) as cut:
            list(cut.entries())
        assert refused.value.code == "ledger-unreadable"


class TestAppending:
    def test_entries_are_counted_from_0_and_keep_their_time(self, empty: Ledger, chain: ChainBuilder) -> None:
        first = empty.append(chain.records[:5], NOW)
        second = empty.append(chain.records[5:], NOW + 60)
        assert [entry.position for entry in first + second] == list(range(14))
        assert {entry.logged_at for entry in first} == {NOW}
        assert [entry.record for entry in second] == chain.records[5:]
        assert {entry.logged_at for entry in second} == {NOW + 60}

    def test_nothing_is_nothing(self, empty: Ledger) -> None:
        assert empty.append([], NOW) == []
        assert len(empty) == 0

    def test_one_bad_record_keeps_all_out(self, empty: Ledger, chain: ChainBuilder) -> None:
        stranger = Signer(device_key("stranger"), "stranger").sign(RecordKind.SITE, "yard-1", SITE, NOW)
        with pytest.raises(IntegrityError) as refused:
            empty.append([*chain.records, stranger], NOW)
        assert refused.value.code == "key-unknown"
        assert len(empty) == 0

    def test_a_failure_while_writing_leaves_nothing(
        self, empty: Ledger, chain: ChainBuilder, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def fail(*_: Any) -> None:
            raise RuntimeError("the power went out")

        monkeypatch.setattr(appending, "_keys", fail)
        with pytest.raises(RuntimeError, match="the power went out"):
            empty.append(chain.records, NOW)
        monkeypatch.undo()
        assert len(empty) == 0
        empty.append(chain.records, NOW)

    def test_a_process_killed_while_writing_leaves_nothing(self, path: Path, full: Ledger, chain: ChainBuilder) -> None:
        chain.felling("c-9", ("doc-1",), number="第26-099号")
        worker = multiprocessing.get_context("spawn").Process(target=append_and_die, args=(path, chain.records[-1:]))
        worker.start()
        worker.join(20)
        assert worker.exitcode == 9
        assert [entry.record.subject for entry in full.entries(13)] == ["d-1"]
        assert full.append(chain.records[-1:], NOW)[0].position == 14

    def test_the_same_record_twice_is_recognised(self, full: Ledger, chain: ChainBuilder) -> None:
        with pytest.raises(DuplicateRecord) as refused:
            full.append([chain["c-1"]], NOW)
        assert refused.value.position == 11
        assert refused.value.code == "duplicate"
        assert refused.value.message.en == "certificate c-1: the same content is entry 11 of the ledger"
        assert len(full) == 14

    def test_the_same_content_signed_anew_is_recognised(self, full: Ledger, chain: ChainBuilder) -> None:
        again = chain.felling("c-1", ("doc-1",))
        with pytest.raises(DuplicateRecord) as refused:
            full.append([again], NOW)
        assert refused.value.position == 11

    def test_twice_in_one_go_is_recognised(self, empty: Ledger, chain: ChainBuilder) -> None:
        chain.felling("c-1", ("doc-1",))
        with pytest.raises(DuplicateRecord):
            empty.append(chain.records, NOW)
        assert len(empty) == 0

    def test_a_clock_a_little_behind_gets_the_last_entrys_time(self, full: Ledger, chain: ChainBuilder) -> None:
        record = chain.sign("otsu", RecordKind.SITE, "yard-1", SITE)
        assert full.append([record], NOW - 300)[0].logged_at == NOW

    @pytest.mark.parametrize("at", [NOW - 301, -1, 2**63])
    def test_log_time_never_goes_back(self, full: Ledger, chain: ChainBuilder, at: int) -> None:
        record = chain.sign("otsu", RecordKind.SITE, "yard-1", SITE)
        with pytest.raises(IntegrityError) as refused:
            full.append([record], at)
        assert refused.value.code == "log-time"
        assert full.append([record], NOW)[0].position == 14

    def test_values_beside_the_signed_bytes_count_for_nothing(self, empty: Ledger, chain: ChainBuilder) -> None:
        forged = replace(chain["c-1"], body=replace(chain["c-1"].body, quantity=m3(9_999)))  # type: ignore[arg-type]
        with pytest.raises(IntegrityError) as refused:
            empty.append([*chain.records[:11], forged], NOW)
        assert refused.value.code == "not-as-signed"

    def test_what_was_signed_here_is_neither_read_nor_verified_again(
        self, empty: Ledger, chain: ChainBuilder, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(appending, "parse_record", pytest.fail)
        monkeypatch.setattr(admit, "verify_record", pytest.fail)
        assert [entry.record for entry in empty.append(chain.records, NOW)] == chain.records

    def test_what_comes_from_outside_is_read_and_verified(
        self, empty: Ledger, chain: ChainBuilder, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(record, "_SIGNED_HERE", WeakKeyDictionary())  # as in a process that has signed nothing
        records = [parse_record(signed.envelope) for signed in chain.records]
        read, verified = Mock(side_effect=parse_record), Mock(side_effect=verify_record)
        monkeypatch.setattr(appending, "parse_record", read)
        monkeypatch.setattr(admit, "verify_record", verified)
        taken = [entry.record for entry in empty.append(records, NOW)]
        assert taken == records
        assert read.call_count == verified.call_count == len(records)

    def test_from_outside_a_bad_signature_is_refused(self, empty: Ledger, chain: ChainBuilder) -> None:
        empty.append(chain.records[:11], NOW)
        envelope = bytearray(chain["c-1"].envelope)
        envelope[-40] ^= 1
        with pytest.raises(IntegrityError) as refused:
            empty.append([parse_record(bytes(envelope))], NOW)
        assert refused.value.code == "signature"

    @pytest.mark.parametrize(
        "changes",
        [{"subject": "c-9"}, {"issuer": "kumiai"}, {"seq": 1_000}, {"transcribed": True}, {"names": [["a", "b"]]}],
        ids=lambda changes: next(iter(changes)),
    )
    @pytest.mark.parametrize("how", [replace, lambda record, **changes: altered(record, **changes)], ids=["new", "old"])
    def test_what_was_signed_here_and_changed_since_is_refused(
        self, empty: Ledger, chain: ChainBuilder, how: Callable[..., Record], changes: dict[str, Any]
    ) -> None:
        """As another object, and the very object, past what Python does to keep it as it is."""
        with pytest.raises(IntegrityError) as refused:
            empty.append([*chain.records[:11], how(chain["c-1"], **changes)], NOW)
        assert refused.value.code == "not-as-signed"
        assert len(empty) == 0

    def test_a_change_deep_within_what_was_signed_here_is_refused(self, empty: Ledger, chain: ChainBuilder) -> None:
        altered(chain["c-1"].body.quantity, amount=9_999)  # type: ignore[union-attr]
        with pytest.raises(IntegrityError) as refused:
            empty.append(chain.records, NOW)
        assert refused.value.code == "not-as-signed"

    def test_other_bytes_under_a_record_signed_here_are_refused(self, empty: Ledger, chain: ChainBuilder) -> None:
        with pytest.raises(IntegrityError) as refused:
            empty.append([*chain.records[:11], replace(chain["c-1"], envelope=chain["c-2"].envelope)], NOW)
        assert refused.value.code == "not-as-signed"

    def test_what_a_key_of_another_kind_signed_is_verified(self, empty: Ledger, chain: ChainBuilder) -> None:
        """Such as a card's, of which nobody knows here that it signs what it is told."""

        class Card(DeviceKey):
            def sign(self, message: bytes) -> bytes:
                return super().sign(message + b"!")

        empty.append(chain.records, NOW)
        genuine = device_key("otsu")
        signer = Signer.after(Card.generate(genuine.seed()), "otsu", empty.head(genuine.kid))
        with pytest.raises(IntegrityError) as refused:
            empty.append([signer.sign(RecordKind.SITE, "yard-1", SITE, NOW)], NOW)
        assert refused.value.code == "signature"

    def test_a_chain_goes_on_after_a_restart(self, path: Path, full: Ledger) -> None:
        full.close()
        key = device_key("otsu")
        with Ledger.open(path, LOG) as again:
            signer = Signer.after(key, "otsu", again.head(key.kid))
            again.append([signer.sign(RecordKind.SITE, "yard-1", SITE, NOW)], NOW)
            assert again.entry(14).record.seq == 1


def altered(value: Any, **changes: Any) -> Any:
    """The very object, with other values."""
    for name, part in changes.items():
        object.__setattr__(value, name, part)
    return value


def append_and_die(path: Path, records: list[Record]) -> None:
    """Append in a process of its own that is gone before the transaction ends."""

    def die(*_: Any) -> Any:
        os._exit(9)

    with patch.object(appending, "_keys", die):
        Ledger.open(path, LOG).append(records, NOW)


def fork(path: Path, name: str) -> str:
    """Log one record for the next place of otsu's chain."""
    with Ledger.open(path, LOG) as opened:
        signer = Signer.after(device_key("otsu"), "otsu", opened.head(device_key("otsu").kid))
        try:
            opened.append([signer.sign(RecordKind.SITE, name, replace(SITE, id=name), NOW)], NOW)
        except IntegrityError as error:
            return error.code
    return "taken"


class TestAtTheSameTime:
    def test_threads_sharing_a_ledger_do_not_fork_a_chain(self, full: Ledger) -> None:
        head = full.head(device_key("otsu").kid)
        rivals = [
            Signer.after(device_key("otsu"), "otsu", head).sign(
                RecordKind.SITE, f"y-{i}", replace(SITE, id=str(i)), NOW
            )
            for i in range(8)
        ]

        def append(record: Record) -> str:
            try:
                full.append([record], NOW)
            except IntegrityError as error:
                return error.code
            return "taken"

        with ThreadPoolExecutor(8) as pool:
            outcomes = sorted(pool.map(append, rivals))
        assert outcomes == ["chain-taken"] * 7 + ["taken"]

    def test_threads_with_keys_of_their_own_all_get_in(self, full: Ledger, chain: ChainBuilder) -> None:
        records = [chain.sign(party, RecordKind.SITE, f"y-{party}", SITE) for party in ("kousei", "otsu", "plant-8")]
        with ThreadPoolExecutor(3) as pool:
            taken = [entries[0].position for entries in pool.map(lambda record: full.append([record], NOW), records)]
        assert sorted(taken) == [14, 15, 16]

    def test_processes_do_not_fork_a_chain(self, path: Path, full: Ledger) -> None:
        with multiprocessing.get_context("spawn").Pool(2) as pool:
            outcomes = pool.starmap(fork, [(path, f"y-{i}") for i in range(20)], chunksize=1)
        assert set(outcomes) <= {"taken", "chain-taken"}
        own = [entry.record for entry in full.entries() if entry.record.issuer == "otsu"]
        assert [record.seq for record in own] == list(range(len(own)))
        assert [record.prev for record in own[1:]] == [record.record_id for record in own[:-1]]
        assert len(own) == 1 + outcomes.count("taken")

    def test_a_writer_that_holds_on_too_long_is_reported(self, path: Path, full: Ledger, chain: ChainBuilder) -> None:
        blocker = sqlite3.connect(path, isolation_level=None)
        blocker.execute("BEGIN IMMEDIATE")
        record = chain.sign("otsu", RecordKind.SITE, "yard-1", SITE)
        with Ledger.open(path, LOG, busy_seconds=0.05) as impatient:
            assert len(impatient) == 14
            with pytest.raises(BiotraceError) as refused:
                impatient.append([record], NOW)
        blocker.close()
        assert refused.value.code == "ledger-busy"
        full.append([record], NOW)


class TestReading:
    def test_by_position(self, full: Ledger, chain: ChainBuilder) -> None:
        assert full.entry(11).record == chain["c-1"]
        for position in (-1, 14, 2**63, 2**80):
            with pytest.raises(UsageError, match=f"no entry {position}"):
                full.entry(position)

    def test_by_subject_or_the_beginning_of_an_id(self, full: Ledger, chain: ChainBuilder) -> None:
        record_id = chain["c-1"].record_id.hex()
        for text in ("c-1", record_id, record_id[:6], record_id[:7].upper()):
            assert [entry.position for entry in full.find(text)] == [11], text
        for text in ("", "c-", record_id[:5], "%", record_id + "0", "zzzzzz", "\udcff", "\0", "'"):
            assert full.find(text) == []

    def test_a_subject_used_by_several_parties_finds_all(self, full: Ledger, chain: ChainBuilder) -> None:
        full.append([chain.sign("otsu", RecordKind.SITE, "doc-1", SITE)], NOW)
        assert [entry.position for entry in full.find("doc-1")] == [10, 14]

    def test_a_subject_that_looks_like_an_id_is_found_too(self, full: Ledger, chain: ChainBuilder) -> None:
        full.append([chain.sign("otsu", RecordKind.SITE, "20140627", SITE)], NOW)
        assert [entry.position for entry in full.find("20140627")] == [14]

    def test_in_order_from_anywhere_in_batches(self, full: Ledger, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(entries, "BATCH", 5)
        assert [entry.position for entry in full.entries()] == list(range(14))
        assert [entry.position for entry in full.entries(7)] == list(range(7, 14))
        assert list(full.entries(14)) == []

    def test_appending_while_reading_is_no_harm(self, full: Ledger, chain: ChainBuilder) -> None:
        reading = full.entries()
        next(reading)
        full.append([chain.sign("otsu", RecordKind.SITE, "yard-1", SITE)], NOW)
        assert [entry.position for entry in reading] == list(range(1, 15))

    def test_heads_and_keys(self, full: Ledger, chain: ChainBuilder) -> None:
        kid = device_key("kousei").kid
        assert full.head(kid) == (1, chain["c-1"].record_id)
        assert full.bound_key(kid) == (device_key("kousei").public.raw, "kousei", False, device_key(ROOT).kid, 2)
        assert full.counts_until(kid) is None
        assert full.counts_until(bytes(16)) == 0
        assert full.head(bytes(16)) is None
        assert full.bound_key(bytes(16)) is None


class TestClosure:
    """Positions: 0–9 keys, trusted bodies, parties and accreditations, 10 doc-1, 11 c-1, 12 c-2, 13 d-1."""

    COMMON = tuple(range(10))

    def own(self, opened: Ledger, *subjects: str) -> list[str]:
        """Subjects in the closure of some records, without what is in every closure."""
        positions = [entry.position for subject in subjects for entry in opened.find(subject)]
        found = opened.closure(positions)
        assert set(self.COMMON) <= set(found)
        assert found == sorted(set(found))
        return [opened.entry(position).record.subject for position in found if position not in self.COMMON]

    def test_all_that_a_delivery_rests_on(self, full: Ledger) -> None:
        assert self.own(full, "d-1") == ["doc-1", "c-1", "c-2", "d-1"]

    def test_another_lot_is_not_in_it(self, full: Ledger, chain: ChainBuilder) -> None:
        chain.document("doc-x", number="26-99")
        chain.felling("c-x", ("doc-x",), number="第26-099号")
        chain.processing("c-y", {"c-x": m3(3)})
        full.append(chain.records[14:], NOW)
        assert self.own(full, "d-1") == ["doc-1", "c-1", "c-2", "d-1"]
        assert self.own(full, "c-y") == ["doc-x", "c-x", "c-y"]

    def test_other_draws_and_other_certificates_on_the_same_document(self, full: Ledger, chain: ChainBuilder) -> None:
        chain.processing("draw-2", {"c-1": m3(2_570)})
        chain.felling("on-doc-1", ("doc-1",), number="第26-018号")
        chain.processing("far", {"on-doc-1": m3(1)})
        full.append(chain.records[14:], NOW)
        assert self.own(full, "d-1") == ["doc-1", "c-1", "c-2", "d-1", "draw-2", "on-doc-1"]

    def test_what_decides_whether_another_draw_counts(self, full: Ledger, chain: ChainBuilder) -> None:
        """The other draw was cancelled; it also draws on c-x, which was put on hold."""
        chain.document("doc-x", number="26-99")
        chain.felling("c-x", ("doc-x",), number="第26-099号")
        chain.correction("k-1", "c-x", Action.HOLD)
        chain.processing("draw-2", {"c-1": m3(1), "c-x": m3(1)})
        chain.correction("k-2", "draw-2", Action.CANCEL)
        full.append(chain.records[14:], NOW)
        assert self.own(full, "d-1") == ["doc-1", "c-1", "c-2", "d-1", "c-x", "k-1", "draw-2", "k-2"]

    def test_what_a_correction_puts_in_a_certificates_place(self, full: Ledger, chain: ChainBuilder) -> None:
        chain.document("doc-2", number="26-15")
        chain.felling("c-1b", ("doc-2",), number="第26-017号の2")
        chain.correction("k-1", "c-1", Action.SUPPLEMENT, by="c-1b")
        chain.correction("k-2", "c-1b", Action.HOLD)
        full.append(chain.records[14:], NOW)
        assert self.own(full, "d-1") == ["doc-1", "c-1", "c-2", "d-1", "doc-2", "c-1b", "k-1", "k-2"]

    def test_documents_whose_volumes_are_counted_together(self, full: Ledger, chain: ChainBuilder) -> None:
        """doc-1 and doc-2 by a certificate on both, doc-2 and doc-3 by what supplements another, and a copy of it."""
        for i in (2, 3, 4):
            chain.document(f"doc-{i}", number=f"26-{14 + i}")
        chain.felling("on-both", ("doc-1", "doc-2"), number="第26-018号")
        chain.felling("on-2", ("doc-2",), number="第26-019号")
        chain.felling("more-of-2", ("doc-3",), number="第26-019号の2")
        chain.correction("k-1", "on-2", Action.SUPPLEMENT, by="more-of-2")
        chain.document("copy-of-3", number="第26－17号", issuer="北信林業")
        chain.felling("on-copy", ("copy-of-3",), number="第26-020号")
        chain.document("another", number="26-17", accepted=date(2014, 5, 9))
        chain.felling("on-another", ("another", "doc-4"), number="第26-021号")
        full.append(chain.records[14:], NOW)
        of_lot = ["doc-1", "c-1", "c-2", "d-1"]
        together = ["doc-2", "doc-3", "on-both", "on-2", "more-of-2", "k-1", "copy-of-3", "on-copy"]
        assert self.own(full, "d-1") == of_lot + together

    def test_whether_another_certificate_only_supplements(self, full: Ledger, chain: ChainBuilder) -> None:
        """What it supplements says whether it may; that is its issuer's own certificate, of another forest."""
        chain.document("doc-2", number="26-15")
        chain.felling("c-9", ("doc-2",), number="第26-018号")
        chain.felling("more", ("doc-1",), number="第26-018号の2")
        chain.correction("k-1", "c-9", Action.SUPPLEMENT, by="more")
        full.append(chain.records[14:], NOW)
        assert {"more", "k-1", "c-9"} <= set(self.own(full, "d-1"))

    def test_what_was_said_of_keeping_its_papers(self, full: Ledger, chain: ChainBuilder) -> None:
        """And not what else was meant by it: a hold may name the papers of years."""
        chain.document("doc-2", number="26-15")
        cited = tuple(chain[subject].record_id.hex() for subject in ("doc-1", "doc-2"))
        asked = chain.sign("plant-8", RecordKind.CHALLENGE, "asked", Challenge(cited, "kousei", date(2015, 1, 1), DAY))
        chain.sign("kousei", RecordKind.ANSWER, "answered", Answer(asked.record_id.hex(), DAY))
        full.append(chain.records[14:], NOW)
        assert self.own(full, "d-1") == ["doc-1", "c-1", "c-2", "d-1", "asked", "answered"]

    def test_only_what_came_before_in_time(self, full: Ledger, chain: ChainBuilder) -> None:
        """For one lot: later draws take what it leaves. Corrections count whenever they come."""
        chain.processing("draw-2", {"c-1": m3(1)})
        chain.felling("on-doc-1", ("doc-1",), number="第26-018号")
        chain.processing("c-3", {"c-1": m3(1)}, number="乙-3")
        chain.processing("draw-4", {"c-1": m3(1)}, number="乙-4")
        chain.delivery("d-3", "c-3")
        chain.correction("k-1", "draw-2", Action.CANCEL)
        chain.correction("k-4", "draw-4", Action.CANCEL)
        full.append(chain.records[14:], NOW)
        with full.database.reading() as connection:
            for lot, up, beside in (
                ("d-1", {"doc-1", "c-1", "c-2", "d-1"}, set()),
                ("d-3", {"doc-1", "c-1", "c-3", "d-3"}, {"c-2", "draw-2", "k-1"}),
            ):
                found = closure.closure_of_lot(connection, [full.find(lot)[0].position])
                subjects = [{full.entry(p).record.subject for p in part} for part in (found.up, found.beside)]
                assert subjects == [up, beside]

    def test_what_rests_on_its_documents_is_told_with_amounts(self, full: Ledger, chain: ChainBuilder) -> None:
        """Where a certificate is in m³; what else is said of a document bears on the lot at once."""
        chain.felling("in-t", ("doc-1",), number="第26-018号", quantity=tonnes(5_000_000))
        cited = (chain["doc-1"].record_id.hex(),)
        chain.sign("plant-8", RecordKind.CHALLENGE, "asked", Challenge(cited, "kousei", date(2015, 1, 1), DAY))
        full.append(chain.records[14:], NOW)
        with full.database.reading() as connection:
            found = closure.closure_of_lot(connection, [full.find("d-1")[0].position])
        assert {d: sorted(uses) for d, uses in found.uses.items()} == {10: [(11, 2_575_000_000), (14, None)]}
        assert found.beside == {15}

    def test_pools_reach_as_far_as_the_last_use_in_them(self, full: Ledger, chain: ChainBuilder) -> None:
        """doc-1 and doc-2 by a certificate on both; of doc-2 later uses count than of doc-1, and then of both."""
        chain.document("doc-2", number="26-15")
        chain.felling("on-1", ("doc-1",), number="第26-018号")
        chain.felling("on-both", ("doc-1", "doc-2"), number="第26-019号")
        chain.felling("late-on-1", ("doc-1",), number="第26-020号")
        chain.felling("on-2", ("doc-2",), number="第26-021号")
        chain.felling("later", ("doc-1",), number="第26-022号")
        full.append(chain.records[14:], NOW)
        at = {subject: full.find(subject)[0].position for subject in ("doc-1", "doc-2", "c-1", "on-2")}

        def pooled(document: str, last: dict[str, str]) -> set[str]:
            until = {at[of]: at[use] for of, use in last.items()}
            with full.database.reading() as connection:
                found = closure.pooled_with(connection, [at[document]], until, {})
                uses = closure.closure_of_lot(connection, until.values()).uses
                assert closure.pooled_with(connection, [at[document]], until, uses) == found
            return {full.entry(p).record.subject for p in found}

        assert pooled("doc-1", {"doc-1": "c-1"}) == {"doc-1", "c-1"}
        everything = {"doc-1", "doc-2", "c-1", "on-1", "on-both", "late-on-1", "on-2"}
        assert pooled("doc-2", {"doc-1": "c-1", "doc-2": "on-2"}) == everything
        assert pooled("doc-1", {"doc-1": "c-1", "doc-2": "on-2"}) == {"doc-1", "c-1"}

    def test_many_positions_are_asked_in_parts(self, full: Ledger, monkeypatch: pytest.MonkeyPatch) -> None:
        whole = full.closure(range(14))
        monkeypatch.setattr(closure, "_CHUNK", 2)
        assert full.closure(range(14)) == whole == list(range(14))

    def test_a_position_that_is_not_there_is_an_error(self, full: Ledger) -> None:
        with pytest.raises(UsageError, match="no entry 99"):
            full.closure([13, 99])

    def test_nothing_rests_on_nothing(self, full: Ledger) -> None:
        assert full.closure([]) == list(self.COMMON)

    def test_edges(self, full: Ledger) -> None:
        assert full.edges([11, 12, 13]) == [(11, 10), (12, 11), (13, 12)]
        assert full.edges([10]) == []


def test_the_root_is_who_begins(empty: Ledger, chain: ChainBuilder) -> None:
    with pytest.raises(IntegrityError) as refused:
        empty.append([chain["key-otsu"]], NOW)
    assert refused.value.code == "first-record"
    empty.append(chain.records, NOW)
    second_root = Signer(device_key("rival"), "rival").sign(RecordKind.KEY, "key", chain[f"key-{ROOT}"].body, NOW)
    with pytest.raises(IntegrityError) as refused:
        empty.append([second_root], NOW)
    assert refused.value.code == "key-unknown"
