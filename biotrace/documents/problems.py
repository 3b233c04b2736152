"""What is wrong in a file, as data: place, what was found, what was expected, what to do."""

from __future__ import annotations

import difflib
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

from biotrace.errors import UnreadableError
from biotrace.model.showing import code_point
from biotrace.model.text import Lang, Text

DISPLAYED = 20
"""Problems that are shown one by one; a file with more is mended in rounds."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing to mend. ``line`` and ``column`` count from 1; ``path`` is empty where no key is concerned."""

    file: str
    line: int
    column: int
    path: str
    message: Text
    expected: Text
    remedy: Text | None = None

    @property
    def where(self) -> Text:
        """File, line and key, or line and column where there is no key to name."""
        if self.path:
            return Text(f"{self.file} {self.line}行目 {self.path}", f"{self.file} line {self.line} {self.path}")
        return Text(
            f"{self.file} {self.line}行目{self.column}文字目", f"{self.file} line {self.line} column {self.column}"
        )

    def lines(self, lang: Lang) -> list[str]:
        """What is wrong, on one line, and what to do, on a second where there is more to say."""
        where, message, expected = (t.get(lang) for t in (self.where, self.message, self.expected))
        if lang == "ja":
            shown = [f"{where}: {message}。正しい形: {expected}"]
        else:
            shown = [f"{where}: {message}; expected: {expected}"]
        if self.remedy is not None:
            shown.append(("  対処: " if lang == "ja" else "  what to do: ") + self.remedy.get(lang))
        return shown


class CasebookErrors(UnreadableError):
    """Everything that is wrong in one file, in the order of its lines."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems: tuple[Problem, ...] = tuple(sorted(problems, key=lambda p: (p.line, p.column)))
        first = self.problems[0]
        if len(self.problems) == 1:
            message = Text(*(": ".join((first.where.get(lang), first.message.get(lang))) for lang in ("ja", "en")))
        else:
            message = Text(
                f"{first.file} に直すところが{len(self.problems)}件あります",
                f"{first.file}: {len(self.problems)} problems",
            )
        super().__init__(message, first.remedy if len(self.problems) == 1 else None)

    def lines(self, lang: Lang) -> list[str]:
        """Each problem on a line or two; after the twentieth, how many more there are."""
        shown = [line for problem in self.problems[:DISPLAYED] for line in problem.lines(lang)]
        if len(self.problems) > 1:
            shown.insert(0, self.message.get(lang) + (":" if lang == "en" else "。"))
        if (more := len(self.problems) - DISPLAYED) > 0:
            shown.append(f"ほかに{more}件あります" if lang == "ja" else f"and {more} more")
        return shown


def shown(found: str) -> Text:
    """Text from the file in quotation marks."""
    return Text(f"「{visible(found)}」", f'"{visible(found)}"')


def visible(found: str) -> str:
    """Text from the file, shortened, with what cannot be printed, odd spaces too, as code points."""
    short = found if len(found) <= 40 else found[:39] + "…"
    return "".join(c if c.isprintable() or c == "\u3000" else code_point(c) for c in short)


def nearest(word: str, known: Iterable[str]) -> str | None:
    """The known word that ``word`` was probably meant to be. Full-width, capital and hyphenated forms are equal."""
    by_form = {_form(k): k for k in known}
    close = difflib.get_close_matches(_form(word[:100]), by_form, n=1, cutoff=0.6)
    return by_form[close[0]] if close else None


def _form(word: str) -> str:
    return unicodedata.normalize("NFKC", word).strip().casefold().replace("-", "_").replace(" ", "_")
