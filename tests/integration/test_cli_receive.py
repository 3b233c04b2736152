"""``biotrace receive``: from paper, from a QR code, from a bundle; what is in order is taken in, and nothing else."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result

from biotrace.chain.kinds import RecordKind
from biotrace.chain.qrtext import to_text
from biotrace.chain.record import Record
from biotrace.model.certificate import Certificate
from biotrace.model.delivery import Delivery
from biotrace.model.document import Document
from biotrace.services.ledger_case import read_ledger
from biotrace.services.sign import sign_casebook
from biotrace.services.workspace import init_workspace, open_workspace
from tests import casebooks
from tests.workspaces import TODAY, contents, data, envelopes, papers, password, received

Run = Callable[..., Result]

PLACE = [
    "--prefecture",
    "長野県",
    "--municipality",
    "〇〇市",
    "--oaza",
    "大字甲",
    "--aza",
    "字乙",
    "--place",
    "236-2、237-1",
]
PERMIT = ["--permit-date", "2014-05-08", "--permit-issuer", "〇〇市長", "--permit-number", "26-14"]
FELLED = ["--area", "23.6110", "--felled-from", "2014-05-27", "--felled-until", "2014-06-20"]
PAPER = [
    *("receive", "--paper", "--form", "例1", "--from", "甲成", "--number", "第26-030号", "--date", "2014-06-30"),
    *("--accreditation-number", "長木-012", "--quantity", "40m3", "--species", "スギ", "--origin", "間伐材"),
    *(*PLACE, *PERMIT, *FELLED),
]
NOTICE = [
    *("--document-kind", "伐採届", "--document-number", "26-99", "--document-filed", "2014-04-25"),
    *("--document-accepted", "2014-05-08", "--document-issuer", "〇〇市長", "--document-places", "同じ"),
    *("--document-area", "23.6110", "--document-volume", "400", "--document-species", "スギ", "--method", "間伐"),
    *("--rate", "30", "--felling-from", "2014-05-27", "--felling-until", "2015-03-31"),
]
CITED = ["--document", "26-14"]
"""The notice behind f-1, which the mill has."""


def records(folder: Path) -> list[Record]:
    """Every record of a workspace's ledger."""
    with open_workspace(folder, lambda: TODAY, password) as workspace:
        return [e.record for e in read_ledger(workspace.ledger).logged]


def answer(result: Result) -> dict[str, Any]:
    """The answer in JSON."""
    found: dict[str, Any] = data(result)
    return found


# on paper


def test_a_paper_and_its_truck_are_taken_in_together(run: Run, mill: Path) -> None:
    known = len(records(mill))
    result = run(*PAPER, *CITED, "--measured", "39.5m3", "--time", "08:40", "--arrived-on", "11-11", "-w", mill)
    assert result.exit_code == 0, result.output
    assert result.stdout.splitlines() == [
        "○ 1-private/kousei/第26-030号  間伐材等由来  [適合]  転記（紙のとおりと自社が言うだけ）",
        "  甲成林産有限会社  2014-06-30  40 ㎥  スギ",
        "  入荷 2014-11-19 08:40  39.5 ㎥（全乾 17,955 kg）  車番 11-11",
        f"受け入れました（台帳の {known}–{known + 1} 番）",
    ]
    certificate, delivery = records(mill)[-2:]
    assert (certificate.kind, certificate.transcribed) == (RecordKind.CERTIFICATE, True)
    assert (delivery.kind, delivery.transcribed, delivery.issuer) == (RecordKind.DELIVERY, False, "otsu")
    assert isinstance(delivery.body, Delivery)
    assert delivery.body.certificate == certificate.record_id.hex()
    assert run("verify", "-w", mill).exit_code == 0
    issued = run("issue", "--to", "第八", "--quantity", "150m3", "--goods", "logs", "-w", mill, "--format", "json")
    assert [d["quantity"]["value"] for d in data(issued)["draws"]] == [100, 40, 10]


def test_a_new_document_comes_with_it_once(run: Run, mill: Path, tmp_path: Path) -> None:
    scan = tmp_path / "permit.pdf"
    scan.write_bytes(b"%PDF-1.4 a scan")
    paper = [*PAPER[: -len(PERMIT) - len(FELLED)], *PERMIT[:-1], "26-99", *FELLED, *NOTICE]
    first = run(*paper, "--scan", scan, "-w", mill, "--format", "json")
    assert first.exit_code == 0, first.output
    assert answer(first)["new_documents"] == 1
    document = next(r.body for r in records(mill) if isinstance(r.body, Document) and r.body.number == "26-99")
    assert [f.media_type for f in document.files] == ["application/pdf"]
    assert (mill / "files" / document.files[0].sha256.hex()).read_bytes() == b"%PDF-1.4 a scan"
    second = [*paper]
    second[second.index("第26-030号")] = "第26-031号"
    again = run(*second, "-w", mill, "--format", "json")
    assert again.exit_code == 0, again.output
    assert answer(again)["new_documents"] == 0
    second[second.index("第26-031号")] = "第26-032号"
    second[second.index("400")] = "999"
    other = run(*second, "-w", mill)
    assert other.exit_code == 2
    assert "台帳の同じ書類と違います: 書類の材積は台帳で「400㎥」、この行で「999㎥」" in other.stderr


