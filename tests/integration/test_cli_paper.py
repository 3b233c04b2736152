"""``biotrace pdf`` and ``scan``: a certificate onto paper, and what a gate learns from its QR code alone."""

from __future__ import annotations

import base64
import hashlib
import io
import json
import re
import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import pypdf
import pytest
import qrcode
from click.testing import Result
from PIL import Image
from reportlab.pdfgen.canvas import Canvas

from biotrace.chain.kinds import RecordKind
from biotrace.chain.qrparts import split
from biotrace.chain.qrtext import to_text
from biotrace.chain.record import Signer, parse_record
from biotrace.documents.raster import page_picture
from biotrace.model.certificate import Certificate
from biotrace.services.key_files import KeyFiles, KeyName
from biotrace.services.sign import sign_casebook
from biotrace.services.workspace import init_workspace
from tests import casebooks
from tests.builders import ChainBuilder
from tests.workspaces import TODAY, contents, data, envelopes, password, received

Run = Callable[..., Result]


@pytest.fixture
def paper(run: Run, mill: Path) -> Path:
    """The PDF of a certificate that the mill issued: 6.58 t to plant-8."""
    arguments = ["--to", "plant-8", "--quantity", "6.58t", "--moisture", "0.42", "--vehicle", "28-58"]
    return Path(data(run("issue", *arguments, "-w", mill, "--format", "json"))["pdf"])


@pytest.fixture
def text(paper: Path, mill: Path) -> str:
    """The text of its QR code."""
    assert paper.is_file()
    return to_text(envelopes(mill)[-1])


# pdf


def test_a_certificate_is_printed_again_byte_by_byte(run: Run, mill: Path, paper: Path, tmp_path: Path) -> None:
    again = tmp_path / "folder" / "again.pdf"
    result = run("pdf", "2014-0001", "-w", mill, "--out", again)
    assert result.exit_code == 0
    assert f"PDFを書きました: {again}" in result.stdout
    assert again.read_bytes() == paper.read_bytes()
    western = data(run("pdf", "2014-0001", "-w", mill, "-o", tmp_path / "w.pdf", "--western", "--format", "json"))
    assert western["bytes"] == (tmp_path / "w.pdf").stat().st_size
    assert (tmp_path / "w.pdf").read_bytes() != paper.read_bytes()


def test_western_dates_by_setting_and_option(run: Run, mill: Path, paper: Path, tmp_path: Path) -> None:
    def printed(*options: str) -> bytes:
        path = tmp_path / f"{len(list(tmp_path.iterdir()))}.pdf"
        assert run("pdf", "2014-0001", "-w", mill, "-o", path, *options).exit_code == 0
        return path.read_bytes()

    era, western = printed(), printed("--western")
    assert era == paper.read_bytes() != western
    settings = mill / "biotrace.json"
    said = json.loads(settings.read_bytes())
    settings.write_text(json.dumps(said | {"western_dates": True}), encoding="utf-8")
    assert printed() == western
    assert printed("--era") == era
    ten = ["issue", "--to", "plant-8", "--quantity", "1t", "--moisture", "0.42", "-w", mill]
    assert "2014年11月19日" in by_pypdf(Path(data(run(*ten, "--format", "json"))["pdf"]))
    assert "平成26年11月19日" in by_pypdf(Path(data(run(*ten, "--era", "--format", "json"))["pdf"]))


def by_pypdf(path: Path) -> str:
    return "".join(page.extract_text() for page in pypdf.PdfReader(path).pages)


def test_a_setting_that_is_neither_true_nor_false_is_named(run: Run, mill: Path, tmp_path: Path) -> None:
    settings = mill / "biotrace.json"
    said = json.loads(settings.read_bytes())
    settings.write_text(json.dumps(said | {"western_dates": "yes"}), encoding="utf-8")
    before = contents(mill)
    for command in (["pdf", "f-1", "-o", tmp_path / "x.pdf"], ["issue", "--to", "plant-8", "--quantity", "1t"]):
        result = run(*command, "-w", mill)
        assert (result.exit_code, result.stdout) == (2, "")
        assert "western_dates は true か false です" in result.stderr
    assert run("pdf", "f-1", "-o", tmp_path / "x.pdf", "--era", "-w", mill).exit_code == 0
    assert contents(mill) == before


