"""What moves in and out of yards and plants: counted here, record by record, for Q607, G703 and F951.

Wood goes out of a yard only where a paper of its owner says so (``from_site``, a withdrawal). It comes in with every
certificate made out to the owner, and every delivery to the owner under no such certificate: to the yard that is named,
else to the only one there is, else to any of them. So in favour of the owner, as the factors are; but no more than can
have come into the certificate.
"""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from biotrace.model.fuel_class import FuelClass, lowest
from biotrace.model.quantity import PARTS
from biotrace.model.stock import Consumption, Plan, StockEntry, StockKind
from biotrace.model.text import Text, same

from .booking import Line
from .case import Case, Count, SiteKey
from .effect import Effect
from .inputs import most_delivered, weights
from .profile import Profile
from .stock_book import (
    NO_SITE,
    WHOLE,
    Account,
    Ground,
    Load,
    PlantBook,
    Taking,
    Use,
    fiscal_year,
    load_in,
    load_out,
    month_of,
    take,
    taking,
)
from .subject import Closed, State, Subject
from .tonnage import bone_dry


@dataclass(frozen=True, slots=True)
class Outflow:
    """Wood of a class that a record takes out. ``counted``: it is dated before the last count, and so is in that.

    Or before the yard's book begins at all.
    """

    fuel_class: FuelClass
    load: Load
    accounts: tuple[Account, ...]
    counted: bool


def counts(s: Subject) -> bool:
    """Whether the record moves wood: it is not void or cancelled, and no mere supplement."""
    void = s.id in s.case.circular or any(f.effect is Effect.VOID for f in s.entry.findings)
    return not (void or s.case.ended(s.id) or s.is_supplement)


def yard_left(s: Subject) -> SiteKey | None:
    """The seller's yard that a certificate says its goods came out of."""
    c = s.certificate
    if c is None or c.from_site is None or (c.seller, c.from_site) not in s.case.sites:
        return None
    return c.seller, c.from_site


def yard_entered(s: Subject) -> SiteKey | None:
    """The buyer's yard that a certificate says its goods went to."""
    c = s.certificate
    if c is None or c.buyer is None or c.to_site is None or (c.buyer, c.to_site) not in s.case.sites:
        return None
    return c.buyer, c.to_site


def outflows(s: Subject, yard: SiteKey) -> tuple[Outflow, ...] | None:
    """What a certificate takes out of the yard, by the class that it was taken in as; None where that cannot be told.

    Nothing at the felling stage, nor on 1-2: that wood comes from where it grew, and no paper brought it in.
    """
    if s.certificate is not None and s.certificate.form.is_source:
        return ()
    parts = classes_out(s)
    if parts is None:
        return None
    _settle(s.state, s.case, yard, s.date, s.profile)
    load = load_out(s.quantity, s.group, s.profile)
    return tuple(_outflow(s.state, s.case, yard, c, load.part(share, int), s.date) for c, share in parts)


def withdrawn(line: Line) -> Outflow | None:
    """What a booking takes out of its yard; None for one that is no withdrawal, or of no known yard."""
    entry = line.booked.value
    if not isinstance(entry, StockEntry) or entry.kind is not StockKind.WITHDRAWAL:
        return None
    yard = line.booked.party, entry.site
    if yard not in line.case.sites:
        return None
    _settle(line.state, line.case, yard, entry.date, line.profile)
    load = load_out(entry.quantity, None, line.profile)
    return _outflow(line.state, line.case, yard, entry.fuel_class, load, entry.date)


def burned(line: Line, entry: Consumption) -> Outflow:
    """What a plant burned, out of all that it has of the class."""
    day = line.booked.day
    for site in line.case.yards.get(entry.plant, ()):
        _settle(line.state, line.case, (entry.plant, site), day, line.profile)
    places = ((entry.plant, site) for site in (NO_SITE, *line.case.yards.get(entry.plant, ())))
    accounts = tuple(_account(line.state, place, entry.fuel_class) for place in places)
    load = load_out(entry.quantity, None, line.profile)
    return Outflow(entry.fuel_class, load, accounts, any(day < a.since for a in accounts))


def ground_of(s: Subject, yard: SiteKey) -> Ground:
    """The yard as the record finds it, all counts before its day taken in."""
    return _settle(s.state, s.case, yard, s.date, s.profile)


def shortage(flows: Iterable[Outflow]) -> list[tuple[Outflow, Taking]] | None:
    """The flows of which more goes out than can have been there; None where some went out before the last count."""
    known = [*flows]
    if any(flow.counted for flow in known):
        return None
    found = [(flow, taking(flow.accounts, flow.load)) for flow in known]
    return [(flow, result) for flow, result in found if result.short > 0]


