"""What a record takes in: shares by bone-dry grams, overdrawn certificates, and the balance of in and out."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import lru_cache

from biotrace.model.certificate import Certificate, Form, Goods, Process
from biotrace.model.quantity import PARTS, Quantity
from biotrace.model.text import Text, same

from .origins import RESIDUES
from .subject import PROVABLE, Closed, Intake, Subject, with_moisture_of
from .tonnage import added, bone_dry, exact_bone_dry, least_bone_dry, most_bone_dry

_RESIDUES = (Goods.OFFCUTS, Goods.SAWDUST, Goods.BARK)


def as_drawn(intake: Intake) -> Quantity:
    """The quantity taken, with the moisture of the certificate it was taken from where it states none."""
    quantity, source = intake.quantity, intake.source
    return quantity if source is None else with_moisture_of(quantity, source.quantity)


@lru_cache(maxsize=4)
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
    if s.certificate is None or is_residue(s.certificate) or s.exempt_mixture or s.fuel_class not in PROVABLE:
        return False
    declared = {i.source.fuel_class for i in s.intakes if i.source is not None}
    return declared.issuperset(PROVABLE)


@dataclass(frozen=True, slots=True)
class Overdrawn:
    """A certificate used beyond its quantity. ``total``: used so far, in base units; ``share`` of this record."""

    source: Closed
    total: int
    share: Fraction


def overdrawn(s: Subject) -> Iterator[Overdrawn]:
    """The certificates that this record takes more from than is left (Q601)."""
    tolerance = 1 + s.profile.delivery_tolerance if s.delivery is not None else 1
    here: dict[str, int] = {}
    for position, intake in enumerate(s.intakes):
        source = intake.source
        if source is not None and source.supplement:
            yield Overdrawn(source, intake.quantity.amount, _share_of(s, position))
            continue
        if source is None or not intake.quantity.same_measure(source.quantity):
            continue
        before = source.used + here.get(source.certificate, 0)
        total = before + intake.quantity.amount
        here[source.certificate] = total - source.used
        covered = source.quantity.amount
        if total <= covered or total <= covered * tolerance:
            continue
        excess = total - max(covered, before)
        yield Overdrawn(source, total, Fraction(excess, intake.quantity.amount) * _share_of(s, position))


def _share_of(s: Subject, position: int) -> Fraction:
    """The share of the record that one of its intakes makes; all of it where that cannot be told."""
    parts = weights(s)
    whole = sum(parts) if parts else 0
    return Fraction(parts[position], whole) if parts and whole else Fraction(1)


def count_uses(s: Subject) -> None:
    """Count what a record takes from the certificates it draws on (a valid use, as ``is_valid_use`` says)."""
    for intake in s.intakes:
        source = intake.source
        if source is None:
            continue
        if intake.quantity.same_measure(source.quantity):
            source.used += intake.quantity.amount
        else:
            source.used_otherwise += math.floor(least_bone_dry(intake.quantity, source.group, s.profile) or 0)


def left_at_best(s: Subject, source: Closed) -> Fraction:
    """The most bone-dry grams that earlier uses can have left of a certificate."""
    if source.supplement:
        return Fraction(0)
    taken = Fraction(source.used_otherwise)
    if source.used:
        taken += least_bone_dry(replace(source.quantity, amount=source.used), source.group, s.profile) or 0
    return max(Fraction(0), most_bone_dry(source.quantity, source.group, s.profile) - taken)


@dataclass(frozen=True, slots=True)
class Balance:
    """What went out against the most that can have come in, in millionths of what ``unit`` names."""

    out: Fraction
    into: Fraction
    unit: Text
    excess: Fraction


# Q602 and Q603 both ask.
@lru_cache(maxsize=4)
def balance(s: Subject) -> Balance | None:
    """Out against in at the most favourable factors (Q602); None where no factor tells how little went out.

    Of a lot under the exemption only what is certified as more than waste needs certificates to cover it.
    """
    share, intakes = _to_cover(s)
    out, taken = s.quantity, [as_drawn(i) for i in intakes]
    untouched = s.certificate is not None and s.certificate.process is Process.TRADING
    no_moisture = out.unit.is_mass and out.moisture is None
    like_with_like = all(q.same_measure(out) for q in taken) and not any(map(_is_bounded, intakes))
    if like_with_like and (untouched or not out.unit.is_mass or no_moisture):
        unit = same("t" if out.unit.is_mass else out.unit.sign)
        return _balance(s, _part(Fraction(out.amount), share), Fraction(sum(q.amount for q in taken)), unit)
    least = least_bone_dry(out, s.group, s.profile)
    if least is None:
        return None
    return _balance(s, _part(least, share), _most_taken(s, intakes), Text("t (全乾)", "bone-dry t"))


def yield_of(s: Subject) -> Fraction | None:
    """Bone-dry tonnes out per tonne in, at default factors (Q603); None where there is no factor for some of it."""
    share, intakes = _to_cover(s)
    out = exact_bone_dry(s.quantity, s.group, s.profile)
    into = [exact_bone_dry(as_drawn(i), i.source.group if i.source else None, s.profile) for i in intakes]
    known = [grams for grams in into if grams is not None]
    if out is None or len(known) < len(into) or not (total := added(known)):
        return None
    return _part(out, share) / total


def _part(amount: Fraction, share: Fraction) -> Fraction:
    """That share of it: all, but under the exemption."""
    return amount if share == 1 else amount * share


def in_other_measure(intake: Intake) -> bool:
    """Whether a use is in another unit than the certificate's own, so that Q601 does not count it."""
    return intake.source is not None and not intake.quantity.same_measure(intake.source.quantity)


def _is_bounded(intake: Intake) -> bool:
    """Whether the certificate is, or was, used in another unit, or is drawn on as drier than it says."""
    if intake.source is None:
        return False
    drawn, certified = intake.quantity.moisture, intake.source.quantity.moisture
    drier = drawn is not None and certified is not None and drawn < certified
    return drier or in_other_measure(intake) or bool(intake.source.used_otherwise)


def _to_cover(s: Subject) -> tuple[Fraction, tuple[Intake, ...]]:
    """The share of what goes out that has to have come in with certificates, and the intakes that count for it."""
    mixed = s.certificate.mixed if s.certificate is not None else None
    if mixed is None:
        return Fraction(1), s.intakes
    certified = sum(share.parts for share in mixed.shares if share.fuel_class in PROVABLE)
    good = (i for i in s.intakes if i.source is None or i.source.mixed or i.source.fuel_class in PROVABLE)
    return Fraction(certified, PARTS), tuple(good)


def _most_taken(s: Subject, intakes: tuple[Intake, ...]) -> Fraction:
    """The most that came in, as stated; where Q601 does not count every use, no more than can be left at best."""
    taken: list[Fraction] = []
    left: dict[str, Fraction] = {}
    for intake in intakes:
        source = intake.source
        most = most_bone_dry(as_drawn(intake), source.group if source is not None else None, s.profile)
        if source is not None and _is_bounded(intake):
            room = left.get(source.certificate, left_at_best(s, source))
            most = min(most, room)
            left[source.certificate] = room - most
        taken.append(most)
    return added(taken)


def _balance(s: Subject, out: Fraction, into: Fraction, unit: Text) -> Balance:
    if out <= into or out <= into * (1 + s.profile.balance_tolerance):
        return Balance(out, into, unit, Fraction(0))
    share, _ = _to_cover(s)
    return Balance(out, into, unit, (out - into) / out * share)
