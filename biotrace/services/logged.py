"""Records in their places in a log, and who the parties are by them. Needs no database: a gate reads trust files."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from biotrace.chain.disclosure import Disclosure
from biotrace.chain.integrity import IntegrityFinding
from biotrace.chain.record import Record
from biotrace.model.accreditation import Grant, Inspection, RenewalRequest, Revocation
from biotrace.model.party import Accreditation, Party

from .private_fields import open_party


@dataclass(frozen=True, slots=True)
class Logged:
    """A record in its place in its log, and what is wrong with its bytes.

    ``disclosed``: the values of its private fields that are at hand. ``log``: another log's name; empty for our own.
    """

    position: int
    logged_at: int
    record: Record
    findings: tuple[IntegrityFinding, ...] = ()
    disclosed: tuple[Disclosure, ...] = ()
    log: str = ""


def parties_of(logged: Iterable[Logged]) -> dict[str, Party]:
    """The parties by id, as a root key last stated them, with what was said of their accreditations.

    Grants are their body's own, or copied by a root key: ``biotrace.chain.admit`` takes no others. Of those that one
    signer logged under one name the last counts.
    """
    entries = [e for e in logged if not e.findings]
    sound = [e.record for e in entries]
    said = ((e.record.body, e.disclosed) for e in entries)
    parties = {body.id: open_party(body, disclosed) for body, disclosed in said if isinstance(body, Party)}
    latest = {(r.issuer, r.subject): r.record_id.hex() for r in sound if isinstance(r.body, Grant)}
    held: dict[str, Accreditation] = {}
    holders: dict[str, str] = {}
    for record in sound:
        body, own_id = record.body, record.record_id.hex()
        if isinstance(body, Grant) and latest[record.issuer, record.subject] == own_id:
            held[own_id], holders[own_id] = body.accreditation, body.party
        elif isinstance(body, RenewalRequest | Revocation | Inspection) and body.grant in held:
            held[body.grant] = after(held[body.grant], body)
    for grant, accreditation in sorted(held.items(), key=lambda item: item[1].start):
        party = parties.get(holders[grant])
        if party is not None:
            parties[party.id] = replace(party, accreditations=(*party.accreditations, accreditation))
    return parties


def after(held: Accreditation, said: RenewalRequest | Revocation | Inspection) -> Accreditation:
    """An accreditation with one more thing said of it. The first revocation ends it."""
    if isinstance(said, Revocation):
        return replace(held, revoked=min(said.date, held.revoked or said.date))
    if isinstance(said, RenewalRequest):
        return replace(held, renewal_requested=said.date)
    return replace(held, inspected=(*held.inspected, said.date))
