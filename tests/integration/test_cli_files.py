"""Files that records name: from the casebook into the workspace, on to a partner, and shown to whoever asks."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from biotrace.chain import bundle
from biotrace.chain.record import parse_record
from biotrace.documents.casebook import write_casebook
from biotrace.errors import IntegrityError
from biotrace.model.casebook import Casebook
from biotrace.model.retention import StoredFile
from biotrace.model.text import Text
from biotrace.services.sign import sign_casebook
from biotrace.services.stored_files import stored
from biotrace.services.workspace import init_workspace, open_workspace
from biotrace.store import foreign
from cli.console import Console
from cli.enclosures import file_line
from tests import casebooks
from tests.integration.conftest import Run
from tests.workspaces import TODAY, contents, data, envelopes, papers, password

PERMIT, SCAN, SLIP = b"%PDF-1.7 the notice", b"\xff\xd8\xff page 2", b"weighed: 30 t"
NAMED = {"doc-1": ("permit.pdf", "scans/p2.jpg"), "f-1": ("伝票.pdf",)}
SHA256 = [hashlib.sha256(content).hexdigest() for content in (PERMIT, SCAN, SLIP)]


def felling() -> Casebook:
    """What the log producer holds: a notice in two files, and a certificate with one."""
    book = papers()
    book = casebooks.remove(casebooks.remove(book, "d-1"), "p-1")
    return replace(book, files=NAMED)


def lay_out(folder: Path, book: Casebook) -> Path:
    """The casebook and the files that it names, in a folder."""
    (folder / "scans").mkdir(parents=True, exist_ok=True)
    (folder / "permit.pdf").write_bytes(PERMIT)
    (folder / "scans/p2.jpg").write_bytes(SCAN)
    (folder / "伝票.pdf").write_bytes(SLIP)
    path = folder / "casebook.yaml"
    path.write_text(write_casebook(book), encoding="utf-8")
    return path


@pytest.fixture(scope="session")
def begun(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """kousei, which has signed nothing yet, and otsu, its customer."""
    folder = tmp_path_factory.mktemp("files")
    for name, party in (("kousei", casebooks.KOUSEI), ("otsu", casebooks.OTSU)):
        init_workspace(folder / name, (party, casebooks.BODY), lambda: TODAY - 86_400, password).close()
    return folder


@pytest.fixture
def desk(begun: Path, tmp_path: Path) -> Path:
    """A folder with both workspaces, and a casebook with its files in ``papers``."""
    folder = Path(shutil.copytree(begun, tmp_path / "desk"))
    lay_out(folder / "papers", felling())
    return folder


def sign(run: Run, desk: Path) -> Any:
    result = run("sign", desk / "papers/casebook.yaml", "-w", desk / "kousei", "--format", "json")
    assert result.exit_code == 0, result.output
    return data(result)


def held(folder: Path) -> list[str]:
    """Names of what lies among the copies, whatever it is."""
    return sorted(path.name for path in (folder / "files").iterdir()) if (folder / "files").is_dir() else []


def refused(run: Run, *arguments: object, ja: str, en: str, code: str = "file") -> None:
    """That it is told in both languages."""
    for lang, words in (("ja", ja), ("en", en)):
        result = run(*arguments, lang=lang)
        assert (result.exit_code, result.stdout) == (2, ""), result.output
        assert words in result.stderr
        assert ("対処: " if lang == "ja" else "what to do: ") in result.stderr
    assert json.loads(run(*arguments, "--format", "json").stderr)["error"] == code


# sign


def test_signing_copies_the_files_and_states_their_hashes(run: Run, desk: Path) -> None:
    for lang, words in (("ja", "書類のファイル 3 件の写し"), ("en", "3 files copied")):
        twin = desk / f"kousei-{lang}"
        shutil.copytree(desk / "kousei", twin)
        result = run("sign", desk / "papers/casebook.yaml", "-w", twin, lang=lang)
        assert result.exit_code == 0, result.output
        assert words in result.stdout
        assert held(twin) == sorted(SHA256)
    shown = data(run("show", "doc-1", "-w", twin, "--format", "json"))
    assert shown["body"]["files"] == [
        {"sha256": SHA256[0], "size": len(PERMIT), "media_type": "application/pdf"},
        {"sha256": SHA256[1], "size": len(SCAN), "media_type": "image/jpeg"},
    ]
    shown = data(run("show", "f-1", "-w", twin, "--format", "json"))
    assert [f["media_type"] for f in shown["files"]] == ["application/octet-stream"]  # it is called .pdf, and is none


def test_the_same_casebook_again_adds_nothing(run: Run, desk: Path) -> None:
    assert sign(run, desk)["files"] == 3
    before = contents(desk / "kousei")
    again = sign(run, desk)
    assert (again["added"], again["files"]) == (0, 0)
    assert contents(desk / "kousei") == before


def test_a_lost_copy_comes_back_by_signing_again(run: Run, desk: Path) -> None:
    sign(run, desk)
    (desk / "kousei/files" / SHA256[0]).unlink()
    (desk / "kousei/files" / SHA256[1]).write_bytes(b"rotten")
    again = sign(run, desk)
    assert (again["added"], again["files"]) == (0, 2)
    assert held(desk / "kousei") == sorted(SHA256)


def test_an_entry_that_gained_a_file_is_another_entry(run: Run, desk: Path) -> None:
    sign(run, desk)
    (desk / "papers/more.png").write_bytes(b"\x89PNG\r\n\x1a\n")
    lay_out(desk / "papers", replace(felling(), files={**NAMED, "doc-1": (*NAMED["doc-1"], "more.png")}))
    before = contents(desk / "kousei")
    refused(
        run,
        *("sign", desk / "papers/casebook.yaml", "-w", desk / "kousei"),
        ja="違いは files にも",
        en="its files differ",
        code="other-content",
    )
    assert contents(desk / "kousei") == before


def missing(folder: Path) -> None:
    (folder / "scans/p2.jpg").unlink()


def empty(folder: Path) -> None:
    (folder / "scans/p2.jpg").write_bytes(b"")


def a_folder(folder: Path) -> None:
    missing(folder)
    (folder / "scans/p2.jpg").mkdir()


def a_pipe(folder: Path) -> None:
    missing(folder)
    os.mkfifo(folder / "scans/p2.jpg")


def a_way_out(folder: Path) -> None:
    missing(folder)
    (folder.parent / "secret").write_text("mine")
    (folder / "scans/p2.jpg").symlink_to(folder.parent / "secret")


def in_a_circle(folder: Path) -> None:
    missing(folder)
    (folder / "scans/p2.jpg").symlink_to(folder / "scans/p2.jpg")


def twice(folder: Path) -> None:
    (folder / "scans/p2.jpg").write_bytes(PERMIT)


def too_large(folder: Path) -> None:
    with (folder / "scans/p2.jpg").open("wb") as file:
        file.truncate(50 * 1024 * 1024 + 1)


POSIX = pytest.mark.skipif(sys.platform == "win32", reason="pipes, and links that need no permission")
BAD = [
    (missing, "ファイルがありません", "no such file"),
    (empty, "空です", "it is empty"),
    (a_folder, "ファイルではありません", "it is no file"),
    pytest.param(a_pipe, "ファイルではありません", "it is no file", marks=POSIX),
    pytest.param(a_way_out, "フォルダーの外", "outside the casebook's folder", marks=POSIX),
    pytest.param(in_a_circle, "p2.jpg", "p2.jpg", marks=POSIX),
    (twice, "permit.pdf と同じ内容", "the same content as permit.pdf"),
    (too_large, "50 MiB を超えて", "larger than 50 MiB"),
]


@pytest.mark.parametrize(("spoil", "ja", "en"), BAD, ids=lambda v: getattr(v, "__name__", None))
def test_a_file_that_cannot_be_taken_is_named_and_nothing_is_signed(
    spoil: Any, ja: str, en: str, run: Run, desk: Path
) -> None:
    spoil(desk / "papers")
    before = contents(desk / "kousei")
    place = ("sign", desk / "papers/casebook.yaml", "-w", desk / "kousei")
    refused(run, *place, ja=ja, en=en)
    refused(
        run,
        *place,
        ja=f"{desk / 'papers/casebook.yaml'}: 書類「doc-1」の files の scans/p2.jpg: ",
        en="document doc-1, files, scans/p2.jpg: ",
    )
    assert contents(desk / "kousei") == before
    assert held(desk / "kousei") == []


def test_a_ledger_that_does_not_take_it_leaves_no_copies(run: Run, desk: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (desk / "kousei/files").mkdir()
    (desk / "kousei/files" / SHA256[1]).write_bytes(SCAN)  # held before, so it stays
    with monkeypatch.context() as patch:
        patch.setenv("BIOTRACE_PASSWORD", "not the password")
        assert run("sign", desk / "papers/casebook.yaml", "-w", desk / "kousei").exit_code == 2
    assert held(desk / "kousei") == [SHA256[1]]


def test_copies_stay_where_the_ledger_took_the_records_before_the_failure(
    run: Run, desk: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    replaced = os.replace

    def full(source: str, target: Path) -> None:
        if Path(target).name == "trust.json":
            raise OSError(28, "No space left on device")
        replaced(source, target)

    size = len(envelopes(desk / "kousei"))
    with monkeypatch.context() as patch:
        patch.setattr("os.replace", full)
        result = run("sign", desk / "papers/casebook.yaml", "-w", desk / "kousei", lang="en")
    assert result.exit_code == 2
    assert "trust file is not written" in result.stderr
    assert len(envelopes(desk / "kousei")) > size
    assert held(desk / "kousei") == sorted(SHA256)


def test_a_check_says_that_the_files_were_not_looked_at(run: Run, desk: Path) -> None:
    missing(desk / "papers")
    for lang, words in (("ja", "見ていないファイル（files）: 3 件"), ("en", "not checked (files named): 3")):
        result = run("check", desk / "papers/casebook.yaml", lang=lang)
        assert result.exit_code in (0, 1)
        assert words in result.stdout


# show


def test_a_record_shows_its_files_and_what_became_of_the_copies(run: Run, desk: Path) -> None:
    sign(run, desk)
    copy = desk / "kousei/files" / SHA256[0]
    for change, ja, en, exit_code in (
        (lambda: None, "写しあり", "copy held", 0),
        (lambda: copy.write_bytes(PERMIT + b"!"), "写しが変わっています", "copy altered", 1),
        (copy.unlink, "写しがありません", "copy missing", 0),
    ):
        change()
        result = run("show", "doc-1", "-w", desk / "kousei")
        assert result.exit_code == exit_code
        assert f"  ファイル: {SHA256[0][:12]}  {len(PERMIT)} バイト  application/pdf  {ja}\n" in result.stdout
        assert f"{SHA256[1][:12]}  {len(SCAN)} バイト  image/jpeg  写しあり\n" in result.stdout
        result = run("show", "doc-1", "-w", desk / "kousei", lang="en")
        assert f"  file: {SHA256[0][:12]}  {len(PERMIT)} bytes  application/pdf  {en}\n" in result.stdout
    shown = data(run("show", "doc-1", "-w", desk / "kousei", "--format", "json"))
    assert [file["copy"] for file in shown["files"]] == ["missing", "held"]


# bundles


def make(run: Run, desk: Path, *options: object, lang: str = "ja", expected: int = 0) -> Any:
    """A bundle about f-1, and what is said of it."""
    file = desk / "f-1.bundle"
    file.unlink(missing_ok=True)
    result = run("bundle", "make", "f-1", "--out", file, "-w", desk / "kousei", *options, lang=lang)
    assert result.exit_code == expected, result.output
    return result.stdout


def take(run: Run, desk: Path) -> Any:
    result = run("bundle", "import", desk / "f-1.bundle", "--pin", "-w", desk / "otsu", "--format", "json")
    assert result.exit_code == 0, result.output
    return data(result)


def test_files_go_to_a_partner_on_request(run: Run, desk: Path) -> None:
    sign(run, desk)
    said = make(run, desk, "--with-documents")
    assert f"  書類のファイル: {SHA256[0][:12]}  {len(PERMIT)} バイト  application/pdf  (doc-1)\n" in said
    assert take(run, desk)["files"] == {"new": 3, "known": 0}
    assert held(desk / "otsu") == sorted(SHA256)
    before = contents(desk / "otsu")
    assert take(run, desk)["files"] == {"new": 0, "known": 3}
    assert contents(desk / "otsu") == before
    shown = data(run("show", "doc-1", "-w", desk / "otsu", "--format", "json"))
    assert (shown["issuer"], [file["copy"] for file in shown["files"]]) == ("kousei", ["held", "held"])


@pytest.mark.parametrize(("lang", "words"), [("ja", "新しい写し 3 件、既知 0 件"), ("en", "3 new copies, 0 known")])
def test_an_import_says_how_many_files_came(lang: str, words: str, run: Run, desk: Path) -> None:
    sign(run, desk)
    make(run, desk, "--with-documents")
    result = run("bundle", "import", desk / "f-1.bundle", "--pin", "-w", desk / "otsu", lang=lang)
    assert words in result.stdout


def test_nothing_is_enclosed_unasked_and_the_command_says_so(run: Run, desk: Path) -> None:
    sign(run, desk)
    assert "書類のファイル 3 件は入っていない: --with-documents の指定" in make(run, desk)
    assert "not enclosed: 3 files that the records name: not asked for" in make(run, desk, lang="en")
    assert PERMIT not in (desk / "f-1.bundle").read_bytes()
    assert take(run, desk)["files"] == {"new": 0, "known": 0}
    shown = data(run("show", "doc-1", "-w", desk / "otsu", "--format", "json"))
    assert [file["copy"] for file in shown["files"]] == ["missing", "missing"]


def test_a_file_that_is_not_held_is_told(run: Run, desk: Path) -> None:
    sign(run, desk)
    (desk / "kousei/files" / SHA256[0]).unlink()
    (desk / "kousei/files" / SHA256[1]).write_bytes(b"rotten")
    said = make(run, desk, "--with-documents", expected=1)
    assert f"  入っていない: {SHA256[0][:12]}  {len(PERMIT)} バイト  application/pdf  (doc-1)  写しがありません" in said
    said = make(run, desk, "--with-documents", lang="en", expected=1)
    assert f"  not enclosed: {SHA256[1][:12]}  {len(SCAN)} bytes  image/jpeg  (doc-1)  copy altered" in said
    answer = json.loads(make(run, desk, "--with-documents", "--format", "json", expected=1))
    assert [file["enclosed"] for file in answer["files"]] == [False, False, True]
    assert take(run, desk)["files"] == {"new": 1, "known": 0}


def test_a_partner_hands_on_what_came_from_another_log(run: Run, desk: Path) -> None:
    sign(run, desk)
    make(run, desk, "--with-documents")
    take(run, desk)
    handed_on = desk / "on.bundle"
    result = run("bundle", "make", "f-1", "--with-documents", "--out", handed_on, "-w", desk / "otsu")
    assert result.exit_code == 0, result.output
    assert len(bundle.parse(handed_on.read_bytes()).files) == 3


def test_more_than_a_bundle_takes_is_refused(run: Run, desk: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    sign(run, desk)
    out = desk / "big.bundle"
    arguments = ("bundle", "make", "f-1", "--with-documents", "--out", out, "-w", desk / "kousei")
    words = {"ja": "--with-documents を省いて", "en": "a bundle for each lot", "code": "bundle-size"}
    with monkeypatch.context() as patch:
        patch.setattr("biotrace.services.bundle_files.MAX_BYTES", len(PERMIT))
        refused(run, *arguments, **words)
    with monkeypatch.context() as patch:
        patch.setattr("biotrace.chain.bundle.MAX_BYTES", 2_000)  # the files would fit, with the records they do not
        refused(run, *arguments, **words)
    assert not out.exists()


def test_a_disk_that_is_full_takes_in_nothing(run: Run, desk: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    sign(run, desk)
    make(run, desk, "--with-documents")
    before = contents(desk / "otsu")
    written = os.fsync
    count = [0]

    def full(handle: int) -> None:
        count[0] += 1
        if count[0] > 2:
            raise OSError(28, "No space left on device")
        written(handle)

    with monkeypatch.context() as patch:
        patch.setattr("os.fsync", full)
        result = run("bundle", "import", desk / "f-1.bundle", "--pin", "-w", desk / "otsu")
    assert result.exit_code == 2
    assert "空き容量がありません" in result.stderr
    assert contents(desk / "otsu") == before


def test_records_that_are_not_taken_in_leave_no_copies(run: Run, desk: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    sign(run, desk)
    make(run, desk, "--with-documents")

    def refuse(*_: object) -> None:
        raise IntegrityError(Text("拒否", "refused"))

    with monkeypatch.context() as patch:
        patch.setattr(foreign, "add", refuse)
        assert run("bundle", "import", desk / "f-1.bundle", "--pin", "-w", desk / "otsu").exit_code == 2
    assert held(desk / "otsu") == []


def test_only_files_of_records_that_are_held_are_kept(run: Run, desk: Path) -> None:
    """The notice comes without proof that anybody logged it, so neither it nor its files are taken."""
    sign(run, desk)
    make(run, desk, "--with-documents")
    file = desk / "f-1.bundle"
    made = bundle.parse(file.read_bytes())
    part = made.logs[0]
    records = tuple(
        replace(r, receipt=part.records[0].receipt) if parse_record(r.envelope).subject == "doc-1" else r
        for r in part.records
    )
    file.write_bytes(bundle.make(replace(made, logs=(replace(part, records=records),))))
    result = run("bundle", "import", file, "--pin", "-w", desk / "otsu", "--format", "json")
    assert result.exit_code == 1, result.output
    assert held(desk / "otsu") == [SHA256[2]]


def test_what_a_stranger_calls_a_file_harms_no_terminal() -> None:
    line = file_line(Console("ja", "text"), StoredFile(b"\0" * 32, 1, "\x1b[2J" + "長" * 100))
    assert "\x1b" not in line
    assert len(line) < 80


# verify


def verify(run: Run, desk: Path, *options: object, lang: str = "ja") -> Any:
    vkey = desk / "vkey"
    vkey.write_text(f"{bundle.parse((desk / 'f-1.bundle').read_bytes()).logs[0].key}\n")
    return run("bundle", "verify", desk / "f-1.bundle", "--vkey", vkey, *options, lang=lang)


def test_enclosed_files_are_written_out_to_be_looked_at(run: Run, desk: Path) -> None:
    sign(run, desk)
    make(run, desk, "--with-documents")
    out = desk / "look"
    result = verify(run, desk, "--documents", out)
    assert result.exit_code in (0, 1), result.output
    written = {path.name: path.read_bytes() for path in out.iterdir()}
    endings = {".pdf": PERMIT, ".jpg": SCAN, ".bin": SLIP}
    assert written == {stored(content).sha256.hex()[:16] + end: content for end, content in endings.items()}
    assert f"(doc-1) → {out / (SHA256[0][:16] + '.pdf')}" in result.stdout
    answer = data(verify(run, desk, "--documents", desk / "again", "--format", "json"))
    assert {file["path"] for file in answer["files"]} == {str(path) for path in (desk / "again").iterdir()}


def test_files_are_never_written_among_others(run: Run, desk: Path) -> None:
    sign(run, desk)
    make(run, desk, "--with-documents")
    (desk / "look").mkdir()
    (desk / "look/mine").write_text("mine")
    for lang, words in (("ja", "空のフォルダーではありません"), ("en", "is no empty folder")):
        result = verify(run, desk, "--documents", desk / "look", lang=lang)
        assert result.exit_code == 2
        assert words in result.stderr
    assert [path.name for path in (desk / "look").iterdir()] == ["mine"]


def test_a_full_disk_leaves_no_half_written_folder(run: Run, desk: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    sign(run, desk)
    make(run, desk, "--with-documents")
    replaced, count = os.replace, [0]

    def full(source: str, target: Path) -> None:
        count[0] += 1
        if count[0] > 1:
            raise OSError(28, "No space left on device")
        replaced(source, target)

    with monkeypatch.context() as patch:
        patch.setattr("os.replace", full)
        assert verify(run, desk, "--documents", desk / "look").exit_code == 2
    assert verify(run, desk, "--documents", desk / "look").exit_code in (0, 1)


def test_a_bundle_without_its_files_says_so(run: Run, desk: Path) -> None:
    sign(run, desk)
    make(run, desk)
    result = verify(run, desk, "--documents", desk / "look", lang="en")
    assert "not enclosed: 3 files that the records name: left out by the sender" in result.stdout
    assert "no files are enclosed: nothing was written out" in result.stdout
    assert "書き出す書類は入っていません" in verify(run, desk, "--documents", desk / "look").stdout
    assert not (desk / "look").exists()


# backup


def test_a_backup_takes_the_copies_along(run: Run, desk: Path) -> None:
    sign(run, desk)
    answer = data(run("backup", desk / "backup.zip", "-w", desk / "kousei", "--format", "json"))
    assert {f"files/{sha256}" for sha256 in SHA256} <= set(answer["members"])
    assert answer["left_out"] == []
    result = run("restore", desk / "backup.zip", desk / "new", "--new-log")
    assert result.exit_code == 0, result.output
    shown = data(run("show", "doc-1", "-w", desk / "new", "--format", "json"))
    assert [file["copy"] for file in shown["files"]] == ["held", "held"]


def test_names_of_files_must_be_attached_before_signing(desk: Path) -> None:
    with (
        open_workspace(desk / "kousei", lambda: TODAY, password) as workspace,
        pytest.raises(ValueError, match="attach"),
    ):
        sign_casebook(workspace, felling())
