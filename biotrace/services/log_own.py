"""A workspace's own log against its own memory: a ledger file that was swapped for an older or another one is S105.

Whoever can change the ledger can change the memory beside it. This catches backups put back by mistake and files
exchanged in haste; against the workspace's own people only memories elsewhere help: other verifiers, and witnesses.
"""

from __future__ import annotations

import contextlib
from dataclasses import dataclass
from pathlib import Path

from biotrace.chain.checkpoint import Checkpoint
from biotrace.errors import BiotraceError, IntegrityError
from biotrace.model.text import Text
from biotrace.store.ledger import Ledger

from .log_trees import from_ledger
from .memory import LogBreachError, Memory

REMEDY = Text(
    "前の台帳のファイルを戻してください。本当に失われたのなら、このログには書き足さず、証拠を添えて取引先と証人に"
    "知らせ、新しいワークスペースで始めてください",
    "put the earlier ledger file back; if it is really lost, add nothing to this log, tell partners and witnesses, "
    "with the evidence, and begin a new workspace",
)
_UNWRITABLE = frozenset({"cannot-write", "system"})


@dataclass(frozen=True, slots=True)
class OwnLog:
    """The log of a workspace's ledger at its latest checkpoint.

    ``compared``: whether an earlier one had been seen. ``breach``: what is wrong between the two. ``unremembered``: why
    this one could not be remembered, where it should have been.
    """

    checkpoint: Checkpoint
    compared: bool
    breach: LogBreachError | None = None
    unremembered: Text | None = None


def look(folder: Path, ledger: Ledger) -> OwnLog:
    """Compare the ledger's latest checkpoint with the last one seen in the workspace, and remember it.

    Raises IntegrityError (``ledger-damaged``) where the ledger has no checkpoint that its log signed.
    """
    memory = Memory.of_workspace(folder)
    seen = memory.last(ledger.log_name.name)
    latest = ledger.checkpoint()
    breach: LogBreachError | None = None
    unremembered: Text | None = None
    try:
        memory.take(ledger.log_name, seen, latest, from_ledger(ledger))
    except LogBreachError as error:
        breach = error
    except BiotraceError as error:
        if error.code not in _UNWRITABLE:
            raise
        unremembered = error.message
    return OwnLog(latest, seen is not None, breach, unremembered)


def require_own(folder: Path, ledger: Ledger) -> None:
    """Raise IntegrityError (S105), with what to do, where the ledger is not the one that the workspace last saw."""
    breach = look(folder, ledger).breach
    if breach is not None:
        raise IntegrityError(breach.message, REMEDY, code=breach.code)


def remember_own(folder: Path, ledger: Ledger) -> None:
    """Remember what was just logged."""
    # It is logged, and the caller has to say so, whatever happens here, Ctrl-C included. What is not remembered now is
    # compared by the next command.
    with contextlib.suppress(BiotraceError, KeyboardInterrupt):
        look(folder, ledger)
