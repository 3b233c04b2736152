"""What a region's people say, one record at a time, and what a check ought to find in it."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass
from typing import TypeAlias, TypeVar

from biotrace.chain.kinds import Body, RecordKind
from biotrace.services.private_fields import Unsigned

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Statement:
    """A record that is not signed yet.

    ``by``: party id of its signer; ``key``: name of the key (see ``keys``). ``at``: when it is said, seconds since
    1970-01-01 UTC. ``names``: party id -> name, for whoever holds this record alone. ``private``: sealed in ``body``.
    """

    kind: RecordKind
    by: str
    key: str
    subject: str
    body: Body
    at: int
    names: tuple[tuple[str, str], ...] = ()
    transcribed: bool = False
    private: tuple[Unsigned, ...] = ()


Story: TypeAlias = Generator[Statement, str, T]
"""Statements in the order of the log. It is sent the record id (hex) of each, since later ones cite it."""


@dataclass(frozen=True, slots=True)
class Planted:
    """A finding worse than a notice that a check must report on that record (id in hex): ``code`` of the catalogue."""

    code: str
    record: str
