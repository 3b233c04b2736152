"""Whether a ledger may take a record: the one decision, over what the ledger holds so far.

Used when appending, and again, record by record, when a whole ledger is checked. Every refusal has a stable code:
``signature``, or one of ``biotrace.chain.refusals``.
"""

from __future__ import annotations

from typing import NamedTuple, Protocol

from biotrace.model.certificate import Certificate
from biotrace.model.correction import Correction
from biotrace.model.delivery import Delivery

from .ed25519 import SignatureError
from .keys import PublicKey, kid_of
from .kinds import KeyBinding, RecordKind
from .record import Head, Record, citations, verify_record
from .refusals import refusal

ROOT_ONLY = frozenset({RecordKind.KEY, RecordKind.TRUSTED_BODIES})
"""Kinds that say whom to trust: the ledger's root key alone signs them."""


class BoundKey(NamedTuple):
    """A key that a ledger knows, and the party (id) it signs for."""

    public: bytes
    party: str


class Held(NamedTuple):
    """What the decision needs to know of a record that the ledger holds.

    ``signer``: party id of its signer. ``author``: who speaks in it; for a certificate its issuer, which differs
    from the signer in a transcription.
    """

    kind: RecordKind
    signer: str
    author: str
    transcribed: bool

    @classmethod
    def of(cls, record: Record) -> Held:
        """What is remembered of ``record``."""
        author = record.body.issuer if isinstance(record.body, Certificate) else record.issuer
        return cls(record.kind, record.issuer, author, record.transcribed)


class View(Protocol):
    """What a ledger holds so far."""

    def root_kid(self) -> bytes | None:
        """The key of the first record; None while the ledger is empty."""

    def bound_key(self, kid: bytes) -> BoundKey | None:
        """The key of that name, where bound."""

    def head(self, kid: bytes) -> Head | None:
        """The last record of that key, where it has signed any."""

    def held(self, record_id: bytes) -> Held | None:
        """The record of that id, where held."""


def admit(record: Record, view: View) -> None:
    """Return if the ledger may take ``record`` next; raise IntegrityError with one of the codes above otherwise."""
    root = view.root_kid()
    key = _self_bound(record) if root is None else view.bound_key(record.kid)
    if key is None:
        raise refusal(record, "key-unknown", kid=record.kid.hex())
    verify_record(record, _usable(record, key.public))
    if record.issuer != key.party:
        raise refusal(record, "issuer", party=key.party, issuer=record.issuer)
    if record.kind in ROOT_ONLY and record.kid != (root or record.kid):
        raise refusal(record, "root-only")
    _check_new_key(record, view)
    _check_own(record, view)
    _check_chain(record, view.head(record.kid))
    _check_citations(record, view)


def _self_bound(record: Record) -> BoundKey:
    """The root key, which the first record binds and signs itself."""
    binding = record.body
    if not isinstance(binding, KeyBinding) or kid_of(binding.public_key) != record.kid:
        raise refusal(record, "first-record")
    return BoundKey(binding.public_key, binding.party)


def _check_new_key(record: Record, view: View) -> None:
    if isinstance(record.body, KeyBinding):
        bound = view.bound_key(_usable(record, record.body.public_key).kid)
        if bound is not None:
            raise refusal(record, "key-bound", party=bound.party)


def _usable(record: Record, public_key: bytes) -> PublicKey:
    try:
        return PublicKey(public_key)
    except SignatureError:
        raise refusal(record, "key-invalid") from None


def _check_own(record: Record, view: View) -> None:
    """Who has not copied a paper speaks for themselves only."""
    speakers = _speakers(record, view)
    if speakers and record.issuer not in speakers:
        raise refusal(record, "not-own", speakers=" / ".join(speakers), issuer=record.issuer)


def _speakers(record: Record, view: View) -> tuple[str, ...]:
    """The parties that may sign a record; empty where any may.

    A transcribed correction reaches transcriptions only: nobody cancels what another has signed by naming a paper.
    """
    body = record.body
    if isinstance(body, Correction):
        corrected = view.held(bytes.fromhex(body.certificate))
        if corrected is None or (record.transcribed and corrected.transcribed):
            return ()
        return tuple(dict.fromkeys((corrected.author, corrected.signer)))
    if record.transcribed:
        return ()
    if isinstance(body, Certificate):
        return (body.issuer,)
    return (body.at,) if isinstance(body, Delivery) else ()


def _check_chain(record: Record, head: Head | None) -> None:
    expected = 0 if head is None else head.seq + 1
    if record.seq != expected:
        code = "chain-taken" if record.seq < expected else "chain-gap"
        raise refusal(record, code, seq=record.seq, expected=expected)
    if head is not None and record.prev != head.record_id:
        raise refusal(record, "chain-prev")


def _check_citations(record: Record, view: View) -> None:
    for kind, record_id in citations(record):
        held = view.held(record_id)
        if held is None or held.kind is not kind:
            code = "cites-unknown" if held is None else "cites-kind"
            raise refusal(record, code, cited=f"{kind.label.en} {record_id.hex()[:12]}…")
