"""How a casebook's lists and entries are read and written, driven by a table of keys.

``read`` answers BAD after noting what is wrong, so that one reading finds every mistake of a file.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import MISSING, dataclass, field, fields
from datetime import date
from decimal import Decimal
from typing import Any, Final, Protocol

from biotrace.documents.located import Items, Mapping, Node, Refused, Scalar
from biotrace.documents.problems import Problem, nearest, shown, visible
from biotrace.model.text import Text, join, same

BAD: Final = object()
"""Stands for a value whose problem has been noted."""

Tree = str | bool | Decimal | date | list["Tree"] | dict[str, "Tree"]
"""What a value is before it becomes YAML or JSON text."""

_COLON = Text(
    "「キー: 値」のコロンは半角で書き、後に半角の空白を入れてください",
    'write "key: value" with an ASCII colon followed by a space',
)


@dataclass(frozen=True, slots=True)
class Reference:
    """A use of an id, checked when the whole file has been read."""

    id: str
    section: str
    node: Scalar
    path: str


@dataclass(slots=True)
class Reading:
    """What one reading of a file has gathered. ``ids``: the section, line and place where each is defined.

    ``files``: by an entry's id, the files that it names.
    """

    file: str
    problems: list[Problem] = field(default_factory=list)
    ids: dict[str, tuple[str, int, str]] = field(default_factory=dict)
    references: list[Reference] = field(default_factory=list)
    files: dict[str, tuple[str, ...]] = field(default_factory=dict)

    def refuse(self, node: Node, path: str, message: Text, expected: Text, remedy: Text | None = None) -> object:
        """Note a problem and answer BAD."""
        self.problems.append(Problem(self.file, node.line, node.column, path, message, expected, remedy))
        return BAD


class Kind(Protocol):
    """One kind of value. ``expected`` says what people should write."""

    @property
    def expected(self) -> Text: ...

    def read(self, node: Node, path: str, reading: Reading) -> object:
        """The model's value, or BAD."""

    def write(self, value: Any) -> Tree:
        """The value as it stands in a file."""


def read_value(kind: Kind, node: Node, path: str, reading: Reading) -> object:
    """Read with what holds for every kind: nothing is said twice, and a key has a value."""
    if isinstance(node, Refused):
        return BAD
    if not is_null(node):
        return kind.read(node, path, reading)
    remedy = Text("値を書くか、書くことがなければキーごと消してください", "write a value, or remove the key")
    if isinstance(node, Scalar) and node.text:
        remedy += Text(
            f'。文字としての {node.text} なら "{node.text}" と引用符で囲んでください',
            f'; if the text itself is meant, quote it: "{node.text}"',
        )
    return reading.refuse(node, path, Text("値がありません", "there is no value"), kind.expected, remedy)


def is_null(node: Node) -> bool:
    """A key without a value, in any of YAML's and JSON's notations."""
    return isinstance(node, Scalar) and node.plain and node.text in ("", "~", "null", "Null", "NULL")


def found(node: Node) -> Text:
    """What stands there instead."""
    if isinstance(node, Scalar):
        return shown(node.text) + Text("と書かれています", " is written")
    if isinstance(node, Items):
        return Text("リスト（[ … ] や「- 」の並び）が書かれています", "a list is written")
    return Text("「キー: 値」の組が書かれています", 'a group of "key: value" is written')


def below(path: str, key: str) -> str:
    """The path of a key inside ``path``; after an entry's "(id: c-4)" a space reads better than a dot."""
    return f"{path} {key}" if path.endswith(")") else f"{path}.{key}" if path else key


@dataclass(frozen=True, slots=True)
class ListOf:
    """A list. ``one``: a single item may stand alone. ``some``: at least one item."""

    item: Kind
    one: bool = False
    some: bool = False

    @property
    def expected(self) -> Text:
        return Text("リスト（各項目: ", "a list of: ") + self.item.expected + Text("）", "")

    def read(self, node: Node, path: str, reading: Reading) -> object:
        if not isinstance(node, Items):
            if self.one:
                item = read_value(self.item, node, path, reading)
                return BAD if item is BAD else (item,)
            remedy = Text(
                "[ ] で囲むか、「- 」で始まる行に分けてください", 'enclose it in [ ], or start each item with "- "'
            )
            return reading.refuse(node, path, found(node), self.expected, remedy)
        if self.some and not node.items:
            return reading.refuse(node, path, Text("リストが空です", "the list is empty"), self.expected)
        items = [read_value(self.item, n, f"{path}[{i}]{_label(n)}", reading) for i, n in enumerate(node.items)]
        return BAD if any(item is BAD for item in items) else tuple(items)

    def write(self, value: tuple[Any, ...]) -> Tree:
        if self.one and len(value) == 1:
            return self.item.write(value[0])
        return [self.item.write(item) for item in value]


def _label(node: Node) -> str:
    name = node.get("id") if isinstance(node, Mapping) else None
    return f" (id: {visible(name.text)})" if isinstance(name, Scalar) and name.text else ""


@dataclass(frozen=True, slots=True)
class Key:
    """A key in the file and the model's attribute behind it (the same word unless ``attribute`` says otherwise).

    ``beside``: names of files. The model's attribute holds their hashes, which nobody has yet when a casebook is read,
    so the names go to ``Reading.files``, under the entry's id.
    """

    key: str
    kind: Kind
    attribute: str = ""
    beside: bool = False

    @property
    def name(self) -> str:
        """The model's attribute."""
        return self.attribute or self.key