def amounts(found: Taking) -> tuple[Text, Text]:
    """What goes out and what can be left, for people."""
    sign = Text("t (全乾)", "bone-dry t") if found.measure is None else same(found.measure.sign)
    out, left = (same(f"{value / 10**6:,.3f} ") + sign for value in (found.out, found.left))
    return out, left


def register(s: Subject) -> None:
    """Count what a judged certificate or delivery moved."""
    if not counts(s):
        return
    yard = yard_left(s)
    if yard is not None:
        _settle(s.state, s.case, yard, s.date, s.profile)
    for flow in (outflows(s, yard) or ()) if yard is not None else ():
        _take(flow)
    if yard is not None:
        _look_if_empty(s.state, s.case, yard, s.profile)
    if s.certificate is not None:
        _certified_in(s, s.certificate.buyer)
    elif s.delivery is not None:
        _delivered_in(s, s.delivery.at)


def register_booking(line: Line) -> None:
    """Count what a judged booking says. Opening stocks and stocktakes are counted by their date: see ``_settle``."""
    entry = line.booked.value
    if isinstance(entry, StockEntry):
        flow = withdrawn(line)
        if flow is not None:
            _take(flow)
            _look_if_empty(line.state, line.case, (line.booked.party, entry.site), line.profile)
        return
    book = line.state.plants.setdefault(line.booked.party, PlantBook())
    if isinstance(entry, Plan):
        book.planned[entry.year, entry.fuel_class] = (line.booked.id, entry.quantity)
        return
    _take(burned(line, entry))
    month = month_of(entry.month)
    book.months.add(month)
    book.last = max(book.last, month)
    use = book.used.setdefault((fiscal_year(entry.month), entry.fuel_class), Use(line.booked.id))
    dry = bone_dry(entry.quantity, None, line.profile)
    use.unknown |= dry is None
    use.grams += dry.grams if dry is not None else 0
    use.assumed |= dry is not None and bool(dry.assumed)


def classes_out(s: Subject) -> tuple[tuple[FuelClass, Fraction], ...] | None:
    """The classes that the goods were taken in as, each with its share: thinned logs may leave as general residues."""
    drawn = [i.source.fuel_class if i.source is not None else s.fuel_class for i in s.intakes]
    if len(set(drawn)) < 2:
        return ((drawn[0] if drawn else s.fuel_class, WHOLE),)
    parts = weights(s)
    if parts is None or not sum(parts):
        return None
    of_class = ((c, sum(p for p, d in zip(parts, drawn, strict=True) if d is c)) for c in dict.fromkeys(drawn))
    return tuple((c, Fraction(part, sum(parts))) for c, part in of_class)


def _outflow(state: State, case: Case, yard: SiteKey, fuel_class: FuelClass, load: Load, day: date) -> Outflow:
    own = _account(state, yard, fuel_class)
    anywhere = _account(state, (yard[0], NO_SITE), fuel_class)
    first = next(iter(case.counts.get(yard, ())), None)
    unbegun = first is not None and first.opening and day < first.since
    return Outflow(fuel_class, load, (own, anywhere), unbegun or day < own.since)


def _take(flow: Outflow) -> None:
    if flow.counted:
        return
    take(flow.accounts, flow.load, taking(flow.accounts, flow.load).short)


def _certified_in(s: Subject, buyer: str | None) -> None:
    if buyer is None or (buyer not in s.case.yards and buyer not in s.case.plants):
        return
    named = yard_entered(s)
    place = named or somewhere(s.case, buyer)
    load = load_in(s.quantity, s.group, s.profile).at_most(s.state.closed[s.id].most)
    _put(s, place, load, named is not None)
    if buyer in s.case.plants:
        s.state.closed[s.id].arrived = place[1]


def _delivered_in(s: Subject, at: str) -> None:
    """A delivery takes the place of its certificate, which brought it in when it was made out."""
    burner = at in s.case.plants
    if not burner and at not in s.case.yards:
        return
    certified = s.source is not None and s.source.buyer == at
    if certified and not burner:
        return
    load = load_in(s.quantity, s.group, s.profile)
    if s.source is not None:
        load = load.at_most(most_delivered(s.intakes[0]))
    _put(s, somewhere(s.case, at), load, False)
    if burner:
        book = s.state.plants.setdefault(at, PlantBook())
        book.last = max(book.last, month_of(s.date))
    if certified and s.source is not None and s.source.arrived is not None:
        _undo(s, at, s.source, s.source.arrived)


