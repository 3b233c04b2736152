"""Words for a shell to complete: parties, yards and certificates of a workspace, looked up without reading its log.

Nothing is verified here and no password asked for: a suggestion proves nothing, and is typed by whoever takes it.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from sqlalchemy import Connection

from biotrace.chain.kinds import Body, RecordKind
from biotrace.chain.record import parse_record
from biotrace.documents.workbook.cells import form
from biotrace.errors import BiotraceError
from biotrace.model.party import Party
from biotrace.model.stock import Site
from biotrace.store.ledger import Ledger
from biotrace.store.lots import names_near
from biotrace.store.names import latest_of

from .settings import read_settings

MOST_SHOWN, MOST_READ = 30, 2_000
_BUSY_SECONDS = 0.5

Word = tuple[str, str]
"""What to type, and what it is."""


def parties(folder: Path, text: str) -> list[Word]:
    """Names of parties that begin with the text, or hold it, or whose id begins with it; each with its id."""
    said = form(text)

    def found(connection: Connection) -> list[Word]:
        latest: dict[str, Party] = {}
        for body in _bodies(connection, RecordKind.PARTY):
            if isinstance(body, Party):
                latest.setdefault(body.id, body)
        fits = [p for p in latest.values() if said in form(p.name) or form(p.id).startswith(said)]
        fits.sort(key=lambda p: (not form(p.name).startswith(said), p.name))
        return [(p.name, p.id) for p in fits]

    return _looked_up(folder, found)


def yards(folder: Path, text: str) -> list[Word]:
    """One's own yards whose names hold the text."""
    said = form(text)

    def found(connection: Connection) -> list[Word]:
        own = read_settings(folder).party
        sites = [b for b in _bodies(connection, RecordKind.SITE) if isinstance(b, Site) and b.party == own]
        return [(s.id, s.fuel_class or "") for s in sites if said in form(s.id)]

    return _looked_up(folder, found)


def certificates(folder: Path, text: str) -> list[Word]:
    """Names and numbers of certificates and deliveries that begin with the text."""

    def found(connection: Connection) -> list[Word]:
        return [(name, "") for name in names_near(connection, text) if name.startswith(text)]

    return _looked_up(folder, found)


def _bodies(connection: Connection, kind: RecordKind) -> list[Body]:
    found: list[Body] = []
    for envelope in latest_of(connection, kind, MOST_READ):
        with suppress(BiotraceError):  # damage is told by whoever judges
            found.append(parse_record(envelope).body)
    return found


def _looked_up(folder: Path, look: Callable[[Connection], list[Word]]) -> list[Word]:
    """The first words, each once; none where there is no workspace, or it cannot be read now."""
    try:
        place = read_settings(folder).place(folder)
        with Ledger.open(place, busy_seconds=_BUSY_SECONDS) as ledger, ledger.database.reading() as connection:
            words = dict(look(connection))
    except (BiotraceError, OSError):
        return []
    return list(words.items())[:MOST_SHOWN]
