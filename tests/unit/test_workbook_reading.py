"""Sheets as people keep them: headers anywhere, in any order and words, merged and hidden cells, totals, formulas."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import pytest
from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from biotrace.documents.workbook.csv_cells import escaped, unescaped
from biotrace.documents.workbook.grid import MAX_ROWS
from biotrace.documents.workbook.reading import read_book
from biotrace.documents.workbook.sheet_book import Entry
from biotrace.documents.workbook.sheets import SHEETS, sheet_named
from biotrace.documents.workbook.template import example
from biotrace.documents.workbook.words import (
    CLASSES,
    CONTENTS,
    COPIES,
    DOCUMENT_KINDS,
    FORMS,
    GOODS,
    MEDIA,
    METHODS,
    ORIGINS,
    PROCESSES,
    ROLES,
    STATEMENTS,
    UNITS,
    WITHDRAWN_TO,
    Words,
)
from biotrace.errors import UnreadableError
from biotrace.model.quantity import Quantity, Unit
from tests.workbooks import RECEIVED_ROW, book, issued_sheet, read_one, received_sheet, said, sheet, xlsx

BARE = ("証明日", "仕入先", "様式", "区分", "数量", "単位")


def bare(**changes: Any) -> dict[str, Any]:
    """A row of 入荷 with only what is required."""
    return {key: RECEIVED_ROW[key] for key in BARE} | changes


def received(*rows: list[Any]) -> Workbook:
    """A workbook with the sheet 入荷, cell by cell."""
    return book(入荷=rows)


HEADERS = list(BARE)
ROW = [RECEIVED_ROW[key] for key in BARE]


def only(made: Workbook) -> Worksheet:
    """Its only sheet."""
    (found,) = made.worksheets
    return found


# the tables


@pytest.mark.parametrize("kind", SHEETS, ids=lambda s: s.key)
def test_a_sheet_has_every_column_once_and_its_example_reads(kind: Any) -> None:
    keys = [c.key for c in kind.columns]
    assert len(set(keys)) == len(keys)
    titles = [c.title for c in kind.columns]
    assert len(set(titles)) == len(titles)
    for column in kind.columns:
        assert column.meaning.ja
        assert column.meaning.en
        assert kind.headers[column.title.casefold().replace("（", "(").replace("）", ")")] is column
    row = dict(zip((c.header for c in kind.columns), (c.example for c in kind.columns), strict=True))
    read = read_one(book(**{kind.title: sheet([row])}))
    assert (said(read), len(read.rows)) == ([], 1)
    assert any(str(value).startswith("（例）") for value in example(kind))


@pytest.mark.parametrize(
    "words",
    [
        *(CLASSES, FORMS, GOODS, UNITS, METHODS, CONTENTS, COPIES, ORIGINS, MEDIA, PROCESSES, STATEMENTS),
        *(DOCUMENT_KINDS, ROLES, WITHDRAWN_TO),
    ],
)
def test_a_word_means_one_value(words: Words) -> None:
    taken: dict[str, object] = {}
    for value, names in words.items():
        assert set(type(value)) == set(words)
        for name in names:
            assert taken.setdefault(name, value) is value


def test_sheets_are_known_by_what_their_name_holds() -> None:
    assert sheet_named("入荷 26年6月") is sheet_named("received")
    assert sheet_named("受入簿") is sheet_named("入荷")
    assert sheet_named("出荷台帳") is sheet_named("出荷")
    assert sheet_named("入出荷管理簿") is sheet_named("管理簿")
    assert sheet_named("メモ") is None
    assert sheet_named("入荷と出荷") is None


# headers


def test_headers_may_stand_lower_in_other_words_and_another_order() -> None:
    made = received(
        ["平成26年度 受入簿", None, None],
        [],
        ["No.", "重量（t）", "納入業者", "納入日", "証明書の\n様式", "燃料区分", "担当", "水分"],
        ["26-1", 6.58, "甲成林産", datetime(2014, 6, 27), "２－１", "未利用材", "田中", "42%"],
    )
    read = read_one(made)
    (row,) = read.rows
    assert row.number == 4
    assert row.values["date"] == date(2014, 6, 27)
    assert row.values["quantity"] == Quantity(6_580_000, Unit.T, 4200)
    assert said(read) == [
        "別の名前の列を読みました: A「No.」＝証明書番号、B「重量（t）」＝数量、C「納入業者」＝仕入先、"
        "D「納入日」＝入荷日、E「証明書の\\n様式」＝様式、F「燃料区分」＝区分、H「水分」＝含水率",
        "読まなかった列（台帳に入りません）: G「担当」",
        "証明日のない 1 行では、入荷日を証明日とします",
    ]


def test_a_missing_column_is_named_with_the_words_that_would_do() -> None:
    read = read_one(received(["証明日", "仕入先", "区分", "数量"], ["2014-06-27", "甲", "間伐材", "5t"]))
    assert not read.rows
    assert said(read) == [
        "シート「入荷」1行目: 列「様式」がありません",
        "  対処: 見出し「様式」（証明書の様式、証明書様式、様式番号、別記 なども可）の列を加えてください",
    ]


def test_two_columns_that_mean_the_same_are_not_guessed_between() -> None:
    read = read_one(received([*HEADERS, "重量", "材積"], [*ROW, 5, 6]))
    assert "読まなかった列（台帳に入りません）: G「重量」、H「材積」" in said(read)
    rows = ["重量" if h == "数量" else h for h in HEADERS]
    read = read_one(received([*rows, "材積"], [*ROW, 6]))
    assert said(read)[0] == "シート「入荷」G1（材積）: E1 とこの列は、どちらも「数量」と読めます"


def test_a_moisture_on_dry_basis_is_no_moisture_of_ours() -> None:
    read = read_one(received([*HEADERS, "含水率（乾量基準）"], [*ROW, 80]))
    assert "moisture" not in read.rows[0].values
    assert "読まなかった列（台帳に入りません）: G「含水率（乾量基準）」" in said(read)


def test_without_headers_that_is_said() -> None:
    read = read_one(received(["2014-06-27", "甲"], ["2014-06-28", "乙"]))
    assert said(read)[0] == "シート「入荷」1行目: 見出しの行が見つかりません"


# rows


def test_a_bad_row_is_told_cell_by_cell_and_the_good_ones_are_read() -> None:
    read = read_one(
        book(
            入荷=sheet(
                [
                    bare(),
                    bare(証明日="31/13/2026", 数量="many"),
                    bare(仕入先=None, 様式=None),
                    bare(単位=None),
                    bare(数量="5 t", 単位="㎥"),
                    bare(数量=5, 単位="kg", 含水率="0.4"),
                ]
            )
        )
    )
    assert [row.number for row in read.rows] == [2, 7]
    assert [line for line in said(read) if not line.startswith("  ")] == [
        "シート「入荷」A3（証明日）: 「31/13/2026」は日付ではありません。正しい形: "
        "実在する日付（2014/6/27、2014年6月27日、平成26年6月27日、H26.6.27 など）",
        "シート「入荷」E3（数量）: 「many」は数として読めません。正しい形: 数",
        "シート「入荷」B4（仕入先）: 仕入先、様式が空です",
        "シート「入荷」F5（単位）: 単位がありません。正しい形: t、kg、㎥ など",
        "シート「入荷」F6（単位）: 数量には t、単位の列には ㎥ とあります。正しい形: t、kg、㎥ など",
    ]


def test_blank_rows_totals_examples_and_rows_not_filled_in_are_passed_over() -> None:
    headers = ["No.", *HEADERS, "担当"]
    blank = [None] * 6
    made = received(
        headers,
        ["1", *ROW, "田中"],
        [],
        [None, "合　計", None, None, None, 20, "㎥"],
        ["6月分 小計", *blank],
        ["", "（例）2014-06-27", *ROW[1:]],
        ["2", *blank],
        ["3", None, None, None, None, 0, "㎥"],
        [None, *blank, "山田"],
        ["4", *ROW],
    )
    read = read_one(made)
    assert [row.number for row in read.rows] == [2, 10]
    assert said(read)[2:] == [
        "合計・小計の行は読みません: 4–5 行",
        "見本の行は読みません: 6 行",
        "読む列に何もない行: 7–9 行",
    ]


def test_a_supplier_called_total_is_no_total() -> None:
    assert len(read_one(received(HEADERS, [ROW[0], "計", *ROW[2:]])).rows) == 0  # names a total, with nothing missing
    read = read_one(received(HEADERS, [ROW[0], "合計林業", *ROW[2:]]))
    assert len(read.rows) == 1


def test_a_value_merged_downwards_counts_for_each_row_where_that_is_clear() -> None:
    made = received(HEADERS, ROW, [*ROW[:1], None, *ROW[2:]], [*ROW[:1], None, *ROW[2:]])
    only(made).merge_cells("B2:B4")
    read = read_one(made)
    assert [row.values["seller"] for row in read.rows] == ["甲成林産有限会社"] * 3
    assert not read.problems


def test_a_merged_quantity_or_a_merge_across_columns_is_told_by_its_range() -> None:
    made = received(HEADERS, ROW, [*ROW[:4], None, "㎥"])
    only(made).merge_cells("E2:E3")
    read = read_one(made)
    assert not read.rows
    assert said(read)[0] == "シート「入荷」E2（数量）: 結合されたセル E2:E3 の「20」がどの行・列の値か分かりません"
    made = received(HEADERS, ROW)
    only(made).merge_cells("C2:D2")
    read = read_one(made)
    assert not read.rows
    assert "C2:D2" in said(read)[0]


def test_headers_merged_over_two_rows_are_one() -> None:
    made = received(HEADERS, [None] * 6, ROW)
    for column in "ABCDEF":
        only(made).merge_cells(f"{column}1:{column}2")
    assert [row.number for row in read_one(made).rows] == [3]


def test_what_is_hidden_is_read_and_told() -> None:
    made = received(HEADERS, ROW, ROW, ROW)
    found = only(made)
    found.row_dimensions[3].hidden = True
    found.column_dimensions["D"].hidden = True
    found.sheet_state = "hidden"
    made.create_sheet("メモ")
    read = read_one(made)
    assert len(read.rows) == 3
    assert said(read) == [
        "隠されたシートです（読みました）",
        "隠された行も読みました: 3 行",
        "隠された列も読みました: 区分",
    ]


def test_formulas_count_by_their_result_and_without_one_are_told() -> None:
    read = read_one(received(HEADERS, [*ROW[:4], "=10+10", "㎥"]))
    assert said(read) == [
        "シート「入荷」E2（数量）: 数式に計算結果がありません",
        "  対処: Excel で開いて保存し直すか、値を書いてください",
    ]
    data = with_results(xlsx(received(HEADERS, [*ROW[:4], "=10+10.1", "㎥"])), "20.1")
    (row,) = read_one(data).rows
    assert row.values["quantity"] == Quantity(20_100_000, Unit.M3)


def with_results(data: bytes, result: str) -> bytes:
    """The workbook as Excel saves it: every formula with its result."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w") as new:
        for part in old.infolist():
            content = old.read(part)
            if part.filename == "xl/worksheets/sheet1.xml":
                content = content.replace(b"<v />", f"<v>{result}</v>".encode()).replace(
                    b"<v></v>", f"<v>{result}</v>".encode()
                )
            new.writestr(part, content)
    return out.getvalue()


