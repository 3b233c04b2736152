"""What the commands that look at a log from outside share: whose key to believe, and what was seen before."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

from biotrace.errors import UsageError
from biotrace.model.text import Text
from biotrace.services.files import read_file
from biotrace.services.find import find_record
from biotrace.services.ledger_case import read_ledger
from biotrace.services.memory import SEEN, Memory

from .opening import opened
from .params import FILE

F = TypeVar("F", bound=Callable[..., Any])
_ID = re.compile("[0-9a-f]{64}")


def verifier_options(command: F) -> F:
    """Whose key to believe, what was seen before, and where proofs come from."""
    options = (
        click.option(
            "--vkey", default=None, help="ログの検証鍵、またはそのファイル / the log's verifier key, or a file with it"
        ),
        click.option(
            "--trust", type=FILE, default=None, help="ログと証人を挙げた信頼リスト / trust list that names the log"
        ),
        click.option(
            "--workspace",
            "-w",
            "folder",
            type=FILE,
            default=None,
            envvar="BIOTRACE_WORKSPACE",
            help="このワークスペースの信頼リストと記憶を使う / go by this workspace's trust list and memory",
        ),
        click.option(
            "--pin",
            is_flag=True,
            help="初めて見るログの鍵を覚える / remember the key of a log that is seen for the first time",
        ),
        click.option(
            "--proof",
            type=FILE,
            default=None,
            help="つながりの証明、またはログの公開フォルダー / consistency proof, or folder of the published log",
        ),
        click.option(
            "--memory",
            "memory_folder",
            type=FILE,
            default=None,
            help="見たログを覚えるフォルダー（既定: ワークスペースの seen、なければ利用者の設定フォルダー）"
            " / folder that remembers the logs seen (default: the workspace's, else the user's)",
        ),
    )
    for option in reversed(options):
        command = option(command)
    return command


def memory_of(given: Path | None, folder: Path | None) -> Memory:
    """Where the logs that were seen are remembered: as given, in the workspace, or among the user's settings."""
    if given is not None:
        return Memory(given)
    if folder is not None:
        return Memory.of_workspace(folder)
    return Memory(Path(click.get_app_dir("biotrace")) / SEEN)


def record_id_of(text: str | None, folder: Path | None) -> bytes:
    """The id of the record that a receipt is said to be for: its envelope's file, its id, or what a workspace calls it.

    Raises UsageError where nothing is named, and UnreadableError for a file that cannot be read.
    """
    if text is None:
        raise UsageError(
            Text("どの記録の受領証かが分かりません", "a receipt is verified together with its record"),
            Text(
                "--record に、記録の封筒のファイルか記録ID（16進数64桁）を指定してください",
                "name with --record the file of the record's envelope, or the record id (64 hex digits)",
            ),
            code="no-record",
        )
    if _ID.fullmatch(text.lower()):
        return bytes.fromhex(text)
    if Path(text).is_file() or folder is None:
        return hashlib.sha256(read_file(Path(text))).digest()
    with opened(folder) as workspace:
        return find_record(read_ledger(workspace.ledger), text).record.record_id
