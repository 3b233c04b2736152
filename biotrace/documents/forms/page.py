"""What a page needs beside the certificate itself: names for its ids, the record's proof, and how to print."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from biotrace.model.dates import in_era
from biotrace.model.document import DocumentKind, Period
from biotrace.model.party import Party


@dataclass(frozen=True, slots=True)
class DocumentLabel:
    """A supporting document whose copy goes with the certificate, as it is listed on the page."""

    kind: DocumentKind
    number: str | None = None
    date: date | None = None


@dataclass(frozen=True, slots=True)
class PageData:
    """Names and proofs for one printed certificate.

    ``seller``, ``buyer`` and ``issuer`` are the parties whose ids the certificate carries. ``record_id`` is
    the signed record's id in hex, ``qr_text`` the text of its QR code. ``from_site`` and ``to_site`` name the
    certificate's sites; without them its ids are printed. ``transcribed_by`` names who copied a paper: the
    page is then headed as a copy, since the issuer did not sign it.
    """

    seller: Party
    buyer: Party | None
    issuer: Party
    record_id: str
    qr_text: str
    documents: tuple[DocumentLabel, ...] = ()
    from_site: str | None = None
    to_site: str | None = None
    western_dates: bool = False
    transcribed_by: str | None = None

    @property
    def transcribed(self) -> bool:
        """Whether the record is somebody's transcription of a paper, not the issuer's own."""
        return self.transcribed_by is not None

    def day(self, day: date) -> str:
        """A day as this page prints it: 平成26年6月27日, or 2014年6月27日."""
        return f"{day.year}年{day.month}月{day.day}日" if self.western_dates else in_era(day)

    def period(self, period: Period) -> str:
        """A period as this page prints it; an open end stays open."""
        return "～".join(self.day(day) if day else "" for day in (period.start, period.until))
