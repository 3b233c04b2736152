"""One paper under two identities: kind, number or day written differently, so that it passes for two (H322).

Between two papers of one office either of these speaks for one paper:

* They say the same of places and volume, and two of kind, number and day are the same.
* They have the same kind and number within one fiscal year, and do not name different places. Offices begin their
  numbers anew each fiscal year, so the same number in another year is another paper's.
"""

from __future__ import annotations

from hashlib import blake2b

from .document_identity import PLACES, VOLUME, Identity, fact_of
from .stock_book import fiscal_year

Traits = tuple[int, ...]
"""What a paper may share with another that is the same paper, each as a number of eight bytes."""


def traits_of(identity: Identity, facts: bytes) -> Traits:
    """A paper's traits, from its identity and the digest of its facts."""
    kind, office, number, day = identity
    found: list[tuple[object, ...]] = [("year", office, kind, number, fiscal_year(day))]
    places, volume = fact_of(facts, PLACES), fact_of(facts, VOLUME)
    if places is not None and volume is not None:
        alike = (office, places.hex(), volume.hex())
        found += [("kind", number, day, *alike), ("number", kind, day, *alike), ("day", kind, number, *alike)]
    return tuple(int.from_bytes(blake2b(repr(trait).encode(), digest_size=8).digest()) for trait in found)


def are_one(facts: bytes, earlier: bytes, trait: int) -> bool:
    """Whether two papers that share their trait number ``trait`` may be one: by the year's number alone, only where
    they do not name different places.
    """
    here, there = fact_of(facts, PLACES), fact_of(earlier, PLACES)
    return trait > 0 or here is None or there is None or here == there
