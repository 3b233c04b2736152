"""Witnesses: cosigning a log's checkpoint, and taking cosigned checkpoints back into the log."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from biotrace.chain import checkpoint, keyfile
from biotrace.chain.checkpoint import Checkpoint
from biotrace.chain.keys import DeviceKey
from biotrace.chain.note import COSIGNATURE, VerifierKey, check_name
from biotrace.chain.watch import Outcome
from biotrace.errors import BiotraceError, IntegrityError, UsageError
from biotrace.model.text import Text, same

from .files import read_file, require_new, write_new
from .log_keys import Belief, Cosigned, Sources, believe, count, unknown_signers, witnesses_in
from .log_receipt import checkpoint_of
from .log_trees import Published, no_proof, proof_source, read_checkpoint, shown_in
from .memory import LogBreachError, Memory
from .trust_make import Ask
from .workspace import Workspace


@dataclass(frozen=True, slots=True)
class Cosigning:
    """A checkpoint with one more cosignature. ``before``: the one last seen of the log; None: the first.

    ``pinned``: the log's key was believed for the first time, and is remembered from now on.
    """

    belief: Belief
    witness: VerifierKey
    checkpoint: Checkpoint
    before: Checkpoint | None
    pinned: bool


@dataclass(frozen=True, slots=True)
class TakenBack:
    """A checkpoint with the lines that came back. ``cosigned``: None where no trust list says who the witnesses are.

    ``unknown``: names on lines of which nothing can be said.
    """

    checkpoint: Checkpoint
    cosigned: Cosigned | None
    unknown: tuple[str, ...]


def witness_key(name: str, key_file: Path, ask: Ask) -> tuple[VerifierKey, DeviceKey]:
    """The key of the witness ``name`` from its key file, and the verifier key by which others know it.

    Raises UsageError for a name that no note has, UnreadableError for no key file or a wrong password.
    """
    try:
        check_name(name)
    except IntegrityError as error:
        raise UsageError(
            error.message, Text("空白と + のない名前に", "use a name without spaces and plus signs")
        ) from None
    sealed = read_file(key_file)
    try:
        kid = keyfile.public_key(sealed).kid.hex()
    except BiotraceError as error:
        raise type(error)(same(f"{key_file}: ") + error.message, error.remedy, code=error.code) from None
    key = keyfile.open_sealed(sealed, ask(Text(f"証人の鍵 {kid} のパスワード", f"password of the witness key {kid}")))
    return VerifierKey(name, COSIGNATURE, key.public), key


def cosign(
    target: Path,
    proof: Path | None,
    sources: Sources,
    memory: Memory,
    witness: tuple[str, Path, Ask],
    out: Path,
    now: int,
) -> Cosigning:
    """Cosign what ``target`` shows, after all that a witness has to see to, and write it to the new file ``out``.

    The log's key signed it, and it continues what was seen last. It is remembered before anything is signed: a witness
    that forgets could be led to sign two histories. Raises LogBreachError (S105) for a log that forked, UsageError
    (``cosign-older``) for a checkpoint behind the last one seen, and as ``witness_key`` and ``log_keys.believe`` do.
    """
    require_new(out)
    offer = shown_in(target)
    shown = offer.checkpoint
    offered = Published(target).vkey() if target.is_dir() else None
    belief = believe(shown.origin, sources, memory, offered)
    verifier, key = witness_key(*witness)
    seen = memory.last(shown.origin)
    get_proof = offer.proofs if proof is None and offer.proofs is not None else proof_source(proof, belief.log)
    if memory.take(belief.log, seen, shown, get_proof, current=False) is Outcome.OLDER and seen is not None:
        raise UsageError(
            Text(
                f"前に見た {seen.size} 件より古いチェックポイント（{shown.size} 件）には連署しません",
                f"a checkpoint of {shown.size} entries is not cosigned after one of {seen.size} was seen",
            ),
            Text("最新のものを運営者から受け取ってください", "get the latest from the log's operator"),
            code="cosign-older",
        )
    pinned = sources.pin and memory.pin(belief.log)
    signed = checkpoint.cosign(shown, verifier.name, key, now)
    write_new(out, signed.to_bytes())
    return Cosigning(belief, verifier, signed, seen, pinned)


def take_back(workspace: Workspace, files: Sequence[Path], now: int) -> list[TakenBack]:
    """Add the cosignatures in ``files`` to the log's checkpoints, after all files were found in order.

    Those of witnesses in the workspace's trust list are verified; others are kept unverified. Raises IntegrityError
    for a cosignature that is not by the witness it names, LogBreachError (S105) where the log's key signed another
    tree of the same size, and UsageError for a checkpoint that this log never made.
    """
    given = [(path, read_checkpoint(path)) for path in files]
    witnesses = witnesses_in(workspace.folder, now)
    for path, each in given:
        try:
            _check_own(workspace, each)
            bad = count(each, witnesses).bad if witnesses is not None else ()
            if bad:
                raise IntegrityError(
                    bad[0], Text("証人に求め直してください", "ask the witness again"), code="signature"
                )
        except LogBreachError:
            raise
        except IntegrityError as error:
            raise IntegrityError(same(f"{path}: ") + error.message, error.remedy, code=error.code) from None
    log = workspace.ledger.log_name
    taken = []
    for _, each in given:
        whole = workspace.ledger.add_cosignatures(each)
        known = (log, *(witnesses.keys if witnesses is not None else ()))
        cosigned = None if witnesses is None else count(whole, witnesses)
        taken.append(TakenBack(whole, cosigned, unknown_signers(whole, known)))
    return taken


def _check_own(workspace: Workspace, given: Checkpoint) -> None:
    """Raise unless the log signed it, and stores the same."""
    ledger = workspace.ledger
    checkpoint.verify_log(given, ledger.log_name)
    stored = checkpoint_of(ledger, given.size)
    Memory.of_workspace(workspace.folder).compare(ledger.log_name, stored, given, no_proof)
