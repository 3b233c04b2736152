"""Kinds of columns: how a cell of each is read, as people really fill it, and written."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, time
from enum import StrEnum
from typing import Any, Protocol

from biotrace.documents.problems import nearest, shown
from biotrace.model.text import Text, join, same

from .cells import BLANK, Cell, CellError, Value, form
from .words import NO, YES, Words

PLAIN, AS_TEXT = "General", "@"
LONGEST = 2_000
"""Characters in a cell: what is longer is no entry of a certificate."""
UNPRINTABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ufffe\uffff\ud800-\udfff]")
"""Characters that no cell should hold."""


@dataclass(frozen=True, slots=True)
class Head:
    """A column's header as the sheet has it. ``unit``: what stands in its brackets, such as t or %."""

    text: str = ""
    unit: str = ""


class Kind(Protocol):
    """How a column's cells are read and written."""

    @property
    def expected(self) -> Text:
        """What the column takes."""

    @property
    def style(self) -> str:
        """The number format of its cells."""

    @property
    def options(self) -> tuple[str, ...]:
        """The words that a list in the template offers; empty: any."""

    def read(self, cell: Cell, head: Head) -> Any:
        """The value of a cell that is not blank. Raises CellError."""

    def write(self, value: Any) -> Value:
        """What a cell holds for the value."""


_TEXT = Text("文字", "text")
_CODE = Text("書類のとおりの番号（文字列）", "the number as on the paper (text)")
_NAMES = Text("語。複数は「、」で区切る", "words, several parted by 、")
_LINES = Text("文字。複数の箇所は、セルの中で改行する", "text, each further place on its own line in the cell")
_FLAG = Text("はい か いいえ（○・×、有・無 も可）", "はい or いいえ (yes or no)")
_RETYPE = Text(
    "セルの書式を「文字列」にして、書類のとおりに打ち直してください",
    "set the cell's format to text and type it again as on the paper",
)


@dataclass(frozen=True, slots=True)
class Line:
    """A name or other text, as written."""

    expected: Text = _TEXT
    style: str = AS_TEXT
    options: tuple[str, ...] = ()

    def read(self, cell: Cell, head: Head) -> str:  # noqa: ARG002  # the signature of all kinds
        return checked(cell.text)

    def write(self, value: str) -> Value:
        return value


def checked(text: str) -> str:
    """The text. Raises CellError for one that is too long or holds what cannot be printed."""
    if len(text) > LONGEST:
        raise CellError(
            Text(f"長すぎます（{len(text)} 文字）", f"too long ({len(text)} characters)"),
            Text(f"{LONGEST} 文字まで", f"at most {LONGEST} characters"),
        )
    if bad := UNPRINTABLE.search(text):
        code = f"U+{ord(bad.group()):04X}"
        raise CellError(
            Text(f"目に見えない制御文字 {code} が混じっています", f"an invisible control character {code}"),
            remedy=Text("この文字を消してください", "delete the character"),
        )
    return text


@dataclass(frozen=True, slots=True)
class Code:
    """A number of a paper, vehicle or accreditation: text, which Excel likes to take for a date or a quantity."""

    expected: Text = _CODE
    style: str = AS_TEXT
    options: tuple[str, ...] = ()

    def read(self, cell: Cell, head: Head) -> str:  # noqa: ARG002  # the signature of all kinds
        if isinstance(cell.value, date | time):
            message = shown(cell.text) + Text(
                "は、Excel が番号を日付に変えたもののようです", " seems to be a number that Excel turned into a date"
            )
            raise CellError(message, self.expected, _RETYPE)
        if isinstance(cell.value, int | float) and abs(cell.value) >= 10**15:
            message = shown(cell.text) + Text("は桁が多すぎて、Excel が数を丸めています", " was rounded by Excel")
            raise CellError(message, self.expected, _RETYPE)
        return checked(cell.text)

    def write(self, value: str) -> Value:
        return value


@dataclass(frozen=True, slots=True)
class Names:
    """Several words in one cell, such as species: スギ、ヒノキ or 杉・桧."""

    expected: Text = _NAMES
    style: str = AS_TEXT
    options: tuple[str, ...] = ()

    def read(self, cell: Cell, head: Head) -> tuple[str, ...]:  # noqa: ARG002  # the signature of all kinds
        return tuple(dict.fromkeys(parts(checked(cell.text))))

    def write(self, value: Iterable[str]) -> Value:
        return "、".join(value)


