"""What a rule sees: one record, its papers, and the closed facts of what it draws on.

Rules see earlier records only through ``Closed``, a small fixed-size entry, so that the same rule code serves
a lot of twenty records and a log of millions.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date

from biotrace.model.certificate import Certificate, Form, Goods
from biotrace.model.delivery import Delivery
from biotrace.model.document import Document
from biotrace.model.fuel_class import FuelClass
from biotrace.model.party import Party, Role
from biotrace.model.place import Place
from biotrace.model.quantity import Quantity

from .case import Case, Entry, SiteKey
from .document_identity import Identity, PaperKey
from .document_room import Room
from .lazy import lazy
from .profile import Profile
from .protection import ProtectedPlaces
from .species import WoodGroup, group_of
from .stock_book import Account, Ground, PlantBook
from .tonnage import Composition, Dry, bone_dry

PROVABLE = (FuelClass.THINNED, FuelClass.GENERAL)
"""Classes that the guideline wants proven."""


@dataclass(slots=True)
class Closed:
    """What later records may still ask about a certificate that has been judged.

    ``mixed``: the plant that a lot under the exemption is for. ``one_load``: a paper for one vehicle's load. ``used``:
    base units taken by valid uses so far; ``used_otherwise``: the least bone-dry grams that those in another unit took,
    and what those at another moisture took more, or less, than their share. ``most``: the most bone-dry grams that it
    can hold, by its own quantity and by what came in; ``covered``: what of its quantity came in, in base units, where
    it was made of the same measure (all of it elsewhere). What a finding leaves unproven is in both.
    ``composition``: what it was confirmed as. ``flawed``: a finding worse than a notice stands on it, or on what it
    rests on. ``arrived``: the site where a plant's stock counts it as arrived, until a delivery of it does.
    """

    certificate: str
    form: Form
    fuel_class: FuelClass
    date: date
    seller: str
    buyer: str | None
    quantity: Quantity
    goods: Goods | None
    group: WoodGroup | None
    mixed: str | None
    one_load: bool
    supplement: bool
    composition: Composition
    incomplete: bool
    flawed: bool
    as_shown: bool
    most: int
    covered: int
    used: int = 0
    used_otherwise: int = 0
    arrived: str | None = None


@dataclass(slots=True)
class Paper:
    """What certificates put on one document, in cm³ of roundwood.

    ``volume``: what it allows, None where no copy states it. ``least`` and ``usual``: what certificates took that cite
    it alone, at the least and by default factors. ``rooms``: the same once others cite it with other documents, see
    ``document_use.COUNTS``.
    """

    volume: int | None = None
    least: int = 0
    usual: int = 0
    rooms: tuple[Room, ...] = ()


@dataclass(slots=True)
class DocumentPool:
    """Documents that certificates cite together, and what valid certificates put on them in all, in cm³.

    ``allowed``: the sum of the volumes stated. ``stated``: what was certified in m³; ``least`` and ``usual``: what was
    certified in other units, at the least and by default factors.
    """

    papers: dict[PaperKey, Paper] = field(default_factory=dict)
    allowed: int = 0
    stated: int = 0
    least: int = 0
    usual: int = 0


@dataclass(slots=True)
class State:
    """What the fold carries from record to record.

    ``copies``: the facts of documents cited so far (see ``document_identity.digest``); ``traits``: by what may show
    another to be the same paper, the first that had it (``document_twins``); ``protected``: protection forests that
    such documents show. ``accounts``: by party, yard and class; ``grounds``: by yard.
    """

    closed: dict[str, Closed] = field(default_factory=dict)
    documents: dict[PaperKey, DocumentPool] = field(default_factory=dict)
    copies: dict[Identity, bytes] = field(default_factory=dict)
    traits: dict[int, Identity] = field(default_factory=dict)
    protected: ProtectedPlaces = field(default_factory=dict)
    accounts: dict[tuple[str, str, FuelClass], Account] = field(default_factory=dict)
    grounds: dict[SiteKey, Ground] = field(default_factory=dict)
    plants: dict[str, PlantBook] = field(default_factory=dict)


def with_moisture_of(quantity: Quantity, source: Quantity) -> Quantity:
    """The quantity, with the moisture of what it was taken from where it states none itself."""
    if quantity.moisture is not None or source.moisture is None or not quantity.same_measure(source):
        return quantity
    return Quantity(quantity.amount, quantity.unit, source.moisture)


@dataclass(frozen=True, slots=True)
class Intake:
    """Wood that a record takes from a certificate. ``source`` None: that certificate comes later, or is not at hand."""

    certificate: str
    quantity: Quantity
    source: Closed | None


@dataclass(frozen=True, eq=False, init=False)
class Subject:
    """One certificate or delivery under judgement. ``stands``: whether a supplement proves anything by itself."""

    entry: Entry
    case: Case
    state: State
    profile: Profile
    stands: Callable[[Entry], bool]

    certificate: Certificate | None
    """The record, when it is a certificate."""
    delivery: Delivery | None
    """The record, when it is a delivery."""
    id: str
    """The record's id."""

    def __init__(
        self, entry: Entry, case: Case, state: State, profile: Profile, stands: Callable[[Entry], bool]
    ) -> None:
        # Rules ask for these a hundred times per record: plain attributes, no properties.
        value = entry.value
        certificate, delivery = (value, None) if isinstance(value, Certificate) else (None, value)
        self.__dict__.update(entry=entry, case=case, state=state, profile=profile, stands=stands)
        self.__dict__.update(certificate=certificate, delivery=delivery, id=value.id)

    @property
    def date(self) -> date:
        """The record's own date."""
        return self.entry.value.date

    @lazy
    def intakes(self) -> tuple[Intake, ...]:
        """The draws of a certificate, or the one certificate that a delivery cites."""
        if self.certificate is not None:
            taken = [(draw.certificate, draw.quantity) for draw in self.certificate.draws]
        else:
            delivery = self._delivery
            taken = [] if delivery.certificate is None else [(delivery.certificate, delivery.quantity)]
        if not taken:
            return ()
        closed = self.state.closed
        return tuple([Intake(certificate, quantity, closed.get(certificate)) for certificate, quantity in taken])

    @lazy
    def sources(self) -> tuple[Closed, ...]:
        """The certificates that it takes wood from, of those that are at hand, draw by draw."""
        return tuple([i.source for i in self.intakes if i.source is not None])

    @lazy
    def finds_source(self) -> bool:
        """Whether any certificate that it takes wood from is at hand."""
        return bool(self.sources)

    @lazy
    def source(self) -> Closed | None:
        """The certificate that a delivery came with."""
        return self.intakes[0].source if self.delivery is not None and self.intakes else None

    @lazy
    def fuel_class(self) -> FuelClass:
        """The class declared. A delivery's is its certificate's; with neither, nothing is claimed."""
        if self.certificate is not None:
            return self.certificate.fuel_class
        if self._delivery.fuel_class is not None:
            return self._delivery.fuel_class
        if self.source is not None:
            return self.source.fuel_class
        cited = self.case.by_id.get(self._delivery.certificate) if self._delivery.certificate is not None else None
        return cited.fuel_class if cited is not None else FuelClass.CONSTRUCTION_WASTE

    @lazy
    def needs_proof(self) -> bool:
        """Whether a class is claimed that the guideline wants proven. Under the exemption every share counts."""
        if self.fuel_class in PROVABLE or (self.source is not None and self.source.mixed is not None):
            return True
        mixed = self.certificate.mixed if self.certificate is not None else None
        return mixed is not None and any(share.fuel_class in PROVABLE for share in mixed.shares)

    @lazy
    def seller(self) -> str | None:
        """Party id of who sold the wood."""
        return self.certificate.seller if self.certificate is not None else self._delivery.sender

    @lazy
    def goods(self) -> Goods | None:
        """What was handed over; a delivery's goods default to its certificate's."""
        if self.certificate is not None:
            return self.certificate.goods
        return self._delivery.goods or (self.source.goods if self.source is not None else None)

    @lazy
    def quantity(self) -> Quantity:
        """The quantity; a delivery's moisture defaults to its certificate's."""
        own, source = self.entry.value.quantity, self.source
        return own if source is None else with_moisture_of(own, source.quantity)

    @lazy
    def group(self) -> WoodGroup | None:
        """Softwood or hardwood, where the paper says; a processed lot's may follow from what it draws on."""
        if self.certificate is not None and self.certificate.species:
            return group_of(self.certificate.species)
        groups = {i.source.group if i.source is not None else None for i in self.intakes}
        return groups.pop() if len(groups) == 1 else None

    @lazy
    def dry(self) -> Dry | None:
        """Bone-dry grams of the record."""
        return bone_dry(self.quantity, self.group, self.profile)

    @lazy
    def issuer(self) -> Party | None:
        """The party that issued the certificate."""
        return self.case.parties.get(self.certificate.issuer) if self.certificate is not None else None

    @lazy
    def supplements(self) -> tuple[Certificate, ...]:
        """Certificates that supplement this one: their places and documents count too."""
        found = () if self.certificate is None else self.case.supplements(self.certificate)
        values = (entry.value for entry in found if self.stands(entry))
        return tuple(value for value in values if isinstance(value, Certificate))

    @lazy
    def is_supplement(self) -> bool:
        """Whether the certificate only supplements another."""
        return self.id in self.case.supplementing

    @lazy
    def places(self) -> tuple[Place, ...]:
        """Felling places on the certificate and its supplements."""
        if self.certificate is not None and not self.supplements:
            return self.certificate.locations
        return tuple(place for c in self._papers for place in c.locations)

    @lazy
    def documents(self) -> tuple[Document, ...]:
        """Supporting documents cited by the certificate and its supplements that are at hand."""
        ids = dict.fromkeys([i for c in self._papers for i in c.documents])
        return tuple([self.case.documents[i] for i in ids if i in self.case.documents]) if ids else ()

    @lazy
    def exempt_mixture(self) -> bool:
        """Whether the single-plant exemption is claimed (G3(3)②)."""
        return self.certificate is not None and self.certificate.mixed is not None

    @lazy
    def at_plant(self) -> bool:
        """Whether a delivery arrived at a power plant."""
        party = self.case.parties.get(self._delivery.at) if self.delivery is not None else None
        return party is not None and Role.PLANT in party.roles

    def name(self, party: str | None) -> str:
        """A party's name, or its id where it is not known."""
        if party is None:
            return "—"
        known = self.case.parties.get(party)
        return known.name if known is not None else party

    def label(self, certificate: str) -> str:
        """How a certificate is called in a sentence: its number and id, where it has a number."""
        known = self.case.by_id.get(certificate)
        return f"{known.number} ({certificate[:12]})" if known is not None and known.number else certificate[:12]

    @property
    def _delivery(self) -> Delivery:
        assert isinstance(self.entry.value, Delivery)
        return self.entry.value

    @property
    def _papers(self) -> tuple[Certificate, ...]:
        return () if self.certificate is None else (self.certificate, *self.supplements)
