"""What accrediting bodies say, one statement at a time (G3(3)①): each is a record of its own.

What a party holds, all of it together, is ``biotrace.model.party.Party.accreditations``.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from .party import Accreditation


@dataclass(frozen=True, slots=True)
class Grant:
    """That a party is accredited, or, ``self_declared``, goes by a code of its own.

    ``accreditation``: its terms; revocations, requests and inspections are said separately. ``scope``: the business it
    is for, as on the 認定書. ``member_key``: the party's key, 32 bytes, which the body vouches for with it. ``renews``:
    id of the grant that this one continues.
    """

    party: str
    accreditation: Accreditation
    scope: str | None = None
    member_key: bytes | None = None
    renews: str | None = None


@dataclass(frozen=True, slots=True)
class RenewalRequest:
    """That the party applied for its grant to be renewed."""

    grant: str
    date: date


@dataclass(frozen=True, slots=True)
class Revocation:
    """That a grant is no longer in force from ``date`` on."""

    grant: str
    date: date
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class Inspection:
    """That the body inspected the holder of a grant."""

    grant: str
    date: date
    result: str | None = None