def test_errors_of_excel_are_told() -> None:
    made = received(HEADERS, ROW)
    cell = only(made)["E2"]
    cell.value, cell.data_type = "#REF!", "e"
    assert said(read_one(made))[0] == "シート「入荷」E2（数量）: エラー値 #REF! です"


def test_places_stand_on_lines_of_their_cells() -> None:
    row = bare(都道府県="長野県", 市町村="上田市\n佐久市", 伐採箇所="236-2；237-1\n別紙のとおり")
    places = read_one(book(入荷=sheet([row]))).rows[0].values["places"]
    assert [(p.prefecture, p.municipality, p.parcels, p.annex) for p in places] == [
        ("長野県", "上田市", ("236-2", "237-1"), False),
        ("長野県", "佐久市", (), True),
    ]
    row = bare(市町村="上田市\n佐久市", 伐採箇所="1\n2\n3")
    assert "（市町村）: 3 か所のうち 2 行しかありません" in said(read_one(book(入荷=sheet([row]))))[0]


def test_lines_of_the_book_by_the_column_that_the_amount_stands_in() -> None:
    head = ["日付", "置場", "区分", "摘要", "入荷", "出荷", "在庫", "単位"]
    rows: list[list[Any]] = [
        ["2014-04-01", "第一土場", "間伐材", "前期繰越", None, None, 120, "㎥"],
        ["2014-05-01", "第一土場", "間伐材", None, 20, None, 140, "㎥"],
        ["2014-05-02", "第一土場", "間伐材", "払出", None, 5, 135, "㎥"],
        ["2014-05-31", "第一土場", "間伐材", "棚卸", None, None, "130 ㎥", None],
        ["2014-05-31", None, "間伐材", "棚卸", None, None, 1, "㎥"],
        ["2014-05-31", "第一土場", "間伐材", "棚卸", None, None, None, "㎥"],
        ["2014-05-31", "第一土場", "間伐材", None, None, None, 1, "㎥"],
    ]
    read = read_one(book(管理簿=[head, *rows]))
    lines = [row.values["line"] for row in read.rows]
    assert [line["entry"] for line in lines] == [Entry.OPENING, Entry.IN, Entry.WITHDRAWAL, Entry.STOCKTAKE]
    assert [str(line["quantity"]) for line in lines if "quantity" in line] == ["120 ㎥", "5 ㎥", "130 ㎥"]
    assert [line for line in said(read) if line.startswith("シート")] == [
        "シート「管理簿」B6（置場）: 置場がありません",
        "シート「管理簿」G7（在庫）: 数量がありません（「在庫」の列に書く）",
        "シート「管理簿」D8（摘要）: 何の行か分かりません。"
        "正しい形: 次のどれか: 期首在庫、棚卸し、払出し、入荷、出荷、繰越",
    ]


