"""Records: signed claims, each linked to its signer's previous one. Record format version 1.

The payload of the envelope (``biotrace.chain.cose``) is a map in the profile of ``biotrace.chain.cbor``:
{0: version, 1: seq, 2: prev (absent for seq 0), 3: content}. ``seq`` counts the records of one key from 0, ``prev``
is the id of that key's record before. ``content`` is a byte string, itself the CBOR of what the record says, whenever
and with whichever key: {0: kind, 1: body, 2: names, 3: 1 where transcribed}.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import NamedTuple

from biotrace.errors import IntegrityError, UpdateNeededError
from biotrace.model.text import Text

from . import body as bodies
from . import cbor, cose
from .fields import OWN_ID
from .keys import DeviceKey, PublicKey
from .kinds import Body, RecordKind

VERSION = 1
ID_BYTES = 32

_VERSION, _SEQ, _PREV, _CONTENT = range(4)
_KIND, _BODY, _NAMES, _TRANSCRIBED = range(4)
_PAYLOAD = frozenset({_VERSION, _SEQ, _PREV, _CONTENT})
NAMED_KINDS = frozenset({RecordKind.CERTIFICATE, RecordKind.DELIVERY})
"""Kinds that carry names for readers without the ledger."""

Names = tuple[tuple[str, str], ...]
"""Party ids and the parties' names, by id ascending, so that a gate without the ledger can read a certificate."""


class RecordError(IntegrityError):
    """A payload that is no record of this format."""

    code = "record"


@dataclass(frozen=True, slots=True)
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
        named = tuple(sorted(dict(names).items()))
        content = _content(kind, bodies.to_bytes(kind, body), named, transcribed)
        signed = cose.sign(self.key, self.issuer, subject, at, _payload(self.seq, self.prev, content))
        record = Record(
            kind=kind,
            seq=self.seq,
            prev=self.prev,
            issuer=self.issuer,
            subject=subject,
            issued_at=at,
            kid=self.key.kid,
            body=_with_id(body, signed.record_id),
            names=named,
            transcribed=transcribed,
            record_id=signed.record_id,
            envelope=signed.envelope,
            content=content,
            signed=signed,
        )
        self.seq, self.prev = record.seq + 1, record.record_id
        return record


def parse_record(envelope: bytes) -> Record:
    """The record in an envelope. The signature is not verified here: see ``verify_record``.

    Raises UpdateNeededError for a later format version, IntegrityError for bytes that are not canonical or no record.
    """
    signed = cose.parse(envelope)
    payload = _checked_payload(signed)
    content = _bytes(payload, signed)
    said = _checked_content(content, signed)
    kind = _kind(said[_KIND], signed)
    seq, prev = _place(payload, signed)
    return Record(
        kind=kind,
        seq=seq,
        prev=prev,
        issuer=signed.issuer,
        subject=signed.subject,
        issued_at=signed.issued_at,
        kid=signed.kid,
        body=bodies.from_cbor(kind, said[_BODY], signed.record_id),
        names=_names(said, kind, signed),
        transcribed=_transcribed(said, signed),
        record_id=signed.record_id,
        envelope=envelope,
        content=content,
        signed=signed,
    )


def verify_record(record: Record, public_key: PublicKey) -> None:
    """Raise SignatureError unless the record's exact bytes are signed by ``public_key``."""
    same = record.signed.envelope == record.envelope
    cose.verify(record.signed if same else cose.parse(record.envelope), public_key)


def content_digest(record: Record) -> bytes:
    """SHA-256 over what a record says, whenever and with whichever key: the same content twice is a duplicate."""
    said = (cbor.text(record.issuer), cbor.text(record.subject), cbor.byte_string(record.content))
    return hashlib.sha256(cbor.head(cbor.ARRAY, len(said)) + b"".join(said)).digest()


def citations(record: Record) -> tuple[tuple[RecordKind | None, bytes], ...]:
    """What a record refers to, each once, in the order of its fields: the kind it must be (None: any), and its id."""
    return tuple(dict.fromkeys(bodies.references(record.body)))


def cites(record: Record) -> tuple[bytes, ...]:
    """The ids of the records that a record refers to, each once."""
    return tuple(dict.fromkeys(record_id for _, record_id in citations(record)))


def _payload(seq: int, prev: bytes | None, content: bytes) -> bytes:
    if (fault := _fault_of_place(seq, prev)) is not None:
        raise RecordError(fault)
    parts = [_head(cbor.MAP, 3 if prev is None else 4), _PAYLOAD_STARTS, cbor.integer(seq)]
    if prev is not None:
        parts += (_head(cbor.UINT, _PREV), cbor.byte_string(prev))
    return b"".join((*parts, _head(cbor.UINT, _CONTENT), cbor.byte_string(content)))


def _content(kind: RecordKind, body: bytes, names: Names, transcribed: bool) -> bytes:
    parts = [_head(cbor.MAP, 2 + bool(names) + transcribed), _CONTENT_STARTS[kind], body]
    if names:
        if kind not in NAMED_KINDS:
            raise RecordError(_NAMES_MISPLACED)
        parts += (_head(cbor.UINT, _NAMES), cbor.encode(names))
    if transcribed:
        parts.append(_MARKED_TRANSCRIBED)
    return b"".join(parts)


