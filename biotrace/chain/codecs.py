"""How the single values in a body are written and read: text, days, words, numbers, hashes, and lists of them.

``pack`` writes a value straight to its bytes. ``unpack`` makes it of what ``cbor.decode`` found, and says what is wrong
with it. ``read`` does both steps of reading at once, for speed: it takes no bytes that they would refuse, but may give
up, by any of GIVES_UP, on some that they take.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import date
from enum import StrEnum
from typing import Any, NamedTuple, TypeAlias

from biotrace.model.text import Text

from . import cbor
from .codes import code_of

_EPOCH = date(1970, 1, 1).toordinal()
_SAFE = date.max.toordinal() - _EPOCH
_HEX_ID = re.compile(r"[0-9a-f]{64}")
_REFERENCE_BYTES = 32

Read: TypeAlias = Callable[[bytes, int], tuple[Any, int]]
"""(data, where the value starts) -> the value, and where the next one would start."""


class Wrong(Exception):
    """What is wrong with a value; ``path``: the way to the field, filled in on the way up."""

    def __init__(self, reason: Text, *path: str) -> None:
        super().__init__(reason.en)
        self.reason = reason
        self.path = list(path)


GIVES_UP = (Wrong, cbor.CborError, LookupError, TypeError, UnicodeDecodeError)
"""LookupError: the data ends, or a field is unknown; TypeError: a field is missing."""


class Codec(NamedTuple):
    """See the module."""

    pack: Callable[[Any], bytes]
    unpack: Callable[[Any], Any]
    read: Read


def not_a(what: Text) -> Wrong:
    """The value is of another type."""
    return Wrong(what + Text("ではありません", " expected"))


def refusing(default: Any, read: Read) -> Read:
    """``read`` for a field that is left out at that default."""

    def read_another(data: bytes, at: int) -> tuple[Any, int]:
        value, at = read(data, at)
        if value == default:
            raise Wrong(Text("既定値は書かない決まりです", "a default, which must be left out"))
        return value, at

    return read_another


def _by_item(unpack: Callable[[Any], Any]) -> Read:
    def read(data: bytes, at: int) -> tuple[Any, int]:
        value, at = cbor.item(data, at)
        return unpack(value), at

    return read


def many(item: Codec) -> Codec:
    """A list of what ``item`` writes: a tuple in the model."""
    read_item = item.read

    def pack(values: Any) -> bytes:
        if type(values) is not tuple:
            raise not_a(Text("列", "list"))
        return cbor.head(cbor.ARRAY, len(values)) + b"".join(_each(item.pack, values))

    def unpack(values: Any) -> Any:
        if type(values) is not list:
            raise not_a(Text("列", "list"))
        return tuple(_each(item.unpack, values))

    def read(data: bytes, at: int) -> tuple[Any, int]:
        count = data[at] - _SHORT_ARRAY
        if not 0 <= count < 24:
            raise not_a(Text("短い列", "short list"))
        at += 1
        values = []
        for _ in range(count):
            value, at = read_item(data, at)
            values.append(value)
        return tuple(values), at

    return Codec(pack, unpack, read)


def _each(function: Callable[[Any], Any], values: Sequence[Any]) -> list[Any]:
    done: list[Any] = []
    try:
        for value in values:
            done.append(function(value))  # its length says which item is wrong
    except Wrong as wrong:
        wrong.path.append(str(len(done) + 1))
        raise
    return done


def integer(least: int, greatest: int) -> Codec:
    """A number within bounds."""

    def within(value: Any) -> int:
        if type(value) is not int:
            raise not_a(Text("整数", "integer"))
        if not least <= value <= greatest:
            raise Wrong(Text(f"{value} は範囲外です", f"{value} is out of range"))
        return value

    def read(data: bytes, at: int) -> tuple[Any, int]:
        value, at = cbor.item(data, at)
        return (value if type(value) is int and least <= value <= greatest else within(value)), at

    def pack(value: Any) -> bytes:
        return cbor.integer(value if type(value) is int and least <= value <= greatest else within(value))

    return Codec(pack, within, read)


def byte_string(length: int) -> Codec:
    """So many bytes."""

    def of_length(value: Any) -> bytes:
        if type(value) is not bytes or len(value) != length:
            raise not_a(Text(f"{length}バイトのバイト列", f"byte string of {length}"))
        return value

    return Codec(lambda value: cbor.byte_string(of_length(value)), of_length, _by_item(of_length))


def word(words: type[StrEnum]) -> Codec:
    """A member of ``words``, by its code."""
    codes = {member: cbor.integer(code_of(member)) for member in words}
    members = {code_of(member): member for member in words}
    short = {code: member for code, member in members.items() if code < 24}

    def pack(value: Any) -> bytes:
        if type(value) is not words:
            raise not_a(Text("決まった語", words.__name__))
        return codes[value]

    def unpack(value: Any) -> StrEnum:
        member = members.get(value) if type(value) is int else None
        if member is None:
            raise Wrong(Text(f"未知の符号 {value}", f"unknown code {value}"))
        return member

    def read(data: bytes, at: int) -> tuple[Any, int]:
        return short[data[at]], at + 1

    return Codec(pack, unpack, read)


def _pack_reference(value: Any) -> bytes:
    if type(value) is not str or _HEX_ID.fullmatch(value) is None:
        raise not_a(Text("記録のID（16進64桁）", "record id (64 hex digits)"))
    return cbor.byte_string(bytes.fromhex(value))


def _unpack_reference(value: Any) -> str:
    if type(value) is not bytes or len(value) != _REFERENCE_BYTES:
        raise not_a(Text("記録のID（32バイト）", "record id (32 bytes)"))
    return value.hex()


def _pack_text(value: Any) -> bytes:
    return cbor.text(value if type(value) is str else _unpack_text(value))


def _unpack_text(value: Any) -> str:
    if type(value) is not str:
        raise not_a(Text("文字列", "text"))
    return value


def read_text(data: bytes, at: int) -> tuple[Any, int]:
    length, start = data[at] - _SHORT_TEXT, at + 1
    if length == 24 and data[start] >= 24:
        end = start + 1 + data[start]
        if end <= len(data):
            return data[start + 1 : end].decode(), end
    elif 0 <= length < 24:
        end = start + length
        if end <= len(data):
            return data[start:end].decode(), end
    value, at = cbor.item(data, at)
    return _unpack_text(value), at


def _pack_day(value: Any) -> bytes:
    if type(value) is not date:
        raise not_a(Text("日付", "date"))
    return cbor.integer(value.toordinal() - _EPOCH)


def _unpack_day(value: Any) -> date:
    if type(value) is not int:
        raise not_a(Text("日付", "date"))
    try:
        return date.fromordinal(_EPOCH + value)
    except (OverflowError, ValueError):
        raise Wrong(Text(f"{value} 日目という日付はありません", f"no date has the number {value}")) from None


def _read_day(data: bytes, at: int) -> tuple[Any, int]:
    if data[at] == _TWO_BYTES and data[at + 1]:  # from September 1970 on
        return date.fromordinal(_EPOCH + (data[at + 1] << 8 | data[at + 2])), at + 3
    value, at = cbor.item(data, at)
    return (date.fromordinal(_EPOCH + value) if type(value) is int and 0 <= value < _SAFE else _unpack_day(value)), at


def _pack_truth(value: Any) -> bytes:
    if type(value) is not bool:
        raise not_a(Text("真偽値", "truth value"))
    return cbor.integer(int(value))


def _unpack_truth(value: Any) -> bool:
    if type(value) is not int or value not in (0, 1):
        raise not_a(Text("真偽値（0か1）", "truth value (0 or 1)"))
    return value == 1


_TWO_BYTES = cbor.head(cbor.UINT, 1 << 8)[0]
_SHORT_TEXT, _SHORT_ARRAY = cbor.TEXT << 5, cbor.ARRAY << 5
REFERENCE = Codec(_pack_reference, _unpack_reference, _by_item(_unpack_reference))
PLAIN: dict[type, Codec] = {
    str: Codec(_pack_text, _unpack_text, read_text),
    date: Codec(_pack_day, _unpack_day, _read_day),
    bool: Codec(_pack_truth, _unpack_truth, _by_item(_unpack_truth)),
}
"""What needs no table: by the type hint of the field."""
