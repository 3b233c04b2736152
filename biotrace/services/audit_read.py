"""Reading a whole ledger with all cores: other processes find the entries that are good by themselves."""

from __future__ import annotations

import itertools
import multiprocessing
import os
import signal
from collections import deque
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
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
_AHEAD = 2
"""How many spans a helper is given before what it found in the first is taken."""

Span = tuple[int, int]


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
    with ExitStack() as stack:
        each = [_Helper(ledger.database.where, stack) for _ in range(helpers)]
        waiting: deque[_Helper] = deque()
        for helper, span in zip(itertools.cycle(each), spans, strict=False):
            if len(waiting) >= _AHEAD * helpers:
                yield waiting.popleft().answer()
            helper.ask(span)
            waiting.append(helper)
        while waiting:
            yield waiting.popleft().answer()


def _spans(ledger: Ledger, first: int | None, end: int) -> Iterator[Span]:
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


class _Helper:
    """A process that reads one span after another. It has a pipe of its own, which breaks when it ends, however."""

    def __init__(self, where: str, stack: ExitStack) -> None:
        """``where``: the ledger. ``stack``: ends it."""
        # A fresh process: a forked one would share this one's connections.
        context = multiprocessing.get_context("spawn")
        self._pipe, theirs = context.Pipe()
        stack.callback(self._pipe.close)
        with theirs:
            process = context.Process(target=_help, args=(where, theirs), daemon=True)
            process.start()
        stack.callback(process.join)
        stack.callback(process.terminate)

    def ask(self, span: Span) -> None:
        """Have it read a span, after those asked for before."""
        try:
            self._pipe.send(span)
        except OSError:
            raise _lost() from None

    def answer(self) -> list[Found]:
        """What it found in the first span that was asked for and not answered yet."""
        try:
            found: list[Found] | _Failure = self._pipe.recv()
        except (EOFError, OSError):
            raise _lost() from None
        if isinstance(found, _Failure):
            raise found.kind(found.message, found.remedy, code=found.code)
        return found


def _lost() -> BiotraceError:
    return BiotraceError(
        Text("手伝いのプロセスが止まりました", "a helping process came to an end"),
        Text("メモリーが足りるか確かめ、--jobs 1 で監査してください", "see whether memory ran out; use --jobs 1"),
        code="helper-lost",
    )


def _help(where: str, pipe: Connection) -> None:
    """What a helper does until its pipe is closed."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches all processes; who started this one ends it
    answer = _Answers(where)
    while True:
        try:
            span = pipe.recv()
        except (EOFError, OSError):
            return
        found = answer(*span)
        try:
            pipe.send(found)
        except OSError:
            return


class _Answers:
    """Opens the ledger when first asked, so that what is wrong with it is an answer too."""

    def __init__(self, where: str) -> None:
        self._where = where
        self._reader: _Reader | None = None

    def __call__(self, first: int, end: int) -> list[Found] | _Failure:
        try:
            self._reader = self._reader or _Reader(Ledger.open(self._where))
            return self._reader.read(first, end)
        except BiotraceError as error:
            return _Failure(type(error), error.message, error.remedy, error.code)
