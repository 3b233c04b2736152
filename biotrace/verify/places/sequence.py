"""Lists and ranges of numbers, as both parcels and compartments have them."""

from __future__ import annotations

from collections.abc import Sequence

from .writing import katakana

MOST_IN_RANGE = 1000
_LONGEST = 10
_FAR = 10
_IROHA = "いろはにほへとちりぬるをわかよたれそつねならむうゐのおくやまけふこえてあさきゆめみしゑひもせす"
_GOJUON = "あいうえおかきくけこさしすせそたちつてとなにぬねのはひふへほまみむめもやゆよらりるれろわをん"


def between(first: Sequence[str], last: Sequence[str]) -> list[tuple[str, ...]]:
    """Every unit from the first to the last, which differ in their last part only; none where they do not."""
    if not first or len(first) != len(last) or tuple(first[:-1]) != tuple(last[:-1]):
        return []
    if first[-1].isdecimal() and last[-1].isdecimal():
        ends = _numbers(first[-1], last[-1])
    else:
        ends = _letters(first[-1], last[-1])
    return [(*first[:-1], end) for end in ends]


def whole(text: str) -> int | None:
    """The number a text is, None where it is none, or longer than any number on a paper."""
    return int(text) if text.isdecimal() and len(text) < _LONGEST else None


def _numbers(first: str, last: str) -> list[str]:
    low, high = whole(first), whole(last)
    if low is None or high is None:
        return []
    return [str(n) for n in range(low, high + 1)] if 0 <= high - low < MOST_IN_RANGE else []


def _letters(first: str, last: str) -> list[str]:
    """Letters counted いろは or あいう: of both, the order in which the two stand close; none where that is not one."""
    ranges = []
    for order in (_IROHA, _GOJUON, katakana(_IROHA), katakana(_GOJUON)):
        low, high = order.find(first), order.find(last)
        if min(low, high) >= 0 and 0 <= high - low < _FAR:
            ranges.append(list(order[low : high + 1]))
    return ranges[0] if len(ranges) == 1 or (ranges and ranges[0] == ranges[-1]) else []
