"""What was overpaid at a plant, in yen: between the class claimed for its lots and what is confirmed of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal

from biotrace.documents.report_papers.report import Cell, Column, Kind, Report, Table
from biotrace.model.delivery import Delivery
from biotrace.model.fuel_class import FuelClass
from biotrace.model.text import Text, join, same
from biotrace.verify.case import Case
from biotrace.verify.lot_weight import factors_of
from biotrace.verify.overpayment import FORMULA, SYMBOLS, Figure, Kwh, LotOverpaid, Overpayment, Terms, Ways, overpaid
from biotrace.verify.overpayment_json import overpayment_data
from biotrace.verify.prices import Approval, Price
from biotrace.verify.profile import Factor
from biotrace.verify.verdict import Status

from .plant_lots import PlantLots
from .report_material import Material
from .report_overpayment_tables import ALL_OR_NOTHING, BY_TONNAGE, Named, tables, yen_said
from .report_parts import factor_data, factor_notes, facts, head_data, left_out, numbered
from .shipped import fit_prices


def terms_of(approval: Approval, output_kw: Decimal, kwh: Mapping[FuelClass, Kwh]) -> Terms:
    """A plant's terms, by the price tables that are shipped."""
    return Terms(approval, output_kw, fit_prices(), kwh)


def overpayment_report(of: PlantLots, terms: Terms) -> Report:
    """The report on these lots, by these terms. Something overpaid, or without a price, is for attention."""
    found = overpaid(of.lots, terms)
    lots = [_named(of.material, lot) for lot in found.lots]
    fell = {lot.lot.id for lot in found.lots if not lot.fine}
    factors = factors_of(of.material.case, fell, of.material.profile) if fell else {}
    return Report(
        name="過払い試算",
        title=Text("区分を確認できない納入の金額（過払いの試算）", "Wood not confirmed as claimed, in yen (estimate)"),
        facts=(*facts(of.material, of.span), *_facts(of, found)),
        tables=tables(found, lots, paper=False),
        paper=tables(found, lots, paper=True),
        main=0 if found.nothing else 1,
        evidence=_evidence(of.material, lots),
        attention=(*left_out(of.material), *_attention(found, lots), *as_certified(lots, of.material.case)),
        notes=(*yen_notes(found), *weight_notes(factors)),
        data={
            **head_data(of.material, of.span),
            **overpayment_data(found, [lot.name for lot in lots]),
            "priced_as_certified": [lot.found.lot.id for lot in priced_as_certified(lots, of.material.case)],
            "factors": factor_data(f for used in factors.values() for f in used),
        },
    )


def _named(material: Material, lot: LotOverpaid) -> Named:
    source = material.source(lot.lot.id)
    return Named(lot, source.name, source.day, source.partner)


def _facts(of: PlantLots, found: Overpayment) -> Iterator[tuple[Text, Text]]:
    count = len(found.lots)
    which = Text("（指定されたもの）", " (as named)") if of.named else same("")
    yield Text("ロット", "lots"), Text(f"{count} 件", str(count)) + which
    yield from terms_facts(found.terms)


def terms_facts(terms: Terms) -> Iterator[tuple[Text, Text]]:
    """By what the yen are reckoned: approval, output and formula; prices and kWh are tables."""
    yield Text("設備認定", "approved"), terms.approval.said
    yield Text("出力", "output"), same(f"{terms.output_kw:,} kW")
    yield Text("計算式", "formula"), FORMULA
    yield Text("記号", "in symbols"), same(SYMBOLS)


def _attention(found: Overpayment, lots: Sequence[Named]) -> Iterator[Text]:
    if _fell(found.today):
        yield Text("過払いの試算: ", "overpaid (estimate): ") + both_ways(found.today)
    if _fell(found.today) and found.has_open:
        yield Text("検査できなかったことがすべて通れば: ", "if all that could not be checked passed: ") + both_ways(
            found.if_passed
        )
    unpriced = [lot for lot in lots if lot.found.today is not None and _not_priced(lot.found.today)]
    if unpriced:
        yield Text("単価がなく、金額に入っていない: ", "not priced, and in no sum: ") + numbered(
            [x.name for x in unpriced]
        )
    unknown = [lot for lot in lots if lot.found.today is None]
    if unknown:
        yield Text(
            "全乾重量が分からず、金額に入っていない: ", "not priced: weight unknown, and in no sum: "
        ) + numbered([lot.name for lot in unknown])


def _fell(ways: Ways) -> bool:
    return bool(ways.by_tonnage.parts or ways.all_or_nothing.parts)


def _not_priced(ways: Ways) -> bool:
    return bool(ways.by_tonnage.not_priced or ways.all_or_nothing.not_priced)


def both_ways(ways: Ways) -> Text:
    """By tonnage and all or nothing, in yen."""
    return join([BY_TONNAGE + _said(ways.by_tonnage), ALL_OR_NOTHING + _said(ways.all_or_nothing)])


def _said(figure: Figure) -> Text:
    """Never 0 for what has no price."""
    if figure.has_no_price:
        return Text(" 単価なし", " not priced")
    more = Text("（単価のないものを除く）", " (without what has no price)") if figure.not_priced else same("")
    return same(" ") + yen_said(figure.yen) + Text(" 円", " yen") + more


