"""Reading a whole ledger with all cores: other processes find the entries that are good by themselves."""

from __future__ import annotations

import gc
import multiprocessing
import os
import signal
from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from typing import NamedTuple

from biotrace.chain.integrity import Alone, StoredEntry, check_alone
from biotrace.chain.record import Record, parse_record
from biotrace.errors import BiotraceError, IntegrityError, UpdateNeededError
from biotrace.model.text import Text
from biotrace.store.integrity import entries_between, next_position
from biotrace.store.ledger import Ledger
from biotrace.verify.case import Case
from biotrace.verify.early import Early

from .audit_early import Asking, to_send
from .audit_pipe import receive, send


class Good(NamedTuple):
    """An entry that is good by itself. ``early``: what rules said of it where it was read, if any were asked there."""

    alone: Alone
    early: Early | None

    @property
    def position(self) -> int:
        """The entry's place in the log."""
        return self.alone.position


Found = Good | StoredEntry
"""An entry that is good by itself, or one of which something has to be said."""

CHUNK = 500
"""Entries read, and handed from one process to another, at once."""
_WORTH_IT = 8 * CHUNK
"""Below this many entries another process is not worth its start."""
_AHEAD = 2
"""How many spans a helper is given before what it found in the first is taken; and how many read here may wait."""
_COLLECTED_AFTER = 200_000
"""Reading makes and drops millions of values that no garbage collector has to look for: it need not look so often."""

Span = tuple[int, int]


def read_checked(
    ledger: Ledger, first: int | None, end: int, jobs: int | None = None, case: Case | None = None
) -> Iterator[list[Found]]:
    """The entries from position ``first`` to before ``end`` in order, in lists, re-hashed and their signatures checked.

    ``first``: None for whatever comes first, though no log has an index below 0. ``jobs``: processes to use, this one
    among them; None: one for each core. ``case``: that of the log, with which the other processes ask rules early.
    Raises as ``Ledger`` does, and BiotraceError (``helper-lost``) where another process was ended from outside.
    """
    spans = _spans(ledger, first, end)
    reader = _Reader(ledger)
    helpers = (os.cpu_count() or 1 if jobs is None else jobs) - 1
    if helpers < 1 or end - (first or 0) < _WORTH_IT:
        yield from (reader.read(*span) for span in spans)
        return
    with ExitStack() as stack:
        sent = None if case is None else to_send(case)
        each = [_Helper(ledger.database.where, sent, stack) for _ in range(helpers)]
        yield from _shared_out(spans, each, reader)


def _shared_out(spans: Iterator[Span], each: Sequence[_Helper], reader: _Reader) -> Iterator[list[Found]]:
    """What is found in the spans, in order. Where the next is not found yet, this process reads one itself."""
    waiting: deque[_Helper | list[Found]] = deque()
    while True:
        for helper in (h for _ in range(_AHEAD) for h in each):
            if helper.asked < _AHEAD and (span := next(spans, None)) is not None:
                helper.ask(span)
                waiting.append(helper)
        if not waiting:
            return
        first = waiting[0]
        read_here = sum(not isinstance(one, _Helper) for one in waiting)
        if isinstance(first, _Helper) and not first.has_answered and read_here < _AHEAD:
            span = next(spans, None)
            if span is not None:
                waiting.append(reader.read(*span))
                continue
        waiting.popleft()
        yield first.answer() if isinstance(first, _Helper) else first


