"""Write the tables of docs/format.md from the code that reads and writes records.

python tools/make_format_doc.py            write them
python tools/make_format_doc.py --check    exit 1 when the file differs from what would be written
"""

from __future__ import annotations

import argparse
import dataclasses
import sys
from collections.abc import Iterator
from datetime import date
from enum import StrEnum
from pathlib import Path
from types import UnionType
from typing import Any, get_args, get_origin, get_type_hints

from biotrace.chain.cbor import MAX_INT
from biotrace.chain.codes import CODES, code_of
from biotrace.chain.fields import ANY_COUNT, FIELDS, OWN_ID, RANGES, REFERENCES
from biotrace.chain.kinds import BODY_TYPE

TARGET = Path(__file__).resolve().parents[1] / "docs" / "format.md"
BEGIN = "<!-- tables: written by tools/make_format_doc.py -->\n"
END = "<!-- end of tables -->\n"
PLAIN = {str: "text", bytes: "byte string", date: "day", bool: "0 or 1"}


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
    hints = get_type_hints(cls, vars(sys.modules[cls.__module__]), {})
    defaults = {field.name: field.default for field in dataclasses.fields(cls)}
    yield from (f"**{cls.__name__}**", "", "| key | field | value | left out when |", "| --- | --- | --- | --- |")
    for name, key in FIELDS[cls].items():
        yield f"| {key} | {name} | {value(hints[name], cls, name)} | {absence(defaults[name])} |"
    yield ""
    if cls in OWN_ID:
        yield from ("Its id is the record's id, in hex.", "")


def value(hint: Any, cls: type, name: str) -> str:
    """How a field is written."""
    if get_origin(hint) is UnionType:
        (hint,) = (option for option in get_args(hint) if option is not type(None))
    if get_origin(hint) is tuple:
        return f"list of {value(get_args(hint)[0], cls, name)}"
    if (cls, name) in REFERENCES:
        return f"id of a {REFERENCES[cls, name].label.en} record, 32 bytes"
    if hint is int:
        least, greatest = RANGES.get((cls, name), ANY_COUNT)
        return f"integer from {least}" + ("" if greatest == MAX_INT else f" to {greatest:,}")
    if issubclass(hint, StrEnum):
        return f"code of {hint.__name__}"
    return PLAIN.get(hint) or f"map: {hint.__name__}"


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


def main() -> int:
    """Write or check; the exit code."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true", help="change nothing; exit 1 when the file is stale")
    check = parser.parse_args().check
    old = TARGET.read_text(encoding="utf-8")
    new = written(old)
    if check and old != new:
        print(f"{TARGET} is stale: run python tools/make_format_doc.py", file=sys.stderr)
        return 1
    if not check:
        TARGET.write_text(new, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