# files


def test_several_sheets_are_read_in_order_and_others_are_named() -> None:
    made = book(出荷=issued_sheet({}), メモ=[["電話"]], 入荷=received_sheet({}), 選択肢=[["x"]], 空=[])
    found = read_book(xlsx(made), "a.xlsx")
    assert [s.sheet.title for s in found.sheets] == ["入荷", "出荷"]
    assert [note.ja for note in found.notes] == ["読まなかったシート: メモ"]
    assert [s.name for s in read_book(xlsx(made), "a.xlsx", ["出荷"]).sheets] == ["出荷"]
    assert [s.name for s in read_book(xlsx(made), "a.xlsx", ["received"]).sheets] == ["入荷"]


def test_a_sheet_of_another_name_is_known_by_its_headers() -> None:
    assert read_one(book(Sheet1=received_sheet({}))).sheet.title == "入荷"


def csv_text(rows: list[list[Any]], sign: str = ",") -> str:
    return "\r\n".join(sign.join("" if v is None else str(v) for v in row) for row in rows)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp932"])
def test_csv_in_the_encodings_of_excel(encoding: str) -> None:
    rows = received_sheet({"証明書番号": "'-1", "仕入先": "㈱甲髙﨑"}) if encoding == "cp932" else received_sheet({})
    data = csv_text(rows).replace("㎥", "m3").encode(encoding)
    read = read_one(data, "a.csv")
    assert len(read.rows) == 1, said(read)
    assert read.rows[0].values["quantity"] == Quantity(20_000_000, Unit.M3)
    if encoding == "cp932":
        assert read.rows[0].values["number"] == "-1"
        assert read.rows[0].values["seller"] == "㈱甲髙﨑"


