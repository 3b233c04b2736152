"""What became of the papers behind records: deleted, to be kept, asked for (family D).

Who may say so, the rules decide: see ``biotrace.verify.retention``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from biotrace.model.retention import Deleted


@dataclass(frozen=True, slots=True)
class Sayer:
    """Who signed it. ``root``: with a key that runs our ledger."""

    party: str
    root: bool = False


@dataclass(frozen=True, slots=True)
class Deletion:
    """That something of a record was deleted, and on which ``day`` at the latest. ``order``: its place in the log."""

    by: Sayer
    order: int
    day: date
    deleted: tuple[Deleted, ...]


@dataclass(frozen=True, slots=True)
class Hold:
    """That what belongs to a record must not be deleted: from its place in the log on, until that of its end."""

    by: Sayer
    order: int
    ended: int | None = None


@dataclass(frozen=True, slots=True)
class Asked:
    """That the party ``to`` was asked to produce what belongs to a record, until ``due``; ``produced``: when it did."""

    by: Sayer
    to: str
    due: date
    produced: date | None = None


@dataclass(frozen=True)
class KeptPapers:
    """All of it by record id; what is said of a party's own record, by party id.

    ``files``: by SHA-256, files that records name and whose copy is at hand: whether that still has this content.
    """

    files: Mapping[bytes, bool] = field(default_factory=dict)
    deletions: Mapping[str, tuple[Deletion, ...]] = field(default_factory=dict)
    holds: Mapping[str, tuple[Hold, ...]] = field(default_factory=dict)
    asked: Mapping[str, tuple[Asked, ...]] = field(default_factory=dict)


NO_PAPERS = KeptPapers()
"""Where nothing is known of it, as in a casebook."""
