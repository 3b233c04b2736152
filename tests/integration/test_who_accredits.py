"""Who a party is and how it is accredited is for the ledger's root key to say."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from biotrace.chain.integrity import IntegrityFinding
from biotrace.chain.kinds import RecordKind
from biotrace.model.party import Accreditation, Party, Role
from biotrace.model.text import Text
from biotrace.services.ledger_case import case_of_ledger
from biotrace.services.logged import Logged, parties_of
from biotrace.services.trust import trust_of
from tests.builders import NOW, ROOT, ChainBuilder

MADE_UP = Accreditation(date(2010, 1, 1), "偽-1", "body", date(2030, 12, 31))


def logged(chain: ChainBuilder) -> tuple[Logged, ...]:
    """The chain's records as read from a ledger, all sound."""
    return tuple(Logged(i, NOW, record) for i, record in enumerate(chain.records))


def test_a_member_cannot_accredit_itself() -> None:
    chain = ChainBuilder()
    mill = Party("otsu", "乙チップ工業株式会社", (Role.PROCESSOR,))
    chain.sign(ROOT, RecordKind.PARTY, "otsu", mill)
    chain.sign("otsu", RecordKind.PARTY, "otsu", replace(mill, accreditations=(MADE_UP,)))
    assert case_of_ledger(logged(chain), date(2014, 11, 19)).parties == {"otsu": mill}
    assert trust_of(logged(chain)).parties == {"otsu": mill}


def test_a_member_cannot_make_up_a_body() -> None:
    chain = ChainBuilder()
    chain.sign("otsu", RecordKind.PARTY, "body-2", Party("body-2", "架空協会", (Role.BODY,)))
    assert case_of_ledger(logged(chain), date(2014, 11, 19)).parties == {}
    assert trust_of(logged(chain)).parties == {}


def test_a_page_names_parties_as_the_root_states_them() -> None:
    chain = ChainBuilder()
    mill = Party("otsu", "乙チップ工業株式会社", (Role.PROCESSOR,))
    chain.sign(ROOT, RecordKind.PARTY, "otsu", mill)
    chain.sign("otsu", RecordKind.PARTY, "otsu", replace(mill, name="別の会社"))
    assert parties_of(logged(chain)) == {"otsu": mill}


def test_a_damaged_statement_of_a_party_says_nothing() -> None:
    chain = ChainBuilder()
    chain.sign(ROOT, RecordKind.PARTY, "otsu", Party("otsu", "乙チップ工業株式会社", (Role.PROCESSOR,)))
    spoiled = IntegrityFinding("S101", 1, chain.records[-1].record_id, Text("壊れています", "damaged"))
    entries = [replace(e, findings=(spoiled,)) if isinstance(e.record.body, Party) else e for e in logged(chain)]
    assert parties_of(entries) == {}
