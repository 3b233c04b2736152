"""Fellings: the papers under which they are done, and where."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, timedelta

from biotrace.chain.kinds import RecordKind
from biotrace.model.certificate import Form, Origin, Permit
from biotrace.model.document import Document, DocumentKind, FellingFacts, FellingMethod, Period
from biotrace.model.fuel_class import FuelClass
from biotrace.model.place import Concordance, Link, Place

from . import names
from .actors import Actor, Stand
from .statement import Story
from .world import World

Change = Callable[[Document], Document]
"""What is different about a document."""

_M3 = 1_000_000
_DAY = timedelta(1)
_IN_OTHER_NOTATION = 0.02
"""How often a producer writes compartments where the notice has parcels, and a table links them."""


@dataclass(frozen=True, slots=True)
class Under:
    """A way to fell. ``rate``: by volume, in 1/10,000; ``weight``: how often, against the others of its class.

    ``lead``: days from filing to felling; ``per_hectare``: m³ that come off it.
    """

    kind: DocumentKind
    origin: Origin
    fuel_class: FuelClass
    weight: int
    method: FellingMethod | None
    rate: tuple[int, int] | None
    lead: tuple[int, int]
    per_hectare: tuple[int, int]
    form: Form = Form.F1_PRIVATE


_K, _T, _G = DocumentKind, FuelClass.THINNED, FuelClass.GENERAL
_THINNED, _CLEAR, _SELECTED = FellingMethod.THINNING, FellingMethod.CLEAR, FellingMethod.SELECTION
THINNING = Under(_K.FELLING_NOTICE, Origin.THINNING, _T, 38, _THINNED, (2_000, 3_500), (32, 80), (60, 110))
PROTECTED = Under(
    _K.PROTECTION_THINNING_NOTICE, Origin.PROTECTION_FOREST, _T, 16, _THINNED, (2_000, 3_500), (22, 80), (60, 110)
)
SELECTED = Under(
    _K.PROTECTION_SELECTION_NOTICE, Origin.PROTECTION_FOREST, _T, 4, _SELECTED, (2_000, 3_000), (22, 80), (70, 120)
)
PERMITTED = Under(_K.PROTECTION_PERMIT, Origin.PROTECTION_FOREST, _T, 4, _CLEAR, (10_000, 10_000), (40, 90), (280, 420))
PLANNED = Under(_K.MANAGEMENT_PLAN, Origin.MANAGEMENT_PLAN, _T, 24, None, None, (60, 400), (80, 300))
NATIONAL = Under(
    *(_K.NATIONAL_CONTRACT, Origin.NATIONAL_FOREST, _T, 14, None, None, (20, 60), (80, 300)),
    form=Form.F1_NATIONAL,
)
FINAL = Under(
    *(_K.FELLING_NOTICE, Origin.FINAL_FELLING, _G, 90, _CLEAR, (10_000, 10_000), (32, 80), (280, 450)),
    form=Form.F1_1,
)
LEGAL = Under(
    *(_K.LEGALITY_CERTIFICATE, Origin.FINAL_FELLING, _G, 6, None, None, (10, 60), (280, 450)),
    form=Form.F1_1,
)
IMPORTED = Under(
    *(_K.LEGALITY_CERTIFICATE, Origin.IMPORTED, _G, 4, None, None, (30, 90), (280, 450)),
    form=Form.F1_1,
)
_WAYS = (THINNING, PROTECTED, SELECTED, PERMITTED, PLANNED, NATIONAL, FINAL, LEGAL, IMPORTED)
_OF_CLASS = {c: [under for under in _WAYS if under.fuel_class is c] for c in (_T, _G)}
_WEIGHTS = {c: [under.weight for under in ways] for c, ways in _OF_CLASS.items()}
_NAMES_OFFICE = (_K.PROTECTION_PERMIT, _K.PROTECTION_THINNING_NOTICE, _K.PROTECTION_SELECTION_NOTICE)


def same(document: Document) -> Document:
    """No change."""
    return document


def any_way(w: World, fuel_class: FuelClass) -> Under:
    """One of the usual ways to come by wood of that class."""
    return w.rng.choices(_OF_CLASS[fuel_class], _WEIGHTS[fuel_class])[0]


@dataclass(frozen=True, slots=True)
class _Site:
    """What document and certificates have in common."""

    town: Actor
    office: Actor | None
    place: Place
    start: date
    area: int
    volume: int
    species: tuple[str, ...]
    hard: bool


def open_stand(w: World, producer: Actor, under: Under, change: Change = same) -> Story[Stand]:
    """A new felling, and the record of its document, with ``change`` made to it."""
    site = _site(w, under)
    document = change(_document(w, under, producer, site))
    record = yield from w.say(producer, RecordKind.DOCUMENT, f"doc-{w.said}", document)
    places = () if under is IMPORTED else (site.place,)
    if under is PROTECTED and change is same and w.chance(_IN_OTHER_NOTATION):
        compartments = yield from _concordance(w, site.place, site.town)
        places = (replace(site.place, parcels=(), compartments=compartments),)
    permit = None
    if under not in (NATIONAL, IMPORTED):
        permit = Permit(document.accepted, document.issuer, document.number)
    return Stand(
        form=under.form,
        fuel_class=under.fuel_class,
        origin=under.origin,
        documents=(record,),
        places=places,
        permit=permit,
        area=site.area,
        species=site.species,
        hard=site.hard,
        start=site.start,
        until=site.start + 240 * _DAY,
        volume=site.volume,
        left=site.volume * 97 // 100,
        forest_office=None if site.office is None else site.office.id,
        country="CA" if under is IMPORTED else "JP",
    )


def _site(w: World, under: Under) -> _Site:
    rng = w.rng
    volume = rng.randrange(60, 700) * _M3
    hard = under.form is Form.F1_1 and under is not IMPORTED and rng.random() < 0.4
    town = rng.choice(w.people.municipalities)
    return _Site(
        town=town,
        office=rng.choice(w.people.offices) if under is NATIONAL else None,
        place=_compartments(w, town) if under is NATIONAL else parcels(w, town),
        start=w.day - rng.randrange(6, 25) * _DAY,
        area=max(1_000, volume // 100 // rng.randrange(*under.per_hectare)),
        volume=volume,
        species=("ベイマツ",) if under is IMPORTED else rng.choice(names.HARDWOODS if hard else names.SOFTWOODS),
        hard=hard,
    )


def own_stand(w: World, office: Actor) -> Stand:
    """A felling in national forest that the office does itself, without any other paper."""
    start = w.day - w.rng.randrange(6, 25) * _DAY
    volume = w.rng.randrange(60, 200) * _M3
    place = _compartments(w, w.rng.choice(w.people.municipalities))
    return Stand(
        *(NATIONAL.form, NATIONAL.fuel_class, NATIONAL.origin, (), (place,), None),
        area=volume // 100 // w.rng.randrange(*NATIONAL.per_hectare),
        species=w.rng.choice(names.SOFTWOODS),
        hard=False,
        start=start,
        until=start + 240 * _DAY,
        volume=volume,
        left=volume,
        forest_office=office.id,
    )


def _document(w: World, under: Under, producer: Actor, site: _Site) -> Document:
    rng = w.rng
    filed = site.start - rng.randrange(*under.lead) * _DAY
    accepted = min(site.start, filed + rng.randrange(1, 14) * _DAY)
    issuer = f"{site.town.name}長"
    if under.kind in _NAMES_OFFICE:
        issuer = "北信林業事務所"
    elif site.office is not None:
        issuer = site.office.name
    dated = under.kind in (_K.MANAGEMENT_PLAN, _K.NATIONAL_CONTRACT)
    bare = under.kind is _K.LEGALITY_CERTIFICATE
    facts = FellingFacts(
        method=under.method,
        rate=None if under.rate is None else rng.randrange(under.rate[0], under.rate[1] + 1, 100),
        age=rng.randrange(30, 75),
        area=site.area,
        volume=site.volume,
        species=site.species,
        start=None if dated else site.start,
        until=None if dated else site.start + 330 * _DAY,
        canopy_closed_before=True if under.method is _THINNED else None,
        closes_again_in_years=rng.randrange(3, 6) if under.method is _THINNED else None,
    )
    return Document(
        id="",
        kind=under.kind,
        number=f"{names.in_era(filed.year)}-{w.next_number('document')}",
        filed=filed,
        accepted=accepted,
        issuer="木材合法性認定協会" if bare else issuer,
        forest_office=None if site.office is None else site.office.id,
        applicant=producer.name,
        locations=() if bare else (site.place,),
        felling=None if bare else facts,
        valid=Period(accepted, accepted + 5 * 365 * _DAY) if dated else None,
        remains_forest=None if bare or under.form is Form.F1_1 else True,
    )


def no_waste(w: World, by: Actor, town: Actor) -> Story[str]:
    """A town's written view that prunings are no waste, as ``by`` copied it."""
    view = Document(
        id="",
        kind=_K.MUNICIPAL_OPINION,
        number=f"{names.in_era(w.day.year)}-{w.next_number('document')}",
        accepted=w.day - w.rng.randrange(5, 300) * _DAY,
        issuer=town.id,
    )
    return (yield from w.say(by, RecordKind.DOCUMENT, f"doc-{w.said}", view))


