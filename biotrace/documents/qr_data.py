"""The codewords of a QR code (ISO/IEC 18004): a text in alphanumeric mode, padded, with its error correction.

The qrcode package works them out bit by bit and term by term, which took as long as drawing half of the page; it still
places them. Here bits are digits of whole numbers, and a division over GF(256) takes one step for each codeword.
"""

from __future__ import annotations

from functools import lru_cache
from itertools import chain, cycle, islice, zip_longest

from qrcode.base import rs_blocks
from qrcode.constants import ERROR_CORRECT_M
from qrcode.util import ALPHA_NUM

_VALUE = {character: value for value, character in enumerate(ALPHA_NUM.decode("ascii"))}
_MODE = "0010"
_COUNT_BITS = ((9, 9), (26, 11), (40, 13))
"""The bits in which the length stands, by the greatest version that has so many."""
_PADDING = (0xEC, 0x11)
_FIELD = 0x11D
"""The polynomial modulo which GF(256) multiplies here."""


def smallest_version(length: int) -> int | None:
    """The version, 1 to 40, that just takes so many characters at error correction M; None where none does."""
    return next((v for v in range(1, 41) if _needed(length, v) <= 8 * _room(v)), None)


def codewords(text: str, version: int) -> list[int]:
    """All codewords of the symbol, data and then error correction, interleaved as they are placed.

    Raises ValueError where the text does not fit, and KeyError for a character outside the alphanumeric set.
    """
    room = _room(version)
    if _needed(len(text), version) > 8 * room:
        raise ValueError("too long for this version")
    data = _data(text, version, room)
    parts, checks = [], []
    for block in rs_blocks(version, ERROR_CORRECT_M):
        part, data = data[: block.data_count], data[block.data_count :]
        parts.append(part)
        checks.append(_check(part, block.total_count - block.data_count))
    return [*_interleaved(parts), *_interleaved(checks)]


def _interleaved(parts: list[bytes]) -> list[int]:
    """The first of each, the second of each, and so on; the last parts may be longer by one."""
    return [word for word in chain.from_iterable(zip_longest(*parts)) if word is not None]


def _needed(length: int, version: int) -> int:
    """Bits that a text takes: mode, length, and 11 for each two characters."""
    return len(_MODE) + _count_bits(version) + length // 2 * 11 + length % 2 * 6


def _count_bits(version: int) -> int:
    return next(bits for most, bits in _COUNT_BITS if version <= most)


@lru_cache(maxsize=40)
def _room(version: int) -> int:
    """Codewords for data."""
    return sum(block.data_count for block in rs_blocks(version, ERROR_CORRECT_M))


def _data(text: str, version: int, room: int) -> bytes:
    """The text, up to four zeros to end it, zeros to the next whole codeword, and padding."""
    values = [_VALUE[character] for character in text]
    pairs = zip(values[::2], values[1::2], strict=False)
    bits = (
        _MODE + format(len(text), f"0{_count_bits(version)}b") + "".join(format(45 * a + b, "011b") for a, b in pairs)
    )
    if len(values) % 2:
        bits += format(values[-1], "06b")
    bits += "0" * min(4, 8 * room - len(bits))
    bits += "0" * (-len(bits) % 8)
    said = int(bits, 2).to_bytes(len(bits) // 8, "big")
    return said + bytes(islice(cycle(_PADDING), room - len(said)))


def _check(data: bytes, count: int) -> bytes:
    """What is left when the data, followed by ``count`` zeros, is divided by the generator: Reed-Solomon's words."""
    multiples, top = _multiples(count), 8 * (count - 1)
    whole, rest = (1 << 8 * count) - 1, 0
    for word in data:
        rest = (rest << 8 & whole) ^ multiples[word ^ rest >> top]
    return rest.to_bytes(count, "big")


@lru_cache(maxsize=40)
def _multiples(count: int) -> tuple[int, ...]:
    """The generator of ``count`` words, without its leading 1, times each element of the field."""
    generator, root = [1], 1
    for _ in range(count):
        shifted = [*generator, 0]
        generator = [a ^ _times(b, root) for a, b in zip(shifted, [0, *generator], strict=True)]
        root = _times(root, 2)
    return tuple(int.from_bytes(bytes(_times(term, factor) for term in generator[1:]), "big") for factor in range(256))


def _times(one: int, other: int) -> int:
    """The product in GF(256)."""
    product = 0
    while other:
        if other & 1:
            product ^= one
        one <<= 1
        if one & 0x100:
            one ^= _FIELD
        other >>= 1
    return product
