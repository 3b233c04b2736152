"""What a record takes in: shares by bone-dry grams, overdrawn certificates, and the balance of in and out."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import lru_cache

from biotrace.model.certificate import Certificate, Form, Goods, Process
from biotrace.model.quantity import PARTS, Quantity
from biotrace.model.text import Text, same

from .document_use import most_allowed
from .origins import RESIDUES
from .profile import Profile
from .species import WoodGroup, group_of
from .subject import PROVABLE, Closed, Intake, Subject, with_moisture_of
from .tonnage import added, bone_dry, exact_bone_dry, least_bone_dry, most_bone_dry, most_grams

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
        return _no_more_than_is_there(s, grams)
    first = s.intakes[0].quantity
    if all(i.quantity.same_measure(first) for i in s.intakes):
        return tuple(i.quantity.amount for i in s.intakes)
    return None


def _no_more_than_is_there(s: Subject, grams: Sequence[int]) -> tuple[int, ...]:
    """What is said to be taken, but of each certificate no more than that much of it holds, or others have left."""
    held_at_most = [_at_most(i, g) for i, g in zip(s.intakes, grams, strict=True)]
    if any(map(_is_bounded, s.intakes)):
        room = _Room(s, s.intakes)
        held_at_most = [math.floor(room.taken(i, Fraction(g))) for i, g in zip(s.intakes, held_at_most, strict=True)]
    return tuple(held_at_most if any(held_at_most) else grams)


def _at_most(intake: Intake, grams: int) -> int:
    source = intake.source
    if source is None or source.supplement or in_other_measure(intake) or at_other_moisture(intake):
        return grams
    return min(grams, -(-source.most * intake.quantity.amount // source.quantity.amount))


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
    for intake, more in zip(s.intakes, _needed_besides(s), strict=True):
        source = intake.source
        if source is None:
            continue
        source.used_otherwise += more
        if not intake.quantity.same_measure(source.quantity):
            source.used_otherwise += math.floor(least_bone_dry(intake.quantity, source.group, s.profile))
            continue
        if at_other_moisture(intake):
            share = math.ceil(share_held(source, intake.quantity.amount))
            source.used_otherwise += math.floor(least_taken(intake, s.profile)) - share
        source.used += intake.quantity.amount


def _needed_besides(s: Subject) -> list[int]:
    """For each intake, bone-dry grams that it must have taken above the least that it can be.

    What went out was in what came in. A draw that leaves it open how much it took did take what no other can have
    brought, and its part of what went out. This goes by the record alone: a check of one lot does not know what its
    other sources hold.
    """
    more = [0] * len(s.intakes)
    is_open = [in_other_measure(i) or at_other_moisture(i) for i in s.intakes]
    if s.certificate is None or not any(is_open):
        return more
    group = group_of(s.certificate.species) if s.certificate.species else None
    out, mixed = _least_out(s, group), s.certificate.mixed
    if mixed is not None:
        out *= Fraction(sum(share.parts for share in mixed.shares if share.fuel_class in PROVABLE), PARTS)
    drawn: dict[str, Fraction] = {}
    for intake in s.intakes:
        at_most = most_bone_dry(intake.quantity, None, s.profile)
        drawn[intake.certificate] = drawn.get(intake.certificate, Fraction(0)) + at_most
    whole = added([*drawn.values()])
    for position, intake in enumerate(s.intakes):
        source, here = intake.source, drawn.pop(intake.certificate, None)
        if not is_open[position] or source is None or not here:
            continue
        needed = max(out - (whole - here), out * here / whole)
        those = [i for i in s.intakes if i.certificate == intake.certificate]
        least = added([_counted(i, s.profile) for i in those])
        most = min(added([_most_of(i, s.profile) for i in those]), left_at_best(s, source))
        more[position] = max(0, math.floor(min(needed, most) - least))
    return more


def _counted(intake: Intake, profile: Profile) -> Fraction:
    """What a use is counted for, by what it states itself."""
    source = intake.source
    if source is None or in_other_measure(intake) or at_other_moisture(intake):
        return least_taken(intake, profile)
    return share_held(source, intake.quantity.amount)


def _least_out(s: Subject, group: WoodGroup | None) -> Fraction:
    """The least bone-dry grams that went out. A moisture measured anew may be too low."""
    out = s.quantity
    if _is_untouched(s) and out.moisture is not None:
        out = replace(out, moisture=min(PARTS, out.moisture + s.profile.moisture_tolerance))
    return least_bone_dry(out, group, s.profile)


def at_other_moisture(intake: Intake) -> bool:
    """Whether a weight is stated at another moisture than the certificate's."""
    source, stated = intake.source, intake.quantity.moisture
    if source is None or stated is None or not source.quantity.unit.is_mass:
        return False
    return stated != source.quantity.moisture


