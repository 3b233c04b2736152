"""What a bundle proves: a valid one everything, and of each attack the record or the log that it is about."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from biotrace.chain import cbor, checkpoint, completeness, cose, watch
from biotrace.chain.bundle_check import VerifiedBundle, new_records
from biotrace.chain.bundle_proof import ForkError
from biotrace.chain.bundled import Bundle, BundleError, History, LogPart
from biotrace.chain.checkpoint import CheckpointError
from biotrace.chain.disclosure import Disclosure, DisclosureError, seal
from biotrace.chain.ed25519 import SignatureError
from biotrace.chain.kinds import KeyEnd, KeyEndReason, RecordKind
from biotrace.chain.note import NoteError
from biotrace.chain.record import Record, Signer, parse_record
from biotrace.errors import IntegrityError, UpdateNeededError
from biotrace.model.accreditation import Inspection
from biotrace.model.certificate import Certificate
from biotrace.model.correction import Action, Correction
from biotrace.model.party import Party, Role
from biotrace.model.private import PrivateField
from biotrace.model.retention import StoredFile
from biotrace.model.text import Text
from tests.builders import NOW, ROOT, ChainBuilder, device_key, m3
from tests.logs import LATER, ORIGIN, Log, another_scheme, judged, problems, sent

DAY = date(2014, 12, 1)
SALT = b"\7" * 16
PAPER = b"%PDF a felling notice"


@pytest.fixture
def chain() -> ChainBuilder:
    return ChainBuilder().story()


@pytest.fixture
def log(chain: ChainBuilder) -> Log:
    return Log(chain.records)


def with_record(part: LogPart, index: int, **changes: Any) -> LogPart:
    """The part with one record changed."""
    records = [replace(r, **changes) if r.index == index else r for r in part.records]
    return replace(part, records=tuple(records))


def without(part: LogPart, *indexes: int) -> LogPart:
    return replace(part, records=tuple(r for r in part.records if r.index not in indexes))


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


class TestAuthority:
    """S101 and S102: the decision of the ledger, on what is shown."""

    def test_a_key_whose_binding_is_not_shown_is_named(self, chain: ChainBuilder, log: Log) -> None:
        index = log.index("key-otsu")
        found = sent(log.bundle(["c-1", "c-2"], logs=(without(log.part(), index),)))
        assert problems(found) == {"c-2": [("S102", "key-unknown")]}
        (problem,) = judged(found, chain["c-2"].record_id).problems
        assert device_key("otsu").kid.hex() in problem.message.en

    def test_a_key_that_is_bound_only_later_does_not_count(self, chain: ChainBuilder) -> None:
        records = list(chain.records)
        records.append(records.pop(Log(records).index("key-otsu")))
        assert problems(sent(Log(records).bundle()))["c-2"] == [("S102", "key-unknown")]

    def test_a_forged_signature_that_the_log_took(self, chain: ChainBuilder) -> None:
        sound = chain["c-2"].envelope
        forged = parse_record(sound[:-1] + bytes([sound[-1] ^ 1]))
        records = [forged if record.subject == "c-2" else record for record in chain.records]
        assert problems(sent(Log(records).bundle())) == {"c-2": [("S101", "signature")]}

    def test_a_changed_record_is_neither_signed_nor_logged(self, log: Log) -> None:
        sound = log.records[12].envelope
        spoiled = sound[:-1] + bytes([sound[-1] ^ 1])
        found = sent(log.bundle(logs=(with_record(log.part(), 12, envelope=spoiled),)))
        assert problems(found) == {"c-2": [("S104", "not-logged"), ("S101", "signature")]}

    def test_who_signs_in_the_name_of_another_party(self, chain: ChainBuilder) -> None:
        chain.signers["otsu"].issuer = "kousei"
        chain.felling("c-9", ("doc-1",), number="第26-019号", seller="otsu", issuer_party="kousei")
        chain.records[-1] = chain.signers["otsu"].sign(RecordKind.CERTIFICATE, "c-8", body_of(chain, "c-1"), NOW)
        assert problems(sent(Log(chain.records).bundle()))["c-8"][0] == ("S102", "issuer")

    def test_what_only_a_root_key_may_say(self, chain: ChainBuilder) -> None:
        chain.sign("otsu", RecordKind.PARTY, "kousei-2", Party("kousei", "甲", (Role.PRODUCER,)))
        assert problems(sent(Log(chain.records).bundle())) == {"kousei-2": [("S102", "root-only")]}

    def test_a_certificate_for_another(self, chain: ChainBuilder) -> None:
        chain.sign("otsu", RecordKind.CERTIFICATE, "c-9", body_of(chain, "c-1"))
        assert problems(sent(Log(chain.records).bundle())) == {"c-9": [("S102", "not-own")]}

    def test_a_citation_of_the_wrong_kind(self, chain: ChainBuilder) -> None:
        body = replace(body_of(chain, "c-1"), documents=(chain["c-1"].record_id.hex(),))
        chain.sign("kousei", RecordKind.CERTIFICATE, "c-9", body)
        assert problems(sent(Log(chain.records).bundle())) == {"c-9": [("S106", "cites-kind")]}
        assert problems(sent(Log(chain.records).bundle(only=["c-9"]))) == {}

    def test_a_log_whose_first_record_binds_no_root_key(self, chain: ChainBuilder) -> None:
        found = problems(sent(Log(chain.records[1:]).bundle()))
        assert found["trusted" if chain.records[1].subject == "trusted" else chain.records[1].subject] == [
            ("S102", "first-record")
        ]


def body_of(chain: ChainBuilder, subject: str) -> Certificate:
    body = chain[subject].body
    assert isinstance(body, Certificate)
    return replace(body, id="")


class TestGrounds:
    """Who may correct something is told by what is corrected: it must be shown."""

    def test_a_correction_without_its_certificate_is_not_guessed_at(self, chain: ChainBuilder) -> None:
        chain.correction("k-1", "c-1", Action.CANCEL)
        log = Log(chain.records)
        assert problems(sent(log.bundle(only=["c-1", "k-1"]))) == {}
        found = sent(log.bundle(only=["k-1"]))
        assert problems(found) == {"k-1": [("S102", "not-shown")]}
        (problem,) = judged(found, chain["k-1"].record_id).problems
        assert chain["c-1"].record_id.hex()[:12] in problem.message.ja

    def test_hiding_the_certificate_does_not_help_who_cancels_anothers(self, chain: ChainBuilder) -> None:
        cancelled = Correction(chain["c-1"].record_id.hex(), Action.CANCEL, DAY)
        chain.sign("otsu", RecordKind.CORRECTION, "k-1", cancelled)
        log = Log(chain.records)
        assert problems(sent(log.bundle())) == {"k-1": [("S102", "not-own")]}
        assert problems(sent(log.bundle(only=["k-1"]))) == {"k-1": [("S102", "not-shown")]}

    def test_a_release_without_its_hold(self, chain: ChainBuilder) -> None:
        chain.correction("k-1", "c-1", Action.HOLD)
        chain.correction("k-2", "c-1", Action.RELEASE)
        log = Log(chain.records)
        assert problems(sent(log.bundle(only=["c-1", "k-1", "k-2"]))) == {}
        assert problems(sent(log.bundle(only=["c-1", "k-2"]))) == {"k-2": [("S102", "not-shown")]}

    def test_an_inspection_without_the_grant(self, chain: ChainBuilder) -> None:
        grant = next(r for r in chain.records if r.kind is RecordKind.ACCREDITATION)
        chain.sign("nagano-body", RecordKind.INSPECTION, "i-1", Inspection(grant.record_id.hex(), DAY))
        log = Log(chain.records)
        assert problems(sent(log.bundle())) == {}
        part = without(log.part(["i-1"]), log.index(grant.subject))
        assert problems(sent(log.bundle(logs=(part,)))) == {"i-1": [("S102", "not-shown")]}

    def test_what_another_log_shows_is_ground_enough(self, chain: ChainBuilder, log: Log) -> None:
        """kousei cancels, in another scheme's log, what it has issued here; otsu tries the same."""
        by_kousei, by_otsu = (self.cancelling(chain, party) for party in ("kousei", "otsu"))
        both = (log.part(), by_kousei.part())
        assert problems(sent(log.bundle(logs=both))) == {}
        assert problems(sent(log.bundle(logs=(log.part(), by_otsu.part())))) == {"k-1": [("S102", "not-own")]}

    def cancelling(self, chain: ChainBuilder, party: str) -> Log:
        other = another_scheme()
        other.sign(party, RecordKind.CORRECTION, "k-1", Correction(chain["c-1"].record_id.hex(), Action.CANCEL, DAY))
        return Log(other.records, "log.example/other")


