"""What a bundle proves: a valid one everything, and of each attack the record or the log that it is about."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from biotrace.chain import checkpoint, completeness, watch
from biotrace.chain.bundle_check import VerifiedBundle, new_records
from biotrace.chain.bundle_proof import ForkError
from biotrace.chain.bundled import Bundle, BundleError, History, LogPart
from biotrace.chain.checkpoint import CheckpointError
from biotrace.chain.disclosure import Disclosure, DisclosureError, seal
from biotrace.chain.ed25519 import SignatureError
from biotrace.chain.note import NoteError
from biotrace.chain.record import Record, Signer
from biotrace.errors import IntegrityError
from biotrace.model.private import PrivateField
from biotrace.model.retention import StoredFile
from biotrace.model.text import Text
from tests.builders import ChainBuilder, device_key, m3
from tests.logs import LATER, ORIGIN, Log, another_scheme, judged, problems, sent, with_record, without

DAY = date(2014, 12, 1)
SALT = bytes(range(16))
PAPER = b"%PDF a felling notice"


@pytest.fixture
def chain() -> ChainBuilder:
    return ChainBuilder().story()


@pytest.fixture
def log(chain: ChainBuilder) -> Log:
    return Log(chain.records)


def refused(made: Bundle, kind: type[Exception] = BundleError, code: str | None = None) -> IntegrityError:
    with pytest.raises(kind) as caught:
        sent(made)
    assert isinstance(caught.value, IntegrityError)
    if code is not None:
        assert caught.value.code == code
    assert isinstance(caught.value.message, Text)
    return caught.value


class TestValid:
    def test_all_of_a_log_is_proven(self, log: Log) -> None:
        found = sent(log.bundle(["c-2"]))
        assert problems(found) == {}
        (part,) = found.parts
        assert (part.log, part.checkpoint) == (log.vkey, log.checkpoint())
        assert [r.record for r in part.records] == log.records
        assert [r.logged and (r.logged.index, r.logged.leaf) for r in part.records] == list(enumerate(log.leaves))

    def test_a_few_records_and_the_keys_are_enough(self, log: Log) -> None:
        """What lies between, and what is cited, need not be there."""
        found = sent(log.bundle(["d-1"], only=["d-1"]))
        assert problems(found) == {}
        assert len(found.parts[0].records) < len(log.records)
        assert not found.parts[0].complete

    def test_receipts_of_earlier_trees_count_with_their_history(self, log: Log) -> None:
        records = tuple(log.bundled(i, max(i + 1, 5)) for i in range(len(log.records)))
        history = tuple(log.history(size) for size in range(5, len(log.records)))
        found = sent(log.bundle(logs=(log.part(records=records, history=history),)))
        assert problems(found) == {}
        assert [r.logged and r.logged.size for r in found.parts[0].records[:7]] == [5, 5, 5, 5, 5, 6, 7]

    def test_two_logs_are_judged_each_by_its_own_keys(self, log: Log) -> None:
        other = Log(another_scheme().story().records, "log.example/other")
        found = sent(log.bundle(["c-2"], logs=(other.part(), log.part())))
        assert problems(found) == {}
        assert {part.log for part in found.parts} == {log.vkey, other.vkey}


class TestTheLog:
    def test_a_checkpoint_by_another_key_refuses_the_bundle(self, log: Log) -> None:
        size = len(log.records)
        forged = checkpoint.make(ORIGIN, size, log.tree.root(size), device_key("stranger"))
        refused(log.bundle(logs=(log.part(checkpoint=forged),)), NoteError)

    def test_a_checkpoint_that_was_changed_refuses_the_bundle(self, log: Log) -> None:
        data = log.checkpoint().to_bytes().replace(f"\n{len(log.records)}\n".encode(), b"\n99\n")
        refused(log.bundle(logs=(log.part(checkpoint=checkpoint.parse(data)),)), SignatureError)

    def test_a_checkpoint_of_another_log_refuses_the_bundle(self, log: Log) -> None:
        other = Log(log.records, "log.example/other")
        refused(log.bundle(logs=(log.part(checkpoint=other.checkpoint()),)), CheckpointError)

    @pytest.mark.parametrize(
        "spoil",
        [
            lambda tree: replace(tree, proof=tree.proof[1:]),
            lambda tree: replace(tree, proof=(*tree.proof, b"x" * 32)),
            lambda tree: replace(tree, proof=(b"x" * 32, *tree.proof[1:])),
            lambda tree: replace(tree, proof=()),
            lambda tree: replace(tree, root=b"x" * 32),
            lambda tree: replace(tree, size=tree.size + 1),
            lambda tree: replace(tree, size=99),
        ],
    )
    @pytest.mark.parametrize("size", [5, 8])
    def test_a_faulty_history_refuses_the_bundle_and_blames_nobody(
        self, log: Log, size: int, spoil: Callable[[History], History]
    ) -> None:
        made = log.bundle(logs=(log.part(history=(spoil(log.history(size)),)),))
        assert log.name in refused(made, code="bundle-history").message.ja

    def test_a_history_of_the_same_size_as_the_checkpoint_is_none(self, log: Log) -> None:
        size = len(log.records)
        refused(log.bundle(logs=(log.part(history=(History(size, log.tree.root(size), ()),)),)), code="bundle-history")

    def test_what_it_is_about_must_be_there(self, log: Log) -> None:
        refused(log.bundle(["c-1"], only=["c-2"]), code="bundle-about")


class TestReceipts:
    """S104: a record that the log is not shown to hold, there."""

    def not_logged(self, made: Bundle, log: Log, index: int = 12) -> VerifiedBundle:
        found = sent(made)
        assert problems(found) == {log.records[index].subject: [("S104", "not-logged")]}
        assert judged(found, log.records[index].record_id).logged is None
        return found

    def test_a_receipt_of_another_log(self, log: Log) -> None:
        other = Log(log.records, "log.example/other")
        self.not_logged(log.bundle(logs=(with_record(log.part(), 12, receipt=other.receipt(12)),)), log)

    def test_a_receipt_by_another_key_under_the_logs_name(self, log: Log) -> None:
        impostor = Log(log.records)
        impostor.key = device_key("stranger")
        self.not_logged(log.bundle(logs=(with_record(log.part(), 12, receipt=impostor.receipt(12)),)), log)

    def test_a_receipt_for_another_record(self, log: Log) -> None:
        self.not_logged(log.bundle(logs=(with_record(log.part(), 12, receipt=log.receipt(11)),)), log)

    def test_no_receipt(self, log: Log) -> None:
        self.not_logged(log.bundle(logs=(with_record(log.part(), 12, receipt=b""),)), log)

    def test_a_receipt_for_another_index(self, log: Log) -> None:
        """The delivery moved behind the end of the log, where a key's end would not reach it, or before it."""
        part = without(log.part(), 12)
        moved = replace(part, records=(*part.records, replace(log.bundled(12), index=40)))
        self.not_logged(log.bundle(logs=(moved,)), log)

    def test_a_receipt_of_a_tree_that_is_not_shown_to_grow_into_the_checkpoints(self, log: Log) -> None:
        part = with_record(log.part(), 12, receipt=log.receipt(12, 13))
        found = self.not_logged(log.bundle(logs=(part,)), log)
        assert "of size 13" in judged(found, log.records[12].record_id).problems[0].message.en
        assert problems(sent(log.bundle(logs=(replace(part, history=(log.history(13),)),)))) == {}

    def test_a_receipt_of_a_later_tree_than_the_checkpoints(self, log: Log) -> None:
        part = without(log.part(checkpoint=log.checkpoint(13)), 13)
        earlier = replace(part, records=tuple(log.bundled(i, 13) for i in range(13)))
        self.not_logged(log.bundle(logs=(with_record(earlier, 12, receipt=log.receipt(12)),)), log)

    def test_without_the_first_root_key_in_the_log_no_key_is_known(self, log: Log) -> None:
        found = sent(log.bundle(logs=(with_record(log.part(), 0, receipt=b""),)))
        assert problems(found)["c-1"] == [("S102", "key-unknown")]
        assert problems(found)["key-kumiai"] == [("S104", "not-logged")]


