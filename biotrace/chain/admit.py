"""Whether a ledger may take a record: the one decision, over what the ledger holds so far.

Used when appending, and again, record by record, when a whole ledger is checked. Every refusal has a stable code:
``signature``, or one of ``biotrace.chain.refusals``.
"""

from __future__ import annotations

from typing import NamedTuple, Protocol

from biotrace.model.accreditation import Grant, Inspection, RenewalRequest, Revocation
from biotrace.model.certificate import Certificate
from biotrace.model.correction import Action, Correction
from biotrace.model.delivery import Delivery

from .binding import BoundKey, Keys, binding_of, counts_until
from .ed25519 import SignatureError
from .keys import PublicKey, kid_of
from .kinds import KeyBinding, KeyEnd, RecordKind
from .record import Citations, Head, Record, citations, verify_record
from .refusals import refusal

ROOT_ONLY = frozenset({RecordKind.KEY, RecordKind.PARTY, RecordKind.TRUSTED_BODIES})
"""Kinds that say who is who, and whom to trust: the ledger's root keys alone sign them."""
OF_BODIES = frozenset(
    {RecordKind.ACCREDITATION, RecordKind.RENEWAL_REQUEST, RecordKind.REVOCATION, RecordKind.INSPECTION}
)
"""What bodies and their members say of accreditations. Copied from paper, only a root key may say it."""


class Held(NamedTuple):
    """What the decision needs to know of a record that the ledger holds.

    ``signer``: party id of its signer. ``author``: who speaks in it; for a certificate its issuer, which differs
    from the signer in a transcription. ``about``: for an accreditation the party that holds it, for a correction what
    it does. ``certificate``: the one that a correction corrects.
    """

    kind: RecordKind
    signer: str
    author: str
    transcribed: bool
    about: str = ""
    certificate: str = ""

    @classmethod
    def of(cls, record: Record) -> Held:
        """What is remembered of ``record``."""
        author, about, certificate = record.issuer, "", ""
        if isinstance(record.body, Certificate):
            author = record.body.issuer
        elif isinstance(record.body, Grant):
            author, about = record.body.accreditation.body or record.body.party, record.body.party
        elif isinstance(record.body, Correction):
            about, certificate = record.body.action, record.body.certificate
        return cls(record.kind, record.issuer, author, record.transcribed, about, certificate)


class View(Keys, Protocol):
    """What a ledger holds so far."""

    def size(self) -> int:
        """How many records it holds; the next one's index."""

    def head(self, kid: bytes) -> Head | None:
        """The last record of that key, where it has signed any."""

    def held(self, record_id: bytes) -> Held | None:
        """The record of that id, where held."""

    def is_body(self, party: str) -> bool:
        """Whether a root key last stated that the party is an accrediting body."""


def admit(record: Record, view: View, signer: bytes | None = None, cited: Citations | None = None) -> None:
    """Return if the ledger may take ``record`` next; raise IntegrityError with one of the codes above otherwise.

    ``signer``: see ``verified_key``. ``cited``: what it cites, for who has looked already.
    """
    admit_verified(record, verified_key(record, view, signer), view, cited)


def verified_key(record: Record, view: View, signer: bytes | None = None) -> BoundKey:
    """The bound key that signed the very bytes of ``record``; raises IntegrityError where there is none.

    ``signer``: a public key known to have signed them, as by ``record.signed_here``: if that is the bound one, the
    signature is not verified again.
    """
    key = _self_bound(record) if view.size() == 0 else view.bound_key(record.kid)
    if key is None:
        raise refusal(record, "key-unknown", kid=record.kid.hex())
    if signer != key.public:
        verify_record(record, _usable(record, key.public))
    return key


def admit_verified(record: Record, key: BoundKey, view: View, cited: Citations | None = None) -> None:
    """The same as ``admit`` for a record of which ``key`` is known to have signed the very bytes."""
    check_authority(record, key, view)
    check_chain(record, view.head(record.kid))
    check_citations(record, view, cited)


def check_authority(record: Record, key: BoundKey, view: View) -> None:
    """Raise IntegrityError unless whom ``key`` signs for may say this, as the ledger's next record."""
    if record.issuer != key.party:
        raise refusal(record, "issuer", party=key.party, issuer=record.issuer)
    if view.size() and (ended := counts_until(record.kid, view)) is not None:
        raise refusal(record, "key-ended", kid=record.kid.hex(), index=ended)
    if not key.root and is_for_root(record.kind, record.transcribed):
        raise refusal(record, "root-only")
    _check_new_key(record, view)
    _check_key_end(record, key, view)
    _check_own(record, key, view)


def _self_bound(record: Record) -> BoundKey:
    """The first root key, which the first record binds and signs itself."""
    binding = record.body
    if not isinstance(binding, KeyBinding) or not binding.root or kid_of(binding.public_key) != record.kid:
        raise refusal(record, "first-record")
    return BoundKey(binding.public_key, binding.party, True, record.kid, 0)


def is_for_root(kind: RecordKind, transcribed: bool) -> bool:
    """Whether only a root key may sign such a record."""
    return kind in ROOT_ONLY or (transcribed and kind in OF_BODIES)


def _check_new_key(record: Record, view: View) -> None:
    binding = binding_of(record, view.size())
    if binding is not None:
        bound = view.bound_key(_usable(record, binding[1].public).kid)
        if bound is not None:
            raise refusal(record, "key-bound", party=bound.party)