def test_a_delivery_prints_as_the_slip_that_goes_with_it(run: Run, tmp_path: Path) -> None:
    folder = tmp_path / "plant"
    with init_workspace(folder, (casebooks.PLANT,), lambda: TODAY, password) as workspace:
        sign_casebook(workspace, replace(casebooks.clean(), parties=casebooks.PARTIES))
    result = run("pdf", "d-1", "-w", folder, "-o", tmp_path / "d-1.pdf")
    assert result.exit_code == 0
    text = re.sub(r"\s", "", by_pypdf(tmp_path / "d-1.pdf"))
    for words in ("証明書兼納品書", "転記写し", "平成26年11月19日8時40分", "①間伐材等由来", "乙チップ工業株式会社"):
        assert words in text
    found = data(run("scan", tmp_path / "d-1.pdf", "--trust", folder / "trust.json", "--format", "json"))
    assert [each["subject"] for each in found] == ["p-1", "d-1"]
    with closing(sqlite3.connect(folder / "ledger.sqlite")) as database, database:
        database.execute("UPDATE entry SET envelope = zeroblob(8) WHERE subject = 'p-1'")
    broken = run("pdf", "d-1", "-w", folder, "-o", tmp_path / "again.pdf", lang="en")
    assert broken.exit_code == 2
    assert "the certificate that the delivery cites is damaged" in broken.stderr


