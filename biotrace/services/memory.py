"""What a verifier has seen of each log, on disk: the last checkpoint, the key it believes, and evidence of breaches.

Files are named by the SHA-256 of the log's origin, since an origin may hold anything: HASH.checkpoint is the exact
note, HASH.vkey the key that was pinned. Several processes may use one memory; it only ever moves forward.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

from biotrace.chain import checkpoint, merkle, watch
from biotrace.chain.checkpoint import Checkpoint
from biotrace.chain.note import VerifierKey
from biotrace.chain.watch import Breach, BreachError, Outcome, WatchError
from biotrace.errors import BiotraceError, IntegrityError, UnreadableError, UsageError
from biotrace.model.text import Text, same

from .files import read_file, write_new, write_over
from .log_lock import locked
from .log_text import EVIDENCE, two_checkpoints

SEEN, KEPT = "seen", "evidence"
"""Folders of a workspace. A memory of its own keeps its evidence in a folder ``evidence`` of itself."""

_LOCK = "lock"


@dataclass(frozen=True, slots=True)
class Continuity:
    """How a tree goes on from an earlier size: its root at that size, by its own word, and the consistency proof."""

    root: bytes
    proof: tuple[bytes, ...]


GetProof: TypeAlias = Callable[[int, int], Continuity]
"""(first, second) -> how the log grew from one size to the other. What it raises passes through."""


class LogBreachError(IntegrityError):
    """S105: a log forked or shrank. The message says where ``evidence`` was kept; None: it could not be."""

    code = "S105"

    def __init__(self, breach: Breach, message: Text, remedy: Text | None, kept: Kept) -> None:
        super().__init__(message + kept.said, remedy)
        self.breach = breach
        self.evidence = kept.path


@dataclass(frozen=True, slots=True)
class Kept:
    """Evidence as it was kept: where, None where the disk refused it; and what to say of it."""

    path: Path | None
    said: Text


class Memory:
    """The memory in ``folder``; ``evidence``: where evidence is kept. Neither has to exist yet."""

    def __init__(self, folder: Path, evidence: Path | None = None) -> None:
        self.folder = folder
        self.evidence = evidence or folder / KEPT

    @classmethod
    def of_workspace(cls, folder: Path) -> Memory:
        """The memory of the workspace in ``folder``."""
        return cls(folder / SEEN, folder / KEPT)

    def last(self, origin: str) -> Checkpoint | None:
        """The last checkpoint seen of that log; None: none. Raises UnreadableError where the file is damaged."""
        path = self._file(origin, "checkpoint")
        if not path.exists():
            return None
        try:
            found = checkpoint.parse(read_file(path))
        except IntegrityError as error:
            raise _damaged(path, error.message) from None
        if found.origin != origin:
            raise _damaged(path, Text(f"{found.origin} のものです", f"it is of {found.origin}"))
        return found

    def pinned(self, origin: str) -> VerifierKey | None:
        """The key under which that log was met first; None: none was pinned."""
        path = self._file(origin, "vkey")
        if not path.exists():
            return None
        try:
            found = VerifierKey.parse(read_file(path).decode("utf-8", errors="replace").strip())
        except IntegrityError as error:
            raise _damaged(path, error.message) from None
        if found.name != origin:
            raise _damaged(path, Text(f"{found.name} の鍵です", f"it is the key of {found.name}"))
        return found

    def pin(self, log: VerifierKey) -> bool:
        """Believe this key from now on; False where it was believed before.

        Raises UsageError (``pinned-other``) where another one is pinned for that log.
        """
        with locked(self.folder / _LOCK):
            held = self.pinned(log.name)
            if held is None:
                write_over(self._file(log.name, "vkey"), f"{log}\n".encode())
        if held not in (None, log):
            raise UsageError(
                Text(
                    f"ログ {log.name} について覚えている鍵と違います",
                    f"another key is remembered for the log {log.name}",
                ),
                Text(
                    "鍵が替わったのか運営者に電話などで確かめ、--vkey で指定してください",
                    "ask the operator, by telephone or so, whether the key changed; then name it with --vkey",
                ),
                code="pinned-other",
            )
        return held is None

    def compare(
        self,
        log: VerifierKey,
        seen: Checkpoint | None,
        shown: Checkpoint,
        get_proof: GetProof,
        *,
        current: bool = True,
    ) -> Outcome:
        """How ``shown`` relates to ``seen``, what ``last`` gave before ``shown`` was looked up. Nothing is remembered.

        In that order, since another process may remember more while a log is being read. Where nothing was seen the
        answer is NEWER. ``current``: see ``watch.compare``. Raises LogBreachError (S105), with both kept as evidence;
        WatchError where the proof shows nothing; as ``checkpoint.verify_log`` where ``log`` did not sign ``shown``,
        and UsageError (``seen-other-key``) where it did not sign ``seen``.
        """
        checkpoint.verify_log(shown, log)
        if seen is None:
            return Outcome.NEWER
        _check_key(seen, log)
        way: Continuity | None = None
        try:
            smaller, larger = sorted((seen, shown), key=lambda each: each.size)
            if 0 < smaller.size < larger.size and (smaller is seen or not current):
                way = get_proof(smaller.size, larger.size)
            return _compare(seen, shown, way, current)
        except BreachError as error:
            raise LogBreachError(error.breach, error.message, error.remedy, self._kept(error, log, way)) from None

    def take(
        self,
        log: VerifierKey,
        seen: Checkpoint | None,
        shown: Checkpoint,
        get_proof: GetProof,
        *,
        current: bool = True,
    ) -> Outcome:
        """``compare``, and remember ``shown`` where it is newer.

        Raises BiotraceError (``log-moved``) where another process has since remembered what cannot be compared.
        """
        outcome = self.compare(log, seen, shown, get_proof, current=current)
        if outcome is not Outcome.NEWER:
            return outcome
        with locked(self.folder / _LOCK):
            meanwhile = self.last(log.name)
            if meanwhile != seen:
                outcome = self._compare_again(log, meanwhile, shown, get_proof)
            if outcome is Outcome.NEWER:
                write_over(self._file(log.name, "checkpoint"), shown.to_bytes())
        return Outcome.NEWER

    def _compare_again(
        self, log: VerifierKey, meanwhile: Checkpoint | None, shown: Checkpoint, get_proof: GetProof
    ) -> Outcome:
        """Another process was faster. That it may have seen more by now is no fault of this checkpoint."""
        try:
            return self.compare(log, meanwhile, shown, get_proof, current=False)
        except LogBreachError:
            raise
        except BiotraceError:
            raise BiotraceError(
                Text(
                    f"確かめている間に、ログ {log.name} の別の件数を覚えました",
                    f"while this was being verified, another process saw log {log.name} at another size",
                ),
                Text("もう一度実行してください", "run it again"),
                code="log-moved",
            ) from None

    def keep_evidence(self, origin: str, sizes: tuple[int, int], marks: Sequence[bytes], data: bytes) -> Kept:
        """Keep ``data`` as evidence against a log. Nothing kept is ever written over.

        ``marks``: what tells this breach from others, all within ``data``; where a file holds them already, that one
        is given. Never raises: that a disk is full must not hide what the log has done.
        """
        stem = f"{_hash(origin)[:16]}-{sizes[0]}-{sizes[1]}"
        try:
            with locked(self.evidence / _LOCK):
                path, number = self.evidence / f"{stem}-1.txt", 1
                while path.exists() and not _holds(path, marks):
                    number += 1
                    path = self.evidence / f"{stem}-{number}.txt"
                if not path.exists():
                    write_new(path, data)
        except BiotraceError as refused:
            return Kept(None, Text("。証拠は保存できませんでした: ", "; not kept as evidence: ") + refused.message)
        return Kept(path, Text(f"。証拠として保存しました: {path}", f"; kept as evidence: {path}"))

    def _kept(self, error: BreachError, log: VerifierKey, way: Continuity | None) -> Kept:
        hashes = (way.root, *way.proof) if way is not None else ()
        data = two_checkpoints((EVIDENCE, error.breach.value, str(log)), error.seen, error.shown, hashes)
        marks = (error.seen.note.text.encode(), error.shown.note.text.encode())
        return self.keep_evidence(log.name, (error.seen.size, error.shown.size), marks, data)

    def _file(self, origin: str, suffix: str) -> Path:
        return self.folder / f"{_hash(origin)}.{suffix}"


def _compare(seen: Checkpoint, shown: Checkpoint, way: Continuity | None, current: bool) -> Outcome:
    """``watch.compare``, which at some sizes cannot tell a fork from a faulty proof without the other tree's root."""
    try:
        return watch.compare(seen, shown, () if way is None else way.proof, current=current)
    except BreachError:
        raise
    except WatchError:
        smaller, larger = sorted((seen, shown), key=lambda each: each.size)
        if way is None or way.root == smaller.root or not _leads(way, smaller.size, larger):
            raise
        raise BreachError(Breach.FORK, seen, shown) from None


