"""``biotrace log``: published files, receipts and proofs, verifiers with a memory, and witnesses."""

from __future__ import annotations

import base64
import json
import os
import re
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from biotrace.chain import checkpoint, receipt, tiles
from biotrace.chain.record import parse_record
from biotrace.services.key_files import KeyName, sealed
from biotrace.services.log_text import parse_growth
from biotrace.services.record_data import body_data
from biotrace.services.workspace import Workspace, open_workspace
from cli.main import cli
from tests.builders import LOG, device_key
from tests.log_folders import WITNESS, leaf, leaves, listing, publish, receipt_file, signed
from tests.trust_lists import AUTHORITY, DAY
from tests.workspaces import PASSWORD, TODAY, contents, data, envelopes, password

Run = Callable[..., Result]

ISSUE = ("issue", "--to", "plant-8", "--quantity", "1t", "--moisture", "0.42")


@pytest.fixture(autouse=True)
def _home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No test may read or write what its user has seen."""
    for name in ("HOME", "XDG_CONFIG_HOME", "APPDATA"):
        monkeypatch.setenv(name, str(tmp_path / "home"))
    monkeypatch.delenv("BIOTRACE_WORKSPACE", raising=False)


@pytest.fixture
def issue(run: Run, tmp_path: Path) -> Callable[[Path], None]:
    """Issue one more certificate of 1 t in a workspace."""
    count = [0]

    def one(folder: Path) -> None:
        count[0] += 1
        assert run(*ISSUE, "-w", folder, "--out", tmp_path / f"{count[0]}.pdf").exit_code == 0

    return one


@pytest.fixture
def witness(tmp_path: Path) -> Path:
    """The key file of a witness."""
    path = tmp_path / "witness.key"
    path.write_bytes(sealed(device_key("witness"), PASSWORD))
    return path


def opened(folder: Path) -> Workspace:
    return open_workspace(folder, lambda: TODAY, password)


def files(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def refused(run: Run, *arguments: object, ja: str, en: str, code: str) -> None:
    for lang, words in (("ja", ja), ("en", en)):
        result = run(*arguments, lang=lang)
        assert (result.exit_code, result.stdout) == (2, ""), result.output
        assert words in result.stderr
    assert json.loads(run(*arguments, "--format", "json").stderr)["error"] == code


# publish


def test_what_is_published_verifies_and_grows_by_its_new_files_alone(
    run: Run, mill: Path, tmp_path: Path, issue: Callable[[Path], None]
) -> None:
    out = tmp_path / "pub"
    size = len(envelopes(mill))
    answer = data(run("log", "publish", out, "-w", mill, "--format", "json"))
    assert (answer["size"], answer["before"]) == (size, None)
    first = files(out)
    assert set(first) == {"checkpoint", "vkey", *(tile.path for tile in tiles.tiles_at(size))}
    assert answer["files"] == len(first) - 2
    issue(mill)
    again = data(run("log", "publish", out, "-w", mill, "--format", "json"))
    assert (again["before"], again["size"], again["files"]) == (size, size + 1, 2)
    for path, content in first.items():
        if path != "checkpoint":
            assert (out / path).read_bytes() == content, "what was published stays"
    unchanged = files(out)
    assert data(run("log", "publish", out, "-w", mill, "--format", "json"))["files"] == 0
    assert files(out) == unchanged
    seen = run("log", "verify", out, "--pin", "--memory", tmp_path / "memory")
    assert seen.exit_code == 0
    assert f"公開された {size + 1} 件すべて" in seen.stdout


def test_publishing_needs_no_key(run: Run, mill: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("BIOTRACE_PASSWORD")
    for name in KeyName:
        (mill / "keys" / name.file).unlink()
    assert run("log", "publish", tmp_path / "pub", "-w", mill).exit_code == 0


def _said(value: object, words: set[str]) -> None:
    """Every text and number that a record states."""
    if isinstance(value, dict):
        for part in value.values():
            _said(part, words)
    elif isinstance(value, list | tuple):
        for part in value:
            _said(part, words)
    elif isinstance(value, str):
        words.add(value)
    elif isinstance(value, int):
        words.add(str(value))


def test_published_files_show_no_partner_place_or_quantity(run: Run, mill: Path, tmp_path: Path) -> None:
    run("log", "publish", tmp_path / "pub", "-w", mill)
    words: set[str] = set()
    for envelope in envelopes(mill):
        record = parse_record(envelope)
        words |= {record.subject, record.issuer}
        _said(body_data(record.body), words)
    telling = {word for word in words if len(word.encode()) >= 5}
    assert {"長野県", "第26-017号"} <= telling
    assert len(telling) > 30
    shown = b"\0".join(files(tmp_path / "pub").values())
    for word in telling:
        for encoding in ("utf-8", "cp932", "utf-16-le"):
            assert word.encode(encoding, errors="replace") not in shown, word
    for number in (100_000_000, 50_000_000, 236_110):  # quantities and areas as a record's bytes hold them
        assert number.to_bytes(4, "big") not in shown
    with opened(mill) as workspace:
        entries = [each.to_bytes() for each in workspace.ledger.leaves()]
    assert (tmp_path / "pub/tile/entries" / f"000.p/{len(entries)}").read_bytes() == tiles.entry_bundle(entries)


def test_a_reader_never_meets_a_checkpoint_whose_files_are_missing(
    run: Run, mill: Path, tmp_path: Path, issue: Callable[[Path], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whichever write is the last one that succeeds, what a reader finds verifies."""
    out, real = tmp_path / "pub", os.replace
    run("log", "publish", out, "-w", mill)
    issue(mill)
    wanted = data(run("log", "publish", tmp_path / "whole", "-w", mill, "--format", "json"))["size"]
    sizes = []
    for allowed in range(10):
        left = [allowed]

        def some(*paths: Any, left: list[int] = left) -> None:
            left[0] -= 1
            if left[0] < 0:
                raise OSError(28, "No space left on device")
            real(*paths)

        with monkeypatch.context() as patch:
            patch.setattr(os, "replace", some)
            code = run("log", "publish", out, "-w", mill).exit_code
        memory = tmp_path / f"memory {allowed}"
        sizes.append(data(run("log", "verify", out, "--pin", "--memory", memory, "--format", "json"))["size"])
        if code == 0:
            break
    assert sizes[:-1] == [wanted - 1] * (len(sizes) - 1)
    assert sizes[-1] == wanted
    assert len(sizes) > 2


