"""Who a party is and how it is accredited is for the ledger's root key to say."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from biotrace.chain.integrity import IntegrityFinding
from biotrace.chain.kinds import RecordKind
from biotrace.errors import IntegrityError
from biotrace.model.accreditation import Grant, Inspection, RenewalRequest, Revocation
from biotrace.model.party import Accreditation, Party, Role
from biotrace.model.text import Text
from biotrace.services.ledger_case import case_of_ledger, integrity_finding
from biotrace.services.logged import Logged, parties_of
from biotrace.services.trust import trust_of
from biotrace.verify.effect import Effect
from tests.builders import NOW, ROOT, ChainBuilder

MADE_UP = Accreditation(date(2010, 1, 1), "偽-1", "body", date(2030, 12, 31))


def logged(chain: ChainBuilder) -> tuple[Logged, ...]:
    """The chain's records as read from a ledger, all sound."""
    return tuple(Logged(i, NOW, record) for i, record in enumerate(chain.records))


@pytest.mark.parametrize("transcribed", [True, False])
def test_a_member_cannot_accredit_itself(transcribed: bool) -> None:
    """Neither by a grant in its body's name nor by one that it says it has copied."""
    chain = ChainBuilder()
    chain.party("otsu", Role.PROCESSOR)
    chain.sign("otsu", RecordKind.ACCREDITATION, "made-up", Grant("otsu", MADE_UP), transcribed=transcribed)
    with pytest.raises(IntegrityError) as refused:
        chain.admitted()
    assert refused.value.code == ("root-only" if transcribed else "not-own")


def test_a_member_cannot_make_up_a_party() -> None:
    chain = ChainBuilder()
    chain.sign("otsu", RecordKind.PARTY, "body-2", Party("body-2", "架空協会", (Role.BODY,)))
    with pytest.raises(IntegrityError) as refused:
        chain.admitted()
    assert refused.value.code == "root-only"


def test_a_body_accredits_revokes_and_inspects_in_its_own_name() -> None:
    chain = ChainBuilder()
    chain.party("body", Role.BODY)
    chain.party("otsu", Role.PROCESSOR)
    grant = chain.sign("body", RecordKind.ACCREDITATION, "長木-034", Grant("otsu", MADE_UP)).record_id.hex()
    chain.sign("body", RecordKind.INSPECTION, "i", Inspection(grant, date(2012, 5, 1)))
    chain.sign("otsu", RecordKind.RENEWAL_REQUEST, "r", RenewalRequest(grant, date(2013, 1, 1)))
    chain.sign("body", RecordKind.REVOCATION, "x", Revocation(grant, date(2014, 1, 1)))
    chain.admitted()
    (held,) = parties_of(logged(chain))["otsu"].accreditations
    said = {"inspected": (date(2012, 5, 1),), "renewal_requested": date(2013, 1, 1), "revoked": date(2014, 1, 1)}
    assert held == replace(MADE_UP, **said)  # type: ignore[arg-type]


def test_a_damaged_statement_of_a_party_says_nothing() -> None:
    chain = ChainBuilder()
    chain.sign(ROOT, RecordKind.PARTY, "otsu", Party("otsu", "乙チップ工業株式会社", (Role.PROCESSOR,)))
    entries = [with_finding(e, "S101", "signature") if isinstance(e.record.body, Party) else e for e in logged(chain)]
    assert parties_of(entries) == {}


def with_finding(entry: Logged, rule: str, code: str) -> Logged:
    """The entry with something wrong with its bytes or its place."""
    wrong = IntegrityFinding(rule, code, entry.position, entry.record.record_id, Text("乱れ", "disorder"))
    return replace(entry, findings=(wrong,))


@pytest.mark.parametrize(
    ("code", "effect"),
    [
        ("chain-gap", Effect.NOTICE),
        ("log-gap", Effect.NOTICE),
        ("chain-doubled", Effect.NOTICE),
        ("chain-taken", Effect.VOID),
        ("chain-prev", Effect.VOID),
        ("log-time", Effect.VOID),
    ],
)
def test_s103_voids_the_second_and_is_a_notice_on_the_first_and_after_a_gap(code: str, effect: Effect) -> None:
    chain = ChainBuilder().story()
    entries = [with_finding(e, "S103", code) for e in logged(chain)]
    assert {integrity_finding(f).effect for e in entries for f in e.findings} == {effect}
    case = case_of_ledger(entries, date(2014, 11, 19))
    counts = effect is Effect.NOTICE
    assert (bool(case.parties), bool(case.documents), case.trusted_bodies is not None) == (counts, counts, counts)
    assert (len(parties_of(entries)) > 0, len(trust_of(entries).keys) > 0) == (counts, counts)
