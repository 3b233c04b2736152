"""取扱実績報告 (別記3 の別記4): a fiscal year's m³ in and out, on the form, with its months and records."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from biotrace.documents.accreditation_papers import handling_report
from biotrace.documents.accreditation_papers.handling_report import HandlingReport
from biotrace.documents.accreditation_papers.renewal_application import YearHandled
from biotrace.documents.accreditation_papers.values import Business
from biotrace.documents.accreditation_papers.values import Handled as Volumes
from biotrace.documents.forms.sheet import Sheet
from biotrace.documents.report_papers.report import Cell, Column, Kind, Report, Table
from biotrace.model.fuel_class import FuelClass
from biotrace.model.rounding import rounded_parts
from biotrace.model.text import Text, same
from biotrace.verify.handled import CERTIFIED, IN, OUT, Handled, HandledYear, handled_in
from biotrace.verify.span import fiscal_span

from .accredit_paper import open_entries
from .report_material import Material, material_of_ledger
from .report_parts import (
    CLASS_NAMES,
    TOTAL,
    amount_data,
    evidence,
    factor_data,
    factor_notes,
    facts,
    head_data,
    left_out,
    numbered,
)
from .workspace import Workspace

STEP = Kind.M3.step
"""cm³ to which volumes are printed."""
_ROWS: tuple[FuelClass | None, ...] = (*CERTIFIED, None)
_OTHER = Text("その他・証明なし", "other, no paper")
_SIDES = {IN: Text("原木（原料）入荷", "raw material in"), OUT: Text("チップ等出荷", "chips etc. out")}


@dataclass(frozen=True, slots=True)
class Sender:
    """What stands on the form and in no record. ``body``: to whom it goes; None: by the accreditation."""

    body: str | None = None
    day: date | None = None
    representative: str | None = None
    western_dates: bool = False


def handled_year(material: Material, year: int) -> HandledYear:
    """What the material's party handled in a fiscal year."""
    return handled_in(material.trades, material.party.id, fiscal_span(year), material.profile)


def yearly_report(material: Material, year: int) -> Report:
    """The months of a fiscal year and what they rest on."""
    found = handled_year(material, year)
    counted = [entry for entry in found.entries if entry.cm3 is not None]
    return Report(
        name="取扱実績報告",
        title=Text(f"取扱実績報告（{year}年度）の内訳", f"Yearly handling report {year}, in detail"),
        facts=facts(material, found.span),
        tables=(_months(found), _not_counted(material, found)),
        evidence=evidence(material, _figures(counted)),
        attention=(*left_out(material), *_attention(material, found)),
        notes=(
            Text(
                "入荷は、自社あての証明書・証明書のない納入・自ら伐採して販売した木材。出荷は、自社が発行した証明書。"
                "自社あての自社の証明書は数えない",
                "In: what is certified to the party, delivered without a paper, or felled and sold by itself. Out: what"
                " it certified to others. What it certified to itself is not counted",
            ),
            *factor_notes(f for entry in counted for f in entry.factors),
        ),
        data={**head_data(material, found.span), "year": year, "unit": "cm3", **_data(found)},
    )


def form(material: Material, year: int, sender: Sender) -> HandlingReport:
    """別記4, filled in. Its volumes are rounded so that its parts and months add up."""
    found = handled_year(material, year)
    totals, by_class = _printed(found)
    held = [a for a in material.party.accreditations if not a.self_declared]
    number = held[-1].number if held else None
    body = sender.body or (material.name(held[-1].body) if held and held[-1].body else None)
    return HandlingReport(
        day=sender.day,
        body=body,
        business=Business(material.party.name, material.party.address, sender.representative, number),
        start=found.span.start,
        until=found.span.until,
        total=Volumes(totals[IN], totals[OUT]),
        thinned=Volumes(by_class[IN][0], by_class[OUT][0]),
        general=Volumes(by_class[IN][1], by_class[OUT][1]),
        western_dates=sender.western_dates,
    )


def left_open(filled: HandlingReport) -> tuple[Text, ...]:
    """What is to be written on the form by hand."""
    entries = (
        (Text("日付", "date"), filled.day),
        (Text("団体の名称", "name of the body"), filled.body),
        (Text("団体認定番号", "accreditation number"), filled.business.number),
    )
    return (*open_entries(filled.business), *(name for name, value in entries if value is None))


def form_pages(filled: HandlingReport) -> list[Sheet]:
    """The form's page."""
    return handling_report.lay_out(filled)


def volumes_of(material: Material, years: Iterable[int]) -> tuple[YearHandled, ...]:
    """What was handled in some fiscal years (過去3年間の取扱実績量), of those of which the ledger holds anything."""
    found = []
    for year in years:
        handled = handled_year(material, year)
        if handled.entries:
            _, by_class = _printed(handled)
            thinned, general = (Volumes(by_class[IN][n], by_class[OUT][n]) for n in (0, 1))
            found.append(YearHandled(year, thinned, general))
    return tuple(found)


def own_volumes(workspace: Workspace, years: Iterable[int]) -> tuple[YearHandled, ...]:
    """The same of the workspace's own party, by its ledger."""
    return volumes_of(material_of_ledger(workspace), years)


