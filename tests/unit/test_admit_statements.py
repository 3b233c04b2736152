"""Who may say what of accreditations, holds and kept papers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest

from biotrace.chain.admit import admit
from biotrace.chain.kinds import Body, RecordKind
from biotrace.chain.record import Record
from biotrace.model.accreditation import Grant, Inspection, RenewalRequest, Revocation
from biotrace.model.correction import Action, Correction
from biotrace.model.party import Accreditation, Role
from biotrace.model.retention import Answer, Challenge, Deleted, RetentionHold, Tombstone
from tests.builders import NOW, ROOT, ChainBuilder
from tests.refused import refused

DAY = date(2014, 12, 1)


@pytest.fixture
def chain() -> ChainBuilder:
    return ChainBuilder().story()


def spoken(chain: ChainBuilder, by: str, kind: RecordKind, body: Body, **more: bool) -> Record:
    return chain.sign(by, kind, "x", body, **more)


def grant(chain: ChainBuilder, by: str, body: str | None, party: str = "otsu", **more: bool) -> Record:
    return spoken(chain, by, RecordKind.ACCREDITATION, Grant(party, Accreditation(DAY, "34", body)), **more)


def test_a_body_accredits_in_its_own_name_and_nobody_in_its(chain: ChainBuilder) -> None:
    chain.party("nagano-body", Role.BODY)
    view = chain.admitted()
    admit(grant(chain, "nagano-body", "nagano-body"), view)
    refused(grant(chain, "otsu", "nagano-body"), view, "not-own")
    refused(grant(chain, "kousei", None), view, "not-own")


def test_who_goes_by_a_code_of_its_own_says_so_itself(chain: ChainBuilder) -> None:
    view = chain.admitted()
    admit(grant(chain, "otsu", None), view)


@pytest.mark.parametrize("by", ["otsu", "nagano-body"])
def test_only_a_root_key_copies_an_accreditation_from_paper(chain: ChainBuilder, by: str) -> None:
    chain.key("nagano-body")
    view = chain.admitted()
    refused(grant(chain, by, "nagano-body", transcribed=True), view, "root-only")
    admit(grant(chain, ROOT, "nagano-body", transcribed=True), view)


FOLLOWING: dict[RecordKind, Callable[[str], Body]] = {
    RecordKind.RENEWAL_REQUEST: lambda cited: RenewalRequest(cited, DAY),
    RecordKind.REVOCATION: lambda cited: Revocation(cited, DAY),
    RecordKind.INSPECTION: lambda cited: Inspection(cited, DAY),
}
"""What is said of a grant after it: by its holder, or by the body that gave it."""


@pytest.mark.parametrize("kind", FOLLOWING)
def test_holder_or_body_say_what_comes_after_a_grant(chain: ChainBuilder, kind: RecordKind) -> None:
    chain.key("nagano-body")
    copied = chain["accreditation:otsu:1"].record_id.hex()
    view = chain.admitted()
    holder, body = "otsu", "nagano-body"
    speaker, other = (holder, body) if kind is RecordKind.RENEWAL_REQUEST else (body, holder)
    said = FOLLOWING[kind](copied)
    for wrong in (other, "kousei", ROOT):
        refused(replace(chain.signer(wrong)).sign(kind, "x", said, NOW), view, "not-own")
        if wrong != ROOT:
            copied_by = replace(chain.signer(wrong)).sign(kind, "x", said, NOW, transcribed=True)
            refused(copied_by, view, "root-only")
    admit(replace(chain.signer(speaker)).sign(kind, "x", said, NOW), view)
    admit(replace(chain.signer(ROOT)).sign(kind, "x", said, NOW, transcribed=True), view)


@pytest.mark.parametrize("kind", FOLLOWING)
def test_what_follows_a_grant_cites_a_grant(chain: ChainBuilder, kind: RecordKind) -> None:
    view = chain.admitted()
    for cited, code in ((chain["c-1"].record_id.hex(), "cites-kind"), ("00" * 32, "cites-unknown")):
        said = replace(chain.signer(ROOT)).sign(kind, "x", FOLLOWING[kind](cited), NOW, transcribed=True)
        refused(said, view, code)


def hold(chain: ChainBuilder, by: str, subject: str = "hold", certificate: str = "c-1") -> Record:
    body = Correction(chain[certificate].record_id.hex(), Action.HOLD, DAY)
    return chain.sign(by, RecordKind.CORRECTION, subject, body)


def cancelled(chain: ChainBuilder, by: str) -> Record:
    body = Correction(chain["c-1"].record_id.hex(), Action.CANCEL, DAY)
    return chain.sign(by, RecordKind.CORRECTION, "cancel", body)


def release(chain: ChainBuilder, by: str, follows: str | None, certificate: str = "c-1") -> Record:
    cited = None if follows is None else chain[follows].record_id.hex()
    body = Correction(chain[certificate].record_id.hex(), Action.RELEASE, DAY, follows=cited)
    return chain.sign(by, RecordKind.CORRECTION, "release", body)


def test_a_root_key_puts_any_certificate_on_hold_and_others_only_their_own(chain: ChainBuilder) -> None:
    view = chain.admitted()
    admit(hold(chain, ROOT), view)
    admit(hold(chain, "kousei"), view)
    refused(hold(chain, "otsu"), view, "not-own")
    refused(cancelled(chain, "plant-8"), view, "not-own")


def test_a_root_key_cancels_nothing_that_others_signed(chain: ChainBuilder) -> None:
    view = chain.admitted()
    refused(cancelled(chain, ROOT), view, "not-own")


@pytest.mark.parametrize(("held_by", "other"), [(ROOT, "kousei"), ("kousei", ROOT)])
def test_who_put_a_hold_on_lifts_it_and_nobody_else(chain: ChainBuilder, held_by: str, other: str) -> None:
    hold(chain, held_by)
    view = chain.admitted()
    refused(release(chain, other, "hold"), view, "not-own")
    admit(release(chain, held_by, "hold"), view)


def test_a_release_names_a_hold_of_the_same_certificate(chain: ChainBuilder) -> None:
    chain.felling("c-9", ("doc-1",), number="第26-019号")
    hold(chain, "kousei", "other hold", "c-9")
    cancelled(chain, "kousei")
    view = chain.admitted()
    for named in (None, "c-1", "cancel", "other hold"):
        refused(release_not_kept(chain, "kousei", named), view, "release-what")
    admit(release(chain, "kousei", "other hold", "c-9"), view)


def release_not_kept(chain: ChainBuilder, by: str, follows: str | None) -> Record:
    """A release that is not kept, so that the next one stands at the same place of the chain."""
    signer = replace(chain.signer(by))
    record = release(chain, by, follows)
    chain.signers[by] = signer
    return record


def test_any_party_asks_answers_holds_papers_and_says_what_it_deleted(chain: ChainBuilder) -> None:
    """Whom it binds is for the reader to judge: such a record speaks for its signer only."""
    cited = chain["c-1"].record_id.hex()
    chain.sign("plant-8", RecordKind.CHALLENGE, "ask", Challenge((cited,), "kousei", DAY, DAY))
    chain.sign("kousei", RecordKind.ANSWER, "answer", Answer(chain["ask"].record_id.hex(), DAY))
    chain.sign("kousei", RecordKind.RETENTION_HOLD, "keep", RetentionHold((cited,), DAY))
    chain.sign(
        "kousei", RecordKind.RETENTION_HOLD, "keep-2", RetentionHold((cited,), DAY, ends=chain["keep"].record_id.hex())
    )
    chain.sign("otsu", RecordKind.TOMBSTONE, "gone", Tombstone(cited, DAY, (Deleted.FILES,)))
    view = chain.admitted()
    refused(chain.sign("otsu", RecordKind.ANSWER, "answer", Answer(cited, DAY)), view, "cites-kind")


def test_a_record_of_any_kind_may_be_asked_for_but_it_must_be_held(chain: ChainBuilder) -> None:
    view = chain.admitted()
    for cited in ("doc-1", "c-1", "d-1", "key-otsu"):
        asked = Challenge((chain[cited].record_id.hex(),), "kousei", DAY, DAY)
        admit(replace(chain.signer("plant-8")).sign(RecordKind.CHALLENGE, "ask", asked, NOW), view)
    nothing = Challenge(("00" * 32,), "kousei", DAY, DAY)
    error = refused(chain.sign("plant-8", RecordKind.CHALLENGE, "ask", nothing), view, "cites-unknown")
    assert error.message.en == "challenge ask: it cites 000000000000…, which this ledger does not hold"
