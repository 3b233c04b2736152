"""Kinds of single values in a casebook: how each is read from a node, and written back."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from yaml import ScalarNode
from yaml.resolver import Resolver

from biotrace.documents.casebook_reading import BAD, Reading, Reference, Tree, found
from biotrace.documents.located import Node, Scalar
from biotrace.documents.problems import nearest, shown
from biotrace.model.dates import FIRST_DAY, PastEraError, parse_date
from biotrace.model.text import Text, join, same

_NUMBER_LIKE = re.compile(
    r"[-+]?\.?[0-9][0-9_,]*(\.[0-9_]*)?(e[-+]?[0-9]+)?|[-+]?0[xob][0-9a-f_]+|[-+]?\.?(inf|nan|infinity)",
    re.IGNORECASE,
)
_SEXAGESIMAL = re.compile(r"[-+]?[0-9][0-9_]*(:[0-9]+)+(\.[0-9_]*)?")
_THREE_NUMBERS = re.compile(r"(\d+)\D+(\d+)\D+(\d+)\D?")
_RESOLVER: Any = Resolver()
_TAKEN_FOR = {
    "tag:yaml.org,2002:int": Text("数", "a number"),
    "tag:yaml.org,2002:float": Text("数", "a number"),
    "tag:yaml.org,2002:bool": Text("真偽値（はい・いいえ）", "true or false"),
    "tag:yaml.org,2002:null": Text("空の値", "an empty value"),
    "tag:yaml.org,2002:timestamp": Text("日付", "a date"),
    "tag:yaml.org,2002:merge": Text("マージキー", "a merge key"),
    "tag:yaml.org,2002:value": Text("YAML の記号", "a sign of YAML"),
}


def taken_for(text: str) -> Text | None:
    """What YAML readers, old or new, would take the bare ``text`` for, or None when it stays text."""
    if _SEXAGESIMAL.fullmatch(text):
        return Text("数（60進数）", "a sexagesimal number")
    if _NUMBER_LIKE.fullmatch(text):
        return _TAKEN_FOR["tag:yaml.org,2002:int"]
    return _TAKEN_FOR.get(_RESOLVER.resolve(ScalarNode, text, (True, False)))


_WORDS = Text("文字", "text")
_NUL = Text("に、目に見えない制御文字 U+0000 が混じっています", " holds an invisible control character U+0000")
_NO_NUL = Text("\\u0000（\\0）を消してください", "delete \\u0000 (or \\0): no database could be asked for it")


@dataclass(frozen=True, slots=True)
class Words:
    """Text, kept exactly as written; without U+0000, which is on no paper and which not every database holds."""

    expected: Text = _WORDS

    def read(self, node: Node, path: str, reading: Reading) -> object:
        if not isinstance(node, Scalar):
            return reading.refuse(node, path, found(node), self.expected)
        if node.plain and (other := taken_for(node.text)):
            message = shown(node.text) + Text("は文字でなく", " is not text to YAML but ") + other
            message += Text("として読まれます", "")
            quoted = shown(node.text).en
            remedy = Text(f"{quoted} と引用符で囲んでください", f"quote it: {quoted}")
            return reading.refuse(node, path, message, self.expected, remedy)
        if not node.text.strip():
            remedy = Text("値を書くか、キーごと消してください", "write a value, or remove the key")
            return reading.refuse(node, path, Text("空の文字です", "the text is empty"), self.expected, remedy)
        if any("\ud800" <= c <= "\udfff" for c in node.text):
            message = Text("\\u による文字の半分だけが書かれています", "half a character in \\u escapes")
            remedy = Text("\\u を使わず、文字をそのまま書いてください", "write the character itself instead of \\u")
            return reading.refuse(node, path, message, self.expected, remedy)
        if "\0" in node.text:
            return reading.refuse(node, path, shown(node.text) + _NUL, self.expected, _NO_NUL)
        return node.text

    def write(self, value: str) -> Tree:
        return value


_ID = Text("ファイル全体で重ならない id", "an id that is unique across the file")


@dataclass(frozen=True, slots=True)
class Id:
    """The id of an entry: text, unique across the file."""

    section: str
    expected: Text = _ID

    def read(self, node: Node, path: str, reading: Reading) -> object:
        text = Words(self.expected).read(node, path, reading)
        if not isinstance(text, str):
            return BAD
        if text in reading.ids:
            _, line, other = reading.ids[text]
            name = shown(text)
            message = Text(
                f"id {name.ja}は{line}行目の {other} でも使われています",
                f"the id {name.en} is already used on line {line} ({other})",
            )
            remedy = Text("どちらか一方の id を変えてください", "change one of the two ids")
            return reading.refuse(node, path, message, self.expected, remedy)
        # Only "certificates[3]" of "certificates[3] (id: c-4) id": the message names the id already.
        reading.ids[text] = (self.section, node.line, path.split(" ")[0])
        return text

    def write(self, value: str) -> Tree:
        return value


@dataclass(frozen=True, slots=True)
class Ref:
    """The id of an entry of another section."""

    section: str

    @property
    def expected(self) -> Text:
        return Text(f"{self.section} にある id", f"an id from {self.section}")

    def read(self, node: Node, path: str, reading: Reading) -> object:
        text = Words(self.expected).read(node, path, reading)
        if isinstance(text, str) and isinstance(node, Scalar):
            reading.references.append(Reference(text, self.section, node, path))
        return text

    def write(self, value: str) -> Tree:
        return value


@dataclass(frozen=True, slots=True)
class Choice:
    """One of a few words."""

    values: type[StrEnum]

    @property
    def expected(self) -> Text:
        words = [same(v) for v in self.values]
        return Text("次のどれか: ", "one of: ") + join(words)

    def read(self, node: Node, path: str, reading: Reading) -> object:
        if not isinstance(node, Scalar):
            return reading.refuse(node, path, found(node), self.expected)
        try:
            return self.values(node.text)
        except ValueError:
            near = nearest(node.text, list(self.values))
            remedy = Text(f"{near} の誤りではありませんか", f"did you mean {near}?") if near else None
            message = shown(node.text) + Text("という語は使えません", " is not a known word")
            return reading.refuse(node, path, message, self.expected, remedy)

    def write(self, value: StrEnum) -> Tree:
        return str(value)


_FLAG = Text("true か false（引用符なし）", "true or false, without quotation marks")


@dataclass(frozen=True, slots=True)
class Flag:
    """true or false."""

    expected: Text = _FLAG

    def read(self, node: Node, path: str, reading: Reading) -> object:
        if isinstance(node, Scalar) and node.plain and node.text in ("true", "false"):
            return node.text == "true"
        return reading.refuse(node, path, found(node), self.expected)

    def write(self, value: bool) -> Tree:
        return value


_DAY = Text(
    "実在する日付（2014-06-27、平成26年6月27日、H26.6.27 など）",
    "a real date (2014-06-27, 平成26年6月27日, H26.6.27 or the like)",
)


@dataclass(frozen=True, slots=True)
class Day:
    """A date, Western or in an era. ``through``: 平成32年 means 2020, as on papers printed before 2019."""

    through: bool = False
    expected: Text = _DAY

    def read(self, node: Node, path: str, reading: Reading) -> object:
        if not isinstance(node, Scalar):
            return reading.refuse(node, path, found(node), self.expected)
        try:
            return parse_date(node.text, read_through_era_end=self.through)
        except PastEraError:
            day = parse_date(node.text, read_through_era_end=True)
            message = shown(node.text) + Text("は元号が終わった後の日付です", " lies after its era ended")
            remedy = Text(
                f"書類の字を確かめ、確かにその日なら {day} と書いてください",
                f"check the paper; if that day is truly meant, write {day}",
            )
        except ValueError:
            message, remedy = _no_day(node.text)
        return reading.refuse(node, path, message, self.expected, remedy)

    def write(self, value: date) -> Tree:
        return value


_WRITE_LIKE = Text(
    "書類の年を確かめ、西暦なら 2014-06-27、元号なら 平成26年6月27日 のように書いてください",
    "check the year on the paper; write it like 2014-06-27, or in its era like 平成26年6月27日",
)


def _no_day(text: str) -> tuple[Text, Text]:
    """A date in another notation gets its own writing as the remedy."""
    remedy = Text("西暦なら 2014-06-27 のように書いてください", "write it like 2014-06-27")
    parts = _THREE_NUMBERS.fullmatch(unicodedata.normalize("NFKC", text).strip())
    if parts is not None and len(parts.group(1)) == 4:
        try:
            day = date(*(int(p) for p in parts.groups()))
        except (ValueError, OverflowError):
            pass
        else:
            if day < FIRST_DAY:
                message = shown(text) + Text("は明治より前の日付です", " lies before the Meiji era (1868)")
                return message, _WRITE_LIKE
            remedy = Text(f"{day} と書いてください", f"write {day}")
            return shown(text) + Text("は日付の書き方が違います", " is a date in another notation"), remedy
    if len(re.findall(r"\d+", text)) == 3:
        check = Text("書類の字を確かめてください", "check the paper")
        return shown(text) + Text("という日はありません", " is a day that does not exist"), check
    return shown(text) + Text("は日付として読めません", " is not a date"), remedy


_MONTH = Text("月（2014-11 の形）", "a month such as 2014-11")


@dataclass(frozen=True, slots=True)
class Month:
    """A month such as 2014-11, kept as its first day."""

    expected: Text = _MONTH

    def read(self, node: Node, path: str, reading: Reading) -> object:
        if isinstance(node, Scalar) and re.fullmatch("[1-9][0-9]{3}-(0[1-9]|1[0-2])", node.text):
            return parse_date(f"{node.text}-01")
        return reading.refuse(node, path, found(node), self.expected)

    def write(self, value: date) -> Tree:
        return value.isoformat()[:7]


_CLOCK = Text('引用符で囲んだ時刻（"08:40" の形）', 'a time in quotation marks, such as "08:40"')


@dataclass(frozen=True, slots=True)
class Clock:
    """A time of day such as "08:40": text, since YAML takes bare times for numbers."""

    expected: Text = _CLOCK

    def read(self, node: Node, path: str, reading: Reading) -> object:
        text = Words(self.expected).read(node, path, reading)
        if not isinstance(text, str) or re.fullmatch("([01][0-9]|2[0-3]):[0-5][0-9]", text):
            return text
        return reading.refuse(node, path, found(node), self.expected)

    def write(self, value: str) -> Tree:
        return value
