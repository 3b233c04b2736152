"""One record and what was said of it later, ready to be shown."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from typing import Any

from biotrace.chain.kinds import Body, KeyBinding, TrustedBodies
from biotrace.chain.record import citations
from biotrace.documents.casebook import write_casebook_json
from biotrace.errors import UsageError
from biotrace.model.casebook import Casebook
from biotrace.model.certificate import Certificate
from biotrace.model.correction import Correction
from biotrace.model.delivery import Delivery
from biotrace.model.document import Document
from biotrace.model.party import Party
from biotrace.model.place import Concordance
from biotrace.model.stock import Consumption, Plan, Site, StockEntry
from biotrace.model.text import Text

from .ledger_case import Logged, Reading


@dataclass(frozen=True, slots=True)
class Shown:
    """A record with its neighbours in the ledger: what it cites, what cites it, and its corrections."""

    logged: Logged
    body: dict[str, Any]
    cites: tuple[Logged, ...]
    cited_by: tuple[Logged, ...]
    corrections: tuple[Logged, ...]


def find_record(reading: Reading, text: str) -> Logged:
    """The last record of any kind that ``text`` means: its subject, or the beginning of its record id.

    Raises UsageError where there is none, or where an id's beginning is not enough to tell.
    """
    by_subject = [e for e in reading.logged if e.record.subject == text]
    if by_subject:
        return by_subject[-1]
    by_id = [e for e in reading.logged if len(text) >= 6 and e.record.record_id.hex().startswith(text.lower())]
    if len(by_id) == 1:
        return by_id[0]
    numbered = [e for e in reading.logged if getattr(e.record.body, "number", None) == text]
    if not by_id and len(numbered) == 1:
        return numbered[0]
    some = (
        Text("複数あります", "means more than one record")
        if by_id or numbered
        else Text("ありません", "is not in the ledger")
    )
    raise UsageError(
        Text(f"記録「{text}」は", f"record {text} ") + some,
        Text("名前か、記録IDの先頭6文字以上で指定してください", "name it by subject, or by 6 or more digits of its id"),
        code="no-such-record",
    )


def show(reading: Reading, text: str) -> Shown:
    """The record that ``text`` means, with its neighbours."""
    logged = find_record(reading, text)
    own = logged.record.record_id
    cited = {record_id for _, record_id in citations(logged.record)}
    citing = [e for e in reading.logged if own in {i for _, i in citations(e.record)}]
    return Shown(
        logged=logged,
        body=body_data(logged.record.body),
        cites=tuple(e for e in reading.logged if e.record.record_id in cited),
        cited_by=tuple(e for e in citing if not isinstance(e.record.body, Correction)),
        corrections=tuple(e for e in citing if isinstance(e.record.body, Correction)),
    )


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
