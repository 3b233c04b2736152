"""An overpayment as plain data: every figure with what it was made of, exact beside whole yen."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from biotrace.model.fuel_class import FuelClass
from biotrace.model.text import Text

from .overpayment import FORMULA, SYMBOLS, Figure, Kwh, LotOverpaid, Overpayment, Part, Terms, Ways, Yen
from .prices import NotPriced, Price


def overpayment_data(found: Overpayment, names: Sequence[str] | None = None) -> dict[str, Any]:
    """All of it. ``names``: what people call the lots, in their order. Weights in bone-dry grams, sentences in both
    languages.

    ``yen``: ``low`` and ``high`` in whole yen, halves up, and ``exact`` as fractions; both ends alike where nothing is
    a range; none where nothing of it has a price. A sum is of the exact amounts, so it may differ from the sum of what
    was rounded.
    """
    called: Sequence[str | None] = [None] * len(found.lots) if names is None else names
    return {
        "formula": _both(FORMULA),
        "symbols": SYMBOLS,
        "terms": terms_data(found.terms),
        "today": _ways(found.today),
        "if_passed": _ways(found.if_passed),
        "lots": [_lot(lot, name) for lot, name in zip(found.lots, called, strict=True)],
        "weight_unknown": [lot.lot.id for lot in found.weight_unknown],
        "nothing_overpaid": found.nothing,
    }


def terms_data(terms: Terms) -> dict[str, Any]:
    """Every input: approval, output, prices with their sources, kWh per bone-dry tonne by class claimed."""
    day = terms.approval.day
    return {
        "approval": {"fiscal_year": terms.approval.year, "date": None if day is None else day.isoformat()},
        "output_kw": str(terms.output_kw),
        "prices_yen_per_kwh_excl_tax": {str(c): _price(terms.price(c)) for c in FuelClass},
        "kwh_per_bone_dry_tonne": {str(c): _kwh(terms.kwh_of(c)) for c in FuelClass},
    }


def yen_data(yen: Yen) -> dict[str, Any]:
    """An amount: whole yen, and exact."""
    low, high = yen.whole
    return {"low": low, "high": high, "exact": [str(yen.low), str(yen.high)]}


def _lot(lot: LotOverpaid, name: str | None) -> dict[str, Any]:
    verdict = lot.lot
    return {
        "id": verdict.id,
        "name": name,
        "declared": str(verdict.declared),
        "claimed": None if verdict.claimed is None else {str(c): g for c, g in verdict.claimed.items()},
        "confirmed": str(verdict.confirmed),
        "status": str(verdict.status),
        "if_passed_class": None if verdict.if_passed is None else str(verdict.if_passed),
        "bone_dry": verdict.dry_grams,
        "today": None if lot.today is None else _ways(lot.today),
        "if_passed": None if lot.if_passed is None else _ways(lot.if_passed),
        "records": list(verdict.records),
        "findings": [{"code": f.code, "record": f.record} for f in verdict.findings if not f.is_notice],
        "not_checked": [{"code": u.code, "record": u.record} for u in verdict.not_checked if u.decisive],
    }


def _ways(ways: Ways) -> dict[str, Any]:
    return {"by_tonnage": _figure(ways.by_tonnage), "all_or_nothing": _figure(ways.all_or_nothing)}


def _figure(figure: Figure) -> dict[str, Any]:
    return {
        "yen": None if figure.has_no_price else yen_data(figure.yen),
        "bone_dry": figure.grams,
        "not_priced_bone_dry": sum(part.grams for part in figure.not_priced),
        "parts": [_part(part) for part in figure.parts],
    }


def _part(part: Part) -> dict[str, Any]:
    return {
        "claimed": str(part.claimed),
        "counted": str(part.counted),
        "bone_dry": part.grams,
        "kwh_per_bone_dry_tonne": [_number(part.kwh.low), _number(part.kwh.high)],
        "yen_per_kwh_claimed": _bounds(part.paid),
        "yen_per_kwh_counted": _bounds(part.due),
        "yen": None if part.yen is None else yen_data(part.yen),
        "not_priced": [_both(why) for why in part.why_not],
    }


def _price(price: Price | NotPriced) -> dict[str, Any]:
    if isinstance(price, NotPriced):
        return {"yen": None, "not_priced": _both(price.why), "sources": None}
    return {"yen": _bounds(price), "not_priced": None, "sources": price.sources}


def _kwh(kwh: Kwh) -> dict[str, Any]:
    return {"kwh": [_number(kwh.low), _number(kwh.high)], "stated": kwh.stated, "source": _both(kwh.source)}


def _bounds(price: Price | NotPriced) -> list[str] | None:
    return None if isinstance(price, NotPriced) else [_number(price.low), _number(price.high)]


def _number(value: Decimal) -> str:
    """As written: no float can spoil it."""
    return str(value)


def _both(text: Text) -> dict[str, str]:
    return {"ja": text.ja, "en": text.en}
