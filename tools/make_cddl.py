"""Write docs/record.cddl, the grammar of a record (RFC 8610), from the code that reads and writes records.

python tools/make_cddl.py            write it
python tools/make_cddl.py --check    exit 1 when the file differs from what would be written
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from datetime import date
from enum import StrEnum
from pathlib import Path

# Python searches a script's own folder, not the repository's.
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from biotrace.chain.cbor import MAX_INT
from biotrace.chain.codes import CODES, code_of
from biotrace.chain.cose import ALG_ED25519, MAX_NAME_BYTES, MAX_TIME
from biotrace.chain.ed25519 import SIGNATURE_BYTES
from biotrace.chain.fields import FIELDS, OWN_ID
from biotrace.chain.keys import KID_BYTES
from biotrace.chain.kinds import BODY_TYPE, RecordKind
from biotrace.chain.payload import ID_BYTES, NAMED_KINDS, VERSION
from tools import generated
from tools.shapes import ByteString, Code, Day, Field, Many, Map, Number, Reference, Shape, Text, Truth, fields_of

TARGET = Path(__file__).resolve().parents[1] / "docs" / "record.cddl"
EPOCH = date(1970, 1, 1)

HEAD = f"""\
; A record of biotrace, version {VERSION}, in CDDL (RFC 8610). Written by tools/make_cddl.py from the code.
; docs/format.md says what it means, and what a grammar cannot: one encoding only, keys ascending, names in the order of
; their ids, no control characters in iss and sub, who may sign what.

record = #6.18([
  protected: bstr .cbor header,
  unprotected: {{}},
  payload: bstr .cbor payload,
  signature: bstr .size {SIGNATURE_BYTES},
])

header = {{
  1: {ALG_ED25519},  ; alg: Ed25519
  4: kid,
  15: claims,
}}

claims = {{
  1: name,  ; iss: party id of the signer
  2: name,  ; sub: the signer's name for what it is about
  6: 0..{MAX_TIME},  ; iat: seconds since 1970-01-01 UTC
}}

payload = {{
  0: {VERSION},  ; version
  (1: 0 // 1: 1..{MAX_INT}, 2: record-id),  ; seq, and prev in all but the first
  3: bstr .cbor content,
}}

names = [+ [party: tstr, name: tstr]]

kid = bstr .size {KID_BYTES}
record-id = bstr .size {ID_BYTES}
name = tstr .size (1..{MAX_NAME_BYTES})
count = 0..{MAX_INT}
truth = 0 / 1
day = {(date.min - EPOCH).days}..{(date.max - EPOCH).days}  ; days since 1970-01-01
"""


def grammar() -> Iterator[str]:
    """The file, part by part."""
    yield HEAD
    yield "; What a record says, by kind.\n"
    yield "content =" + " /".join(f"\n  {content_name(kind)}" for kind in RecordKind) + "\n"
    for kind, body in BODY_TYPE.items():
        yield from content(kind, body)
    yield "\n; Bodies, and what stands in them. What is at its default is left out."
    for cls in FIELDS:
        yield from struct(cls)
    yield "\n; Codes."
    for words in CODES:
        yield from codes(words)


def content_name(kind: RecordKind) -> str:
    """The rule of a kind's content."""
    return f"content-{kind.name.lower().replace('_', '-')}"


def content(kind: RecordKind, body: type) -> Iterator[str]:
    """What a record of that kind says."""
    carried = ", ? 2: names" if kind in NAMED_KINDS else ""
    yield f"{content_name(kind)} = {{ 0: {int(kind)}, 1: {rule(body)}{carried}, ? 3: 1 }}"


def struct(cls: type) -> Iterator[str]:
    """The map of a type."""
    yield f"\n{rule(cls)} = {{{'  ; its id is that of its record' if cls in OWN_ID else ''}"
    for field in fields_of(cls):
        yield f"  {'' if field.required else '? '}{field.key}: {stated(field)},  ; {field.name}"
    yield "}"


def stated(field: Field) -> str:
    """What a field may hold where it is stated: anything but its default."""
    default = field.default
    if default == ():
        assert isinstance(field.shape, Many)
        return f"[+ {value(field.shape.item)}]"
    if isinstance(default, StrEnum):
        return f"{value(field.shape)} .ne {code_of(default)}"
    if isinstance(default, bool):
        return str(int(not default))
    return value(field.shape)


def value(shape: Shape) -> str:
    """The type of a value."""
    match shape:
        case Many(item):
            return f"[* {value(item)}]"
        case Reference():
            return "record-id"
        case ByteString(length):
            return f"bstr .size {length}"
        case Number(0, greatest) if greatest == MAX_INT:
            return "count"
        case Number(least, greatest):
            return f"{least}..{greatest}"
        case Code(words):
            return rule(words)
        case Map(cls):
            return rule(cls)
        case Text():
            return "tstr"
        case Day():
            return "day"
        case Truth():
            return "truth"


def codes(words: type[StrEnum]) -> Iterator[str]:
    """The numbers of some words, each with its word."""
    yield f"\n{rule(words)} = &("
    for member in words:
        yield f"  {member.name.lower().replace('_', '-')}: {code_of(member)},"
    yield ")"


def rule(cls: type) -> str:
    """A type's name as CDDL writes names: StockEntry becomes stock-entry."""
    return re.sub(r"(?<=.)(?=[A-Z])", "-", cls.__name__).lower()


def written(_: str) -> str:
    """The whole file."""
    return "\n".join(grammar()) + "\n"


if __name__ == "__main__":
    sys.exit(generated.run(TARGET, written, "tools/make_cddl.py", __doc__))
