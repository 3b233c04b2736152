"""Taking a casebook into a ledger: as transcriptions under one key, or, in demonstrations, each party under its own."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from biotrace.chain.keys import DeviceKey
from biotrace.chain.kinds import Body, KeyBinding, RecordKind, TrustedBodies
from biotrace.chain.record import Record, Signer, content_digest
from biotrace.documents.casebook import read_casebook
from biotrace.errors import UsageError
from biotrace.model.casebook import Casebook
from biotrace.model.certificate import Certificate
from biotrace.model.correction import Correction
from biotrace.model.delivery import Delivery
from biotrace.model.text import Text
from biotrace.store.ledger import Ledger

from .files import read_file
from .workspace import Workspace, publish_trust


@dataclass(frozen=True, slots=True)
class Signed:
    """What signing a casebook did: records added, and entries that the ledger held already."""

    added: int
    known: int
    first: int | None
    last: int | None


@dataclass(frozen=True, slots=True)
class _Item:
    """An entry of the casebook on its way into the log. ``signer``: the party that signs it when all play."""

    kind: RecordKind
    subject: str
    body: Body
    signer: str | None = None
    transcribed: bool = False


def sign_casebook(workspace: Workspace, book: Casebook, *, demo_keys: bool = False) -> Signed:
    """Sign every entry of the casebook into the workspace's ledger, all or nothing.

    Without ``demo_keys`` the workspace's key vouches for having copied the papers (transcriptions). With them
    every party signs its own with a key that anybody can compute: for demonstrations and tests only. Raises
    UsageError for entries that no log can hold, or that the ledger holds with other content.
    """
    session = _Session(workspace, book, demo_keys)
    for item in _items(book):
        session.take(item)
    entries = workspace.ledger.append(session.records, session.now) if session.records else []
    if entries:
        publish_trust(workspace.folder, workspace.ledger)
    positions = [entry.position for entry in entries]
    return Signed(
        len(entries), session.known, positions[0] if positions else None, positions[-1] if positions else None
    )


def sign_file(workspace: Workspace, path: Path, *, demo_keys: bool = False) -> Signed:
    """Sign the casebook in a file: see ``sign_casebook``. Raises BiotraceError for one that cannot be read."""
    return sign_casebook(workspace, read_casebook(read_file(path), path.name), demo_keys=demo_keys)


def demo_key(party: str) -> DeviceKey:
    """The key that a party uses in a demonstration: computed from its id, so it protects nothing."""
    return DeviceKey.generate(hashlib.sha256(f"biotrace demonstration key of {party}".encode()).digest())


def _items(book: Casebook) -> Iterator[_Item]:
    """Entries so that everything comes after what it cites; certificates and later ones in the order of dates."""
    if book.trusted_bodies is not None:
        yield _Item(RecordKind.TRUSTED_BODIES, "trusted-bodies", TrustedBodies(book.trusted_bodies))
    yield from (_Item(RecordKind.PARTY, p.id, p) for p in book.parties)
    yield from (_Item(RecordKind.SITE, s.id, s) for s in book.sites)
    holders = {d: c.issuer for c in reversed(book.certificates) for d in c.documents}
    yield from (_Item(RecordKind.DOCUMENT, d.id, d, holders.get(d.id)) for d in book.documents)
    known = {p.id for p in book.parties}
    for table in book.concordances:
        vouching = table.vouched_by if table.vouched_by in known else None
        yield _Item(RecordKind.CONCORDANCE, table.id, table, vouching)
    yield from _dated(book)
    for i, entry in enumerate(book.stock, 1):
        yield _Item(RecordKind.STOCK, f"stock-{i}", entry)
    for i, burned in enumerate(book.consumption, 1):
        yield _Item(RecordKind.CONSUMPTION, f"consumption-{i}", burned, burned.plant)
    for i, plan in enumerate(book.plans, 1):
        yield _Item(RecordKind.PLAN, f"plan-{i}", plan, plan.plant)


def _dated(book: Casebook) -> list[_Item]:
    issuers = {c.id: c.issuer for c in book.certificates}
    items = [
        *((c.date, 1, _Item(RecordKind.CERTIFICATE, c.id, c, c.issuer, True)) for c in book.certificates),
        *((d.date, 2, _Item(RecordKind.DELIVERY, d.id, d, d.at, True)) for d in book.deliveries),
        *(
            (c.date, 3, _Item(RecordKind.CORRECTION, f"correction-{i}", c, issuers[c.certificate], True))
            for i, c in enumerate(book.corrections, 1)
        ),
    ]
    return [item for _, _, item in sorted(items, key=lambda entry: entry[:2])]


class _Session:
    """One casebook on its way into one ledger."""

    def __init__(self, workspace: Workspace, book: Casebook, demo_keys: bool) -> None:
        self._workspace = workspace
        self._demo = demo_keys
        self._names = {p.id: p.name for p in book.parties}
        self._signers: dict[str, Signer] = {workspace.party: workspace.signer()}
        self._ids: dict[str, str] = {}
        self.now = workspace.clock()
        self.records: list[Record] = []
        self.known = 0

    def take(self, item: _Item) -> None:
        """Sign one entry, or find that the ledger holds it."""
        signer = self._signer(item)
        body = self._resolved(item)
        transcribed = item.transcribed and not self._demo
        held = _held(self._workspace.ledger, signer.issuer, item)
        names = {i: self._names[i] for i in _named(body) if i in self._names}
        draft = replace(signer).sign(item.kind, item.subject, body, self.now, names, transcribed)
        if held is not None and content_digest(held) == content_digest(draft):
            self.known += 1
            self._ids[item.subject] = held.record_id.hex()
            return
        if held is not None and item.kind not in (RecordKind.PARTY, RecordKind.TRUSTED_BODIES):
            raise UsageError(
                Text(
                    f"「{item.subject}」は別の内容で台帳にあります（{held.record_id.hex()[:12]}）",
                    f"{item.subject} is in the ledger with other content ({held.record_id.hex()[:12]})",
                ),
                Text(
                    "記録は書き換えられません。corrections で取消し・差替えをしてください",
                    "records are never edited: cancel or replace it under corrections",
                ),
                code="other-content",
            )
        record = signer.sign(item.kind, item.subject, body, self.now, names, transcribed)
        self._ids[item.subject] = record.record_id.hex()
        self.records.append(record)

    def _signer(self, item: _Item) -> Signer:
        party = item.signer if self._demo and item.signer is not None else self._workspace.party
        if party not in self._signers:
            self._bind(party)
        return self._signers[party]

    def _bind(self, party: str) -> None:
        key = demo_key(party)
        ledger = self._workspace.ledger
        if ledger.bound_key(key.kid) is None:
            binding = KeyBinding(key.public.raw, party, self._names.get(party, party))
            root = self._signers[self._workspace.party]
            self.records.append(root.sign(RecordKind.KEY, f"key:{party}", binding, self.now))
        self._signers[party] = Signer.after(key, party, ledger.head(key.kid))

    def _resolved(self, item: _Item) -> Body:
        """The entry with record ids in place of the casebook's own."""
        body = item.body
        if isinstance(body, Certificate):
            return replace(
                body,
                id="",
                documents=tuple(self._id(d, item) for d in body.documents),
                draws=tuple(replace(d, certificate=self._id(d.certificate, item)) for d in body.draws),
            )
        if isinstance(body, Delivery):
            cited = None if body.certificate is None else self._id(body.certificate, item)
            return replace(body, id="", certificate=cited)
        if isinstance(body, Correction):
            by = None if body.by is None else self._id(body.by, item)
            return replace(body, certificate=self._id(body.certificate, item), by=by)
        return body

    def _id(self, local: str, item: _Item) -> str:
        if local not in self._ids:
            raise UsageError(
                Text(
                    f"「{item.subject}」は、後の日付の「{local}」を引いています。台帳は先にある記録しか引けません",
                    f"{item.subject} cites {local}, which is dated later; a ledger cites only what it holds",
                ),
                Text("日付か引き当てを正してください", "correct the date, or the draw"),
                code="cites-later",
            )
        return self._ids[local]


def _held(ledger: Ledger, issuer: str, item: _Item) -> Record | None:
    """The last record of this kind that the party logged under this name."""
    found = [e for e in ledger.find(item.subject) if e.record.subject == item.subject]
    own = [e.record for e in found if e.record.kind is item.kind and e.record.issuer == issuer]
    return own[-1] if own else None


def _named(body: Body) -> tuple[str, ...]:
    """The parties whose names a record carries for readers without the ledger."""
    if isinstance(body, Certificate):
        return tuple(p for p in (body.seller, body.buyer, body.issuer_party) if p is not None)
    return tuple(p for p in (body.at, body.sender) if p is not None) if isinstance(body, Delivery) else ()
