"""What a hand scanner typed through a keyboard that is set otherwise: recognised by its head, and read again.

A USB scanner types as a keyboard does, so the PC's layout, Caps Lock and the Japanese input method come between the
code and the text. A reading is only a guess: it is for whoever can check a signature to say that it is right.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import Enum
from itertools import product

from biotrace.errors import UnreadableError
from biotrace.model.text import Text, join, same

from .qr import ALPHABET


class Cause(Enum):
    """What came between a code and the text that arrived."""

    INPUT_METHOD = "input-method"
    CAPS_LOCK = "caps-lock"
    ENGLISH_SCANNER = "english-scanner"
    JAPANESE_SCANNER = "japanese-scanner"
    PREFIX = "prefix"

    @property
    def message(self) -> Text:
        """What is wrong, in a few words."""
        return _SAID[self][0]

    @property
    def remedy(self) -> Text:
        """What to set."""
        return _SAID[self][1]


_SAID = {
    Cause.INPUT_METHOD: (
        Text("日本語入力がオンで、全角になっている", "Japanese input is on: the letters are full-width"),
        Text("日本語入力を切る（半角英数）", "turn Japanese input off (半角英数)"),
    ),
    Cause.CAPS_LOCK: (
        Text("Caps Lock がオンで、大文字と小文字が逆", "Caps Lock is on: capitals and small letters are exchanged"),
        Text("Caps Lock を切る", "turn Caps Lock off"),
    ),
    Cause.ENGLISH_SCANNER: (
        Text(
            "読み取り機は英語配列、PCは日本語配列で、「:」が「+」に化けている",
            "the scanner types for an English keyboard, the PC takes a Japanese one: : arrives as +",
        ),
        Text(
            "読み取り機の設定バーコードで、キーボード配列を「日本語（106/109）」にする",
            "set the scanner's keyboard layout to Japanese (106/109), by the setting codes in its manual",
        ),
    ),
    Cause.JAPANESE_SCANNER: (
        Text(
            "読み取り機は日本語配列、PCは英語配列で、「:」が「'」に化けている",
            "the scanner types for a Japanese keyboard, the PC takes an English one: : arrives as '",
        ),
        Text(
            "読み取り機の設定バーコードで、キーボード配列を「英語（USA）」にする",
            "set the scanner's keyboard layout to English (USA), by the setting codes in its manual",
        ),
    ),
    Cause.PREFIX: (
        Text("先頭に読み取り機の符号（]Q1 など）が付いている", "the scanner puts a mark such as ]Q1 before the text"),
        Text("読み取り機の「AIM ID」を付けない設定にする", "turn the scanner's AIM ID off"),
    ),
}
_KEYS = {
    Cause.ENGLISH_SCANNER: str.maketrans("+~(", ":+*"),
    Cause.JAPANESE_SCANNER: str.maketrans("':\"", ":+*"),
}
"""What arrives -> what the code says: the keys that lie elsewhere on JIS X 6002 and US keyboards."""
_WIDE = str.maketrans("ー−‐。・　", "---./ ")
_AIM = re.compile(r"[\[\]][Qq][0-9]")
_HEAD = re.compile(r"BT[1-9]([:+']|P/)")


@dataclass(frozen=True, slots=True)
class Reading:
    """How some lines may have read before they were typed. ``causes``: what would have spoiled them."""

    texts: tuple[str, ...]
    causes: tuple[Cause, ...]


def readings(lines: Sequence[str]) -> Iterator[Reading]:
    """Every way in which all lines together, spoiled by the same causes, would be texts of ours; the simplest first."""
    folded = [_folded(line) for line in lines]
    prefixed = [_AIM.match(line) is not None for line in folded]
    bare = [_AIM.sub("", line, count=1) if marked else line for line, marked in zip(folded, prefixed, strict=True)]
    always = [Cause.INPUT_METHOD] if folded != list(lines) else []
    always += [Cause.PREFIX] if any(prefixed) else []
    capitals = [False, True] if any(c.islower() for line in bare for c in line) else [False]
    found: set[tuple[str, ...]] = set()
    for swapped, keys in product(capitals, (None, *_KEYS)):
        texts = tuple(_read(line, swapped, keys) for line in bare)
        causes = [*always, *([Cause.CAPS_LOCK] if swapped else []), *([keys] if keys else [])]
        if causes and texts not in found and all(_is_ours(text) for text in texts):
            found.add(texts)
            yield Reading(texts, tuple(causes))


def is_ours_spoiled(line: str) -> bool:
    """Whether a line begins as our codes would on such a keyboard, and is not as they are."""
    head = _HEAD.match(_AIM.sub("", _folded(line), count=1).upper())
    return head is not None and (bool(set(line) - ALPHABET) or head[1] in "+'")


def misread(lines: Sequence[str], name: str) -> UnreadableError:
    """The error for lines of which ``is_ours_spoiled`` says that some are."""
    causes = next((reading.causes for reading in readings(lines)), (Cause.INPUT_METHOD,))
    return UnreadableError(
        same(f"{name}: ")
        + Text("読み取り機の文字が化けています（", "the hand scanner's text arrived garbled (")
        + join([cause.message for cause in causes])
        + Text("）", ")"),
        join([cause.remedy for cause in causes], "。", ". ")
        + Text("。それから読み直してください", "; then scan again"),
        code="keyboard-layout",
    )


def _folded(line: str) -> str:
    """Full-width letters, digits and signs as ASCII."""
    return line if line.isascii() else unicodedata.normalize("NFKC", line.translate(_WIDE))


def _read(line: str, swapped: bool, keys: Cause | None) -> str:
    text = line.swapcase() if swapped else line
    return text if keys is None else text.translate(_KEYS[keys])


def _is_ours(text: str) -> bool:
    return text.startswith(("BT1:", "BT1P/")) and not set(text) - ALPHABET
