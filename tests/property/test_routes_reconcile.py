"""Routes and flows add up: a lot to its ways, a matrix to its rows and columns, whatever was drawn on what."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from biotrace.errors import UsageError
from biotrace.model.casebook import Casebook
from biotrace.model.place import Place
from biotrace.model.rounding import rounded
from biotrace.services.report_routes import routes_report
from biotrace.services.report_routes_groups import By
from biotrace.services.report_supply import supply_report
from biotrace.services.report_supply_figures import Every, figures_of
from biotrace.services.report_whole import Whole
from biotrace.verify.case import case_of_casebook
from biotrace.verify.places import ABROAD, PREFECTURES
from biotrace.verify.profile import RINYA_2012
from biotrace.verify.routes import is_looked_at
from biotrace.verify.supply import flows_of
from biotrace.verify.ways import ways_of
from tests.property.test_tonnage_conserved import books, slowly

PLACES = ("長野県", "群馬県", "府中市", None)


@st.composite
def regions(draw: st.DrawFn) -> Casebook:
    """Random delivery graphs, felled in one prefecture or another, abroad, or nobody knows where."""
    book = draw(books())
    made = []
    for c in book.certificates:
        if c.form.is_felling:
            name = draw(st.sampled_from(PLACES))
            where = () if name is None else (Place(prefecture=name) if name[-1] == "県" else Place(municipality=name),)
            c = replace(c, locations=where, country=draw(st.sampled_from(("JP", "US"))))
        made.append(c)
    address = draw(st.sampled_from(("長野県〇〇市1", "新潟県〇〇市2", "府中市3", None)))
    parties = tuple(replace(p, address=address) if p.id == "plant-8" else p for p in book.parties)
    return replace(book, certificates=tuple(made), parties=parties, documents=())


def whole_of(book: Casebook) -> Whole:
    """The book as the material of reports about everybody."""
    return Whole(case_of_casebook(book), RINYA_2012, {})


@settings(slowly, max_examples=150)
@given(books())
def test_the_ways_of_a_lot_add_up_to_it(book: Casebook) -> None:
    whole = whole_of(book)
    for lot in whole.lots:
        own = whole.judged[lot]
        ways = ways_of(lot, whole.judged, whole.whereabouts)
        assert ways
        told = [way.grams for way in ways if way.grams is not None]
        assert all(grams >= 0 for grams in told)
        if own.grams is None:
            assert not told
        elif len(told) == len(ways):
            assert sum(told) == own.grams
        else:
            assert sum(told) <= own.grams
        for way in ways:
            assert way.lot in way.records
            assert way.entrance is None or way.entrance in way.records
        assert len({(way.entrance, way.processor) for way in ways}) == len(ways)


@settings(slowly, max_examples=100)
@given(regions())
def test_the_routes_of_a_ledger_add_up_to_its_lots(book: Casebook) -> None:
    whole = whole_of(book)
    asked = [lot for lot in whole.lots if is_looked_at(whole.judged[lot])]
    try:
        data = routes_report(whole, None, (By.PLANT, By.BODY, By.PREFECTURE)).data
    except UsageError:
        assert not asked
        return
    assert {lot for route in data["routes"] for lot in route["records"]["lots"]} == set(asked)
    exact = [lot for lot in asked if all(w.grams is not None for w in ways_of(lot, whole.judged, whole.whereabouts))]
    if len(exact) == len(asked):
        assert sum(r["bone_dry"] for r in data["routes"]) == sum(whole.judged[lot].grams or 0 for lot in asked)
    clean = next(c for c in data["summary"] if c["finding"] == "none")
    assert clean["routes"] + sum(1 for r in data["routes"] if r["findings"]) == len(data["routes"])
    for group in data["groups"].values():
        assert sum(g["bone_dry"] for g in group) == sum(r["bone_dry"] for r in data["routes"])
        for finding in ("1", "2", "3", "none"):
            whole_count = next(c["routes"] for c in data["summary"] if c["finding"] == finding)
            in_groups = [c["routes"] for g in group for c in g["summary"] if c["finding"] == finding]
            assert max(in_groups) <= whole_count or finding == "none"


@settings(slowly, max_examples=150)
@given(regions())
def test_the_flows_of_a_lot_add_up_to_it(book: Casebook) -> None:
    whole = whole_of(book)
    for lot in whole.lots:
        grams = [flow.grams for flow in flows_of(lot, whole.judged, whole.whereabouts)]
        assert grams
        if whole.judged[lot].grams is None:
            assert set(grams) == {None}
        else:
            assert sum(g or 0 for g in grams) == whole.judged[lot].grams


@settings(slowly, max_examples=100)
@given(regions(), st.sampled_from(Every))
def test_rows_and_columns_of_the_matrix_agree_with_what_was_received(book: Casebook, every: Every) -> None:
    whole = whole_of(book)
    found = figures_of(whole, None, every)
    assert sum(x.grams for x in found.flowed) == sum(whole.judged[lot].grams or 0 for lot in whole.lots)
    into, near, far = Counter[object](), Counter[object](), Counter[object]()
    for x in found.flowed:
        key = x.period, x.destination, x.fuel_class
        into[key] += x.grams
        if x.origin is not None and x.destination is not None:
            (near if x.origin == x.destination else far)[key] += x.grams
        assert sum(x.by_plant.values()) == x.grams
        assert x.origin in (*PREFECTURES, ABROAD, None)
    for need in found.needed:
        key = need.period, need.prefecture, need.fuel_class
        assert (need.received, need.near, need.far) == (into[key], near[key], far[key])
    assert sum(need.received for need in found.needed) == sum(into.values())


@settings(slowly, max_examples=60)
@given(regions(), st.sampled_from(Every))
def test_what_is_printed_adds_up(book: Casebook, every: Every) -> None:
    """In every row and column, and to the whole as it is: no sum of what was rounded for itself."""
    whole = whole_of(book)
    report = supply_report(whole, None, every)
    demand, supply, flows = ([list(map(as_printed, row)) for row in table.rows] for table in report.tables[:3])
    *rows, total = demand
    for column in (-4, -3, -2, -1):
        assert sum(row[column] for row in rows) == total[column]
    for row in demand:
        assert row[-4] == sum(row[-3:])
    received = sum(whole.judged[lot].grams or 0 for lot in whole.lots)
    assert total[-4] == rounded(received, 1_000)
    *rows, total = supply
    for column in (-4, -3, -2, -1):
        assert sum(row[column] for row in rows) == total[column]
    raised = figures_of(whole, None, every).raised
    assert total[-2] == rounded(sum(x.grams for x in raised), 1_000)
    assert abs(total[-1] - sum(x.confirmed for x in raised)) < 1_000
    assert all(row[-1] <= row[-2] and abs(row[-1] - x.confirmed) < 1_000 for row, x in zip(rows, raised, strict=True))
    strong = report.tables[2].strong
    cells = [row for n, row in enumerate(flows) if n not in strong]
    assert sum(row[-1] for row in cells) == sum(row[-4] for row in demand[:-1])
    for row in flows:
        assert row[-1] == sum(row[-5:-1])
    contest = report.tables[3]
    for line in contest.rows:
        named = re.findall(r"([0-9,]+)\.([0-9]{3}) t", str(line[-1]))
        assert sum(int(t.replace(",", "") + kg) for t, kg in named) * 1_000 == as_printed(line[-3])


def as_printed(cell: object) -> int:
    """A number; words count for nothing."""
    return cell if isinstance(cell, int) else 0
