"""What a report on a dispute says, as data: the part of it that a third party works out again stands by itself."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from biotrace.model.certificate import Certificate
from biotrace.model.document import Document
from biotrace.verify.case import Case
from biotrace.verify.kept import Asked
from biotrace.verify.overpayment import Overpayment
from biotrace.verify.overpayment_json import overpayment_data
from biotrace.verify.trace_back import Back
from biotrace.verify.verdict import LotVerdict, Status

FORMAT = "biotrace-dispute/1"


def provable(traces: Sequence[Back]) -> list[dict[str, Any]]:
    """Of each lot what follows from its records alone: verdict, weights in bone-dry grams, and where it came from.

    Finding for finding, by code and record, and in the order of the lots.
    """
    return [_provable(back) for back in sorted(traces, key=lambda back: back.lot.id)]


def _provable(back: Back) -> dict[str, Any]:
    lot = back.lot
    return {
        "id": lot.id,
        "declared": lot.declared.value,
        "confirmed": lot.confirmed.value,
        "status": lot.status.value,
        "grams": lot.dry_grams,
        "grams_by_class": None if lot.by_class is None else {c.value: g for c, g in sorted(lot.by_class.items())},
        "findings": sorted([f.code, f.record] for f in lot.findings if not f.is_notice),
        "origins": sorted([o.certificate.id, o.grams] for o in back.origins),
        "grams_from_missing_certificates": back.missing,
    }


def yen_provable(found: Overpayment) -> dict[str, Any]:
    """What the yen are, with every input; names of lots, which are no part of it, left out."""
    return overpayment_data(found)


def documents_data(lots: Iterable[tuple[Case, LotVerdict]]) -> list[dict[str, Any]]:
    """The documents behind the lots, in order of their ids: what is held of each, who asked for it, and whether shown.

    Also of the certificates themselves, where copies of them were asked for. ``lots``: each with the case that tells
    of it; a document behind several of them is told once.
    """
    found: dict[str, dict[str, Any]] = {}
    for case, lot in lots:
        for entry in _documents(case, lot):
            known = found.setdefault(entry["id"], entry)
            known["cited_by"] = sorted({*known["cited_by"], *entry["cited_by"]})
    return [found[i] for i in sorted(found)]


def _documents(case: Case, lot: LotVerdict) -> list[dict[str, Any]]:
    reached = set(lot.records)
    cited: dict[str, list[str]] = {}
    for entry in case.entries:
        value = entry.value
        if value.id in reached and isinstance(value, Certificate):
            for document in value.documents:
                cited.setdefault(document, []).append(value.id)
    found = [_document(case, i, case.documents.get(i), by) for i, by in sorted(cited.items())]
    found += [_asked_only(case, record) for record in sorted(reached) if record in case.kept.asked]
    return found


def _document(case: Case, i: str, document: Document | None, cited_by: Sequence[str]) -> dict[str, Any]:
    files = () if document is None else document.files
    return {
        "id": i,
        "kind": None if document is None else document.kind.value,
        "number": None if document is None else document.number,
        "cited_by": sorted(cited_by),
        "copies": [_copy(case, file.sha256) for file in files],
        "asked": [_asked(asked) for asked in case.kept.asked.get(i, ())],
    }


def _asked_only(case: Case, record: str) -> dict[str, Any]:
    asked = [_asked(one) for one in case.kept.asked[record]]
    return {"id": record, "kind": "certificate", "number": None, "cited_by": [], "copies": [], "asked": asked}


def _copy(case: Case, sha256: bytes) -> dict[str, Any]:
    held = case.kept.files.get(sha256) if sha256 in case.kept.files else None
    return {"sha256": sha256.hex(), "held": {None: "missing", True: "held", False: "altered"}[held]}


def _asked(asked: Asked) -> dict[str, Any]:
    produced = None if asked.produced is None else asked.produced.isoformat()
    return {"by": asked.by.party, "to": asked.to, "due": asked.due.isoformat(), "produced": produced}


def differences(stated: Any, found: Any, where: str = "") -> list[str]:
    """The places in which two pieces of plain data differ, each by its path; at most one for each branch."""
    if isinstance(stated, Mapping) and isinstance(found, Mapping):
        keys = sorted({*stated, *found}, key=str)
        return [d for key in keys for d in differences(stated.get(key), found.get(key), f"{where}/{key}")]
    if isinstance(stated, list) and isinstance(found, list) and len(stated) == len(found):
        pairs = enumerate(zip(stated, found, strict=True))
        return [d for n, (one, other) in pairs for d in differences(one, other, f"{where}/{n}")]
    return [] if stated == found or _is_only_shown(stated, found, where) else [where or "/"]


def _is_only_shown(stated: Any, found: Any, where: str) -> bool:
    """Whether a lot is complete in the ledger, and as shown by the bundle: of another log nobody says that it is all.

    The verdict on the bundle's records says so; nothing else of the lot is another by it.
    """
    return where.endswith("/status") and (stated, found) == (Status.COMPLETE.value, Status.AS_SHOWN.value)


def without_status(value: Any) -> Any:
    """Plain data without ``status``: to others a lot may be as shown that is complete in its own log."""
    if isinstance(value, Mapping):
        return {key: without_status(each) for key, each in value.items() if key != "status"}
    return [without_status(each) for each in value] if isinstance(value, list) else value
