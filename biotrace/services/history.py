"""What became of a certificate, in the order of the log, and how it stands."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from biotrace.model.certificate import Certificate
from biotrace.model.correction import Action, Correction
from biotrace.model.delivery import Delivery
from biotrace.model.quantity import Quantity
from biotrace.model.text import Text
from biotrace.verify.case import Case

from .logged import Logged


class State(StrEnum):
    """How a certificate stands."""

    VALID = "valid"
    CANCELLED = "cancelled"
    REPLACED = "replaced"
    ON_HOLD = "on_hold"

    @property
    def label(self) -> Text:
        """The state for people."""
        return _STATE[self]


class What(StrEnum):
    """What an entry of the log did to a certificate."""

    ISSUED = "issued"
    CORRECTED = "corrected"
    NAMED = "named"
    DRAWN_ON = "drawn_on"
    DELIVERED = "delivered"


@dataclass(frozen=True, slots=True)
class Standing:
    """How a certificate stands. ``by``: the correction that says so; None where it is valid."""

    state: State
    by: Logged | None = None


@dataclass(frozen=True, slots=True)
class Event:
    """One entry of the log in a certificate's history.

    ``what`` NAMED: a correction of another certificate names it as replacement or supplement. ``quantity``: what a draw
    or delivery took. ``ended``: the drawing certificate was itself cancelled or replaced.
    """

    what: What
    logged: Logged
    quantity: Quantity | None = None
    ended: bool = False


@dataclass(frozen=True, slots=True)
class History:
    """A certificate's history and its standing at the end of it."""

    events: tuple[Event, ...]
    standing: Standing


def history_of(certificate: Logged, logged: Iterable[Logged], case: Case) -> History:
    """What ``logged`` says of the certificate, in order. ``case``: the same entries, as the rules see them."""
    known = tuple(logged)
    own_id = certificate.record.record_id.hex()
    events = (event for entry in known for event in _events(entry, own_id, case))
    return History(tuple(events), standing_of(own_id, known, case))


def standing_of(certificate: str, logged: Iterable[Logged], case: Case) -> Standing:
    """How the certificate of that record id stands, by the corrections that count."""
    placed = case.withdrawn(certificate)
    if placed is None:
        return Standing(State.VALID)
    by = next(entry for entry in logged if entry.record.body is placed.correction)
    return Standing(_STATE_OF[placed.correction.action], by)


def corrections_of(certificate: str, logged: Iterable[Logged]) -> Iterator[tuple[Logged, Correction]]:
    """The sound corrections of the certificate of that record id, in order."""
    for entry in logged:
        body = entry.record.body
        if isinstance(body, Correction) and body.certificate == certificate and entry.sound:
            yield entry, body


def _events(entry: Logged, certificate: str, case: Case) -> Iterator[Event]:
    body = entry.record.body
    if entry.record.record_id.hex() == certificate:
        yield Event(What.ISSUED, entry)
    elif isinstance(body, Correction):
        if certificate in (body.certificate, body.by):
            yield Event(What.CORRECTED if body.certificate == certificate else What.NAMED, entry)
    elif isinstance(body, Certificate):
        drawn = [draw.quantity for draw in body.draws if draw.certificate == certificate]
        yield from (Event(What.DRAWN_ON, entry, quantity, case.ended(body.id)) for quantity in drawn)
    elif isinstance(body, Delivery) and body.certificate == certificate:
        yield Event(What.DELIVERED, entry, body.quantity)


_STATE_OF = {Action.CANCEL: State.CANCELLED, Action.REPLACE: State.REPLACED, Action.HOLD: State.ON_HOLD}
_STATE = {
    State.VALID: Text("有効", "valid"),
    State.CANCELLED: Text("取消し", "cancelled"),
    State.REPLACED: Text("差替え", "replaced"),
    State.ON_HOLD: Text("保留中", "on hold"),
}
