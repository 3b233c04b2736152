"""``biotrace scan`` at a plant's gate: the table of ``docs/scanning.md``, row by row, and what a guard sees."""

from __future__ import annotations

import csv
import io
import json
import re
import sqlite3
import unicodedata
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from datetime import date
from pathlib import Path
from types import SimpleNamespace

import pytest
from click.testing import Result

from biotrace.chain.keys import DeviceKey
from biotrace.chain.kinds import KeyBinding, KeyEnd, KeyEndReason, RecordKind
from biotrace.chain.qrtext import to_text
from biotrace.chain.record import Record, Signer
from biotrace.model.casebook import Casebook
from biotrace.model.certificate import Certificate, Draw
from biotrace.model.correction import Action, Correction
from biotrace.model.delivery import Delivery
from biotrace.model.fuel_class import FuelClass
from biotrace.model.place import Place
from biotrace.model.quantity import Quantity, Unit
from biotrace.model.retention import StoredFile
from biotrace.services.gate_row import Mark, Row
from biotrace.services.ledger_case import read_ledger
from biotrace.services.sign import sign_casebook
from biotrace.services.trust import key_text
from biotrace.services.workspace import Workspace, init_workspace, open_workspace
from tests import casebooks
from tests.workspaces import TODAY, data, password

Run = Callable[..., Result]
DAY = date(2014, 11, 19)
TRUCK = replace(casebooks.PROCESSING, id="", draws=(), number="乙-77", vehicle="長野100は28-58")
"""A certificate of otsu for plant-8: 30 t for one vehicle."""
OTSU, STRANGER = (DeviceKey.generate(name.encode().ljust(32, b".")) for name in ("otsu", "stranger"))
NAMES = {party.id: party.name for party in casebooks.PARTIES}


def signed(
    body: Certificate = TRUCK, key: DeviceKey = OTSU, issuer: str = "otsu", *, transcribed: bool = False
) -> Record:
    """The certificate, signed by otsu's key unless told otherwise."""
    names = {i: NAMES[i] for i in (body.seller, body.buyer) if i is not None}
    signer = Signer(key, issuer)
    return signer.sign(RecordKind.CERTIFICATE, "c-77", body, TODAY, names=names, transcribed=transcribed)


class Gate:
    """The workspace of plant-8, which knows otsu's key, with the story of f-1 and p-1; and a guard who scans."""

    def __init__(self, run: Run, folder: Path, patch: pytest.MonkeyPatch) -> None:
        self._run, self._patch, self.folder, self.files = run, patch, folder / "plant", folder
        parties = (casebooks.PLANT, casebooks.BODY)
        with init_workspace(self.folder, parties, lambda: TODAY, password) as workspace:
            book = casebooks.remove(casebooks.clean(), "d-1")
            sign_casebook(workspace, replace(book, parties=casebooks.PARTIES))
            binding = KeyBinding(OTSU.public.raw, "otsu", NAMES["otsu"])
            workspace.log([workspace.root().sign(RecordKind.KEY, "key:otsu", binding, TODAY)], TODAY)

    @property
    def run(self) -> Run:
        """Run any command."""
        return self._run

    def at(self, day: date) -> None:
        """The guard's clock stands at that day."""
        seconds = TODAY + (day - DAY).days * 86_400
        self._patch.setattr("cli.console.time", SimpleNamespace(time=lambda: seconds))

    def sign(self, book: Casebook) -> None:
        """Take a casebook in."""
        with open_workspace(self.folder, lambda: TODAY, password) as workspace:
            sign_casebook(workspace, replace(book, parties=casebooks.PARTIES))

    def log(self, sign: Callable[[Workspace], Record]) -> Record:
        """Add what the plant signs."""
        with open_workspace(self.folder, lambda: TODAY, password) as workspace:
            record = sign(workspace)
            workspace.log([record], TODAY)
            return record

    def take(self, record: Record, at: str = "plant-8", tonnes: int = 30) -> None:
        """A delivery on it is logged, on a transcription of it as ``biotrace receive`` makes one."""
        body = record.body
        assert isinstance(body, Certificate)
        told = StoredFile(record.record_id, len(record.envelope), "application/octet-stream")
        copy = replace(body, id="", files=(told,))
        held = self.log(lambda w: w.signer().sign(RecordKind.CERTIFICATE, "copy", copy, TODAY, transcribed=True))
        self.deliver(held, at, tonnes)

    def held(self, subject: str) -> Record:
        """A record of the ledger."""
        with open_workspace(self.folder, lambda: TODAY, password) as workspace:
            return next(e.record for e in read_ledger(workspace.ledger).logged if e.record.subject == subject)

    def deliver(self, held: Record, at: str = "plant-8", tonnes: int = 30) -> None:
        """A delivery on a certificate that the ledger holds."""
        amount = Quantity(tonnes * 1_000_000, Unit.T)
        arrived = Delivery("", at, date(2014, 11, 3), amount, "08:40", "otsu", held.record_id.hex())
        copied = at != "plant-8"
        self.log(lambda w: w.signer().sign(RecordKind.DELIVERY, "d-77", arrived, TODAY, transcribed=copied))

    def code(self, record: Record, name: str = "code.txt") -> Path:
        """Its code as a file."""
        path = self.files / name
        path.write_text(to_text(record.envelope), encoding="ascii")
        return path

    def scan(self, record: Record, *options: object, lang: str = "ja") -> Result:
        """Scan it with the workspace."""
        return self._run("scan", self.code(record), "-w", self.folder, *options, lang=lang)

    def rows(self, record: Record, *options: object) -> list[str]:
        """The rows that apply, the decisive one first; mark and exit code go with it."""
        result = self.scan(record, *options, "--format", "json")
        answer = data(result)[0]["answer"]
        rows = [reason["row"] for reason in answer["reasons"]]
        mark = Row(rows[0]).mark
        assert (answer["mark"], answer["code"], result.exit_code) == (mark.sign, mark.code, int(mark is not Mark.TAKE))
        return rows


