"""Model values as the body of a record, and back, driven by the tables in ``fields`` and ``codes``.

A value has exactly one body. A field at its default (None, an empty tuple, ``as_business`` true …) is left out, and a
body that states a default is refused. Dates are days since 1970-01-01, truth values 0 and 1, words their codes,
cited records 32 bytes.
"""

from __future__ import annotations

import dataclasses
import sys
from collections.abc import Callable
from enum import StrEnum
from functools import cache
from operator import attrgetter
from types import UnionType
from typing import Any, NamedTuple, get_args, get_origin, get_type_hints

from biotrace.errors import IntegrityError
from biotrace.model.text import Text

from . import cbor, codecs
from .cbor import Value
from .codecs import Codec, Read, Wrong, not_a
from .fields import ANY_COUNT, FIELDS, LENGTHS, NOT_IN_RECORDS, OWN_ID, RANGES, REFERENCES
from .kinds import BODY_TYPE, Body, RecordKind
from .made import maker

_MISSING = dataclasses.MISSING
_SHORT_MAP = cbor.MAP << 5


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
            raise Wrong(Text(f"{type(body).__name__} は入りません", f"a {type(body).__name__} does not belong there"))
        return _STRUCTS[type(body)].pack(body)
    except Wrong as wrong:
        raise _error(kind, wrong) from None


def from_cbor(kind: RecordKind, value: Value, record_id: bytes) -> Body:
    """The value in a decoded body. Raises BodyError for an unknown key, a wrong type, or a missing required field."""
    try:
        body: Body = _STRUCTS[BODY_TYPE[kind]].unpack(value, record_id.hex())
    except Wrong as wrong:
        raise _error(kind, wrong) from None
    return body


def read(kind: RecordKind, data: bytes, at: int, record_id: bytes) -> tuple[Body, int] | None:
    """The value that starts at ``at``, without decoding first, and where it ends.

    None where it does not read plainly: then ``cbor.decode`` and ``from_cbor`` say what it is or what is wrong.
    """
    try:
        return _STRUCTS[BODY_TYPE[kind]].read(data, at, record_id.hex())
    except codecs.GIVES_UP:
        return None


def with_id(body: Body, record_id: bytes) -> Body:
    """The value as it is read back: what has no id of its own bears its record's."""
    struct = _STRUCTS[type(body)]
    made: Body = struct.with_id(body, record_id.hex()) if struct.has_own_id else body
    return made


def references(value: Any) -> list[tuple[RecordKind | None, bytes]]:
    """What a value cites, in the order of its fields: the kind it must be (None: any), and the record id."""
    found: list[tuple[RecordKind | None, bytes]] = []
    _add_references(value, found)
    return found


def _add_references(value: Any, found: list[tuple[RecordKind | None, bytes]]) -> None:
    for name, is_reference, kind in _CITING.get(type(value), ()):
        part = getattr(value, name)
        if part is None or part == ():
            continue
        for item in part if isinstance(part, tuple) else (part,):
            if is_reference:
                found.append((kind, bytes.fromhex(item)))
            else:
                _add_references(item, found)


def _error(kind: RecordKind, wrong: Wrong) -> BodyError:
    path = ".".join(reversed(wrong.path)) or "body"
    where = Text(f"{kind.label.ja}の {path}: ", f"{kind.label.en}, {path}: ")
    return BodyError(where + wrong.reason)


class _Field(NamedTuple):
    """``key``: as it is written. ``stated_default``: the one value that must be left out, or MISSING."""

    name: str
    key: bytes
    codec: Codec
    default: Any
    stated_default: Any

    @property
    def read(self) -> Read:
        stated = self.stated_default is not _MISSING
        return codecs.refusing(self.stated_default, self.codec.read) if stated else self.codec.read


