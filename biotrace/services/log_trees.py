"""Where proofs of a log's growth come from: its ledger, its published files, or a proof file."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from biotrace.chain import checkpoint, merkle
from biotrace.chain.checkpoint import Checkpoint
from biotrace.chain.merkle import GetNode
from biotrace.chain.note import VerifierKey
from biotrace.chain.tiles import TileReader
from biotrace.errors import IntegrityError, UnreadableError, UsageError
from biotrace.model.text import Text, same
from biotrace.store.ledger import Ledger

from .files import read_file
from .log_text import Growth, is_growth, parse_growth
from .memory import Continuity, GetProof

CHECKPOINT, VKEY = "checkpoint", "vkey"
"""Files of a published log beside its tiles. ``vkey`` is ours: C2SP leaves it to people how a key travels."""
MORE_TEXT = Text(
    "ログの公開フォルダーか、biotrace log prove --from で作った証明を --proof で指定してください",
    "name with --proof the folder of the published log, or a proof made by biotrace log prove --from",
)


class Published:
    """A log's files in a folder, as published or as copied from a web server. Nothing in it is believed."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def checkpoint(self) -> Checkpoint:
        """Its checkpoint, not verified. Raises UnreadableError where there is none that can be read."""
        return read_checkpoint(self.folder / CHECKPOINT)

    def vkey(self) -> VerifierKey | None:
        """The key that comes with it, which proves nothing; None: none does."""
        path = self.folder / VKEY
        return read_vkey(path) if path.is_file() else None

    def get(self, path: str) -> bytes | None:
        """A ``tiles.GetFile``."""
        file = self.folder / path
        return read_file(file) if file.is_file() else None

    def reader(self, at: Checkpoint) -> TileReader:
        """The log, verified against a checkpoint. Raises TileError."""
        return TileReader(self.get, at.size, at.root)


def read_checkpoint(path: Path) -> Checkpoint:
    """The checkpoint in a file, not verified. Raises UnreadableError, naming the file."""
    return parse_checkpoint(read_file(path), path)


def parse_checkpoint(data: bytes, path: Path) -> Checkpoint:
    """The checkpoint that the file ``path`` holds, not verified. Raises UnreadableError, naming the file."""
    try:
        return checkpoint.parse(data)
    except IntegrityError as error:
        raise UnreadableError(
            same(f"{path}: ") + error.message,
            Text("ログの運営者から取り直してください", "get it again from the log's operator"),
            code=error.code,
        ) from None


def read_vkey(path: Path) -> VerifierKey:
    """The verifier key in a text file. Raises UnreadableError, naming the file."""
    try:
        return VerifierKey.parse(read_file(path).decode("utf-8", errors="replace").strip())
    except IntegrityError as error:
        raise UnreadableError(
            same(f"{path}: ") + error.message,
            Text("ログの運営者から取り直してください", "get it again from the log's operator"),
            code="no-vkey",
        ) from None


def from_nodes(get_node: GetNode) -> GetProof:
    """Proofs by whoever has the tree."""

    def get(first: int, second: int) -> Continuity:
        proof = merkle.consistency_proof(first, second, get_node)
        return Continuity(merkle.root_from_nodes(first, get_node), tuple(proof))

    return get


def from_ledger(ledger: Ledger) -> GetProof:
    """Proofs by the log itself."""

    def get(first: int, second: int) -> Continuity:
        with ledger.tree() as node:
            return from_nodes(node)(first, second)

    return get


def from_growth(growth: Growth) -> GetProof:
    """The one proof that a file holds."""

    def get(first: int, second: int) -> Continuity:
        if (first, second) != (growth.first.size, growth.second.size):
            raise UsageError(
                Text(
                    f"要る証明は {first} 件から {second} 件へのものですが、"
                    f"これは {growth.first.size} 件から {growth.second.size} 件へのものです",
                    f"the proof must lead from {first} to {second} entries; "
                    f"this one leads from {growth.first.size} to {growth.second.size}",
                ),
                MORE_TEXT,
                code="proof-other",
            )
        return Continuity(growth.first.root, growth.proof)

    return get


def no_proof(first: int, second: int) -> Continuity:
    """For who has none. Raises UsageError (``proof-needed``), which says from where to where it must lead."""
    raise UsageError(
        Text(
            f"このログは前に見たときと件数が違います。{first} 件から {second} 件へのつながりの証明が要ります",
            f"this log had another size when it was last seen: a consistency proof from {first} to {second} is needed",
        ),
        MORE_TEXT,
        code="proof-needed",
    )


def proof_source(path: Path | None, log: VerifierKey) -> GetProof:
    """The proofs that ``path`` offers: a proof file or the folder of a published log, signed by ``log``.

    Raises UnreadableError, and as ``checkpoint.verify_log`` where another key signed.
    """
    if path is None:
        return no_proof
    if path.is_dir():
        published = Published(path)
        shown = published.checkpoint()
        checkpoint.verify_log(shown, log)
        return _up_to(shown.size, from_nodes(published.reader(shown).node))
    growth = parse_growth(read_file(path), str(path))
    for each in (growth.first, growth.second):
        checkpoint.verify_log(each, log)
    return from_growth(growth)


def _up_to(size: int, get_proof: GetProof) -> GetProof:
    def get(first: int, second: int) -> Continuity:
        return get_proof(first, second) if second <= size else no_proof(first, second)

    return get


@dataclass(frozen=True, slots=True)
class Shown:
    """What a file or folder shows of a log; nothing is verified. ``proofs``: what comes with it; None: nothing.

    ``growth``: the consistency proof that it is; None for a checkpoint alone and for a published log.
    """

    checkpoint: Checkpoint
    proofs: GetProof | None = None
    growth: Growth | None = None


def shown_in(target: Path) -> Shown:
    """What a checkpoint, a consistency proof, or the folder of a published log shows.

    A folder's tiles are read when a proof is asked for, and proven against its checkpoint. Raises UnreadableError.
    """
    if target.is_dir():
        published = Published(target)
        at = published.checkpoint()
        return Shown(at, lambda first, second: from_nodes(published.reader(at).node)(first, second))
    data = read_file(target)
    if is_growth(data):
        growth = parse_growth(data, str(target))
        return Shown(growth.second, from_growth(growth), growth)
    return Shown(parse_checkpoint(data, target))
