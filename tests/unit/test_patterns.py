"""Each pattern on a few dozen papers: what it sees, where it is silent, and where its line lies."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date

import pytest

from biotrace.model.casebook import Casebook
from biotrace.model.certificate import Mixed, Origin, Process, Share
from biotrace.model.correction import Action
from biotrace.model.document import DocumentKind, FellingMethod
from biotrace.model.fuel_class import FuelClass
from biotrace.model.quantity import Quantity, Unit
from biotrace.model.text import Text
from biotrace.verify.case import case_of_casebook
from biotrace.verify.patterns import Around, Looking, PriceChange
from biotrace.verify.profile import RINYA_2012
from tests.casebooks import DOCUMENT, PLACE, change_felling, correct, tonnes
from tests.sights import DAY, TOWN_ONLY, arrived, book, certified, chipped, felled, seen, sold

_M3 = 1_000_000
CHANGE = PriceChange(date(2015, 4, 1), Text("32円から40円に", "from 32 to 40 yen"), "")


def loads(*of: tuple[str, int], **changes: object) -> Casebook:
    """Certificates to those buyers over so many m³, on the model notice (100 m³, 23.6 ha)."""
    return book(felled(n, cm3 * _M3, buyer, **changes) for n, (buyer, cm3) in enumerate(of, 1))


def places(stopped: int, precise: int) -> Casebook:
    """A producer's certificates, by how far they name their place."""
    towns = (felled(n, _M3, locations=TOWN_ONLY) for n in range(stopped))
    return book([*towns, *(felled(100 + n, _M3, locations=(PLACE,)) for n in range(precise))])


def on_hectares(hundredths: int, cm3: int, **facts: object) -> Casebook:
    """So many m³ on a notice for so many hundredths of a hectare, which allows more than that."""
    stated = {"area": hundredths * 100, "volume": 10_000 * _M3, **facts}
    return change_felling(book([felled(1, cm3 * _M3, area=hundredths * 100)]), "doc-1", **stated)


def late(days: list[int]) -> Casebook:
    """Deliveries whose certificates are dated so many days after them."""
    start = date(2014, 11, 3)
    chips = [certified(n, start + (n + d) * DAY, draws=()) for n, d in enumerate(days)]
    return book(chips, [arrived(n, date=start + n * DAY, time=None) for n in range(len(days))])


def trucks(*second: Mapping[str, object]) -> Casebook:
    """The model delivery, and others that differ from it in this."""
    return book([], [arrived(0), *(arrived(n, **changes) for n, changes in enumerate(second, 1))])


OTHER_LOAD = {"quantity": tonnes(29, None)}


@dataclass(frozen=True, slots=True)
class Row:
    """Papers, and what one pattern makes of them: a score in between, or silence (0, 0)."""

    code: str
    about: str
    papers: Callable[[], Casebook]
    least: int
    most: int


