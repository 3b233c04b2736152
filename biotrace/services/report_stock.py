"""管理簿 (別記3 第五③): what came in, went out and lies there, per class and yard, line by line."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from biotrace.documents.report_papers.report import Cell, Column, Kind, Report, Table
from biotrace.model.labels import label
from biotrace.model.text import Text, join, same
from biotrace.verify.movements import Move, Movement
from biotrace.verify.running_stock import Line, RunningStock, running_stock
from biotrace.verify.span import Span
from biotrace.verify.stock_book import NO_SITE

from .report_material import Material
from .report_parts import (
    CLASS_NAMES,
    TOTAL,
    amount_data,
    amount_text,
    evidence,
    factor_data,
    factor_notes,
    facts,
    head_data,
    left_out,
    numbered,
    yard_name,
)

MOVES = {
    Move.OPENING: Text("期首在庫", "opening stock"),
    Move.IN: Text("入荷", "in"),
    Move.THROUGH: Text("伐採・出荷", "felled and sold"),
    Move.OUT: Text("出荷", "out"),
    Move.WITHDRAWAL: Text("払出し", "withdrawn"),
    Move.BURNED: Text("使用", "burned"),
    Move.STOCKTAKE: Text("棚卸し", "stocktake"),
}
_CARRIED = Text("繰越", "carried over")
_IN, _OUT, _ADJUSTED = (
    Text("入（全乾kg）", "in, bone-dry kg"),
    Text("出（全乾kg）", "out, bone-dry kg"),
    Text("棚卸差", "by count"),
)
_STOCK = Text("在庫（全乾kg）", "stock, bone-dry kg")
_PLACE = (Column(Text("置場", "yard"), Kind.TEXT, 20), Column(Text("区分", "class"), Kind.TEXT, 24))
_SUMS = (
    Column(Text("期首（全乾kg）", "opening, bone-dry kg"), Kind.KG, 23),
    Column(_IN, Kind.KG, 23),
    Column(_OUT, Kind.KG, 23),
    Column(_ADJUSTED, Kind.KG, 23),
    Column(Text("期末（全乾kg）", "closing, bone-dry kg"), Kind.KG, 24),
)
_DAY = Column(Text("日付", "date"), Kind.DAY, 17)
_WHAT = Column(Text("摘要", "what"), Kind.TEXT, 14)
_PARTNER = Column(Text("取引先・払出先", "supplier, buyer, use"), Kind.TEXT, 26)
_NUMBER = Column(Text("証明書番号", "number"), Kind.TEXT, 22)
_WRITTEN = Column(Text("数量（記載）", "as written"), Kind.TEXT, 20)
_RECORD = Column(Text("記録ID", "record id"), Kind.RECORD, 22)
_BALANCE = (Column(_IN, Kind.KG, 20), Column(_OUT, Kind.KG, 20), Column(_STOCK, Kind.KG, 21))
_ON_PAPER = (_DAY, _WHAT, _PARTNER, _NUMBER, _WRITTEN, *_BALANCE)
_FLAT = (*_PLACE, _DAY, _WHAT, _PARTNER, _NUMBER, _WRITTEN, *_BALANCE[:2], Column(_ADJUSTED, Kind.KG, 20), _BALANCE[2])


def stock_book(material: Material, span: Span) -> Report:
    """The book of the material's party over a span of days."""
    accounts = running_stock(material.movements, span)
    factors = [f for a in accounts for line in a.lines for f in line.movement.factors]
    return Report(
        name="管理簿",
        title=Text("木質バイオマス管理簿（入出荷・在庫）", "Stock book"),
        facts=facts(material, span),
        tables=(_summary(accounts), _flat(material, accounts)),
        paper=(_summary(accounts), *(_account(material, account) for account in accounts)),
        main=1,
        listed=False,
        evidence=evidence(material, ((_name(a), [line.movement.record for line in a.lines]) for a in accounts)),
        attention=(*left_out(material), *_attention(material, accounts)),
        notes=(
            Text(
                "在庫は全乾（水分0％）の重量で、標準の係数により計算した帳簿上の量。"
                "期首＋入－出＋棚卸差＝期末が1グラムまで成り立つ",
                "bone-dry by default factors: opening + in − out + what counts changed = closing, to the gram",
            ),
            *factor_notes(factors),
        ),
        data={
            **head_data(material, span),
            "unit": "bone-dry grams",
            "accounts": [_account_data(material, account) for account in accounts],
            "factors": factor_data(factors),
        },
    )


def _name(account: RunningStock) -> Text:
    return yard_name(account.site) + same(" ") + CLASS_NAMES[account.fuel_class]


def _summary(accounts: Sequence[RunningStock]) -> Table:
    rows: list[tuple[Cell, ...]] = [
        (yard_name(a.site), CLASS_NAMES[a.fuel_class], a.opening, a.into, a.out, a.adjusted, a.closing)
        for a in accounts
    ]
    sums = (sum(getattr(a, what) for a in accounts) for what in ("opening", "into", "out", "adjusted", "closing"))
    rows.append((TOTAL, None, *sums))
    return Table(Text("在庫の集計", "summary"), (*_PLACE, *_SUMS), tuple(rows), frozenset((len(rows) - 1,)))


