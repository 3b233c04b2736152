"""The tables of a ledger. ``envelope`` is the truth; every other column of an entry repeats it, for finding.

``tree_node`` repeats the entries too, as the Merkle tree over them; ``checkpoint`` does not: it is what the log signed,
and shows whether the entries are still all there. A change here needs a new SCHEMA_VERSION and a step in
``biotrace.store.upgrade``.
"""

from typing import Any, ClassVar

from sqlalchemy import BigInteger, Integer, LargeBinary, Table, Text, UniqueConstraint
from sqlmodel import Field, SQLModel

SCHEMA_VERSION = 6

_BIG = BigInteger().with_variant(Integer, "sqlite")
"""64 bits everywhere; SQLite needs the plain word for its integer primary key."""
_STRICT = {"sqlite_strict": True}


class Meta(SQLModel, table=True):
    """One row: what this database is. ``origin``: the log's name; ``log_vkey``: its key, as a ``note.VerifierKey``."""

    __tablename__ = "biotrace_meta"
    __table_args__: ClassVar[Any] = _STRICT

    id: int = Field(default=1, primary_key=True)
    schema_version: int
    ledger_id: str = Field(sa_type=Text)
    origin: str = Field(sa_type=Text)
    log_vkey: str = Field(sa_type=Text)


class EntryRow(SQLModel, table=True):
    """One record in the log. ``position`` counts from 0; ``logged_at``: seconds since 1970-01-01 UTC."""

    __tablename__ = "entry"
    __table_args__: ClassVar[Any] = (UniqueConstraint("kid", "seq"), _STRICT)

    position: int = Field(primary_key=True, sa_type=_BIG, sa_column_kwargs={"autoincrement": False})
    record_id: bytes = Field(sa_type=LargeBinary, unique=True)
    envelope: bytes = Field(sa_type=LargeBinary)
    kind: int = Field(index=True)
    issuer: str = Field(sa_type=Text)
    subject: str = Field(sa_type=Text, index=True)
    kid: bytes = Field(sa_type=LargeBinary)
    seq: int = Field(sa_type=_BIG)
    content: bytes = Field(sa_type=LargeBinary, unique=True)
    logged_at: int = Field(sa_type=_BIG)


class EdgeRow(SQLModel, table=True):
    """The entry at ``child`` cites the one at ``parent``."""

    __tablename__ = "edge"
    __table_args__: ClassVar[Any] = _STRICT | {"sqlite_with_rowid": False}

    child: int = Field(primary_key=True, sa_type=_BIG, foreign_key="entry.position")
    parent: int = Field(primary_key=True, sa_type=_BIG, foreign_key="entry.position", index=True)


class KeyRow(SQLModel, table=True):
    """The entry at ``position``, signed by the key ``by_kid``, binds a key to a party."""

    __tablename__ = "bound_key"
    __table_args__: ClassVar[Any] = _STRICT

    kid: bytes = Field(sa_type=LargeBinary, primary_key=True)
    public: bytes = Field(sa_type=LargeBinary, unique=True)
    party: str = Field(sa_type=Text)
    position: int = Field(sa_type=_BIG, foreign_key="entry.position", unique=True)
    root: int
    by_kid: bytes = Field(sa_type=LargeBinary)


class KeyEndRow(SQLModel, table=True):
    """The entry at ``position`` ends a key from the index ``first`` on."""

    __tablename__ = "key_end"
    __table_args__: ClassVar[Any] = _STRICT

    position: int = Field(
        primary_key=True, sa_type=_BIG, sa_column_kwargs={"autoincrement": False}, foreign_key="entry.position"
    )
    kid: bytes = Field(sa_type=LargeBinary, index=True)
    first: int = Field(sa_type=_BIG)


class NumberRow(SQLModel, table=True):
    """The number that the paper at ``position`` bears: a certificate's, a document's or an accreditation's."""

    __tablename__ = "paper_number"
    __table_args__: ClassVar[Any] = _STRICT

    position: int = Field(
        primary_key=True, sa_type=_BIG, sa_column_kwargs={"autoincrement": False}, foreign_key="entry.position"
    )
    number: str = Field(sa_type=Text, index=True)


