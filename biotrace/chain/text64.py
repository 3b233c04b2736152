"""Bytes within a sentence: base64url (RFC 4648 §5) without padding."""

from __future__ import annotations

import base64


def encode(data: bytes) -> str:
    """The bytes as letters, digits, - and _."""
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def decode(text: str) -> bytes:
    """The bytes that ``text``, made of those signs alone, stands for. Bits that no byte takes are not looked at."""
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
