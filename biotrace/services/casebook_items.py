"""A casebook's entries in an order that a log can hold: everything after what it cites."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from biotrace.chain.kinds import Body, RecordKind, TrustedBodies
from biotrace.errors import UsageError
from biotrace.model.casebook import Casebook
from biotrace.model.certificate import Certificate
from biotrace.model.correction import Correction
from biotrace.model.delivery import Delivery
from biotrace.model.text import Text
from biotrace.verify.case import booked_on, case_of_casebook


@dataclass(frozen=True, slots=True)
class Item:
    """An entry of the casebook on its way into the log. ``signer``: the party that signs it when all play.

    ``named``: the casebook's own id tells it from others, so another one of that name with other content is a mistake.
    What has no id is recognised by what it says: its place in the file is no name, next month's begins at 1 again.
    """

    kind: RecordKind
    subject: str
    body: Body
    signer: str | None = None
    transcribed: bool = False
    named: bool = True


def check_no_circle(book: Casebook) -> None:
    """Raise UsageError where a certificate is, by way of others, its own source: no log can hold that."""
    circle = sorted(case_of_casebook(book).circular)
    if circle:
        names = ", ".join(circle)
        raise UsageError(
            Text(f"引き当てが一周しています: {names}", f"the draws go round in a circle: {names}"),
            Text(
                "どれかの引き当て（draws）が誤りです。書類を確かめてください",
                "one of these draws is wrong: see the papers",
            ),
            code="circular",
        )


def items(book: Casebook) -> Iterator[Item]:
    """Entries so that everything comes after what it cites; certificates and later ones in the order of dates."""
    if book.trusted_bodies is not None:
        yield Item(RecordKind.TRUSTED_BODIES, "trusted-bodies", TrustedBodies(book.trusted_bodies))
    yield from (Item(RecordKind.PARTY, p.id, p) for p in book.parties)
    yield from (Item(RecordKind.SITE, s.id, s, s.party, True) for s in book.sites)
    holders = {d: c.issuer for c in reversed(book.certificates) for d in c.documents}
    yield from (Item(RecordKind.DOCUMENT, d.id, d, holders.get(d.id)) for d in book.documents)
    known = {p.id for p in book.parties}
    for table in book.concordances:
        vouching = table.vouched_by if table.vouched_by in known else None
        yield Item(RecordKind.CONCORDANCE, table.id, table, vouching)
    yield from _dated(book)


def _dated(book: Casebook) -> list[Item]:
    """In the order in which ``case_of_casebook`` judges them, so that the ledger's verdict is the same."""
    issuers = {c.id: c.issuer for c in book.certificates}
    items = [
        *((c.date, 1, Item(RecordKind.CERTIFICATE, c.id, c, c.issuer, True)) for c in book.certificates),
        *((d.date, 2, Item(RecordKind.DELIVERY, d.id, d, d.at, True)) for d in book.deliveries),
        *((c.date, 3, _correction(c, issuers[c.certificate])) for c in book.corrections),
        *_of_the_books(book),
    ]
    return [item for _, _, item in sorted(items, key=lambda entry: entry[:2])]


def _correction(c: Correction, issuer: str) -> Item:
    return Item(RecordKind.CORRECTION, f"{c.action}:{c.certificate}", c, issuer, True, named=False)


def _of_the_books(book: Casebook) -> Iterator[tuple[date, int, Item]]:
    """Bookings, transcribed unless whose yard or plant it is signs them."""
    owners = {site.id: site.party for site in book.sites}
    for entry in book.stock:
        subject = f"{entry.kind}:{entry.site}:{entry.date}"
        item = Item(RecordKind.STOCK, subject, entry, owners[entry.site], True, named=False)
        yield *booked_on(entry), item
    for burned in book.consumption:
        subject = f"burned:{burned.plant}:{burned.month}"
        yield *booked_on(burned), Item(RecordKind.CONSUMPTION, subject, burned, burned.plant, True, named=False)
    for plan in book.plans:
        subject = f"plan:{plan.plant}:{plan.year}"
        yield *booked_on(plan), Item(RecordKind.PLAN, subject, plan, plan.plant, True, named=False)


def named_parties(body: Body) -> tuple[str, ...]:
    """The parties whose names a record carries for readers without the ledger."""
    if isinstance(body, Certificate):
        return tuple(p for p in (body.seller, body.buyer, body.issuer_party) if p is not None)
    return tuple(p for p in (body.at, body.sender) if p is not None) if isinstance(body, Delivery) else ()
