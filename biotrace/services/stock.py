"""What a party has received and not yet passed on, and drawing on it, first in, first out."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction

from biotrace.model.certificate import Certificate, Draw, Process
from biotrace.model.fuel_class import FuelClass
from biotrace.model.quantity import PARTS, Quantity
from biotrace.model.text import Text, join, same
from biotrace.verify.case import Case
from biotrace.verify.fold import Folded
from biotrace.verify.profile import RINYA_2012
from biotrace.verify.species import group_of
from biotrace.verify.subject import Closed
from biotrace.verify.tonnage import bone_dry

_FACTORS = (
    RINYA_2012.m3_per_bone_dry_t_softwood.value,
    RINYA_2012.m3_per_bone_dry_t_hardwood.value,
    RINYA_2012.loose_m3_per_m3.value,
)
_REFERENCE = math.lcm(*(factor.numerator for factor in _FACTORS)) ** 2 * PARTS
"""Base units by which factors are compared: as many as each of them turns into whole grams, so nothing is rounded."""


@dataclass(frozen=True, slots=True)
class Received:
    """A certificate made out to the party, with something left. ``left``: base units of its own unit.

    ``barred``: why nothing can be drawn on it now; None where something can.
    """

    closed: Closed
    species: tuple[str, ...]
    left: int
    barred: Text | None

    @property
    def quantity_left(self) -> Quantity:
        """What is left, in the certificate's own unit."""
        return replace(self.closed.quantity, amount=self.left)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to be covered by draws. ``species`` empty: those of whatever is drawn on."""

    quantity: Quantity
    fuel_class: FuelClass
    process: Process
    species: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Drawn:
    """Draws, oldest certificate first. ``covered``: base units of the wanted quantity that they bring in."""

    draws: tuple[Draw, ...]
    covered: int


def received(folded: Folded, case: Case, party: str, day: date) -> list[Received]:
    """All that the party received and has left, oldest first, and whether it can be drawn on for a paper of ``day``."""
    faults = _faults(folded)
    unclear = set(_used_in_other_units(case))
    stock = []
    for closed in folded.state.closed.values():
        left = closed.quantity.amount - closed.used
        if closed.buyer == party and left > 0:
            barred = next(_obstacles(closed, faults[closed.certificate], case, day, unclear), None)
            stock.append(Received(closed, case.by_id[closed.certificate].species, left, barred))
    return sorted(stock, key=lambda r: r.closed.date)


def first_in_first_out(stock: Sequence[Received], wanted: Wanted) -> Drawn:
    """Draws on the class wanted, from the oldest certificate on, until the quantity is covered or nothing is left.

    Amounts are exact and rounded up once per draw, by less than one base unit; no draw exceeds what is left.
    """
    missing = Fraction(1)  # as a share of the quantity wanted
    draws = []
    for held in stock:
        whole = needed(held, wanted) if unfit(held, wanted) is None else None
        if whole is None or missing <= 0:
            continue
        taken = min(held.left, math.ceil(missing * whole))
        draws.append(Draw(held.closed.certificate, Quantity(taken, held.closed.quantity.unit)))
        missing -= taken / whole
    amount = wanted.quantity.amount
    return Drawn(tuple(draws), amount - max(0, math.ceil(missing * amount)))


def unfit(held: Received, wanted: Wanted) -> Text | None:
    """Why the certificate cannot serve what is wanted, or None where it can."""
    if held.closed.fuel_class is not wanted.fuel_class:
        return Text("区分が違う: ", "of another class: ") + held.closed.fuel_class.label
    if held.barred is not None:
        return held.barred
    if wanted.species and held.species and not set(wanted.species) & set(held.species):
        return Text("樹種が違う: ", "of other species: ") + same("、".join(held.species))
    if needed(held, wanted) is None:
        unit = f"{held.closed.quantity.unit.sign} → {wanted.quantity.unit.sign}"
        return Text(f"換算係数がない（{unit}）。--from で量を指定する", f"no factor for {unit}: name it with --from")
    return None


def needed(held: Received, wanted: Wanted) -> Fraction | None:
    """Base units of this certificate that the whole quantity would take; None where no factor tells.

    In one measure amounts compare as they are, as Q602 does; otherwise bone-dry at the profile's default factors.
    """
    out, source = wanted.quantity, held.closed.quantity
    as_is = not out.unit.is_mass or out.moisture is None or wanted.process is Process.TRADING
    if as_is and out.same_measure(source):
        return Fraction(out.amount)
    group = group_of(wanted.species) or held.closed.group
    goes_out = bone_dry(replace(out, amount=_REFERENCE), group, RINYA_2012)
    comes_in = bone_dry(replace(source, amount=_REFERENCE), held.closed.group, RINYA_2012)
    if goes_out is None or comes_in is None or not comes_in.grams:
        return None
    return Fraction(out.amount * goes_out.grams, comes_in.grams)


@dataclass(frozen=True, slots=True)
class _Faults:
    """Codes worse than a notice, and of proof rules not run, on a record and all that it rests on."""

    found: tuple[str, ...]
    unrun: tuple[str, ...]


def _faults(folded: Folded) -> dict[str, _Faults]:
    """The faults of every record, in one pass: what a record rests on comes before it."""
    faults: dict[str, _Faults] = {}
    for record, judged in folded.judged.items():
        below = [faults[source] for source, _ in judged.shares if source in faults]
        found = [code for f in below for code in f.found]
        unrun = [code for f in below for code in f.unrun]
        found += [f.code for f in judged.findings if not f.is_notice]
        unrun += [u.code for u in judged.unchecked if u.decisive]
        faults[record] = _Faults(tuple(dict.fromkeys(found)), tuple(dict.fromkeys(unrun)))
    return faults


def _obstacles(closed: Closed, faults: _Faults, case: Case, day: date, unclear: set[str]) -> Iterator[Text]:
    if closed.date > day:
        yield Text(f"{closed.date} 付で、証明日 {day} より後", f"dated {closed.date}, after the day of issue {day}")
    if case.withdrawn(closed.certificate) is not None:
        yield Text("取消・差替え・保留されている", "cancelled, replaced or on hold")
    unconfirmed = closed.incomplete or closed.composition.lowest is not closed.fuel_class
    if faults.found or unconfirmed:
        found, unrun = (" ".join(codes) for codes in (faults.found, faults.unrun))
        parts = [Text(f"指摘 {found}", f"findings {found}")] if found else []
        parts += [Text(f"未検査 {unrun}", f"not checked {unrun}")] if unrun else []
        yield Text("確認できない: ", "not confirmed: ") + join(parts)
    if closed.certificate in unclear:
        yield Text(
            "ほかの単位で引き当てた記録があり、残りが分からない", "drawn on in another unit, so what is left is unknown"
        )


def _used_in_other_units(case: Case) -> Iterator[str]:
    """Certificates with a draw that is not in their own measure: Q601 does not count it."""
    known = case.by_id
    for entry in case.entries:
        for draw in entry.value.draws if isinstance(entry.value, Certificate) else ():
            source = known.get(draw.certificate)
            if source is not None and not draw.quantity.same_measure(source.quantity):
                yield draw.certificate