def test_another_logs_folder_is_left_alone(run: Run, mill: Path, tmp_path: Path) -> None:
    out = publish(tmp_path / "pub", leaves(3))
    before = files(out)
    refused(
        run,
        *("log", "publish", out, "-w", mill),
        ja="このログのものではありません",
        en="is not of this log",
        code="published-other",
    )
    assert files(out) == before


def test_a_damaged_folder_is_mended_by_writing_all_anew(run: Run, mill: Path, tmp_path: Path) -> None:
    out = tmp_path / "pub"
    run("log", "publish", out, "-w", mill)
    (entries,) = [path for path in (out / "tile/entries").rglob("*") if path.is_file()]
    entries.write_bytes(b"")
    assert run("log", "verify", out, "--pin", "--memory", tmp_path / "m").exit_code == 1
    assert run("log", "publish", out, "-w", mill, "--all").exit_code == 0
    assert run("log", "verify", out, "--pin", "--memory", tmp_path / "m").exit_code == 0


def test_a_ledger_whose_tree_is_damaged_is_not_published(run: Run, mill: Path, tmp_path: Path) -> None:
    with closing(sqlite3.connect(mill / "ledger.sqlite")) as database, database:
        database.execute("UPDATE entry SET logged_at = logged_at - 1 WHERE position = 2")
    result = run("log", "publish", tmp_path / "pub", "-w", mill, lang="en")
    assert result.exit_code == 2
    assert "not published" in result.stderr
    assert not (tmp_path / "pub/checkpoint").exists()


# checkpoint and proofs


