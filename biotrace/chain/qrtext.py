"""The text of a QR code: ``BT1:`` and the envelope in base45. The digit is this text's version, not the record's."""

from __future__ import annotations

import re

from biotrace.errors import UnreadableError, UpdateNeededError
from biotrace.model.text import Text

from . import base45, cbor, cose

PREFIX = "BT1:"
MAX_CHARACTERS = len(PREFIX) + (cbor.MAX_BYTES + 2) // 2 * 3
"""Longer texts hold no envelope, and are not even decoded."""
_LATER_VERSION = re.compile(r"BT([1-9][0-9]*):")
_SCAN_AGAIN = Text("QRコードをもう一度、全体を読み取ってください", "scan the whole QR code again")


def to_text(envelope: bytes) -> str:
    """What to print as a QR code (mode alphanumeric). Spaces in it count: never normalise it."""
    return PREFIX + base45.encode(envelope)


def from_text(text: str) -> bytes:
    """The envelope in a scanned text, whole and well formed; its signature is not checked here.

    Raises UnreadableError (``qr-foreign``: not a biotrace QR; ``qr-size``; ``qr-truncated``; ``base45``),
    UpdateNeededError for a later version of the text, and IntegrityError where the bytes are no envelope.
    """
    if not text.startswith(PREFIX):
        raise _other_prefix(text)
    if len(text) > MAX_CHARACTERS:
        raise UnreadableError(
            Text("QRコードの文字が長すぎます", "the text of the QR code is too long"), _SCAN_AGAIN, code="qr-size"
        )
    envelope = base45.decode(text[len(PREFIX) :])
    try:
        cose.parse(envelope)
    except cose.TruncatedError:
        raise UnreadableError(
            Text("QRコードの文字が途中で切れています", "the text of the QR code ends early"),
            _SCAN_AGAIN,
            code="qr-truncated",
        ) from None
    return envelope


def _other_prefix(text: str) -> UnreadableError | UpdateNeededError:
    if version := _LATER_VERSION.match(text):
        return UpdateNeededError(
            Text(
                f"QRコードの版 {version.group(1)} をこの biotrace は知りません",
                f"this biotrace does not know version {version.group(1)} of the QR code",
            ),
            Text("biotrace を更新してください", "update biotrace"),
        )
    return UnreadableError(
        Text("biotrace のQRコードではありません", "not a biotrace QR code"),
        Text("証明書に印刷されたQRコードを読み取ってください", "scan the QR code printed on the certificate"),
        code="qr-foreign",
    )
