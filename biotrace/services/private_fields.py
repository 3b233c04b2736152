"""Private fields: sealed when a record is signed, kept beside it, and put back in for whoever may see them."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from biotrace.chain.disclosure import SALT_BYTES, Disclosure, PrivateValue, opens, seal
from biotrace.model.certificate import Certificate
from biotrace.model.party import Party
from biotrace.model.private import PrivateField, Sealed

Disclosed = Mapping[bytes, tuple[Disclosure, ...]]
"""What is known of private fields, by record id."""


@dataclass(frozen=True, slots=True)
class Unsigned:
    """A private value on its way into a record that is not signed yet."""

    field: PrivateField
    salt: bytes
    value: PrivateValue

    @property
    def sealed(self) -> Sealed:
        """What the record holds."""
        return seal(self.field, self.value, self.salt)

    def of(self, record_id: bytes) -> Disclosure:
        """The disclosure, now that the record has an id."""
        return Disclosure(record_id, self.field, self.salt, self.value)


def private(field: PrivateField, value: PrivateValue) -> Unsigned:
    """A value with a fresh salt."""
    return Unsigned(field, os.urandom(SALT_BYTES), value)


def is_personal(party: Party) -> bool:
    """Whether a party's address is a person's: an owner who does not do this as a business."""
    return not party.as_business


def seal_party(party: Party) -> tuple[Party, tuple[Unsigned, ...]]:
    """The party as a record may show it: a person's address is sealed."""
    if not is_personal(party) or party.address is None:
        return party, ()
    address = private(PrivateField.ADDRESS, party.address)
    return replace(party, address=None, sealed=(address.sealed,)), (address,)


def open_party(party: Party, disclosed: Iterable[Disclosure]) -> Party:
    """The party with its address, where it is sealed and a disclosure opens it."""
    for sealed in party.sealed:
        for disclosure in disclosed:
            if sealed.field is PrivateField.ADDRESS and opens(disclosure, sealed):
                return replace(party, address=str(disclosure.value), sealed=())
    return party


def shown_fields(body: object, disclosed: Iterable[Disclosure]) -> dict[PrivateField, PrivateValue | None]:
    """The private fields of a record: their values, None where nothing at hand opens them."""
    fields = body.sealed if isinstance(body, Party | Certificate) else ()
    known = tuple(disclosed)
    return {s.field: next((d.value for d in known if opens(d, s)), None) for s in fields}


def opened_fields(body: object, disclosed: Iterable[Disclosure]) -> frozenset[PrivateField]:
    """The private fields of a record whose values are at hand."""
    return frozenset(field for field, value in shown_fields(body, disclosed).items() if value is not None)


def by_record(disclosures: Iterable[Disclosure]) -> Disclosed:
    """Disclosures by the record that they belong to."""
    found: dict[bytes, tuple[Disclosure, ...]] = {}
    for disclosure in disclosures:
        found[disclosure.record_id] = (*found.get(disclosure.record_id, ()), disclosure)
    return found
