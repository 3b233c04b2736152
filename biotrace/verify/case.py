"""The material a verdict is made from: entries in order, and the papers that rules look things up in."""

from __future__ import annotations

from bisect import bisect_left
from calendar import monthrange
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from enum import StrEnum
from functools import cached_property
from typing import Any

import networkx as nx

from biotrace.model.casebook import Casebook
from biotrace.model.certificate import Certificate
from biotrace.model.correction import Action, Correction
from biotrace.model.delivery import Delivery
from biotrace.model.document import Document
from biotrace.model.fuel_class import FuelClass
from biotrace.model.party import Party, Role
from biotrace.model.place import Concordance
from biotrace.model.private import PrivateField
from biotrace.model.stock import Consumption, Plan, Site, StockEntry, StockKind

from .document_identity import PaperKey, number_key
from .kept import NO_PAPERS, KeptPapers
from .places import NO_TABLE, Ground, Links, Municipalities, Named, Remembered
from .protection import ProtectedPlaces, protected_by
from .rule import Finding

_MOST_PLACES = 50_000
"""Places of papers that a case remembers."""
ENDINGS = (Action.CANCEL, Action.REPLACE)
"""Corrections after which a certificate, and its use of others, no longer counts."""


class Evidence(StrEnum):
    """Who vouches for an entry: its issuer's signature, whoever copied the paper, or nobody."""

    SIGNED = "signed"
    TRANSCRIBED = "transcribed"
    UNSIGNED = "unsigned"


@dataclass(frozen=True, slots=True)
class Placed:
    """A correction and its place in the order. ``signer``: party id of who says so; empty in a casebook."""

    order: int
    correction: Correction
    signer: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """A certificate or delivery in its place. ``findings``: what was already wrong with its bytes (S family).

    ``logged``: the day (Asia/Tokyo) on which the log took it; None where there is no log: a casebook, a QR code alone.
    ``signer``: party id of who signed it, also in a transcription; empty where nobody did. ``opened``: its private
    fields whose value is at hand.
    """

    order: int
    value: Certificate | Delivery
    evidence: Evidence
    findings: tuple[Finding, ...] = ()
    logged: date | None = None
    signer: str = ""
    opened: frozenset[PrivateField] = frozenset()


Booking = StockEntry | Consumption | Plan
"""A line in the books of a yard or plant."""


@dataclass(frozen=True, slots=True)
class Booked:
    """A booking in its place. ``party``: whose yard or plant it is about. The others as in ``Entry``.

    Who may speak of it has been looked at: what others say of a yard is no booking.
    """

    order: int
    id: str
    value: Booking
    party: str
    evidence: Evidence
    findings: tuple[Finding, ...] = ()
    logged: date | None = None

    @property
    def day(self) -> date:
        """What it is as of: the month's last day for what was burned, the first of the fiscal year for a plan."""
        return booked_on(self.value)[0]


SiteKey = tuple[str, str]
"""A party and its own name of a yard: two parties may both call theirs 土場1."""


@dataclass(frozen=True, slots=True)
class Count:
    """What was counted of a class in a yard on one day, line by line: ``id`` is the first of them.

    ``since``: the first day on which what happens is not in it. An opening stock is of a day's beginning, a stocktake
    of its end.
    """

    since: date
    day: date
    opening: bool
    fuel_class: FuelClass
    id: str
    lines: tuple[StockEntry, ...]


