"""Names of files in a casebook: relative to its folder, so that both are handed on together; they lead nowhere else."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

from biotrace.documents.casebook_kinds import Words
from biotrace.documents.casebook_reading import BAD, ListOf, Reading, Tree
from biotrace.documents.located import Items, Node, Scalar
from biotrace.documents.problems import shown
from biotrace.model.text import Text

_NAME = Text(
    "casebook と同じフォルダーから見たファイルの名前（scans/p2.jpg など）",
    "a file's name as seen from the casebook's folder, such as scans/p2.jpg",
)
_MOVE = Text(
    "ファイルを casebook と同じフォルダーか、その下に置いてください",
    "put the file into the casebook's folder, or below it",
)


@dataclass(frozen=True, slots=True)
class FileName:
    """A relative name. Folders are parted by ``/`` or ``\\``, and always kept with ``/``."""

    expected: Text = _NAME

    def read(self, node: Node, path: str, reading: Reading) -> object:
        text = Words(self.expected).read(node, path, reading)
        if not isinstance(text, str):
            return BAD
        name = text.replace("\\", "/")
        trouble = _trouble(name)
        if trouble is None:
            return name
        return reading.refuse(node, path, shown(text) + trouble[0], self.expected, trouble[1])

    def write(self, value: str) -> Tree:
        return value


def _trouble(name: str) -> tuple[Text, Text] | None:
    """Why a name cannot be taken, and what to do."""
    if name.startswith("/") or ":" in name:
        # A colon also names a drive (C:), and a hidden stream of a file, on Windows.
        return Text("は絶対パスか、ドライブ名を含みます", " is absolute, or names a drive"), _MOVE
    parts = name.split("/")
    if ".." in parts:
        return Text("は casebook のフォルダーの外に出ます", " leads out of the casebook's folder"), _MOVE
    if "" in parts or "." in parts:
        plain = "/".join(part for part in parts if part not in ("", "."))
        write = Text(f"{plain} と書いてください", f"write {plain}")
        return Text("に空の部分か「.」があります", ' has an empty part, or "."'), write if plain else _MOVE
    if any(unicodedata.category(c) == "Cc" for c in name):
        rename = Text("ファイルの名前を変えてください", "rename the file")
        return Text("に制御文字があります", " has control characters"), rename
    return None


@dataclass(frozen=True, slots=True)
class FileNames:
    """A list of such names, none twice."""

    item: FileName = FileName()

    @property
    def expected(self) -> Text:
        return ListOf(self.item).expected

    def read(self, node: Node, path: str, reading: Reading) -> object:
        names = ListOf(self.item).read(node, path, reading)
        if not isinstance(names, tuple) or not isinstance(node, Items):
            return BAD
        for i, name in enumerate(names):
            if name in names[:i] and isinstance(at := node.items[i], Scalar):
                message = shown(at.text) + Text("は二度書かれています", " is named twice")
                remedy = Text("どちらか一方を消してください", "remove one of the two")
                return reading.refuse(at, f"{path}[{i}]", message, self.expected, remedy)
        return names

    def write(self, value: tuple[str, ...]) -> Tree:
        return [*value]