def parcel(w: World) -> str:
    """A parcel number."""
    number = w.rng.randrange(1, 3_000)
    return f"{number}-{w.rng.randrange(1, 30)}" if w.chance(0.7) else str(number)


def parcels(w: World, town: Actor) -> Place:
    """A piece of land in the town, by its parcels."""
    found = tuple(dict.fromkeys(parcel(w) for _ in range(w.rng.randrange(2, 6))))
    return Place(names.PREFECTURE, town.name, w.rng.choice(names.OAZA), w.rng.choice(names.AZA), found)


def _compartments(w: World, town: Actor) -> Place:
    number = w.rng.randrange(1, 200)
    found = (f"{number}{w.rng.choice(names.LETTERS)}-{n}" for n in range(1, w.rng.randrange(2, 5)))
    return Place(names.PREFECTURE, town.name, compartments=tuple(found))


_FULL_WIDTH = str.maketrans("0123456789", "０１２３４５６７８９")


def as_written(w: World, place: Place) -> Place:
    """The place, or some of its parcels, as another hand writes it."""
    some = place.parcels[: w.rng.randrange(1, len(place.parcels) + 1)] if place.parcels else ()
    style = w.rng.randrange(4)
    if style == 1:
        some = tuple(text.replace("-", "番地の") for text in some)
    elif style == 2:
        some = tuple(text.translate(_FULL_WIDTH).replace("-", "－") for text in some)
    compartments = place.compartments
    if style == 3:
        compartments = tuple(_spelt_out(text) for text in compartments)
    return replace(place, parcels=some, compartments=compartments)


def _spelt_out(compartment: str) -> str:
    """12い-3 as 12林班い小班3."""
    head, _, last = compartment.partition("-")
    return f"{head[:-1]}林班{head[-1]}小班{last}"


def _concordance(w: World, place: Place, vouching: Actor) -> Story[tuple[str, ...]]:
    """A table of compartments that hold the parcels of a place; the compartments, one for each parcel."""
    number = w.next_number("compartment")
    compartments = tuple(f"{number}{letter}-1" for letter in names.LETTERS[: len(place.parcels)])
    table = Concordance(
        id="",
        vouched_by=vouching.id,
        date=w.day,
        pairs=tuple(Link(c, (p,)) for c, p in zip(compartments, place.parcels, strict=True)),
        prefecture=place.prefecture,
        municipality=place.municipality,
        oaza=place.oaza,
        aza=place.aza,
    )
    yield from w.say(vouching, RecordKind.CONCORDANCE, f"concordance-{w.said}", table)
    return compartments
