"""The refusal to go on with a ledger whose parts do not fit each other."""

from __future__ import annotations

from biotrace.errors import IntegrityError
from biotrace.model.text import Text


def damaged(what: Text) -> IntegrityError:
    """A ledger (``ledger-damaged``) whose entries, tree and checkpoints do not fit each other."""
    return IntegrityError(
        Text("台帳が壊れています: ", "the ledger is damaged: ") + what,
        Text(
            "書き足さず、biotrace verify で調べ、控えから戻してください",
            "add nothing to it; look at it with biotrace verify, and restore it from a backup",
        ),
        code="ledger-damaged",
    )
