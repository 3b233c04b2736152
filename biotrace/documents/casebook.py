"""Casebooks: certificates as people copied them down, in YAML or JSON (format casebook/1).

``read_casebook`` takes nothing that it does not understand, and names the line of everything that it refuses.
"""

from __future__ import annotations

import re
from dataclasses import replace

from biotrace.documents.casebook_fields import CASEBOOK
from biotrace.documents.casebook_reading import Reading, Reference, Tree, found, is_null
from biotrace.documents.casebook_text import json_text, yaml_text
from biotrace.documents.located import Items, Mapping, Node, Refused, Scalar, load
from biotrace.documents.problems import CasebookErrors, Problem, nearest, shown
from biotrace.errors import UpdateNeededError
from biotrace.model.casebook import Casebook
from biotrace.model.text import Text, same

__all__ = ["VERSION", "CasebookErrors", "Problem", "read_casebook", "write_casebook", "write_casebook_json"]

VERSION = "casebook/1"


def read_casebook(data: bytes, name: str) -> Casebook:
    """The casebook in ``data``; ``name`` stands for the file in errors.

    Raises CasebookErrors (an UnreadableError) with every problem of the file, and UpdateNeededError for a
    version of the format that this release does not know.
    """
    reading = Reading(name)
    root = load(data, name, reading.problems)
    whole = not reading.problems  # a section under a repeated key has been dropped, with the ids in it
    if not isinstance(root, Mapping):
        if not isinstance(root, Refused):
            reading.refuse(root, "", found(root), _START, _FIRST_LINE)
        raise CasebookErrors(reading.problems)
    _check_version(root, reading)
    entries = Mapping(tuple(e for e in root.entries if e[0].text != "biotrace"), root.line, root.column)
    book = CASEBOOK.read(entries, "", reading)
    for reference in reading.references if whole else ():
        _check_reference(reference, root, reading)
    if reading.problems or not isinstance(book, Casebook):
        raise CasebookErrors(reading.problems)
    return replace(book, files=reading.files)


def write_casebook(book: Casebook) -> str:
    """YAML text that reads back to an equal casebook, as long as its values are such as the format can carry."""
    return yaml_text(_tree(book))


def write_casebook_json(book: Casebook) -> str:
    """JSON text that reads back to an equal casebook, as long as its values are such as the format can carry."""
    return json_text(_tree(book))


def _tree(book: Casebook) -> dict[str, Tree]:
    tree = CASEBOOK.write(book)
    for section in _WITH_FILES:
        entries = tree.get(section)
        for entry in entries if isinstance(entries, list) else ():
            if isinstance(entry, dict) and (names := book.files.get(str(entry["id"]))):
                entry["files"] = [*names]
    return {"biotrace": VERSION, **tree}


_WITH_FILES = ("documents", "certificates")
"""Sections whose entries may name files."""
_MANY = 200
"""From this many problems on, no nearest id is looked for: in a file of thousands that takes minutes."""

_START = Text(
    f"「biotrace: {VERSION}」で始まる「キー: 値」の並び", f'keys and values, starting with "biotrace: {VERSION}"'
)
_FIRST_LINE = Text(f"先頭に「biotrace: {VERSION}」と書いてください", f'write "biotrace: {VERSION}" at the top')


def _check_version(root: Mapping, reading: Reading) -> None:
    """Note a missing or garbled version; with nothing known beside it, the file is no casebook and reading ends."""
    version = root.get("biotrace")
    if version is None:
        message = Text("「biotrace:」（書式の版）がありません", '"biotrace:" (the version of the format) is missing')
        reading.refuse(root, "biotrace", message, _START, _FIRST_LINE)
        if not any(name.text == key.key for name, _ in root.entries for key in CASEBOOK.keys):
            raise CasebookErrors(reading.problems)
    elif not isinstance(version, Scalar) or not re.fullmatch("casebook/[0-9]+", version.text):
        message = found(version) if not is_null(version) else Text("版がありません", "there is no version")
        reading.refuse(version, "biotrace", message, same(VERSION), _FIRST_LINE)
    elif version.text != VERSION:
        where = Text(f"{reading.file} {version.line}行目 biotrace: ", f"{reading.file} line {version.line} biotrace: ")
        word = shown(version.text)
        raise UpdateNeededError(
            where
            + Text(
                f"このバージョンの biotrace は{word.ja}を知りません（読めるのは {VERSION}）",
                f"update needed: this release reads {VERSION} and does not know {word.en}",
            ),
            Text("biotrace を更新してから、もう一度読んでください", "update biotrace and read the file again"),
        )


def _check_reference(reference: Reference, root: Mapping, reading: Reading) -> None:
    """Note a reference to nothing, or to an entry of another section."""
    section, name = reference.section, shown(reference.id)
    other = reading.ids.get(reference.id)
    if other is not None and other[0] == section:
        return
    known = [i for i, (where, _, _) in reading.ids.items() if where == section]
    if other is not None:
        message = Text(
            f"{name.ja}は {other[0]} の id です（{other[1]}行目）",
            f"{name.en} is an id of {other[0]} (line {other[1]})",
        )
    elif _has_unread_ids(root.get(section), len(known)):
        return  # it may well be one of those that could not be read
    else:
        message = Text(f"{name.ja}は {section} のどこにもありません", f"{name.en} is nowhere in {section}")
    remedy = Text(
        f"{section} に{name.ja}を加えるか、参照を直してください",
        f"add {name.en} to {section}, or correct the reference",
    )
    if len(reading.problems) < _MANY and (near := nearest(reference.id, known)):
        remedy = Text(f"{near} の誤りではありませんか。違えば、", f"did you mean {near}? If not, ") + remedy
    expected = Text(f"{section} にある id", f"an id from {section}")
    reading.refuse(reference.node, reference.path, message, expected, remedy)


def _has_unread_ids(section: Node | None, known: int) -> bool:
    return section is not None and not (isinstance(section, Items) and len(section.items) == known)
