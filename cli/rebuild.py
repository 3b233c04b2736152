"""``biotrace rebuild``: what the ledger keeps beside the records, compared with them and mended."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from biotrace.model.text import Text
from biotrace.services.ledger_case import integrity_finding
from biotrace.services.rebuild import Compared, RebuiltLedger, Row, rebuild_workspace
from biotrace.verify.verdict_json import finding_data

from .console import FINDINGS, FINE, Console, answers
from .opening import opened
from .params import workspace_option
from .progress import Progress

_SHOWN = 20
"""How many faults of the records are named."""
_TABLES = {
    "entry": Text("記録の列", "columns of the entries"),
    "edge": Text("引用", "citations"),
    "bound_key": Text("鍵の登録", "bound keys"),
    "key_end": Text("鍵の失効", "ends of keys"),
    "paper_number": Text("書類の番号", "numbers of papers"),
    "document_copy": Text("同じ書類の写し", "copies of documents"),
    "certified_m3": Text("書類ごとの証明量", "amounts on documents"),
    "handed_over": Text("証明書の売り手と買い手と数量", "sellers, buyers and amounts of certificates"),
    "drawn": Text("引き当ての数量", "amounts drawn on certificates"),
    "felled_at": Text("伐採場所の番号", "numbers of felling places"),
    "arrived": Text("納入の数量", "amounts delivered"),
    "tree_node": Text("ログの木", "the log's tree"),
}
_HOW = {
    "missing": Text("ない", "missing"),
    "surplus": Text("余分", "surplus"),
    "different": Text("違う", "different"),
}


@click.command()
@click.option("--write", is_flag=True, help="控えを取ってから、違うところを直す / mend what differs, after a copy")
@workspace_option
@answers()
def rebuild(console: Console, write: bool, folder: Path) -> int:
    """索引などを記録から作り直し、比べる / rebuild indexes from the records and compare.

    台帳で真実なのは、署名された記録と、ログが署名したチェックポイントだけ。ほかの表と列は記録の写しで、ここで記録から作り直して
    比べる。直すのは --write のときだけ。記録そのものが壊れているときは何も変えない（控えから戻す）。

    In a ledger only the signed records and the checkpoints that the log signed are the truth. All other tables and
    columns repeat them, and are worked out anew and compared; mended only with --write. Where the records themselves
    are damaged nothing is changed: restore a backup then.
    """
    with opened(folder) as workspace, Progress(console) as progress:
        done = rebuild_workspace(workspace, write, progress.show)
    if console.json:
        console.data(_data(done, console))
    else:
        _text(console, done)
    return FINE if done.found.written or done.found.equal else FINDINGS


def _text(c: Console, done: RebuiltLedger) -> None:
    found = done.found
    if found.damage:
        _damage(c, done)
        return
    c.say(
        c.t(
            f"記録 {found.size:,} 件を読み、ログが署名した木と一致（根 {found.root.hex()[:16]}…）",
            f"{found.size:,} entries read: they are the tree that the log signed (root {found.root.hex()[:16]}…)",
        )
    )
    for table in found.tables:
        _table(c, table)
    if found.equal:
        c.say(c.t("すべて記録のとおりです。することはありません", "all is as the records have it: nothing to do"))
    elif found.written:
        c.say(
            c.t(
                f"記録から作り直し、台帳全体を確かめました。前の台帳の控え: {done.copy}",
                f"rebuilt from the records, and the whole ledger verified; as it was: {done.copy}",
            )
        )
    else:
        c.say(
            c.t(
                "何も変えていません。直すには biotrace rebuild --write",
                "nothing was changed; to mend it: biotrace rebuild --write",
            )
        )


def _damage(c: Console, done: RebuiltLedger) -> None:
    wrong = [integrity_finding(finding) for finding in done.found.damage]
    c.say(
        c.t(
            "記録そのものが、ログの署名したものと違います。作り直しません:",
            "the records themselves are not what the log signed, so nothing is rebuilt:",
        )
    )
    for finding in wrong[:_SHOWN]:
        c.say(f"  {finding.code}  {finding.found.get(c.lang)}")
    if len(wrong) > _SHOWN:
        c.say(c.t(f"  ほか {len(wrong) - _SHOWN:,} 件", f"  and {len(wrong) - _SHOWN:,} more"))
    c.say(
        c.t(
            "何も変えていません。書き足さず、控えから戻してください",
            "nothing was changed. Add nothing to the ledger; restore it from a backup",
        )
    )
    if done.copy is not None:
        c.say(c.t(f"今の台帳の控え: {done.copy}", f"a copy of the ledger as it is: {done.copy}"))


def _table(c: Console, table: Compared) -> None:
    name = (
        f"{table.table}（{_TABLES[table.table].ja}）"
        if c.lang == "ja"
        else f"{table.table} ({_TABLES[table.table].en})"
    )
    if not table.wrong:
        c.say(c.t(f"  {name}  {table.rows:,} 行: 一致", f"  {name}: {table.rows:,} rows, equal"))
        return
    c.say(
        c.t(
            f"  {name}  {table.rows:,} 行: ない {table.missing:,}、余分 {table.surplus:,}、違う {table.different:,}",
            f"  {name}: {table.rows:,} rows, {table.missing:,} missing, {table.surplus:,} surplus, "
            f"{table.different:,} different",
        )
    )
    for row in table.first:
        c.say(f"    {_HOW[row.how].get(c.lang)}: {_row(row)}")
    if table.wrong > len(table.first):
        more = table.wrong - len(table.first)
        c.say(c.t(f"    ほか {more:,} 行", f"    and {more:,} more"))


def _row(row: Row) -> str:
    key = " ".join(f"{name} {value}" for name, value in _key(row).items())
    return f"{key}: {', '.join(row.columns)}" if row.columns else key


def _key(row: Row) -> dict[str, int | str]:
    return {name: value.hex() if isinstance(value, bytes) else value for name, value in row.key}


def _data(done: RebuiltLedger, c: Console) -> dict[str, Any]:
    found = done.found
    return {
        "size": found.size,
        "root": found.root.hex(),
        "equal": found.equal,
        "written": found.written,
        "backup": None if done.copy is None else str(done.copy),
        "integrity": [finding_data(integrity_finding(finding), c.lang) for finding in found.damage],
        "tables": [
            {
                "table": table.table,
                "rows": table.rows,
                "missing": table.missing,
                "surplus": table.surplus,
                "different": table.different,
                "first": [{"how": row.how, "key": _key(row), "columns": list(row.columns)} for row in table.first],
            }
            for table in found.tables
        ],
    }
