"""``biotrace accredit`` on paper: applications, policy, certificate and notice, and all of them printed again."""

from __future__ import annotations

import errno
import os
import re
import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import date
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pypdfium2
import pytest

from biotrace.chain.kinds import RecordKind
from biotrace.chain.qrtext import to_text
from biotrace.chain.record import Signer, parse_record
from biotrace.documents.scan import read_qr
from biotrace.model.accreditation import Grant
from biotrace.model.party import Accreditation, Party, Role
from biotrace.services.key_files import KeyFiles, KeyName
from biotrace.services.workspace import init_workspace
from tests import casebooks
from tests.integration.conftest import Run
from tests.workspaces import TODAY, contents, data, envelopes, password

DAY = 86_400
NUMBER = "長木-034"
GRANT = ("accredit", "grant", "otsu", "--number", NUMBER, "--from", "2014-04-01")
REVOKE = ("accredit", "revoke", NUMBER, "--date", "2014-11-10", "--reason", "証明書の記載事項に虚偽")


@pytest.fixture
def body(tmp_path: Path) -> Path:
    """The workspace of a body that knows the mill, whose address it holds, and a person, whose address it does not."""
    folder = tmp_path / "body"
    mill = replace(casebooks.OTSU, accreditations=(), address="長野県中野市大字吉田678-9")
    init_workspace(folder, (casebooks.BODY, mill), lambda: TODAY - DAY, password).close()
    return folder


def text_of(path: Path) -> str:
    """The words of a PDF, run together."""
    pages = (page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(path.read_bytes()))
    return re.sub(r"\s", "", "".join(pages))


def made(run: Run, *arguments: object) -> Any:
    """What a command answers as JSON."""
    result = run(*arguments, "--format", "json", lang="en")
    assert result.exit_code == 0, result.output
    return data(result)


# the body's papers


def test_a_grant_is_printed_with_its_record_and_again_byte_by_byte(run: Run, body: Path, tmp_path: Path) -> None:
    more = ("--representative", "髙﨑 一郎", "--applied", "平成26年3月3日")
    granted = made(run, *GRANT, "--scope", "チップの製造", "--pdf", *more, "-w", body)
    path = Path(granted["pdf"])
    assert path.parent == body / "pdf"
    text = text_of(path)
    for words in (
        "平成26年3月3日付で申請のありました",
        f"{casebooks.BODY.name}の事業者認定実施要領に基づき",
        f"団体認定番号：{NUMBER}",
        "事業者の所在地：長野県中野市大字吉田678-9",
        "事業者の名称：乙チップ工業株式会社",
        "代表者の氏名：髙﨑一郎",
        "認定の有効期間：平成26年4月1日～平成29年3月31日",
        "認定の範囲：チップの製造",
        granted["record_id"][:32],
    ):
        assert words in text
    assert granted["open"] == []
    (code,) = read_qr(path.read_bytes(), path.name)
    assert code == to_text(envelopes(body)[-1])
    for name in (NUMBER, granted["record_id"][:10]):
        again = tmp_path / f"{name}.pdf"
        made(run, "pdf", name, *more, "-w", body, "-o", again)
        assert again.read_bytes() == path.read_bytes()


def test_what_no_record_states_is_left_open_and_told(run: Run, body: Path, tmp_path: Path) -> None:
    out = tmp_path / "認定書.pdf"
    result = run(*GRANT, "--out", out, "--western", "-w", body)
    assert result.exit_code == 0
    assert f"PDF: {out}" in result.stdout
    assert "手書きする欄: 代表者の氏名、申請の日" in result.stdout
    assert "認定の有効期間：2014年4月1日～2017年3月31日" in text_of(out)
    listed = made(run, "pdf", NUMBER, "-w", body, "-o", tmp_path / "again.pdf")
    assert listed["open"] == ["representative", "day of the application"]


def test_western_dates_are_a_setting_of_the_workspace(run: Run, body: Path, tmp_path: Path) -> None:
    settings = body / "biotrace.json"
    settings.write_text(settings.read_text(encoding="utf-8").replace("{", '{"western_dates": true,', 1), "utf-8")
    made(run, *GRANT, "--out", tmp_path / "a.pdf", "-w", body)
    assert "2014年4月1日" in text_of(tmp_path / "a.pdf")
    made(run, "pdf", NUMBER, "--era", "-o", tmp_path / "b.pdf", "-w", body)
    assert "平成26年4月1日" in text_of(tmp_path / "b.pdf")


