"""A trace as the graph that pictures and tables are made of."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from biotrace.documents.graph_papers.graph import Column, Flow, Graph, Standing, Stop
from biotrace.model.certificate import Certificate
from biotrace.model.delivery import Delivery
from biotrace.model.text import Text, same
from biotrace.verify.case import Entry
from biotrace.verify.pooled import Pool
from biotrace.verify.rule import Finding, Unchecked
from biotrace.verify.trace_forward import Passed, Rest, Where
from biotrace.verify.verdict import LotVerdict, Status

from .lot_check import Seen
from .report_parts import CLASS_NAMES
from .trace import FoundBack, FoundForward, WhatIf
from .trace_facts import Fact, facts_of, party_name
from .trace_open import Opened
from .trace_start import KIND_NAMES, called

_MOST_POOLED = 30
"""Certificates of one yard that are drawn beside those drawn on; the table and JSON of the trace have all."""
_DRY = Text("重さは標準の換算係数による全乾", "weights are bone-dry, by default factors")
_CERTIFIED = Text(
    "重さは、はじめの証明書の重さのまま数えた行き先（ゲートの計量値ではない）",
    "weights are those of the first certificates all the way, not what a gate weighed",
)
_RESTS = {
    Where.UNDELIVERED: Text("納入の記録なし", "no delivery of it"),
    Where.STOCK: Text("在庫（証明書の上）", "in stock by the certificates"),
    Where.WITHDRAWN: Text("取消し・差替え", "cancelled or replaced"),
    Where.UNTOLD: Text("分けられない", "cannot be told"),
}


def graph_of_back(found: FoundBack, desk: Opened) -> Graph:
    """From the felling places to the lot; what else lay in the yards is dashed."""
    back, seen = found.back, found.seen
    stops = [_record(h.entry, seen, h.grams, h.findings, h.unchecked, None) for h in back.hands]
    stops[-1] = replace(_judged(stops[-1], back.lot), marked=True)
    flows = [Flow(source, target, grams) for (source, target), grams in back.flows.items()]
    for origin in back.origins:
        if origin.is_source:
            stops.append(_forest(origin.certificate, origin.grams, origin.places, seen))
            flows.append(Flow(_place_id(origin.certificate), origin.certificate.id, origin.grams))
    more, left_out = _pooled(found.pools, {stop.id for stop in stops}, seen)
    stops += more
    known = {stop.id for stop in stops}
    flows += [
        Flow(x.certificate, pool.record, None, pooled=True)
        for pool in found.pools
        for x in pool.lying
        if not x.drawn and x.certificate in known
    ]
    name = called(back.hands[-1].entry.value, seen.subjects)
    title = Text(f"もとをたどる: {name}", f"Back from {name}")
    notes = (_DRY, *left_out)
    return Graph("trace-back", title, _head(desk, back.lot), tuple(stops), tuple(flows), notes)


def graph_of_forward(found: FoundForward, desk: Opened, what: WhatIf | None = None) -> Graph:
    """From what the trace starts with to plants and stock. ``what``: as the lots would stand if it were false."""
    forward, seen = found.forward, found.seen
    lots = {lot.id: lot for lot in found.lots} if what is None else {c.after.id: c.after for c in what.lots}
    starts = set(forward.starts)
    stops = [_passed(p, seen, lots, p.entry.value.id in starts) for p in forward.passed]
    flows = [Flow(source, target, grams) for (source, target), grams in forward.flows.items()]
    for passed in forward.passed:
        c = passed.entry.value
        if isinstance(c, Certificate) and c.id in starts and c.form.is_source and c.locations:
            stops.append(_forest(c, passed.grams, c.locations, seen))
            flows.append(Flow(_place_id(c), c.id, passed.grams))
    for rest in forward.rests:
        if rest.where in _RESTS and rest.grams:
            stops.append(_rest(rest, seen))
            flows.append(Flow(rest.record, _rest_id(rest), rest.grams))
    kind = KIND_NAMES[found.start.kind]
    title = Text("行った先: ", "Forward from ") + kind + same(" ") + found.start.name
    if what is not None:
        title += Text("（", " (") + what.supposed + Text("）", ")")
    head = (*_head(desk, None), (Text("証明書", "certificates"), same(str(len(forward.starts)))))
    return Graph("trace-forward", title, head, tuple(stops), tuple(flows), (_DRY, _CERTIFIED))


def _head(desk: Opened, lot: LotVerdict | None) -> tuple[Fact, ...]:
    found = [(Text("台帳", "ledger"), same(desk.name)), (Text("基準日", "as of"), same(desk.today))]
    for log in desk.logs:
        size, root = log.checkpoint.size, log.checkpoint.root.hex()[:16]
        found.append((Text("ログ", "log"), same(f"{log.checkpoint.origin}  {size:,}  {root}")))
    if lot is not None:
        found.append((Text("区分", "class"), CLASS_NAMES[lot.declared] + same(" → ") + CLASS_NAMES[lot.confirmed]))
    return tuple(found)


def _record(
    entry: Entry,
    seen: Seen,
    grams: int | None,
    findings: Sequence[Finding],
    unchecked: Sequence[Unchecked],
    standing: Standing | None,
) -> Stop:
    value = entry.value
    delivered = isinstance(value, Delivery)
    return Stop(
        id=value.id,
        title=same(called(value, seen.subjects)),
        party=party_name(seen, value.at if isinstance(value, Delivery) else value.seller),
        place="" if isinstance(value, Delivery) else value.from_site or "",
        day=value.date,
        column=Column.PLANT if delivered else Column.TRADE,
        declared=None if isinstance(value, Delivery) else value.fuel_class,
        confirmed=None,
        standing=standing or _standing(findings, unchecked),
        grams=grams,
        facts=facts_of(entry, seen, findings, unchecked),
    )


def _standing(findings: Iterable[Finding], unchecked: Iterable[Unchecked]) -> Standing:
    found = list(findings)
    if any(not f.is_notice for f in found):
        return Standing.FLAWED
    if any(u.decisive for u in unchecked):
        return Standing.INCOMPLETE
    return Standing.NOTICE if found else Standing.OK


def _of_lot(lot: LotVerdict) -> Standing:
    if lot.status is Status.INCOMPLETE:
        return Standing.INCOMPLETE
    if not lot.clean:
        return Standing.FLAWED
    return Standing.NOTICE if lot.findings else Standing.OK


def _judged(stop: Stop, lot: LotVerdict) -> Stop:
    return replace(stop, declared=lot.declared, confirmed=lot.confirmed, standing=_of_lot(lot))


def _passed(passed: Passed, seen: Seen, lots: Mapping[str, LotVerdict], started: bool) -> Stop:
    lot = lots.get(passed.entry.value.id)
    if lot is None:
        return replace(_record(passed.entry, seen, passed.grams, (), (), Standing.UNKNOWN), marked=started)
    own = [f for f in lot.findings if f.record == lot.id]
    stop = _record(passed.entry, seen, passed.grams, own, (), None)
    return replace(_judged(stop, lot), marked=started)


def _place_id(certificate: Certificate) -> str:
    return f"place:{certificate.id}"


def _forest(certificate: Certificate, grams: int | None, places: Sequence[object], seen: Seen) -> Stop:
    said = "、".join(map(str, places)) or "—"
    return Stop(
        id=_place_id(certificate),
        title=Text("伐採地", "felling site"),
        party=party_name(seen, certificate.seller),
        place=said,
        day=None if certificate.felled is None else certificate.felled.start,
        column=Column.FOREST,
        declared=certificate.fuel_class,
        confirmed=None,
        standing=Standing.UNKNOWN,
        grams=grams,
        facts=(
            (Text("伐採場所", "felled at"), same(said)),
            (Text("証明書", "certificate"), same(called(certificate, seen.subjects))),
        ),
    )


def _rest_id(rest: Rest) -> str:
    return f"{rest.where}:{rest.record}"


def _rest(rest: Rest, seen: Seen) -> Stop:
    return Stop(
        id=_rest_id(rest),
        title=_RESTS[rest.where],
        party=party_name(seen, rest.party),
        place="",
        day=rest.day,
        column=Column.STOCK,
        declared=None,
        confirmed=None,
        standing=Standing.UNKNOWN,
        grams=rest.grams,
        facts=((Text("証明書", "certificate"), same(rest.record)),),
    )


def _pooled(pools: Iterable[Pool], known: set[str], seen: Seen) -> tuple[list[Stop], list[Text]]:
    """The certificates of which wood lay there too; what was left out is told."""
    by_id = {e.value.id: e for e in seen.case.entries}
    stops: dict[str, Stop] = {}
    notes = []
    for pool in pools:
        others = [x for x in pool.lying if not x.drawn and x.certificate not in known]
        others.sort(key=lambda x: -1 if x.left is None else x.left, reverse=True)
        for x in others[:_MOST_POOLED]:
            entry = by_id.get(x.certificate)
            if entry is not None:
                stops[x.certificate] = _record(entry, seen, x.left, (), (), Standing.UNKNOWN)
            else:
                stops[x.certificate] = _unseen(x.certificate, seen, party_name(seen, x.seller), x.left)
        if len(others) > _MOST_POOLED:
            more = len(others) - _MOST_POOLED
            who = same(party_name(seen, pool.party))
            notes.append(who + Text(f": 混ざり得た証明書がほかに {more} 件", f": {more} more could have contributed"))
    return list(stops.values()), notes


def _unseen(record: str, seen: Seen, party: str, grams: int | None) -> Stop:
    return Stop(
        record,
        same(seen.subjects.get(record, record[:12])),
        party,
        "",
        None,
        Column.TRADE,
        None,
        None,
        Standing.UNKNOWN,
        grams,
    )
