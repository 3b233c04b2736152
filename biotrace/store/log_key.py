"""The key of a log: what turns a table of records into a log that answers for its size and order."""

from __future__ import annotations

from dataclasses import dataclass

from biotrace.chain import checkpoint
from biotrace.chain.checkpoint import Checkpoint
from biotrace.chain.keys import DeviceKey
from biotrace.chain.note import ED25519, VerifierKey


@dataclass(frozen=True)
class LogKey:
    """A log's name and the private key that signs its checkpoints. Raises NoteError for a name that no note has."""

    origin: str
    key: DeviceKey

    def __post_init__(self) -> None:
        _ = self.verifier

    @property
    def verifier(self) -> VerifierKey:
        """By what others verify the log: the public key under the log's name."""
        return VerifierKey(self.origin, ED25519, self.key.public)

    def sign(self, size: int, root: bytes) -> Checkpoint:
        """The log's statement that it has ``size`` entries and this root."""
        return checkpoint.make(self.origin, size, root, self.key)
