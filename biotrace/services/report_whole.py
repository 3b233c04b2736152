"""What reports about everybody are made of: all that a ledger or casebook holds, whoever's it is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any

from biotrace.documents.casebook import read_casebook
from biotrace.model.certificate import Certificate
from biotrace.model.delivery import Delivery
from biotrace.model.labels import form_name
from biotrace.model.party import Party
from biotrace.model.stock import Consumption
from biotrace.model.text import Text, same
from biotrace.verify.case import Booked, Case, Entry, case_of_casebook
from biotrace.verify.fold import Judged, fold
from biotrace.verify.profile import RINYA_2012, Profile
from biotrace.verify.rules import RULES
from biotrace.verify.span import Span, fiscal_span, month_span
from biotrace.verify.stock_book import fiscal_year
from biotrace.verify.verdict import lots_of
from biotrace.verify.whereabouts import Unaccredited, Whereabouts

from .files import read_file
from .find import find_party
from .report_material import Material, Source, material_of_ledger
from .shipped import municipalities
from .workspace import Workspace


@dataclass(frozen=True)
class Whole:
    """A case, and how to speak of it. ``own``: the party whose ledger it is, None of a casebook; the rest as
    ``Material`` has it.
    """

    case: Case
    profile: Profile
    subjects: Mapping[str, str]
    left_out: int = 0
    own: Party | None = None

    @cached_property
    def judged(self) -> Mapping[str, Judged]:
        """Every certificate and delivery, judged by all rules, once."""
        return fold(self.case, RULES, self.profile).judged

    @cached_property
    def whereabouts(self) -> Whereabouts:
        """Prefectures and bodies."""
        return Whereabouts(self.case)

    @cached_property
    def lots(self) -> tuple[str, ...]:
        """Every lot, as ``verify`` has them."""
        return lots_of(self.case)

    def lots_in(self, span: Span | None) -> tuple[str, ...]:
        """The lots that arrived in a span; without one all of them."""
        return tuple(i for i in self.lots if span is None or self.judged[i].entry.value.date in span)

    def name(self, party: str | None) -> str:
        """A party's name, or its id where it is not known."""
        known = self.case.parties.get(party or "")
        return known.name if known is not None else party or ""

    def body_name(self, body: str | Unaccredited) -> Text:
        """An accrediting body's name, or why there is none."""
        return body.label if isinstance(body, Unaccredited) else same(self.name(body))

    def of_party(self, party: str) -> Material:
        """The material of one party's own reports. Raises KeyError for a party that is not known."""
        return Material(self.case, self.case.parties[party], self.profile, self.subjects, {}, self.left_out)

    def find(self, text: str) -> Party:
        """The party of that name or id. Raises UsageError where there is none."""
        return find_party(self.case.parties.values(), text)

    def source(self, record: str) -> Source:
        """The record of that id; the partner is who handed the wood on. Raises KeyError for one that is not there."""
        if record in self._bookings:
            return self._booked(self._bookings[record])
        value = self._entries[record].value
        called = self.subjects.get(value.id, value.id)
        if isinstance(value, Delivery):
            return Source(Text("納入", "delivery"), called, value.date, self.name(value.sender), value.quantity)
        kind = Text("証明書 ", "certificate, ") + form_name(value.form)
        return Source(kind, value.number or called, value.date, self.name(value.seller), value.quantity)

    @cached_property
    def _entries(self) -> Mapping[str, Entry]:
        return {e.value.id: e for e in self.case.entries}

    @cached_property
    def _bookings(self) -> Mapping[str, Booked]:
        return {b.id: b for b in self.case.bookings}

    def _booked(self, booked: Booked) -> Source:
        kind = Text("使用の記帳", "entry of use") if isinstance(booked.value, Consumption) else Text("使用計画", "plan")
        called = f"{booked.day:%Y-%m}" if isinstance(booked.value, Consumption) else str(booked.day.year)
        return Source(kind, called, booked.day, self.name(booked.party), booked.value.quantity)

    def facts(self, span: Span | None) -> tuple[tuple[Text, Text], ...]:
        """What heads a report: what it covers, of which days, by which factors."""
        covers = Text("casebook の全体", "all of the casebook")
        if self.own is not None:
            covers = Text(f"{self.own.name} の台帳の全体", f"all of the ledger of {self.own.name}")
        days = Text("すべて", "all")
        if span is not None:
            days = Text(f"{span.start} 〜 {span.until}", f"{span.start} to {span.until}")
        return (
            (Text("対象", "covers"), covers),
            (Text("期間", "period"), days),
            (Text("基準日", "as of"), same(self.case.today)),
            (Text("換算の基準", "factors"), same(self.profile.name)),
        )

    def head(self, span: Span | None) -> dict[str, Any]:
        """The same as data."""
        return {
            "ledger_of": None if self.own is None else self.own.id,
            "from": None if span is None else span.start.isoformat(),
            "to": None if span is None else span.until.isoformat(),
            "as_of": self.case.today.isoformat(),
            "profile": self.profile.name,
        }

    @property
    def today(self) -> date:
        """The day that the report is as of."""
        return self.case.today

    def certificate(self, record: str | None) -> Certificate | None:
        """The certificate of that id; None for a delivery, or where it is not at hand."""
        entry = self._entries.get(record or "")
        return entry.value if entry is not None and isinstance(entry.value, Certificate) else None


def span_name(span: Span) -> str:
    """What a span is called in a column: a fiscal year 2025, a month 2025-04, months, or days."""
    year, months = fiscal_year(span.start), span.months
    if span == fiscal_span(year):
        return str(year)
    if not _is_of_months(span):
        return str(span)
    return f"{months[0]:%Y-%m}" if len(months) == 1 else f"{months[0]:%Y-%m} – {months[-1]:%Y-%m}"


def _is_of_months(span: Span) -> bool:
    return span == Span(month_span(span.start).start, month_span(span.until).until)


def parted_months(span: Span | None) -> tuple[Text, ...]:
    """Of a span that parts a month: which months' use and plans it holds, for both are booked by the month."""
    if span is None or _is_of_months(span):
        return ()
    months = [f"{month:%Y-%m}" for month in span.months if month in span]
    named = same(" 〜 ".join(dict.fromkeys((months[0], months[-1])))) if months else Text("なし", "none")
    return (
        Text("使用と計画は月ごとの記帳なので、1日が期間に入る月の全部を数えた: ", "use and plans are by month: ")
        + named
        + Text("", ", each as a whole, as its first day lies in the period"),
    )


def whole_ledger(workspace: Workspace) -> Whole:
    """All that the workspace's ledger holds, judged by the trust list and log memory that ``verify`` goes by."""
    own = material_of_ledger(workspace)
    return Whole(own.case, own.profile, own.subjects, own.left_out, own.party)


def whole_casebook(path: Path) -> Whole:
    """All that a casebook holds. Raises as ``read_casebook`` does."""
    book = read_casebook(read_file(path), path.name)
    return Whole(case_of_casebook(book, municipalities=municipalities()), RINYA_2012, {})
