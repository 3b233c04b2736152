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

    @property
    def sound(self) -> bool:
        """Nothing worse than a notice is wrong with its bytes: it counts."""
        return all(finding.is_notice for finding in self.findings)


@dataclass(frozen=True, slots=True)
class Granted:
    """A grant that counts. ``held``: the accreditation with all that was said of it later."""

    entry: Logged
    grant: Grant
    held: Accreditation


def parties_of(logged: Iterable[Logged]) -> dict[str, Party]:
    """The parties by id, as a root key last stated them, with what was said of their accreditations."""
    entries = [e for e in logged if e.sound]
    said = ((e.record.body, e.disclosed) for e in entries)
    parties = {body.id: open_party(body, disclosed) for body, disclosed in said if isinstance(body, Party)}
    for granted in grants_of(entries):
        party = parties.get(granted.grant.party)
        if party is not None:
            parties[party.id] = replace(party, accreditations=(*party.accreditations, granted.held))
    return parties


def grants_of(logged: Iterable[Logged]) -> list[Granted]:
    """The accreditations by their first day, with what was said of them; in ``logged`` that comes after the grant.

    Grants are their body's own, or copied by a root key: ``biotrace.chain.admit`` takes no others. Of those that one
    signer logged under one name the last counts. What a body says of its grant counts in the grant's own log only:
    whoever runs another log could say it there in the body's name. A member asks for renewal in its own log.
    """
    sound = [e for e in logged if e.sound]
    grants = [e for e in sound if isinstance(e.record.body, Grant)]
    latest = {(e.log, e.record.issuer, e.record.subject): e.record.record_id for e in grants}
    found: dict[str, Granted] = {}
    for entry in sound:
        record, body = entry.record, entry.record.body
        if isinstance(body, Grant):
            if latest[entry.log, record.issuer, record.subject] == record.record_id:
                found[record.record_id.hex()] = Granted(entry, body, body.accreditation)
        elif isinstance(body, RenewalRequest | Revocation | Inspection):
            of = found.get(body.grant)
            if of is not None and (of.entry.log == entry.log or isinstance(body, RenewalRequest)):
                found[body.grant] = replace(of, held=after(of.held, body))
    return sorted(found.values(), key=lambda granted: granted.held.start)


def after(held: Accreditation, said: RenewalRequest | Revocation | Inspection) -> Accreditation:
    """An accreditation with one more thing said of it. The first revocation ends it."""
    if isinstance(said, Revocation):
        return replace(held, revoked=min(said.date, held.revoked or said.date))
    if isinstance(said, RenewalRequest):
        return replace(held, renewal_requested=said.date)
    return replace(held, inspected=(*held.inspected, said.date))
