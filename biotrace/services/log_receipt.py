"""What a log gives to others: its checkpoints, receipts for records, and proofs of its growth."""

from __future__ import annotations

from dataclasses import dataclass

from biotrace.chain import receipt
from biotrace.chain.checkpoint import Checkpoint
from biotrace.chain.receipt import Receipt
from biotrace.chain.record import parse_record
from biotrace.errors import IntegrityError, UsageError
from biotrace.model.text import Text
from biotrace.store.ledger import Ledger, LogKey

from .find import find_record
from .key_files import KeyName
from .ledger_case import read_ledger
from .log_own import require_own
from .log_text import Growth
from .logged import Logged
from .workspace import Workspace


@dataclass(frozen=True, slots=True)
class Proven:
    """A record and the receipt for it."""

    logged: Logged
    receipt: Receipt


def checkpoint_of(ledger: Ledger, size: int | None) -> Checkpoint:
    """The checkpoint of that size; without one, the latest. Raises UsageError where the log signed none of it."""
    found = ledger.checkpoint() if size is None else ledger.checkpoint_at(size)
    if found is None:
        near = sorted(ledger.checkpoints(), key=lambda each: abs(each - (size or 0)))[:5]
        sizes = ", ".join(map(str, sorted(near)))
        raise UsageError(
            Text(f"{size} 件のチェックポイントはありません", f"there is no checkpoint of {size} entries"),
            Text(f"あるもの（近い順に5つまで）: {sizes}", f"there are (up to five of the nearest): {sizes}"),
            code="checkpoint-unknown",
        )
    return found


def prove_record(workspace: Workspace, text: str) -> Proven:
    """The receipt for the record that ``text`` means, at the latest checkpoint. Needs the log's key.

    It says that the log holds the record, not that the record is sound. Raises UsageError where there is no such
    record; IntegrityError where its bytes are not those that were logged (``damaged``), and S105 where the ledger is
    not the one that the workspace last saw.
    """
    ledger = workspace.ledger
    require_own(workspace.folder, ledger)
    logged = find_record(read_ledger(ledger), text)
    leaf = ledger.leaf(logged.position)
    if parse_record(logged.record.envelope).record_id != leaf.record_id:
        raise IntegrityError(
            Text(
                f"台帳の {logged.position} 番が壊れているので、受領証を出せません",
                f"entry {logged.position} of the ledger is damaged: no receipt can be given",
            ),
            Text("biotrace verify で確かめてください", "look at it with biotrace verify"),
            code="damaged",
        )
    log = LogKey(ledger.log_name.name, workspace.keys.get(KeyName.LOG))
    ledger.unlock(log)  # a receipt signed by a key that is not this log's would be refused by everybody
    latest = ledger.checkpoint()
    path = ledger.inclusion_proof(logged.position, latest.size)
    made = receipt.make(log.key, log.origin, leaf, logged.position, latest.size, path, latest.root)
    return Proven(logged, made)


def prove_growth(workspace: Workspace, size: int) -> Growth:
    """The proof that the log grew from ``size`` entries to its latest checkpoint. Needs no key.

    Raises UsageError where the log signed no checkpoint of that size, or there is nothing to prove: every log
    continues the empty one, and the latest is itself.
    """
    ledger = workspace.ledger
    require_own(workspace.folder, ledger)
    first, second = checkpoint_of(ledger, size), checkpoint_of(ledger, None)
    if not 0 < first.size < second.size:
        raise UsageError(
            Text(
                f"{first.size} 件から {second.size} 件への証明は要りません",
                f"from {first.size} to {second.size} entries there is nothing to prove",
            ),
            Text(
                f"--from には 1 から {second.size - 1} までを指定してください",
                f"give --from a size from 1 to {second.size - 1}",
            ),
            code="nothing-to-prove",
        )
    return Growth(first, second, tuple(ledger.consistency_proof(first.size, second.size)))
