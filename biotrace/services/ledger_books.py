"""The yards and plants of a ledger, and their books: what whoever may speak of them has logged.

Our own log only: of another one we hold what was handed to us, and half a book shows shortages that are none.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from biotrace.chain.kinds import KeyBinding
from biotrace.model.stock import Consumption, Plan, Site, StockEntry
from biotrace.verify.case import Booked, Evidence, SiteKey

from .logged import Logged
from .times import day_of


def own_books(sound: Sequence[tuple[int, Logged]]) -> tuple[Mapping[SiteKey, Site], tuple[Booked, ...]]:
    """The yards by party and name, and the bookings, of entries whose bytes are as they should be, with their places.

    A yard's or plant's own party speaks of it, and whoever runs the ledger, who copies the books of others: else a
    stranger could empty another's yard. The first record of a yard stands. A name that yards of several parties have
    is, in the copier's mouth, nobody's.
    """
    own = [(order, e) for order, e in sound if not e.log]
    bodies = (e.record.body for _, e in own)
    copiers = frozenset(body.party for body in bodies if isinstance(body, KeyBinding) and body.root)
    sites: dict[SiteKey, Site] = {}
    for _, entry in own:
        site = entry.record.body
        if isinstance(site, Site) and (entry.record.issuer == site.party or entry.record.issuer in copiers):
            sites.setdefault((site.party, site.id), site)
    named: dict[str, list[str]] = {}
    for party, name in sites:
        named.setdefault(name, []).append(party)
    bookings = (_booked(order, entry, sites, named, copiers) for order, entry in own)
    return sites, tuple(booked for booked in bookings if booked is not None)


def _booked(
    order: int,
    entry: Logged,
    sites: Mapping[SiteKey, Site],
    named: Mapping[str, Sequence[str]],
    copiers: frozenset[str],
) -> Booked | None:
    body, issuer = entry.record.body, entry.record.issuer
    if isinstance(body, StockEntry):
        owners = [issuer] if (issuer, body.site) in sites else named.get(body.site, ()) if issuer in copiers else ()
        if len(owners) != 1:
            return None
        party = owners[0]
    elif isinstance(body, Consumption | Plan) and (issuer == body.plant or issuer in copiers):
        party = body.plant
    else:
        return None
    itself = issuer == party and not entry.record.transcribed
    evidence = Evidence.SIGNED if itself else Evidence.TRANSCRIBED
    return Booked(order, entry.record.record_id.hex(), body, party, evidence, (), day_of(entry.logged_at))
