"""``biotrace issue`` on all forms: felling stage, delivery notes, residues; yards, scans, and what is remembered."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pypdf
import pytest
from click.testing import Result

from biotrace.errors import BiotraceError
from biotrace.model.casebook import Casebook
from biotrace.model.certificate import Certificate
from biotrace.model.document import Document
from biotrace.model.fuel_class import FuelClass
from biotrace.model.party import Party
from biotrace.services import issue as issuing
from biotrace.services.ledger_case import read_ledger
from biotrace.services.request import Request
from biotrace.services.sign import sign_casebook
from biotrace.services.workspace import init_workspace, open_workspace
from tests import casebooks
from tests.casebooks import KOUSEI, MARUMATSU, OTSU, OWNER, tonnes
from tests.workspaces import TODAY, contents, data, envelopes, papers, password, received

Run = Callable[..., Result]

PLACE = [
    *("--prefecture", "長野県", "--municipality", "〇〇市", "--oaza", "大字甲", "--aza", "字乙"),
    *("--place", "236-2", "--place", "237-1"),
]
FELLED = ["--area", "23.6110", "--felled-from", "2014-05-27", "--felled-until", "2014-06-20"]
PERMIT = ["--permit-date", "2014-05-08", "--permit-issuer", "〇〇市長", "--permit-number", "26-14"]
NOTICE = [
    *("--document-kind", "伐採届", "--document-number", "26-99", "--document-filed", "2014-04-25"),
    *("--document-accepted", "2014-05-08", "--document-issuer", "〇〇市長", "--document-places", "同じ"),
    *("--document-area", "23.6110", "--document-volume", "400", "--document-species", "スギ", "--method", "間伐"),
    *("--rate", "30", "--felling-from", "2014-05-27", "--felling-until", "2015-03-31"),
]


def desk(folder: Path, own: Party, book: Casebook) -> Path:
    """A party's workspace that has taken in a casebook."""
    with init_workspace(folder, (own, casebooks.BODY), lambda: TODAY - 86_400, password) as workspace:
        sign_casebook(workspace, book)
    return folder


@pytest.fixture
def producer(tmp_path: Path) -> Path:
    """The log producer kousei, with the notice 26-14 over 1,000 m³ and no certificate yet."""
    return desk(tmp_path / "kousei", KOUSEI, replace(papers(), certificates=(), deliveries=()))


def logged(folder: Path, kind: type[Any]) -> list[Any]:
    """The bodies of that kind in a ledger, in order."""
    with open_workspace(folder, lambda: TODAY, password) as workspace:
        bodies = [e.record.body for e in read_ledger(workspace.ledger).logged]
    return [body for body in bodies if isinstance(body, kind)]


PRIVATE = ["issue", "--form", "1-private", "--to", "乙チップ", "--quantity", "60m3", "--species", "スギ"]
PRIVATE += ["--origin", "間伐材", *PLACE, *PERMIT, *FELLED]


def test_a_felling_certificate_on_a_document_of_the_ledger(run: Run, producer: Path) -> None:
    result = run(*PRIVATE, "--document", "26-14", "-w", producer, "--format", "json")
    assert result.exit_code == 0, result.output
    certificate = data(result)["certificate"]
    assert certificate["form"] == "1-private"
    assert certificate["number"] == "2014-0001"
    assert certificate["accreditation_number"] == "長木-012"
    assert certificate["statements"] == ["all_of_class", "segregated"]
    assert len(certificate["documents"]) == 1
    assert len(certificate["locations"]) == 2
    text = pypdf.PdfReader(data(result)["pdf"]).pages[0].extract_text()
    assert "別記1" in text or "間伐材等由来の木質バイオマス証明" in text
    assert run("verify", "2014-0001", "-w", producer).exit_code == 0


def test_with_a_new_document_and_its_scan(run: Run, producer: Path, tmp_path: Path) -> None:
    scan = tmp_path / "notice.pdf"
    scan.write_bytes(b"%PDF-1.4 notice")
    arguments = [*PRIVATE[: -len(PERMIT) - len(FELLED)], *PERMIT[:-1], "26-99", *FELLED, *NOTICE, "--scan", scan]
    before = contents(producer)
    tried = run(*arguments, "--dry-run", "-w", producer)
    assert tried.exit_code == 0, tried.output
    assert contents(producer) == before
    result = run(*arguments, "-w", producer, "--format", "json")
    assert result.exit_code == 0, result.output
    document = logged(producer, Document)[-1]
    assert (document.number, [f.media_type for f in document.files]) == ("26-99", ["application/pdf"])
    assert (producer / "files" / document.files[0].sha256.hex()).read_bytes() == b"%PDF-1.4 notice"
    assert data(result)["certificate"]["documents"] == [document.id]
    shown = run("show", "2014-0001", "-w", producer)
    assert shown.exit_code == 0


