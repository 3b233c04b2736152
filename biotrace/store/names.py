"""What a few of a ledger's entries hold, newest first: for suggestions, which nothing rests on."""

from __future__ import annotations

from sqlalchemy import Connection, select
from sqlmodel import col

from biotrace.chain.kinds import RecordKind

from .tables import EntryRow


def latest_of(connection: Connection, kind: RecordKind, most: int) -> list[bytes]:
    """The envelopes of the last ``most`` records of a kind, the newest first, unverified."""
    stored = select(col(EntryRow.envelope)).where(col(EntryRow.kind) == int(kind))
    return list(connection.scalars(stored.order_by(col(EntryRow.position).desc()).limit(most)))
