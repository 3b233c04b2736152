"""Model values as the body of a record, and back, driven by the tables in ``fields`` and ``codes``.

A value has exactly one body. A field at its default (None, an empty tuple, ``as_business`` true …) is left out, and a
body that states a default is refused. Dates are days since 1970-01-01, truth values 0 and 1, words their codes,
cited records 32 bytes.
"""

from __future__ import annotations

import dataclasses
import re
import sys
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from enum import StrEnum
from types import UnionType
from typing import Any, NamedTuple, get_args, get_origin, get_type_hints

from biotrace.errors import IntegrityError
from biotrace.model.text import Text

from . import cbor
from .cbor import Value
from .codes import code_of
from .fields import ANY_COUNT, FIELDS, LENGTHS, NOT_IN_RECORDS, OWN_ID, RANGES, REFERENCES
from .kinds import BODY_TYPE, Body, RecordKind

_EPOCH = date(1970, 1, 1).toordinal()
_HEX_ID = re.compile(r"[0-9a-f]{64}")


class BodyError(IntegrityError):
    """A body, or a value, that breaks its kind's table; the message names kind and field."""

    code = "body"


def to_bytes(kind: RecordKind, body: Body) -> bytes:
    """The body of a record of ``kind``. The value's own id is left out where the record's id takes its place.

    Raises BodyError where a field holds what a record cannot, such as a citation that is no record id, and CborError
    for text that is none.
    """
    try:
        if type(body) is not BODY_TYPE[kind]:
            raise _Wrong(Text(f"{type(body).__name__} は入りません", f"a {type(body).__name__} does not belong there"))
        return _STRUCTS[type(body)].pack(body)
    except _Wrong as wrong:
        raise wrong.error(kind) from None


def from_cbor(kind: RecordKind, value: Value, record_id: bytes) -> Body:
    """The value in a decoded body. Raises BodyError for an unknown key, a wrong type, or a missing required field."""
    try:
        body: Body = _STRUCTS[BODY_TYPE[kind]].unpack(value, record_id.hex())
    except _Wrong as wrong:
        raise wrong.error(kind) from None
    return body


def references(value: Any) -> Iterator[tuple[RecordKind | None, bytes]]:
    """What a value cites, in the order of its fields: the kind it must be (None: any), and the record id."""
    for name in _CITING.get(type(value), ()):
        part = getattr(value, name)
        reference = (type(value), name)
        for item in part if isinstance(part, tuple) else (part,):
            if item is None:
                continue
            if reference in REFERENCES:
                yield REFERENCES[reference], bytes.fromhex(item)
            else:
                yield from references(item)


class _Wrong(Exception):
    """What is wrong, and below it the way to the field, filled in on the way up."""

    def __init__(self, reason: Text) -> None:
        super().__init__(reason.en)
        self.reason = reason
        self.path: list[str] = []

    def error(self, kind: RecordKind) -> BodyError:
        path = ".".join(reversed(self.path)) or "body"
        where = Text(f"{kind.label.ja}の {path}: ", f"{kind.label.en}, {path}: ")
        return BodyError(where + self.reason)


class _Codec(NamedTuple):
    """How a value is written, straight to its bytes, and how it is made of what was decoded."""

    pack: Callable[[Any], bytes]
    unpack: Callable[[Any], Any]


class _Field(NamedTuple):
    """``key``: as it is written. ``stated_default``: the one value that must be left out, or MISSING."""

    name: str
    key: bytes
    pack: Callable[[Any], bytes]
    unpack: Callable[[Any], Any]
    default: Any
    stated_default: Any


