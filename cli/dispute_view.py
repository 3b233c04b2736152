"""What a receiver of a report on a dispute is shown beside the verdict: the yen, and what others are told of a lot."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from biotrace.model.fuel_class import FuelClass
from biotrace.services.report_overpayment import both_ways
from biotrace.verify.overpayment import Overpayment
from biotrace.verify.trace_back import Back
from biotrace.verify.verdict import LotVerdict, Status
from biotrace.verify.verdict_json import kilograms, kilograms_by_class

from .console import Console
from .verdict_view import class_name, outcome_word


def show_yen(c: Console, found: Overpayment) -> None:
    """That the yen are those of the report, and the figure."""
    c.say(c.t("金額は報告のとおりです", "the yen are as the report says"))
    c.say("  " + c.t("過払いの試算: ", "overpaid (estimate): ") + both_ways(found.today).get(c.lang))
    if found.has_open:
        passed = c.t("検査できなかったことがすべて通れば: ", "if all that could not be checked passed: ")
        c.say("  " + passed + both_ways(found.if_passed).get(c.lang))


def how_it_differs(c: Console, own: Back, other: Back) -> Iterator[str]:
    """In what ``other`` tells something else of the same lot than ``own``: class, outcome, rules, weight, origins."""
    one, two = own.lot, other.lot
    if one.confirmed is not two.confirmed:
        yield f"{class_name(one.confirmed, c.lang)} → {class_name(two.confirmed, c.lang)}"
    if (one.status is Status.INCOMPLETE) != (two.status is Status.INCOMPLETE):
        yield c.t("判定", "outcome") + f" {_outcome(c, one)} → {_outcome(c, two)}"
    if _found(one) != _found(two):
        before, after = _codes(c, one), _codes(c, two)
        yield c.t("指摘", "findings") + f" {before} → {after}"
        if before == after:
            yield c.t("指摘のある記録が違う", "on other records")
    if _weight(c, one) != _weight(c, two):
        yield f"{_weight(c, one)} → {_weight(c, two)}"
    elif (one.dry_grams, one.by_class) != (two.dry_grams, two.by_class) and one.confirmed is two.confirmed:
        yield c.t("重さが1 kg未満違う", "a weight differs by less than 1 kg")
    if (own.missing, _origins(own)) != (other.missing, _origins(other)):
        yield c.t("もとの重さが違う", "weights by origin differ")


def told_data(lot: LotVerdict) -> dict[str, Any]:
    """The same for programs: what the others are told of the lot."""
    return {
        "id": lot.id,
        "confirmed": lot.confirmed.value,
        "status": lot.status.value,
        "kg_bone_dry": kilograms(lot.dry_grams),
        "kg_bone_dry_by_class": kilograms_by_class(lot.by_class),
        "findings": [list(pair) for pair in sorted(_found(lot))],
    }


def _outcome(c: Console, lot: LotVerdict) -> str:
    """In a word, with the rules that could not be run where these keep it from being complete."""
    unrun = sorted({u.code for u in lot.not_checked if u.decisive}) if lot.status is Status.INCOMPLETE else []
    return " ".join([outcome_word(lot, c), *unrun])


def _found(lot: LotVerdict) -> set[tuple[str, str]]:
    return {(f.code, f.record) for f in lot.findings if not f.is_notice}


def _codes(c: Console, lot: LotVerdict) -> str:
    return " ".join(sorted({code for code, _ in _found(lot)})) or c.t("なし", "none")


def _origins(back: Back) -> list[tuple[str, int | None]]:
    return sorted((o.certificate.id, o.grams) for o in back.origins)


def _weight(c: Console, lot: LotVerdict) -> str:
    kilos = kilograms(lot.dry_grams)
    if kilos is None:
        return c.t("全乾重量不明", "bone-dry weight unknown")
    parts = [(FuelClass(name), kg) for name, kg in (kilograms_by_class(lot.by_class) or {}).items() if kg]
    split = c.t("、", ", ").join(f"{class_name(k, c.lang)} {kg:,} kg" for k, kg in parts) if len(parts) > 1 else ""
    return c.t(f"全乾 {kilos:,} kg", f"{kilos:,} kg bone-dry") + (f" ({split})" if split else "")
