"""Who hands wood on, and the accreditation each of them holds (G3(3)①)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from .private import Sealed


class Role(StrEnum):
    """What a party does in the chain."""

    OWNER = "owner"
    PRODUCER = "producer"
    SAWMILL = "sawmill"
    PROCESSOR = "processor"
    TRADER = "trader"
    PLANT = "plant"
    BODY = "body"
    FOREST_OFFICE = "forest_office"
    MUNICIPALITY = "municipality"


@dataclass(frozen=True, slots=True)
class Audit:
    """A third party's audit of a company's own code of conduct (G3(3)①)."""

    by: str
    start: date
    until: date | None = None


@dataclass(frozen=True, slots=True)
class Accreditation:
    """One accreditation as its certificate (別記3 の【別記2】) states it, or a company's own code.

    In force on ``until``, no longer on ``revoked``. ``body`` is a party id.
    """

    start: date
    number: str | None = None
    body: str | None = None
    until: date | None = None
    revoked: date | None = None
    renewal_requested: date | None = None
    inspected: tuple[date, ...] = ()
    self_declared: bool = False
    third_party_audit: Audit | None = None


@dataclass(frozen=True, slots=True)
class Party:
    """A person, company or office.

    ``as_business`` False: an owner who does not fell, process or trade as a business.
    ``code_from``: for an accrediting body, the day its code of conduct began. ``replaces``: record id of the version
    that this one follows.
    """

    id: str
    name: str
    roles: tuple[Role, ...]
    as_business: bool = True
    address: str | None = None
    accreditations: tuple[Accreditation, ...] = ()
    code_from: date | None = None
    sealed: tuple[Sealed, ...] = ()
    replaces: str | None = None