ROWS = (
    Row("permit-volume", "within its volume", lambda: loads(("otsu", 60), ("heiwa", 40)), 0, 0),
    Row("permit-volume", "at the tolerance", lambda: loads(("otsu", 60), ("heiwa", 50)), 0, 0),
    Row("permit-volume", "just beyond, one buyer", lambda: loads(("otsu", 60), ("otsu", 51)), 10, 10),
    Row("permit-volume", "just beyond, two buyers", lambda: loads(("otsu", 60), ("heiwa", 51)), 20, 20),
    Row("permit-volume", "half again, two buyers", lambda: loads(("otsu", 75), ("heiwa", 75)), 600, 600),
    Row("permit-volume", "three buyers", lambda: loads(("otsu", 50), ("heiwa", 50), ("marumatsu", 50)), 800, 800),
    Row("permit-volume", "no volume stated", lambda: change_felling(loads(("otsu", 500)), "doc-1", volume=None), 0, 0),
    Row("permit-volume", "one cancelled", lambda: _cancelled(), 0, 0),
    Row("permit-volume", "a legality certificate allows no volume", lambda: _legality(), 0, 0),
    Row("permit-volume", "another document has room", lambda: _two_documents(), 0, 0),
    Row("permit-volume", "two copies are one permit", lambda: _copies(), 600, 600),
    Row("permit-volume", "by weight, at the least", lambda: _by_weight(60), 0, 0),
    Row("permit-volume", "by weight, too much even so", lambda: _by_weight(200), 1_000, 1_000),
    Row("same-minute", "another minute", lambda: trucks({"time": "08:41"}), 0, 0),
    Row("same-minute", "another day", lambda: trucks({"date": date(2014, 11, 20)}), 0, 0),
    Row("same-minute", "another truck", lambda: trucks({"vehicle": "28-59"}), 0, 0),
    Row("same-minute", "no truck named", lambda: trucks({"vehicle": None}), 0, 0),
    Row("same-minute", "the same in other writing", lambda: trucks({"vehicle": "２８－５８"}), 650, 650),
    Row("same-minute", "the same quantity", lambda: trucks({}), 650, 650),
    Row("same-minute", "two tickets", lambda: trucks(OTHER_LOAD), 200, 200),
    Row("same-minute", "typed in twice", lambda: trucks({"certificate": "p-0"}), 300, 300),
    Row("same-minute", "two plants", lambda: trucks({"at": "plant-9", **OTHER_LOAD}), 700, 700),
    Row("same-minute", "two plants, the same quantity", lambda: trucks({"at": "plant-9"}), 1_000, 1_000),
    Row("same-minute", "two such minutes", lambda: _two_minutes(), 750, 750),
    Row("municipality-only", "four of four are too few", lambda: places(4, 0), 0, 0),
    Row("municipality-only", "five of five", lambda: places(5, 0), 600, 660),
    Row("municipality-only", "nine of ten", lambda: places(9, 1), 700, 1_000),
    Row("municipality-only", "eight of nine", lambda: places(8, 1), 0, 0),
    Row("municipality-only", "half", lambda: places(10, 10), 0, 0),
    Row("municipality-only", "without any place", lambda: book(felled(n, _M3, locations=()) for n in range(9)), 0, 0),
    Row("per-hectare", "a thinning's 30 %", lambda: on_hectares(100, 194), 0, 0),
    Row("per-hectare", "just above", lambda: on_hectares(100, 204), 20, 30),
    Row("per-hectare", "twice that", lambda: on_hectares(100, 389), 495, 500),
    Row("per-hectare", "a clear-felling may take all", lambda: _clear(640), 0, 0),
    Row("per-hectare", "a thinning without a rate: 35 %", lambda: on_hectares(100, 226, rate=None), 0, 0),
    Row("per-hectare", "and more than that", lambda: on_hectares(100, 240, rate=None), 20, 40),
    Row("per-hectare", "imported wood", lambda: _imported(), 0, 0),
    Row("per-hectare", "no document: the permit as certified", lambda: _no_document(), 1_000, 1_000),
    Row("per-hectare", "no document: areas of its own each time", lambda: _other_areas(), 0, 0),
    Row("yield-jump", "always the same", lambda: chipped([92] * 12), 0, 0),
    Row("yield-jump", "too few months", lambda: chipped([92] * 5 + [150]), 0, 0),
    Row("yield-jump", "too few lots", lambda: chipped([92] * 8 + [150], lots=2), 0, 0),
    Row("yield-jump", "a little better", lambda: chipped([90] * 8 + [98] * 4), 0, 0),
    Row("yield-jump", "ten points better", lambda: chipped([88] * 8 + [98]), 200, 250),
    Row("yield-jump", "ten points better from then on", lambda: chipped([88] * 8 + [98] * 12), 400, 450),
    Row("yield-jump", "more out than in", lambda: chipped([92] * 8 + [130]), 800, 800),
    Row("yield-jump", "more out than in from then on", lambda: chipped([92] * 8 + [130] * 5), 1_000, 1_000),
    Row("yield-jump", "much less", lambda: chipped([92] * 8 + [55]), 250, 250),
    Row("yield-jump", "never steady", lambda: chipped([70, 99, 75, 98, 72, 96, 74, 97, 99]), 0, 0),
    Row("yield-jump", "a trader makes nothing", lambda: _traded(), 0, 0),
    Row("class-shift", "as before", lambda: sold([2] * 18), 0, 0),
    Row("class-shift", "a little more", lambda: sold([2, 3] * 6 + [3] * 6), 0, 0),
    Row("class-shift", "up from that month on", lambda: sold([1] * 12 + [5] * 6), 950, 1_000),
    Row("class-shift", "down", lambda: sold([5] * 12 + [1] * 6), 0, 0),
    Row("class-shift", "three months on", lambda: sold([1] * 12 + [3] * 3), 650, 720),
    Row("class-shift", "two months are too few", lambda: sold([1] * 12 + [5] * 2), 0, 0),
    Row("class-shift", "a change in another month", lambda: sold([1] * 6 + [5] * 12), 0, 0),
    Row("class-shift", "two lots a month are too few", lambda: sold([0] * 12 + [2] * 6, lots=2), 0, 0),
    Row("dated-after", "with the load", lambda: late([0] * 20), 0, 0),
    Row("dated-after", "before it", lambda: late([-5] * 20), 0, 0),
    Row("dated-after", "the next morning now and then", lambda: late([0] * 18 + [1, 1]), 0, 0),
    Row("dated-after", "once by four days", lambda: late([0] * 49 + [4]), 0, 0),
    Row("dated-after", "one load, three weeks", lambda: late([21]), 350, 400),
    Row("dated-after", "always", lambda: late([1] * 10), 1_000, 1_000),
    Row("dated-after", "a third, by a week", lambda: late([0, 0, 7] * 5), 700, 1_000),
)  # fmt: skip


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row.code}: {row.about}")
def test_what_is_seen(row: Row) -> None:
    found = seen(row.papers(), row.code, CHANGE)
    if row.most == 0:
        assert found == []
    else:
        (one,) = found
        assert row.least <= one.score <= row.most
        assert one.sample.records
        assert one.about
        assert one.parties


def test_every_pattern_fires_and_is_silent() -> None:
    fires = {row.code for row in ROWS if row.most}
    assert fires == {row.code for row in ROWS if not row.most}
    assert len(fires) == 7


