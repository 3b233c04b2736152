"""Making a bundle: what a receiver needs to check lots without network or ledger, in one file."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path

from biotrace.chain import bundle, checkpoint, completeness, merkle, receipt
from biotrace.chain.bundle_check import VerifiedBundle, verify
from biotrace.chain.bundled import Bundle, BundledRecord, BundleError, History, LogPart
from biotrace.chain.disclosure import Disclosure
from biotrace.chain.keys import DeviceKey
from biotrace.chain.leaf import Leaf
from biotrace.chain.merkle import GetNode
from biotrace.chain.note import VerifierKey
from biotrace.errors import UsageError
from biotrace.model.private import PrivateField
from biotrace.model.text import Text
from biotrace.store.foreign import ForeignLog, held_logs
from biotrace.store.ledger import Ledger

from .bundle_choice import needed
from .bundle_files import Enclosure, choose, too_large
from .files import read_file, require_new, write_new
from .find import find_any
from .key_files import KeyName
from .ledger_case import read_ledger, require_sound
from .logged import Logged
from .trust_list import FILE as TRUST_LIST
from .workspace import Workspace

EARLIER_TREES = 32
"""How many of the log's earlier checkpoints are linked to this one, so that who saw one of them needs no more."""


@dataclass(frozen=True, slots=True)
class Order:
    """What to put in. ``lots``: lots or other records, as people name them. ``to``: party id of the receiver.

    ``disclose``: private fields to be shown. ``everything``: see ``bundle_choice.needed``; with a statement of the
    log that these are all. ``since``: sizes of the log that the receiver has seen. ``documents``: with the files that
    the records name.
    """

    lots: tuple[str, ...]
    to: str | None = None
    disclose: frozenset[PrivateField] = frozenset()
    everything: bool = False
    since: tuple[int, ...] = ()
    documents: bool = False


@dataclass(frozen=True, slots=True)
class Made:
    """A bundle that was written: its size in bytes, what it proves, and the records that it is about.

    ``files``: that its records name, enclosed or not.
    """

    path: Path
    size: int
    checked: VerifiedBundle
    lots: tuple[Logged, ...]
    files: tuple[Enclosure, ...]


def make_bundle(workspace: Workspace, order: Order, out: Path) -> Made:
    """Choose, prove, check as the receiver will, and write. Asks for the log's key.

    Raises UsageError for a record that is not held, and for more files than a bundle takes; IntegrityError where the
    ledger is damaged.
    """
    require_new(out)
    if order.disclose and order.to is None:
        raise UsageError(
            Text("誰に開示するのかが指定されていません", "it is not said to whom private fields are shown"),
            Text("--to で受取先を指定してください", "name the receiver with --to"),
            code="no-receiver",
        )
    reading = read_ledger(workspace.ledger)
    require_sound(reading)
    lots = tuple(find_any(reading, text) for text in order.lots)
    about = tuple(lot.record.record_id for lot in lots)
    chosen = needed(reading.everything, about, everything=order.everything)
    foreign = {log.origin: log for log in held_logs(workspace.ledger.database)}
    own = chosen.pop("", [])
    parts = [_foreign_part(foreign[name], entries) for name, entries in chosen.items()]
    if own:
        key = workspace.keys.get(KeyName.LOG)
        lots_here = [lot.record.record_id for lot in lots if not lot.log] if order.everything else []
        parts.append(_own_part(workspace.ledger, key, own, order.since, lots_here, workspace.clock()))
    shown = [e for entries in (own, *chosen.values()) for e in entries]
    files, named = choose(workspace.folder, (entry.record for entry in shown), order.documents)
    trust = workspace.folder / TRUST_LIST
    made = Bundle(
        made_at=workspace.clock(),
        about=about,
        logs=tuple(parts),
        trust_list=read_file(trust) if trust.is_file() else None,
        files=files,
        disclosures=_disclosures(shown, order.disclose),
        to=order.to,
    )
    try:
        data = bundle.make(made)
    except BundleError as error:
        if not files or error.code != "bundle-size":
            raise
        raise too_large(sum(map(len, files))) from None
    checked = verify(bundle.parse(data))
    write_new(out, data)
    return Made(out, len(data), checked, lots, named)


def _disclosures(shown: Sequence[Logged], fields: Collection[PrivateField]) -> tuple[Disclosure, ...]:
    return tuple(d for entry in shown for d in entry.disclosed if d.field in fields)


def _own_part(
    ledger: Ledger, key: DeviceKey, entries: Sequence[Logged], since: Sequence[int], lots: Collection[bytes], now: int
) -> LogPart:
    """Our log's part, at its latest checkpoint, with receipts signed now."""
    log = ledger.log_name
    at = ledger.checkpoint()
    sizes = {*ledger.checkpoints()[-EARLIER_TREES:], *since}
    with ledger.tree() as node:
        records = tuple(_own_record(key, log, entry, at.size, at.root, node) for entry in entries)
        history = tuple(
            History(size, merkle.root_from_nodes(size, node), tuple(merkle.consistency_proof(size, at.size, node)))
            for size in sorted(sizes)
            if 0 < size < at.size
        )
    places = [(record.index, record.record_id) for record in records]
    stated = completeness.make(key, at, lots, places, now).to_bytes() if lots else None
    return LogPart(log, at, history, records, stated)


def _own_record(
    key: DeviceKey, log: VerifierKey, entry: Logged, size: int, root: bytes, node: GetNode
) -> BundledRecord:
    leaf = Leaf(entry.record.record_id, entry.logged_at)
    path = merkle.inclusion_proof(entry.position, size, node)
    proof = receipt.make(key, log.name, leaf, entry.position, size, path, root)
    return BundledRecord(entry.position, entry.record.envelope, proof.to_bytes())


def _foreign_part(log: ForeignLog, entries: Sequence[Logged]) -> LogPart:
    """Another log's part, handed on as it came: at the newest of its checkpoints that is held here."""
    newest = max((tree for tree in log.trees if tree.note is not None), key=lambda tree: tree.size)
    at = checkpoint.parse(newest.note or b"")
    wanted = {entry.position for entry in entries}
    records = tuple(record for record in log.records if record.index in wanted)
    earlier = tuple(
        History(tree.size, tree.root, tree.proof)
        for tree in log.trees
        if tree.proven_to == newest.size and tree.size < newest.size
    )
    shown = tuple(record.index for record in records)
    stated = next((s.statement for s in log.statements if s.indexes == shown and s.checkpoint == newest.note), None)
    return LogPart(VerifierKey.parse(log.vkey), at, earlier, records, stated)
