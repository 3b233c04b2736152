"""The auditors' table of routes (図表2-(3)-イ-①) for any ledger and period: who delivered by whom, on what papers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from biotrace.documents.report_papers.report import Kind, Report
from biotrace.errors import UsageError
from biotrace.model.party import Party
from biotrace.model.text import Text, join, same
from biotrace.verify.routes import Count, Route, counts, is_looked_at, look, routes_of
from biotrace.verify.span import Span
from biotrace.verify.ways import Way, ways_of

from .audit_table import NAMES
from .report_parts import evidence, left_out, numbered
from .report_routes_groups import By, Group, group_table, groups_of
from .report_routes_table import (
    held_counts,
    held_table,
    is_unsure,
    routes_on_paper,
    routes_table,
    summary_table,
)
from .report_whole import Whole

_NOTES = (
    Text(
        "ルート: 素材生産者（伐採段階の証明書の発行者）1者 → 加工・流通事業者（最後に加工した者、なければ最後の売り手）"
        "1者 → 発電設備。申告の区分が違えば別のルート。列には、そのルートのロットのうち最も悪いものを示す",
        "a route: one producer (who issued the felling-stage certificate), one processor (who processed last, else who"
        " sold last), one plant; another declared class is another route. Each column shows the worst of its lots",
    ),
    Text(
        "証明書のない木材の素材生産者は、書類の届出者・申請者が1者ならその者。証明書のない納入は、どの根拠書類によるかを"
        "台帳からは言えない（？）",
        "without a certificate the producer is the one applicant whom documents name; which documents stand behind a"
        " delivery without any certificate the ledger cannot tell (?)",
    ),
    Text(
        "指摘①のルートは、監査の表と同じく、ほかの列を見ない（—）。指摘なし＝監査の五つの指摘がないこと。"
        "ほかの規則は備考と biotrace verify",
        "with finding 1 the other columns are not looked at (—), as in the audit's table; clean: none of the audit's"
        " five findings; for other rules see the remarks, and biotrace verify",
    ),
)


def routes_report(whole: Whole, span: Span | None, by: Sequence[By] = (), party: Party | None = None) -> Report:
    """The routes of all lots that arrived in a span, or ever. ``party``: only those that it is on.

    Raises UsageError where nothing declared as thinned or general arrived.
    """
    lots = whole.lots_in(span)
    asked = [lot for lot in lots if is_looked_at(whole.judged[lot])]
    ways = [way for lot in asked for way in ways_of(lot, whole.judged, whole.whereabouts)]
    looked = [look(way, whole.judged, whole.whereabouts) for way in ways if party is None or _is_on(way, party.id)]
    routes = routes_of(looked, whole.case)
    if not routes:
        raise _nothing()
    groups = [(one, groups_of(whole, one, routes)) for one in _sides(by)]
    tables = (
        summary_table(counts(routes), routes),
        held_table(routes),
        *(group_table(side, found, routes) for side, found in groups),
        routes_table(whole, routes),
    )
    head = whole.facts(span) if party is None else (*whole.facts(span), (Text("事業者", "party"), same(party.name)))
    return Report(
        name="納入ルート",
        title=Text("納入ルートごとの証明書類の状況", "Routes of delivery and the papers held on them"),
        facts=head,
        tables=tables,
        paper=(*tables[:-1], *routes_on_paper(whole, routes)),
        main=len(tables) - 1,
        evidence=evidence(whole, [(_called(n), route.records) for n, route in enumerate(routes, 1)]),
        attention=(*left_out(whole), *_attention(routes, groups)),
        notes=(*_NOTES, *_not_asked(whole, [lot for lot in lots if not is_looked_at(whole.judged[lot])])),
        data={
            **whole.head(span),
            "party": None if party is None else party.id,
            "unit": "bone-dry grams",
            "routes_in_all": len(routes),
            "plants": len({r.plant for r in routes}),
            "summary": [_count_data(c) for c in counts(routes)],
            "papers": held_counts(routes),
            "groups": {side.value: [_group_data(g) for g in found] for side, found in groups},
            "routes": [_route_data(whole, n, r) for n, r in enumerate(routes, 1)],
        },
    )


def _sides(by: Sequence[By]) -> list[By]:
    """Each once, and where one asks for two of them, both."""
    wanted = {By.BODY: (By.BODY, By.PRODUCERS_BODY), By.PREFECTURE: (By.PREFECTURE, By.PLANTS_PREFECTURE)}
    return list(dict.fromkeys(side for one in by for side in wanted.get(one, (one,))))


def _is_on(way: Way, party: str) -> bool:
    producer = None if way.producer is None else way.producer.party
    return party in (way.plant, way.processor, producer, *way.between)


def _called(number: int) -> Text:
    return Text(f"ルート {number}", f"route {number}")


def _nothing() -> UsageError:
    return UsageError(
        Text(
            "間伐材等由来・一般木質として発電設備に着いたロットがありません",
            "no lot declared as thinned or general arrived at a plant",
        ),
        Text(
            "納入の記録と、指定したなら期間と --party を確かめてください",
            "look at the deliveries recorded, and at the period and --party where given",
        ),
        code="no-routes",
    )


def _attention(routes: Sequence[Route], groups: Sequence[tuple[By, Sequence[Group]]]) -> list[Text]:
    said = []
    found = [r for r in routes if r.findings]
    if found:
        said.append(
            Text(
                f"監査の指摘に当たるルート {len(found)} / {len(routes)}（理由は biotrace verify）",
                f"{len(found)} of {len(routes)} routes have a finding of the audit (why: biotrace verify)",
            )
        )
    for words, some in (
        (
            Text("監査の指摘にない規則の指摘があるルート: ", "routes with findings of other rules: "),
            [r for r in routes if r.others],
        ),
        (Text("判定が未完のルート: ", "routes with rules that could not be run: "), [r for r in routes if r.open]),
        (
            Text(
                "書類のことが台帳からは言えない（？）ルート: ",
                "routes with papers that the ledger cannot tell of (?): ",
            ),
            [r for r in routes if is_unsure(r)],
        ),
        (
            Text("素材生産者が分からないルート: ", "routes whose producer cannot be told: "),
            [r for r in routes if r.producer is None],
        ),
        (
            Text("ロットのトンがルートに分けられないルート: ", "routes with lots whose tonnes cannot be told: "),
            [r for r in routes if r.untold],
        ),
    ):
        if some:
            numbers = {id(r): n for n, r in enumerate(routes, 1)}
            said.append(words + numbered([str(numbers[id(r)]) for r in some], 10))
    for side, of in groups:
        unknown = [g for g in of if g.unknown]
        if unknown:
            said.append(side.label + Text(": ", ": ") + join([_unknown(g) for g in unknown]))
    return said


def _unknown(group: Group) -> Text:
    """Why it cannot be told, and of how many routes."""
    return group.name + Text(f" {len(group.routes)}ルート", f" {len(group.routes)} routes")


def _not_asked(whole: Whole, lots: Sequence[str]) -> tuple[Text, ...]:
    if not lots:
        return ()
    tonnes = Kind.TONNE.text(sum(whole.judged[lot].grams or 0 for lot in lots))
    return (
        Text(
            f"証明の要らない区分（建設資材廃棄物・一般廃棄物）の {len(lots):,} ロット、全乾 {tonnes} t は入っていない",
            f"{len(lots):,} lots of classes that need no proof, {tonnes} t bone-dry, are not among them",
        ),
    )


def _count_data(count: Count) -> dict[str, Any]:
    return {
        "finding": count.finding or "none",
        "name": NAMES[count.finding].ja.strip(),
        "routes": count.routes,
        "plants": count.plants,
        "lots": count.lots,
        "bone_dry": count.grams,
    }


def _group_data(group: Group) -> dict[str, Any]:
    return {
        "id": group.key,
        "name": group.name.ja,
        "known": not group.unknown,
        "routes": len(group.routes),
        "bone_dry": sum(r.grams for r in group.routes),
        "summary": [_count_data(c) for c in counts(group.routes)],
    }


def _route_data(whole: Whole, number: int, route: Route) -> dict[str, Any]:
    producer = route.producer
    felled = [whole.whereabouts.felled(c).told.key for c in map(whole.certificate, route.certificates) if c]
    return {
        "number": number,
        "plant": route.plant,
        "plant_name": whole.name(route.plant),
        "producer": None if producer is None else {"party": producer.party, "name": producer.name},
        "processor": None
        if route.processor is None
        else {"party": route.processor, "name": whole.name(route.processor)},
        "direct": route.direct,
        "between": list(route.between),
        "class": str(route.fuel_class),
        "felling_certificate": str(route.felling_certificate),
        "supporting_document": str(route.document),
        "places": str(route.places),
        "processing_certificate": str(route.processing_certificate),
        "final_felling_as_thinned": route.final_felling_as_thinned,
        "findings": list(route.findings),
        "other_codes": list(route.others),
        "not_run": list(route.open),
        "felled_in": list(dict.fromkeys(felled)),
        "bone_dry": route.grams,
        "lots": len(route.lots),
        "lots_with_finding": len(route.lots_found),
        "records": {"lots": list(route.lots), "entrances": list(route.certificates), "all": list(route.records)},
    }
