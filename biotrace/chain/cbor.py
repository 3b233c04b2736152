"""Deterministic CBOR: the one byte form that a record may have.

The profile, a strict subset of RFC 8949 §4.2.1 (core deterministic encoding):

* integers from -2**63 to 2**63 - 1, byte strings, text in valid UTF-8 (so no surrogates), arrays, and maps;
* every map key is an integer from 0 to 2**63 - 1, keys ascend, none repeats;
* every head has its shortest form and a definite length;
* nothing else: no tags (``biotrace.chain.cose`` reads the one at the top of an envelope itself), no floats, no
  simple values such as true, false and null;
* at most MAX_BYTES bytes (more only where a format says so), nested at most MAX_DEPTH deep.

Reading is written here item by item, so that hostile bytes meet no tag handler and no allocation by a claimed length;
so is writing, which records do directly from their tables. That both agree with another implementation, and that what
is read is the one form of what it says, the tests show on all short inputs and many long ones (docs/adr/0009).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Sized
from typing import TypeAlias

from biotrace.errors import IntegrityError
from biotrace.model.text import Text

Value: TypeAlias = int | bytes | str | Sequence["Value"] | Mapping[int, "Value"]
"""What the profile can say. ``decode`` gives lists and dicts; ``encode`` also takes tuples."""

MAX_BYTES = 1 << 20
MAX_DEPTH = 16
MAX_INT = 2**63 - 1
MIN_INT = -(2**63)

UINT, NEGATIVE, BYTES, TEXT, ARRAY, MAP, TAG = range(7)
"""Major types (RFC 8949 §3.1)."""
_SHORT_HEADS = [[bytes([n << 5 | (a if a < 24 else 24)]) + bytes([a])[a < 24 :] for a in range(256)] for n in range(7)]
"""By major type and argument: nearly every head that a record has."""
_LEAST = {24: 24, 25: 1 << 8, 26: 1 << 16, 27: 1 << 32}
"""Additional information -> the least argument that may be written with it (RFC 8949 §4.2.1: shortest form)."""

_REASONS = {
    "cbor-truncated": Text("データが途中で切れています", "the data ends early"),
    "cbor-trailing": Text("末尾に余分なデータがあります", "something follows the end"),
    "cbor-tag": Text("タグは使えません", "a tag is not allowed here"),
    "cbor-simple": Text("浮動小数点・真偽値・null は使えません", "floats, booleans and null are not allowed"),
    "cbor-indefinite": Text("不定長は使えません", "an indefinite length is not allowed"),
    "cbor-reserved": Text("予約された符号です", "a reserved head"),
    "cbor-not-shortest": Text("最短の形で書かれていません", "a number not in its shortest form"),
    "cbor-key-type": Text("キーは0以上の整数に限ります", "a map key that is no non-negative integer"),
    "cbor-key-order": Text("キーが昇順ではありません", "map keys out of order"),
    "cbor-duplicate-key": Text("同じキーが二度あります", "a map key that repeats"),
    "cbor-utf8": Text("文字列が正しい UTF-8 ではありません", "text that is not valid UTF-8"),
    "cbor-range": Text("整数が64ビットを超えています", "an integer beyond 64 bits"),
    "cbor-depth": Text("入れ子が深すぎます", "nested too deep"),
    "cbor-size": Text("データが大きすぎます", "too large"),
    "cbor-type": Text("この種類の値は記録に書けません", "a type of value that records do not have"),
    "cbor-not-canonical": Text("決まった形で書かれていません", "not in its one canonical form"),
}


class CborError(IntegrityError):
    """Bytes, or a value, outside the profile. ``code`` is one of the profile's reasons, such as ``cbor-tag``."""


def encode(value: Value, *, max_bytes: int = MAX_BYTES) -> bytes:
    """The bytes of a value. Raises CborError where the profile cannot say it."""
    parts: list[bytes] = []
    _write(value, parts, 0)
    data = b"".join(parts)
    if len(data) > max_bytes:
        raise _error("cbor-size", max_bytes)
    return data


