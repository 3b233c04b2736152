"""What is signed inside an envelope: a record's place in its key's chain, and what it says.

The payload is a map in the profile of ``biotrace.chain.cbor``: {0: version, 1: seq, 2: prev (absent for seq 0),
3: content}. ``content`` is a byte string, itself the CBOR of what the record says, whenever and with whichever key:
{0: kind, 1: body, 2: names, 3: 1 where transcribed}.
"""

from __future__ import annotations

from typing import NamedTuple

from biotrace.errors import IntegrityError, UpdateNeededError
from biotrace.model.text import Text

from . import body as bodies
from . import cbor, codecs, cose
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


class Place(NamedTuple):
    """A record's place in its key's chain, and the bytes of what it says."""

    seq: int
    prev: bytes | None
    content: bytes


class Said(NamedTuple):
    """What a record says."""

    kind: RecordKind
    body: Body
    names: Names
    transcribed: bool


_head = cbor.head
_PAYLOAD_STARTS = _head(cbor.UINT, _VERSION) + cbor.integer(VERSION) + _head(cbor.UINT, _SEQ)
_FIRST_STARTS, _LATER_STARTS = (_head(cbor.MAP, parts) + _PAYLOAD_STARTS for parts in (3, 4))
_PREV_STARTS, _CONTENT_STARTS = _head(cbor.UINT, _PREV), _head(cbor.UINT, _CONTENT)
_SAID_STARTS = {
    kind: _head(cbor.UINT, _KIND) + cbor.integer(int(kind)) + _head(cbor.UINT, _BODY) for kind in RecordKind
}
_PAIR = _head(cbor.ARRAY, 2)
_NAMES_START, _MARKED_TRANSCRIBED = _head(cbor.UINT, _NAMES), _head(cbor.UINT, _TRANSCRIBED) + cbor.integer(1)
_PLAIN_STARTS = {
    _head(cbor.MAP, parts) + starts: (kind, parts) for kind, starts in _SAID_STARTS.items() for parts in (2, 3, 4)
}
_STARTS_BYTES = 4
"""How a content starts, as long as there are fewer than 24 kinds. Others would be read strictly, only slower."""
_KINDS = {int(kind): kind for kind in RecordKind}
_PARTS = Text("項目に過不足があります", "a part is missing or unknown")
_NO_PAIR = Text("名前の表の項目は [ID, 名前] です", "an entry of names is [id, name]")
_NAMES_UNORDERED = Text("名前の表がID順ではありません", "names are not in the order of their ids")
_NAMES_MISPLACED = Text("名前の表は証明書と納入だけが持ちます", "this kind carries no names")


def write(place: Place) -> bytes:
    """The payload. Raises RecordError for a place that no chain has."""
    seq, prev, content = place
    if (fault := _fault(seq, prev)) is not None:
        raise RecordError(fault)
    before = b"" if prev is None else _PREV_STARTS + cbor.byte_string(prev)
    count = _head(cbor.MAP, 3 if prev is None else 4)
    return count + _PAYLOAD_STARTS + cbor.integer(seq) + before + _CONTENT_STARTS + cbor.byte_string(content)


def read(signed: cose.Signed) -> Place:
    """The payload of an envelope. Raises UpdateNeededError for a later version, IntegrityError for no payload."""
    place = _read_place_plainly(signed.payload)
    return place if place is not None else _read_place_strictly(signed)


def _read_place_plainly(payload: bytes) -> Place | None:
    """In one pass over the bytes; None for what does not come in the order and form in which records are written."""
    is_first = payload.startswith(_FIRST_STARTS)
    if not is_first and not payload.startswith(_LATER_STARTS):
        return None
    try:
        seq, at = cbor.item(payload, len(_FIRST_STARTS))
        prev, then = (None, at) if is_first else cbor.item(payload, at + 1)
        content, end = cbor.item(payload, then + 1)
    except (cbor.CborError, IndexError):
        return None
    keys_fit = payload[then] == _CONTENT and (is_first or payload[at] == _PREV)
    if not keys_fit or end != len(payload) or type(content) is not bytes or _fault(seq, prev) is not None:
        return None
    return Place(seq, prev, content)  # type: ignore[arg-type]  # _fault has looked


def _read_place_strictly(signed: cose.Signed) -> Place:
    payload = cbor.decode(signed.payload)
    if not isinstance(payload, dict) or type(version := payload.get(_VERSION)) is not int:
        raise _wrong(signed, Text("版がありません", "it states no version"))
    if version != VERSION:
        raise _other_version(signed, version)
    if payload.keys() | {_PREV} != _PAYLOAD:
        raise _wrong(signed, _PARTS)
    seq, prev, content = payload[_SEQ], payload.get(_PREV), payload[_CONTENT]
    if (fault := _fault(seq, prev)) is not None:
        raise _wrong(signed, fault)
    if type(content) is not bytes:
        raise _wrong(signed, Text("内容がバイト列ではありません", "its content is no byte string"))
    return Place(seq, prev, content)