class CopyRow(SQLModel, table=True):
    """The entry at ``position`` may hold a copy of the same document as others of that ``identity``.

    See ``store.projections``.
    """

    __tablename__ = "document_copy"
    __table_args__: ClassVar[Any] = _STRICT

    position: int = Field(
        primary_key=True, sa_type=_BIG, sa_column_kwargs={"autoincrement": False}, foreign_key="entry.position"
    )
    identity: bytes = Field(sa_type=LargeBinary, index=True)


class VolumeRow(SQLModel, table=True):
    """The certificate at ``position`` puts so many cm³ on the documents that it cites, and says so in m³."""

    __tablename__ = "certified_m3"
    __table_args__: ClassVar[Any] = _STRICT

    position: int = Field(
        primary_key=True, sa_type=_BIG, sa_column_kwargs={"autoincrement": False}, foreign_key="entry.position"
    )
    cm3: int = Field(sa_type=_BIG)


class HandedRow(SQLModel, table=True):
    """By the certificate at ``position`` wood went from one party to another, or to one not named.

    Of parties their ids, see ``projections.id_written``. ``issuer``: who issued it, where that is another party than
    the seller. ``day``: its date, ISO 8601. ``amount`` in the base units of ``unit``; ``moisture`` in 1/10,000.
    ``species``: JSON, a list of texts; NULL for none.
    """

    __tablename__ = "handed_over"
    __table_args__: ClassVar[Any] = _STRICT

    position: int = Field(
        primary_key=True, sa_type=_BIG, sa_column_kwargs={"autoincrement": False}, foreign_key="entry.position"
    )
    seller: str = Field(sa_type=Text, index=True)
    buyer: str | None = Field(default=None, sa_type=Text, index=True)
    issuer: str | None = Field(default=None, sa_type=Text, index=True)
    day: str = Field(sa_type=Text)
    amount: int = Field(sa_type=_BIG)
    unit: str = Field(sa_type=Text)
    moisture: int | None = None
    species: str | None = Field(default=None, sa_type=Text)


class DrawnRow(SQLModel, table=True):
    """In its ``nth`` draw the certificate at ``child`` takes so much of another.

    ``certificate``: that one's record id. ``amount``, ``unit``, ``moisture`` as in ``HandedRow``.
    """

    __tablename__ = "drawn"
    __table_args__: ClassVar[Any] = _STRICT | {"sqlite_with_rowid": False}

    child: int = Field(primary_key=True, sa_type=_BIG, foreign_key="entry.position")
    nth: int = Field(primary_key=True)
    certificate: bytes = Field(sa_type=LargeBinary)
    amount: int = Field(sa_type=_BIG)
    unit: str = Field(sa_type=Text)
    moisture: int | None = None


class ArrivedRow(SQLModel, table=True):
    """The delivery at ``position``: what party ``sender`` brought to party ``place``, by which certificate, if any.

    ``certificate``: a record id. The others as in ``HandedRow``.
    """

    __tablename__ = "arrived"
    __table_args__: ClassVar[Any] = _STRICT

    position: int = Field(
        primary_key=True, sa_type=_BIG, sa_column_kwargs={"autoincrement": False}, foreign_key="entry.position"
    )
    sender: str | None = Field(default=None, sa_type=Text)
    place: str = Field(sa_type=Text)
    day: str = Field(sa_type=Text)
    certificate: bytes | None = Field(default=None, sa_type=LargeBinary)
    amount: int = Field(sa_type=_BIG)
    unit: str = Field(sa_type=Text)
    moisture: int | None = None


class FelledRow(SQLModel, table=True):
    """The certificate at ``position`` may name a felling place of that number: see ``verify.places.numbers_in``."""

    __tablename__ = "felled_at"
    __table_args__: ClassVar[Any] = _STRICT | {"sqlite_with_rowid": False}

    number: str = Field(primary_key=True, sa_type=Text)
    position: int = Field(primary_key=True, sa_type=_BIG, foreign_key="entry.position", index=True)


class NodeRow(SQLModel, table=True):
    """The root of a complete subtree of the log's Merkle tree, leaves' hashes included: a ``merkle.Node``."""

    __tablename__ = "tree_node"
    __table_args__: ClassVar[Any] = _STRICT | {"sqlite_with_rowid": False}

    level: int = Field(primary_key=True)
    idx: int = Field(primary_key=True, sa_type=_BIG)
    hash: bytes = Field(sa_type=LargeBinary)