@dataclass(frozen=True, slots=True)
class Record:
    """A group of keys that becomes a value of the model. What the model gives no default is required."""

    model: type[Any]
    keys: tuple[Key, ...]

    @property
    def required(self) -> tuple[Key, ...]:
        """Keys that must be present."""
        return tuple(k for k in self.keys if self.default(k) is MISSING)

    def default(self, key: Key) -> Any:
        """The value that stands for an absent key; MISSING where the key is required."""
        return next(f.default for f in fields(self.model) if f.name == key.name)

    @property
    def expected(self) -> Text:
        shown_keys = self.required or self.keys
        return (
            Text("「キー: 値」の組（", 'a group of "key: value" (')
            + join([same(k.key) for k in shown_keys])
            + Text(" など）", " …)")
        )

    def read(self, node: Node, path: str, reading: Reading) -> object:
        if not isinstance(node, Mapping):
            remedy = _COLON if isinstance(node, Scalar) and re.search("[:：]", node.text) else None
            return reading.refuse(node, path, found(node), self.expected, remedy)
        values: dict[str, Any] = dict(self._values(node, path, reading))
        missing = [k for k in self.required if node.get(k.key) is None]
        for key in missing:
            message = Text(f"必須のキー {key.key} がありません", f"the required key {key.key} is missing")
            remedy = Text(f"「{key.key}: …」の行を加えてください", f'add a line "{key.key}: …"')
            reading.refuse(node, path, message, Text(f"{key.key}: ", f"{key.key}: ") + key.kind.expected, remedy)
        if missing or BAD in values.values() or not self._in_order(node, values, path, reading):
            return BAD
        for key in self.keys:
            if key.beside and (names := values.pop(key.name, ())):
                reading.files[values["id"]] = names
        return self.model(**values)

    def _values(self, node: Mapping, path: str, reading: Reading) -> Iterator[tuple[str, object]]:
        known = {k.key: k for k in self.keys}
        for name, value in node.entries:
            if key := known.get(name.text):
                yield key.name, read_value(key.kind, value, below(path, name.text), reading)
            else:
                self._unknown(name, value, path, reading)

    def _in_order(self, node: Mapping, values: dict[str, Any], path: str, reading: Reading) -> bool:
        """A period does not end before it begins."""
        start, until = values.get("start"), values.get("until")
        if start is None or until is None or start <= until:
            return True
        at = node.get("until") or node
        message = Text(f"until（{until}）が from（{start}）より前です", f"until ({until}) lies before from ({start})")
        remedy = Text("二つの日付が逆でないか確かめてください", "check whether the two dates are swapped")
        expected = Text(f"{start} 以後の日付", f"a date not before {start}")
        reading.refuse(at, below(path, "until"), message, expected, remedy)
        return False

    def _unknown(self, name: Scalar, value: Node, path: str, reading: Reading) -> None:
        word = shown(name.text)
        message = Text(f"{word.ja}というキーはありません", f"unknown key {word.en}")
        spellings = {k.name: k.key for k in self.keys} | {k.key: k.key for k in self.keys}
        glued = is_null(value) and re.search("[:：]", name.text)
        if not glued and (near := nearest(name.text, spellings)):
            expected = same(spellings[near])
            remedy = Text(f"{expected.ja} の誤りではありませんか", f"did you mean {expected.en}?")
        else:
            expected = Text("次のどれか: ", "one of: ") + join([same(k.key) for k in self.keys])
            remedy = _COLON if glued else self._stray(name.text, value, path)
        reading.refuse(name, below(path, visible(name.text)), message, expected, remedy)

    def _stray(self, word: str, value: Node, path: str) -> Text:
        """What to do about a key that resembles none: it belongs elsewhere, or is no key at all."""
        if re.fullmatch("[0-9]+", word) and is_null(value):
            return Text("数に桁区切りのコンマがあれば消してください", "remove the comma inside the number")
        for key in self.keys if path else ():
            if word in _keys_inside(key.kind):
                return Text(f"{word} は {key.key} の中に書いてください", f"write {word} inside {key.key}")
        return Text("キーを直すか、この項目を消してください", "correct the key or remove it")

    def write(self, value: Any) -> dict[str, Tree]:
        written: dict[str, Tree] = {}
        for key in self.keys:
            if key.beside:
                continue
            attribute = getattr(value, key.name)
            if attribute != self.default(key):
                written[key.key] = key.kind.write(attribute)
        return written


@dataclass(frozen=True, slots=True)
class Converted:
    """A record whose keys fit the model only after a conversion, such as value and unit.

    ``into`` raises ValueError when the values do not fit together; that is told at ``blamed``.
    """

    record: Record
    into: Callable[[Any], object]
    back: Callable[[Any], object]
    blamed: str
    refusal: Text
    remedy: Text

    @property
    def expected(self) -> Text:
        return self.record.expected

    def read(self, node: Node, path: str, reading: Reading) -> object:
        written = self.record.read(node, path, reading)
        if written is BAD or not isinstance(node, Mapping):
            return BAD
        try:
            return self.into(written)
        except ValueError:
            at = node.get(self.blamed) or node
            message = (shown(at.text) if isinstance(at, Scalar) else Text("", "")) + self.refusal
            expected = next(k.kind.expected for k in self.record.keys if k.key == self.blamed)
            return reading.refuse(at, below(path, self.blamed), message, expected, self.remedy)

    def write(self, value: Any) -> Tree:
        return self.record.write(self.back(value))


def _keys_inside(kind: Kind) -> set[str]:
    if isinstance(kind, ListOf):
        return _keys_inside(kind.item)
    if isinstance(kind, Converted):
        return _keys_inside(kind.record)
    return {k.key for k in kind.keys} if isinstance(kind, Record) else set()
