"""What is judged of a record that is shown with a part of its log: authority and order, as when it was appended."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from biotrace.chain import cbor, cose, integrity
from biotrace.chain.admit import admit
from biotrace.chain.kinds import KeyBinding, KeyEnd, KeyEndReason, RecordKind
from biotrace.chain.record import Record, Signer, parse_record
from biotrace.chain.refusals import REFUSALS
from biotrace.chain.shown import admit_shown, rule_of
from biotrace.errors import IntegrityError, UpdateNeededError
from biotrace.model.accreditation import Inspection
from biotrace.model.certificate import Certificate
from biotrace.model.correction import Action, Correction
from biotrace.model.document import Document
from biotrace.model.party import Party, Role
from tests.builders import NOW, ROOT, ChainBuilder, device_key, m3
from tests.logs import LATER, Log, another_scheme, judged, problems, sent, with_record, without

DAY = date(2014, 12, 1)


@pytest.fixture
def chain() -> ChainBuilder:
    return ChainBuilder().story()


@pytest.fixture
def log(chain: ChainBuilder) -> Log:
    return Log(chain.records)


class TestTheSameDecision:
    """Shown all that was there before, a record is admitted or refused as when it was appended."""

    def test_each_record_of_a_chain(self, chain: ChainBuilder) -> None:
        view = ChainBuilder().admitted()
        for index, record in enumerate(chain.records[1:], 1):
            admit_shown(record, index, view)
            view.take(record, index)

    @pytest.mark.parametrize(
        ("spoil", "code"),
        [
            (
                lambda chain: Signer(device_key("x"), "x").sign(RecordKind.DOCUMENT, "x", body(chain, "doc-1"), NOW),
                "key-unknown",
            ),
            (lambda chain: chain.sign("otsu", RecordKind.CERTIFICATE, "x", body(chain, "c-1")), "not-own"),
            (lambda chain: chain.sign("otsu", RecordKind.PARTY, "x", Party("x", "x", (Role.OWNER,))), "root-only"),
            (lambda chain: chain.sign(ROOT, RecordKind.KEY, "x", body(chain, "key-otsu")), "key-bound"),
            (
                lambda chain: chain.sign(
                    ROOT, RecordKind.KEY, "x", replace(body(chain, "key-otsu"), public_key=bytes(32))
                ),
                "key-invalid",
            ),
            (
                lambda chain: chain.sign("otsu", RecordKind.KEY_END, "x", KeyEnd(b"x" * 16, 3, KeyEndReason.LOST)),
                "key-unknown",
            ),
            (
                lambda chain: chain.sign(
                    ROOT, RecordKind.KEY_END, "x", KeyEnd(device_key("otsu").kid, 99, KeyEndReason.LOST)
                ),
                "key-end-index",
            ),
        ],
    )
    def test_each_attack(self, chain: ChainBuilder, spoil: Callable[[ChainBuilder], Record], code: str) -> None:
        view, index = chain.admitted(), len(chain.records)
        record = spoil(chain)
        for decide in (admit, lambda record, view: admit_shown(record, index, view)):
            with pytest.raises(IntegrityError) as caught:
                decide(record, view)
            assert caught.value.code == code

    def test_the_index_counts_and_not_how_many_are_shown(self, chain: ChainBuilder) -> None:
        end = KeyEnd(device_key("otsu").kid, 41, KeyEndReason.LOST)
        record = chain.sign("otsu", RecordKind.KEY_END, "end", end)
        view = ChainBuilder().story().admitted()
        admit_shown(record, 40, view)
        for other in (14, 39, 41):
            with pytest.raises(IntegrityError) as caught:
                admit_shown(record, other, view)
            assert caught.value.code == "key-end-index"

    def test_a_refusal_stands_for_the_rule_that_it_stands_for_in_a_ledger(self) -> None:
        for code in {"signature", *REFUSALS} - {"cites-unknown"}:
            assert rule_of(IntegrityError(REFUSALS["issuer"][0], code=code)) == integrity._RULE.get(code, "S106"), code


def body(chain: ChainBuilder, subject: str) -> Any:
    """What a record says, to be said again."""
    said = chain[subject].body
    return replace(said, id="") if isinstance(said, Certificate | Document) else said


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
        chain.sign("otsu", RecordKind.CERTIFICATE, "c-9", body(chain, "c-1"))
        assert problems(sent(Log(chain.records).bundle())) == {"c-9": [("S102", "issuer")]}

    def test_what_only_a_root_key_may_say(self, chain: ChainBuilder) -> None:
        chain.sign("otsu", RecordKind.PARTY, "kousei-2", Party("kousei", "甲", (Role.PRODUCER,)))
        assert problems(sent(Log(chain.records).bundle())) == {"kousei-2": [("S102", "root-only")]}

    def test_a_certificate_for_another(self, chain: ChainBuilder) -> None:
        chain.sign("otsu", RecordKind.CERTIFICATE, "c-9", body(chain, "c-1"))
        assert problems(sent(Log(chain.records).bundle())) == {"c-9": [("S102", "not-own")]}

    def test_a_citation_of_the_wrong_kind(self, chain: ChainBuilder) -> None:
        citing = replace(body(chain, "c-1"), documents=(chain["c-1"].record_id.hex(),))
        chain.sign("kousei", RecordKind.CERTIFICATE, "c-9", citing)
        assert problems(sent(Log(chain.records).bundle())) == {"c-9": [("S106", "cites-kind")]}
        assert problems(sent(Log(chain.records).bundle(only=["c-9"]))) == {}

    def test_a_log_whose_first_record_binds_no_root_key(self, chain: ChainBuilder) -> None:
        log = Log(chain.records[1:])
        assert problems(sent(log.bundle()))[log.records[0].subject] == [("S102", "first-record")]


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

    def test_where_a_record_is_not_proven_to_be_its_key_is_not_called_ended(self, chain: ChainBuilder) -> None:
        chain.processing("c-3", {"c-1": m3(5)})
        self.ended(chain, device_key("otsu").kid, len(chain.records) - 1)
        log = Log(chain.records)
        found = sent(log.bundle(logs=(with_record(log.part(), log.index("c-3"), receipt=b""),)))
        assert problems(found) == {"c-3": [("S104", "not-logged")]}

    def test_after_the_end_is_logged_nothing_is_admitted(self, chain: ChainBuilder) -> None:
        self.ended(chain, device_key("otsu").kid, len(chain.records) + 1)
        chain.processing("c-3", {"c-1": m3(5)})
        assert problems(sent(Log(chain.records).bundle())) == {"c-3": [("S102", "key-ended")]}

    def test_what_a_thief_bound_goes_with_the_stolen_key(self, chain: ChainBuilder) -> None:
        first = len(chain.records)
        second_root = KeyBinding(device_key("root 2").public.raw, ROOT, "kumiai株式会社", root=True)
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
        both = {"c-2": [("S103", "chain-doubled")], "c-x": [("S103", "chain-taken")]}
        assert problems(sent(log.bundle())) == both
        assert problems(sent(log.bundle(only=["c-2", "c-x"]))) == both
        assert problems(sent(log.bundle(only=["c-x"]))) == {}

    def test_of_a_doubled_place_the_first_record_stands_and_its_successor_follows_it(self, chain: ChainBuilder) -> None:
        first = chain.signers["otsu"]
        chain.signers["otsu"] = Signer(first.key, "otsu", first.seq - 1, chain["c-2"].prev)
        chain.processing("c-x", {"c-1": m3(2_500)})
        chain.signers["otsu"] = first
        chain.processing("c-3", {"c-1": m3(5)})
        found = sent(Log(chain.records).bundle())
        assert set(problems(found)) == {"c-2", "c-x"}
        worth = {r.record.subject: all(p.is_notice for p in r.problems) for r in found.parts[0].records if r.record}
        assert (worth["c-2"], worth["c-x"], worth["c-3"]) == (True, False, True)

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
