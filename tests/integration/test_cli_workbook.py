"""``biotrace workbook``: what people keep in Excel goes into the ledger, comes out, and goes in again unchanged."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result

from biotrace.chain.kinds import RecordKind
from biotrace.documents.workbook.sheets import REPORTS
from biotrace.errors import UnreadableError
from biotrace.model.casebook import Casebook
from biotrace.model.certificate import Certificate, Statement
from biotrace.model.delivery import Delivery
from biotrace.model.document import Document
from biotrace.model.fuel_class import FuelClass
from biotrace.model.party import Party
from biotrace.model.quantity import Quantity, Unit
from biotrace.services import issue, issue_desk, workbook_issue
from biotrace.services.ledger_case import read_ledger
from biotrace.services.logged import Logged
from biotrace.services.request import Request
from biotrace.services.sign import sign_casebook
from biotrace.services.workbook_import import read_open
from biotrace.services.workspace import init_workspace, open_workspace
from tests import casebooks
from tests.integration.conftest import Run
from tests.workbooks import ISSUED_ROW, RECEIVED_ROW, book, issued_sheet, received_sheet, reopened, save, sheet, xlsx
from tests.workspaces import TODAY, contents, data, envelopes, password

PARTNERS: list[list[Any]] = [
    ["名称", "ID", "法人番号", "住所", "役割", "認定団体", "認定番号", "認定日", "有効期限"],
    ["新団体", "new-body", None, None, "認定団体", None, None, None, None],
    ["丁山林業㈱", None, None, "長野県上田市1", "素材生産、流通", "新団体", "新-1", "H26.4.1", "平成29年3月31日"],
    ["林野商会", None, "5000012080001", None, "流通事業者", None, None, None, None],
]


def imported(run: Run, path: Path, mill: Path, *more: object) -> Result:
    return run("workbook", "import", path, "-w", mill, *more)


def sheets(result: Result) -> dict[str, dict[str, Any]]:
    """The answer in JSON by kind of sheet."""
    return {found["kind"]: found for found in data(result)["sheets"]}


def logged(mill: Path) -> list[Logged]:
    with open_workspace(mill, lambda: TODAY) as workspace:
        return list(read_ledger(workspace.ledger).logged)


def bodies(mill: Path, kind: type[Any]) -> list[Any]:
    return [e.record.body for e in logged(mill) if isinstance(e.record.body, kind)]


# received


def test_a_certificate_on_paper_goes_in_and_is_issued_from(run: Run, mill: Path, tmp_path: Path) -> None:
    for subject in ("f-1", "f-2"):
        run("cancel", subject, "--reason", "x", "-w", mill, "--yes")
    path = save(tmp_path / "a.xlsx", 入荷=received_sheet({"入荷日": "2014/6/28"}), 出荷=issued_sheet({"数量": "5 t"}))
    result = imported(run, path, mill)
    assert result.exit_code == 0, result.output
    assert result.stdout.splitlines()[0] == "入荷: 新しい行 1、登録済み 0、要修正 0"
    assert "2-1/26-001 を発行しました" in result.stdout
    entered = {e.record.subject: e.record for e in logged(mill)}
    record = entered["1-private/kousei/第26-100号"]
    assert record.transcribed
    certificate = record.body
    assert isinstance(certificate, Certificate)
    assert (certificate.buyer, certificate.statements) == ("otsu", (Statement.ALL_OF_CLASS, Statement.SEGREGATED))
    (document,) = [d for d in bodies(mill, Document) if d.id in certificate.documents]
    assert (document.number, document.issuer, document.locations) == ("26-200", "〇〇市長", certificate.locations)
    (delivery,) = bodies(mill, Delivery)
    assert (delivery.certificate, str(delivery.date), delivery.at) == (certificate.id, "2014-06-28", "otsu")
    assert dict(record.names) == {"kousei": "甲成林産有限会社", "otsu": "乙チップ工業株式会社"}
    assert run("verify", "26-001", "-w", mill).exit_code == 0


def test_importing_again_changes_nothing(run: Run, mill: Path, tmp_path: Path) -> None:
    path = save(
        tmp_path / "a.xlsx",
        取引先=PARTNERS,
        入荷=received_sheet(
            {"入荷日": "2014-06-28"}, {"仕入先": "丁山林業株式会社", "認定番号": "新-1", "許可番号": "9"}
        ),
        管理簿=[
            ["日付", "置場", "区分", "種別", "在庫", "単位"],
            ["2014-04-01", "第一土場", "間伐材", "期首", 9, "㎥"],
        ],
        出荷=issued_sheet({}),
    )
    first = imported(run, path, mill)
    assert first.exit_code == 0, first.output
    before = contents(mill)
    again = imported(run, path, mill, "--format", "json")
    assert again.exit_code == 0, again.output
    assert contents(mill) == before
    answer = sheets(again)
    assert {kind: (s["new"], s["known"]) for kind, s in answer.items()} == {
        "parties": ([], [2, 3, 4]),
        "received": ([], [2, 3]),
        "book": ([], [2]),
        "issued": ([], [2]),
    }
    assert data(again)["signed"] is None


def test_what_has_changed_since_is_told_and_not_signed_twice(run: Run, mill: Path, tmp_path: Path) -> None:
    imported(run, save(tmp_path / "a.xlsx", 入荷=received_sheet({"入荷日": "2014-06-28"}), 出荷=issued_sheet({})), mill)
    before = contents(mill)
    changed = save(
        tmp_path / "b.xlsx",
        入荷=received_sheet({"入荷日": "2014-06-28", "数量": 25, "樹種": "ヒノキ"}),
        出荷=issued_sheet({"数量": "7 t"}),
    )
    result = imported(run, changed, mill)
    assert result.exit_code == 1
    assert contents(mill) == before
    told = result.stdout
    assert "シート「入荷」" in told
    assert "樹種は台帳で「スギ」、この行で「ヒノキ」" in told
    assert "数量は台帳で「20 ㎥」、この行で「25 ㎥」" in told
    assert "数量は台帳で「6.58 t 42%」、この行で「7 t 42%」" in told


def test_a_row_that_says_less_than_the_ledger_is_known(run: Run, mill: Path, tmp_path: Path) -> None:
    imported(run, save(tmp_path / "a.xlsx", 入荷=received_sheet({})), mill)
    row = {k: RECEIVED_ROW[k] for k in ("証明日", "仕入先", "様式", "区分", "証明書番号", "数量", "単位")}
    result = imported(run, save(tmp_path / "b.xlsx", 入荷=sheet([row])), mill, "--format", "json")
    assert sheets(result)["received"]["known"] == [2]


def test_bad_rows_are_told_with_their_cells_and_marked_and_good_ones_go_in(
    run: Run, mill: Path, tmp_path: Path
) -> None:
    rows = received_sheet(
        {}, {"証明書番号": "2", "証明日": "31/13/2026"}, {"証明書番号": "3", "仕入先": "知らない林業"}
    )
    path, marked = save(tmp_path / "a.xlsx", 入荷=rows, メモ=[["残す"]]), tmp_path / "m.xlsx"
    original = path.read_bytes()
    result = imported(run, path, mill, "--marked", marked)
    assert result.exit_code == 1
    assert "シート「入荷」A3（証明日）: 「31/13/2026」は日付ではありません" in result.stdout
    assert "シート「入荷」B4（仕入先）: 「知らない林業」は取引先シートにも台帳にもありません" in result.stdout
    assert "直す行が 2 行あります" in result.stdout
    assert [c.number for c in bodies(mill, Certificate)][-1:] == ["第26-100号"]
    assert path.read_bytes() == original
    copy = reopened(marked)
    assert copy["メモ"]["A1"].value == "残す"
    cell = copy["入荷"]["A3"]
    assert cell.comment is not None
    assert "日付ではありません" in cell.comment.text
    assert (cell.fill.fgColor.rgb, copy["入荷"]["A2"].comment) == ("FFFFC7CE", None)
    mended = save(tmp_path / "b.xlsx", 入荷=received_sheet({}, {"証明書番号": "2"}), 出荷=[])
    assert imported(run, mended, mill).exit_code == 0
    assert len(bodies(mill, Certificate)) == 4


def test_a_csv_can_be_marked_too(run: Run, mill: Path, tmp_path: Path) -> None:
    path, marked = tmp_path / "入荷.csv", tmp_path / "m.xlsx"
    path.write_text("証明日,仕入先,様式,区分,数量,単位\nx,甲成林産有限会社,別記1例1,間伐材,5,t\n", encoding="cp932")
    assert imported(run, path, mill, "--marked", marked).exit_code == 1
    assert reopened(marked).worksheets[0]["A2"].comment is not None


def test_a_failure_leaves_nothing_of_the_rows(
    run: Run, mill: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = save(tmp_path / "a.xlsx", 取引先=PARTNERS, 入荷=received_sheet({}))
    before = contents(mill)
    monkeypatch.setenv("BIOTRACE_PASSWORD", "wrong")
    result = imported(run, path, mill)
    assert result.exit_code == 2
    assert contents(mill) == before


def test_a_dry_run_writes_nothing_and_asks_for_no_password(
    run: Run, mill: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = save(tmp_path / "a.xlsx", 取引先=PARTNERS, 入荷=received_sheet({}), 出荷=issued_sheet({}))
    before = contents(mill)
    monkeypatch.delenv("BIOTRACE_PASSWORD")
    result = imported(run, path, mill, "--dry-run")
    assert result.exit_code == 0, result.output
    assert contents(mill) == before
    assert result.stdout.startswith("試行です。何も書いていません。")
    assert "入荷: 取り込める行 1" in result.stdout
    assert "出荷は試していません" in result.stdout


def test_several_trucks_on_one_certificate(run: Run, mill: Path, tmp_path: Path) -> None:
    trucks = [
        {"入荷日": "2014-06-28", "到着時刻": "8:40", "検収数量": "10 ㎥", "入荷車番": "28-58"},
        {"入荷日": "2014-06-28", "到着時刻": "9:20", "検収数量": "9 ㎥", "入荷車番": "28-59"},
    ]
    path = save(tmp_path / "a.xlsx", 入荷=received_sheet(*trucks))
    assert imported(run, path, mill).exit_code == 0
    assert len(bodies(mill, Certificate)) == 3
    assert [(d.time, str(d.quantity), d.vehicle) for d in bodies(mill, Delivery)] == [
        ("08:40", "10 ㎥", "28-58"),
        ("09:20", "9 ㎥", "28-59"),
    ]
    later = {"入荷日": "2014-06-30", "検収数量": "1 ㎥"}
    result = imported(run, save(tmp_path / "b.xlsx", 入荷=received_sheet(*trucks, later)), mill, "--format", "json")
    assert sheets(result)["received"] | {"notes": []} == sheets(result)["received"]
    assert (sheets(result)["received"]["new"], sheets(result)["received"]["known"]) == ([4], [2, 3])
    changed = trucks[1] | {"検収数量": "9.5 ㎥"}
    result = imported(run, save(tmp_path / "c.xlsx", 入荷=received_sheet(trucks[0], changed, later)), mill)
    assert result.exit_code == 1
    assert "前に取り込んだ入荷と違います: 台帳では 2014-06-28 09:20 9 ㎥ 車番 28-59" in result.stdout
    twice = received_sheet({"証明書番号": "7"} | trucks[0], {"証明書番号": "7"} | trucks[0])
    result = imported(run, save(tmp_path / "d.xlsx", 入荷=twice), mill)
    assert "2 行目と同じ入荷です" in result.stdout
    assert len(bodies(mill, Delivery)) == 4


def test_certificates_without_a_number_are_told_apart_or_asked_about(run: Run, mill: Path, tmp_path: Path) -> None:
    none = {"証明書番号": None}
    path = save(tmp_path / "a.xlsx", 入荷=received_sheet(none, none | {"数量": 5}, none))
    result = imported(run, path, mill)
    assert "2 行目と同じ内容で、番号もなく、区別できません" in result.stdout
    assert len(bodies(mill, Certificate)) == 4
    assert imported(run, save(tmp_path / "b.xlsx", 入荷=received_sheet(none, none | {"数量": 5})), mill).exit_code == 0
    assert len(bodies(mill, Certificate)) == 4
    result = imported(run, save(tmp_path / "c.xlsx", 入荷=received_sheet(none | {"数量": 6})), mill)
    assert "前に取り込んだ証明書と違います: 数量は台帳で" in result.stdout
    own = received_sheet(none | {"数量": 6, "整理番号": "自-1"}, none | {"整理番号": "自-2"})
    for name in ("d.xlsx", "e.xlsx"):
        assert imported(run, save(tmp_path / name, 入荷=own), mill).exit_code == 0
        assert len(bodies(mill, Certificate)) == 6


def test_rows_that_name_one_document_rest_on_one(run: Run, mill: Path, tmp_path: Path) -> None:
    bare = dict.fromkeys(("書類の伐採箇所", "書類の面積", "書類の材積", "書類の樹種", "伐採方法", "伐採率"))
    rows = received_sheet({}, {"証明書番号": "2"} | bare, {"証明書番号": "3", "書類の材積": 999})
    result = imported(run, save(tmp_path / "a.xlsx", 入荷=rows), mill)
    assert "2 行目と同じ書類なのに違います: 書類の材積は台帳で「1000㎥」、この行で「999㎥」" in result.stdout
    assert len(bodies(mill, Document)) == 2
    certificates = [c for c in bodies(mill, Certificate) if c.number in ("第26-100号", "2")]
    assert len({c.documents for c in certificates}) == 1
    later = save(tmp_path / "b.xlsx", 入荷=received_sheet({"証明書番号": "4"} | bare))
    assert imported(run, later, mill).exit_code == 0
    assert len(bodies(mill, Document)) == 2
    other = save(tmp_path / "c.xlsx", 入荷=received_sheet({"証明書番号": "5", "伐採方法": "皆伐"}))
    assert "台帳の同じ書類と違います: 伐採方法は台帳で「間伐」、この行で「皆伐」" in imported(run, other, mill).stdout
    no_kind = save(tmp_path / "d.xlsx", 入荷=received_sheet({"証明書番号": "6", "根拠書類": None}))
    assert "根拠書類の種類がありません" in imported(run, no_kind, mill).stdout


def test_the_addressee_may_be_another_or_nobody(run: Run, mill: Path, tmp_path: Path) -> None:
    rows = received_sheet(
        {"宛名": "記載なし"}, {"証明書番号": "2", "宛名": "第八バイオマス発電所", "入荷日": "2014-06-28"}
    )
    path = save(tmp_path / "a.xlsx", 入荷=rows)
    assert imported(run, path, mill).exit_code == 0
    assert [c.buyer for c in bodies(mill, Certificate)][-2:] == [None, "plant-8"]
    assert [d.at for d in bodies(mill, Delivery)] == ["plant-8"]
    assert imported(run, path, mill, "--format", "json").exit_code == 0
    assert len(bodies(mill, Certificate)) == 4


# parties


def test_partners_are_entered_and_their_changes_told(run: Run, mill: Path, tmp_path: Path) -> None:
    assert imported(run, save(tmp_path / "a.xlsx", 取引先=PARTNERS), mill).exit_code == 0
    known = {p.id: p for p in parties(mill)}
    assert known["新-1"].name == "丁山林業㈱"
    assert known["新-1"].accreditations[0].body == "new-body"
    assert "5000012080001" in known
    moved: list[list[Any]] = [*PARTNERS[:2], [*PARTNERS[2][:3], "長野県佐久市2", *PARTNERS[2][4:]], PARTNERS[3]]
    result = imported(run, save(tmp_path / "b.xlsx", 取引先=moved), mill)
    assert result.exit_code == 0
    assert "3 行目: 丁山林業㈱: 住所は台帳で「長野県上田市1」、この行で「長野県佐久市2」" in result.stdout
    assert {p.id: p for p in parties(mill)}["新-1"].address == "長野県佐久市2"
    renewed: list[list[Any]] = [*moved, [*moved[2][:-2], "2017-04-01", "2020-03-31"]]
    assert imported(run, save(tmp_path / "c.xlsx", 取引先=renewed), mill).exit_code == 0
    held = {p.id: p for p in parties(mill)}["新-1"].accreditations
    assert [(str(a.start), str(a.until), a.revoked) for a in held] == [
        ("2014-04-01", "2017-03-31", None),
        ("2017-04-01", "2020-03-31", None),
    ]
    before = contents(mill)
    assert imported(run, save(tmp_path / "d.xlsx", 取引先=renewed), mill).exit_code == 0
    assert contents(mill) == before


def parties(mill: Path) -> list[Party]:
    with open_workspace(mill, lambda: TODAY) as workspace:
        return list(read_ledger(workspace.ledger).parties().values())


def test_partners_that_contradict_themselves_or_name_unknown_bodies(run: Run, mill: Path, tmp_path: Path) -> None:
    rows: list[list[Any]] = [*PARTNERS, ["丁山", "新-1", None, "よそ", "流通事業者", None, None, None, None]]
    rows.append(["戊", "bo", None, None, "流通事業者", "ない団体", "1", "2014-04-01", None])
    rows.append(["己", "ki", None, None, "流通事業者", "新団体", "1", None, None])
    result = imported(run, save(tmp_path / "a.xlsx", 取引先=rows), mill)
    assert "シート「取引先」A5（名称）: 3 行目と同じ取引先なのに、名称が違います" in result.stdout
    assert "新-1 の行はどれも取り込みません: 3, 5 行" in result.stdout
    assert "新-1" not in {p.id for p in parties(mill)}
    assert "「ない団体」は取引先シートにも台帳にもありません" in result.stdout
    assert "認定日がありません" in result.stdout


# the book


def test_the_book_goes_in_once(run: Run, mill: Path, tmp_path: Path) -> None:
    head = ["日付", "置場", "区分", "種別", "入荷", "出荷", "在庫", "単位", "払出先"]
    rows: list[list[Any]] = [
        ["2014-04-01", "第一土場", "間伐材", "期首在庫", None, None, 30, "㎥", None],
        ["2014-05-01", "第一土場", "間伐材", "入荷", 20, None, 50, "㎥", None],
        ["2014-06-01", "第一土場", "間伐材", "払出し", None, 5, 45, "㎥", "製材"],
        ["2014-06-01", "第一土場", "間伐材", "払出し", None, 6, 39, "㎥", "製材"],
        ["2014-06-01", "第一土場", "間伐材", "棚卸し", None, None, 39, "㎥", "製材"],
    ]
    result = imported(run, save(tmp_path / "a.xlsx", 管理簿=[head, *rows]), mill)
    assert result.exit_code == 1
    assert "新しい置場として登録します: 第一土場" in result.stdout
    assert "読み飛ばしました: 3 行" in result.stdout
    assert "4 行目と同じ日・置場・区分・種別です" in result.stdout
    assert "払出先は払出しの行にだけ書けます" in result.stdout
    kinds = [e.record.kind for e in logged(mill)]
    assert (kinds.count(RecordKind.SITE), kinds.count(RecordKind.STOCK)) == (1, 2)
    rows[0][6] = 31
    result = imported(run, save(tmp_path / "b.xlsx", 管理簿=[head, *rows[:3]]), mill)
    assert "前に取り込んだ行と違います" in result.stdout
    assert [e.record.kind for e in logged(mill)] == kinds


# issuing


def test_rows_are_issued_in_order_and_a_refused_one_stops_no_other(run: Run, mill: Path, tmp_path: Path) -> None:
    rows = issued_sheet(
        {},
        {"証明書番号": "26-002", "数量": "10,000 t"},
        {"証明書番号": "26-003", "証明日": "2014-11-20"},
        {"証明書番号": "26-001"},
        {"証明書番号": "26-004", "販売先": "知らない発電所"},
        {"証明書番号": "26-005", "様式": "別記1例1"},
        {"証明書番号": "26-006", "区分": "一般木質"},
        {"証明書番号": "26-007", "数量": "１ｔ"},
        {"証明書番号": "26-008", "数量": "1 ㎥"},
        {"証明書番号": "26-009", "区分": "建設廃材"},
    )
    result = imported(run, save(tmp_path / "a.xlsx", 出荷=rows), mill)
    assert result.exit_code == 1
    lines = [line.strip() for line in result.stdout.splitlines()]
    assert [line.split(" を")[0] for line in lines if "発行しました" in line] == [
        "2 行目: 2-1/26-001",
        "9 行目: 2-1/26-007",
    ]
    problems = [line for line in lines if line.startswith("シート")]
    assert [line.split(": ")[0] for line in problems] == [
        "シート「出荷」E3（数量）",
        "シート「出荷」A4（証明日）",
        "シート「出荷」B5（証明書番号）",
        "シート「出荷」C6（販売先）",
        "シート「出荷」G7（様式）",
        "シート「出荷」E8（数量）",
        "シート「出荷」F10（含水率）",
        "シート「出荷」D11（区分）",
    ]
    assert "在庫が足りません" in problems[0]
    assert "今日（2014-11-19）より後です" in problems[1]
    assert len(list((mill / "pdf").iterdir())) == 2


def test_a_row_without_a_number_is_asked_for_one(run: Run, mill: Path, tmp_path: Path) -> None:
    result = imported(run, save(tmp_path / "a.xlsx", 出荷=issued_sheet({"証明書番号": None})), mill)
    assert "証明書番号が空です" in result.stdout
    assert not (mill / "pdf").exists()


def test_a_dry_run_tries_each_row(run: Run, mill: Path, tmp_path: Path) -> None:
    before = contents(mill)
    path = save(tmp_path / "a.xlsx", 出荷=issued_sheet({}, {"証明書番号": "2"}))
    result = imported(run, path, mill, "--dry-run")
    assert (result.exit_code, contents(mill) == before) == (0, True)
    assert "2 行目: 2-1/26-001 を発行できます" in result.stdout
    assert "どの行も、今の在庫で一つだけ発行するとして試しました" in result.stdout


def test_without_a_key_nothing_is_issued_and_the_command_fails(
    run: Run, mill: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BIOTRACE_PASSWORD", "wrong")
    assert imported(run, save(tmp_path / "a.xlsx", 出荷=issued_sheet({})), mill).exit_code == 2


# files


def test_a_file_that_excel_has_open_is_refused(run: Run, mill: Path, tmp_path: Path) -> None:
    path = save(tmp_path / "a.xlsx", 入荷=received_sheet({}))
    lock = tmp_path / "~$a.xlsx"
    lock.write_bytes(b"")
    result = imported(run, path, mill)
    assert result.exit_code == 2
    assert "Excel で開かれています（~$a.xlsx があります）" in result.stderr
    lock.unlink()
    assert imported(run, path, mill).exit_code == 0


def test_permission_denied_is_told_as_what_it_mostly_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = save(tmp_path / "a.xlsx", 入荷=received_sheet({}))

    def denied(*_: object, **__: object) -> None:
        raise PermissionError(13, "denied")

    monkeypatch.setattr(Path, "open", denied)
    with pytest.raises(UnreadableError) as caught:
        read_open(path)
    assert "ほかのプログラムが使っているか" in caught.value.message.ja


@pytest.mark.parametrize("name", ["none.xlsx", "a.xls"])
def test_files_that_cannot_be_read_exit_2(name: str, run: Run, mill: Path, tmp_path: Path) -> None:
    (tmp_path / "a.xls").write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" * 9)
    for lang in ("ja", "en"):
        result = run("workbook", "import", tmp_path / name, "-w", mill, lang=lang)
        assert result.exit_code == 2
        assert ("対処" if lang == "ja" else "what to do") in result.stderr


def test_the_marked_copy_must_be_new(run: Run, mill: Path, tmp_path: Path) -> None:
    path = save(tmp_path / "a.xlsx", 入荷=received_sheet({"証明日": "x"}))
    before = contents(mill)
    assert imported(run, path, mill, "--marked", path).exit_code == 2
    assert contents(mill) == before


# templates


def test_a_template_offers_what_can_be_chosen_and_its_example_is_passed_over(
    run: Run, mill: Path, tmp_path: Path
) -> None:
    path = tmp_path / "t.xlsx"
    result = run("workbook", "template", path, "-w", mill)
    assert result.exit_code == 0
    assert result.stdout == f"記入用のファイルを書きました: {path}（取引先、入荷、管理簿、出荷）\n"
    made = reopened(path)
    assert made.sheetnames == ["取引先", "入荷", "管理簿", "出荷", "選択肢"]
    assert made["選択肢"].sheet_state == "hidden"
    one = made["入荷"]
    assert one.freeze_panes == "B2"
    assert one["B2"].value == "（例）甲成林産有限会社"
    assert one["B2"].font.color.rgb == "FF9A9A9A"
    assert one["B1"].comment is not None
    number = next(cell for cell in one[1] if cell.value == "証明書番号").column_letter
    assert one.column_dimensions[number].number_format == "@"
    lists = {str(v.sqref).split(":")[0][:-1]: v.formula1 for v in one.data_validations.dataValidation}
    offered = made["選択肢"]
    sellers = offered[lists["B"].split("$")[1]]
    assert "甲成林産有限会社" in [cell.value for cell in sellers]
    assert "乙チップ工業株式会社" not in [cell.value for cell in sellers]
    result = imported(run, path, mill)
    assert (result.exit_code, result.stdout.count("見本の行は読みません: 2 行")) == (0, 4)


def test_a_template_needs_no_workspace_and_can_be_one_csv(run: Run, mill: Path, tmp_path: Path) -> None:
    for encoding in ("utf-8-sig", "cp932"):
        path = tmp_path / f"{encoding}.csv"
        result = run("workbook", "template", path, "--sheet", "入荷", "--encoding", encoding, "-w", tmp_path)
        assert result.exit_code == 0, result.output
        assert path.read_bytes().decode(encoding).startswith("証明日,仕入先,様式")
        assert imported(run, path, mill).exit_code == 0
    for arguments in (["x.csv"], ["x.xls"], ["x.xlsx", "--sheet", "月"], ["x.xlsx", "--encoding", "cp932"]):
        assert run("workbook", "template", tmp_path / arguments[0], *arguments[1:]).exit_code == 2
        assert not (tmp_path / arguments[0]).exists()


# export


def test_an_export_holds_everything_and_imports_without_any_change(run: Run, mill: Path, tmp_path: Path) -> None:
    trucks = ({"入荷日": "2014-06-28", "検収数量": "9 ㎥"}, {"入荷日": "2014-06-29", "検収数量": "11 ㎥"})
    path = save(
        tmp_path / "a.xlsx",
        取引先=PARTNERS,
        入荷=received_sheet(*trucks),
        管理簿=[
            ["日付", "置場", "区分", "種別", "在庫", "単位"],
            ["2014-04-01", "第一土場", "間伐材", "期首", 9, "㎥"],
        ],
        出荷=issued_sheet({}),
    )
    assert imported(run, path, mill).exit_code == 0
    out = tmp_path / "e.xlsx"
    assert run("workbook", "export", out, "-w", mill).exit_code == 0
    made = reopened(out)
    assert made.sheetnames == ["取引先", "入荷", "出荷", "管理簿", *REPORTS.values()]
    assert made["入荷"].max_row == 1 + 4  # f-1, f-2, and two trucks
    assert made["引き当て一覧"]["A2"].value == "2-1/26-001"
    left = {row[0].value: row[4].value for row in made["在庫一覧"].iter_rows(min_row=2)}
    assert left == {"f-1": 91.60392, "f-2": 50, "1-private/kousei/第26-100号": 20}
    before = contents(mill)
    result = imported(run, out, mill, "--format", "json")
    assert result.exit_code == 0, result.output
    assert contents(mill) == before
    assert all(not s["new"] for s in sheets(result).values())
    assert len(sheets(result)["received"]["known"]) == 4


@pytest.mark.parametrize("encoding", ["utf-8-sig", "cp932"])
def test_an_export_as_csv_imports_without_any_change(encoding: str, run: Run, mill: Path, tmp_path: Path) -> None:
    imported(run, save(tmp_path / "a.xlsx", 入荷=received_sheet({}), 出荷=issued_sheet({})), mill)
    folder = tmp_path / "csv"
    assert run("workbook", "export", folder, "-w", mill, "--encoding", encoding).exit_code == 0
    assert len(list(folder.iterdir())) == 4 + len(REPORTS)
    text = (folder / "入荷.csv").read_bytes().decode(encoding)
    assert ("m3" in text, "㎥" in text) == ((True, False) if encoding == "cp932" else (False, True))
    before = contents(mill)
    for name in ("取引先", "入荷", "出荷", "管理簿"):
        assert imported(run, folder / f"{name}.csv", mill).exit_code == 0
    assert contents(mill) == before


def test_the_records_of_a_casebook_with_everything_come_out_and_are_known(run: Run, tmp_path: Path) -> None:
    for story in (casebooks.national, casebooks.imported, casebooks.homestead, casebooks.residues, casebooks.plan):
        folder, out = tmp_path / story.__name__, tmp_path / f"{story.__name__}.xlsx"
        made_of(story(), folder)
        assert run("workbook", "export", out, "-w", folder).exit_code == 0
        before = contents(folder)
        result = imported(run, out, folder)
        assert result.exit_code == 0, result.output
        assert contents(folder) == before


def made_of(known: Casebook, folder: Path) -> None:
    with init_workspace(folder, (casebooks.OTSU, casebooks.BODY), lambda: TODAY - 86_400, password) as workspace:
        sign_casebook(workspace, known)


def test_characters_that_cp932_lacks_are_named_and_nothing_is_written(run: Run, mill: Path, tmp_path: Path) -> None:
    imported(run, save(tmp_path / "a.xlsx", 入荷=received_sheet({"証明書番号": "𠮷-1"})), mill)
    folder = tmp_path / "csv"
    result = run("workbook", "export", folder, "-w", mill, "--encoding", "cp932")
    assert result.exit_code == 2
    assert "シート「入荷」E4 「𠮷」(U+20BB7)" in result.stderr
    assert not folder.exists()
    assert run("workbook", "export", folder, "-w", mill, "--encoding", "cp932", "--replace-with", "〓").exit_code == 0
    assert "〓-1" in (folder / "入荷.csv").read_bytes().decode("cp932")


def test_what_looks_like_a_formula_goes_out_as_text(run: Run, mill: Path, tmp_path: Path) -> None:
    made = book(入荷=received_sheet({"証明書番号": "x"}))
    cell = made["入荷"]["E2"]
    cell.value, cell.data_type = "=HYPERLINK(1)", "s"
    (tmp_path / "a.xlsx").write_bytes(xlsx(made))
    assert imported(run, tmp_path / "a.xlsx", mill).exit_code == 0
    out, folder = tmp_path / "e.xlsx", tmp_path / "csv"
    run("workbook", "export", out, "-w", mill)
    found = reopened(out)["入荷"]["E4"]
    assert (found.value, found.data_type, found.quotePrefix) == ("=HYPERLINK(1)", "s", True)
    run("workbook", "export", folder, "-w", mill)
    assert "'=HYPERLINK(1)" in (folder / "入荷.csv").read_text(encoding="utf-8-sig")
    assert imported(run, folder / "入荷.csv", mill).exit_code == 0


def test_where_nothing_can_be_exported_to(run: Run, mill: Path, tmp_path: Path) -> None:
    (tmp_path / "there").mkdir()
    for arguments in (["there"], ["a.csv"], ["a.xlsx", "--encoding", "cp932"]):
        result = run("workbook", "export", tmp_path / arguments[0], *arguments[1:], "-w", mill)
        assert result.exit_code == 2
    assert not (tmp_path / "a.xlsx").exists()


def test_a_thousand_rows_go_in_at_once(run: Run, mill: Path, tmp_path: Path) -> None:
    rows = received_sheet(*({"証明書番号": f"N-{n}", "数量": 1} for n in range(1_000)))
    result = imported(run, save(tmp_path / "a.xlsx", 入荷=rows), mill, "--format", "json")
    assert result.exit_code == 0
    assert data(result)["signed"]["added"] == 1_001
    assert len(envelopes(mill)) >= 1_001
    again = sheets(imported(run, tmp_path / "a.xlsx", mill, "--format", "json"))["received"]
    assert (len(again["known"]), again["new"], again["problems"]) == (1_000, [], [])


def test_nothing_new_is_issued_while_a_row_that_came_in_is_to_be_mended(run: Run, mill: Path, tmp_path: Path) -> None:
    imported(run, save(tmp_path / "a.xlsx", 出荷=issued_sheet({})), mill)
    arrived = received_sheet({"証明書番号": "2", "数量": None})
    path = save(tmp_path / "b.xlsx", 入荷=arrived, 出荷=issued_sheet({}, {"証明書番号": "26-002"}))
    before = contents(mill)
    result = imported(run, path, mill, "--format", "json")
    assert result.exit_code == 1
    assert contents(mill) == before
    (issued,) = [s for s in data(result)["sheets"] if s["kind"] == "issued"]
    assert (issued["known"], issued["new"], issued["problems"]) == ([2], [], [])
    assert issued["notes"] == [
        "3 行目は発行していません: 入荷に直す行があり、引き当てる元が変わるかもしれません。"
        "直してもう一度取り込むか、先に発行するなら --sheet 出荷"
    ]
    assert imported(run, path, mill, "--sheet", "出荷").exit_code == 0


def test_the_ledger_is_read_once_for_all_rows(
    run: Run, mill: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[None] = []

    def counted(*arguments: Any) -> Any:
        read.append(None)
        return read_ledger(*arguments)

    monkeypatch.setattr(issue_desk, "read_ledger", counted)
    rows = [{"証明書番号": f"26-{n:03}", "数量": "5000 t" if n == 3 else f"{n} t"} for n in range(1, 7)]
    result = imported(run, save(tmp_path / "a.xlsx", 出荷=issued_sheet(*rows)), mill, "--format", "json")
    assert sheets(result)["issued"]["new"] == [2, 3, 5, 6, 7]
    assert len(read) == 1
    drawn = [draw for c in bodies(mill, Certificate) if c.form == "2-1" for draw in c.draws]
    # The oldest first, and each goes on where the one before it stopped: 18 t of chips at 42 % are 22.968 m³ of logs.
    assert {draw.certificate for draw in drawn} == {bodies(mill, Certificate)[0].id}
    assert sum(draw.quantity.amount for draw in drawn) == 22_968_000
    assert run("verify", "-w", mill).exit_code == 0


def test_what_another_writes_meanwhile_is_not_overlooked(
    run: Run, mill: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another window issues between two rows: the next row begins with what that left."""

    def let_another_in(*arguments: Any, **more: Any) -> Any:
        monkeypatch.setattr(workbook_issue, "issue_from", issue.issue_from)
        result = issue.issue_from(*arguments, **more)
        request = Request("plant-8", Quantity(50_000_000, Unit.T, 4_200), FuelClass.THINNED, date(2014, 11, 19), "x-1")
        with open_workspace(mill, lambda: TODAY, password) as other:
            assert isinstance(issue.issue(other, request), issue.Issued)
        return result

    monkeypatch.setattr(workbook_issue, "issue_from", let_another_in)
    rows = [{"証明書番号": f"26-{n:03}", "数量": "30 t"} for n in (1, 2, 3)]
    result = imported(run, save(tmp_path / "a.xlsx", 出荷=issued_sheet(*rows)), mill)
    assert result.exit_code == 1
    issued = [c.number for c in bodies(mill, Certificate) if c.form == "2-1"]
    assert issued == ["26-001", "x-1", "26-002"]
    assert "間伐材等由来の木質バイオマスの在庫が足りません: 30 t のうち" in result.stdout
    assert run("verify", "-w", mill).exit_code == 0