def test_a_problem_in_a_csv_names_the_cell_as_excel_shows_it() -> None:
    data = csv_text(received_sheet({"証明日": "x"})).encode("utf-8-sig")
    assert said(read_one(data, "a.csv"))[0].startswith("a.csv A2（証明日）: 「x」は日付ではありません")


@pytest.mark.parametrize("text", ["=1+1", "+81", "-5", "@x", "＝1", "'=1", "'", "''", "abc", "'abc", "", "\tx"])
def test_what_looks_like_a_formula_is_escaped_in_csv_and_read_back(text: str) -> None:
    assert unescaped(escaped(text)) == text
    assert escaped(text)[:1] not in ("=", "+", "-", "@", "＝", "\t")


def zipped(**parts: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name.replace("__", "/").replace("_xml", ".xml").replace("_bin", ".bin"), content)
    return out.getvalue()


OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600
GOOD = xlsx(book(入荷=received_sheet({})))


def bomb() -> bytes:
    """A workbook that is 2 GB when unpacked."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", b"<x/>")
        with archive.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as part:
            for _ in range(120):
                part.write(b"\x00" * 1024 * 1024)
    return out.getvalue()


def many_rows() -> bytes:
    made = received(HEADERS, ROW)
    only(made).cell(MAX_ROWS + 1, 1).value = "x"
    return xlsx(made)


def spoiled() -> bytes:
    """A workbook with a broken part."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(GOOD)) as old, zipfile.ZipFile(out, "w") as new:
        for part in old.infolist():
            broken = part.filename == "xl/worksheets/sheet1.xml"
            new.writestr(part, b"<worksheet><row" if broken else old.read(part))
    return out.getvalue()


