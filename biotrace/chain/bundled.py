"""What a bundle holds, as values. The bytes are read and written by ``biotrace.chain.bundle``."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cached_property

from biotrace.errors import IntegrityError
from biotrace.model.text import Text

from .checkpoint import Checkpoint
from .disclosure import Disclosure
from .note import VerifierKey


class BundleError(IntegrityError):
    """A whole file whose content is no bundle, or is not to be trusted."""

    code = "bundle"


@dataclass(frozen=True)
class BundledRecord:
    """A record as its log holds it: ``index``, the exact ``envelope``, and the log's ``receipt``. Nothing verified."""

    index: int
    envelope: bytes
    receipt: bytes

    @cached_property
    def record_id(self) -> bytes:
        """SHA-256 of the envelope, whatever it holds."""
        return hashlib.sha256(self.envelope).digest()


@dataclass(frozen=True, slots=True)
class History:
    """An earlier tree of the log, at which receipts were given, and the consistency proof to the checkpoint."""

    size: int
    root: bytes
    proof: tuple[bytes, ...]


@dataclass(frozen=True, slots=True)
class LogPart:
    """What comes from one log. ``key``: the log's, by which the file says to check it; whom to trust, others say."""

    key: VerifierKey
    checkpoint: Checkpoint
    history: tuple[History, ...]
    records: tuple[BundledRecord, ...]
    completeness: bytes | None = None


@dataclass(frozen=True, slots=True)
class Bundle:
    """A bundle as parsed, nothing verified.

    ``made_at``: seconds since 1970-01-01 UTC. ``about``: ids of the records, such as lots, that it was made for.
    ``trust_list``: opaque here. ``files``: contents; their SHA-256 is their name. ``to``: party id of the receiver.
    """

    made_at: int
    about: tuple[bytes, ...]
    logs: tuple[LogPart, ...]
    trust_list: bytes | None = None
    files: tuple[bytes, ...] = ()
    disclosures: tuple[Disclosure, ...] = ()
    to: str | None = None


def wrong(reason: Text, remedy: Text | None = None, *, code: str = BundleError.code) -> BundleError:
    """The error for a bundle that is not to be used, and why."""
    return BundleError(
        Text("受け渡しファイル: ", "bundle: ") + reason,
        remedy or Text("使わずに、送った人に作り直してもらってください", "do not use it; ask the sender for another"),
        code=code,
    )
