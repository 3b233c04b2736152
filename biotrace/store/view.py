"""What a ledger's database holds, and what a transaction is adding to it: the view that admits the next record."""

from __future__ import annotations

from sqlalchemy import Connection, bindparam, select
from sqlmodel import col

from biotrace.chain.admit import BoundKey, Held
from biotrace.chain.record import Head, Record, parse_record
from biotrace.chain.replay import Replay

from .tables import EntryRow, KeyRow

# Built once: building a statement takes longer than asking SQLite.
_ROOT = select(col(EntryRow.kid)).where(col(EntryRow.position) == 0)
_KEY = select(col(KeyRow.public), col(KeyRow.party)).where(col(KeyRow.kid) == bindparam("of_kid"))
_HEAD = (
    select(col(EntryRow.seq), col(EntryRow.record_id))
    .where(col(EntryRow.kid) == bindparam("of_kid"))
    .order_by(col(EntryRow.seq).desc())
    .limit(1)
)
_RECORD = select(col(EntryRow.position), col(EntryRow.envelope)).where(col(EntryRow.record_id) == bindparam("of_id"))


class StoredView:
    """An ``admit.View`` over a database. Good within one transaction, in which nobody else writes."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._added = Replay()
        self._known: dict[bytes, tuple[int, Held]] = {}
        self._root: bytes | None = None

    def take(self, record: Record, position: int) -> None:
        """Remember a record that is about to be written."""
        self._added.take(record, position)

    def position(self, record_id: bytes) -> int | None:
        """Where the record of that id stands, or is about to."""
        found = self._find(record_id)
        return None if found is None else found[0]

    def root_kid(self) -> bytes | None:
        """See ``admit.View``."""
        if self._root is None:
            self._root = self._connection.scalar(_ROOT) or self._added.root_kid()
        return self._root

    def bound_key(self, kid: bytes) -> BoundKey | None:
        """See ``admit.View``."""
        if (key := self._added.bound_key(kid)) is not None:
            return key
        row = self._connection.execute(_KEY, {"of_kid": kid}).first()
        if row is None:
            return None
        key = BoundKey(row.public, row.party)
        self._added.bind(kid, key)
        return key

    def head(self, kid: bytes) -> Head | None:
        """See ``admit.View``."""
        if (head := self._added.head(kid)) is not None:
            return head
        row = self._connection.execute(_HEAD, {"of_kid": kid}).first()
        return None if row is None else Head(row.seq, row.record_id)

    def held(self, record_id: bytes) -> Held | None:
        """See ``admit.View``."""
        found = self._find(record_id)
        return None if found is None else found[1]

    def _find(self, record_id: bytes) -> tuple[int, Held] | None:
        found = self._added.find(record_id) or self._known.get(record_id)
        if found is not None:
            return found
        row = self._connection.execute(_RECORD, {"of_id": record_id}).first()
        if row is None:
            return None
        self._known[record_id] = (row.position, Held.of(parse_record(row.envelope)))
        return self._known[record_id]