def _printed(found: HandledYear) -> tuple[dict[bool, int], dict[bool, list[int]]]:
    """Totals and their parts (thinned, general, other), rounded so that they add up."""
    by_class = {side: rounded_parts([found.volume(side, c) for c in _ROWS], STEP) for side in (IN, OUT)}
    return {side: sum(amounts) for side, amounts in by_class.items()}, by_class


def _months(found: HandledYear) -> Table:
    """A row a month and one of their sums; every printed number is a sum of those printed beside or above it."""
    _, by_class = _printed(found)
    months = found.span.months
    columns = [
        _spread([found.volume(side, c, month) for month in months], by_class[side][n])
        for side in (IN, OUT)
        for n, c in enumerate(_ROWS)
    ]
    rows: list[tuple[Cell, ...]] = []
    for number, month in enumerate(months):
        rows.append((f"{month:%Y-%m}", *_with_totals([column[number] for column in columns])))
    rows.append((TOTAL, *_with_totals([sum(column) for column in columns])))
    return Table(Text("月別の取扱量（㎥）", "by month, m³"), _MONTHS, tuple(rows), frozenset((len(rows) - 1,)))


def _spread(parts: Sequence[int], total: int) -> list[int]:
    """The parts rounded so that they make up the total, which is their sum rounded up or down."""
    found = rounded_parts(parts, STEP)
    by_size = sorted(range(len(parts)), key=lambda i: found[i] - parts[i], reverse=sum(found) > total)
    for place in by_size[: abs(total - sum(found)) // STEP]:
        found[place] += STEP if total > sum(found) else -STEP
    return found


def _with_totals(cells: Sequence[int]) -> tuple[int, ...]:
    half = len(cells) // 2
    return (*cells[:half], sum(cells[:half]), *cells[half:], sum(cells[half:]))


def _not_counted(material: Material, found: HandledYear) -> Table:
    rows = tuple(
        (
            e.trade.day,
            _SIDES[e.side],
            _name(e.fuel_class),
            material.source(e.trade.record).name,
            str(e.quantity),
            e.trade.record,
        )
        for e in found.not_counted
    )
    note = Text(
        "層積（立積み）の㎥を実材積に換算する係数の根拠がないため、数えていません",
        "no source gives a factor from stacked to solid m³, so these are in no volume",
    )
    return Table(Text("数えていないもの", "not counted"), _LEFT, rows, note=note if rows else None)


def _attention(material: Material, found: HandledYear) -> list[Text]:
    said = []
    if not found.entries:
        said.append(
            Text(
                "この年度の入荷・出荷は台帳にありません（0と印字します）",
                "the ledger holds nothing in or out of this year: 0 is printed",
            )
        )
    if found.not_counted:
        names = [f"{material.source(e.trade.record).name} {e.quantity}" for e in found.not_counted]
        said.append(
            Text("換算係数がなく、数えていないもの: ", "not counted, for there is no factor: ") + numbered(names)
        )
    if found.span.until > material.today:
        said.append(
            Text(
                f"年度は {found.span.until} まで続きます（{material.today} までの記録）",
                f"the year lasts until {found.span.until}; these are the records up to {material.today}",
            )
        )
    return said


def _figures(counted: Sequence[Handled]) -> list[tuple[Text, list[str]]]:
    return [
        (
            _SIDES[side] + same(" ") + _name(c),
            [e.trade.record for e in counted if e.side is side and e.fuel_class is c],
        )
        for side in (IN, OUT)
        for c in _ROWS
    ]


def _name(fuel_class: FuelClass | None) -> Text:
    return _OTHER if fuel_class is None else CLASS_NAMES[fuel_class]


def _data(found: HandledYear) -> dict[str, Any]:
    totals, by_class = _printed(found)
    return {
        side_name: {
            "total": {"cm3": found.total(side), "printed": totals[side]},
            **{
                str(c or "other"): {
                    "cm3": found.volume(side, c),
                    "printed": by_class[side][n],
                    "months": {f"{m:%Y-%m}": found.volume(side, c, m) for m in found.span.months},
                    "records": [_entry_data(e) for e in found.entries if e.side is side and e.fuel_class is c],
                }
                for n, c in enumerate(_ROWS)
            },
        }
        for side, side_name in ((IN, "logs_in"), (OUT, "chips_out"))
    } | {
        "not_counted": [{**_entry_data(e), "side": "in" if e.side else "out"} for e in found.not_counted],
        "factors": factor_data(f for e in found.entries for f in e.factors),
    }


def _entry_data(entry: Handled) -> dict[str, Any]:
    return {"record": entry.trade.record, "quantity": amount_data(entry.quantity), "cm3": entry.cm3}


def _columns() -> tuple[Column, ...]:
    month = Column(Text("月", "month"), Kind.TEXT, 16)
    return month, *(
        Column((Text("入 ", "in: ") if side else Text("出 ", "out: ")) + name, Kind.M3, 18)
        for side in (IN, OUT)
        for name in (*(_name(c) for c in _ROWS), TOTAL)
    )


_MONTHS = _columns()
_LEFT = (
    Column(Text("日付", "date"), Kind.DAY, 18),
    Column(Text("入出荷", "side"), Kind.TEXT, 32),
    Column(Text("区分", "class"), Kind.TEXT, 28),
    Column(Text("証明書番号・記録名", "number or name"), Kind.TEXT, 34),
    Column(Text("数量（記載）", "as written"), Kind.TEXT, 26),
    Column(Text("記録ID", "record id"), Kind.RECORD, 22),
)
