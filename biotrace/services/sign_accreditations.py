"""A casebook's accreditations as records: what is new against what the ledger holds.

Each accreditation is a grant; what happened to it later (revocation, request for renewal, inspections) are records that
cite the grant. Where a casebook says less than the ledger, such as an accreditation without the revocation that
was copied by mistake, a new version of the grant takes the old one's place.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from biotrace.chain.kinds import RecordKind
from biotrace.chain.record import Record
from biotrace.model.accreditation import Grant, Inspection, RenewalRequest, Revocation
from biotrace.model.party import Accreditation, Party

from .logged import after

WITHDRAWN = "転記の取消し / transcription withdrawn"
"""Reason of a revocation, from the grant's first day on, of a grant that a later casebook no longer lists."""

Event = RenewalRequest | Revocation | Inspection
_KIND = {
    Inspection: RecordKind.INSPECTION,
    RenewalRequest: RecordKind.RENEWAL_REQUEST,
    Revocation: RecordKind.REVOCATION,
}
_PREFIX = {Inspection: "inspection", RenewalRequest: "renewal", Revocation: "revocation"}


@dataclass(frozen=True, slots=True)
class Step:
    """A record to be signed by the party ``signer``. An event whose ``grant`` is empty cites the grant just before."""

    kind: RecordKind
    subject: str
    body: Grant | Event
    signer: str


@dataclass(frozen=True, slots=True)
class Plan:
    """What to sign for one party. ``known``: how many statements the ledger holds already.

    ``changed``: the ledger goes by something else from now on. ``outdated``: it holds this, and goes by a later one.
    """

    steps: tuple[Step, ...]
    known: int
    changed: bool
    outdated: bool


def plan(party: Party, records: Sequence[Record]) -> Plan:
    """What makes the ledger, holding ``records``, say of the party's accreditations what ``party`` does."""
    steps: list[Step] = []
    known, changed, outdated = 0, False, False
    for number, wanted in enumerate(party.accreditations, 1):
        name = _name(party, number)
        versions = [r for r in records if r.kind is RecordKind.ACCREDITATION and r.subject == name]
        said = [_said(version, records) for version in versions]
        if versions and (more := _missing(said[-1], wanted)) is not None:
            known += _statements(said[-1])
            steps += [_event(party, name, wanted, e, versions[-1]) for e in more]
        elif any(_terms(wanted) == _terms(old) for old in said[:-1]) and not _is_withdrawn(versions[-1], records):
            outdated = True
        else:
            changed = changed or bool(versions)
            renews = versions[-1].record_id.hex() if versions else None
            grant = Grant(party.id, _terms(wanted), renews=renews)
            steps.append(Step(RecordKind.ACCREDITATION, name, grant, wanted.body or party.id))
            steps += [_event(party, name, wanted, e, None) for e in _events(wanted)]
    for step in _no_longer_listed(party, records):
        changed = True
        steps.append(step)
    return Plan(tuple(steps), known, changed, outdated)


def copied(party: str, records: Sequence[Record]) -> tuple[Accreditation, ...]:
    """What ``records`` say of the party's accreditations in the order of ``plan``: listed again, it changes nothing."""
    found: list[Accreditation] = []
    while versions := [r for r in records if r.subject == f"accreditation:{party}:{len(found) + 1}"]:
        found.append(_said(versions[-1], records))
    return tuple(found)


def _name(party: Party, number: int) -> str:
    return f"accreditation:{party.id}:{number}"


def _terms(held: Accreditation) -> Accreditation:
    return replace(held, revoked=None, renewal_requested=None, inspected=())


def _said(grant: Record, records: Sequence[Record]) -> Accreditation:
    """The accreditation as the records have it."""
    assert isinstance(grant.body, Grant)
    held, own_id = grant.body.accreditation, grant.record_id.hex()
    for record in records:
        if isinstance(record.body, Event) and record.body.grant == own_id:
            held = after(held, record.body)
    return held


def _events(held: Accreditation) -> Iterator[Event]:
    yield from (Inspection("", day) for day in held.inspected)
    if held.renewal_requested is not None:
        yield RenewalRequest("", held.renewal_requested)
    if held.revoked is not None:
        yield Revocation("", held.revoked)


def _statements(held: Accreditation) -> int:
    return 1 + len(list(_events(held)))


def _missing(said: Accreditation, wanted: Accreditation) -> list[Event] | None:
    """The events to add to what is said; None where adding is not enough."""
    if _terms(said) != _terms(wanted):
        return None
    missing = list(_events(wanted))
    for event in _events(said):
        if event not in missing:
            return None
        missing.remove(event)
    return missing


def _event(party: Party, name: str, held: Accreditation, event: Event, grant: Record | None) -> Step:
    cited = replace(event, grant="" if grant is None else grant.record_id.hex())
    signer = party.id if isinstance(event, RenewalRequest) else held.body or party.id
    return Step(_KIND[type(event)], f"{_PREFIX[type(event)]}:{name}", cited, signer)


def _no_longer_listed(party: Party, records: Sequence[Record]) -> Iterator[Step]:
    number = len(party.accreditations) + 1
    while versions := [r for r in records if r.subject == _name(party, number)]:
        grant = versions[-1]
        if isinstance(grant.body, Grant) and not _is_withdrawn(grant, records):
            held = grant.body.accreditation
            revocation = Revocation(grant.record_id.hex(), held.start, WITHDRAWN)
            yield Step(RecordKind.REVOCATION, f"revocation:{grant.subject}", revocation, held.body or party.id)
        number += 1


def _is_withdrawn(grant: Record, records: Sequence[Record]) -> bool:
    own_id = grant.record_id.hex()
    revocations = (r.body for r in records if isinstance(r.body, Revocation))
    return any(r.grant == own_id and r.reason == WITHDRAWN for r in revocations)
