"""The tables of routes: what was found on how many, and each of them with the papers held on it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from enum import StrEnum
from itertools import groupby

from biotrace.documents.report_papers.report import Cell, Column, Kind, Table
from biotrace.model.rounding import rounded_parts
from biotrace.model.text import Text, join, same
from biotrace.verify.routes import Count, Held, PlaceMatch, Route

from .audit_table import NAMES, SIGNS
from .report_parts import CLASS_NAMES, TOTAL
from .report_whole import Whole

HELD: Mapping[StrEnum, Text] = {
    Held.YES: Text("○", "yes"),
    Held.NO: Text("×", "no"),
    Held.UNTOLD: Text("？", "?"),
    Held.NOT_NEEDED: Text("不要", "n/a"),
    Held.NOT_LOOKED_AT: same("—"),
}
PLACES: Mapping[StrEnum, Text] = {
    PlaceMatch.MATCHED: Text("照合できた", "matched"),
    PlaceMatch.ABSENT: Text("記載なし", "absent"),
    PlaceMatch.MUNICIPALITY_ONLY: Text("市町村まで", "municipality only"),
    PlaceMatch.NOTATION_DIFFERS: Text("林班と地番", "notation differs"),
    PlaceMatch.ELSEWHERE: Text("別の箇所", "elsewhere"),
    PlaceMatch.UNTOLD: Text("？", "?"),
    PlaceMatch.NOT_NEEDED: Text("不要", "n/a"),
    PlaceMatch.NOT_LOOKED_AT: same("—"),
}
UNKNOWN = Text("（分からない）", "(not told)")
_CLEAN_LOTS = Text("　指摘のあるルートの、指摘のないロット", "  lots without one, on routes with a finding")
_DIRECT = Text("（直接）", "(direct)")
_T = Kind.TONNE
_SUMMARY = (
    Column(Text("指摘", "finding"), Kind.TEXT, 14),
    Column(Text("内容", "what"), Kind.TEXT, 62),
    Column(Text("ルート", "routes"), Kind.COUNT, 20),
    Column(Text("発電設備", "plants"), Kind.COUNT, 20),
    Column(Text("ロット", "lots"), Kind.COUNT, 20),
    Column(Text("全乾t", "bone-dry t"), _T, 24),
)
_FELLING = Column(Text("伐採段階の証明書", "log cert"), Kind.TEXT, 8)
_DOCUMENT = Column(Text("根拠書類", "doc"), Kind.TEXT, 8)
_MATCH = Column(Text("伐採箇所の照合", "places"), Kind.TEXT, 16)
_MILL = Column(Text("加工段階の証明書", "mill cert"), Kind.TEXT, 8)
_PLANT, _TONNES = 1, -3
_ROUTES = (
    Column(Text("番号", "no."), Kind.COUNT, 8),
    Column(Text("発電設備", "plant"), Kind.TEXT, 19),
    Column(Text("素材生産者", "producer"), Kind.TEXT, 19),
    Column(Text("加工・流通事業者", "processor"), Kind.TEXT, 19),
    Column(Text("区分", "class"), Kind.TEXT, 14),
    Column(Text("誤用（主伐）", "final as thin"), Kind.TEXT, 9),
    _FELLING,
    _DOCUMENT,
    _MATCH,
    _MILL,
    Column(Text("指摘", "found"), Kind.TEXT, 10),
    Column(Text("全乾t", "dry t"), _T, 14),
    Column(Text("ロット", "lots"), Kind.COUNT, 10),
    Column(Text("備考", "remarks"), Kind.TEXT, 17),
)
"""In the order of the audit's table. Without the plant they fill a sheet of paper, where each plant has a table."""
_HELD = (
    Column(Text("書類", "paper"), Kind.TEXT, 60),
    Column(Text("状況", "answer"), Kind.TEXT, 50),
    Column(Text("ルート", "routes"), Kind.COUNT, 25),
    Column(Text("発電設備", "plants"), Kind.COUNT, 25),
)
_ON_PAPER = 2
"""Other hands that are named on paper; of more their number is told. A workbook names them all."""
_Question = tuple[Text, Callable[[Route], StrEnum], Mapping[StrEnum, Text]]
QUESTIONS: Mapping[str, _Question] = {
    "felling_certificate": (_FELLING.title, lambda route: route.felling_certificate, HELD),
    "supporting_document": (_DOCUMENT.title, lambda route: route.document, HELD),
    "places": (_MATCH.title, lambda route: route.places, PLACES),
    "processing_certificate": (_MILL.title, lambda route: route.processing_certificate, HELD),
}
"""The audit's questions by their names in JSON: what they are called, what a route says, and that in words."""


