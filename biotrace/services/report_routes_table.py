"""The tables of routes: what was found on how many, and each of them with the papers held on it."""

from __future__ import annotations

from collections.abc import Sequence

from biotrace.documents.report_papers.report import Cell, Column, Kind, Table
from biotrace.model.rounding import rounded_parts
from biotrace.model.text import Text, same
from biotrace.verify.routes import Count, Held, PlaceMatch, Route

from .audit_table import NAMES
from .report_parts import CLASS_NAMES, TOTAL
from .report_whole import Whole

HELD = {
    Held.YES: Text("○", "yes"),
    Held.NO: Text("×", "no"),
    Held.UNTOLD: Text("？", "?"),
    Held.NOT_NEEDED: Text("不要", "n/a"),
    Held.NOT_LOOKED_AT: Text("－", "-"),
}
PLACES = {
    PlaceMatch.MATCHED: Text("照合できた", "matched"),
    PlaceMatch.ABSENT: Text("記載なし", "absent"),
    PlaceMatch.MUNICIPALITY_ONLY: Text("市町村まで", "municipality only"),
    PlaceMatch.NOTATION_DIFFERS: Text("林班と地番", "notation differs"),
    PlaceMatch.ELSEWHERE: Text("別の箇所", "elsewhere"),
    PlaceMatch.UNTOLD: Text("？", "?"),
    PlaceMatch.NOT_NEEDED: Text("不要", "n/a"),
    PlaceMatch.NOT_LOOKED_AT: Text("－", "-"),
}
UNKNOWN = Text("（分からない）", "(not told)")
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
_ROUTES = (
    Column(Text("番号", "no."), Kind.COUNT, 7),
    Column(Text("発電設備", "plant"), Kind.TEXT, 19),
    Column(Text("素材生産者", "producer"), Kind.TEXT, 19),
    Column(Text("加工・流通事業者", "processor"), Kind.TEXT, 19),
    Column(Text("区分", "class"), Kind.TEXT, 12),
    Column(Text("伐採段階の証明書", "log cert."), Kind.TEXT, 8),
    Column(Text("根拠書類", "doc."), Kind.TEXT, 8),
    Column(Text("伐採箇所の照合", "places"), Kind.TEXT, 13),
    Column(Text("加工段階の証明書", "mill cert."), Kind.TEXT, 8),
    Column(Text("主伐を間伐材等に", "final sold as thin."), Kind.TEXT, 8),
    Column(Text("指摘", "finding"), Kind.TEXT, 8),
    Column(Text("全乾t", "bone-dry t"), _T, 12),
    Column(Text("ロット", "lots"), Kind.COUNT, 7),
    Column(Text("備考", "remarks"), Kind.TEXT, 12),
)


def summary_table(counts: Sequence[Count], routes: Sequence[Route]) -> Table:
    """Routes and plants by finding, as the audit's text has it: 29 routes of 11 plants."""
    rows: list[tuple[Cell, ...]] = [
        (c.finding or "—", NAMES[c.finding], c.routes, c.plants, c.lots, c.grams) for c in counts
    ]
    lots = {lot for route in routes for lot in route.lots}
    plants = {route.plant for route in routes}
    rows.append((None, TOTAL, len(routes), len(plants), len(lots), sum(r.grams for r in routes)))
    title = Text(f"指摘ごとのルート（全{len(routes)}）", f"routes by finding, {len(routes)} in all")
    note = Text(
        "二つの指摘があるルートは両方に数える。トンとロットは、そのルートのうち指摘のあるもの",
        "a route with two findings counts with both; lots and tonnes: those on it with the finding",
    )
    return Table(title, _SUMMARY, tuple(rows), frozenset((len(rows) - 1,)), note)


def routes_table(whole: Whole, routes: Sequence[Route]) -> Table:
    """Each route, its papers and findings; printed tonnes add up to their sum."""
    grams = rounded_parts([route.grams for route in routes], _T.step)
    rows: list[tuple[Cell, ...]] = [
        _row(whole, number, route, amount) for number, (route, amount) in enumerate(zip(routes, grams, strict=True), 1)
    ]
    lots = len({lot for route in routes for lot in route.lots})
    rows.append((None, TOTAL, *[None] * 9, sum(grams), lots, None))
    return Table(Text("納入ルート", "routes"), _ROUTES, tuple(rows), frozenset((len(rows) - 1,)))


def _row(whole: Whole, number: int, route: Route, grams: int) -> tuple[Cell, ...]:
    return (
        number,
        whole.name(route.plant),
        UNKNOWN if route.producer is None else same(route.producer.name),
        _processor(whole, route),
        CLASS_NAMES[route.fuel_class],
        HELD[route.felling_certificate],
        HELD[route.document],
        PLACES[route.places],
        HELD[route.processing_certificate],
        HELD[Held.YES] if route.final_felling_as_thinned else same(""),
        "+".join(route.findings),
        None if len(route.untold) == len(route.lots) else grams,
        len(route.lots),
        _remarks(whole, route),
    )


def who_name(whole: Whole, route: Route) -> str:
    """The processor's name."""
    return whole.name(route.processor)


def _processor(whole: Whole, route: Route) -> Text:
    if route.processor is not None:
        return same(who_name(whole, route))
    return _DIRECT if route.direct else UNKNOWN


def _remarks(whole: Whole, route: Route) -> Text:
    """Other hands, how many lots the findings are on, and what the other rules said."""
    said = []
    if route.findings and len(route.lots_found) < len(route.lots):
        said.append(Text(f"指摘は{len(route.lots_found)}ロット", f"found on {len(route.lots_found)} lots"))
    if route.between:
        names = "、".join(whole.name(hand) for hand in route.between)
        said.append(Text(f"経由 {names}", f"by {names}"))
    if route.others:
        said.append(Text("ほか ", "also ") + same(" ".join(route.others)))
    if route.open:
        said.append(Text("未完 ", "not run ") + same(" ".join(route.open)))
    if route.untold:
        said.append(
            Text(f"トン不明 {len(route.untold)}ロット", f"tonnes of {len(route.untold)} lots not told"),
        )
    return Text("\n".join(t.ja for t in said), "\n".join(t.en for t in said))
