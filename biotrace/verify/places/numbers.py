"""The numbers by which felling places are found among very many: never too few of them, now and then one too many.

Two spots overlap only where the first number of one is that of the other: 236 of 236-2, 12 of 12い3. On a paper it
stands as digits or kanji numerals, or lies in a range. So without reading what a text names, every run of digits in it
may be such a number that does not continue another one as a branch.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache

from biotrace.model.place import Place

from .read import LONGEST, Spot
from .writing import number_key

RANGE = "~"
"""Stands for whatever lies in a range."""
_RUN = re.compile(r"\d+")
_BRANCH = re.compile(r"(?<=\d)(?:番地の|番地ノ|番地之|番の|番ノ|番之|番地|番|号の|号|の|ノ|之|-)\d+(?!\d|林班)")
_LISTED = re.compile(r"[、,，・･;；/／\n]")
_BLANK = re.compile(r"(?<=[0-9０-９])[^\S\n]+(?=[0-9０-９])")
_ASIDE = re.compile("[(（][^()（）]*[)）]")
_PART = re.compile(r"(\d+)1部")  # 236一部, once its numeral is a digit
_RANGE = re.compile("~|から")


def numbers_in(places: Iterable[Place]) -> frozenset[str]:
    """The first numbers that these location entries may name, without leading zeros; with RANGE where one has any."""
    texts = (text for place in places for text in (*place.parcels, *place.compartments))
    return frozenset(number for text in texts for number in _in_text(text))


def first_number(spot: Spot) -> str | None:
    """The first number of what a paper names; None of what was not understood."""
    found = None if spot.unread else _RUN.search(spot.unit[0])
    return None if found is None else _plain(found.group())


@lru_cache(maxsize=8192)
def _in_text(text: str) -> frozenset[str]:
    if len(text) > LONGEST:  # nobody reads it
        return frozenset()
    listed = _LISTED.split(text)
    divided = (piece for part in listed for piece in _BLANK.split(part))
    return frozenset(
        number for part in (text, *listed, *divided, *_LISTED.split(_ASIDE.sub("", text))) for number in _in_part(part)
    )


def _in_part(part: str) -> Iterator[str]:
    said = number_key(part)
    # Blanks between digits divide parcels and join compartments.
    for each in dict.fromkeys((said, "".join(said.split()))):
        if _RANGE.search(each):
            yield RANGE
        plain = _without_branches(each)
        yield from map(_plain, (*_RUN.findall(plain), *_PART.findall(plain)))


def _without_branches(text: str) -> str:
    shorter = _BRANCH.sub("", text)
    return shorter if shorter == text else _without_branches(shorter)


def _plain(run: str) -> str:
    return run.lstrip("0") or "0"
