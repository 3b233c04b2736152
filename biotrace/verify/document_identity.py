"""Which papers are copies of one document, and whether two copies say the same (H314, H319).

A document's identity is its kind, office, number and date. One that states not all of them cannot be told from
another, so it is a document of its own: guessing would put two forests' volumes on one account.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from datetime import date
from functools import lru_cache
from hashlib import blake2b

from biotrace.model.document import Document, DocumentContent, DocumentKind, FellingFacts, Period
from biotrace.model.numerals import ascii_digits
from biotrace.model.text import Text

from .places import Notation, dashed, name_places, town_key
from .species import species_named

Identity = tuple[str, str, str, date]
"""Kind, office, number and day, ready to compare."""

PaperKey = Identity | tuple[str]
"""A document's identity; where it has none, its id alone. Keys of both kinds can be sorted."""

_HEAD = re.compile(r"((?<=[都道府県])知事|(?<=[市区町村署所局部課])長|(?<=センター)所?長)(\s.*)?$")
_TOWN_HALL = re.compile("(?<=[市区])役所.*$|(?<=[町村])役場.*$")
_DIGEST = 4
_UNSTATED = bytes(_DIGEST)


def as_written(text: str) -> str:
    """An office as the paper names it, where no party stands for it."""
    return text


@lru_cache(maxsize=4096)
def number_key(text: str) -> str:
    """A number for comparison: without width, spaces and 第…号; dashes and kanji numerals as one."""
    return dashed(text.replace("第", "").replace("号", "")).casefold()


@lru_cache(maxsize=4096)
def office_key(text: str) -> str:
    """An office for comparison: 長野県北信林業事務所長 → 北信林業事務所, 雄杉郡沢目台町長, 沢目台町役場 → 沢目台町.

    Its head stands for it; prefecture and 郡 before it do not distinguish.
    """
    return town_key(_TOWN_HALL.sub("", _HEAD.sub("", ascii_digits(text).strip()))).casefold()


def office_of(document: Document) -> str | None:
    """Who issued the document, as stated: text or a party id. A contract's is the forest office that sold."""
    if document.kind is DocumentKind.NATIONAL_CONTRACT:
        return document.forest_office or document.issuer
    return document.issuer or document.forest_office


def identity(document: Document, name: Callable[[str], str] = as_written) -> Identity | None:
    """What every copy of the document shares; None where office, number or date is not stated.

    The date is that of acceptance; where none is stated, of filing. ``name`` gives a party's name for its id.
    """
    office, day = office_of(document), document.accepted or document.filed
    if office is None or document.number is None or day is None:
        return None
    number, of = number_key(document.number), office_key(name(office))
    return (document.kind.value, of, number, day) if number and of else None


def paper_key(document: Document, name: Callable[[str], str] = as_written) -> PaperKey:
    """By what a document is told from others: its identity, or its id where it has none."""
    return identity(document, name) or (document.id,)


FACTS: tuple[tuple[Text, Callable[[Document], object]], ...] = (
    (Text("届出日", "day of filing"), lambda d: d.filed),
    (Text("届出者", "applicant"), lambda d: _plain(d.applicant)),
    (Text("箇所", "places"), lambda d: _places(d)),
    (Text("伐採方法", "method"), lambda d: _felling(d).method),
    (Text("伐採率", "felling rate"), lambda d: _felling(d).rate),
    (Text("伐採齢", "age"), lambda d: _felling(d).age),
    (Text("面積", "area"), lambda d: _felling(d).area),
    (Text("材積", "volume"), lambda d: _felling(d).volume),
    (Text("樹種", "species"), lambda d: sorted(species_named(_felling(d).species))),
    (Text("伐採の始期", "first day of felling"), lambda d: _felling(d).start),
    (Text("伐採の終期", "last day of felling"), lambda d: _felling(d).until),
    (Text("うっ閉の有無", "canopy"), lambda d: _felling(d).canopy_closed_before),
    (Text("再びうっ閉する年数", "years to close again"), lambda d: _felling(d).closes_again_in_years),
    (Text("有効期間の初日", "first day in force"), lambda d: (d.valid or Period()).start),
    (Text("有効期間の末日", "last day in force"), lambda d: (d.valid or Period()).until),
    (Text("伐採後も森林か", "whether it stays forest"), lambda d: d.remains_forest),
)
"""What two copies of a document must agree in, where both state it."""

PLACES, VOLUME = (next(i for i, (name, _) in enumerate(FACTS) if name.en == en) for en in ("places", "volume"))
"""Where these stand in ``FACTS``."""


def digest(document: Document) -> bytes:
    """The document's facts, four bytes for each of ``FACTS``; zeros where it states none."""
    return b"".join(_digest(fact(document)) for _, fact in FACTS)


def differing(one: bytes, other: bytes) -> list[Text]:
    """The facts that two digests both state, and state differently."""
    if one == other:
        return []
    pairs = zip(_pieces(one), _pieces(other), FACTS, strict=True)
    return [name for a, b, (name, _) in pairs if _UNSTATED not in (a, b) and a != b]


def together(one: bytes, other: bytes) -> bytes:
    """The first digest, with what only the other states filled in."""
    if one == other:
        return one
    return b"".join(b if a == _UNSTATED else a for a, b in zip(_pieces(one), _pieces(other), strict=True))


def fact_of(digests: bytes, fact: int) -> bytes | None:
    """What a digest has of the fact at that place of ``FACTS``; None where that is not stated."""
    piece = digests[fact * _DIGEST : (fact + 1) * _DIGEST]
    return None if piece == _UNSTATED else piece


def _pieces(digests: bytes) -> Iterable[bytes]:
    return (digests[at : at + _DIGEST] for at in range(0, len(digests), _DIGEST))


def _digest(fact: object) -> bytes:
    if fact is None or fact == []:
        return _UNSTATED
    return blake2b(str(fact).encode(), digest_size=_DIGEST).digest()


def _felling(document: Document) -> FellingFacts:
    return document.felling or FellingFacts()


def _plain(text: str | None) -> str | None:
    return "".join(ascii_digits(text).split()) or None if text is not None else None


def _places(document: Document) -> list[str]:
    """Parcels under their 大字, and compartments; levels that a copy may leave out are not compared."""
    if document.content is not DocumentContent.FULL:
        return []
    named = name_places(document.locations)
    spots = (
        ((s.area.oaza or "") if s.notation is Notation.PARCEL else "", s.notation.value, *s.unit) for s in named.spots
    )
    return sorted({"/".join(spot) for spot in spots} | {str(_plain(text)) for text in named.vague})
