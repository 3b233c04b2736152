"""Other certificates on a lot's documents are read where the amounts in the database leave anything open."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Mapping
from contextlib import closing
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from biotrace.chain.kinds import RecordKind
from biotrace.model.certificate import Permit
from biotrace.model.correction import Action
from biotrace.model.document import DocumentKind, FellingFacts, FellingMethod
from biotrace.model.place import Concordance, Link, Place
from biotrace.model.quantity import Quantity, Unit
from biotrace.model.retention import StoredFile
from biotrace.services.kept_papers import NO_FILES
from biotrace.services.ledger_case import case_of_ledger, read_ledger
from biotrace.services.lot_check import RULES, Checked, LotCheck, Order, Signatures
from biotrace.services.times import day_of
from biotrace.store.ledger import Ledger
from biotrace.verify.profile import RINYA_2012
from biotrace.verify.verdict import LotVerdict, judge
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


def with_a_later_supplement(chain: ChainBuilder) -> None:
    """As above, but the supplement comes after the lot's own: what it supplements came before, and rests there too."""
    paper(chain, "p", 100)
    paper(chain, "q", 40)
    fell(chain, "f-0", ("q",), m3(90))
    fell(chain, "f-2", ("p",), m3(90))
    fell(chain, "s", ("p",), m3(5))
    chain.correction("k", "f-0", Action.SUPPLEMENT, by="s")


def with_a_later_supplement_on_a_copy(chain: ChainBuilder) -> None:
    paper(chain, "p", 100, number="30-1")
    paper(chain, "copy", 30, number="30－1")
    paper(chain, "q", 40)
    fell(chain, "f-0", ("q",), m3(90))
    fell(chain, "f-2", ("p",), m3(20))
    fell(chain, "s", ("copy",), m3(5))
    chain.correction("k", "f-0", Action.SUPPLEMENT, by="s")


def with_a_later_supplement_elsewhere(chain: ChainBuilder) -> None:
    """The lot's document is full by another's wood only because that has no room on its own, which is pooled."""
    paper(chain, "p", 100)
    paper(chain, "q", 40)
    paper(chain, "r", 10)
    fell(chain, "f-0", ("r",), m3(40))
    fell(chain, "f-1", ("p", "q"), m3(110))
    fell(chain, "f-2", ("p",), m3(30))
    fell(chain, "s", ("q",), m3(5))
    chain.correction("k", "f-0", Action.SUPPLEMENT, by="s")


def with_a_later_supplement_of_a_later_one(chain: ChainBuilder) -> None:
    paper(chain, "p", 100)
    paper(chain, "q", 40)
    fell(chain, "f-2", ("p",), m3(90))
    fell(chain, "f-0", ("q",), m3(90))
    fell(chain, "s", ("p",), m3(5))
    chain.correction("k", "f-0", Action.SUPPLEMENT, by="s")


def with_a_later_replacement(chain: ChainBuilder) -> None:
    """What takes another's place after the lot's own certificate takes what that leaves."""
    paper(chain, "p", 100)
    fell(chain, "f-0", ("p",), m3(10))
    fell(chain, "f-2", ("p",), m3(90))
    fell(chain, "r", ("p",), m3(50))
    chain.correction("k", "f-0", Action.REPLACE, by="r")


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


def folded(ledger: Ledger, lot: str, files: Mapping[bytes, bool] = NO_FILES) -> LotVerdict:
    """What the fold over the whole ledger says of the lot. Whether a key's chain breaks, no check of a lot can say."""
    case = case_of_ledger(read_ledger(ledger).logged, DAY, files=files)
    (position,) = (entry.position for entry in ledger.find(lot))
    named = ledger.entry(position).record.record_id.hex()
    (told,) = (verdict for verdict in judge(case, RINYA_2012, RULES).lots if verdict.id == named)
    return replace(told, passed=tuple(code for code in told.passed if code != "S103"))


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
        (with_a_later_supplement, False, True),
        (with_a_later_supplement_on_a_copy, False, True),
        (with_a_later_supplement_elsewhere, False, True),
        (with_a_later_supplement_of_a_later_one, False, False),
        (with_a_later_replacement, True, False),
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
        told = folded(ledger, "lot")
    assert found.lots == everything.lots == (told,)
    assert (found.seen < everything.seen) is fewer
    assert ("H314" in found.lots[0].fired) is fires


