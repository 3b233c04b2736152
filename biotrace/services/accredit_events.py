"""What becomes of an accreditation: revoked, inspected, and, by its holder, applied to be renewed (別記3)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from biotrace.chain.admit import Held
from biotrace.chain.kinds import RecordKind
from biotrace.chain.record import Signer
from biotrace.model.accreditation import Inspection, RenewalRequest, Revocation

from . import accredit_refusals as refusals
from .accredit import free_subject, last_day, require_body
from .find import find_grant
from .keys import refresh_trust
from .ledger_case import Reading, read_ledger, require_sound
from .logged import Granted, Logged, after, grants_of
from .times import day_of
from .workspace import Workspace

_KIND = {
    Revocation: RecordKind.REVOCATION,
    Inspection: RecordKind.INSPECTION,
    RenewalRequest: RecordKind.RENEWAL_REQUEST,
}
_PREFIX = {Revocation: "revocation", Inspection: "inspection", RenewalRequest: "renewal"}


@dataclass(frozen=True, slots=True)
class Happened:
    """A statement that was logged. ``granted``: the accreditation with it. ``holder``: name."""

    entry: Logged
    granted: Granted
    holder: str


def revoke(workspace: Workspace, text: str, day: date, reason: str) -> Happened:
    """Log that the body revokes its grant: it is in force no longer from ``day`` on.

    Raises UsageError, saying why, where that makes no sense or is not this party's to say.
    """
    about = _of_the_body(workspace, text, day)
    held = about.granted.held
    if held.revoked is not None:
        raise refusals.revoked(about.granted)
    _require_within(about.granted, day, held.until or last_day(held.start))
    return _log(workspace, about, Revocation(about.id, day, reason))


def inspect(workspace: Workspace, text: str, day: date, result: str | None) -> Happened:
    """Log that the body inspected the holder of its grant. Raises as ``revoke`` does."""
    about = _of_the_body(workspace, text, day)
    _require_within(about.granted, day, day_of(workspace.clock()))
    return _log(workspace, about, Inspection(about.id, day, result))


def request(workspace: Workspace, text: str, day: date) -> Happened:
    """Log that the workspace's party applies for renewal of its accreditation, wherever that is recorded.

    Raises as ``revoke`` does.
    """
    about = _found(workspace, text, day)
    granted = about.granted
    if granted.grant.party != workspace.party or granted.held.self_declared:
        raise refusals.not_holder(granted, workspace.party)
    if granted.held.revoked is not None:
        raise refusals.revoked(granted)
    if granted.held.renewal_requested is not None:
        raise refusals.requested(granted)
    until = granted.held.until or last_day(granted.held.start)
    _require_within(granted, day, min(until, day_of(workspace.clock())))
    return _log(workspace, about, RenewalRequest(about.id, day))


@dataclass(frozen=True, slots=True)
class _About:
    """What a statement is about: a grant as the ledger knows it. ``signer``: at its place before that was read."""

    signer: Signer
    reading: Reading
    granted: Granted

    @property
    def id(self) -> str:
        return self.granted.entry.record.record_id.hex()


def _of_the_body(workspace: Workspace, text: str, day: date) -> _About:
    """The grant in our own log that this body made, or that was copied of it."""
    about = _found(workspace, text, day)
    require_body(workspace, about.reading)
    if about.granted.entry.log or Held.of(about.granted.entry.record).author != workspace.party:
        raise refusals.not_own(about.granted, workspace.party)
    return about


def _found(workspace: Workspace, text: str, day: date) -> _About:
    signer = workspace.signer()
    reading = read_ledger(workspace.ledger)
    require_sound(reading)
    named = find_grant(reading, text, day)
    known = {g.entry.record.record_id: g for g in grants_of(reading.everything)}
    if named.record.record_id not in known:
        raise refusals.not_counting(named)
    return _About(signer, reading, known[named.record.record_id])


def _require_within(granted: Granted, day: date, last: date) -> None:
    if not granted.held.start <= day <= last:
        raise refusals.day(granted, day, last)


def _log(workspace: Workspace, about: _About, said: Revocation | Inspection | RenewalRequest) -> Happened:
    now, kind, granted = workspace.clock(), type(said), about.granted
    subject = free_subject(f"{_PREFIX[kind]}:{granted.entry.record.subject}", about.reading)
    record = about.signer.sign(_KIND[kind], subject, said, now)
    entry = workspace.log([record], now)[0]
    refresh_trust(workspace)
    party = about.reading.parties().get(granted.grant.party)
    holder = party.name if party is not None else granted.grant.party
    logged = Logged(entry.position, entry.logged_at, entry.record)
    return Happened(logged, replace(granted, held=after(granted.held, said)), holder)
