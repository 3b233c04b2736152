"""Taking a casebook into a ledger: as transcriptions under one key, or, in demonstrations, each party under its own."""

from __future__ import annotations

import hashlib
import itertools
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from biotrace.chain.admit import OF_BODIES, is_for_root
from biotrace.chain.disclosure import Disclosure
from biotrace.chain.keys import DeviceKey
from biotrace.chain.kinds import Body, KeyBinding, RecordKind, TrustedBodies
from biotrace.chain.record import Record, Signer
from biotrace.documents.casebook import read_casebook
from biotrace.errors import UsageError
from biotrace.model.accreditation import Grant
from biotrace.model.casebook import Casebook
from biotrace.model.certificate import Certificate
from biotrace.model.correction import Action, Correction
from biotrace.model.delivery import Delivery
from biotrace.model.document import Document
from biotrace.model.party import Party
from biotrace.model.place import Concordance
from biotrace.model.text import Text

from .casebook_files import attach
from .casebook_items import Item, check_no_circle, items, named_parties
from .files import read_file, staged
from .ledger_case import Reading, read_ledger, require_sound
from .logged import Logged
from .private_fields import open_party, seal_party
from .sign_accreditations import plan
from .sign_refusals import cites_later, other_content, without_trust
from .stored_files import keeping
from .trust import FILE as TRUST
from .trust import trust_bytes, trust_of
from .workspace import Workspace, overtaken

DEMO_NAME = "（実演用の鍵 / demo key）"
"""Follows the party's name in the binding of a demonstration key, so that nobody takes a scan of it in earnest."""
_VERSIONED = frozenset({RecordKind.PARTY, RecordKind.TRUSTED_BODIES})
"""Kinds of which the last record under a name counts."""
_GRANT = RecordKind.ACCREDITATION


@dataclass(frozen=True, slots=True)
class Signed:
    """What signing a casebook did: how many records were added, at which positions, and entries held already.

    ``changed``: parties and the like of which the ledger now goes by this casebook's version. ``outdated``: those of
    which it holds this version, and goes by a later one. ``files``: how many were copied that were not held before.
    """

    added: int
    known: int
    first: int | None
    last: int | None
    changed: tuple[str, ...] = ()
    outdated: tuple[str, ...] = ()
    files: int = 0


@dataclass(frozen=True, slots=True)
class Held:
    """What a casebook leaves out because the ledger has it: records that it cites, by the ids it uses for them (hex).

    ``names``: of parties that it names and does not list.
    """

    records: Mapping[str, str] = field(default_factory=dict)
    names: Mapping[str, str] = field(default_factory=dict)


NOTHING_HELD = Held()


def sign_file(workspace: Workspace, path: Path, *, demo_keys: bool = False) -> Signed:
    """Sign the casebook in a file, and hold copies of the files that it names: see ``sign_casebook`` and ``attach``.

    Raises BiotraceError for a casebook that cannot be read.
    """
    book = read_casebook(read_file(path), path.name)
    with keeping(workspace) as copies:
        signed = sign_casebook(workspace, attach(book, path, copies), demo_keys=demo_keys)
    return replace(signed, files=len(copies.added))


