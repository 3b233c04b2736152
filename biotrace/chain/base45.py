"""Base45 (RFC 9285): bytes in the characters that a QR code holds most densely.

The alphabet contains the space: no space in such text may be dropped, joined or added.
"""

from __future__ import annotations

from biotrace.errors import UnreadableError
from biotrace.model.text import Text

ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"
_VALUE = {character: value for value, character in enumerate(ALPHABET)}


class Base45Error(UnreadableError):
    """Text that no encoder wrote: a wrong length, a character outside the alphabet, a group beyond its range."""

    code = "base45"


def encode(data: bytes) -> str:
    """Two bytes become three characters; a last single byte becomes two (RFC 9285 §4)."""
    out: list[str] = []
    for i in range(0, len(data) - 1, 2):
        high, rest = divmod(data[i] * 256 + data[i + 1], 45 * 45)
        middle, low = divmod(rest, 45)
        out += (ALPHABET[low], ALPHABET[middle], ALPHABET[high])
    if len(data) % 2:
        high, low = divmod(data[-1], 45)
        out += (ALPHABET[low], ALPHABET[high])
    return "".join(out)


def decode(text: str) -> bytes:
    """The bytes again. Raises Base45Error, naming the place, for anything that ``encode`` does not write."""
    if len(text) % 3 == 1:
        raise Base45Error(Text("文字数が足りません", "a character is missing: the length cannot be right"))
    values = [_value(text, i) for i in range(len(text))]
    out = bytearray()
    for i in range(0, len(values), 3):
        group = values[i : i + 3]
        number = sum(value * 45**power for power, value in enumerate(group))
        width = len(group) - 1
        if number >= 256**width:
            raise Base45Error(Text(f"{i + 1}文字目からの値が大きすぎます", f"characters from {i + 1} on: too large"))
        out += number.to_bytes(width, "big")
    return bytes(out)


def _value(text: str, i: int) -> int:
    try:
        return _VALUE[text[i]]
    except KeyError:
        raise Base45Error(
            Text(f"{i + 1}文字目 {text[i]!r} は使えない文字です", f"character {i + 1}, {text[i]!r}, is not in base45")
        ) from None
