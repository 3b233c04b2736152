"""Keeping papers longer than their years: signed holds, and their ends."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from biotrace.chain.kinds import RecordKind
from biotrace.errors import UsageError
from biotrace.model.certificate import Certificate
from biotrace.model.correction import Action, Correction
from biotrace.model.delivery import Delivery
from biotrace.model.retention import RetentionHold
from biotrace.model.text import Text, same

from .find import find_any, find_record
from .ledger_case import Reading, read_ledger, require_sound
from .logged import Logged
from .retain_subjects import free_subjects
from .times import day_of
from .workspace import Workspace


@dataclass(frozen=True, slots=True)
class HoldSaid:
    """A hold, or its end. ``about``: the records; ``already``: the ledger said so before, nothing was written."""

    logged: Logged
    about: tuple[Logged, ...]
    already: bool


def hold(workspace: Workspace, records: Sequence[str], reason: str, day: date | None = None) -> HoldSaid:
    """Put records on hold, with the documents and supplements behind them; the same again changes nothing.

    Raises UsageError for a record that is not held, and for a day to come.
    """
    signer = workspace.signer()
    reading = read_ledger(workspace.ledger)
    require_sound(reading)
    today = day_of(workspace.clock())
    _require_by(day, today)
    about = behind(reading, [find_any(reading, text) for text in records])
    ids = tuple(entry.record.record_id.hex() for entry in about)
    for entry, body in standing_holds(reading):
        if entry.record.issuer == workspace.party and set(ids) <= set(body.records) and body.reason == reason:
            return HoldSaid(entry, about, already=True)
    name = free_subjects(workspace.ledger, [f"keep:{about[0].record.subject}"])[0]
    body = RetentionHold(ids, day or today, reason)
    now = workspace.clock()
    (logged,) = workspace.log([signer.sign(RecordKind.RETENTION_HOLD, name, body, now)], now)
    return HoldSaid(Logged(logged.position, logged.logged_at, logged.record), about, already=False)


def end_hold(workspace: Workspace, text: str, reason: str | None = None, day: date | None = None) -> HoldSaid:
    """End a hold that this party put on. Raises UsageError for another's, and for what is no hold."""
    signer = workspace.signer()
    reading = read_ledger(workspace.ledger)
    require_sound(reading)
    today = day_of(workspace.clock())
    _require_by(day, today)
    found = find_record(reading, text)
    body = found.record.body
    if not isinstance(body, RetentionHold) or body.ends is not None:
        raise UsageError(
            Text(f"「{text}」は保全の記録ではありません", f"{text} is no retention hold"),
            Text("biotrace retain due に出る保全の名前で指定してください", "name a hold as biotrace retain due does"),
            code="no-hold",
        )
    if found.record.issuer != workspace.party:
        raise UsageError(
            Text(
                f"{found.record.subject} をかけたのは {found.record.issuer} です",
                f"{found.record.subject} was put on by {found.record.issuer}",
            ),
            Text("かけた者に解いてもらってください", "ask them to end it"),
            code="not-own",
        )
    own = found.record.record_id.hex()
    about = tuple(e for e in reading.everything if e.record.record_id.hex() in body.records)
    for entry in reading.everything:
        said = entry.record.body
        if isinstance(said, RetentionHold) and said.ends == own and entry.record.issuer == workspace.party:
            return HoldSaid(entry, about, already=True)
    name = free_subjects(workspace.ledger, [f"end:{found.record.subject}"])[0]
    end = RetentionHold(body.records, day or today, reason, ends=own)
    now = workspace.clock()
    (logged,) = workspace.log([signer.sign(RecordKind.RETENTION_HOLD, name, end, now)], now)
    return HoldSaid(Logged(logged.position, logged.logged_at, logged.record), about, already=False)


def standing_holds(reading: Reading) -> Iterator[tuple[Logged, RetentionHold]]:
    """The holds that nobody who could has ended by the same party's word."""
    ended = {
        (e.record.body.ends, e.record.issuer)
        for e in reading.everything
        if isinstance(e.record.body, RetentionHold) and e.record.body.ends is not None
    }
    for entry in reading.everything:
        body = entry.record.body
        if not isinstance(body, RetentionHold) or body.ends is not None:
            continue
        if (entry.record.record_id.hex(), entry.record.issuer) not in ended:
            yield entry, body


def behind(reading: Reading, named: Sequence[Logged]) -> tuple[Logged, ...]:
    """The records with what the rules count to their papers: documents, supplements, and of a delivery its certificate.

    Each once, the named ones first.
    """
    by_id = {e.record.record_id.hex(): e for e in reading.everything}
    found: dict[str, Logged] = {}
    waiting = [e.record.record_id.hex() for e in named]
    while waiting:
        record_id = waiting.pop(0)
        if record_id in found or record_id not in by_id:
            continue
        found[record_id] = by_id[record_id]
        body = by_id[record_id].record.body
        if isinstance(body, Certificate):
            waiting += body.documents
            waiting += _supplements(reading, record_id)
        elif isinstance(body, Delivery) and body.certificate is not None:
            waiting.append(body.certificate)
    return tuple(found.values())


def _supplements(reading: Reading, certificate: str) -> Iterator[str]:
    for entry in reading.everything:
        body = entry.record.body
        if isinstance(body, Correction) and body.action is Action.SUPPLEMENT and body.certificate == certificate:
            yield from (body.by,) if body.by is not None else ()


def _require_by(day: date | None, today: date) -> None:
    if day is not None and day > today:
        raise UsageError(
            same(f"{day}: ") + Text("これからの日です", "a day to come"),
            Text("今日までの日を指定してください", "name a day up to today"),
            code="day-to-come",
        )