@contextmanager
def collecting_seldom() -> Iterator[None]:
    """Within this, garbage is collected less often."""
    before = gc.get_threshold()
    gc.set_threshold(_COLLECTED_AFTER)
    try:
        yield
    finally:
        gc.set_threshold(*before)


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

    A key's name is a hash of it, so a false one is seen. ``asking``: what asks rules early, if any are.
    """

    ledger: Ledger
    asking: Asking | None = None
    keys: dict[bytes, bytes | None] = field(default_factory=dict)

    def read(self, first: int, end: int) -> list[Found]:
        """What is found, step by step for all of them: code that was just run runs a quarter faster."""
        entries = [*entries_between(self.ledger, first, end)]
        parsed = {e.envelope: record for e in entries if (record := _parsed(e.envelope)) is not None}
        signers = (self._key(e.kid) if e.envelope in parsed else None for e in entries)
        alone = [check_alone(e, key, parsed.__getitem__) for e, key in zip(entries, signers, strict=True)]
        early = [None if self.asking is None or one is None else self.asking.ask(one) for one in alone]
        found = zip(entries, alone, early, strict=True)
        return [entry if one is None else Good(one, said) for entry, one, said in found]

    def _key(self, kid: bytes) -> bytes | None:
        if kid not in self.keys:
            bound = self.ledger.bound_key(kid)
            self.keys[kid] = None if bound is None else bound.public
        return self.keys[kid]


def _parsed(envelope: bytes) -> Record | None:
    try:
        return parse_record(envelope)
    except (IntegrityError, UpdateNeededError):
        return None


class _Failure(NamedTuple):
    """An error's parts: the error itself does not travel between processes."""

    kind: type[BiotraceError]
    message: Text
    remedy: Text | None
    code: str


class _Helper:
    """A process that reads one span after another. It has a pipe of its own, which breaks when it ends, however."""

    def __init__(self, where: str, case: Case | None, stack: ExitStack) -> None:
        """``where``: the ledger. ``case``: as it is sent, see ``read_checked``. ``stack``: ends it."""
        self.asked = 0
        # A fresh process: a forked one would share this one's connections.
        context = multiprocessing.get_context("spawn")
        self._pipe, theirs = context.Pipe()
        stack.callback(self._pipe.close)
        with theirs:
            process = context.Process(target=_help, args=(where, case, theirs), daemon=True)
            process.start()
        stack.callback(process.join)
        stack.callback(process.terminate)

    def ask(self, span: Span) -> None:
        """Have it read a span, after those asked for before."""
        try:
            self._pipe.send(span)
        except OSError:
            raise _lost() from None
        self.asked += 1

    @property
    def has_answered(self) -> bool:
        """Whether ``answer`` has not to wait."""
        return self._pipe.poll()

    def answer(self) -> list[Found]:
        """What it found in the first span that was asked for and not answered yet."""
        try:
            found: list[Found] | _Failure = receive(self._pipe)
        except (EOFError, OSError):
            raise _lost() from None
        self.asked -= 1
        if isinstance(found, _Failure):
            raise found.kind(found.message, found.remedy, code=found.code)
        return found


def _lost() -> BiotraceError:
    return BiotraceError(
        Text("手伝いのプロセスが止まりました", "a helping process came to an end"),
        Text("メモリーが足りるか確かめ、--jobs 1 で監査してください", "see whether memory ran out; use --jobs 1"),
        code="helper-lost",
    )


def _help(where: str, case: Case | None, pipe: Connection) -> None:
    """What a helper does until its pipe is closed."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches all processes; who started this one ends it
    gc.set_threshold(_COLLECTED_AFTER)
    answer = _Answers(where, case)
    while True:
        try:
            span = pipe.recv()
        except (EOFError, OSError):
            return
        found = answer(*span)
        try:
            send(pipe, found)
        except OSError:
            return


class _Answers:
    """Opens the ledger when first asked, so that what is wrong with it is an answer too."""

    def __init__(self, where: str, case: Case | None) -> None:
        self._where, self._case = where, case
        self._reader: _Reader | None = None

    def __call__(self, first: int, end: int) -> list[Found] | _Failure:
        try:
            self._reader = self._reader or self._opened()
            return self._reader.read(first, end)
        except BiotraceError as error:
            return _Failure(type(error), error.message, error.remedy, error.code)

    def _opened(self) -> _Reader:
        ledger = Ledger.open(self._where)
        return _Reader(ledger, None if self._case is None else Asking(self._case, ledger))
