"""YAML and JSON as nodes that know their line, so that every later error can name it.

The parser's events are taken one by one instead of its finished objects: objects have lost their lines, the
second of two equal keys, and the difference between ``26`` and ``"26"``.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, NoReturn

import yaml

from biotrace.documents import syntax_words as words
from biotrace.documents.problems import CasebookErrors, Problem, visible

LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
DEPTH = 30
"""Deeper nesting is an accident or an attack: a casebook needs nine levels."""

_CONTROL = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_JSON_TOKEN = re.compile(r'"[^"\\]*(?:\\.[^"\\]*)*"|[{}\[\]]|[^\s{}\[\],:"]+', re.DOTALL)


@dataclass(frozen=True, slots=True)
class Scalar:
    """A single value as written. ``plain``: without quotation marks."""

    text: str
    plain: bool
    line: int
    column: int


@dataclass(frozen=True, slots=True)
class Items:
    """A list."""

    items: tuple[Node, ...]
    line: int
    column: int


@dataclass(frozen=True, slots=True)
class Mapping:
    """Keys with their values, each key once, in the order of the file."""

    entries: tuple[tuple[Scalar, Node], ...]
    line: int
    column: int

    def get(self, key: str) -> Node | None:
        """The value of a key, None where the key is absent."""
        return next((value for name, value in self.entries if name.text == key), None)


@dataclass(frozen=True, slots=True)
class Refused:
    """Something already reported: whoever meets it says nothing more."""

    line: int
    column: int


Node = Scalar | Items | Mapping | Refused


def load(data: bytes, name: str, problems: list[Problem]) -> Node:
    """The one document in ``data``: JSON when it starts with ``{``, YAML otherwise.

    Repeated keys, anchors, aliases and tags are added to ``problems``. Raises CasebookErrors, with those found
    before it, for what makes further reading pointless: not UTF-8, empty, broken syntax, a second document,
    nesting deeper than 30 levels.
    """
    tree = _Tree(name, problems)
    text = _decode(data, tree)
    if text.lstrip().startswith("{"):
        _grow_from_json(text, tree)
    else:
        _grow_from_yaml(text, tree)
    if tree.root is None or (isinstance(tree.root, Scalar) and tree.root.plain and not tree.root.text):
        tree.stop((1, 1), words.EMPTY)
    return tree.root


@dataclass(slots=True)
class _Open:
    """A list or mapping that is still being read; a mapping's children are key, value, key, value."""

    is_mapping: bool
    line: int
    column: int
    children: list[Node] = field(default_factory=list)


@dataclass(slots=True)
class _Tree:
    """Grows nodes from events, without recursion."""

    name: str
    problems: list[Problem]
    root: Node | None = None
    stack: list[_Open] = field(default_factory=list)

    def open(self, is_mapping: bool, line: int, column: int) -> None:
        if len(self.stack) == DEPTH:
            self.stop((line, column), words.TOO_DEEP)
        self.stack.append(_Open(is_mapping, line, column))

    def close(self) -> None:
        top = self.stack[-1]
        node: Node
        if top.is_mapping:
            node = Mapping(tuple(self._entries(top.children)), top.line, top.column)
        else:
            node = Items(tuple(top.children), top.line, top.column)
        self.stack.pop()
        self.add(node)

    def add(self, node: Node) -> None:
        if self.stack:
            self.stack[-1].children.append(node)
        else:
            self.root = node

    def _entries(self, children: list[Node]) -> Iterator[tuple[Scalar, Node]]:
        lines: dict[str, int] = {}
        for key, value in zip(children[::2], children[1::2], strict=True):
            if not isinstance(key, Scalar):
                if not isinstance(key, Refused):
                    self.note((key.line, key.column), words.KEY_IS_NO_TEXT)
            elif key.plain and key.text == "<<":
                self.note((key.line, key.column), words.MERGE_KEY)
            elif key.text in lines:
                self.note((key.line, key.column), words.repeated(key.text, lines[key.text]), key.text)
            else:
                lines[key.text] = key.line
                yield key, value

    def note(self, place: tuple[int, int], said: words.Words, key: str = "") -> None:
        (line, column), (message, expected, remedy) = place, said
        path = f"{self._path()}.{visible(key)}".strip(".")
        self.problems.append(Problem(self.name, line, column, path, message, expected, remedy))

    def stop(self, place: tuple[int, int], said: words.Words) -> NoReturn:
        """Reading ends here. No path: the parser gave up at a place, not at a key."""
        self.stack.clear()
        self.note(place, said)
        raise CasebookErrors(self.problems)

    def _path(self) -> str:
        path = ""
        for level in self.stack:
            if not level.is_mapping:
                path += f"[{len(level.children)}]"
            elif len(level.children) % 2 and isinstance(key := level.children[-1], Scalar):
                path += f".{visible(key.text)}"
        return path.removeprefix(".")


def _grow_from_yaml(text: str, tree: _Tree) -> None:
    if bad := _CONTROL.search(text):
        start = text.rfind("\n", 0, bad.start()) + 1
        line = text.count("\n", 0, start) + 1
        tree.stop((line, bad.start() - start + 1), words.control_character(bad.group()))
    documents = 0
    try:
        events: Iterator[Any] = yaml.parse(text, Loader=LOADER)
        for event in events:
            line, column = event.start_mark.line + 1, event.start_mark.column + 1
            if isinstance(event, yaml.DocumentStartEvent):
                documents += 1
                if documents > 1:
                    tree.stop((line, column), words.SECOND_DOCUMENT)
            elif isinstance(event, yaml.CollectionEndEvent):
                tree.close()
            elif isinstance(event, yaml.NodeEvent):
                _grow_node(event, tree, line, column)
    except yaml.MarkedYAMLError as error:
        tree.stop(words.yaml_place(error), words.yaml_error(error, text))


def _grow_node(event: Any, tree: _Tree, line: int, column: int) -> None:
    if isinstance(event, yaml.AliasEvent):
        tree.note((line, column), words.alias(f"*{event.anchor}"))
        tree.add(Refused(line, column))
        return
    if event.anchor is not None:
        tree.note((line, column), words.alias(f"&{event.anchor}"))
    if event.tag is not None:
        tree.note((line, column), words.tag(event.tag))
    if isinstance(event, yaml.CollectionStartEvent):
        tree.open(isinstance(event, yaml.MappingStartEvent), line, column)
    elif event.tag is not None:
        tree.add(Refused(line, column))
    else:
        tree.add(Scalar(event.value, event.implicit[0], line, column))


def _grow_from_json(text: str, tree: _Tree) -> None:
    """JSON gets its own scanner: YAML would fold U+2028 in its strings and stumble over tabs and surrogate pairs."""
    try:
        json.loads(text, parse_int=str, parse_float=str)
    except json.JSONDecodeError as error:
        tree.stop((error.lineno, error.colno), words.json_error(error))
    except RecursionError:
        tree.stop((1, 1), words.TOO_DEEP)
    line, line_start = 1, 0
    done = 0
    for token in _JSON_TOKEN.finditer(text):
        if breaks := text.count("\n", done, token.start()):
            line, line_start = line + breaks, text.rfind("\n", done, token.start()) + 1
        done = token.start()
        _grow_token(token.group(), tree, line, token.start() - line_start + 1)


def _grow_token(token: str, tree: _Tree, line: int, column: int) -> None:
    if token in ("{", "["):
        tree.open(token == "{", line, column)
    elif token in ("}", "]"):
        tree.close()
    elif token.startswith('"'):
        tree.add(Scalar(json.loads(token), False, line, column))
    else:
        tree.add(Scalar(token, True, line, column))


def _decode(data: bytes, tree: _Tree) -> str:
    for beginning, what, command in words.NO_TEXT:
        if data.startswith(beginning):
            tree.stop((1, 1), words.another_file(what, command))
    if data.startswith((b"\xff\xfe", b"\xfe\xff")) or b"\x00" in data[:4]:
        tree.stop((1, 1), words.wrong_encoding("UTF-16"))
    data = data.removeprefix(b"\xef\xbb\xbf")
    if b"\x1b$" in data:
        tree.stop((1, 1), words.wrong_encoding("ISO-2022-JP (JIS)"))
    try:
        return data.decode()
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        if encoding := _legacy_encoding(data):
            tree.stop((line, 1), words.wrong_encoding(encoding))
        tree.stop((line, 1), words.DAMAGED)


def _legacy_encoding(data: bytes) -> str | None:
    """EUC-JP before Shift_JIS: nearly every EUC-JP file also decodes as Shift_JIS, into half-width kana."""
    tolerant = data.decode(errors="replace")
    broken = tolerant.count("\ufffd")
    if broken < sum(c > "\x7f" for c in tolerant) - broken:
        return None  # mostly good UTF-8 with a few damaged bytes
    for codec, name in (("euc_jp", "EUC-JP"), ("cp932", "Shift_JIS")):
        try:
            data.decode(codec)
        except UnicodeDecodeError:
            continue
        return name
    return None
