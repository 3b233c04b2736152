"""A ledger that several parties write to, as each of them sees it from its own desk."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime, time
from pathlib import Path

from biotrace.chain.disclosure import Disclosure
from biotrace.chain.record import Record, Signer
from biotrace.services.key_files import KeyFiles, no_password
from biotrace.services.settings import LEDGER, Settings, write_settings
from biotrace.services.times import TOKYO
from biotrace.services.workspace import Workspace
from biotrace.store.ledger import Entry, Ledger
from tests.builders import LOG, device_key

Batch = tuple[date, list[Record]]
"""Records, and the day on which the log takes them."""


class Desk(Workspace):
    """A workspace with test keys in place of key files: the party's own, and the log's."""

    def signer(self) -> Signer:
        key = device_key(self.party)
        return Signer.after(key, self.party, self.ledger.head(key.kid))

    def log(self, records: Sequence[Record], now: int, disclosed: Sequence[Disclosure] = ()) -> list[Entry]:
        return self.ledger.append(records, now, disclosed=disclosed)


def noon(day: date) -> int:
    """Noon of that day in Japan, in seconds since 1970-01-01 UTC."""
    return int(datetime.combine(day, time(12), TOKYO).timestamp())


def desk(folder: Path, party: str, batches: Iterable[Batch], today: date) -> Desk:
    """The desk of a party, on a day, at a new ledger that took these records on their days."""
    folder.mkdir(parents=True, exist_ok=True)
    write_settings(folder, Settings(party, LEDGER))
    ledger = Ledger.create(folder / LEDGER, LOG)
    for day, records in batches:
        ledger.append(records, noon(day))
    return Desk(folder, party, ledger, lambda: noon(today), KeyFiles(folder, no_password))
