"""``biotrace trust``: who the accrediting bodies, logs and witnesses are, as an authority has signed it."""

from __future__ import annotations

import base64
from pathlib import Path
from typing import Any

import click

from biotrace.chain.keys import PublicKey
from biotrace.chain.note import VerifierKey
from biotrace.chain.trust_content import TrustedBody
from biotrace.chain.trust_list import TrustList, named
from biotrace.chain.trust_update import Freshness, TrustAge, age
from biotrace.errors import UnreadableError
from biotrace.model.text import Text
from biotrace.services.times import local_time
from biotrace.services.trust_list import FILE as LIST
from biotrace.services.trust_list import held_list, read_list, take
from biotrace.services.trust_make import PUBLIC_SUFFIX, make_list, new_key

from .console import FINDINGS, FINE, Console, answers, clock
from .params import FILE, workspace_option
from .password import password, password_option


@click.group()
def trust() -> None:
    """信頼リスト（認定団体・ログ・証人の鍵）を使う・作る / the trust list: whose keys count."""


@trust.command("update")
@click.argument("file", type=FILE)
@click.option(
    "--pin",
    default=None,
    help="最初の一回に: 発行元の公開鍵ファイル、または鍵の番号（16進数32桁）"
    " / for the first list: the authority's public key file, or the number of its key (32 hex digits)",
)
@workspace_option
@answers()
def update(console: Console, file: Path, pin: str | None, folder: Path) -> int:
    """信頼リストを取り込む。古いものには戻らない / take in a trust list; never an older one."""
    taken = take(folder, file, pin, clock())
    if console.json:
        console.data({"changed": taken.changed, "before": taken.before, **_data(taken.trust_list, taken.age, console)})
    else:
        name = named(taken.trust_list).get(console.lang)
        if taken.changed:
            console.say(console.t(f"{name}を取り込みました", f"{name} taken in"))
        else:
            console.say(console.t(f"{name}はすでに取り込まれています", f"{name} was taken in before"))
        console.say(_signed_by(console, taken.trust_list))
        _age(console, taken.age)
    return _code(taken.age)


@trust.command("show")
@click.argument("file", type=FILE, required=False)
@workspace_option
@answers()
def show(console: Console, file: Path | None, folder: Path) -> int:
    """信頼リストの中身と古さを見る / show a trust list and its age.

    FILE を省くと、ワークスペースが使っているリスト / without FILE: the list that the workspace goes by.
    """
    found, aged = _from_file(file) if file is not None else _from_workspace(folder)
    if console.json:
        console.data(_data(found, aged, console))
    else:
        _text(console, found, aged)
        if file is not None:
            console.say(
                console.t(
                    "発行元が本物かは、このファイルだけでは分かりません。鍵の番号を電話などで確かめてください",
                    "this file cannot tell whether its authority is genuine: compare the key by telephone or so",
                )
            )
    return _code(aged)


@trust.command("key")
@click.argument("out", type=FILE)
@password_option
@answers()
def key(console: Console, out: Path) -> int:
    """発行元の鍵を作る / make an authority's key.

    OUT: パスワードで守られた鍵ファイル。公開鍵は OUT.pub に書く。

    OUT: the key file, under a password; the public key goes to OUT.pub.
    """
    public = new_key(out, lambda prompt: password(prompt, confirm=True))
    kid, public_file = public.kid.hex(), f"{out}{PUBLIC_SUFFIX}"
    if console.json:
        console.data({"key": str(out), "public": public_file, "kid": kid})
        return FINE
    console.say(
        console.t(f"鍵を作りました: {out}（公開鍵 {public_file}）", f"key made: {out} (public key {public_file})")
    )
    console.say(console.t(f"鍵の番号 {kid}", f"number of the key {kid}"))
    console.say(
        console.t(
            "鍵ファイルとパスワードの控えを別々に保管してください。失うと、次のリストに署名できません。",
            "keep copies of the key file and of the password, apart; without them no further list can be signed.",
        )
    )
    return FINE


@trust.command("make")
@click.argument("source", type=FILE)
@click.option("--key", "key_file", type=FILE, required=True, help="発行元の鍵ファイル / the authority's key file")
@click.option("--out", type=FILE, required=True, help="作るファイル / the file to write")
@password_option
@answers()
def make(console: Console, source: Path, key_file: Path, out: Path) -> int:
    """信頼リストに署名する / sign a trust list.

    SOURCE: 内容を書いた YAML か JSON（trust-source/1）。書き方は docs/format.md。

    SOURCE: what it says, in YAML or JSON (trust-source/1); see docs/format.md.
    """
    now = clock()
    made = make_list(source, key_file, out, password, now)
    if console.json:
        console.data({"file": str(out), **_data(made, age(made, now), console)})
    else:
        name = named(made).get(console.lang)
        console.say(console.t(f"{name}を作りました: {out}", f"{name} made: {out}"))
        console.say(_signed_by(console, made))
        console.say(_validity(console, made))
        console.say(
            console.t(
                f"配る相手の操作: biotrace trust update {out.name}",
                f"whoever receives it runs: biotrace trust update {out.name}",
            )
        )
    return FINE