def write_content(said: Said) -> bytes:
    """The content. Raises IntegrityError for what a record cannot hold."""
    kind, body, names, transcribed = said
    parts = [_head(cbor.MAP, 2 + bool(names) + bool(transcribed)), _SAID_STARTS[kind], bodies.to_bytes(kind, body)]
    if names:
        if kind not in NAMED_KINDS:
            raise RecordError(_NAMES_MISPLACED)
        pairs = (_PAIR + cbor.text(party) + cbor.text(name) for party, name in names)
        parts += (_NAMES_START, _head(cbor.ARRAY, len(names)), *pairs)
    if transcribed:
        parts.append(_MARKED_TRANSCRIBED)
    return b"".join(parts)


def read_content(content: bytes, signed: cose.Signed) -> Said:
    """What the content of an envelope says. Raises IntegrityError for what no record says."""
    return _read_plainly(content, signed) or _read_strictly(content, signed)


def _read_plainly(content: bytes, signed: cose.Signed) -> Said | None:
    """In one pass over the bytes; None for what does not come in the order and form in which records are written."""
    kind, parts = _PLAIN_STARTS.get(content[:_STARTS_BYTES], (None, 0))
    found = None if kind is None else bodies.read(kind, content, _STARTS_BYTES, signed.record_id)
    if kind is None or found is None:
        return None
    body, at = found
    names: Names = ()
    if content[at : at + 1] == _NAMES_START:
        try:
            names, at = _read_names(content, at + 1)
        except codecs.GIVES_UP:
            return None
        parts -= 1
        if not names or kind not in NAMED_KINDS:
            return None
    ends = {2: b"", 3: _MARKED_TRANSCRIBED}.get(parts)
    return Said(kind, body, names, parts == 3) if content[at:] == ends else None


def _read_names(content: bytes, at: int) -> tuple[Names, int]:
    """The table of names that starts there, and where it ends; ``codecs.GIVES_UP`` where it is not plainly one."""
    count, at = cbor.head_of(cbor.ARRAY, content, at)
    names: list[tuple[str, str]] = []
    for _ in range(count):
        if content[at : at + 1] != _PAIR:
            raise codecs.Wrong(_NO_PAIR)
        party, at = codecs.read_text(content, at + 1)
        name, at = codecs.read_text(content, at)
        if names and party <= names[-1][0]:
            raise codecs.Wrong(_NAMES_UNORDERED)
        names.append((party, name))
    return tuple(names), at


def _read_strictly(content: bytes, signed: cose.Signed) -> Said:
    said = cbor.decode(content)
    if not isinstance(said, dict) or not {_KIND, _BODY} <= said.keys() <= {_KIND, _BODY, _NAMES, _TRANSCRIBED}:
        raise _wrong(signed, _PARTS)
    number = said[_KIND]
    kind = _KINDS.get(number) if type(number) is int else None
    if kind is None:
        raise _wrong(signed, Text(f"未知の種別 {number!r}", f"unknown kind {number!r}"))
    names = _checked_names(said[_NAMES], kind, signed) if _NAMES in said else ()
    if said.get(_TRANSCRIBED, 1) != 1:
        raise _wrong(signed, Text("転記の印は1に限ります", "the mark of a transcription is 1"))
    return Said(kind, bodies.from_cbor(kind, said[_BODY], signed.record_id), names, _TRANSCRIBED in said)


def _wrong(signed: cose.Signed, reason: Text) -> RecordError:
    return RecordError(Text(f"記録「{signed.subject}」: ", f"record {signed.subject}: ") + reason)


def _other_version(signed: cose.Signed, version: int) -> IntegrityError | UpdateNeededError:
    if version < VERSION:
        return _wrong(signed, Text("発行されたことのない版です", "of a version that no release wrote"))
    return UpdateNeededError(
        Text(
            f"記録「{signed.subject}」の版 {version} をこの biotrace は知りません",
            f"record {signed.subject}: this biotrace does not know record version {version}",
        ),
        Text("biotrace を更新してください", "update biotrace"),
    )


def _fault(seq: object, prev: object) -> Text | None:
    """Why a chain has no such place; None where it may."""
    if type(seq) is not int or seq < 0:
        return Text("通し番号がありません", "seq is no count")
    if (prev is None) != (seq == 0):
        return Text("前の記録の有無が通し番号と合いません", "only the first record has no predecessor")
    if prev is not None and (type(prev) is not bytes or len(prev) != ID_BYTES):
        return Text("前の記録のIDは32バイトです", "prev is no record id")
    return None


def _checked_names(pairs: cbor.Value, kind: RecordKind, signed: cose.Signed) -> Names:
    if kind not in NAMED_KINDS:
        raise _wrong(signed, _NAMES_MISPLACED)
    if not isinstance(pairs, list) or not pairs:
        raise _wrong(signed, Text("名前の表が空か、表ではありません", "names is no list, or empty"))
    names: list[tuple[str, str]] = []
    for pair in pairs:
        match pair:
            case [str() as party, str() as name]:
                pass
            case _:
                raise _wrong(signed, _NO_PAIR)
        if names and party <= names[-1][0]:
            raise _wrong(signed, _NAMES_UNORDERED)
        names.append((party, name))
    return tuple(names)