class TestForks:
    """S105: what the log itself has signed cannot all be true."""

    @pytest.fixture
    def forked(self, log: Log) -> Log:
        """The same log, as it shows itself to somebody else: without the delivery."""
        return Log([*log.records[:13], self.other_delivery()])

    def other_delivery(self) -> Record:
        chain = ChainBuilder().story()
        chain.signers["plant-8"] = Signer(device_key("plant-8"), "plant-8")
        return chain.delivery("d-1", "c-2", vehicle="99-99")

    def test_two_receipts_for_trees_of_one_size(self, log: Log, forked: Log) -> None:
        part = with_record(log.part(), 13, envelope=forked.records[13].envelope, receipt=forked.receipt(13))
        error = refused(log.bundle(logs=(part,)), ForkError, "S105")
        assert isinstance(error, ForkError)
        assert error.evidence == (log.checkpoint().to_bytes(), forked.receipt(13))
        assert ORIGIN in error.message.ja
        assert error.remedy is not None

    def test_two_receipts_for_a_tree_that_no_proof_reaches(self, log: Log, forked: Log) -> None:
        """Neither counts, but both are signed."""
        longer, other = (Log([*view.records, *more().records]) for view in (log, forked))
        part = longer.part()
        part = with_record(part, 2, receipt=longer.receipt(2, 14))
        part = with_record(part, 3, receipt=other.receipt(3, 14))
        error = refused(longer.bundle(logs=(part,)), ForkError)
        assert isinstance(error, ForkError)
        assert error.evidence == (longer.receipt(2, 14), other.receipt(3, 14))

    @pytest.mark.parametrize("said", ["the forked root", "the true root"])
    def test_a_receipt_for_an_earlier_tree_that_is_not_the_checkpoints(self, log: Log, forked: Log, said: str) -> None:
        longer = Log([*log.records, *more().records])
        history = longer.history(14)
        if said == "the forked root":
            history = replace(history, root=forked.tree.root(14))
        part = longer.part(history=(history,))
        error = refused(longer.bundle(logs=(with_record(part, 2, receipt=forked.receipt(2, 14)),)), ForkError)
        assert isinstance(error, ForkError)
        assert error.evidence == (longer.checkpoint().to_bytes(), forked.receipt(2, 14))

    def test_a_split_view_in_two_bundles_is_seen_by_who_gets_both(self, log: Log, forked: Log) -> None:
        one, other = (sent(view.bundle(["c-2"])).parts[0] for view in (log, forked))
        held = {r.bundled.index: r.bundled.record_id for r in new_records(one, {}, frozenset())}
        with pytest.raises(ForkError, match="index 13 is") as caught:
            new_records(other, held, frozenset())
        assert caught.value.code == "S105"
        assert caught.value.evidence == (log.records[13].record_id, forked.records[13].record_id)
        with pytest.raises(watch.BreachError):
            watch.compare(one.checkpoint, other.checkpoint, current=False)

    def test_a_split_view_is_seen_by_its_checkpoints_where_the_records_do_not_meet(self, forked: Log) -> None:
        """A receiver kept the checkpoint of one view; the other bundle brings the history to compare it with."""
        chain = ChainBuilder().story()
        log = Log([*chain.records, *more().records])
        part = sent(log.bundle(["c-1"], logs=(log.part(["c-1"], history=(log.history(14),)),)))
        (history,) = part.bundle.logs[0].history
        with pytest.raises(watch.BreachError):
            watch.compare(forked.checkpoint(), part.parts[0].checkpoint, history.proof, current=False)


