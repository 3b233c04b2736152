"""A graph of thousands of records, drawn as boxes by party, step and verdict."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from biotrace.documents.graph_papers.condensed import condensed
from biotrace.documents.graph_papers.graph import Column, Flow, Graph, Standing, Stop
from biotrace.documents.graph_papers.layout import laid
from biotrace.model.text import same
from tests.graphs import THINNED

PARTIES = ("甲林業", "乙チップ", "丙発電")


def stop(number: int, party: int, year: int, flawed: bool, grams: int | None) -> Stop:
    column = (Column.FOREST, Column.TRADE, Column.PLANT)[party]
    standing = Standing.FLAWED if flawed else Standing.OK
    day = date(2020 + year, 4, 1)
    return Stop(f"s-{number}", same(f"n-{number}"), PARTIES[party], "", day, column, THINNED, None, standing, grams)


@st.composite
def graphs(draw: st.DrawFn) -> Graph:
    """Records of three parties over some years, wood going from lower to higher numbers."""
    rows = draw(st.lists(st.tuples(st.integers(0, 2), st.integers(0, 2), st.booleans(), st.integers(0, 9)), min_size=2))
    stops = tuple(stop(n, party, year, flawed, grams) for n, (party, year, flawed, grams) in enumerate(rows))
    pairs = st.tuples(st.integers(0, len(rows) - 1), st.integers(0, len(rows) - 1), st.integers(0, 9))
    drawn = {(a, b): grams for a, b, grams in draw(st.lists(pairs, max_size=30)) if a < b}
    flows = tuple(Flow(f"s-{a}", f"s-{b}", grams) for (a, b), grams in drawn.items())
    return Graph("g", same("図"), (), stops, flows)


@given(graphs())
def test_all_wood_between_parties_is_still_there_and_verdicts_are_not_mixed(graph: Graph) -> None:
    found = condensed(graph, most=1)
    by_id = {s.id: s for s in graph.stops}
    boxes = {s.id: s for s in found.stops}

    def key(s: Stop) -> tuple[str, Standing]:
        return s.party, s.standing

    between: Counter[object] = Counter()
    for flow in graph.flows:
        between[key(by_id[flow.source]), key(by_id[flow.target])] += flow.grams or 0
    told: Counter[object] = Counter()
    for flow in found.flows:
        told[key(boxes[flow.source]), key(boxes[flow.target])] += flow.grams or 0
    assert told == between
    assert {key(s) for s in found.stops} == {key(s) for s in graph.stops}
    assert sum(s.grams or 0 for s in found.stops) == sum(s.grams or 0 for s in graph.stops)
    assert len(found.notes) == len(graph.notes) + 1
    assert not any(band.back for band in laid(found).bands)


def test_a_graph_that_can_be_drawn_is_left_alone() -> None:
    graph = Graph("g", same("図"), (), (stop(1, 0, 0, False, 5), stop(2, 1, 0, False, 5)), (Flow("s-1", "s-2", 5),))
    assert condensed(graph, most=2) is graph


def test_records_of_a_box_are_named() -> None:
    stops = (stop(1, 1, 0, False, 5), stop(2, 1, 1, False, 4), stop(3, 2, 0, False, 9))
    graph = Graph("g", same("図"), (), stops, (Flow("s-1", "s-3", 5), Flow("s-2", "s-3", 4)))
    found = condensed(graph, most=1)
    mill, plant = found.stops
    assert (mill.grams, plant.grams) == (9, 9)
    assert mill.title.ja == "2 件"
    facts = [(name.ja, said.ja) for name, said in mill.facts]
    assert facts == [("件数", "2"), ("期間", "2020-04-01 〜 2021-04-01"), ("記録", "n-1、n-2")]
    assert [(f.source, f.target, f.grams) for f in found.flows] == [(mill.id, plant.id, 9)]
    unknown = Graph("g", same("図"), (), (stop(1, 1, 0, False, None), *stops[1:]), graph.flows)
    assert condensed(unknown, most=1).stops[0].grams is None


def rests(count: int) -> Graph:
    """A mill whose chips went to a plant without a delivery, or lie in the mill's yard, for each of so many papers."""
    made = [stop(n, 1, 0, False, 9) for n in range(count)]
    found = [
        replace(made[n], id=f"{kind}-{n}", title=same(kind), column=Column.STOCK) for n in range(count) for kind in "xy"
    ]
    flows = [Flow(f"s-{n}", f"{kind}-{n}", 4) for n in range(count) for kind in "xy"]
    return Graph("g", same("図"), (), (*made, *found), tuple(flows))


def test_stock_and_what_never_arrived_are_not_one_box() -> None:
    """One party, one column, one step: all that tells them apart is what they are."""
    boxes = [s.title.ja for s in condensed(rests(40), most=1).stops]
    assert boxes == ["40 件", "x 40 件", "y 40 件"]
    drawn = [box.stop for box in laid(rests(40)).boxes if box.stop.column is Column.STOCK and len(box.members) > 1]
    assert {(s.title.ja, s.title.en) for s in drawn} <= {(f"{k} {n} 件", f"{k}: {n}") for k in "xy" for n in range(41)}
    assert len(drawn) == 2


def test_in_a_circle_wood_within_a_box_counts_once() -> None:
    stops = (stop(1, 1, 0, False, 5), stop(2, 1, 0, False, 5))
    graph = Graph("g", same("図"), (), stops, (Flow("s-1", "s-2", 5), Flow("s-2", "s-1", 5)))
    (box,) = condensed(graph, most=1).stops
    assert box.grams == 0
