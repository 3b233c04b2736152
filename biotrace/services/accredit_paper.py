"""A body's records on paper: 別記2 for an accreditation, 別記5 for its revocation."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from biotrace.chain.qrtext import to_text
from biotrace.chain.record import Record
from biotrace.documents.accreditation_papers import accreditation_certificate, revocation_notice
from biotrace.documents.accreditation_papers.accreditation_certificate import AccreditationCertificate
from biotrace.documents.accreditation_papers.revocation_notice import RevocationNotice
from biotrace.documents.accreditation_papers.values import Business, Signed
from biotrace.model.accreditation import Grant, RenewalRequest, Revocation
from biotrace.model.party import Party
from biotrace.model.text import Text

from . import accredit_refusals as refusals
from .accredit_time import ends
from .logged import Logged
from .paper import party_named
from .settings import western_dates
from .times import day_of

ADDRESS = Text("事業者の所在地", "address")
REPRESENTATIVE = Text("代表者の氏名", "representative")
_APPLIED = Text("申請の日", "day of the application")
_REASON = Text("取消の理由", "reason")


@dataclass(frozen=True, slots=True)
class Wishes:
    """How a paper is to be printed, and what no record states. ``applied``: the day of the application (別記2).

    ``western_dates`` None: as the workspace's settings say.
    """

    western_dates: bool | None = None
    representative: str | None = None
    applied: date | None = None


@dataclass(frozen=True, slots=True)
class Paper:
    """A PDF. ``open``: the entries that are left to write on by hand; ``notes``: what else should be known of it."""

    data: bytes
    open: tuple[Text, ...] = ()
    notes: tuple[Text, ...] = ()


@dataclass(frozen=True, slots=True)
class Names:
    """Who is on the paper. ``signer``: name of whoever signed the record."""

    holder: Party
    body: str
    signer: str


def settled(wishes: Wishes, folder: Path) -> Wishes:
    """The wishes, with dates as the settings of the workspace in ``folder`` have them unless asked for otherwise."""
    return replace(wishes, western_dates=western_dates(folder, wishes.western_dates))


def names_of(parties: dict[str, Party], record: Record, grant: Grant) -> Names:
    """Holder and body of a grant, and who signed what is said of it. A party that is not known is called by its id."""

    def known(party: str) -> Party:
        return party_named(party, parties, record.names)

    body = grant.accreditation.body or grant.party
    return Names(known(grant.party), known(body).name, known(record.issuer).name)


def applied_on(entries: Iterable[Logged], grant: Grant) -> date | None:
    """The day of the request that a renewal answers, where its holder's request is at hand."""
    said = (entry.record.body for entry in entries if entry.sound)
    requests = [s.date for s in said if isinstance(s, RenewalRequest) and s.grant == grant.renews]
    return requests[-1] if requests else None


def certificate_paper(
    record: Record, grant: Grant, names: Names, wishes: Wishes, applied: date | None = None, revoked: date | None = None
) -> Paper:
    """別記2 for a grant, dated by the day of accreditation.

    ``applied``: the day of the request that it answers, where a record states it; what is wished goes before.
    ``revoked``: the day of its revocation, which the paper does not tell. Raises UsageError for a company's own code.
    """
    held, applied = grant.accreditation, wishes.applied or applied
    if held.self_declared:
        raise refusals.no_certificate()
    holder = _business(names.holder, held.number, wishes)
    filled = AccreditationCertificate(
        start=held.start,
        until=ends(held),
        body=names.body,
        holder=holder,
        signed=_signed(record, names.signer),
        applied=applied,
        scope=grant.scope,
        western_dates=bool(wishes.western_dates),
    )
    blanks = (*open_entries(holder), *((_APPLIED,) if applied is None else ()))
    notes = private_address(names.holder)
    if revoked is not None:
        notes += (
            Text(
                f"この認定は {revoked} に取り消されています。認定書にはそのことが出ません",
                f"this accreditation was revoked on {revoked}; its certificate does not tell",
            ),
        )
    return Paper(accreditation_certificate.render(filled), blanks, notes)


def notice_paper(record: Record, said: Revocation, grant: Grant, names: Names, wishes: Wishes) -> Paper:
    """別記5 for a revocation, dated by the day on which it was signed."""
    holder = _business(names.holder, grant.accreditation.number, wishes)
    filled = RevocationNotice(
        granted=grant.accreditation.start,
        revoked=said.date,
        body=names.body,
        holder=holder,
        reason=said.reason,
        signed=_signed(record, names.signer),
        western_dates=bool(wishes.western_dates),
    )
    blanks = (*open_entries(holder), *((_REASON,) if said.reason is None else ()))
    return Paper(revocation_notice.render(filled), blanks, private_address(names.holder))


def open_entries(business: Business) -> tuple[Text, ...]:
    """What is to be written on by hand of who the business is."""
    entries = ((ADDRESS, business.address), (REPRESENTATIVE, business.representative))
    return tuple(name for name, value in entries if value is None)


def private_address(party: Party) -> tuple[Text, ...]:
    """That the party's address is sealed, where it is, and this workspace was not told it."""
    if not party.sealed or party.address is not None:
        return ()
    return (
        Text(
            f"{party.name} の所在地は非公開項目で、このワークスペースには開示されていません",
            f"the address of {party.name} is private, and was not disclosed to this workspace",
        ),
    )


def _business(holder: Party, number: str | None, wishes: Wishes) -> Business:
    return Business(holder.name, holder.address, wishes.representative, number)


def _signed(record: Record, signer: str) -> Signed:
    copied = signer if record.transcribed else None
    return Signed(record.record_id.hex(), to_text(record.envelope), day_of(record.issued_at), copied)