def more() -> ChainBuilder:
    """A chain of the same keys whose records may follow a story's; only its last three."""
    chain = ChainBuilder().story()
    first = len(chain.records)
    for number in (3, 4, 5):
        chain.processing(f"c-{number}", {"c-1": m3(number)})
    chain.records = chain.records[first:]
    return chain


class TestReplayIntoAnotherLog:
    def other(self, *records: Record) -> Log:
        """Another scheme's log, whose operator binds the same parties' keys and takes these records too."""
        chain = another_scheme()
        for party in ("kousei", "otsu", "plant-8"):
            chain.key(party)
        return Log([*chain.records, *records], "log.example/other")

    def test_a_record_with_the_receipt_of_its_own_log_is_not_in_the_other(self, log: Log) -> None:
        other = self.other()
        part = other.part()
        part = replace(part, records=(*part.records, log.bundled(12)))
        assert problems(sent(other.bundle(logs=(part,)))) == {"c-2": [("S104", "not-logged")]}

    def test_in_a_log_that_does_not_know_the_key_it_counts_for_nothing(self, chain: ChainBuilder) -> None:
        other = Log([*another_scheme().records, chain["c-2"]], "log.example/other")
        assert problems(sent(other.bundle())) == {"c-2": [("S102", "key-unknown")]}

    def test_a_bundle_with_a_record_in_two_logs_is_refused(self, chain: ChainBuilder, log: Log) -> None:
        other = self.other(chain["c-2"])
        assert problems(sent(other.bundle())) == {}
        refused(log.bundle(logs=(log.part(), other.part())), code="bundle-twice")

    def test_who_holds_it_from_its_own_log_does_not_take_it_from_the_other(self, chain: ChainBuilder, log: Log) -> None:
        (part,) = sent(self.other(chain["c-2"]).bundle()).parts
        held = {record.record_id for record in log.records}
        with pytest.raises(BundleError) as caught:
            new_records(part, {}, held)
        assert caught.value.code == "bundle-twice"

    def test_a_record_twice_in_one_log(self, chain: ChainBuilder) -> None:
        log = Log([*chain.records, chain["c-2"]])
        refused(log.bundle(), code="bundle-twice")


