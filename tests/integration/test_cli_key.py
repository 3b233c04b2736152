"""biotrace key: listing, replacing, ending and binding keys; passwords."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from biotrace.chain.keys import DeviceKey
from biotrace.services import trust
from tests.integration.conftest import Run
from tests.workspaces import PASSWORD, contents, data

TRUCK = ["issue", "--to", "plant-8", "--quantity", "10m3", "--goods", "logs"]


def kids(run: Run, mill: Path) -> dict[str, str]:
    """The kid of each key file that is here."""
    return {k["here"]: k["kid"] for k in data(run("key", "list", "-w", mill, "--format", "json")) if k["here"]}


def test_the_list_names_each_key_and_where_it_is(run: Run, mill: Path) -> None:
    shown = run("key", "list", "-w", mill).stdout
    assert "管理鍵  乙チップ工業株式会社  2014-11-18" in shown
    assert "ここにある（device.key）" in shown
    keys = data(run("key", "list", "-w", mill, "--format", "json"))
    assert [(k["root"], k["here"], k["until"]) for k in keys] == [(True, "root.key", None), (False, "device.key", None)]


def test_private_keys_are_sealed_and_a_wrong_password_says_so(
    run: Run, mill: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("root", "log", "device"):
        file = mill / "keys" / f"{name}.key"
        assert file.read_bytes().startswith(b"biotrace key\n")
        assert file.stat().st_mode & 0o077 == 0
    before = contents(mill)
    monkeypatch.setenv("BIOTRACE_PASSWORD", "something else")
    for lang, words in (("ja", "パスワードが違います"), ("en", "the password is wrong")):
        result = run(*TRUCK, "-w", mill, lang=lang)
        assert (result.exit_code, result.stdout) == (2, "")
        assert words in result.stderr
    monkeypatch.delenv("BIOTRACE_PASSWORD")
    assert "BIOTRACE_PASSWORD" in run(*TRUCK, "-w", mill).stderr
    assert contents(mill) == before
    assert run("verify", "-w", mill).exit_code == 0


def test_a_new_key_takes_over_and_the_old_one_is_refused_from_then_on(run: Run, mill: Path, tmp_path: Path) -> None:
    assert run(*TRUCK, "-w", mill).exit_code == 0
    old = kids(run, mill)["device.key"]
    stolen = tmp_path / "stolen.key"
    shutil.copy(mill / "keys/device.key", stolen)
    result = run("key", "new", "-w", mill)
    assert result.exit_code == 0
    assert "新しい署名鍵" in result.stdout
    assert f"鍵 {old}" in result.stdout
    assert kids(run, mill)["device.key"] != old
    assert run(*TRUCK, "-w", mill).exit_code == 0
    verdict = run("verify", "-w", mill)
    assert verdict.exit_code == 0, verdict.stdout  # what the old key signed before stays good
    shutil.copy(stolen, mill / "keys/device.key")
    before = contents(mill)
    for lang, words in (("ja", "失効しています"), ("en", "was ended from index")):
        refused = run(*TRUCK, "-w", mill, lang=lang)
        assert refused.exit_code == 2
        assert words in refused.stderr
    assert contents(mill) == before


def test_a_stolen_keys_records_count_until_the_day_of_the_theft_only(run: Run, mill: Path) -> None:
    first = data(run(*TRUCK, "-w", mill, "--format", "json"))["record_id"]
    shown = run("key", "new", "-w", mill, "--reason", "leaked", "--since", "2014-11-19", "--dry-run")
    assert shown.exit_code == 2  # a new key is not rehearsed; its end is
    kid = kids(run, mill)["device.key"]
    before = contents(mill)
    leaked = ["--reason", "leaked", "--since", "2014-11-19"]
    rehearsed = data(run("key", "end", kid[:8], *leaked, "--dry-run", "-w", mill, "--format", "json"))
    assert [v["id"] for v in rehearsed["no_longer_counts"]] == [first]
    assert contents(mill) == before
    ended = run("key", "new", "-w", mill, "--reason", "leaked", "--since", "2014-11-19", lang="en")
    assert "no longer counts: certificate" in ended.stdout
    verdict = run("verify", "-w", mill, lang="en")
    assert verdict.exit_code == 1
    assert "S102" in verdict.stdout
    assert "f-1" not in verdict.stdout.split("S102")[0]  # what came before is untouched
    assert trust.read_trust(mill / "trust.json").keys.get(bytes.fromhex(kid)) is None


def test_a_lost_key_file_is_no_end(run: Run, mill: Path) -> None:
    """The stick or disk with the device key is gone; the root key binds a new one."""
    kid = kids(run, mill)["device.key"]
    (mill / "keys/device.key").unlink()
    assert run(*TRUCK, "-w", mill).exit_code == 2
    assert run("key", "new", "-w", mill).exit_code == 0
    assert run("key", "end", kid, "--reason", "lost", "-w", mill).exit_code == 0
    listed = run("key", "list", "-w", mill)
    assert (listed.exit_code, "番から、鍵の" in listed.stdout) == (0, True)
    assert run(*TRUCK, "-w", mill).exit_code == 0
    assert run("verify", "-w", mill).exit_code == 0


def test_the_root_key_may_be_kept_elsewhere(run: Run, mill: Path, tmp_path: Path) -> None:
    stick = tmp_path / "stick" / "root.key"
    stick.parent.mkdir()
    shutil.move(mill / "keys/root.key", stick)
    refused = run("key", "new", "-w", mill, lang="en")
    assert refused.exit_code == 2
    assert "--root-key" in refused.stderr
    assert run(*TRUCK, "-w", mill).exit_code == 0
    assert run("key", "new", "-w", mill, "--root-key", stick).exit_code == 0
    assert run(*TRUCK, "-w", mill).exit_code == 0


def test_another_machines_key_is_bound_once(run: Run, mill: Path, tmp_path: Path) -> None:
    public = tmp_path / "device.pub"
    public.write_bytes(trust.key_text(DeviceKey.generate().public))
    bound = run("key", "bind", public, "--party", "kousei", "-w", mill)
    assert bound.exit_code == 0
    again = run("key", "bind", public, "--party", "kousei", "-w", mill, lang="en")
    assert again.exit_code == 2
    assert "already bound" in again.stderr
    assert run("key", "bind", public, "--party", "nobody", "-w", mill).exit_code == 2


def test_the_password_changes_for_every_key_that_is_here(
    run: Run, mill: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    new = tmp_path / "new.txt"
    new.write_text("short\n", encoding="utf-8")
    assert "8文字以上" in run("key", "password", "--new-password-file", new, "-w", mill).stderr
    new.write_text("another, longer one\n", encoding="utf-8")
    before = contents(mill)
    monkeypatch.setenv("BIOTRACE_PASSWORD", "wrong password")
    assert run("key", "password", "--new-password-file", new, "-w", mill).exit_code == 2
    assert contents(mill) == before
    monkeypatch.setenv("BIOTRACE_PASSWORD", PASSWORD)
    assert run("key", "password", "--new-password-file", new, "-w", mill).exit_code == 0
    assert run(*TRUCK, "-w", mill).exit_code == 2
    monkeypatch.setenv("BIOTRACE_PASSWORD", "another, longer one")
    assert run(*TRUCK, "-w", mill).exit_code == 0


@pytest.mark.parametrize(
    ("arguments", "ja", "en"),
    [
        (["end", "abcdef", "--reason", "lost"], "台帳に0件あります", "has 0 keys"),
        (["end", "ab", "--reason", "lost"], "6文字以上", "6 or more digits"),
        (["end", "abcdef", "--reason", "bored"], "のどれかです", "is not one of"),
        (["end", "abcdef"], "--reason を指定", "--reason"),
    ],
)
def test_what_cannot_be_done_is_told(arguments: list[str], ja: str, en: str, run: Run, mill: Path) -> None:
    for lang, words in (("ja", ja), ("en", en)):
        result = run("key", *arguments, "-w", mill, lang=lang)
        assert (result.exit_code, result.stdout) == (2, "")
        assert words in result.stderr
