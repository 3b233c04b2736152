"""Whether a log may go on from a backup: what it has shown to others since then, as far as that is known."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from biotrace.chain import bundle, checkpoint, merkle, receipt
from biotrace.chain.checkpoint import Checkpoint
from biotrace.errors import IntegrityError, UnreadableError, UsageError
from biotrace.model.text import Text, same
from biotrace.store.ledger import Ledger

from .files import read_file
from .log_trees import shown_in
from .log_verify import is_receipt

_NUMBERED = re.compile(r"(.+)/([2-9]|[1-9][0-9])")
"""A log that goes on for another: its name, and which in the row it is."""


class GoOn(StrEnum):
    """How a log goes on after a restore: as itself, nothing having been handed out since; or as a new one."""

    CONTINUE = "continue"
    NEW_LOG = "new-log"


@dataclass(frozen=True, slots=True)
class HandedOut:
    """What a file shows of a log: its name and size. ``checkpoint``: None for a receipt, which has none."""

    path: Path
    origin: str
    size: int
    checkpoint: Checkpoint | None


def handed_out(path: Path) -> list[HandedOut]:
    """What a published log, checkpoint, consistency proof, receipt or bundle shows; nothing is verified.

    Raises UnreadableError for anything else.
    """
    if is_receipt(path):
        found = receipt.parse(read_file(path))
        return [HandedOut(path, found.origin, found.size, None)]
    if not path.is_dir() and (data := read_file(path)).startswith(bundle.MAGIC):
        shown = [part.checkpoint for part in bundle.parse(data).logs]
    else:
        shown = [shown_in(path).checkpoint]
    return [HandedOut(path, at.origin, at.size, at) for at in shown]


def require_latest(ledger: Ledger, paths: Sequence[Path]) -> None:
    """Raise unless a log may go on from this ledger, as far as these tell that it handed out.

    UsageError (``restore-later``) for more than the ledger holds, IntegrityError: S105 for another tree, or as
    ``checkpoint.verify_log`` does; UnreadableError (``log-other``) for what is not of this log.
    """
    for path in paths:
        ours = [each for each in handed_out(path) if each.origin == ledger.log_name.name]
        if not ours:
            raise UnreadableError(
                same(f"{path}: ")
                + Text(f"ログ {ledger.log_name.name} のものではありません", f"is not of log {ledger.log_name.name}"),
                Text("--latest には、このログが最後に渡したものを指定してください", "name what this log gave last"),
                code="log-other",
            )
        for each in ours:
            _require(ledger, each)


def require_tree(ledger: Ledger, shown: Checkpoint, where: str) -> None:
    """Raise IntegrityError (S105) unless the ledger's log has or had the tree of ``shown``, which it signed."""
    checkpoint.verify_log(shown, ledger.log_name)
    size = ledger.checkpoint().size
    if shown.size <= size:
        with ledger.tree() as node:
            if merkle.root_from_nodes(shown.size, node) == shown.root:
                return
    raise IntegrityError(
        same(f"{where}: ")
        + Text(
            f"ログ {shown.origin} の {shown.size} 件のチェックポイントが、台帳（{size} 件）と合いません",
            f"the checkpoint of {shown.size} entries of log {shown.origin} does not fit the ledger (of {size})",
        ),
        Text("何も戻していません。ほかの控えで試してください", "nothing was restored; try another backup"),
        code="S105",
    )


def next_name(origin: str, paths: Sequence[Path]) -> str:
    """The name under which the log goes on: after its own and those of ``paths`` the next in the row."""
    base, number = _split(origin)
    shown = [_split(each.origin) for path in paths for each in handed_out(path)]
    return f"{base}/{max([number, *(n for other, n in shown if other == base)]) + 1}"


def _split(origin: str) -> tuple[str, int]:
    found = _NUMBERED.fullmatch(origin)
    return (origin, 1) if found is None else (found[1], int(found[2]))


def _require(ledger: Ledger, shown: HandedOut) -> None:
    held = ledger.checkpoint().size
    if shown.size > held:
        raise UsageError(
            same(f"{shown.path}: ")
            + Text(
                f"控え（{held} 件）の後に、ログは {shown.size} 件まで渡しています。続けると分岐します",
                f"the log has shown {shown.size} entries since the backup (of {held}); going on, it would fork",
            ),
            Text("新しい控えを使うか、--new-log で戻してください", "use a later backup, or restore with --new-log"),
            code="restore-later",
        )
    if shown.checkpoint is not None:
        require_tree(ledger, shown.checkpoint, str(shown.path))