def _undo(s: Subject, at: str, source: Closed, site: str) -> None:
    load = load_in(source.quantity, source.group, s.profile).at_most(source.most)
    for fuel_class, share in _certified_classes(s, source):
        account = _account(s.state, (at, site), fuel_class)
        if source.date >= account.since:
            account.remove(load.part(share, math.ceil))
    source.arrived = None


def _put(s: Subject, place: SiteKey, load: Load, named: bool) -> None:
    ground = _settle(s.state, s.case, place, s.date, s.profile)
    for fuel_class, share in classes_in(s):
        account = _account(s.state, place, fuel_class)
        if s.date >= account.since:
            account.put(load.part(share, math.ceil))
        if named:
            _came_in(ground, s.case, place, fuel_class, s.id, s.date)
    _look_how_full(s.state, s.case, ground, place)


def classes_in(s: Subject) -> tuple[tuple[FuelClass, Fraction], ...]:
    if s.certificate is not None:
        mixed = s.certificate.mixed
        shares = mixed.shares if mixed is not None else ()
        return tuple((x.fuel_class, Fraction(x.parts, PARTS)) for x in shares) or ((s.fuel_class, WHOLE),)
    return _certified_classes(s, s.source) if s.source is not None and s.source.mixed else ((s.fuel_class, WHOLE),)


def _certified_classes(s: Subject, source: Closed) -> tuple[tuple[FuelClass, Fraction], ...]:
    certificate = s.case.by_id.get(source.certificate) if source.mixed else None
    mixed = certificate.mixed if certificate is not None else None
    if mixed is None:
        return ((source.fuel_class, WHOLE),)
    return tuple((x.fuel_class, Fraction(x.parts, PARTS)) for x in mixed.shares)


def somewhere(case: Case, party: str) -> SiteKey:
    """The party's only yard, else any of them."""
    known = case.yards.get(party, ())
    return party, known[0] if len(known) == 1 else NO_SITE


def _account(state: State, place: SiteKey, fuel_class: FuelClass) -> Account:
    key = (*place, fuel_class)
    known = state.accounts.get(key)
    if known is None:
        known = state.accounts[key] = Account()
    return known


def _settle(state: State, case: Case, place: SiteKey, day: date, profile: Profile) -> Ground:
    """Take in the counts of a yard whose day has passed, wherever in the order they were booked."""
    ground = state.grounds.get(place)
    if ground is None:
        ground = state.grounds[place] = Ground()
    known = case.counts.get(place, ())
    if known and day > ground.day:
        first, end = (bisect_right(known, until, key=lambda c: c.since) for until in (ground.day, day))
        for count in known[first:end]:
            _count(state, case, place, ground, count, profile)
        ground.day = day
    return ground


def _count(state: State, case: Case, place: SiteKey, ground: Ground, count: Count, profile: Profile) -> None:
    account = _account(state, place, count.fuel_class)
    for position, booked in enumerate(count.lines):
        load = load_in(booked.quantity, None, profile)
        if position:
            account.put(load)
        else:
            account.count(load, count.since)
    _came_in(ground, case, place, count.fuel_class, count.id, count.day)
    _look_how_full(state, case, ground, place)


def _came_in(ground: Ground, case: Case, place: SiteKey, fuel_class: FuelClass, record: str, day: date) -> None:
    """Another class than the yard is declared for makes it a yard of the lower one."""
    site = case.sites.get(place)
    if site is None or site.fuel_class in (None, fuel_class):
        return
    low = lowest((fuel_class, site.fuel_class))
    if ground.other is None or low.rank > ground.other[0].rank:
        ground.other = (low, record, day if ground.other is None else ground.other[2])


def _look_how_full(state: State, case: Case, ground: Ground, place: SiteKey) -> None:
    """Of a yard that is declared for a class: of no other it is asked when it is empty."""
    site = case.sites.get(place)
    if site is not None and site.fuel_class is not None:
        ground.most = max(ground.most, _likely(state, place))


def _look_if_empty(state: State, case: Case, place: SiteKey, profile: Profile) -> None:
    """A yard is empty when next to nothing of all that lay there can be left, at default factors."""
    site, ground = case.sites.get(place), state.grounds.get(place)
    if site is None or site.fuel_class is None or ground is None:
        return
    left = _likely(state, place)
    if left <= ground.most * profile.balance_tolerance:
        ground.other, ground.most = None, left


def _likely(state: State, place: SiteKey) -> int:
    known = [state.accounts.get((*place, c)) for c in FuelClass]
    return sum([account.likely for account in known if account is not None])