class TestEndsOfKeys:
    def ended(self, chain: ChainBuilder, kid: bytes, first: int, by: str = ROOT) -> None:
        chain.sign(by, RecordKind.KEY_END, "end", KeyEnd(kid, first, KeyEndReason.LEAKED))

    def test_what_was_logged_at_or_after_the_end_counts_no_longer_and_what_was_before_does(
        self, chain: ChainBuilder
    ) -> None:
        chain.processing("c-3", {"c-1": m3(5)})
        first = Log(chain.records).index("c-3")
        self.ended(chain, device_key("otsu").kid, first)
        found = sent(Log(chain.records).bundle())
        assert problems(found) == {"c-3": [("S102", "key-ended")]}
        (problem,) = judged(found, chain["c-3"].record_id).problems
        assert f"from index {first} on" in problem.message.en

    def test_after_the_end_is_logged_nothing_is_admitted(self, chain: ChainBuilder) -> None:
        self.ended(chain, device_key("otsu").kid, len(chain.records) + 1)
        chain.processing("c-3", {"c-1": m3(5)})
        assert problems(sent(Log(chain.records).bundle())) == {"c-3": [("S102", "key-ended")]}

    def test_what_a_thief_bound_goes_with_the_stolen_key(self, chain: ChainBuilder) -> None:
        first = len(chain.records)
        second_root = replace(chain["key-kumiai"].body, public_key=device_key("root 2").public.raw)  # type: ignore[type-var]
        chain.sign(ROOT, RecordKind.KEY, "root-2", second_root)
        chain.key("accomplice")
        chain.sign("accomplice", RecordKind.DOCUMENT, "doc-9", chain["doc-1"].body)
        chain.signers[ROOT] = Signer(device_key("root 2"), ROOT)
        self.ended(chain, device_key(ROOT).kid, first + 1)
        found = problems(sent(Log(chain.records).bundle()))
        assert found == {"key-accomplice": [("S102", "key-ended")], "doc-9": [("S102", "key-ended")]}

    def test_an_end_that_is_left_out_is_not_seen_but_then_nobody_calls_it_complete(self, chain: ChainBuilder) -> None:
        chain.processing("c-3", {"c-1": m3(5)})
        self.ended(chain, device_key("otsu").kid, len(chain.records) - 1)
        log = Log(chain.records)
        whole = log.part(["c-3"])
        part = without(whole, log.index("end"))
        made = log.bundle(["c-3"], logs=(replace(part, completeness=log.statement(["c-3"], whole)),))
        found = sent(made)
        assert problems(found) == {}
        assert not found.parts[0].complete

    def test_an_end_by_who_may_not_say_so_ends_nothing(self, chain: ChainBuilder) -> None:
        self.ended(chain, device_key("otsu").kid, 5, by="kousei")
        assert problems(sent(Log(chain.records).bundle())) == {"end": [("S102", "key-not-yours")]}

    def test_nor_does_one_that_the_log_is_not_shown_to_hold(self, chain: ChainBuilder) -> None:
        self.ended(chain, device_key("otsu").kid, 11)
        log = Log(chain.records)
        found = sent(log.bundle(logs=(with_record(log.part(), log.index("end"), receipt=b""),)))
        assert problems(found) == {"end": [("S104", "not-logged")]}


