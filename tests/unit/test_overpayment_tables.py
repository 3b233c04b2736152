"""The tables of an overpayment as an auditor reads them: why each lot is worth less, and what a price rests on."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from biotrace.documents.report_papers.report import Table
from biotrace.model.text import Text, same
from biotrace.services.report_overpayment_tables import Named, tables
from biotrace.verify.effect import Effect
from biotrace.verify.overpayment import overpaid
from biotrace.verify.rule import Finding
from biotrace.verify.supposed import SUPPOSED
from biotrace.verify.verdict import LotVerdict
from tests.unit.test_overpayment import fallen, lot, terms

LOWER = Finding("H302", "f-1", Effect.UNPROVEN, "G3", same("m"), same("e"), same("f"), same("r"))
NOTICE = replace(LOWER, code="S107", effect=Effect.NOTICE)


def told(*lots: LotVerdict, year: int = 2016) -> dict[str, Table]:
    """The tables by their names, of these lots."""
    found = overpaid(lots, terms(year))
    named = [Named(one, one.lot.id, date(2016, 1, 5), "甲") for one in found.lots]
    return {table.title.ja: table for table in tables(found, named, paper=False)}


def by_lot(*lots: LotVerdict) -> Table:
    return told(*lots)["ロットごと（いま証明されているとおり）"]


def test_why_a_lot_is_worth_less_stands_beside_it_and_notices_do_not() -> None:
    table = by_lot(replace(fallen(), findings=(LOWER, NOTICE, LOWER)))
    column = [c.title.ja for c in table.columns].index("指摘")
    assert table.rows[0][column] == same("H302")
    assert table.rows[-1][column] is None
    assert all(len(row) == len(table.columns) for row in table.rows)
    supposed = by_lot(replace(fallen(), findings=(replace(LOWER, code=SUPPOSED),)))
    assert supposed.rows[0][column] == Text("仮定", "supposed")


def test_only_where_some_lots_are_not_listed_their_number_is_told() -> None:
    alone, beside = (by_lot(*lots).note or same("") for lots in ((fallen(),), (fallen(), replace(lot(), id="d-2"))))
    assert "載せていません" not in alone.ja
    assert beside.ja.startswith("2 件のうち 1 件は申告どおりで、ここには載せていません。")
    assert "重さはそれぞれ四捨五入" in beside.ja


def test_a_price_says_in_words_how_sure_it_is_and_that_few_come_from_the_notice() -> None:
    table = told(fallen(), year=2015)["単価（調達価格）"]
    assert table.rows[0][2] == Text(
        "dowa-ecoj 2015-05［公表資料で読んだもの］", "dowa-ecoj 2015-05 [read in a public source]"
    )
    assert "二次資料" in (table.note or same("")).ja
    assert told(fallen(), year=2016)["単価（調達価格）"].note is None


def test_tonnes_say_that_they_are() -> None:
    titles = [column.title.ja for column in told(fallen())["合計"].columns]
    assert [title for title in titles if "単価なし" in title] == [
        "量で: うち単価なし（全乾t）",
        "全量で: うち単価なし（全乾t）",
    ]