def test_rows_of_every_form_that_draws_on_wood(run: Run, mill: Path, tmp_path: Path) -> None:
    run("party", "yard", "add", "第一土場", "-w", mill)
    rows = (
        {"様式": "別記2-2", "出荷場所": "第一 土場", "納入場所": "第八ヤード"},
        {"様式": "別記2-3", "区分": "一般木質", "証明書番号": "26-002"},
        {"様式": "別記2-3", "区分": "一般木質", "証明書番号": "26-003", "品目": "樹皮"},
    )
    path = save(tmp_path / "a.xlsx", 出荷=issued_sheet(*rows))
    result = imported(run, path, mill)
    assert result.exit_code == 0, result.output
    note, offcuts, bark = bodies(mill, Certificate)[-3:]
    assert (note.form, note.medium, note.from_site, note.to_site) == ("2-2", "delivery_note", "第一土場", "第八ヤード")
    assert (offcuts.form, offcuts.goods, offcuts.origins, offcuts.process) == ("2-3", "offcuts", ("offcuts",), "sawing")
    assert (bark.goods, bark.origins) == ("bark", ("bark",))
    assert Statement.LOGS_ALL_THINNED_OR_GENERAL in bark.statements
    before = contents(mill)
    assert sheets(imported(run, path, mill, "--format", "json"))["issued"]["known"] == [2, 3, 4]
    assert contents(mill) == before


