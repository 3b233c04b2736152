"""A proof that whoever answered a challenge had the very bytes of a file, and not its hash alone.

proof = SHA-256("biotrace-possession/1" ‖ 0x00 ‖ challenge's record id ‖ the file's bytes). The id is known to nobody
before the challenge is signed, and comes before the file: what is left of a file that was thrown away, such as its
hash or any other value of fixed length, does not help. Only who has the file can compute or check it.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from typing import BinaryIO

from . import text64

_TAG = b"biotrace-possession/1\x00"
_LINE = re.compile(r"\[possession/1((?: [\w-]{43})+)\]$", re.ASCII)
_CHUNK = 1 << 20


def prove(challenge: bytes, file: BinaryIO) -> bytes:
    """The proof, 32 bytes, for a file that is open for reading. ``challenge``: the record id, 32 bytes."""
    state = hashlib.sha256(_TAG + challenge)
    while chunk := file.read(_CHUNK):
        state.update(chunk)
    return state.digest()


def line(proofs: Sequence[bytes]) -> str:
    """How an answer states them at the end of its remark, in the order of its files; empty where there are none."""
    return f"[possession/1 {' '.join(map(text64.encode, proofs))}]" if proofs else ""


def parse(remark: str | None) -> tuple[bytes, ...]:
    """The proofs that an answer states; empty where it states none."""
    found = _LINE.search(remark or "")
    return tuple(text64.decode(proof) for proof in found.group(1).split()) if found is not None else ()
