"""Text of other people's records, as it can be shown: what nobody sees, or what disguises the text around it, is told.

A name may hold signs that turn the direction of writing, move a terminal's cursor or take no room, so that a line reads
as something else. Records and JSON keep them, since they are signed so; wherever people read, each stands as its code
point, such as ‹U+202E›. Letters that are written from right to left, and letters that look alike, stay as they are.
"""

from __future__ import annotations

import re

_HIDDEN = (
    "\x7f-\x9f\xad\u034f\u0600-\u0605\u061c\u06dd\u070f\u0890\u0891\u08e2\u115f\u1160\u17b4\u17b5\u180e\u200b-\u200f"
    "\u2028-\u202e\u2060-\u206f\u3164\ud800-\udfff\ufeff\uffa0\ufff0-\ufffb\ufffe\uffff\U000110bd\U000110cd"
    "\U00013430-\U0001343f\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e00ff\U000e01f0-\U000e0fff"
)
"""Control and format characters and line and paragraph separators (Unicode Cc, Cf, Zl, Zp), halves of pairs (Cs), what
is shown as nothing (Default_Ignorable_Code_Point), and U+FFFE, U+FFFF.

Variants of a letter (U+FE00–FE0F, U+E0100–E01EF) are not among them: Japanese names are written with them.
"""
_IN_LINE = re.compile(f"[\x00-\x1f{_HIDDEN}]")
_IN_LINES = re.compile(f"[\x00-\x08\x0b-\x1f{_HIDDEN}]")
_KNOWN = {"\n": "\\n", "\t": "\\t"}
_BREAK = re.compile("\r\n?")


def showable(text: str) -> str:
    r"""``text`` on one line, each hidden sign as its code point, a line break as \n, a tab as \t."""
    return _IN_LINE.sub(_shown, text)


def showable_lines(text: str) -> str:
    """The same for a cell, a picture or a page, where line breaks and tabs stay. CR and CR LF become LF."""
    return _IN_LINES.sub(_shown, _BREAK.sub("\n", text))


def showable_json(text: str) -> str:
    """JSON with each hidden sign in JSON's own escape: the same value to whoever reads it, harmless on a terminal."""
    return _IN_LINES.sub(_escaped, text)


def code_point(sign: str) -> str:
    """What stands for a sign that cannot be shown."""
    return _KNOWN.get(sign) or f"‹U+{ord(sign):04X}›"


def _shown(found: re.Match[str]) -> str:
    return code_point(found.group())


def _escaped(found: re.Match[str]) -> str:
    pair = found.group().encode("utf-16-be", "surrogatepass")
    return "".join(f"\\u{pair[i : i + 2].hex()}" for i in range(0, len(pair), 2))
