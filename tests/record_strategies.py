"""Values that records hold, for property tests: one strategy for every kind, all fields of its table filled at times.

They start from ``tests.strategies``, whose values a casebook can carry, and add what only records say: salted hashes of
private fields, stored files, and the records that one follows. What records of other kinds say is taken out.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from biotrace.chain.cbor import MAX_INT
from biotrace.chain.kinds import KeyBinding, KeyEnd, KeyEndReason, RecordKind, TrustedBodies
from biotrace.model.accreditation import Grant, Inspection, RenewalRequest, Revocation
from biotrace.model.party import Accreditation
from biotrace.model.private import PrivateField, Sealed
from biotrace.model.retention import Answer, Challenge, Deleted, RetentionHold, StoredFile, Tombstone
from tests import strategies as model
from tests.strategies import days, maybe, some, texts

names = st.text(st.characters(codec="utf-8", min_codepoint=32, exclude_characters="\x7f"), min_size=1, max_size=20)
"""What may stand in an envelope's claims."""
record_ids = st.binary(min_size=32, max_size=32).map(bytes.hex)
no_id = st.just("")
"""For what bears the id of its record."""
hashes = st.binary(min_size=32, max_size=32)


def sealed() -> SearchStrategy[Sealed]:
    """A private field's salted hash."""
    return st.builds(Sealed, st.sampled_from(PrivateField), hashes)


def files() -> SearchStrategy[StoredFile]:
    """A file kept beside a record."""
    return st.builds(StoredFile, hashes, st.integers(0, MAX_INT), texts())


def with_more(values: SearchStrategy[Any], **more: SearchStrategy[Any]) -> SearchStrategy[Any]:
    """Values of a casebook with what only records say."""
    return st.builds(lambda value, added: replace(value, **added), values, st.fixed_dictionaries(more))


def accreditations() -> SearchStrategy[Accreditation]:
    """What a grant states; what happens to it later is said by other records."""
    return model.accreditations().map(lambda held: replace(held, revoked=None, renewal_requested=None, inspected=()))


BODIES: dict[RecordKind, SearchStrategy[Any]] = {
    RecordKind.PARTY: with_more(
        model.parties().map(lambda party: replace(party, accreditations=())),
        sealed=some(sealed()),
        replaces=maybe(record_ids),
    ),
    RecordKind.KEY: st.builds(KeyBinding, hashes, names, names, st.booleans()),
    RecordKind.CERTIFICATE: with_more(
        model.certificates(ids=no_id, document_ids=record_ids, certificate_ids=record_ids),
        sealed=some(sealed()),
        files=some(files()),
    ),
    RecordKind.DOCUMENT: with_more(model.documents(ids=no_id), files=some(files())),
    RecordKind.DELIVERY: model.deliveries(ids=no_id, certificate_ids=record_ids),
    RecordKind.CONCORDANCE: model.concordances(ids=no_id),
    RecordKind.CORRECTION: with_more(model.corrections(certificate_ids=record_ids), follows=maybe(record_ids)),
    RecordKind.SITE: model.sites(),
    RecordKind.STOCK: model.stock_entries(),
    RecordKind.CONSUMPTION: model.consumptions(),
    RecordKind.PLAN: model.plans(),
    RecordKind.TRUSTED_BODIES: st.builds(TrustedBodies, some(names, most=4), maybe(record_ids)),
    RecordKind.ACCREDITATION: st.builds(
        Grant, texts(), accreditations(), maybe(texts()), maybe(hashes), maybe(record_ids)
    ),
    RecordKind.RENEWAL_REQUEST: st.builds(RenewalRequest, record_ids, days()),
    RecordKind.REVOCATION: st.builds(Revocation, record_ids, days(), maybe(texts())),
    RecordKind.INSPECTION: st.builds(Inspection, record_ids, days(), maybe(texts())),
    RecordKind.KEY_END: st.builds(
        KeyEnd, st.binary(min_size=16, max_size=16), st.integers(0, MAX_INT), st.sampled_from(KeyEndReason)
    ),
    RecordKind.RETENTION_HOLD: st.builds(RetentionHold, some(record_ids), days(), maybe(texts()), maybe(record_ids)),
    RecordKind.CHALLENGE: st.builds(Challenge, some(record_ids), texts(), days(), days(), maybe(texts())),
    RecordKind.ANSWER: st.builds(Answer, record_ids, days(), some(files()), maybe(texts())),
    RecordKind.TOMBSTONE: st.builds(Tombstone, record_ids, days(), some(st.sampled_from(Deleted)), maybe(texts())),
}
"""For every kind, bodies that a record of it can hold."""


def names_for(kind: RecordKind) -> SearchStrategy[dict[str, str]]:
    """What a record of that kind may carry for readers without the ledger."""
    carries = kind in (RecordKind.CERTIFICATE, RecordKind.DELIVERY)
    return st.dictionaries(names, names, max_size=3 if carries else 0)
