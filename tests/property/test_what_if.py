"""What is said to follow if a paper is false is what the verdicts are in a ledger in which it really is false."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from biotrace.chain.kinds import RecordKind, TrustedBodies
from biotrace.model.accreditation import Revocation
from biotrace.model.document import DocumentKind, FellingFacts, FellingMethod
from biotrace.model.fuel_class import FuelClass
from biotrace.model.party import Accreditation, Role
from biotrace.services import trace
from biotrace.services.ledger_case import case_of_ledger, read_ledger
from biotrace.services.lot_check import LotCheck, Order
from biotrace.services.trace_ledger import LedgerDesk
from biotrace.services.trace_start import StartKind
from biotrace.store.ledger import Ledger
from biotrace.verify.effect import Effect
from biotrace.verify.profile import RINYA_2012
from biotrace.verify.verdict import LotVerdict, Status, judge
from tests.builders import LOG, NOW, ROOT, ChainBuilder, m3

TODAY = date(2014, 12, 20)
REVOKED = date(2014, 6, 1)
FELLED = ("f-0", "f-1", "f-2")

Worth = dict[str, tuple[FuelClass, dict[FuelClass, int] | None, Status]]


@dataclass(frozen=True)
class Plan:
    """Chips made of some of the felled wood, load by load: cubic metres by felling certificate."""

    loads: tuple[dict[str, int], ...]
    traded: tuple[bool, ...]
    """Whether a load goes by way of a trader before it gets to the plant."""


@st.composite
def plans(draw: st.DrawFn) -> Plan:
    """One to four loads of 11 m³ each, in any shares."""
    loads = []
    for _ in range(draw(st.integers(1, 4))):
        cuts = sorted(draw(st.lists(st.integers(0, 11), min_size=2, max_size=2)))
        amounts = (cuts[0], cuts[1] - cuts[0], 11 - cuts[1])
        loads.append({f: m for f, m in zip(FELLED, amounts, strict=True) if m})
    return Plan(tuple(loads), tuple(draw(st.booleans()) for _ in loads))


def chain_of(plan: Plan, felling: Callable[[ChainBuilder, str, int], None]) -> ChainBuilder:
    """The records of a plan. ``felling``: writes a felling certificate and its document."""
    chain = ChainBuilder()
    chain.sign(ROOT, RecordKind.TRUSTED_BODIES, "trusted", TrustedBodies(("nagano-body", "gifu-body")))
    accredited = Accreditation(date(2014, 4, 1), "長木-012", "nagano-body", date(2017, 3, 31))
    other = replace(accredited, number="岐木-001", body="gifu-body")
    chain.party("kousei", Role.PRODUCER, accreditations=(accredited, other))
    chain.party("otsu", Role.PROCESSOR, accreditations=(replace(accredited, number="長木-034"),))
    chain.party("hei", Role.TRADER, accreditations=(replace(accredited, number="長木-056"),))
    chain.party("plant-8", Role.PLANT)
    for number, name in enumerate(FELLED):
        felling(chain, name, number)
    for number, (load, traded) in enumerate(zip(plan.loads, plan.traded, strict=True)):
        draws = {name: m3(amount) for name, amount in load.items()}
        buyer = "hei" if traded else "plant-8"
        made = chain.processing(f"c-{number}", draws, buyer=buyer, number=f"c-{number}")
        last, sender = f"c-{number}", "otsu"
        if traded:
            more: dict[str, Any] = {"accreditation_number": "長木-056", "process": None, "number": f"t-{number}"}
            quantity = made.body.quantity  # type: ignore[union-attr]  # it is a certificate
            chain.processing(f"t-{number}", {last: quantity}, seller="hei", **more)
            last, sender = f"t-{number}", "hei"
        chain.delivery(f"d-{number}", last, sender=sender, time=f"{8 + number:02}:40")
    return chain


def honest(chain: ChainBuilder, name: str, number: int) -> None:
    chain.document(f"doc-{name}", number=f"26-{number + 20}")
    chain.felling(name, (f"doc-{name}",), number=f"第26-{number + 20}号")


def without_document(chain: ChainBuilder, name: str, number: int) -> None:
    if name != FELLED[0]:
        honest(chain, name, number)
        return
    chain.document(f"doc-{name}", number=f"26-{number + 20}")
    chain.felling(name, (), number=f"第26-{number + 20}号")


def final_felling(chain: ChainBuilder, name: str, number: int) -> None:
    if name != FELLED[0]:
        honest(chain, name, number)
        return
    cleared = FellingFacts(FellingMethod.CLEAR, rate=10_000, area=236_110, species=("スギ", "ヒノキ"))
    kind = DocumentKind.FELLING_NOTICE
    chain.document(f"doc-{name}", number=f"26-{number + 20}", kind=kind, felling=cleared)
    chain.felling(name, (f"doc-{name}",), number=f"第26-{number + 20}号")


def judged(folder: Path, chain: ChainBuilder) -> Worth:
    """Every delivery's verdict, by its subject, from all of a ledger."""
    ledger = Ledger.create(folder / "really.db", LOG)
    ledger.append(chain.records, NOW + 86_400)
    reading = read_ledger(ledger)
    verdict = judge(case_of_ledger(reading.logged, TODAY), RINYA_2012)
    ledger.close()
    return worth(verdict.lots, reading.subjects())


