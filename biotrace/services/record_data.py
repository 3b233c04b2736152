"""What records say, as plain data with the keys of a casebook."""

from __future__ import annotations

import dataclasses
import json
from dataclasses import replace
from datetime import date
from typing import Any

from biotrace.chain.kinds import Body
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
_BESIDE_CASEBOOKS = ("sealed", "files", "replaces", "follows")
"""What records say and casebooks have no place for."""


def body_data(body: Body) -> dict[str, Any]:
    """What a record says: with the keys of a casebook where casebooks have the like, else with the model's.

    Ids of other records are record ids; bytes are hex, dates ISO.
    """
    section = _SECTION.get(type(body))
    if section is None:
        plain: dict[str, Any] = _plain(body)
        return plain
    alone = replace(Casebook(), **{section: (body,)})  # type: ignore[arg-type]  # the table above pairs them
    data: dict[str, list[dict[str, Any]]] = json.loads(write_casebook_json(alone))
    beside = {name: getattr(body, name, None) for name in _BESIDE_CASEBOOKS}
    return data[section][0] | {name: _plain(value) for name, value in beside.items() if value}


def _plain(value: Any) -> Any:
    """A value of the model as plain data, without what it leaves at its default."""
    if dataclasses.is_dataclass(value):
        stated = {f.name: getattr(value, f.name) for f in dataclasses.fields(value) if f.name != "id"}
        return {
            f.name: _plain(stated[f.name])
            for f in dataclasses.fields(value)
            if f.name in stated and stated[f.name] != f.default
        }
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    if isinstance(value, bytes):
        return value.hex()
    return value.isoformat() if isinstance(value, date) else value


def quantity_data(quantity: Quantity) -> dict[str, Any]:
    """A quantity with the keys of a casebook."""
    value = quantity.value
    data = {"value": int(value) if value == value.to_integral_value() else float(value), "unit": quantity.unit.value}
    return data if quantity.moisture is None else data | {"moisture": quantity.moisture / PARTS}