def _leads(way: Continuity, size: int, larger: Checkpoint) -> bool:
    """Whether the larger tree is proven to continue the one with the root that ``way`` states."""
    try:
        merkle.verify_consistency(size, larger.size, way.root, larger.root, way.proof)
    except merkle.MerkleError:
        return False
    return True


def _check_key(seen: Checkpoint, log: VerifierKey) -> None:
    try:
        checkpoint.verify_log(seen, log)
    except IntegrityError:
        raise UsageError(
            Text(
                f"ログ {log.name} は前に別の鍵で署名されていました",
                f"the log {log.name} was signed by another key when it was last seen",
            ),
            Text(
                "名前の同じ別のログか、鍵が替わったのか、運営者に電話などで確かめてください",
                "ask the operator, by telephone or so, whether this is another log of that name or the key changed",
            ),
            code="seen-other-key",
        ) from None


def _holds(path: Path, marks: Sequence[bytes]) -> bool:
    held = read_file(path)
    return all(mark in held for mark in marks)


def _hash(origin: str) -> str:
    return hashlib.sha256(origin.encode()).hexdigest()


def _damaged(path: Path, why: Text) -> UnreadableError:
    return UnreadableError(
        same(f"{path}: ") + Text("見たログの控えが壊れています: ", "the memory of a log is damaged: ") + why,
        Text(
            "控えから戻すか、消して、ログの鍵と件数を運営者に確かめてから見直してください",
            "restore it from a backup; or remove it, and compare key and size with the operator before trusting again",
        ),
        code="memory-damaged",
    )
