"""Which records of a bundle their log has provably taken, and where.

All roots that a log has signed must be of one growing tree: the checkpoint's, and those that the consistency proofs of
the history lead to. A receipt for any other root proves nothing (S104). Where the log's own signatures contradict each
other it has forked (S105), and nothing of it is taken; a proof that is merely faulty is told apart, since anybody can
make one.
"""

from __future__ import annotations

from dataclasses import dataclass

from biotrace.errors import IntegrityError
from biotrace.model.text import Text

from . import checkpoint, merkle, receipt
from .bundled import BundledRecord, LogPart, wrong
from .integrity import NOTICES
from .receipt import Logged


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with one record. ``rule``: of the catalogue, such as S104; ``code``: the refusal's, stable too."""

    rule: str
    code: str
    message: Text

    @property
    def is_notice(self) -> bool:
        """The record keeps its worth; a person should look."""
        return self.code in NOTICES


class ForkError(IntegrityError):
    """The log broke its promise to only ever append. ``evidence``: the two that contradict each other.

    They are ids of records that it took at one index, or two of its signed notes and receipts for one size.
    """

    code = "S105"

    def __init__(self, message: Text, evidence: tuple[bytes, bytes]) -> None:
        super().__init__(
            message,
            Text(
                "このログの記録を受け入れず、ファイルを保存して運営者と証人に知らせてください",
                "accept nothing from this log; keep the file and show it to its operator and its witnesses",
            ),
        )
        self.evidence = evidence


def prove(part: LogPart) -> list[Logged | Problem]:
    """For each record of the part: what its receipt establishes, or the one S104 that says why it does not.

    Raises NoteError, SignatureError or CheckpointError for a checkpoint that the log did not sign, BundleError
    (``bundle-history``) for a faulty history, and ForkError.
    """
    checkpoint.verify_log(part.checkpoint, part.key)
    grown = _grown(part)
    signed = {size: (root, part.checkpoint.to_bytes()) for size, root in grown.items()}
    proofs: list[Logged | Problem] = []
    for bundled in part.records:
        proof = _received(part, bundled)
        if isinstance(proof, Logged):
            root, evidence = signed.setdefault(proof.size, (proof.root, bundled.receipt))
            if root != proof.root:
                raise _forked(part, proof.size, (evidence, bundled.receipt))
            proof = _placed(bundled, proof, proof.size in grown)
        proofs.append(proof)
    for tree in part.history:
        if tree.root != grown[tree.size]:  # and the log has not signed it: else it would have forked, above
            raise _unproven(part, Text("証明が根に一致しません", "a proof does not lead to the root"))
    return proofs


def _grown(part: LogPart) -> dict[int, bytes]:
    """Size and root of the checkpoint's tree, and of the earlier ones as the proofs of the history have them."""
    last = part.checkpoint
    roots = {last.size: last.root}
    for tree in part.history:
        try:
            root, grown = merkle.consistency_roots(tree.size, last.size, tree.root, tree.proof)
        except merkle.MerkleError as error:
            raise _unproven(part, error.message) from None
        if grown != last.root:
            raise _unproven(part, Text("証明が根に一致しません", "a proof does not lead to the root"))
        roots[tree.size] = root
    return roots


def _received(part: LogPart, bundled: BundledRecord) -> Logged | Problem:
    try:
        return receipt.verify(receipt.parse(bundled.receipt), bundled.record_id, part.key.name, part.key.public)
    except IntegrityError as error:
        return _not_logged(bundled, error.message)


def _placed(bundled: BundledRecord, proof: Logged, grown: bool) -> Logged | Problem:
    if proof.index != bundled.index:
        return _not_logged(bundled, Text(f"受領証は {proof.index} 番のもの", f"its receipt is for index {proof.index}"))
    if not grown:
        return _not_logged(
            bundled,
            Text(
                f"受領証の {proof.size} 件の木とチェックポイントのつながりが示されていません",
                f"its receipt's tree, of size {proof.size}, is not shown to continue into the checkpoint's",
            ),
        )
    return proof


def _not_logged(bundled: BundledRecord, reason: Text) -> Problem:
    where = Text(f"ログの {bundled.index} 番にあることが示されていません: ", f"not proven at index {bundled.index}: ")
    return Problem("S104", "not-logged", where + reason)


def _forked(part: LogPart, size: int, evidence: tuple[bytes, bytes]) -> ForkError:
    return ForkError(
        Text(
            f"ログ {part.key.name} が分岐しました: {size} 件の木について、二つの根に署名しています",
            f"log {part.key.name} forked: it has signed two roots for size {size}",
        ),
        evidence,
    )


def _unproven(part: LogPart, reason: Text) -> IntegrityError:
    what = Text(f"ログ {part.key.name} の履歴: ", f"history of log {part.key.name}: ")
    return wrong(what + reason, code="bundle-history")
