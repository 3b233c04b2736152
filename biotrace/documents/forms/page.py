"""What a page needs beside the certificate itself: names for its ids, the record's proof, and how to print."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from biotrace.model.dates import in_era
from biotrace.model.document import DocumentKind, Period
from biotrace.model.party import Party
from biotrace.model.private import PrivateField


@dataclass(frozen=True, slots=True)
class DocumentLabel:
    """A supporting document whose copy goes with the certificate, as it is listed on the page."""

    kind: DocumentKind
    number: str | None = None
    date: date | None = None


def day_text(day: date, *, western: bool) -> str:
    """平成26年6月27日, or in western years 2014年6月27日."""
    return f"{day.year}年{day.month}月{day.day}日" if western else in_era(day)


@dataclass(frozen=True, slots=True)
class Proof:
    """A record whose QR code stands on a page: see ``PageData`` for the fields."""

    record_id: str
    qr_text: str
    qr_parts: tuple[str, ...] = ()
    transcribed_by: str | None = None


@dataclass(frozen=True, slots=True)
class PageData:
    """Names and proofs for one printed certificate.

    ``seller``, ``buyer`` and ``issuer`` are the parties whose ids the certificate carries. ``record_id`` is
    the signed record's id in hex, ``qr_text`` the text of its QR code; where that does not fit one, ``qr_parts`` are
    the texts of several, for a sheet of their own. ``from_site``, ``to_site`` and ``forest_office`` name what the
    certificate may call by an id; without them it is printed as written. ``private``: values of private fields that
    are at hand. ``transcribed_by`` names who copied a paper: the page is then headed as a copy, since the issuer did
    not sign it.
    """

    seller: Party
    buyer: Party | None
    issuer: Party
    record_id: str
    qr_text: str
    qr_parts: tuple[str, ...] = ()
    documents: tuple[DocumentLabel, ...] = ()
    from_site: str | None = None
    to_site: str | None = None
    forest_office: str | None = None
    private: Mapping[PrivateField, int | str] = field(default_factory=dict)
    western_dates: bool = False
    transcribed_by: str | None = None

    @property
    def transcribed(self) -> bool:
        """Whether the record is somebody's transcription of a paper, not the issuer's own."""
        return self.transcribed_by is not None

    def day(self, day: date) -> str:
        """A day as this page prints it: 平成26年6月27日, or 2014年6月27日."""
        return day_text(day, western=self.western_dates)

    def period(self, period: Period) -> str:
        """A period as this page prints it; an open end stays open."""
        return "～".join(self.day(day) if day else "" for day in (period.start, period.until))
