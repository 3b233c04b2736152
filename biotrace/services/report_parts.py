"""What the reports share: whose and of when they are, names, the records behind a figure, and the factors used."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import Any, Protocol

from biotrace.documents.report_papers.report import Cell, Column, Kind, Table
from biotrace.errors import UsageError
from biotrace.model.fuel_class import FuelClass
from biotrace.model.quantity import Quantity
from biotrace.model.text import Text, same
from biotrace.verify.profile import Factor
from biotrace.verify.span import Span, fiscal_span, month_span
from biotrace.verify.stock_book import NO_SITE, fiscal_year

from .report_material import Material, Source

CLASS_NAMES = {
    FuelClass.THINNED: Text("間伐材等由来", "thinned"),
    FuelClass.GENERAL: Text("一般木質", "general"),
    FuelClass.GENERAL_WASTE: Text("一般廃棄物", "general waste"),
    FuelClass.CONSTRUCTION_WASTE: Text("建設資材廃棄物・由来不明", "construction waste, unproven"),
}
"""Short enough for a column."""
TOTAL = Text("計", "total")
BELOW_PLAN = Text("間伐材等由来の使用が計画を下回る発電設備: ", "plants that burned less thinned wood than planned: ")
"""To be looked at, in whichever report it shows."""
_EVIDENCE = Text("根拠", "records")


class Known(Protocol):
    """What records and their damage are looked up in, whoever's the report is."""

    @property
    def left_out(self) -> int:
        """Damaged entries, which count for nothing."""

    def source(self, record: str) -> Source:
        """The record of that id."""


def facts(material: Material, span: Span | None) -> tuple[tuple[Text, Text], ...]:
    """What heads a report."""
    known = [
        (Text("事業者", "party"), same(material.party.name)),
        (Text("基準日", "as of"), same(material.today)),
        (Text("換算の基準", "factors"), same(material.profile.name)),
    ]
    if span is not None:
        known.insert(
            1, (Text("期間", "period"), Text(f"{span.start} 〜 {span.until}", f"{span.start} to {span.until}"))
        )
    return tuple(known)


def head_data(material: Material, span: Span | None) -> dict[str, Any]:
    """The same as data."""
    return {
        "party": material.party.id,
        "name": material.party.name,
        "from": None if span is None else span.start.isoformat(),
        "to": None if span is None else span.until.isoformat(),
        "as_of": material.today.isoformat(),
        "profile": material.profile.name,
    }


def left_out(material: Known) -> tuple[Text, ...]:
    """That damaged entries count for nothing, where there are any."""
    if not material.left_out:
        return ()
    return (
        Text(
            f"台帳の壊れた記録 {material.left_out} 件は数えていません（biotrace verify で確かめてください）",
            f"{material.left_out} damaged entries of the ledger count for nothing: see biotrace verify",
        ),
    )


def evidence(material: Known, figures: Iterable[tuple[Text, Iterable[str]]]) -> Table:
    """The records behind each figure, numbered; each figure names its own, whoever else rests on them."""
    rows: list[tuple[Cell, ...]] = []
    for figure, records in figures:
        for record in dict.fromkeys(records):
            source = material.source(record)
            amount = "" if source.quantity is None else amount_text(source.quantity)
            rows.append((len(rows) + 1, figure, source.kind, source.name, source.day, source.partner, amount, record))
    return Table(_EVIDENCE, _COLUMNS, tuple(rows))


def amount_text(quantity: Quantity) -> str:
    """As written, with its moisture: 6.58 t (42%)."""
    return str(quantity) + ("" if quantity.moisture is None else f" ({quantity.moisture / 100:g}%)")


def amount_data(quantity: Quantity) -> dict[str, Any]:
    """The same as data: base units (g or cm³), the unit written, and moisture in 1/10,000."""
    return {"amount": quantity.amount, "unit": str(quantity.unit), "moisture": quantity.moisture}


def factor_notes(factors: Iterable[Factor]) -> tuple[Text, ...]:
    """The default factors that were used, each once."""
    used = tuple(dict.fromkeys(factors))
    return tuple(Text("標準の換算係数: ", "default factor: ") + factor.said for factor in used)


def factor_data(factors: Iterable[Factor]) -> list[dict[str, str]]:
    """The same as data."""
    return [{"name": f.name.en, "value": f"{float(f.value):g}", "source": f.source} for f in dict.fromkeys(factors)]


def yard_name(site: str) -> Text:
    """What a yard is called."""
    return same(site) if site != NO_SITE else Text("（置場の記載なし）", "(no yard named)")


def span_asked(year: int | None, month: date | None, start: date | None, until: date | None, fallback: Span) -> Span:
    """The span that options name; ``fallback`` where they name none. Raises UsageError where they contradict."""
    given = [year is not None, month is not None, start is not None or until is not None]
    if sum(given) > 1:
        raise UsageError(
            Text("--year、--month、--from/--to はどれか一つです", "give one of --year, --month, and --from with --to")
        )
    if year is not None:
        return fiscal_span(year)
    if month is not None:
        return month_span(month)
    if start is None and until is None:
        return fallback
    first = start or fiscal_span(fiscal_year(until or fallback.until)).start
    last = until or max(fallback.until, first)
    if last < first:
        raise UsageError(
            Text(f"--from {first} が --to {last} より後です", f"--from {first} lies after --to {last}"),
            Text("日付を確かめてください", "look at the days"),
        )
    return Span(first, last)


def this_year(today: date) -> Span:
    """The running fiscal year, up to today."""
    return Span(fiscal_span(fiscal_year(today)).start, today)


def last_year(today: date) -> int:
    """The last fiscal year that is over: of it the yearly reports are made."""
    return fiscal_year(today) - 1


def numbered(lines: Sequence[str], most: int = 5) -> Text:
    """Some names, and how many more there are."""
    more = len(lines) - most
    rest = Text(f" ほか{more}件", f" and {more} more") if more > 0 else same("")
    return Text("、".join(lines[:most]), ", ".join(lines[:most])) + rest


def class_rank(classes: Iterable[FuelClass]) -> Iterator[FuelClass]:
    """Those classes, the highest first."""
    known = set(classes)
    return (c for c in FuelClass if c in known)


_COLUMNS = (
    Column(Text("番号", "no."), Kind.COUNT, 8),
    Column(Text("数字", "figure"), Kind.TEXT, 31),
    Column(Text("記録の種類", "record"), Kind.TEXT, 19),
    Column(Text("証明書番号・記録名", "number or name"), Kind.TEXT, 26),
    Column(Text("日付", "date"), Kind.DAY, 17),
    Column(Text("相手", "partner"), Kind.TEXT, 20),
    Column(Text("数量（記載）", "as written"), Kind.TEXT, 18),
    Column(Text("記録ID", "record id"), Kind.RECORD, 21),
)