def test_the_checkpoint_is_the_signed_note(run: Run, mill: Path, tmp_path: Path) -> None:
    with opened(mill) as workspace:
        note, log = workspace.ledger.checkpoint().to_bytes(), workspace.ledger.log_name
    assert run("log", "checkpoint", "-w", mill).stdout_bytes == note
    assert run("log", "checkpoint", "-w", mill, "--out", tmp_path / "c").exit_code == 0
    assert (tmp_path / "c").read_bytes() == note
    answer = data(run("log", "checkpoint", "-w", mill, "--format", "json"))
    assert (answer["origin"], answer["size"]) == (log.name, len(envelopes(mill)))
    assert (answer["note"].encode(), answer["cosignatures"]) == (note, [])
    assert answer["time"] == TODAY - DAY
    empty = data(run("log", "checkpoint", "-w", mill, "--size", 0, "--format", "json"))
    assert (empty["size"], empty["time"]) == (0, None)
    refused(
        run,
        *("log", "checkpoint", "-w", mill, "--size", 1),
        ja="1 件のチェックポイントはありません",
        en="no checkpoint of 1",
        code="checkpoint-unknown",
    )


@pytest.mark.parametrize("how", ["workspace", "id and key", "envelope"])
def test_a_receipt_proves_the_record_to_others(how: str, run: Run, mill: Path, tmp_path: Path) -> None:
    path = tmp_path / "f-1.receipt"
    made = data(run("log", "prove", "f-1", "-w", mill, "--out", path, "--format", "json"))
    assert base64.b64decode(made["receipt"]) == path.read_bytes()
    with opened(mill) as workspace:
        log = workspace.ledger.log_name
        (entry,) = workspace.ledger.find("f-1")
    assert (made["record_id"], made["index"]) == (entry.record.record_id.hex(), entry.position)
    envelope = tmp_path / "f-1.cose"
    envelope.write_bytes(entry.record.envelope)
    named = {
        "workspace": ("-w", mill, "--record", "f-1"),
        "id and key": ("--vkey", log, "--record", made["record_id"]),
        "envelope": ("--vkey", log, "--record", envelope),
    }[how]
    result = run("log", "verify", path, *named, "--memory", tmp_path / "m")
    assert result.exit_code == 0
    assert f"{entry.position} 番に 2014-11-18 09:00:00 に記録されています" in result.stdout
    assert "照合: していない" in result.stdout
    other = run("log", "verify", path, "--vkey", log, "--record", "00" * 32, "--memory", tmp_path / "m")
    assert other.exit_code == 1
    assert "S104" in other.stdout


def test_a_receipt_is_compared_with_the_published_log(
    run: Run, mill: Path, tmp_path: Path, issue: Callable[[Path], None]
) -> None:
    path = tmp_path / "f-1.receipt"
    run("log", "prove", "f-1", "-w", mill, "--out", path)
    issue(mill)
    run("log", "publish", tmp_path / "pub", "-w", mill)
    memory = ("--memory", tmp_path / "m")
    answer = data(
        run(
            *("log", "verify", path, "-w", mill, "--record", "f-1", "--proof", tmp_path / "pub"),
            *(*memory, "--format", "json"),
        )
    )
    assert answer["compared_with"] == len(envelopes(mill))
    assert answer["findings"] == []


def test_a_receipt_needs_its_record_and_the_logs_key(run: Run, mill: Path, tmp_path: Path) -> None:
    path = tmp_path / "f-1.receipt"
    run("log", "prove", "f-1", "-w", mill, "--out", path)
    alone = ("log", "verify", path, "-w", mill)
    refused(run, *alone, ja="どの記録の受領証か", en="together with its record", code="no-record")
    unknown = ("log", "verify", path, "--record", "00" * 32, "--memory", tmp_path / "m")
    refused(run, *unknown, ja="その鍵が分かりません", en="nothing says which key", code="log-unpinned")
    (mill / "keys/log.key").unlink()
    refused(run, "log", "prove", "f-1", "-w", mill, ja="ログの鍵", en="log key", code="no-key")