def _from_file(path: Path) -> tuple[TrustList, TrustAge]:
    found = read_list(path)
    return found, age(found, clock())


def _from_workspace(folder: Path) -> tuple[TrustList, TrustAge]:
    held = held_list(folder, clock())
    if held is None:
        raise UnreadableError(
            Text(f"{folder} に信頼リスト（{LIST}）がありません", f"{folder} has no trust list ({LIST})"),
            Text("biotrace trust update で取り込んでください", "take one in with biotrace trust update"),
            code="no-trust-list",
        )
    return held


def _code(aged: TrustAge) -> int:
    return FINDINGS if aged.outcome is Freshness.REFUSE else FINE


def _text(c: Console, found: TrustList, aged: TrustAge) -> None:
    said = found.contents
    _age(c, aged)
    c.say(_signed_by(c, found))
    c.say(_validity(c, found))
    _section(c, Text("認定団体", "accrediting bodies"), [line for body in said.bodies for line in _body(c, body)])
    _section(c, Text("ログ", "logs"), [log.name for log in said.logs])
    of = c.t(
        f"{len(said.witnesses)}のうち{said.quorum}以上", f"{said.quorum} of {len(said.witnesses)} must have signed"
    )
    witnesses = [witness.name for witness in said.witnesses]
    _section(c, Text("証人", "witnesses"), [f"({of})", *witnesses] if witnesses else [])
    _section(
        c, Text("次のリストに署名できる鍵", "keys that may sign the next list"), [k.kid.hex() for k in said.authority]
    )


def _age(c: Console, aged: TrustAge) -> None:
    c.say(aged.message)
    if aged.remedy is not None:
        c.say(c.t("  対処: ", "  what to do: ") + aged.remedy.get(c.lang))


def _signed_by(c: Console, found: TrustList) -> str:
    at, kid = local_time(found.issued_at), found.kid.hex()
    return c.t(f"発行元: {found.issuer}  {at}  鍵 {kid}", f"authority: {found.issuer}  {at}  key {kid}")


def _validity(c: Console, found: TrustList) -> str:
    until = local_time(found.contents.expires)
    return c.t(f"有効期限: {until}", f"valid until: {until}")


def _section(c: Console, title: Text, lines: list[str]) -> None:
    c.say(title.get(c.lang) + c.t("：", ":") + ("" if lines else c.t("なし", " none")))
    for line in lines:
        c.say(f"  {line}")


def _body(c: Console, body: TrustedBody) -> list[str]:
    since = c.t(f"  規範の開始 {body.code_from}", f"  code of conduct from {body.code_from}")
    lines = [f"{body.party}  {body.name}" + (since if body.code_from is not None else "")]
    for key in body.keys:
        until = ""
        if key.until is not None:
            at = local_time(key.until)
            until = c.t(f"  {at} までに記録されたものだけ", f"  only what was logged until {at}")
        lines.append(f"  {c.t('鍵', 'key')} {key.public.kid.hex()}{until}")
    return lines


def _data(found: TrustList, aged: TrustAge, c: Console) -> dict[str, Any]:
    said = found.contents
    return {
        "number": found.number,
        "authority": found.issuer,
        "kid": found.kid.hex(),
        "issued_at": found.issued_at,
        "expires": said.expires,
        "age": {
            "outcome": aged.outcome.value,
            "code": aged.code,
            "days": aged.days,
            "message": aged.message.get(c.lang),
        },
        "bodies": [_body_data(body) for body in said.bodies],
        "logs": [_vkey_data(log) for log in said.logs],
        "witnesses": [_vkey_data(witness) for witness in said.witnesses],
        "quorum": said.quorum,
        "authority_keys": [_key_data(key) for key in said.authority],
    }


def _body_data(body: TrustedBody) -> dict[str, Any]:
    return {
        "id": body.party,
        "name": body.name,
        "code_from": body.code_from.isoformat() if body.code_from is not None else None,
        "keys": [_key_data(key.public) | {"until": key.until} for key in body.keys],
    }


def _vkey_data(key: VerifierKey) -> dict[str, str]:
    return {"name": key.name, "key": str(key)}


def _key_data(key: PublicKey) -> dict[str, Any]:
    return {"kid": key.kid.hex(), "public": base64.b64encode(key.raw).decode()}