class TestOrder:
    """S103: the key's chain, and the log's order, as far as shown."""

    def test_a_second_record_at_the_same_place_of_a_keys_chain(self, chain: ChainBuilder) -> None:
        """The mill sells the same wood twice, from a copy of its key."""
        signer = chain.signers["otsu"]
        chain.signers["otsu"] = Signer(signer.key, "otsu", signer.seq - 1, chain["c-2"].prev)
        chain.processing("c-x", {"c-1": m3(2_500)})
        log = Log(chain.records)
        assert problems(sent(log.bundle())) == {"c-x": [("S103", "chain-taken")]}
        assert problems(sent(log.bundle(only=["c-2", "c-x"]))) == {"c-x": [("S103", "chain-taken")]}
        assert problems(sent(log.bundle(only=["c-x"]))) == {}

    def test_a_predecessor_that_is_not_the_one_shown(self, chain: ChainBuilder) -> None:
        chain.signers["otsu"].prev = b"x" * 32
        chain.processing("c-3", {"c-1": m3(5)})
        assert problems(sent(Log(chain.records).bundle())) == {"c-3": [("S103", "chain-prev")]}

    def test_places_between_are_not_asked_for(self, chain: ChainBuilder) -> None:
        for number in (3, 4, 5):
            chain.processing(f"c-{number}", {"c-1": m3(number)})
        assert problems(sent(Log(chain.records).bundle(only=["c-3", "c-5"]))) == {}

    def test_a_record_that_was_logged_before_what_its_key_signed_earlier(self, chain: ChainBuilder) -> None:
        for number in (3, 4, 5):
            chain.processing(f"c-{number}", {"c-1": m3(number)})
        chain.records[-1], chain.records[-3] = chain.records[-3], chain.records[-1]
        log = Log(chain.records)
        assert problems(sent(log.bundle(only=["c-3", "c-5"]))) == {"c-3": [("S103", "chain-taken")]}

    def test_log_times_that_decrease(self, chain: ChainBuilder) -> None:
        times = list(range(LATER, LATER + len(chain.records)))
        times[12] = times[5]
        found = sent(Log(chain.records, times=times).bundle())
        assert problems(found) == {"c-2": [("S103", "log-time")]}
        times[13] = times[5] + 1
        assert problems(sent(Log(chain.records, times=times).bundle())) == {
            "c-2": [("S103", "log-time")],
            "d-1": [("S103", "log-time")],
        }

    def test_one_log_time_for_several_records_is_none_of_it(self, chain: ChainBuilder) -> None:
        assert problems(sent(Log(chain.records, times=[LATER] * len(chain.records)).bundle())) == {}

    def test_a_citation_of_a_later_record(self, chain: ChainBuilder) -> None:
        """A log that took the delivery before the certificate that it names."""
        chain.records[12], chain.records[13] = chain.records[13], chain.records[12]
        assert problems(sent(Log(chain.records).bundle())) == {"d-1": [("S103", "cites-later")]}


