"""A trace as the graph that pictures and tables are made of."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from biotrace.documents.graph_papers.graph import Column, Flow, Graph, Standing, Stop
from biotrace.model.certificate import Certificate, Form
from biotrace.model.delivery import Delivery
from biotrace.model.labels import label
from biotrace.model.text import Text, same
from biotrace.verify.case import Entry
from biotrace.verify.pooled import Lying, Pool
from biotrace.verify.rule import Finding, Unchecked
from biotrace.verify.trace_forward import Rest, Where
from biotrace.verify.verdict import LotVerdict, Status

from .lot_check import Seen
from .report_parts import CLASS_NAMES
from .trace import Changed, FoundBack, FoundForward, WhatIf
from .trace_facts import Fact, facts_of, party_name, record_name, said_of
from .trace_graph_head import head, notes_of_back, notes_of_forward, of_forward, of_lot, of_what_if
from .trace_open import Opened
from .trace_start import KIND_NAMES, StartKind, called

_MOST_POOLED = 30
"""Certificates of one yard that are drawn beside those drawn on; the table and JSON of the trace have all."""
_RESTS = {
    Where.UNDELIVERED: Text("納入の記録なし", "no delivery of it"),
    Where.STOCK: Text("証明書上の在庫", "stock on paper"),
    Where.WITHDRAWN: Text("取消し・差替え", "cancelled or replaced"),
    Where.UNTOLD: Text("分けられない", "cannot be told"),
}


def graph_of_back(found: FoundBack, desk: Opened) -> Graph:
    """From the felling places to the lot; what else lay in the yards is dashed."""
    back, seen = found.back, found.seen
    felled = [origin for origin in back.origins if origin.is_source]
    stops = [_forest(o.certificate, o.grams, o.places, seen) for o in felled]
    stops += [_record(h.entry, seen, h.grams, h.findings, h.unchecked, None) for h in back.hands]
    stops[-1] = replace(_judged(stops[-1], back.lot, seen), marked=True)
    flows = [Flow(_place_id(o.certificate), o.certificate.id, o.grams) for o in felled]
    flows += [Flow(source, target, grams) for (source, target), grams in back.flows.items()]
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
    facts = (*head(desk, seen), of_lot(back.lot))
    return Graph("trace-back", title, facts, tuple(stops), tuple(flows), (*notes_of_back(desk), *left_out))


def graph_of_forward(found: FoundForward, desk: Opened, what: WhatIf | None = None) -> Graph:
    """From what the trace starts with to plants and stock. ``what``: as the lots would stand if it were false."""
    forward, seen = found.forward, found.seen
    entries = {entry.value.id: entry for entry in seen.case.entries}
    stops, flows = [], []
    for passed in forward.passed:
        c = entries[passed.handing.id].value
        if isinstance(c, Certificate) and c.id in forward.starts and c.form.is_source and c.locations:
            stops.append(_forest(c, passed.grams, c.locations, seen))
            flows.append(Flow(_place_id(c), c.id, passed.grams))
    stops += _handed_on(found, entries, desk, what)
    flows += [Flow(source, target, grams) for (source, target), grams in forward.flows.items()]
    for rest in forward.rests:
        if rest.where in _RESTS and rest.grams:
            stops.append(_rest(rest, seen))
            flows.append(Flow(rest.record, _rest_id(rest), rest.grams))
    start = KIND_NAMES[found.start.kind] + same(" ") + _start_name(found, entries)
    before = Text("行った先: ", "Forward from ") if what is None else what.supposed + same(": ")
    facts = (*head(desk, seen), of_forward(found), *(() if what is None else of_what_if(what)))
    notes = tuple(notes_of_forward(found, desk, what))
    return Graph("trace-forward", before + start, facts, tuple(stops), tuple(flows), notes)


def _start_name(found: FoundForward, entries: Mapping[str, Entry]) -> Text:
    """As it was asked for; a certificate by its number and seller, for an id tells nobody which one it is."""
    start, seen = found.start, found.seen
    entry = entries.get(start.certificates[0]) if start.kind is StartKind.CERTIFICATE else None
    if entry is None or not isinstance(entry.value, Certificate):
        return start.name
    name, seller = called(entry.value, seen.subjects), party_name(seen, entry.value.seller)
    return Text(f"{name}（{seller}）", f"{name} ({seller})")


def _handed_on(found: FoundForward, entries: Mapping[str, Entry], desk: Opened, what: WhatIf | None) -> list[Stop]:
    """The certificates and deliveries that the wood passed, judged where they are lots."""
    seen, starts = found.seen, frozenset(found.forward.starts)
    lots = {lot.id: lot for lot in found.lots} if what is None else {c.after.id: c.after for c in what.lots}
    changed = {} if what is None else {c.before.id: c for c in what.changed}
    stops = []
    for passed in found.forward.passed:
        i = passed.handing.id
        stop = _record(entries[i], seen, passed.grams, (), (), Standing.UNKNOWN, documents_read=desk.whole)
        if i in lots:
            stop = _judged(stop, lots[i], seen)
        if i in changed:
            stop = _also(stop, _as_it_stands(changed[i]))
        if what is not None and i in starts:
            stop = _also(stop, (Text("仮定", "supposed"), what.supposed))
        stops.append(replace(stop, marked=i in starts))
    return stops


def _also(stop: Stop, fact: Fact) -> Stop:
    return replace(stop, facts=(fact, *stop.facts))


def _as_it_stands(lot: Changed) -> Fact:
    before, after = lot.before, lot.after
    said = CLASS_NAMES[before.confirmed] + same(" → ") + CLASS_NAMES[after.confirmed]
    if before.confirmed is after.confirmed:
        said = CLASS_NAMES[before.confirmed] + Text("（重さの内訳か未完が変わる）", " (weights or what is open change)")
    return Text("いまの判定 → 仮定のとおりなら", "as it stands → if it were so"), said


def _record(
    entry: Entry,
    seen: Seen,
    grams: int | None,
    findings: Sequence[Finding],
    unchecked: Sequence[Unchecked],
    standing: Standing | None,
    *,
    documents_read: bool = True,
) -> Stop:
    value = entry.value
    return Stop(
        id=value.id,
        title=same(called(value, seen.subjects)),
        party=party_name(seen, value.at if isinstance(value, Delivery) else value.seller),
        place="" if isinstance(value, Delivery) else value.from_site or "",
        day=value.date,
        column=Column.PLANT if isinstance(value, Delivery) else _stage(value.form),
        declared=None if isinstance(value, Delivery) else value.fuel_class,
        confirmed=None,
        standing=standing or _standing(findings, unchecked),
        grams=grams,
        facts=facts_of(entry, seen, findings, unchecked, documents_read=documents_read),
    )


def _stage(form: Form) -> Column:
    return Column.FELLING if form.is_source else Column.TRADE


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


def _judged(stop: Stop, lot: LotVerdict, seen: Seen) -> Stop:
    """With the verdict, and all reasons for it that stand on other records."""
    known = {name for name, _ in stop.facts}
    own = [said_of(f) for f in lot.findings if f.record == lot.id and same(f.code) not in known]
    other = [said_of(f, record_name(seen, f.record)) for f in lot.findings if f.record != lot.id and not f.is_notice]
    facts = (*stop.facts[:-1], *own, *other, stop.facts[-1])  # the record's id is the last of them
    return replace(stop, declared=lot.declared, confirmed=lot.confirmed, standing=_of_lot(lot), facts=facts)


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
            (Text("伐採場所", "felled at"), same(said) if places else Text("記載なし", "not stated")),
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
        facts=tuple(_facts_of_rest(rest, seen)),
    )


def _facts_of_rest(rest: Rest, seen: Seen) -> Iterator[Fact]:
    yield Text("証明書", "certificate"), same(record_name(seen, rest.record))
    if rest.instead is not None:
        yield Text("差替え", "replaced by"), same(record_name(seen, rest.instead))
    yield Text("記録ID", "record id"), same(rest.record)


def _pooled(pools: Iterable[Pool], known: set[str], seen: Seen) -> tuple[list[Stop], list[Text]]:
    """The certificates of which wood lay there too; what was left out is told."""
    by_id = {e.value.id: e for e in seen.case.entries}
    stops: dict[str, Stop] = {}
    notes = []
    for pool in pools:
        others = [x for x in pool.lying if not x.drawn and x.certificate not in known]
        others.sort(key=lambda x: -1 if x.left is None else x.left, reverse=True)
        for x in others[:_MOST_POOLED]:
            stops[x.certificate] = _lying(x, by_id.get(x.certificate), seen)
        if len(others) > _MOST_POOLED:
            more = len(others) - _MOST_POOLED
            who = same(party_name(seen, pool.party))
            notes.append(who + Text(f": 混ざり得た証明書がほかに {more} 件", f": {more} more could have contributed"))
    return list(stops.values()), notes


def _lying(x: Lying, entry: Entry | None, seen: Seen) -> Stop:
    """A certificate of which wood lay in a yard: as it is told where it bears on nothing else and was not kept."""
    if entry is not None:
        return _record(entry, seen, x.left, (), (), Standing.UNKNOWN)
    return Stop(
        id=x.certificate,
        title=same(record_name(seen, x.certificate)),
        party=party_name(seen, x.seller),
        place="",
        day=x.day,
        column=_stage(x.form),
        declared=x.fuel_class,
        confirmed=None,
        standing=Standing.UNKNOWN,
        grams=x.left,
        facts=((Text("様式", "form"), label(x.form)), (Text("記録ID", "record id"), same(x.certificate))),
    )
