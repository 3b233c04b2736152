"""Errors that a person can act on. Every error that reaches a user is one of these."""

from __future__ import annotations

from collections.abc import Sequence

from biotrace.model.text import Lang, Text


class BiotraceError(Exception):
    """Misuse or unreadable input: exit code 2.

    ``code`` is stable and meant for machines; ``message`` says what is wrong, and where; ``remedy``
    what to do next. ``told``: what it is about, one by one.
    """

    code = "error"

    def __init__(
        self, message: Text, remedy: Text | None = None, *, code: str | None = None, told: Sequence[Text] = ()
    ) -> None:
        super().__init__(message.en)
        self.message = message
        self.remedy = remedy
        self.told = tuple(told)
        if code is not None:
            self.code = code

    def lines(self, lang: Lang) -> list[str]:
        """What to show: the message, what it is about, then what to do."""
        shown = [self.message.get(lang), *(f"  {one.get(lang)}" for one in self.told)]
        if self.remedy is not None:
            shown.append(("対処: " if lang == "ja" else "what to do: ") + self.remedy.get(lang))
        return shown


class UnreadableError(BiotraceError):
    """A file or text that cannot be read as what it should be."""

    code = "unreadable"


class IntegrityError(BiotraceError):
    """Bytes that do not verify, or a record that the ledger must not take."""

    code = "integrity"


class UpdateNeededError(BiotraceError):
    """A format version that this release does not know: no verdict is given."""

    code = "update-needed"


class UsageError(BiotraceError):
    """A command that cannot be carried out as asked."""

    code = "usage"