def _check_key_end(record: Record, key: BoundKey, view: View) -> None:
    """A root key is ended by another; any other by a root, the body that bound it, or, from now on, by itself.

    What a root key bound, no ordinary key of the same party ends: it does not run the ledger.
    """
    end = record.body
    if not isinstance(end, KeyEnd):
        return
    ending = view.bound_key(end.kid)
    if ending is None:
        raise refusal(record, "key-unknown", kid=end.kid.hex())
    itself = end.kid == record.kid
    binder = view.bound_key(ending.by)
    by_binder = binder is not None and binder.party == record.issuer and not (binder.root or ending.root)
    if not ((key.root and not itself) or by_binder or (itself and not key.root)):
        raise refusal(record, "key-not-yours", kid=end.kid.hex())
    next_index = view.size() + 1
    if not (ending.position < end.first <= next_index) or (itself and end.first != next_index):
        raise refusal(record, "key-end-index", first=end.first, least=ending.position + 1, greatest=next_index)
    until = counts_until(end.kid, view)
    if until is not None and until <= end.first:
        raise refusal(record, "key-ended", kid=end.kid.hex(), index=until)


def _usable(record: Record, public_key: bytes) -> PublicKey:
    try:
        return PublicKey(public_key)
    except SignatureError:
        raise refusal(record, "key-invalid") from None


def _check_own(record: Record, key: BoundKey, view: View) -> None:
    """Who has not copied a paper speaks for themselves only; a root key may also put certificates on hold."""
    if isinstance(record.body, Correction) and record.body.action in (Action.HOLD, Action.RELEASE):
        _check_hold(record, record.body, view)
        if key.root and not record.transcribed:
            return
    speakers = _speakers(record, key, view)
    if speakers and record.issuer not in speakers:
        raise refusal(record, "not-own", speakers=" / ".join(speakers), issuer=record.issuer)
    if isinstance(record.body, Grant) and not record.transcribed:
        _check_body(record, record.body, view)


def _check_body(record: Record, grant: Grant, view: View) -> None:
    """Whoever accredits another is a body; and only a body binds a key with it, never one of a body, its own least.

    Else any member could bind a key in another's name, a thief another one to the key that he has, and a body one with
    which it accredits in the name of another body.
    """
    for_another = grant.accreditation.body not in (None, grant.party)
    if for_another and not view.is_body(record.issuer):
        raise refusal(record, "not-a-body", issuer=record.issuer)
    if grant.member_key is not None and (not for_another or view.is_body(grant.party)):
        raise refusal(record, "not-a-body", issuer=record.issuer)


def _check_hold(record: Record, correction: Correction, view: View) -> None:
    """A release names the hold, of the same certificate, that it ends, and only who put it on lifts it."""
    if correction.action is not Action.RELEASE:
        return
    held = None if correction.follows is None else view.held(bytes.fromhex(correction.follows))
    if held is None or (held.about, held.certificate) != (Action.HOLD, correction.certificate):
        raise refusal(record, "release-what")
    if held.signer != record.issuer:
        raise refusal(record, "not-own", speakers=held.signer, issuer=record.issuer)


def _speakers(record: Record, key: BoundKey, view: View) -> tuple[str, ...]:
    """The parties that may sign a record; empty where any may.

    A transcribed correction by a root key reaches any transcription; everybody else corrects their own only: nobody
    cancels what another has signed, or copied, by naming a paper.
    """
    body = record.body
    if isinstance(body, Correction):
        corrected = view.held(bytes.fromhex(body.certificate))
        if corrected is None or (key.root and record.transcribed and corrected.transcribed):
            return ()
        return tuple(dict.fromkeys((corrected.author, corrected.signer)))
    if record.transcribed:
        return ()
    if isinstance(body, Certificate):
        return (body.issuer,)
    if isinstance(body, Grant):
        return (body.accreditation.body or body.party,)
    if isinstance(body, RenewalRequest | Revocation | Inspection):
        grant = view.held(bytes.fromhex(body.grant))
        if grant is None:
            return ()
        return (grant.about,) if isinstance(body, RenewalRequest) else (grant.author,)
    return (body.at,) if isinstance(body, Delivery) else ()


def check_chain(record: Record, head: Head | None) -> None:
    """Raise IntegrityError unless ``record`` continues its key's chain, of which ``head`` is the last."""
    expected = 0 if head is None else head.seq + 1
    if record.seq != expected:
        code = "chain-taken" if record.seq < expected else "chain-gap"
        raise refusal(record, code, seq=record.seq, expected=expected)
    if head is not None and record.prev != head.record_id:
        raise refusal(record, "chain-prev")


def check_citations(record: Record, view: View, cited: Citations | None = None) -> None:
    """Raise IntegrityError unless all that the record cites is held, and of the kind that is asked for."""
    for kind, record_id in citations(record) if cited is None else cited:
        check_citation(record, kind, record_id, view.held(record_id))


def check_citation(record: Record, kind: RecordKind | None, record_id: bytes, held: Held | None) -> None:
    """Raise IntegrityError unless the record that is cited by that id, as ``kind``, is held and of that kind."""
    if held is None or kind not in (None, held.kind):
        code = "cites-unknown" if held is None else "cites-kind"
        name = kind.label.en + " " if kind is not None else ""
        raise refusal(record, code, cited=f"{name}{record_id.hex()[:12]}…")
