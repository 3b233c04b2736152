"""From statements to a ledger: signed one after another, appended in batches, as a workspace that the commands open."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

from biotrace.chain import keyfile
from biotrace.chain.admit import OF_BODIES
from biotrace.chain.disclosure import Disclosure
from biotrace.chain.keyfile import NONCE_BYTES, SALT_BYTES, Params
from biotrace.chain.kinds import RecordKind
from biotrace.chain.record import Record, Signer
from biotrace.services.files import write_new
from biotrace.services.key_files import FOLDER, KeyName
from biotrace.services.logged import Logged
from biotrace.services.settings import LEDGER, write_settings
from biotrace.services.settings import Settings as WorkspaceSettings
from biotrace.services.trust import FILE as TRUST
from biotrace.services.trust import key_text, trust_bytes, trust_of
from biotrace.store.ledger import Ledger, LogKey

from . import keys
from .fraud import Frauds, Staged
from .keys import device_key
from .play import play
from .settings import LAST_DAY, Settings
from .statement import Planted, Statement
from .world import World

EXPECTED = "expected.json"
CHEAP = Params(memory=64, iterations=1, lanes=1)
"""Nothing is protected here: the keys are made of the seed."""
BATCH = 10_000
"""In a large database what costs is the pages of its indexes that each batch touches, all over the file."""
_LONGEST_WAIT = 14 * 86_400
"""Seconds from a record to the batch that takes it into the log; a month would be too late (S107, A203)."""


_WHO_IS_WHO = (RecordKind.KEY, RecordKind.KEY_END, RecordKind.PARTY, RecordKind.TRUSTED_BODIES, *OF_BODIES)


@dataclass(frozen=True, slots=True)
class Signed:
    """A record, when it was signed, and the values of its private fields."""

    record: Record
    at: int
    disclosed: tuple[Disclosure, ...]


class Region:
    """A region whose people sign. ``planted``: what a check of all that was signed so far must find."""

    def __init__(self, settings: Settings, frauds: Frauds | None = None) -> None:
        self.settings = settings
        self.kinds: Counter[str] = Counter()
        self.told: list[Logged] = []
        """What says who is who."""
        self._world = World(settings, frauds)
        self._signers: dict[str, Signer] = {}

    @property
    def planted(self) -> tuple[Planted, ...]:
        """Findings worse than a notice, each on the record itself, in the order in which they came to be."""
        return tuple(self._world.planted)

    @property
    def staged(self) -> tuple[Staged, ...]:
        """The frauds and their look-alikes, once all of each has been said."""
        return tuple(self._world.staged)

    @property
    def operator(self) -> str:
        """Party id of whoever runs the ledger."""
        return self._world.people.operator.id

    def signed(self) -> Iterator[Signed]:
        """Every record, in the order of the log."""
        story = play(self._world)
        statement = next(story)
        while True:
            record = self._sign(statement)
            if statement.kind in _WHO_IS_WHO:
                self.told.append(Logged(self.kinds.total(), statement.at, record))
            self.kinds[statement.kind.name.lower()] += 1
            yield Signed(record, statement.at, tuple(p.of(record.record_id) for p in statement.private))
            try:
                statement = story.send(record.record_id.hex())
            except StopIteration:
                return

    def _sign(self, said: Statement) -> Record:
        signer = self._signers.get(said.key)
        if signer is None:
            signer = self._signers[said.key] = Signer(device_key(self.settings.seed, said.key), said.by)
        return signer.sign(said.kind, said.subject, said.body, said.at, said.names, said.transcribed)


def batches(records: Iterator[Signed], size: int = BATCH) -> Iterator[list[Signed]]:
    """The records as the log takes them: so many at once, or what two weeks bring."""
    batch: list[Signed] = []
    for signed in records:
        if batch and (len(batch) == size or signed.at - batch[0].at > _LONGEST_WAIT):
            yield batch
            batch = []
        batch.append(signed)
    if batch:
        yield batch


def fill(ledger: Ledger, region: Region, progress: Callable[[int], None] = lambda _: None) -> None:
    """Append all of a region; each batch is logged when its last record was signed. ``progress``: records so far."""
    done = 0
    for batch in batches(region.signed()):
        disclosed = [value for signed in batch for value in signed.disclosed]
        ledger.append([signed.record for signed in batch], batch[-1].at, disclosed=disclosed)
        done += len(batch)
        progress(done)


def log_key(settings: Settings) -> LogKey:
    """The key of a region's log."""
    return LogKey(f"log.example/region-{settings.seed}", device_key(settings.seed, keys.LOG))


def write_region(
    folder: Path,
    settings: Settings,
    password: str,
    progress: Callable[[int], None] = lambda _: None,
    frauds: Frauds | None = None,
) -> Region:
    """A new workspace of the body that runs the region's ledger, and beside it what a check must find.

    Raises FileExistsError for a folder that is there already.
    """
    folder.mkdir(parents=True)
    region = Region(settings, frauds)
    with Ledger.create(folder / LEDGER, log_key(settings)) as ledger:
        fill(ledger, region, progress)
        head = ledger.checkpoint()
    _write_keys(folder, settings, password)
    write_settings(folder, WorkspaceSettings(region.operator, LEDGER))
    write_new(folder / TRUST, trust_bytes(trust_of(region.told), region.told[-1].logged_at))
    told = {
        "biotrace": "region/1",
        "settings": asdict(settings),
        "as_of": str(LAST_DAY),
        "head": {"size": head.size, "root": head.root.hex()},
        "kinds": dict(region.kinds.most_common()),
        "planted": [asdict(planted) for planted in region.planted],
    }
    if frauds is not None:
        told |= {"frauds": frauds.told, "staged": [asdict(staged) for staged in region.staged]}
    write_new(folder / EXPECTED, (json.dumps(told, ensure_ascii=False, indent=1) + "\n").encode())
    return region


def _write_keys(folder: Path, settings: Settings, password: str) -> None:
    """The operator's keys, as a workspace keeps them."""
    files = ((KeyName.ROOT, keys.ROOT), (KeyName.LOG, keys.LOG), (KeyName.DEVICE, keys.DEVICE))
    for name, of in files:
        key = device_key(settings.seed, of)
        salt, nonce = (hashlib.sha256(f"{of} {part}".encode()).digest() for part in ("salt", "nonce"))
        sealed = keyfile.seal(key, password, salt=salt[:SALT_BYTES], nonce=nonce[:NONCE_BYTES], params=CHEAP)
        write_new(folder / FOLDER / name.file, sealed, private=True)
        if name is KeyName.DEVICE:
            write_new(folder / FOLDER / name.public_file, key_text(key.public))
