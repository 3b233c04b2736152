"""Traces as plain data, the shape that other programs build on. Weights are bone-dry grams."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from biotrace.model.certificate import Certificate
from biotrace.model.delivery import Delivery
from biotrace.model.text import Lang
from biotrace.verify.trace_back import Hand, Origin
from biotrace.verify.trace_forward import Forward
from biotrace.verify.verdict import LotVerdict
from biotrace.verify.verdict_json import finding_data

from .lot_check import Seen
from .report_parts import amount_data
from .trace import Changed, FoundBack, FoundForward, WhatIf
from .trace_start import StartKind, called

_SUPPOSED = {StartKind.DOCUMENT: "not_cited", StartKind.ACCREDITATION: "not_accredited"}
"""What is supposed of what is not a certificate."""


def back_data(found: FoundBack, lang: Lang) -> dict[str, Any]:
    """A trace back."""
    b = found.back
    return {
        "lot": lot_data(b.lot, found.seen),
        "origins": [_origin(o, found.seen) for o in b.origins],
        "grams_from_missing_certificates": b.missing,
        "hands": [_hand(h, found.seen, lang) for h in b.hands],
        "flows": [{"from": s, "to": t, "grams": g} for (s, t), g in b.flows.items()],
        "yards": [
            {
                "record": pool.record,
                "party": pool.party,
                "yard": pool.site or None,
                "could_have_contributed": [
                    {"certificate": x.certificate, "seller": x.seller, "grams_left": x.left, "drawn_on": x.drawn}
                    for x in pool.lying
                ],
            }
            for pool in found.pools
        ],
    }


def forward_data(found: FoundForward) -> dict[str, Any]:
    """A trace forward of which all records were read."""
    f, values = found.forward, {entry.value.id: entry.value for entry in found.seen.case.entries}
    return {
        "start": {
            "kind": found.start.kind.value,
            "name": found.start.name.en,
            "certificates": list(f.starts),
            "documents": sorted(found.start.documents),
        },
        "grams": f.grams,
        "not_weighed": list(f.unweighed),
        "rests": [
            {
                "where": r.where.value,
                "party": r.party,
                "date": r.day.isoformat(),
                "record": r.record,
                "grams": r.grams,
                "grams_of_record": r.whole,
                "replaced_by": r.instead,
            }
            for r in f.rests
        ],
        "passed": [
            record_data(values[p.handing.id], found.seen) | {"grams": p.grams, "log_index": p.handing.order}
            for p in f.passed
        ],
        "flows": flows_data(f),
        "to_be_told": [
            {
                "party": t.party,
                "name": _name(found.seen, t.party),
                "role": None if t.role is None else t.role.value,
                "records": list(t.records),
                "accredited_by": list(t.bodies),
            }
            for t in found.told
        ],
        "lots": [lot_data(lot, found.seen) for lot in found.lots],
    }


def what_if_data(what: WhatIf) -> dict[str, Any]:
    """What follows from a supposition, beside the trace."""
    return {
        "supposed": _SUPPOSED.get(what.found.start.kind, what.effect.value),
        "since": None if what.since is None else what.since.isoformat(),
        "lots_looked_at": len(what.lots),
        "changed": [_changed(lot, what.found.seen) for lot in what.changed],
        "trace": forward_data(what.found),
    }


def flows_data(forward: Forward) -> list[dict[str, Any]]:
    """Who handed what on to whom."""
    return [{"from": source, "to": target, "grams": grams} for (source, target), grams in forward.flows.items()]


def record_data(value: Certificate | Delivery, seen: Seen) -> dict[str, Any]:
    """A certificate or delivery in a few words."""
    if isinstance(value, Delivery):
        parties: dict[str, str | None] = {"seller": value.sender, "buyer": value.at}
    else:
        parties = {"seller": value.seller, "buyer": value.buyer}
    return {
        "record": value.id,
        "called": called(value, seen.subjects),
        "kind": "delivery" if isinstance(value, Delivery) else f"certificate {value.form}",
        "date": value.date.isoformat(),
        **parties,
        "names": {role: _name(seen, party) for role, party in parties.items()},
        "quantity": amount_data(value.quantity),
    }


def lot_data(lot: LotVerdict, seen: Seen) -> dict[str, Any]:
    """A verdict in a few words."""
    certificate = seen.case.by_id.get(lot.id)
    return {
        "id": lot.id,
        "called": seen.subjects.get(lot.id, lot.id) if certificate is None else called(certificate, seen.subjects),
        "declared": lot.declared.value,
        "confirmed": lot.confirmed.value,
        "status": lot.status.value,
        "if_passed": None if lot.if_passed is None else lot.if_passed.value,
        "grams": lot.dry_grams,
        "grams_by_class": None if lot.by_class is None else {c.value: g for c, g in lot.by_class.items()},
        "fired": list(lot.fired),
    }


def _hand(hand: Hand, seen: Seen, lang: Lang) -> dict[str, Any]:
    return record_data(hand.entry.value, seen) | {
        "grams": hand.grams,
        "evidence": hand.entry.evidence.value,
        "documents": _documents(hand, seen),
        "findings": [finding_data(f, lang) for f in hand.findings],
        "not_checked": [{"code": u.code, "reason": u.reason.get(lang)} for u in hand.unchecked],
    }


def _documents(hand: Hand, seen: Seen) -> list[dict[str, Any]]:
    value = hand.entry.value
    ids: Sequence[str] = value.documents if isinstance(value, Certificate) else ()
    known = ((i, seen.case.documents.get(i)) for i in ids)
    return [{"id": i, "at_hand": d is not None, "kind": d and d.kind.value, "number": d and d.number} for i, d in known]


def _origin(origin: Origin, seen: Seen) -> dict[str, Any]:
    return record_data(origin.certificate, seen) | {
        "grams": origin.grams,
        "felling_stage": origin.is_source,
        "places": [str(place) for place in origin.places],
        "documents": list(origin.documents),
    }


def _changed(lot: Changed, seen: Seen) -> dict[str, Any]:
    return {"before": lot_data(lot.before, seen), "after": lot_data(lot.after, seen)}


def _name(seen: Seen, party: str | None) -> str | None:
    known = None if party is None else seen.case.parties.get(party)
    return party if known is None else known.name