@dataclass(frozen=True)
class Case:
    """Entries in order, and everything that rules look up. ``today`` is the day the verdict is for.

    ``integrity_checked``: the entries were read from signed bytes, and what was wrong with those is in their findings.
    ``shown_only``: ids of records of other logs of which it is not known that nothing touching them was left out;
    ``accredited_as_shown``: parties whose accreditation is such a record. ``kept``: what is
    known of papers kept, deleted and asked for. ``certificates``: every certificate by id, where ``entries`` does not
    hold them all: a log is folded as it is read, and finds earlier ones again in its store; ``ahead``: then, by id,
    the entries in order that supplement others, wherever they stand. ``held_numbers``: what
    ``holders`` gives, where the parties are too many to go through. ``municipalities``: names that changed; without
    the table names of places are compared as text.
    """

    entries: tuple[Entry, ...]
    today: date
    parties: Mapping[str, Party] = field(default_factory=dict)
    documents: Mapping[str, Document] = field(default_factory=dict)
    concordances: tuple[Concordance, ...] = ()
    trusted_bodies: frozenset[str] | None = None
    corrections: Mapping[str, tuple[Placed, ...]] = field(default_factory=dict)
    integrity_checked: bool = False
    shown_only: frozenset[str] = frozenset()
    accredited_as_shown: frozenset[str] = frozenset()
    kept: KeptPapers = NO_PAPERS
    certificates: Mapping[str, Certificate] | None = None
    ahead: Mapping[str, Entry] | None = None
    held_numbers: Mapping[str, tuple[str, ...]] | None = None
    sites: Mapping[SiteKey, Site] = field(default_factory=dict)
    bookings: tuple[Booked, ...] = ()
    municipalities: Municipalities = NO_TABLE

    @cached_property
    def identities(self) -> dict[str, tuple[PaperKey, bytes, tuple[int, ...]]]:
        """What has been worked out so far of documents, by id: key, facts (``document_identity``) and traits."""
        return {}

    @cached_property
    def shown(self) -> Remembered[str, tuple[Named, Ground]]:
        """What some documents name, by id, as ``facts`` has read it: many certificates cite the same one."""
        return Remembered(_MOST_PLACES)

    @cached_property
    def compared(self) -> Remembered[tuple[object, ...], Any]:
        """How places of certificates stand to those of documents, where there are many (``facts.compared``)."""
        return Remembered(_MOST_PLACES)

    @cached_property
    def links(self) -> Links:
        """The concordances, read once."""
        return Links(self.concordances, self.municipalities)

    @cached_property
    def by_id(self) -> Mapping[str, Certificate]:
        """Every certificate by id."""
        if self.certificates is not None:
            return self.certificates
        return {e.value.id: e.value for e in self.entries if isinstance(e.value, Certificate)}

    @cached_property
    def holders(self) -> Mapping[str, tuple[str, ...]]:
        """By accreditation number, ready to compare: the names of the parties that hold or held it."""
        if self.held_numbers is not None:
            return self.held_numbers
        found: dict[str, dict[str, str]] = {}
        for party in self.parties.values():
            for held in party.accreditations:
                if held.number is not None:
                    found.setdefault(number_key(held.number), {})[party.id] = party.name
        return {number: tuple(names.values()) for number, names in found.items()}

    @cached_property
    def yards(self) -> Mapping[str, tuple[str, ...]]:
        """The yards of each party that has any."""
        found: dict[str, tuple[str, ...]] = {}
        for party, site in self.sites:
            found[party] = (*found.get(party, ()), site)
        return found

    @cached_property
    def plants(self) -> frozenset[str]:
        """The power plants."""
        burning = (b.party for b in self.bookings if isinstance(b.value, Consumption))
        return frozenset((*burning, *(p.id for p in self.parties.values() if Role.PLANT in p.roles)))

    @cached_property
    def counts(self) -> Mapping[SiteKey, tuple[Count, ...]]:
        """Opening stocks and stocktakes of each yard, by date. Where the first is an opening stock, its book begins."""
        found: dict[SiteKey, dict[tuple[date, StockKind, FuelClass], Count]] = {}
        for booked in self.bookings:
            entry = booked.value
            if not isinstance(entry, StockEntry) or entry.kind is StockKind.WITHDRAWAL:
                continue
            opening = entry.kind is StockKind.OPENING
            since = entry.date if opening or entry.date == date.max else entry.date + timedelta(days=1)
            new = Count(since, entry.date, opening, entry.fuel_class, booked.id, ())
            of_yard = found.setdefault((booked.party, entry.site), {})
            count = of_yard.setdefault((entry.date, entry.kind, entry.fuel_class), new)
            of_yard[entry.date, entry.kind, entry.fuel_class] = replace(count, lines=(*count.lines, entry))
        return {key: tuple(sorted(of.values(), key=lambda c: (c.since, c.day))) for key, of in found.items()}

    @cached_property
    def circular(self) -> frozenset[str]:
        """Certificates that are, directly or not, their own source: only a casebook can say so (P510)."""
        if self.integrity_checked:
            return frozenset()
        graph: nx.DiGraph[str] = nx.DiGraph(
            (e.value.id, d.certificate) for e in self.entries if isinstance(e.value, Certificate) for d in e.value.draws
        )
        loops = (part for part in nx.strongly_connected_components(graph) if len(part) > 1)
        alone = (node for node in graph if graph.has_edge(node, node))
        return frozenset(node for part in loops for node in part) | frozenset(alone)

    @cached_property
    def protected(self) -> ProtectedPlaces:
        """Protection forests by all papers of a casebook. In a log only by those cited so far: see ``State`` (H318)."""
        return {} if self.integrity_checked else protected_by(self.documents.values())

    @cached_property
    def supplementing(self) -> frozenset[str]:
        """Certificates that supplement others: they bring no wood of their own."""
        every = (placed.correction for corrections in self.corrections.values() for placed in corrections)
        said = (c for c in every if c.action is Action.SUPPLEMENT and c.by is not None)
        named = ((self.by_id.get(c.certificate), self.by_id.get(c.by)) for c in said if c.by)
        return frozenset(by.id for c, by in named if c and by and by.id != c.id and by.issuer == c.issuer)

    def supplements(self, certificate: Certificate) -> tuple[Entry, ...]:
        """What stands as a supplement of a certificate: by the same issuer, not withdrawn itself, and not void."""
        placed = self.corrections.get(certificate.id, ())
        named = (p.correction.by for p in placed if p.correction.action is Action.SUPPLEMENT)
        found = (self._supplementing.get(by) for by in named if by is not None and by != certificate.id)
        return tuple(
            e
            for e in found
            if e is not None
            and isinstance(e.value, Certificate)
            and e.value.issuer == certificate.issuer
            and self.withdrawn(e.value.id) is None
            and all(finding.is_notice for finding in e.findings)
        )

    @cached_property
    def _supplementing(self) -> Mapping[str, Entry]:
        """The entries that supplement others, by id."""
        if self.ahead is not None:
            return self.ahead
        return {e.value.id: e for e in self.entries if e.value.id in self.supplementing}

    def withdrawn(self, certificate: str, before: int | None = None) -> Placed | None:
        """The correction that cancels, replaces or holds the certificate, if one stands now, or stood at a place.

        A release ends the holds of who signs it, never a cancellation; in a casebook, which names no signers, all.
        """
        if certificate not in self.corrections:
            return None
        if certificate not in self._standing:
            self._standing[certificate] = _standing_after(self.corrections[certificate])
        orders, standing = self._standing[certificate]
        return standing[len(orders) if before is None else bisect_left(orders, before)]

    @cached_property
    def _standing(self) -> dict[str, tuple[list[int], list[Placed | None]]]:
        """Of the certificates asked for, what stood before the first correction and after each of them."""
        return {}

    def ended(self, certificate: str) -> bool:
        """Whether the certificate stands cancelled or replaced. On hold it is not: it may be released."""
        now = self.withdrawn(certificate)
        return now is not None and now.correction.action in ENDINGS


