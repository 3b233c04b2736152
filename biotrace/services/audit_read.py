"""Reading a whole ledger with all cores: other processes find the entries that are good by themselves."""

from __future__ import annotations

import multiprocessing
import os
import signal
from collections import deque
from collections.abc import Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, field
from typing import NamedTuple

from biotrace.chain.integrity import Alone, StoredEntry, check_alone
from biotrace.errors import BiotraceError
from biotrace.model.text import Text
from biotrace.store.integrity import entries_between, next_position
from biotrace.store.ledger import Ledger

Found = Alone | StoredEntry
"""An entry that is good by itself, or one of which something has to be said."""

CHUNK = 500
"""Entries read, and handed from one process to another, at once."""
_WORTH_IT = 8 * CHUNK
"""Below this many entries another process is not worth its start."""


def read_checked(ledger: Ledger, first: int | None, end: int, jobs: int | None = None) -> Iterator[list[Found]]:
    """The entries from position ``first`` to before ``end`` in order, in lists, re-hashed and their signatures checked.

    ``first``: None for whatever comes first, though no log has an index below 0. ``jobs``: processes to use, this one
    among them; None: one for each core. Raises as ``Ledger`` does, and BiotraceError (``helper-lost``) where another
    process was ended from outside.
    """
    spans = _spans(ledger, first, end)
    helpers = (os.cpu_count() or 1 if jobs is None else jobs) - 1
    if helpers < 1 or end - (first or 0) < _WORTH_IT:
        reader = _Reader(ledger)
        yield from (reader.read(*span) for span in spans)
        return
    # Fresh processes: a forked one would share this one's connections.
    context = multiprocessing.get_context("spawn")
    pool = ProcessPoolExecutor(helpers, context, initializer=_begin, initargs=(ledger.database.where,))
    waiting: deque[Future[list[Found] | _Failure]] = deque()
    try:
        while True:
            while len(waiting) < 2 * helpers + 2 and (span := next(spans, None)) is not None:
                waiting.append(pool.submit(_read, *span))
            if not waiting:
                return
            yield _result(waiting.popleft())
    finally:
        pool.shutdown(cancel_futures=True)


def _spans(ledger: Ledger, first: int | None, end: int) -> Iterator[tuple[int, int]]:
    """Ranges of positions that together hold every entry, and none of them nothing: there may be wide gaps."""
    at = next_position(ledger, first, end)
    while at is not None:
        upto = min(at + CHUNK, end)
        yield at, upto
        at = next_position(ledger, upto, end) if upto < end else None


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


class _Failure(NamedTuple):
    """An error's parts: the error itself does not travel between processes."""

    kind: type[BiotraceError]
    message: Text
    remedy: Text | None
    code: str


def _result(future: Future[list[Found] | _Failure]) -> list[Found]:
    try:
        found = future.result()
    except BrokenProcessPool:
        raise BiotraceError(
            Text("手伝いのプロセスが止められました", "a helping process was ended"),
            Text("メモリーが足りるか確かめ、--jobs 1 で監査してください", "see whether memory ran out; use --jobs 1"),
            code="helper-lost",
        ) from None
    if isinstance(found, _Failure):
        raise found.kind(found.message, found.remedy, code=found.code)
    return found


_where: list[str] = []
_readers: list[_Reader] = []
"""In a process that helps: where the ledger is, and, once it was asked for, its reader."""


def _begin(where: str) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches all; who started this one ends it
    _where.append(where)


def _read(first: int, end: int) -> list[Found] | _Failure:
    try:
        if not _readers:
            _readers.append(_Reader(Ledger.open(_where[0])))
        return _readers[0].read(first, end)
    except BiotraceError as error:
        return _Failure(type(error), error.message, error.remedy, error.code)
