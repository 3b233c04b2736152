"""Reading a whole ledger with all cores: other processes find the entries that are good by themselves."""

from __future__ import annotations

import multiprocessing
import os
from collections import deque
from collections.abc import Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import dataclass, field

from biotrace.chain.integrity import Alone, StoredEntry, check_alone
from biotrace.store.integrity import entries_between
from biotrace.store.ledger import Ledger

Found = Alone | StoredEntry
"""An entry that is good by itself, or one of which something has to be said."""

CHUNK = 500
"""Entries read, and handed from one process to another, at once."""
_WORTH_IT = 8 * CHUNK
"""Below this many entries another process is not worth its start."""


def read_checked(ledger: Ledger, first: int, end: int, jobs: int | None = None) -> Iterator[list[Found]]:
    """The entries from position ``first`` to before ``end`` in order, in lists, re-hashed and their signatures checked.

    ``jobs``: processes to use, this one among them; None: one for each core. Raises as ``Ledger`` does.
    """
    ranges = deque((at, min(at + CHUNK, end)) for at in range(first, end, CHUNK))
    helpers = (os.cpu_count() or 1 if jobs is None else jobs) - 1
    if helpers < 1 or end - first < _WORTH_IT:
        reader = _Reader(ledger)
        yield from (reader.read(*span) for span in ranges)
        return
    # Fresh processes: a forked one would share this one's connections.
    context = multiprocessing.get_context("spawn")
    where = ledger.database.where
    with ProcessPoolExecutor(helpers, context, initializer=_open, initargs=(where,)) as pool:
        waiting: deque[Future[list[Found]]] = deque()
        try:
            while waiting or ranges:
                while ranges and len(waiting) < 2 * helpers + 2:
                    waiting.append(pool.submit(_read, *ranges.popleft()))
                yield waiting.popleft().result()
        finally:
            pool.shutdown(wait=False, cancel_futures=True)


@dataclass
class _Reader:
    """Reads entries, each under the key that the ledger says it names; that it is bound is for who puts them in order.

    A key's name is a hash of it, so a false one is seen.
    """

    ledger: Ledger
    keys: dict[bytes, bytes | None] = field(default_factory=dict)

    def read(self, first: int, end: int) -> list[Found]:
        return [check_alone(entry, self._key(entry.kid)) or entry for entry in entries_between(self.ledger, first, end)]

    def _key(self, kid: bytes) -> bytes | None:
        if kid not in self.keys:
            bound = self.ledger.bound_key(kid)
            self.keys[kid] = None if bound is None else bound.public
        return self.keys[kid]


_here: list[_Reader] = []
"""The reader of this process, where it is a helper."""


def _open(where: str) -> None:
    _here.append(_Reader(Ledger.open(where)))


def _read(first: int, end: int) -> list[Found]:
    return _here[0].read(first, end)
