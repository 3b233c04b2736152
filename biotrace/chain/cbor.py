"""Deterministic CBOR: the one byte form that a record may have.

The profile, a strict subset of RFC 8949 §4.2.1 (core deterministic encoding):

* integers from -2**63 to 2**63 - 1, byte strings, text in valid UTF-8 (so no surrogates), arrays, and maps;
* every map key is an integer from 0 to 2**63 - 1, keys ascend, none repeats;
* every head has its shortest form and a definite length;
* nothing else: no tags (``biotrace.chain.cose`` reads the one at the top of an envelope itself), no floats, no
  simple values such as true, false and null;
* at most MAX_BYTES bytes (more only where a format says so), nested at most MAX_DEPTH deep.

``decode`` is written here, item by item, so that hostile bytes meet no tag handler and no allocation by a claimed
length; ``encode`` is cbor2's. What was decoded is encoded again and compared: the two must agree on the bytes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TypeAlias

import cbor2

from biotrace.errors import IntegrityError
from biotrace.model.text import Text

Value: TypeAlias = int | bytes | str | Sequence["Value"] | Mapping[int, "Value"]
"""What the profile can say. ``decode`` gives lists and dicts; ``encode`` also takes tuples."""

MAX_BYTES = 1 << 20
MAX_DEPTH = 16
MAX_INT = 2**63 - 1
MIN_INT = -(2**63)

_UINT, _NEGATIVE, _BYTES, _TEXT, _ARRAY, _MAP, _TAG = range(7)
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
    _check(value, 0)
    data = cbor2.dumps(value, canonical=True)
    if len(data) > max_bytes:
        raise _error("cbor-size", max_bytes)
    return data


def decode(data: bytes, *, max_bytes: int = MAX_BYTES) -> Value:
    """The value that ``data``, all of it, encodes. Raises CborError, naming the offset, if not canonical."""
    if len(data) > max_bytes:
        raise _error("cbor-size", max_bytes)
    value, end = _item(data, 0, 0)
    if end != len(data):
        raise _error("cbor-trailing", end)
    if cbor2.dumps(value, canonical=True) != data:
        raise _error("cbor-not-canonical", 0)
    return value


def _error(code: str, offset: int | None = None) -> CborError:
    reason = _REASONS[code]
    if offset is not None:
        reason += Text(f"（{offset}バイト目）", f" (at byte {offset})")
    return CborError(Text("CBOR: ", "CBOR: ") + reason, code=code)


def _item(data: bytes, at: int, depth: int) -> tuple[Value, int]:
    """The item that starts at ``at``, and where the next one would."""
    if depth > MAX_DEPTH:
        raise _error("cbor-depth", at)
    major, argument, start = _head(data, at)
    if major <= _NEGATIVE:
        if argument > MAX_INT:
            raise _error("cbor-range", at)
        return (argument if major == _UINT else -1 - argument), start
    if major <= _TEXT:
        return _string(data, major, start, argument)
    if major == _ARRAY:
        return _array(data, start, argument, depth)
    return _map(data, start, argument, depth)


def _head(data: bytes, at: int) -> tuple[int, int, int]:
    """Major type and argument of the head at ``at``, and where its content starts (RFC 8949 §3)."""
    if at >= len(data):
        raise _error("cbor-truncated", at)
    major, info = data[at] >> 5, data[at] & 31
    if info < 24 and major < _TAG:
        return major, info, at + 1
    if major >= _TAG:
        raise _error("cbor-tag" if major == _TAG else "cbor-simple", at)
    if info not in _LEAST:
        raise _error("cbor-indefinite" if info == 31 else "cbor-reserved", at)
    end = at + 1 + (1 << (info - 24))
    if end > len(data):
        raise _error("cbor-truncated", at)
    argument = int.from_bytes(data[at + 1 : end], "big")
    if argument < _LEAST[info]:
        raise _error("cbor-not-shortest", at)
    return major, argument, end


def _string(data: bytes, major: int, start: int, length: int) -> tuple[Value, int]:
    end = start + length
    if end > len(data):
        raise _error("cbor-truncated", start)
    content = data[start:end]
    if major == _BYTES:
        return content, end
    try:
        return content.decode("utf-8"), end
    except UnicodeDecodeError:
        raise _error("cbor-utf8", start) from None


def _array(data: bytes, at: int, length: int, depth: int) -> tuple[Value, int]:
    items: list[Value] = []
    for _ in range(length):
        item, at = _item(data, at, depth + 1)
        items.append(item)
    return items, at


def _map(data: bytes, at: int, length: int, depth: int) -> tuple[Value, int]:
    items: dict[int, Value] = {}
    last = -1
    for _ in range(length):
        major, key, value_at = _head(data, at)
        if major != _UINT or key > MAX_INT:
            raise _error("cbor-key-type", at)
        if key <= last:
            raise _error("cbor-duplicate-key" if key == last else "cbor-key-order", at)
        items[key], at = _item(data, value_at, depth + 1)
        last = key
    return items, at


def _check(value: object, depth: int) -> None:
    """Refuse what the profile cannot say. Exact types: True is an int to Python, an enum member a str."""
    if depth > MAX_DEPTH:
        raise _error("cbor-depth")
    kind = type(value)
    if isinstance(value, int) and kind is int:
        if not MIN_INT <= value <= MAX_INT:
            raise _error("cbor-range")
    elif isinstance(value, str) and kind is str:
        if not value.isascii():
            _check_text(value)
    elif isinstance(value, list | tuple):
        for item in value:
            _check(item, depth + 1)
    elif isinstance(value, dict):
        for key, item in value.items():
            if type(key) is not int or not 0 <= key <= MAX_INT:
                raise _error("cbor-key-type")
            _check(item, depth + 1)
    elif kind is not bytes:
        raise _error("cbor-type")


def _check_text(value: str) -> None:
    try:
        value.encode("utf-8")
    except UnicodeEncodeError:
        raise _error("cbor-utf8") from None
