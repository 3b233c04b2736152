"""Ledgers as the release before the log made them: schema 1, its tables written out here, since the code is gone."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Connection, create_engine, text

from biotrace.chain.keys import kid_of
from biotrace.chain.kinds import KeyBinding
from biotrace.chain.record import Record, cites, content_digest
from tests.builders import NOW

TABLES = """
CREATE TABLE biotrace_meta (
    id INTEGER NOT NULL, schema_version INTEGER NOT NULL, ledger_id TEXT NOT NULL, PRIMARY KEY (id)
) {strict};
CREATE TABLE entry (
    position {big} NOT NULL, record_id {blob} NOT NULL, envelope {blob} NOT NULL, kind INTEGER NOT NULL,
    issuer TEXT NOT NULL, subject TEXT NOT NULL, kid {blob} NOT NULL, seq {big} NOT NULL, content {blob} NOT NULL,
    logged_at {big} NOT NULL,
    PRIMARY KEY (position), UNIQUE (kid, seq), UNIQUE (record_id), UNIQUE (content)
) {strict};
CREATE INDEX ix_entry_subject ON entry (subject);
CREATE INDEX ix_entry_kind ON entry (kind);
CREATE TABLE bound_key (
    kid {blob} NOT NULL, public {blob} NOT NULL, party TEXT NOT NULL, position {big} NOT NULL,
    PRIMARY KEY (kid), UNIQUE (public), UNIQUE (position), FOREIGN KEY(position) REFERENCES entry (position)
) {strict};
CREATE TABLE edge (
    child {big} NOT NULL, parent {big} NOT NULL, PRIMARY KEY (child, parent),
    FOREIGN KEY(child) REFERENCES entry (position), FOREIGN KEY(parent) REFERENCES entry (position)
) {without_rowid};
CREATE INDEX ix_edge_parent ON edge (parent)
"""
SQLITE = {"big": "INTEGER", "blob": "BLOB", "strict": "STRICT", "without_rowid": "WITHOUT ROWID, STRICT"}
POSTGRESQL = {"big": "BIGINT", "blob": "BYTEA", "strict": "", "without_rowid": ""}


def make(where: str | Path, records: list[Record], ledger_id: str = "old", times: list[int] | None = None) -> None:
    """A ledger of schema 1 with these records in a file or at a database address.

    ``times``: when they were logged; without, a minute apart.
    """
    url = where if "://" in str(where) else f"sqlite:///{where}"
    engine = create_engine(str(url))
    with engine.begin() as connection:
        words = POSTGRESQL if connection.dialect.name == "postgresql" else SQLITE
        for statement in TABLES.format(**words).split(";\n"):
            connection.execute(text(statement))
        connection.execute(text("INSERT INTO biotrace_meta VALUES (1, 1, :id)"), {"id": ledger_id})
        places: dict[bytes, int] = {}
        for position, record in enumerate(records):
            at = NOW + 60 * position if times is None else times[position]
            _insert(connection, position, record, at, places)
    if engine.dialect.name == "sqlite":
        with engine.connect() as connection:
            connection.exec_driver_sql("PRAGMA journal_mode=WAL")
    engine.dispose()


def _insert(connection: Connection, position: int, record: Record, at: int, places: dict[bytes, int]) -> None:
    places[record.record_id] = position
    entry = {
        "position": position,
        "record_id": record.record_id,
        "envelope": record.envelope,
        "kind": int(record.kind),
        "issuer": record.issuer,
        "subject": record.subject,
        "kid": record.kid,
        "seq": record.seq,
        "content": content_digest(record),
        "logged_at": at,
    }
    connection.execute(text(f"INSERT INTO entry VALUES ({', '.join(f':{name}' for name in entry)})"), entry)
    for cited in cites(record):
        edge = {"child": position, "parent": places[cited]}
        connection.execute(text("INSERT INTO edge VALUES (:child, :parent)"), edge)
    if isinstance(record.body, KeyBinding):
        key = {"kid": kid_of(record.body.public_key), "public": record.body.public_key, "party": record.body.party}
        statement = text("INSERT INTO bound_key VALUES (:kid, :public, :party, :position)")
        connection.execute(statement, key | {"position": position})
