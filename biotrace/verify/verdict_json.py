"""The verdict as plain data, the shape that other programs build on."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from biotrace.model.fuel_class import FuelClass
from biotrace.model.text import Lang

from .rule import Finding, Unchecked
from .tonnage import split
from .verdict import AUDIT_FINDING, LotVerdict, Verdict

_KG = 1000


def verdict_data(verdict: Verdict, name: str | None, lang: Lang) -> dict[str, Any]:
    """The whole verdict. ``name``: of the casebook, ledger or bundle that was judged; None where it is another thing,
    which then has a field of its own.
    """
    return {
        "casebook": name,
        "profile": verdict.profile,
        "as_of": verdict.as_of.isoformat(),
        "lots": [_lot(lot, lang) for lot in verdict.lots],
        "records": [{"id": i, "findings": [finding_data(f, lang) for f in fs]} for i, fs in verdict.records],
        "undecided": _not_checked(verdict.undecided, lang),
        "books": {
            "passed": list(verdict.books.passed),
            "not_checked": _not_checked(verdict.books.not_checked, lang),
        },
        "rules_not_run": list(verdict.not_run),
        "summary": summary(verdict),
    }


def summary(verdict: Verdict) -> dict[str, Any]:
    """Counts of lots: all, clean, by code, and by finding of the 2017 audit."""
    by_code = Counter(code for lot in verdict.lots for code in lot.fired)
    audit = Counter(f for lot in verdict.lots for f in audit_findings(lot))
    return {
        "lots": len(verdict.lots),
        "clean": sum(lot.clean for lot in verdict.lots),
        "by_code": dict(sorted(by_code.items())),
        "by_audit_finding": dict(sorted(audit.items())),
    }


def audit_findings(lot: LotVerdict) -> list[str]:
    """The audit's findings (1, 2, 3i, 3ii, 3iii) that the lot's codes stand for."""
    return sorted({AUDIT_FINDING[code] for code in lot.fired if code in AUDIT_FINDING})


def finding_data(finding: Finding, lang: Lang) -> dict[str, Any]:
    """One finding."""
    return {
        "code": finding.code,
        "record": finding.record,
        "effect": finding.effect.value,
        "clause": finding.clause,
        "message": finding.message.get(lang),
        "expected": finding.expected.get(lang),
        "found": finding.found.get(lang),
        "remedy": finding.remedy.get(lang),
    }


def kilograms(grams: int | None) -> int | None:
    """Grams as whole kilograms, half up."""
    return None if grams is None else (grams + _KG // 2) // _KG


def kilograms_by_class(by_class: Mapping[FuelClass, int] | None) -> dict[str, int] | None:
    """Grams by class as whole kilograms that add up to the whole's."""
    if by_class is None:
        return None
    whole = kilograms(sum(by_class.values()))
    classes = list(FuelClass)
    return dict(zip(map(str, classes), split(whole or 0, [by_class.get(c, 0) for c in classes]), strict=True))


def _lot(lot: LotVerdict, lang: Lang) -> dict[str, Any]:
    return {
        "id": lot.id,
        "declared": lot.declared.value,
        "confirmed": lot.confirmed.value,
        "status": lot.status.value,
        "if_passed": lot.if_passed.value if lot.if_passed is not None else None,
        "evidence": lot.evidence.value,
        "kg_as_received": kilograms(lot.wet_grams),
        "kg_bone_dry": kilograms(lot.dry_grams),
        "kg_bone_dry_by_class": kilograms_by_class(lot.by_class),
        "sources": _sources(lot),
        "rules": {
            "passed": list(lot.passed),
            "fired": list(lot.fired),
            "not_checked": _not_checked(lot.not_checked, lang),
            "not_applicable": list(lot.not_applicable),
        },
        "findings": [finding_data(f, lang) for f in lot.findings],
    }


def _sources(lot: LotVerdict) -> list[dict[str, Any]]:
    known = [grams for _, grams in lot.sources if grams is not None]
    kilos: Sequence[int | None] = [None] * len(lot.sources)
    if known and len(known) == len(lot.sources):
        kilos = split(kilograms(sum(known)) or 0, known)
    return [{"certificate": c, "kg_bone_dry": kg} for (c, _), kg in zip(lot.sources, kilos, strict=True)]


def _not_checked(unchecked: Sequence[Unchecked], lang: Lang) -> list[dict[str, Any]]:
    return [
        {"code": u.code, "record": u.record, "reason": u.reason.get(lang), "decisive": u.decisive} for u in unchecked
    ]
