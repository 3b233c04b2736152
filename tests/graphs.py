"""Graphs to be drawn: one with everything on it, one of the demo's records, and any that hypothesis thinks of."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, SearchStrategy

from biotrace.documents.casebook import read_casebook
from biotrace.documents.graph_papers.graph import Column, Flow, Graph, Standing, Stop
from biotrace.model.certificate import Certificate
from biotrace.model.fuel_class import FuelClass
from biotrace.model.labels import FORMS
from biotrace.model.text import Text, join, same
from biotrace.verify.case import Case, case_of_casebook
from biotrace.verify.fold import Judged, fold
from biotrace.verify.profile import RINYA_2012
from biotrace.verify.rules import RULES
from biotrace.verify.verdict import lineage, lots_of

DEMO = Path(__file__).resolve().parents[1] / "data" / "demo" / "soumu2017.yaml"
THINNED, GENERAL = FuelClass.THINNED, FuelClass.GENERAL
T = 1_000_000
HOSTILE = "<script>fetch('http://127.0.0.1:9/x')</script><img src=http://127.0.0.1:9/y onerror=alert(1)>\"'&"


def stop(name: str, column: Column, grams: int | None, **more: object) -> Stop:
    """A stop of thinned wood in order, where nothing else is said."""
    values: dict[str, object] = {
        "title": same(name),
        "party": "みどり沢チップ株式会社",
        "place": "",
        "day": date(2016, 1, 5),
        "declared": THINNED,
        "confirmed": THINNED,
        "standing": Standing.OK,
        "facts": ((Text("樹種", "species"), same("スギ")),),
    }
    return Stop(id=name, column=column, grams=grams, **{**values, **more})  # type: ignore[arg-type]  # by name


def example() -> Graph:
    """A disputed lot with every verdict, a pool, an unknown amount, stock, and a name that means harm."""
    finding = (
        Text("指摘 L402", "finding L402"),
        Text(
            "伐採届の箇所（木島平村 12い-3）と証明書の箇所（同 12い-4）が違う。是正: 証明書を訂正する",
            "the notice names 木島平村 12い-3, the certificate 12い-4. To mend it: correct the certificate",
        ),
    )
    flawed: dict[str, object] = {"standing": Standing.FLAWED, "confirmed": GENERAL}
    stops = (
        stop("f-1", Column.FOREST, 96 * T, party="北信濃森林組合", place="長野県飯山市大字瑞穂 236-2、237-1、238"),
        stop(
            "f-2",
            Column.FOREST,
            41_250_000,
            party="有限会社山里林業",
            place="長野県下高井郡木島平村 12い-3",
            **flawed,
            facts=(finding, (Text("書類", "document"), same("伐採届 010104"))),
        ),
        stop("f-3", Column.FOREST, None, party=HOSTILE, place="層積 30 ㎥", standing=Standing.INCOMPLETE),
        stop("f-4", Column.FOREST, 12 * T, party="中部森林管理署", standing=Standing.NOTICE),
        stop("t-1", Column.TRADE, 88_400_000, party="みどり沢チップ株式会社", place="第一置場"),
        stop("t-2", Column.TRADE, 45_120_000, marked=True, **flawed),
        stop(
            "t-3",
            Column.TRADE,
            30_400_000,
            party="株式会社信越バイオマス流通センター",
            standing=Standing.FLAWED,
            confirmed=GENERAL,
        ),
        stop("d-1", Column.PLANT, 80 * T, party="千曲川バイオマス発電所"),
        stop(
            "d-2", Column.PLANT, 44_000_400, party="千曲川バイオマス発電所", standing=Standing.FLAWED, confirmed=GENERAL
        ),
        stop("s-1", Column.STOCK, 8_400_000, declared=THINNED, confirmed=None, standing=Standing.UNKNOWN, day=None),
    )
    flows = (
        Flow("f-1", "t-1", 88_400_000),
        Flow("f-1", "t-2", 7_600_000, pooled=True),
        Flow("f-2", "t-2", 37_520_000),
        Flow("f-2", "t-3", 3_730_000),
        Flow("f-3", "t-3", None),
        Flow("f-4", "t-2", 12 * T, pooled=True),
        Flow("t-1", "d-1", 80 * T),
        Flow("t-1", "s-1", 8_400_000),
        Flow("t-2", "t-3", 26_670_000, note=Text("引き当て 58.0 ㎥", "drawn: 58.0 m³")),
        Flow("t-2", "d-2", 13_600_400),
        Flow("t-3", "d-2", 30_400_000),
    )
    facts = (
        (Text("対象", "lot"), Text("証明書 2-1/26-001（みどり沢チップ株式会社）", "certificate 2-1/26-001")),
        (Text("基準日", "as of"), same("2026/11/22")),
        (Text("ログ", "log"), same("mill.example/log 726 件 9f3c2a71")),
    )
    notes = (
        Text("重さは標準の係数による（針葉樹 1 ㎥ ＝ 全乾 0.38 t）。", "weights by default factors."),
        Text("検査していないもの: 在庫の照合（Q607）。", "not checked: balance of yards (Q607)."),
    )
    title = Text("証明書 2-1/26-001 の木材の来歴と行き先", "Where the wood of 2-1/26-001 came from, and went")
    return Graph("trace-26-001", title, facts, stops, flows, notes)


def demo(plant: str) -> Graph:
    """All lots of one of the demo's plants, back to the forest, as judged."""
    case = case_of_casebook(read_casebook(DEMO.read_bytes(), DEMO.name))
    judged = fold(case, RULES, RINYA_2012).judged
    graph = lineage(judged)
    wanted: set[str] = set()
    for lot in lots_of(case):
        value = judged[lot].entry.value
        if not isinstance(value, Certificate) and value.at == plant:
            wanted |= {lot, *_behind(graph.adj, lot)}
    kept = [judged[i] for i in judged if i in wanted]
    flows = [Flow(source, j.entry.value.id, grams) for j in kept for source, grams in j.shares if source in wanted]
    name = case.parties[plant].name
    title = Text(f"{name} に納入された木材の来歴", f"Where the wood delivered to {name} came from")
    facts = ((Text("発電所", "plant"), same(name)), (Text("基準日", "as of"), same(case.today.strftime("%Y/%m/%d"))))
    notes = (Text("検査していない規則は判定に示します。", "What was not checked is told with each verdict."),)
    onward = {f.source: sum(g.grams or 0 for g in flows if g.source == f.source) for f in flows}
    stops = (_stop(j, case) for j in kept)
    traced = tuple(replace(s, grams=onward.get(s.id, s.grams)) for s in stops)
    return Graph(plant, title, facts, traced, tuple(flows), notes)