class TestOtherBytes:
    def made(self, chain: ChainBuilder, payload: bytes) -> Log:
        """A log that took what is no record of this release, in the place of c-2."""
        otsu = chain.signers["otsu"]
        envelope = cose.sign(otsu.key, "otsu", "c-2", NOW, payload).envelope
        record_id = hashlib.sha256(envelope).digest()
        records = [
            replace(r, record_id=record_id, envelope=envelope) if r.subject == "c-2" else r for r in chain.records[:13]
        ]
        return Log(records)

    def test_bytes_that_are_no_record(self, chain: ChainBuilder) -> None:
        log = self.made(chain, cbor.encode({0: 1, 1: 0, 3: b""}))
        found = sent(log.bundle())
        assert problems(found) == {"12": [("S106", "cbor-truncated")]}
        assert judged(found, log.records[12].record_id).record is None

    def test_bytes_that_are_no_envelope(self, log: Log) -> None:
        found = sent(log.bundle(logs=(with_record(log.part(), 12, envelope=b"\xd2"),)))
        assert [rule for rule, _ in problems(found)["12"]] == ["S104", "S106"]

    def test_a_later_version_that_the_log_has_taken_asks_for_an_update(self, chain: ChainBuilder) -> None:
        log = self.made(chain, cbor.encode({0: 2, 9: b"new"}))
        with pytest.raises(UpdateNeededError, match="record version 2"):
            sent(log.bundle())

    def test_a_later_version_that_it_has_not_taken_is_only_not_logged(self, chain: ChainBuilder) -> None:
        log = self.made(chain, cbor.encode({0: 2, 9: b"new"}))
        found = sent(log.bundle(logs=(with_record(log.part(), 12, receipt=b""),)))
        assert problems(found) == {"12": [("S104", "not-logged")]}


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
