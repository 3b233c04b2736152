"""Walks down citations, in the database: what certificates led to, and whose they were, without reading the others.

As in ``closure`` each entry is asked about once, in lists, so what a walk costs goes with what it finds. All that is
found by this may be traced; what of it counts, and how much wood went where, is for judgement to say.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import NamedTuple

from sqlalchemy import Connection, Select, bindparam, select
from sqlmodel import col

from biotrace.chain.kinds import RecordKind
from biotrace.chain.record import parse_record
from biotrace.errors import IntegrityError, UpdateNeededError, UsageError
from biotrace.model.correction import Action, Correction
from biotrace.model.text import Text
from biotrace.verify.places import RANGE

from .closure import chunks, listed
from .entries import is_text
from .entry_rows import bytes_at
from .pools import Citation
from .projections import id_written
from .tables import FelledRow, HandedRow

_CERTIFICATE, _CORRECTION = RecordKind.CERTIFICATE, RecordKind.CORRECTION
_RESTING = (_CERTIFICATE, RecordKind.DELIVERY, _CORRECTION)
_AT = col(HandedRow.position)
_SOLD_BY = select(_AT).where(col(HandedRow.seller) == bindparam("party")).order_by(_AT)
_FOR_OTHERS = select(_AT).where(col(HandedRow.issuer) == bindparam("party")).order_by(_AT)
_ITS_OWN = _SOLD_BY.where(col(HandedRow.issuer).is_(None))
_BOUGHT_BY = select(_AT).where(col(HandedRow.buyer) == bindparam("party")).order_by(_AT)

_FELLED_AT = select(col(FelledRow.position)).where(col(FelledRow.number) == bindparam("number"))
_ANYWHERE = select(col(FelledRow.position)).distinct().order_by(col(FelledRow.position))


def certificates_sold_by(connection: Connection, party: str) -> list[int]:
    """The positions, ascending, of the certificates by which a party sold. ``party``: its id."""
    return _of_party(connection, party, _SOLD_BY)


def certificates_issued_by(connection: Connection, party: str) -> list[int]:
    """The positions, ascending, of the certificates that a party issued, when it sold or for others."""
    return sorted(_of_party(connection, party, _ITS_OWN, _FOR_OTHERS))


def certificates_bought_by(connection: Connection, party: str) -> list[int]:
    """The positions, ascending, of the certificates by which a party bought. ``party``: its id."""
    return _of_party(connection, party, _BOUGHT_BY)


def _of_party(connection: Connection, party: str, *queries: Select[int]) -> list[int]:
    if not is_text(party):
        return []
    asked = {"party": id_written(party)}
    return [position for query in queries for position in connection.scalars(query, asked)]


def certificates_felled_at(connection: Connection, numbers: Collection[str] | None) -> list[int]:
    """The positions, ascending, of the certificates that may name a felling place of such a number, or of a range.

    ``numbers``: see ``verify.places.numbers_in``; None: any.
    """
    if numbers is None:
        return list(connection.scalars(_ANYWHERE))
    wanted = {RANGE, *(number for number in numbers if is_text(number))}
    return sorted({position for number in wanted for position in connection.scalars(_FELLED_AT, {"number": number})})


class Reached(NamedTuple):
    """Entries, by position. ``citations``: those of any of them by certificates, deliveries and corrections."""

    entries: set[int]
    citations: list[Citation]


def downstream(connection: Connection, positions: Iterable[int]) -> set[int]:
    """The entries at ``positions`` and all that rests on them, at whatever depth.

    Certificates and deliveries that cite them, cited by cited, and every correction of any of these. What replaces a
    certificate stands for it. A certificate and what supplements it share their papers, so each rests on the other.
    Raises UsageError for a position that is not held.
    """
    return reached(connection, positions).entries


def reached(connection: Connection, positions: Iterable[int]) -> Reached:
    """The same, with the citations that led there."""
    step = set(positions)
    if missing := step - _held(connection, step):
        raise UsageError(Text(f"台帳に {min(missing)} 番はありません", f"the ledger has no entry {min(missing)}"))
    found = Reached(set(), [])
    while step:
        found.entries.update(step)
        citing = _citing(connection, step, _RESTING, found.citations)
        corrections = {position for position, kind in citing.items() if kind == _CORRECTION} - found.entries
        named = (place for pair in _pairs(connection, corrections) for place in pair.leads_to)
        step = {*citing, *named} - found.entries
    return found


def citing_certificates(connection: Connection, documents: Iterable[int]) -> list[int]:
    """The certificates that rest on the documents at these positions, in the order of the log.

    Those that cite them, and those that one of these supplements. Other entries that hold a copy of such a document are
    other documents here: see ``closure.with_copies``.
    """
    found: set[int] = set()
    step = set(_citing(connection, set(documents), (_CERTIFICATE,)))
    while step:
        found |= step
        pairs = _pairs(connection, _citing(connection, step, (_CORRECTION,)))
        step = {pair.certificate for pair in pairs if pair.supplements and pair.by in found} - found
    return sorted(found)


class _Pair(NamedTuple):
    """The certificate that a correction is about and the one that it puts beside it or in its place, by position."""

    certificate: int
    by: int
    supplements: bool

    @property
    def leads_to(self) -> tuple[int, ...]:
        return (self.certificate, self.by) if self.supplements else (self.by,)


def _pairs(connection: Connection, corrections: Collection[int]) -> list[_Pair]:
    """Of the corrections that name two of our certificates, which these are. Citations alone do not say which is which.

    What cannot be read leads nowhere: whoever reads it next tells of the damage.
    """
    named: dict[int, dict[str, int]] = {}
    for chunk in chunks(corrections):
        rows = connection.exec_driver_sql(
            "SELECT e.child, n.record_id, e.parent FROM edge e JOIN entry n ON n.position = e.parent"
            f" AND +n.kind = {int(_CERTIFICATE)} WHERE e.child IN {chunk}"
        )
        for child, record_id, parent in rows:
            named.setdefault(child, {})[bytes(record_id).hex()] = parent
    two = {position: of for position, of in named.items() if len(of) > 1}
    found: list[_Pair] = []
    for entry in bytes_at(connection, two):
        body, of = _correction(entry.envelope), two[entry.position]
        if body is not None and body.certificate in of and body.by in of:
            found.append(_Pair(of[body.certificate], of[body.by], body.action is Action.SUPPLEMENT))
    return found


def _correction(envelope: bytes) -> Correction | None:
    try:
        body = parse_record(envelope).body
    except (IntegrityError, UpdateNeededError):
        return None
    return body if isinstance(body, Correction) else None


def _citing(
    connection: Connection,
    positions: Collection[int],
    kinds: Iterable[RecordKind],
    citations: list[Citation] | None = None,
) -> dict[int, int]:
    """The kinds, by position, of the entries of these kinds that cite one of those. ``citations``: gets these, too."""
    found: dict[int, int] = {}
    for chunk in chunks(positions):
        # The plus: see ``closure``.
        rows = connection.exec_driver_sql(
            "SELECT e.child, n.kind, e.parent FROM edge e JOIN entry n ON n.position = e.child"
            f" AND +n.kind IN {listed(kinds)} WHERE e.parent IN {chunk}"
        ).all()
        found.update((child, kind) for child, kind, _ in rows)
        if citations is not None:
            citations += ((child, parent) for child, _, parent in rows)
    return found


def _held(connection: Connection, positions: Collection[int]) -> set[int]:
    """Those of them that are there."""
    found: set[int] = set()
    for chunk in chunks(positions):
        found.update(connection.exec_driver_sql(f"SELECT position FROM entry WHERE position IN {chunk}").scalars())
    return found