def _behind(adjacent: Mapping[str, Mapping[str, object]], lot: str) -> Iterator[str]:
    for source in adjacent[lot]:
        yield source
        yield from _behind(adjacent, source)


def _stop(judged: Judged, case: Case) -> Stop:
    value = judged.entry.value
    standing = Standing.FLAWED if judged.flawed else Standing.NOTICE if judged.findings else Standing.OK
    facts = [
        (same(f.code), join([f.message, f.found, Text("是正: ", "to mend it: ") + f.remedy], "。", ". "))
        for f in judged.findings
    ]
    facts.append((Text("数量", "quantity"), same(f"{value.quantity}")))
    if isinstance(value, Certificate):
        column = Column.FOREST if value.locations or not value.draws else Column.TRADE
        title = Text("証明書 ", "certificate ") + same(value.number or value.id)
        facts.append((Text("様式", "form"), FORMS[value.form]))
        party, place = value.seller, "、".join(map(str, value.locations))
    else:
        column, title = Column.PLANT, Text("納入 ", "delivery ") + same(value.id)
        party, place = value.at, ""
    return Stop(
        id=value.id,
        title=title,
        party=case.parties[party].name,
        place=place,
        day=value.date,
        column=column,
        declared=judged.fuel_class,
        confirmed=judged.composition.lowest,
        standing=Standing.INCOMPLETE if judged.incomplete else standing,
        grams=judged.grams,
        facts=tuple(facts),
    )


@st.composite
def graphs(draw: DrawFn, most: int = 40, *, circles: bool = False) -> Graph:
    """Any graph: tangled, torn, crowded, with hostile names; with ``circles``, its flows may also go back."""
    count = draw(st.integers(1, most))
    stops = [draw(_stops(f"r{i}")) for i in range(count)]
    pairs = st.tuples(st.integers(0, count - 1), st.integers(0, count - 1))
    amounts = st.none() | st.integers(0, 10**10)
    flows = []
    for a, b in draw(st.lists(pairs, max_size=3 * count)):
        if a == b and not circles:
            continue
        source, target = (a, b) if circles else (min(a, b), max(a, b))
        flows.append(Flow(f"r{source}", f"r{target}", draw(amounts), None, draw(st.booleans())))
    return Graph("any", Text("図", "picture"), (), tuple(stops), tuple(flows))


NAMES = st.sampled_from(["", "甲林業", "乙チップ", HOSTILE, "長い名前の" * 20, "a\u202eb\x00c\nd", "𠮷野家"])


def _stops(name: str) -> SearchStrategy[Stop]:
    return st.builds(
        Stop,
        id=st.just(name),
        title=st.builds(Text, NAMES, NAMES),
        party=NAMES,
        place=NAMES,
        day=st.none() | st.dates(),
        column=st.sampled_from(Column),
        declared=st.none() | st.sampled_from(FuelClass),
        confirmed=st.none() | st.sampled_from(FuelClass),
        standing=st.sampled_from(Standing),
        grams=st.none() | st.integers(0, 10**10),
        facts=st.lists(st.tuples(st.builds(Text, NAMES, NAMES), st.builds(Text, NAMES, NAMES)), max_size=2).map(tuple),
        marked=st.booleans(),
    )


def crowded(count: int) -> Graph:
    """Many felling certificates of a few sellers, chipped by some, burned at one plant."""
    stops = [
        stop(f"f-{i}", Column.FOREST, (i + 1) * 10_000, party=f"林業{i % 9}", standing=list(Standing)[i % 5])
        for i in range(count)
    ]
    stops += [stop(f"t-{i}", Column.TRADE, 900_000 * (i + 1)) for i in range(8)]
    stops.append(stop("d", Column.PLANT, sum(s.grams or 0 for s in stops[count:]), marked=True))
    flows = [Flow(f"f-{i}", f"t-{i % 8}", (i + 1) * 10_000) for i in range(count)]
    flows += [Flow(f"t-{i}", "d", 900_000 * (i + 1)) for i in range(8)]
    return Graph("crowded", same("crowded"), (), tuple(stops), tuple(flows))
