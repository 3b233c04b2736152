"""From schema 5 to schema 6: amounts beside who sold to whom, draws, what arrived, and numbers of felling places.

A number with a NUL, by which nobody can ask, is in no table any more.
"""

from __future__ import annotations

from sqlalchemy import Connection, text

from .log_key import LogKey
from .projections import arrived_of, drawn_of, felled_of, handed_of
from .upgrade_rows import insert, records_of

_TABLES = """
DROP TABLE handed_over;
CREATE TABLE handed_over (
    position {big} NOT NULL PRIMARY KEY REFERENCES entry (position), seller TEXT NOT NULL, buyer TEXT, issuer TEXT,
    day TEXT NOT NULL, amount {big} NOT NULL, unit TEXT NOT NULL, moisture INTEGER, species TEXT) {strict};
CREATE INDEX ix_handed_over_seller ON handed_over (seller);
CREATE INDEX ix_handed_over_buyer ON handed_over (buyer);
CREATE INDEX ix_handed_over_issuer ON handed_over (issuer);
CREATE TABLE drawn (
    child {big} NOT NULL REFERENCES entry (position), nth INTEGER NOT NULL, certificate {bytes} NOT NULL,
    amount {big} NOT NULL, unit TEXT NOT NULL, moisture INTEGER, PRIMARY KEY (child, nth)) {keyed};
CREATE TABLE arrived (
    position {big} NOT NULL PRIMARY KEY REFERENCES entry (position), sender TEXT, place TEXT NOT NULL,
    day TEXT NOT NULL, certificate {bytes}, amount {big} NOT NULL, unit TEXT NOT NULL, moisture INTEGER) {strict};
CREATE TABLE felled_at (
    number TEXT NOT NULL, position {big} NOT NULL REFERENCES entry (position), PRIMARY KEY (number, position)) {keyed};
CREATE INDEX ix_felled_at_position ON felled_at (position)
"""
_WORDS = {
    "sqlite": {"big": "INTEGER", "bytes": "BLOB", "strict": "STRICT", "keyed": "WITHOUT ROWID, STRICT"},
    "postgresql": {"big": "BIGINT", "bytes": "BYTEA", "strict": "", "keyed": ""},
}
_CERTIFICATES, _DELIVERIES = (3,), (5,)
"""By their numbers in the record format."""
_HANDED = text(
    "INSERT INTO handed_over VALUES (:position, :seller, :buyer, :issuer, :day, :amount, :unit, :moisture, :species)"
)
_DRAWN = text("INSERT INTO drawn VALUES (:child, :nth, :certificate, :amount, :unit, :moisture)")
_ARRIVED = text(
    "INSERT INTO arrived VALUES (:position, :sender, :place, :day, :certificate, :amount, :unit, :moisture)"
)
_FELLED = text("INSERT INTO felled_at VALUES (:number, :position)")


def to_6(connection: Connection, _log: LogKey | None, _made_at: int | None) -> None:
    """Fill the tables from the records, whose bytes and tree stay what they are: nothing is signed.

    What was wrong with rows of who sold to whom is gone with them; it stands in the backup.
    """
    for statement in _TABLES.format(**_WORDS[connection.dialect.name]).split(";\n"):
        connection.execute(text(statement))
    if connection.dialect.name == "sqlite":  # others could not hold them
        connection.execute(text("DELETE FROM paper_number WHERE instr(number, char(0)) > 0"))
    for records in records_of(connection, _CERTIFICATES):
        handed = [(position, handed_of(record)) for position, record in records]
        insert(connection, _HANDED, [{"position": p} | h._asdict() for p, h in handed if h is not None])
        drawn = [(position, one) for position, record in records for one in drawn_of(record)]
        insert(connection, _DRAWN, [{"child": position} | one._asdict() for position, one in drawn])
        felled = [{"number": number, "position": p} for p, record in records for number in felled_of(record)]
        insert(connection, _FELLED, felled)
    for records in records_of(connection, _DELIVERIES):
        arrived = [(position, arrived_of(record)) for position, record in records]
        insert(connection, _ARRIVED, [{"position": p} | a._asdict() for p, a in arrived if a is not None])
