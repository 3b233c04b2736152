"""What was said later about a certificate. Nothing is edited: a correction is an entry of its own."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Action(StrEnum):
    """What the correction does to the certificate."""

    CANCEL = "cancel"
    REPLACE = "replace"
    HOLD = "hold"
    RELEASE = "release"
    SUPPLEMENT = "supplement"


@dataclass(frozen=True, slots=True)
class Correction:
    """``by``: the certificate that replaces or supplements (its places and documents then count too).

    ``follows``: record id of the correction that this one comes after; a release names the hold that it ends.
    """

    certificate: str
    action: Action
    date: date
    reason: str | None = None
    by: str | None = None
    follows: str | None = None