def test_a_second_truck_on_the_same_paper_is_a_delivery_only(run: Run, mill: Path) -> None:
    assert run(*PAPER, *CITED, "--measured", "20m3", "-w", mill).exit_code == 0
    again = run(*PAPER, "--measured", "20m3", "--time", "15:00", "-w", mill, "--format", "json")
    assert again.exit_code == 0, again.output
    assert (answer(again)["new_certificate"], answer(again)["notes"]) == (False, [])
    third = run("receive", "第26-030号", "--measured", "9m3", "-w", mill)
    assert "量が違います: 証明 40 ㎥、計量 49 ㎥（3 回の計）  +22.5%" in third.stdout
    same_truck = run("receive", "第26-030号", "--measured", "9m3", "-w", mill)
    assert same_truck.exit_code == 2
    assert "もう台帳にあります" in same_truck.stderr
    changed = [*PAPER]
    changed[changed.index("40m3")] = "45m3"
    other = run(*changed, *CITED, "-w", mill)
    assert other.exit_code == 2
    assert "前に取り込んだ証明書と違います" in other.stderr


def test_a_weight_beyond_tolerance_is_told_before_anything_is_written(run: Run, mill: Path) -> None:
    before = contents(mill)
    tried = run(*PAPER, *CITED, "--measured", "30m3", "--dry-run", "-w", mill)
    assert "量が違います: 証明 40 ㎥、計量 30 ㎥  -25.0%" in tried.stdout
    assert tried.stdout.endswith("試行なので、何も書いていません\n")
    assert contents(mill) == before


def test_what_the_rules_speak_against_is_not_taken_in_unless_told(run: Run, mill: Path) -> None:
    before = contents(mill)
    for lang, words in (("ja", "受け入れていません"), ("en", "not taken in")):
        refused = run(*PAPER, "-w", mill, lang=lang)  # without its document
        assert refused.exit_code == 1
        assert "H302" in refused.stdout
        assert words in refused.stdout
    assert answer(run(*PAPER, "-w", mill, "--format", "json"))["taken"] is False
    assert contents(mill) == before
    taken = run(*PAPER, "--anyway", "-w", mill)
    assert taken.exit_code == 1
    assert "受け入れました" in taken.stdout
    assert "× 確認できない: 指摘 H302" in run("stock", "-w", mill).stdout
    verified = run("verify", "第26-030号", "-w", mill)
    assert (verified.exit_code, "H302" in verified.stdout) == (1, True)