class TestImport:
    def test_importing_again_brings_nothing_new(self, log: Log) -> None:
        (part,) = sent(log.bundle()).parts
        new = new_records(part, {}, frozenset())
        assert new == part.records
        held = {r.bundled.index: r.bundled.record_id for r in new}
        assert new_records(part, held, frozenset()) == ()
        del held[12]
        assert [r.record for r in new_records(part, held, frozenset())] == [log.records[12]]

    def test_what_is_not_proven_to_be_logged_is_not_taken_and_accuses_nobody(self, log: Log) -> None:
        (part,) = sent(log.bundle(logs=(with_record(log.part(), 12, receipt=b""),))).parts
        assert len(new_records(part, {}, frozenset())) == len(log.records) - 1
        assert new_records(part, dict.fromkeys(range(20), b"x" * 32) | held_of(log, 12), frozenset()) == ()

    def test_a_record_that_is_held_at_another_index_of_the_log(self, log: Log) -> None:
        (part,) = sent(log.bundle()).parts
        with pytest.raises(BundleError) as caught:
            new_records(part, {40: log.records[12].record_id}, frozenset())
        assert caught.value.code == "bundle-twice"


def held_of(log: Log, but: int) -> dict[int, bytes]:
    return {index: record.record_id for index, record in enumerate(log.records) if index != but}


class TestCompleteness:
    def found(self, log: Log, part: LogPart, statement: bytes, about: tuple[str, ...] = ("c-2",)) -> VerifiedBundle:
        return sent(log.bundle(about, logs=(replace(part, completeness=statement),)))

    def incomplete(self, found: VerifiedBundle) -> str:
        (part,) = found.parts
        assert not part.complete
        assert part.incomplete is not None
        return part.incomplete.en

    def test_with_the_operators_word_a_part_is_complete(self, log: Log) -> None:
        part = log.part(["c-1", "c-2", "d-1"])
        found = self.found(log, part, log.statement(["c-2", "c-1"], part))
        assert found.parts[0].complete
        assert found.parts[0].incomplete is None

    def test_without_it_no_part_is(self, log: Log) -> None:
        assert "no statement" in self.incomplete(sent(log.bundle(["c-2"])))

    @pytest.mark.parametrize("dropped", [12, 13, 1])
    def test_a_record_that_was_left_out_is_missed(self, log: Log, dropped: int) -> None:
        part = log.part()
        found = self.found(log, without(part, dropped), log.statement(["c-1"], part), ("c-1",))
        assert "are not the 14" in self.incomplete(found)

    def test_a_record_that_was_added_is_seen(self, log: Log) -> None:
        statement = log.statement(["c-2"], log.part(["c-2"]))
        assert "are not the" in self.incomplete(self.found(log, log.part(["c-2", "c-1"]), statement))

    def test_a_record_that_is_not_proven_does_not_count_as_there(self, log: Log) -> None:
        part = log.part()
        statement = log.statement(["c-2"], part)
        assert "are not the 14" in self.incomplete(self.found(log, with_record(part, 13, receipt=b""), statement))

    def test_a_statement_of_another_checkpoint(self, log: Log) -> None:
        part = without(log.part(), 13)
        statement = log.statement(["c-2"], part, at=log.checkpoint(13))
        assert "another checkpoint" in self.incomplete(self.found(log, part, statement))

    def test_a_statement_about_other_lots(self, log: Log) -> None:
        part = log.part()
        assert "every lot" in self.incomplete(self.found(log, part, log.statement(["c-1"], part)))
        assert "every lot" in self.incomplete(self.found(log, part, log.statement(["c-1"], part), ("c-1", "c-2")))

    def test_a_bundle_about_nothing_is_complete_in_nothing(self, log: Log) -> None:
        part = log.part()
        assert not self.found(log, part, log.statement(["c-1"], part), ()).parts[0].complete

    def test_a_statement_by_another_key(self, log: Log) -> None:
        part = log.part()
        pairs = [(r.index, r.record_id) for r in part.records]
        forged = completeness.make(device_key("stranger"), log.checkpoint(), [log.record_id("c-2")], pairs, LATER)
        assert "another key" in self.incomplete(self.found(log, part, forged.to_bytes()))

    def test_what_is_no_statement(self, log: Log) -> None:
        assert self.incomplete(self.found(log, log.part(), b"trust me"))

    def test_one_log_may_be_complete_and_another_not(self, log: Log) -> None:
        other = Log(another_scheme().story().records, "log.example/other")
        part = log.part()
        parts = (other.part(), replace(part, completeness=log.statement(["c-2"], part)))
        found = sent(log.bundle(["c-2"], logs=parts))
        assert {p.log.name: p.complete for p in found.parts} == {log.name: True, other.name: False}


