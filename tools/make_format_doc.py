"""Write the tables of docs/format.md from the code that reads and writes records.

python tools/make_format_doc.py            write them
python tools/make_format_doc.py --check    exit 1 when the file differs from what would be written
"""

from __future__ import annotations

import dataclasses
import sys
from collections.abc import Iterator
from enum import StrEnum
from pathlib import Path
from typing import Any

# Python searches a script's own folder, not the repository's.
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from biotrace.chain.cbor import MAX_INT
from biotrace.chain.codes import CODES, code_of
from biotrace.chain.fields import FIELDS, OWN_ID
from biotrace.chain.kinds import BODY_TYPE
from tools import generated
from tools.shapes import ByteString, Code, Day, Many, Map, Number, Reference, Shape, Text, Truth, fields_of

TARGET = Path(__file__).resolve().parents[1] / "docs" / "format.md"
BEGIN = "<!-- tables: written by tools/make_format_doc.py -->\n"
END = "<!-- end of tables -->\n"


def tables() -> Iterator[str]:
    """The generated part, line by line."""
    yield from ("### Kinds", "", "| kind | body | what |", "| --- | --- | --- |")
    for kind, body in BODY_TYPE.items():
        yield f"| {int(kind)} | {body.__name__} | {kind.label.en} ({kind.label.ja}) |"
    yield from ("", "### Bodies and what stands in them", "")
    for cls in FIELDS:
        yield from fields(cls)
    yield from ("### Codes", "", "| word | codes |", "| --- | --- |")
    for words in CODES:
        codes = ", ".join(f"{code_of(member)} {member.value}" for member in words)
        yield f"| {words.__name__} | {codes} |"


def fields(cls: type) -> Iterator[str]:
    """One type: its fields by key."""
    yield from (f"**{cls.__name__}**", "", "| key | field | value | left out when |", "| --- | --- | --- | --- |")
    for field in fields_of(cls):
        yield f"| {field.key} | {field.name} | {value(field.shape)} | {absence(field.default)} |"
    yield ""
    if cls in OWN_ID:
        yield from ("Its id is the record's id, in hex.", "")


def value(shape: Shape) -> str:
    """How a field is written."""
    match shape:
        case Many(item):
            return f"list of {value(item)}"
        case Reference(kind):
            which = "any kind" if kind is None else f"kind {int(kind)} ({kind.label.en})"
            return f"id of a record of {which}, 32 bytes"
        case ByteString(length):
            return f"byte string of {length} bytes"
        case Number(least, greatest):
            return f"integer from {least}" + ("" if greatest == MAX_INT else f" to {greatest:,}")
        case Code(words):
            return f"code of {words.__name__}"
        case Map(cls):
            return f"map: {cls.__name__}"
        case Text():
            return "text"
        case Day():
            return "day"
        case Truth():
            return "0 or 1"


def absence(default: Any) -> str:
    """When a field does not stand in the body."""
    if default is dataclasses.MISSING:
        return "never"
    if default is None:
        return "not stated"
    if default == ():
        return "empty"
    return f"{default.value}" if isinstance(default, StrEnum) else f"{int(default)}"


def written(text: str) -> str:
    """The document with its tables as they should be."""
    before, rest = text.split(BEGIN)
    return before + BEGIN + "\n" + "\n".join(tables()) + "\n\n" + END + rest.split(END)[1]


if __name__ == "__main__":
    sys.exit(generated.run(TARGET, written, "tools/make_format_doc.py", __doc__))