def test_a_record_that_is_not_what_was_logged_gets_no_receipt(run: Run, mill: Path, tmp_path: Path) -> None:
    with closing(sqlite3.connect(mill / "ledger.sqlite")) as database, database:
        (content,) = database.execute("SELECT envelope FROM entry WHERE subject = 'f-1'").fetchone()
        spoiled = content[:-1] + bytes([content[-1] ^ 1])
        database.execute("UPDATE entry SET envelope = ? WHERE subject = 'f-1'", (spoiled,))
    prove = ("log", "prove", "f-1", "-w", mill, "--out", tmp_path / "r")
    refused(run, *prove, ja="受領証を出せません", en="no receipt", code="damaged")
    assert not (tmp_path / "r").exists()


def test_growth_is_proven_by_a_text_file(run: Run, mill: Path, tmp_path: Path, issue: Callable[[Path], None]) -> None:
    old, new, proof, memory = (tmp_path / name for name in ("old", "new", "growth.proof", "m"))
    with opened(mill) as workspace:
        known = ("--vkey", workspace.ledger.log_name, "--memory", memory)
    size = len(envelopes(mill))
    run("log", "checkpoint", "-w", mill, "--out", old)
    assert run("log", "verify", old, *known).exit_code == 0
    issue(mill)
    run("log", "checkpoint", "-w", mill, "--out", new)
    needed = ("log", "verify", new, *known)
    refused(run, *needed, ja="つながりの証明が要ります", en=f"from {size} to {size + 1}", code="proof-needed")
    assert run("log", "prove", "--from", size, "-w", mill, "--out", proof).exit_code == 0
    growth = parse_growth(proof.read_bytes(), "proof")
    assert (growth.first.size, growth.second.size) == (size, size + 1)
    assert proof.read_bytes().startswith(b"biotrace consistency proof v1\n\n" + old.read_bytes())
    shutil.copytree(memory, tmp_path / "m2")
    result = run("log", "verify", new, "--proof", proof, *known)
    assert result.exit_code == 0
    assert f"前に見た {size} 件に足されただけだと確かめ" in result.stdout
    alone = run("log", "verify", proof, *known[:2], "--memory", tmp_path / "m2")
    assert alone.exit_code == 0, "the proof brings its own checkpoint"
    spoiled = tmp_path / "spoiled"
    for at in range(len(proof.read_bytes())):
        content = bytearray(proof.read_bytes())
        content[at] ^= 1
        spoiled.write_bytes(bytes(content))
        assert run("log", "verify", spoiled, *known[:2], "--memory", tmp_path / "m3").exit_code != 0, at
        shutil.rmtree(tmp_path / "m3", ignore_errors=True)


def test_what_needs_no_proof_gets_none(run: Run, mill: Path) -> None:
    size = len(envelopes(mill))
    for start, code in ((0, "nothing-to-prove"), (size, "nothing-to-prove"), (size + 1, "checkpoint-unknown")):
        result = run("log", "prove", "--from", start, "-w", mill, "--format", "json")
        assert (result.exit_code, json.loads(result.stderr)["error"]) == (2, code)
    assert run("log", "prove", "-w", mill).exit_code == 2
    assert run("log", "prove", "f-1", "--from", 3, "-w", mill).exit_code == 2


# verify, and whose key to believe


def test_the_first_contact_is_explicit(run: Run, tmp_path: Path) -> None:
    out, memory = publish(tmp_path / "pub", leaves(30)), tmp_path / "m"
    kid = LOG.key.kid.hex()
    look = ("log", "verify", out, "--memory", memory)
    refused(run, *look, ja="初めて見るログ", en="never seen before", code="log-unpinned")
    assert kid in run(*look).stderr
    assert not memory.exists()
    first = run(*look, "--pin")
    assert first.exit_code == 0
    assert f"初めて見るログ: 鍵 {kid} を覚えました。電話などで運営者に確かめてください" in first.stdout
    again = run(*look)
    assert again.exit_code == 0
    assert "前に覚えた鍵" in again.stdout
    assert "前に見た 30 件と同じ" in again.stdout


