"""Traces for people."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from biotrace.model.delivery import Delivery
from biotrace.model.labels import form_name, label
from biotrace.model.text import Lang, Text
from biotrace.services.ledger_case import integrity_finding
from biotrace.services.lot_check import Seen
from biotrace.services.trace import NAMED, Changed, FoundBack, FoundForward, WhatIf
from biotrace.services.trace_open import Opened
from biotrace.services.trace_start import KIND_NAMES, StartKind, called
from biotrace.verify.pooled import Pool
from biotrace.verify.supposed import SUPPOSED
from biotrace.verify.trace_back import Hand, Origin
from biotrace.verify.trace_forward import Forward, Handing, Rest, Where, by_plant_and_month
from biotrace.verify.verdict import LotVerdict
from biotrace.verify.verdict_json import finding_data, kilograms

from .console import Console
from .log_view import log_data, show_log
from .verdict_view import class_name, outcome_word, show_findings, show_unchecked

_MOST = 40
"""Lines of one list on the screen; JSON and the files have all."""
_WHERE = {
    Where.UNDELIVERED: Text("発電所あて、納入の記録なし", "made out to a plant, no delivery of it"),
    Where.STOCK: Text("まだ引き当てられていない（証明書の上での在庫）", "not drawn on: in stock by the certificates"),
    Where.WITHDRAWN: Text("取消し・差替えの証明書の上", "on a certificate cancelled or replaced"),
    Where.UNTOLD: Text("換算できない単位で引き当てられ、分けられない", "drawn on in a unit that cannot be converted"),
}


_WITHOUT = {
    True: Text("証明書なし", "no certificate"),
    False: Text("手元にない証明書から", "from certificates that are not at hand"),
}


def head_data(desk: Opened, seen: Seen, lang: Lang) -> dict[str, Any]:
    """What a trace rests on, as data."""
    damage = (*desk.findings, *map(integrity_finding, seen.damage))
    return {
        "ledger": desk.name,
        "as_of": desk.today.isoformat(),
        "entries": desk.entries,
        "logs": [log_data(log) for log in desk.logs],
        "integrity": [finding_data(f, lang) for f in damage],
    }


def show_head(c: Console, desk: Opened, seen: Seen, *, read: bool = True) -> None:
    """What the trace rests on. ``read``: whether records were read, or only the ledger's tables."""
    c.say(c.t(f"{desk.name}  基準日 {desk.today}  重さは全乾kg", f"{desk.name}  as of {desk.today}  bone-dry kg"))
    for log in desk.logs:
        show_log(c, log)
    damage = [*desk.findings, *map(integrity_finding, seen.damage)]
    if damage:
        c.say(c.t("台帳に問題があります:", "the ledger is not sound:"))
        show_findings(c, damage, seen.subjects)
    if not read:
        c.say(
            c.t(
                "量は台帳の表によります（記録そのものは読んでいません。読むには --records）。"
                "表が記録と同じかは監査で確かめます",
                "by the ledger's tables; the records were not read: --records does; whether they agree: see the audit",
            )
        )
    elif desk.entries is not None and not desk.whole:
        c.say(
            c.t(
                "関わりのある記録だけを読みました（ハッシュとログの木での位置を確認）。発行者・置場・発電所の規則は監査で確かめます",
                "only what bears on this was read, by hash and place in the log's tree;"
                " rules about issuers, yards and plants: see the audit",
            )
        )
    c.say()


def show_back(c: Console, found: FoundBack) -> None:
    """A lot, where it was felled, every hand, and what else lay in the yards."""
    lot = found.back.lot
    c.say(_lot_line(c, lot, found.seen))
    c.say()
    c.say(c.t("もと（引き当てによる）", "where it was felled, by what is drawn on"))
    for origin in _first(c, found.back.origins):
        _show_origin(c, origin, found.seen)
    if found.back.missing:
        c.say(f"{_kg(found.back.missing)}  {_WITHOUT[found.back.without_certificate].get(c.lang)}")
    elif found.back.missing is None:
        c.say(c.t("重さの内訳は分かりません", "how much came from where cannot be told"))
    c.say()
    c.say(c.t("経路（古い順）", "hands, the first one first"))
    for hand in _first(c, found.back.hands):
        _show_hand(c, hand, found.seen)
    for pool in found.pools:
        _show_pool(c, pool, found.seen)


