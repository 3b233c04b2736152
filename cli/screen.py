"""Text in columns on a terminal of 80, where a Japanese character takes two of them."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator

COLUMNS = 79
"""One less than the terminal: a full line would leave an empty one after it on Windows."""
_NEVER_FIRST = "、。）」』】ー・:;,.)%"


def columns(text: str) -> int:
    """How many columns the text takes; signs of unclear width count as the Japanese consoles show them, as two."""
    return sum(2 if unicodedata.east_asian_width(sign) in "FWA" else 1 for sign in text)


def padded(text: str, width: int) -> str:
    """The text, with spaces up to a width; as it is where it is longer."""
    return text + " " * max(0, width - columns(text))


def cut(text: str, width: int) -> str:
    """The text, or as much of it as fits, with an ellipsis."""
    if columns(text) <= width:
        return text
    while text and columns(text) > width - 2:
        text = text[:-1]
    return text + "…"


def wrapped(text: str, width: int) -> Iterator[str]:
    """The text on lines of a width: broken at a space where there is one near, else between any two signs.

    No line begins with a closing sign.
    """
    while columns(text) > width:
        end = _fitting(text, width)
        space = text.rfind(" ", end * 2 // 3, end + 1)
        if space > 0:
            end = space
        while end > 1 and text[end] in _NEVER_FIRST:
            end -= 1
        yield text[:end].rstrip()
        text = text[end:].lstrip()
    yield text


def labelled(label: str, text: str, indent: int) -> Iterator[str]:
    """Lines with the label before the first, and the text of all in one column."""
    for number, line in enumerate(wrapped(text, COLUMNS - indent)):
        yield (padded(label, indent) if number == 0 else " " * indent) + line


def _fitting(text: str, width: int) -> int:
    used = 0
    for place, sign in enumerate(text):
        used += columns(sign)
        if used > width:
            return place
    return len(text)