class CheckpointRow(SQLModel, table=True):
    """What the log signed at that size: one for each append, and one for the empty log.

    ``note``: the whole signed note, to which cosignatures are added. ``made_at``: when it was signed, seconds since
    1970-01-01 UTC; None where no time was given, as for the empty log.
    """

    __tablename__ = "checkpoint"
    __table_args__: ClassVar[Any] = _STRICT

    size: int = Field(primary_key=True, sa_type=_BIG, sa_column_kwargs={"autoincrement": False})
    note: bytes = Field(sa_type=LargeBinary)
    made_at: int | None = Field(default=None, sa_type=_BIG)


class ForeignLogRow(SQLModel, table=True):
    """Another scheme's log of which records are held here. ``vkey``: its key, as a ``note.VerifierKey``."""

    __tablename__ = "foreign_log"
    __table_args__: ClassVar[Any] = _STRICT

    origin: str = Field(primary_key=True, sa_type=Text)
    vkey: str = Field(sa_type=Text)


class ForeignTreeRow(SQLModel, table=True):
    """A tree of another log, shown to continue into its tree of size ``proven_to`` by ``proof``, 32 bytes a step.

    ``note``: its checkpoint, where the log's own is held.
    """

    __tablename__ = "foreign_tree"
    __table_args__: ClassVar[Any] = _STRICT | {"sqlite_with_rowid": False}

    origin: str = Field(primary_key=True, sa_type=Text, foreign_key="foreign_log.origin")
    size: int = Field(primary_key=True, sa_type=_BIG)
    root: bytes = Field(sa_type=LargeBinary)
    proven_to: int = Field(sa_type=_BIG)
    proof: bytes = Field(sa_type=LargeBinary)
    note: bytes | None = Field(default=None, sa_type=LargeBinary)


class ForeignEntryRow(SQLModel, table=True):
    """A record at its index in another log, with that log's receipt. It is never given an index in ours."""

    __tablename__ = "foreign_entry"
    __table_args__: ClassVar[Any] = _STRICT

    origin: str = Field(primary_key=True, sa_type=Text, foreign_key="foreign_log.origin")
    idx: int = Field(primary_key=True, sa_type=_BIG)
    record_id: bytes = Field(sa_type=LargeBinary, unique=True)
    envelope: bytes = Field(sa_type=LargeBinary)
    receipt: bytes = Field(sa_type=LargeBinary)
    taken_at: int = Field(sa_type=_BIG)


class StatementRow(SQLModel, table=True):
    """Another log's statement that these are all its records touching certain lots. ``indexes``: JSON, ascending."""

    __tablename__ = "foreign_statement"
    __table_args__: ClassVar[Any] = _STRICT

    digest: bytes = Field(primary_key=True, sa_type=LargeBinary)
    origin: str = Field(sa_type=Text, foreign_key="foreign_log.origin")
    statement: bytes = Field(sa_type=LargeBinary)
    checkpoint: bytes = Field(sa_type=LargeBinary)
    indexes: str = Field(sa_type=Text)


class DisclosureRow(SQLModel, table=True):
    """The value of a private field of a record, ours or foreign. ``value``: JSON, a text or an integer."""

    __tablename__ = "disclosure"
    __table_args__: ClassVar[Any] = _STRICT

    record_id: bytes = Field(primary_key=True, sa_type=LargeBinary)
    field: int = Field(primary_key=True)
    salt: bytes = Field(primary_key=True, sa_type=LargeBinary)
    value: str = Field(sa_type=Text)


_FOREIGN = (ForeignLogRow, ForeignTreeRow, ForeignEntryRow, StatementRow, DisclosureRow)
_OWN = (
    *(Meta, EntryRow, EdgeRow, KeyRow, KeyEndRow, NumberRow, CopyRow, VolumeRow, HandedRow, DrawnRow, ArrivedRow),
    FelledRow,
    *(NodeRow, CheckpointRow),
)
TABLES: tuple[Table, ...] = tuple(SQLModel.metadata.tables[str(row.__tablename__)] for row in (*_OWN, *_FOREIGN))
"""All tables, those that others refer to first."""
