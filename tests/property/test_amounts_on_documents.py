"""Where the amounts in the database show that a document is not used up, its other certificates are not read. Whatever
is certified on which papers, a lot is judged as if they had been."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from hypothesis import event, given, settings
from hypothesis import strategies as st

from biotrace.model.correction import Action
from biotrace.model.document import DocumentKind, FellingFacts, FellingMethod
from biotrace.services.ledger_case import case_of_ledger, read_ledger
from biotrace.services.lot_check import RULES, LotCheck, Order, Signatures
from biotrace.services.times import day_of
from biotrace.store.ledger import Ledger
from biotrace.verify.profile import RINYA_2012
from biotrace.verify.verdict import judge
from tests.builders import LOG, NOW, ChainBuilder, m3, tonnes

DAY = day_of(NOW)
_KINDS = (DocumentKind.PROTECTION_THINNING_NOTICE, DocumentKind.LEGALITY_CERTIFICATE)
_NUMBERS = ("30-1", "30-2", "30-3", "30-2")
"""Of the documents: the last may be a copy of the second."""

documents = st.tuples(st.sampled_from(_KINDS), st.sampled_from([None, 60, 120, 240]))
some = st.lists(st.integers(0, len(_NUMBERS) - 1), min_size=1, max_size=2, unique=True)
step = st.one_of(
    st.tuples(st.just("fell"), some, st.integers(20, 130), st.booleans()),
    st.tuples(st.just("fell"), some, st.integers(20, 130), st.just(True)),
    st.tuples(st.just("supplement"), st.integers(0, 9), some, st.booleans()),
    st.tuples(st.just("cancel"), st.integers(0, 9)),
    st.tuples(st.just("hold"), st.integers(0, 9)),
)


def built(papers: list[tuple[DocumentKind, int | None]], steps: list[tuple[Any, ...]]) -> tuple[ChainBuilder, int]:
    """A log with these papers and certificates on them, and how many of these there are; each has a lot of chips."""
    chain = ChainBuilder().story()
    for i, (kind, volume) in enumerate(papers):
        felling = FellingFacts(FellingMethod.THINNING, rate=3_000, area=236_110, species=("スギ",))
        said = replace(felling, volume=None if volume is None else volume * 1_000_000)
        chain.document(f"p-{i}", kind=kind, number=_NUMBERS[i], felling=said)
    count = 0
    for n, (what, *more) in enumerate(steps):
        if what == "fell":
            on, amount, cubic = more
            quantity = m3(amount) if cubic else tonnes(amount * 1_000_000)
            chain.felling(f"f-{count}", tuple(f"p-{i}" for i in on), number=f"第30-{n}号", quantity=quantity)
            chain.processing(f"lot-{count}", {f"f-{count}": replace(quantity, amount=1_000_000)}, number=f"乙-{n}")
            count += 1
        elif count:
            of = f"f-{more[0] % count}"
            if what == "supplement":
                chain.felling(f"s-{n}", tuple(f"p-{i}" for i in more[1]), number=f"第30-{n}号", quantity=m3(20))
                chain.correction(f"k-{n}", of, Action.SUPPLEMENT, by=f"s-{n}")
            else:
                chain.correction(f"k-{n}", of, Action.CANCEL if what == "cancel" else Action.HOLD)
    return chain, count


@settings(max_examples=60, deadline=None)
@given(st.lists(documents, min_size=4, max_size=4), st.lists(step, min_size=4, max_size=14))
def test_no_certificate_that_is_not_read_would_have_changed_a_verdict(
    papers: list[tuple[DocumentKind, int | None]], steps: list[tuple[Any, ...]]
) -> None:
    chain, count = built(papers, steps)
    with TemporaryDirectory() as folder, Ledger.create(Path(folder) / "ledger.db", LOG) as ledger:
        ledger.append(chain.records, NOW)
        case = case_of_ledger(read_ledger(ledger).logged, DAY)
        lots = {lot.id: lot for lot in judge(case, RINYA_2012, RULES).lots}
        check = LotCheck(ledger)
        for i in range(count):
            lot = chain[f"lot-{i}"].record_id.hex()
            expected = replace(lots[lot], passed=tuple(code for code in lots[lot].passed if code != "S103"))
            read = {s: check.check([lot], Order(DAY, signatures=s)) for s in Signatures}
            assert {s: found.lots for s, found in read.items()} == dict.fromkeys(Signatures, (expected,))
            fewer = read[Signatures.ANCESTORS].seen < read[Signatures.ALL].seen
            event(f"H314 fired: {'H314' in expected.fired}, fewer were read: {fewer}")