def test_national_forest_and_general_wood(run: Run, tmp_path: Path) -> None:
    national = replace(casebooks.national(), certificates=(), deliveries=())
    folder = desk(tmp_path / "national", KOUSEI, national)
    arguments = ["issue", "--form", "1-national", "--to", "otsu", "--quantity", "60m3", "--species", "スギ"]
    arguments += ["--origin", "国有林", "--forest-office", "北信森林管理署", "--prefecture", "長野県"]
    arguments += ["--municipality", "〇〇市", "--compartments", "12い-3", *FELLED, "--document", "26-14"]
    assert run(*arguments, "-w", folder).exit_code == 0
    general = desk(tmp_path / "general", KOUSEI, replace(casebooks.general(), certificates=(), deliveries=()))
    arguments = ["issue", "--form", "1-1", "--to", "otsu", "--quantity", "60m3", "--species", "スギ"]
    arguments += ["--origin", "主伐材", *PLACE, *PERMIT, *FELLED, "--document", "26-14"]
    result = run(*arguments, "-w", general, "--format", "json")
    assert result.exit_code == 0, result.output
    assert data(result)["certificate"]["class"] == "general"


def test_wood_that_needs_no_procedure_by_its_owner(run: Run, tmp_path: Path) -> None:
    folder = desk(tmp_path / "owner", OWNER, replace(casebooks.homestead(), certificates=(), deliveries=()))
    arguments = ["issue", "--form", "1-2", "--to", "otsu", "--quantity", "2t", "--species", "サクラ"]
    said = ["--statement", "全てこの区分", "--statement", "建廃混入なし"]
    result = run(*arguments, "--origin", "屋敷林", *PLACE, *said, "-w", folder, "--format", "json")
    assert result.exit_code == 0, result.output
    assert data(result)["certificate"]["statements"] == ["all_of_class", "no_construction_waste"]
    assert "全て屋敷林であること" in pypdf.PdfReader(data(result)["pdf"]).pages[0].extract_text()


def test_from_a_file_and_its_template(run: Run, producer: Path, tmp_path: Path) -> None:
    file = tmp_path / "felling.yaml"
    made = run("issue", "--template", file, "--to", "乙チップ", "-w", producer)
    assert made.exit_code == 0, made.output
    scan = tmp_path / "scan.pdf"
    scan.write_bytes(b"%PDF-1.4 scan")
    text = file.read_text(encoding="utf-8").replace("# files: [scan.pdf] ", "files: [scan.pdf] ")
    file.write_text(text.replace('"26-14"', '"26-77"'), encoding="utf-8")
    before = contents(producer)
    tried = run("issue", "--file", file, "--dry-run", "-w", producer)
    assert tried.exit_code == 0, tried.output
    assert contents(producer) == before
    result = run("issue", "--file", file, "-w", producer, "--format", "json")
    assert result.exit_code == 0, result.output
    assert data(result)["subject"] == "1-private/2014-0001"
    assert (producer / "files").is_dir()
    (certificate,) = logged(producer, Certificate)
    assert (certificate.seller, certificate.buyer) == ("kousei", "otsu")
    again = run("issue", "--template", file, "-w", producer)
    assert (again.exit_code, "すでにあります" in again.stderr) == (2, True)


def test_a_file_that_is_refused_leaves_nothing(run: Run, producer: Path, tmp_path: Path) -> None:
    file = tmp_path / "felling.yaml"
    assert run("issue", "--template", file, "--to", "乙チップ", "-w", producer).exit_code == 0
    (tmp_path / "scan.pdf").write_bytes(b"%PDF-1.4 scan")
    text = file.read_text(encoding="utf-8").replace("# files: [scan.pdf] ", "files: [scan.pdf] ")
    text = text.replace('"26-14"', '"26-77"')
    before = contents(producer)
    file.write_text(text.replace("value: 100", "value: 100000"), encoding="utf-8")
    assert run("issue", "--file", file, "-w", producer).exit_code == 1
    file.write_text(text.replace("form: 1-private", "form: 2-1"), encoding="utf-8")
    other = run("issue", "--file", file, "-w", producer)
    assert (other.exit_code, "ちょうど1件" in other.stderr) == (2, True)
    file.write_text(text.replace('seller: "kousei"', 'seller: "otsu"'), encoding="utf-8")
    assert run("issue", "--file", file, "-w", producer).exit_code == 2
    assert contents(producer) == before


