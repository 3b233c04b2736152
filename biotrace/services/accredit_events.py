"""What becomes of an accreditation: revoked, inspected, and, by its holder, applied to be renewed (別記3)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from functools import partial

from biotrace.chain.admit import Held
from biotrace.chain.kinds import RecordKind
from biotrace.chain.record import Record, Signer
from biotrace.model.accreditation import Inspection, RenewalRequest, Revocation

from . import accredit_refusals as refusals
from .accredit import free_subject, require_body
from .accredit_apply import Renewed, renewal, volumes_in_ledger
from .accredit_paper import Paper, Wishes, names_of, notice_paper
from .accredit_print import NO_ANSWERS, Printed, Wanted, log_printed, require_free
from .accredit_time import ends, renewal_due
from .find import find_grant, find_party
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
    """A statement that was logged. ``granted``: the accreditation with it. ``holder``: name.

    ``printed``: its paper, where one was asked for. ``missed``: of a late request, the day by which it was due.
    """

    entry: Logged
    granted: Granted
    holder: str
    printed: Printed | None = None
    missed: date | None = None


def revoke(workspace: Workspace, text: str, day: date, reason: str, wanted: Wanted | None = None) -> Happened:
    """Log that the body revokes its grant: it is in force no longer from ``day`` on.

    ``wanted``: the notice (別記5), too. Raises UsageError, saying why, where that makes no sense or is not this
    party's to say.
    """
    require_free(wanted)
    about = _of_the_body(workspace, text, day)
    held = about.granted.held
    if held.revoked is not None:
        raise refusals.revoked(about.granted)
    _require_within(about.granted, day, ends(held))
    said = Revocation(about.id, day, reason)

    def notice(record: Record, wishes: Wishes) -> Paper:
        names = names_of(about.reading.parties(), record, about.granted.grant)
        return notice_paper(record, said, about.granted.grant, names, wishes)

    return _log(workspace, about, said, wanted, notice)


def inspect(workspace: Workspace, text: str, day: date, result: str | None) -> Happened:
    """Log that the body inspected the holder of its grant. Raises as ``revoke`` does."""
    about = _of_the_body(workspace, text, day)
    _require_within(about.granted, day, day_of(workspace.clock()))
    return _log(workspace, about, Inspection(about.id, day, result))


def request(workspace: Workspace, text: str, day: date, wanted: Wanted | None = None) -> Happened:
    """Log that the workspace's party applies for renewal of its accreditation, wherever that is recorded.

    ``wanted``: the application (別記1ア), too. Raises as ``revoke`` does.
    """
    require_free(wanted)
    about = _found(workspace, text, day)
    granted = about.granted
    if granted.grant.party != workspace.party or granted.held.self_declared:
        raise refusals.not_holder(granted, workspace.party)
    if granted.held.revoked is not None:
        raise refusals.revoked(granted)
    if granted.held.renewal_requested is not None:
        raise refusals.requested(granted)
    until = ends(granted.held)
    _require_within(granted, day, min(until, day_of(workspace.clock())))
    parties = about.reading.parties()
    own = find_party(parties.values(), workspace.party)
    handled = () if wanted is None else volumes_in_ledger(workspace, own, day)

    def application(record: Record, wishes: Wishes) -> Paper:
        held = granted.held
        of = Renewed(held.number, held.body, day, record.record_id.hex())
        return renewal(own, parties, of, NO_ANSWERS if wanted is None else wanted.answers, wishes, handled)

    done = _log(workspace, about, RenewalRequest(about.id, day), wanted, application)
    due = renewal_due(granted.held)
    return replace(done, missed=due) if day > due else done


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


def _log(
    workspace: Workspace,
    about: _About,
    said: Revocation | Inspection | RenewalRequest,
    wanted: Wanted | None = None,
    paper: Callable[[Record, Wishes], Paper] | None = None,
) -> Happened:
    now, kind, granted = workspace.clock(), type(said), about.granted
    subject = free_subject(f"{_PREFIX[kind]}:{granted.entry.record.subject}", about.reading)
    record = about.signer.sign(_KIND[kind], subject, said, now)
    make = None if paper is None else partial(paper, record)
    logged, printed = log_printed(workspace, [record], now, wanted, make)
    party = about.reading.parties().get(granted.grant.party)
    holder = party.name if party is not None else granted.grant.party
    return Happened(logged, replace(granted, held=after(granted.held, said)), holder, printed)