class _Struct:
    """One dataclass and the map that stands for it."""

    def __init__(self, cls: type) -> None:
        hints = get_type_hints(cls, vars(sys.modules[cls.__module__]), {})
        defaults = {field.name: field.default for field in dataclasses.fields(cls)}
        numbers = sorted((key, name) for name, key in FIELDS[cls].items())
        self.cls = cls
        self.by_key = {key: _field(name, key, _codec(hints[name], cls, name), defaults[name]) for key, name in numbers}
        self.fields = tuple(self.by_key.values())
        self.required = frozenset(field.name for field in self.fields if field.default is dataclasses.MISSING)
        self.has_own_id = cls in OWN_ID
        self.elsewhere = [(name, defaults[name]) for name in NOT_IN_RECORDS.get(cls, ())]

    def pack(self, value: Any) -> bytes:
        if type(value) is not self.cls:
            raise _not_a(Text("項目の組", self.cls.__name__))
        for name, default in self.elsewhere:
            if getattr(value, name) != default:
                wrong = _Wrong(Text("別の種別の記録に書きます", "said in records of another kind"))
                wrong.path.append(name)
                raise wrong
        parts = [b""]
        for name, key, pack, _, default, _ in self.fields:
            part = getattr(value, name)
            if part is default or (type(part) is type(default) and part == default):
                continue
            try:
                parts += (key, pack(part))
            except _Wrong as wrong:
                wrong.path.append(name)
                raise
        parts[0] = cbor.head(cbor.MAP, len(parts) // 2)
        return b"".join(parts)

    def unpack(self, value: Any, own_id: str | None = None) -> Any:
        if not isinstance(value, dict):
            raise _not_a(Text("項目の組", "map"))
        parts: dict[str, Any] = {"id": own_id} if self.has_own_id else {}
        name = None
        try:
            for key, part in value.items():
                name, _, _, unpack, _, default = self.by_key[key]
                parts[name] = made = unpack(part)
                if default is not dataclasses.MISSING and made == default:
                    raise _Wrong(Text("既定値は書かない決まりです", "a default, which must be left out"))
        except KeyError:
            raise _Wrong(Text(f"未知の項目 {key}", f"unknown field {key}")) from None
        except _Wrong as wrong:
            wrong.path.append(str(name))
            raise
        if not parts.keys() >= self.required:
            wrong = _Wrong(Text("必須の項目がありません", "required, but missing"))
            wrong.path.append(next(field.name for field in self.fields if field.name in self.required - parts.keys()))
            raise wrong
        return self.cls(**parts)


def _field(name: str, key: int, codec: _Codec, default: Any) -> _Field:
    # None is no value that could be read, so only the other defaults need to be looked for.
    stated_default = dataclasses.MISSING if default is None else default
    return _Field(name, cbor.head(cbor.UINT, key), codec.pack, codec.unpack, default, stated_default)


def _codec(hint: Any, cls: type, name: str) -> _Codec:
    """How the field ``cls.name`` is written: by its type hint, and by its entries in REFERENCES and RANGES."""
    if get_origin(hint) is UnionType:
        (hint,) = (option for option in get_args(hint) if option is not type(None))
    if get_origin(hint) is tuple:
        return _array(_codec(get_args(hint)[0], cls, name))
    if (cls, name) in REFERENCES:
        return _Codec(_pack_reference, _unpack_reference)
    if hint is bytes:
        return _byte_string(LENGTHS[cls, name])
    if hint is int:
        return _integer(*RANGES.get((cls, name), ANY_COUNT))
    if issubclass(hint, StrEnum):
        return _word(hint)
    if hint in FIELDS:
        return _Codec(lambda value: _STRUCTS[hint].pack(value), lambda value: _STRUCTS[hint].unpack(value))
    return _PLAIN[hint]


def _not_a(what: Text) -> _Wrong:
    return _Wrong(what + Text("ではありません", " expected"))


def _array(item: _Codec) -> _Codec:
    def pack(values: Any) -> bytes:
        if type(values) is not tuple:
            raise _not_a(Text("列", "list"))
        return cbor.head(cbor.ARRAY, len(values)) + b"".join(_each(item.pack, values))

    def unpack(values: Any) -> Any:
        if type(values) is not list:
            raise _not_a(Text("列", "list"))
        return tuple(_each(item.unpack, values))

    return _Codec(pack, unpack)


def _each(function: Callable[[Any], Any], values: Sequence[Any]) -> list[Any]:
    done: list[Any] = []
    try:
        for value in values:
            done.append(function(value))  # its length says which item is wrong
    except _Wrong as wrong:
        wrong.path.append(str(len(done) + 1))
        raise
    return done


def _integer(least: int, greatest: int) -> _Codec:
    def within(value: Any) -> int:
        if type(value) is not int:
            raise _not_a(Text("整数", "integer"))
        if not least <= value <= greatest:
            raise _Wrong(Text(f"{value} は範囲外です", f"{value} is out of range"))
        return value

    return _Codec(lambda value: cbor.integer(within(value)), within)


def _byte_string(length: int) -> _Codec:
    def of_length(value: Any) -> bytes:
        if type(value) is not bytes or len(value) != length:
            raise _not_a(Text(f"{length}バイトのバイト列", f"byte string of {length}"))
        return value

    return _Codec(lambda value: cbor.byte_string(of_length(value)), of_length)


def _word(words: type[StrEnum]) -> _Codec:
    codes = {member: cbor.integer(code_of(member)) for member in words}
    members = {code_of(member): member for member in words}

    def pack(value: Any) -> bytes:
        if type(value) is not words:
            raise _not_a(Text("決まった語", words.__name__))
        return codes[value]

    def unpack(value: Any) -> StrEnum:
        member = members.get(value) if type(value) is int else None
        if member is None:
            raise _Wrong(Text(f"未知の符号 {value}", f"unknown code {value}"))
        return member

    return _Codec(pack, unpack)


def _pack_reference(value: Any) -> bytes:
    if type(value) is not str or _HEX_ID.fullmatch(value) is None:
        raise _not_a(Text("記録のID（16進64桁）", "record id (64 hex digits)"))
    return cbor.byte_string(bytes.fromhex(value))


def _unpack_reference(value: Any) -> str:
    if type(value) is not bytes or len(value) != 32:
        raise _not_a(Text("記録のID（32バイト）", "record id (32 bytes)"))
    return value.hex()


def _pack_text(value: Any) -> bytes:
    return cbor.text(_unpack_text(value))


def _unpack_text(value: Any) -> str:
    if type(value) is not str:
        raise _not_a(Text("文字列", "text"))
    return value


def _pack_day(value: Any) -> bytes:
    if type(value) is not date:
        raise _not_a(Text("日付", "date"))
    return cbor.integer(value.toordinal() - _EPOCH)


def _unpack_day(value: Any) -> date:
    if type(value) is not int:
        raise _not_a(Text("日付", "date"))
    try:
        return date.fromordinal(_EPOCH + value)
    except (OverflowError, ValueError):
        raise _Wrong(Text(f"{value} 日目という日付はありません", f"no date has the number {value}")) from None


def _pack_truth(value: Any) -> bytes:
    if type(value) is not bool:
        raise _not_a(Text("真偽値", "truth value"))
    return cbor.integer(int(value))


def _unpack_truth(value: Any) -> bool:
    if type(value) is not int or value not in (0, 1):
        raise _not_a(Text("真偽値（0か1）", "truth value (0 or 1)"))
    return value == 1


_PLAIN: dict[type, _Codec] = {
    str: _Codec(_pack_text, _unpack_text),
    date: _Codec(_pack_day, _unpack_day),
    bool: _Codec(_pack_truth, _unpack_truth),
}

_STRUCTS: dict[type, _Struct] = {cls: _Struct(cls) for cls in FIELDS}


def _citing_fields(cls: type) -> tuple[str, ...]:
    """The fields of ``cls`` that cite records, or hold values that do."""
    hints = get_type_hints(cls, vars(sys.modules[cls.__module__]), {})
    return tuple(name for name in FIELDS[cls] if (cls, name) in REFERENCES or _holds_citing(hints[name]))


def _holds_citing(hint: Any) -> bool:
    within = get_args(hint) or (hint,)
    return any(option in FIELDS and _citing_fields(option) for option in within)


_CITING = {cls: _citing_fields(cls) for cls in FIELDS}