def show_forward(c: Console, found: FoundForward) -> None:
    """Where the wood went, what is left, and who must be told."""
    _show_start(c, found)
    _show_rests(c, found)
    if found.lots:
        c.say()
        c.say(c.t("着いた先のロットの判定", "verdicts on the lots that it went into"))
        for lot in _first(c, found.lots):
            c.say("  " + _lot_line(c, lot, found.seen))
    _show_told(c, found)


def show_what_if(c: Console, what: WhatIf) -> None:
    """What would change."""
    found = what.found
    _show_start(c, found)
    supposed = what.supposed.get(c.lang)
    changed = what.changed
    c.say(
        c.t(
            f"{supposed}: 先のロット {len(what.lots)} 件のうち {len(changed)} 件の判定が変わります",
            f"{supposed}: lots downstream {len(what.lots)}, of which the verdict changes on {len(changed)}",
        )
    )
    for lot in _first(c, changed):
        c.say(f"  {_called(found.seen, lot.before.id)}  {_change(c, lot)}")
    _show_fall(c, what)
    c.say()
    if what.since is not None:
        c.say(
            c.t(
                "以下の重さと相手は、この番号の証明書すべてのもの（判定の変わらないものを含む）",
                "weights and parties below are of all certificates under this number, whether or not a verdict changes",
            )
        )
    _show_rests(c, found)
    _show_told(c, found)


def _change(c: Console, lot: Changed) -> str:
    """What a lot counts as before and after, and the rules that then say otherwise."""
    weight = c.t("重さ不明", "weight unknown") if lot.before.dry_grams is None else _kg(lot.before.dry_grams).strip()
    one, other = (_counts_as(c, verdict) for verdict in (lot.before, lot.after))
    new = [code for code in lot.after.fired if code not in (SUPPOSED, *lot.before.fired)]
    return f"{weight}  {one} → {other}" + (f"  ({', '.join(new)})" if new else "")


def _show_fall(c: Console, what: WhatIf) -> None:
    """By how much each class shrinks, over all lots."""
    fall, untold = what.change()
    for fuel_class, grams in fall.items():
        if grams:
            sign = "+" if grams > 0 else "▲"
            c.say(f"    {class_name(fuel_class, c.lang)}  {sign} {kilograms(abs(grams)):,} kg")
    if untold:
        c.say(c.t(f"    重さの分からないロット {untold} 件は含まない", f"    without {untold} lots of unknown weight"))


def _show_start(c: Console, found: FoundForward) -> None:
    start, forward = found.start, found.forward
    c.say(f"{KIND_NAMES[start.kind].get(c.lang)}: {start.name.get(c.lang)}")
    weight = _told(c, forward.grams, found).strip()
    c.say(
        c.t(
            f"  証明書 {len(forward.starts)} 件、全乾 {weight}",
            f"  certificates: {len(forward.starts)}, {weight} bone-dry",
        )
    )
    if not start.certificates:
        c.say(c.t("  この先へ渡した証明書はありません", "  by no certificate has wood been handed on from there"))
    elif start.kind is not StartKind.CERTIFICATE and len(forward.starts) <= NAMED:
        for one in _started(forward):
            who = f"{_party(found.seen, one.seller)} → {_party(found.seen, one.buyer)}"
            c.say(f"    {one.day}  {_called(found.seen, one.id)}  {who}")
    if forward.unweighed:
        names = ", ".join(_called(found.seen, i) for i in forward.unweighed[:5])
        c.say(c.t(f"  重さを換算できない証明書: {names}", f"  weight cannot be told: {names}"))
    c.say()