@pytest.fixture
def gate(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Gate:
    return Gate(run, tmp_path, monkeypatch)


# the table


def altered(gate: Gate) -> list[str]:
    """The envelope of one certificate with another's signature."""
    record, other = signed(), signed(replace(TRUCK, number="乙-78"))
    envelope = record.envelope[:-64] + other.envelope[-64:]
    path = gate.files / "altered.txt"
    path.write_text(to_text(envelope))
    result = gate.run("scan", path, "-w", gate.folder, "--format", "json")
    assert result.exit_code == 1
    return [reason["row"] for reason in data(result)[0]["answer"]["reasons"]]


def anothers_key(gate: Gate) -> list[str]:
    return gate.rows(signed(replace(TRUCK, seller="heiwa"), issuer="heiwa"))


def key_ended(gate: Gate) -> list[str]:
    def end(w: Workspace) -> Record:
        said = KeyEnd(OTSU.public.kid, len(w.ledger), KeyEndReason.LEAKED)
        return w.root().sign(RecordKind.KEY_END, "end", said, TODAY)

    gate.log(end)
    return gate.rows(signed())


def unknown_key(gate: Gate) -> list[str]:
    return gate.rows(signed(key=STRANGER))


def corrected(action: Action) -> Callable[[Gate], list[str]]:
    """p-1, which the plant copied and may correct."""

    def rows(gate: Gate) -> list[str]:
        paper = gate.held("p-1")
        by = gate.held("f-1").record_id.hex() if action is Action.REPLACE else None
        said = Correction(paper.record_id.hex(), action, DAY, "誤記", by)
        gate.log(lambda w: w.signer().sign(RecordKind.CORRECTION, "correction", said, TODAY))
        return gate.rows(paper)

    return rows


def received(gate: Gate) -> list[str]:
    record = signed()
    gate.take(record)
    said = gate.scan(record).stdout
    assert "このQRは 2014-11-03 08:40 に受け取り済みです（30 t）。" in said
    return gate.rows(record)


def received_in_full(gate: Gate) -> list[str]:
    """It names no vehicle, but nothing is left of it."""
    record = signed(replace(TRUCK, vehicle=None))
    gate.take(record)
    return gate.rows(record)


def used(gate: Gate) -> list[str]:
    record = signed()
    gate.take(record, at="plant-9")
    return gate.rows(record)


def other_plant(gate: Gate) -> list[str]:
    assert gate.rows(signed(), "--plant", "第九バイオマス発電所") == ["other-plant"]
    assert gate.rows(signed(), "--plant", "plant-9") == ["other-plant"]
    assert gate.rows(signed(), "--plant", "第八 バイオマス発電所") == ["fine"]
    assert gate.rows(signed(), "--plant", "第八") == ["other-plant"]
    return gate.rows(signed(replace(TRUCK, buyer="plant-9")))


def not_accredited(gate: Gate) -> list[str]:
    assert "not-accredited" in gate.rows(signed(replace(TRUCK, accreditation_number="長木-999")))
    return gate.rows(signed(replace(TRUCK, date=date(2014, 3, 31))))


def no_trust(gate: Gate) -> list[str]:
    """Nothing at all to go by, or a bare key: never ○."""
    (gate.files / "otsu.pub").write_text(OTSU.public.raw.hex())
    found = []
    for given in ([], ["--key", gate.files / "otsu.pub"]):
        result = gate.run("scan", gate.code(signed()), *given, "--format", "json")
        assert result.exit_code == 1
        found.append([reason["row"] for reason in data(result)[0]["answer"]["reasons"]])
    assert found[0] == found[1][:1]
    return found[0]


def no_load(gate: Gate) -> list[str]:
    return gate.rows(gate.held("plant-8"))


def twice(gate: Gate) -> list[str]:
    record = signed()
    files = [gate.code(record, "a.txt"), gate.code(record, "b.txt")]
    result = gate.run("scan", *files, "-w", gate.folder, "--format", "json")
    answers = [each["answer"]["reasons"] for each in data(result)]
    assert ["b.txt" in answers[0][0]["why"], "a.txt" in answers[1][0]["why"]] == [True, True]
    return [reason["row"] for reason in answers[0]]


def copy(gate: Gate) -> list[str]:
    return gate.rows(signed(transcribed=True))


def own(gate: Gate) -> list[str]:
    mill = gate.files / "mill"
    with init_workspace(mill, (casebooks.OTSU, casebooks.BODY), lambda: TODAY, password) as workspace:
        body = replace(TRUCK, accreditation_number="長木-034")
        record = workspace.signer().sign(RecordKind.CERTIFICATE, "c-77", body, TODAY, names=NAMES)
    result = gate.run("scan", gate.code(record), "-w", mill, "--format", "json")
    assert result.exit_code == 1
    return [reason["row"] for reason in data(result)[0]["answer"]["reasons"]]


def no_recipient(gate: Gate) -> list[str]:
    return gate.rows(signed(replace(TRUCK, buyer=None)))


def part_received(gate: Gate) -> list[str]:
    record = signed(replace(TRUCK, vehicle=None))
    gate.take(record, tonnes=12)
    assert "残りは18tです。" in "".join(gate.scan(record).stdout.split())
    return gate.rows(record)


def same_number(gate: Gate) -> list[str]:
    return gate.rows(signed(replace(TRUCK, number="乙-1", quantity=casebooks.tonnes(28))))


def dated_ahead(gate: Gate) -> list[str]:
    return gate.rows(signed(replace(TRUCK, date=date(2014, 11, 20))))


def accreditation_over(gate: Gate) -> list[str]:
    gate.at(date(2017, 4, 30))
    assert gate.rows(signed()) == ["fine"]
    assert "2017-03-31 に切れました" in gate.scan(signed()).stdout
    gate.at(date(2017, 5, 1))
    return gate.rows(signed())


def paper_lacks(gate: Gate) -> list[str]:
    return gate.rows(signed(replace(TRUCK, statements=())))


def lower_class(gate: Gate) -> list[str]:
    """A certificate, held, that draws on general wood and says thinned."""
    book = casebooks.remove(casebooks.clean(), "d-1")
    general = replace(casebooks.find(casebooks.of_class(book, FuelClass.GENERAL), "f-1"), id="f-9", number="第9号")
    claim = replace(TRUCK, id="p-9", number="乙-9", draws=(Draw("f-9", casebooks.m3(40)),))
    gate.sign(casebooks.add(casebooks.add(book, general), claim))
    return [row for row in gate.rows(gate.held("p-9")) if row != "copy"]


def not_proven(gate: Gate) -> list[str]:
    """A certificate, held, whose wood is from "see annex", and nobody copied the annex."""
    felled = replace(casebooks.FELLING, id="f-9", number="第9号", locations=(Place(annex=True),))
    claim = replace(TRUCK, id="p-9", number="乙-9", draws=(Draw("f-9", casebooks.m3(40)),))
    gate.sign(casebooks.add(casebooks.add(casebooks.remove(casebooks.clean(), "d-1"), felled), claim))
    return [row for row in gate.rows(gate.held("p-9")) if row != "copy"]


def ledger_in_doubt(gate: Gate) -> list[str]:
    with closing(sqlite3.connect(gate.folder / "ledger.sqlite")) as database, database:
        database.execute("UPDATE entry SET envelope = zeroblob(8) WHERE subject = 'f-1'")
    return gate.rows(signed())


def not_checked(gate: Gate) -> list[str]:
    """A trust file that knows the key, and nothing of the company."""
    said = json.loads((gate.folder / "trust.json").read_text(encoding="utf-8"))
    key = {"kid": OTSU.public.kid.hex(), "public": key_text(OTSU.public).decode().strip()}
    said["keys"] = [key | {"party": "otsu", "name": NAMES["otsu"]}]
    said["parties"]["parties"] = [party for party in said["parties"]["parties"] if party["id"] != "otsu"]
    (gate.files / "trust.json").write_text(json.dumps(said), encoding="utf-8")
    result = gate.run("scan", gate.code(signed()), "--trust", gate.files / "trust.json", "--format", "json")
    assert result.exit_code == 1
    return [reason["row"] for reason in data(result)[0]["answer"]["reasons"]]


def weight(gate: Gate) -> list[str]:
    assert gate.rows(signed(), "--weight", "31.5t") == ["fine"]
    assert gate.rows(signed(), "--weight", "28.5t") == ["fine"]
    assert gate.rows(signed(), "--weight", "31501kg") == ["weight"]
    several = signed(replace(TRUCK, vehicle=None))
    assert gate.rows(several, "--weight", "6.58t") == ["fine"]
    assert gate.rows(several, "--weight", "32t") == ["weight"]
    return gate.rows(signed(), "--weight", "28t")


def fine(gate: Gate) -> list[str]:
    return gate.rows(signed())


CASES: dict[Row, Callable[[Gate], list[str]]] = {
    Row.ALTERED: altered,
    Row.ANOTHERS_KEY: anothers_key,
    Row.KEY_ENDED: key_ended,
    Row.UNKNOWN_KEY: unknown_key,
    Row.CANCELLED: corrected(Action.CANCEL),
    Row.REPLACED: corrected(Action.REPLACE),
    Row.ON_HOLD: corrected(Action.HOLD),
    Row.RECEIVED: received,
    Row.USED: used,
    Row.OTHER_PLANT: other_plant,
    Row.NOT_ACCREDITED: not_accredited,
    Row.NO_TRUST: no_trust,
    Row.NO_LOAD: no_load,
    Row.TWICE: twice,
    Row.COPY: copy,
    Row.OWN: own,
    Row.NO_RECIPIENT: no_recipient,
    Row.PART_RECEIVED: part_received,
    Row.SAME_NUMBER: same_number,
    Row.DATED_AHEAD: dated_ahead,
    Row.ACCREDITATION_OVER: accreditation_over,
    Row.PAPER_LACKS: paper_lacks,
    Row.LOWER_CLASS: lower_class,
    Row.NOT_PROVEN: not_proven,
    Row.LEDGER_IN_DOUBT: ledger_in_doubt,
    Row.NOT_CHECKED: not_checked,
    Row.WEIGHT: weight,
    Row.FINE: fine,
}


def test_a_part_of_our_name_is_told_to_be_one(gate: Gate) -> None:
    """It may be another plant's name too, so it does not pass; but nobody is turned back for it unasked."""
    answer = "".join(gate.scan(signed(), "--plant", "第八").stdout.split())
    assert "「第八」が「第八バイオマス発電所」のことなら、--plantに略さず書いて読み直してください" in answer
    assert "略さず" not in gate.scan(signed(), "--plant", "第九バイオマス発電所").stdout


@pytest.mark.parametrize("row", Row)
def test_every_row_of_the_table_decides(row: Row, gate: Gate) -> None:
    assert CASES[row](gate)[0] == row


def test_a_paper_for_several_loads_is_refused_when_nothing_is_left(gate: Gate) -> None:
    assert received_in_full(gate) == ["received"]


# what the guard sees


def width(line: str) -> int:
    return sum(2 if unicodedata.east_asian_width(sign) in "FWA" else 1 for sign in line)


LONG = replace(
    TRUCK,
    number="乙チップ工業第二工場出荷証明第2014-000077号の二",
    species=("スギ", "ヒノキ", "カラマツ", "アカマツ", "ナラ", "ブナ", "トチノキ"),
    buyer="plant-9",
    accreditation_number="長木-999",
    statements=(),
)


@pytest.mark.parametrize("lang", ["ja", "en"])
@pytest.mark.parametrize("key", [OTSU, STRANGER])
def test_any_answer_fits_a_screen_of_80_by_24_and_an_old_console(gate: Gate, lang: str, key: DeviceKey) -> None:
    for body in (TRUCK, LONG):
        lines = gate.scan(signed(body, key), "--weight", "90t", lang=lang).stdout.splitlines()
        assert len(lines) <= 24, lines
        assert max(map(width, lines)) < 80, lines
        "\n".join(lines).encode("cp932")
        first = {"ja": ("○ 受け取れます", "△ 確かめてから", "× 受け取らないで")}.get(
            lang, ("○ TAKE IT", "△ ASK FIRST", "× DO NOT TAKE IT")
        )
        assert lines[0] in first


JARGON = ("S101", "S102", "署名", "鍵", "ハッシュ", "記録ID", "signature", "key", "hash", "kid")


def test_the_first_lines_of_a_forgery_need_no_explanation(gate: Gate) -> None:
    for record in (signed(key=STRANGER), signed(replace(TRUCK, seller="heiwa"), issuer="heiwa")):
        for lang in ("ja", "en"):
            short = gate.scan(record, lang=lang).stdout
            assert not [word for word in JARGON if word in "\n".join(short.splitlines()[:3])]
            assert "S102" not in short
            assert "S102" in gate.scan(record, "--details", lang=lang).stdout


def test_an_accreditation_that_ends_soon_is_told_and_changes_nothing(gate: Gate) -> None:
    gate.at(date(2017, 3, 1))
    result = gate.scan(signed())
    assert result.exit_code == 0
    assert "売り主の認定はあと30日（2017-03-31 まで）" in result.stdout
    gate.at(date(2017, 2, 28))
    assert "認定はあと" not in gate.scan(signed()).stdout


def test_what_the_ledger_holds_is_traced(gate: Gate) -> None:
    answer = data(gate.scan(gate.held("p-1"), "--format", "json"))[0]
    assert answer["origin_traced"] is True
    assert "台帳でも「間伐材等」と確かめました" in answer["answer"]["notes"]


def test_a_weight_is_for_one_certificate(gate: Gate) -> None:
    other = gate.code(signed(replace(TRUCK, number="乙-78")), "b.txt")
    result = gate.run("scan", gate.code(signed()), other, "-w", gate.folder, "--weight", "6.58t")
    assert (result.exit_code, result.stdout) == (2, "")
    assert "--weight は証明書1件のときだけ使えます" in result.stderr


# folders


def test_a_folder_is_a_line_for_each_paper_and_a_total(gate: Gate) -> None:
    box = gate.files / "scans"
    (box / "april" / "late").mkdir(parents=True)
    first, second = signed(), signed(replace(TRUCK, number="=乙-78", buyer="plant-9"))
    (box / "a.txt").write_text(to_text(first.envelope))
    (box / "april" / "b.txt").write_text(to_text(second.envelope))
    (box / "april" / "late" / "c.txt").write_text(to_text(first.envelope))
    (box / "d.jpg").write_bytes(b"\xff\xd8\xff\xe0broken")
    (box / "e.heic").write_bytes(b"\0\0\0\x18ftypheic" + bytes(20))
    (box / "notes.docx").write_bytes(b"PK")
    (box / ".hidden.txt").write_text("BT1:")
    flat = gate.run("scan", box, "-w", gate.folder)
    assert flat.exit_code == 2  # two of them could not be read
    lines = flat.stdout.splitlines()
    assert [line[0] for line in lines] == ["○", "?", "?", "計"]
    assert "d.jpg" in lines[1]
    assert "e.heic: HEIC形式の写真は読めません" in lines[2]
    total = "計 1 件: ○ 1  △ 0  × 0  読めない 2  対象外のファイル 1  見ていないフォルダー 1（-r で見る）"
    assert lines[3] == total
    assert max(map(width, lines[:-1])) < 80
    for name in ("d.jpg", "e.heic"):
        (box / name).unlink()
    deep = gate.run("scan", box, "-w", gate.folder, "--recursive", lang="en")
    assert deep.exit_code == 1
    assert [line[0] for line in deep.stdout.splitlines()] == ["△", "△", "×", "3"]
    rows = list(csv.reader(io.StringIO(gate.run("scan", box, "-r", "-w", gate.folder, "--format", "csv").stdout)))
    assert [row[:3] for row in rows[1:]] == [
        ["a.txt", "△", "twice"],
        ["april/late/c.txt", "△", "twice"],
        ["april/b.txt", "×", "other-plant"],
    ]
    assert rows[3][3:11] == [
        *("thinned", "30", "t", "乙チップ工業株式会社", "第九バイオマス発電所", "'=乙-78", "2014-11-19"),
        "長野100は28-58",
    ]


def test_a_folder_without_scans_says_what_belongs_there(gate: Gate) -> None:
    empty = gate.files / "empty"
    empty.mkdir()
    result = gate.run("scan", empty, "-w", gate.folder)
    assert (result.exit_code, result.stdout) == (2, "")
    assert "フォルダーにスキャンがありません" in result.stderr


# a USB scanner


def typed(text: str, spoiled: str, codes: str = ":+*") -> str:
    return text.translate(str.maketrans(codes, spoiled))


WEDGES: dict[str, tuple[Callable[[str], str], str]] = {
    "an English scanner on a Japanese PC": (lambda t: typed(t, "+~("), "english-scanner"),
    "a Japanese scanner on an English PC": (lambda t: typed(t, "':\""), "japanese-scanner"),
    "Caps Lock": (str.swapcase, "caps-lock"),
    "full-width": (lambda t: "".join(chr(ord(c) + 0xFEE0) if c != " " else "\u3000" for c in t), "input-method"),
    "an AIM identifier": (lambda t: "]Q1" + t, "prefix"),
}


@pytest.mark.parametrize("wedge", WEDGES)
def test_what_a_keyboard_spoiled_is_mended_only_where_the_signature_says_so(wedge: str, gate: Gate) -> None:
    spoil, cause = WEDGES[wedge]
    text = spoil(to_text(signed().envelope))
    result = gate.run("scan", "-", "-w", gate.folder, "--format", "json", stdin=(text + "\r\n").encode())
    assert result.exit_code == 0
    assert data(result)[0]["mended"] == [cause]
    said = gate.run("scan", "-", "-w", gate.folder, stdin=text.encode())
    assert "直して読みました" in said.stdout
    stranger = spoil(to_text(signed(key=STRANGER).envelope))
    for lang, words in (("ja", "読み取り機の文字が化けています"), ("en", "arrived garbled")):
        refused = gate.run("scan", "-", "-w", gate.folder, lang=lang, stdin=stranger.encode())
        assert (refused.exit_code, refused.stdout) == (2, "")
        assert words in refused.stderr


def test_without_a_key_to_prove_it_nothing_is_mended(gate: Gate) -> None:
    text = to_text(signed().envelope).swapcase()
    result = gate.run("scan", "-", stdin=text.encode())
    assert (result.exit_code, result.stdout) == (2, "")
    assert "Caps Lock を切る" in result.stderr


# the table as people read it


def test_the_documented_table_is_the_programs() -> None:
    text = (Path(__file__).parents[2] / "docs" / "scanning.md").read_text(encoding="utf-8")
    lines = [line for line in text.splitlines() if re.match(r"\| `[a-z-]+` \| [○△×] \|", line)]
    assert lines == [f"| `{row.value}` | {row.mark.sign} | {row.when.ja} | {row.when.en} |" for row in Row]