class TestSideData:
    @pytest.fixture
    def chain(self) -> ChainBuilder:
        """A felling whose owner is named, and whose price stated, only to whom it concerns; and a stored paper."""
        chain = ChainBuilder().story()
        name = seal(PrivateField.OWNER_NAME, "長野太郎", SALT)
        price = seal(PrivateField.PRICE_YEN, 5_000, SALT[::-1])
        chain.felling("c-3", ("doc-1",), number="第26-018号", sealed=(name, price))
        chain.document("doc-2", files=(StoredFile(hashlib.sha256(PAPER).digest(), len(PAPER), "application/pdf"),))
        return chain

    def disclosing(self, log: Log, **changes: Any) -> Bundle:
        parts: dict[str, Any] = {"record_id": log.record_id("c-3"), "field": PrivateField.OWNER_NAME}
        parts |= {"salt": SALT, "value": "長野太郎"}
        return log.bundle(disclosures=(Disclosure(**parts | changes),), to="plant-8")

    def test_disclosures_that_open_what_is_sealed(self, log: Log) -> None:
        price = {"field": PrivateField.PRICE_YEN, "salt": SALT[::-1], "value": 5_000}
        for changes in ({}, price):
            assert problems(sent(self.disclosing(log, **changes))) == {}

    @pytest.mark.parametrize(
        "changes",
        [
            {"field": PrivateField.OWNER_ADDRESS},
            {"field": PrivateField.FELLER_NAME},
            {"value": "長野次郎"},
            {"salt": SALT[::-1]},
            {"record_id": b"x" * 32},
        ],
    )
    def test_a_disclosure_for_another_field_value_or_record_refuses_the_bundle(
        self, log: Log, changes: dict[str, Any]
    ) -> None:
        refused(self.disclosing(log, **changes), DisclosureError, "disclosure")

    @pytest.mark.parametrize("subject", ["c-1", "d-1"])
    def test_nor_does_it_open_a_record_that_seals_nothing(self, log: Log, subject: str) -> None:
        refused(self.disclosing(log, record_id=log.record_id(subject)), DisclosureError)

    def test_it_is_for_the_named_receiver_only(self, log: Log) -> None:
        found = sent(self.disclosing(log))
        assert [d.value for d in found.disclosures_for("plant-8")] == ["長野太郎"]
        assert found.disclosures_for("kousei") == ()
        assert sent(log.bundle()).disclosures_for("") == ()

    def test_a_file_goes_by_its_hash(self, log: Log) -> None:
        found = sent(log.bundle(files=(PAPER,)))
        assert found.files == {hashlib.sha256(PAPER).digest(): PAPER}

    def test_a_file_that_no_record_names_refuses_the_bundle(self, log: Log) -> None:
        refused(log.bundle(files=(PAPER, PAPER + b" changed")), code="bundle-file")
        refused(log.bundle(only=["c-1"], files=(PAPER,)), code="bundle-file")

    def test_the_trust_list_is_passed_on_unread(self, log: Log) -> None:
        assert sent(log.bundle(trust_list=b"opaque")).bundle.trust_list == b"opaque"