REFUSED = {
    "another's number": (["--accreditation-number", "長木-056"], "A202", "A202"),
    "made out to another": (
        ["--buyer", "平和林業"],
        "自社あてではありません（平和林業株式会社 あて）",
        "made out to us",
    ),
    "felled as a final felling": (["--origin", "主伐材"], "H303", "H303"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_findings_are_named(case: str, run: Run, mill: Path) -> None:
    more, ja, en = REFUSED[case]
    arguments = [*PAPER, *CITED]
    for option, value in zip(more[::2], more[1::2], strict=True):
        if option in arguments:
            arguments[arguments.index(option) + 1] = value
        else:
            arguments += [option, value]
    before = contents(mill)
    for lang, words in (("ja", ja), ("en", en)):
        result = run(*arguments, "-w", mill, lang=lang)
        assert result.exit_code == 1, result.output
        assert words in result.stdout, result.stdout
    assert contents(mill) == before


def test_an_accreditation_that_ran_out_speaks_against_it(run: Run, tmp_path: Path) -> None:
    mill = tmp_path / "mill"
    book = casebooks.change_accreditation(received(), "kousei", until=date(2014, 6, 1))
    with init_workspace(mill, (casebooks.OTSU, casebooks.BODY), lambda: TODAY - 86_400, password) as workspace:
        sign_casebook(workspace, book)
    result = run(*PAPER, *CITED, "-w", mill)
    assert (result.exit_code, "A203" in result.stdout) == (1, True)


MISUSED: dict[str, tuple[list[str], str, str]] = {
    "nothing": (["receive"], "何を受け入れるか", "say what arrived"),
    "no such record": (["receive", "26-999"], "台帳にありません", "the ledger holds no"),
    "no such file": (["receive", "qr.pdf"], "ファイルがありません", "no such file"),
    "paper without its form": (
        ["receive", "--paper", "--from", "甲成"],
        "--form、--quantity を指定",
        "--form, --quantity",
    ),
    "nobody": ([*PAPER[:5], "だれか", *PAPER[6:]], "「だれか」は台帳にありません", "knows no party だれか"),
    "no form of that name": ([*PAPER[:3], "別記9", *PAPER[4:]], "別記1例1", "別記1例1"),
    "a day that is none": ([*PAPER, "--felled-from", "2014-02-30"], "日付ではありません", "is not a date"),
    "no unit": (
        ["receive", "--paper", "--form", "2-1", "--from", "甲成", "--quantity", "40"],
        "単位がありません",
        "no unit",
    ),
    "to come": ([*PAPER, "--received", "2014-11-20"], "より後です", "after today"),
    "a document of no name": ([*PAPER, "--document", "99-99"], "台帳にありません", "the ledger holds no"),
    "paper and file": ([*PAPER, "x"], "--paper にはファイルも", "--paper takes no file"),
    "paper's items without it": (["receive", "f-1", "--number", "1"], "--paper を付けるか", "give --paper"),
    "a yard that is not there": ([*PAPER, *CITED, "--yard", "第三"], "置場「第三」はありません", "no yard 第三"),
    "an empty scan": ([*PAPER, *CITED, "--scan", os.devnull], "空です", "is empty"),
}


@pytest.mark.parametrize("case", MISUSED)
def test_a_mistake_is_told_and_nothing_is_written(case: str, run: Run, mill: Path) -> None:
    arguments, ja, en = MISUSED[case]
    before = contents(mill)
    for lang, words in (("ja", ja), ("en", en)):
        result = run(*arguments, "-w", mill, lang=lang)
        assert (result.exit_code, result.stdout) == (2, ""), result.output
        assert words in result.stderr, result.stderr
    assert contents(mill) == before


def test_a_full_disk_leaves_nothing(run: Run, mill: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    scan = tmp_path / "scan.pdf"
    scan.write_bytes(b"%PDF-1.4")

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    before = contents(mill)
    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", full)
        result = run(*PAPER, *CITED, "--scan", scan, "-w", mill)
    assert result.exit_code == 2
    assert "空き容量がありません" in result.stderr
    assert contents(mill) == before


# from a QR code, and then a bundle


@pytest.fixture
def supplier(run: Run, tmp_path: Path) -> Path:
    """A log producer with a workspace of its own, which has issued 2014-0001 over 60 m³ to the mill."""
    folder = tmp_path / "kousei"
    parties = (casebooks.KOUSEI, casebooks.BODY)
    with init_workspace(folder, parties, lambda: TODAY - 86_400, password) as workspace:
        sign_casebook(workspace, replace(papers(), certificates=(), deliveries=()))
    arguments = ["issue", "--form", "1-private", "--to", "otsu", "--quantity", "60m3", "--species", "スギ"]
    result = run(
        *arguments, "--origin", "間伐材", *PLACE, *PERMIT, *FELLED, *CITED, "--out", tmp_path / "f.pdf", "-w", folder
    )
    assert result.exit_code == 0, result.output
    return folder


def code(folder: Path, out: Path) -> Path:
    """The text of the QR code of the certificate that was issued last."""
    issued = [r for r in records(folder) if isinstance(r.body, Certificate)][-1]
    out.write_text(to_text(issued.envelope) + "\r\n", encoding="ascii")
    return out


def test_a_qr_code_alone_shows_no_origin(run: Run, mill: Path, supplier: Path, tmp_path: Path) -> None:
    before = contents(mill)
    result = run("receive", tmp_path / "f.pdf", "-w", mill)
    assert result.exit_code == 1
    assert "知らない鍵で署名されている" in result.stdout
    assert "H302" in result.stdout
    assert "その根拠の記録 1 件は手元にありません" in result.stdout
    assert contents(mill) == before
    scanner = run("receive", "-", "-w", mill, stdin=code(supplier, tmp_path / "code.txt").read_bytes())
    assert scanner.stdout == result.stdout


def test_a_fault_that_code_and_lot_both_show_is_told_once(run: Run, supplier: Path, tmp_path: Path) -> None:
    """Nobody whom this mill trusts has said that the producer is accredited."""
    mill, bundle = tmp_path / "new", tmp_path / "lot.bundle"
    with init_workspace(mill, (casebooks.OTSU, casebooks.BODY), lambda: TODAY - 86_400, password):
        pass
    assert run("bundle", "make", "2014-0001", "--out", bundle, "-w", supplier).exit_code == 0
    assert run("bundle", "import", bundle, "--pin", "-w", mill).exit_code == 0
    result = run("receive", tmp_path / "f.pdf", "-w", mill)
    assert result.exit_code == 1
    assert result.stdout.count("A202") == 1


def test_with_the_copy_that_came_along_it_is_taken_for_a_transcription(
    run: Run, mill: Path, supplier: Path, tmp_path: Path
) -> None:
    """The notice is one that the mill has. The key of the supplier is not known, so it is for the clerk to say."""
    result = run("receive", tmp_path / "f.pdf", *CITED, "--anyway", "--measured", "59m3", "-w", mill)
    assert "受け入れました" in result.stdout
    certificate, _ = records(mill)[-2:]
    original = next(r for r in records(supplier) if isinstance(r.body, Certificate))
    assert certificate.transcribed
    assert isinstance(certificate.body, Certificate)
    (kept,) = certificate.body.files
    assert kept.sha256 == original.record_id
    assert (mill / "files" / kept.sha256.hex()).read_bytes() == original.envelope
    again = run("receive", tmp_path / "f.pdf", "--measured", "59m3", "-w", mill)
    assert (again.exit_code, "もう台帳にあります" in again.stderr) == (2, True)


def test_the_original_takes_the_place_of_its_transcription(
    run: Run, mill: Path, supplier: Path, tmp_path: Path
) -> None:
    bundle = tmp_path / "lot.bundle"
    assert run("bundle", "make", "2014-0001", "--out", bundle, "-w", supplier).exit_code == 0
    assert run("receive", tmp_path / "f.pdf", "--anyway", "--measured", "59m3", "-w", mill).exit_code == 1
    unknown = run("receive", bundle, "-w", mill)
    assert (unknown.exit_code, "--pin" in unknown.stderr) == (2, True)
    taken = run("receive", bundle, "--pin", "-w", mill)
    assert taken.exit_code == 0, taken.output
    assert "発行者の署名あり" in taken.stdout
    assert "取り消し、署名された原本に替えます" in taken.stdout
    assert sum(isinstance(r.body, Delivery) for r in records(mill)) == 1
    stock = run("stock", "-w", mill, "--format", "json")
    left = [
        (c["subject"], c["left"]["value"], c["barred"]) for lot in data(stock)["stock"] for c in lot["certificates"]
    ]
    assert left == [("f-1", 100, None), ("f-2", 50, None), ("1-private/2014-0001", 60, None)]
    issued = run("issue", "--to", "第八", "--quantity", "210m3", "--goods", "logs", "-w", mill)
    assert issued.exit_code == 0, issued.output


def test_a_transcription_that_was_drawn_on_stays_and_bars_the_original(
    run: Run, mill: Path, supplier: Path, tmp_path: Path
) -> None:
    bundle = tmp_path / "lot.bundle"
    assert run("bundle", "make", "2014-0001", "--out", bundle, "-w", supplier).exit_code == 0
    assert run("receive", tmp_path / "f.pdf", *CITED, "--anyway", "-w", mill).exit_code == 1
    copy = records(mill)[-2].record_id.hex()
    drawn = run("issue", "--to", "第八", "--quantity", "10m3", "--goods", "logs", "--from", f"{copy}=10m3", "-w", mill)
    assert drawn.exit_code == 0, drawn.output
    taken = run("receive", bundle, "--pin", "--measured", "1m3", "-w", mill)
    assert "原本からは引き当てられません" in taken.stdout
    over = run("issue", "--to", "第八", "--quantity", "210m3", "--goods", "logs", "-w", mill)
    assert over.exit_code == 1
    assert "QRコードからの転記ですでに使っている" in over.stdout
    named = run(
        "issue", "--to", "第八", "--quantity", "1m3", "--goods", "logs", "--from", "1-private/2014-0001=1m3", "-w", mill
    )
    assert (named.exit_code, "もう一方の記録" in named.stderr) == (2, True)


def test_a_forgery_is_not_taken_in_at_all(run: Run, mill: Path, tmp_path: Path) -> None:
    """A record of the mill's own key, with one byte of its signature changed."""
    assert run("issue", "--to", "heiwa", "--quantity", "1t", "-w", mill).exit_code == 0
    envelope = bytearray(envelopes(mill)[-1])
    envelope[-1] ^= 1
    forged = tmp_path / "forged.txt"
    forged.write_text(to_text(bytes(envelope)), encoding="ascii")
    before = contents(mill)
    result = run("receive", forged, "--anyway", "-w", mill)
    assert (result.exit_code, "署名が本物ではありません" in result.stdout) == (1, True), result.output
    assert contents(mill) == before
