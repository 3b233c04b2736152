"""What arrived, against what the certificate says of it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction

from biotrace.model.certificate import Certificate
from biotrace.model.delivery import Delivery
from biotrace.model.quantity import Quantity
from biotrace.model.text import Text, same
from biotrace.verify.profile import RINYA_2012
from biotrace.verify.species import group_of
from biotrace.verify.tonnage import bone_dry


@dataclass(frozen=True, slots=True)
class Arrival:
    """What was seen at the gate. None: as on the certificate; ``yard``: where it was put, in part."""

    day: date
    measured: Quantity | None = None
    moisture: int | None = None
    time: str | None = None
    vehicle: str | None = None
    yard: str | None = None


def delivery_of(arrival: Arrival, certificate: Certificate, at: str) -> Delivery:
    """The delivery, without an id, of what arrived under a certificate."""
    measured = arrival.measured or certificate.quantity
    if arrival.moisture is not None:
        measured = replace(measured, moisture=arrival.moisture)
    return Delivery(
        id="",
        at=at,
        date=arrival.day,
        quantity=measured,
        time=arrival.time,
        sender=certificate.seller,
        certificate=certificate.id,
        goods=certificate.goods,
        vehicle=arrival.vehicle or certificate.vehicle,
    )


def difference(certificate: Certificate, delivery: Delivery, before: Iterable[Delivery]) -> Text | None:
    """That certified and measured differ by more than is usual, with all that arrived on the certificate before.

    In one measure as written, else bone-dry at default factors. None within the tolerance, and where no factor tells.
    """
    arrived = [*before, delivery]
    certified = certificate.quantity
    if all(d.quantity.same_measure(certified) and not _at_other_moisture(certified, d.quantity) for d in arrived):
        total = sum(d.quantity.amount for d in arrived)
        return _told(certified.amount, total, same(certified), same(replace(certified, amount=total)), len(arrived))
    group = group_of(certificate.species)
    dry = [bone_dry(quantity, group, RINYA_2012) for quantity in (certified, *(d.quantity for d in arrived))]
    grams = [d.grams for d in dry if d is not None]
    if len(grams) < len(dry):
        return None
    return _told(grams[0], sum(grams[1:]), _tonnes(grams[0]), _tonnes(sum(grams[1:])), len(arrived))


def _told(whole: int, total: int, certified: Text, measured: Text, times: int) -> Text | None:
    share = Fraction(total - whole, whole) if whole else Fraction(0)
    if abs(share) <= RINYA_2012.delivery_tolerance:
        return None
    several = same("") if times == 1 else Text(f"（{times} 回の計）", f" (in {times} arrivals)")
    pair = Text(f"証明 {certified.ja}、計量 {measured.ja}", f"certified {certified.en}, measured {measured.en}")
    return Text("量が違います: ", "the weight differs: ") + pair + several + same(f"  {float(share) * 100:+.1f}%")


def _tonnes(grams: int) -> Text:
    return Text(f"{grams / 10**6:,.3f} t（全乾）", f"{grams / 10**6:,.3f} bone-dry t")


def _at_other_moisture(certified: Quantity, measured: Quantity) -> bool:
    return measured.moisture is not None and measured.moisture != certified.moisture
