"""A plant's terms, read again from a report, so that its yen can be worked out anew by this release's price tables."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from biotrace.model.fuel_class import FuelClass
from biotrace.verify.overpayment import Kwh, Terms
from biotrace.verify.prices import Approval

from .shipped import fit_prices

_NUMBER = re.compile(r"\d{1,9}(\.\d{1,9})?")


def terms_from(data: Mapping[str, Any]) -> Terms:
    """The terms that ``overpayment_json.terms_data`` wrote.

    Raises KeyError, TypeError, AttributeError or ValueError for anything else.
    """
    approval = data["approval"]
    day = approval["date"]
    approved = Approval(int(approval["fiscal_year"]), None if day is None else date.fromisoformat(day))
    stated = {FuelClass(c): kwh["kwh"] for c, kwh in data["kwh_per_bone_dry_tonne"].items() if kwh["stated"]}
    kwh = {c: Kwh.by_plant(_number(low), _number(high)) for c, (low, high) in stated.items()}
    return Terms(approved, _number(data["output_kw"]), fit_prices(), kwh)


def _number(said: str) -> Decimal:
    """A plain number above 0, no longer than people write one."""
    if _NUMBER.fullmatch(said) is None or not (number := Decimal(said)):
        raise ValueError(said)
    return number