def is_unsure(route: Route) -> bool:
    """Whether a cell of it says ？: that the ledger cannot tell."""
    return any(says(route) in (Held.UNTOLD, PlaceMatch.UNTOLD) for _, says, _ in QUESTIONS.values())


def summary_table(counts: Sequence[Count], routes: Sequence[Route]) -> Table:
    """Routes and plants by finding, as the audit's text has it: 29 routes of 11 plants."""
    rows: list[tuple[Cell, ...]] = [
        (SIGNS[c.finding], NAMES[c.finding], c.routes, c.plants, c.lots, c.grams) for c in counts
    ]
    rows.append((None, _CLEAN_LOTS, *_clean_lots([route for route in routes if route.findings])))
    lots = {lot for route in routes for lot in route.lots}
    plants = {route.plant for route in routes}
    rows.append((None, TOTAL, len(routes), len(plants), len(lots), sum(r.grams for r in routes)))
    title = Text(f"指摘ごとのルート（全{len(routes)}）", f"routes by finding, {len(routes)} in all")
    note = Text(
        "二つの指摘があるルートは両方に数える。指摘の行のトンとロットは、そのルートのうち指摘のあるもの",
        "a route with two findings counts with both; lots and tonnes beside a finding: those on it with the finding",
    )
    return Table(title, _SUMMARY, tuple(rows), frozenset((len(rows) - 1,)), note)


def _clean_lots(routes: Sequence[Route]) -> tuple[int, int, int, int]:
    """Routes, plants, lots and grams of what has no finding on routes that have one."""
    ways = [(route, x) for route in routes for x in route.looked if not x.findings]
    plants, lots = {route.plant for route, _ in ways}, {x.way.lot for _, x in ways}
    return len({id(route) for route, _ in ways}), len(plants), len(lots), sum(x.way.grams or 0 for _, x in ways)


def held_counts(routes: Sequence[Route]) -> dict[str, dict[str, int]]:
    """How many routes have which answer, by question: the sums at the foot of the audit's table."""
    return {
        name: {str(answer): sum(says(route) is answer for route in routes) for answer in words}
        for name, (_, says, words) in QUESTIONS.items()
    }


def held_table(routes: Sequence[Route]) -> Table:
    """The same for people, with the plants; answers that no route has are left out."""
    rows: list[tuple[Cell, ...]] = []
    for title, says, words in QUESTIONS.values():
        for answer, word in words.items():
            of = [route for route in routes if says(route) is answer]
            if of:
                rows.append((title, word, len(of), len({route.plant for route in of})))
    note = Text(
        "○ 持っている、× 持っていない、？ 台帳からは言えない、— 見ていない（指摘①のルート、照合は書類の揃わないもの）。"
        "根拠書類の × には、監査にない指摘（H307・H309）によるものもある",
        "?: the ledger cannot tell; —: not looked at (finding 1; places also where one of the two papers is not held)."
        " “no” beside doc may also be by H307 or H309, which are no findings of the audit",
    )
    return Table(Text("書類ごとのルート", "routes by papers held"), _HELD, tuple(rows), note=note)


def routes_table(whole: Whole, routes: Sequence[Route]) -> Table:
    """Each route, its papers and findings; printed tonnes add up to their sum."""
    rows = _rows(whole, routes, None)
    rows.append((None, TOTAL, *[None] * 9, *_sums(routes, rows), None))
    return Table(Text("納入ルート", "routes"), _ROUTES, tuple(rows), frozenset((len(rows) - 1,)))