def test_figures_stand_in_the_sentence() -> None:
    (permit,) = seen(loads(("otsu", 75), ("heiwa", 75)), "permit-volume")
    assert permit.seen.ja == "証明の合計 150.0 ㎥（材積を50%超える、買い手 2 社、証明書 2 通）"
    assert permit.usual.en == "the documents allow 100.0 m³"
    assert permit.about == ("doc-1",)
    assert permit.parties == ("heiwa", "kousei", "otsu")
    (mill,) = seen(chipped([92] * 8 + [130]), "yield-jump")
    assert mill.seen.en == "yield 130% in 2014-12"
    assert mill.sample.count == 3
    (seller,) = seen(late([0, 0, 7] * 5), "dated-after")
    assert "15 deliveries 5 (33%)" in seller.seen.en


def test_one_certificate_is_said_only_where_there_is_one() -> None:
    (typed_in,) = seen(trucks({"certificate": "p-0"}), "same-minute")
    assert "同じ証明書" in typed_in.seen.ja
    bare = book([], [arrived(n, certificate=None) for n in range(2)])
    (alone,) = seen(bare, "same-minute")
    assert "証明書" not in alone.seen.ja
    assert "certificate" not in alone.seen.en


def test_what_was_not_looked_at_is_said() -> None:
    papers = change_felling(loads(("otsu", 500), area=None), "doc-1", volume=None, area=None)
    case = case_of_casebook(replace(papers, deliveries=(arrived(1, vehicle=None),)))
    looking = Looking(Around(case, RINYA_2012))
    for entry in case.entries:
        looking.take(entry)
    told = {kind.code: said.en for kind, said in looking.unchecked()}
    assert told["permit-volume"].startswith("1 documents")
    assert told["per-hectare"] == "1 fellings without an area"
    assert told["same-minute"] == "1 deliveries that name no truck or no time"
    assert told["dated-after"] == "1 deliveries without a certificate at hand"


def _cancelled() -> Casebook:
    return correct(loads(("otsu", 75), ("heiwa", 75)), "f-2", Action.CANCEL)


def _clear(cm3: int) -> Casebook:
    return on_hectares(100, cm3, method=FellingMethod.CLEAR, rate=None)


def _legality() -> Casebook:
    paper = replace(DOCUMENT, kind=DocumentKind.LEGALITY_CERTIFICATE)
    return book((felled(n, 100 * _M3, b) for n, b in enumerate(("otsu", "heiwa"))), (), paper)


def _two_documents() -> Casebook:
    """100 m³ each on one notice and another of 100 m³, both cited by the first."""
    other = replace(DOCUMENT, id="doc-2", number="26-15")
    both = felled(1, 100 * _M3, documents=("doc-1", "doc-2"))
    return book([both, felled(2, 100 * _M3, "heiwa")], (), DOCUMENT, other)


def _copies() -> Casebook:
    """One permit, registered by each of two buyers."""
    other = replace(DOCUMENT, id="doc-2", number="第26-14号")
    return book([felled(1, 75 * _M3), felled(2, 75 * _M3, "heiwa", documents=("doc-2",))], (), DOCUMENT, other)


def _by_weight(tonnes_each: int) -> Casebook:
    """Two loads by weight at 60 % moisture: 0.4 bone-dry t to the tonne, at least 2.2 m³ each (softwood)."""
    wet = Quantity(tonnes_each * _M3, Unit.T, 6_000)
    return book(felled(n, 1, b, quantity=wet) for n, b in enumerate(("otsu", "heiwa")))


def _two_minutes() -> Casebook:
    again = {"date": date(2014, 11, 21), "time": "09:00"}
    return book([], [arrived(0), arrived(1), arrived(2, **again), arrived(3, **again)])


def _imported() -> Casebook:
    return book([felled(1, 9_000 * _M3, area=10_000, origins=(Origin.IMPORTED,), country="CA", documents=())])


def _no_document() -> Casebook:
    return book(felled(n, 1_000 * _M3, area=10_000, documents=()) for n in range(3))


def _other_areas() -> Casebook:
    return book(felled(n, 500 * _M3, area=10_000 + n, documents=()) for n in range(3))


def _traded() -> Casebook:
    made = chipped([92] * 8 + [150])
    return replace(made, certificates=tuple(replace(c, process=Process.TRADING) for c in made.certificates))


def test_a_mixed_lot_counts_by_its_shares() -> None:
    def mixed(parts: int) -> Mixed:
        rest = Share(FuelClass.GENERAL, 10_000 - parts)
        return Mixed("plant-8", (Share(FuelClass.THINNED, parts), rest))

    low, high = sold([0] * 12), sold([0] * 18)
    shares = [mixed(1_000 if n < len(low.certificates) else 9_000) for n in range(len(high.certificates))]
    lots = (replace(c, mixed=m) for c, m in zip(high.certificates, shares, strict=True))
    (found,) = seen(replace(high, certificates=tuple(lots)), "class-shift", CHANGE)
    assert "from 10% to 90%" in found.seen.en