def least_taken(intake: Intake, profile: Profile) -> Fraction:
    """The least bone-dry grams that a use can have taken.

    A moisture measured anew may be so many points (``moisture_tolerance``) too low.
    """
    quantity, source = as_drawn(intake), intake.source
    if source is None:
        return least_bone_dry(quantity, None, profile)
    if quantity.moisture is not None and source.quantity.moisture is not None and at_other_moisture(intake):
        wetter = min(quantity.moisture + profile.moisture_tolerance, source.quantity.moisture)
        quantity = replace(quantity, moisture=max(quantity.moisture, wetter))
    return least_bone_dry(quantity, source.group, profile)


def share_held(source: Closed, amount: int) -> Fraction:
    """The most bone-dry grams in so much of a certificate, in its own base units."""
    return Fraction(source.most * amount, source.quantity.amount)


def most_delivered(intake: Intake) -> int:
    """The most bone-dry grams that a delivery can bring: its share of what the certificate holds, or all of that.

    ``intake`` has a source.
    """
    source = intake.source
    assert source is not None
    by_share = not (in_other_measure(intake) or at_other_moisture(intake))
    return math.ceil(share_held(source, intake.quantity.amount)) if by_share else source.most


def taken_at_least(source: Closed) -> Fraction:
    """Bone-dry grams that earlier uses took: their share in its own measure, and what others must have taken."""
    return share_held(source, source.used) + source.used_otherwise


def left_at_best(s: Subject, source: Closed) -> Fraction:
    """The most bone-dry grams that earlier uses can have left of a certificate."""
    if source.supplement:
        return Fraction(0)
    exact = most_bone_dry(source.quantity, source.group, s.profile)  # ``most`` is rounded up
    return max(Fraction(0), min(exact, Fraction(source.most)) - taken_at_least(source))


def held(s: Subject) -> tuple[int, int]:
    """The most bone-dry grams that a certificate can hold, and what of its quantity came in: see ``Closed``.

    No more than came in, however often it was certified since, or than may be felled on its documents. What Q602
    leaves unproven of it comes on top of that: nobody after has to answer for it again.
    """
    stated, amount = most_grams(s.quantity, s.group, s.profile), s.quantity.amount
    share, intakes = _to_cover(s)
    if not s.intakes:
        allowed = most_allowed(s)
        return stated if allowed is None else min(stated, allowed), amount
    if not share:
        return stated, amount
    found = balance(s)
    proven = share - found.excess
    if not proven:
        return stated, amount
    most = min(stated, math.ceil(_whole(_most_taken(s), proven)))
    if not _is_like_with_like(s, intakes):
        return most, amount
    return most, min(amount, math.floor(_whole(_covered(intakes), proven)))


def _whole(part: Fraction, share: Fraction) -> Fraction:
    """What that is the share of."""
    return part if share == 1 else part / share


@dataclass(frozen=True, slots=True)
class Balance:
    """What went out against the most that can have come in, in millionths of what ``unit`` names."""

    out: Fraction
    into: Fraction
    unit: Text
    excess: Fraction


# Q602 and Q603 both ask, and ``held`` does.
@lru_cache(maxsize=4)
def balance(s: Subject) -> Balance:
    """Out against in at the most favourable factors (Q602).

    Like with like as written, and bone-dry where that can tell more; where both find too much, what finds more of it.
    Of a lot under the exemption only what is certified as more than waste needs certificates to cover it.
    """
    share, intakes = _to_cover(s)
    out, as_written = s.quantity, None
    if _is_like_with_like(s, intakes):
        unit = same("t" if out.unit.is_mass else out.unit.sign)
        amount = _part(Fraction(out.amount), share)
        as_written = _balance(s, amount, amount, _covered(intakes), unit)
        weighed = out.unit.is_mass and out.moisture is not None
        if not (weighed or any(map(_is_bounded, intakes))):
            return as_written
    stated = least_bone_dry(out, s.group, s.profile)
    least = _least_out(s, s.group)
    dry = Text("t (全乾)", "bone-dry t")
    dried = _balance(s, _part(stated, share), _part(least, share), _most_taken(s), dry)
    return dried if as_written is None or dried.excess > as_written.excess else as_written