def routes_on_paper(whole: Whole, routes: Sequence[Route]) -> tuple[Table, ...]:
    """The same as a table for each plant, with the same numbers and the same printed tonnes."""
    rows = _rows(whole, routes, _ON_PAPER)
    columns = _ROUTES[:_PLANT] + _ROUTES[_PLANT + 1 :]
    tables = []
    for plant in dict.fromkeys(route.plant for route in routes):
        of = [(route, row) for route, row in zip(routes, rows, strict=True) if route.plant == plant]
        name = whole.name(plant)
        own = [row[:_PLANT] + row[_PLANT + 1 :] for _, row in of]
        own.append((None, TOTAL, *[None] * 8, *_sums([route for route, _ in of], own), None))
        title = Text(f"納入ルート: {name}（{len(of)}ルート）", f"routes: {name} ({len(of)})")
        tables.append(Table(title, columns, tuple(own), frozenset((len(of),))))
    return tuple(tables)


def _sums(routes: Sequence[Route], rows: Sequence[Sequence[Cell]]) -> tuple[int, int]:
    """Tonnes as printed in their rows, and lots."""
    grams = [row[_TONNES] for row in rows]
    return sum(g for g in grams if isinstance(g, int)), len({lot for route in routes for lot in route.lots})


def _rows(whole: Whole, routes: Sequence[Route], named: int | None) -> list[tuple[Cell, ...]]:
    """``named``: how many other hands are named; None: all."""
    numbered_routes = enumerate(zip(routes, _printed(routes), strict=True), 1)
    return [_row(whole, number, route, amount, named) for number, (route, amount) in numbered_routes]


def _printed(routes: Sequence[Route]) -> Iterator[int]:
    """Their grams as printed, which add up to those of each plant in the table of plants, and to the sum of all."""
    of_plants = [list(of) for _, of in groupby(routes, key=lambda route: route.plant)]
    wholes = rounded_parts([sum(route.grams for route in of) for of in of_plants], _T.step)
    for of, whole in zip(of_plants, wholes, strict=True):
        yield from rounded_parts([route.grams for route in of], _T.step, whole)


def _row(whole: Whole, number: int, route: Route, grams: int, named: int | None) -> tuple[Cell, ...]:
    return (
        number,
        whole.name(route.plant),
        UNKNOWN if route.producer is None else same(route.producer.name),
        _processor(whole, route),
        CLASS_NAMES[route.fuel_class],
        HELD[Held.YES] if route.final_felling_as_thinned else same(""),
        HELD[route.felling_certificate],
        HELD[route.document],
        PLACES[route.places],
        HELD[route.processing_certificate],
        join([SIGNS[finding] for finding in route.findings], "、", "+"),
        None if len(route.untold) == len(route.lots) else grams,
        len(route.lots),
        _remarks(whole, route, named),
    )


def _processor(whole: Whole, route: Route) -> Text:
    if route.processor is not None:
        return same(whole.name(route.processor))
    return _DIRECT if route.direct else UNKNOWN


def _remarks(whole: Whole, route: Route, named: int | None) -> Text:
    """Deliveries without a certificate, how many lots the findings are on, other hands, and what other rules said."""
    said = []
    bare = [record for record in route.certificates if whole.certificate(record) is None]
    if bare:
        said.append(Text(f"証明書のない納入 {len(bare)}件", f"no certificate: {len(bare)} deliveries"))
    if route.findings and len(route.lots_found) < len(route.lots):
        said.append(Text(f"指摘は{len(route.lots_found)}ロット", f"found on {len(route.lots_found)} lots"))
    if route.between:
        hands = [whole.name(hand) for hand in route.between]
        names, more = "、".join(hands[:named]), len(hands[named:]) if named is not None else 0
        rest = Text(f" ほか{more}者", f" and {more} more") if more else same("")
        said.append(Text(f"経由 {names}", f"by {names}") + rest)
    if route.others:
        said.append(Text("ほか ", "also ") + same(" ".join(route.others)))
    if route.open:
        said.append(Text("未完 ", "not run ") + same(" ".join(route.open)))
    if route.untold:
        said.append(
            Text(f"トン不明 {len(route.untold)}ロット", f"tonnes of {len(route.untold)} lots not told"),
        )
    return Text("\n".join(t.ja for t in said), "\n".join(t.en for t in said))
