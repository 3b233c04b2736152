"""From schema 1, a table of records, to schema 2: a log with its tree and first checkpoint, and keys that end."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress

from sqlalchemy import Connection, Row, text

from biotrace.chain.binding import binding_of
from biotrace.chain.kinds import KeyEnd
from biotrace.chain.leaf import Leaf
from biotrace.chain.merkle import Frontier
from biotrace.chain.record import parse_record
from biotrace.errors import IntegrityError

from .log_key import LogKey

_ROWS = 1_000
_TABLES = """
DROP TABLE biotrace_meta;
CREATE TABLE biotrace_meta (
    id INTEGER NOT NULL PRIMARY KEY, schema_version INTEGER NOT NULL, ledger_id TEXT NOT NULL, origin TEXT NOT NULL,
    log_vkey TEXT NOT NULL) {strict};
DROP TABLE bound_key;
CREATE TABLE bound_key (
    kid {blob} NOT NULL PRIMARY KEY, public {blob} NOT NULL UNIQUE, party TEXT NOT NULL,
    position {big} NOT NULL UNIQUE REFERENCES entry (position), root INTEGER NOT NULL, by_kid {blob} NOT NULL) {strict};
CREATE TABLE key_end (
    position {big} NOT NULL PRIMARY KEY REFERENCES entry (position), kid {blob} NOT NULL, first {big} NOT NULL
) {strict};
CREATE INDEX ix_key_end_kid ON key_end (kid);
CREATE TABLE tree_node (
    level INTEGER NOT NULL, idx {big} NOT NULL, hash {blob} NOT NULL, PRIMARY KEY (level, idx)) {without_rowid};
CREATE TABLE checkpoint (size {big} NOT NULL PRIMARY KEY, note {blob} NOT NULL, made_at {big}) {strict};
CREATE TABLE foreign_log (origin TEXT NOT NULL PRIMARY KEY, vkey TEXT NOT NULL) {strict};
CREATE TABLE foreign_tree (
    origin TEXT NOT NULL REFERENCES foreign_log (origin), size {big} NOT NULL, root {blob} NOT NULL,
    proven_to {big} NOT NULL, proof {blob} NOT NULL, note {blob}, PRIMARY KEY (origin, size)) {without_rowid};
CREATE TABLE foreign_entry (
    origin TEXT NOT NULL REFERENCES foreign_log (origin), idx {big} NOT NULL, record_id {blob} NOT NULL UNIQUE,
    envelope {blob} NOT NULL, receipt {blob} NOT NULL, taken_at {big} NOT NULL, PRIMARY KEY (origin, idx)) {strict};
CREATE TABLE foreign_statement (
    digest {blob} NOT NULL PRIMARY KEY, origin TEXT NOT NULL REFERENCES foreign_log (origin), statement {blob} NOT NULL,
    checkpoint {blob} NOT NULL, indexes TEXT NOT NULL) {strict};
CREATE TABLE disclosure (
    record_id {blob} NOT NULL, field INTEGER NOT NULL, salt {blob} NOT NULL, value TEXT NOT NULL,
    PRIMARY KEY (record_id, field, salt)) {strict}
"""
_WORDS = {
    "sqlite": {"big": "INTEGER", "blob": "BLOB", "strict": "STRICT", "without_rowid": "STRICT, WITHOUT ROWID"},
    "postgresql": {"big": "BIGINT", "blob": "BYTEA", "strict": "", "without_rowid": ""},
}
_META = text("INSERT INTO biotrace_meta VALUES (1, 2, :ledger_id, :origin, :vkey)")
_NODE = text("INSERT INTO tree_node VALUES (:level, :idx, :hash)")
_CHECKPOINT = text("INSERT INTO checkpoint VALUES (:size, :note, :made_at)")
_KEY = text("INSERT INTO bound_key VALUES (:kid, :public, :party, :position, :root, :by_kid)")
_KEY_END = text("INSERT INTO key_end VALUES (:position, :kid, :first)")


def to_2(connection: Connection, log: LogKey | None, made_at: int | None) -> None:
    """Give the ledger a name as a log, build the tree over its entries as they stand, and sign it.

    Which keys there are is taken from the records anew: schema 1 did not say which key bound them.
    """
    assert log is not None, "whoever begins a log has its key"
    ledger_id = connection.execute(text("SELECT ledger_id FROM biotrace_meta")).scalar_one()
    for statement in _TABLES.format(**_WORDS[connection.dialect.name]).split(";\n"):
        connection.execute(text(statement))
    connection.execute(_META, {"ledger_id": ledger_id, "origin": log.origin, "vkey": str(log.verifier)})
    frontier = Frontier()
    for rows in _entries(connection):
        nodes = [node for row in rows for node in frontier.append(Leaf(bytes(row.record_id), row.logged_at).hash)]
        connection.execute(_NODE, [{"level": n.level, "idx": n.index, "hash": n.hash} for n in nodes])
        for row in rows:
            _keep_keys(connection, row.position, bytes(row.envelope))
    signed = log.sign(frontier.size, frontier.root())
    connection.execute(_CHECKPOINT, {"size": signed.size, "note": signed.to_bytes(), "made_at": made_at})


def _entries(connection: Connection) -> Iterator[Sequence[Row[tuple[int, bytes, int, bytes]]]]:
    """All entries, in batches."""
    query = text(
        "SELECT position, record_id, logged_at, envelope FROM entry WHERE position > :after ORDER BY position"
        " LIMIT :rows"
    )
    after = -1
    while batch := connection.execute(query, {"after": after, "rows": _ROWS}).all():
        yield batch
        after = batch[-1].position


def _keep_keys(connection: Connection, position: int, envelope: bytes) -> None:
    """Note the key that a record binds or ends, if any."""
    with suppress(IntegrityError):  # bytes that are no record are told by the check that follows the last step
        record = parse_record(envelope)
        if (binding := binding_of(record, position)) is not None:
            kid, key = binding
            row = {"kid": kid, "public": key.public, "party": key.party, "position": position}
            connection.execute(_KEY, row | {"root": int(key.root), "by_kid": key.by})
        if isinstance(record.body, KeyEnd):
            connection.execute(_KEY_END, {"position": position, "kid": record.body.kid, "first": record.body.first})