def _started(forward: Forward) -> list[Handing]:
    return [p.handing for p in forward.passed if p.handing.id in forward.starts]


def _show_rests(c: Console, found: FoundForward) -> None:
    months = by_plant_and_month(found.forward)
    if months:
        c.say(
            c.t(
                "発電所・月ごと（はじめの証明書の重さで。ゲートの計量値ではない）",
                "by plant and month (in the weight first certified, not as the gates weighed)",
            )
        )
    plant = None
    for (party, month), rests in months.items():
        if party != plant:
            total = sum(r.grams for (p, _), of in months.items() if p == party for r in of)
            c.say(f"{_told(c, total, found)}  {_party(found.seen, party)}")
            plant = party
        lots = len({r.record for r in rests})
        c.say(
            f"    {month:%Y-%m} {_told(c, sum(r.grams for r in rests), found)}" + c.t(f"  {lots}台", f"  {lots} loads")
        )
    for where, title in _WHERE.items():
        _show_where(c, found, title, [r for r in found.forward.rests if r.where is where and r.grams])


def _told(c: Console, grams: int, found: FoundForward) -> str:
    """A weight; none is no 0 where some of what was followed cannot be told."""
    f = found.forward
    if grams or not (f.unweighed or any(rest.where is Where.UNTOLD for rest in f.rests)):
        return _kg(grams)
    return c.t("（重さ不明）", "(weight unknown)")


def _show_where(c: Console, found: FoundForward, title: Text, rests: Sequence[Rest]) -> None:
    if not rests:
        return
    c.say(c.t(f"{title.ja}: ", f"{title.en}: ") + _kg(sum(r.grams for r in rests)).strip())
    by_party: dict[str | None, int] = defaultdict(int)
    for rest in rests:
        by_party[rest.party] += rest.grams
    for party, grams in _first(c, sorted(by_party.items(), key=lambda item: -item[1])):
        c.say(f"{_kg(grams)}  {_party(found.seen, party)}")
    for rest in _first(c, [rest for rest in rests if rest.instead is not None]):
        one, other = _called(found.seen, rest.record), _called(found.seen, rest.instead or "")
        c.say(
            c.t(
                f"    {one} は {other} に差替え（先はそちらから）",
                f"    {one} was replaced by {other}: go on from there",
            )
        )


def _show_told(c: Console, found: FoundForward) -> None:
    if not found.told:
        return
    c.say()
    c.say(c.t("知らせる相手", "who has to be told"))
    for told in _first(c, found.told):
        role = "" if told.role is None else f"（{label(told.role).ja}）" if c.lang == "ja" else f" ({told.role})"
        bodies = "、".join(_party(found.seen, body) for body in told.bodies)
        by = c.t(f"  認定団体 {bodies}", f"  accredited by {bodies}") if bodies else ""
        papers = c.t(f"  記録 {len(told.records)} 件", f"  {len(told.records)} records")
        c.say(f"  {_party(found.seen, told.party)}{role}{papers}{by}")


def _show_origin(c: Console, origin: Origin, seen: Seen) -> None:
    certificate = origin.certificate
    weight = c.t("（重さ不明）", "(weight unknown)") if origin.grams is None else _kg(origin.grams)
    stage = "" if origin.is_source else c.t("  ここで途切れている", "  the chain breaks off here")
    c.say(f"{weight}  {called(certificate, seen.subjects)}  {_party(seen, certificate.seller)}{stage}")
    unstated = [c.t("伐採箇所の記載なし", "no felling place is stated")] if origin.is_source else []
    for place in _first(c, origin.places) or unstated:
        c.say(f"               {place}")
    for document in origin.documents:
        known = seen.case.documents.get(document)
        name = document[:12] if known is None else f"{label(known.kind).get(c.lang)} {known.number or ''}"
        c.say(f"               {c.t('根拠', 'rests on')}: {name.strip()}")


