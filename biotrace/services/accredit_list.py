"""How the accreditations that a ledger knows of stand on a day."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from biotrace.model.dates import month_before
from biotrace.model.party import Accreditation
from biotrace.model.text import Text

from .accredit_time import ends
from .ledger_case import read_ledger
from .logged import Granted, Logged, grants_of
from .merged import OWN, in_order
from .past import Past
from .times import day_of, last_second
from .trust_list import trust_now
from .workspace import Workspace


class State(StrEnum):
    """How an accreditation stands on a day."""

    NOT_YET = "not_yet"
    IN_FORCE = "in_force"
    EXPIRING = "expiring"
    EXPIRED = "expired"
    REVOKED = "revoked"

    @property
    def label(self) -> Text:
        """The state for people."""
        return _STATE[self]


@dataclass(frozen=True, slots=True)
class Standing:
    """An accreditation on a day. ``holder`` and ``body``: names; ``body`` None: a company's own code.

    ``renewed_by``: record id of the grant that continues it.
    """

    granted: Granted
    holder: str
    body: str | None
    state: State
    renewed_by: str | None


def standings(workspace: Workspace, as_of: date | None = None) -> tuple[Standing, ...]:
    """All accreditations that count here, our own log's and other logs', by holder and first day.

    ``as_of``: on that day, by what was logged until its end. Raises IntegrityError for a trust list that may not be
    gone by any more: it says whose word counts in other logs.
    """
    reading = read_ledger(workspace.ledger, trust_now(workspace))
    own: Sequence[Logged] = reading.logged if as_of is None else Past(workspace.ledger, reading).on(as_of)
    shown = reading.outside.shown(None if as_of is None else last_second(as_of))
    counting = {log: [e for e in entries if reading.outside.counts(e)] for log, entries in shown.items()}
    granted = grants_of(in_order({OWN: own, **counting}))
    names = {party.id: party.name for party in reading.parties().values()}
    day = as_of or day_of(workspace.clock())
    found = []
    for one in granted:
        following = _following(one, granted)
        body = one.held.body
        found.append(
            Standing(
                granted=one,
                holder=names.get(one.grant.party, one.grant.party),
                body=None if body is None else names.get(body, body),
                state=_state(one.held, day, renewed=following is not None),
                renewed_by=None if following is None else following.entry.record.record_id.hex(),
            )
        )
    return tuple(sorted(found, key=lambda s: (s.granted.grant.party, s.granted.held.start)))


def _state(held: Accreditation, day: date, *, renewed: bool) -> State:
    """In force on its last day, no longer on the day of its revocation. Renewal is due a month before (別記3)."""
    last = _last_day(held)
    if held.revoked is not None and day >= held.revoked:
        return State.REVOKED
    if day < held.start:
        return State.NOT_YET
    if last is None:
        return State.IN_FORCE
    if day > last:
        return State.EXPIRED
    provided = renewed or held.self_declared or (held.renewal_requested is not None and held.renewal_requested <= day)
    return State.EXPIRING if day >= month_before(last) and not provided else State.IN_FORCE


def _following(one: Granted, granted: Iterable[Granted]) -> Granted | None:
    """The grant that continues this one: it says so, or it begins under the same body before this one is over."""
    last, own_id = _last_day(one.held), one.entry.record.record_id.hex()
    for other in granted:
        same = other.grant.party == one.grant.party and other.held.body == one.held.body
        later = last is not None and one.held.start < other.held.start <= last + timedelta(days=1)
        if other.grant.renews == own_id or (same and later and other.held.number == one.held.number):
            return other
    return None


def _last_day(held: Accreditation) -> date | None:
    """Its last day: the one stated, or for a body's accreditation the usual one; None: an own code without end."""
    return held.until if held.self_declared else ends(held)


_STATE = {
    State.NOT_YET: Text("開始前", "not yet in force"),
    State.IN_FORCE: Text("有効", "in force"),
    State.EXPIRING: Text("1か月以内に期限（更新の申請なし）", "expires within a month, no renewal applied for"),
    State.EXPIRED: Text("期限切れ", "expired"),
    State.REVOKED: Text("取消し", "revoked"),
}
