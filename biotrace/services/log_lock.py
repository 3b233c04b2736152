"""One process at a time: a lock that the system lets go of when its holder ends, however that ends."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from .files import refused_by_system

if sys.platform == "win32":  # pragma: no cover  # tests run where fcntl is
    import msvcrt

    def _take(file: IO[bytes]) -> None:
        """Windows itself gives up after ten seconds, with an OSError."""
        file.seek(0)
        msvcrt.locking(file.fileno(), msvcrt.LK_LOCK, 1)

    def _let_go(file: IO[bytes]) -> None:
        file.seek(0)
        msvcrt.locking(file.fileno(), msvcrt.LK_UNLCK, 1)

else:
    import fcntl

    def _take(file: IO[bytes]) -> None:
        fcntl.flock(file, fcntl.LOCK_EX)

    def _let_go(file: IO[bytes]) -> None:
        fcntl.flock(file, fcntl.LOCK_UN)


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Hold the lock file ``path`` in the block, after waiting for whoever holds it. The file stays, empty.

    Raises UnreadableError (``system``) where the disk refuses it.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        file = path.open("ab")
    except OSError as error:
        raise refused_by_system(error) from None
    with file:
        try:
            _take(file)
        except OSError as error:
            error.filename = str(path)
            raise refused_by_system(error) from None
        try:
            yield
        finally:
            _let_go(file)