def test_without_a_workspace_the_users_own_folder_remembers(run: Run, tmp_path: Path) -> None:
    out = publish(tmp_path / "pub", leaves(30))
    assert run("log", "verify", out, "--pin").exit_code == 0
    assert len(list((tmp_path / "home").rglob("seen/*.checkpoint"))) == 1
    assert run("log", "verify", out).exit_code == 0


def test_another_key_than_the_pinned_one_is_not_believed(run: Run, tmp_path: Path) -> None:
    out, memory = publish(tmp_path / "pub", leaves(30)), tmp_path / "m"
    run("log", "verify", out, "--memory", memory, "--pin")
    stranger = replace(LOG, key=device_key("stranger"))
    publish(out, leaves(31), stranger)
    result = run("log", "verify", out, "--memory", memory, "--pin")
    assert result.exit_code == 1
    assert "S104" in result.stdout
    told = ("log", "verify", out, "--memory", memory, "--vkey", stranger.verifier)
    refused(run, *told, ja="別の鍵で署名されていました", en="signed by another key", code="seen-other-key")
    assert not (memory / "evidence").exists(), "anybody can sign under any name"


def test_keys_for_another_log_or_of_another_kind_are_refused(run: Run, tmp_path: Path) -> None:
    out = publish(tmp_path / "pub", leaves(3))
    other = replace(LOG, origin="log.example/other").verifier
    look = ("log", "verify", out, "--memory", tmp_path / "m", "--vkey")
    refused(run, *look, other, ja="log.example/other のもの", en="of the log log.example/other", code="log-other")
    refused(run, *look, WITNESS, ja="証人の鍵", en="key of a witness", code="no-vkey")
    refused(run, *look, "a+b+c", ja="検証鍵", en="verifier key", code="no-vkey")
    refused(run, *look, tmp_path / "none", ja="none", en="none", code="no-file")
    both = (*look, LOG.verifier, "--trust", listing(tmp_path / "t.list", LOG.verifier))
    refused(run, *both, ja="一方だけ", en="not both", code="usage")
    (tmp_path / "k").write_text(f"{LOG.verifier}\n")
    assert run(*look, tmp_path / "k").exit_code == 0


def test_a_log_that_is_whole_but_grew_is_remembered(run: Run, tmp_path: Path) -> None:
    out, look = tmp_path / "pub", ("log", "verify", tmp_path / "pub", "--memory", tmp_path / "m", "--pin")
    for size in (0, 1, 256, 300, 600):
        publish(out, leaves(size))
        answer = data(run(*look, "--format", "json"))
        assert (answer["size"], answer["entries"], answer["outcome"], answer["findings"]) == (size, size, "newer", [])
    assert data(run(*look, "--format", "json"))["outcome"] == "same"
    assert answer["seen_before"]["size"] == 300


def test_a_checkpoint_alone_may_be_old_but_is_not_taken_for_the_latest(run: Run, tmp_path: Path) -> None:
    out, memory = publish(tmp_path / "pub", leaves(30)), ("--memory", tmp_path / "m")
    run("log", "verify", out, "--pin", *memory)
    old = tmp_path / "old"
    old.write_bytes(signed(leaves(20)).to_bytes())
    refused(run, "log", "verify", old, *memory, ja="証明が要ります", en="proof", code="proof-needed")
    result = run("log", "verify", old, "--proof", out, *memory, lang="en")
    assert result.exit_code == 1
    assert "checkpoint-older" in result.stdout
    assert not (tmp_path / "m/evidence").exists(), "an old checkpoint is no breach"
    assert "the same 30" in run("log", "verify", out, *memory, lang="en").stdout


def test_what_is_no_log_is_told(run: Run, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "text").write_text("hello\n")
    (tmp_path / "receipt").write_bytes(b"\xd2\x84hello")
    assert run("log", "verify", tmp_path / "none").exit_code == 2
    assert run("log", "verify", tmp_path / "empty").exit_code == 2
    assert "text" in run("log", "verify", tmp_path / "text").stderr
    result = run("log", "verify", tmp_path / "receipt", "--record", "00" * 32, "--vkey", LOG.verifier)
    assert result.exit_code == 2
    assert "受領証" in result.stderr