@pytest.mark.parametrize("copy_is_cited_by", ["another", "a supplement of another", "a later supplement of another"])
def test_copies_that_limit_nothing_are_compared_too(copy_is_cited_by: str, tmp_path: Path) -> None:
    """H319: another certificate that came before the lot's own rests on the copy, whenever that was said."""
    chain = ChainBuilder().story()
    kind = DocumentKind.LEGALITY_CERTIFICATE
    paper(chain, "q", None, kind=kind)
    paper(chain, "p", 60, number="30-1", kind=kind)
    paper(chain, "copy", 70, number="30－1", kind=kind)
    permit = Permit(date(2014, 5, 8), "北信林業事務所", "30-1")
    chain.felling("f-0", ("copy" if copy_is_cited_by == "another" else "q",), number="第30-f-0号")
    if copy_is_cited_by == "a supplement of another":
        fell(chain, "s", ("copy",), m3(5))
    chain.felling("f-2", ("p",), number="第30-f-2号", permit=permit)
    if copy_is_cited_by == "a later supplement of another":
        fell(chain, "s", ("copy",), m3(5))
    if copy_is_cited_by != "another":
        chain.correction("k", "f-0", Action.SUPPLEMENT, by="s")
    chain.processing("lot", {"f-2": m3(1)}, number="乙-9")
    with Ledger.create(tmp_path / "ledger.db", LOG) as ledger:
        ledger.append(chain.records, NOW)
        told = folded(ledger, "lot")
        assert [check(ledger, "lot", signatures).lots for signatures in Signatures] == [(told,), (told,)]
    assert "H319" in told.fired


@pytest.mark.parametrize("told_late", [False, True])
def test_places_of_other_certificates_are_read_by_the_concordances_that_name_them(
    told_late: bool, tmp_path: Path
) -> None:
    """By the table f-0 is from where p is for, so none of it rests on q, which the lot's own uses up. No place behind
    the lot is in the table.
    """
    chain = ChainBuilder().story()
    town = Place("長野県", "〇〇市")
    pairs = (Link("12い-4", ("300",)), Link("15い-4", ("400",)))
    table = Concordance("", "〇〇市", date(2014, 4, 1), pairs, "長野県", "〇〇市", "大字甲", None)
    there, here = replace(town, compartments=("12い-4",)), replace(town, compartments=("12い-5",))
    paper(chain, "p", 50, locations=(there,))
    paper(chain, "q", 100, locations=(here,))
    parcel = replace(town, oaza="大字甲", parcels=("300",))
    chain.felling("f-0", ("p", "q"), number="第30-f-0号", quantity=m3(90), locations=(parcel,))
    chain.felling("f-2", ("q",), number="第30-f-2号", quantity=m3(90), locations=(here,))
    if not told_late:
        chain.sign("kousei", RecordKind.CONCORDANCE, "table", table)
    chain.processing("lot", {"f-2": m3(1)}, number="乙-9")
    with Ledger.create(tmp_path / "ledger.db", LOG) as ledger:
        ledger.append(chain.records, NOW)
        if told_late:
            beyond = check(ledger, "lot").lots[0]
            assert "H314" in beyond.fired
            ledger.append([chain.sign("kousei", RecordKind.CONCORDANCE, "table", table)], NOW)
        found, told = check(ledger, "lot"), folded(ledger, "lot")
    assert found.lots == (told,)
    assert "H314" not in told.fired
    assert [then.lot for then in found.when_accepted.values()] == ([beyond] if told_late else [])


def test_another_draw_counts_unless_a_copy_behind_its_supplement_is_altered(tmp_path: Path) -> None:
    """Of 10 m³ the other mill's lot took 8 before this one did, if its papers are what they were."""
    chain = ChainBuilder().story()
    paper(chain, "p", 100)
    paper(chain, "q", 100, files=(StoredFile(b"q" * 32, 10, "application/pdf"),))
    fell(chain, "f-2", ("p",), m3(10))
    chain.processing("other", {"f-2": m3(8)}, number="乙-8")
    chain.processing("lot", {"f-2": m3(8)}, number="乙-9")
    chain.felling("s", ("q",), seller="otsu", buyer="plant-8", number="第30-s号", accreditation_number="長木-034")
    chain.correction("k", "other", Action.SUPPLEMENT, by="s")
    with Ledger.create(tmp_path / "ledger.db", LOG) as ledger:
        ledger.append(chain.records, NOW)
        for as_recorded in (True, False):
            files = {b"q" * 32: as_recorded}
            found = LotCheck(ledger).check(["lot"], Order(DAY, files=files)).lots
            assert found == (folded(ledger, "lot", files),)
            assert ("Q601" in found[0].fired) is as_recorded


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
