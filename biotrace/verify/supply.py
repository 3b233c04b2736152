"""Regional supply and demand by class: what was certified where it was felled, and from where plants got their wood.

The audit of 2017 asked the ministries to grasp both by region (its recommendation ①), so that plants are not planned
upon the same wood. Supply is what felling-stage certificates say, by their own day; a flow is (part of) a lot, by the
day it arrived, from the prefecture of its felling place to that of its plant.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from biotrace.model.certificate import Certificate
from biotrace.model.delivery import Delivery
from biotrace.model.fuel_class import FuelClass
from biotrace.model.quantity import PARTS

from .case import Case
from .effect import Effect
from .fold import Judged
from .handled import factors_to_m3
from .movements import parts
from .places import Told, Untold
from .profile import Factor, Profile
from .species import group_of
from .subject import PROVABLE
from .tonnage import bone_dry, solid_volume
from .ways import Way, plant_of, ways_of
from .whereabouts import Felled, Whereabouts

_NO_ORIGIN = (Untold.NOT_STATED, Untold.NO_PAPER, Untold.UNDIVIDED)


@dataclass(frozen=True, slots=True)
class Supplied:
    """What a felling-stage certificate brought in. ``cm3``: solid wood, ``grams``: bone-dry; None: no factor tells.

    ``confirmed``: grams that the rules confirm as the class declared. ``factors``: defaults that both took.
    """

    record: str
    day: date
    fuel_class: FuelClass
    felled: Felled
    cm3: int | None
    grams: int | None
    confirmed: int
    factors: tuple[Factor, ...]


@dataclass(frozen=True, slots=True)
class Flow:
    """One class of a lot, or of the part of it that came from one place. ``grams``: bone-dry; None: no factor tells.

    ``entrance``: the record where that wood enters the chain, None where it cannot be told. All flows of a lot add up
    to its grams.
    """

    lot: str
    day: date
    plant: str
    fuel_class: FuelClass
    origin: Told
    destination: Told
    entrance: str | None
    grams: int | None


def supplied(judged: Iterable[Judged], case: Case, whereabouts: Whereabouts, profile: Profile) -> Iterator[Supplied]:
    """What came in at the source, in order. Void and cancelled certificates, and supplements, brought nothing."""
    for own in judged:
        value = own.entry.value
        if isinstance(value, Certificate) and value.form.is_source and not own.shares and _brought(own, value, case):
            yield _supplied(own, value, whereabouts, profile)


def flows_of(lot: str, judged: Mapping[str, Judged], whereabouts: Whereabouts) -> Iterator[Flow]:
    """Where a lot came from. Raises KeyError where it is not among ``judged``."""
    own = judged[lot]
    classes = _classes(own, judged)
    ways = ways_of(lot, judged, whereabouts)
    told = [way for way in ways if way.grams is not None or own.grams is None]
    for way in told:
        origin = _origin(way, judged, whereabouts)
        yield from _parted(own, way.entrance, way.grams, origin, classes, whereabouts)
    if len(told) < len(ways):
        rest = (own.grams or 0) - sum(way.grams or 0 for way in told)
        yield from _parted(own, None, rest, Told(None, Untold.UNDIVIDED), classes, whereabouts)


def _brought(own: Judged, value: Certificate, case: Case) -> bool:
    void = value.id in case.circular or any(f.effect is Effect.VOID for f in own.entry.findings)
    return not (void or case.ended(value.id) or value.id in case.supplementing)


def _supplied(own: Judged, value: Certificate, whereabouts: Whereabouts, profile: Profile) -> Supplied:
    group = group_of(value.species)
    dry = bone_dry(value.quantity, group, profile)
    proven = 0 if own.incomplete or own.grams is None else own.composition.grams.get(value.fuel_class, 0)
    assumed = dry.assumed if dry is not None else ()
    return Supplied(
        record=value.id,
        day=value.date,
        fuel_class=value.fuel_class,
        felled=whereabouts.felled(value),
        cm3=solid_volume(value.quantity, group, profile),
        grams=own.grams,
        confirmed=proven,
        factors=tuple(dict.fromkeys((*assumed, *factors_to_m3(value.quantity, group, profile)))),
    )


def _classes(own: Judged, judged: Mapping[str, Judged]) -> tuple[tuple[FuelClass, Fraction], ...]:
    """The class declared; of a lot under the single-plant exemption those certified, by their shares."""
    value = own.entry.value
    cited = judged.get(value.certificate or "") if isinstance(value, Delivery) else own
    paper = None if cited is None else cited.entry.value
    if isinstance(paper, Certificate) and paper.mixed is not None and paper.mixed.shares:
        return tuple((share.fuel_class, Fraction(share.parts, PARTS)) for share in paper.mixed.shares)
    return ((own.fuel_class, Fraction(1)),)


def _origin(way: Way, judged: Mapping[str, Judged], whereabouts: Whereabouts) -> Told:
    source = judged.get(way.entrance or "")
    value = None if source is None else source.entry.value
    return whereabouts.felled(value).told if isinstance(value, Certificate) else whereabouts.nowhere


def _parted(
    own: Judged,
    entrance: str | None,
    grams: int | None,
    origin: Told,
    classes: tuple[tuple[FuelClass, Fraction], ...],
    whereabouts: Whereabouts,
) -> Iterator[Flow]:
    plant = plant_of(own)
    asked = Told(None, Untold.NOT_ASKED) if origin.why in _NO_ORIGIN else origin
    of_class = [(c, None) for c, _ in classes] if grams is None else parts(grams, classes)
    for fuel_class, part in of_class:
        yield Flow(
            lot=own.entry.value.id,
            day=own.entry.value.date,
            plant=plant,
            fuel_class=fuel_class,
            origin=origin if fuel_class in PROVABLE else asked,
            destination=whereabouts.party(plant, own.entry.value.date),
            entrance=entrance,
            grams=part,
        )
