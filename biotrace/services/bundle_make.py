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
from biotrace.chain.merkle import GetNode, MerkleError
from biotrace.chain.note import VerifierKey
from biotrace.errors import UsageError
from biotrace.model.private import PrivateField
from biotrace.model.text import Text
from biotrace.store.damage import damaged
from biotrace.store.foreign import ForeignLog, held_logs
from biotrace.store.ledger import Ledger

from .audit_run import audited_up_to
from .bundle_files import Enclosure, choose, too_large
from .bundle_read import choose_records
from .files import read_file, require_new, write_new
from .key_files import KeyName
from .logged import Logged
from .lot_check import LotCheck
from .merged import OWN
from .trust_list import FILE as TRUST_LIST
from .workspace import Workspace, overtaken

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
    """A bundle's bytes, what they prove, and the records that it is about.

    ``files``: that its records name, enclosed or not. ``by_index``: what a statement that these are all goes by; None
    for a bundle that states nothing, and where all of the ledger was read.
    """

    data: bytes
    checked: VerifiedBundle
    lots: tuple[Logged, ...]
    files: tuple[Enclosure, ...]
    by_index: Text | None


def write_bundle(workspace: Workspace, order: Order, out: Path) -> Made:
    """``make_bundle``, into a new file. Raises UsageError where one is there, or it cannot be written."""
    require_new(out)
    made = make_bundle(workspace, order)
    write_new(out, made.data)
    return made


def make_bundle(workspace: Workspace, order: Order, check: LotCheck | None = None) -> Made:
    """Choose, prove, and check as the receiver will. Asks for the log's key.

    ``check``: one of the workspace's ledger, which has read what is needed of it already. Raises UsageError for a
    record that is not held, and for more files than a bundle takes; IntegrityError where what is needed is damaged
    (see ``choose_records``).
    """
    if order.disclose and order.to is None:
        raise UsageError(
            Text("誰に開示するのかが指定されていません", "it is not said to whom private fields are shown"),
            Text("--to で受取先を指定してください", "name the receiver with --to"),
            code="no-receiver",
        )
    read = choose_records(workspace.ledger, order.lots, everything=order.everything, check=check)
    about = tuple(lot.record.record_id for lot in read.lots)
    chosen = dict(read.by_log)
    foreign = {log.origin: log for log in held_logs(workspace.ledger.database)}
    own = chosen.pop(OWN, ())
    parts = [_foreign_part(foreign[name], entries) for name, entries in chosen.items()]
    if own:
        key = workspace.keys.get(KeyName.LOG)
        lots_here = [lot.record.record_id for lot in read.lots if not lot.log] if order.everything else []
        parts.append(_own_part(workspace, key, own, read.size, order.since, lots_here))
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
    by_index = _goes_by(workspace) if order.everything and not read.whole else None
    return Made(data, _checked(data, workspace.ledger), read.lots, named, by_index)


def _goes_by(workspace: Workspace) -> Text:
    what = Text(
        "関わる記録は台帳の引用の索引で探しました。索引は監査（biotrace audit）で確かめます: ",
        "what touches the lots was found by the ledger's index of citations; an audit verifies that (biotrace audit): ",
    )
    audited = audited_up_to(workspace)
    if audited is None:
        return what + Text("このワークスペースの監査はまだありません", "there is none yet in this workspace")
    return what + Text(f"最後の監査は台帳の {audited - 1} 番まで", f"the last one goes up to entry {audited - 1}")


def _checked(data: bytes, ledger: Ledger) -> VerifiedBundle:
    """What the receiver will find. Raises IntegrityError where our log's own tree does not bear it out."""
    try:
        checked = verify(bundle.parse(data))
    except BundleError as error:
        raise (damaged(error.message) if error.code == "bundle-history" else error) from None
    own = (part for part in checked.parts if part.log == ledger.log_name)
    for found in (record for part in own for record in part.records):
        if found.logged is None:
            raise damaged(found.problems[0].message)
    return checked


def _disclosures(shown: Sequence[Logged], fields: Collection[PrivateField]) -> tuple[Disclosure, ...]:
    return tuple(d for entry in shown for d in entry.disclosed if d.field in fields)


def _own_part(
    workspace: Workspace,
    key: DeviceKey,
    entries: Sequence[Logged],
    size: int,
    since: Collection[int],
    lots: Collection[bytes],
) -> LogPart:
    """Our log's part, at its checkpoint of that size, with receipts signed now. ``lots``: stated to be complete."""
    ledger = workspace.ledger
    log = ledger.log_name
    at = ledger.checkpoint_at(size)
    if at is None:
        raise overtaken()
    sizes = {*ledger.checkpoints_before(size, EARLIER_TREES), *since}
    try:
        with ledger.tree(entry.position for entry in entries) as node:
            records = tuple(_own_record(key, log, entry, size, at.root, node) for entry in entries)
            history = tuple(_earlier(one, size, node) for one in sorted(sizes) if 0 < one < size)
    except MerkleError as error:
        raise damaged(error.message) from None
    places = [(record.index, record.record_id) for record in records]
    stated = completeness.make(key, at, lots, places, workspace.clock()).to_bytes() if lots else None
    return LogPart(log, at, history, records, stated)


def _own_record(
    key: DeviceKey, log: VerifierKey, entry: Logged, size: int, root: bytes, node: GetNode
) -> BundledRecord:
    leaf = Leaf(entry.record.record_id, entry.logged_at)
    path = merkle.inclusion_proof(entry.position, size, node)
    proof = receipt.make(key, log.name, leaf, entry.position, size, path, root)
    return BundledRecord(entry.position, entry.record.envelope, proof.to_bytes())


def _earlier(size: int, now: int, node: GetNode) -> History:
    return History(size, merkle.root_from_nodes(size, node), tuple(merkle.consistency_proof(size, now, node)))


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
