"""Keys: each device has its own, and a record names the one that signed it by its ``kid``."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    PublicFormat,
)

from . import ed25519

KID_BYTES = 16


def kid_of(public_key: bytes) -> bytes:
    """A key's name in records: the first 16 bytes of the SHA-256 of its 32 bytes."""
    return hashlib.sha256(public_key).digest()[:KID_BYTES]


@dataclass(frozen=True, slots=True)
class PublicKey:
    """An Ed25519 public key: 32 bytes, canonical, not of small order (else SignatureError). ``kid``: see ``kid_of``."""

    raw: bytes
    kid: bytes = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        ed25519.check_public_key(self.raw)
        object.__setattr__(self, "kid", kid_of(self.raw))


class DeviceKey:
    """One device's private key. Two devices never share one: chains of records are per key."""

    __slots__ = ("_private", "_public")

    def __init__(self, private: Ed25519PrivateKey) -> None:
        self._private = private
        self._public = PublicKey(private.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw))

    @classmethod
    def generate(cls, seed: bytes | None = None) -> DeviceKey:
        """A new key: from the system's randomness, or from a seed of 32 bytes (ValueError for another length)."""
        if seed is None:
            return cls(Ed25519PrivateKey.generate())
        return cls(Ed25519PrivateKey.from_private_bytes(seed))

    def seed(self) -> bytes:
        """The 32 secret bytes of which ``generate`` makes the key again: for sealing it, and nothing else."""
        return self._private.private_bytes_raw()

    @property
    def public(self) -> PublicKey:
        """The public key: nobody may put another in its place, for records are taken to be signed by it."""
        return self._public

    @property
    def kid(self) -> bytes:
        """See ``kid_of``."""
        return self._public.kid

    def sign(self, message: bytes) -> bytes:
        """The signature over ``message``, 64 bytes."""
        return ed25519.sign(self._private, message)

    def __repr__(self) -> str:
        return f"DeviceKey(kid={self.kid.hex()})"
