"""Keeping papers, asking for them, and deleting them lawfully (別記3 第五④)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class StoredFile:
    """A file kept beside a record. ``sha256``: 32 bytes, of its content; ``size`` in bytes."""

    sha256: bytes
    size: int
    media_type: str


@dataclass(frozen=True, slots=True)
class RetentionHold:
    """That what belongs to these records must not be deleted; with ``ends``, that an earlier hold no longer stands."""

    records: tuple[str, ...]
    date: date
    reason: str | None = None
    ends: str | None = None


@dataclass(frozen=True, slots=True)
class Challenge:
    """That a party is asked to produce what belongs to these records, until ``due``."""

    records: tuple[str, ...]
    to: str
    due: date
    date: date
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """What was produced upon a challenge; no file: nothing was."""

    challenge: str
    date: date
    files: tuple[StoredFile, ...] = ()
    remark: str | None = None


class Deleted(StrEnum):
    """What was deleted of a record's side data. The record itself never is."""

    FILES = "files"
    PRIVATE_FIELDS = "private_fields"


@dataclass(frozen=True, slots=True)
class Tombstone:
    """That side data of a record was deleted, and on what ground."""

    record: str
    date: date
    deleted: tuple[Deleted, ...]
    ground: str | None = None