def test_a_revocation_is_notified_with_its_reason(run: Run, body: Path, tmp_path: Path) -> None:
    made(run, *GRANT, "-w", body)
    done = made(run, *REVOKE, "--pdf", "-w", body)
    path = Path(done["pdf"])
    text = text_of(path)
    for words in (
        "平成26年4月1日付けで認定事業者として認定しましたが",
        "平成26年11月10日付けでその認定を取り消したので通知します。",
        f"1団体認定番号：{NUMBER}",
        "2事業者の名称：乙チップ工業株式会社",
        "4事業者の所在地：長野県中野市大字吉田678-9",
        "5取消の理由証明書の記載事項に虚偽",
        done["record_id"][:32],
    ):
        assert words in text
    assert read_qr(path.read_bytes(), path.name) == [to_text(envelopes(body)[-1])]
    made(run, "pdf", done["record_id"], "-w", body, "-o", tmp_path / "again.pdf")
    assert (tmp_path / "again.pdf").read_bytes() == path.read_bytes()
    certificate = made(run, "pdf", NUMBER, "-w", body, "-o", tmp_path / "certificate.pdf")
    assert certificate["notes"] == ["this accreditation was revoked on 2014-11-10; its certificate does not tell"]


def test_a_private_address_is_left_open(run: Run, tmp_path: Path) -> None:
    """A person's address is sealed; a copy of the ledger without its disclosures is all that a colleague was given."""
    person = Party("yamada", "山田 太郎", (Role.PRODUCER,), as_business=False, address="長野県飯山市1-2")
    folder = tmp_path / "body"
    init_workspace(folder, (casebooks.BODY, person), lambda: TODAY - DAY, password).close()
    disclosed = made(run, "accredit", "grant", "yamada", "--number", "長木-1", "--from", "2014-04-01", "-w", folder)
    made(run, "pdf", disclosed["record_id"], "-w", folder, "-o", tmp_path / "known.pdf")
    assert "長野県飯山市1-2" in text_of(tmp_path / "known.pdf")
    with closing(sqlite3.connect(folder / "ledger.sqlite")) as database, database:
        database.execute("DELETE FROM disclosure")
    result = run("pdf", disclosed["record_id"], "-w", folder, "-o", tmp_path / "open.pdf")
    assert "手書きする欄: 事業者の所在地" in result.stdout
    assert "山田 太郎 の所在地は非公開項目で、このワークスペースには開示されていません" in result.stdout
    assert "飯山市" not in text_of(tmp_path / "open.pdf")


def test_a_paper_that_cannot_be_written_leaves_nothing(run: Run, body: Path, tmp_path: Path) -> None:
    before = contents(body)
    (tmp_path / "taken.pdf").write_bytes(b"")
    refused = run(*GRANT, "--out", tmp_path / "taken.pdf", "-w", body)
    assert (refused.exit_code, "すでにあります" in refused.stderr) == (2, True)
    odd = run(*GRANT, "--pdf", "--representative", "\U0001f332", "-w", body)
    assert odd.exit_code == 2
    assert "代表者の氏名に印刷できない文字があります" in odd.stderr
    assert "U+1F332" in odd.stderr
    assert contents(body) == before