def worth(lots: tuple[LotVerdict, ...], subjects: Any) -> Worth:
    return {subjects[v.id]: (v.confirmed, None if v.by_class is None else dict(v.by_class), v.status) for v in lots}


def supposed(folder: Path, chain: ChainBuilder, text: str, kind: StartKind, effect: Effect, since: date | None) -> Any:
    """The verdicts before and after, by subject."""
    ledger = Ledger.create(folder / "honest.db", LOG)
    ledger.append(chain.records, NOW + 86_400)
    found = trace.what_if(LedgerDesk(LotCheck(ledger), Order(TODAY)), text, kind, effect, since)
    subjects = {r.record_id.hex(): r.subject for r in chain.records}
    size = len(ledger)
    ledger.close()
    assert size == len(chain.records), "nothing is written"
    before = worth(tuple(c.before for c in found.lots), subjects)
    return before, worth(tuple(c.after for c in found.lots), subjects)


FALSE = {
    "false certificate": (without_document, "f-0", StartKind.CERTIFICATE, Effect.UNPROVEN),
    "really a final felling": (final_felling, "f-0", StartKind.CERTIFICATE, Effect.GENERAL),
    "false document": (without_document, "doc-f-0", StartKind.DOCUMENT, Effect.UNPROVEN),
}


@pytest.mark.parametrize("case", FALSE)
@settings(max_examples=12, deadline=None, phases=(Phase.explicit, Phase.generate))
@given(plans())
def test_what_if_is_what_is_so_where_it_is_so(case: str, plan: Plan) -> None:
    falsely, text, kind, effect = FALSE[case]
    with TemporaryDirectory() as place:
        folder = Path(place)
        before, after = supposed(folder, chain_of(plan, honest), text, kind, effect, None)
        really = judged(folder, chain_of(plan, falsely))
    touched = {f"d-{n}" for n, load in enumerate(plan.loads) if FELLED[0] in load}
    assert set(after) == touched
    assert after == {lot: really[lot] for lot in touched}
    assert all(confirmed is FuelClass.THINNED for confirmed, _, _ in before.values())
    assert all(confirmed is not FuelClass.THINNED for confirmed, _, _ in after.values())
    assert all(really[lot][0] is FuelClass.THINNED for lot in really.keys() - touched)


def by_two_numbers(chain: ChainBuilder, name: str, number: int) -> None:
    """All but the first under another body's number."""
    more = {} if name == FELLED[0] else {"accreditation_number": "岐木-001"}
    chain.document(f"doc-{name}", number=f"26-{number + 20}")
    chain.felling(name, (f"doc-{name}",), number=f"第26-{number + 20}号", **more)


@settings(max_examples=8, deadline=None, phases=(Phase.explicit, Phase.generate))
@given(plans())
def test_one_of_several_accreditations(plan: Plan) -> None:
    """What was certified under another number stands, also in a lot together with what was not."""
    really_so = chain_of(plan, by_two_numbers)
    grant = really_so["accreditation:kousei:1"].record_id.hex()
    really_so.sign(ROOT, RecordKind.REVOCATION, "revoked", Revocation(grant, REVOKED), transcribed=True)
    with TemporaryDirectory() as place:
        folder = Path(place)
        chain = chain_of(plan, by_two_numbers)
        _, after = supposed(folder, chain, "長木-012", StartKind.ACCREDITATION, Effect.UNPROVEN, REVOKED)
        really = judged(folder, really_so)
    assert after == {lot: really[lot] for lot in after}
    assert set(after) == {f"d-{n}" for n, load in enumerate(plan.loads) if FELLED[0] in load}


@settings(max_examples=8, deadline=None, phases=(Phase.explicit, Phase.generate))
@given(plans())
def test_a_revoked_accreditation(plan: Plan) -> None:
    really_so = chain_of(plan, honest)
    grant = really_so["accreditation:kousei:1"].record_id.hex()
    really_so.sign(ROOT, RecordKind.REVOCATION, "revoked", Revocation(grant, REVOKED), transcribed=True)
    with TemporaryDirectory() as place:
        folder = Path(place)
        chain = chain_of(plan, honest)
        _, after = supposed(folder, chain, "長木-012", StartKind.ACCREDITATION, Effect.UNPROVEN, REVOKED)
        really = judged(folder, really_so)
    assert after == really
    assert all(confirmed is not FuelClass.THINNED for confirmed, _, _ in after.values())
