"""Fields that a record holds only as salted hashes: the values lie beside it and are shown to whom they concern."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class PrivateField(StrEnum):
    """Which field it is. ``ADDRESS``: of the party itself. ``PRICE_YEN``: for the whole lot, without tax."""

    ADDRESS = "address"
    OWNER_NAME = "owner_name"
    OWNER_ADDRESS = "owner_address"
    FELLER_NAME = "feller_name"
    FELLER_ADDRESS = "feller_address"
    PRICE_YEN = "price_yen"


@dataclass(frozen=True, slots=True)
class Sealed:
    """A private field in a record. ``digest``: 32 bytes, see ``biotrace.chain.disclosure``."""

    field: PrivateField
    digest: bytes