def test_a_damaged_memory_is_no_fresh_start(run: Run, tmp_path: Path) -> None:
    out, memory = publish(tmp_path / "pub", leaves(30)), tmp_path / "m"
    run("log", "verify", out, "--pin", "--memory", memory)
    for path in memory.glob("*.checkpoint"):
        path.write_bytes(b"")
    look = ("log", "verify", out, "--memory", memory)
    refused(run, *look, ja="控えが壊れています", en="is damaged", code="memory-damaged")


# witnesses


def test_a_witness_cosigns_and_the_log_takes_it_back(
    run: Run, mill: Path, tmp_path: Path, witness: Path, issue: Callable[[Path], None]
) -> None:
    """The whole round: key to the authority, list to the mill, checkpoint to the witness and back, verifier."""
    me = ("--name", WITNESS.name, "--key", witness, "--memory", tmp_path / "wm")
    assert run("log", "cosign", "--print-vkey", *me).stdout == f"{WITNESS}\n"
    with opened(mill) as workspace:
        listed = listing(tmp_path / "t.list", workspace.ledger.log_name)
    assert run("trust", "update", listed, "-w", mill, "--pin", AUTHORITY.kid.hex()).exit_code == 0
    out = tmp_path / "pub"
    run("log", "publish", out, "-w", mill)
    look = ("log", "verify", out, "--trust", listed, "--memory", tmp_path / "vm")
    before = run(*look, lang="en")
    assert before.exit_code == 1
    assert "cosigned by 0 (of 1 witnesses, 1 needed)" in before.stdout
    assert "checkpoint-quorum" in before.stdout
    assert list((tmp_path / "vm").glob("*.checkpoint")), "what nobody cosigned can still be held against the log"

    signed_file = tmp_path / "cosigned"
    made = run("log", "cosign", out, *me, "--trust", listed, "--out", signed_file)
    assert made.exit_code == 0
    assert f"{WITNESS.name} として連署しました" in made.stdout
    taken = run("log", "cosign", "-w", mill, "--add", signed_file)
    assert taken.exit_code == 0
    assert "連署 1（証人 1、必要 1）" in taken.stdout
    run("log", "publish", out, "-w", mill)
    assert (out / "checkpoint").read_bytes() == signed_file.read_bytes()
    assert "cosigned by 1" in run(*look, lang="en").stdout
    assert run(*look).exit_code == 0
    answer = data(run("log", "checkpoint", "-w", mill, "--format", "json"))
    assert answer["cosignatures"] == [{"name": WITNESS.name, "verified": True, "time": TODAY}]
    assert "連署 1（証人 1、必要 1）" in run("verify", "-w", mill).stdout

    (mill / "trust.list").unlink()  # which names no accrediting body, so that nothing could be issued by it
    issue(mill)
    run("log", "publish", out, "-w", mill)
    assert run("log", "cosign", out, *me, "--trust", listed, "--out", tmp_path / "c2").exit_code == 0
    checkpoint.verify_cosignatures(checkpoint.parse((tmp_path / "c2").read_bytes()), [WITNESS], 1)


def test_a_witness_refuses_what_it_cannot_follow(run: Run, tmp_path: Path, witness: Path) -> None:
    me = ("--name", WITNESS.name, "--key", witness, "--memory", tmp_path / "m", "--vkey", LOG.verifier)
    ways = {size: tmp_path / str(size) for size in (20, 30)}
    for size, path in ways.items():
        path.write_bytes(signed(leaves(size)).to_bytes())
    cosign = ("log", "cosign", *me, "--out", tmp_path / "out")
    assert run("log", "cosign", ways[20], *me, "--out", tmp_path / "first").exit_code == 0
    refused(run, *cosign, ways[30], ja="証明が要ります", en="proof", code="proof-needed")
    whole = publish(tmp_path / "pub", leaves(30))
    assert run("log", "cosign", ways[30], "--proof", whole, *me, "--out", tmp_path / "second").exit_code == 0
    older = (*cosign, ways[20], "--proof", whole)
    refused(run, *older, ja="連署しません", en="is not cosigned", code="cosign-older")
    assert not (tmp_path / "out").exists()
    taken = (*cosign[:-1], tmp_path / "first", ways[30])
    refused(run, *taken, ja="すでにあります", en="exists already", code="file-exists")


