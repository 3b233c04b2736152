"""``biotrace sign``: take a casebook into the ledger."""

from __future__ import annotations

from pathlib import Path

import click

from biotrace.services.sign import sign_file

from .console import FINE, Console, answers, opened, workspace_option


@click.command()
@click.argument("casebook", type=click.Path(path_type=Path))
@click.option(
    "--demo-keys", is_flag=True, help="各当事者の鍵で署名（実演・試験用） / sign as every party (demonstrations, tests)"
)
@workspace_option
@answers()
def sign(console: Console, casebook: Path, demo_keys: bool, folder: Path) -> int:
    """casebook の内容に署名して台帳に入れる / sign a casebook into the ledger.

    通常は自分の鍵による「転記」として入る / normally as transcriptions under the workspace's key.
    """
    workspace = opened(folder)
    result = sign_file(workspace, casebook, demo_keys=demo_keys)
    workspace.close()
    if console.json:
        console.data({"added": result.added, "known": result.known, "first": result.first, "last": result.last})
        return FINE
    if result.added:
        place = f"{result.first}–{result.last}"
        console.say(
            console.t(
                f"{result.added} 件に署名し、台帳の {place} 番に入れました",
                f"{result.added} records signed, entries {place}",
            )
        )
    if result.known:
        console.say(console.t(f"{result.known} 件はすでに台帳にあります", f"{result.known} were in the ledger already"))
    if demo_keys:
        console.say(
            console.t(
                "注意: 実演用の鍵は誰でも作れます。実際の証明には使えません。",
                "note: demonstration keys can be made by anyone and prove nothing in earnest.",
            )
        )
    return FINE
