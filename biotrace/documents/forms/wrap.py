"""Japanese line breaking: between any two characters, but by the kinsoku rules and never inside a number."""

from __future__ import annotations

import re

from biotrace.documents.typeface import for_drawing, width

MM_PER_POINT = 25.4 / 72

_NOT_AT_START = frozenset(
    "、。，．）」』】〕］〉》・：；！？ーぁぃぅぇぉっゃゅょゎァィゥェォッャュョヮヵヶ々ゝゞ％℃)],.:;!?%"
)
_NOT_AT_END = frozenset("（「『【〔［〈《([〒№")
_WORD_CHARACTER = "0-9A-Za-z０-９Ａ-Ｚａ-ｚ"
_TOKEN = re.compile(rf"[{_WORD_CHARACTER}]+(?:[-‐‑–−－./,:'&+][{_WORD_CHARACTER}]+)*|.")


def wrap(text: str, font: str, size: float, width_mm: float) -> list[str]:
    """``text`` in lines no wider than ``width_mm`` at ``size`` points; its own line breaks are kept.

    A number or Latin word that fits on one line stays whole. Spaces at a break go with it.
    """
    limit = width_mm / MM_PER_POINT
    lines: list[str] = []
    for paragraph in for_drawing(text).split("\n"):
        lines += _fill(_units(paragraph), font, size, limit)
    return lines


def _units(paragraph: str) -> list[str]:
    """What may not be torn apart: words, and characters with the signs that cling to them."""
    units: list[str] = []
    for token in _TOKEN.findall(paragraph):
        if units and (token[0] in _NOT_AT_START or units[-1][-1] in _NOT_AT_END):
            units[-1] += token
        else:
            units.append(token)
    return units


def _fill(units: list[str], font: str, size: float, limit: float) -> list[str]:
    lines: list[str] = []
    line = ""
    for unit in units:
        if width(line + unit, font, size) <= limit:
            line += unit
            continue
        if line.strip():
            lines.append(line.rstrip())
        line = unit.lstrip()
        while width(line, font, size) > limit:
            head = _longest_head(line, font, size, limit)
            lines.append(line[:head])
            line = line[head:]
    return [*lines, line]


def _longest_head(text: str, font: str, size: float, limit: float) -> int:
    """How many characters of an overlong unit fit on a line; at least one."""
    count = 1
    while width(text[: count + 1], font, size) <= limit:
        count += 1
    return count