def test_a_witness_needs_the_logs_key_its_own_and_a_name(run: Run, tmp_path: Path, witness: Path) -> None:
    shown, out = publish(tmp_path / "pub", leaves(3)), ("--out", tmp_path / "out")
    me = ("--name", "w", "--key", witness, "--memory", tmp_path / "m")
    refused(run, "log", "cosign", shown, *me, *out, ja="初めて見る", en="never seen", code="log-unpinned")
    bad_name = ("log", "cosign", shown, "--name", "a b", "--key", witness, "--vkey", LOG.verifier, *out)
    refused(run, *bad_name, ja="使えません", en="cannot be the name", code="usage")
    for missing in (("--name", "w"), ("--key", witness), ()):
        assert run("log", "cosign", shown, *missing, *out).exit_code == 2
    assert run("log", "cosign", shown, *me).exit_code == 2
    assert run("log", "cosign").exit_code == 2
    assert run("log", "cosign", shown, "--print-vkey", *me).exit_code == 2
    assert not (tmp_path / "out").exists()
    pinned = run("log", "cosign", shown, *me, *out, "--pin")
    assert pinned.exit_code == 0
    assert "初めて見るログ: 鍵" in pinned.stdout


def test_the_password_of_a_witness_is_asked_for(
    run: Run, tmp_path: Path, witness: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BIOTRACE_PASSWORD", "another one")
    shown = publish(tmp_path / "pub", leaves(3))
    me = ("--name", "w", "--key", witness, "--memory", tmp_path / "m", "--vkey", LOG.verifier)
    wrong = ("log", "cosign", shown, *me, "--out", tmp_path / "out")
    refused(run, *wrong, ja="パスワードが違います", en="password is wrong", code="key-password")
    (tmp_path / "pw").write_text(PASSWORD)
    assert run(*wrong, "--password-file", tmp_path / "pw").exit_code == 0


def test_cosignatures_by_nobody_known_are_kept_and_said_to_be(run: Run, mill: Path, tmp_path: Path) -> None:
    path = tmp_path / "c"
    run("log", "checkpoint", "-w", mill, "--out", path)
    given = checkpoint.cosign(checkpoint.parse(path.read_bytes()), "who", device_key("who"), TODAY)
    path.write_bytes(given.to_bytes())
    result = run("log", "cosign", "-w", mill, "--add", path)
    assert result.exit_code == 0
    assert "who: 信頼リストにない署名者。確かめずに残しました" in result.stdout
    assert "連署: 確かめていない" in result.stdout
    answer = data(run("log", "checkpoint", "-w", mill, "--format", "json"))
    assert answer["cosignatures"] == [{"name": "who", "verified": False, "time": None}]


def test_a_checkpoint_that_this_log_never_made_is_not_taken(run: Run, mill: Path, tmp_path: Path) -> None:
    path = tmp_path / "c"
    path.write_bytes(signed(leaves(3)).to_bytes())
    before = contents(mill)
    result = run("log", "cosign", "-w", mill, "--add", path, lang="en")
    assert result.exit_code == 2
    assert "not of biotrace/" in result.stderr
    assert contents(mill) == before


# the workspace's own memory


def test_verdicts_name_the_log_and_checkpoint_they_saw(run: Run, mill: Path) -> None:
    with opened(mill) as workspace:
        latest = workspace.ledger.checkpoint()
    result = run("verify", "-w", mill)
    line = f"ログ {latest.origin}  {latest.size} 件  根 {latest.root.hex()[:16]}  連署: 確かめていない"
    assert line in result.stdout
    (seen,) = data(run("verify", "-w", mill, "--format", "json"))["logs"]
    assert (seen["origin"], seen["size"], seen["root"]) == (latest.origin, latest.size, latest.root.hex())
    assert (seen["cosigned"], seen["compared"], seen["remembered"]) == (None, True, True)


def test_s105_is_run_only_where_something_was_seen(run: Run, mill: Path) -> None:
    assert "S105" not in data(run("verify", "-w", mill, "--format", "json"))["rules_not_run"]
    shutil.rmtree(mill / "seen")
    first = data(run("verify", "-w", mill, "--format", "json"))
    assert "S105" in first["rules_not_run"]
    assert first["logs"][0]["compared"] is False
    assert "S105" not in data(run("verify", "-w", mill, "--format", "json"))["rules_not_run"]


def test_what_is_logged_is_remembered(mill: Path, issue: Callable[[Path], None]) -> None:
    issue(mill)
    (seen,) = (mill / "seen").glob("*.checkpoint")
    with opened(mill) as workspace:
        assert seen.read_bytes() == workspace.ledger.checkpoint().to_bytes()


def test_what_cannot_be_remembered_is_logged_all_the_same_and_said_by_verify(
    run: Run, mill: Path, issue: Callable[[Path], None]
) -> None:
    shutil.rmtree(mill / "seen")
    (mill / "seen").write_bytes(b"in the way")
    size = len(envelopes(mill))
    issue(mill)
    assert len(envelopes(mill)) == size + 1
    result = run("verify", "-w", mill)
    assert result.exit_code == 0
    assert "このチェックポイントを覚えられません" in result.stdout


def test_two_machines_on_one_ledger_do_not_accuse_each_other(run: Run, mill: Path, tmp_path: Path) -> None:
    """Each has its own memory; the other's appends are growth."""
    other = Path(shutil.copytree(mill, tmp_path / "other"))
    config = json.loads((other / "biotrace.json").read_text(encoding="utf-8"))
    (other / "biotrace.json").write_text(json.dumps(config | {"ledger": "../mill/ledger.sqlite"}), encoding="utf-8")
    for number, folder in enumerate((mill, other, mill, other)):
        result = run(*ISSUE, "-w", folder, "--out", tmp_path / f"{number}.pdf")
        assert result.exit_code == 0, result.output
        assert run("verify", "-w", folder).exit_code == 0


def test_publishing_and_proving_write_nothing_else(run: Run, mill: Path, tmp_path: Path) -> None:
    run("log", "publish", tmp_path / "warm", "-w", mill)
    before = contents(mill)
    run("log", "publish", tmp_path / "pub", "-w", mill)
    run("log", "checkpoint", "-w", mill, "--out", tmp_path / "c")
    run("log", "prove", "f-1", "-w", mill, "--out", tmp_path / "r")
    assert contents(mill) == before


def test_a_receipt_may_be_read_from_files_made_elsewhere(run: Run, tmp_path: Path) -> None:
    held = [*leaves(9), leaf("mine", TODAY), *[leaf(f"later {i}", TODAY + i) for i in range(9)]]
    path = receipt_file(tmp_path / "r", held, 9)
    assert receipt.parse(path.read_bytes()).index == 9
    known = ("--vkey", LOG.verifier, "--memory", tmp_path / "m")
    assert run("log", "verify", path, "--record", held[9].record_id.hex(), *known).exit_code == 0


@pytest.mark.parametrize("command", ["publish", "checkpoint", "prove", "verify", "cosign"])
def test_every_command_explains_itself(command: str) -> None:
    result = CliRunner().invoke(cli, ["log", command, "--help"])
    assert result.exit_code == 0
    assert " / " in result.stdout
    assert "--format" in result.stdout


def test_the_documentation_names_only_what_there_is() -> None:
    text = (Path(__file__).parents[2] / "docs/log.md").read_text(encoding="utf-8")
    blocks = re.findall("```sh\n(.*?)```", text, re.DOTALL)
    lines = [line.split("#")[0].split() for block in blocks for line in block.splitlines()]
    assert {line[2] for line in lines if line[1] == "log"} == {"publish", "prove", "verify", "cosign"}
    for _, group, name, *words in lines:
        found: Any = cli.get_command(None, group)  # type: ignore[arg-type]  # the context is not looked at
        known = {option for param in found.commands[name].params for option in param.opts}
        assert {word for word in words if word.startswith("-")} <= known, name
