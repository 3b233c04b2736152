"""An accrediting body's desk: granting and renewing accreditations, and a company's own code (G3(3)①, 別記3).

A grant is the body's own signed record; nobody has to copy its 認定書. What happens to it later:
``biotrace.services.accredit_events``.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from datetime import date, timedelta

from biotrace.chain.keys import PublicKey
from biotrace.chain.kinds import RecordKind
from biotrace.model.accreditation import Grant
from biotrace.model.party import Accreditation, Audit, Party, Role
from biotrace.verify.facts import same_number

from . import accredit_refusals as refusals
from .accredit_paper import Names, Paper, Wishes, applied_on, certificate_paper
from .accredit_print import Printed, Wanted, log_printed, require_free
from .accredit_time import ends, last_day
from .find import find_grant, find_party
from .keys import refresh_trust
from .ledger_case import Reading, read_ledger, require_sound
from .logged import Granted, Logged, grants_of, parties_of
from .workspace import Workspace

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Terms:
    """What is to be granted. ``party``: id or name. ``newcomer``: who that is, where the ledger does not know it yet.

    ``until`` None: three years. ``renews``: the grant that this one continues, as people name it; None: see ``grant``.
    """

    party: str
    number: str
    start: date
    until: date | None = None
    scope: str | None = None
    member_key: PublicKey | None = None
    renews: str | None = None
    newcomer: Party | None = None


@dataclass(frozen=True, slots=True)
class NewGrant:
    """A grant that was logged. ``renews``: the one that it continues; ``introduced``: its holder was logged with it.

    ``printed``: its certificate (別記2), where one was asked for.
    """

    granted: Granted
    holder: Party
    renews: Granted | None
    introduced: bool
    printed: Printed | None = None


def grant(workspace: Workspace, terms: Terms, wanted: Wanted | None = None) -> NewGrant:
    """Accredit a party, signed by the body's device key; the root key signs who a newcomer is.

    Without ``renews`` it continues the party's last grant if it begins the day after that ends. ``wanted``: its
    certificate, too. Raises UsageError, saying why, for one that makes no sense, is not this party's to sign, or
    cannot be printed, and IntegrityError for a damaged ledger.
    """
    require_free(wanted)
    signer = workspace.signer()
    reading = read_ledger(workspace.ledger)
    require_sound(reading)
    body = require_body(workspace, reading)
    holder, introduced = _holder(terms, reading)
    if holder.id == body.id:
        raise refusals.itself(body)
    held = Accreditation(terms.start, terms.number, body.id, terms.until or last_day(terms.start))
    require_order(held)
    granted = grants_of(reading.logged)
    renews = _renewed(terms, holder, body, reading, granted)
    _check_number(held, holder, renews, granted, reading)
    _check_key(workspace, terms.member_key)
    now = workspace.clock()
    records, renewed = [], None if renews is None else renews.entry.record.record_id.hex()
    if introduced:
        records.append(workspace.root().sign(RecordKind.PARTY, holder.id, holder, now))
    key = None if terms.member_key is None else terms.member_key.raw
    said = Grant(holder.id, held, terms.scope, key, renewed)
    subject = free_subject(f"grant:{terms.number}:{terms.start}", reading)
    record = signer.sign(RecordKind.ACCREDITATION, subject, said, now)
    names, applied = Names(holder, body.name, body.name), applied_on(reading.everything, said)

    def paper(wishes: Wishes) -> Paper:
        return certificate_paper(record, said, names, wishes, applied)

    logged, printed = log_printed(workspace, [*records, record], now, wanted, paper)
    return NewGrant(Granted(logged, said, held), holder, renews, introduced, printed)


def own_code(workspace: Workspace, start: date, until: date | None, audit: Audit) -> Granted:
    """Log that the workspace's own company goes by a code of its own, which a third party audited; it signs so itself.

    Raises as ``grant`` does.
    """
    signer = workspace.signer()
    reading = read_ledger(workspace.ledger)
    require_sound(reading)
    held = Accreditation(start, until=until, self_declared=True, third_party_audit=audit)
    require_order(held)
    if any(g.held == held and g.grant.party == workspace.party for g in grants_of(reading.logged)):
        raise refusals.code_known(held)
    own = find_party(parties_of(reading.logged).values(), workspace.party)
    now = workspace.clock()
    said = Grant(own.id, held)
    subject = free_subject(f"own-code:{own.id}:{audit.start}", reading)
    record = signer.sign(RecordKind.ACCREDITATION, subject, said, now)
    entry = workspace.log([record], now)[0]
    refresh_trust(workspace)
    return Granted(Logged(entry.position, entry.logged_at, entry.record), said, held)


def require_body(workspace: Workspace, reading: Reading) -> Party:
    """The workspace's own party; raises UsageError unless its root key states it to be an accrediting body."""
    own = find_party(parties_of(reading.logged).values(), workspace.party)
    if Role.BODY not in own.roles:
        raise refusals.no_body(own)
    return own