_head = cbor.head
_PAYLOAD_STARTS = _head(cbor.UINT, _VERSION) + cbor.integer(VERSION) + _head(cbor.UINT, _SEQ)
_CONTENT_STARTS = {
    kind: _head(cbor.UINT, _KIND) + cbor.integer(int(kind)) + _head(cbor.UINT, _BODY) for kind in RecordKind
}
_MARKED_TRANSCRIBED = _head(cbor.UINT, _TRANSCRIBED) + cbor.integer(1)


def _with_id(body: Body, record_id: bytes) -> Body:
    """The body as it is read back: what has no id of its own bears its record's."""
    if type(body) in OWN_ID:
        return replace(body, id=record_id.hex())  # type: ignore[arg-type]  # those in OWN_ID have one
    return body


_NAMES_MISPLACED = Text("名前の表は証明書と納入だけが持ちます", "this kind carries no names")


def _wrong(signed: cose.Signed, reason: Text) -> RecordError:
    return RecordError(Text(f"記録「{signed.subject}」: ", f"record {signed.subject}: ") + reason)


def _checked_payload(signed: cose.Signed) -> dict[int, cbor.Value]:
    payload = cbor.decode(signed.payload)
    if not isinstance(payload, dict) or type(payload.get(_VERSION)) is not int:
        raise _wrong(signed, Text("版がありません", "it states no version"))
    if payload[_VERSION] < VERSION:
        raise _wrong(signed, Text("発行されたことのない版です", "of a version that no release wrote"))
    if payload[_VERSION] > VERSION:
        raise UpdateNeededError(
            Text(
                f"記録「{signed.subject}」の版 {payload[_VERSION]} をこの biotrace は知りません",
                f"record {signed.subject}: this biotrace does not know record version {payload[_VERSION]}",
            ),
            Text("biotrace を更新してください", "update biotrace"),
        )
    if payload.keys() | {_PREV} != _PAYLOAD:
        raise _wrong(signed, _PARTS)
    return payload


_PARTS = Text("項目に過不足があります", "a part is missing or unknown")


def _bytes(payload: dict[int, cbor.Value], signed: cose.Signed) -> bytes:
    content = payload[_CONTENT]
    if not isinstance(content, bytes):
        raise _wrong(signed, Text("内容がバイト列ではありません", "its content is no byte string"))
    return content


def _checked_content(content: bytes, signed: cose.Signed) -> dict[int, cbor.Value]:
    said = cbor.decode(content)
    if not isinstance(said, dict) or not {_KIND, _BODY} <= said.keys() <= {_KIND, _BODY, _NAMES, _TRANSCRIBED}:
        raise _wrong(signed, _PARTS)
    return said


_KINDS = {int(kind): kind for kind in RecordKind}


def _kind(value: cbor.Value, signed: cose.Signed) -> RecordKind:
    kind = _KINDS.get(value) if type(value) is int else None
    if kind is None:
        raise _wrong(signed, Text(f"未知の種別 {value!r}", f"unknown kind {value!r}"))
    return kind


def _place(payload: dict[int, cbor.Value], signed: cose.Signed) -> tuple[int, bytes | None]:
    """Where the record stands in its key's chain: seq and prev."""
    seq, prev = payload[_SEQ], payload.get(_PREV)
    if (fault := _fault_of_place(seq, prev)) is not None:
        raise _wrong(signed, fault)
    return seq, prev  # type: ignore[return-value]  # what they are was just checked


def _fault_of_place(seq: object, prev: object) -> Text | None:
    if type(seq) is not int or seq < 0:
        return Text("通し番号がありません", "seq is no count")
    if (prev is None) != (seq == 0):
        return Text("前の記録の有無が通し番号と合いません", "only the first record has no predecessor")
    if prev is not None and (type(prev) is not bytes or len(prev) != ID_BYTES):
        return Text("前の記録のIDは32バイトです", "prev is no record id")
    return None


def _names(said: dict[int, cbor.Value], kind: RecordKind, signed: cose.Signed) -> Names:
    if _NAMES not in said:
        return ()
    if kind not in NAMED_KINDS:
        raise _wrong(signed, _NAMES_MISPLACED)
    pairs = said[_NAMES]
    if not isinstance(pairs, list) or not pairs:
        raise _wrong(signed, Text("名前の表が空か、表ではありません", "names is no list, or empty"))
    names = tuple(_name_pair(pair, signed) for pair in pairs)
    if any(first[0] >= second[0] for first, second in pairwise(names)):
        raise _wrong(signed, Text("名前の表がID順ではありません", "names are not in the order of their ids"))
    return names


def _name_pair(pair: cbor.Value, signed: cose.Signed) -> tuple[str, str]:
    if isinstance(pair, list) and len(pair) == 2:
        party, name = pair
        if isinstance(party, str) and isinstance(name, str):
            return party, name
    raise _wrong(signed, Text("名前の表の項目は [ID, 名前] です", "an entry of names is [id, name]"))


def _transcribed(said: dict[int, cbor.Value], signed: cose.Signed) -> bool:
    if said.get(_TRANSCRIBED, 1) != 1:
        raise _wrong(signed, Text("転記の印は1に限ります", "the mark of a transcription is 1"))
    return _TRANSCRIBED in said
