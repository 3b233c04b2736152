"""What a shell offers for a name or number that is being typed, by the workspace at hand.

A word with hidden signs is left out: it would not be what it looks like, and may end the line.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import click
from click.shell_completion import CompletionItem

from biotrace.model.showing import showable
from biotrace.services import completion

Suggest = Callable[[click.Context, click.Parameter, str], list[CompletionItem]]


def _of(look: Callable[[Path, str], list[completion.Word]]) -> Suggest:
    def suggest(context: click.Context, _: click.Parameter, incomplete: str) -> list[CompletionItem]:
        folder = Path(context.params.get("folder") or ".")
        words = look(folder, incomplete)
        return [CompletionItem(word, help=showable(what) or None) for word, what in words if showable(word) == word]

    return suggest


PARTIES, YARDS, CERTIFICATES = _of(completion.parties), _of(completion.yards), _of(completion.certificates)
