"""Going on as a new log: the same entries under a new name and key, for a ledger that may have been set back."""

from __future__ import annotations

from sqlalchemy import delete, update

from biotrace.chain.checkpoint import Checkpoint
from biotrace.errors import UsageError
from biotrace.model.text import Text

from . import checkpoints, entries
from .damage import damaged
from .ledger import Ledger
from .log_key import LogKey
from .tables import CheckpointRow, Meta
from .tree import restore


def start_new_log(ledger: Ledger, log: LogKey, made_at: int) -> tuple[Checkpoint, ...]:
    """Make the ledger the log ``log``, with one checkpoint at its present size; gives those of the log until now.

    One transaction. ``ledger`` has to be opened anew afterwards. Raises IntegrityError (``ledger-damaged``) unless its
    tree is what its log last signed, and UsageError (``log-name``) for the name that it has.
    """
    if log.origin == ledger.log_name.name:
        raise UsageError(
            Text(f"ログはすでに {log.origin} です", f"the log is {log.origin} already"),
            Text("別の名前にしてください", "choose another name"),
            code="log-name",
        )
    with ledger.database.writing() as connection:
        frontier = restore(connection, entries.end(connection))
        latest = checkpoints.verified_latest(connection, ledger.log_name, None)
        if (latest.size, latest.root) != (frontier.size, frontier.root()):
            raise damaged(
                Text("木が最新のチェックポイントと合いません", "its tree is not that of its latest checkpoint")
            )
        earlier = [checkpoints.at(connection, size) for size in checkpoints.sizes(connection)]
        connection.execute(delete(CheckpointRow))
        connection.execute(update(Meta).values(origin=log.origin, log_vkey=str(log.verifier)))
        checkpoints.store(connection, log.sign(frontier.size, frontier.root()), made_at)
    return tuple(found for found in earlier if found is not None)
