"""``biotrace trust``: an authority signs who counts; a workspace takes it in and never goes back."""

from __future__ import annotations

import base64
import json
import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from click.testing import Result

from biotrace.chain import keyfile, trust_list
from biotrace.chain.keys import DeviceKey
from biotrace.chain.trust_list import TrustList
from biotrace.chain.trust_update import Freshness, TrustSettings
from biotrace.errors import IntegrityError, UnreadableError
from biotrace.services import trust_list as service
from tests.builders import device_key
from tests.trust_lists import AUTHORITY, CONTENTS, DAY, ISSUER, NEXT, STRANGER
from tests.workspaces import TODAY, contents, data

Run = Callable[..., Result]
Offer = Callable[..., Path]

PASSWORD = "杉と檜 2014"
KID = AUTHORITY.kid.hex()
EVERYTHING = replace(CONTENTS, number=1, expires=TODAY + 180 * DAY)


@pytest.fixture(autouse=True)
def _password(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BIOTRACE_PASSWORD", PASSWORD)


@pytest.fixture
def offer(tmp_path: Path) -> Offer:
    """Sign a list as its authority would and write it to a file."""

    def listed(name: str = "t.list", key: DeviceKey = AUTHORITY, at: int = TODAY, **changes: Any) -> Path:
        path = tmp_path / name
        path.write_bytes(trust_list.make(key, ISSUER, at, replace(EVERYTHING, **changes)).data)
        return path

    return listed


@pytest.fixture
def trusting(run: Run, offer: Offer, mill: Path) -> Path:
    """The mill's workspace with list no. 5."""
    assert run("trust", "update", offer(number=5), "-w", mill, "--pin", KID).exit_code == 0
    return mill


@pytest.fixture
def key(tmp_path: Path) -> Path:
    """The authority's key file, of the least cost to open."""
    path = tmp_path / "authority.key"
    cheap = keyfile.Params(memory=8, iterations=1, lanes=1)
    path.write_bytes(keyfile.seal(AUTHORITY, PASSWORD, salt=bytes(16), nonce=bytes(12), params=cheap))
    return path


@pytest.fixture
def source(tmp_path: Path) -> Path:
    """What the authority has written."""
    path = tmp_path / "trust.yaml"
    public = base64.b64encode(device_key("nagano-body").public.raw).decode()
    path.write_text(
        f"""\
biotrace: trust-source/1
authority: {ISSUER}
number: 1
valid_days: 180
bodies:
  - id: nagano-body
    name: 長野県木材協同組合連合会
    keys: [{{key: {public}, until: 2014-11-20}}]
logs: ["{CONTENTS.logs[0]}"]
""",
        encoding="utf-8",
    )
    return path


def disk_full(*_: object) -> None:
    raise OSError(28, "No space left on device")


def at(monkeypatch: pytest.MonkeyPatch, now: int) -> None:
    """The clock says so from here on."""
    monkeypatch.setattr("cli.console.time", SimpleNamespace(time=lambda: now))


def held(folder: Path) -> TrustList:
    return trust_list.parse((folder / "trust.list").read_bytes())


def refused(run: Run, *arguments: object, ja: str, en: str, code: str) -> None:
    """The command answers with exit code 2 and nothing else than the reason, in both languages."""
    for lang, words in (("ja", ja), ("en", en)):
        result = run(*arguments, lang=lang)
        assert (result.exit_code, result.stdout) == (2, ""), result.output
        assert words in result.stderr
        assert ("対処: " if lang == "ja" else "what to do: ") in result.stderr
    assert json.loads(run(*arguments, "--format", "json").stderr)["error"] == code


# from the authority's desk to a workspace


def test_from_the_authoritys_key_to_a_workspace_that_trusts_it(run: Run, source: Path, mill: Path) -> None:
    folder = source.parent
    made_key = data(run("trust", "key", folder / "a.key", "--format", "json"))
    made = run("trust", "make", source, "--key", folder / "a.key", "--out", folder / "1.list")
    assert made.exit_code == 0
    assert "信頼リスト第1号を作りました" in made.stdout
    assert made_key["kid"] in made.stdout
    taken = run("trust", "update", folder / "1.list", "-w", mill, "--pin", folder / "a.key.pub")
    assert taken.exit_code == 0
    assert "信頼リスト第1号を取り込みました" in taken.stdout
    assert (mill / "trust.list").read_bytes() == (folder / "1.list").read_bytes()
    source.write_text(source.read_text(encoding="utf-8").replace("number: 1", "number: 2"), encoding="utf-8")
    assert run("trust", "make", source, "--key", folder / "a.key", "--out", folder / "2.list").exit_code == 0
    again = data(run("trust", "update", folder / "2.list", "-w", mill, "--format", "json"))
    assert (again["changed"], again["before"], again["number"], again["kid"]) == (True, 1, 2, made_key["kid"])
    assert held(mill).number == 2
    assert not (mill / "evidence").exists()


# key


def test_a_key_is_made_under_a_password_with_its_public_half_beside_it(run: Run, tmp_path: Path) -> None:
    result = run("trust", "key", tmp_path / "a.key")
    assert result.exit_code == 0
    opened = keyfile.open_sealed((tmp_path / "a.key").read_bytes(), PASSWORD)
    assert base64.b64decode((tmp_path / "a.key.pub").read_text()) == opened.public.raw
    assert opened.kid.hex() in result.stdout
    assert (tmp_path / "a.key").stat().st_mode & 0o077 == 0
    before = contents(tmp_path)
    refused(run, "trust", "key", tmp_path / "a.key", ja="すでにあります", en="exists already", code="file-exists")
    (tmp_path / "a.key").rename(tmp_path / "kept")
    refused(run, "trust", "key", tmp_path / "a.key", ja="a.key.pub", en="exists already", code="file-exists")
    assert contents(tmp_path).keys() == before.keys() - {"a.key"} | {"kept"}


def test_without_a_password_no_key_is_made(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("BIOTRACE_PASSWORD")
    refused(run, "trust", "key", tmp_path / "a.key", ja="新しい鍵 a.key", en="the new key a.key", code="no-password")
    assert contents(tmp_path) == {}


@pytest.mark.parametrize("failing", [1, 2])
def test_a_full_disk_leaves_neither_half_of_a_key(
    failing: int, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls, real = [0], os.replace

    def full(*paths: Any) -> None:
        calls[0] += 1
        if calls[0] == failing:
            disk_full()
        real(*paths)

    with monkeypatch.context() as patch:
        patch.setattr(os, "replace", full)
        result = run("trust", "key", tmp_path / "a.key", lang="en")
    assert result.exit_code == 2
    assert "no space left" in result.stderr
    assert contents(tmp_path) == {}


# make


def test_a_list_says_what_its_source_says(run: Run, source: Path, key: Path, tmp_path: Path) -> None:
    out = tmp_path / "1.list"
    answer = data(run("trust", "make", source, "--key", key, "--out", out, "--format", "json"))
    assert (answer["number"], answer["kid"], answer["issued_at"]) == (1, KID, TODAY)
    assert answer["expires"] == TODAY + 180 * DAY
    (body,) = answer["bodies"]
    assert (body["id"], body["keys"][0]["until"]) == ("nagano-body", TODAY + 2 * DAY - 9 * 3_600 - 1)
    assert [log["name"] for log in answer["logs"]] == ["log.example/gifu"]
    assert [k["kid"] for k in answer["authority_keys"]] == [KID], "the signing key, where the source names none"
    trust_list.verify(trust_list.parse(out.read_bytes()), [AUTHORITY.public])


def test_the_password_may_come_from_a_file(
    run: Run, source: Path, key: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BIOTRACE_PASSWORD", "another")
    (tmp_path / "pw").write_text(PASSWORD + "\n", encoding="utf-8")
    command = ["trust", "make", source, "--key", key, "--out", tmp_path / "1.list"]
    refused(run, *command, ja="パスワードが違います", en="the password is wrong", code="key-password")
    assert not (tmp_path / "1.list").exists()
    assert run(*command, "--password-file", tmp_path / "pw").exit_code == 0


@pytest.mark.parametrize(
    ("old", "new", "ja", "en", "code"),
    [
        ("number: 1", "numbre: 1", "number の誤り", "did you mean number?", "unreadable"),
        ("valid_days: 180", "expires: 2014-11-18", "有効期限が署名より後", "no time after its signature", "trust-list"),
        ("logs:", "quorum: 1\nlogs:", "証人がいないのに", "a quorum of no witnesses", "trust-list"),
        (f"authority: {ISSUER}", 'authority: "a\\u202eb"', "1行の文字", "one line", "trust-list"),
        (
            "logs:",
            f"authority_keys: [{NEXT.public.raw.hex()}]\nlogs:",
            "次のリストに署名できる鍵の中にありません",
            "not among the keys",
            "trust-list",
        ),
    ],
)
def test_a_list_that_nobody_would_take_is_not_written(
    old: str, new: str, ja: str, en: str, code: str, run: Run, source: Path, key: Path, tmp_path: Path
) -> None:
    text = source.read_text(encoding="utf-8")
    source.write_text(text.replace(old, new), encoding="utf-8")
    before = contents(tmp_path)
    command = ["trust", "make", source, "--key", key, "--out", tmp_path / "1.list"]
    refused(run, *command, ja=ja, en=en, code=code)
    assert "trust.yaml" in run(*command).stderr
    assert contents(tmp_path) == before


def test_what_is_missing_or_in_the_way_is_told_before_the_password_is_asked_for(
    run: Run, source: Path, key: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("BIOTRACE_PASSWORD")
    out = tmp_path / "1.list"
    no_source = ["trust", "make", tmp_path / "no.yaml", "--key", key, "--out", out]
    refused(run, *no_source, ja="no.yaml", en="no such file", code="no-file")
    no_key = ["trust", "make", source, "--key", tmp_path / "no.key", "--out", out]
    refused(run, *no_key, ja="no.key", en="no such file", code="no-file")
    wrong_key = ["trust", "make", source, "--key", source, "--out", out]
    refused(run, *wrong_key, ja="trust.yaml: 鍵ファイル", en="is no key file", code="key-file")
    refused(run, *no_key[:4], key, "--out", out, ja=f"鍵 {KID}", en=f"key {KID}", code="no-password")
    out.write_bytes(b"mine")
    in_the_way = ["trust", "make", source, "--key", key, "--out", out]
    refused(run, *in_the_way, ja="すでにあります", en="exists already", code="file-exists")
    assert out.read_bytes() == b"mine"


# update


def test_the_first_list_needs_a_pin_and_the_error_says_which(run: Run, offer: Offer, mill: Path) -> None:
    before = contents(mill)
    command = ["trust", "update", offer(), "-w", mill]
    refused(run, *command, ja="電話", en="by telephone", code="trust-unpinned")
    told = run(*command).stderr
    assert ISSUER in told
    assert f"biotrace trust update {offer()} -w {mill} --pin {KID}" in told
    assert contents(mill) == before


@pytest.mark.parametrize("form", ["kid", "upper", "spoken", "base64 file", "hex file"])
def test_a_pin_in_any_form(form: str, run: Run, offer: Offer, mill: Path, tmp_path: Path) -> None:
    (tmp_path / "b.pub").write_text(base64.b64encode(AUTHORITY.public.raw).decode() + "\n")
    (tmp_path / "h.pub").write_text(AUTHORITY.public.raw.hex())
    spoken = " ".join(KID[i : i + 4] for i in range(0, 32, 4))
    pin = {
        "kid": KID,
        "upper": KID.upper(),
        "spoken": spoken,
        "base64 file": tmp_path / "b.pub",
        "hex file": tmp_path / "h.pub",
    }[form]
    assert run("trust", "update", offer(), "-w", mill, "--pin", pin).exit_code == 0
    assert held(mill).number == 1


@pytest.mark.parametrize(
    ("pin", "ja", "en", "code"),
    [
        (STRANGER.kid.hex(), "指定された鍵", "not by the key", "trust-pin"),
        (NEXT.kid.hex(), "指定された鍵", "not by the key", "trust-pin"),
        (KID[:31], "ファイルがありません", "no such file", "no-key"),
        ("", "フォルダーです", "it is a folder", "no-key"),
        ("{list}", "公開鍵として読めません", "is no public key", "no-key"),
    ],
    ids=["stranger", "another of the authority's", "too short", "empty", "no key file"],
)
def test_a_wrong_pin(pin: str, ja: str, en: str, code: str, run: Run, offer: Offer, mill: Path) -> None:
    before = contents(mill)
    command = ["trust", "update", offer(), "-w", mill, "--pin", pin.format(list=offer())]
    refused(run, *command, ja=ja, en=en, code=code)
    assert contents(mill) == before


def test_the_pin_of_a_strangers_key_file_is_no_pin(run: Run, offer: Offer, mill: Path, tmp_path: Path) -> None:
    (tmp_path / "s.pub").write_text(STRANGER.public.raw.hex())
    command = ["trust", "update", offer(), "-w", mill, "--pin", tmp_path / "s.pub"]
    refused(run, *command, ja=STRANGER.kid.hex(), en=STRANGER.kid.hex(), code="trust-pin")
    assert not (mill / "trust.list").exists()


def test_the_same_list_again_writes_nothing(
    run: Run, offer: Offer, trusting: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before, again = contents(trusting), offer(number=5)
    monkeypatch.setattr(os, "fsync", disk_full)
    result = run("trust", "update", again, "-w", trusting)
    assert result.exit_code == 0
    assert "すでに取り込まれています" in result.stdout
    assert contents(trusting) == before


def test_attack_rolled_back_trust_list(run: Run, offer: Offer, trusting: Path) -> None:
    """Refused with both numbers, and both kept, so that it can be shown what was handed out."""
    newest, earlier = (trusting / "trust.list").read_bytes(), offer("old.list", number=4, at=TODAY - DAY)
    command = ["trust", "update", earlier, "-w", trusting]
    refused(run, *command, ja="第4号は、今の第5号より古い", en="no. 4 is older than no. 5", code="trust-rollback")
    assert (trusting / "trust.list").read_bytes() == newest
    kept = sorted((trusting / "evidence").iterdir())
    assert [path.read_bytes() for path in kept] == [earlier.read_bytes(), newest]
    told = run(*command).stderr
    assert all(str(path) in told for path in kept)


def test_attack_two_lists_of_one_number(run: Run, offer: Offer, trusting: Path) -> None:
    newest, other = (trusting / "trust.list").read_bytes(), offer("other.list", number=5, bodies=())
    refused(run, "trust", "update", other, "-w", trusting, ja="二つあります", en="two lists no. 5", code="trust-fork")
    assert {path.read_bytes() for path in (trusting / "evidence").iterdir()} == {newest, other.read_bytes()}
    assert (trusting / "trust.list").read_bytes() == newest


def test_a_full_disk_does_not_hide_why_a_list_was_refused(
    run: Run, offer: Offer, trusting: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = offer("other.list", number=5, bodies=())
    before = contents(trusting)
    monkeypatch.setattr(os, "fsync", disk_full)
    told = run("trust", "update", other, "-w", trusting, lang="en")
    assert told.exit_code == 2
    assert "two lists no. 5" in told.stderr
    assert "no space left" in told.stderr
    newer = run("trust", "update", offer("new.list", number=6), "-w", trusting, lang="en")
    assert newer.exit_code == 2
    assert "trust.list: cannot be written" in newer.stderr
    assert contents(trusting) == before


def own(key: DeviceKey) -> dict[str, Any]:
    return {"key": key, "authority": (key.public,)}


@pytest.mark.parametrize(
    ("changes", "ja", "en", "code"),
    [
        (own(STRANGER), "信頼している発行元の鍵ではなく", "no key of the authority", "trust-stranger"),
        ({"at": TODAY - DAY, "expires": TODAY - 1}, "今の第5号より前", "signed before no. 5", "trust-backdated"),
        ({"at": TODAY + 301}, "未来の日時", "in the future", "trust-future"),
    ],
    ids=["by a stranger", "backdated", "from the future"],
)
def test_attack_lists_that_must_not_be_taken(
    changes: dict[str, Any], ja: str, en: str, code: str, run: Run, offer: Offer, trusting: Path
) -> None:
    before = contents(trusting)
    refused(run, "trust", "update", offer(number=6, **changes), "-w", trusting, ja=ja, en=en, code=code)
    assert contents(trusting) == before


def test_attack_expired_trust_list(run: Run, offer: Offer, trusting: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = contents(trusting)
    late = offer("late.list", number=6, expires=TODAY + DAY)
    at(monkeypatch, TODAY + DAY + 1)
    refused(run, "trust", "update", late, "-w", trusting, ja="有効期限を過ぎて", en="has expired", code="trust-expired")
    assert contents(trusting) == before


def test_a_pin_is_asked_for_later_too_where_it_is_given(run: Run, offer: Offer, trusting: Path) -> None:
    by_next = offer(number=6, key=NEXT)
    before = contents(trusting)
    command = ["trust", "update", by_next, "-w", trusting, "--pin"]
    refused(run, *command, KID, ja="指定された鍵", en="not by the key", code="trust-pin")
    assert contents(trusting) == before
    assert run(*command, NEXT.kid.hex()).exit_code == 0


def test_a_pin_does_not_open_the_door_to_another_authority(run: Run, offer: Offer, trusting: Path) -> None:
    command = ["trust", "update", offer(number=6, **own(STRANGER)), "-w", trusting, "--pin", STRANGER.kid.hex()]
    refused(run, *command, ja="受け入れないで", en="do not accept it", code="trust-stranger")


def spoilt(path: Path) -> None:
    content = path.read_bytes()
    path.write_bytes(content[:-1] + bytes([content[-1] ^ 1]))


@pytest.mark.parametrize(
    ("content", "ja", "en", "code"),
    [
        (None, "ファイルがありません", "no such file", "no-file"),
        (b"", "封筒が空です", "the envelope is empty", "envelope-truncated"),
        (b"not a list", "タグ18", "tag 18", "envelope"),
        ("spoilt", "署名が内容と合いません", "does not fit the content", "signature"),
    ],
)
def test_what_is_no_list(
    content: bytes | str | None, ja: str, en: str, code: str, run: Run, offer: Offer, trusting: Path
) -> None:
    path = offer("new.list", number=6)
    if content is None:
        path.unlink()
    elif isinstance(content, bytes):
        path.write_bytes(content)
    else:
        spoilt(path)
    before = contents(trusting)
    for command in (["update", path, "-w", trusting], ["show", path]):
        result = run("trust", *command, lang="en")
        assert (result.exit_code, result.stdout) == (2, "")
        assert en in result.stderr
        assert str(path) in result.stderr
        assert ja in run("trust", *command).stderr
        assert json.loads(run("trust", *command, "--format", "json").stderr)["error"] == code
    assert contents(trusting) == before


def test_a_damaged_list_of_the_workspace_is_told_and_not_overwritten(run: Run, offer: Offer, trusting: Path) -> None:
    spoilt(trusting / "trust.list")
    before = contents(trusting)
    for command in (["show"], ["update", offer("new.list", number=6)], ["update", offer("new.list"), "--pin", KID]):
        refused(
            run, "trust", *command, "-w", trusting, ja="信頼リストが壊れています", en="is damaged", code="trust-damaged"
        )
    assert contents(trusting) == before


def test_where_there_is_no_workspace(run: Run, offer: Offer, tmp_path: Path) -> None:
    for command in (["show"], ["update", offer()]):
        refused(
            run,
            "trust",
            *command,
            "-w",
            tmp_path / "none",
            ja="ワークスペースでは",
            en="no biotrace",
            code="no-workspace",
        )


# show, age and settings


def test_a_list_is_shown_in_words(run: Run, trusting: Path) -> None:
    japanese, english = (run("trust", "show", "-w", trusting, lang=lang) for lang in ("ja", "en"))
    assert japanese.exit_code == english.exit_code == 0
    for words in (
        "信頼リスト第5号、署名から1日未満",
        f"発行元: {ISSUER}  2014-11-19 09:00:00  鍵 {KID}",
        "有効期限: 2015-05-18 09:00:00",
        "nagano-body  nagano-body連合会  規範の開始 2012-10-01",
        "2014-11-20 09:00:00 までに記録されたものだけ",
        "log.example/gifu",
        "3のうち2以上",
        f"  {NEXT.kid.hex()}",
    ):
        assert words in japanese.stdout
    for words in (
        "trust list no. 5, signed less than a day ago",
        "2 of 3 must have signed",
        "only what was logged until",
    ):
        assert words in english.stdout


def test_a_bare_list_is_shown_in_words(run: Run, offer: Offer) -> None:
    bare = offer(bodies=(), logs=(), witnesses=(), quorum=None)
    shown = run("trust", "show", bare)
    assert shown.exit_code == 0
    for words in ("認定団体：なし", "ログ：なし", "証人：なし", "このファイルだけでは分かりません"):
        assert words in shown.stdout
    assert "witnesses: none" in run("trust", "show", bare, lang="en").stdout


def test_a_list_is_shown_as_data(run: Run, trusting: Path) -> None:
    shown = data(run("trust", "show", "-w", trusting, "--format", "json"))
    assert (shown["number"], shown["authority"], shown["kid"], shown["quorum"]) == (5, ISSUER, KID, 2)
    assert shown["age"] == {
        "outcome": "fresh",
        "code": None,
        "days": 0,
        "message": "信頼リスト第5号、署名から1日未満",
    }
    assert [b["id"] for b in shown["bodies"]] == ["gifu-body", "nagano-body"]
    assert shown["bodies"][1]["code_from"] == "2012-10-01"
    assert [w["name"] for w in shown["witnesses"]] == ["w-1", "w-2", "w-3"]
    assert shown["logs"][0] == {"name": "log.example/gifu", "key": str(CONTENTS.logs[0])}


def test_a_workspace_without_a_list_says_so(run: Run, mill: Path) -> None:
    refused(
        run,
        "trust",
        "show",
        "-w",
        mill,
        ja="信頼リスト（trust.list）がありません",
        en="no trust list",
        code="no-trust-list",
    )
    assert service.current(mill, TODAY) is None


@pytest.mark.parametrize(
    ("days", "exit_code", "outcome", "ja"),
    [
        (29, 0, "fresh", "29日前"),
        (30, 0, "warn", "あと60日以内"),
        (90, 1, "refuse", "使えません"),
        (181, 1, "refuse", "有効期限"),
    ],
)
def test_a_list_grows_old(
    days: int, exit_code: int, outcome: str, ja: str, run: Run, trusting: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    at(monkeypatch, TODAY + days * DAY)
    shown = run("trust", "show", "-w", trusting)
    assert shown.exit_code == exit_code
    assert ja in shown.stdout
    assert ("対処: " in shown.stdout) == (outcome != "fresh")
    assert json.loads(run("trust", "show", "-w", trusting, "--format", "json").stdout)["age"]["outcome"] == outcome


def setting(folder: Path, **settings: object) -> None:
    config = json.loads((folder / "biotrace.json").read_text(encoding="utf-8"))
    (folder / "biotrace.json").write_text(json.dumps(config | settings), encoding="utf-8")


def test_the_workspace_sets_how_old_is_too_old(trusting: Path) -> None:
    assert service.trust_settings(trusting) == TrustSettings(30, 90)
    setting(trusting, trust_warn_days=3)
    assert service.trust_settings(trusting) == TrustSettings(3, 90)
    setting(trusting, trust_refuse_days=7)
    assert service.trust_settings(trusting) == TrustSettings(3, 7)
    found = service.current(trusting, TODAY + 3 * DAY)
    assert found is not None
    assert found[1].outcome is Freshness.WARN
    assert found[0] == held(trusting)
    with pytest.raises(IntegrityError) as old:
        service.current(trusting, TODAY + 7 * DAY)
    assert old.value.code == "trust-old"


@pytest.mark.parametrize(
    ("now", "code"),
    [(TODAY + 90 * DAY, "trust-old"), (TODAY + 181 * DAY, "trust-expired"), (TODAY - 301, "trust-future")],
)
def test_a_list_that_may_not_be_gone_by_is_not_given(now: int, code: str, trusting: Path) -> None:
    with pytest.raises(IntegrityError) as refusal:
        service.current(trusting, now)
    assert refusal.value.code == code
    assert refusal.value.remedy is not None


@pytest.mark.parametrize("value", [0, -1, 3_651, "30", 30.0, True, None, []])
@pytest.mark.parametrize("name", ["trust_warn_days", "trust_refuse_days"])
def test_settings_that_mean_nothing_are_refused(name: str, value: object, run: Run, trusting: Path) -> None:
    setting(trusting, **{name: value})
    with pytest.raises(UnreadableError):
        service.current(trusting, TODAY)
    refused(run, "trust", "show", "-w", trusting, ja="1から3,650まで", en="whole numbers from 1", code="settings")


def test_a_list_already_too_old_is_taken_but_said_to_be_of_no_use(
    run: Run, offer: Offer, trusting: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    newer = offer("new.list", number=6, at=TODAY + DAY)
    at(monkeypatch, TODAY + 100 * DAY)
    result = run("trust", "update", newer, "-w", trusting, lang="en")
    assert result.exit_code == 1
    assert "cannot be used" in result.stdout
    assert held(trusting).number == 6
