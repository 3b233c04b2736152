"""Who may log what: a valid chain is admitted, and each attack on it is refused by its code."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest

from biotrace.chain import cbor, cose
from biotrace.chain.admit import admit
from biotrace.chain.binding import BoundKey
from biotrace.chain.kinds import RecordKind
from biotrace.chain.record import Record, Signer, parse_record
from biotrace.chain.refusals import REFUSALS
from biotrace.model.certificate import Certificate, Draw
from biotrace.model.correction import Action, Correction
from biotrace.model.delivery import Delivery
from biotrace.model.fuel_class import FuelClass
from biotrace.model.stock import Site
from tests.builders import NOW, ROOT, ChainBuilder, device_key, m3
from tests.refused import refused

DAY = date(2014, 12, 1)
SITE = Site("yard-1", "otsu", FuelClass.THINNED)


@pytest.fixture
def chain() -> ChainBuilder:
    return ChainBuilder().story()


def test_a_valid_chain_is_admitted(chain: ChainBuilder) -> None:
    view = chain.admitted()
    assert view.size() == len(chain.records)
    root = view.bound_key(device_key(ROOT).kid)
    assert root == BoundKey(device_key(ROOT).public.raw, ROOT, True, device_key(ROOT).kid, 0)


def test_every_refusal_speaks_both_languages_with_the_same_words_filled_in() -> None:
    for texts in REFUSALS.values():
        for text in texts:
            assert text.ja
            assert {w.split("}")[0] for w in text.ja.split("{")[1:]} == {
                w.split("}")[0] for w in text.en.split("{")[1:]
            }


def test_a_stranger_cannot_log(chain: ChainBuilder) -> None:
    record = Signer(device_key("stranger"), "otsu").sign(RecordKind.SITE, "yard-1", SITE, NOW)
    refused(record, chain.admitted(), "key-unknown")


def test_nobody_signs_in_the_name_of_another_party(chain: ChainBuilder) -> None:
    view = chain.admitted()
    chain.signers["otsu"].issuer = "kousei"
    error = refused(chain.sign("otsu", RecordKind.SITE, "yard-1", SITE), view, "issuer")
    assert error.message.en == "site yard-1: the key that signed it is bound to otsu, not to kousei"


def test_a_signature_that_is_not_the_keys_is_refused(chain: ChainBuilder) -> None:
    view = chain.admitted()
    record = chain.sign("otsu", RecordKind.SITE, "yard-1", SITE)
    forged = parse_record(record.envelope[:-1] + bytes([record.envelope[-1] ^ 1]))
    error = refused(forged, view, "signature")
    assert error.message.en == "record yard-1: the signature does not fit the content"


def test_a_stolen_kid_does_not_help(chain: ChainBuilder) -> None:
    """The thief names kousei's key but signs with their own."""
    view, thief = chain.admitted(), device_key("thief")
    honest = chain.sign("kousei", RecordKind.SITE, "yard-1", SITE)
    signed = cose.parse(honest.envelope)
    signature = thief.sign(cbor.encode(["Signature1", signed.protected, b"", signed.payload]))
    forged = parse_record(b"\xd2" + cbor.encode([signed.protected, {}, signed.payload, signature]))
    refused(forged, view, "signature")


def certificate_for_another(chain: ChainBuilder, **more: bool) -> Record:
    body = chain["c-1"].body
    assert isinstance(body, Certificate)
    return chain.sign("otsu", RecordKind.CERTIFICATE, "c-x", replace(body, id=""), **more)


def delivery_for_another(chain: ChainBuilder, **more: bool) -> Record:
    body = chain["d-1"].body
    assert isinstance(body, Delivery)
    return chain.sign("otsu", RecordKind.DELIVERY, "d-x", replace(body, id=""), **more)


@pytest.mark.parametrize("speak", [certificate_for_another, delivery_for_another])
def test_speaking_for_another_is_a_transcription_or_refused(chain: ChainBuilder, speak: Callable[..., Record]) -> None:
    view = chain.admitted()
    error = refused(speak(chain), view, "not-own")
    assert "transcription" in str(error.remedy)
    copied = speak(ChainBuilder().story(), transcribed=True)
    admit(copied, view)


def test_who_issues_for_the_seller_signs(chain: ChainBuilder) -> None:
    view = chain.admitted()
    chain.felling("c-3", ("doc-1",), seller="owner-without-key", issuer_party="kousei", number="第26-018号")
    admit(chain["c-3"], view)
    assert chain["c-3"].issuer == "kousei"