def sign_casebook(
    workspace: Workspace,
    book: Casebook,
    *,
    demo_keys: bool = False,
    held: Held = NOTHING_HELD,
    first_hand: Collection[RecordKind] = (),
    decided_by: Reading | None = None,
) -> Signed:
    """Sign every entry of the casebook, files attached, into the workspace's ledger, all or nothing.

    ``held``: what the casebook cites without listing it. ``first_hand``: kinds of which the workspace's own party
    says its own entries itself, here and now, and copies them from no paper: what it weighed, its yards, its counts.
    ``decided_by``: the ledger as the caller read it to decide: BiotraceError (``conflict``) if it has grown since.

    Without ``demo_keys`` the workspace's key vouches for having copied the papers (transcriptions). With them
    every party signs its own with a key that anybody can compute: for demonstrations and tests only. Raises
    UsageError for entries that no log can hold, or that the ledger holds with other content, and IntegrityError
    where the ledger is damaged.
    """
    if book.files:
        raise ValueError("names of files: attach them first")
    check_no_circle(book)
    entries = list(items(book))
    if not entries:
        raise UsageError(
            Text("casebook に署名する記載がありません", "the casebook has no entries to sign"),
            Text("当事者・書類・証明書などを書いてください", "add parties, documents, certificates and so on"),
            code="nothing-to-sign",
        )
    session = _Session(workspace, book, demo_keys, held, first_hand, decided_by)
    for item in entries:
        session.take(item)
        if isinstance(item.body, Party):
            session.take_accreditations(item.body)
    first = len(session.reading.logged)
    added = tuple(Logged(first + i, session.now, record) for i, record in enumerate(session.records))
    trust = trust_bytes(trust_of((*session.reading.logged, *added)), session.now)
    # The trust file is on the disk before the ledger takes anything; also where nothing is new, it is made good.
    logged = False
    try:
        with staged(workspace.folder / TRUST, trust):
            if session.records:
                workspace.log(session.records, session.now, session.disclosed)
                logged = True
    except UsageError as error:
        raise without_trust(error) if logged else error from None
    return Signed(
        added=len(added),
        known=session.known,
        first=added[0].position if added else None,
        last=added[-1].position if added else None,
        changed=tuple(session.changed),
        outdated=tuple(session.outdated),
    )


def demo_key(party: str) -> DeviceKey:
    """The key that a party uses in a demonstration: computed from its id, so it protects nothing."""
    return DeviceKey.generate(hashlib.sha256(f"biotrace demonstration key of {party}".encode()).digest())


