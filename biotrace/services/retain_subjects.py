"""Names for records about keeping papers that no record of the ledger bears yet."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator

from biotrace.store.ledger import Ledger

_MOST = 60
"""Letters of another record's name that go into a new one: names have 256 bytes at most."""


def free_subjects(ledger: Ledger, wanted: Iterable[str]) -> list[str]:
    """The wanted names, each with a number where it is taken."""
    names: dict[str, None] = {}
    for name in wanted:
        names[next(n for n in _numbered(name[:_MOST]) if n not in names and not _taken(ledger, n))] = None
    return list(names)


def _taken(ledger: Ledger, name: str) -> bool:
    return any(entry.record.subject == name for entry in ledger.find(name))


def _numbered(name: str) -> Iterator[str]:
    return (name if n == 1 else f"{name}:{n}" for n in itertools.count(1))