def corrected(chain: ChainBuilder, certificate: str, by: str, **more: bool) -> Record:
    body = Correction(chain[certificate].record_id.hex(), Action.CANCEL, date(2014, 12, 1))
    return chain.sign(by, RecordKind.CORRECTION, "k-1", body, **more)


def test_the_issuer_corrects_a_signed_certificate_and_nobody_else(chain: ChainBuilder) -> None:
    view = chain.admitted()
    refused(corrected(chain, "c-1", "otsu"), view, "not-own")
    admit(corrected(ChainBuilder().story(), "c-1", "kousei"), view)


def test_nobody_cancels_a_signed_certificate_by_claiming_to_have_copied_a_paper(chain: ChainBuilder) -> None:
    view = chain.admitted()
    refused(corrected(chain, "c-1", "otsu", transcribed=True), view, "not-own")


@pytest.mark.parametrize(("by", "transcribed"), [("otsu", False), ("kousei", False), (ROOT, True)])
def test_a_transcription_is_corrected_by_who_copied_it_its_issuer_or_a_root_that_copied_another_paper(
    chain: ChainBuilder, by: str, transcribed: bool
) -> None:
    certificate_for_another(chain, transcribed=True)
    view = chain.admitted()
    admit(corrected(chain, "c-x", by, transcribed=transcribed), view)


def test_a_transcription_is_not_corrected_by_a_third_party_in_its_own_name(chain: ChainBuilder) -> None:
    certificate_for_another(chain, transcribed=True)
    view = chain.admitted()
    refused(corrected(chain, "c-x", "plant-8"), view, "not-own")


def test_a_member_does_not_cancel_what_another_copied_by_naming_a_paper(chain: ChainBuilder) -> None:
    certificate_for_another(chain, transcribed=True)
    view = chain.admitted()
    refused(corrected(chain, "c-x", "plant-8", transcribed=True), view, "not-own")


def test_a_restored_backup_that_signs_again_is_refused(chain: ChainBuilder) -> None:
    """The second record for a place in the chain: a fork."""
    backup = replace(chain.signers["otsu"])
    taken = chain.sign("otsu", RecordKind.SITE, "yard-1", SITE)
    view = chain.admitted()
    error = refused(backup.sign(RecordKind.SITE, "yard-2", SITE, NOW), view, "chain-taken")
    assert f"place {taken.seq} of its key's chain is taken" in error.message.en


def test_a_record_held_back_is_missed(chain: ChainBuilder) -> None:
    view = chain.admitted()
    chain.sign("otsu", RecordKind.SITE, "yard-1", SITE)
    refused(chain.sign("otsu", RecordKind.SITE, "yard-2", SITE), view, "chain-gap")


def test_a_replaced_predecessor_is_noticed(chain: ChainBuilder) -> None:
    view = chain.admitted()
    chain.signers["otsu"].prev = bytes(32)
    refused(chain.sign("otsu", RecordKind.SITE, "yard-1", SITE), view, "chain-prev")


def test_what_is_cited_must_be_held_and_of_the_right_kind(chain: ChainBuilder) -> None:
    view = chain.admitted()
    body = chain["c-2"].body
    assert isinstance(body, Certificate)
    nothing = replace(body, id="", draws=(Draw("00" * 32, m3(1)),))
    error = refused(chain.sign("otsu", RecordKind.CERTIFICATE, "c-3", nothing), view, "cites-unknown")
    assert "cites certificate 000000000000…" in error.message.en
    chain = ChainBuilder().story()
    a_document = replace(body, id="", draws=(Draw(chain["doc-1"].record_id.hex(), m3(1)),))
    refused(chain.sign("otsu", RecordKind.CERTIFICATE, "c-3", a_document), view, "cites-kind")
    chain = ChainBuilder().story()
    a_certificate = replace(body, id="", documents=(chain["c-1"].record_id.hex(),))
    refused(chain.sign("otsu", RecordKind.CERTIFICATE, "c-3", a_certificate), view, "cites-kind")


def test_a_correction_of_nothing_is_refused(chain: ChainBuilder) -> None:
    view = chain.admitted()
    body = Correction("00" * 32, Action.CANCEL, date(2014, 12, 1))
    refused(chain.sign("otsu", RecordKind.CORRECTION, "k-1", body), view, "cites-unknown")