def test_a_disk_that_fails_after_the_log_took_it_is_told_with_a_way_out(
    run: Run, body: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = os.replace

    def failing(source: str, target: str | Path) -> None:
        if str(target).endswith(".pdf"):
            raise OSError(errno.ENOSPC, "full")
        real(source, target)

    with monkeypatch.context() as patched:
        patched.setattr("biotrace.services.files.os.replace", failing)
        result = run(*GRANT, "--pdf", "-w", body)
    assert result.exit_code == 2
    assert "記録済みですが、PDFを書けません" in result.stderr
    record_id = re.search("biotrace pdf ([0-9a-f]{12})", result.stderr)
    assert record_id is not None
    assert not list((body / "pdf").iterdir())
    made(run, "pdf", record_id.group(1), "-w", body, "-o", tmp_path / "again.pdf")


@pytest.mark.parametrize("option", [["--representative", "x"], ["--western"], ["--applied", "2014-03-03"]])
def test_what_is_for_the_paper_needs_a_paper(option: list[str], run: Run, body: Path) -> None:
    before = contents(body)
    result = run(*GRANT, *option, "-w", body)
    assert result.exit_code == 2
    assert f"{option[0]} は --pdf と一緒に使います" in result.stderr
    assert contents(body) == before


def test_an_own_code_has_no_certificate(run: Run, mill: Path, tmp_path: Path) -> None:
    code = ("accredit", "own-code", "--from", "2014-04-01", "--audit-by", "信州監査法人", "--audit-from", "2014-04-01")
    record = made(run, *code, "-w", mill)["record_id"]
    result = run("pdf", record, "-w", mill, "-o", tmp_path / "x.pdf")
    assert (result.exit_code, "認定書はありません" in result.stderr) == (2, True)


def test_what_another_log_says_is_printed_only_by_the_bodys_known_key(
    run: Run, body: Path, mill: Path, tmp_path: Path
) -> None:
    """Whoever runs a log may call himself the body there."""
    granted = made(run, *GRANT, "-w", body)
    notice = made(run, *REVOKE, "-w", body)
    made(run, "bundle", "make", NUMBER, "--out", tmp_path / "a.bundle", "-w", body)
    made(run, "bundle", "import", tmp_path / "a.bundle", "--pin", "-w", mill)
    for record in (granted["record_id"], notice["record_id"]):
        refused = run("pdf", record, "-w", mill, "-o", tmp_path / "x.pdf")
        assert refused.exit_code == 2
        assert "団体のものと分かっている鍵で署名されていません" in refused.stderr
    assert run("key", "bind", body / "keys/device.pub", "--party", "nagano-body", "-w", mill).exit_code == 0
    for name, record in (("a", granted["record_id"]), ("b", notice["record_id"])):
        made(run, "pdf", record, "-w", mill, "-o", tmp_path / f"{name}.pdf")
    assert "事業者認定書" in text_of(tmp_path / "a.pdf")
    assert "認定取消通知書" in text_of(tmp_path / "b.pdf")


def test_a_copied_certificate_is_printed_as_a_copy(run: Run, mill: Path, tmp_path: Path) -> None:
    made(run, "pdf", NUMBER, "-w", mill, "-o", tmp_path / "copy.pdf")
    text = text_of(tmp_path / "copy.pdf")
    assert "転記写し" in text
    assert "転記者:乙チップ工業株式会社" in text


def test_what_is_for_accreditations_is_refused_for_a_certificate(run: Run, mill: Path, tmp_path: Path) -> None:
    result = run("pdf", "f-1", "--applied", "2014-03-03", "-w", mill, "-o", tmp_path / "x.pdf")
    assert result.exit_code == 2
    assert "認定の書類に使います" in result.stderr
    assert not (tmp_path / "x.pdf").exists()


# what a scan tells


def test_a_scan_tells_what_the_paper_says_and_what_it_cannot(run: Run, body: Path, tmp_path: Path) -> None:
    made(run, *GRANT, "--scope", "チップの製造", "--out", tmp_path / "a.pdf", "-w", body)
    made(run, *REVOKE, "--out", tmp_path / "b.pdf", "-w", body)
    shown = run("scan", tmp_path / "a.pdf", "--trust", body / "trust.json")
    assert shown.exit_code == 1  # no certificate of a load: there is nothing to take
    for words in (
        f"署名者: {casebooks.BODY.name}",
        f"認定  otsu  {NUMBER}",
        "範囲: チップの製造",
        "取り消されていないか",
    ):
        assert words in shown.stdout
    notice = run("scan", tmp_path / "b.pdf", "--trust", body / "trust.json", lang="en")
    assert "revocation of an accreditation, from 2014-11-10 on" in notice.stdout
    assert "reason: 証明書の記載事項に虚偽" in notice.stdout


def test_a_company_that_accredits_itself_in_the_bodys_name_is_found_out(run: Run, mill: Path, tmp_path: Path) -> None:
    """The mill's own key, trusted as the mill's, under a grant that names the body."""
    key = KeyFiles(mill, password).get(KeyName.DEVICE)
    said = Grant("otsu", Accreditation(date(2014, 4, 1), "長木-999", "nagano-body"))
    forged = Signer(key, "otsu").sign(RecordKind.ACCREDITATION, "grant:長木-999", said, TODAY)
    assert isinstance(parse_record(forged.envelope).body, Grant)
    code = tmp_path / "code.txt"
    code.write_text(to_text(forged.envelope))
    result = run("scan", code, "--trust", mill / "trust.json", lang="en")
    assert result.exit_code == 1
    assert "the key is otsu's" in result.stdout


# the member's papers


def test_an_application_says_what_is_known_and_leaves_the_rest_open(run: Run, mill: Path, tmp_path: Path) -> None:
    before = contents(mill)
    out = tmp_path / "apply.pdf"
    said = ("--date", "2014-11-19", "--founded", "1977", "--goods", "切削チップ=12,000 t", "--goods", "樹皮")
    shown = made(run, "accredit", "apply", *said, "--out", out, "-w", mill)
    text = text_of(out)
    for words in (
        "平成26年11月19日",
        f"{casebooks.BODY.name}殿",
        "事業者の名称：乙チップ工業株式会社",
        "創業年1977年",
        "切削チップ12,000t樹皮",
        "（別添：適宜作成）",
    ):
        assert words in text
    assert shown["pdf"] == str(out)
    assert "representative" in shown["open"]
    assert "year of foundation" not in shown["open"]
    assert contents(mill) == before


def test_a_template_is_filled_in_and_used_for_all_papers(run: Run, mill: Path, tmp_path: Path) -> None:
    file = tmp_path / "答え.yaml"
    result = run("accredit", "apply", "--template", file, "-w", mill)
    assert f"記入ファイルを書きました: {file}" in result.stdout
    empty = file.read_text(encoding="utf-8")
    assert f'body: "{casebooks.BODY.name}"' in empty
    assert [f"- year: {year}" in empty for year in (2010, 2011, 2012, 2013, 2014)] == [False, True, True, True, False]
    filled = empty.replace("representative:", "representative: 髙﨑 一郎").replace(
        "person_in_charge:", "person_in_charge: 山田"
    )
    file.write_text(filled.replace("logs_in:", "logs_in: 3412.5"), encoding="utf-8")
    for command in ("apply", "policy"):
        made(run, "accredit", command, "--answers", file, "--out", tmp_path / f"{command}.pdf", "-w", mill)
    assert "代表者の氏名：髙﨑一郎" in text_of(tmp_path / "apply.pdf")
    assert "山田を分別管理責任者として定める。" in text_of(tmp_path / "policy.pdf")
    again = run("accredit", "apply", "--template", file, "-w", mill, lang="en")
    assert (again.exit_code, "exists already" in again.stderr) == (2, True)


def test_a_policy_names_body_and_code_and_says_where_it_applies(run: Run, mill: Path, tmp_path: Path) -> None:
    out = tmp_path / "policy.pdf"
    said = ("--date", "2014-11-19", "--person", "山田 太郎", "--code-date", "2012-08-01", "--out", out, "-w", mill)
    shown = made(run, "accredit", "policy", *said)
    text = text_of(out)
    assert f"本方針書は、{casebooks.BODY.name}が作成した" in text
    assert "自主行動規範（平成24年8月1日）" in text
    assert "当社製材工場において" in text
    assert shown["open"] == []
    assert "--site" in shown["notes"][0]
    made(run, "accredit", "policy", "--site", "当社チップ工場", "--out", tmp_path / "b.pdf", "-w", mill)
    assert "当社チップ工場において" in text_of(tmp_path / "b.pdf")


def test_answers_that_cannot_be_read_name_file_and_line(run: Run, mill: Path, tmp_path: Path) -> None:
    file = tmp_path / "a.yaml"
    file.write_text("biotrace: accreditation-answers/1\nfounde: 1977\n", encoding="utf-8")
    for command in ("apply", "policy"):
        result = run("accredit", command, "--answers", file, "--out", tmp_path / "x.pdf", "-w", mill)
        assert result.exit_code == 2
        assert f"{file} 2行目 founde" in result.stderr
    assert not (tmp_path / "x.pdf").exists()


def test_a_request_for_renewal_states_three_years(run: Run, mill: Path, tmp_path: Path) -> None:
    out = tmp_path / "renewal.pdf"
    handled = (
        "--handled",
        "2012:thinned=3,412.5/3000",
        "--handled",
        "2012:general=0/",
        "--handled",
        "2013:thinned=1/2",
    )
    asked = ("accredit", "request", NUMBER, "--date", "2014-11-01", "--representative", "髙﨑 一郎", *handled)
    shown = made(run, *asked, "--out", out, "-w", mill)
    text = text_of(out)
    for words in (
        f"認定番号：{NUMBER}",
        "平成23年度㎥㎥㎥㎥",
        "平成24年度3,412.5㎥3,000㎥0㎥㎥",
        "平成25年度1㎥2㎥㎥㎥",
        shown["record_id"],
    ):
        assert words in text
    assert "volumes handled in three years" in shown["open"]
    again = tmp_path / "again.pdf"
    made(run, "pdf", shown["record_id"], "--representative", "髙﨑 一郎", *handled, "-w", mill, "-o", again)
    assert again.read_bytes() == out.read_bytes()


def test_a_late_request_is_told_when_it_was_due(run: Run, mill: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cli.console.time", SimpleNamespace(time=lambda: TODAY + 840 * DAY))  # 2017-03-08
    result = run("accredit", "request", NUMBER, "--date", "2017-03-01", "-w", mill)
    assert result.exit_code == 0
    assert "申請の期限 2017-02-28（有効期間の満了の1か月前）を過ぎています" in result.stdout


@pytest.mark.parametrize(
    "value", ["2013", "2013:thinned", "2013:waste=1/2", "thinned=1/2", "2013:thinned=1", "12:thinned=1/2"]
)
def test_volumes_in_another_shape_are_refused(value: str, run: Run, mill: Path) -> None:
    result = run("accredit", "request", NUMBER, "--date", "2014-11-01", "--pdf", "--handled", value, "-w", mill)
    assert result.exit_code == 2
    assert "2023:thinned=3500/3200 のように" in result.stderr
