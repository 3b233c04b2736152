"""Other certificates on a lot's documents are read where the amounts in the database leave anything open."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from biotrace.model.correction import Action
from biotrace.model.document import DocumentKind, FellingFacts, FellingMethod
from biotrace.model.quantity import Quantity, Unit
from biotrace.services.lot_check import Checked, LotCheck, Order, Signatures
from biotrace.services.times import day_of
from biotrace.store.ledger import Ledger
from tests.builders import LOG, NOW, ChainBuilder, m3

DAY = day_of(NOW)
Build = Callable[[ChainBuilder], None]


def paper(chain: ChainBuilder, subject: str, volume: int | None, number: str | None = None, **changes: Any) -> None:
    facts = FellingFacts(
        FellingMethod.THINNING,
        rate=3_000,
        area=236_110,
        species=("スギ",),
        volume=None if volume is None else volume * 1_000_000,
    )
    chain.document(subject, number=number or subject, felling=facts, **changes)


def fell(chain: ChainBuilder, subject: str, on: tuple[str, ...], quantity: Quantity) -> None:
    chain.felling(subject, on, number=f"第30-{subject}号", quantity=quantity)


def three_of(amounts: tuple[int, int, int], volume: int | None, **changes: Any) -> Build:
    """Two certificates, and then the lot's own, on one document."""

    def build(chain: ChainBuilder) -> None:
        paper(chain, "p", volume, **changes)
        for number, amount in enumerate(amounts):
            fell(chain, f"f-{number}", ("p",), m3(amount))

    return build


def in_unit(unit: Unit) -> Build:
    def build(chain: ChainBuilder) -> None:
        paper(chain, "p", 100)
        fell(chain, "f-0", ("p",), Quantity(1_000_000, unit))
        fell(chain, "f-2", ("p",), m3(20))

    return build


def with_a_copy(chain: ChainBuilder) -> None:
    """The copy allows less than what was certified on the other one."""
    paper(chain, "p", 100, number="30-1")
    paper(chain, "copy", 30, number="30－1")
    fell(chain, "f-0", ("copy",), m3(20))
    fell(chain, "f-2", ("p",), m3(20))


def with_a_supplement(chain: ChainBuilder) -> None:
    """5 m³ on the document are a supplement's: so 50 of the 90 m³ that it supplements rest there as well."""
    paper(chain, "p", 100)
    paper(chain, "q", 40)
    fell(chain, "f-0", ("q",), m3(90))
    fell(chain, "s", ("p",), m3(5))
    chain.correction("k", "f-0", Action.SUPPLEMENT, by="s")
    fell(chain, "f-2", ("p",), m3(90))


def with_a_cancelled_one(chain: ChainBuilder) -> None:
    paper(chain, "p", 100)
    fell(chain, "f-0", ("p",), m3(60))
    chain.correction("k", "f-0", Action.CANCEL)
    fell(chain, "f-2", ("p",), m3(40))


def with_another_document(chain: ChainBuilder) -> None:
    """Of the lot's two documents one has room for all that cites it, whatever is on the other."""
    paper(chain, "p", 100)
    paper(chain, "q", 10)
    fell(chain, "f-0", ("q",), m3(50))
    fell(chain, "f-2", ("p", "q"), m3(40))


def check(ledger: Ledger, lot: str, signatures: Signatures = Signatures.ANCESTORS) -> Checked:
    return LotCheck(ledger).check([lot], Order(DAY, signatures=signatures))


@pytest.mark.parametrize(
    ("build", "fewer", "fires"),
    [
        (three_of((20, 20, 20), 100), True, False),
        (three_of((40, 30, 30), 100), True, False),
        (three_of((40, 30, 31), 100), False, False),  # within the tolerance
        (three_of((60, 30, 60), 100), False, True),
        (three_of((60, 30, 60), None), True, False),
        (three_of((60, 30, 60), 100, kind=DocumentKind.LEGALITY_CERTIFICATE), True, False),
        (in_unit(Unit.T), False, False),
        (in_unit(Unit.M3_LOOSE), False, False),
        (with_a_copy, False, True),
        (with_a_supplement, False, True),
        (with_a_cancelled_one, True, False),
        (with_another_document, False, False),
    ],
)
def test_they_are_read_where_amounts_leave_it_open(build: Build, fewer: bool, fires: bool, tmp_path: Path) -> None:
    chain = ChainBuilder().story()
    build(chain)
    chain.processing("lot", {"f-2": m3(1)}, number="乙-9")
    with Ledger.create(tmp_path / "ledger.db", LOG) as ledger:
        ledger.append(chain.records, NOW)
        found, everything = check(ledger, "lot"), check(ledger, "lot", Signatures.ALL)
    assert found.lots == everything.lots
    assert (found.seen < everything.seen) is fewer
    assert ("H314" in found.lots[0].fired) is fires


@pytest.mark.parametrize("change", ["DELETE FROM certified_m3", "UPDATE certified_m3 SET cm3 = 10000000000"])
def test_an_amount_that_is_lost_or_too_great_changes_no_verdict(change: str, tmp_path: Path) -> None:
    chain = ChainBuilder().story()
    three_of((20, 20, 20), 100)(chain)
    chain.processing("lot", {"f-2": m3(1)}, number="乙-9")
    with Ledger.create(tmp_path / "ledger.db", LOG) as ledger:
        ledger.append(chain.records, NOW)
        before = check(ledger, "lot")
        spoil(tmp_path / "ledger.db", f"{change} WHERE position = ?", ledger.find("f-0")[0].position)
        after = check(ledger, "lot")
    assert (after.lots, after.damage) == (before.lots, before.damage)
    assert after.seen == before.seen + 2


def test_another_amount_of_an_ancestor_shows(tmp_path: Path) -> None:
    chain = ChainBuilder().story()
    three_of((20, 20, 20), 100)(chain)
    chain.processing("lot", {"f-2": m3(1)}, number="乙-9")
    with Ledger.create(tmp_path / "ledger.db", LOG) as ledger:
        ledger.append(chain.records, NOW)
        position = ledger.find("f-2")[0].position
        spoil(tmp_path / "ledger.db", "UPDATE certified_m3 SET cm3 = 1 WHERE position = ?", position)
        found = check(ledger, "lot")
    assert [(finding.position, finding.rule) for finding in found.damage] == [(position, "S106")]
    assert not found.lots[0].clean


def spoil(path: Path, change: str, position: int) -> None:
    """Behind the ledger's back."""
    with closing(sqlite3.connect(path)) as database, database:
        database.execute(change, (position,))
