"""What a ledger's database holds, and what a transaction is adding to it: the view that admits the next record."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import Connection, bindparam, func, select
from sqlmodel import col

from biotrace.chain.admit import Held
from biotrace.chain.binding import BoundKey, End
from biotrace.chain.kinds import RecordKind
from biotrace.chain.record import Head, Record, parse_record
from biotrace.chain.replay import Replay
from biotrace.errors import IntegrityError
from biotrace.model.party import Party, Role

from .tables import EntryRow, ForeignEntryRow, KeyEndRow, KeyRow

# Built once: building a statement takes longer than asking SQLite.
_LAST = select(func.max(col(EntryRow.position)))
_KEY = select(
    *(col(KeyRow.public), col(KeyRow.party), col(KeyRow.root), col(KeyRow.by_kid), col(KeyRow.position))
).where(col(KeyRow.kid) == bindparam("of_kid"))
_ENDS = (
    select(col(KeyEndRow.first), col(EntryRow.kid), col(KeyEndRow.position))
    .join(EntryRow, col(EntryRow.position) == col(KeyEndRow.position))
    .where(col(KeyEndRow.kid) == bindparam("of_kid"))
)
_HEAD = (
    select(col(EntryRow.seq), col(EntryRow.record_id))
    .where(col(EntryRow.kid) == bindparam("of_kid"))
    .order_by(col(EntryRow.seq).desc())
    .limit(1)
)
_RECORD = select(col(EntryRow.position), col(EntryRow.envelope)).where(col(EntryRow.record_id) == bindparam("of_id"))

_RECORDS = select(col(EntryRow.record_id), col(EntryRow.position), col(EntryRow.envelope)).where(
    col(EntryRow.record_id).in_(bindparam("ids", expanding=True))
)
_CHUNK = 5_000


class StoredView:
    """An ``admit.View`` over a database. Good within one transaction, in which nobody else writes."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._added = Replay()
        self._known: dict[bytes, tuple[int, Held]] = {}
        self._ends: dict[bytes, tuple[End, ...]] = {}
        self._size: int | None = None

    def look_up(self, record_ids: Iterable[bytes]) -> None:
        """Read the records of these ids together, before they are asked for one by one, which takes far longer."""
        wanted = list(dict.fromkeys(record_ids))
        for i in range(0, len(wanted), _CHUNK):
            for record_id, position, envelope in self._connection.execute(_RECORDS, {"ids": wanted[i : i + _CHUNK]}):
                self._known[record_id] = (position, Held.of(parse_record(envelope)))

    def take(self, record: Record, position: int) -> None:
        """Remember a record that is about to be written."""
        self._added.take(record, position)

    def position(self, record_id: bytes) -> int | None:
        """Where the record of that id stands, or is about to; None for one that is not ours."""
        found = self._find(record_id)
        return None if found is None else found[0]

    def size(self) -> int:
        """See ``admit.View``."""
        if self._size is None:
            last = self._connection.scalar(_LAST)
            self._size = 0 if last is None else last + 1
        return max(self._size, self._added.size())

    def bound_key(self, kid: bytes) -> BoundKey | None:
        """See ``binding.Keys``."""
        if (key := self._added.bound_key(kid)) is not None:
            return key
        row = self._connection.execute(_KEY, {"of_kid": kid}).first()
        if row is None:
            return None
        key = BoundKey(row.public, row.party, bool(row.root), row.by_kid, row.position)
        self._added.bind(kid, key)
        return key

    def ends(self, kid: bytes) -> tuple[End, ...]:
        """See ``binding.Keys``."""
        if kid not in self._ends:
            rows = self._connection.execute(_ENDS, {"of_kid": kid})
            self._ends[kid] = tuple(End(*row) for row in rows)
        return self._ends[kid] + self._added.ends(kid)

    def head(self, kid: bytes) -> Head | None:
        """See ``admit.View``."""
        if (head := self._added.head(kid)) is not None:
            return head
        row = self._connection.execute(_HEAD, {"of_kid": kid}).first()
        return None if row is None else Head(row.seq, row.record_id)

    def held(self, record_id: bytes) -> Held | None:
        """See ``admit.View``."""
        found = self._find(record_id)
        return foreign_record(self._connection, record_id) if found is None else found[1]

    def is_body(self, party: str) -> bool:
        """See ``admit.View``. Asked for grants by bodies only, of which there are few, so all parties may be read."""
        known = self._added.knows_body(party)
        if known is not None:
            return known
        stored = select(col(EntryRow.envelope)).where(col(EntryRow.kind) == int(RecordKind.PARTY))
        latest_first = self._connection.scalars(stored.order_by(col(EntryRow.position).desc()))
        parties = (parse_record(envelope).body for envelope in latest_first)
        return next((Role.BODY in b.roles for b in parties if isinstance(b, Party) and b.id == party), False)

    def _find(self, record_id: bytes) -> tuple[int, Held] | None:
        found = self._added.find(record_id) or self._known.get(record_id)
        if found is not None:
            return found
        row = self._connection.execute(_RECORD, {"of_id": record_id}).first()
        if row is None:
            return None
        self._known[record_id] = (row.position, Held.of(parse_record(row.envelope)))
        return self._known[record_id]


def foreign_record(connection: Connection, record_id: bytes) -> Held | None:
    """What is to be known of a record of another log that is held here. A damaged one is none."""
    stored = select(col(ForeignEntryRow.envelope)).where(col(ForeignEntryRow.record_id) == record_id)
    envelope = connection.scalar(stored)
    if envelope is None:
        return None
    try:
        record = parse_record(envelope)
    except IntegrityError:
        return None
    return Held.of(record) if record.record_id == record_id else None
