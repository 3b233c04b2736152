"""Records in their places in a log, and who the parties are by them. Needs no database: a gate reads trust files."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from biotrace.chain.integrity import IntegrityFinding
from biotrace.chain.record import Record
from biotrace.model.party import Party


@dataclass(frozen=True, slots=True)
class Logged:
    """A record in its place in the log, and what is wrong with its bytes."""

    position: int
    logged_at: int
    record: Record
    findings: tuple[IntegrityFinding, ...] = ()


def parties_of(logged: Iterable[Logged]) -> dict[str, Party]:
    """The parties by id, as the ledger's root key last stated them: otherwise any member could accredit itself."""
    entries = list(logged)
    root = next((e.record.kid for e in entries if e.position == 0), None)
    said = (e.record.body for e in entries if e.record.kid == root and not e.findings)
    return {body.id: body for body in said if isinstance(body, Party)}