def parts(text: str) -> Iterator[str]:
    """The words of a list."""
    return (word.strip() for word in re.split("[、,，・･/／\n]", text) if word.strip())


@dataclass(frozen=True, slots=True)
class Lines:
    """One entry to a line within the cell (Alt+Enter)."""

    expected: Text = _LINES
    style: str = AS_TEXT
    options: tuple[str, ...] = ()

    def read(self, cell: Cell, head: Head) -> tuple[str, ...]:  # noqa: ARG002  # the signature of all kinds
        return tuple(line.strip() for line in checked(cell.text).split("\n"))

    def write(self, value: Iterable[str]) -> Value:
        return "\n".join(value)


@dataclass(frozen=True, slots=True)
class Choice:
    """One of a few words. A word that Excel turned into a date (2-1) is taken for what was typed.

    ``loose``: what stands in brackets behind a word, such as a price, does not matter. ``offered``: the values that a
    template's list offers; empty: all.
    """

    words: Words
    style: str = AS_TEXT
    loose: bool = True
    offered: tuple[StrEnum, ...] = ()
    _found: dict[str, StrEnum] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        known = {form(word): value for value, words in self.words.items() for word in (str(value), *words)}
        object.__setattr__(self, "_found", known)

    @property
    def expected(self) -> Text:
        return Text("次のどれか: ", "one of: ") + join([same(words[0]) for words in self.words.values()])

    @property
    def options(self) -> tuple[str, ...]:
        return tuple(words[0] for value, words in self.words.items() if value in (self.offered or self.words))

    def read(self, cell: Cell, head: Head) -> StrEnum:  # noqa: ARG002  # the signature of all kinds
        if isinstance(cell.value, date):
            return self.value_of(f"{cell.value.month}-{cell.value.day}")
        return self.value_of(checked(cell.text))

    def value_of(self, text: str) -> StrEnum:
        """The value that a word means. Raises CellError."""
        whole = form(text)
        without = re.sub(r"^[(\[]?\d{1,2}[)\].．、]+", "", whole)
        bare = re.sub(r"[(\[〔【][^()\[\]〔〕【】]*[)\]〕】]$", "", without)
        for word in (whole, without, bare) if self.loose else (whole, without):
            if word in self._found:
                return self._found[word]
        near = nearest(text, [word for words in self.words.values() for word in words])
        remedy = Text(f"{near} の誤りではありませんか", f"did you mean {near}?") if near else None
        raise CellError(shown(text) + Text("という語は使えません", " is not a known word"), self.expected, remedy)

    def write(self, value: StrEnum) -> Value:
        return self.words[value][0]


@dataclass(frozen=True, slots=True)
class Choices:
    """Some of a few words, parted by 、. The word 「なし」 is none of them."""

    words: Words
    style: str = AS_TEXT
    options: tuple[str, ...] = ()
    _one: Choice = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_one", Choice(self.words, loose=False))

    @property
    def expected(self) -> Text:
        several = Text("（複数は「、」で区切る）", " (several parted by 、)")
        return self._one.expected + several

    def read(self, cell: Cell, head: Head) -> tuple[StrEnum, ...]:  # noqa: ARG002  # the signature of all kinds
        one, text = self._one, checked(cell.text)
        if form(text) in ("なし", "無し", "無"):
            return ()
        try:
            return (one.value_of(text),)  # a word may hold 、 or ・ itself
        except CellError:
            return tuple(dict.fromkeys(one.value_of(word) for word in re.split("[、,，\n]", text) if word.strip()))

    def write(self, value: Iterable[StrEnum]) -> Value:
        return "、".join(self.words[v][0] for v in value) or "なし"


@dataclass(frozen=True, slots=True)
class Flag:
    """Yes or no."""

    expected: Text = _FLAG
    style: str = AS_TEXT
    options: tuple[str, ...] = ("はい", "いいえ")

    def read(self, cell: Cell, head: Head) -> bool:  # noqa: ARG002  # the signature of all kinds
        text = form(cell.text)
        if text in YES:
            return True
        if text in NO:
            return False
        raise CellError(
            shown(cell.text) + Text("は はい・いいえ ではありません", " is neither yes nor no"), self.expected
        )

    def write(self, value: bool) -> Value:
        return "はい" if value else "いいえ"


def written(kind: Kind, value: object) -> Value:
    """What a cell holds for a value; nothing for none."""
    return BLANK.value if value is None or value == () else kind.write(value)