def _standing_after(corrections: Sequence[Placed]) -> tuple[list[int], list[Placed | None]]:
    """The places of a certificate's corrections, and what stands before the first and after each of them."""
    standing: list[Placed | None] = [None]
    ended: Placed | None = None
    holds: list[Placed] = []
    for placed in corrections:
        action = placed.correction.action
        if ended is None and action in ENDINGS:
            ended = placed
        elif action is Action.HOLD:
            holds.append(placed)
        elif action is Action.RELEASE:
            holds = [hold for hold in holds if hold.signer != placed.signer]
        standing.append(ended or (holds[0] if holds else None))
    return [placed.order for placed in corrections], standing


def case_of_casebook(
    book: Casebook,
    as_of: date | None = None,
    trusted_bodies: frozenset[str] | None = None,
    municipalities: Municipalities = NO_TABLE,
) -> Case:
    """A casebook as a case: entries dated up to ``as_of``, ordered by date, then kind, then place in the file.

    Without ``as_of`` the whole file counts and its latest date is "today". ``trusted_bodies`` take the place of
    those that the file names.
    """
    booked: tuple[Booking, ...] = (*book.stock, *book.consumption, *book.plans)
    dated: list[tuple[date, int, int, Certificate | Delivery | Correction | Booking]] = [
        *((c.date, 1, i, c) for i, c in enumerate(book.certificates)),
        *((d.date, 2, i, d) for i, d in enumerate(book.deliveries)),
        *((c.date, 3, i, c) for i, c in enumerate(book.corrections)),
        *((*booked_on(b), i, b) for i, b in enumerate(booked)),
    ]
    dated.sort(key=lambda item: item[:3])
    kept = [item[3] for item in dated if as_of is None or item[0] <= as_of]
    corrections: dict[str, tuple[Placed, ...]] = {}
    entries: list[Entry] = []
    bookings: list[Booked] = []
    owners = {s.id: s.party for s in book.sites}
    names: Counter[str] = Counter()
    for order, value in enumerate(kept):
        if isinstance(value, Correction):
            before = corrections.get(value.certificate, ())
            corrections[value.certificate] = (*before, Placed(order, value))
        elif isinstance(value, Booking):
            name = booking_name(value)
            names[name] += 1
            name = name if names[name] == 1 else f"{name}:{names[name]}"
            party = owners[value.site] if isinstance(value, StockEntry) else value.plant
            bookings.append(Booked(order, name, value, party, Evidence.UNSIGNED))
        else:
            entries.append(Entry(order, value, Evidence.UNSIGNED))
    if trusted_bodies is None and book.trusted_bodies is not None:
        trusted_bodies = frozenset(book.trusted_bodies)
    return Case(
        entries=tuple(entries),
        today=as_of or _latest([*_days(dated), *(c.date for c in book.concordances)]),
        parties={p.id: p for p in book.parties},
        documents={d.id: d for d in book.documents if _known_by(d, as_of)},
        concordances=tuple(c for c in book.concordances if as_of is None or c.date <= as_of),
        trusted_bodies=trusted_bodies,
        corrections=corrections,
        sites={(s.party, s.id): s for s in book.sites},
        bookings=tuple(bookings),
        municipalities=municipalities,
    )