class _Struct:
    """One dataclass and the map that stands for it."""

    def __init__(self, cls: type) -> None:
        hints = get_type_hints(cls, vars(sys.modules[cls.__module__]), {})
        defaults = {field.name: field.default for field in dataclasses.fields(cls)}
        numbers = sorted((key, name) for name, key in FIELDS[cls].items())
        self.cls = cls
        self.by_key = {key: _field(name, key, _codec(hints[name], cls, name), defaults[name]) for key, name in numbers}
        self.fields = tuple(self.by_key.values())
        self.parts = attrgetter(*(field.name for field in self.fields))
        self.packers = [(field.name, field.key, field.codec.pack, field.default) for field in self.fields]
        self.names = list(defaults)
        self.defaults = list(defaults.values())
        self.made: Callable[..., Any] = maker(cls)
        self.readers = {key: (self.names.index(field.name), field.read) for key, field in self.by_key.items()}
        self.required = frozenset(field.name for field in self.fields if field.default is _MISSING)
        self.required_places = [place for place, default in enumerate(self.defaults) if default is _MISSING]
        self.has_own_id = cls in OWN_ID
        self.elsewhere = [(name, defaults[name]) for name in NOT_IN_RECORDS.get(cls, ())]
        self.all_but_id = attrgetter(*self.names[1:])

    def pack(self, value: Any) -> bytes:
        if type(value) is not self.cls:
            raise not_a(Text("項目の組", self.cls.__name__))
        for name, default in self.elsewhere:
            if getattr(value, name) != default:
                raise Wrong(Text("別の種別の記録に書きます", "said in records of another kind"), name)
        parts = [b""]
        for part, (name, key, pack, default) in zip(self.parts(value), self.packers, strict=True):
            if part is default or (type(part) is type(default) and part == default):
                continue
            try:
                parts += (key, pack(part))
            except Wrong as wrong:
                wrong.path.append(name)
                raise
        parts[0] = cbor.head(cbor.MAP, len(parts) // 2)
        return b"".join(parts)

    def unpack(self, value: Any, own_id: str = "") -> Any:
        if type(value) is not dict:
            raise not_a(Text("項目の組", "map"))
        parts: dict[str, Any] = {"id": own_id} if self.has_own_id else {}
        for key, part in value.items():
            field = self.by_key.get(key)
            if field is None:
                raise Wrong(Text(f"未知の項目 {key}", f"unknown field {key}"))
            try:
                parts[field.name] = made = field.codec.unpack(part)
                if field.stated_default is not _MISSING and made == field.stated_default:
                    raise Wrong(Text("既定値は書かない決まりです", "a default, which must be left out"))
            except Wrong as wrong:
                wrong.path.append(field.name)
                raise
        if not parts.keys() >= self.required:
            missing = (field.name for field in self.fields if field.name in self.required - parts.keys())
            raise Wrong(Text("必須の項目がありません", "required, but missing"), next(missing))
        return self.cls(**parts)

    def read(self, data: bytes, at: int, own_id: str = "") -> tuple[Any, int]:
        """As ``unpack`` after ``cbor.decode``; see ``biotrace.chain.codecs`` for when it gives up."""
        count, at = data[at] - _SHORT_MAP, at + 1
        if not 0 <= count < 24:
            count, at = cbor.head_of(cbor.MAP, data, at - 1)
        values = self.defaults.copy()
        if self.has_own_id:
            values[0] = own_id
        readers = self.readers
        last = -1
        for _ in range(count):
            key = data[at]
            if key < 24:
                at += 1
            else:
                key, at = cbor.head_of(cbor.UINT, data, at)
            if key <= last:
                raise Wrong(Text("順序", "order"))
            last = key
            place, read = readers[key]
            values[place], at = read(data, at)
        for place in self.required_places:
            if values[place] is _MISSING:
                raise Wrong(Text("必須の項目がありません", "required, but missing"), self.names[place])
        return self.made(*values), at

    def with_id(self, value: Any, own_id: str) -> Any:
        """What ``dataclasses.replace`` gives."""
        return self.made(own_id, *self.all_but_id(value))


def _field(name: str, key: int, codec: Codec, default: Any) -> _Field:
    # None is no value that could be read, so only the other defaults need to be looked for.
    stated_default = _MISSING if default is None else default
    return _Field(name, cbor.head(cbor.UINT, key), codec, default, stated_default)


def _codec(hint: Any, cls: type, name: str) -> Codec:
    """How the field ``cls.name`` is written: by its type hint, and by its entries in REFERENCES and RANGES."""
    if get_origin(hint) is UnionType:
        (hint,) = (option for option in get_args(hint) if option is not type(None))
    if get_origin(hint) is tuple:
        return codecs.many(_codec(get_args(hint)[0], cls, name))
    if (cls, name) in REFERENCES:
        return codecs.REFERENCE
    if hint is bytes:
        return codecs.byte_string(LENGTHS[cls, name])
    if hint is int:
        return codecs.integer(*RANGES.get((cls, name), ANY_COUNT))
    if issubclass(hint, StrEnum):
        return codecs.word(hint)
    return _struct_codec(hint) if hint in FIELDS else codecs.PLAIN[hint]


def _struct_codec(cls: type) -> Codec:
    struct = _struct(cls)
    return Codec(struct.pack, struct.unpack, struct.read)


@cache
def _struct(cls: type) -> _Struct:
    return _Struct(cls)


_STRUCTS: dict[type, _Struct] = {cls: _struct(cls) for cls in FIELDS}


class _Citing(NamedTuple):
    """A field that cites records of ``kind`` (None: any), or, where it is no reference itself, holds values that do."""

    name: str
    is_reference: bool
    kind: RecordKind | None


def _citing_fields(cls: type) -> tuple[_Citing, ...]:
    hints = get_type_hints(cls, vars(sys.modules[cls.__module__]), {})
    return tuple(
        _Citing(name, (cls, name) in REFERENCES, REFERENCES.get((cls, name)))
        for name in FIELDS[cls]
        if (cls, name) in REFERENCES or _holds_citing(hints[name])
    )


def _holds_citing(hint: Any) -> bool:
    within = get_args(hint) or (hint,)
    return any(option in FIELDS and _citing_fields(option) for option in within)


_CITING = {cls: _citing_fields(cls) for cls in FIELDS}