def _is_untouched(s: Subject) -> bool:
    return s.certificate is not None and s.certificate.process is Process.TRADING


def _is_like_with_like(s: Subject, intakes: tuple[Intake, ...]) -> bool:
    """Whether what goes out can be compared with the draws as both are written.

    Not what was processed by weight, for wood dries, unless nobody says how far.
    """
    out = s.quantity
    if out.unit.is_mass and out.moisture is not None and not _is_untouched(s):
        return False
    return all(i.quantity.same_measure(out) for i in intakes)


def _covered(intakes: tuple[Intake, ...]) -> Fraction:
    """What is drawn as written, of each certificate by the share of it that came in."""
    return added([_covered_of(i) for i in intakes])


def _covered_of(intake: Intake) -> Fraction:
    amount, source = intake.quantity.amount, intake.source
    if source is None or in_other_measure(intake) or source.covered == source.quantity.amount:
        return Fraction(amount)
    return Fraction(amount * source.covered, source.quantity.amount)


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
    """Whether the certificate is, or was, used in another unit or at another moisture than it states."""
    if intake.source is None:
        return False
    return bool(intake.source.used_otherwise) or in_other_measure(intake) or at_other_moisture(intake)


def _to_cover(s: Subject) -> tuple[Fraction, tuple[Intake, ...]]:
    """The share of what goes out that has to have come in with certificates, and the intakes that count for it."""
    mixed = s.certificate.mixed if s.certificate is not None else None
    if mixed is None:
        return Fraction(1), s.intakes
    certified = sum(share.parts for share in mixed.shares if share.fuel_class in PROVABLE)
    good = (i for i in s.intakes if i.source is None or i.source.mixed or i.source.fuel_class in PROVABLE)
    return Fraction(certified, PARTS), tuple(good)


class _Room:
    """What a record can take of each certificate that is not used by its own measure: what is left, draw by draw."""

    def __init__(self, s: Subject, intakes: Sequence[Intake]) -> None:
        sources = (i.source for i in intakes if _is_bounded(i))
        self._left = {source.certificate: left_at_best(s, source) for source in sources if source is not None}

    def taken(self, intake: Intake, grams: Fraction) -> Fraction:
        """``grams``, but no more than is left for this draw."""
        if intake.certificate not in self._left:
            return grams
        taken = min(grams, self._left[intake.certificate])
        self._left[intake.certificate] -= taken
        return taken


@lru_cache(maxsize=4)
def _most_taken(s: Subject) -> Fraction:
    """The most bone-dry grams that came in, as stated, but of no certificate more than its share of what that holds.

    Where Q601 does not count every use, no more than can be left at best.
    """
    _, intakes = _to_cover(s)
    most = [_most_of(i, s.profile) for i in intakes]
    if any(map(_is_bounded, intakes)):
        room = _Room(s, intakes)
        most = [room.taken(i, grams) for i, grams in zip(intakes, most, strict=True)]
    return added(most)


def _most_of(intake: Intake, profile: Profile) -> Fraction:
    source = intake.source
    most = most_bone_dry(as_drawn(intake), source.group if source is not None else None, profile)
    if source is None or source.supplement or in_other_measure(intake) or at_other_moisture(intake):
        return most
    amount = intake.quantity.amount
    # In whole numbers, for it is asked of every draw; seldom is the certificate known to hold less than it says.
    if most.numerator * source.quantity.amount <= source.most * amount * most.denominator:
        return most
    return share_held(source, amount)


def _balance(s: Subject, stated: Fraction, least: Fraction, into: Fraction, unit: Text) -> Balance:
    """``least``: the least that ``stated`` can be. What lies above counts from what was stated."""
    if stated <= into or least <= into * (1 + s.profile.balance_tolerance):
        return Balance(stated, into, unit, Fraction(0))
    share, _ = _to_cover(s)
    return Balance(stated, into, unit, (stated - into) / stated * share)
