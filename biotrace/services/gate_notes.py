"""What a gate says beside its answer, and its words for classes."""

from __future__ import annotations

from datetime import date

from biotrace.model.fuel_class import FuelClass
from biotrace.model.quantity import Quantity
from biotrace.model.text import Text
from biotrace.verify.verdict import LotVerdict


def expires(end: date, days: int) -> Text:
    """An accreditation that ends soon, or ended a few days ago."""
    if days < 0:
        return Text(f"売り主の認定は {end} に切れました", f"the seller's accreditation ended on {end}")
    return Text(
        f"売り主の認定はあと{days}日（{end} まで）", f"the seller's accreditation ends in {days} days, on {end}"
    )


def traced(lot: LotVerdict) -> Text:
    """What the ledger confirms."""
    word = class_word(lot.confirmed)
    return Text(f"台帳でも「{word.ja}」と確かめました", f"our ledger confirms it as {word.en}")


def not_traced() -> Text:
    """What a paper alone cannot tell."""
    return Text(
        "由来はたどっていません（この証明書だけの確認です）", "origin not traced: this is about the certificate alone"
    )


def recipient_not_asked() -> Text:
    """Nobody said who we are."""
    return Text("納め先がここかどうかは、見比べてください", "see for yourself whether it is made out to us")


def weighed(certified: Quantity, measured: Quantity) -> Text:
    """Both weights."""
    return Text(f"証明書 {certified}、計量 {measured}", f"certified {certified}, weighed {measured}")


def left(rest: Quantity) -> Text:
    """What is left of a paper for several loads."""
    return Text(f"この証明書の残りは {rest}", f"of this certificate {rest} are left")


def class_word(fuel_class: FuelClass) -> Text:
    """A class in a word or two."""
    return _CLASS[fuel_class]


_CLASS = {
    FuelClass.THINNED: Text("間伐材等", "thinned"),
    FuelClass.GENERAL: Text("一般木質", "general"),
    FuelClass.GENERAL_WASTE: Text("一般廃棄物", "general waste"),
    FuelClass.CONSTRUCTION_WASTE: Text("建設資材廃棄物", "construction waste"),
}
