"""What a workspace knows of keys and accreditations, for checking papers at the gate."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from biotrace.chain.binding import binding_of
from biotrace.model.text import Text, join

from .ledger_case import Reading, read_ledger
from .times import day_of
from .trust import Trust, trust_of
from .trust_list import current
from .workspace import Clock, open_workspace


@dataclass(frozen=True, slots=True)
class Gate:
    """A workspace as a gate goes by it. ``party``: whose it is; ``remark``: how old its knowledge is."""

    folder: Path
    party: str
    reading: Reading
    trust: Trust
    remark: Text


def gate_trust(folder: Path, clock: Clock) -> tuple[Trust, Text]:
    """Keys and parties by our own log and by those of others that were taken in; and a sentence on how old that is.

    Raises as ``open_gate`` does.
    """
    gate = open_gate(folder, clock)
    return gate.trust, gate.remark


def open_gate(folder: Path, clock: Clock) -> Gate:
    """What a workspace knows, by our own log and by those of others that were taken in.

    Our own statements come first. Raises as ``open_workspace`` does, and IntegrityError for a trust list that may not
    be gone by any more.
    """
    with open_workspace(folder, clock) as workspace:
        listed = current(folder, clock())
        reading = read_ledger(workspace.ledger, None if listed is None else listed[0])
    seen = [
        Text(
            f"ログ {log.log.name} は {day_of(log.logged[-1].logged_at)} まで（{log.size} 件）",
            f"log {log.log.name} until {day_of(log.logged[-1].logged_at)} ({log.size} entries)",
        )
        for log in reading.outside.logs
        if log.logged
    ]
    said = [*([listed[1].message] if listed is not None else []), *seen]
    remark = join(said) if said else Text("", "")
    return Gate(folder, workspace.party, reading, known_trust(reading), remark)


def known_trust(reading: Reading) -> Trust:
    """The same keys and parties, by a ledger that was read."""
    own = trust_of(reading.logged)
    keys = dict(own.keys)
    # Of keys and parties of which our own log speaks it alone does: else a key that leaked came back by another log.
    bound = [b for e in reading.logged if e.sound and (b := binding_of(e.record, e.position)) is not None]
    kids, parties = {kid for kid, _ in bound}, {key.party for _, key in bound}
    for log in reading.outside.logs:
        for kid, key in trust_of(log.logged).keys.items():
            if kid not in kids and key.party not in parties:
                keys.setdefault(kid, key)
    named = reading.outside.trusted_bodies
    bodies = own.trusted_bodies if named is None else named
    return Trust(keys, reading.parties(), bodies)
