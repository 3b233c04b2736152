"""What a judged record is worth as a lot: the class it is paid as, and what of it was proven."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from biotrace.model.certificate import Certificate
from biotrace.model.fuel_class import FuelClass
from biotrace.model.labels import label
from biotrace.model.text import Text

from .case import Case, Placed
from .fold import Judged
from .rule import Finding, Fired, Rule, Unchecked, finding_of
from .rules.p508_draws_on_withdrawn import RULE as P508
from .tonnage import Composition


@dataclass(frozen=True, slots=True)
class Outcome:
    """A lot's class. ``composition``: what its grams are, if what was not checked passed.

    ``grams``: bone-dry, of all of it; None where unknown. ``incomplete``: a proof rule could not be run, so nothing is
    confirmed. ``findings`` and ``unchecked``: what is to be said of the lot beside what its records say.
    """

    confirmed: FuelClass
    incomplete: bool
    grams: int | None
    composition: Composition
    findings: tuple[Finding, ...]
    unchecked: tuple[Unchecked, ...]

    @property
    def by_class(self) -> Mapping[FuelClass, int] | None:
        """Bone-dry grams by confirmed class; None where unknown."""
        if self.grams is None:
            return None
        held = {FuelClass.CONSTRUCTION_WASTE: self.grams} if self.incomplete else self.composition.grams
        return {c: held.get(c, 0) for c in FuelClass}


def outcome_of(own: Judged, case: Case, rules: Sequence[Rule]) -> Outcome:
    """What a record is worth as a lot, all that it rests on having been judged before it."""
    placed = case.withdrawn(own.entry.value.id)
    ended, held = ((), ()) if placed is None else _withdrawn_itself(own, placed, case, rules)
    incomplete = (own.incomplete or bool(held)) and _needs_proof(own)
    composition = own.composition.capped(FuelClass.CONSTRUCTION_WASTE) if ended else own.composition
    return Outcome(
        confirmed=FuelClass.CONSTRUCTION_WASTE if incomplete else composition.lowest,
        incomplete=incomplete,
        grams=own.grams,
        composition=composition,
        findings=ended,
        unchecked=held,
    )


def _needs_proof(own: Judged) -> bool:
    """Whether something else than construction waste is claimed: by the class, or by a share under the exemption."""
    claimed = (own.fuel_class, *[c for c, grams in own.composition.parts if grams])
    return any(c is not FuelClass.CONSTRUCTION_WASTE for c in claimed)


def _withdrawn_itself(
    own: Judged, placed: Placed, case: Case, rules: Sequence[Rule]
) -> tuple[tuple[Finding, ...], tuple[Unchecked, ...]]:
    """What is to be said of a lot that is a certificate, and itself cancelled, replaced or on hold now.

    No rule speaks of it: P508 and P511 are about what draws on such a certificate, and here nothing has yet. But a
    verdict on it tells what a delivery under it would be worth. If it has ended, that is P508's. On hold it is open,
    so P508 is "not checked", with the class that a release would leave as ``if_passed``. ``placed``: what stands.
    """
    value = own.entry.value
    if not isinstance(value, Certificate) or P508 not in rules:
        return (), ()
    if not _needs_proof(own) or own.fuel_class is FuelClass.GENERAL_WASTE:
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
