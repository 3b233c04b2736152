"""``biotrace upgrade``: an older ledger, brought to this release."""

from __future__ import annotations

from pathlib import Path

import click

from biotrace.services.upgrade import upgrade_workspace

from .console import FINE, Console, answers, clock
from .opening import PROMPT
from .params import workspace_option
from .password import password, password_option


@click.command()
@workspace_option
@password_option
@answers()
def upgrade(console: Console, folder: Path) -> int:
    """前の版の台帳をこの版で使えるようにする / bring an earlier release's ledger to this one.

    先に台帳の隣に控えを作る。途中で止まっても、台帳は元のままか、新しいものかのどちらか。

    The ledger is copied first, beside it. However this is interrupted, the ledger is the old one or the new one.
    """
    done = upgrade_workspace(folder, clock, lambda: password(PROMPT))
    if console.json:
        copy = None if done.copy is None else str(done.copy)
        console.data({"before": done.before, "after": done.after, "backup": copy})
    elif done.copy is None:
        console.say(
            console.t(
                f"台帳はすでにこの版のものです（{done.after}）。することはありません",
                f"the ledger is of this release already (schema {done.after}): nothing to do",
            )
        )
    else:
        console.say(
            console.t(
                f"台帳を更新しました（{done.before} → {done.after}）。前の台帳の控え: {done.copy}",
                f"ledger upgraded (schema {done.before} to {done.after}); as it was: {done.copy}",
            )
        )
    return FINE