def _show_hand(c: Console, hand: Hand, seen: Seen) -> None:
    value = hand.entry.value
    weight = c.t("（重さ不明）", "(weight unknown)") if hand.grams is None else _kg(hand.grams)
    if isinstance(value, Delivery):
        who = f"→ {_party(seen, value.at)}"
        kind = c.t("納入", "delivery")
    else:
        who = f"{_party(seen, value.seller)} → {_party(seen, value.buyer)}"
        kind = form_name(value.form).get(c.lang)
    c.say(f"{weight}  {value.date}  {kind}  {called(value, seen.subjects)}  {who}")
    show_findings(c, [f for f in hand.findings if not f.is_notice], seen.subjects)
    show_unchecked(c, [u for u in hand.unchecked if u.decisive], seen.subjects)


def _show_pool(c: Console, pool: Pool, seen: Seen) -> None:
    others = [x for x in pool.lying if not x.drawn]
    if not others:
        return
    where = _party(seen, pool.party) + (f" {pool.site}" if pool.site else "")
    made = _called(seen, pool.record)
    c.say()
    c.say(
        c.t(
            f"{where}: {made} のとき、引き当てのほかに残っていたもの {len(others)} 件",
            f"{where}: beside what {made} draws on, {len(others)} more lay there",
        )
    )
    for x in _first(c, others):
        weight = c.t("（重さ不明）", "(weight unknown)") if x.left is None else _kg(x.left)
        c.say(f"{weight}  {x.day}  {_called(seen, x.certificate)}  {_party(seen, x.seller)}")


def _lot_line(c: Console, lot: LotVerdict, seen: Seen) -> str:
    return f"[{outcome_word(lot, c)}] {_called(seen, lot.id)}  {_worth(c, lot)}"


def _worth(c: Console, lot: LotVerdict) -> str:
    weight = c.t("重さ不明", "weight unknown") if lot.dry_grams is None else _kg(lot.dry_grams).strip()
    declared = "" if lot.declared is lot.confirmed else f"{class_name(lot.declared, c.lang)} → "
    return f"{declared}{_counts_as(c, lot, weight)}"


def _counts_as(c: Console, lot: LotVerdict, weight: str = "") -> str:
    """The class, with the parts of a mixed lot, and the class if all that is open passed."""
    parts = [(k, g) for k, g in (lot.by_class or {}).items() if g]
    split = "、".join(f"{class_name(k, c.lang)} {_kg(g).strip()}" for k, g in parts) if len(parts) > 1 else ""
    passed = "" if lot.if_passed is None else class_name(lot.if_passed, c.lang)
    open_end = c.t(f"（未完、通れば {passed}）", f" (incomplete; {passed} if it passed)") if passed else ""
    known = class_name(lot.confirmed, c.lang) + (f" {weight}" if weight else "")
    return known + (f"（{split}）" if split else "") + open_end


def _called(seen: Seen, record: str) -> str:
    certificate = seen.case.by_id.get(record)
    return seen.subjects.get(record, record) if certificate is None else called(certificate, seen.subjects)


def _party(seen: Seen, party: str | None) -> str:
    if party is None:
        return "—"
    known = seen.case.parties.get(party)
    return party if known is None else known.name


def _kg(grams: int) -> str:
    return f"{kilograms(grams):>11,} kg"


def _first(c: Console, items: Iterable[Any]) -> list[Any]:
    """The first of them; of how many more there are a line tells."""
    every = list(items)
    if len(every) > _MOST:
        more = len(every) - _MOST
        c.say(
            c.t(
                f"（全{len(every)}件のうち{_MOST}件。残り{more}件は --format json）",
                f"({_MOST} of {len(every)}; all with --format json)",
            )
        )
    return every[:_MOST]