def require_order(held: Accreditation) -> None:
    """Raise UsageError for an accreditation, or an audit, that ends before it begins."""
    audit = held.third_party_audit
    times = [(held.start, held.until), *([(audit.start, audit.until)] if audit is not None else [])]
    for start, until in times:
        if until is not None and until < start:
            raise refusals.order(start, until)


def free_subject(name: str, reading: Reading) -> str:
    """The name, with a number where that is taken: under one name only the last would count."""
    taken = {entry.record.subject for entry in reading.logged}
    names = (name if n == 1 else f"{name}:{n}" for n in itertools.count(1))
    return next(free for free in names if free not in taken)


def _holder(terms: Terms, reading: Reading) -> tuple[Party, bool]:
    """Who is accredited, and whether the ledger has yet to be told of it."""
    known, new = parties_of(reading.logged), terms.newcomer
    if terms.party in known or any(p.name == terms.party for p in known.values()):
        holder = find_party(known.values(), terms.party)
        if new is not None and new.name != holder.name:
            raise refusals.other_name(holder, new.name)
        return holder, False
    if new is None:
        raise refusals.unknown_party(terms.party)
    elsewhere = reading.parties().get(new.id)
    if elsewhere is not None and elsewhere.name != new.name:
        raise refusals.other_name(elsewhere, new.name)
    return new, True


def _renewed(terms: Terms, holder: Party, body: Party, reading: Reading, granted: list[Granted]) -> Granted | None:
    """The grant that is continued: the one named, or the holder's last where the new one begins as it ends."""
    own = [g for g in granted if g.grant.party == holder.id and g.held.body == body.id]
    if terms.renews is None:
        last = own[-1] if own else None
        follows = last is not None and last.held.revoked is None and last.held.until is not None
        return last if last is not None and follows and terms.start == _end(last.held) + _DAY else None
    named = find_grant(reading, terms.renews)
    found = next((g for g in own if g.entry.record.record_id == named.record.record_id), None)
    if found is None:
        raise refusals.renews_other(named, holder)
    if terms.start <= found.held.start:
        raise refusals.renews_later(found, terms.start)
    return found


def _check_number(
    held: Accreditation, holder: Party, renews: Granted | None, granted: list[Granted], reading: Reading
) -> None:
    for other in granted:
        number = other.held.number
        if number is None or held.number is None or not same_number(number, held.number):
            continue
        together = other.held.start <= _end(held) and held.start <= _end(other.held)
        continued = renews is not None and renews.entry.record.record_id == other.entry.record.record_id
        if together and not continued:
            parties = reading.parties()
            name = parties[other.grant.party].name if other.grant.party in parties else other.grant.party
            raise refusals.number_taken(other, name, same=other.grant.party == holder.id)


def _check_key(workspace: Workspace, key: PublicKey | None) -> None:
    bound = None if key is None else workspace.ledger.bound_key(key.kid)
    if bound is not None and key is not None:
        raise refusals.key_bound(key, bound.party)


def _end(held: Accreditation) -> date:
    """The last day on which it is in force."""
    last = ends(held)
    return last if held.revoked is None else min(last, held.revoked - _DAY)