@pytest.mark.parametrize(
    ("make", "code", "words"),
    [
        (lambda: b"", "empty", "何も書かれていません"),
        (lambda: xlsx(book(入荷=[])), "empty", "何も書かれていません"),
        (lambda: OLE, "old-format", ".xls の形式は読めません"),
        (lambda: OLE + "EncryptedPackage".encode("utf-16-le"), "protected", "パスワードで保護されています"),
        (lambda: GOOD[: len(GOOD) // 2], "damaged-file", "ファイルが壊れています"),
        (spoiled, "damaged-file", "ファイルが壊れています"),
        (bomb, "too-large", "展開すると"),
        (many_rows, "too-large", "行"),
        (lambda: zipped(xl__workbook_bin=b""), "old-format", ".xlsb"),
        (lambda: zipped(mimetype=b"", content_xml=b""), "old-format", ".ods"),
        (lambda: zipped(a=b""), "not-a-workbook", "Excel ブックでも CSV でもありません"),
        (lambda: b"<html><table>", "not-a-workbook", "Excel ブックでも CSV でもありません"),
        (lambda: b"\x89PNG\r\n\x1a\n\x00\x00\x00", "not-a-workbook", "Excel ブックでも CSV でもありません"),
        (lambda: "証明日,仕入先".encode("utf-16"), "encoding", "UTF-16"),
        (lambda: "証明日,仕入先\n".encode("iso-2022-jp"), "encoding", "ISO-2022-JP"),
        (lambda: csv_text(received_sheet({})).replace("㎥", "m3").encode("euc_jp"), "encoding", "EUC-JP"),
        (lambda: csv_text(received_sheet({}), ";").encode(), "delimiter", "「;」で区切られています"),
        (lambda: csv_text(received_sheet({}), "\t").encode(), "delimiter", "タブ / tabで区切られています"),
        (lambda: "名前,電話\n甲,1\n".encode(), "no-sheet", "読めるシートがありません"),
        (lambda: xlsx(book(メモ=[["電話"]])), "no-sheet", "読めるシートがありません（あるのは メモ）"),
        (lambda: b'"a,b\n', "damaged-file", "csv"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_with_what_to_do(
    make: Callable[[], bytes], code: str, words: str
) -> None:
    with pytest.raises(UnreadableError) as caught:
        read_book(make(), "a.xlsx")
    assert (caught.value.code, words in caught.value.message.ja) == (code, True), caught.value.message.ja
    assert caught.value.message.ja.startswith("a.xlsx: ")
    assert caught.value.remedy is not None


def test_a_stray_cell_in_the_last_row_of_excel_costs_nothing() -> None:
    made = received(HEADERS, ROW)
    only(made).cell(1_048_576, 3).number_format = "@"
    assert len(read_one(made).rows) == 1