def head(major: int, argument: int) -> bytes:
    """The beginning of every item: its major type, and a number from 0 to 2**64 - 1, in the shortest form."""
    if argument < 1 << 8:
        return _SHORT_HEADS[major][argument]
    size = 1 if argument < 1 << 16 else 2 if argument < 1 << 32 else 3
    return bytes((major << 5 | 24 + size,)) + argument.to_bytes(1 << size, "big")


def integer(value: int) -> bytes:
    """An integer from MIN_INT to MAX_INT; CborError beyond."""
    if 0 <= value <= MAX_INT:
        return head(UINT, value)
    if not MIN_INT <= value < 0:
        raise _error("cbor-range")
    return head(NEGATIVE, -1 - value)


def byte_string(value: bytes) -> bytes:
    """Bytes as an item."""
    return head(BYTES, len(value)) + value


def text(value: str) -> bytes:
    """A text as an item; CborError for a lone surrogate."""
    try:
        content = value.encode()
    except UnicodeEncodeError:
        raise _error("cbor-utf8") from None
    return head(TEXT, len(content)) + content


def decode(data: bytes, *, max_bytes: int = MAX_BYTES, max_items: int | None = None) -> Value:
    """The value that ``data``, all of it, encodes. Raises CborError, naming the offset, if not canonical.

    ``max_items``: where more bytes are allowed than in a record, how many items, so that many tiny ones, each of which
    takes 60 times its byte in memory, are refused before they are read.
    """
    if len(data) > max_bytes:
        raise _error("cbor-size", max_bytes)
    if max_items is not None:
        check_items(data, max_items)
    try:
        value, end = item(data, 0, 0)
    except IndexError:  # it ends where, or within what, a head should be
        raise _error("cbor-truncated", len(data)) from None
    if end != len(data):
        raise _error("cbor-trailing", end)
    return value


def check_items(data: bytes, most: int) -> None:
    """Raise CborError (``cbor-size``) where ``data`` holds more than ``most`` items; nothing else is looked at.

    Heads follow one another, whatever the nesting.
    """
    at = count = 0
    while at < len(data):
        first = data[at]
        major, argument, start = first >> 5, first & 31, at + 1
        if argument > 23:
            start += 1 << (argument - 24) if argument < 28 else 0
            argument = int.from_bytes(data[at + 1 : start], "big")
        at = start + argument if major in (BYTES, TEXT) else start
        count += 1
        if count > most:
            raise _error("cbor-size", at)


def _error(code: str, offset: int | None = None) -> CborError:
    reason = _REASONS[code]
    if offset is not None:
        reason += Text(f"（{offset}バイト目）", f" (at byte {offset})")
    return CborError(Text("CBOR: ", "CBOR: ") + reason, code=code)


def item(data: bytes, at: int, depth: int = 0) -> tuple[Value, int]:
    """The item that starts at ``at``, and where the next one would. IndexError where the data ends within a head."""
    first = data[at]
    if first < 24:
        return first, at + 1
    major, argument, start = first >> 5, first & 31, at + 1
    if argument > 23 or major >= TAG:
        if argument == 24 and major < TAG and data[start] >= 24:
            argument, start = data[start], at + 2
        else:
            argument, start = _long_argument(data, at)
    if major == TEXT:
        return text_between(data, start, start + argument)
    if major == MAP:
        return _map(data, start, argument, depth)
    if major == ARRAY:
        return _array(data, start, argument, depth)
    if major == BYTES:
        end = start + argument
        if end > len(data):
            raise _error("cbor-truncated", start)
        return data[start:end], end
    if argument > MAX_INT:
        raise _error("cbor-range", at)
    return (argument if major == UINT else -1 - argument), start