def yen_notes(found: Overpayment) -> Iterator[Text]:
    """What the amounts are, and what they are not."""
    yield Text(
        "試算であり、返還額の決定ではない。単価は税抜きで、消費税相当額を含まない。kWh は売電した電気について",
        "an estimate, no decision on what is to be paid back; prices are without consumption tax; kWh are those sold",
    )
    yield Text(
        "確認できない分は建設資材廃棄物とみなす（告示の備考3）。「量で」は確認できなかった量だけを、「全量で」は、"
        "証明書が「全て」とするため、ロットの全部を最も低い区分として数える。混合の例外のロットは、どちらも割合による",
        "what is not confirmed counts as construction waste (price notice, remark 3); by tonnage only what was not"
        " confirmed falls, all or nothing the whole lot, as its certificate says “all of it”; lots under the exemption"
        " go by their shares in either way",
    )
    yield Text(
        "検査できなかった規則のあるロット（未完）は、いまは全部を建設資材廃棄物と数える。それが通った場合も並べて示す",
        "an incomplete lot counts as construction waste for now; beside it stands what it would be had all passed",
    )
    yield Text(
        "表にない年度・区分・出力には単価がなく、ほかの年度の単価を当てることはしない。認定の後に調達区分を変更して"
        "いれば、変更後に当たる年度を指定する",
        "where the tables have no row there is no price, and none is carried over from another year; where a changed"
        " approval moved the plant to another year's prices, name that year",
    )
    if any(_is_range(found, c) for c in FuelClass):
        yield Text(
            "認定の年度だけでは単価が決まらない区分がある（認定の日が要る）ので、幅で示す",
            "the fiscal year alone does not tell every price (the day of approval would): these are given as ranges",
        )
    shown = [lot for lot in found.lots if lot.lot.status is Status.AS_SHOWN]
    if shown:
        yield Text(
            f"{len(shown)} 件は、受け渡された記録だけによる判定（ほかの記録がないとは言えない）",
            f"{len(shown)} lots are judged from what was shown; nobody vouches that nothing was left out",
        )


def priced_as_certified(lots: Sequence[Named], case: Case) -> tuple[Named, ...]:
    """Those that count as less than claimed and are certificates: nobody weighed them at the plant."""
    return tuple(lot for lot in lots if not lot.found.fine and lot.found.lot.id in case.by_id)


def as_certified(lots: Sequence[Named], case: Case) -> Iterator[Text]:
    """Lots priced by what a certificate says, as if all of that had been delivered; nothing where there are none.

    Where single lots of a ledger are named, deliveries under them are not looked for, and none is denied.
    """
    delivered = {e.value.certificate for e in case.entries if isinstance(e.value, Delivery)}
    certified = priced_as_certified(lots, case)
    open_ones = [lot.name for lot in certified if lot.found.lot.id not in delivered]
    if open_ones:
        yield Text(
            f"証明書 {len(open_ones)} 件は、納入の記録によらず、証明書の数量がすべて納入されたものとした: ",
            f"certificates counted by no record of a delivery ({len(open_ones)}), as if all that they certify had been"
            " delivered: ",
        ) + numbered(open_ones)
    if arrived := [lot.name for lot in certified if lot.found.lot.id in delivered]:
        yield Text(
            f"納入の記録がある証明書 {len(arrived)} 件は、納入された量でなく、証明書の数量によった: ",
            f"certificates with deliveries on record ({len(arrived)}) count by what they certify, not by what was"
            " delivered: ",
        ) + numbered(arrived)


def _is_range(found: Overpayment, fuel_class: FuelClass) -> bool:
    price = found.terms.price(fuel_class)
    return isinstance(price, Price) and price.is_range


def weight_notes(factors: Mapping[str, tuple[Factor, ...]]) -> Iterator[Text]:
    """The default factors behind bone-dry weights: their ranges are in no amount, and that is said."""
    if factors:
        yield Text(
            f"{len(factors)} 件の全乾重量は次の標準の係数による。係数の幅は金額の幅に入れていない",
            f"the bone-dry weights of {len(factors)} lots are by these default factors, whose ranges are in no amount",
        )
        yield from factor_notes(f for used in factors.values() for f in used)


_EVIDENCE = (
    Column(Text("ロット", "lot"), Kind.TEXT, 28),
    Column(Text("規則", "rule"), Kind.TEXT, 14),
    Column(Text("なぜ申告どおりでないか", "why it is not as claimed"), Kind.TEXT, 60),
    Column(Text("記録", "record"), Kind.TEXT, 36),
    Column(Text("記録ID", "record id"), Kind.RECORD, 22),
)


def _evidence(material: Material, lots: Sequence[Named]) -> Table:
    """The records behind each lot that is not as claimed: itself, and those on which a finding stands."""
    rows: list[tuple[Cell, ...]] = []
    for lot in lots:
        if lot.found.fine:
            continue
        verdict = lot.found.lot
        rows.append((lot.name, None, None, _called(material, verdict.id), verdict.id))
        for finding in verdict.findings:
            if not finding.is_notice:
                record = _called(material, finding.record)
                rows.append((lot.name, finding.code, finding.message, record, finding.record))
        for open_rule in verdict.not_checked:
            if open_rule.decisive:
                why = Text("検査できない: ", "not checked: ") + open_rule.reason
                rows.append((lot.name, open_rule.code, why, _called(material, open_rule.record), open_rule.record))
    return Table(Text("根拠", "records"), _EVIDENCE, tuple(rows))


def _called(material: Material, record: str) -> Text:
    """What it is: a finding may also stand on no record of its own (an empty id)."""
    if not record:
        return same("")
    source = material.source(record)
    return source.kind + same(f" {source.name}")