def booked_on(value: Booking) -> tuple[date, int]:
    """The day that a booking is as of, and its place within that day.

    On a day certificates are 1, deliveries 2, corrections 3: opening stock stands before them, the rest after.
    """
    if isinstance(value, StockEntry):
        return value.date, 0 if value.kind is StockKind.OPENING else 4
    if isinstance(value, Consumption):
        return month_end(value.month), 5
    return date(min(max(value.year, date.min.year), date.max.year), 4, 1), 0


def month_end(day: date) -> date:
    """The last day of that month."""
    return day.replace(day=monthrange(day.year, day.month)[1])


def booking_name(value: Booking) -> str:
    """What a booking is about, as its name: it has no id of its own."""
    if isinstance(value, StockEntry):
        return f"{value.kind}:{value.site}:{value.date}:{value.fuel_class}"
    if isinstance(value, Consumption):
        return f"burned:{value.plant}:{value.month:%Y-%m}:{value.fuel_class}"
    return f"plan:{value.plant}:{value.year}:{value.fuel_class}"


def _known_by(document: Document, as_of: date | None) -> bool:
    day = document.accepted or document.filed
    return as_of is None or day is None or day <= as_of


def _days(dated: Iterable[tuple[date, int, int, object]]) -> Iterator[date]:
    """The days of what happened; a plan is of a time to come."""
    return (item[0] for item in dated if not isinstance(item[3], Plan))


def _latest(days: Iterable[date]) -> date:
    return max(days, default=date.min)