def _long_argument(data: bytes, at: int) -> tuple[int, int]:
    """The argument that follows the byte at ``at``, and where the item's content starts (RFC 8949 §3)."""
    major, info = data[at] >> 5, data[at] & 31
    if major >= TAG:
        raise _error("cbor-tag" if major == TAG else "cbor-simple", at)
    if info == 24:
        argument, start = data[at + 1], at + 2
    elif info == 25:
        argument, start = data[at + 1] << 8 | data[at + 2], at + 3
    elif info in _LEAST:
        start = at + 1 + (1 << (info - 24))
        if start > len(data):
            raise _error("cbor-truncated", at)
        argument = int.from_bytes(data[at + 1 : start], "big")
    else:
        raise _error("cbor-indefinite" if info == 31 else "cbor-reserved", at)
    if argument < _LEAST[info]:
        raise _error("cbor-not-shortest", at)
    return argument, start


def head_of(major: int, data: bytes, at: int) -> tuple[int, int]:
    """The argument of the head at ``at``, and where its content starts. CborError where it is of another major type."""
    first = data[at]
    if first >> 5 != major:
        raise _error("cbor-type", at)
    return (first & 31, at + 1) if first & 31 < 24 else _long_argument(data, at)


def text_between(data: bytes, start: int, end: int) -> tuple[str, int]:
    """The text in those bytes, and its end."""
    if end > len(data):
        raise _error("cbor-truncated", start)
    try:
        return data[start:end].decode(), end
    except UnicodeDecodeError:
        raise _error("cbor-utf8", start) from None


def _array(data: bytes, at: int, length: int, depth: int) -> tuple[Value, int]:
    if depth == MAX_DEPTH and length:
        raise _error("cbor-depth", at)
    items: list[Value] = []
    for _ in range(length):
        value, at = item(data, at, depth + 1)
        items.append(value)
    return items, at


def _map(data: bytes, at: int, length: int, depth: int) -> tuple[Value, int]:
    if depth == MAX_DEPTH and length:
        raise _error("cbor-depth", at)
    items: dict[int, Value] = {}
    last = -1
    for _ in range(length):
        key, value_at = data[at], at + 1
        if key > 23:
            key, value_at = _long_key(data, at)
        if key <= last:
            raise _error("cbor-duplicate-key" if key == last else "cbor-key-order", at)
        items[key], at = item(data, value_at, depth + 1)
        last = key
    return items, at


def _long_key(data: bytes, at: int) -> tuple[int, int]:
    """A key that its first byte does not tell, and where its value starts."""
    major, info = data[at] >> 5, data[at] & 31
    argument, value_at = _long_argument(data, at) if info > 23 or major >= TAG else (info, at + 1)
    if major != UINT or argument > MAX_INT:
        raise _error("cbor-key-type", at)
    return argument, value_at


def _write(value: object, parts: list[bytes], depth: int) -> None:
    """Append the bytes of a value. Exact types: True is an int to Python, an enum member a str."""
    kind = type(value)
    if isinstance(value, int) and kind is int:
        parts.append(integer(value))
    elif isinstance(value, str) and kind is str:
        parts.append(text(value))
    elif isinstance(value, bytes) and kind is bytes:
        parts += (head(BYTES, len(value)), value)
    elif isinstance(value, list | tuple):
        _check_depth(value, depth)
        parts.append(head(ARRAY, len(value)))
        for item in value:
            _write(item, parts, depth + 1)
    elif isinstance(value, dict):
        _check_depth(value, depth)
        if not all(type(key) is int and 0 <= key <= MAX_INT for key in value):
            raise _error("cbor-key-type")
        parts.append(head(MAP, len(value)))
        for key in sorted(value):
            parts.append(head(UINT, key))
            _write(value[key], parts, depth + 1)
    else:
        raise _error("cbor-type")


def _check_depth(container: Sized, depth: int) -> None:
    if depth == MAX_DEPTH and len(container):
        raise _error("cbor-depth")
