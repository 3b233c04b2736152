"""Verifying a log from outside: its published files, one checkpoint, or the receipt for a record."""

from __future__ import annotations

import base64
from dataclasses import dataclass
from pathlib import Path

from biotrace.chain import checkpoint, merkle, receipt
from biotrace.chain.checkpoint import Checkpoint
from biotrace.chain.note import VerifierKey
from biotrace.chain.receipt import Logged, Receipt
from biotrace.chain.tiles import TileError
from biotrace.chain.watch import Breach, Outcome
from biotrace.errors import IntegrityError
from biotrace.model.text import Text, same

from .files import read_file
from .log_keys import Belief, Cosigned, Sources, believe, count
from .log_text import EVIDENCE, Growth
from .log_trees import Published, from_growth, proof_source, shown_in
from .memory import GetProof, Kept, LogBreachError, Memory

RECEIPT = b"\xd2\x84"
"""How a receipt begins: a tagged COSE_Sign1. A signed note begins with text."""


@dataclass(frozen=True, slots=True)
class LogFinding:
    """Something against a log. ``code``: S104, S105, or that of a checkpoint that is not accepted as the latest."""

    code: str
    message: Text
    remedy: Text | None
    evidence: Path | None = None


@dataclass(frozen=True, slots=True)
class LogVerified:
    """What was found out about a log that was shown.

    ``before``: what was seen last; None: nothing. ``outcome``: how the two relate; None where that was not established.
    ``entries``: how many leaves of its files were read and verified, None without files; ``last_logged_at``: the
    latest of their times. ``cosigned``: None where nobody says who the witnesses are, or the log's key did not sign.
    ``pinned``: its key was believed for the first time, and is remembered from now on. ``grown_from``: the size from
    which a consistency proof led, None where none was shown.
    """

    belief: Belief
    shown: Checkpoint
    before: Checkpoint | None
    outcome: Outcome | None
    entries: int | None
    last_logged_at: int | None
    cosigned: Cosigned | None
    findings: tuple[LogFinding, ...]
    pinned: bool = False
    grown_from: int | None = None


@dataclass(frozen=True, slots=True)
class ReceiptVerified:
    """What was found out about a receipt. ``logged``: None where it proves nothing.

    ``compared``: the size of the checkpoint of the same log that it was found to agree with; None: of none.
    ``pinned``: as in LogVerified.
    """

    belief: Belief
    receipt: Receipt
    logged: Logged | None
    compared: int | None
    findings: tuple[LogFinding, ...]
    pinned: bool = False


def is_receipt(target: Path) -> bool:
    """Whether the file is a receipt rather than a checkpoint or proof."""
    return not target.is_dir() and read_file(target).startswith(RECEIPT)


def verify_log(target: Path, proof: Path | None, sources: Sources, memory: Memory) -> LogVerified:
    """Verify a published log, a checkpoint or a consistency proof, compare it with the memory, and remember it.

    What is damaged or contradicts the memory is not remembered; what lacks cosignatures is, so that it can be held
    against the log. Raises BiotraceError for what cannot be read, for a log whose key is not known, and where a proof
    is needed that is not there.
    """
    offer = shown_in(target)
    folder = Published(target) if target.is_dir() else None
    belief = believe(offer.checkpoint.origin, sources, memory, None if folder is None else folder.vkey())
    seen = memory.last(belief.log.name)
    if folder is not None:
        offer = shown_in(target)  # anew: what was seen by now was published before, or it has shrunk
    shown = offer.checkpoint
    for each in (shown, *(() if offer.growth is None else (offer.growth.first,))):
        if (unsigned := _unsigned(each, belief.log)) is not None:
            return LogVerified(belief, each, seen, None, None, None, None, (unsigned,))
    entries, last, findings = (None, None, []) if folder is None else _read_all(folder, shown)
    findings += _grown(memory, belief.log, offer.growth)
    get_proof = offer.proofs if proof is None and offer.proofs is not None else proof_source(proof, belief.log)
    outcome, against = _compared(memory, belief.log, seen, shown, get_proof, folder is not None)
    findings += against
    pinned = False
    if not findings:
        memory.take(belief.log, seen, shown, get_proof, current=folder is not None)
        pinned = sources.pin and memory.pin(belief.log)
    cosigned = count(shown, belief.witnesses) if belief.witnesses is not None else None
    findings += _cosigning(cosigned)
    grown = None if offer.growth is None else offer.growth.first.size
    return LogVerified(belief, shown, seen, outcome, entries, last, cosigned, tuple(findings), pinned, grown)


def verify_receipt(
    target: Path, record_id: bytes, proof: Path | None, sources: Sources, memory: Memory
) -> ReceiptVerified:
    """Verify a receipt for the record of that id; where ``proof`` is a published log, also that it holds the record.

    Raises BiotraceError for what cannot be read, and for a log whose key is not known.
    """
    found = _parsed(target)
    offered = Published(proof).vkey() if proof is not None and proof.is_dir() else None
    belief = believe(found.origin, sources, memory, offered)
    try:
        logged = receipt.verify(found, record_id, belief.log.name, belief.log.public)
    except IntegrityError as error:
        finding = LogFinding("S104", same(f"{target}: ") + error.message, error.remedy)
        return ReceiptVerified(belief, found, None, None, (finding,))
    against, compared = _receipt_in(memory, belief.log, found, logged, proof)
    pinned = sources.pin and not against and memory.pin(belief.log)
    return ReceiptVerified(belief, found, logged, compared, tuple(against), pinned)


def _parsed(target: Path) -> Receipt:
    try:
        return receipt.parse(read_file(target))
    except IntegrityError as error:
        raise IntegrityError(same(f"{target}: ") + error.message, error.remedy, code=error.code) from None