def test_its_name_says_which_it_is(run: Run, mill: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    result = run("pdf", "f-1", "-w", mill, lang="en")
    assert result.exit_code == 0
    (made,) = tmp_path.glob("f-1-????????.pdf")
    assert f"PDF written: {made.name}" in result.stdout


@pytest.mark.parametrize(
    ("record", "ja", "en"),
    [
        ("doc-1", "「doc-1」には写しのファイルがありません", "doc-1 names no stored file"),
        ("otsu", "証明書・納入・根拠書類ではありません", "supporting document"),
        ("f-11", "近いもの: f-1", "nearest: f-1"),
    ],
)
def test_what_cannot_be_printed_is_refused(record: str, ja: str, en: str, run: Run, mill: Path, tmp_path: Path) -> None:
    for lang, words in (("ja", ja), ("en", en)):
        result = run("pdf", record, "-w", mill, "--out", tmp_path / "x.pdf", lang=lang)
        assert (result.exit_code, result.stdout) == (2, "")
        assert words in result.stderr
    assert not (tmp_path / "x.pdf").exists()


def test_no_file_is_written_over(run: Run, mill: Path, paper: Path) -> None:
    before = contents(mill)
    result = run("pdf", "2014-0001", "-w", mill, "--out", paper)
    assert result.exit_code == 2
    assert "すでにあります" in result.stderr
    assert "exists already" in run("pdf", "2014-0001", "-w", mill, "--out", mill / "keys", lang="en").stderr
    assert contents(mill) == before


# scan


@pytest.fixture
def large(run: Run, tmp_path: Path) -> Path:
    """The workspace of a mill that issued one certificate which draws on sixty."""
    book = received()
    one = casebooks.find(book, "f-1")
    many = tuple(replace(one, id=f"f-{i}", number=f"第{i}号", quantity=casebooks.m3(2)) for i in range(60))
    mill = tmp_path / "large"
    with init_workspace(mill, (casebooks.OTSU, casebooks.BODY), lambda: TODAY - 86_400, password) as workspace:
        sign_casebook(workspace, replace(book, certificates=many))
    arguments = ["--to", "plant-8", "--quantity", "120m3", "--goods", "logs", "-o", tmp_path / "large.pdf"]
    assert run("issue", *arguments, "-w", mill).exit_code == 0
    return mill


def test_a_record_too_large_for_one_code_is_read_from_several(run: Run, large: Path, tmp_path: Path) -> None:
    trust = ["--trust", large / "trust.json"]
    whole = run("scan", tmp_path / "large.pdf", *trust)
    assert whole.exit_code == 0
    assert whole.stdout.startswith("○ 受け取れます\n")
    texts = split(envelopes(large)[-1])
    assert len(texts) > 3
    files = []
    for number, text in enumerate(texts):
        files.append(tmp_path / f"{number}.txt")
        files[-1].write_text(text)
    assert run("scan", *files[::-1], *trust).stdout == whole.stdout
    both = tmp_path / "all.txt"
    both.write_text("\r\n".join(texts[::-1]))
    assert run("scan", both, *trust).stdout == whole.stdout
    for lang, words in (("ja", "2 番がありません"), ("en", "these are missing: 2")):
        result = run("scan", files[0], *files[2:], *trust, lang=lang)
        assert (result.exit_code, result.stdout) == (2, "")
        assert words in result.stderr
        assert "0.txt" in result.stderr
    stray = tmp_path / "stray.txt"
    stray.write_text(split(bytes(2_000))[0])
    lost = run("scan", *files, stray, *trust, lang="en")
    assert lost.exit_code == 2
    assert "of the 3 QR codes of record" in lost.stderr


def test_a_later_version_of_a_part_asks_for_an_update(run: Run, mill: Path, tmp_path: Path) -> None:
    code = tmp_path / "code.txt"
    code.write_text("BT2P/1/2/ABCD1234/AB")
    result = run("scan", code, "--trust", mill / "trust.json", lang="en")
    assert result.exit_code == 2
    assert "update biotrace" in result.stderr


def test_a_gate_learns_who_signed_what_and_no_more(run: Run, mill: Path, paper: Path) -> None:
    result = run("scan", paper, "--trust", mill / "trust.json", "--details")
    assert result.exit_code == 0
    for words in (
        "署名者: 乙チップ工業株式会社",
        "主張: 間伐材等由来  6.58 t  水分 42%",
        "切削チップ  スギ  車番 28-58",
        "乙チップ工業株式会社 → 第八バイオマス発電所",
        "由来はたどっていません",
    ):
        assert words in result.stdout
    assert "適合" not in result.stdout
    english = run("scan", paper, "--trust", mill / "trust.json", "--details", lang="en").stdout
    assert "signed by 乙チップ工業株式会社" in english
    assert "origin not traced" in english


def test_pdf_picture_text_and_standard_input_say_the_same(
    run: Run, mill: Path, paper: Path, text: str, tmp_path: Path
) -> None:
    (tmp_path / "page.png").write_bytes(page_picture(paper.read_bytes(), 150))
    (tmp_path / "code.txt").write_bytes(b"\xef\xbb\xbf" + text.encode() + b"\r\n")
    trust = ["--trust", mill / "trust.json", "--format", "json"]
    answers = [data(run("scan", path, *trust)) for path in (paper, tmp_path / "page.png", tmp_path / "code.txt")]
    answers.append(data(run("scan", "-", *trust, stdin=text.encode())))
    assert [answer[0].pop("files") for answer in answers] == [[paper.name], ["page.png"], ["code.txt"], ["stdin"]]
    assert all(answer == answers[0] for answer in answers)
    (scanned,) = answers[0]
    assert (scanned["sound"], scanned["signed_by"], scanned["origin_traced"]) == (True, "乙チップ工業株式会社", False)
    assert scanned["body"]["quantity"] == {"value": 6.58, "unit": "t", "moisture": 0.42}
    assert scanned["record_id"] in [envelope_id(envelope) for envelope in envelopes(mill)]


def envelope_id(envelope: bytes) -> str:
    return hashlib.sha256(envelope).hexdigest()


def test_the_issuers_key_alone_verifies_but_tells_nothing_of_the_accreditation(
    run: Run, mill: Path, paper: Path, tmp_path: Path
) -> None:
    (tmp_path / "hex.pub").write_text(bytes_of_key(mill).hex())
    for key in (mill / "keys/device.pub", tmp_path / "hex.pub"):
        result = run("scan", paper, "--key", key, "--details", lang="en")
        assert result.exit_code == 1
        assert result.stdout.startswith("△ ASK FIRST\n")
        assert "signed by the key given, which calls itself 乙チップ工業株式会社" in result.stdout
        assert "A203 2-1/2014-0001: not checked: nothing is known of the issuer's accreditation" in result.stdout


def bytes_of_key(mill: Path) -> bytes:
    return base64.b64decode((mill / "keys/device.pub").read_bytes())


def test_no_database_is_needed(run: Run, mill: Path, paper: Path, tmp_path: Path) -> None:
    trust = tmp_path / "trust.json"
    trust.write_bytes((mill / "trust.json").read_bytes())
    copy = tmp_path / "paper.pdf"
    copy.write_bytes(paper.read_bytes())
    for path in sorted(mill.rglob("*"), reverse=True):
        path.rmdir() if path.is_dir() else path.unlink()
    assert run("scan", copy, "--trust", trust).exit_code == 0


def test_an_unknown_key_and_a_foreign_trust_file_are_findings(run: Run, paper: Path, tmp_path: Path) -> None:
    run("init", tmp_path / "other", "--party", "other", "--name", "よその会社")
    by_trust = run("scan", paper, "--trust", tmp_path / "other/trust.json")
    assert by_trust.exit_code == 1
    assert by_trust.stdout.startswith("× 受け取らないで\n")
    assert "だれが作った紙か、分かりません" in by_trust.stdout
    by_key = run("scan", paper, "--key", tmp_path / "other/keys/device.pub", "--format", "json", lang="en")
    (scanned,) = data(by_key)
    assert (by_key.exit_code, scanned["sound"], scanned["signed_by"]) == (1, False, None)
    assert [(f["code"], f["found"]) for f in scanned["findings"]] == [("S102", "not signed by the key given")]


def test_a_certificate_altered_by_one_letter_is_caught(run: Run, mill: Path, text: str, tmp_path: Path) -> None:
    """Whatever character of the code is changed: a finding, or no code at all, never a signature."""
    code = tmp_path / "code.txt"
    for place in range(4, len(text), 37):
        other = "A" if text[place] != "A" else "B"
        code.write_text(text[:place] + other + text[place + 1 :])
        result = run("scan", code, "--trust", mill / "trust.json")
        assert result.exit_code in (1, 2), place
        assert "署名者" not in result.stdout


def test_a_key_signs_for_its_own_party_only(run: Run, tmp_path: Path) -> None:
    """otsu's key under a certificate of kousei, not marked as a transcription."""
    chain = ChainBuilder().story()
    body = chain["c-1"].body
    forged = chain.sign("otsu", RecordKind.CERTIFICATE, "c-9", body)
    code = tmp_path / "code.txt"
    code.write_text(to_text(forged.envelope))
    key = tmp_path / "key.pub"
    key.write_text(chain.signer("otsu").key.public.raw.hex())
    result = run("scan", code, "--key", key, "--details", lang="en")
    assert result.exit_code == 1
    assert "S102 c-9" in result.stdout
    assert "the key is otsu's" in result.stdout


def test_a_trusted_key_does_not_sign_in_anothers_name(run: Run, mill: Path, tmp_path: Path) -> None:
    """otsu's key, in the trust file as otsu's, under a record that calls its signer kousei."""
    key = KeyFiles(mill, password).get(KeyName.DEVICE)
    body = parse_record(envelopes(mill)[-1]).body
    assert isinstance(body, Certificate)
    body = replace(body, seller="kousei", draws=(), documents=())
    forged = Signer(key, "kousei").sign(RecordKind.CERTIFICATE, "c-9", body, TODAY)
    code = tmp_path / "code.txt"
    code.write_text(to_text(forged.envelope))
    result = run("scan", code, "--trust", mill / "trust.json", "--details", lang="en")
    assert result.exit_code == 1
    assert "S102 c-9" in result.stdout
    assert "the key is otsu's" in result.stdout


def test_a_name_that_only_the_record_states_is_shown_as_that(run: Run, mill: Path, paper: Path) -> None:
    bare = run("scan", paper, "--key", mill / "keys" / "device.pub", "--details")
    assert bare.exit_code == 1
    assert "渡された鍵で署名（名乗り: " in bare.stdout
    assert "署名者: " not in bare.stdout
    assert (
        data(run("scan", paper, "--key", mill / "keys" / "device.pub", "--format", "json"))[0]["named_by_trust"]
        is False
    )
    assert "署名者: " in run("scan", paper, "--trust", mill / "trust.json", "--details").stdout


def test_an_expired_accreditation_shows_at_the_gate(run: Run, mill: Path, paper: Path) -> None:
    trust = mill / "trust.json"
    trust.write_text(trust.read_text(encoding="utf-8").replace("2017-03-31", "2014-10-31"), encoding="utf-8")
    result = run("scan", paper, "--trust", trust, "--details", lang="en")
    assert result.exit_code == 1
    assert result.stdout.startswith("× DO NOT TAKE IT\n")
    assert "signed by" in result.stdout
    assert "A203 2-1/2014-0001: accreditation not in force" in result.stdout


def test_a_transcription_says_that_it_is_one(run: Run, mill: Path, tmp_path: Path) -> None:
    run("pdf", "f-1", "-w", mill, "--out", tmp_path / "f-1.pdf")
    result = run("scan", tmp_path / "f-1.pdf", "--trust", mill / "trust.json", "--details")
    assert result.stdout.startswith("△ 確かめてから\n")
    assert "が転記した写し" in result.stdout


def empty_page() -> bytes:
    target = io.BytesIO()
    canvas = Canvas(target)
    canvas.drawString(100, 700, "no code here")
    canvas.save()
    return target.getvalue()


def picture_of(code: str) -> bytes:
    target = io.BytesIO()
    made = qrcode.QRCode()
    made.add_data(code)
    made.make_image().save(target)
    return target.getvalue()


def blank_picture() -> bytes:
    target = io.BytesIO()
    Image.new("L", (400, 400), 255).save(target, "PNG")
    return target.getvalue()


UNREADABLE: dict[str, tuple[Callable[[str], bytes], str, str]] = {
    "a PDF without a code": (lambda _: empty_page(), "QRコードが見つかりません", "no QR code"),
    "a picture without a code": (lambda _: blank_picture(), "QRコードが見つかりません", "no QR code"),
    "a web address": (
        lambda _: picture_of("https://example.org/"),
        "biotrace のQRコードではありません",
        "is not biotrace's",
    ),
    "a broken PDF": (lambda _: b"%PDF-1.7 broken", "PDFが壊れていて", "the PDF is damaged"),
    "a broken picture": (lambda _: b"\x89PNG\r\n\x1a\n" + bytes(40), "bad", "bad"),
    "a casebook": (lambda _: b"biotrace: casebook/1\n", "いずれでもありません", "neither a PDF nor an image"),
    "nothing": (lambda _: b"", "いずれでもありません", "neither a PDF nor an image"),
    "a text that ends early": (
        lambda text: text[: len(text) * 2 // 3 // 3 * 3 + 4].encode(),
        "途中で切れています",
        "ends early",
    ),
    "its first characters": (lambda text: text[:6].encode(), "QRコード", "QR code"),
    "a later version": (lambda text: text.replace("BT1:", "BT2:").encode(), "更新してください", "update biotrace"),
    "not base45": (lambda text: text.encode() + b":::", "文字が正しくありません", "is garbled"),
}


@pytest.mark.parametrize("case", UNREADABLE)
def test_what_shows_no_code_is_refused(case: str, run: Run, mill: Path, text: str, tmp_path: Path) -> None:
    make, ja, en = UNREADABLE[case]
    file = tmp_path / "bad"
    file.write_bytes(make(text))
    for lang, words in (("ja", ja), ("en", en)):
        result = run("scan", file, "--trust", mill / "trust.json", lang=lang)
        assert (result.exit_code, result.stdout) == (2, "")
        assert words in result.stderr


NO_TRUST: dict[str, tuple[list[str], bytes, str, str]] = {
    "a private key": (["--key"], b"-----BEGIN PRIVATE KEY-----", "公開鍵として読めません", "is no public key"),
    "a key cut short": (["--key"], b"00" * 31, "公開鍵として読めません", "is no public key"),
    "a weak key": (["--key"], b"01" + b"00" * 31, "公開鍵として読めません", "is no public key"),
    "no JSON": (["--trust"], b"{", "信頼ファイル（trust/1）として", "is no trust file"),
    "a list": (["--trust"], b"[]", "信頼ファイル（trust/1）として", "is no trust file"),
    "another file": (["--trust"], b'{"biotrace": "casebook/1"}', "信頼ファイル（trust/1）として", "is no trust file"),
    "no keys": (["--trust"], b'{"biotrace": "trust/1"}', "信頼ファイル（trust/1）として", "is no trust file"),
    "another version": (["--trust"], b'{"biotrace": "trust/2"}', "biotrace を更新", "update biotrace"),
    "garbled keys": (
        ["--trust"],
        json.dumps({"biotrace": "trust/1", "keys": [{"public": "?"}], "parties": {}}).encode(),
        "信頼ファイル（trust/1）として",
        "is no trust file",
    ),
}


@pytest.mark.parametrize("case", NO_TRUST)
def test_without_a_key_to_go_by_nothing_is_said(case: str, run: Run, paper: Path, tmp_path: Path) -> None:
    option, content, ja, en = NO_TRUST[case]
    (tmp_path / "given").write_bytes(content)
    given = [*option, tmp_path / "given"]
    for lang, words in (("ja", ja), ("en", en)):
        result = run("scan", paper, *given, lang=lang)
        assert (result.exit_code, result.stdout) == (2, "")
        assert words in result.stderr


def test_a_page_is_not_printed_without_a_document_that_it_should_list(run: Run, mill: Path, tmp_path: Path) -> None:
    with closing(sqlite3.connect(mill / "ledger.sqlite")) as database, database:
        database.execute("UPDATE entry SET envelope = zeroblob(8) WHERE subject = 'doc-1'")
    result = run("pdf", "f-1", "-w", mill, "--out", tmp_path / "f-1.pdf")
    assert result.exit_code == 2
    assert "添付する根拠書類の記録" in result.stderr
    assert not (tmp_path / "f-1.pdf").exists()


def test_the_age_of_a_trust_file_is_told_then_warned_of_then_refused(
    run: Run, mill: Path, paper: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def after(days: int) -> None:
        monkeypatch.setattr("cli.console.time", SimpleNamespace(time=lambda: TODAY + days * 86_400))

    trust = ["scan", paper, "--trust", mill / "trust.json"]
    after(3)
    assert "時点のもの（4日前）" in run(*trust).stdout
    after(29)
    assert "get a new trust.json" in run(*trust, lang="en").stdout
    after(89)
    for lang, words in (("ja", "90日以上たったので使えません"), ("en", "too old to be used")):
        refused = run(*trust, lang=lang)
        assert (refused.exit_code, refused.stdout) == (2, "")
        assert words in refused.stderr
    assert run(*trust, "--refuse-days", "120").exit_code == 0


def test_a_gate_with_a_workspace_needs_no_trust_file(run: Run, mill: Path, paper: Path) -> None:
    result = run("scan", paper, "-w", mill, "--plant", "plant-8", "--details", lang="en")
    assert result.exit_code == 0
    assert "signed by 乙チップ工業株式会社" in result.stdout
