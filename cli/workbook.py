"""``biotrace workbook``: templates, import and export of Excel workbooks and csv files."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from biotrace.services.settings import FILE as SETTINGS
from biotrace.services.workbook_export import CSV_ENCODINGS, export_workbook
from biotrace.services.workbook_import import Imported, import_workbook
from biotrace.services.workbook_outcome import SheetOutcome
from biotrace.services.workbook_template import write_template

from .console import FINDINGS, FINE, Console, answers
from .opening import opened
from .params import FILE, LINE, root_key_option, workspace_option
from .password import password_option

_SHEETS = click.option(
    "--sheet",
    "sheets",
    type=LINE,
    multiple=True,
    help="このシートだけ（取引先・入荷・管理簿・出荷、またはファイルでの名前）。複数可 / only this; may be repeated",
)


@click.group()
def workbook() -> None:
    """Excel・CSV の台帳を取り込む・書き出す / workbooks and csv files, in and out.

    シートは 取引先・入荷・管理簿・出荷。列の説明: docs/workbook.md

    Sheets: 取引先 (partners), 入荷 (received), 管理簿 (stock book), 出荷 (to issue).
    """


@workbook.command()
@click.argument("path", metavar="FILE", type=FILE)
@_SHEETS
@click.option("--encoding", type=click.Choice(CSV_ENCODINGS), default=None, help="CSV の文字コード / of a csv file")
@workspace_option
@answers()
def template(console: Console, path: Path, sheets: tuple[str, ...], encoding: str | None, folder: Path) -> int:
    """記入用のファイルを作る / make a file to fill in (.xlsx, or .csv with one sheet).

    ワークスペースがあれば、取引先と置場の名前を選べるようになる。

    In a workspace, the names of its partners and yards can be chosen from lists.
    """
    if (folder / SETTINGS).is_file():
        with opened(folder) as workspace:
            titles = write_template(path, sheets, workspace, encoding)
    else:
        titles = write_template(path, sheets, None, encoding)
    if console.json:
        console.data({"file": str(path), "sheets": titles})
    else:
        named = "、".join(titles)
        console.say(
            console.t(f"記入用のファイルを書きました: {path}（{named}）", f"template written: {path} ({named})")
        )
    return FINE


@workbook.command(name="import")
@click.argument("path", metavar="FILE", type=FILE)
@_SHEETS
@click.option("--dry-run", is_flag=True, help="試すだけで、何も書かない / only try: write nothing")
@click.option(
    "--marked",
    type=FILE,
    default=None,
    help="直すセルを赤くした写しの名前（.xlsx） / a copy with the bad cells marked",
)
@workspace_option
@root_key_option
@password_option
@answers()
def import_(
    console: Console,
    path: Path,
    sheets: tuple[str, ...],
    dry_run: bool,
    marked: Path | None,
    folder: Path,
    root_key: Path | None,
) -> int:
    """Excel・CSV を台帳に取り込む / take a workbook or csv file into the ledger.

    取引先・入荷・管理簿の正しい行は、まとめて署名して台帳に入る。直す行はセルを示す。出荷の行は上から順に証明書を発行する。
    何度取り込んでも、同じ行は一度しか入らない。前と変わった行は、違いを示して入れない。

    Good rows are signed in one go, bad ones told with their cells; rows of 出荷 are issued from the top. What was taken
    in before is known again; a row that has changed since is told, and never entered twice.
    """
    with opened(folder, root_key) as workspace:
        result = import_workbook(workspace, path, sheets=sheets, dry_run=dry_run, marked=marked)
    if console.json:
        console.data(_data(result, console))
    else:
        _text(console, result)
    return FINDINGS if result.problems else FINE


@workbook.command()
@click.argument("path", metavar="FILE", type=FILE)
@click.option(
    "--encoding",
    type=click.Choice(CSV_ENCODINGS),
    default=None,
    help="CSV の文字コード（既定: utf-8-sig） / of csv files (default: utf-8-sig)",
)
@click.option(
    "--replace-with",
    "replacement",
    default=None,
    help="cp932 にない文字の代わり、〓 など / instead of characters that cp932 lacks",
)
@workspace_option
@answers()
def export(console: Console, path: Path, encoding: str | None, replacement: str | None, folder: Path) -> int:
    """台帳のすべてを書き出す / write all that the ledger holds.

    名前が .xlsx で終われば Excel、ほかは CSV のフォルダー。取引先・入荷・管理簿・出荷は、そのまま取り込める。

    A workbook where the name ends in .xlsx, else a folder of csv files. 取引先, 入荷, 管理簿 and 出荷 can be imported.
    """
    with opened(folder) as workspace:
        tables = export_workbook(workspace, path, encoding, replacement)
    if console.json:
        console.data({"written": str(path), "tables": dict(tables)})
    else:
        console.say(console.t(f"書き出しました: {path}", f"written: {path}"))
        for title, rows in tables:
            console.say(console.t(f"  {title}: {rows} 行", f"  {title}: {rows} rows"))
    return FINE


def _text(c: Console, result: Imported) -> None:
    if result.dry_run:
        c.say(c.t("試行です。何も書いていません。", "tried only; nothing was written."))
    for note in result.notes:
        c.say(note)
    for sheet in result.sheets:
        _sheet(c, sheet, result.dry_run)
    if result.signed is not None:
        place = f"{result.signed.first}–{result.signed.last}"
        c.say(
            c.t(
                f"{result.signed.added} 件に署名し、台帳の {place} 番に入れました",
                f"{result.signed.added} records signed, entries {place}",
            )
        )
    if result.problems:
        count = len({(p.spot.sheet, p.spot.row) for p in result.problems})
        c.say(
            c.t(
                f"直す行が {count} 行あります。直してもう一度取り込んでください（取り込んだ行はそのままで構いません）",
                f"{count} rows to mend: mend them and import the file again (rows that were taken in may stay)",
            )
        )
    if result.marked is not None:
        c.say(c.t(f"直すセルを赤くした写し: {result.marked}", f"copy with the bad cells marked: {result.marked}"))


def _sheet(c: Console, sheet: SheetOutcome, dry_run: bool) -> None:
    title, name = sheet.read.sheet.title, sheet.read.name
    called = name if title in name else f"{name}（{title}）"
    new, known, bad = len(sheet.new), len(sheet.known), len({p.spot.row for p in sheet.problems})
    what = "取り込める行" if dry_run else "新しい行"
    c.say(
        c.t(
            f"{called}: {what} {new}、登録済み {known}、要修正 {bad}",
            f"{called}: {new} new rows, {known} known, {bad} to mend",
        )
    )
    for note in sheet.notes:
        c.say("  " + note.get(c.lang))
    for row, text in sheet.told:
        c.say("  " + c.t(f"{row} 行目: ", f"row {row}: ") + text.get(c.lang))
    for problem in sheet.problems:
        for line in problem.lines(c.lang):
            c.say("  " + line)


def _data(result: Imported, c: Console) -> dict[str, Any]:
    return {
        "dry_run": result.dry_run,
        "signed": None
        if result.signed is None
        else {"added": result.signed.added, "first": result.signed.first, "last": result.signed.last},
        "notes": [note.get(c.lang) for note in result.notes],
        "sheets": [_sheet_data(sheet, c) for sheet in result.sheets],
        "marked": str(result.marked) if result.marked is not None else None,
    }


def _sheet_data(sheet: SheetOutcome, c: Console) -> dict[str, Any]:
    return {
        "sheet": sheet.read.name,
        "kind": sheet.read.sheet.key,
        "new": sheet.new,
        "known": sheet.known,
        "told": [{"row": row, "text": text.get(c.lang)} for row, text in sheet.told],
        "notes": [note.get(c.lang) for note in sheet.notes],
        "problems": [
            {
                "row": p.spot.row,
                "cell": p.spot.address if p.spot.column is not None else None,
                "column": p.spot.title or None,
                "message": p.message.get(c.lang),
                "expected": p.expected.get(c.lang) if p.expected is not None else None,
                "remedy": p.remedy.get(c.lang) if p.remedy is not None else None,
            }
            for p in sheet.problems
        ],
    }
