"""A verifier's memory: what may follow the last checkpoint of a log that one has seen.

A log that shows different trees to different people, or takes back what it showed, is caught by whoever compares two
of its signed checkpoints. Only what the two themselves prove is called a breach (S105), since that voids the whole
log; a proof that is missing or faulty proves nothing against the log, whoever brought it, and is told apart.
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import Enum

from biotrace.errors import IntegrityError
from biotrace.model.text import Text

from . import merkle
from .checkpoint import Checkpoint


class Outcome(Enum):
    """How an acceptable checkpoint relates to the one seen. Only NEWER is to be remembered in its place."""

    SAME = "same"
    NEWER = "newer"
    OLDER = "older"


class Breach(Enum):
    """What a log has done: shown two trees that cannot both be it, or shown fewer entries than it had."""

    FORK = "fork"
    ROLLBACK = "rollback"


class WatchError(IntegrityError):
    """A checkpoint that must not be taken. ``seen`` and ``shown`` are the two, to be kept."""

    code = "checkpoint-unproven"

    def __init__(self, seen: Checkpoint, shown: Checkpoint, message: Text, remedy: Text) -> None:
        super().__init__(message, remedy)
        self.seen = seen
        self.shown = shown


class BreachError(WatchError):
    """The log broke its promise to only ever append; ``seen`` and ``shown``, both signed by it, are the evidence."""

    code = "S105"

    def __init__(self, breach: Breach, seen: Checkpoint, shown: Checkpoint) -> None:
        super().__init__(seen, shown, _breach_message(breach, seen, shown), _BREACH_REMEDY)
        self.breach = breach


_BREACH_REMEDY = Text(
    "このログの記録を受け入れず、二つのチェックポイントを保存して運営者と証人に知らせてください",
    "accept nothing from this log; keep both checkpoints and show them to its operator and its witnesses",
)


def compare(seen: Checkpoint, shown: Checkpoint, proof: Sequence[bytes] = (), *, current: bool = True) -> Outcome:
    """Whether ``shown`` may stand beside ``seen``, the last checkpoint of the log, both verified as signed by it.

    ``proof``: the consistency proof from the smaller to the larger (RFC 9162 §2.1.4); empty where the sizes are equal
    or one is 0. ``current``: ``shown`` was offered as the log's latest. False for one that comes with older material,
    such as a bundle, for which it is no fault to be small.

    Raises BreachError (S105) for a FORK: two roots for one size, or a proof that leads to the larger tree's root but
    from another smaller one; and for a ROLLBACK: a current checkpoint smaller than what was seen, consistent or not.
    Raises WatchError (``checkpoint-unproven``) where the proof is missing or fits neither, and for checkpoints of two
    logs.
    """
    if seen.origin != shown.origin:
        raise _unproven(seen, shown, Text(f"前に見たのは {seen.origin} です", f"those were of {seen.origin}"))
    if seen.size == shown.size:
        if seen.root != shown.root:
            raise BreachError(Breach.FORK, seen, shown)
        return Outcome.SAME
    if shown.size < seen.size and current:
        raise BreachError(Breach.ROLLBACK, seen, shown)
    _check_proof(seen, shown, proof)
    return Outcome.NEWER if shown.size > seen.size else Outcome.OLDER


def _check_proof(seen: Checkpoint, shown: Checkpoint, proof: Sequence[bytes]) -> None:
    smaller, larger = sorted((seen, shown), key=lambda checkpoint: checkpoint.size)
    if smaller.size == 0:
        return  # every tree continues the empty one, whose root parsing has checked
    try:
        old, new = merkle.consistency_roots(smaller.size, larger.size, smaller.root, proof)
    except merkle.MerkleError as error:
        raise _unproven(seen, shown, error.message) from None
    if new != larger.root:
        raise _unproven(seen, shown, Text("証明が根に一致しません", "the proof does not lead to the root"))
    if old != smaller.root:
        raise BreachError(Breach.FORK, seen, shown)


def _breach_message(breach: Breach, seen: Checkpoint, shown: Checkpoint) -> Text:
    if breach is Breach.ROLLBACK:
        return Text(
            f"ログ {seen.origin} が縮みました: 前に {seen.size} 件、今は {shown.size} 件",
            f"log {seen.origin} shrank: it had {seen.size} entries and now shows {shown.size}",
        )
    return Text(
        f"ログ {seen.origin} が分岐しました: 前に見た {_named(seen)} と今の {_named(shown)} は両立しません",
        f"log {seen.origin} forked: {_named(seen)} seen before and {_named(shown)} cannot both be it",
    )


def _named(checkpoint: Checkpoint) -> str:
    return f"{checkpoint.size}:{checkpoint.root.hex()[:16]}"


def _unproven(seen: Checkpoint, shown: Checkpoint, reason: Text) -> WatchError:
    return WatchError(
        seen,
        shown,
        Text(
            f"ログ {shown.origin}: この {shown.size} 件と前に見た {seen.size} 件がつながるか確かめられません: ",
            f"log {shown.origin}: these {shown.size} entries are not shown to fit the {seen.size} seen before: ",
        )
        + reason,
        Text("ログからつながりの証明を取り直してください", "get the consistency proof from the log again"),
    )
