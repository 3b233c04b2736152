"""Numbers as Japanese papers write them: full-width digits and kanji numerals."""

from __future__ import annotations

import re
import unicodedata

_DIGITS = {c: i for i, c in enumerate("〇一二三四五六七八九")} | {"零": 0, "元": 1, "壱": 1, "弐": 2, "参": 3}
_UNITS = {"十": 10, "拾": 10, "百": 100, "千": 1000}
_MYRIAD = "万"
_SHORT = str.maketrans({"廿": "二十", "卅": "三十"})
_LONGEST = 20
_FIRST = "〇零一二三四五六七八九壱弐参十拾百千"
_RUN = re.compile(f"[{_FIRST}]+(?:{_MYRIAD}[{_FIRST}]*)?")


def kanji_to_int(text: str) -> int:
    """The value of a run of kanji numerals, positional (二三六) or with units (二百三十六, 一万二千).

    Raises KeyError when another character stands in it.
    """
    if _MYRIAD in text:
        above, below = text.split(_MYRIAD, 1)
        return kanji_to_int(above) * 10_000 + (kanji_to_int(below) if below else 0)
    if not any(c in _UNITS for c in text):
        return int("".join(str(_DIGITS[c]) for c in text))
    total, digit = 0, 0
    for c in text:
        if c in _UNITS:
            total += (digit or 1) * _UNITS[c]
            digit = 0
        else:
            digit = digit * 10 + _DIGITS[c]
    return total + digit


def ascii_digits(text: str) -> str:
    """``text`` in NFKC with every run of kanji numerals as ASCII digits. For comparison only."""
    return _RUN.sub(lambda m: _digits(m.group()), unicodedata.normalize("NFKC", text).translate(_SHORT))


def _digits(run: str) -> str:
    if _MYRIAD not in run and not any(c in _UNITS for c in run):
        return "".join(str(_DIGITS[c]) for c in run)
    # No paper writes a number this long; left as it is, it still compares equal to itself.
    return str(kanji_to_int(run)) if len(run) <= _LONGEST else run
