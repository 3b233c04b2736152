"""F952: a month without a biomass ratio in the plant's book (the ratio is worked out at least once a month).

Example: a book with October and December 2014, and nothing of November.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from biotrace.model.stock import Consumption
from biotrace.model.text import Text

from ..booking import Line, Whole
from ..case import month_end
from ..effect import Effect
from ..rule import Answer, Fired, Rule, Scope
from ..stock_book import PlantBook, month_name, month_of


def _book(line: Line) -> Iterable[Answer] | None:
    entry = line.booked.value
    if not isinstance(entry, Consumption):
        return None
    if entry.ratio is not None:
        return ()
    month = f"{entry.month:%Y-%m}"
    return (Fired(Text(f"{month} の記帳にバイオマス比率がない", f"the entry of {month} states no biomass ratio")),)


def _whole(w: Whole) -> Iterator[tuple[str, Iterable[Answer]]]:
    for plant, book in w.state.plants.items():
        if book.months:
            yield plant, _gap(w, book)


def _gap(w: Whole, book: PlantBook) -> Iterator[Answer]:
    """Months of which the book says nothing, from its first to the last of any activity, as far as they are over."""
    over = month_of(w.case.today) + (w.case.today == month_end(w.case.today))
    missing = [month_name(m) for m in range(min(book.months), min(book.last + 1, over)) if m not in book.months]
    if missing:
        some, more = "、".join(missing[:_SHOWN]), len(missing) - _SHOWN
        rest = Text(f"、ほか{more}か月", f" and {more} more") if more > 0 else Text("", "")
        yield Fired(Text(f"記帳のない月: {some}", f"no entry for {some.replace('、', ', ')}") + rest)


_SHOWN = 6

RULE = Rule(
    code="F952",
    name=Text(
        "バイオマス比率の記帳がない月がある",
        "a month without a biomass ratio",
    ),
    clause="A 図表2-(3)-③",
    scope=Scope.PLANT,
    proof=False,
    effect=Effect.NOTICE,
    explanation=Text(
        "発電事業者は、バイオマス比率を毎月1回以上算定し、算定根拠とともに帳簿に記載する（再エネ特措法施行規則"
        "第5条第1項第11号イ）。比率のない記帳と、帳簿の初めから最後の受入れ・使用までの間で記帳のない月を示す。",
        "A plant works out its biomass ratio at least once a month and keeps it, with its basis, in a book (FIT rules "
        "art. 5(1)11(i)). Shown are entries without a ratio, and months without an entry between the book's first and "
        "the last month in which anything was accepted or burned.",
    ),
    expected=Text(
        "毎月のバイオマス比率",
        "a biomass ratio for every month",
    ),
    remedy=Text(
        "算定した比率と根拠を帳簿に加える。運転していない月なら、その旨を帳簿で示せるようにする",
        "add the ratio and its basis to the book; for a month without operation, keep proof of that",
    ),
    book=_book,
    whole=_whole,
    example=Text(
        "2014年10月と12月の記帳はあるが、11月がない。",
        "The book has October and December 2014 and nothing of November.",
    ),
)
