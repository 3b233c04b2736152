"""Names, numbers and subjects with signs that disguise a line: harmless wherever people read, as signed in JSON."""

from __future__ import annotations

import csv
import io
import json
import re
import unicodedata
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

import pypdf
import pytest
from openpyxl import load_workbook

from biotrace.documents.casebook import write_casebook_json
from biotrace.model.casebook import Casebook
from biotrace.services.sign import sign_casebook
from biotrace.services.workspace import init_workspace
from tests.casebooks import BODY, KOUSEI, OTSU, change, clean
from tests.integration.conftest import Run
from tests.workspaces import TODAY, data, password

NAME = "\u202e甲\u2066成林産\x1b[2J\x9b1m\n[ok] d-1"
NUMBER = '=HYPERLINK("http://x")\u200f\u2028'
SUBJECT = "f-\u202e1"
HIDDEN = {"Cc", "Cf", "Cs", "Zl", "Zp"}


def spoiled() -> Casebook:
    """The clean casebook with hidden signs in a name, a number, a place and an id; the certificate has a finding."""
    book = change(change(clean(), "f-1", number=NUMBER, area=None), "p-1", vehicle="+81\u200b")
    parties = tuple(replace(p, name=NAME) if p.id == KOUSEI.id else p for p in book.parties)
    places = tuple(
        replace(c, id=SUBJECT, locations=tuple(replace(p, aza="字\u061c乙") for p in c.locations))
        if c.id == "f-1"
        else replace(c, draws=tuple(replace(d, certificate=SUBJECT) for d in c.draws))
        for c in book.certificates
    )
    return replace(book, parties=parties, certificates=places)


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace with those papers."""
    folder = tmp_path_factory.mktemp("hidden") / "desk"
    with init_workspace(folder, (OTSU, BODY), lambda: TODAY - 86_400, password) as workspace:
        sign_casebook(workspace, spoiled())
    return folder


@pytest.fixture
def casebook(tmp_path: Path) -> Path:
    path = tmp_path / "casebook.json"
    path.write_text(write_casebook_json(spoiled()), encoding="utf-8")
    return path


def hidden(text: str, kept: str = "\n") -> set[str]:
    """The signs in it that nobody sees."""
    return {c for c in text if unicodedata.category(c) in HIDDEN and c not in kept}


def cells(text: str) -> Iterator[str]:
    """All cells of a csv file."""
    for row in csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline="")):
        yield from row


def commands(casebook: Path, desk: Path) -> list[tuple[object, ...]]:
    """Commands that tell names, numbers or subjects of records."""
    w = ("-w", desk)
    return [
        ("check", casebook), ("check", casebook, "--details"), ("verify", *w), ("verify", "d-1", *w),
        ("show", SUBJECT, *w), ("party", "list", *w), ("party", "show", KOUSEI.id, *w), ("stock", *w),
        ("trace", "back", "d-1", *w), ("trace", "forward", KOUSEI.id, *w), ("patterns", *w),
        ("report", "routes", *w), ("report", "routes", "--casebook", casebook), ("report", "stock-book", *w),
        ("report", "overpayment", "--casebook", casebook), ("retain", "due", *w),
    ]  # fmt: skip


@pytest.mark.parametrize("lang", ["ja", "en"])
def test_no_line_on_a_terminal_holds_what_nobody_sees(run: Run, casebook: Path, desk: Path, lang: str) -> None:
    seen = ""
    for words in commands(casebook, desk):
        told = run(*words, lang=lang)
        assert hidden(told.stdout + told.stderr) == set(), words
        assert "\n[ok] d-1" not in told.stdout.split("\n\n")[0], words
        seen += told.stdout
    for shown in ("‹U+202E›甲‹U+2066›成林産‹U+001B›[2J‹U+009B›1m", "f-‹U+202E›1", "‹U+200F›‹U+2028›"):
        assert shown in seen


def test_errors_are_shown_so_too(run: Run, desk: Path) -> None:
    refused = run("show", "x\u202e\x1b[2J", "-w", desk)
    assert refused.exit_code == 2
    assert hidden(refused.stderr) == set()
    assert "x‹U+202E›‹U+001B›[2J" in refused.stderr


def test_json_says_what_the_record_says_and_harms_no_terminal(run: Run, casebook: Path, desk: Path) -> None:
    for words in commands(casebook, desk):
        told = run(*words, "--format", "json")
        assert hidden(told.stdout) == set(), words
    shown = json.dumps(data(run("show", SUBJECT, "-w", desk, "--format", "json")))
    for value in (NUMBER, SUBJECT):
        assert json.dumps(value)[1:-1] in shown


def test_csv_shows_them_and_begins_no_formula(run: Run, casebook: Path, desk: Path) -> None:
    found = ""
    for words in (("check", casebook), ("retain", "due", "-w", desk)):
        told = run(*words, "--format", "csv").stdout
        assert hidden(told.removeprefix("\ufeff"), "\r\n") == set(), words
        assert not [cell for cell in cells(told) if cell[:1] in {*"=+@"} or hidden(cell)]
        found += told
    assert "f-‹U+202E›1" in found
    assert "'=HYPERLINK" in found


def test_reports_and_pictures_show_them(run: Run, desk: Path, tmp_path: Path) -> None:
    names = [tmp_path / f"routes{end}" for end in (".pdf", ".xlsx", ".csv")]
    run("report", "routes", "-w", desk, *(x for name in names for x in ("--out", name)))
    pictures = [tmp_path / f"back{end}" for end in (".html", ".svg", ".pdf", ".csv", ".graphml")]
    traced = run("trace", "back", "d-1", "-w", desk, *(x for name in pictures for x in ("--out", name)))
    assert traced.exit_code in (0, 1), traced.output
    for path in sorted(tmp_path.iterdir()):
        text = words_of(path)
        assert hidden(text.removeprefix("\ufeff"), "\r\n\t") == set(), path.name
        assert "‹U+20" in text, path.name
    book = load_workbook(names[1])
    assert "f" not in {cell.data_type for sheet in book.worksheets for row in sheet.iter_rows() for cell in row}
    ElementTree.parse(pictures[1])


def words_of(path: Path) -> str:
    """What a file shows."""
    if path.suffix == ".pdf":
        reader = pypdf.PdfReader(path)
        title = reader.metadata.title if reader.metadata else ""
        return f"{title}\n" + "\n".join(page.extract_text() for page in reader.pages)
    if path.suffix == ".xlsx":
        with zipfile.ZipFile(path) as parts:
            return "".join(parts.read(n).decode() for n in parts.namelist() if n.startswith("xl/"))
    return path.read_bytes().decode()


def test_a_workbook_of_such_records_is_not_taken_in_twice(run: Run, desk: Path, tmp_path: Path) -> None:
    for name in ("all.xlsx", "all"):
        out = tmp_path / name
        assert run("workbook", "export", out, "-w", desk).exit_code == 0
        files = [out] if out.is_file() else sorted(out.iterdir())
        for file in files:
            assert hidden(words_of(file).removeprefix("\ufeff"), "\r\n\t") == set()
        again = run("workbook", "import", out if out.is_file() else out / "出荷.csv", "-w", desk, "--dry-run")
        issued = re.search(r"^出荷.*?: (.*)$", again.stdout, re.MULTILINE)
        assert issued is not None
        assert issued[1] == "取り込める行 0、登録済み 1、要修正 0"
        assert hidden(again.output) == set()
