"""Records: signed claims, each linked to its signer's previous one. Record format version 1.

The envelope is ``biotrace.chain.cose``, what is signed in it ``biotrace.chain.payload``. ``seq`` counts the records of
one key from 0, ``prev`` is the id of that key's record before.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from operator import attrgetter
from typing import NamedTuple
from weakref import WeakKeyDictionary

from . import body as bodies
from . import cbor, cose, payload
from .keys import DeviceKey, PublicKey
from .kinds import Body, RecordKind
from .made import maker
from .payload import ID_BYTES as ID_BYTES
from .payload import VERSION as VERSION
from .payload import Names, Place, Said


@dataclass(frozen=True, slots=True, weakref_slot=True)
class Record:
    """A record as parsed; whether its signature verifies, and whether a ledger takes it, is asked elsewhere.

    ``issuer``: party id of the signer. ``subject``: the signer's own name for what it is about, such as "c-1".
    ``issued_at``: seconds since 1970-01-01 UTC, as the signer states. ``transcribed``: the signer copied a paper and
    does not speak for its issuer. ``record_id``: SHA-256 of ``envelope``, the exact signed bytes. ``content``: the
    bytes of what it says. ``signed``: the envelope's parts.
    """

    kind: RecordKind
    seq: int
    prev: bytes | None
    issuer: str
    subject: str
    issued_at: int
    kid: bytes
    body: Body
    names: Names
    transcribed: bool
    record_id: bytes
    envelope: bytes
    content: bytes = field(repr=False)
    signed: cose.Signed = field(repr=False, compare=False)
    version: int = VERSION


_made = maker(Record)
_SAID = attrgetter(*[f.name for f in fields(Record) if f.name not in ("envelope", "content", "signed", "version")])
_NO_BYTES = cose.Signed(b"", b"", b"", b"", b"", b"", "", "", 0)
_SIGNED_HERE: WeakKeyDictionary[Record, bytes] = WeakKeyDictionary()
"""See ``signed_here``: public keys by all that a record says. It keeps no record that nobody else keeps."""


class Head(NamedTuple):
    """The last record of a key's chain."""

    seq: int
    record_id: bytes


@dataclass(slots=True)
class Signer:
    """A key at its place in its chain; signing moves it on.

    After a ledger refused what was signed, begin anew from the ledger's head: the refused places were never taken.
    """

    key: DeviceKey
    issuer: str
    seq: int = 0
    prev: bytes | None = None

    @classmethod
    def after(cls, key: DeviceKey, issuer: str, head: Head | None) -> Signer:
        """The signer that continues the chain whose last record is ``head``; None: the chain is empty."""
        return cls(key, issuer) if head is None else cls(key, issuer, head.seq + 1, head.record_id)

    def sign(
        self,
        kind: RecordKind,
        subject: str,
        body: Body,
        at: int,
        names: Mapping[str, str] | Names = (),
        transcribed: bool = False,
    ) -> Record:
        """The next record of this key, about ``body``, signed at ``at`` (seconds since 1970-01-01 UTC).

        Raises IntegrityError for what a record cannot hold.
        """
        said = Said(kind, body, tuple(sorted(dict(names).items())), transcribed)
        place = Place(self.seq, self.prev, payload.write_content(said))
        signed = cose.sign(self.key, self.issuer, subject, at, payload.write(place))
        record = _record(signed, place, said._replace(body=bodies.with_id(body, signed.record_id)))
        self.seq, self.prev = record.seq + 1, record.record_id
        # Only of our own class is it known that what it signs fits its public key; a card's signature is verified.
        if type(self.key) is DeviceKey:
            _SIGNED_HERE.pop(record, None)  # an equal one, signed before, would take the entry with it when it goes
            _SIGNED_HERE[record] = self.key.public.raw
        return record


def parse_record(envelope: bytes) -> Record:
    """The record in an envelope. The signature is not verified here: see ``verify_record``.

    Raises UpdateNeededError for a later format version, IntegrityError for bytes that are not canonical or no record.
    """
    signed = cose.parse(envelope)
    place = payload.read(signed)
    return _record(signed, place, payload.read_content(place.content, signed))


def verify_record(record: Record, public_key: PublicKey) -> None:
    """Raise SignatureError unless the record's exact bytes are signed by ``public_key``."""
    same = record.signed.envelope == record.envelope
    cose.verify(record.signed if same else cose.parse(record.envelope), public_key)


def without_bytes(record: Record) -> Record:
    """What the record says without the bytes that it was read from, for who has verified them and reads many."""
    return _made(*_SAID(record), b"", b"", _NO_BYTES, record.version)


def signed_here(record: Record) -> bytes | None:
    """The public key whose private key signed these very values in this process; None where that is not known.

    Then the values are what the bytes say, and the signature is good: neither has to be read again. Looked for by
    value, so one that was replaced or altered since is not found. It guards against mistakes and against all that comes
    from outside; code that runs in this process and means to deceive needs no false record, it can sign.
    """
    try:
        return _SIGNED_HERE.get(record)
    except TypeError:  # a value that cannot be looked for, such as a list: nothing signed has one
        return None


def content_digest(record: Record) -> bytes:
    """SHA-256 over what a record says, whenever and with whichever key: the same content twice is a duplicate."""
    said = (cbor.text(record.issuer), cbor.text(record.subject), cbor.byte_string(record.content))
    return hashlib.sha256(cbor.head(cbor.ARRAY, len(said)) + b"".join(said)).digest()


Citations = tuple[tuple[RecordKind | None, bytes], ...]
"""What is cited: the kind it must be (None: any), and its id."""


def citations(record: Record) -> Citations:
    """What a record refers to, each once, in the order of its fields: the kind it must be (None: any), and its id."""
    return tuple(dict.fromkeys(bodies.references(record.body)))


def cites(record: Record) -> tuple[bytes, ...]:
    """The ids of the records that a record refers to, each once."""
    return tuple(dict.fromkeys([record_id for _, record_id in citations(record)]))


def _record(signed: cose.Signed, place: Place, said: Said) -> Record:
    return _made(
        *(said.kind, place.seq, place.prev, signed.issuer, signed.subject, signed.issued_at, signed.kid),
        *(said.body, said.names, said.transcribed, signed.record_id, signed.envelope, place.content),
        *(signed, VERSION),
    )
