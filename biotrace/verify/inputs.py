"""What a record takes in: shares by bone-dry grams, overdrawn certificates, and the balance of in and out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from fractions import Fraction

from biotrace.model.certificate import Certificate, Form, Goods, Process
from biotrace.model.fuel_class import FuelClass
from biotrace.model.quantity import Quantity
from biotrace.model.text import Text, same

from .origins import RESIDUES
from .subject import Closed, Intake, Subject
from .tonnage import bone_dry, most_bone_dry

_PROVABLE = (FuelClass.THINNED, FuelClass.GENERAL)
_RESIDUES = (Goods.OFFCUTS, Goods.SAWDUST, Goods.BARK)


def as_drawn(intake: Intake) -> Quantity:
    """The quantity taken, with the moisture of the certificate it was taken from where it states none."""
    quantity, source = intake.quantity, intake.source
    if source is None or quantity.moisture is not None or not quantity.same_measure(source.quantity):
        return quantity
    return replace(quantity, moisture=source.quantity.moisture)


def weights(s: Subject) -> tuple[int, ...] | None:
    """Weights of the intakes: bone-dry grams, or plain amounts where all are in one measure.

    None where neither is to be had, so that shares cannot be told.
    """
    dry = [bone_dry(as_drawn(i), i.source.group if i.source is not None else None, s.profile) for i in s.intakes]
    grams = [d.grams for d in dry if d is not None]
    if len(grams) == len(dry):
        return tuple(grams)
    first = s.intakes[0].quantity
    if all(i.quantity.same_measure(first) for i in s.intakes):
        return tuple(i.quantity.amount for i in s.intakes)
    return None


def is_residue(certificate: Certificate) -> bool:
    """Sawmill residues, by form, goods or the kind named."""
    named = any(origin in RESIDUES for origin in certificate.origins)
    return certificate.form is Form.F2_3 or certificate.goods in _RESIDUES or named


def declares_several(s: Subject) -> bool:
    """Whether one class is declared over inputs declared thinned and general (G701); residues may come from both."""
    if s.certificate is None or is_residue(s.certificate) or s.exempt_mixture or s.fuel_class not in _PROVABLE:
        return False
    declared = {i.source.fuel_class for i in s.intakes if i.source is not None}
    return declared.issuperset(_PROVABLE)


@dataclass(frozen=True, slots=True)
class Overdrawn:
    """A certificate used beyond its quantity. ``total``: used so far, in base units; ``share`` of this record."""

    source: Closed
    total: int
    share: Fraction


def overdrawn(s: Subject) -> Iterator[Overdrawn]:
    """The certificates that this record takes more from than is left (Q601)."""
    parts = weights(s)
    whole = sum(parts) if parts else 0
    tolerance = 1 + (s.profile.delivery_tolerance if s.delivery is not None else Fraction(0))
    here: dict[str, int] = {}
    for position, intake in enumerate(s.intakes):
        source = intake.source
        if source is None or not intake.quantity.same_measure(source.quantity):
            continue
        before = source.used + here.get(source.certificate, 0)
        total = before + intake.quantity.amount
        here[source.certificate] = total - source.used
        covered = 0 if source.supplement else source.quantity.amount
        if total <= covered * tolerance:
            continue
        excess = total - max(covered, before)
        of_record = Fraction(parts[position], whole) if parts and whole else Fraction(1)
        yield Overdrawn(source, total, Fraction(excess, intake.quantity.amount) * of_record)


@dataclass(frozen=True, slots=True)
class Balance:
    """What went out against the most that can have come in, in millionths of what ``unit`` names."""

    out: Fraction
    into: Fraction
    unit: Text
    excess: Fraction


def balance(s: Subject) -> Balance | None:
    """Out against in at the most favourable factors (Q602); None where moisture or a factor is lacking."""
    out, taken = s.quantity, [as_drawn(i) for i in s.intakes]
    untouched = s.certificate is not None and s.certificate.process is Process.TRADING
    no_moisture = out.unit.is_mass and out.moisture is None
    if all(q.same_measure(out) for q in taken) and (untouched or not out.unit.is_mass or no_moisture):
        unit = same("t" if out.unit.is_mass else out.unit.sign)
        return _balance(s, Fraction(out.amount), sum((Fraction(q.amount) for q in taken), Fraction(0)), unit)
    if no_moisture:
        return None
    least = bone_dry(out, s.group, s.profile) if out.unit.is_mass else None
    most = [
        most_bone_dry(q, i.source.group if i.source is not None else None, s.profile)
        for q, i in zip(taken, s.intakes, strict=True)
    ]
    known = [m for m in most if m is not None]
    if least is None or len(known) < len(most):
        return None
    return _balance(s, Fraction(least.grams), sum(known, Fraction(0)), Text("t (全乾)", "bone-dry t"))


def _balance(s: Subject, out: Fraction, into: Fraction, unit: Text) -> Balance:
    over = out > into * (1 + s.profile.balance_tolerance)
    return Balance(out, into, unit, (out - into) / out if over else Fraction(0))
