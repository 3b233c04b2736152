"""What else can be in a lot: the wood that lay in the seller's yard when it was made, whatever the draws say.

A certificate says by its draws what it was made of. Where wood of several suppliers lies on one heap nobody can tell it
apart, so beside that stand all certificates of which something was left there.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from biotrace.model.certificate import Certificate, Form
from biotrace.model.delivery import Delivery
from biotrace.model.fuel_class import FuelClass
from biotrace.model.quantity import Quantity

from .case import Case, Entry
from .effect import Effect
from .profile import Profile
from .species import group_of
from .tonnage import bone_dry

LYING_DAYS = 366
"""How far back wood is looked for that may lie in a yard: a mill turns its yard over several times a year."""


@dataclass(frozen=True, slots=True)
class Lying:
    """A certificate of which wood lay in the yard, as it says. ``left``: what others had left of it, bone-dry grams.

    None where that cannot be told. ``drawn``: whether the record says that it was made of it.
    """

    certificate: str
    form: Form
    fuel_class: FuelClass
    seller: str
    day: date
    left: int | None
    drawn: bool


@dataclass(frozen=True, slots=True)
class Pool:
    """What lay in the yard of who made ``record`` out: what it draws on, and what of those classes came within
    ``LYING_DAYS`` before. ``site`` empty: none is named.
    """

    record: str
    party: str
    site: str
    lying: tuple[Lying, ...]


def pools(case: Case, party: str, records: Iterable[str], profile: Profile) -> tuple[Pool, ...]:
    """For each of the party's own certificates among ``records`` that draw on others: what it may be made of.

    ``case``: holds what these draw on, the certificates made out to the party within ``LYING_DAYS`` before, and all
    that draws on any of these.
    """
    wanted = frozenset(records)
    by_id = {e.value.id: e for e in case.entries}
    bought: dict[str, Certificate] = {}
    used: dict[str, list[Quantity]] = {}
    found: list[Pool] = []
    for entry in case.entries:
        value = entry.value
        if isinstance(value, Delivery) or not _counts(entry, case):
            continue
        if value.id in wanted and value.draws:
            found.append(_pool(value, party, bought, used, profile))
        for draw in value.draws:
            if draw.certificate in by_id:
                used.setdefault(draw.certificate, []).append(draw.quantity)
        if value.buyer == party:
            bought[value.id] = value
    return tuple(found)


def _counts(entry: Entry, case: Case) -> bool:
    i = entry.value.id
    void = any(f.effect is Effect.VOID for f in entry.findings) or i in case.circular
    return not (void or case.ended(i) or i in case.supplementing)


def _pool(
    record: Certificate,
    party: str,
    bought: dict[str, Certificate],
    used: dict[str, list[Quantity]],
    profile: Profile,
) -> Pool:
    drawn = {draw.certificate for draw in record.draws}
    classes = {bought[i].fuel_class for i in drawn if i in bought} or {record.fuel_class}
    lying = [
        Lying(c.id, c.form, c.fuel_class, c.seller, c.date, left, c.id in drawn)
        for c in bought.values()
        if c.id in drawn or _may_lie_there(record, c, classes)
        if (left := _left(c, used.get(c.id, []), profile)) is None or left > 0 or c.id in drawn
    ]
    return Pool(record.id, party, record.from_site or "", tuple(lying))


def _may_lie_there(record: Certificate, c: Certificate, classes: set[FuelClass]) -> bool:
    """Of the class, come by then and not long before, and in that yard where both papers name one."""
    elsewhere = None not in (record.from_site, c.to_site) and record.from_site != c.to_site
    in_time = timedelta(0) <= record.date - c.date <= timedelta(days=LYING_DAYS)
    return c.fuel_class in classes and in_time and not elsewhere


def _left(c: Certificate, uses: list[Quantity], profile: Profile) -> int | None:
    group = group_of(c.species) if c.species else None
    whole = bone_dry(c.quantity, group, profile)
    if whole is None:
        return None
    share, taken = 0, 0
    for use in uses:
        if use.same_measure(c.quantity):
            share += use.amount  # added up before it is divided: what is drawn on to the last has nothing left
            continue
        dry = bone_dry(use, group, profile)
        if dry is None:
            return None
        taken += dry.grams
    return max(0, whole.grams * (c.quantity.amount - share) // c.quantity.amount - taken)
