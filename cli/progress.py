"""How far long work has come: one line on a terminal, nothing anywhere else."""

from __future__ import annotations

import sys
import time
from types import TracebackType

from .console import Console

_EVERY = 0.2
"""Seconds between two changes of the line."""


class Progress:
    """Use it in a ``with``: the line is wiped at the end, whatever that is. Speaks on standard error."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._on = sys.stderr.isatty() and not console.json
        self._last = 0.0
        self._began = time.monotonic()

    def show(self, done: int, total: int) -> None:
        """``done`` of ``total`` entries have been read."""
        now = time.monotonic()
        if not self._on or now - self._last < _EVERY:
            return
        self._last = now
        rate = done / (now - self._began) if now > self._began else 0
        left = int((total - done) / rate) if rate else 0
        text = self._console.t(
            f"{done:,} / {total:,} 件  残り約 {left} 秒", f"{done:,} of {total:,}, about {left} s left"
        )
        sys.stderr.write(f"\r\033[K{text}")
        sys.stderr.flush()

    def __enter__(self) -> Progress:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._on:
            sys.stderr.write("\r\033[K")
            sys.stderr.flush()
