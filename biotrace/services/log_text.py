"""Text files about two checkpoints of one log: consistency proofs, which go to a verifier, and evidence, which stays.

    <a line that says what it is, and further lines>
    <an empty line>
    <one checkpoint>
    <an empty line>
    <the other checkpoint>
    <an empty line>
    <hashes: base64, one a line>

A checkpoint is itself two blocks, text and signatures, with an empty line between them and none within.
"""

from __future__ import annotations

import base64
from collections.abc import Sequence
from dataclasses import dataclass

from biotrace.chain import checkpoint
from biotrace.chain.checkpoint import Checkpoint
from biotrace.chain.note import decode_base64
from biotrace.errors import IntegrityError, UnreadableError
from biotrace.model.text import Text

PROOF = "biotrace consistency proof v1"
EVIDENCE = "biotrace evidence v1"

_BLOCKS = 6


@dataclass(frozen=True, slots=True)
class Growth:
    """A consistency proof with its two checkpoints, ``first`` the smaller. As parsed, nothing is verified."""

    first: Checkpoint
    second: Checkpoint
    proof: tuple[bytes, ...]

    def to_bytes(self) -> bytes:
        """The proof as a file."""
        return two_checkpoints((PROOF,), self.first, self.second, self.proof)


def two_checkpoints(head: Sequence[str], one: Checkpoint, other: Checkpoint, hashes: Sequence[bytes]) -> bytes:
    """The bytes of such a file."""
    lines = "".join(f"{base64.b64encode(hashed).decode()}\n" for hashed in hashes)
    return b"\n".join(("\n".join((*head, "")).encode(), one.to_bytes(), other.to_bytes(), lines.encode()))


def parse_growth(data: bytes, name: str) -> Growth:
    """The consistency proof that the file called ``name`` holds. Raises UnreadableError for anything else."""
    try:
        blocks = data.decode().split("\n\n")
        if len(blocks) != _BLOCKS or blocks[0] != PROOF:
            raise ValueError
        first, second = (checkpoint.parse(f"{blocks[i]}\n\n{blocks[i + 1]}\n".encode()) for i in (1, 3))
        found = Growth(first, second, tuple(decode_base64(line) for line in blocks[5].splitlines()))
        if found.to_bytes() != data:
            raise ValueError
    except (ValueError, IntegrityError) as error:
        why = Text("。", ". ") + error.message if isinstance(error, IntegrityError) else Text("", "")
        raise UnreadableError(
            Text(f"{name}: つながりの証明として読めません", f"{name} is no consistency proof") + why,
            Text(
                "ログの運営者に biotrace log prove --from で作り直してもらってください",
                "ask the log's operator to make it again with biotrace log prove --from",
            ),
            code="no-proof",
        ) from None
    return found


def is_growth(data: bytes) -> bool:
    """Whether a file calls itself a consistency proof."""
    return data.startswith(PROOF.encode() + b"\n")