class _Session:
    """One casebook on its way into one ledger."""

    def __init__(
        self,
        workspace: Workspace,
        book: Casebook,
        demo_keys: bool,
        held: Held,
        first_hand: Collection[RecordKind],
        read: Reading | None,
    ) -> None:
        self._workspace = workspace
        self._demo = demo_keys
        self._first_hand = first_hand
        self._names = {**held.names, **{p.id: p.name for p in book.parties}}
        self._signers: dict[str, Signer] = {workspace.party: workspace.signer()}
        self._root: Signer | None = None
        self._ids: dict[str, str] = dict(held.records)
        # The key was taken first: what it signs here is refused if it has signed anything else meanwhile.
        if read is not None and workspace.ledger.end() != len(read.logged):
            raise overtaken()
        self.reading = read or read_ledger(workspace.ledger)
        require_sound(self.reading)
        self._held: dict[tuple[RecordKind, str, str | None], list[Record]] = {}
        for record in (logged.record for logged in self.reading.logged):
            for subject in (record.subject, None):
                self._held.setdefault((record.kind, record.issuer, subject), []).append(record)
        self._subjects = {logged.record.subject for logged in self.reading.logged}
        self._accrediting = [e.record for e in self.reading.logged if e.record.kind in OF_BODIES]
        self._corrections = [e.record for e in self.reading.logged if isinstance(e.record.body, Correction)]
        self._recognised: set[bytes] = set()
        self._private = {e.record.record_id: e.disclosed for e in self.reading.logged if e.disclosed}
        self.now = workspace.clock()
        self.disclosed: list[Disclosure] = []
        self.records: list[Record] = []
        self.known = 0
        self.changed: list[str] = []
        self.outdated: list[str] = []

    def take(self, item: Item) -> None:
        """Sign one entry, or find that the ledger holds it."""
        own = item.kind in self._first_hand and item.signer == self._workspace.party
        transcribed = item.transcribed and not (own or self._demo)
        signer = self._signer(item, transcribed)
        body = self._resolved(item)
        held = self._held.get((item.kind, signer.issuer, item.subject if item.named else None), [])
        found = self._find(body, transcribed, held)
        if found is not None:
            self.known += 1
            self._recognised.add(found.record_id)
            self._ids[item.subject] = found.record_id.hex()
            if item.kind in _VERSIONED and found is not held[-1]:
                self.outdated.append(item.subject)
            return
        if held and item.kind in _VERSIONED:
            body = _following(body, held[-1])
            self.changed.append(item.subject)
        elif item.named and (others := [r for r in held if r.transcribed == transcribed]):
            raise other_content(item, others[-1])
        if isinstance(body, Correction):
            body = replace(body, follows=self._follows(body, signer.issuer))
        names = {i: self._names[i] for i in named_parties(body) if i in self._names}
        body, private = seal_party(body) if isinstance(body, Party) else (body, ())
        record = signer.sign(item.kind, self._subject(item), body, self.now, names, transcribed)
        self.disclosed += [field.of(record.record_id) for field in private]
        self._ids[item.subject] = record.record_id.hex()
        self.records.append(record)
        self._corrections += [record] if isinstance(body, Correction) else []

    def take_accreditations(self, party: Party) -> None:
        """Sign what the ledger does not yet say of a party's accreditations."""
        made = plan(party, self._accrediting)
        self.known += made.known
        self.changed += [party.id] if made.changed and party.id not in self.changed else []
        self.outdated += [party.id] if made.outdated and party.id not in self.outdated else []
        grant = ""
        for step in made.steps:
            item = Item(step.kind, step.subject, step.body, step.signer, True, named=step.kind is _GRANT)
            signer = self._signer(item, not self._demo)
            body = step.body if isinstance(step.body, Grant) else replace(step.body, grant=step.body.grant or grant)
            record = signer.sign(step.kind, self._subject(item), body, self.now, (), not self._demo)
            grant = record.record_id.hex() if isinstance(body, Grant) else grant
            self.records.append(record)

    def _find(self, body: Body, transcribed: bool, held: list[Record]) -> Record | None:
        """The last of ``held`` that says the same; what a party signed itself needs no transcription by it."""
        said = _unlinked(body)
        for record in reversed(held):
            as_good = record.transcribed == transcribed or transcribed
            if as_good and record.record_id not in self._recognised and _unlinked(self._opened(record)) == said:
                return record
        return None

    def _opened(self, record: Record) -> Body:
        """What a record says, its sealed address included."""
        body = record.body
        return open_party(body, self._private.get(record.record_id, ())) if isinstance(body, Party) else body

    def _follows(self, correction: Correction, signer: str) -> str | None:
        """The correction that this one comes after: for a release the hold that it ends, else the last one."""
        earlier = [r for r in self._corrections if getattr(r.body, "certificate", None) == correction.certificate]
        if correction.action is Action.RELEASE:
            earlier = [r for r in earlier if getattr(r.body, "action", None) is Action.HOLD and r.issuer == signer]
        return earlier[-1].record_id.hex() if earlier else None

    def _subject(self, item: Item) -> str:
        """Its own id, or, for what has none, what it is about, with a number where that is taken."""
        if item.named:
            return item.subject
        free = (item.subject if n == 1 else f"{item.subject}:{n}" for n in itertools.count(1))
        subject = next(s for s in free if s not in self._subjects)
        self._subjects.add(subject)
        return subject

    def _signer(self, item: Item, transcribed: bool) -> Signer:
        if is_for_root(item.kind, transcribed):
            return self._as_root()
        party = item.signer if self._demo and item.signer is not None else self._workspace.party
        if party not in self._signers:
            self._bind(party)
        return self._signers[party]

    def _as_root(self) -> Signer:
        """The root key, asked for only where something is new for it to sign."""
        self._root = self._root or self._workspace.root()
        return self._root

    def _bind(self, party: str) -> None:
        key = demo_key(party)
        ledger = self._workspace.ledger
        if ledger.bound_key(key.kid) is None:
            binding = KeyBinding(key.public.raw, party, self._names.get(party, party) + DEMO_NAME)
            self.records.append(self._as_root().sign(RecordKind.KEY, f"key:{party}", binding, self.now))
        self._signers[party] = Signer.after(key, party, ledger.head(key.kid))

    def _resolved(self, item: Item) -> Body:
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
        return replace(body, accreditations=()) if isinstance(body, Party) else body

    def _id(self, local: str, item: Item) -> str:
        if local not in self._ids:
            raise cites_later(item, local)
        return self._ids[local]


def _following(body: Body, earlier: Record) -> Body:
    """The body as the next version after ``earlier``."""
    if isinstance(body, Party | TrustedBodies):
        return replace(body, replaces=earlier.record_id.hex())
    return body


def _unlinked(body: Body) -> Body:
    """What a body says, wherever it stands among others of its name; its own id, if any, left out."""
    if isinstance(body, Party | TrustedBodies):
        return replace(body, replaces=None)
    if isinstance(body, Correction):
        return replace(body, follows=None)
    return replace(body, id="") if isinstance(body, Certificate | Document | Delivery | Concordance) else body
