"""``biotrace init``: make a workspace."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from biotrace.errors import UsageError
from biotrace.model.party import Accreditation, Party, Role
from biotrace.model.text import Text
from biotrace.services.accredit_time import last_day
from biotrace.services.settings import LEDGER
from biotrace.services.workspace import init_workspace

from .console import FINE, Console, answers, clock
from .opening import PROMPT
from .params import DAY, FILE, LINE
from .password import password, password_option


@click.command()
@click.argument("folder", type=FILE)
@click.option(
    "--party", type=LINE, required=True, help="自社のID（casebook と同じもの） / your own party id, as in casebooks"
)
@click.option("--name", type=LINE, required=True, help="自社の名称 / your name")
@click.option(
    "--role",
    "roles",
    type=click.Choice([r.value for r in Role]),
    multiple=True,
    default=["processor"],
    show_default=True,
    help="役割（複数可） / role, may be given more than once",
)
@click.option("--address", type=LINE, default=None, help="住所 / address")
@click.option("--accreditation", "number", type=LINE, default=None, help="認定番号 / accreditation number")
@click.option("--body", type=LINE, default=None, help="認定団体のID / id of the accrediting body")
@click.option("--body-name", type=LINE, default=None, help="認定団体の名称（既定: ID） / its name (default: its id)")
@click.option("--from", "start", type=DAY, default=None, help="認定日 / accredited from")
@click.option(
    "--until", type=DAY, default=None, help="認定の有効期限（既定: 3年） / accredited until (default: 3 years)"
)
@click.option(
    "--ledger",
    default=LEDGER,
    show_default=True,
    help="台帳のファイル名、または postgresql+psycopg://… / the ledger's file name, or a database's address",
)
@click.option("--origin", default=None, help="ログの名前（既定: 鍵から作る） / the log's name")
@password_option
@answers()
def init(
    console: Console,
    folder: Path,
    party: str,
    name: str,
    roles: tuple[str, ...],
    address: str | None,
    number: str | None,
    body: str | None,
    body_name: str | None,
    start: date | None,
    until: date | None,
    ledger: str,
    origin: str | None,
) -> int:
    """ワークスペース（鍵と台帳）を作る / make a workspace: a key and a ledger."""
    held = _accreditation(number, body, start, until)
    own = Party(party, name, tuple(Role(r) for r in roles), address=address, accreditations=held)
    others = (Party(body, body_name or body, (Role.BODY,)),) if body is not None else ()
    with init_workspace(
        folder,
        (own, *others),
        clock,
        lambda: password(PROMPT, confirm=True),
        ledger=ledger,
        origin=origin,
    ) as workspace:
        kid, log = workspace.signer().key.kid.hex(), str(workspace.ledger.log_name)
    if console.json:
        console.data({"workspace": str(folder), "party": party, "kid": kid, "log": log})
    else:
        _text(console, folder, kid)
    return FINE


def _text(c: Console, folder: Path, kid: str) -> None:
    c.say(c.t(f"ワークスペースを作りました: {folder}", f"workspace made: {folder}"))
    c.say(c.t(f"署名鍵 {kid}", f"signing key {kid}"))
    c.say(
        c.t(
            "keys/ の秘密鍵はパスワードで暗号化してあります。パスワードを忘れると誰にも開けません。",
            "the private keys in keys/ are encrypted: without the password nobody can open them.",
        )
    )
    c.say(
        c.t(
            "keys/root.key（管理鍵）は、USBメモリーなどに移して保管できます（使うときは --root-key）。",
            "keys/root.key may be moved to a stick and kept apart (name it with --root-key when it is asked for).",
        )
    )
    c.say(
        c.t(
            "trust.json と keys/device.pub は、QRコードを確かめる相手に渡せます。",
            "trust.json and keys/device.pub may be given to whoever checks your QR codes.",
        )
    )
    c.say(
        c.t(
            f"次は、取引先の登録（biotrace party add … -w {folder}）と、着いた証明書の受け入れ（biotrace receive）。",
            f"next, enter your partners (biotrace party add … -w {folder}) and what arrives (biotrace receive).",
        )
    )


def _accreditation(
    number: str | None, body: str | None, start: date | None, until: date | None
) -> tuple[Accreditation, ...]:
    """One accreditation, or none. All of number, body and start are needed for one."""
    given = (number, body, start)
    if all(value is None for value in (*given, until)):
        return ()
    if start is None or number is None or body is None:
        raise UsageError(
            Text("認定には番号・団体・認定日の3つが要ります", "an accreditation needs its number, body and day"),
            Text("--accreditation、--body、--from を揃えて指定してください", "give --accreditation, --body and --from"),
        )
    if until is not None and until < start:
        raise UsageError(
            Text(f"認定の有効期限 {until} が認定日 {start} より前です", f"accredited until {until}, before {start}"),
            Text("--from と --until を確かめてください", "look at --from and --until"),
        )
    return (Accreditation(start, number, body, until or last_day(start)),)
