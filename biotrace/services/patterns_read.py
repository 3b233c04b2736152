"""What patterns are looked for in: a ledger of any size, read in the log's order, or a casebook."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from biotrace.chain.kinds import RecordKind
from biotrace.chain.record import Record, parse_record
from biotrace.documents.casebook import read_casebook
from biotrace.errors import IntegrityError, UpdateNeededError
from biotrace.model.certificate import Certificate
from biotrace.model.delivery import Delivery
from biotrace.model.document import Document
from biotrace.model.text import Text
from biotrace.store.foreign import held_logs
from biotrace.store.integrity import entries_of
from biotrace.store.ledger import Ledger
from biotrace.verify.case import Case, Entry, case_of_casebook

from .audit_early import entry_as_read
from .audit_read import collecting_seldom
from .audit_world import Stored, World, read_world
from .files import read_file
from .ledger_case import case_of_ledger, entry_of, outside_of
from .shipped import municipalities
from .times import day_of
from .trust_list import trust_now
from .workspace import Workspace

OnProgress = Callable[[int, int], None]
"""How many entries have been passed, and how many there are."""
Value = Certificate | Delivery

NOT_VERIFIED = Text(
    "署名・ハッシュ・規則（biotrace audit が確かめる）",
    "signatures, hashes and rules (biotrace audit checks them)",
)
NOT_SIGNED = Text(
    "規則（biotrace check が確かめる）。casebook に署名はない",
    "rules (biotrace check checks them); a casebook has no signatures",
)


@dataclass
class Source:
    """Entries to look at in order, and what they cite. ``passed``: see ``entries``; ``unchecked``: what is left out."""

    case: Case
    entries: Callable[[OnProgress], Iterator[Entry]]
    find: Callable[[str], tuple[str, Value] | None]
    """A certificate or delivery by id, with what its signer calls it."""
    unchecked: list[Text] = field(default_factory=list)


def source_of_casebook(path: Path) -> Source:
    """A casebook. Raises BiotraceError as ``read_casebook`` does."""
    case = case_of_casebook(read_casebook(read_file(path), path.name), municipalities=municipalities())
    values: Mapping[str, Value] = {entry.value.id: entry.value for entry in case.entries}

    def find(record: str) -> tuple[str, Value] | None:
        value = values.get(record)
        return None if value is None else (value.id, value)

    return Source(case, lambda _: iter(case.entries), find, [NOT_SIGNED])


def source_of_ledger(workspace: Workspace) -> Source:
    """The workspace's own log, read as it is asked for; nothing of it is held but what reaches back."""
    ledger = workspace.ledger
    end = ledger.end()
    world = read_world(ledger, end)
    parties = outside_of(world.logged, (), trust_now(workspace))
    documents = Stored(ledger, Document)
    case = replace(
        case_of_ledger(world.logged, day_of(workspace.clock()), None, parties),
        documents=documents,
        certificates=Stored(ledger, Certificate),
        ahead=_supplements(world),
    )
    source = Source(case, lambda _: iter(()), lambda record: _found(ledger, record), [NOT_VERIFIED])
    if held_logs(ledger.database):
        source.unchecked.append(Text("ほかのログの記録", "records of other logs that are held"))
    source.entries = lambda progress: _entries(ledger, end, source, progress)
    return source


_LOOKED_AT = (RecordKind.CERTIFICATE, RecordKind.DELIVERY, RecordKind.DOCUMENT)


def _entries(ledger: Ledger, end: int, source: Source, progress: OnProgress) -> Iterator[Entry]:
    """Certificates and deliveries before position ``end``; what cannot be read is counted and passed over."""
    documents, certificates = source.case.documents, source.case.certificates
    unreadable = 0
    with collecting_seldom():
        for stored in entries_of(ledger, _LOOKED_AT, end):
            progress(stored.position + 1, end)
            record = _parsed(stored.envelope)
            if record is None:
                unreadable += 1
                continue
            body = record.body
            # Cited soon, and then at hand.
            if isinstance(body, Document) and isinstance(documents, Stored):
                documents.add(body, counts=True)
            elif isinstance(body, Certificate | Delivery):
                if isinstance(body, Certificate) and isinstance(certificates, Stored):
                    certificates.add(body, counts=True)
                yield entry_as_read(record, body, stored.position, stored.logged_at)
    if unreadable:
        source.unchecked.append(
            Text(
                f"読めない記録 {unreadable:,} 件（biotrace audit で確かめてください）",
                f"{unreadable:,} entries that cannot be read: see biotrace audit",
            )
        )


def _supplements(world: World) -> dict[str, Entry]:
    bodies = ((logged, logged.record.body) for logged in world.supplements)
    return {b.id: entry_of(logged.position, logged, b) for logged, b in bodies if isinstance(b, Certificate)}


def _found(ledger: Ledger, record: str) -> tuple[str, Value] | None:
    envelope = ledger.envelope(bytes.fromhex(record))
    parsed = None if envelope is None else _parsed(envelope)
    if parsed is None or not isinstance(parsed.body, Certificate | Delivery):
        return None
    return parsed.subject, parsed.body


def _parsed(envelope: bytes) -> Record | None:
    try:
        return parse_record(envelope)
    except (IntegrityError, UpdateNeededError):
        return None