@pytest.mark.parametrize(
    ("row", "told"),
    [
        (
            {"様式": "別記1例1"},
            "G2（様式）: 別記1例1に要る項目の列がこのシートにありません: "
            "由来・許可（届出）・伐採箇所・伐採面積・根拠書類",
        ),
        ({"様式": "別記1-2", "区分": "一般木質"}, "物件名・発生した場所・所有者の住所"),
        (
            {"様式": "別記2-3"},
            "G2（様式）: 別記2-3は一般木質バイオマスの様式で、間伐材等由来の木質バイオマスは証明できません",
        ),
        ({"様式": "別記2-1", "区分": "一般木質"}, "別記2-1は間伐材等由来の木質バイオマスの様式で"),
        ({"出荷場所": "第九土場"}, "（出荷場所）: 自社の置場にありません（–）"),
    ],
)
def test_rows_that_no_certificate_can_be_made_of(
    run: Run, mill: Path, tmp_path: Path, row: dict[str, Any], told: str
) -> None:
    path = save(tmp_path / "a.xlsx", 出荷=issued_sheet(row))
    before = contents(mill)
    result = imported(run, path, mill)
    assert result.exit_code == 1
    assert contents(mill) == before
    assert told in result.stdout


def test_the_answers_in_english(run: Run, mill: Path, tmp_path: Path) -> None:
    path = save(
        tmp_path / "a.xlsx", 入荷=received_sheet({}, {"証明書番号": "2", "数量": "x"}), 出荷=issued_sheet(ISSUED_ROW)
    )
    result = run("workbook", "import", path, "-w", mill, lang="en")
    assert 'sheet 入荷 I3 (数量): "x" is not a number; expected: a number' in result.stdout
    assert "rows 2 are not issued: what is to be mended in 入荷 may change what they draw on" in result.stdout
    assert "1 rows to mend" in result.stdout
    result = run("workbook", "import", path, "-w", mill, "--sheet", "出荷", lang="en")
    assert "row 2: 2-1/26-001 issued (record " in result.stdout
