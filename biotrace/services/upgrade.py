"""Bringing a workspace's ledger to this release's schema, after a copy of it beside it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from biotrace.store.log_key import LogKey
from biotrace.store.tables import SCHEMA_VERSION
from biotrace.store.upgrade import FIRST_LOG, schema_of, upgrade

from .key_files import KeyFiles, KeyName, Password
from .settings import LEDGER, read_settings
from .times import day_of
from .workspace import Clock


@dataclass(frozen=True, slots=True)
class UpgradedLedger:
    """What was done. ``before`` and ``after``: schemas. ``copy``: the ledger as it was; None: nothing was to do."""

    before: int
    after: int
    copy: Path | None


def upgrade_workspace(folder: Path, clock: Clock, password: Password) -> UpgradedLedger:
    """Upgrade the ledger of the workspace in ``folder``. Asks for the password where a log has to be begun.

    Raises as ``biotrace.store.upgrade.upgrade`` does; the ledger is then as it was.
    """
    place = read_settings(folder).place(folder)
    before = schema_of(place)
    if before == SCHEMA_VERSION:
        return UpgradedLedger(before, before, None)
    log = None
    if before < FIRST_LOG:
        # Schema 1 had no name for its log; it gets the one that a new workspace gets.
        key = KeyFiles(folder, password).get(KeyName.LOG)
        log = LogKey(f"biotrace/{key.kid.hex()[:16]}", key)
    now = clock()
    copy = free_name(folder, place, f"schema{before}", day_of(now))
    done = upgrade(place, log, copy, now)
    return UpgradedLedger(done.before, done.after, copy)


def free_name(folder: Path, place: str | Path, what: str, day: date) -> Path:
    """A name for a copy of the ledger at ``place``, beside it, or in the workspace's ``folder`` for one on a server.

    ``what``: which copy it is. What was begun earlier that day and failed may have left another one.
    """
    ledger = place if isinstance(place, Path) else folder / LEDGER
    stem, number = f"{ledger.stem}-{what}-{day:%Y%m%d}", 1
    path = ledger.with_name(stem + ledger.suffix)
    while path.exists():
        number += 1
        path = ledger.with_name(f"{stem}-{number}{ledger.suffix}")
    return path