REFUSED = {
    "no place": (["--form", "1-private", "--origin", "間伐材", *PERMIT, *FELLED, "--document", "26-14"], "L401", 1),
    "no document": (["--form", "1-private", "--origin", "間伐材", *PLACE, *PERMIT, *FELLED], "H302", 1),
    "a final felling": (
        ["--form", "1-private", "--origin", "主伐材", *PLACE, *PERMIT, *FELLED, "--document", "26-14"],
        "H",
        1,
    ),
    "draws": (["--form", "1-1", *PLACE, "--from", "f-1=1m3"], "何も引き当てません", 2),
    "no such document": (["--form", "1-1", *PLACE, "--document", "26-999"], "台帳にありません", 2),
    "places on 2-1": ([*PLACE], "伐採段階の様式に書きます", 2),
    "a class of another form": (["--form", "2-4", "--class", "thinned"], "証明できません", 2),
    "no stock": (["--form", "2-4"], "在庫がありません", 1),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_is_missing_is_said_and_nothing_is_written(case: str, run: Run, producer: Path) -> None:
    arguments, words, exit_code = REFUSED[case]
    before = contents(producer)
    result = run("issue", "--to", "otsu", "--quantity", "60m3", "--species", "スギ", *arguments, "-w", producer)
    assert result.exit_code == exit_code, result.output
    assert words in result.output
    assert contents(producer) == before


def test_a_producer_whose_accreditation_ran_out_certifies_nothing(run: Run, tmp_path: Path) -> None:
    book = casebooks.change_accreditation(papers(), "kousei", until=date(2014, 10, 31))
    folder = desk(tmp_path / "late", KOUSEI, replace(book, certificates=(), deliveries=()))
    result = run(*PRIVATE, "--document", "26-14", "-w", folder)
    assert (result.exit_code, "A203" in result.stdout) == (1, True)


# processing: delivery notes, residues, yards, what is remembered


def test_a_delivery_note_is_a_certificate(run: Run, mill: Path) -> None:
    for number, options in (("n-1", ["--form", "2-2"]), ("n-2", ["--medium", "delivery_note"])):
        arguments = ["--to", "第八", "--quantity", "5t", "--number", number, *options]
        result = run("issue", *arguments, "-w", mill, "--format", "json")
        assert result.exit_code == 0, result.output
        assert data(result)["certificate"]["medium"] == "delivery_note"
        assert "納品書" in pypdf.PdfReader(data(result)["pdf"]).pages[0].extract_text()
    general = run("issue", "--to", "第八", "--quantity", "5t", "--form", "2-2", "--class", "general", "-w", mill)
    assert (general.exit_code, "在庫がありません" in general.stdout) == (1, True)


def test_residues_draw_on_logs_of_either_class(run: Run, tmp_path: Path) -> None:
    book = casebooks.residues()
    logs = tuple(c for c in book.certificates if c.form.is_source)
    folder = desk(tmp_path / "sawmill", MARUMATSU, replace(book, certificates=logs, deliveries=()))
    arguments = ["issue", "--form", "2-3", "--to", "第八", "--quantity", "30t", "--moisture", "0.4", "-w", folder]
    result = run(*arguments, "--format", "json")
    assert result.exit_code == 0, result.output
    answer = data(result)
    assert [d["subject"] for d in answer["draws"]] == [c.id for c in logs][: len(answer["draws"])]
    certificate = answer["certificate"]
    assert (certificate["origin"], certificate["goods"], certificate["process"]) == ("offcuts", "offcuts", "sawing")
    assert certificate["statements"] == ["all_of_class", "segregated", "logs_all_thinned_or_general"]
    assert run("verify", "2014-0001", "-w", folder).exit_code == 0


def test_a_yard_limits_what_is_drawn_and_stands_on_the_certificate(run: Run, tmp_path: Path) -> None:
    book = casebooks.change(casebooks.change(received(), "f-1", to_site="第一"), "f-2", to_site="第二")
    folder = desk(tmp_path / "mill", OTSU, book)
    for name in ("第一", "第二"):
        assert run("party", "yard", "add", name, "-w", folder).exit_code == 0
    logs = ["issue", "--to", "plant-8", "--goods", "logs", "-w", folder, "--format", "json", "--quantity"]
    second = run(*logs, "30m3", "--yard", "第二")
    assert second.exit_code == 0, second.output
    assert [d["subject"] for d in data(second)["draws"]] == ["f-2"]
    assert data(second)["certificate"]["from_site"] == "第二"
    first = run(*logs, "30m3")
    assert data(first)["certificate"]["from_site"] == "第一"
    over = run("issue", "--to", "plant-8", "--goods", "logs", "--quantity", "30m3", "--yard", "第二", "-w", folder)
    assert over.exit_code == 1
    assert "20 ㎥ まで引き当て可能、10 ㎥ 不足" in over.stdout
    assert "別の置場にある: 第一" in over.stdout


def test_the_last_certificate_to_a_buyer_is_remembered_and_told(run: Run, mill: Path) -> None:
    first = ["--goods", "pin_chips", "--vehicle", "28-58", "--to-site", "第八ヤード", "--number", "26-001"]
    assert run("issue", "--to", "第八", "--quantity", "5t", *first, "-w", mill).exit_code == 0
    second = run("issue", "--to", "第八", "--quantity", "5t", "-w", mill)
    assert "2-1/26-002" in second.stdout
    assert (
        "前回 2-1/26-001 と同じにしました: 品目 ピンチップ、加工 チップ加工、車番 28-58、納入場所 第八ヤード"
        in second.stdout
    )
    third = run("issue", "--to", "第八", "--quantity", "5t", "--vehicle", "30-00", "-w", mill, "--format", "json")
    certificate = data(third)["certificate"]
    assert (certificate["vehicle"], certificate["goods"]) == ("30-00", "pin_chips")
    bare = run("issue", "--to", "第八", "--quantity", "5t", "--no-defaults", "-w", mill, "--format", "json")
    assert "vehicle" not in data(bare)["certificate"]
    other = run("issue", "--to", "平和", "--quantity", "5t", "-w", mill, "--format", "json")
    assert data(other)["certificate"]["goods"] == "cutting_chips"


def test_a_scan_is_held_with_the_certificate(run: Run, mill: Path, tmp_path: Path) -> None:
    scan = tmp_path / "slip.png"
    scan.write_bytes(b"\x89PNG\r\n\x1a\n picture")
    result = run("issue", "--to", "第八", "--quantity", "5t", "--scan", scan, "-w", mill, "--format", "json")
    assert result.exit_code == 0, result.output
    (file,) = logged(mill, Certificate)[-1].files
    assert (file.media_type, (mill / "files" / file.sha256.hex()).read_bytes()) == ("image/png", scan.read_bytes())
    twice = run("issue", "--to", "第八", "--quantity", "5t", "--scan", scan, "--scan", scan, "-w", mill)
    assert (twice.exit_code, "同じ内容" in twice.stderr) == (2, True)


def test_a_full_disk_keeps_no_scan_and_issues_nothing(
    run: Run, mill: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    scan = tmp_path / "slip.png"
    scan.write_bytes(b"\x89PNG\r\n\x1a\n picture")
    before = contents(mill)

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", full)
        result = run("issue", "--to", "第八", "--quantity", "5t", "--scan", scan, "-w", mill)
    assert (result.exit_code, contents(mill) == before) == (2, True)


def test_two_at_once_get_different_numbers_or_one_is_told(mill: Path) -> None:
    """Both leave the number to us; whoever comes second is refused, and gets the next one when it is run again."""
    outcomes: list[str] = []
    start = threading.Barrier(2)
    wanted = Request("plant-8", tonnes(1), FuelClass.THINNED, date(2014, 11, 19))

    def truck() -> None:
        with open_workspace(mill, lambda: TODAY, password) as workspace:
            start.wait()
            try:
                result = issuing.issue(workspace, wanted)
                outcomes.append(str(result.certificate.number) if isinstance(result, issuing.Issued) else "refused")
            except BiotraceError as error:
                outcomes.append(error.code)

    known = len(envelopes(mill))
    threads = [threading.Thread(target=truck) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) in (["2014-0001", "2014-0002"], ["2014-0001", "conflict"], ["2014-0001", "ledger-busy"])
    numbers = [c.number for c in logged(mill, Certificate) if c.seller == "otsu"]
    assert len(set(numbers)) == len(numbers) == len(envelopes(mill)) - known