def _account(material: Material, account: RunningStock) -> Table:
    """One class in one yard, with what was carried over before its lines and the sums after them."""
    first = (None, _CARRIED, None, None, None, None, None, account.opening)
    last = (None, TOTAL, _counted(account), None, _written(account), account.into, account.out, account.closing)
    rows: tuple[tuple[Cell, ...], ...] = (first, *(_row(material, line) for line in account.lines), last)
    return Table(_name(account), _ON_PAPER, rows, frozenset((0, len(rows) - 1)))


def _row(material: Material, line: Line) -> tuple[Cell, ...]:
    m = line.movement
    number = same(f"{_number(material, m)}\n{m.record[:12]}")
    return m.day, MOVES[m.move], _partner(material, m), number, amount_text(m.quantity), *_moved(line), line.balance


def _flat(material: Material, accounts: Sequence[RunningStock]) -> Table:
    """All lines with their yard and class, to be sorted and filtered."""
    rows: list[tuple[Cell, ...]] = []
    for account in accounts:
        place = yard_name(account.site), CLASS_NAMES[account.fuel_class]
        rows.append((*place, None, _CARRIED, None, None, None, None, None, None, account.opening, None))
        for line in account.lines:
            m = line.movement
            about = m.day, MOVES[m.move], _partner(material, m), _number(material, m), amount_text(m.quantity)
            adjusted = line.adjusted if m.move.is_count else None
            rows.append((*place, *about, *_moved(line), adjusted, line.balance, m.record))
    return Table(Text("管理簿", "stock book"), (*_FLAT, _RECORD), tuple(rows))


def _moved(line: Line) -> tuple[int | None, int | None]:
    """What came in and went out; None where nothing did, or no factor tells."""
    return line.into or None, line.out or None


def _partner(material: Material, m: Movement) -> Cell:
    if m.to is not None:
        return label(m.to)
    return material.name(m.partner)


def _number(material: Material, m: Movement) -> str:
    return material.source(m.certificate or m.record).name


def _counted(account: RunningStock) -> Text | None:
    if not account.adjusted:
        return None
    shown = Kind.KG.text(account.adjusted)
    return Text(f"棚卸差 {shown} kg", f"by count {shown} kg")


def _written(account: RunningStock) -> Text:
    """Sums as written, unit by unit: 入 100 ㎥, 出 24.4 t."""
    lines = [
        (Text("入 ", "in ") if side else Text("出 ", "out ")) + same(f"{Kind.TONNE.number(amount):,f} {unit.sign}")
        for (side, unit), amount in sorted(account.written.items(), key=lambda item: (not item[0][0], item[0][1]))
    ]
    return join(lines, "\n", "\n")


def _attention(material: Material, accounts: Sequence[RunningStock]) -> list[Text]:
    said: list[Text] = []
    for account in accounts:
        if account.lowest < 0:
            shown = Kind.KG.text(account.lowest)
            said.append(
                _name(account)
                + Text(
                    f": 在庫が0を下回る（最低 {shown} kg）。期首在庫・入荷の記帳漏れか、標準の係数と実際の違い",
                    f": stock falls below 0 (lowest {shown} kg): something is not booked, or a factor does not fit",
                )
            )
        if account.not_counted:
            names = [f"{_number(material, m)} {m.quantity}" for m in account.not_counted]
            said.append(
                _name(account)
                + Text(": 換算係数がなく在庫に数えていない: ", ": no factor, so not in the balance: ")
                + numbered(names)
            )
    unclear = [_number(material, line.movement) for a in accounts for line in a.lines if not line.movement.told]
    if unclear:
        said.append(
            Text(
                "引き当てた区分ごとの割合が分からず、証明した区分から出したものとした: ",
                "the classes drawn on cannot be told, so it left the class certified: ",
            )
            + numbered(unclear)
        )
    own = {site for party, site in material.case.sites if party == material.party.id}
    if own and any(account.site == NO_SITE for account in accounts):
        said.append(
            Text(
                "置場が複数あり、どの置場か書いていない入出荷がある（「置場の記載なし」に数えた）",
                "with several yards, some papers name none: they stand under (no yard named)",
            )
        )
    return said


def _account_data(material: Material, account: RunningStock) -> dict[str, Any]:
    return {
        "site": account.site or None,
        "class": str(account.fuel_class),
        "opening": account.opening,
        "in": account.into,
        "out": account.out,
        "adjusted": account.adjusted,
        "closing": account.closing,
        "written": [
            {"side": "in" if side else "out", "unit": str(unit), "amount": amount}
            for (side, unit), amount in account.written.items()
        ],
        "records": list(dict.fromkeys(line.movement.record for line in account.lines)),
        "lines": [_line_data(material, line) for line in account.lines],
    }


def _line_data(material: Material, line: Line) -> dict[str, Any]:
    m = line.movement
    return {
        "date": m.day.isoformat(),
        "what": str(m.move),
        "partner": m.partner,
        "number": _number(material, m),
        "quantity": amount_data(m.quantity),
        "bone_dry": m.grams,
        "in": line.into,
        "out": line.out,
        "adjusted": line.adjusted,
        "balance": line.balance,
        "record": m.record,
    }