def _unsigned(shown: Checkpoint, log: VerifierKey) -> LogFinding | None:
    try:
        checkpoint.verify_log(shown, log)
    except IntegrityError as error:
        message = Text("チェックポイントはこのログの署名ではありません: ", "the checkpoint is not signed by this log: ")
        return LogFinding("S104", message + error.message, _ASK)
    return None


def _read_all(published: Published, shown: Checkpoint) -> tuple[int | None, int | None, list[LogFinding]]:
    """Every hash, every leaf and the order of the times."""
    entries, last = 0, None
    try:
        for leaf in published.reader(shown).leaves():
            entries, last = entries + 1, leaf.logged_at
    except TileError as error:
        return entries, last, [LogFinding("S104", same(f"{published.folder}: ") + error.message, _ASK)]
    return entries, last, []


def _grown(memory: Memory, log: VerifierKey, growth: Growth | None) -> list[LogFinding]:
    """Whether a consistency proof, where one is shown, holds by itself. Raises WatchError for a faulty one."""
    if growth is None:
        return []
    return _compared(memory, log, growth.first, growth.second, from_growth(growth), True)[1]


def _cosigning(cosigned: Cosigned | None) -> list[LogFinding]:
    if cosigned is None:
        return []
    found = [LogFinding("S104", Text("連署: ", "cosignature: ") + bad, _ASK) for bad in cosigned.bad]
    if not cosigned.enough:
        said = cosigned.witnesses
        message = Text(
            f"証人 {len(said.keys)} のうち {said.quorum} の連署が要りますが、{len(cosigned.valid)} しかありません",
            f"{said.quorum} of {len(said.keys)} witnesses must have cosigned it, but {len(cosigned.valid)} did",
        )
        found.append(LogFinding("checkpoint-quorum", message, _COSIGN))
    return found


def _compared(
    memory: Memory, log: VerifierKey, seen: Checkpoint | None, shown: Checkpoint, get_proof: GetProof, current: bool
) -> tuple[Outcome | None, list[LogFinding]]:
    """How it relates to what was seen. ``current``: a published log; a lone file may be old without any fault."""
    try:
        outcome = memory.compare(log, seen, shown, get_proof, current=current)
    except LogBreachError as error:
        return None, [LogFinding(error.code, error.message, error.remedy, error.evidence)]
    except TileError:
        return None, []  # the files do not fit their own checkpoint, which has been said
    if outcome is Outcome.OLDER and seen is not None:
        message = Text(
            f"前に見た {seen.size} 件より古いチェックポイントです（{shown.size} 件）。最新とは認めません",
            f"this checkpoint of {shown.size} entries is older than the {seen.size} seen before: not the latest",
        )
        return outcome, [LogFinding("checkpoint-older", message, _LATEST)]
    return outcome, []


def _receipt_in(
    memory: Memory, log: VerifierKey, found: Receipt, logged: Logged, proof: Path | None
) -> tuple[list[LogFinding], int | None]:
    """Whether the log shows the tree for which it gave the receipt: in its files, or in the last checkpoint seen."""
    seen = memory.last(log.name)
    if proof is None:
        if seen is None or seen.size != logged.size or _unsigned(seen, log) is not None:
            return [], None
        return _against(memory, log, found, logged, seen, seen.root), seen.size
    published = Published(proof)
    shown = published.checkpoint()
    if (unsigned := _unsigned(shown, log)) is not None:
        return [unsigned], None
    if shown.size < logged.size:
        return [], None
    try:
        root = merkle.root_from_nodes(logged.size, published.reader(shown).node)
    except TileError as error:
        return [LogFinding("S104", same(f"{proof}: ") + error.message, _ASK)], None
    return _against(memory, log, found, logged, shown, root), shown.size


def _against(
    memory: Memory, log: VerifierKey, found: Receipt, logged: Logged, shown: Checkpoint, root: bytes
) -> list[LogFinding]:
    if root == logged.root:
        return []
    kept = _keep_receipt(memory, log, found, logged, shown)
    message = Text(
        f"ログ {log.name} が分岐しました: 受領証の木（{logged.size} 件）と、見せている木が違います",
        f"log {log.name} forked: the tree of the receipt ({logged.size} entries) is not the one that it shows",
    )
    return [LogFinding("S105", message + kept.said, _TELL, kept.path)]


def _keep_receipt(memory: Memory, log: VerifierKey, found: Receipt, logged: Logged, shown: Checkpoint) -> Kept:
    encoded = base64.b64encode(found.to_bytes())
    head = "\n".join((EVIDENCE, Breach.FORK.value, str(log), f"record {logged.leaf.record_id.hex()}")).encode()
    data = head + b"\nreceipt " + encoded + b"\n\n" + shown.to_bytes()
    marks = (encoded, shown.note.text.encode())
    return memory.keep_evidence(log.name, (logged.size, shown.size), marks, data)


_ASK = Text(
    "このファイルを信じず、運営者から取り直してください",
    "do not rely on these files; get them again from the log's operator",
)
_LATEST = Text(
    "最新のものを運営者から受け取ってください。最新として渡されたのなら、運営者と証人に知らせてください",
    "get the latest from the log's operator; if this was given to you as the latest, tell operator and witnesses",
)
_COSIGN = Text(
    "連署の済んだチェックポイントを運営者に求めてください", "ask the log's operator for a cosigned checkpoint"
)
_TELL = Text(
    "このログの記録を受け入れず、証拠を運営者と証人に見せてください",
    "accept nothing from this log; show the evidence to its operator and its witnesses",
)
