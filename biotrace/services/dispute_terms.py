"""A plant's terms, read again from a report, so that its yen can be worked out anew by this release's price tables."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from biotrace.model.fuel_class import FuelClass
from biotrace.verify.overpayment import Kwh, Terms
from biotrace.verify.prices import Approval

from .shipped import fit_prices


def terms_from(data: Mapping[str, Any]) -> Terms:
    """The terms that ``overpayment_json.terms_data`` wrote. Raises KeyError or ValueError for anything else."""
    approval = data["approval"]
    day = approval["date"]
    approved = Approval(int(approval["fiscal_year"]), None if day is None else date.fromisoformat(day))
    stated = {FuelClass(c): kwh["kwh"] for c, kwh in data["kwh_per_bone_dry_tonne"].items() if kwh["stated"]}
    kwh = {c: Kwh.by_plant(Decimal(low), Decimal(high)) for c, (low, high) in stated.items()}
    return Terms(approved, Decimal(data["output_kw"]), fit_prices(), kwh)
