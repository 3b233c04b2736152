"""What records say, as plain data with the keys of a casebook."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

from biotrace.chain.kinds import Body, KeyBinding, TrustedBodies
from biotrace.documents.casebook import write_casebook_json
from biotrace.model.casebook import Casebook
from biotrace.model.certificate import Certificate
from biotrace.model.correction import Correction
from biotrace.model.delivery import Delivery
from biotrace.model.document import Document
from biotrace.model.party import Party
from biotrace.model.place import Concordance
from biotrace.model.quantity import PARTS, Quantity
from biotrace.model.stock import Consumption, Plan, Site, StockEntry

_SECTION: dict[type[Body], str] = {
    Party: "parties",
    Document: "documents",
    Certificate: "certificates",
    Delivery: "deliveries",
    Concordance: "concordances",
    Correction: "corrections",
    Site: "sites",
    StockEntry: "stock",
    Consumption: "consumption",
    Plan: "plans",
}


def body_data(body: Body) -> dict[str, Any]:
    """What a record says, with the keys of a casebook; ids of other records are record ids."""
    if isinstance(body, KeyBinding):
        return {"party": body.party, "name": body.name, "public_key": body.public_key.hex()}
    if isinstance(body, TrustedBodies):
        return {"trusted_bodies": list(body.bodies)}
    section = _SECTION[type(body)]
    alone = replace(Casebook(), **{section: (body,)})  # type: ignore[arg-type]  # the table above pairs them
    data: dict[str, list[dict[str, Any]]] = json.loads(write_casebook_json(alone))
    return data[section][0]


def quantity_data(quantity: Quantity) -> dict[str, Any]:
    """A quantity with the keys of a casebook."""
    value = quantity.value
    data = {"value": int(value) if value == value.to_integral_value() else float(value), "unit": quantity.unit.value}
    return data if quantity.moisture is None else data | {"moisture": quantity.moisture / PARTS}
