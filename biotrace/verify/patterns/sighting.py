"""What a pattern is, and what it saw."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

from biotrace.model.text import Text

from ..case import Entry
from .sample import Sample


@dataclass(frozen=True, slots=True)
class Kind:
    """One pattern. ``why``: what makes it worth a look; ``scored``: what its score is made of.

    ``usual``: what sound trade shows, and whose figure that is. ``innocent``: what often explains it (よくある事情), at
    least one. ``ask``: the papers that would tell.
    """

    code: str
    name: Text
    why: Text
    scored: Text
    usual: Text
    innocent: tuple[Text, ...]
    ask: Text


@dataclass(frozen=True, slots=True)
class Sighting:
    """What a pattern saw of one subject.

    ``about``: ids of that subject: of a party, of the records of a document, or how a truck is told from others.
    ``parties``: ids of all whom it concerns. ``score``: see ``chance``. ``usual``: what was to be expected here.
    ``sample``: the certificates and deliveries behind it.
    """

    kind: Kind
    about: tuple[str, ...]
    subject: Text
    parties: tuple[str, ...]
    score: int
    seen: Text
    usual: Text
    sample: Sample

    @property
    def rank(self) -> tuple[int, str, tuple[str, ...]]:
        """To sort by: the highest score first."""
        return -self.score, self.kind.code, self.about


class Pattern(Protocol):
    """Takes entries in the order of the log, and tells at the end what it saw."""

    @property
    def kind(self) -> Kind:
        """What it looks for."""

    def take(self, entry: Entry) -> None:
        """The next entry."""

    def sightings(self) -> Iterator[Sighting]:
        """What was seen of each subject, in any order; those that score nothing are left out."""

    def unchecked(self) -> Iterator[Text]:
        """What it could not look at, with how many there were."""
