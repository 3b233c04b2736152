"""What a judged record is worth as a lot: the class it is paid as, and what of it was proven."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from biotrace.model.certificate import Certificate
from biotrace.model.fuel_class import FuelClass
from biotrace.model.labels import label
from biotrace.model.text import Text

from .case import Case
from .fold import Judged
from .rule import Finding, Fired, Rule, Unchecked, finding_of
from .rules.p508_draws_on_withdrawn import RULE as P508
from .tonnage import Composition


@dataclass(frozen=True, slots=True)
class Outcome:
    """A lot's class. ``composition``: what its grams are, if what was not checked passed.

    ``incomplete``: a proof rule could not be run, so nothing is confirmed. ``findings`` and ``unchecked``: what is to
    be said of the lot beside what its records say. ``by_class``: bone-dry grams; None where unknown.
    """

    confirmed: FuelClass
    incomplete: bool
    composition: Composition
    by_class: Mapping[FuelClass, int] | None
    findings: tuple[Finding, ...]
    unchecked: tuple[Unchecked, ...]


def outcome_of(own: Judged, case: Case, rules: Sequence[Rule]) -> Outcome:
    """What a record is worth as a lot, all that it rests on having been judged before it."""
    ended, held = _withdrawn_itself(own, case) if P508 in rules else ((), ())
    incomplete = (own.incomplete or bool(held)) and _needs_proof(own)
    composition = own.composition.capped(FuelClass.CONSTRUCTION_WASTE) if ended else own.composition
    return Outcome(
        confirmed=FuelClass.CONSTRUCTION_WASTE if incomplete else composition.lowest,
        incomplete=incomplete,
        composition=composition,
        by_class=_by_class(own, composition, incomplete),
        findings=ended,
        unchecked=held,
    )


def _needs_proof(own: Judged) -> bool:
    """Whether something else than construction waste is claimed: by the class, or by a share under the exemption."""
    shares = own.composition.grams.items()
    claimed = (own.fuel_class, *(c for c, grams in shares if grams))
    return any(c is not FuelClass.CONSTRUCTION_WASTE for c in claimed)


def _by_class(own: Judged, composition: Composition, incomplete: bool) -> Mapping[FuelClass, int] | None:
    if own.grams is None:
        return None
    if incomplete:
        return {c: own.grams if c is FuelClass.CONSTRUCTION_WASTE else 0 for c in FuelClass}
    return {c: composition.grams.get(c, 0) for c in FuelClass}


def _withdrawn_itself(own: Judged, case: Case) -> tuple[tuple[Finding, ...], tuple[Unchecked, ...]]:
    """What is to be said of a lot that is a certificate, and itself cancelled, replaced or on hold now.

    No rule speaks of it: P508 and P511 are about what draws on such a certificate, and here nothing has yet. But a
    verdict on it tells what a delivery under it would be worth. If it has ended, that is P508's. On hold it is open,
    so P508 is "not checked", with the class that a release would leave as ``if_passed``.
    """
    value = own.entry.value
    placed = case.withdrawn(value.id) if isinstance(value, Certificate) else None
    if placed is None or not _needs_proof(own) or own.fuel_class is FuelClass.GENERAL_WASTE:
        return (), ()
    correction = placed.correction
    said = Text(f"{correction.date} {label(correction.action).ja}", f"{label(correction.action).en}, {correction.date}")
    if correction.reason:
        said += Text(f"（{correction.reason}）", f" ({correction.reason})")
    if not case.ended(value.id):
        return (), (Unchecked(P508.code, value.id, said + _UNTIL_RELEASED, True),)
    return (finding_of(P508, value.id, Fired(said, message=_ENDED)),), ()


_UNTIL_RELEASED = Text("。解除されるまで決まらない", ": open until released")
_ENDED = Text("この証明書は取り消し・差替え済み", "this certificate has been cancelled or replaced")
